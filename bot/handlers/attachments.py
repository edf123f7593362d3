"""Contacts, files and forwards: they answer a question that takes them, or become a draft."""

import re
from collections import deque

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.handlers.door import Door
from bot.handlers.intake import Intake
from bot.handlers.own_number import OwnNumber
from bot.handlers.permissions import ANSWERS, COMMANDS, SENT, VIEWER
from bot.handlers.questions import Questions
from bot.handlers.taking import Taking
from bot.messenger import Messenger
from bot.texts import replies
from bot.texts.cards import Card
from storage.models import Question

_COMMAND = re.compile(r"\s*/([A-Za-z][A-Za-z0-9_]*)(?:@([A-Za-z0-9_]+))?", re.ASCII)
_CALLS = frozenset({"call", "say"})  # a forward that calls may become a draft: it asks first
_REMEMBERED = 100  # albums that were refused


class Attachments:
    """In a group only a reply to the bot's question is for us, as with texts.

    Telegram takes no caption for a command. What comes with one is not meant to be called, or not
    that alone: nothing is made of it.
    """

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        questions: Questions,
        taking: Taking,
        intake: Intake,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._questions = questions
        self._taking = taking
        self._intake = intake
        self._refused: deque[str] = deque(maxlen=_REMEMBERED)

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A contact, a file, a forward or a caption of anybody."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or message.media_group_id in self._refused:
            return
        private = message.chat.type == message.chat.PRIVATE
        command = _command_with(message)
        if command is not None and (private or command in COMMANDS):
            await self._refuse(update, message, command)
            return
        question = await self._questions.asked(message, user.id, private=private)
        if question is not None and not self._takes(question, message, private=private):
            if not self._questions.stays(question):
                await self._questions.leave(message.chat.id, user.id, message.message_id)
            question = None
        if question is None and not private:
            return
        needs = SENT["numbers"] if question is None else ANSWERS[question.kind]
        asker = await self._door.admit(update, needs)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        if message.media_group_id in self._refused:
            return  # its caption came meanwhile
        if question is None:
            await self._taking.take(asker)
        else:
            await self._questions.take(asker, question)

    async def _refuse(self, update: Update, message: Message, command: str) -> None:
        """A command that is none; of an album, whichever file has it, nothing is drafted."""
        album = message.media_group_id
        if album is not None:
            self._refused.append(album)
        asker = await self._door.admit(update, VIEWER)
        if asker is None or not await self._door.is_new(asker.update_id):
            return
        if album is not None:
            await self._intake.withdraw(asker)
        card = Card(replies.command_in_caption(command, asker.language))
        await self._messenger.reply(asker.place, card)

    def _takes(self, question: Question, message: Message, *, private: bool) -> bool:
        """Whether a message is an answer to this question.

        A member's own card is what *Share my number* sends, so it is one only as a reply.
        """
        replied = message.reply_to_message is not None
        own = private and not replied and OwnNumber.is_own(message)
        return self._questions.stays(question) and not own


def _command_with(message: Message) -> str | None:
    """The command of ours with which a caption or a forwarded text begins, in lower case."""
    found = _COMMAND.match(message.caption or message.text or "")
    if found is None or found[2] not in (None, message.get_bot().username):
        return None
    command = found[1].lower()
    return None if message.forward_origin is not None and command in _CALLS else command
