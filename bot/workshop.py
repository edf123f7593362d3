"""Heavy work in a child process, so that it delays no launch: a thread would (the GIL, measured).

A job is a plain function of a module, its arguments and its result can be pickled. Each has a
fresh process of its own, which gives all memory back and knows nothing of Ctrl-C; a pool's worker
would import the whole program first, and outlive it after a `kill -9`.
"""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from bot.workbench import LENGTH

P = ParamSpec("P")
R = TypeVar("R")

_SERVE = "import sys; sys.path[:] = sys.argv[1:]; from bot.workbench import serve; serve()"
_SHOWN = 2000  # characters of what a job that died has said last


class WorkshopError(Exception):
    """The job has failed, took too long, or the program stops; the text is for the log."""


class Workshop:
    """One job at a time; the others wait for their turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._closed = False

    async def make(
        self, within: float, job: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Return what the job returns; its process is ended after `within` seconds.

        Raises:
            WorkshopError: see there.
        """
        order = pickle.dumps((job, args, kwargs))
        async with self._turn:
            if self._closed:
                raise WorkshopError("the program stops")
            try:
                async with asyncio.timeout(within):
                    code, answer, said = await self._ask(order)
            except TimeoutError:
                raise WorkshopError(f"{job.__name__} took longer than {within:.0f} s") from None
        if not answer and self._closed:
            raise WorkshopError("the program stops")
        if not answer:
            raise WorkshopError(f"{job.__name__} died ({code}): {said[-_SHOWN:]}")
        done, result = pickle.loads(answer)  # noqa: S301 -- written by our own child
        if not done:
            raise WorkshopError(f"{job.__name__} failed: {result}")
        return cast("R", result)

    async def close(self) -> None:
        """End the job that runs, and let no other one begin."""
        self._closed = True
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        async with self._turn:
            return

    async def _ask(self, order: bytes) -> tuple[int, bytes, str]:
        """The exit code of one process, its answer, and what it said on stderr."""
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", _SERVE, *sys.path),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,  # Ctrl-C is for the program, which ends its children itself
        )
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise WorkshopError("a process without pipes")
        if self._closed:  # while it was being started
            process.kill()
        try:
            process.stdin.writelines((LENGTH.pack(len(order)), order))
            answer, said = await asyncio.gather(process.stdout.read(), process.stderr.read())
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            process.stdin.close()
        return code, answer, said.decode(errors="replace")
