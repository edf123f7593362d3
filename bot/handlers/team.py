"""`/team`: the menu in private; by reply in a group; and people who are picked with *Add*."""

import logging

from markupsafe import Markup
from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.errors import CallingError, ExpiredError, TeamError
from bot.calling.problems import TeamProblem
from bot.calling.rights import Role
from bot.calling.team import Asked, Change, Team, parse_role
from bot.handlers.commands import Handler
from bot.handlers.door import Asker, Door, person_of
from bot.handlers.home import Home
from bot.handlers.permissions import SENT
from bot.handlers.pressing import Handled, Pressed
from bot.handlers.team_menu import TeamMenu
from bot.handlers.team_news import TeamNews
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts import team as texts
from bot.texts.cards import Card, Verb
from bot.texts.language import clean_name
from storage.errors import StorageError
from storage.models import Person

log = logging.getLogger(__name__)

ADD = "add"  # may stand before the role
LOOK = "/team"  # tells whether a change took effect


class TeamCommand:
    """For admins."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        team: Team,
        menu: TeamMenu,
        news: TeamNews,
        home: Home,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._team = team
        self._menu = menu
        self._news = news
        self._home = home

    @property
    def commands(self) -> dict[str, Handler]:
        """The command."""
        return {"team": self.handle}

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """The buttons of the menu of members."""
        pressed: dict[Verb, Pressed] = self._menu.handlers
        return {verb: Handled(handle, LOOK) for verb, handle in pressed.items()}

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """An admin's `/team`; in a group with a role or a deed, and in reply."""
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        words = asker.text.lower().split()
        if asker.private:
            if words:
                await self._reply(asker, Card(texts.private_usage(asker.language)))
            else:
                await self._menu.send(asker)
            return
        if words in ([], [ADD]):
            await self._reply(asker, Card(texts.group_help(asker.language)))
            return
        try:
            await self._do(asker, words)
        except CallingError as error:
            await self._reply(asker, Card(errors.error(error, asker.language)))
        except StorageError as error:
            log.warning("a change of the team was refused by the record: %s", error)
            await self._reply(asker, Card(errors.record_unsure(asker.language, LOOK)))

    async def shared(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """People that an admin has picked: each gets the role of the key; home comes back."""
        message = update.effective_message
        if message is None or message.users_shared is None:
            return
        asker = await self._door.admit(update, SENT["people"])
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        shared, lang = message.users_shared, asker.language
        try:
            role = _role(shared.request_id)
            for user in shared.users:
                named = " ".join(filter(None, (user.first_name, user.last_name)))
                name = clean_name(named) or f"u{user.user_id}"
                person = Person(id=user.user_id, name=name)
                change = await self._team.put(person, role, _asked(asker))
                await self._news.back_home(change, asker.person, lang)
                await self._news.changed(change, asker.person, lang)
        except CallingError as error:
            await self._home.renew(asker.person.id, errors.error(error, lang), lang)
        except StorageError as error:
            log.warning("a picked person was refused by the record: %s", error)
            said = errors.record_unsure(lang, LOOK)
            await self._home.renew(asker.person.id, said, lang)

    async def _do(self, asker: Asker, words: list[str]) -> None:
        """What follows /team in a group, for the author of the message that it answers."""
        word = " ".join(words[1:] if words[0] == ADD else words)
        deeds = {
            texts.SUSPEND: self._team.suspend,
            texts.RESTORE: self._team.restore,
            texts.REMOVE: self._team.remove,
        }
        role = None if word in deeds else parse_role(word)
        replied = _replied(asker.message)
        if replied is None:
            await self._reply(asker, Card(texts.reply_first(asker.language)))
            return
        person, asked = _author(replied), _asked(asker)
        if role is None:
            change = await deeds[word](person, asked)
        else:
            change = await self._team.put(person, role, asked)
        await self._reply(asker, Card(_said(word, change, asker)))
        await self._news.changed(change, asker.person, asker.language)

    async def _reply(self, asker: Asker, card: Card) -> None:
        await self._messenger.reply(asker.place, card)


def _said(word: str, change: Change, asker: Asker) -> Markup:
    say = texts.removed if word == texts.REMOVE else texts.done
    return say(change, asker.person.name, asker.language)


def _asked(asker: Asker) -> Asked:
    return Asked(by=asker.person, chat_id=asker.place.chat_id)


def _role(number: int) -> Role:
    """The role that a key named."""
    try:
        role = Role(number)
    except ValueError as error:
        raise ExpiredError from error
    if role is Role.STRANGER:
        raise ExpiredError
    return role


def _replied(message: Message) -> Message | None:
    """The message that this one answers; one that opened a topic is none."""
    replied = message.reply_to_message
    return None if replied is None or replied.forum_topic_created is not None else replied


def _author(message: Message) -> Person:
    """Who wrote it, if that was a person.

    Raises:
        TeamError: it was a bot, a channel, or the group itself.
    """
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat is not None:
        raise TeamError(TeamProblem.NO_PERSON)
    return person_of(user)
