"""`/batches`: all of them, page by page, narrowed by person, voice and day."""

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.archive import Archive, Filter
from bot.calling.errors import ExpiredError, UsageError
from bot.calling.periods import parse_days
from bot.handlers.door import Door, Press
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger
from bot.texts import batch_list
from bot.texts.language import Language
from storage.models import Place


class BatchesCommand:
    """The list and its buttons; the filter stands in their tokens, so that they never expire."""

    def __init__(self, *, door: Door, messenger: Messenger, archive: Archive) -> None:
        self._door = door
        self._messenger = messenger
        self._archive = archive

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/batches`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        await self.show(asker.place, asker.language)

    async def show(self, place: Place, language: Language) -> None:
        """Send the newest batches with their states."""
        found = await self._archive.batches(Filter())
        card = batch_list.batches(found, language, self._archive.now)
        await self._messenger.reply(place, card)

    async def page(self, press: Press) -> None:
        """Another page, or the first one of another filter."""
        page, *narrowed = parts_of(press.token, 4)
        found = await self._archive.batches(self._filter(narrowed), number_of(page))
        card = batch_list.batches(found, press.language, self._archive.now)
        await show(self._messenger, press, card)

    async def narrow(self, press: Press) -> None:
        """A page of a pick list."""
        what, page, *narrowed = parts_of(press.token, 5)
        pick = {
            batch_list.PERSON: self._archive.persons,
            batch_list.VOICE: self._archive.voices,
            batch_list.DAY: self._archive.days,
        }.get(what)
        if pick is None:
            raise ExpiredError
        found = await pick(self._filter(narrowed), number_of(page))
        await show(self._messenger, press, batch_list.choices(found, what, press.language))

    def _filter(self, parts: list[str]) -> Filter:
        person, voice, days = (None if part == batch_list.ANY else part for part in parts)
        try:
            return Filter(
                author_id=None if person is None else number_of(person),
                voice_of=None if voice is None else number_of(voice),
                days=None if days is None else parse_days(days, self._archive.today),
            )
        except UsageError as error:
            raise ExpiredError from error
