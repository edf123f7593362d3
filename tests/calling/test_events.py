"""The gateway's events: hints and evidence, which change nothing that is true by themselves."""

import json
from typing import Any

import httpx
import pytest

from bot.calling.decisions import Verdict
from bot.calling.errors import UsageError
from bot.calling.events import LARGEST
from bot.calling.fitting import Disagreement
from bot.calling.launches import Asked, Defaults, Launched
from bot.calling.problems import Problem
from bot.calling.tracking import Pace
from storage.errors import DatabaseBusyError
from storage.models import (
    GATEWAY,
    BatchState,
    CallStatus,
    DraftState,
    Event,
    EventState,
    Evidence,
    EvidenceState,
    HoldReason,
    ReportKind,
    SubmissionState,
)
from storage.stores import Stores
from tests.calling.courses import Course
from tests.calling.house import ANN, BEN, Fault, House, numbers
from tests.calling.switchboard import Answer, Post, cut, refusal

C, S = CallStatus, SubmissionState
SOMEBODYS = "f" * 32


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers to a POST, and the gateway tries each number twice."""
    return Defaults(per_post=2)


@pytest.fixture
def pace() -> Pace:
    """Events are on."""
    return Pace(events=True)


def event(call: dict[str, Any], **changes: Any) -> bytes:
    """An event of this call's end, with other values where a test says so."""
    said = {**json.loads(Course(tries=(("NORMAL", 12.0),)).event(call)), **changes}
    return json.dumps(
        {name: value for name, value in said.items() if value != "left out"}
    ).encode()


async def accepted(
    house: House, count: int = 1, **course: Any
) -> tuple[int, list[dict[str, Any]]]:
    """A batch whose calls go so, and the calls at the gateway."""
    before = set(house.board.calls)
    batch_id = await house.launch(count)
    await house.step()
    new = [call for i, call in house.board.calls.items() if i not in before]
    for call in new:
        if course:
            house.board.courses[call["id"]] = Course(**course)
    return batch_id, new


async def kept(house: House, gateway_id: str) -> list[Event]:
    """The events of a call as they are recorded."""
    return await house.database.read(lambda tx: tx.events.of_call(gateway_id))


async def states(house: House, gateway_id: str) -> list[EventState]:
    """What became of them."""
    return [event.state for event in await kept(house, gateway_id)]


async def evidence_of(house: House, gateway_id: str) -> list[Evidence]:
    """All evidence of an id."""

    def look(tx: Stores) -> list[Evidence]:
        rows = tx.db.execute("SELECT id FROM evidence WHERE gateway_id = ?", (gateway_id,))
        return [one for row in rows.fetchall() if (one := tx.evidence.get(row[0])) is not None]

    return await house.database.read(look)


