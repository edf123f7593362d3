"""The same end whether the gateway's events come, do not come, or come at random."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.calling.launches import Defaults
from bot.calling.tracking import Pace
from storage.models import Call, ReportKind
from tests.calling.courses import UNANSWERED, Course, Sending
from tests.calling.house import House
from tests.calling.switchboard import Switchboard
from tests.calling.virtual_time import Clock, VirtualLoop

WORKSHOP = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- files of one test
FIRST, MOST = 5.0, 60.0  # POLL_FIRST and POLL_MAX
LONGEST = 3 * 3600.0  # seconds after which something is wrong

seconds = st.one_of(st.sampled_from([1, 2, 5, 30]), st.integers(1, 90))
pauses = st.one_of(st.sampled_from([0, 30, 50, 58, 59]), st.integers(0, int(MOST) - 1))
# Two questions POLL_MAX apart see the same word, and a try in between escapes both.
UNSEEN = Course(
    tries=(("NO_ANSWER", 1), ("NO_ANSWER", 1), ("NO_ANSWER", 1), ("NORMAL", 20)), pause=59
)
Schedule = tuple[Course, list[Sending]]


@st.composite
def courses(draw: st.DrawFn, retry_count: int) -> Course:
    """A call that is tried as often as the gateway tries it, and no more."""
    failed = draw(st.lists(st.tuples(st.sampled_from(UNANSWERED), seconds), max_size=retry_count))
    words = ["NORMAL", "ERROR", "UNKNOWN"]
    words += ["EXPIRED"] if not failed else []
    words += list(UNANSWERED) if len(failed) == retry_count else []
    last = (draw(st.sampled_from(words)), draw(seconds))
    return Course(
        queued=draw(st.sampled_from([0.0, 3.0, 40.0])),
        tries=(*failed, last),
        pause=draw(pauses),
        shows_tries=draw(st.booleans()),
        dates_tries=draw(st.booleans()),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[int, float, list[Schedule]]:
    """The retry count, how late the POST's answer is, and how each call and its event go."""
    retry_count = draw(st.integers(0, 3))
    sending = st.builds(
        Sending, times=st.integers(1, 2), after=st.sampled_from([0.0, 1.0, 20.0, 200.0, 4000.0])
    )
    schedules = draw(
        st.lists(
            st.tuples(courses(retry_count), st.lists(sending, max_size=2)), min_size=1, max_size=3
        )
    )
    return retry_count, draw(st.sampled_from([0.0, 0.0, 10.0, 25.0])), schedules


def said_of(call: Call) -> tuple[Any, ...]:
    """All that the record holds of what the gateway said of a call."""
    return (
        call.number,
        call.status,
        call.word,
        call.bill_sec,
        call.price,
        call.request_date,
        call.execution_date,
        call.final,
    )


async def live(
    path: Path,
    *,
    retry_count: int,
    answers_after: float,
    schedules: list[Schedule],
    pace: Pace,
) -> tuple[list[tuple[Any, ...]], list[ReportKind]]:
    """One batch of these calls from its launch until nothing more happens."""
    clock = Clock(asyncio.get_running_loop())
    board = Switchboard(clock, holds=True)
    house = await House.open(
        path, board=board, clock=clock, defaults=Defaults(retry_count=retry_count), pace=pace
    )
    tasks = []

    async def send(call_id: str, course: Course, sending: Sending) -> None:
        await asyncio.sleep(course.ends_after + sending.after)
        for _ in range(sending.times):
            await house.events.take(course.event(board.calls[call_id]))

    async with house.following():
        batch_id = await house.launch(len(schedules))
        await house.step()
        (post,) = board.open_posts()
        answer = board.accept(post)
        for call_id, (course, sendings) in zip(list(board.calls), schedules, strict=True):
            board.courses[call_id] = course
            tasks += [asyncio.create_task(send(call_id, course, s)) for s in sendings]
        await asyncio.sleep(answers_after)
        board.answer(post, answer)
        passed = 0.0
        while passed < LONGEST:
            await house.pass_time(120.0)
            passed += 120.0
            if all(call.final for call in await house.calls(batch_id)) and all(
                task.done() for task in tasks
            ):
                break
        await house.pass_time(MOST + 10)
    await asyncio.gather(*tasks)
    calls = [said_of(call) for call in await house.calls(batch_id)]
    reports = await house.database.read(lambda tx: tx.reports.of_batch(batch_id))
    evidence = await house.database.read(lambda tx: tx.evidence.waiting())
    assert evidence == []
    assert house.database.impossible == []
    await house.close()
    return calls, sorted(r.kind for r in reports)


def lives(world: tuple[int, float, list[Schedule]], pace: Pace) -> Any:
    """How that world ends at this pace."""
    retry_count, answers_after, schedules = world
    folder = Path(tempfile.mkdtemp(dir=WORKSHOP))
    loop = VirtualLoop()
    try:
        return loop.finish(
            live(
                folder / "callboard.db",
                retry_count=retry_count,
                answers_after=answers_after,
                schedules=schedules,
                pace=pace,
            )
        )
    finally:
        loop.close()
        shutil.rmtree(folder)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@example((3, 0.0, [(UNSEEN, [])]))
@given(worlds())
def test_same_end(world: tuple[int, float, list[Schedule]]) -> None:
    """With events off, on, and lost, late or doubled at random, the final records are the same."""
    retry_count, late, schedules = world
    on = [(course, [Sending()]) for course, _ in schedules]
    off: list[Schedule] = [(course, []) for course, _ in schedules]
    without = lives((retry_count, late, off), Pace(first=FIRST, most=MOST))
    assert all(call[-1] for call in without[0])
    for (course, _), call in zip(schedules, without[0], strict=True):
        assert call[2] == course.tries[-1][0]
    events = Pace(first=FIRST, most=MOST, events=True)
    assert lives((retry_count, late, on), events) == without
    assert lives(world, events) == without
    assert lives(world, Pace(first=FIRST, most=MOST)) == without
