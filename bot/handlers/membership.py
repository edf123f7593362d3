"""Everything about who belongs to the team, and where the bot works: what it is made of."""

from bot.boards.moving import Mover
from bot.calling.chats import Chats
from bot.calling.invites import Invites
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.calling.team import Team
from bot.handlers.commands import Handler
from bot.handlers.door import Door
from bot.handlers.groups import Groups
from bot.handlers.home import Home
from bot.handlers.invites import InviteLinks, InviteMenu
from bot.handlers.leaving import Leaver
from bot.handlers.pressing import Handled
from bot.handlers.team import TeamCommand
from bot.handlers.team_menu import TeamMenu
from bot.handlers.team_news import ShowMenu, TeamNews
from bot.messenger import Messenger
from bot.texts.cards import Verb
from storage.database import Database


class Membership:
    """The team, its invites and its chats.

    Attributes:
        links: what uses an invite.
    """

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        database: Database,
        rights: Rights,
        signals: Signals,
        leaver: Leaver,
        home: Home,
        show_menu: ShowMenu,
    ) -> None:
        team = Team(database=database, rights=rights)
        invites = Invites(database=database, rights=rights)
        news = TeamNews(messenger=messenger, home=home, show_menu=show_menu)
        menu = TeamMenu(messenger=messenger, team=team, news=news)
        self._team = TeamCommand(
            door=door, messenger=messenger, team=team, menu=menu, news=news, home=home
        )
        self._invites = InviteMenu(messenger=messenger, invites=invites, news=news)
        self.links = InviteLinks(door=door, messenger=messenger, invites=invites, news=news)
        self._groups = Groups(
            door=door,
            messenger=messenger,
            rights=rights,
            chats=Chats(database=database),
            leaver=leaver,
            mover=Mover(database=database, signals=signals),
        )

    @property
    def commands(self) -> dict[str, Handler]:
        """`/team`."""
        return self._team.commands

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """Every button of the team, the invites and the chats."""
        return {**self._team.buttons, **self._invites.buttons, **self._groups.buttons}

    @property
    def shared(self) -> Handler:
        """Takes people who were picked."""
        return self._team.shared

    @property
    def migrated(self) -> Handler:
        """Takes what Telegram says of a group that became a supergroup."""
        return self._groups.migrated

    @property
    def placed(self) -> Handler:
        """Takes what Telegram says of the bot's own place in a chat."""
        return self._groups.placed
