"""The tracker: one worker, fed by the database, that asks about every open call until it is final.

A bell or a timer only wakes it. What is due is read in turns over the batches, so that a large
one keeps no small one waiting, and answers are recorded in groups, so that the writer is free for
launches.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.calling import endings, first_wave, halting
from bot.calling.matching import news_of
from bot.calling.politeness import Breaker, Rate
from bot.calling.signals import Signals
from bot.calling.tracking import Pace
from bot.calling.turns import due
from bot.gateway.errors import (
    CallNotFoundError,
    GatewayAnswerError,
    GatewayError,
    GatewayUnauthorisedError,
    GatewayUnreachableError,
)
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import DatabaseBusyError, DiskRefusesError, StorageError
from storage.models import CallNews, PauseReason
from storage.stores import Stores

log = logging.getLogger(__name__)

AT_ONCE = 16  # questions under way
AHEAD = 2.0  # seconds' worth of questions that are read at once
LOOK = 5.0  # seconds between two looks when nobody rings: also a clock that was put is noticed
LOOK_AGAIN = 0.2  # seconds between two looks at least
GATHER = 0.25  # seconds in which answers are gathered for one commit
GROUP = 25  # answers in one commit
UNRECORDED = 64  # answers that wait for a record that refuses; with more nothing is asked
WRITE_AGAIN = 2.0  # seconds after a commit that failed
JUMP = 5.0  # seconds by which the clock was put, and not just corrected
PATIENCE = 3600.0  # seconds of asking in vain before a call whose time is over is given up
DEADLINES = 30.0  # seconds between two looks for batches that take too long
SET_ASIDE = 300.0  # seconds without questions about a call whose answer could not be recorded

_SERVER_ERRORS = 500  # and all HTTP statuses above
_SAID_OF_US = frozenset({403, 407, 408, 429})  # not of the call


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of one question; without news it was `answered` by "not found", or not at all.

    `away` tells that the gateway was not there, so that it was not the call's fault.
    """

    gateway_id: str
    news: CallNews | None = None
    answered: bool = True
    away: bool = False
    unauthorised: bool = False


