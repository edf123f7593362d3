"""`callboard check`: whether the program could run with these settings, in words."""

import asyncio
import time
from dataclasses import dataclass

from bot.gateway.bitel import Bitel
from bot.gateway.errors import (
    GatewayAnswerError,
    GatewayUnauthorisedError,
    GatewayUnreachableError,
)
from bot.settings import Settings
from bot.telegram_client import TelegramUnreachableError, TokenRefusedError, ask_who_am_i
from bot.texts import hours
from bot.texts.language import Language
from storage.errors import StorageError
from storage.inspection import Found, inspect

_REFUSING = frozenset({403, 429})
_SERVER_ERROR = 5  # the first digit of such a status


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing that the program needs."""

    name: str
    ok: bool
    words: str
    """What is so, and if it is not well, what to do next."""

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{'✓' if self.ok else '✗'} {self.name}: {self.words}"


async def check(settings: Settings) -> list[Finding]:
    """Look at everything that the program needs; nothing is changed, nobody is called."""
    found = await asyncio.gather(
        _check_database(settings), _check_telegram(settings), _check_gateway(settings)
    )
    return [*found, check_hours(settings, time.time())]


def check_hours(settings: Settings, now: float) -> Finding:
    """When calls may go out, and whether that is now (UTC seconds)."""
    window, lang = settings.window, Language("en", settings.timezone)
    shown = f"{hours.hours(window, lang)} ({settings.timezone.key})"
    if window.is_open(now):
        return Finding("calling hours", ok=True, words=f"{shown}; open now.")
    opens_at = window.opens_at(now)
    if opens_at is None:
        words = f"{shown}; not open in the next year. Set WINDOW and HOLIDAYS."
        return Finding("calling hours", ok=False, words=words)
    words = f"{shown}; closed now, open again {hours.opening(opens_at, lang, now)}."
    return Finding("calling hours", ok=True, words=words)


async def _check_database(settings: Settings) -> Finding:
    path = settings.database_path
    words = {
        Found.NOTHING: f"{path} will be created by the first start.",
        Found.CURRENT: f"{path} is in order.",
        Found.OLDER: f"{path} is of an older version; the next start brings it up to date.",
    }
    try:
        found = await asyncio.to_thread(inspect, path)
    except StorageError as error:
        return Finding("database", ok=False, words=f"{error}. Mend it, or set DATABASE_PATH.")
    return Finding("database", ok=True, words=words[found])


async def _check_telegram(settings: Settings) -> Finding:
    try:
        name = await ask_who_am_i(settings)
    except TokenRefusedError:
        words = "the token is refused. Copy TELEGRAM_TOKEN again from @BotFather."
    except TelegramUnreachableError as error:
        words = (
            f"no answer ({error}). Check the network, TELEGRAM_API_URL and TELEGRAM_PROXY; where"
            " Telegram is blocked, it takes a proxy."
        )
    else:
        return Finding("Telegram", ok=True, words=f"reachable; the bot is {name}.")
    return Finding("Telegram", ok=False, words=words)


async def _check_gateway(settings: Settings) -> Finding:
    try:
        async with Bitel(
            base_url=settings.bitel_api_url,
            token=settings.bitel_token,
            timeout=settings.bitel_timeout,
        ) as bitel:
            await bitel.check()
    except GatewayUnauthorisedError:
        words = "the token is refused. Copy BITEL_TOKEN again from the gateway's panel."
    except GatewayUnreachableError:
        words = "no answer. Check the network, BITEL_API_URL and BITEL_TIMEOUT."
    except GatewayAnswerError as error:
        words = _no_usable_answer(error.http_status)
    else:
        return Finding("gateway", ok=True, words="reachable, and it takes the token.")
    return Finding("gateway", ok=False, words=words)


def _no_usable_answer(status: int | None) -> str:
    if status in _REFUSING:
        return f"the gateway refuses us (HTTP {status}). Look into its panel, or try again later."
    if status is not None and status // 100 == _SERVER_ERROR:
        return f"the gateway has an error of its own (HTTP {status}). Try again later."
    return "what answers is not the gateway. Check BITEL_API_URL."
