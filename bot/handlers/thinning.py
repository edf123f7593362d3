"""A draft looked through: numbers taken off, and all of them kept as a list."""

import logging
from dataclasses import replace

from bot.calling.drafts import Content
from bot.calling.errors import CallingError, ExpiredError, UsageError
from bot.calling.launches import Asked, Launches
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Given, Lists
from bot.calling.problems import Problem
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.tokens import number_of, parts_of
from bot.messenger import Messenger, MessengerError
from bot.texts import list_changes, thinning
from bot.texts.cards import Card, Verb
from bot.texts.language import Language
from storage.models import NumberList, Place

log = logging.getLogger(__name__)

NAME = "draft_list"  # the kind of the question


class Thinning:
    """All of it is the author's alone; a button names exactly the content that it was made for."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        launches: Launches,
        drafts: DraftPresses,
        questions: Questions,
        lists: Lists,
        changes: ListChanges,
    ) -> None:
        self._messenger = messenger
        self._launches = launches
        self._drafts = drafts
        self._questions = questions
        self._lists = lists
        self._changes = changes
        questions.on(NAME, self._named, look="/lists")

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """Its buttons, each with what it needs."""
        return {
            Verb.SEE: Handled(self.see),
            Verb.TAKE_OFF: Handled(self.take_off),
            Verb.SAVE_LIST: Handled(self.ask_name),
            Verb.KEEP_AS: Handled(self.keep_as),
        }

    async def see(self, press: Press) -> None:
        """*See / remove*, and its pages."""
        token, page = parts_of(press.token, 2)
        asked = await self._launches.look(token, by=press.person)
        card = thinning.numbers(asked, number_of(page), press.language)
        await show(self._messenger, press, card)

    async def take_off(self, press: Press) -> None:
        """A number: off it goes."""
        token, index, page = parts_of(press.token, 3)
        at = number_of(index)

        def change(content: Content) -> Content:
            if at >= len(content.numbers):
                raise ExpiredError
            if len(content.numbers) == 1:
                raise UsageError(Problem.LAST_NUMBER)
            return content.without({content.numbers[at]})

        asked = await self._launches.change(token, change, by=press.person)
        card = thinning.numbers(asked, number_of(page), press.language)
        await show(self._messenger, press, card)

    async def ask_name(self, press: Press) -> None:
        """*Save as list*: asks what it is called."""
        asked = await self._launches.look(press.token, by=press.person)
        lang = press.language
        number = await self._lists.suggest(lambda n: list_changes.suggested(n, lang))
        await self._messenger.answer(press.query_id)
        card = thinning.ask_list_name(asked, number, lang)
        about = f"{press.token}.{press.message_id}"
        await self._questions.ask(press.place, press.person, NAME, about, card)

    async def keep_as(self, press: Press) -> None:
        """The name that was suggested; the question says what came of it."""
        token, number = parts_of(press.token, 2)
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if question is None or question.kind != NAME or question.answered_at is not None:
            raise ExpiredError
        name = list_changes.suggested(number_of(number), press.language)
        saved, asked = await self._save(token, name, press)
        await self._questions.close(question)
        said = thinning.list_saved(saved.name, saved.numbers, press.language)
        await show(self._messenger, press, Card(said))
        await self._go_on(question.about, asked, press.place, press.language)

    async def _named(self, asker: Asker, about: str) -> None:
        token, _ = parts_of(about, 2)
        saved, asked = await self._save(token, asker.text, asker)
        said = thinning.list_saved(saved.name, saved.numbers, asker.language)
        await self._messenger.reply(asker.place, Card(said))
        await self._go_on(about, asked, asker.place, asker.language)

    async def _save(
        self, token: str, name: str, whose: Asker | Press
    ) -> tuple[NumberList, Asked | None]:
        """Make the list, and let the draft name it.

        Returns:
            The list; and the draft as it is now, or None if it is over.

        Raises:
            CallingError: the name is none or taken, or the draft was over before.
        """
        by, chat_id = whose.person, whose.place.chat_id
        asked = await self._launches.look(token, by=by)
        numbers = asked.content.numbers
        given = Given(numbers=numbers, names=asked.content.names)
        saved = (await self._changes.create(name, given, by=by, chat_id=chat_id)).list

        def change(content: Content) -> Content:
            return replace(content, list_ref=saved.id, list_name=saved.name)

        try:
            return saved, await self._launches.change(token, change, by=by)
        except CallingError:  # it was confirmed, cancelled or changed at this very moment
            return saved, None

    async def _go_on(
        self, about: str, asked: Asked | None, place: Place, language: Language
    ) -> None:
        """Show the draft below, where its author is reading."""
        if asked is None:
            return
        shown = await self._drafts.show(asked, place, language, files=False)
        _, before = parts_of(about, 2)
        if shown is not None:
            try:
                await self._messenger.edit(
                    place.chat_id, number_of(before), thinning.goes_on(language)
                )
            except MessengerError as error:
                log.info("the draft's old message cannot be edited: %s", error)
