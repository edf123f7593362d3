"""`/status`: a batch, the calls to a number, or a call by its id; and the pages of a history."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError, ExpiredError
from bot.calling.history import History, Sought
from bot.calling.lookup import Lookup
from bot.handlers.door import Door, Press
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import board, errors, history
from bot.texts.cards import Card
from bot.texts.language import Language


class StatusCommand:
    """Looks into the record; nothing is launched or changed."""

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
            if isinstance(found, History):
                card = history.history(found, asker.language, self._lookup.now)
            else:
                card = board.board(found, asker.language, self._lookup.now)
        await self._messenger.reply(asker.place, card)

    async def offer(self, text: str, language: Language) -> Card | None:
        """The answer to a text that is one number and nothing else; None for anything else."""
        sought = self._lookup.number(text)
        if sought is None:
            return None
        found = await self._lookup.history(sought)
        can_call = self._lookup.can_call(sought)
        return history.offer(sought, found, language, can_call=can_call)

    async def page(self, press: Press) -> None:
        """A page of the history of exactly what was looked up."""
        token, page = parts_of(press.token, 2)
        found = await self._lookup.history(Sought.of_token(token), number_of(page))
        if found is None:
            raise ExpiredError
        card = history.history(found, press.language, self._lookup.now)
        await show(self._messenger, press, card)
