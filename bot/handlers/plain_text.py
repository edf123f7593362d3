"""A message without a command: ids for a submission, an answer, a part of a paste, numbers."""

from dataclasses import replace
from functools import partial

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.calling.numbers import NumberReader
from bot.handlers.door import Asker, Door
from bot.handlers.doubts import DoubtPresses
from bot.handlers.home import Home
from bot.handlers.intake import Intake
from bot.handlers.parts import Parts
from bot.handlers.permissions import ANSWERS, SENT, Permission
from bot.handlers.questions import Questions
from bot.handlers.taking import Taking
from bot.handlers.typed import is_long
from storage.models import Question


class PlainText:
    """In a group only answers to the bot's own questions are for us."""

    def __init__(
        self,
        *,
        door: Door,
        parts: Parts,
        doubts: DoubtPresses,
        taking: Taking,
        questions: Questions,
        home: Home,
        intake: Intake,
        reader: NumberReader,
    ) -> None:
        self._door = door
        self._parts = parts
        self._doubts = doubts
        self._taking = taking
        self._questions = questions
        self._home = home
        self._intake = intake
        self._reader = reader

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A plain text of anybody."""
        message = update.effective_message
        if message is None:
            return
        user = update.effective_user
        private = message.chat.type == message.chat.PRIVATE
        if private and self._home.knows(message.text or "", self._door.language):
            if user is not None:
                self._intake.part(message.chat.id, user.id, message.message_id)
            await self._key(update)
            return
        cut = self._cut_before(message) if private else None
        ids = await self._doubts.is_prompt(message)
        question = None
        if user is not None and not ids:
            question = await self._asked(message, user.id, private=private)
        if not private and not ids and question is None:
            return
        asker = await self._door.admit(update, _needs(question, ids=ids))
        if asker is None:
            return
        joined = not ids and self._joins(asker, question, cut)
        if not await self._door.is_new(asker.update_id) or joined:
            return
        if question is not None:
            await self._answer(asker, question)
        elif ids:
            await self._doubts.take_ids(asker)
        else:
            await self._taking.take(asker)

    async def _asked(self, message: Message, user_id: int, *, private: bool) -> Question | None:
        """The question that a message answers; a paste without a reply is none for a name."""
        question = await self._questions.asked(message, user_id, private=private)
        if question is None or message.reply_to_message is not None:
            return question
        if self._questions.takes_anything(question) or not self._is_paste(message.text or ""):
            return question
        await self._questions.leave(message.chat.id, user_id, message.message_id)
        return None

    def _is_paste(self, text: str) -> bool:
        """Whether a text holds two numbers that can be called, or more."""
        found = self._reader.read(text)
        return len(found.numbers) + len(found.repeated) > 1

    def _cut_before(self, message: Message) -> int | None:
        """The message that this one may be the rest of, if there is one."""
        if message.from_user is None:
            return None
        return self._parts.sees(
            message.chat.id,
            message.from_user.id,
            message.message_id,
            long=is_long(message.text or ""),
        )

    def _joins(self, asker: Asker, question: Question | None, cut: int | None) -> bool:
        """Whether a message is a part of the command or the answer before it.

        The rest of an answer is no answer of its own: half a text must not be read out.
        """
        rest = (
            cut is not None
            and question is not None
            and question.message_id < cut
            and not self._questions.stays(question)
        )
        answers = question is not None and asker.message.reply_to_message is not None
        return (rest or not answers) and self._parts.join(asker, rest=rest)

    async def _answer(self, asker: Asker, question: Question) -> None:
        if asker.private and is_long(asker.text) and not self._questions.stays(question):
            self._parts.gather(asker, partial(self._joined, question))
        else:
            await self._questions.take(asker, question)

    async def _joined(self, question: Question, asker: Asker, text: str) -> None:
        await self._questions.take(replace(asker, text=text), question)

    async def _key(self, update: Update) -> None:
        """A key of the home keyboard: neither an answer to a question nor a part of a paste."""
        text = update.effective_message.text if update.effective_message else None
        launches = self._home.launches(text or "", self._door.language)
        asker = await self._door.admit(update, SENT["launching key" if launches else "key"])
        if asker is not None and await self._door.is_new(asker.update_id):
            message_id = asker.message.message_id
            await self._questions.leave(asker.place.chat_id, asker.person.id, message_id)
            await self._home.take(asker)


def _needs(question: Question | None, *, ids: bool) -> Permission:
    if question is not None:
        return ANSWERS[question.kind]
    return SENT["ids" if ids else "numbers"]
