"""The gateway's own time, which can go faster or slower than the clock, and what is due in it."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

SOON = 0.001  # seconds between two looks at what is all but due: a float may round down


@dataclass(frozen=True, slots=True)
class _Turn:
    """From this moment on, time goes at this speed."""

    real: float
    simulated: float
    speed: float


class SimulatedTime:
    """Seconds that go by at a speed; a new speed bends them, and they never jump.

    Args:
        clock: gives epoch seconds.
        speed: simulated seconds in one of the clock's; more than 0.

    Attributes:
        on_turn: is called after each new speed.
    """

    def __init__(self, clock: Callable[[], float], speed: float) -> None:
        self._clock = clock
        self._turns = [_Turn(clock(), 0.0, speed)]
        self.on_turn: Callable[[], object] = lambda: None

    @property
    def speed(self) -> float:
        """Simulated seconds in one of the clock's."""
        return self._turns[-1].speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if speed != self.speed:
            self._turns.append(_Turn(self._clock(), self.now, speed))
            self.on_turn()

    @property
    def now(self) -> float:
        """Simulated seconds since the start; fewer than before where the clock was set back."""
        turn = self._turns[-1]
        return turn.simulated + (self._clock() - turn.real) * turn.speed

    def clock_at(self, simulated: float) -> float:
        """Return what the clock shows at a simulated moment, at the speeds told so far."""
        earlier = (turn for turn in reversed(self._turns) if turn.simulated <= simulated)
        turn = next(earlier, self._turns[0])
        return turn.real + (simulated - turn.simulated) / turn.speed


class Timetable:
    """What is due in simulated time, done by `run` in the order in which it is due.

    Args:
        time: the time that it goes by.
    """

    def __init__(self, time: SimulatedTime) -> None:
        self._time = time
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = itertools.count()
        self._woken = asyncio.Event()
        time.on_turn = self.wake

    def add(self, at: float, deed: Callable[[], None]) -> None:
        """Let `deed` be done at a simulated moment."""
        heapq.heappush(self._due, (at, next(self._serial), deed))
        if self._due[0][0] == at:
            self.wake()

    def clear(self) -> None:
        """Forget what is due."""
        self._due.clear()

    def wake(self) -> None:
        """Look again how long to wait: the speed or the clock has changed."""
        self._woken.set()

    def catch_up(self) -> None:
        """Do what is due by now."""
        while self._due and self._due[0][0] <= self._time.now:
            heapq.heappop(self._due)[2]()

    async def run(self) -> None:
        """Do everything when it is due, until cancelled."""
        while True:
            self._woken.clear()
            self.catch_up()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_left()):
                    await self._woken.wait()

    def _seconds_left(self) -> float | None:
        """Return the clock's seconds until the next deed; None if there is none."""
        if not self._due:
            return None
        return max(SOON, (self._due[0][0] - self._time.now) / self._time.speed)
