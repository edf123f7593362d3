"""`/status` and `/batches`: find it again."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError
from bot.calling.lookup import FoundCalls, Lookup
from bot.handlers.door import Door
from bot.messenger import Messenger
from bot.texts import board, errors, replies
from bot.texts.cards import Card


class StatusCommand:
    """A batch, the calls to a number, or a call by its id."""

    def __init__(self, *, door: Door, messenger: Messenger, lookup: Lookup) -> None:
        self._door = door
        self._messenger = messenger
        self._lookup = lookup

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/status`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        try:
            found = await self._lookup.find(asker.text, asker.place.chat_id)
        except CallingError as error:
            card = Card(errors.error(error, asker.language))
        else:
            if isinstance(found, FoundCalls):
                card = Card(replies.found_calls(found, asker.language, self._lookup.now))
            else:
                card = board.board(found, asker.language, self._lookup.now)
        await self._messenger.reply(asker.place, card)


class BatchesCommand:
    """The last ten batches, one line each."""

    def __init__(self, *, door: Door, messenger: Messenger, lookup: Lookup) -> None:
        self._door = door
        self._messenger = messenger
        self._lookup = lookup

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/batches`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        found = await self._lookup.latest()
        text = replies.batches(found, asker.language, self._lookup.now)
        await self._messenger.reply(asker.place, Card(text))
