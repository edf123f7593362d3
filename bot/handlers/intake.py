"""One draft for what a person sends in one go: answered at once, edited as more of it comes."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.drafts import Content
from bot.calling.errors import AlreadyDoneError, CallingError, ExpiredError, UsageError
from bot.calling.launches import Asked, Launches
from bot.calling.lists import Given
from bot.calling.numbers import NumberReader
from bot.calling.pieces import Piece, is_cut, read_pieces, regathered, with_given, with_rest
from bot.calling.problems import Problem
from bot.calling.voices import Voices
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.parts import QUIET
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts.cards import Card
from storage.errors import StorageError
from storage.models import Person

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Going:
    """What one person has sent in one go so far, and how it was answered.

    Attributes:
        newest: when its newest message came, by the ticks, and `last` the id of it.
        over: nothing that was sent later joins.
        pieces: by the id of their message, which is their order.
        answered: the messages that were answered.
        reading: those that are being answered, and `given` what they hold with the others; `cut`
            while the rest of the last text may still be to come.
        shown: what the answer shows.
        draft_id: the draft that it became, and `token` its name now; None if it became none.
        message_id: the message that answers it.
    """

    newest: float
    last: int = 0
    over: bool = False
    pieces: dict[int, Piece] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    reading: set[int] = field(default_factory=set)
    given: Given = field(default_factory=Given)
    cut: bool = False
    shown: Given = field(default_factory=Given)
    draft_id: int | None = None
    token: str = ""
    message_id: int | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def read(self, reader: NumberReader) -> Given:
        """All that has come so far; what comes from now on is for the next turn."""
        self.reading = set(self.pieces)
        pieces = [self.pieces[at] for at in sorted(self.pieces)]
        self.given, self.cut = read_pieces(pieces, reader), is_cut(pieces)
        return self.given

    def take_in(self) -> None:
        """Note that what was read is answered, and shown."""
        self.answered |= self.reading
        self.shown = self.given

    def drop_unanswered(self) -> None:
        """Forget what was refused: its sender was told, and sends it again."""
        refused = self.reading - self.answered
        self.pieces = {at: one for at, one in self.pieces.items() if at not in refused}

    def begin_anew(self) -> None:
        """Go on without what was answered: that was confirmed or cancelled."""
        self.pieces = {at: one for at, one in self.pieces.items() if at not in self.answered}
        self.shown = Given()
        self.draft_id = self.message_id = None


class Intake:
    """Messages of one person in one chat, each within 3 s of the last, belong together.

    Updates are handled side by side: whoever has the turn takes in all that has come so far.
    """

    def __init__(
        self,
        *,
        messenger: Messenger,
        launches: Launches,
        drafts: DraftPresses,
        voices: Voices,
        reader: NumberReader,
        quiet: float = QUIET,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._messenger = messenger
        self._launches = launches
        self._drafts = drafts
        self._voices = voices
        self._reader = reader
        self._quiet = quiet
        self._ticks = ticks
        self._open: dict[tuple[int, int], Going] = {}
        self._parted: dict[tuple[int, int], tuple[int, float]] = {}

    @property
    def most(self) -> int:
        """How many numbers one draft may have."""
        return self._launches.max_numbers

    def join(self, asker: Asker) -> Going:
        """What this message belongs to; to be asked as soon as it has come."""
        now = self._ticks()
        self._open = {
            key: going for key, going in self._open.items() if now - going.newest <= self._quiet
        }
        key, message_id = (asker.place.chat_id, asker.person.id), asker.message.message_id
        going = self._open.get(key)
        parted, _ = self._parted.get(key, (0, now))
        if (
            going is None
            or (going.over and message_id > going.last)
            or going.last < parted < message_id
        ):
            going = self._open[key] = Going(now)
        going.newest, going.last = now, max(going.last, message_id)
        return going

    def part(self, chat_id: int, user_id: int, message_id: int | None = None) -> None:
        """Let nothing more of this person join: they have done something else meanwhile.

        What was sent before `message_id` still does, for messages are handled side by side.
        """
        now = self._ticks()
        if message_id is None:
            self._open.pop((chat_id, user_id), None)
            return
        self._parted = {
            key: seen for key, seen in self._parted.items() if now - seen[1] <= self._quiet
        }
        self._parted[chat_id, user_id] = (message_id, now)

    def parted_by(self, handler: Handler) -> Handler:
        """The handler of a command: what its sender sends after it joins nothing before it."""

        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            message, user = update.effective_message, update.effective_user
            if message is not None and user is not None:
                self.part(message.chat.id, user.id, message.message_id)
            await handler(update, context)

        return handle

    async def withdraw(self, asker: Asker) -> None:
        """Cancel the draft of what a person has just sent, if it is open: it was not meant so."""
        going = self._open.pop((asker.place.chat_id, asker.person.id), None)
        if going is None:
            return
        async with going.turn:
            going.pieces.clear()
            if going.draft_id is not None:
                with suppress(AlreadyDoneError, ExpiredError):
                    await self._launches.cancel(going.token, by=asker.person)

    async def give(
        self, going: Going, asker: Asker, piece: Piece, alone: Card | None = None
    ) -> None:
        """Answer a message with all that belongs to it.

        Args:
            going: what it belongs to.
            asker: who sent it.
            piece: what it holds.
            alone: the answer if nothing else has come with it; None for a draft.
        """
        message_id = asker.message.message_id
        going.pieces[message_id] = piece
        async with going.turn:
            if message_id in going.answered or message_id not in going.pieces:
                return  # taken in with another one
            try:
                await self._answer(going, asker, alone)
            except UsageError as error:
                await self._say(going, asker, error)
            except CallingError as error:
                going.drop_unanswered()
                card = Card(errors.error(error, asker.language))
                await self._messenger.reply(asker.place, card)
            except StorageError as error:
                log.warning("a draft was refused by the record: %s", error)
                going.drop_unanswered()
                card = Card(errors.database_busy(asker.language))
                await self._messenger.reply(asker.place, card)

    async def by_press(self, press: Press, content: Content, asked_by: str) -> bool:
        """Let the message that was pressed become a draft; False if it was made before."""
        self.part(press.place.chat_id, press.person.id)
        asked = await self._launches.draft(
            content, by=press.person, place=press.place, asked_by=asked_by
        )
        if isinstance(asked, Asked):
            await self._drafts.show(asked, press.place, press.language, over=press.message_id)
        return isinstance(asked, Asked)

    async def content_of(self, given: Given, *, by: Person) -> Content:
        """What these numbers would launch: with the member's default voice, if there is one."""
        voice = await self._voices.default(by=by)
        chosen = {} if voice is None else {"voice": voice.voice_id, "voice_name": voice.name}
        return with_given(self._launches.blank(**chosen), given)

    async def _answer(self, going: Going, asker: Asker, alone: Card | None) -> None:
        given = going.read(self._reader)
        if going.draft_id is not None:
            change = regathered(going.shown.numbers, given, cut=going.cut)
            try:
                asked = await self._launches.add(going.draft_id, change, by=asker.person)
            except (AlreadyDoneError, ExpiredError):  # confirmed or cancelled meanwhile
                going.begin_anew()
                given = going.read(self._reader)
            else:
                await self._show(going, asker, asked)
                return
        if alone is not None and len(going.reading) == 1:
            going.message_id = await self._messenger.reply(asker.place, alone)
            going.take_in()
        else:
            await self._begin(going, asker, given)

    async def _begin(self, going: Going, asker: Asker, given: Given) -> None:
        content = await self.content_of(given, by=asker.person)
        content = with_rest(content, unseen=going.cut)
        asked = await self._launches.draft(
            content, by=asker.person, place=asker.place, asked_by=asker.asked_by
        )
        if isinstance(asked, Asked):
            going.draft_id = asked.draft_id
            await self._show(going, asker, asked)
        else:
            going.take_in()

    async def _show(self, going: Going, asker: Asker, asked: Asked) -> None:
        more = len(going.given.uncallable) != len(going.shown.uncallable)
        going.take_in()
        going.token = asked.token
        going.message_id = await self._drafts.show(
            asked, asker.place, asker.language, over=going.message_id, files=more
        )

    async def _say(self, going: Going, asker: Asker, error: UsageError) -> None:
        """All of it together cannot be called; what comes next may still change that."""
        more = len(going.given.uncallable) != len(going.shown.uncallable)
        going.take_in()
        going.draft_id = None
        if error.problem is Problem.TOO_MANY and await self._keep(going, asker, error.limit):
            return
        card = Card(errors.error(error, asker.language))
        if going.message_id is None:
            going.message_id = await self._messenger.reply(asker.place, card)
        else:
            going.message_id = await self._messenger.show(asker.place, going.message_id, card)
        if more:
            await self._drafts.list_uncallable(error.uncallable, asker.place, asker.language)

    async def _keep(self, going: Going, asker: Asker, limit: int) -> bool:
        """Offer to keep as a list what is too much for a batch; False if it cannot be recorded.

        Only the rest of a text that was cut still joins it.
        """
        going.over = not going.cut
        content = with_given(self._launches.blank(above=limit), going.given)
        place = asker.place
        try:
            asked = await self._launches.keep(
                content, by=asker.person, place=place, asked_by=asker.asked_by
            )
        except StorageError as error:
            log.warning("a draft was refused by the record: %s", error)
            return False
        going.draft_id, going.token = asked.draft_id, asked.token
        going.message_id = await self._drafts.show(
            asked, place, asker.language, over=going.message_id, files=False
        )
        return True
