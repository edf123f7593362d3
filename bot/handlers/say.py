"""`/say` and *Speak a text*: a text that is read out in place of a recording; always a card."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.drafts import Ask
from bot.calling.launches import Launches, Result
from bot.calling.numbers import NumberReader
from bot.calling.saying import content_of_say, parse_say, read_spoken, speaking
from bot.handlers.call import replied_text
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.typed import TypedLaunch, is_long
from bot.messenger import Messenger
from bot.texts import spoken
from bot.texts.cards import Verb

SPEAK = "speak"


class SayCommand:
    """Nothing is launched here: the card that comes of it shows the text in full."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        launches: Launches,
        reader: NumberReader,
        typed: TypedLaunch,
        drafts: DraftPresses,
        questions: Questions,
    ) -> None:
        self._messenger = messenger
        self._launches = launches
        self._reader = reader
        self._typed = typed
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
        return {Verb.SPEAK: Handled(self.ask)}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A member's `/say`."""
        await self._typed.take(update, self._result)

    async def _result(self, asker: Asker, text: str, asks: tuple[Ask, ...]) -> Result:
        replied = replied_text(asker.message)
        request = parse_say(text, replied, self._reader)
        if request.by_reply and not request.reply_left_out and is_long(replied or ""):
            asks = (*asks, Ask.REST_UNSEEN)
        return await self._launches.draft(
            content_of_say(request, self._launches.blank, asks),
            by=asker.person,
            place=asker.place,
            asked_by=asker.asked_by,
            update_id=asker.update_id,
        )

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
