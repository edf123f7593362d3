"""`POST /bitel/<secret>`: takes an event of the gateway, and turns everybody else away.

Whoever knows the secret is never limited; whoever does not learns nothing from the answer, which
is that of any path that does not exist. Neither the secret nor a body stands in any log line.
"""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from typing import Final, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.calling.errors import UsageError
from bot.web.strangers import Strangers
from storage.errors import StorageError

log = logging.getLogger(__name__)

PATH: Final = "/bitel/"
LARGEST: Final = 64 * 1024  # bytes of a body
DISCARDED: Final = 1024 * 1024  # bytes that are read and thrown away, so that the 413 is heard
BODY_SECONDS: Final = 5.0
LOG_EVERY: Final = 60.0  # seconds between two lines about strangers


class TakesEvents(Protocol):
    """What takes the gateway's events; `bot.calling.events.Events` does."""

    async def take(self, body: bytes) -> None:
        """Commit an event, whatever becomes of it later.

        Raises:
            UsageError: It is no event.
            StorageError: It could not be committed.
        """
        ...


class EventDoor:
    """An ASGI application for every path that is not another's.

    Args:
        secret: the last part of the path; None if no events are taken.
        events: what takes them.
        count: is told what each request was answered, in a word.
        body_seconds: for the whole body of an event.
    """

    def __init__(
        self,
        *,
        secret: str | None,
        events: TakesEvents | None,
        count: Callable[[str], None],
        body_seconds: float = BODY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._expected = None if secret is None else _digest(PATH + secret)
        self._events = events
        self._count = count
        self._body_seconds = body_seconds
        self._clock = clock
        self._strangers = Strangers(clock=clock)
        self._turned_away = 0
        self._logged_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if self._events is not None and self._knows_us(scope["path"]):
            word, response = await self._take(request, self._events)
        else:
            word, response = self._turn_away(request)
        self._count(word)
        await response(scope, receive, send)

    def _knows_us(self, path: str) -> bool:
        """Compare digests, in constant time: neither how much is right nor its length shows."""
        return self._expected is not None and hmac.compare_digest(self._expected, _digest(path))

    async def _take(self, request: Request, events: TakesEvents) -> tuple[str, Response]:
        if request.method != "POST":
            return "method", Response(status_code=405, headers={"Allow": "POST"})
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await _read(request)
        except TimeoutError:
            return "slow", Response(status_code=408)
        except ClientDisconnect:
            return "broken_off", Response(status_code=400)
        if body is None:
            return "too_large", Response(status_code=413)
        try:
            await events.take(body)
        except UsageError:
            log.warning("an event of the gateway cannot be read: %d bytes", len(body))
            return "unreadable", Response(status_code=400)
        except StorageError as error:
            log.error("an event of the gateway is NOT RECORDED: %s", error)  # noqa: TRY400 -- our own error, in words
            return "not_recorded", Response(status_code=503, headers={"Retry-After": "30"})
        return "taken", Response(status_code=200)

    def _turn_away(self, request: Request) -> tuple[str, Response]:
        self._turned_away += 1
        now = self._clock()
        if now >= self._logged_at + LOG_EVERY:
            self._logged_at = now
            log.warning("%d requests for what does not exist, or is secret", self._turned_away)
        address = request.client.host if request.client is not None else ""
        if self._strangers.may_knock(address):
            return "stranger", Response(status_code=404)
        return "limited", Response(status_code=429)


def _digest(path: str) -> bytes:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()


async def _read(request: Request) -> bytes | None:
    """The body; None if it is too large.

    Raises:
        ClientDisconnect: It broke off.
    """
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST:
            body += chunk
        elif size > DISCARDED:
            break
    return bytes(body) if size <= LARGEST else None
