"""An id that a person gives: it blocks at once, and counts once the gateway agrees."""

import asyncio

import httpx
import pytest

from bot.calling.decisions import Verdict
from bot.calling.drafts import Closed
from bot.calling.errors import AlreadyDoneError, ExpiredError, UsageError
from bot.calling.fitting import Disagreement
from bot.calling.launches import Asked, Defaults, Launched
from bot.calling.problems import Problem
from bot.calling.views import batch_view
from storage.errors import DatabaseBusyError
from storage.models import (
    BatchState,
    CallStatus,
    DraftState,
    Evidence,
    EvidenceState,
    HoldReason,
    PauseReason,
    SubmissionState,
)
from storage.stores import Stores
from tests.calling.house import ANN, BEN, ROOM, VOICE, Fault, House, numbers, request
from tests.calling.switchboard import accepted, cut, refusal, refuse

ACCEPTED, UNKNOWN = SubmissionState.ACCEPTED, SubmissionState.UNKNOWN
RELEASED, LEFT = SubmissionState.RELEASED, SubmissionState.LEFT
WAITING, ADOPTED = EvidenceState.WAITING, EvidenceState.ADOPTED
AMBIGUOUS, DISAGREES = EvidenceState.AMBIGUOUS, EvidenceState.DISAGREES
NOBODYS = "f" * 32


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers to a POST."""
    return Defaults(per_post=2)


async def unknown(house: House, count: int = 2, *, voice: str = VOICE) -> tuple[int, int]:
    """A batch whose only submission is unknown, and that submission."""
    house.board.script.append(cut)
    result = await house.launches.call(
        request(*numbers(count), voice=voice),
        by=ANN,
        place=ROOM,
        asked_by=house.next_message(),
    )
    assert isinstance(result, Launched)
    await house.step()
    [submission] = await house.submissions(result.batch_id)
    assert submission.state is UNKNOWN
    return result.batch_id, submission.id


async def give(house: House, submission_id: int, *ids: str) -> list[Evidence]:
    """Give ids, and what became of them after the gateway was asked."""
    given = await house.evidence.give(submission_id, " ".join(ids), by=BEN)
    return await house.evidence.settle(given)


async def states(house: House) -> list[EvidenceState]:
    """The states of all evidence, in its order."""
    rows = await house.database.read(
        lambda tx: tx.db.execute("SELECT state FROM evidence ORDER BY id").fetchall()
    )
    return [EvidenceState(row[0]) for row in rows]


class TestGive:
    async def test_reads_ids(self, house: House) -> None:
        """Ids are found in any text, once each, whatever their case; other words are not."""
        _, submission_id = await unknown(house)
        text = f"it was <{'A' * 32}>, {'b' * 32}; {'a' * 32}\nnot {'c' * 31} nor {'d' * 33}"
        given = await house.evidence.give(submission_id, text, by=BEN)
        found = await house.database.read(lambda tx: tx.evidence.waiting())
        assert [evidence.gateway_id for evidence in found] == ["a" * 32, "b" * 32]
        assert given.evidence == (1, 2)
        assert {evidence.given_name for evidence in found} == {"Ben"}

    async def test_no_id(self, house: House) -> None:
        """A text without an id is told so."""
        _, submission_id = await unknown(house)
        with pytest.raises(UsageError) as caught:
            await house.evidence.give(submission_id, "yes, it rang", by=BEN)
        assert caught.value.problem is Problem.NO_IDS

    async def test_which_take_ids(self, house: House) -> None:
        """A submission that surely did not ring, or is not sent yet, takes none."""
        house.board.script.append(refuse)
        batch_id = await house.launch(3)
        await house.step()
        for submission in await house.submissions(batch_id):
            with pytest.raises(ExpiredError):
                await house.evidence.takes_ids(submission.id)
            with pytest.raises(ExpiredError):
                await house.evidence.give(submission.id, NOBODYS, by=BEN)
        with pytest.raises(ExpiredError):
            await house.evidence.takes_ids(99)

    async def test_prompt(self, house: House) -> None:
        """A reply to the message that asked for ids is about that submission."""
        batch_id, submission_id = await unknown(house)
        await house.evidence.prompted(-100, 8, submission_id)
        assert await house.evidence.prompt_of(-100, 8) == submission_id
        assert await house.evidence.prompt_of(-100, 9) is None
        assert await house.evidence.takes_ids(submission_id) == batch_id

    async def test_again_while_it_waits(self, house: House) -> None:
        """The same id for a second submission is one piece of evidence that blocks both."""
        _, first = await unknown(house)
        _, second = await unknown(house, voice="e" * 32)
        house.board.questions = httpx.ConnectError("down")
        one = await house.evidence.give(first, NOBODYS, by=ANN)
        two = await house.evidence.give(second, NOBODYS, by=BEN)
        assert one.evidence == two.evidence
        for submission_id, batch_id in ((first, 1), (second, 2)):
            await house.decisions.decide(submission_id, Verdict.DID_NOT_RING, by=ANN)
            with pytest.raises(ExpiredError):
                await house.try_again(batch_id)


class TestAdopt:
    @pytest.mark.parametrize("verdict", [None, Verdict.DID_NOT_RING, Verdict.LEAVE, Verdict.RANG])
    async def test_fits(self, house: House, verdict: Verdict | None) -> None:
        """A call that fits exactly one submission is adopted; other numbers wait for theirs."""
        batch_id, submission_id = await unknown(house)
        if verdict:
            await house.decisions.decide(submission_id, verdict, by=ANN)
        call = house.board.place(numbers(2)[1], status="NORMAL")
        [evidence] = await give(house, submission_id, call["id"])
        assert evidence.state is ADOPTED
        assert await house.states(batch_id) == [ACCEPTED]
        found = [(c.status, c.gateway_id) for c in await house.calls(batch_id)]
        assert found == [(CallStatus.NOT_CONFIRMED, None), (CallStatus.NORMAL, call["id"])]

    async def test_the_rest_by_its_own(self, house: House) -> None:
        """Several ids at once, and later ones, each confirm their number."""
        batch_id, submission_id = await unknown(house)
        calls = [house.board.place(number) for number in numbers(2)]
        await give(house, submission_id, *(call["id"] for call in calls))
        assert [c.gateway_id for c in await house.calls(batch_id)] == [c["id"] for c in calls]

    async def test_not_confirmed_number(self, house: House) -> None:
        """An id for a number that the answer left out is adopted."""
        house.board.script.append(lambda post: house.board.accept(post, post.numbers[:1]))
        batch_id = await house.launch(2)
        await house.step()
        call = house.board.place(numbers(2)[1])
        [submission] = await house.submissions(batch_id)
        [evidence] = await give(house, submission.id, call["id"])
        assert evidence.state is ADOPTED
        assert (await house.calls(batch_id))[1].gateway_id == call["id"]

    async def test_given_to_the_wrong_one(self, house: House) -> None:
        """The number and the time say where a call belongs, not where its id was pasted."""
        first_batch, first = await unknown(house, 1)
        house.clock.jump(3600)
        second_batch, second = await unknown(house, 2, voice="e" * 32)
        call = house.board.place(numbers(2)[1])
        [evidence] = await give(house, first, call["id"])
        assert evidence.state is ADOPTED
        assert await house.states(first_batch) == [UNKNOWN]
        assert await house.states(second_batch) == [ACCEPTED]
        await house.decisions.decide(first, Verdict.DID_NOT_RING, by=ANN)
        assert isinstance(await house.try_again(first_batch), Asked)
        assert second

    @pytest.mark.parametrize(
        ("after_claim", "fits"), [(-61, False), (-59, True), (0, True), (89, True), (92, False)]
    )
    async def test_time(self, house: House, after_claim: int, fits: bool) -> None:
        """A call fits from a minute before the claim to a minute after the time for its answer."""
        _, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0], at=house.clock() + after_claim)
        [evidence] = await give(house, submission_id, call["id"])
        assert evidence.state is (ADOPTED if fits else DISAGREES)

    async def test_no_date(self, house: House) -> None:
        """A call without a date may belong to any submission of its number."""
        _, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0], at=0)
        assert [e.state for e in await give(house, submission_id, call["id"])] == [ADOPTED]


class TestDisagree:
    async def test_reasons(self, house: House) -> None:
        """What the gateway does not know, or places elsewhere, is kept and blocks nothing."""
        batch_id, submission_id = await unknown(house)
        await house.decisions.decide(submission_id, Verdict.DID_NOT_RING, by=ANN)
        other = await house.launch(1, 50)
        await house.step()
        known = str((await house.calls(other))[0].gateway_id)
        foreign = house.board.place("+989351112233")["id"]
        nameless = house.board.place(numbers(1)[0])
        nameless["phoneNumber"] = ""
        found = await give(house, submission_id, NOBODYS, known, foreign, nameless["id"])
        assert [(e.state, e.detail) for e in found] == [
            (DISAGREES, Disagreement.NOT_FOUND),
            (DISAGREES, Disagreement.KNOWN),
            (DISAGREES, Disagreement.NO_FIT),
            (DISAGREES, Disagreement.NO_NUMBER),
        ]
        assert await house.states(batch_id) == [RELEASED]
        assert isinstance(await house.try_again(batch_id), Asked)

    async def test_given_again(self, house: House) -> None:
        """An id that was set aside can be given again, and is asked about again."""
        batch_id, submission_id = await unknown(house)
        await give(house, submission_id, NOBODYS)
        house.board.calls[NOBODYS] = {**house.board.place(numbers(1)[0]), "id": NOBODYS}
        assert [e.state for e in await give(house, submission_id, NOBODYS)] == [ADOPTED]
        assert await house.states(batch_id) == [ACCEPTED]


class TestWaiting:
    @pytest.mark.parametrize(
        "said", [httpx.ConnectError("down"), httpx.Response(500), refusal(401, "x")]
    )
    async def test_until_the_gateway_answers(
        self, house: House, said: httpx.Response | Exception
    ) -> None:
        """What is not answered waits, blocks, and is asked again; a 401 pauses, too."""
        batch_id, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0])
        house.board.questions = said
        assert [e.state for e in await give(house, submission_id, call["id"])] == [WAITING]
        assert await house.evidence.step()
        paused = isinstance(said, httpx.Response) and said.status_code == 401
        assert await house.pauses_open() == [PauseReason.UNAUTHORISED] * paused
        house.board.questions = None
        assert not await house.evidence.step()
        assert await house.states(batch_id) == [ACCEPTED]

    async def test_slow_gateway(self, house: House) -> None:
        """Who gave the ids is answered after 5 s, and the rest goes on by itself."""
        batch_id, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0])
        running = asyncio.create_task(house.evidence.run())
        house.board.answers_questions.clear()
        began = house.clock()
        assert [e.state for e in await give(house, submission_id, call["id"])] == [WAITING]
        assert house.clock() - began == pytest.approx(5.0)
        house.board.answers_questions.set()
        await house.pass_time(60)
        assert await house.states(batch_id) == [ACCEPTED]
        running.cancel()

    async def test_run_survives_the_record(self, house: House) -> None:
        """A record that cannot be written for a moment is tried again."""
        batch_id, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0])
        house.board.questions = httpx.ConnectError("down")
        await give(house, submission_id, call["id"])
        house.board.questions = None
        running = asyncio.create_task(house.evidence.run())
        house.database.faults.extend([Fault.BEFORE] * 2)
        await house.pass_time(60)
        assert await house.states(batch_id) == [ACCEPTED]
        running.cancel()

    async def test_one_that_cannot_be_recorded(self, house: House) -> None:
        """A piece that the record refuses keeps no other one waiting."""
        _, submission_id = await unknown(house)
        calls = [house.board.place(number) for number in numbers(2)]

        def refuse_the_first(tx: Stores) -> None:
            tx.db.execute(
                "CREATE TRIGGER refuse BEFORE UPDATE OF gateway_id ON calls WHEN NEW.position = 1"
                " BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"
            )

        await house.database.write(refuse_the_first)
        await house.evidence.give(submission_id, " ".join(c["id"] for c in calls), by=BEN)
        assert await house.evidence.step()
        assert await states(house) == [WAITING, ADOPTED]
        await house.database.write(lambda tx: tx.db.execute("DROP TRIGGER refuse"))
        assert not await house.evidence.step()
        assert await states(house) == [ADOPTED, ADOPTED]
        house.database.impossible.clear()

    async def test_known_meanwhile_is_not_asked_about(self, house: House) -> None:
        """An id that a call has by now needs no answer of the gateway."""
        batch_id = await house.launch(1)
        await house.step()
        [known] = await house.calls(batch_id)
        _, submission_id = await unknown(house)
        await house.evidence.give(submission_id, known.gateway_id or "", by=BEN)
        assert not await house.evidence.step()
        assert (await states(house), house.board.asked) == ([DISAGREES], [])

    async def test_after_a_restart(self, house: House) -> None:
        """It is asked about after a kill -9 as well."""
        batch_id, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0])
        await house.evidence.give(submission_id, call["id"], by=BEN)
        async with house.after_kill(away=3000) as second:
            assert not await second.evidence.step()
            assert await second.states(batch_id) == [ACCEPTED]

    @pytest.mark.parametrize("ends", ["with its id", "without it", "unknown", "refused"])
    async def test_while_one_that_fits_is_sending(self, house: House, ends: str) -> None:
        """The evidence waits for that outcome, and is then fitted again."""
        first_batch, first = await unknown(house, 1)
        house.board.holds = True
        second_batch = await house.launch(2, 1)
        await house.step()
        call = house.board.place(numbers(1)[0])
        assert [e.state for e in await give(house, first, call["id"])] == [WAITING]
        post = house.board.posts[-1]
        if ends == "with its id":
            house.board.answer(post, accepted([call]))
        elif ends == "without it":
            house.board.answer(post, house.board.accept(post))
        else:
            house.board.answer(post, cut() if ends == "unknown" else refuse(post))
        await house.settled()
        await house.evidence.step()
        expected = {
            "with its id": (DISAGREES, UNKNOWN, ACCEPTED),
            "without it": (ADOPTED, ACCEPTED, ACCEPTED),
            "unknown": (AMBIGUOUS, UNKNOWN, UNKNOWN),
            "refused": (ADOPTED, ACCEPTED, SubmissionState.REFUSED),
        }[ends]
        [state] = await states(house)
        found = (*await house.states(first_batch), *await house.states(second_batch))
        assert (state, *found) == expected

    async def test_two_checks_at_once(self, house: House) -> None:
        """Two rounds that ask about the same id adopt it once."""
        batch_id, submission_id = await unknown(house)
        call = house.board.place(numbers(1)[0])
        await house.evidence.give(submission_id, call["id"], by=BEN)
        await asyncio.gather(house.evidence.step(), house.evidence.step())
        assert await states(house) == [ADOPTED]
        assert [c.gateway_id for c in await house.calls(batch_id)] == [call["id"], None]


class TestPick:
    async def ambiguous(self, house: House, *more: str) -> tuple[int, int, str]:
        """An id that fits two submissions, which are returned before it."""
        _, first = await unknown(house, 1)
        _, second = await unknown(house, 1, voice="e" * 32)
        call = house.board.place(numbers(1)[0])
        [evidence, *_] = await give(house, first, call["id"], *more)
        assert evidence.state is AMBIGUOUS
        return first, second, call["id"]

    async def test_nothing_is_adopted(self, house: House) -> None:
        """Of two that fit none is taken, both are blocked, and both boards offer the pick."""
        first, second, _ = await self.ambiguous(house)
        for batch_id, submission_id in ((1, first), (2, second)):
            assert await house.states(batch_id) == [UNKNOWN]
            await house.decisions.decide(submission_id, Verdict.DID_NOT_RING, by=ANN)
            with pytest.raises(ExpiredError):
                await house.try_again(batch_id)
            view = await house.database.read(lambda tx, b=batch_id: batch_view(tx, b))  # type: ignore[misc]  # the default binds
            assert view is not None
            assert [pick.candidates for pick in view.picks] == [((first, 1), (second, 2))]

    async def test_pick(self, house: House) -> None:
        """Who picks says where it belongs; the other one is free again."""
        first, second, call_id = await self.ambiguous(house)
        await house.evidence.check_pick(1, second)
        await house.evidence.pick(1, second, by=ANN)
        assert await states(house) == [ADOPTED]
        assert (await house.states(1), await house.states(2)) == ([UNKNOWN], [ACCEPTED])
        assert (await house.calls(2))[0].gateway_id == call_id
        await house.decisions.decide(first, Verdict.DID_NOT_RING, by=ANN)
        assert isinstance(await house.try_again(1), Asked)
        for attempt in (
            house.evidence.check_pick(1, first),
            house.evidence.pick(1, first, by=BEN),
        ):
            with pytest.raises(AlreadyDoneError):
                await attempt

    async def test_of_two_people(self, house: House) -> None:
        """The first pick counts."""
        first, second, _ = await self.ambiguous(house)
        results = await asyncio.gather(
            house.evidence.pick(1, first, by=ANN),
            house.evidence.pick(1, second, by=BEN),
            return_exceptions=True,
        )
        assert [type(result) for result in results] == [type(None), AlreadyDoneError]

    async def test_what_does_not_fit(self, house: House) -> None:
        """Only what the board offered can be picked."""
        await self.ambiguous(house)
        for attempt in (house.evidence.check_pick(1, 99), house.evidence.pick(1, 99, by=ANN)):
            with pytest.raises(ExpiredError):
                await attempt

    async def test_taken_by_another_id(self, house: House) -> None:
        """A number that another id has taken since cannot be picked: this id would be lost."""
        more = house.board.place(numbers(1)[0])["id"]
        third = house.board.place(numbers(1)[0])["id"]
        first, second, _ = await self.ambiguous(house, more, third)
        await house.evidence.pick(1, first, by=ANN)
        with pytest.raises(ExpiredError):
            await house.evidence.pick(2, first, by=ANN)
        await house.evidence.pick(2, second, by=ANN)
        assert [(await house.calls(b))[0].gateway_id for b in (1, 2)][1] == more
        await house.evidence.pick(3, second, by=ANN)
        assert await states(house) == [ADOPTED, ADOPTED, DISAGREES]

    async def test_known_meanwhile(self, house: House) -> None:
        """An id that came with an answer in the meantime is nobody's to pick."""
        first, _, call_id = await self.ambiguous(house)
        call = house.board.calls[call_id]
        house.board.script.append(
            lambda post: accepted([{**call, "phoneNumber": "0" + post.numbers[0][3:]}])
        )
        await house.launch(1, 50)
        await house.step()
        await house.evidence.pick(1, first, by=ANN)
        assert await states(house) == [DISAGREES]
        assert await house.states(1) == [UNKNOWN]

    async def test_given_for_one_without_the_number(self, house: House) -> None:
        """A submission that does not hold the number is never accepted by a pick."""
        _, _, call_id = await self.ambiguous(house)
        house.board.script.append(cut)
        batch_id = await house.launch(1, 50)
        await house.step()
        [third] = await house.submissions(batch_id)
        await house.evidence.give(third.id, call_id, by=BEN)
        with pytest.raises(ExpiredError):
            await house.evidence.pick(1, third.id, by=ANN)
        assert await house.states(batch_id) == [UNKNOWN]
        view = await house.database.read(lambda tx: batch_view(tx, batch_id))
        assert view is not None
        assert view.picks == ()


