"""Bitel, the voice gateway, over HTTP: its API v2 as its public documentation tells of it."""

import contextlib
import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote

import httpx

from bot.gateway.errors import GatewayAnswerError, GatewayUnreachableError
from bot.gateway.exchange import Reply, exchange
from bot.gateway.models import Outcome, PlacedCall, Unsent
from bot.gateway.outcomes import judge
from bot.gateway.questions import expect_gateway, find_call
from bot.gateway.wire import is_plausible_id

log = logging.getLogger(__name__)

BATCH_LIMIT = 100  # numbers in one POST (the gateway's documentation, "Batch Call")
CONNECT_SECONDS = 5.0
IDLE_CONNECTIONS = 16  # kept alive for questions; launches keep none

_BATCH = "/api/v2/voice/batch"
_SPOKEN = "/api/v2/voice/batch/tts"
_STATUS = "/api/v2/voice/status/"
_NOBODYS_ID = "0" * 32


class Bitel:
    """Places batches of calls and asks what became of a call; a `protocol.Gateway`.

    Each launch has a connection of its own: on one that is kept alive, and dies under the request,
    nobody could tell whether the request was read. Nothing is ever sent twice from here.

    Args:
        base_url: Where the gateway is, without the path ("https://api.bitel.rest").
        token: The gateway's JWT.
        timeout: Seconds for one request in all. Connecting may take a third of it, 5 s at most,
            so that a dead gateway shows as surely not sent.
        transport: What carries the requests; by default HTTP over TCP.
        observe: Is told of each request: `launch` or `question`, what came of it in a word, and
            how many seconds it took.

    Raises:
        ValueError: The token cannot stand in a header, or the timeout is none.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        timeout: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        observe: Callable[[str, str, float], None] | None = None,
    ) -> None:
        if not (token.isascii() and token.isprintable()) or not token or " " in token:
            raise ValueError("The gateway's token must be printable ASCII without spaces.")
        if not timeout > 0:
            raise ValueError("The gateway's timeout must be more than 0 seconds.")
        self._base_url = base_url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "callboard",
        }
        self._seconds = timeout
        self._observe = observe
        connect = min(CONNECT_SECONDS, timeout / 3)
        self._timeouts = httpx.Timeout(timeout, connect=connect, pool=connect).as_dict()
        if transport is None:
            tls = httpx.create_ssl_context(trust_env=False)
            self._launches: httpx.AsyncBaseTransport = _tcp(tls, max_idle=0)
            self._questions: httpx.AsyncBaseTransport = _tcp(tls, max_idle=IDLE_CONNECTIONS)
        else:
            self._launches = self._questions = transport

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first request."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, those of the given transport too."""
        await self._launches.aclose()
        if self._questions is not self._launches:
            await self._questions.aclose()

    async def place_batch(
        self, *, voice_id: str, numbers: Sequence[str], retry_count: int, server_id: str | None
    ) -> Outcome:
        """Send one POST, once, and say what became of it; see `protocol.Gateway`.

        Raises:
            ValueError: The batch is empty or larger than the gateway takes; nothing was sent.
        """
        said = {"voiceId": voice_id}
        return await self._place(_BATCH, said, numbers, retry_count, server_id)

    async def place_spoken(
        self, *, text: str, numbers: Sequence[str], retry_count: int, server_id: str | None
    ) -> Outcome:
        """Send one POST of a text that is read out, once; see `protocol.Gateway`.

        Raises:
            ValueError: The batch is empty or larger than the gateway takes; nothing was sent.
        """
        return await self._place(_SPOKEN, {"text": text}, numbers, retry_count, server_id)

    async def _place(
        self,
        path: str,
        said: Mapping[str, str],
        numbers: Sequence[str],
        retry_count: int,
        server_id: str | None,
    ) -> Outcome:
        if not 0 < len(numbers) <= BATCH_LIMIT:
            raise ValueError(f"A batch has 1 to {BATCH_LIMIT} numbers, not {len(numbers)}.")
        payload: dict[str, Any] = {
            "phoneNumbers": list(numbers),
            **said,
            "retryCount": retry_count,
        }
        if server_id is not None:
            payload["serverId"] = server_id
        try:
            request = self._request("POST", path, payload)
        except Exception as error:  # noqa: BLE001 -- whatever it is, nothing was sent
            log.error("a launch could not be written: %s", type(error).__name__)  # noqa: TRY400
            return Unsent(reason=type(error).__name__)
        began = time.monotonic()
        reply = await exchange(self._launches, request, seconds=self._seconds)
        outcome = judge(reply)
        self._note("launch", type(outcome).__name__.lower(), reply, began)
        return outcome

    async def call_status(self, call_id: str) -> PlacedCall:
        """Ask what became of one call; see `protocol.Gateway` for what is raised."""
        if not is_plausible_id(call_id) or not call_id.strip("."):
            raise GatewayAnswerError("The gateway cannot be asked for such an id.")
        return find_call(await self._ask(call_id), call_id)

    async def check(self) -> None:
        """Ask for a call that nobody has; see `protocol.Gateway` for what is raised."""
        expect_gateway(await self._ask(_NOBODYS_ID))

    async def _ask(self, call_id: str) -> Reply:
        try:
            request = self._request("GET", _STATUS + quote(call_id, safe=""))
        except httpx.InvalidURL as error:
            raise GatewayUnreachableError("The gateway's address is no address.") from error
        began = time.monotonic()
        reply = await exchange(self._questions, request, seconds=self._seconds)
        self._note("question", "answered" if reply.whole else "failed", reply, began)
        return reply

    def _note(self, what: str, came: str, reply: Reply, began: float) -> None:
        seconds = time.monotonic() - began
        _log_exchange(what, came, reply, seconds)
        if self._observe is not None:
            with contextlib.suppress(Exception):  # a measurement must not cost an outcome
                self._observe(what, came, seconds)

    def _request(
        self, method: str, path: str, payload: Mapping[str, Any] | None = None
    ) -> httpx.Request:
        return httpx.Request(
            method,
            self._base_url + path,
            headers=self._headers,
            json=payload,
            extensions={"timeout": self._timeouts},
        )


def _tcp(tls: ssl.SSLContext, *, max_idle: int) -> httpx.AsyncHTTPTransport:
    """A transport that keeps so many idle connections, tries once, and knows of no proxy."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=max_idle)
    return httpx.AsyncHTTPTransport(verify=tls, limits=limits, trust_env=False)


def _log_exchange(what: str, came: str, reply: Reply, seconds: float) -> None:
    """Neither numbers nor ids, nor the text of an error, which might hold them."""
    log.debug(
        "%s: %s, HTTP %s, %s, %.0f ms",
        what,
        came,
        reply.http_status or "-",
        type(reply.failure).__name__ if reply.failure else "read to its end",
        seconds * 1000,
    )
