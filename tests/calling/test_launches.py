"""From a request to a batch: what asks first, who wins a race, what a *Try again* takes."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.calling.decisions import Verdict
from bot.calling.drafts import LIFETIME, Ask, Closed, Content
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    NotYoursError,
    PausedError,
    UsageError,
)
from bot.calling.launches import Asked, Defaults, Launched, Result, Silent
from bot.calling.numbers import Numbers, Reason, Repeated, Uncallable
from bot.calling.problems import Problem
from storage.errors import DatabaseBusyError
from storage.models import (
    BatchState,
    CallStatus,
    Draft,
    DraftState,
    HoldReason,
    PauseReason,
    Person,
    SubmissionState,
)
from tests.calling.house import ANN, BEN, ROOM, VOICE, Fault, House, numbers, request
from tests.calling.switchboard import cut, not_connected, refuse

REFUSED, CANCELLED = SubmissionState.REFUSED, SubmissionState.CANCELLED
ACCEPTED, QUEUED = SubmissionState.ACCEPTED, SubmissionState.QUEUED


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers at once, four at most in a launch that nobody is asked about."""
    return Defaults(retry_count=3, confirm_above=4, max_numbers=10, per_post=2)


async def ask(house: House, *chosen: str, **changes: Any) -> Result:
    """`/call` with a request that differs so from a plain one."""
    made = replace(request(*(chosen or numbers(1))), **changes)
    return await house.launches.call(made, by=ANN, place=ROOM, asked_by=house.next_message())


async def draft_of(house: House, count: int = 5, *, by: Person = ANN) -> Asked:
    """A draft of so many numbers."""
    result = await house.call(*numbers(count), by=by)
    assert isinstance(result, Asked)
    return result


async def recorded(house: House, token: str) -> Draft:
    """A draft as it is recorded."""
    found = await house.database.read(lambda tx: tx.drafts.get(token))
    assert found is not None
    return found


async def batch_count(house: House) -> int:
    """How many batches there are."""
    return len(await house.latest(100))


