"""Tells the admins, each in a private message, that launching is paused and why."""

import logging
import time
from collections.abc import Callable
from functools import partial

from bot.calling.pauses import Pauses
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from bot.messenger import LaterError, Messenger, MessengerError
from bot.texts import replies
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.models import Pause, Place
from storage.stores import Stores

log = logging.getLogger(__name__)

LOOK = 30.0  # seconds between two looks when nobody rings, and the pause after a failure


class Notices:
    """Every admin is told at least once of every pause, also of one that cannot be recorded."""

    def __init__(
        self,
        *,
        database: Database,
        pauses: Pauses,
        messenger: Messenger,
        rights: Rights,
        language: Language,
        signals: Signals,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pauses = pauses
        self._messenger = messenger
        self._rights = rights
        self._language = language
        self._signals = signals
        self._clock = clock
        self._told: set[tuple[str, float, int]] = set()

    async def run(self) -> None:
        """Tell of pauses for as long as the process lives."""
        while True:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.warning("the admins cannot be told yet: %s", error)
                seconds = LOOK
            await self._signals.notices.wait(seconds)

    async def step(self) -> float:
        """Tell everybody who was not told; return the seconds until the next look is due."""
        wait = LOOK
        for pause in await self._pauses.current():
            for admin in await self._database.read(partial(self._untold, pause)):
                wait = min(wait, await self._tell(pause, admin))
        return wait

    def _untold(self, pause: Pause, tx: Stores) -> list[int]:
        told = tx.pauses.told(pause.id)
        return [admin for admin in self._rights.having(tx, Role.ADMIN) if admin not in told]

    async def _tell(self, pause: Pause, admin: int) -> float:
        key = (pause.reason, pause.since, admin)
        if key not in self._told:
            card = replies.pause_notice(pause, self._language.in_chat(admin))
            try:
                await self._messenger.send(Place(chat_id=admin), card)
            except LaterError as error:
                return max(1.0, error.seconds)
            except MessengerError as error:
                log.warning("admin u%d cannot be told of the pause: %s", admin, error)
            self._told.add(key)
        if pause.id:
            await self._database.write(lambda tx: tx.pauses.tell(pause.id, admin, self._clock()))
        return LOOK
