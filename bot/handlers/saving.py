"""*Save as launch* and *New launch*: which voice, which list, and a name that is suggested."""

from bot.calling.saved import SavedLaunches
from bot.handlers.door import Asker, Press
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of, number_of, parts_of
from bot.messenger import Messenger
from bot.texts import launches, saving
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.models import Person

NAME = "new_launch"  # the kind of the question


class SavePresses:
    """What is saved is named by a draft's token, or by the ids of a voice and a list."""

    def __init__(
        self, *, messenger: Messenger, saved: SavedLaunches, questions: Questions
    ) -> None:
        self._messenger = messenger
        self._saved = saved
        self._questions = questions
        questions.on(NAME, self._named, look="/launch")

    async def new(self, press: Press) -> None:
        """*New launch*: pick the voice (`v.<page>`), then the list (`<voice>.<page>`)."""
        what, page = parts_of(press.token, 2)
        if what == "v":
            voices = await self._saved.voices()
            card = saving.pick_voice(voices, number_of(page), press.language)
        else:
            card = await self._lists(number_of(what), number_of(page), press.language)
        await show(self._messenger, press, card)

    async def _lists(self, voice_ref: int, page: int, language: Language) -> Card:
        voice, found = await self._saved.lists_for(voice_ref, page, saving.LISTED)
        more = len(found) > saving.LISTED
        return saving.pick_list(voice, found[: saving.LISTED], page, language, more=more)

    async def preview(self, press: Press) -> None:
        """*Save as launch*: what would be saved, with the suggested name; a new message."""
        source = _source(press.token)
        recipe = await self._saved.recipe(source, by=press.person)
        card = saving.preview(recipe, source, press.language)
        if "." in source:  # by taps from the menu: the same message goes on
            await show(self._messenger, press, card)
            return
        await self._messenger.answer(press.query_id)
        await self._messenger.reply(press.place, card)

    async def save(self, press: Press) -> None:
        """*Save under this name*; the message becomes the card of the launch."""
        source = _source(press.token)
        recipe = await self._saved.recipe(source, by=press.person)
        name = saving.suggested(recipe, press.language)
        token = await self._saved.save(
            source, name, by=press.person, numbered=True, chat_id=press.place.chat_id
        )
        await show(self._messenger, press, await self._card(token, press.person, press.language))

    async def ask_for_name(self, press: Press) -> None:
        """*Another name*."""
        source = _source(press.token)
        await self._saved.recipe(source, by=press.person)
        await self._messenger.answer(press.query_id)
        card = saving.ask_for_name(press.language)
        await self._questions.ask(press.place, press.person, NAME, source, card)

    async def _named(self, asker: Asker, source: str) -> None:
        token = await self._saved.save(
            source, asker.text, by=asker.person, chat_id=asker.place.chat_id
        )
        card = await self._card(token, asker.person, asker.language)
        await self._messenger.reply(asker.place, card)

    async def _card(self, token: str, person: Person, language: Language) -> Card:
        view = await self._saved.get(token, person.id)
        return launches.card(view, language)


def _source(token: str) -> str:
    """The token, if it has the form of one of the two.

    Raises:
        ExpiredError: it has not.
    """
    if "." in token:
        ids_of(token, 2)
    return token
