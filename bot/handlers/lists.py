"""`/lists`: saved sets of numbers; the command, and all buttons that belong to it."""

import logging

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.errors import BAD_NAMES, CallingError, UsageError
from bot.calling.list_changes import ListChanges
from bot.calling.lists import Lists
from bot.handlers.call import replied_text
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door
from bot.handlers.list_edits import ListEdits
from bot.handlers.list_intake import ListIntake
from bot.handlers.lists_menu import ListsMenu
from bot.handlers.number_sources import Found, NumberSources
from bot.handlers.parts import Parts
from bot.handlers.pressing import Handled
from bot.handlers.questions import Questions
from bot.handlers.typed import is_long
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts.cards import Card, Verb
from storage.errors import StorageError

log = logging.getLogger(__name__)

NEW = "new"
LOOK = "/lists"  # tells whether a change took effect


class ListsCommand:
    """Any member who may launch may do all of this."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        lists: Lists,
        changes: ListChanges,
        menu: ListsMenu,
        intake: ListIntake,
        questions: Questions,
        sources: NumberSources,
        parts: Parts,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._lists = lists
        self._sources = sources
        self._parts = parts
        self._menu = menu
        self._intake = intake
        self._edits = ListEdits(
            messenger=messenger,
            lists=lists,
            changes=changes,
            menu=menu,
            intake=intake,
            questions=questions,
        )

    @property
    def commands(self) -> dict[str, Handler]:
        """The command."""
        return {"lists": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of the menu, the cards and the questions."""
        handlers = {**self._menu.handlers, **self._edits.handlers}
        return {verb: Handled(self._menu.fresh(handle), LOOK) for verb, handle in handlers.items()}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/lists`, `/lists <name>`, or `/lists new <name>` with numbers or in reply to some."""
        asker = await self._door.admit(update)
        if asker is None:
            return
        if asker.private and is_long(asker.message.text or ""):
            self._parts.gather(asker, self._answer)
        elif await self._door.is_new(asker.update_id):
            await self._answer(asker, asker.text)

    async def _answer(self, asker: Asker, text: str) -> None:
        try:
            await self._do(asker, text)
        except CallingError as error:
            text = errors.error(error, asker.language)
            await self._messenger.reply(asker.place, Card(text))
        except StorageError as error:
            log.warning("a list was refused by the record: %s", error)
            text = errors.record_unsure(asker.language, LOOK)
            await self._messenger.reply(asker.place, Card(text))

    async def _do(self, asker: Asker, text: str) -> None:
        head, _, rest = text.strip().partition("\n")
        word, _, name = head.strip().partition(" ")
        if word.lower() != NEW:
            if word:
                await self._menu.show_named(asker, head)
            else:
                await self._menu.show_menu(asker)
            return
        if not name.strip():
            await self._edits.ask_name(asker)
            return
        found = await self._found(asker, rest)
        try:
            name = await self._lists.free_name(name)
        except UsageError as error:
            if error.problem not in BAD_NAMES:
                raise
            await self._edits.ask_other_name(asker, error, found or Found())
            return
        if found is None:
            await self._intake.ask_numbers(asker, name)
        else:
            await self._intake.make(asker, name, found)

    async def _found(self, asker: Asker, rest: str) -> Found | None:
        """What the lines after the name hold, or else the message that this one answers."""
        if rest.strip():
            return Found(given=self._sources.text(rest, first_line=2))
        replied = asker.message.reply_to_message
        if replied is None or replied.forum_topic_created is not None:
            return None
        if replied.contact is not None or replied.document is not None:
            return await self._sources.read([replied])
        return Found(given=self._sources.text(replied_text(asker.message) or ""))
