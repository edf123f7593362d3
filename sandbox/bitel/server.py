"""The simulated gateway on the wire: its documented paths, and those of the control port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bitel.answers import Answer, NoAnswer
from sandbox.bitel.control import control_routes
from sandbox.bitel.faults import Fault
from sandbox.bitel.gateway import Gateway
from sandbox.bitel.orders import ENDPOINTS, Endpoint
from sandbox.serving import serve

Handler = Callable[[Request], Awaitable[Response]]


class BitelSandbox(Gateway):
    """The simulated gateway, ready to be served."""

    __slots__ = ()

    def build_app(self) -> Starlette:
        """Return it as an app for `sandbox.serving.serve`, on which the cuts rely."""
        placing = [Route(e.path, self._placing(e), methods=["POST"]) for e in ENDPOINTS]
        status = Route("/api/v2/voice/status/{id}", self._status, methods=["GET"])
        return Starlette(routes=[*placing, status, *control_routes(self)])

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve it on loopback until the block ends, and give its base URL."""
        async with serve(self.build_app(), port) as url:
            yield url

    def _placing(self, endpoint: Endpoint) -> Handler:
        async def place(request: Request) -> Response:
            try:
                body = await request.body()
            except ClientDisconnect:
                return NoAnswer()
            return await self._respond(*self.place(endpoint, _authorization(request), body))

        return place

    async def _status(self, request: Request) -> Response:
        asked = self.poll(request.path_params["id"], _authorization(request))
        return await self._respond(*asked)

    async def _respond(self, answer: Answer, fault: Fault | None) -> Response:
        await asyncio.sleep(self.latency + (fault.delay if fault else 0))
        return fault.respond(answer) if fault else answer.response()


def _authorization(request: Request) -> str:
    return request.headers.get("authorization", "")
