"""The simulated gateway on the wire: its documented paths, and those of the control port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bitel.answers import NoAnswer
from sandbox.bitel.control import control_routes
from sandbox.bitel.gateway import Gateway, Reply
from sandbox.bitel.ledger import result_of
from sandbox.bitel.orders import ENDPOINTS, Endpoint
from sandbox.serving import Door, serve

Handler = Callable[[Request], Awaitable[Response]]


class BitelSandbox(Gateway):
    """The simulated gateway, ready to be served.

    Args:
        options: those of `Options`, which tells what they mean.
    """

    def __post_init__(self) -> None:
        """Be served nowhere yet."""
        super().__post_init__()
        self._doors: set[Door] = set()

    def build_app(self) -> Starlette:
        """Return it as an app for `sandbox.serving.serve`, on which the cuts rely."""
        placing = [Route(e.path, self._placing(e), methods=["POST"]) for e in ENDPOINTS]
        status = Route("/api/v2/voice/status/{id}", self._status, methods=["GET"])
        return Starlette(routes=[*placing, status, *control_routes(self)])

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve it on loopback until the block ends, and give its base URL.

        Meanwhile calls go from phase to phase by themselves, and events are sent. It can be
        served on several ports at once.
        """
        door = Door()
        works = [
            asyncio.create_task(self.book.timetable.run(), name="timetable"),
            asyncio.create_task(self.events.run(), name="events"),
        ]
        try:
            async with serve(self.build_app(), port, door=door) as url:
                self._doors.add(door)
                yield url
        finally:
            self._doors.discard(door)
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def set_outage(self, *, on: bool) -> None:
        """Refuse connections from now on, wherever it is served, or take them again."""
        for door in list(self._doors):
            if on:
                door.shut()
            else:
                await door.open()
        self.outage = on
        self.touched("gateway")

    def _placing(self, endpoint: Endpoint) -> Handler:
        async def place(request: Request) -> Response:
            try:
                body = await request.body()
            except ClientDisconnect:
                return NoAnswer()
            return await self._respond(self.place(endpoint, _authorization(request), body))

        return place

    async def _status(self, request: Request) -> Response:
        reply = self.poll(request.path_params["id"], _authorization(request))
        return await self._respond(reply)

    async def _respond(self, reply: Reply) -> Response:
        answer, fault, exchange = reply
        await asyncio.sleep(self.latency + (fault.delay if fault else 0))
        response = fault.respond(answer) if fault else answer.response()
        honest = "accepted" if exchange.kind == "post" else "answered"
        result, code = result_of(response, fault, honest)
        error = fault.asked.get("code") if fault else answer.error
        self.ledger.close(exchange, result, code, error)
        return response


def _authorization(request: Request) -> str:
    return request.headers.get("authorization", "")
