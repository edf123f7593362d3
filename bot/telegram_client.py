"""The connection to Telegram: how python-telegram-bot is set up for these settings.

TelegramError of the library stays inside; what `ask_who_am_i` raises is our own:

TelegramCheckError
├── TokenRefusedError           Telegram does not know the token
└── TelegramUnreachableError    the network, a proxy, or no whole answer in time
"""

import asyncio
from typing import Any, Final

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.hearing import Hearing
from bot.settings import Settings

_CONNECT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 20.0
_POOL_SECONDS: Final = 5.0
_CONNECTIONS: Final = 32
CHECK_SECONDS: Final = 15.0


class TelegramCheckError(Exception):
    """Telegram could not be asked who the bot is; the text holds neither token nor address."""


class TokenRefusedError(TelegramCheckError):
    """Telegram does not know the token."""


class TelegramUnreachableError(TelegramCheckError):
    """No connection, a broken one, or no usable answer in time."""


class _Request(HTTPXRequest):
    """Carries requests, and tells `hearing`, if there is one, of each answer."""

    def __init__(self, hearing: Hearing | None, **options: Any) -> None:
        super().__init__(**options)
        self._hearing = hearing

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """See `telegram.request.BaseRequest.do_request`."""
        status, body = await super().do_request(*args, **options)
        if self._hearing is not None:
            self._hearing.answered(status, body)
        return status, body


def build_request(settings: Settings, hearing: Hearing | None = None) -> HTTPXRequest:
    """What carries requests to Telegram: through the proxy of the settings, and no other.

    The library would take the environment's proxies, even for a server on this machine.
    A bot needs two: nothing else may wait for the long poll's connection. `hearing` is told of
    the answers to the long poll.
    """
    return _Request(
        hearing,
        connection_pool_size=_CONNECTIONS,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_ANSWER_SECONDS,
        write_timeout=_ANSWER_SECONDS,
        pool_timeout=_POOL_SECONDS,
        proxy=settings.telegram_proxy,
        httpx_kwargs={"trust_env": False},
    )


def build_bot(settings: Settings) -> Bot:
    """The bot, not yet started."""
    return Bot(
        settings.telegram_token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=build_request(settings),
        get_updates_request=build_request(settings),
    )


async def ask_who_am_i(settings: Settings, *, seconds: float = CHECK_SECONDS) -> str:
    """Ask Telegram for the bot's name.

    Args:
        settings: the token, the server and the proxy.
        seconds: how long to wait for an answer.

    Returns:
        The username, with its `@`.

    Raises:
        TokenRefusedError: Telegram does not know the token.
        TelegramUnreachableError: there was no usable answer in time.
    """
    try:
        async with asyncio.timeout(seconds), build_bot(settings) as bot:
            return bot.name
    except InvalidToken as error:  # its text holds the token
        raise TokenRefusedError("the token is refused") from error
    except (TelegramError, TimeoutError) as error:
        reason = error.__cause__ or error
        raise TelegramUnreachableError(type(reason).__name__) from error
