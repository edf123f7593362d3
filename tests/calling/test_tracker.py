"""The tracker on virtual time: every call is followed to its end, whatever the gateway does."""

import asyncio
from collections import Counter
from itertools import pairwise
from typing import Any

import httpx
import pytest

from bot.calling.launches import Defaults
from bot.calling.tracker import AT_ONCE, GROUP, LOOK, PATIENCE
from bot.calling.tracking import FOLLOWED_FOR, Pace
from storage.models import CallStatus, HoldReason, PauseReason, ReportKind
from storage.stores import Stores
from tests.calling.courses import Course
from tests.calling.house import ANN, Fault, House
from tests.calling.switchboard import Answer, refusal

C = CallStatus
DAY = FOLLOWED_FOR


@pytest.fixture
def defaults() -> Defaults:
    """Nothing is asked before a launch."""
    return Defaults(confirm_above=1000)


async def launch(house: House, count: int = 1, first: int = 1, **course: Any) -> int:
    """A batch that the gateway has accepted, whose calls go so; its id."""
    before = set(house.board.calls)
    batch_id = await house.launch(count, first)
    await house.step()
    if course:
        for call_id in house.board.calls.keys() - before:
            house.board.courses[call_id] = Course(**course)
    return batch_id


async def statuses(house: House, batch_id: int) -> list[CallStatus]:
    """What its calls are."""
    return [call.status for call in await house.calls(batch_id)]


async def kinds(house: House, batch_id: int) -> list[ReportKind]:
    """What the chat is told of it."""
    return [r.kind for r in await house.database.read(lambda tx: tx.reports.of_batch(batch_id))]


def pauses_of(house: House, call_id: str) -> list[float]:
    """Seconds between the questions about a call."""
    at = [t for i, t in zip(house.board.asked, house.board.asked_at, strict=True) if i == call_id]
    return [round(later - earlier) for earlier, later in pairwise(at)]


class TestOneCall:
    """A call from its id to its end."""

    async def test_to_the_end(self, house: House) -> None:
        """A call is asked about until it is final; then its batch is over, and nobody asks."""
        batch_id = await launch(house, tries=(("NORMAL", 40.0),))
        async with house.following():
            await house.pass_time(30)
            assert await statuses(house, batch_id) == [C.WAITING]
            assert await kinds(house, batch_id) == []
            await house.pass_time(60)
            (call,) = await house.calls(batch_id)
            assert (call.status, call.bill_sec, call.price) == (C.NORMAL, 40, 114_000)
            assert call.final
            assert await kinds(house, batch_id) == [ReportKind.END]
            asked = len(house.board.asked)
            await house.pass_time(3600)
        assert len(house.board.asked) == asked

    async def test_back_off(self, house: House) -> None:
        """The pauses grow from POLL_FIRST to POLL_MAX, and are never longer."""
        await launch(house)
        async with house.following():
            await house.pass_time(2 * 3600)
        (call_id,) = house.board.calls
        pauses = pauses_of(house, call_id)
        assert pauses[0] == 15
        assert pauses == sorted(pauses)
        assert max(pauses) <= 301
        assert 20 < len(pauses) < 40

    async def test_events_on(self, house: House) -> None:
        """With events on, asking is the slow net below them."""
        async with slow(house) as other:
            await launch(other)
            async with other.following():
                await other.pass_time(1000)
            (call_id,) = other.board.calls
            assert pauses_of(other, call_id) == [300, 300]

    async def test_no_result(self, house: House) -> None:
        """After 24 h without a final word there is no result, and a late word corrects it."""
        batch_id = await launch(house)
        async with house.following():
            await house.pass_time(2000)
            house.clock.jump(DAY - 2300)
            await house.pass_time(200)
            assert await statuses(house, batch_id) == [C.WAITING]
            await house.pass_time(500)
            assert await statuses(house, batch_id) == [C.NO_RESULT]
            assert await kinds(house, batch_id) == [ReportKind.DEADLINE, ReportKind.END]
        (call_id,) = house.board.calls
        house.board.calls[call_id]["status"] = "EXPIRED"
        await house.lookup.refresh(await house.calls(batch_id))
        assert await statuses(house, batch_id) == [C.EXPIRED]
        assert await kinds(house, batch_id) == [ReportKind.DEADLINE, ReportKind.END]

    @pytest.mark.parametrize("answer", ["NotFound", "garbage", "RINGING", "down"])
    async def test_odd_answers(self, house: House, answer: str) -> None:
        """Not found, odd shapes, unknown words and silence never stop it."""
        batch_id = await launch(house)
        (call_id,) = house.board.calls
        call = house.board.calls[call_id]
        if answer == "RINGING":
            call["status"] = "RINGING"
        else:
            answers: dict[str, Answer] = {
                "NotFound": refusal(404, "NotFound"),
                "garbage": httpx.Response(200, content=b"<p>"),
                "down": httpx.ConnectError("down"),
            }
            house.board.questions = answers[answer]
        async with house.following() as worker:
            await house.pass_time(3600)
            shown = C.OTHER if answer == "RINGING" else C.WAITING
            assert await statuses(house, batch_id) == [shown]
            house.board.questions = None
            call["status"] = "NORMAL"
            await house.pass_time(400)
            assert await statuses(house, batch_id) == [C.NORMAL]
            assert not worker.done()

    async def test_not_found_for_a_day(self, house: House) -> None:
        """A call that the gateway does not know has no result after 24 h."""
        batch_id = await launch(house)
        house.board.questions = refusal(404, "NotFound")
        async with house.following():
            await house.pass_time(100)
            assert await statuses(house, batch_id) == [C.WAITING]
            house.clock.jump(DAY)
            await house.pass_time(400)
        assert await statuses(house, batch_id) == [C.NO_RESULT]

    async def test_gateway_away_for_more_than_a_day(self, house: House) -> None:
        """A gateway that is gone for good does not keep a batch open for ever."""
        batch_id = await launch(house)
        house.board.questions = httpx.ConnectError("down")
        async with house.following():
            await house.pass_time(100)
            house.clock.jump(DAY)
            await house.pass_time(PATIENCE - 200)
            assert await statuses(house, batch_id) == [C.WAITING]
            await house.pass_time(600)
        assert await statuses(house, batch_id) == [C.NO_RESULT]

    async def test_a_bug_in_the_gateway_code(self, house: House) -> None:
        """A fault of our own in one question ends neither the tracker nor the call."""
        batch_id = await launch(house)
        house.board.questions = RuntimeError("a bug")
        async with house.following() as worker:
            await house.pass_time(60)
            house.board.questions = None
            next(iter(house.board.calls.values()))["status"] = "ERROR"
            await house.pass_time(100)
            assert not worker.done()
        assert await statuses(house, batch_id) == [C.ERROR]