class TestKnown:
    """Events of calls that we know."""

    async def test_hint(self, house: House) -> None:
        """An event makes us ask at once, and the answer makes the call final."""
        batch_id, [call] = await accepted(house, tries=(("NORMAL", 12.0),))
        async with house.following():
            await house.pass_time(16)
            assert house.board.asked == []
            await house.events.take(event(call))
            await house.pass_time(1)
            assert house.board.asked == [call["id"]]
        [done] = await house.calls(batch_id)
        assert (done.status, done.final, done.bill_sec) == (C.NORMAL, True, 12)
        [agreed] = await kept(house, call["id"])
        assert (agreed.state, agreed.bill_sec, agreed.price) == (EventState.AGREED, 12, 34_200)
        assert [s.campaign_id for s in await house.submissions(batch_id)] == [f"{1:032x}"]

    async def test_tried_again(self, house: House) -> None:
        """An event says that nobody is tried again: what the gateway says then is final."""
        batch_id, [call] = await accepted(house, tries=(("NO_ANSWER", 12.0),))
        async with house.following():
            await house.pass_time(16)
            await house.events.take(event(call, cause="NO_ANSWER"))
            await house.pass_time(1)
        [done] = await house.calls(batch_id)
        assert (done.status, done.final) == (C.NO_ANSWER, True)

    async def test_repeated(self, house: House) -> None:
        """The same event again is counted, and asks nobody."""
        _, [call] = await accepted(house, tries=(("NORMAL", 1.0),))
        async with house.following():
            await house.pass_time(5)
            for _ in range(3):
                await house.events.take(event(call))
                await house.pass_time(1)
        assert len(house.board.asked) == 1
        assert [e.times for e in await kept(house, call["id"])] == [3]

    @pytest.mark.parametrize("word", ["NORMAL", "NO_ANSWER"])
    async def test_repeated_after_it_was_forgotten(self, house: House, word: str) -> None:
        """It is a hint once more and agrees once more; the record is what it was."""
        batch_id, [call] = await accepted(house, tries=((word, 1.0),))

        def look(tx: Stores) -> object:
            calls = tx.calls.of_batch(batch_id)
            return (tx.batches.get(batch_id), calls, tx.submissions.of_batch(batch_id)), (
                tx.reports.of_batch(batch_id)
            )

        async with house.following():
            await house.pass_time(5)
            await house.events.take(event(call, cause=word))
            await house.pass_time(5)
            before = await house.database.read(look)
            house.clock.jump(7 * 24 * 3600)
            now = house.clock()
            assert await house.database.write(lambda tx: tx.events.prune(now, limit=9)) == 1
            assert await kept(house, call["id"]) == []
            asked = len(house.board.asked)
            await house.events.take(event(call, cause=word))
            await house.pass_time(5)
            assert await states(house, call["id"]) == [EventState.AGREED]
            assert len(house.board.asked) == asked + 1
            assert await house.database.read(look) == before

    async def test_early(self, house: House) -> None:
        """An event that comes before the status has changed is asked about until it has."""
        batch_id, [call] = await accepted(house, tries=(("NORMAL", 60.0),))
        async with house.following():
            await house.events.take(event(call))
            await house.pass_time(2)
            assert await states(house, call["id"]) == [EventState.HINT]
            assert [c.status for c in await house.calls(batch_id)] == [C.WAITING]
            await house.pass_time(310)
            assert await states(house, call["id"]) == [EventState.AGREED]
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL]

    @pytest.mark.parametrize("given_up", [False, True])
    async def test_late(self, house: House, given_up: bool) -> None:
        """An event of a call that was final, or given up, corrects it by the status call."""
        batch_id, [call] = await accepted(house)
        call["status"] = "WAITING" if given_up else "ERROR"
        async with house.following():
            if given_up:
                house.clock.jump(24 * 3600)
            await house.pass_time(310)
            [before] = await house.calls(batch_id)
            assert before.status is (C.NO_RESULT if given_up else C.ERROR)
            call["status"] = "NORMAL"
            await house.events.take(event(call))
            await house.pass_time(1)
            [after] = await house.calls(batch_id)
            assert (after.status, after.final) == (C.NORMAL, True)
            assert await states(house, call["id"]) == [EventState.AGREED]
        reports = await house.database.read(lambda tx: tx.reports.of_batch(batch_id))
        assert ReportKind.END in [report.kind for report in reports]

    async def test_late_and_not_answered(self, house: House) -> None:
        """An event of a final call is not forgotten while the gateway does not answer."""
        batch_id, [call] = await accepted(house)
        call["status"] = "ERROR"
        async with house.following():
            await house.pass_time(310)
            house.board.questions = refusal(404, "NotFound")
            await house.events.take(event(call))
            await house.pass_time(20)
            assert await states(house, call["id"]) == [EventState.HINT]
            house.board.questions = None
            call["status"] = "NORMAL"
            await house.pass_time(60)
            assert await states(house, call["id"]) == [EventState.AGREED]
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL]

    async def test_late_in_an_outage(self, house: House) -> None:
        """An event of a final call waits for as long as the gateway is away."""
        batch_id, [call] = await accepted(house)
        call["status"] = "ERROR"
        async with house.following():
            await house.pass_time(310)
            house.board.questions = httpx.ConnectError("down")
            await house.events.take(event(call))
            await house.pass_time(1200)
            assert await states(house, call["id"]) == [EventState.HINT]
            house.board.questions = None
            call["status"] = "NORMAL"
            await house.pass_time(60)
            assert await states(house, call["id"]) == [EventState.AGREED]
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL]

    async def test_late_before_the_status(self, house: House) -> None:
        """Of a final call it is asked again for a while, also after kill -9, and then no more."""
        batch_id, [call] = await accepted(house)
        call["status"] = "ERROR"
        async with house.following():
            await house.pass_time(310)
            await house.events.take(event(call))
            await house.pass_time(60)
            assert await states(house, call["id"]) == [EventState.HINT]
        async with house.after_kill() as other, other.following():
            await other.pass_time(700)
            assert await states(other, call["id"]) == [EventState.DISAGREED]
            asked = len(other.board.asked)
            await other.pass_time(3600)
            assert len(other.board.asked) == asked
            assert [c.status for c in await other.calls(batch_id)] == [C.ERROR]

    @pytest.mark.parametrize(
        "away", [httpx.ConnectError("down"), httpx.Response(503), httpx.Response(200)], ids=str
    )
    async def test_gateway_away(self, house: House, away: Answer) -> None:
        """An event that cannot be checked now is checked when the gateway answers again."""
        batch_id, [call] = await accepted(house, tries=(("NORMAL", 1.0),))
        house.board.questions = away
        async with house.following():
            await house.pass_time(5)
            await house.events.take(event(call))
            await house.pass_time(100)
            assert [c.status for c in await house.calls(batch_id)] == [C.WAITING]
            house.board.questions = None
            await house.pass_time(60)
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL]

    @pytest.mark.parametrize(
        "changes",
        [
            {"cause": "ERROR"},
            {"cause": "NORMAL", "number": "09129999999", "billSec": 9999, "campaignId": "evil"},
            {"cause": "NO_ANSWER"},
            {"cause": "BOGUS"},
            {"cause": "left out"},
        ],
        ids=str,
    )
    async def test_forged(self, house: House, changes: dict[str, Any]) -> None:
        """Row 43: a forged event for a right id changes nothing but when we ask."""
        batch_id, [call] = await accepted(house)
        async with house.following():
            await house.pass_time(5)
            before = await house.calls(batch_id)
            await house.events.take(event(call, **changes))
            await house.pass_time(30)
            [now] = await house.calls(batch_id)
            assert (now.status, now.bill_sec, now.final) == (C.WAITING, before[0].bill_sec, False)
            assert [s.campaign_id for s in await house.submissions(batch_id)] == [None]
            house.board.courses[call["id"]] = Course(tries=(("USER_BUSY", 40.0),))
            await house.pass_time(700)
            [now] = await house.calls(batch_id)
            assert (now.status, now.final) == (C.USER_BUSY, True)
        assert EventState.AGREED not in await states(house, call["id"])
        assert [s.campaign_id for s in await house.submissions(batch_id)] == [None]

    async def test_lost(self, house: House) -> None:
        """Row 44: an event that never comes is made up for by asking."""
        batch_id, _ = await accepted(house, tries=(("NORMAL", 1.0),))
        async with house.following():
            await house.pass_time(310)
        assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL]


