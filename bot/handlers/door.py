"""The door: who asks, and whether they may. Every command and every press comes through here.

Checked inside the handler, not in an earlier group of handlers: one that crashes would let the
next group run (measured with python-telegram-bot 22.8).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update, User

from bot.calling.rights import Rights, Role
from bot.messenger import Messenger, MessengerError
from bot.texts import errors, replies
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


class Door:
    """Denies by default: an error in the check is a no."""

    def __init__(
        self,
        *,
        rights: Rights,
        messenger: Messenger,
        database: Database,
        language: Language,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._rights = rights
        self._messenger = messenger
        self._database = database
        self.language = language
        self._clock = clock

    def role(self, user: User | None) -> Role:
        """The role of a Telegram user; bots, channels and anonymous admins are strangers."""
        if user is None or user.is_bot:
            return Role.STRANGER
        try:
            return self._rights.role(user.id)
        except Exception:
            log.exception("the check of rights failed; denied")
            return Role.STRANGER

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

    async def admit(self, update: Update, needs: Role = Role.LAUNCHER) -> Asker | None:
        """The member who sent this message, or None after a stranger was turned away."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return None
        role = self.role(user)
        if role is Role.STRANGER:
            await self._turn_away(update.update_id, message, user)
            return None
        asker = Asker(
            person=person_of(user),
            role=role,
            place=place_of(message),
            language=self.language,
            message=message,
            update_id=update.update_id,
            text=after_command(message),
            private=message.chat.type == message.chat.PRIVATE,
        )
        if role < needs:
            log.warning("u%d may not do this", user.id)
            if await self.is_new(update.update_id):
                await self._messenger.reply(asker.place, Card(replies.admins_only(asker.language)))
            return None
        return asker

    async def admit_press(self, query: CallbackQuery, token: str, needs: Role) -> Press | None:
        """The member who pressed, or None after an alert that says who may."""
        role = self.role(query.from_user)
        if role < needs:
            log.warning("u%d pressed what they may not", query.from_user.id)
            words = replies.not_a_member if role is Role.STRANGER else replies.admins_only
            await self._messenger.answer(query.id, plain(words(self.language)), alert=True)
            return None
        if query.message is None:
            await self._messenger.answer(
                query.id, plain(errors.expired(self.language)), alert=True
            )
            return None
        message = query.message
        thread_id = message.message_thread_id if isinstance(message, Message) else None
        if isinstance(message, Message) and not message.is_topic_message:
            thread_id = None
        return Press(
            person=person_of(query.from_user),
            role=role,
            place=Place(chat_id=message.chat.id, thread_id=thread_id, reply_to=message.message_id),
            language=self.language,
            query_id=query.id,
            message_id=message.message_id,
            token=token,
        )

    def too_old(self, asker: Asker) -> bool:
        """Whether the message was sent more than ten minutes ago."""
        return self._clock() - asker.message.date.timestamp() > TOO_OLD

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
