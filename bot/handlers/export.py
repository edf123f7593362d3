"""`/export`, and the files of a batch, made in a child process, with a word on the progress."""

import logging

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.archive import Archive
from bot.calling.days import Days
from bot.calling.errors import CallingError, ExpiredError, NothingLaunchedError
from bot.calling.periods import Format, parse_export
from bot.exports import Exports
from bot.handlers.door import Asker, Door, Press
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger, MessengerError
from bot.spreadsheets import Part, Which
from bot.texts import errors, exports, replies
from bot.texts.cards import Card, plain
from bot.workshop import WorkshopError
from storage.errors import StorageError

log = logging.getLogger(__name__)


class ExportCommand:
    """Every call of some days, with all that is recorded of it."""

    def __init__(
        self, *, door: Door, messenger: Messenger, archive: Archive, exports: Exports
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._archive = archive
        self._exports = exports

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/export`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        try:
            days, form = parse_export(asker.text, self._archive.today)
            days, calls = await self._archive.count(days)
            if not calls:
                raise NothingLaunchedError(days)
        except CallingError as error:
            await self._messenger.reply(asker.place, Card(errors.error(error, asker.language)))
            return
        card = Card(exports.making(0, calls, asker.language))
        message_id = await self._messenger.reply(asker.place, card)
        if message_id is not None:
            await self._make(asker, message_id, days, form, calls)

    async def _make(
        self, asker: Asker, message_id: int, days: Days, form: Format, calls: int
    ) -> None:
        """Make and send the files; the message says how far that is."""
        lang = asker.language

        async def say(card: Card) -> None:
            try:
                await self._messenger.edit(asker.place.chat_id, message_id, card)
            except MessengerError as error:
                log.info("how far an export is cannot be shown: %s", error)

        async def told(done: int) -> None:
            await say(Card(exports.making(done, calls, lang)))

        since, until = self._archive.moments(days)
        which = Which(since=since, until=until)
        name = f"calls-{days.first}_{days.last}"
        try:
            async with self._exports.files(which, form, name, told, masked=lang.masked) as parts:
                about, chat_id = f"{days.first}..{days.last}", asker.place.chat_id
                await self._archive.taken_out(about, str(form), by=asker.person, chat_id=chat_id)
                for number, part in enumerate(parts, start=1):
                    await say(Card(exports.sending(number, len(parts), lang)))
                    caption = exports.days_caption(days, part.calls, number, len(parts), lang)
                    await self._send(asker, part, Card(caption))
                written = sum(part.calls for part in parts)
                await say(Card(exports.made(written, len(parts), days, lang)))
        except (WorkshopError, OSError, MessengerError, StorageError) as error:
            log.error("an export has failed: %s", error)  # noqa: TRY400 -- the child's traceback is in it
            await say(Card(exports.not_made(lang)))

    async def _send(self, asker: Asker, part: Part, caption: Card) -> None:
        sent = await self._messenger.reply_file(asker.place, part.path.name, part.path, caption)
        if sent is None:
            raise MessengerError("a file could not be sent")


class BatchFiles:
    """*CSV* and *XLSX* of a batch; they never expire."""

    def __init__(self, *, messenger: Messenger, archive: Archive, exports: Exports) -> None:
        self._messenger = messenger
        self._archive = archive
        self._exports = exports

    async def csv(self, press: Press) -> None:
        """All calls of the batch as CSV."""
        await self._send(press, Format.CSV)

    async def xlsx(self, press: Press) -> None:
        """The same as XLSX."""
        await self._send(press, Format.XLSX)

    async def _send(self, press: Press, form: Format) -> None:
        (batch_id,) = ids_of(press.token, 1)
        if not await self._archive.has(batch_id):
            raise ExpiredError
        lang = press.language
        await self._messenger.answer(press.query_id, plain(replies.working(lang)))
        try:
            async with self._exports.files(
                Which(batch_id=batch_id), form, f"b{batch_id}", masked=lang.masked
            ) as made:
                about, chat_id = f"b{batch_id}", press.place.chat_id
                await self._archive.taken_out(about, str(form), by=press.person, chat_id=chat_id)
                for number, part in enumerate(made, start=1):
                    caption = exports.batch_caption(batch_id, part.calls, number, len(made), lang)
                    await self._messenger.reply_file(
                        press.place, part.path.name, part.path, Card(caption)
                    )
        except (WorkshopError, OSError, StorageError) as error:
            log.error("the file of b%d could not be made: %s", batch_id, error)  # noqa: TRY400 -- the child's traceback is in it
            await self._messenger.reply(press.place, Card(exports.not_made(lang)))
