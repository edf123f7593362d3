"""Invites: their menu in an admin's private chat, and `/start i_…`, with which one is used."""

import logging
import re
import time
from collections.abc import Callable

from telegram import Update

from bot.calling.errors import ExpiredError, InviteError
from bot.calling.invites import Invites
from bot.calling.problems import InviteProblem
from bot.calling.rights import ROLES, Role
from bot.handlers.door import Door, Press, after_command, person_of, place_of
from bot.handlers.pressing import Handled, Pressed
from bot.handlers.showing import show
from bot.handlers.team_news import TeamNews
from bot.handlers.tokens import ids_of
from bot.messenger import Messenger
from bot.texts import errors, replies, team
from bot.texts import invites as texts
from bot.texts.cards import Card, Verb
from storage.errors import StorageError
from storage.models import Place

log = logging.getLogger(__name__)

_LINK = re.compile(
    rf"{texts.START}([A-Za-z0-9_-]{{22}})", re.ASCII
)  # the one link that is a right


class InviteMenu:
    """For admins; a link is shown once, in private, for whoever sees it can use it."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        invites: Invites,
        news: TeamNews,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._messenger = messenger
        self._invites = invites
        self._news = news
        self._clock = clock

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """*Invites*, *New invite* with its roles, and *Take back*."""
        made: dict[Verb, Pressed] = {
            Verb.INVITES: self._menu,
            Verb.INVITE: self._new,
            Verb.INVITE_BACK: self._take_back,
        }
        return {verb: Handled(handle, "/team") for verb, handle in made.items()}

    async def _menu(self, press: Press) -> None:
        card = texts.menu(await self._invites.open(), self._clock(), press.language)
        await show(self._messenger, press, card)

    async def _new(self, press: Press) -> None:
        lang = press.language
        if press.token == team.PICK:
            asks = team.roles(Verb.INVITE, texts.to_what(lang), lang)
            await show(self._messenger, press, asks)
            return
        if press.token not in ROLES:
            raise ExpiredError
        role, chat_id = ROLES[press.token], press.place.chat_id
        made = await self._invites.make(role, by=press.person, chat_id=chat_id)
        await self._messenger.answer(press.query_id)
        card = texts.made(made, self._news.bot_name, self._clock(), lang)
        await self._messenger.reply(press.place, card)

    async def _take_back(self, press: Press) -> None:
        (invite_id,) = ids_of(press.token, 1)
        await self._invites.take_back(invite_id, by=press.person, chat_id=press.place.chat_id)
        said = texts.taken_back(invite_id, press.language)
        card = texts.menu(await self._invites.open(), self._clock(), press.language, said)
        await show(self._messenger, press, card)


class InviteLinks:
    """The one thing that a stranger can use; anything wrong with it tells them nothing else."""

    def __init__(
        self, *, door: Door, messenger: Messenger, invites: Invites, news: TeamNews
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._invites = invites
        self._news = news

    async def take(self, update: Update) -> bool:
        """Use the invite that a `/start` in a private chat names; False if it names none."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or user.is_bot:
            return False
        link = _LINK.fullmatch(after_command(message).strip())
        if link is None or message.chat.type != message.chat.PRIVATE:
            return False
        if not await self._door.is_new(update.update_id):
            return True
        lang, place = self._door.language, place_of(message)
        try:
            used = await self._invites.use(link[1], by=person_of(user))
        except InviteError as error:
            await self._refuse(error, place, await self._door.role(user))
        except StorageError as error:
            log.warning("an invite was refused by the record: %s", error)
            await self._messenger.reply(place, Card(errors.database_busy(lang)))
        else:
            log.info("u%d has used an invite", user.id)
            await self._news.joined(used, lang)
        return True

    async def _refuse(self, error: InviteError, place: Place, role: Role) -> None:
        lang = self._door.language
        log.warning("an invite was not taken from u%d: %s", place.chat_id, error.problem)
        if error.problem is InviteProblem.UNKNOWN and role is Role.STRANGER:
            await self._messenger.reply(place, Card(replies.stranger(place.chat_id, lang)))
        else:
            await self._messenger.reply(place, Card(errors.error(error, lang)))
