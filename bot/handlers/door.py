"""The door: who asks, and whether they may. Every command and every press comes through here.

Checked inside the handler, not in an earlier group of handlers: one that crashes would let the
next group run (measured with python-telegram-bot 22.8).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, Message, MessageEntity, Update, User

from bot.calling.denials import Denials
from bot.calling.rights import Rights, Role
from bot.handlers.leaving import Leaver
from bot.handlers.permissions import Permission, of_command
from bot.messenger import Messenger, MessengerError
from bot.texts import chats, elsewhere, errors, replies
from bot.texts.cards import Card, plain
from bot.texts.language import Language, clean_name
from storage.database import Database
from storage.errors import StorageError
from storage.models import Person, Place

log = logging.getLogger(__name__)

TOO_OLD = 600.0  # seconds after which a launch by command is not carried out any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A member who sent a message, and where; `text` is what follows the command."""

    person: Person
    role: Role
    place: Place
    language: Language
    message: Message
    update_id: int
    text: str
    private: bool

    @property
    def asked_by(self) -> str:
        """Names the message for all time: ids of updates restart at random, these do not."""
        return f"message:{self.message.chat.id}:{self.message.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A member who pressed a button: on which message, and what the button named."""

    person: Person
    role: Role
    place: Place
    language: Language
    query_id: str
    message_id: int
    token: str
    chat_title: str = ""


