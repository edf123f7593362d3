"""Looking at lists: the menu, a list's card, its numbers, its file, and its launch."""

import logging

from markupsafe import Markup

from bot.calling.errors import ListChangedError
from bot.calling.launches import Asked, Launches
from bot.calling.lists import Lists
from bot.handlers.door import Asker, Press
from bot.handlers.drafts import DraftPresses
from bot.handlers.pressing import Pressed
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of
from bot.list_sheets import list_sheet
from bot.messenger import Messenger
from bot.texts import calls, errors, list_changes, lists, replies
from bot.texts.cards import Card, Verb, plain
from bot.workshop import Workshop, WorkshopError

log = logging.getLogger(__name__)

WITHIN = 60.0  # seconds for the file of a list


class ListsMenu:
    """Nothing here changes a list."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        lists: Lists,
        launches: Launches,
        drafts: DraftPresses,
        workshop: Workshop,
    ) -> None:
        self._messenger = messenger
        self._lists = lists
        self._launches = launches
        self._drafts = drafts
        self._workshop = workshop

    @property
    def handlers(self) -> dict[Verb, Pressed]:
        """The buttons, by what they do."""
        return {
            Verb.LISTS: self.page,
            Verb.LIST_CARD: self.card,
            Verb.LIST_SEE: self.see,
            Verb.LIST_CALL: self.call,
            Verb.LIST_FILE: self.file,
        }

    async def show_menu(self, asker: Asker) -> None:
        """`/lists`."""
        card = lists.menu(await self._lists.page(1), asker.language)
        await self._messenger.reply(asker.place, card)

    async def show_named(self, asker: Asker, name: str) -> None:
        """`/lists <name>`: that list's card."""
        found = await self._lists.named(name)
        await self._messenger.reply(asker.place, await self.card_of(found.id, asker))

    async def card_of(self, list_id: int, reader: Asker | Press, *said: Markup) -> Card:
        """A list's card as it is now, below what has just happened."""
        look = await self._lists.look(list_id)
        most = self._lists.max_numbers
        return lists.card(look, most, reader.language, self._lists.now, said)

    async def page(self, press: Press) -> None:
        """A page of the menu."""
        (page,) = ids_of(press.token, 1)
        card = lists.menu(await self._lists.page(page), press.language)
        await show(self._messenger, press, card)

    async def card(self, press: Press) -> None:
        """A list's card."""
        (list_id,) = ids_of(press.token, 1)
        await show(self._messenger, press, await self.card_of(list_id, press))

    async def see(self, press: Press) -> None:
        """A page of a list's numbers."""
        list_id, page = ids_of(press.token, 2)
        look = await self._lists.look(list_id, page)
        await show(self._messenger, press, lists.see(look, press.language))

    async def call(self, press: Press) -> None:
        """*Call this list*: a draft, with the member's default voice if there is one."""
        (list_id,) = ids_of(press.token, 1)
        found = await self._lists.to_call(list_id, by=press.person)
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            return
        content = self._launches.blank(
            voice=found.voice.voice_id if found.voice else None,
            voice_name=found.voice.name if found.voice else None,
            numbers=tuple(one.number for one in found.numbers),
            names={one.number: one.name for one in found.numbers if one.name},
            list_ref=found.list.id,
            list_name=found.list.name,
        )
        result = await self._launches.draft(
            content, by=press.person, place=press.place, asked_by=f"press:{press.query_id}"
        )
        if isinstance(result, Asked):
            await self._drafts.show(result, press.place, press.language)

    async def file(self, press: Press) -> None:
        """*Download*: the numbers and their names as CSV."""
        (list_id,) = ids_of(press.token, 1)
        of, numbers = await self._lists.all_numbers(list_id)
        lang = press.language
        await self._messenger.answer(press.query_id, plain(replies.working(lang)))
        rows = [
            (calls.in_file(one.number, lang), one.name and lang.free(one.name)) for one in numbers
        ]
        try:
            content = await self._workshop.make(
                WITHIN, list_sheet, list_changes.file_heads(lang), rows
            )
        except WorkshopError as error:
            log.error("the file of a list could not be made: %s", error)  # noqa: TRY400 -- the child's traceback is in it
            await self._messenger.reply(press.place, Card(list_changes.no_file(lang)))
            return
        await self._lists.taken_out(of, by=press.person, chat_id=press.place.chat_id)
        caption = Card(list_changes.file_caption(of, lang))
        await self._messenger.reply_file(press.place, f"list-{of.id}.csv", content, caption)

    def fresh(self, handle: Pressed) -> Pressed:
        """The same, but who comes second is told so and sees the list as it is."""

        async def handled(press: Press) -> None:
            try:
                await handle(press)
            except ListChangedError as error:
                text = plain(errors.error(error, press.language))
                await self._messenger.answer(press.query_id, text, alert=True)
                card = await self.card_of(error.of.id, press)
                await self._messenger.show(press.place, press.message_id, card)

        return handled