class TestBeforeTheAnswer:
    """Events that come before the POST's answer is stored."""

    async def test_sending(self, house: House) -> None:
        """Row 44: it waits for the outcome, is a hint then, and makes no trouble."""
        house.board.holds = True
        batch_id = await house.launch(1)
        await house.step()
        (post,) = house.board.open_posts()
        answer = house.board.accept(post)
        [call] = house.board.calls.values()
        house.board.courses[call["id"]] = Course(tries=(("NO_ANSWER", 2.0),))
        async with house.following():
            await house.pass_time(7)
            await house.events.take(event(call, cause="NO_ANSWER"))
            await house.pass_time(3)
            assert await states(house, call["id"]) == [EventState.EVIDENCE]
            assert await house.states(batch_id) == [S.SENDING]
            house.board.answer(post, answer)
            await house.pass_time(3)
            [done] = await house.calls(batch_id)
            assert (done.status, done.final) == (C.NO_ANSWER, True)
            assert await states(house, call["id"]) == [EventState.AGREED]
            assert [s.campaign_id for s in await house.submissions(batch_id)] == [f"{1:032x}"]
            assert [e.state for e in await evidence_of(house, call["id"])] == [
                EvidenceState.DISAGREES
            ]
        assert [e.detail for e in await evidence_of(house, call["id"])] == [Disagreement.KNOWN]

    async def test_not_known_to_the_gateway_yet(self, house: House) -> None:
        """While the POST is on its way "not found" is no answer: the status may lag behind."""
        house.board.holds = True
        batch_id = await house.launch(1)
        await house.step()
        (post,) = house.board.open_posts()
        house.board.accept(post)
        [call] = house.board.calls.values()
        call["status"] = "NORMAL"
        house.board.questions = refusal(404, "NotFound")
        async with house.following():
            await house.events.take(event(call))
            await house.pass_time(20)
            assert house.board.asked == []
            house.board.questions = None
            house.board.answer(post, cut())
            await house.pass_time(1)
            assert await house.states(batch_id) == [S.ACCEPTED]
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL]

    async def test_the_answer_never_comes(self, house: House) -> None:
        """Row 46: it becomes evidence for the unknown submission, and adopts the call."""
        house.board.holds = True
        batch_id = await house.launch(2)
        await house.step()
        (post,) = house.board.open_posts()
        house.board.accept(post)
        first, second = house.board.calls.values()
        for call in (first, second):
            house.board.courses[call["id"]] = Course(tries=(("NORMAL", 2.0),))
        async with house.following():
            await house.pass_time(7)
            await house.events.take(event(first))
            await house.pass_time(1)
            house.board.answer(post, cut())
            await house.pass_time(20)
            assert await house.states(batch_id) == [S.ACCEPTED]
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL, C.NOT_CONFIRMED]
            [submission] = await house.submissions(batch_id)
            assert (submission.decided_by, submission.decided_name) == (GATEWAY.id, GATEWAY.name)
            await house.events.take(event(second))
            await house.pass_time(20)
            assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL, C.NORMAL]
            assert await states(house, second["id"]) == [EventState.AGREED]


