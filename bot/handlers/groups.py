"""The groups in which the bot works: added, allowed, taken off, left, and moved by Telegram."""

import logging

from telegram import Chat, ChatMember, ChatMemberUpdated, Update
from telegram.ext import ContextTypes

from bot.boards.moving import Mover
from bot.calling.chats import Chats
from bot.calling.errors import ExpiredError
from bot.calling.rights import Rights, Role
from bot.handlers.door import Door, Press, person_of
from bot.handlers.leaving import Leaver
from bot.handlers.pressing import Handled
from bot.handlers.showing import show
from bot.handlers.tokens import ids_of, parts_of
from bot.messenger import Messenger
from bot.texts import chats as texts
from bot.texts.cards import Card, Verb
from bot.texts.language import clean_name
from storage.errors import StorageError
from storage.models import AllowedChat, Place

log = logging.getLogger(__name__)

_OUT = (ChatMember.LEFT, ChatMember.BANNED)
_GROUPS = (Chat.GROUP, Chat.SUPERGROUP)


class Groups:
    """Who adds the bot is read from the record; where it cannot be read, nothing is allowed."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        rights: Rights,
        chats: Chats,
        leaver: Leaver,
        mover: Mover,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._rights = rights
        self._chats = chats
        self._leaver = leaver
        self._mover = mover

    @property
    def buttons(self) -> dict[Verb, Handled]:
        """*Allow this chat* in the group; the menu of chats in private."""
        return {
            Verb.CHAT_ALLOW: Handled(self._allow, "/team"),
            Verb.CHATS: Handled(self._menu, "/team"),
            Verb.CHAT_OFF: Handled(self._take_off, "/team"),
        }

    async def placed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot was added somewhere, or removed (`my_chat_member`)."""
        event = update.my_chat_member
        if event is None or event.chat.type == Chat.PRIVATE:
            return
        if not await self._door.is_new(update.update_id):
            return
        was_out = event.old_chat_member.status in _OUT
        is_out = event.new_chat_member.status in _OUT
        try:
            if is_out:
                await self._removed(event)
            elif was_out:
                await self._added(event)
        except StorageError as error:
            log.warning("c%d is not allowed: the record cannot tell: %s", event.chat.id, error)

    async def migrated(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup: what is recorded of it follows."""
        message = update.effective_message
        if message is None:
            return
        chat_id = message.chat.id
        if message.migrate_to_chat_id is not None:
            await self._mover.move(chat_id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await self._mover.move(message.migrate_from_chat_id, chat_id)

    async def _added(self, event: ChatMemberUpdated) -> None:
        chat, lang = event.chat, self._door.language
        user = event.from_user
        role, allowed = await self._rights.standing(user.id, chat.id)
        admin = role is Role.ADMIN and not user.is_bot
        if chat.type not in _GROUPS:
            await self._leaver.leave(chat.id)
            if admin:
                card = Card(texts.no_channels(lang))
                await self._messenger.reply(Place(chat_id=user.id), card)
        elif admin:
            title = clean_name(chat.title or "")
            if await self._chats.allow(chat.id, title, by=person_of(user)):
                await self._messenger.reply(Place(chat_id=chat.id), Card(texts.greeting(lang)))
        elif not allowed:
            log.warning("u%d is no admin and has added me to c%d", user.id, chat.id)
            await self._leaver.turn_away_from(chat, texts.leaving(lang))

    async def _removed(self, event: ChatMemberUpdated) -> None:
        if await self._chats.forbid(
            event.chat.id, by=person_of(event.from_user), said_in=event.chat.id
        ):
            log.warning("c%d is taken off: I am no member of it any more", event.chat.id)

    async def _allow(self, press: Press) -> None:
        chat_id = press.place.chat_id
        if press.token != str(chat_id):
            raise ExpiredError
        await self._chats.allow(chat_id, press.chat_title, by=press.person)
        await show(self._messenger, press, texts.allowed(press.person.name, press.language))

    async def _menu(self, press: Press) -> None:
        (page,) = ids_of(press.token, 1)
        card = texts.menu(await self._chats.all(), page, press.language)
        await show(self._messenger, press, card)

    async def _take_off(self, press: Press) -> None:
        named, step = parts_of(press.token, 2)
        chat = await self._named(named)
        if step == texts.ASK:
            await show(self._messenger, press, texts.sure(chat, press.language))
            return
        if step != texts.SURE:
            raise ExpiredError
        if not await self._chats.forbid(
            chat.chat_id, by=press.person, said_in=press.place.chat_id
        ):
            raise ExpiredError
        said = texts.taken_off(chat, press.language)
        card = texts.menu(await self._chats.all(), 1, press.language, said)
        await show(self._messenger, press, card)
        await self._leaver.leave(chat.chat_id, texts.taken_off_here(press.language))

    async def _named(self, named: str) -> AllowedChat:
        for chat in await self._chats.all():
            if str(chat.chat_id) == named:
                return chat
        raise ExpiredError
