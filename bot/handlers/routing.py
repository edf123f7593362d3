"""Which update goes to which handler; only new, plain, own messages are commands."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.calling.rights import Role
from bot.handlers.commands import Handler
from bot.handlers.door import Door
from bot.handlers.permissions import COMMANDS
from bot.hearing import Canary
from bot.messenger import Messenger
from bot.texts import errors
from bot.texts.cards import Card, plain
from bot.texts.language import Language
from storage.models import Place

log = logging.getLogger(__name__)

AT_ONCE = 256  # updates that are handled side by side, so that a slow one blocks nobody

# No edits, forwards, inline bots, channel posts, channel identities or anonymous admins: to all
# of these a command handler would listen by default (measured with python-telegram-bot 22.8).
OWN = filters.UpdateType.MESSAGE & ~filters.FORWARDED & ~filters.VIA_BOT & ~filters.SenderChat.ALL

# What somebody else wrote is no word of the sender's, but its numbers may be meant.
SENT = filters.UpdateType.MESSAGE & ~filters.VIA_BOT & ~filters.SenderChat.ALL
ATTACHED = filters.CONTACT | filters.Document.ALL
# A photo, a sticker, a place, …; what Telegram tells of the chat itself asks for no answer.
ELSE = SENT & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL & ~filters.COMMAND

ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class SideBySide(BaseUpdateProcessor):
    """Handles updates side by side, and outlives a stray cancellation.

    A `CancelledError` that nobody asked for would end python-telegram-bot's update fetcher and
    leave a live, deaf process (measured with 22.8).
    """

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Run one handler; a canary has come through, and goes no further."""
        if isinstance(update, Canary):
            update.seen = True
            if isinstance(coroutine, Coroutine):
                coroutine.close()
            return
        try:
            await coroutine
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            update_id = update.update_id if isinstance(update, Update) else 0
            log.error("update %d: a stray cancellation in its handler", update_id)  # noqa: TRY400 -- it has no cause to show

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


class Apology:
    """The last resort for an error that is none of our own: log first, then speak to members."""

    def __init__(self, *, door: Door, messenger: Messenger, language: Language) -> None:
        self._door = door
        self._messenger = messenger
        self._language = language

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """One neutral sentence; nothing of the error's inside reaches a chat."""
        log.error("an update could not be handled", exc_info=context.error)
        if not isinstance(update, Update):
            return
        if await self._door.role(update.effective_user) is Role.STRANGER:
            return
        text = errors.unexpected(self._language)
        query = update.callback_query
        if query is not None and not self._messenger.was_answered(query.id):
            await self._messenger.answer(query.id, plain(text), alert=True)
        elif update.effective_message is not None:
            message = update.effective_message
            place = Place(chat_id=message.chat.id, reply_to=message.message_id)
            await self._messenger.reply(place, Card(text))


def register(
    application: AnyApplication,
    *,
    commands: dict[str, Handler],
    unknown_command: Handler,
    plain_text: Handler,
    sounds: Handler,
    attachments: Handler,
    no_source: Handler,
    presses: Handler,
    apology: Apology,
) -> None:
    """Give every update its handler; each command of the table must have one.

    Raises:
        KeyError: a command of the table has no handler.
    """
    for name in COMMANDS:
        application.add_handler(CommandHandler(name, commands[name], filters=OWN))
    application.add_handler(
        MessageHandler(OWN & filters.COMMAND & filters.ChatType.PRIVATE, unknown_command)
    )
    application.add_handler(MessageHandler(OWN & filters.TEXT & ~filters.COMMAND, plain_text))
    application.add_handler(MessageHandler(OWN & (filters.VOICE | filters.AUDIO), sounds))
    application.add_handler(MessageHandler(SENT & ATTACHED, attachments))
    application.add_handler(
        MessageHandler(
            SENT & filters.ChatType.PRIVATE & (filters.TEXT | filters.CAPTION), attachments
        )
    )
    application.add_handler(MessageHandler(ELSE, no_source))
    application.add_handler(CallbackQueryHandler(presses))
    application.add_error_handler(apology.handle)


def register_membership(
    application: AnyApplication, *, shared: Handler, migrated: Handler, placed: Handler
) -> None:
    """Give what tells of people and chats its handlers: picked people, and Telegram's own word."""
    application.add_handler(MessageHandler(OWN & filters.StatusUpdate.USERS_SHARED, shared))
    # In the new chat it is written by the chat itself; nobody can write it by hand.
    application.add_handler(
        MessageHandler(filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE, migrated)
    )
    application.add_handler(ChatMemberHandler(placed, ChatMemberHandler.MY_CHAT_MEMBER))