class TestCall:
    async def test_at_once(self, house: House) -> None:
        """A plain call of a few numbers asks nothing; all of it is committed before it is sent."""
        result = await house.call(*numbers(4))
        assert result == Launched(batch_id=1)
        batch = await house.batch(1)
        assert (batch.state, batch.numbers, batch.submissions) == (BatchState.RUNNING, 4, 2)
        assert (batch.author_name, batch.chat_id) == ("Ann", ROOM.chat_id)
        assert (batch.voice, batch.retry_count, batch.server_id) == (VOICE, 3, None)
        assert [call.number for call in await house.calls(1)] == list(numbers(4))
        assert house.board.posts == []

    async def test_options(self, house: House) -> None:
        """What was typed wins over the settings, 0 too."""
        await ask(house, retry_count=0, server_id="42")
        batch = await house.batch(1)
        assert (batch.retry_count, batch.server_id) == (0, "42")

    async def test_cuts(self, house: House) -> None:
        """Numbers are cut into POSTs in their order, each once."""
        await house.call(*numbers(3))
        found = [s.numbers for s in await house.submissions(1)]
        assert found == [2, 1]

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"numbers": Numbers(numbers(5))}, Ask.MANY),
            (
                {"numbers": Numbers(numbers(1), (), (Uncallable("112", 1, Reason.SHORT),))},
                Ask.UNCALLABLE,
            ),
            ({"by_reply": True}, Ask.REPLY),
        ],
    )
    async def test_reasons_to_ask(
        self, house: House, changes: dict[str, object], expected: Ask
    ) -> None:
        """What may be a mistake is shown first, and nothing is launched."""
        result = await ask(house, **changes)
        assert isinstance(result, Asked)
        assert result.content.asks == (expected,)
        assert await batch_count(house) == 0

    async def test_further_reasons(self, house: House) -> None:
        """The caller's reasons come after those of the request."""
        result = await house.call(*numbers(5), asks=(Ask.LONG,))
        assert isinstance(result, Asked)
        assert result.content.asks == (Ask.MANY, Ask.LONG)

    async def test_repeats_ask_nothing(self, house: House) -> None:
        """Repeated numbers are called once, counted, and no reason to ask."""
        repeated = (Repeated(numbers(1)[0], 2),)
        await ask(house, numbers=Numbers(numbers(2), repeated))
        assert (await house.batch(1)).repeated == 1

    async def test_too_many(self, house: House) -> None:
        """More than the limit is refused, also with a yes."""
        with pytest.raises(UsageError) as caught:
            await house.call(*numbers(11))
        assert (caught.value.problem, caught.value.limit) == (Problem.TOO_MANY, 10)

    async def test_nothing_callable(self, house: House) -> None:
        """A paste of which nothing can be called is refused with what is wrong with it."""
        bad = (Uncallable("112", 1, Reason.SHORT),)
        with pytest.raises(UsageError) as caught:
            await ask(house, numbers=Numbers((), (), bad))
        assert (caught.value.problem, caught.value.uncallable) == (Problem.NOTHING_CALLABLE, bad)

    async def test_same_message_again(self, house: House) -> None:
        """What asked for a batch or a draft before finds it there, and changes nothing."""
        for chosen in (numbers(1), numbers(5, 20)):
            made = request(*chosen)
            message = house.next_message()
            first = await house.launches.call(made, by=ANN, place=ROOM, asked_by=message)
            again = await house.launches.call(made, by=ANN, place=ROOM, asked_by=message)
            assert (isinstance(first, Silent), again) == (False, Silent())
        assert await batch_count(house) == 1

    async def test_same_update_again(self, house: House) -> None:
        """An update that was seen is silent, whatever it asks for."""
        call, made = house.launches.call, request(*numbers(1))
        first = await call(made, by=ANN, place=ROOM, asked_by="a", update_id=7)
        again = await call(made, by=ANN, place=ROOM, asked_by="b", update_id=7)
        assert (first, again) == (Launched(batch_id=1), Silent())

    async def test_paused(self, house: House) -> None:
        """While launching is paused the reason is the answer, and the update may come again."""
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        call, made = house.launches.call, request(*numbers(1))
        with pytest.raises(PausedError) as caught:
            await call(made, by=ANN, place=ROOM, asked_by="a", update_id=7)
        assert [pause.reason for pause in caught.value.pauses] == [PauseReason.UNAUTHORISED]
        await house.pauses.check(ANN)
        assert await call(made, by=ANN, place=ROOM, asked_by="a", update_id=7) == Launched(
            batch_id=1
        )

    async def test_disk_refuses(self, house: House) -> None:
        """A disk that refused a write pauses at once, though its row could not be written."""
        house.database.faults.append(Fault.DISK)
        with pytest.raises(Exception, match="disk"):
            await house.call(*numbers(1))
        with pytest.raises(PausedError) as caught:
            await house.call(*numbers(1))
        assert [pause.reason for pause in caught.value.pauses] == [PauseReason.DISK]
        assert await batch_count(house) == 0

    async def test_draining(self, house: House) -> None:
        """A program that is about to stop launches nothing, and makes no drafts."""
        asked = await draft_of(house)
        await house.launch(1)
        house.launches.draining = True
        for attempt in (
            house.call(*numbers(1, 9)),
            house.launches.confirm(asked.token, by=ANN, message_id=None),
            house.try_again(1),
        ):
            with pytest.raises(DrainingError):
                await attempt
        assert await batch_count(house) == 1

    async def test_commit_that_took_effect(self, house: House) -> None:
        """Nobody is told that nothing was launched where a batch is there."""
        house.database.faults.append(Fault.AFTER)
        assert await house.call(*numbers(1)) == Launched(batch_id=1)

    async def test_commit_that_did_not(self, house: House) -> None:
        """A batch that could not be committed is not there, and the error says so."""
        house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await house.call(*numbers(1))
        assert await batch_count(house) == 0


