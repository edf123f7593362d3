"""Jobs for the tests of the workshop: plain functions, as a child process can find them."""

import os
import signal
import sys
import time
from pathlib import Path


def add(one: int, *, other: int) -> int:
    """A job that says something on stdout first."""
    print("thinking", flush=True)  # noqa: T201 -- what a job prints must not spoil its answer
    return one + other


def fail(why: str) -> None:
    """A job that raises."""
    raise ValueError(why)


def die() -> None:
    """A job whose process is killed, as by a machine without memory."""
    print("last words", file=sys.stderr, flush=True)  # noqa: T201 -- for the error's text
    os.kill(os.getpid(), signal.SIGKILL)


def large(size: int) -> bytes:
    """A job with a large answer."""
    return b"x" * size


def about() -> tuple[int, int, list[str]]:
    """What a job's process is: its niceness, its session, and the modules that it has."""
    return os.nice(0), os.getsid(0), sorted(sys.modules)


def hang(mark: Path) -> None:
    """A job without end; the file says which process it is."""
    mark.with_suffix(".tmp").write_text(str(os.getpid()), encoding="ascii")
    mark.with_suffix(".tmp").rename(mark)
    while True:
        time.sleep(1.0)
