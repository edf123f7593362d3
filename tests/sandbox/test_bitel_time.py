"""The gateway's own time: speeds that change, and what is due in it."""

import asyncio
import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bitel import BitelSandbox
from sandbox.bitel.simulated_time import SimulatedTime, Timetable
from tests.sandbox.bitel_rig import ANSWERED, NOON, Clock, place, rig

SPEEDS = st.floats(0.1, 1000)
TURNS = st.lists(st.tuples(st.integers(0, 10_000), SPEEDS), max_size=8)


@given(TURNS)
def test_time_is_the_sum_of_its_stretches(turns: list[tuple[int, float]]) -> None:
    """Whatever the speeds, each second of the clock counts by the speed that was set then."""
    clock = Clock()
    time = SimulatedTime(clock, 1.0)
    expected, speed = 0.0, 1.0
    for seconds, following in turns:
        clock.now += seconds
        expected += seconds * speed
        time.speed = speed = following
        assert time.now == pytest.approx(expected)
    assert time.speed == speed


@given(TURNS, st.floats(0, 1))
def test_every_moment_has_its_place_on_the_clock(
    turns: list[tuple[int, float]], share: float
) -> None:
    """The clock's time of a simulated moment is found again after any changes of speed."""
    clock = Clock()
    time = SimulatedTime(clock, 1.0)
    noted = []
    for seconds, speed in turns:
        clock.now += seconds * share
        noted.append((time.now, clock.now))
        clock.now += seconds * (1 - share)
        time.speed = speed
    assert [time.clock_at(moment) for moment, _ in noted] == pytest.approx(
        [real for _, real in noted]
    )


def test_a_new_speed_moves_no_call() -> None:
    """A call goes on from where it stands when the speed changes, and keeps its execution date."""
    clock = Clock()
    bitel = BitelSandbox(token="jwt", clock=clock)
    (call,) = place(bitel, ANSWERED)
    clock.now += 4
    assert bitel.book.phase(call).name == "ringing"
    bitel.speed = 1000
    assert (bitel.speed, bitel.book.elapsed(call)) == (1000, 4)
    assert (bitel.book.phase(call).name, bitel.progress(call).status) == ("ringing", "WAITING")
    clock.now += 0.016
    assert bitel.progress(call).status == "NORMAL"
    assert bitel.entry(call)["executionDate"] == int(NOON + 3)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_time_never_stands(speed: float) -> None:
    """A speed that is not above zero is refused, at the start and later."""
    with pytest.raises(ValueError, match="more than 0"):
        BitelSandbox(token="jwt", speed=speed)
    bitel = BitelSandbox(token="jwt", speed=2)
    with pytest.raises(ValueError, match="more than 0"):
        bitel.speed = speed
    assert bitel.speed == 2


async def test_deeds_are_done_in_their_order() -> None:
    """What is due is done by its time, and in the order told where that is the same."""
    clock = Clock()
    done: list[str] = []
    time = SimulatedTime(clock, 10.0)
    table = Timetable(time)
    for at, name in ((30.0, "late"), (10.0, "first"), (10.0, "second"), (20.0, "third")):
        table.add(at, functools.partial(done.append, name))
    table.catch_up()
    assert done == []
    clock.now += 2.0
    table.catch_up()
    assert done == ["first", "second", "third"]
    table.clear()
    clock.now += 2.0
    table.catch_up()
    assert done == ["first", "second", "third"]


async def test_a_new_speed_wakes_who_waits() -> None:
    """A deed that is hours away is done at once when the time is let go that fast."""
    time = SimulatedTime(asyncio.get_running_loop().time, 1.0)
    table, done = Timetable(time), asyncio.Event()
    table.add(10_000.0, done.set)
    running = asyncio.create_task(table.run())
    await asyncio.sleep(0)
    assert not done.is_set()
    time.speed = 1e9
    async with asyncio.timeout(5):
        await done.wait()
    running.cancel()


async def test_calls_end_by_themselves() -> None:
    """While it serves, a call goes through its phases, and is counted, with nobody asking."""
    told: list[tuple[object, ...]] = []
    ended = asyncio.Event()

    def touched(*key: object) -> None:
        told.append(key)
        if r.bitel.book.ended:
            ended.set()

    async with rig(speed=1000.0) as r:
        r.bitel.touched = touched
        (call,) = await r.placed(ANSWERED)
        async with asyncio.timeout(5):
            await ended.wait()
        assert ("call", call) in told
        assert r.bitel.book.totals() == {
            "calls": 1,
            "open": 0,
            "ended": {"NORMAL": 1},
            "cost": 34.2,
        }