class TestDuplicates:
    async def test_asks(self, house: House) -> None:
        """The same voice for the same set of numbers within 10 minutes asks, whoever it is."""
        await house.call(*numbers(2))
        house.clock.jump(500)
        result = await house.call(*numbers(2)[::-1], by=BEN)
        assert isinstance(result, Asked)
        content = result.content
        assert (content.asks, content.duplicate_of) == ((Ask.DUPLICATE,), 1)
        assert content.duplicate_by == "Ann"

    async def test_later(self, house: House) -> None:
        """After ten minutes it does not."""
        await house.call(*numbers(2))
        house.clock.jump(601)
        assert isinstance(await house.call(*numbers(2)), Launched)

    async def test_other_voice_or_numbers(self, house: House) -> None:
        """Another voice, or one number more, is another launch."""
        await house.call(*numbers(2))
        assert isinstance(await house.call(*numbers(3)), Launched)
        assert isinstance(await ask(house, *numbers(2), voice="f" * 32), Launched)

    async def test_nothing_was_sent(self, house: House) -> None:
        """A batch that ended with nothing sent does not count; one that may have rung does."""
        house.board.script.append(refuse)
        await house.call(*numbers(1))
        await house.step()
        assert isinstance(await house.call(*numbers(1)), Launched)
        house.board.script.append(cut)
        await house.step()
        assert isinstance(await house.call(*numbers(1)), Asked)

    async def test_raced(self, house: House) -> None:
        """Two people at once: one launches, the other one is asked."""
        results = await asyncio.gather(
            house.call(*numbers(2), by=ANN), house.call(*numbers(2), by=BEN)
        )
        assert sorted(type(result).__name__ for result in results) == ["Asked", "Launched"]

    async def test_two_drafts(self, house: House) -> None:
        """What was launched since a draft was shown is asked about before it is confirmed."""
        first, second = await draft_of(house), await draft_of(house, by=BEN)
        confirm = house.launches.confirm
        assert isinstance(await confirm(first.token, by=ANN, message_id=1), Launched)
        again = await confirm(second.token, by=BEN, message_id=2)
        assert isinstance(again, Asked)
        assert again.content.asks == (Ask.MANY, Ask.DUPLICATE)
        with pytest.raises(ExpiredError):
            await confirm(second.token, by=BEN, message_id=2)
        assert isinstance(await confirm(again.token, by=BEN, message_id=2), Launched)


