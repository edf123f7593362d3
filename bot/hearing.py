"""Whether the bot still hears Telegram: the last answer, a second poller, and the canary.

Three things can make a process deaf that lives on: Telegram that does not answer, another program
that polls with the same token, and a task of python-telegram-bot that has died.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from telegram.error import Conflict, TelegramError
from telegram.ext import Application

log = logging.getLogger(__name__)

ALARM_EVERY: Final = 60.0  # seconds between two lines about the same trouble
CONFLICT_LASTS: Final = 60.0  # seconds; two pollers get a 409 in turn, with good answers between
_GOOD: Final = 200
_GOOD_BODY: Final = b'"ok":true'  # near the start of every answer (Bot API, "Making requests")
_HEAD: Final = 64  # bytes


class Canary:
    """Goes through the queue of updates, and sings if it comes out: no update, no record."""

    def __init__(self) -> None:
        self.seen = False


class Hearing:
    """What the polling of updates tells; `clock` is a monotonic one, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answered_at: float | None = None
        self._conflict_at: float | None = None
        self._alarmed: dict[str, float] = {}

    @property
    def age(self) -> float | None:
        """Seconds since the last good answer to a question for updates; None before the first."""
        return None if self._answered_at is None else self._clock() - self._answered_at

    @property
    def conflict(self) -> bool:
        """Whether another program has polled with our token within the last minute."""
        return self._conflict_at is not None and self._clock() < self._conflict_at + CONFLICT_LASTS

    def answered(self, status: int, body: bytes) -> None:
        """Note an answer to a question for updates; only one of Telegram's own is good."""
        if status == _GOOD and _GOOD_BODY in body[:_HEAD].replace(b" ", b""):
            self._answered_at = self._clock()

    def failed(self, error: TelegramError) -> None:
        """Note that a question for updates has failed, and log it, at most once a minute.

        The text of the error is left out: it may hold the token.
        """
        if isinstance(error, Conflict):
            self._conflict_at = self._clock()
            self._alarm(
                logging.ERROR,
                "another program asks Telegram for the updates of this bot (409): updates are"
                " lost to it until it is stopped",
            )
        else:
            self._alarm(logging.WARNING, f"Telegram was not heard: {type(error).__name__}")

    def _alarm(self, level: int, words: str) -> None:
        now = self._clock()
        if now >= self._alarmed.get(words, float("-inf")) + ALARM_EVERY:
            self._alarmed[words] = now
            log.log(level, words)


def ears(application: Application[Any, Any, Any, Any, Any, Any]) -> dict[str, asyncio.Task[None]]:
    """The tasks without which no update is heard, by what they do; none before the start.

    python-telegram-bot 22.8 keeps them to itself; the version is pinned for that.
    """
    found = {
        "polling": getattr(application.updater, "_Updater__polling_task", None),
        "handling of updates": getattr(application, "_Application__update_fetcher_task", None),
    }
    return {name: task for name, task in found.items() if task is not None}
