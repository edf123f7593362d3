"""Telegram out: cards become messages, and Telegram's refusals become errors of our own.

MessengerError
├── LaterError    flood control or no network: try again after `seconds`
├── GoneError     the message that was to be edited is not there any more
├── ClosedError   the chat refuses us for good: blocked, kicked, not found
└── MovedError    the group became a supergroup with the id `chat_id`
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from markupsafe import Markup
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.texts.cards import TEXT_UNITS, Card, plain, too_long
from storage.models import Place

log = logging.getLogger(__name__)

R = TypeVar("R")

ALERT_UNITS = 200  # UTF-16 code units in the answer to a press (Telegram)
REMEMBERED = 1000  # presses of which we know whether they were answered
ATTEMPTS = 5  # for an answer to a person's own command
NETWORK_PAUSE = 1.0  # seconds

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_CLOSED = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "user is deactivated",
    "peer_id",
)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class MessengerError(Exception):
    """Telegram did not take what was sent."""


class LaterError(MessengerError):
    """Try again after `seconds`; `flood` if Telegram itself says so."""

    def __init__(self, seconds: float, *, flood: bool) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.seconds = seconds
        self.flood = flood


class GoneError(MessengerError):
    """There is no such message to edit any more."""


class ClosedError(MessengerError):
    """The chat refuses us for good."""


class MovedError(MessengerError):
    """The group has become the supergroup `chat_id`."""

    def __init__(self, chat_id: int) -> None:
        super().__init__("the group became a supergroup")
        self.chat_id = chat_id


class Messenger:
    """Sends and edits cards; a text that Telegram cannot parse goes out without its markup."""

    def __init__(
        self, bot: Bot, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._bot = bot
        self._sleep = sleep
        self._answered: deque[str] = deque(maxlen=REMEMBERED)

    async def send(self, place: Place, card: Card, *, silent: bool = False) -> int:
        """Send a card and return its message id; a text that is too long goes out as a file.

        Raises:
            MessengerError: one of its kinds.
        """
        if too_long(card.text):
            caption = Card(Markup("📄"), card.rows)
            content = plain(card.text).encode()
            return await self.send_file(place, "message.txt", content, caption, silent=silent)

        async def attempt(text: str, mode: str | None) -> Message:
            return await self._bot.send_message(
                place.chat_id,
                text,
                parse_mode=mode,
                message_thread_id=place.thread_id,
                reply_parameters=_reply(place),
                reply_markup=_keyboard(card),
                link_preview_options=_NO_PREVIEW,
                disable_notification=silent,
            )

        message = await _with_plain_fallback(card, attempt)
        return message.message_id

    async def edit(self, chat_id: int, message_id: int, card: Card) -> None:
        """Let a message show this card; one that shows it already is left alone.

        Raises:
            MessengerError: one of its kinds.
        """
        if too_long(card.text):
            card = Card(Markup.escape(plain(card.text)[: TEXT_UNITS // 2] + "…"), card.rows)

        async def attempt(text: str, mode: str | None) -> Message | bool:
            try:
                return await self._bot.edit_message_text(
                    text,
                    chat_id,
                    message_id,
                    parse_mode=mode,
                    reply_markup=_keyboard(card),
                    link_preview_options=_NO_PREVIEW,
                )
            except BadRequest as error:
                if "message is not modified" in error.message.lower():
                    return True  # it shows this card already
                raise

        await _with_plain_fallback(card, attempt)

    async def send_file(
        self, place: Place, name: str, content: bytes, caption: Card, *, silent: bool = False
    ) -> int:
        """Send a file and return its message id.

        Raises:
            MessengerError: one of its kinds.
        """

        async def attempt(text: str, mode: str | None) -> Message:
            return await self._bot.send_document(
                place.chat_id,
                InputFile(content, filename=name),
                caption=text,
                parse_mode=mode,
                message_thread_id=place.thread_id,
                reply_parameters=_reply(place),
                reply_markup=_keyboard(caption),
                disable_notification=silent,
            )

        message = await _with_plain_fallback(caption, attempt)
        return message.message_id

    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> bool:
        """Answer a press; False if Telegram did not take it, as it does for an old one."""
        shown = _shortened(text, ALERT_UNITS)
        try:
            await self._bot.answer_callback_query(query_id, shown or None, show_alert=alert)
        except TelegramError as error:
            log.info("a press could not be answered: %s", type(error).__name__)
            return False
        self._answered.append(query_id)
        return True

    def was_answered(self, query_id: str) -> bool:
        """Whether this press was answered lately; Telegram shows only the first answer."""
        return query_id in self._answered

    async def reply(self, place: Place, card: Card) -> int | None:
        """Answer a person's own command: at once, and again if Telegram asks us to wait.

        Returns:
            The message id, or None if it could not be sent; that is logged.
        """
        return await self._insist(lambda: self.send(place, card))

    async def reply_file(
        self, place: Place, name: str, content: bytes, caption: Card
    ) -> int | None:
        """The same with a file."""
        return await self._insist(lambda: self.send_file(place, name, content, caption))

    async def _insist(self, send: Callable[[], Awaitable[int]]) -> int | None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await send()
            except LaterError as error:
                if attempt < ATTEMPTS:
                    await self._sleep(error.seconds)
            except MessengerError as error:
                log.warning("an answer could not be sent: %s", error)
                return None
        log.warning("an answer could not be sent in %d attempts", ATTEMPTS)
        return None


def _shortened(text: str, units: int) -> str:
    """The text in so many UTF-16 units at most, cut between words and marked as cut."""
    whole = text.encode("utf-16-le")
    if len(whole) <= 2 * units:
        return text
    cut = whole[: 2 * (units - 1)].decode("utf-16-le", "ignore")
    return cut.rsplit(maxsplit=1)[0] + "…"


async def _with_plain_fallback(
    card: Card, attempt: Callable[[str, str | None], Awaitable[R]]
) -> R:
    """One call of the Bot API, once more without markup if Telegram cannot parse it."""
    try:
        try:
            return await attempt(str(card.text), ParseMode.HTML)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise
            log.warning("Telegram cannot parse a text of ours; sent without markup")
            return await attempt(plain(card.text), None)
    except TelegramError as error:
        raise translate(error) from error


def translate(error: TelegramError) -> MessengerError:
    """Our own error for one of PTB's."""
    text = error.message.lower()
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            return LaterError(seconds, flood=True)
        case ChatMigrated():
            return MovedError(error.new_chat_id)
        case Forbidden():
            return ClosedError(error.message)
        case BadRequest() if any(words in text for words in _GONE):
            return GoneError(error.message)
        case BadRequest() if any(words in text for words in _CLOSED):
            return ClosedError(error.message)
        case BadRequest():
            return MessengerError(error.message)
        case NetworkError() | InvalidToken() | Conflict():  # a token may be renewed
            return LaterError(NETWORK_PAUSE, flood=False)
        case _:
            return MessengerError(error.message)


def _reply(place: Place) -> ReplyParameters | None:
    if place.reply_to is None:
        return None
    return ReplyParameters(place.reply_to, allow_sending_without_reply=True)


def _keyboard(card: Card) -> InlineKeyboardMarkup | None:
    if not card.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in card.rows
        ]
    )