class TestConfirm:
    async def test_becomes_a_batch(self, house: House) -> None:
        """The draft's message becomes the board, and the batch is what was shown."""
        asked = await draft_of(house)
        result = await house.launches.confirm(asked.token, by=ANN, message_id=55)
        assert result == Launched(batch_id=1)
        board = await house.database.read(lambda tx: tx.boards.get(1))
        assert board is not None
        assert (board.message_id, board.chat_id) == (55, ROOM.chat_id)
        assert [call.number for call in await house.calls(1)] == list(numbers(5))
        assert (await recorded(house, asked.token)).batch_id == 1

    async def test_five_taps(self, house: House) -> None:
        """Five taps at once make one batch; the others are told which."""
        asked = await draft_of(house)
        results = await asyncio.gather(
            *(house.launches.confirm(asked.token, by=ANN, message_id=5) for _ in range(5)),
            return_exceptions=True,
        )
        assert results.count(Launched(batch_id=1)) == 1
        losers = [r for r in results if isinstance(r, AlreadyDoneError)]
        assert [(loser.batch_id, loser.name) for loser in losers] == [(1, "Ann")] * 4
        assert await batch_count(house) == 1

    async def test_another_person(self, house: House) -> None:
        """Only the author confirms or cancels, and who tries is told whose it is."""
        asked = await draft_of(house)
        for attempt in (
            house.launches.confirm(asked.token, by=BEN, message_id=5),
            house.launches.cancel(asked.token, by=BEN),
        ):
            with pytest.raises(NotYoursError) as caught:
                await attempt
            assert caught.value.draft.author_name == "Ann"
        assert await batch_count(house) == 0

    @pytest.mark.parametrize("confirm_first", [True, False])
    async def test_confirm_and_cancel_at_once(self, house: House, confirm_first: bool) -> None:
        """Exactly one of the two counts."""
        asked = await draft_of(house)
        presses = [
            house.launches.confirm(asked.token, by=ANN, message_id=5),
            house.launches.cancel(asked.token, by=ANN),
        ]
        results = await asyncio.gather(
            *presses[:: 1 if confirm_first else -1], return_exceptions=True
        )
        failed = [type(r) for r in results if isinstance(r, Exception)]
        assert failed == [AlreadyDoneError if confirm_first else ExpiredError]
        assert await batch_count(house) == (1 if confirm_first else 0)

    async def test_expiry(self, house: House) -> None:
        """After 15 minutes a draft is over, also before anybody has closed it."""
        asked = await draft_of(house)
        house.clock.jump(LIFETIME - 1)
        await house.launches.check_confirm(asked.token, by=ANN)
        house.clock.jump(1)
        for attempt in (
            house.launches.check_confirm(asked.token, by=ANN),
            house.launches.confirm(asked.token, by=ANN, message_id=5),
            house.launches.cancel(asked.token, by=ANN),
        ):
            with pytest.raises(ExpiredError):
                await attempt
        assert await house.database.write(lambda tx: tx.drafts.expire(house.clock())) == 1
        assert (await recorded(house, asked.token)).state is DraftState.EXPIRED

    async def test_cancelled(self, house: House) -> None:
        """A cancelled draft launches nothing any more."""
        asked = await draft_of(house)
        await house.launches.cancel(asked.token, by=ANN)
        with pytest.raises(ExpiredError):
            await house.launches.confirm(asked.token, by=ANN, message_id=5)
        draft = await recorded(house, asked.token)
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.PERSON)

    async def test_unknown_token(self, house: House) -> None:
        """A token that was made up is expired."""
        with pytest.raises(ExpiredError):
            await house.launches.confirm("made-up", by=ANN, message_id=5)

    async def test_paused(self, house: House) -> None:
        """A pause keeps the draft open: it can be confirmed when it has ended."""
        asked = await draft_of(house)
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        with pytest.raises(PausedError):
            await house.launches.check_confirm(asked.token, by=ANN)
        with pytest.raises(PausedError):
            await house.launches.confirm(asked.token, by=ANN, message_id=5)
        await house.pauses.check(ANN)
        result = await house.launches.confirm(asked.token, by=ANN, message_id=5)
        assert result == Launched(batch_id=1)

    def test_content_survives(self) -> None:
        """What a draft holds is read back as it was written."""
        uncallable = (Uncallable("۱۱۲ x", 3, Reason.SHORT),)
        content = Content(
            voice="welcome",
            retry_count=0,
            server_id="007",
            numbers=numbers(2),
            repeated=1,
            uncallable=uncallable,
            asks=(Ask.UNCALLABLE, Ask.DUPLICATE),
            duplicate_of=12,
            duplicate_at=1.5,
            duplicate_by="Ünal",
            reply_left_out=True,
        )
        assert Content.load(content.dump()) == content


