"""`/say` and *Speak a text*: a text that is read out in place of a recording; always a card."""

import logging
from collections.abc import Mapping

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.drafts import Ask
from bot.calling.errors import CallingError, UsageError
from bot.calling.launches import Asked, Launches
from bot.calling.numbers import NumberReader
from bot.calling.rights import Role
from bot.calling.saying import content_of_say, parse_say, read_spoken, speaking
from bot.handlers.call import is_long, replied_text
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.parts import Parts
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.messenger import Messenger
from bot.texts import errors, spoken
from bot.texts.cards import Card, Verb
from storage.errors import StorageError

log = logging.getLogger(__name__)

SPEAK = "speak"


class SayCommand:
    """Nothing is launched here: the card that comes of it shows the text in full."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        launches: Launches,
        reader: NumberReader,
        parts: Parts,
        drafts: DraftPresses,
        questions: Questions,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._launches = launches
        self._reader = reader
        self._parts = parts
        self._drafts = drafts
        self._questions = questions
        questions.on(SPEAK, self.speak, strict=True)

    @property
    def commands(self) -> dict[str, Handler]:
        """The command that begins a spoken launch."""
        return {"say": self.handle}

    @property
    def buttons(self) -> Mapping[Verb, Handled]:
        """The button of a draft that asks for a text."""
        return {Verb.SPEAK: Handled(Role.LAUNCHER, self.ask)}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/say`."""
        asker = await self._door.admit(update)
        if asker is None:
            return
        if self._door.too_old(asker):
            await self._answer_once(asker, Card(errors.too_old(asker.language)))
        elif not is_long(asker.message.text or ""):
            await self._draft(asker, asker.text, ())
        elif asker.private:
            self._parts.gather(asker, self._draft_joined)
        else:
            await self._draft(asker, asker.text, (Ask.REST_UNSEEN,))

    async def _draft_joined(self, asker: Asker, text: str) -> None:
        await self._draft(asker, text, (Ask.LONG,))

    async def _draft(self, asker: Asker, text: str, asks: tuple[Ask, ...]) -> None:
        try:
            replied = replied_text(asker.message)
            request = parse_say(text, replied, self._reader)
            if request.by_reply and not request.reply_left_out and is_long(replied or ""):
                asks = (*asks, Ask.REST_UNSEEN)
            result = await self._launches.draft(
                content_of_say(request, self._launches.blank, asks),
                by=asker.person,
                place=asker.place,
                asked_by=asker.asked_by,
                update_id=asker.update_id,
            )
        except CallingError as error:
            answered = await self._answer_once(asker, Card(errors.error(error, asker.language)))
            if answered and isinstance(error, UsageError):
                await self._drafts.list_uncallable(error.uncallable, asker.place, asker.language)
        except StorageError as error:
            log.warning("a draft was refused by the record: %s", error)
            await self._messenger.reply(asker.place, Card(errors.database_busy(asker.language)))
        else:
            if isinstance(result, Asked):
                await self._drafts.show(result, asker.place, asker.language)

    async def _answer_once(self, asker: Asker, card: Card) -> bool:
        """Answer, unless this update was answered before; True if it was answered now."""
        new = await self._door.is_new(asker.update_id)
        if new:
            await self._messenger.reply(asker.place, card)
        return new

    async def ask(self, press: Press) -> None:
        """*Speak a text*: asks the draft's author for it."""
        await self._launches.look(press.token, by=press.person)
        await self._messenger.answer(press.query_id)
        await self._questions.ask(
            press.place, press.person, SPEAK, press.token, spoken.ask(press.language)
        )

    async def speak(self, asker: Asker, about: str) -> None:
        """The text of a draft, in reply; the draft is shown anew with it.

        Raises:
            CallingError: the text cannot be read out, or the draft is over.
        """
        change = speaking(read_spoken(asker.text))
        asked = await self._launches.change(about, change, by=asker.person)
        await self._drafts.show(asked, asker.place, asker.language)
