"""Changing lists: made, added to, thinned out, renamed, merged, removed, by any who may launch."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.errors import ExpiredError, UsageError
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Lists, Look
from bot.handlers.door import Asker, Press
from bot.handlers.kept_numbers import keep
from bot.handlers.list_intake import ListIntake
from bot.handlers.lists_menu import ListsMenu
from bot.handlers.number_sources import Found
from bot.handlers.pressing import Pressed
from bot.handlers.questions import Questions
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import errors, list_changes, lists
from bot.texts.cards import Verb

NAME, RENAME = "list_name", "list_rename"  # kinds of question
NONE = "x"  # in a token: no list


class ListEdits:
    """Every change says who made it; what cannot be undone is asked once more."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        lists: Lists,
        changes: ListChanges,
        menu: ListsMenu,
        intake: ListIntake,
        questions: Questions,
    ) -> None:
        self._messenger = messenger
        self._lists = lists
        self._changes = changes
        self._menu = menu
        self._intake = intake
        self._questions = questions
        questions.on(NAME, self._take_name, look="/lists")
        questions.on(RENAME, self._take_new_name, look="/lists")

    @property
    def handlers(self) -> dict[Verb, Pressed]:
        """The buttons, by what they do."""
        return {
            Verb.LIST_NEW: self.new,
            Verb.LIST_NAME: self.take_suggested,
            Verb.LIST_ADD: self.add,
            Verb.LIST_COLUMN: self._intake.column,
            Verb.LIST_DONE: self.done,
            Verb.LIST_INSTEAD: self._intake.call_instead,
            Verb.LIST_OFF: self.take_off,
            Verb.LIST_UNDO: self.undo,
            Verb.LIST_RENAME: self.ask_new_name,
            Verb.LIST_MERGE: self.merge_into,
            Verb.LIST_INTO: self.merge_sure,
            Verb.LIST_JOIN: self.merge,
            Verb.LIST_REMOVE: self.remove_sure,
            Verb.LIST_SURE: self.remove,
        }

    async def ask_name(
        self, asked: Asker | Press, why: Sequence[Markup] = (), kept: str = ""
    ) -> None:
        """Ask what a new list is called.

        Args:
            asked: who is asked.
            why: what was wrong with what they sent before.
            kept: the numbers that wait for the name, as `kept_numbers` keeps them.
        """
        lang = asked.language
        number = await self._lists.suggest(lambda n: list_changes.suggested(n, lang))
        card = list_changes.ask_name(number, lang, why)
        await self._questions.ask(asked.place, asked.person, NAME, kept, card)

    async def ask_other_name(self, asker: Asker, error: UsageError, found: Found) -> None:
        """Ask for another name than the one that cannot be taken; the numbers wait for it."""
        why = [errors.error(one, asker.language) for one in (error, *found.errors)]
        await self.ask_name(asker, why, keep(found))

    async def new(self, press: Press) -> None:
        """*New list*."""
        if press.token != lists.NEW:
            raise ExpiredError
        await self._messenger.answer(press.query_id)
        await self.ask_name(press)

    async def _take_name(self, asker: Asker, kept: str) -> None:
        name = await self._lists.free_name(asker.text)
        await self._named(asker, name, kept)

    async def _named(self, asked: Asker | Press, name: str, kept: str) -> None:
        """Make the list of the numbers that wait for its name, or ask for some."""
        if kept:
            await self._intake.make_kept(asked, name, kept)
        else:
            await self._intake.ask_numbers(asked, name)

    async def take_suggested(self, press: Press) -> None:
        """The name that was suggested."""
        (number,) = ids_of(press.token, 1)
        name = await self._lists.free_name(list_changes.suggested(number, press.language))
        question = await self._questions.at(press.place.chat_id, press.message_id)
        if await self._intake.stop(press):
            await self._messenger.answer(press.query_id)
            await self._named(press, name, question.about if question is not None else "")

    async def add(self, press: Press) -> None:
        """*Add*: further numbers are asked for, and taken until *Done*."""
        look = await self._seen(press)
        await self._messenger.answer(press.query_id)
        await self._intake.ask_more(press, look.list)

    async def done(self, press: Press) -> None:
        """*Done*, *Back* and *Cancel* of such a question."""
        card = list_changes.stopped(press.language)
        if press.token != NONE:
            (list_id,) = ids_of(press.token, 1)
            card = await self._menu.card_of(list_id, press)
        if await self._intake.stop(press):
            await show(self._messenger, press, card)

    async def take_off(self, press: Press) -> None:
        """A number of *See / remove*: off it goes, and *Undo* stands below."""
        list_id, version, position, page = ids_of(press.token, 4)
        chat_id = press.place.chat_id
        look = await self._changes.take_off(
            list_id, version, position, page=page, by=press.person, chat_id=chat_id
        )
        await show(self._messenger, press, lists.see(look, press.language))

    async def undo(self, press: Press) -> None:
        """*Undo* of the last removal, or of what was added last."""
        list_id, version, page = ids_of(press.token, 3)
        chat_id = press.place.chat_id
        look = await self._changes.undo(
            list_id, version, page=page, by=press.person, chat_id=chat_id
        )
        card = lists.see(look, press.language)
        if page == lists.WHOLE:  # below what came last, whose *Done* goes with this
            await self._questions.settle(press.place.chat_id, press.message_id)
            said = list_changes.undone(look.list, press.language)
            card = await self._menu.card_of(list_id, press, *said)
        await show(self._messenger, press, card)

    async def ask_new_name(self, press: Press) -> None:
        """*Rename*."""
        look = await self._seen(press)
        await self._messenger.answer(press.query_id)
        card = list_changes.ask_new_name(look.list, press.language)
        await self._questions.ask(press.place, press.person, RENAME, press.token, card)

    async def _take_new_name(self, asker: Asker, about: str) -> None:
        list_id, version = map(int, about.split("."))
        before = (await self._lists.look(list_id)).list.name
        chat_id = asker.place.chat_id
        renamed = await self._changes.rename(
            list_id, version, asker.text, by=asker.person, chat_id=chat_id
        )
        said = list_changes.renamed(renamed, before, asker.language)
        card = await self._menu.card_of(list_id, asker, *said)
        await self._messenger.reply(asker.place, card)

    async def merge_into(self, press: Press) -> None:
        """*Merge into…*: a page of the other lists."""
        list_id, _, page = ids_of(press.token, 3)
        source = (await self._lists.look(list_id)).list
        found = await self._lists.page(page)
        await show(self._messenger, press, lists.merge_into(source, found, press.language))

    async def merge_sure(self, press: Press) -> None:
        """A list that was picked; asks once more."""
        source_id, _, target_id, _ = ids_of(press.token, 4)
        source, target = (
            (await self._lists.look(source_id)).list,
            (await self._lists.look(target_id)).list,
        )
        await show(self._messenger, press, lists.merge_sure(source, target, press.language))

    async def merge(self, press: Press) -> None:
        """*Merge*."""
        source_id, source_version, target_id, target_version = ids_of(press.token, 4)
        source = (await self._lists.look(source_id)).list
        saved = await self._changes.merge(
            (source_id, source_version),
            (target_id, target_version),
            by=press.person,
            chat_id=press.place.chat_id,
        )
        said = list_changes.merged(saved, source, press.language)
        await show(self._messenger, press, await self._menu.card_of(target_id, press, *said))

    async def remove_sure(self, press: Press) -> None:
        """*Remove*; asks once more."""
        look = await self._seen(press)
        await show(self._messenger, press, lists.remove_sure(look.list, press.language))

    async def remove(self, press: Press) -> None:
        """*Remove it*."""
        list_id, version = ids_of(press.token, 2)
        chat_id = press.place.chat_id
        gone = await self._changes.remove(list_id, version, by=press.person, chat_id=chat_id)
        await show(self._messenger, press, lists.removed(gone, press.language))

    async def _seen(self, press: Press) -> Look:
        """The list that a button names with its version, as it is now."""
        list_id, _ = ids_of(press.token, 2)
        return await self._lists.look(list_id)