class TestTryAgain:
    async def refused(self, house: House, count: int = 2) -> int:
        """A batch of which everything was refused."""
        house.board.script.extend([refuse] * (count // 2))
        batch_id = await house.launch(count)
        await house.step()
        if count > 2:
            await house.decisions.send_rest(batch_id, 1, by=ANN)
            await house.step()
        assert set(await house.states(batch_id)) == {REFUSED}
        return batch_id

    async def test_takes_what_did_not_ring(self, house: House) -> None:
        """The follow-up has the refused numbers, the same voice and options, and its author."""
        batch_id = await self.refused(house, 4)
        asked = await house.try_again(batch_id, by=BEN)
        assert isinstance(asked, Asked)
        assert (asked.content.asks, asked.content.numbers) == ((Ask.TRY_AGAIN,), numbers(4))
        result = await house.launches.confirm(asked.token, by=BEN, message_id=9)
        assert result == Launched(batch_id=2, fell_out=0)
        follow_up = await house.batch(2)
        assert (follow_up.follows, follow_up.followed_as) == (1, "try_again")
        assert (follow_up.retry_count, follow_up.author_name) == (3, "Ben")
        await house.step()
        await house.step()
        assert await house.states(2) == [ACCEPTED, ACCEPTED]

    async def test_two_people(self, house: House) -> None:
        """Two drafts of the same, confirmed at once: each submission is taken once."""
        batch_id = await self.refused(house)
        first = await house.try_again(batch_id, by=ANN)
        second = await house.try_again(batch_id, by=BEN)
        assert isinstance(first, Asked)
        assert isinstance(second, Asked)
        results = await asyncio.gather(
            house.launches.confirm(first.token, by=ANN, message_id=1),
            house.launches.confirm(second.token, by=BEN, message_id=2),
            return_exceptions=True,
        )
        assert [type(result) for result in results] == [Launched, AlreadyDoneError]
        draft = await recorded(house, second.token)
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.NOTHING_LEFT)
        await house.step()
        received = [
            number for post in house.board.posts if not post.refused for number in post.numbers
        ]
        assert sorted(received) == sorted(numbers(2))

    async def test_what_fell_out(self, house: House) -> None:
        """What was taken or has rung since the draft was shown falls out, and is counted."""
        house.board.script.extend([refuse, cut])
        batch_id = await house.launch(4)
        await house.step()
        await house.decisions.send_rest(batch_id, 1, by=ANN)
        await house.step()
        second = (await house.submissions(batch_id))[1].id
        await house.decisions.decide(second, Verdict.DID_NOT_RING, by=ANN)
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        assert asked.content.numbers == numbers(4)
        await house.database.write(lambda tx: tx.evidence.give("f" * 32, second, BEN, 0.0))
        result = await house.launches.confirm(asked.token, by=ANN, message_id=1)
        assert result == Launched(batch_id=2, fell_out=1)
        assert [call.number for call in await house.calls(2)] == list(numbers(2))

    async def test_cancelled_draft_uses_nothing_up(self, house: House) -> None:
        """After a draft that was cancelled the same can be tried again."""
        batch_id = await self.refused(house)
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        await house.launches.cancel(asked.token, by=ANN)
        again = await house.try_again(batch_id)
        assert isinstance(again, Asked)
        result = await house.launches.confirm(again.token, by=ANN, message_id=1)
        assert isinstance(result, Launched)

    async def test_nothing_to_try(self, house: House) -> None:
        """What was accepted, is unknown, or was taken already cannot be tried again."""
        house.board.script.append(cut)
        await house.launch(1)
        await house.launch(1, 9)
        await house.step()
        for batch_id in (1, 2, 99):
            with pytest.raises(ExpiredError):
                await house.launches.check_try_again(batch_id)
            with pytest.raises(ExpiredError):
                await house.try_again(batch_id)

    async def test_cancelled_ones(self, house: House) -> None:
        """What *Stop* cancelled is tried again only if it was a follow-up that cancelled it."""
        first = await self.refused(house)
        stopped = await house.launch(1, 50)
        await house.decisions.stop(stopped, by=ANN)
        with pytest.raises(ExpiredError):
            await house.try_again(stopped)
        asked = await house.try_again(first)
        assert isinstance(asked, Asked)
        await house.launches.confirm(asked.token, by=ANN, message_id=1)
        await house.decisions.stop(3, by=ANN)
        assert await house.states(3) == [CANCELLED]
        again = await house.try_again(3)
        assert isinstance(again, Asked)
        assert again.content.numbers == numbers(2)

    async def test_is_no_duplicate(self, house: House) -> None:
        """A follow-up asks nothing of batches with the same numbers; the same tap is silent."""
        batch_id = await self.refused(house)
        tap = {"by": ANN, "place": ROOM, "asked_by": "tap"}
        first = await house.launches.try_again(batch_id, **tap)  # type: ignore[arg-type]  # as named
        assert isinstance(first, Asked)
        assert await house.launches.try_again(batch_id, **tap) == Silent()  # type: ignore[arg-type]  # as named
        await house.call(*numbers(2))
        result = await house.launches.confirm(first.token, by=ANN, message_id=1)
        assert isinstance(result, Launched)

    async def test_paused(self, house: House) -> None:
        """While launching is paused no draft is made."""
        batch_id = await self.refused(house)
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        with pytest.raises(PausedError):
            await house.launches.check_try_again(batch_id)
        with pytest.raises(PausedError):
            await house.try_again(batch_id)


class TestChains:
    async def follow_up(self, house: House, batch_id: int) -> int:
        """Try a batch again, and the id of the follow-up."""
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        result = await house.launches.confirm(asked.token, by=ANN, message_id=1)
        assert isinstance(result, Launched)
        return result.batch_id

    async def released(self, house: House, count: int = 2) -> tuple[int, int]:
        """A batch of which a person said that it did not ring, and its submission."""
        house.board.script.append(cut)
        batch_id = await house.launch(count)
        await house.step()
        [submission] = await house.submissions(batch_id)
        await house.decisions.decide(submission.id, Verdict.DID_NOT_RING, by=ANN)
        return batch_id, submission.id

    async def test_rang_after_all(self, house: House) -> None:
        """Numbers that rang after all are skipped in the claim; with none left nothing is sent."""
        batch_id, submission_id = await self.released(house)
        second = await self.follow_up(house, batch_id)
        call = house.board.place(numbers(1)[0])
        given = await house.evidence.give(submission_id, call["id"], by=BEN)
        await house.evidence.settle(given)
        held = await house.batch(second)
        assert (held.state, held.hold_reason) == (BatchState.HELD, HoldReason.EVIDENCE)
        await house.decisions.send_rest(second, held.hold_no, by=ANN)
        await house.step()
        assert await house.states(second) == [CANCELLED]
        assert {call.status for call in await house.calls(second)} == {CallStatus.SKIPPED}
        assert (await house.batch(second)).state is BatchState.FINISHED
        assert len(house.board.posts) == 1

    async def test_next_submission_goes_on(self, house: House) -> None:
        """A submission of which nothing is left is cancelled, and the next one is sent."""
        house.board.script.extend([cut, refuse])
        batch_id = await house.launch(4)
        await house.step()
        await house.decisions.send_rest(batch_id, 1, by=ANN)
        await house.step()
        first = (await house.submissions(batch_id))[0].id
        await house.decisions.decide(first, Verdict.DID_NOT_RING, by=ANN)
        second = await self.follow_up(house, batch_id)
        call = house.board.place(numbers(1)[0], at=house.board.posts[0].at)
        await house.evidence.settle(await house.evidence.give(first, call["id"], by=BEN))
        await house.decisions.send_rest(second, 1, by=ANN)
        await house.step()
        assert await house.states(second) == [CANCELLED, ACCEPTED]
        assert house.board.posts[-1].numbers == numbers(2, 3)
        assert len(house.board.posts) == 3

    async def test_third_time(self, house: House) -> None:
        """Evidence for the first batch of a chain reaches the follow-up of its follow-up."""
        batch_id, submission_id = await self.released(house, 1)
        second = await self.follow_up(house, batch_id)
        await house.decisions.stop(second, by=ANN)
        third = await self.follow_up(house, second)
        call = house.board.place(numbers(1)[0])
        await house.evidence.settle(await house.evidence.give(submission_id, call["id"], by=BEN))
        assert (await house.batch(third)).hold_reason is HoldReason.EVIDENCE
        await house.decisions.send_rest(third, 1, by=ANN)
        await house.step()
        assert await house.states(third) == [CANCELLED]
        assert len(house.board.posts) == 1

    async def test_unsent_in_the_follow_up(self, house: House) -> None:
        """A follow-up that surely was not sent can be followed again, until it rings."""
        batch_id, _ = await self.released(house, 1)
        second = await self.follow_up(house, batch_id)
        house.board.script.extend([not_connected] * 3)
        for _ in range(3):
            await house.step()
            await house.pass_time(11)
        third = await self.follow_up(house, second)
        await house.step()
        assert await house.states(third) == [ACCEPTED]
        with pytest.raises(ExpiredError):
            await house.try_again(second)

    async def test_evidence_that_waits(self, house: House) -> None:
        """While something waits to be checked the number is skipped, not sent."""
        batch_id, submission_id = await self.released(house, 1)
        second = await self.follow_up(house, batch_id)
        await house.evidence.give(submission_id, "f" * 32, by=BEN)
        await house.decisions.send_rest(second, 1, by=ANN)
        await house.step()
        assert await house.states(second) == [CANCELLED]
        assert len(house.board.posts) == 1
