"""The bot leaves a group in which it has nothing to do, with one sentence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from markupsafe import Markup
from telegram import Bot, Chat
from telegram.error import TelegramError

from bot.messenger import Messenger, MessengerError
from bot.texts.cards import Card
from storage.database import Database
from storage.models import Place

log = logging.getLogger(__name__)

# A group that becomes a supergroup is told as one that the bot was added to, by whoever did that
# (tdlib/telegram-bot-api issue 266); the message that says what it was may come later.
GRACE = 2.0  # seconds


class Leaver:
    """Leaves each chat once, however many messages of it come meanwhile.

    Where Telegram does not take it the bot stays, and the next message there tries it again.
    """

    def __init__(
        self,
        *,
        messenger: Messenger,
        bot: Bot,
        database: Database,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._messenger = messenger
        self._bot = bot
        self._database = database
        self._sleep = sleep
        self._leaving: set[int] = set()

    async def turn_away_from(self, chat: Chat, said: Markup) -> None:
        """Leave a group that is not allowed, unless it turns out to be one that has moved.

        Raises:
            StorageError: the record cannot be read; the group is not left.
        """
        if chat.id in self._leaving:
            return
        self._leaving.add(chat.id)
        try:
            if not await self._has_moved(chat):
                await self.leave(chat.id, said)
        finally:
            self._leaving.discard(chat.id)

    async def leave(self, chat_id: int, said: Markup | None = None) -> None:
        """Say this, if it can be said, and go."""
        try:
            if said is not None:
                await self._say(chat_id, said)
            await self._bot.leave_chat(chat_id)
            log.warning("left c%d", chat_id)
        except TelegramError as error:
            log.warning("c%d could not be left: %s", chat_id, type(error).__name__)

    async def _has_moved(self, chat: Chat) -> bool:
        if chat.type != Chat.SUPERGROUP:
            return False
        await self._sleep(GRACE)
        found = await self._database.read(lambda tx: tx.chats.get(chat.id))
        return found is not None

    async def _say(self, chat_id: int, said: Markup) -> None:
        try:
            await self._messenger.send(Place(chat_id=chat_id), Card(said))
        except MessengerError as error:
            log.info("the last sentence in a chat could not be sent: %s", type(error).__name__)
