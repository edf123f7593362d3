"""A message without a command: ids for a submission, a part of a long paste, one number."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.handlers.door import Door
from bot.handlers.doubts import DoubtPresses
from bot.handlers.parts import Parts
from bot.handlers.status import StatusCommand
from bot.messenger import Messenger
from bot.texts import replies
from bot.texts.cards import Card


class PlainText:
    """In a group only answers to the bot's own questions are for us."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        parts: Parts,
        doubts: DoubtPresses,
        status: StatusCommand,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._parts = parts
        self._doubts = doubts
        self._status = status

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A plain text of anybody."""
        message = update.effective_message
        if message is None:
            return
        private = message.chat.type == message.chat.PRIVATE
        if not private and not await self._doubts.is_prompt(message):
            return
        asker = await self._door.admit(update)
        if asker is None:
            return
        prompted = not private or await self._doubts.is_prompt(message)
        joined = not prompted and self._parts.join(asker)
        if not await self._door.is_new(asker.update_id) or joined:
            return
        if prompted:
            await self._doubts.take_ids(asker)
        elif not await self._status.offer(asker):
            await self._messenger.reply(asker.place, Card(replies.plain_text(asker.language)))