class Door:
    """Denies by default: an error in the check is a no.

    In a group that is not allowed nobody may do anything: an admin is asked whether it shall be
    allowed, and whoever else speaks to the bot there makes it leave.
    """

    def __init__(
        self,
        *,
        rights: Rights,
        messenger: Messenger,
        database: Database,
        leaver: Leaver,
        language: Language,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._rights = rights
        self._messenger = messenger
        self._database = database
        self._leaver = leaver
        self.language = language
        self._clock = clock
        self._denials = Denials(database=database, clock=clock)

    async def role(self, user: User | None) -> Role:
        """The role of a Telegram user; bots, channels and anonymous admins are strangers."""
        if user is None or user.is_bot:
            return Role.STRANGER
        try:
            return await self._rights.role(user.id)
        except Exception:
            log.exception("the check of rights failed; denied")
            return Role.STRANGER

    async def standing(self, user: User | None, chat: Chat) -> tuple[Role, bool]:
        """The role of a Telegram user, and whether the chat is one in which the bot works.

        Where the check fails everybody is a stranger, and no chat is left because of that.
        """
        if user is None or user.is_bot or chat.type == Chat.PRIVATE:
            return await self.role(user), True
        try:
            return await self._rights.standing(user.id, chat.id)
        except Exception:
            log.exception("the check of rights failed; denied")
            return Role.STRANGER, True

    async def is_new(self, update_id: int) -> bool:
        """Mark an update as seen; False if it came before and must stay silent.

        Where the record cannot be written an answer counts more than silence: launches and
        decisions have a mark of their own, in their own transaction.
        """
        try:
            return await self._database.write(lambda tx: tx.updates.take(update_id, self._clock()))
        except StorageError as error:
            log.warning("an update could not be marked as seen: %s", error)
            return True

    async def admit(self, update: Update, needs: Permission | None = None) -> Asker | None:
        """The member who sent this message, or None after somebody was turned away.

        Args:
            update: a message.
            needs: the right that it needs; by default that of its command.
        """
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return None
        role, allowed = await self.standing(user, message.chat)
        if not allowed:
            await self._outside(update.update_id, message, role)
            return None
        if role is Role.STRANGER:
            await self._turn_away(update.update_id, message, user)
            return None
        asker = Asker(
            person=person_of(user),
            role=role,
            place=place_of(message),
            language=self.language.in_chat(message.chat.id),
            message=message,
            update_id=update.update_id,
            text=after_command(message),
            private=message.chat.type == message.chat.PRIVATE,
        )
        if await self.may(asker, needs or of_command(_command(message)[1:], asker.text)):
            return asker
        return None

    async def may(self, asker: Asker, needs: Permission) -> bool:
        """Whether a member may do what needs this; who may not is told who may, once."""
        if asker.role >= needs.role:
            return await self._is_here(asker, needs)
        log.warning("u%d may not do this", asker.person.id)
        if await self._denials.note(
            _command(asker.message) or "a message",
            by=asker.person,
            role=asker.role,
            needs=needs.role,
            chat_id=asker.place.chat_id,
            update_id=asker.update_id,
        ):
            card = Card(replies.role_needed(needs.role, asker.language))
            await self._messenger.reply(asker.place, card)
        return False

    async def _is_here(self, asker: Asker, needs: Permission) -> bool:
        """Whether it works in this chat; where it does not is said, once."""
        if needs.works_in(private=asker.private):
            return True
        if await self.is_new(asker.update_id):
            card = Card(elsewhere.said(needs.instead, asker.language, private=asker.private))
            await self._messenger.reply(asker.place, card)
        return False

    async def admit_press(
        self, query: CallbackQuery, token: str, needs: Permission
    ) -> Press | None:
        """The member who pressed, or None after an alert that says who may."""
        role, allowed = await self._standing_of(query)
        if not allowed and not (needs.outside and role >= needs.role):
            await self._press_outside(query, role)
            return None
        if role < needs.role:
            await self._press_denied(query, role, needs)
            return None
        if query.message is None:
            await self._messenger.answer(
                query.id, plain(errors.expired(self.language)), alert=True
            )
            return None
        message = query.message
        private = message.chat.type == Chat.PRIVATE
        if not needs.works_in(private=private):
            said = elsewhere.said(needs.instead, self.language, private=private)
            await self._messenger.answer(query.id, plain(said), alert=True)
            return None
        thread_id = message.message_thread_id if isinstance(message, Message) else None
        if isinstance(message, Message) and not message.is_topic_message:
            thread_id = None
        return Press(
            person=person_of(query.from_user),
            role=role,
            place=Place(chat_id=message.chat.id, thread_id=thread_id, reply_to=message.message_id),
            language=self.language.in_chat(message.chat.id),
            query_id=query.id,
            message_id=message.message_id,
            token=token,
            chat_title=clean_name(message.chat.title or ""),
        )

    async def _press_denied(self, query: CallbackQuery, role: Role, needs: Permission) -> None:
        """An alert that says who may, once it is in the audit."""
        log.warning("u%d pressed what they may not", query.from_user.id)
        text = replies.not_a_member(self.language)
        if role is not Role.STRANGER:
            text = replies.role_needed(needs.role, self.language)
        if role is not Role.STRANGER and query.message is not None:
            await self._denials.note(
                f"button {(query.data or '').partition(':')[0]}",
                by=person_of(query.from_user),
                role=role,
                needs=needs.role,
                chat_id=query.message.chat.id,
            )
        await self._messenger.answer(query.id, plain(text), alert=True)

    def too_old(self, asker: Asker) -> bool:
        """Whether the message was sent more than ten minutes ago."""
        return self._clock() - asker.message.date.timestamp() > TOO_OLD

    async def _standing_of(self, query: CallbackQuery) -> tuple[Role, bool]:
        if query.message is None:
            return await self.role(query.from_user), True
        return await self.standing(query.from_user, query.message.chat)

    async def _outside(self, update_id: int, message: Message, role: Role) -> None:
        """A message in a group that is not allowed."""
        chat_id = message.chat.id
        log.warning("c%d is not allowed; nothing was done there", chat_id)
        if role is not Role.ADMIN:
            await self._leaver.turn_away_from(message.chat, chats.leaving(self.language))
        elif await self.is_new(update_id):
            card = chats.not_allowed(chat_id, self.language)
            await self._messenger.reply(place_of(message), card)

    async def _press_outside(self, query: CallbackQuery, role: Role) -> None:
        """A press in a group that is not allowed."""
        said = plain(chats.not_allowed_alert(self.language))
        await self._messenger.answer(query.id, said, alert=True)
        if query.message is None:
            return
        chat = query.message.chat
        log.warning("c%d is not allowed; a press there did nothing", chat.id)
        if role is Role.ADMIN:
            place = Place(chat_id=chat.id, reply_to=query.message.message_id)
            await self._messenger.reply(place, chats.not_allowed(chat.id, self.language))
        else:
            await self._leaver.turn_away_from(chat, chats.leaving(self.language))

    async def _turn_away(self, update_id: int, message: Message, user: User) -> None:
        log.warning("stranger u%d in c%d turned away", user.id, message.chat.id)
        if not user.is_bot and await self.is_new(update_id):
            card = Card(replies.stranger(user.id, self.language))
            try:  # once: who floods us must not keep members waiting
                await self._messenger.send(place_of(message), card)
            except MessengerError as error:
                log.info("a stranger was not answered: %s", error)


def person_of(user: User) -> Person:
    """Who it is: the id counts, the name is only shown."""
    return Person(id=user.id, name=clean_name(user.full_name) or f"u{user.id}")


def place_of(message: Message) -> Place:
    """Where to answer: the same chat and topic, in reply to the message."""
    thread_id = message.message_thread_id if message.is_topic_message else None
    return Place(chat_id=message.chat.id, thread_id=thread_id, reply_to=message.message_id)


def after_command(message: Message) -> str:
    """The text without its leading command; the whole text if there is none."""
    text = message.text or ""
    if message.entities and message.entities[0].type == message.entities[0].BOT_COMMAND:
        entity = message.entities[0]
        if entity.offset == 0:
            return text[entity.length :]
    return text


def _command(message: Message) -> str:
    """The first command in a message, with its slash; empty if there is none."""
    entities = message.parse_entities([MessageEntity.BOT_COMMAND])
    return next(iter(entities.values()), "").partition("@")[0]
