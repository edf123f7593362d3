"""A real HTTP server that takes the gateway's events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serving import serve


class Receiver:
    """What came, in order; each event can be waited for.

    Attributes:
        url: where events are to be sent.
        status: what they are answered with.
        got: all that came.
    """

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.got: list[dict[str, Any]] = []
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def next(self) -> dict[str, Any]:
        """The next event that nobody has waited for."""
        async with asyncio.timeout(10):
            return await self._queue.get()

    async def take(self, request: Request) -> Response:
        """Take one."""
        event = await request.json()
        self.got.append(event)
        self._queue.put_nowait(event)
        return Response(status_code=self.status)


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """Serve a receiver on loopback."""
    taking = Receiver()
    app = Starlette(routes=[Route("/bitel/events", taking.take, methods=["POST"])])
    async with serve(app) as url:
        taking.url = f"{url}/bitel/events"
        yield taking