def slow(house: House) -> Any:
    """Another life of the house, with events on."""
    house.pace = Pace(events=True)
    return house.after_kill()


class TestManyCalls:
    """Rate, turns and commits."""

    async def test_rate(self, house: House) -> None:
        """Never more than POLL_RATE questions in a second, all batches together."""
        for batch in range(3):
            await launch(house, 50, 1 + 50 * batch)
        async with house.following():
            await house.pass_time(120)
        a_second = Counter(int(at) for at in house.board.asked_at)
        assert max(a_second.values()) <= 6
        assert len(house.board.asked) > 4 * 100

    async def test_turns(self, house: House) -> None:
        """A large batch that is due for long keeps no small one waiting."""
        await launch(house, 100)
        await launch(house, 100, 101)
        small = await launch(house, 1, 301, tries=(("NORMAL", 1.0),))
        async with house.following():
            await house.pass_time(15 + 5)
            assert await statuses(house, small) == [C.NORMAL]
        assert len(house.board.asked) < 60

    async def test_more_batches_than_are_read_at_once(self, house: House) -> None:
        """With many batches due, each has its turn before any has its second."""
        batches = [await launch(house, 3, 1 + 3 * i) for i in range(30)]
        async with house.following():
            await house.pass_time(15 + 7)
        owners = {c.gateway_id: b for b in batches for c in await house.calls(b)}
        first = [owners[call_id] for call_id in house.board.asked[:30]]
        assert sorted(first) == batches

    async def test_at_once(self, house: House) -> None:
        """With a gateway that hangs, so many questions wait for it and no more."""
        await launch(house, 100)
        house.board.answers_questions.clear()
        async with house.following():
            await house.pass_time(15 + 20)
            assert len(house.board.asked) == AT_ONCE
            assert house.tracker.under_way == AT_ONCE
            house.board.answers_questions.set()

    async def test_commits(self, house: House) -> None:
        """Answers are committed in groups: the writer stays free for launches."""
        await launch(house, 100)
        commits = 0

        def count(_: Stores) -> None:
            nonlocal commits
            commits += 1

        house.database.observe = count
        async with house.following():
            await house.pass_time(60)
        assert len(house.board.asked) > 150
        assert commits < len(house.board.asked) / 1.2
        assert GROUP > 1

    async def test_one_that_cannot_be_recorded(self, house: House) -> None:
        """An answer that the record refuses costs no other call its answer."""
        batch_id = await launch(house, 3, tries=(("NORMAL", 1.0),))
        bad = (await house.calls(batch_id))[1]

        def refuse(tx: Stores) -> None:
            tx.db.execute(
                "CREATE TRIGGER refuse BEFORE UPDATE OF status ON calls WHEN NEW.position = 2"
                " BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"
            )

        await house.database.write(refuse)
        async with house.following() as worker:
            await house.pass_time(120)
            assert not worker.done()
            assert await statuses(house, batch_id) == [C.NORMAL, C.WAITING, C.NORMAL]
            assert house.board.asked.count(bad.gateway_id or "") < 5
            await house.database.write(lambda tx: tx.db.execute("DROP TRIGGER refuse"))
            await house.pass_time(400)
            assert await statuses(house, batch_id) == [C.NORMAL] * 3
        house.database.impossible.clear()