async def unknown(house: House, count: int = 2) -> tuple[int, Post]:
    """A batch whose only submission is unknown, and its POST."""
    house.board.script.append(cut)
    batch_id = await house.launch(count)
    await house.step()
    assert await house.states(batch_id) == [S.UNKNOWN]
    return batch_id, house.board.posts[-1]


class TestUnknown:
    """Row 46: events for a number of an unknown submission."""

    async def test_adopted(self, house: House) -> None:
        """Exactly one fits: the call is adopted, and the board can say that it did ring."""
        batch_id, post = await unknown(house)
        call = house.board.place(post.numbers[0], at=post.at, status="NORMAL")
        async with house.following():
            await house.events.take(event(call))
            await house.pass_time(1)
        assert await house.states(batch_id) == [S.ACCEPTED]
        assert [c.status for c in await house.calls(batch_id)] == [C.NORMAL, C.NOT_CONFIRMED]
        assert await states(house, call["id"]) == [EventState.AGREED]

    async def test_blocks_at_once(self, house: House) -> None:
        """From its arrival follow-ups of what it fits are held, and open drafts cancelled."""
        batch_id, post = await unknown(house)
        [submission] = await house.submissions(batch_id)
        await house.decisions.decide(submission.id, Verdict.DID_NOT_RING, by=ANN)
        result = await house.try_again(batch_id)
        assert isinstance(result, Asked)
        follow_up = await house.launches.confirm(result.token, by=ANN, message_id=5)
        assert isinstance(follow_up, Launched)
        call = house.board.place(post.numbers[0], at=post.at)
        await house.events.take(event(call))
        held = await house.batch(follow_up.batch_id)
        assert (held.state, held.hold_reason) == (BatchState.HELD, HoldReason.EVIDENCE)
        async with house.following():
            await house.pass_time(1)
        await house.decisions.send_rest(follow_up.batch_id, held.hold_no, by=BEN)
        posts = len(house.board.posts)
        await house.step()
        sent = [n for post in house.board.posts[posts:] for n in post.numbers]
        assert post.numbers[0] not in sent

    async def test_cancels_drafts(self, house: House) -> None:
        """An open *Try again* is over as soon as it may have rung after all."""
        batch_id, post = await unknown(house)
        [submission] = await house.submissions(batch_id)
        await house.decisions.decide(submission.id, Verdict.DID_NOT_RING, by=ANN)
        result = await house.try_again(batch_id)
        assert isinstance(result, Asked)
        await house.events.take(event(house.board.place(post.numbers[1], at=post.at)))
        draft = await house.database.read(lambda tx: tx.drafts.get(result.token))
        assert draft is not None
        assert draft.state is DraftState.CANCELLED

    async def test_forged(self, house: House) -> None:
        """Row 43: an id that the gateway does not know is kept, and blocks nothing."""
        batch_id, post = await unknown(house)
        call = {"id": SOMEBODYS, "phoneNumber": "0" + post.numbers[0][3:]}
        await house.events.take(event({**call, "requestDate": int(post.at)}))
        assert [e.state for e in await evidence_of(house, SOMEBODYS)] == [EvidenceState.WAITING]
        async with house.following():
            await house.pass_time(1)
        assert [e.detail for e in await evidence_of(house, SOMEBODYS)] == [Disagreement.NOT_FOUND]
        assert await house.states(batch_id) == [S.UNKNOWN]
        assert await states(house, SOMEBODYS) == [EventState.EVIDENCE]

    async def test_another_number(self, house: House) -> None:
        """Row 43: a true id of a call to another number is an answer that disagrees."""
        batch_id, post = await unknown(house)
        other = house.board.place("+989129999999", at=post.at, status="NORMAL")
        await house.events.take(event({**other, "phoneNumber": "0" + post.numbers[0][3:]}))
        async with house.following():
            await house.pass_time(1)
        assert [e.detail for e in await evidence_of(house, other["id"])] == [Disagreement.NO_FIT]
        assert await house.states(batch_id) == [S.UNKNOWN]

    async def test_nobodys(self, house: House) -> None:
        """An event for a number that we never called is kept and changes nothing."""
        call = house.board.place(numbers(1, 5000)[0], status="NORMAL")
        async with house.following():
            await house.events.take(event(call))
            await house.pass_time(1)
        [found] = await evidence_of(house, call["id"])
        assert (found.state, found.given_by) == (EvidenceState.DISAGREES, GATEWAY.id)

    async def test_given_by_a_person_first(self, house: House) -> None:
        """An id that a person gave and the gateway names as well is one piece of evidence."""
        batch_id, post = await unknown(house)
        [submission] = await house.submissions(batch_id)
        call = house.board.place(post.numbers[0], at=post.at, status="NORMAL")
        await house.evidence.give(submission.id, call["id"], by=BEN)
        await house.events.take(event(call))
        assert len(await evidence_of(house, call["id"])) == 1
        async with house.following():
            await house.pass_time(1)
        [adopted] = await evidence_of(house, call["id"])
        assert (adopted.state, adopted.given_name) == (EvidenceState.ADOPTED, BEN.name)


