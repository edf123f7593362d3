"""Pauses: while one holds nothing is launched, and each ends only by its own cure."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.calling import halting
from bot.calling.errors import ExpiredError
from bot.calling.ledger import Ledger
from bot.calling.signals import Signals
from bot.gateway.errors import GatewayError
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import DiskRefusesError, StorageError
from storage.models import Pause, PauseReason, Person
from storage.stores import Stores

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """What became of one pause that was checked; `why` names the error that still stands."""

    reason: PauseReason
    ended: bool
    why: str = ""


class Pauses:
    """A refusing disk is held in memory, too, because its row may not be writable."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        signals: Signals,
        ledger: Ledger | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._signals = signals
        self._ledger = ledger or Ledger()
        self._clock = clock
        self._disk: Pause | None = None
        database.on_disk_refused = self.disk_refused

    @property
    def disk(self) -> Pause | None:
        """The pause for a disk that refuses writes, as this process knows it."""
        return self._disk

    def disk_refused(self, error: DiskRefusesError) -> None:
        """Pause at once; the row follows as soon as the disk takes it."""
        if self._disk is None:
            log.error("launching is paused: %s", error)
            self._disk = Pause(
                id=0, reason=PauseReason.DISK, since=self._clock(), detail=str(error)
            )
            self._signals.notices.ring()

    async def current(self) -> list[Pause]:
        """The pauses that hold now."""
        recorded = await self._database.read(lambda tx: tx.pauses.open())
        if self._disk and all(pause.reason is not PauseReason.DISK for pause in recorded):
            return [*recorded, self._disk]
        return recorded

    async def write_down(self) -> None:
        """Try to record a pause that is only in memory so far."""
        disk = self._disk
        if disk is None or disk.id:
            return

        def work(tx: Stores) -> None:
            if self._disk is disk:  # its cure may have come in between
                halting.pause(tx, disk.reason, disk.detail, disk.since)

        try:
            await self._database.write(work)
        except StorageError as error:
            log.warning("the pause is not recorded yet: %s", error)
            return
        recorded = {pause.reason: pause for pause in await self.current()}
        self._disk = recorded.get(PauseReason.DISK)

    async def check(self, by: Person | None = None, chat_id: int | None = None) -> list[Cure]:
        """Try the cure of every pause that holds, end those that work, and say what came of it.

        The gateway must answer a check again; a test write must be taken. An older database that
        was put in place is cured by nothing but an admin's word: `go_on`.
        """
        cures = []
        for pause in await self.current():
            why = await self._still_holds(pause.reason)
            if not why:
                why = await self._end(pause.reason, by, chat_id)
            cures.append(Cure(reason=pause.reason, ended=not why, why=why))
        self._signals.dialer.ring()
        return cures

    async def go_on(self, pause_id: int, *, by: Person, chat_id: int | None = None) -> None:
        """An admin goes on with the older database that was put in place.

        Raises:
            ExpiredError: launching is not paused for that any more.
        """

        def work(tx: Stores) -> None:
            if not any(
                pause.id == pause_id and pause.reason is PauseReason.RESTORED
                for pause in tx.pauses.open()
            ):
                raise ExpiredError
            # Before the commit: should it fail, the row still pauses.
            self._ledger.accept(tx.submissions.claims())
            now = self._clock()
            halting.end_pause(tx, PauseReason.RESTORED, now=now, by=by, chat_id=chat_id)

        await self._database.write(work)
        log.warning("u%d goes on with an older database", by.id)
        self._signals.dialer.ring()
        self._signals.boards.ring()

    async def _still_holds(self, reason: PauseReason) -> str:
        try:
            if reason is PauseReason.RESTORED:
                return "an admin has to confirm"
            if reason is PauseReason.UNAUTHORISED:
                await self._gateway.check()
            else:
                await self._database.write(lambda tx: tx.pauses.probe())
                await self._database.write(lambda tx: tx.pauses.clear_probe())
        except (GatewayError, StorageError) as error:
            log.warning("the pause %s still holds: %s", reason, error)
            return str(error)
        return ""

    async def _end(self, reason: PauseReason, by: Person | None, chat_id: int | None) -> str:
        now = self._clock()
        try:
            await self._database.write(
                lambda tx: halting.end_pause(tx, reason, now=now, by=by, chat_id=chat_id)
            )
        except StorageError as error:
            return str(error)
        if reason is PauseReason.DISK:
            self._disk = None
        log.info("the pause %s has ended", reason)
        return ""
