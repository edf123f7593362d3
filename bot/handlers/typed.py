"""A launch that was typed: let in, joined if Telegram cut it, made, and answered."""

import logging
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.calling.drafts import Ask
from bot.calling.errors import CallingError, UsageError
from bot.calling.results import Asked, Result
from bot.handlers.door import Asker, Door
from bot.handlers.drafts import DraftPresses
from bot.handlers.parts import Parts
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts.cards import Card
from storage.errors import StorageError

log = logging.getLogger(__name__)

LONG = 3800  # UTF-16 units from which Telegram may have cut the text (it does so at 4096)

Make = Callable[[Asker, str, tuple[Ask, ...]], Awaitable[Result | None]]
"""Makes something of the text behind the command; None if it has answered by itself."""


class TypedLaunch:
    """What every command has in common that begins a launch."""

    def __init__(
        self, *, door: Door, messenger: Messenger, parts: Parts, drafts: DraftPresses
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._parts = parts
        self._drafts = drafts

    async def take(self, update: Update, make: Make) -> None:
        """A member's command; what comes of it is shown, what is wrong with it is said."""
        asker = await self._door.admit(update)
        if asker is None:
            return

        async def joined(asker: Asker, text: str) -> None:
            await self._answer(asker, text, (Ask.LONG,), make)

        if self._door.too_old(asker):
            await self._answer_once(asker, Card(errors.too_old(asker.language)))
        elif not is_long(asker.message.text or ""):
            await self._answer(asker, asker.text, (), make)
        elif asker.private:
            self._parts.gather(asker, joined)
        else:
            await self._answer(asker, asker.text, (Ask.REST_UNSEEN,), make)

    async def _answer(self, asker: Asker, text: str, asks: tuple[Ask, ...], make: Make) -> None:
        try:
            result = await make(asker, text, asks)
        except CallingError as error:
            answered = await self._answer_once(asker, Card(errors.error(error, asker.language)))
            if answered and isinstance(error, UsageError):
                await self._drafts.list_uncallable(error.uncallable, asker.place, asker.language)
        except StorageError as error:
            log.warning("a launch was refused by the record: %s", error)
            await self._messenger.reply(asker.place, Card(errors.database_busy(asker.language)))
        else:
            if isinstance(result, Asked):
                await self._drafts.show(result, asker.place, asker.language)

    async def _answer_once(self, asker: Asker, card: Card) -> bool:
        """Answer, unless this update was answered before; True if it was answered now."""
        new = await self._door.is_new(asker.update_id)
        if new:
            await self._messenger.reply(asker.place, card)
        return new


def is_long(text: str) -> bool:
    """Whether Telegram may have cut this text."""
    return len(text.encode("utf-16-le")) // 2 >= LONG
