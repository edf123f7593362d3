"""Jobs in a child process: their answers, and that no process outlives its purpose."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from bot.workshop import Workshop, WorkshopError
from tests import workshop_jobs as jobs

LONG = 60.0

PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.workshop import Workshop
from tests.workshop_jobs import hang
asyncio.run(Workshop().make(60.0, hang, Path(sys.argv[1])))
"""


@pytest_asyncio.fixture
async def workshop() -> AsyncIterator[Workshop]:
    """A workshop that is closed afterwards."""
    workshop = Workshop()
    yield workshop
    await workshop.close()


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether something comes true that another process does."""
    until = time.monotonic() + LONG
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


async def marked(path: Path) -> int:
    """The process of a job that hangs, once it does."""
    assert await asyncio.to_thread(wait_until, path.exists)
    return int(await asyncio.to_thread(path.read_text, encoding="ascii"))


def has_ended(pid: int) -> bool:
    """Whether there is no such process any more."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def gone(pid: int) -> bool:
    """Whether a process ends."""
    return await asyncio.to_thread(wait_until, lambda: has_ended(pid))


async def test_a_job_returns_its_result(workshop: Workshop) -> None:
    """Positional and named arguments go in, the result comes back, and prints do no harm."""
    assert await workshop.make(LONG, jobs.add, 2, other=3) == 5


async def test_a_large_answer(workshop: Workshop) -> None:
    """An answer larger than any pipe's buffer comes whole."""
    assert await workshop.make(LONG, jobs.large, 3_000_000) == b"x" * 3_000_000


async def test_a_job_that_raises(workshop: Workshop) -> None:
    """The error names the job and carries its traceback; the next job is not harmed."""
    with pytest.raises(WorkshopError, match=r"(?s)fail failed: .*ValueError: no luck"):
        await workshop.make(LONG, jobs.fail, "no luck")
    assert await workshop.make(LONG, jobs.add, 2, other=3) == 5


async def test_a_job_whose_process_is_killed(workshop: Workshop) -> None:
    """The error says how it ended and what it said last."""
    with pytest.raises(WorkshopError, match=r"(?s)die died \(-9\): .*last words"):
        await workshop.make(LONG, jobs.die)


async def test_a_job_does_not_compete_with_the_program(workshop: Workshop) -> None:
    """Its process is nice, out of Ctrl-C's reach, and has imported no Telegram."""
    nice, session, modules = await workshop.make(LONG, jobs.about)
    assert nice > os.nice(0)
    assert session != os.getsid(0)
    assert "telegram" not in modules


async def test_a_job_that_takes_too_long(workshop: Workshop, tmp_path: Path) -> None:
    """It is ended with its process, and the next one has its turn."""
    slow = asyncio.create_task(workshop.make(3.0, jobs.hang, tmp_path / "mark"))
    pid = await marked(tmp_path / "mark")
    with pytest.raises(WorkshopError, match="hang took longer than 3 s"):
        await slow
    assert await gone(pid)
    assert await workshop.make(LONG, jobs.add, 2, other=3) == 5


async def test_a_job_that_nobody_waits_for(workshop: Workshop, tmp_path: Path) -> None:
    """Cancelling who waits ends the process, too."""
    task = asyncio.create_task(workshop.make(LONG, jobs.hang, tmp_path / "mark"))
    pid = await marked(tmp_path / "mark")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(pid)


async def test_closing(tmp_path: Path) -> None:
    """The job that runs is ended, the one that waits for its turn and later ones never begin."""
    workshop = Workshop()
    running = asyncio.create_task(workshop.make(LONG, jobs.hang, tmp_path / "mark"))
    pid = await marked(tmp_path / "mark")
    waiting = asyncio.create_task(workshop.make(LONG, jobs.add, 2, other=3))
    await workshop.close()
    assert await gone(pid)
    for task in (running, waiting):
        with pytest.raises(WorkshopError, match="the program stops"):
            await task
    with pytest.raises(WorkshopError, match="the program stops"):
        await workshop.make(LONG, jobs.add, 2, other=3)


async def test_closing_while_a_process_is_being_started() -> None:
    """A job whose process stands a moment later is ended all the same."""
    workshop = Workshop()
    running = asyncio.create_task(workshop.make(LONG, jobs.large, 3_000_000))
    await asyncio.sleep(0)
    await workshop.close()
    with pytest.raises(WorkshopError, match="the program stops"):
        await running


async def test_a_job_ends_with_a_program_that_is_killed(tmp_path: Path) -> None:
    """After a `kill -9` of the program its child is gone, too."""
    program = subprocess.Popen(  # noqa: ASYNC220 -- is killed, not waited for
        [sys.executable, "-c", PROGRAM, str(tmp_path / "mark")],
        cwd=Path(__file__).parents[1],
    )
    pid = await marked(tmp_path / "mark")
    program.send_signal(signal.SIGKILL)
    program.wait()
    assert await gone(pid)
