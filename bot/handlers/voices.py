"""`/voices`: the menu of voices, each one's card, and the buttons and questions of both."""

import logging

from markupsafe import Markup
from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import BAD_NAMES, CallingError, ExpiredError, UsageError
from bot.calling.voices import Shown, Voices, read_voice_id
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door, Press
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.samples import Samples
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of, number_of, parts_of
from bot.messenger import Messenger
from bot.texts import errors, voice_menu
from bot.texts.cards import Card, Verb
from bot.texts.language import Language
from storage.errors import StorageError
from storage.models import Person, Place

log = logging.getLogger(__name__)

ASK_ID, ASK_NAME, ASK_RENAME = "voice_id", "voice_name", "voice_rename"  # kinds of question
ADD = "add"


class VoicesCommand:
    """Any member who may launch may change the menu; a default is each member's own."""

    def __init__(
        self, *, door: Door, messenger: Messenger, voices: Voices, questions: Questions
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._voices = voices
        self._questions = questions
        self._samples = Samples(door=door, messenger=messenger, voices=voices)
        for kind, take in (
            (ASK_ID, self._take_id),
            (ASK_NAME, self._take_name),
            (ASK_RENAME, self._take_new_name),
        ):
            questions.on(kind, take, look="/voices")

    @property
    def commands(self) -> dict[str, Handler]:
        """The command."""
        return {"voices": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of the menu and of the cards."""
        handlers = {
            Verb.VOICES: self._page,
            Verb.VOICE: self._card,
            Verb.VOICE_ADD: self._ask_id,
            Verb.VOICE_TAKE: self._take_suggested,
            Verb.VOICE_NAME: self._ask_new_name,
            Verb.VOICE_DROP: self._ask_removal,
            Verb.VOICE_GONE: self._remove,
            Verb.VOICE_MINE: self._choose,
            Verb.VOICE_HEAR: self._samples.play,
        }
        return {verb: Handled(handle) for verb, handle in handlers.items()}

    @property
    def sounds(self) -> Handler:
        """Takes the voice notes and audio files that answer a card."""
        return self._samples.attach

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/voices`, `/voices add <id> [name]`, or `/voices <name>`."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        lang = asker.language
        word, rest = _first_word(asker.text)
        try:
            if not word:
                found = await self._voices.page(1, by=asker.person)
                card = voice_menu.menu(found, lang)
            elif word.lower() == ADD:
                await self._add(asker, rest)
                return
            else:
                shown = await self._voices.named(asker.text, by=asker.person)
                card = voice_menu.card(shown, lang, self._voices.now)
        except CallingError as error:
            card = Card(errors.error(error, lang))
        except StorageError as error:
            log.warning("a voice was refused by the record: %s", error)
            card = Card(errors.database_busy(lang))
        await self._messenger.reply(asker.place, card)

    async def _add(self, asker: Asker, text: str) -> None:
        """`/voices add`: asks for what is not given."""
        voice_id, name = _first_word(text)
        if not voice_id:
            await self._questions.ask(
                asker.place, asker.person, ASK_ID, "", voice_menu.ask_id(asker.language)
            )
        elif not name:
            await self._ask_name(read_voice_id(voice_id), asker.place, asker.person)
        else:
            await self._add_named(asker, read_voice_id(voice_id), name)

    async def _add_named(self, asker: Asker, voice_id: str, name: str) -> None:
        """Add a voice; if it is the name alone that is wrong, another one is asked for."""
        try:
            shown = await self._voices.add(
                voice_id, name, by=asker.person, chat_id=asker.place.chat_id
            )
        except UsageError as error:
            if error.problem not in BAD_NAMES:
                raise
            why = errors.error(error, asker.language)
            await self._ask_name(voice_id, asker.place, asker.person, why)
            return
        await self._messenger.reply(asker.place, self._added(shown, asker.language))

    async def _ask_name(
        self, voice_id: str, place: Place, person: Person, why: Markup | None = None
    ) -> None:
        lang = self._door.language.in_chat(place.chat_id)
        number = await self._voices.check_new(
            voice_id, lambda number: voice_menu.suggested(number, lang)
        )
        card = voice_menu.ask_name(voice_id, number, lang, why)
        await self._questions.ask(place, person, ASK_NAME, voice_id, card)

    async def _take_id(self, asker: Asker, _: str) -> None:
        await self._ask_name(read_voice_id(asker.text), asker.place, asker.person)

    async def _take_name(self, asker: Asker, voice_id: str) -> None:
        shown = await self._voices.add(
            voice_id, asker.text, by=asker.person, chat_id=asker.place.chat_id
        )
        await self._messenger.reply(asker.place, self._added(shown, asker.language))

    async def _take_new_name(self, asker: Asker, ref: str) -> None:
        before = await self._voices.get(int(ref), by=asker.person)
        shown = await self._voices.rename(
            int(ref), asker.text, by=asker.person, chat_id=asker.place.chat_id
        )
        said = voice_menu.renamed(before.voice.name, asker.language)
        card = voice_menu.card(shown, asker.language, self._voices.now, said)
        await self._messenger.reply(asker.place, card)

    def _added(self, shown: Shown, lang: Language) -> Card:
        return voice_menu.card(shown, lang, self._voices.now, voice_menu.added(lang))

    async def _page(self, press: Press) -> None:
        found = await self._voices.page(number_of(press.token), by=press.person)
        await show(self._messenger, press, voice_menu.menu(found, press.language))

    async def _card(self, press: Press) -> None:
        shown = await self._of(press)
        card = voice_menu.card(shown, press.language, self._voices.now)
        await show(self._messenger, press, card)

    async def _ask_id(self, press: Press) -> None:
        ids_of(press.token, 1)
        await self._messenger.answer(press.query_id)
        await self._questions.ask(
            press.place, press.person, ASK_ID, "", voice_menu.ask_id(press.language)
        )

    async def _take_suggested(self, press: Press) -> None:
        """The suggested name: the question is answered by this press."""
        voice_id, number = parts_of(press.token, 2)
        name = voice_menu.suggested(number_of(number), press.language)
        shown = await self._voices.add(
            read_voice_id(voice_id), name, by=press.person, chat_id=press.place.chat_id
        )
        await self._questions.settle(press.place.chat_id, press.message_id)
        await show(self._messenger, press, self._added(shown, press.language))

    async def _ask_new_name(self, press: Press) -> None:
        shown = await self._of(press)
        await self._messenger.answer(press.query_id)
        await self._questions.ask(
            press.place,
            press.person,
            ASK_RENAME,
            str(shown.voice.id),
            voice_menu.ask_new_name(shown, press.language),
        )

    async def _ask_removal(self, press: Press) -> None:
        shown = await self._of(press)
        await show(self._messenger, press, voice_menu.ask_removal(shown, press.language))

    async def _remove(self, press: Press) -> None:
        (ref,) = ids_of(press.token, 1)
        gone = await self._voices.remove(ref, by=press.person, chat_id=press.place.chat_id)
        found = await self._voices.page(1, by=press.person)
        said = voice_menu.removed(gone.name, press.language)
        await show(self._messenger, press, voice_menu.menu(found, press.language, said))

    async def _choose(self, press: Press) -> None:
        ref, chosen = ids_of(press.token, 2)
        if chosen > 1:
            raise ExpiredError
        shown = await self._voices.choose(ref, by=press.person, chosen=bool(chosen))
        card = voice_menu.card(shown, press.language, self._voices.now)
        await show(self._messenger, press, card)

    async def _of(self, press: Press) -> Shown:
        (ref,) = ids_of(press.token, 1)
        return await self._voices.get(ref, by=press.person)


def _first_word(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    words = [*text.split(maxsplit=1), "", ""]
    return words[0], words[1].strip()
