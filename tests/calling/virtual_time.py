"""An event loop whose time stands still, and a wall clock on top of it.

Nothing here waits for real seconds: when every task waits for a timer, the loop's time jumps to
that timer. While one of the database's threads works the loop stands still, so that what happens
does not depend on which of them is faster.
"""

import asyncio
import selectors
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future, wait
from typing import Any, TypeVar

T = TypeVar("T")
NOON = 1_750_000_000.0  # UTC seconds at which every test begins


class _Selector(selectors.DefaultSelector):
    """Never waits; asks the loop what to do when nothing else is left."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        self.loop.idle(timeout)
        return super().select(0)


def _hand_over(work: "Future[T]", future: "asyncio.Future[T]") -> None:
    if future.cancelled():
        return
    if (error := work.exception()) is not None:
        future.set_exception(error)
    else:
        future.set_result(work.result())


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time moves only when nothing else can happen."""

    def __init__(self) -> None:
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self._now = 0.0
        self._settling = False
        self._settled: deque[asyncio.Future[None]] = deque()

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def run_in_executor(  # type: ignore[override]  # the same, seen from the only callers we have
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> "asyncio.Future[T]":
        """Stand still until the thread is done; who asked goes on in the next turn of the loop."""
        if executor is None:
            return super().run_in_executor(executor, func, *args)
        work, future = executor.submit(func, *args), self.create_future()
        wait([work])
        self.call_soon(_hand_over, work, future)
        return future

    def idle(self, timeout: float | None) -> None:
        """Every task waits: stop, if that was asked for, or go to the next timer."""
        if self._settled:
            self._settled.popleft().set_result(None)
        elif self._settling:
            self.stop()
        elif timeout is None:
            self.stop()  # nothing will ever happen again: let the runner complain
        else:
            self._now += timeout

    async def settled(self) -> None:
        """Return when everything else waits for time."""
        future: asyncio.Future[None] = self.create_future()
        self._settled.append(future)
        await future

    def settle(self) -> None:
        """Let everything happen that can happen without time."""
        self._settling = True
        try:
            self.run_forever()
        finally:
            self._settling = False

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass, with all that happens in them."""
        self.call_later(seconds, self.stop)
        self.run_forever()
        self.settle()

    def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one task to its end, then let everything happen that needs no time."""
        result = self.run_until_complete(work)
        self.settle()
        return result


class Clock:
    """A wall clock that goes with a loop's time, and can be put wrong."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ahead = NOON

    def __call__(self) -> float:
        """UTC seconds, on whatever thread."""
        return self._ahead + self._loop.time()

    def jump(self, seconds: float) -> None:
        """Put the clock forward or back; timers know nothing of it, as when a machine sleeps."""
        self._ahead += seconds
