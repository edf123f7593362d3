"""What follows a change of somebody's role: their command menu, and a word to them."""

import logging
from collections.abc import Awaitable, Callable

from bot.calling.invites import Used
from bot.calling.rights import Role
from bot.calling.team import Change
from bot.handlers.home import Home
from bot.messenger import Messenger, MessengerError
from bot.texts import invites, team
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.models import Person, Place

log = logging.getLogger(__name__)

ShowMenu = Callable[[int, Role], Awaitable[None]]


class TeamNews:
    """Who never wrote to the bot has no private chat, and is told nothing; their menu waits."""

    def __init__(self, *, messenger: Messenger, home: Home, show_menu: ShowMenu) -> None:
        self._messenger = messenger
        self._home = home
        self._show_menu = show_menu

    @property
    def bot_name(self) -> str:
        """The bot's username, which links name."""
        return self._home.bot_name

    async def changed(self, change: Change, by: Person, lang: Language) -> None:
        """A role was given, changed or taken: its owner is told; who has one gets the keyboard."""
        person, role = change.after.person, change.after.counts
        await self._show_menu(person.id, role)
        if role is not Role.STRANGER:
            await self._home.renew(person.id, team.told(role, by.name, lang), lang, role=role)
        elif change.before.counts is not Role.STRANGER:
            card = Card(team.told_off(change.after, by.name, lang))
            try:  # once: they can do nothing with it
                await self._messenger.send(Place(chat_id=person.id), card)
            except MessengerError as error:
                log.info("u%d was not told that they may do no more: %s", person.id, error)

    async def joined(self, used: Used, lang: Language) -> None:
        """An invite was used: the new member is welcome, and who made it hears of it."""
        said = invites.welcome(used, lang)
        await self._home.renew(used.person.id, said, lang, role=used.role)
        await self._show_menu(used.person.id, used.role)
        card = Card(invites.joined(used, lang))
        await self._messenger.reply(Place(chat_id=used.by.id), card)

    async def back_home(self, change: Change, by: Person, lang: Language) -> None:
        """Tell an admin in private what was changed, and give the keyboard back."""
        await self._home.renew(by.id, team.done(change, by.name, lang), lang)
