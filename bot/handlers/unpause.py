"""`/unpause` and *Check and unpause*: each pause ends only by its own cure."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import ExpiredError
from bot.calling.pauses import Pauses
from bot.handlers.door import Door, Press
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import errors, replies
from bot.texts.cards import Card, plain
from bot.texts.language import Language
from storage.models import PauseReason, Person, Place


class UnpauseCommand:
    """For admins."""

    def __init__(self, *, door: Door, messenger: Messenger, pauses: Pauses) -> None:
        self._door = door
        self._messenger = messenger
        self._pauses = pauses

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """An admin's `/unpause`; an old one is not carried out."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        if self._door.too_old(asker):
            await self._messenger.reply(asker.place, Card(errors.too_old(asker.language)))
        else:
            await self._check(asker.person, asker.place, asker.language)

    async def press(self, press: Press) -> None:
        """*Check and unpause* on a notice; that of an earlier pause has expired."""
        (pause_id,) = ids_of(press.token, 1)
        # A pause that could not be recorded yet has no number of its own.
        if pause_id and pause_id not in {pause.id for pause in await self._pauses.current()}:
            raise ExpiredError
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        await self._check(press.person, press.place, press.language)

    async def launch_again(self, press: Press) -> None:
        """*Launch again*: an admin's word, with which an older database is taken as it is."""
        (pause_id,) = ids_of(press.token, 1)
        if pause_id not in {pause.id for pause in await self._pauses.current()}:
            raise ExpiredError
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        await self._pauses.go_on(pause_id, by=press.person, chat_id=press.place.chat_id)
        said = replies.launching_again(press.person.name, press.language)
        await self._messenger.reply(press.place, Card(said))

    async def _check(self, by: Person, place: Place, lang: Language) -> None:
        cures = await self._pauses.check(by, place.chat_id)
        await self._messenger.reply(place, Card(replies.cures(cures, lang)))
        for pause in await self._pauses.current():
            if pause.reason is PauseReason.RESTORED:
                await self._messenger.reply(place, replies.restored(pause.id, lang))
