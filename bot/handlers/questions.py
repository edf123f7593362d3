"""What a person is asked to write: a name, a time, a text; and where the answer goes."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from weakref import WeakValueDictionary

from markupsafe import Markup
from telegram import Message

from bot.calling.errors import CallingError, UsageError
from bot.handlers.door import Asker
from bot.messenger import Messenger
from bot.texts import asking, errors, replies
from bot.texts.cards import Card
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.models import Person, Place, Question

log = logging.getLogger(__name__)

OPEN_FOR = 900.0  # seconds in which a private message without a reply answers the last question

Answered = Callable[[Asker, str], Awaitable[Card | None]]
"""Takes an answer; returns what is to stand in place of the question, if it is to say more."""


class Questions:
    """Kept in the record, so that an answer finds its question after a restart, too."""

    def __init__(
        self,
        *,
        database: Database,
        messenger: Messenger,
        language: Language,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._language = language
        self._messenger = messenger
        self._clock = clock
        self._handlers: dict[str, Answered] = {}
        self._looks: dict[str, str] = {}
        self._staying: set[str] = set()
        self._strict: set[str] = set()
        self._refused: set[tuple[int, int]] = set()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def on(
        self,
        kind: str,
        handler: Answered,
        *,
        stays: bool = False,
        strict: bool = False,
        look: str = "/status",
    ) -> None:
        """Let this handler take the answers to questions of this kind.

        One that `stays` takes contacts and files as well, and is open until it is closed. One that
        is `strict` takes replies alone after an answer was wrong, for any text would do as one.
        `look` is the command that tells whether an answer took effect, where the record cannot.
        """
        self._handlers[kind] = handler
        if strict:
            self._strict.add(kind)
        self._looks[kind] = look
        if stays:
            self._staying.add(kind)

    def stays(self, question: Question) -> bool:
        """Whether it takes one answer after another, contacts and files too."""
        return question.kind in self._staying

    async def at(self, chat_id: int, message_id: int) -> Question | None:
        """The question that this message is, open or answered."""
        return await self._database.read(lambda tx: tx.questions.at(chat_id, message_id))

    def takes_anything(self, question: Question) -> bool:
        """Whether numbers are an answer to it: they are meant, or any text would do as one."""
        return self.stays(question) or question.kind in self._strict

    async def leave(
        self,
        chat_id: int,
        user_id: int,
        before: int | None = None,
        *,
        pressed: int | None = None,
    ) -> None:
        """Take nothing but replies to what a person was asked, who turns to something else.

        Args:
            chat_id: where; in a group nothing else is an answer anyway.
            user_id: who was asked.
            before: the message by which they turn away; what was asked after it stays open.
            pressed: the message whose button they press; a suggestion below the question itself
                may be refused, and is no turning away.
        """
        if chat_id < 0:
            return
        try:
            async with self._turn(chat_id):
                since = self._clock() - OPEN_FOR
                found = await self._database.read(
                    lambda tx: tx.questions.newest(chat_id, user_id, since)
                )
                if found is None or (before is not None and found.message_id > before):
                    return
                at = found.message_id
                if at != pressed or self.stays(found):
                    await self._database.write(lambda tx: tx.questions.leave(chat_id, at))
        except StorageError as error:
            log.warning("an open question was not left: %s", error)

    async def ask(self, place: Place, person: Person, kind: str, about: str, card: Card) -> None:
        """Send a card that asks this person; what they answer goes to the kind's handler.

        *Cancel* stands below it, except where *Done* ends it, and where the answer opens in their
        app: Telegram gives a message buttons or that.

        In a group it names them: Telegram opens the answer for those only whom a text names, or
        whose message it answers, which is not so after a press.
        """
        if place.chat_id < 0:
            language = self._language.in_chat(place.chat_id)
            card = replace(card, text=replies.addressed(person, card.text, language))
        if kind not in self._staying and (place.chat_id > 0 or card.rows):
            card = asking.cancellable(card, self._language)
        async with self._turn(place.chat_id):
            await self._ask(place, person, kind, about, card)

    def _turn(self, chat_id: int) -> asyncio.Lock:
        """Lets an answer wait until its question, which is in the chat already, is recorded."""
        return self._turns.setdefault(chat_id, asyncio.Lock())

    async def _ask(self, place: Place, person: Person, kind: str, about: str, card: Card) -> None:
        message_id = await self._messenger.reply(place, card)
        if message_id is None:
            return
        asked = Question(
            chat_id=place.chat_id,
            message_id=message_id,
            user_id=person.id,
            kind=kind,
            about=about,
            asked_at=self._clock(),
        )
        try:
            await self._database.write(lambda tx: tx.questions.ask(asked))
        except StorageError as error:
            log.warning("a question is not recorded, its answer will not be known: %s", error)

    async def asked(self, message: Message, user_id: int, *, private: bool) -> Question | None:
        """The open question that this message of this person answers.

        In a group only a reply is an answer; in a private chat the next message is one, too.
        """
        if message.reply_to_message is None and not private:
            return None
        async with self._turn(message.chat.id):
            found = await self._found(message, user_id)
        if found is None or found.user_id != user_id or found.answered_at is not None:
            return None
        if message.reply_to_message is None and _key(found) in self._refused:
            return None
        return found if found.kind in self._handlers else None

    async def _found(self, message: Message, user_id: int) -> Question | None:
        replied, chat_id = message.reply_to_message, message.chat.id
        since = self._clock() - OPEN_FOR
        if replied is not None:
            return await self._database.read(
                lambda tx: tx.questions.at(chat_id, replied.message_id)
            )
        return await self._database.read(lambda tx: tx.questions.newest(chat_id, user_id, since))

    async def take(self, asker: Asker, question: Question) -> None:
        """Hand an answer over; what is wrong with it is said, and the question stays open."""
        try:
            card = await self._handlers[question.kind](asker, question.about)
        except CallingError as error:
            text = errors.error(error, asker.language)
            if question.kind in self._strict and isinstance(error, UsageError):
                self._refused.add(_key(question))
                text = Markup("\n").join([text, replies.by_reply(asker.language)])
            await self._messenger.reply(asker.place, Card(text))
        except StorageError as error:
            log.warning("an answer was refused by the record: %s", error)
            text = errors.record_unsure(asker.language, self._looks[question.kind])
            await self._messenger.reply(asker.place, Card(text))
        else:
            if not self.stays(question):
                await self.close(question)
            if card is not None:
                await self._messenger.change(question.chat_id, question.message_id, card)

    async def close(self, question: Question) -> None:
        """Take no further answer to it."""
        await self.settle(question.chat_id, question.message_id)

    async def settle(self, chat_id: int, message_id: int) -> None:
        """Take no answer to this message any more, for a button of it has answered."""
        now = self._clock()
        self._refused.discard((chat_id, message_id))
        await self._database.write(lambda tx: tx.questions.close(chat_id, message_id, now))


def _key(question: Question) -> tuple[int, int]:
    return question.chat_id, question.message_id
