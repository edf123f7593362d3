"""`/status`: a batch, the calls to a number, or a call by its id; and the pages of a history."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.do_not_call import DoNotCallList
from bot.calling.errors import CallingError, ExpiredError
from bot.calling.history import History, Sought
from bot.calling.lookup import Lookup
from bot.handlers.door import Asker, Door, Press
from bot.handlers.permissions import BUTTONS
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import board, dnc, errors, history
from bot.texts.cards import Card, Verb


class StatusCommand:
    """Looks into the record; nothing is launched or changed."""

    def __init__(
        self, *, door: Door, messenger: Messenger, lookup: Lookup, do_not_call: DoNotCallList
    ) -> None:
        self._door = door
        self._do_not_call = do_not_call
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
            if (sought := self._lookup.number(asker.text)) is not None:
                card = await self._beside(card, sought, asker)
        else:
            if isinstance(found, History):
                card = await self._history(found, asker)
            else:
                card = board.board(found, asker.language, self._lookup.now)
        await self._messenger.reply(asker.place, card)

    async def _history(self, found: History, reader: Asker | Press) -> Card:
        """A page of a history, with whether the number is on the do-not-call list."""
        card = history.history(found, reader.language, self._lookup.now)
        return await self._beside(card, found.of, reader)

    async def _beside(self, card: Card, of: Sought, reader: Asker | Press) -> Card:
        if of.number is None or of.number.startswith("#"):
            return card
        return dnc.beside(
            card,
            of.number,
            await self._do_not_call.history(of.number),
            reader.language,
            self._lookup.now,
            may_add=reader.role >= BUTTONS[Verb.DNC_ADD].role and self._lookup.can_call(of),
        )

    async def offer(self, text: str, asker: Asker) -> Card | None:
        """The answer to a text that is one number and nothing else; None for anything else."""
        language = asker.language
        sought = self._lookup.number(text)
        if sought is None:
            return None
        found = await self._lookup.history(sought)
        can_call = self._lookup.can_call(sought)
        card = history.offer(sought, found, language, can_call=can_call)
        return await self._beside(card, sought, asker)

    async def page(self, press: Press) -> None:
        """A page of the history of exactly what was looked up."""
        token, page = parts_of(press.token, 2)
        found = await self._lookup.history(Sought.of_token(token), number_of(page))
        if found is None:
            raise ExpiredError
        card = await self._history(found, press)
        await show(self._messenger, press, card)