class TestOutages:
    """The gateway, the token, the disk and the clock."""

    async def test_ten_minutes(self, house: House) -> None:
        """Row 46: a gateway that is away for 10 minutes is left alone, then asked at once."""
        batches = [
            await launch(house, 40, 1 + 40 * i, tries=(("NORMAL", 30.0),)) for i in range(3)
        ]
        async with house.following():
            house.board.questions = httpx.ConnectError("down")
            await house.pass_time(600)
            assert len(house.board.asked) < 40
            house.board.questions = None
            await house.pass_time(35 + 120 / 5 + 10)
            for batch_id in batches:
                assert set(await statuses(house, batch_id)) == {C.NORMAL}
                assert await kinds(house, batch_id) == [ReportKind.END]

    async def test_answers_of_before(self, house: House) -> None:
        """Questions from before a pause that fail late do not make it longer."""
        await launch(house, 100)
        house.board.answers_questions.clear()
        async with house.following():
            await house.pass_time(15 + 40)
            house.board.answers_questions.set()
            await house.pass_time(15)
            assert len(house.board.asked) > AT_ONCE + 20

    async def test_the_single_question_is_cancelled(self, house: House) -> None:
        """A stray cancellation of the question that tries the way does not end all asking."""
        batch_id = await launch(house, 10, tries=(("NORMAL", 5.0),))
        house.board.questions = httpx.ConnectError("down")
        async with house.following():
            await house.pass_time(100)
            house.board.answers_questions.clear()
            await house.pass_time(35)
            [question] = [t for t in asyncio.all_tasks() if t.get_name().startswith("question-")]
            question.cancel()
            house.board.questions = None
            house.board.answers_questions.set()
            await house.pass_time(120)
            assert set(await statuses(house, batch_id)) == {C.NORMAL}

    async def test_token_refused(self, house: House) -> None:
        """A 401 pauses launching, and the tracker goes on when the token is taken again."""
        batch_id = await launch(house, tries=(("NORMAL", 5.0),))
        house.board.questions = refusal(401, "Unauthorized")
        async with house.following():
            await house.pass_time(300)
            assert await house.pauses_open() == [PauseReason.UNAUTHORISED]
            assert len(house.board.asked) <= 1 + 300 / 10
            house.board.questions = None
            await house.pass_time(180)
            assert await statuses(house, batch_id) == [C.NORMAL]

    async def test_busy_record(self, house: House) -> None:
        """What was heard is kept until the record takes it."""
        batch_id = await launch(house, 2, tries=(("NORMAL", 5.0),))
        async with house.following() as worker:
            await house.pass_time(14)
            house.database.faults.extend([Fault.BEFORE, Fault.AFTER, Fault.BEFORE])
            await house.pass_time(20)
            assert not worker.done()
            assert await statuses(house, batch_id) == [C.NORMAL, C.NORMAL]
        assert len(house.board.asked) == 2

    @pytest.mark.parametrize("seconds", [3600.0, -3600.0])
    async def test_clock(self, house: House, seconds: float) -> None:
        """Row 42: what is due is asked about, whichever way the clock was put."""
        batch_id = await launch(house, tries=(("NORMAL", 100.0),))
        async with house.following():
            await house.pass_time(40)
            house.clock.jump(seconds)
            (call,) = house.board.calls.values()
            call["requestDate"] += int(seconds)
            await house.pass_time(LOOK + 2)
            asked = len(house.board.asked)
            assert asked >= 2
            await house.pass_time(300)
        assert await statuses(house, batch_id) == [C.NORMAL]

    async def test_clock_and_busy_record(self, house: House) -> None:
        """A jump that could not be recorded at once is recorded later."""
        await launch(house)
        async with house.following() as worker:
            await house.pass_time(40)
            house.clock.jump(-3600)
            house.database.faults.extend([Fault.BEFORE, Fault.BEFORE])
            await house.pass_time(20)
            assert not worker.done()
        assert house.board.asked_at[-1] < house.board.asked_at[0]

    async def test_a_jump_is_no_wait(self, house: House) -> None:
        """A clock that is put forward between two tries makes nothing final."""
        batch_id = await launch(
            house, tries=(("NO_ANSWER", 5.0), ("NORMAL", 20.0)), pause=200.0, queued=1.0
        )
        async with house.following():
            await house.pass_time(40)
            assert await statuses(house, batch_id) == [C.NO_ANSWER]
            house.clock.jump(3600)
            (call,) = house.board.calls.values()
            call["requestDate"] += 3600
            await house.pass_time(60)
            assert not (await house.calls(batch_id))[0].final
            await house.pass_time(600)
            assert await statuses(house, batch_id) == [C.NORMAL]

    async def test_blocked_loop(self, house: House) -> None:
        """Row 41: what became due while the loop was blocked for 3 s is asked about after it."""
        await launch(house, 3)
        async with house.following():
            await house.pass_time(14)
            loop = asyncio.get_running_loop()
            loop._now += 3.0  # type: ignore[attr-defined]  # nothing ran in that time
            await house.pass_time(2)
        assert len(house.board.asked) >= 3

    async def test_after_kill(self, house: House) -> None:
        """Row 46: after kill -9 the database alone says who is to be asked about."""
        batch_id = await launch(house, 5, tries=(("NORMAL", 60.0),))
        async with house.following():
            await house.pass_time(20)
        async with house.after_kill(away=30) as other, other.following():
            await other.pass_time(60)
            assert await statuses(other, batch_id) == [C.NORMAL] * 5
            assert await kinds(other, batch_id) == [ReportKind.END]

    async def test_away_for_two_days(self, house: House) -> None:
        """Calls that were not asked about for two days are asked once more, and only then over."""
        batch_id = await launch(house, 2)
        first, second = house.board.calls.values()
        async with house.after_kill(away=2 * DAY) as other:
            other.board.questions = httpx.ConnectError("down")
            async with other.following():
                await other.pass_time(PATIENCE / 2)
                assert await statuses(other, batch_id) == [C.WAITING, C.WAITING]
                other.board.questions = None
                first["status"] = "NORMAL"
                await other.pass_time(400)
            assert sorted(await statuses(other, batch_id)) == [C.NO_RESULT, C.NORMAL]
        assert second["status"] == "WAITING"


