"""What must not be lost or said wrongly when a commit, a token or our own code is at fault."""

import pytest

from bot.calling.dialer import Dialer
from bot.calling.errors import PausedError
from bot.calling.launches import Asked, Defaults, Launched
from bot.calling.numbers import NumberReader
from bot.gateway.errors import GatewayUnauthorisedError
from storage.errors import DatabaseBusyError
from storage.models import CallStatus, EvidenceState, PauseReason, SubmissionState, UnmatchedKind
from tests.calling.house import ANN, BEN, ROOM, Fault, House, numbers, request
from tests.calling.switchboard import accepted, cut, refusal


@pytest.fixture
def defaults() -> Defaults:
    """A second number is asked about first."""
    return Defaults(confirm_above=1)


class BrokenReader(NumberReader):
    """A reader whose code is at fault, but only for what the gateway tells."""

    def read_one(self, text: str) -> str | None:
        """Fail."""
        raise ZeroDivisionError(text)


async def draft(house: House) -> Asked:
    """A draft of two numbers."""
    asked = await house.call(*numbers(2))
    assert isinstance(asked, Asked)
    return asked


class TestConfirm:
    async def test_commit_that_took_effect(self, house: House) -> None:
        """A commit that raised but made the batch is a launch; it is sent once."""
        asked = await draft(house)
        house.database.faults.append(Fault.AFTER)
        confirmed = await house.launches.confirm(asked.token, by=ANN, message_id=5)
        assert confirmed == Launched(batch_id=1)
        await house.step()
        await house.step()
        assert await house.states(1) == [SubmissionState.ACCEPTED]
        assert len(house.board.posts) == 1

    async def test_commit_that_did_not(self, house: House) -> None:
        """A commit that made nothing raises, nothing is sent, and the draft can be confirmed."""
        asked = await draft(house)
        house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await house.launches.confirm(asked.token, by=ANN, message_id=5)
        await house.step()
        assert (await house.latest(9), house.board.posts) == ([], [])
        again = await house.launches.confirm(asked.token, by=ANN, message_id=5)
        assert again == Launched(batch_id=1)


class TestPick:
    async def test_token_refused(self, house: House) -> None:
        """A 401 to the question about a picked id pauses launching and settles nothing."""
        house.board.script.extend([cut, cut])
        first = await house.launch(1)
        await house.step()
        asked = await house.call(*numbers(1), by=BEN)
        assert isinstance(asked, Asked)
        second = await house.launches.confirm(asked.token, by=BEN, message_id=6)
        assert isinstance(second, Launched)
        await house.step()
        [one] = await house.submissions(first)
        call = house.board.place(numbers(1)[0])
        given = await house.evidence.give(one.id, call["id"], by=BEN)
        [evidence] = await house.evidence.settle(given)
        assert evidence.state is EvidenceState.AMBIGUOUS
        house.board.questions = refusal(401, "Unauthorized")
        with pytest.raises(GatewayUnauthorisedError):
            await house.evidence.pick(evidence.id, one.id, by=ANN)
        assert await house.pauses_open() == [PauseReason.UNAUTHORISED]
        assert await house.states(first) == [SubmissionState.UNKNOWN]
        with pytest.raises(PausedError):
            await house.call(*numbers(1, 50))
        house.board.questions = None
        await house.pauses.check()
        await house.evidence.pick(evidence.id, one.id, by=ANN)
        assert await house.states(first) == [SubmissionState.ACCEPTED]


class TestMatching:
    async def test_reader_at_fault(self, house: House) -> None:
        """An answer whose numbers cannot be read costs no id: all are kept, none is guessed."""
        dialer = Dialer(
            database=house.database,
            gateway=house.board.bitel(),
            pauses=house.pauses,
            reader=BrokenReader("IR", frozenset({"mobile"})),
            signals=house.signals,
            clock=house.clock,
        )
        odd = house.board.place(numbers(1, 2)[0])
        odd["phoneNumber"] = "+98 912 000 0002"
        house.board.script.append(
            lambda post: accepted([house.board.place(post.numbers[0]), odd]),
        )
        result = await house.launches.call(
            request(*numbers(1)), by=ANN, place=ROOM, asked_by=house.next_message()
        )
        assert result == Launched(batch_id=1)
        await dialer.step()
        await house.settled()
        await dialer.drain(1)
        [post] = house.board.posts
        unmatched = await house.database.read(lambda tx: tx.calls.unmatched(1))
        assert [(u.gateway_id, u.kind) for u in unmatched] == [
            (call_id, UnmatchedKind.FOREIGN) for call_id in sorted(post.ids)
        ]
        assert len(post.ids) == 2
        assert await house.states(1) == [SubmissionState.ACCEPTED]
        assert [c.status for c in await house.calls(1)] == [CallStatus.NOT_CONFIRMED]
