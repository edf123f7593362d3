"""The messages of schedules: their cards, and the questions about a time that is due.

What they say is computed from the record, and a message is behind while it shows an older
revision. So what was not told when the program died is told after the restart: a question is sent
at least once, and twice only where the process died, or Telegram did not answer, meanwhile.
"""

import logging
import time
from collections.abc import Callable

from bot.boards.errands import Errands, Key
from bot.boards.moving import move_chat
from bot.boards.pace import Paces
from bot.calling.due import Due, due_now
from bot.calling.readers import NO_READER, is_read
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.calling.window import Window
from bot.messenger import GoneError, LaterError, Messenger, MessengerError, MovedError
from bot.texts import schedules as schedule_text
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.models import Place, ScheduleAsk
from storage.stores import Stores

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks when nobody rings
CARD, ASK = "schedule", "question"


class Announcer:
    """Keeps the messages of schedules in step, at the pace that all messages of a chat share."""

    def __init__(
        self,
        *,
        database: Database,
        messenger: Messenger,
        rights: Rights,
        language: Language,
        signals: Signals,
        paces: Paces,
        max_numbers: int,
        window: Window,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._rights = rights
        self._language = language
        self._signals = signals
        self._paces = paces
        self._most = max_numbers
        self._window = window
        self._clock = clock
        self._errands = Errands(paces, signals.announcer.ring)
        self._unrecorded: dict[int, int] = {}  # sent, but the record did not take it yet

    async def run(self) -> None:
        """Keep all of them in step for as long as the process lives."""
        while True:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.warning("nothing can be told of schedules yet: %s", error)
                seconds = 1.0
            await self._signals.announcer.wait(seconds)

    async def step(self) -> float:
        """Start all that may be shown now; return the seconds until the next look is due."""
        cards, asks = await self._database.read(
            lambda tx: (tx.schedules.cards_behind(), tx.schedules.asks_behind())
        )
        waits = [LOOK]
        for ask in asks:
            pace = self._paces.of(ask.chat_id)
            at = pace.next_message() if ask.message_id is None else pace.closed_until
            if self._may(waits, at):
                self._start((ASK, ask.id), ask.chat_id)
        for card in cards:
            if self._may(waits, self._paces.of(card.chat_id).closed_until):
                self._start((CARD, card.id), card.chat_id)
        return min(waits)

    def _may(self, waits: list[float], at: float) -> bool:
        """Whether its time has come; otherwise the wait until then is noted."""
        due_in = at - self._paces.ticks()
        if due_in > 0:
            waits.append(max(0.01, due_in))
        return due_in <= 0

    def _start(self, key: Key, chat_id: int) -> None:
        if key not in self._errands:
            self._paces.written(chat_id)
            kind, number = key
            work = self._ask(number) if kind == ASK else self._card(number)
            self._errands.run(key, chat_id, work)

    async def settle(self, seconds: float) -> None:
        """Before the program stops: let what is being told be told, for so many seconds."""
        await self._errands.wait(seconds)

    def close(self) -> None:
        """Give up what is still under way; it is told after the next start."""
        self._errands.close()

    def _due(self, tx: Stores, schedule_id: int) -> Due | None:
        schedule = tx.schedules.get(schedule_id)
        if schedule is None:
            return None
        now = self._clock()
        return due_now(tx, schedule, now=now, most=self._most, window=self._window)

    async def _card(self, schedule_id: int) -> None:
        def look(tx: Stores) -> tuple[Due | None, bool]:
            due = self._due(tx, schedule_id)
            is_there = due is not None and is_read(tx, self._rights, due.schedule.chat_id)
            return due, is_there

        due, is_there = await self._database.read(look)
        if due is None or due.schedule.message_id is None:
            return
        if not is_there:
            await self._database.write(
                lambda tx: tx.schedules.break_off(why=NO_READER, card=schedule_id)
            )
            return
        schedule = due.schedule
        language = self._language.in_chat(schedule.chat_id)
        card = schedule_text.card(due, language, self._clock())
        try:
            await self._messenger.edit(schedule.chat_id, due.schedule.message_id, card)
        except MessengerError as error:
            await self._refused((CARD, schedule_id), schedule.chat_id, error, card=schedule_id)
            return
        self._errands.taken((CARD, schedule_id), schedule.chat_id)
        await self._database.write(
            lambda tx: tx.schedules.card_shown(schedule_id, schedule.revision)
        )

    async def _ask(self, ask_id: int) -> None:
        def look(tx: Stores) -> tuple[ScheduleAsk | None, Due | None, bool]:
            ask = tx.schedules.get_ask(ask_id)
            if ask is None:
                return None, None, False
            is_there = is_read(tx, self._rights, ask.chat_id)
            return ask, self._due(tx, ask.schedule_id), is_there

        ask, due, is_there = await self._database.read(look)
        if ask is None or due is None:
            return
        if not is_there:
            await self._database.write(
                lambda tx: tx.schedules.break_off(why=NO_READER, ask=ask_id)
            )
            return
        language = self._language.in_chat(ask.chat_id)
        card = schedule_text.ask(ask, due, language, self._clock())
        message_id = ask.message_id or self._unrecorded.get(ask_id)
        try:
            if message_id is None:
                place = Place(chat_id=ask.chat_id, thread_id=ask.thread_id, reply_to=ask.reply_to)
                message_id = await self._messenger.send(place, card)
                self._unrecorded[ask_id] = message_id
            else:
                await self._messenger.edit(ask.chat_id, message_id, card)
        except MessengerError as error:
            await self._refused((ASK, ask_id), ask.chat_id, error, ask=ask_id)
            return
        self._errands.taken((ASK, ask_id), ask.chat_id)
        shown = message_id
        await self._database.write(lambda tx: tx.schedules.ask_shown(ask_id, shown, ask.revision))
        self._unrecorded.pop(ask_id, None)

    async def _refused(
        self,
        key: Key,
        chat_id: int,
        error: MessengerError,
        *,
        card: int | None = None,
        ask: int | None = None,
    ) -> None:
        """What a refusal means for this message; none of them stops another one."""
        match error:
            case LaterError():
                self._paces.later(chat_id, error)
            case MovedError(chat_id=new):
                await self._database.write(
                    lambda tx: move_chat(tx, chat_id, new, now=self._clock())
                )
            case _ if not isinstance(error, GoneError) and not self._errands.refused_for_good(
                key, error
            ):
                log.warning("%s %d cannot be shown now: %s", *key, error)
                self._paces.later(chat_id, LaterError(0.0, flood=False))
            case _:
                log.warning("%s %d cannot be shown: %s", *key, error)
                why = type(error).__name__
                await self._database.write(
                    lambda tx: tx.schedules.break_off(why=why, card=card, ask=ask)
                )
