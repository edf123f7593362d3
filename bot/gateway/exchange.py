"""One request and what came back of it, with a deadline for the whole.

The transport is used without an `httpx.AsyncClient` around it: so there is nothing that follows a
redirect, sends a cookie, asks a proxy of the environment, reads `.netrc` or unpacks without bound.
"""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import httpx

from bot.gateway.body import BoundedBody


@dataclass(slots=True, kw_only=True)
class Reply:
    """What came back, as far as it came.

    `http_status` is None until an answer began. `whole` is True once its body was read to its end,
    and stays so whatever fails afterwards. `failure` is what ended the exchange early.
    """

    http_status: int | None = None
    body: bytes = field(default=b"", repr=False)
    whole: bool = False
    failure: Exception | None = None


async def exchange(
    transport: httpx.AsyncBaseTransport, request: httpx.Request, *, seconds: float
) -> Reply:
    """Send the request, once, and read the answer within so many seconds in all.

    httpx counts its timeouts per read: one byte each 0.2 s outlives `timeout=1.0` (measured).

    Returns:
        What came; anything that goes wrong is its `failure`. Only a cancellation is raised.
    """
    reply = Reply()
    try:
        async with asyncio.timeout(seconds):
            await _receive(transport, request, reply)
    except Exception as error:  # noqa: BLE001 -- it is an outcome, whatever it is
        reply.failure = error
    return reply


async def _receive(
    transport: httpx.AsyncBaseTransport, request: httpx.Request, reply: Reply
) -> None:
    response = await transport.handle_async_request(request)
    reply.http_status = response.status_code
    body = BoundedBody(response.headers.get("content-encoding", ""))
    try:
        async for chunk in cast("httpx.AsyncByteStream", response.stream):
            body.feed(chunk)
        body.finish()
        reply.whole = True
    finally:
        reply.body = body.content
        await response.aclose()
