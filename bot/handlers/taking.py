"""Numbers without a command, in a private chat: pastes, forwards, contacts and files."""

from markupsafe import Markup

from bot.calling.errors import ExpiredError
from bot.calling.history import Sought
from bot.calling.pieces import Piece
from bot.handlers.door import Asker, Door, Press
from bot.handlers.draft_columns import DraftColumns
from bot.handlers.intake import Intake
from bot.handlers.number_sources import NumberSources
from bot.handlers.own_number import OwnNumber
from bot.handlers.pressing import Handled
from bot.handlers.status import StatusCommand
from bot.handlers.typed import is_long
from bot.messenger import Messenger
from bot.texts import errors, files, replies
from bot.texts.cards import Card, Verb, plain


class Taking:
    """All of it becomes a draft; nothing is launched here."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        intake: Intake,
        sources: NumberSources,
        columns: DraftColumns,
        status: StatusCommand,
        own: OwnNumber,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._intake = intake
        self._sources = sources
        self._columns = columns
        self._status = status
        self._own = own

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of what answers a number alone, and a file of several columns."""
        return {
            Verb.CALL_ONE: Handled(self.call_one),
            Verb.COLUMN: Handled(self._columns.press),
        }

    async def take(self, asker: Asker) -> None:
        """Anything in a private chat that nothing else is for; it was marked as seen before."""
        message = asker.message
        text = message.text or message.caption or ""
        held = message.contact is not None or message.document is not None
        if OwnNumber.is_own(message):
            await self._own.take(asker)
        elif self._own.is_wrong(message):
            await self._own.refuse(asker)
        elif not held and not has_digit(text):
            await self._messenger.reply(asker.place, Card(replies.plain_text(asker.language)))
        elif held:
            await self._held(asker, text)
        else:
            await self._text(asker, text)

    async def _text(self, asker: Asker, text: str) -> None:
        going = self._intake.join(asker)
        forwarded = asker.message.forward_origin is not None
        alone = None if forwarded else await self._status.offer(text, asker)
        if alone is None and await self._too_old(asker):
            return
        await self._intake.give(going, asker, Piece(text=text, cut=is_long(text)), alone)

    async def _held(self, asker: Asker, caption: str) -> None:
        going = self._intake.join(asker)
        if await self._too_old(asker):
            return
        found = await self._sources.read([asker.message], written=False)
        written = caption if has_digit(caption) else None
        for error in found.errors:
            card = Card(errors.error(error, asker.language))
            await self._messenger.reply(asker.place, card)
        for unclear in found.unclear:
            await self._columns.ask(asker, unclear)
        if said := files.sources(found.given.files, asker.language):
            await self._messenger.reply(asker.place, Card(Markup("\n").join(said)))
        if found.something or written is not None:
            piece = Piece(text=written, given=found.given if found.something else None)
            await self._intake.give(going, asker, piece)

    async def _too_old(self, asker: Asker) -> bool:
        """Whether it came so late that it may mean nothing any more; that is then said."""
        old = self._door.too_old(asker)
        if old:
            await self._messenger.reply(asker.place, Card(errors.too_old(asker.language)))
        return old

    async def call_one(self, press: Press) -> None:
        """*Call this number*: the message becomes the draft, once."""
        number = Sought.of_token(press.token).number
        given = self._sources.text(number or "")
        if given.numbers != (number,):
            raise ExpiredError
        content = await self._intake.content_of(given, by=press.person)
        if await self._messenger.answer(press.query_id, plain(replies.working(press.language))):
            asked_by = f"one:{press.place.chat_id}:{press.message_id}"
            await self._intake.by_press(press, content, asked_by)


def has_digit(text: str) -> bool:
    """Whether there may be a number in a text."""
    return any(map(str.isdigit, text))
