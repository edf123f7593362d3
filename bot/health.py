"""Whether the program does its work: the checks behind `/healthz`, and the watch over the loop.

The watch ends the process if updates are not handled any more: a supervisor starts it anew, which
cures it, while a process that is alive and deaf would be left alone.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from telegram.ext import Application

from bot.hearing import Canary, Hearing, ears
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

TICK: Final = 1.0  # seconds between two looks of the watch
CANARY_EVERY: Final = 10.0  # seconds
CANARY_LATE: Final = 5  # looks without a song before the health check fails
CANARY_DEAD: Final = 60  # looks before the process ends; counted in looks, so that a machine
# that slept, in which nothing else could run either, is no reason
SILENT: Final = 90.0  # seconds without an answer; a poll lasts 10, the library's back-off 30
LAG_KEPT: Final = 60.0  # seconds
LAG_BAD: Final = 5.0  # seconds
LAG_LOGGED: Final = 1.0  # seconds
PROBE_EVERY: Final = 5.0  # seconds for which what a test write said is believed
PROBE_PATIENCE: Final = 6.0  # seconds; a write waits 5 for another program's lock


class DeafError(Exception):
    """Updates are not heard or not handled any more, and only a new process cures it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How one part of the program is, in words that hold nothing private."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What the program knows of itself at one moment.

    Attributes:
        lag: the longest standstill within the last minute, in seconds.
        telegram_age: seconds since Telegram last answered; None if it never did.
        updates: how many updates wait to be handled.
    """

    lag: float
    telegram_age: float | None
    updates: int


class Health:
    """Looks at the program from inside.

    Args:
        application: handles the updates.
        hearing: knows of the polling.
        database: is written to, to see whether it can be.
        tick: seconds between two looks of the watch.
        clock: a monotonic one, in seconds.
    """

    def __init__(
        self,
        *,
        application: Application[Any, Any, Any, Any, Any, Any],
        hearing: Hearing,
        database: Database,
        tick: float = TICK,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._hearing = hearing
        self._database = database
        self._tick = tick
        self._clock = clock
        self._canary = Canary()
        self._canary.seen = True
        self._sent_at = float("-inf")
        self._waited = 0
        self._silent = False
        self._ended: list[str] = []
        self._lags: deque[tuple[float, float]] = deque()
        self._probe: asyncio.Task[str] | None = None
        self._probed_at = float("-inf")

    @property
    def lag(self) -> float:
        """The longest time within the last minute, in seconds, for which nothing could run."""
        now = self._clock()
        while self._lags and self._lags[0][0] < now - LAG_KEPT:
            self._lags.popleft()
        return max((lag for _, lag in self._lags), default=0.0)

    def inside(self) -> Inside:
        """What can be told without asking anybody."""
        return Inside(
            lag=self.lag,
            telegram_age=self._hearing.age,
            updates=self._application.update_queue.qsize(),
        )

    async def run(self) -> None:
        """Watch for as long as the process lives.

        Raises:
            DeafError: updates are not handled any more.
        """
        while True:
            began = self._clock()
            await asyncio.sleep(self._tick)
            self._note_lag(self._clock() - began - self._tick)
            self._watch_canary()
            self._watch_silence()

    async def until_deaf(self) -> None:
        """Wait until polling or the handling of updates ends by itself, as polling does on a 401.

        The process would live on and hear nothing (measured with python-telegram-bot 22.8).

        Raises:
            DeafError: it has ended.
        """
        tasks = ears(self._application)
        await asyncio.wait(tasks.values(), return_when=asyncio.FIRST_COMPLETED)
        self._ended = [name for name, task in tasks.items() if task.done()]
        raise DeafError(
            f"{' and '.join(self._ended)} has ended: Telegram refuses the token, or a fault of the"
            " library"
        )

    async def checks(self) -> list[Check]:
        """How every part is; asking writes to the database, every few seconds at most."""
        return [
            self._check_telegram(),
            self._check_ears(),
            self._check_canary(),
            await self._check_database(),
            self._check_loop(),
        ]

    # The watch

    def _note_lag(self, lag: float) -> None:
        self._lags.append((self._clock(), lag))
        if lag > LAG_LOGGED:
            log.warning("the program stood still for %.1f s", lag)

    def _watch_canary(self) -> None:
        if not self._application.running:
            self._canary.seen, self._waited = True, 0
            return
        if self._canary.seen:
            self._waited = 0
            if self._clock() >= self._sent_at + CANARY_EVERY:
                self._canary, self._sent_at = Canary(), self._clock()
                self._application.update_queue.put_nowait(self._canary)
            return
        self._waited += 1
        if self._waited == CANARY_LATE:
            log.error(
                "updates are not handled: a test has waited for %.0f s", self._waited * self._tick
            )
        if self._waited >= CANARY_DEAD and not self._crowded:
            raise DeafError("updates are not handled any more")

    @property
    def _crowded(self) -> bool:
        """Whether as many updates as may be are being handled: slow, but not deaf."""
        processor = self._application.update_processor
        return processor.current_concurrent_updates >= processor.max_concurrent_updates

    def _watch_silence(self) -> None:
        age = self._hearing.age
        silent = age is not None and age > SILENT
        if silent and not self._silent:
            log.error("Telegram has not answered for %.0f s", age)
        elif self._silent and not silent:
            log.info("Telegram answers again")
        self._silent = silent

    # The checks

    def _check_telegram(self) -> Check:
        age = self._hearing.age
        if age is None:
            ok, words = False, "Telegram has not answered yet"
        elif self._hearing.conflict:
            ok, words = False, "another program asks Telegram for the updates of this bot"
        elif age > SILENT:
            ok, words = False, f"Telegram has not answered for {age:.0f} s"
        else:
            ok, words = True, f"Telegram answered {age:.0f} s ago"
        return Check(name="telegram", ok=ok, words=words)

    def _check_ears(self) -> Check:
        tasks = ears(self._application)
        ended = self._ended or [name for name, task in tasks.items() if task.done()]
        if ended:
            ok, words = False, f"the {' and the '.join(ended)} has ended"
        elif not tasks:
            ok, words = False, "polling has not begun yet"
        else:
            ok, words = True, "polling and the handling of updates go on"
        return Check(name="poller", ok=ok, words=words)

    def _check_canary(self) -> Check:
        if not self._application.running:
            ok, words = False, "updates are not handled yet, or not any more"
        elif self._waited >= CANARY_LATE:
            ok, words = False, f"no update was handled for {self._waited * self._tick:.0f} s"
        else:
            ok, words = True, "updates are handled"
        return Check(name="updates", ok=ok, words=words)

    async def _check_database(self) -> Check:
        """One test write at a time: behind a lock, they would queue up before what counts."""
        if self._probe is None or (
            self._probe.done() and self._clock() >= self._probed_at + PROBE_EVERY
        ):
            self._probed_at = self._clock()
            self._probe = asyncio.create_task(self._write_probe(), name="database-probe")
        await asyncio.wait({self._probe}, timeout=PROBE_PATIENCE)
        if not self._probe.done():
            words = f"a test write has waited for {self._clock() - self._probed_at:.0f} s"
        else:
            words = self._probe.result()
        return Check(name="database", ok=not words, words=words or "the database takes writes")

    async def _write_probe(self) -> str:
        """What is wrong with writing; empty if nothing is."""
        try:
            await self._database.write(lambda tx: tx.pauses.touch())
        except StorageError as error:
            return f"a test write failed: {error}"
        return ""

    def _check_loop(self) -> Check:
        lag = self.lag
        words = f"the longest standstill within a minute was {lag:.1f} s"
        return Check(name="loop", ok=lag < LAG_BAD, words=words)
