"""Contacts, files and forwards: they answer a question that takes them, or become a draft."""

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.handlers.door import Door
from bot.handlers.own_number import OwnNumber
from bot.handlers.questions import Questions
from bot.handlers.taking import Taking
from storage.models import Question


class Attachments:
    """In a group only a reply to the bot's question is for us, as with texts."""

    def __init__(self, *, door: Door, questions: Questions, taking: Taking) -> None:
        self._door = door
        self._questions = questions
        self._taking = taking

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A contact, a file, a forward or a caption of anybody."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        private = message.chat.type == message.chat.PRIVATE
        question = await self._questions.asked(message, user.id, private=private)
        if question is not None and not self._takes(question, message, private=private):
            if not self._questions.stays(question):
                await self._questions.leave(message.chat.id, user.id, message.message_id)
            question = None
        if question is None and not private:
            return
        asker = await self._door.admit(update)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        if question is None:
            await self._taking.take(asker)
        else:
            await self._questions.take(asker, question)

    def _takes(self, question: Question, message: Message, *, private: bool) -> bool:
        """Whether a message is an answer to this question.

        A member's own card is what *Share my number* sends, so it is one only as a reply.
        """
        replied = message.reply_to_message is not None
        own = private and not replied and OwnNumber.is_own(message)
        return self._questions.stays(question) and not own