class TestEndOfABatch:
    """When the chat is told."""

    async def test_deadline(self, house: House) -> None:
        """Calls that still wait half an hour after the last submission are told of once."""
        batch_id = await launch(house, 2)
        async with house.following():
            await house.pass_time(1790)
            assert await kinds(house, batch_id) == []
            await house.pass_time(50)
            assert await kinds(house, batch_id) == [ReportKind.DEADLINE]
            await house.pass_time(4000)
        assert await kinds(house, batch_id) == [ReportKind.DEADLINE]

    async def test_stop_while_sending(self, house: House) -> None:
        """A stopped batch is over when what was on its way has ended, and its calls have."""
        house.board.holds = True
        batch_id = await house.launch(1)
        await house.step()
        await house.decisions.stop(batch_id, by=ANN)
        assert await kinds(house, batch_id) == []
        (post,) = house.board.open_posts()
        house.board.answer(post, house.board.accept(post))
        await house.settled()
        assert await kinds(house, batch_id) == []
        (call_id,) = house.board.calls
        house.board.courses[call_id] = Course()
        async with house.following():
            await house.pass_time(60)
        assert await kinds(house, batch_id) == [ReportKind.END]

    async def test_refused(self, house: House) -> None:
        """A batch of which nothing was accepted is over when it is finished."""
        house.board.script.append(lambda _: refusal(400, "InvalidServer"))
        batch_id = await house.launch(1)
        await house.step()
        assert await kinds(house, batch_id) == [ReportKind.END]

    async def test_every_hold(self, house: House) -> None:
        """Every hold is told of, whoever holds."""
        house.board.holds = True
        batch_id = await house.launch(1)
        await house.database.write(
            lambda tx: tx.batches.hold(batch_id, HoldReason.PERSON, now=house.clock())
        )
        assert await kinds(house, batch_id) == [ReportKind.HELD]
