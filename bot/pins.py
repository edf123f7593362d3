"""Pinned messages: where the bot may, and silently."""

import logging

from telegram import Bot
from telegram.error import TelegramError

log = logging.getLogger(__name__)


class Pins:
    """A pin that cannot be set or taken away does no harm: the message works without it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def pin(self, chat_id: int, message_id: int) -> bool:
        """Pin a message; False if Telegram does not let us."""
        try:
            await self._bot.pin_chat_message(chat_id, message_id, disable_notification=True)
        except TelegramError as error:
            log.info("a message could not be pinned: %s", type(error).__name__)
            return False
        return True

    async def unpin(self, chat_id: int, message_id: int) -> None:
        """Take a pin away again."""
        try:
            await self._bot.unpin_chat_message(chat_id, message_id)
        except TelegramError as error:
            log.info("a message could not be unpinned: %s", type(error).__name__)
