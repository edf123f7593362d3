"""What Telegram refuses, as errors of our own.

MessengerError
├── LaterError    flood control or no network: try again after `seconds`
├── GoneError     the message that was to be edited is not there any more
├── ClosedError   the chat refuses us for good: blocked, kicked, not found
└── MovedError    the group became a supergroup with the id `chat_id`
"""

from datetime import timedelta

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

NETWORK_PAUSE = 1.0  # seconds

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_CLOSED = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "user is deactivated",
    "peer_id",
)


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
