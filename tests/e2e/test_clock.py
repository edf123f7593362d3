"""The clock jumps by an hour, and machines that slept (row 42), by the real program."""

import asyncio
from pathlib import Path

import pytest

from sandbox.bitel import faults
from tests.e2e.harness import World, call
from tests.e2e.processes import Process, spawn

HOUR = 3600.0
# The program with a clock that can be set from outside; asyncio's own is another one.
SHIFTED = """
import os, runpy, time
real = time.time
time.time = lambda: real() + float(open(os.environ["CLOCK_OFFSET"]).read())
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


class Clock:
    """A file that says by how much the program's clock is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set(0)

    def set(self, seconds: float) -> None:
        """Let the clock jump, in one step as the program sees it."""
        new = self.path.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self.path)


async def start(world: World, clock: Clock, **settings: str) -> Process:
    """Start the program with that clock."""
    asked = len(world.tg.calls)
    process = spawn(
        {**world.settings, "CONFIRM_ABOVE": "100", "CLOCK_OFFSET": str(clock.path), **settings},
        world.directory,
        world.logs / f"{world.directory.name}-clock.log",
        ("-c", SHIFTED, "run"),
    )
    world.processes.append(process)
    await world.ready(process, asked)
    return process


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_row_42_what_was_queued_is_held_when_the_clock_jumps(
    world: World, tmp_path: Path, jump: float
) -> None:
    """A launch that waits for its next attempt is not made an hour later, nor an hour before."""
    clock = Clock(tmp_path / "clock")
    await start(world, clock, BITEL_API_URL="http://127.0.0.1:9", BITEL_TIMEOUT="2")
    board = await world.ask(world.sara, call(world.numbers(3)))
    await world.shows(board, "attempt 1 of 3")
    clock.set(jump)
    if jump < 0:  # its next attempt is an hour ahead now; the clock that is put right finds it
        await asyncio.sleep(2.5)
        assert world.record.value("SELECT attempts FROM submissions") == 1
        clock.set(-jump)
    await world.until(lambda: world.record.batches() == ["held"])
    assert world.record.batch(1)["hold_reason"] == "away"
    assert world.record.value("SELECT attempts FROM submissions") == 1
    await world.shows(board, "I was away")


async def test_row_42_the_rest_of_a_batch_is_held_after_a_sleep(
    world: World, tmp_path: Path
) -> None:
    """Four batches are under way and a fifth waits for a slot when the machine sleeps an hour."""
    clock = Clock(tmp_path / "clock")
    await start(world, clock)
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate), 4)
    for _ in range(4):
        world.tg.send(world.sara, world.sara, call(world.numbers(1)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 4)
    world.tg.send(world.bob, world.bob, call(world.numbers(3)))
    await world.sent(5, "queued")
    clock.set(HOUR)
    gate.set()
    await world.until(lambda: world.record.batches()[4] == "held")
    await world.until(lambda: world.record.states() == ["accepted"] * 4 + ["queued"])
    assert world.bitel.posts == 4


async def test_row_42_commands_and_drafts_of_before_the_jump_launch_nothing(
    world: World, tmp_path: Path
) -> None:
    """They are an hour old as far as the program knows."""
    clock = Clock(tmp_path / "clock")
    await start(world, clock)
    draft = await world.ask(world.sara, call(world.numbers(101)))
    assert "Nothing is sent yet" in draft.text
    clock.set(HOUR)
    assert "I was away" in (await world.ask(world.sara, call(world.numbers(1)))).text
    answer = await world.tg.answer_of(world.tg.press_data(world.sara, draft, "ok:x"))
    assert answer.show_alert
    await world.shows(draft, "nothing was called")
    assert world.bitel.posts == 0
