"""`/start`, `/help`, `/id`: what a person can do here; a stranger learns their id and no more."""

import re
from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.ext import ContextTypes

from bot.calling.rights import Role
from bot.handlers.door import Asker, Door
from bot.handlers.home import Home
from bot.handlers.invites import InviteLinks
from bot.handlers.permissions import COMMANDS, may_follow
from bot.messenger import Messenger
from bot.texts import help as help_text
from bot.texts import replies
from bot.texts.cards import Card

_LINK = re.compile(r"l_([A-Za-z0-9_-]{1,55})", re.ASCII)  # a hint: it gives no right

ShowMenu = Callable[[int, Role], Awaitable[None]]


class StartCommands:
    """The three commands that need nothing but membership."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        names: Callable[[Role], list[str]],
        show_menu: ShowMenu,
        home: Home,
        invites: InviteLinks,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._names = names
        self._show_menu = show_menu
        self._home = home
        self._invites = invites
        self._album: str | None = None

    async def start(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/start`: home, or what its link names; sets the command menu, which needs a chat.

        An invite is read before anybody is turned away: it is for strangers.
        """
        if await self._invites.take(update):
            return
        asker = await self._admit(update)
        if asker is None:
            return
        if not asker.private:
            calls = asker.role >= COMMANDS["call"].role
            said = replies.welcome(asker.person.name, asker.language, calls=calls)
            await self._reply(asker, Card(said))
            return
        link = _LINK.fullmatch(asker.text.strip())
        if link is None:
            await self._home.welcome(asker)
        else:
            await self._home.start(asker, link[1])
        await self._show_menu(asker.person.id, asker.role)

    async def help(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/help`: the commands that this person may use."""
        asker = await self._admit(update)
        if asker is not None:
            role = asker.role
            text = help_text.help_text(
                self._names(role), asker.language, lambda further: may_follow(further, role)
            )
            await self._reply(asker, Card(text))

    async def id(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """`/id`: the ids of the person and of the chat."""
        asker = await self._admit(update)
        if asker is not None:
            text = replies.own_id(asker.person.id, asker.place.chat_id, asker.language)
            await self._reply(asker, Card(text))

    async def unknown(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A command that does not exist, in a private chat."""
        asker = await self._admit(update)
        if asker is not None:
            await self._reply(asker, Card(replies.no_command(asker.language)))

    async def no_source(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """What has no numbers, in a private chat; a stranger's is met with silence.

        Of an album one is answered for all.
        """
        message = update.effective_message
        if message is None or await self._door.role(update.effective_user) is Role.STRANGER:
            return
        if message.media_group_id is not None and message.media_group_id == self._album:
            return
        self._album = message.media_group_id
        asker = await self._admit(update)
        if asker is not None:
            await self._reply(asker, Card(replies.no_source(asker.language)))

    async def _admit(self, update: Update) -> Asker | None:
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return None
        return asker

    async def _reply(self, asker: Asker, card: Card) -> None:
        await self._messenger.reply(asker.place, card)