class TestFollowUps:
    async def test_held_and_drafts_cancelled(self, house: House) -> None:
        """From its arrival follow-ups, theirs, and drafts of them wait for a person."""
        batch_id, submission_id = await unknown(house, 2)
        await house.decisions.decide(submission_id, Verdict.DID_NOT_RING, by=ANN)
        open_draft = await house.try_again(batch_id, by=BEN)
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        assert isinstance(open_draft, Asked)
        await house.launches.confirm(asked.token, by=ANN, message_id=1)
        house.board.questions = httpx.ConnectError("down")
        await house.evidence.give(submission_id, NOBODYS, by=BEN)
        follow_up = await house.batch(2)
        assert (follow_up.state, follow_up.hold_reason) == (BatchState.HELD, HoldReason.EVIDENCE)
        draft = await house.database.read(lambda tx: tx.drafts.get(open_draft.token))
        assert draft is not None
        assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, Closed.EVIDENCE)
        with pytest.raises(ExpiredError):
            await house.launches.confirm(open_draft.token, by=BEN, message_id=1)

    async def test_an_earlier_button_sends_nothing(self, house: House) -> None:
        """The hold for evidence is a new one, also of a batch that was held already."""
        batch_id, submission_id = await unknown(house, 2)
        await house.decisions.decide(submission_id, Verdict.DID_NOT_RING, by=ANN)
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        await house.launches.confirm(asked.token, by=ANN, message_id=1)
        await house.decisions.hold(2, by=ANN)
        await house.evidence.give(submission_id, NOBODYS, by=BEN)
        with pytest.raises(ExpiredError):
            await house.decisions.send_rest(2, 1, by=ANN)

    async def test_commit_that_failed(self, house: House) -> None:
        """An id that could not be kept is not answered as kept."""
        _, submission_id = await unknown(house)
        house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await house.evidence.give(submission_id, NOBODYS, by=BEN)
        assert await states(house) == []