class Tracker:
    """Asks at most `rate` times a second, for all batches together."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        signals: Signals,
        pace: Pace | None = None,
        rate: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._signals = signals
        self._pace = pace or Pace()
        self._clock = clock
        self._rate = Rate(rate)
        self._breaker = Breaker()
        self._ahead = max(4, round(rate * AHEAD))
        self._queue: deque[str] = deque()
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._heard: list[Heard] = []
        self._set_aside: dict[str, float] = {}
        self._write_at = self._look_at = self._late_at = float("-inf")
        self._last_batch = 0
        self._began: float | None = None
        self._clock_ahead: float | None = None

    @property
    def under_way(self) -> int:
        """How many questions wait for an answer, or for its record."""
        return len(self._asking) + len(self._heard)

    async def run(self) -> None:
        """Follow all calls for as long as the process lives."""
        try:
            while True:
                try:
                    seconds = await self.step()
                except StorageError as error:
                    log.warning("calls cannot be followed now: %s", error)
                    seconds = 1.0
                await self._signals.tracker.wait(seconds)
        finally:
            asking = list(self._asking.values())
            for task in asking:
                task.cancel()
            # Each hangs up by itself; the gateway's connections are closed after this.
            await asyncio.gather(*asking, return_exceptions=True)

    async def step(self) -> float:
        """Record what was heard, ask what may be asked; the seconds until there is more to do."""
        await self._notice_clock()
        await self._record()
        wait = LOOK
        if not self._queue:
            wait = await self._look()
        while self._queue and (pause := self._may_ask_in()) is not None:
            if pause > 0:
                wait = min(wait, pause)
                break
            self._ask(self._queue.popleft())
        await self._find_late()
        if self._heard:
            wait = min(wait, self._write_at - _ticks())
        return max(0.005, wait)

    def _may_ask_in(self) -> float | None:
        """In how many seconds the next question may be asked; None: not before an answer."""
        if len(self._asking) >= AT_ONCE or len(self._heard) >= UNRECORDED:
            return None
        closed_for = self._breaker.wait(_ticks())
        return None if closed_for is None else max(closed_for, self._rate.wait(_ticks()))

    # --- what is due ---

    async def _look(self) -> float:
        """Read what is due into the queue; the seconds until the next look is worth its while."""
        if (early := self._look_at - _ticks()) > 0:
            return early
        self._look_at = _ticks() + LOOK_AGAIN
        now = self._clock()
        self._set_aside = {i: at for i, at in self._set_aside.items() if at > _ticks()}
        busy = {*self._asking, *(heard.gateway_id for heard in self._heard), *self._set_aside}
        found, self._last_batch, next_at = await self._database.read(
            lambda tx: due(tx, now, self._last_batch, self._ahead, busy)
        )
        self._queue.extend(found)
        return LOOK if next_at is None else min(LOOK, max(LOOK_AGAIN, next_at - now))

    async def _notice_clock(self) -> None:
        """A clock that was put must neither hold up a question nor end a wait early."""
        ahead = self._clock() - _ticks()
        before, self._clock_ahead = self._clock_ahead, ahead
        if before is None or abs(ahead - before) > JUMP:
            now, most = self._clock(), self._pace.most
            jumped = before is not None
            try:
                await self._database.write(
                    lambda tx: tx.open_calls.clock_was_put(now, most=most, jumped=jumped)
                )
            except StorageError:
                self._clock_ahead = before
                raise
            self._look_at = float("-inf")

    async def _find_late(self) -> None:
        if _ticks() < self._late_at:
            return
        self._late_at = _ticks() + DEADLINES
        now = self._clock()
        if await self._database.read(lambda tx: tx.reports.past_deadline(now)):
            await self._database.write(lambda tx: endings.find_late(tx, now=now))
            self._signals.boards.ring()

    # --- asking ---

    def _ask(self, gateway_id: str) -> None:
        self._began = _ticks() if self._began is None else self._began
        self._rate.take(_ticks())
        self._breaker.asked()
        task = asyncio.create_task(self._question(gateway_id), name=f"question-{gateway_id}")
        self._asking[gateway_id] = task
        task.add_done_callback(lambda _: self._done(gateway_id))

    async def _question(self, gateway_id: str) -> None:
        asked_at = _ticks()
        heard = Heard(gateway_id=gateway_id)
        try:
            said = await self._gateway.call_status(gateway_id)
            heard = Heard(gateway_id=gateway_id, news=news_of(said))
        except CallNotFoundError:
            log.debug("a call that we follow is not known to the gateway (yet)")
        except GatewayError as error:
            refused = isinstance(error, GatewayUnauthorisedError)
            away = refused or _is_away(error)
            heard = Heard(gateway_id=gateway_id, answered=False, away=away, unauthorised=refused)
            log.debug("a status call was not answered: %s", error)
        except asyncio.CancelledError:
            self._breaker.failed(_ticks(), asked_at)  # it may be the one that tries the way
            raise
        except Exception:
            heard = Heard(gateway_id=gateway_id, answered=False)
            log.exception("the gateway code failed in a status call")
        if heard.answered:
            if self._breaker.closed:
                log.info("the gateway answers again")
            self._breaker.answered()
        else:
            was_closed = self._breaker.closed
            self._breaker.failed(_ticks(), asked_at, refused=heard.unauthorised)
            heard = replace(heard, away=heard.away or self._breaker.closed)
            if self._breaker.closed and not was_closed:
                log.warning("the gateway does not answer: calls are asked about more slowly")
        if not self._heard:
            self._write_at = max(self._write_at, _ticks() + GATHER)
        self._heard.append(heard)

    def _done(self, gateway_id: str) -> None:
        self._asking.pop(gateway_id, None)
        self._signals.tracker.ring()

    # --- recording ---

    async def _record(self) -> None:
        """Commit what was heard, if it is enough, or if nothing more is about to come."""
        if not self._heard:
            return
        waits = self._write_at > _ticks()
        if waits and len(self._heard) < GROUP and (self._asking or self._queue):
            return
        group, self._heard = self._heard[:GROUP], self._heard[GROUP:]
        try:
            await self._write(group)
        except (DatabaseBusyError, DiskRefusesError):
            self._heard = [*group, *self._heard]
            self._write_at = _ticks() + WRITE_AGAIN
            raise
        except StorageError:
            for heard in group:  # one of them cannot be recorded: it must not stop the others
                await self._write_alone(heard)

    async def _write_alone(self, heard: Heard) -> None:
        try:
            await self._write([heard])
        except StorageError:
            log.exception("what was said of a call cannot be recorded")
            self._set_aside[heard.gateway_id] = _ticks() + SET_ASIDE

    async def _write(self, group: Sequence[Heard]) -> None:
        patient = self._began is not None and _ticks() - self._began < PATIENCE

        def work(tx: Stores) -> tuple[bool, bool, bool]:
            changed = paused = False
            for heard in group:
                changed = self._take(tx, heard, patient=patient) or changed
                if heard.unauthorised:
                    paused = halting.pause(tx, PauseReason.UNAUTHORISED, "HTTP 401", self._clock())
            ids = [heard.gateway_id for heard in group]
            return changed, paused, first_wave.bring_forward(tx, ids, self._clock())

        changed, paused, forward = await self._database.write(work)
        if forward:
            self._signals.dialer.ring()
        if changed:
            self._signals.boards.ring()
        if paused:
            log.error("the gateway refuses the token: launching is paused")
            self._signals.notices.ring()

    def _take(self, tx: Stores, heard: Heard, *, patient: bool) -> bool:
        now = self._clock()
        if heard.news is not None:
            return endings.hear(tx, heard.news, now=now, pace=self._pace)
        return endings.hear_nothing(
            tx,
            heard.gateway_id,
            now=now,
            pace=self._pace,
            give_up=heard.answered or not patient,
            soon=heard.away,
        )


def _is_away(error: GatewayError) -> bool:
    """Whether it says something of the gateway, and nothing of the call that was asked about."""
    if isinstance(error, GatewayAnswerError):
        status = error.http_status or 0
        return status >= _SERVER_ERRORS or status in _SAID_OF_US
    return isinstance(error, GatewayUnreachableError)


def _ticks() -> float:
    """Seconds that no clock puts forward or back."""
    return asyncio.get_running_loop().time()