class TestTake:
    """What is taken, and what is not."""

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"null",
            b"{}",
            b"\xff\xfe",
            b'{"requestId": 5}',
            b'{"requestId": ""}',
            b'{"requestId": "' + b"a" * 65 + b'"}',
            b'[{"requestId": "aa"}]',
            b"[" * 100_000,
            b'{"requestId": "aa", "x": "' + b"y" * LARGEST + b'"}',
        ],
        ids=lambda body: repr(body[:24]),
    )
    async def test_junk(self, house: House, body: bytes) -> None:
        """Row 43: what is no event is refused, and nothing is kept."""
        with pytest.raises(UsageError) as refused:
            await house.events.take(body)
        assert refused.value.problem is Problem.NO_EVENT
        rows = await house.database.read(
            lambda tx: tx.db.execute("SELECT count(*) FROM events").fetchone()
        )
        assert rows == (0,)

    @pytest.mark.parametrize(
        ("changes", "read"),
        [
            ({"billSec": "12"}, {"bill_sec": 12}),
            ({"billSec": 12.0}, {"bill_sec": 12}),
            ({"billSec": "left out"}, {"bill_sec": None}),
            ({"billSec": {"a": 1}}, {"bill_sec": None}),
            ({"cause": 1}, {"word": "NORMAL"}),
            ({"cause": "3"}, {"word": "USER_BUSY"}),
            ({"cause": " normal "}, {"word": "normal"}),
            ({"cause": None}, {"word": ""}),
            ({"balanceSubtracted": "-34.2"}, {"price": 34_200}),
            ({"balanceSubtracted": 10**40}, {"price": None}),
            ({"number": "+98 912 000 0001"}, {"number": "+989120000001"}),
            ({"number": 989120000001}, {"number": "+989120000001"}),
            ({"number": "nobody"}, {"number": None}),
            ({"requestDate": "1750000000"}, {"request_date": 1_750_000_000}),
            ({"requestDate": 0}, {"request_date": None}),
            ({"campaignId": 5}, {"campaign_id": None}),
            ({"strange": [1, {"b": None}]}, {}),
        ],
        ids=str,
    )
    async def test_lenient(
        self, house: House, changes: dict[str, Any], read: dict[str, Any]
    ) -> None:
        """What the documentation leaves open is read either way; the body is kept as it came."""
        batch_id, [call] = await accepted(house)
        body = event(call, **changes)
        await house.events.take(body)
        [found] = await kept(house, call["id"])
        assert {name: getattr(found, name) for name in read} == read
        assert await house.database.read(lambda tx: tx.events.body(found.id)) == body
        assert [c.status for c in await house.calls(batch_id)] == [C.WAITING]

    async def test_committed_or_not(self, house: House) -> None:
        """It returns after the commit only; what was not committed may come again."""
        _, [call] = await accepted(house)
        house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await house.events.take(event(call))
        assert await kept(house, call["id"]) == []
        await house.events.take(event(call))
        assert await states(house, call["id"]) == [EventState.HINT]
