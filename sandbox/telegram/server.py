"""HTTP: the Bot API below `/bot<token>/`, files, and the control interface beside them."""

import asyncio
import json
import logging
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.serving import CutConnection
from sandbox.telegram.bodies import read
from sandbox.telegram.errors import ApiError
from sandbox.telegram.faults import Cut, Delayed, Fault, Held, Refused
from sandbox.telegram.methods import METHODS, not_done
from sandbox.telegram.params import Params
from sandbox.telegram.people import ApiCall
from sandbox.telegram.world import World

log = logging.getLogger(__name__)


def answer(body: Any, status: int = 200) -> Response:
    """Return JSON as Telegram writes it."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, media_type="application/json")


class BotApi:
    """Answers requests of the bot from the state of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """Return the paths of the Bot API."""
        return [
            Route("/bot{token}/{method}", self.handle, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    async def handle(self, request: Request) -> Response:
        """Answer one request of the bot."""
        call: ApiCall | None = None
        fault: Fault | None = None
        try:
            method = self._known(request)
            values, files = await read(request, method)
            self._world.check(lambda schema: schema.request(method, values, files))
            self._world.check(lambda _: not_done(method, values))
            call = ApiCall(request.path_params["method"], values, self._world.clock())
            self._world.calls.append(call)
            self._world.changes.announce()
            if self._world.away is None:
                fault = self._world.faults.take(method, values)
                await _before(fault)
            if self._world.away is None and fault != Cut(delivered=False):
                result = await self._result(method, Params(values, files))
                self._world.check(lambda schema: schema.result(method, result))
                response = answer({"ok": True, "result": result})
            else:
                response = CutConnection()
        except ApiError as error:
            if call is not None:
                call.error = f"{error.code} {error.description}"
                self._world.changes.announce()
            response = answer(error.answer(), error.code)
        if self._world.away is not None:
            return self._absent()
        return CutConnection() if isinstance(fault, Cut) else response

    async def download(self, request: Request) -> Response:
        """Answer a request for a file."""
        if self._world.away is not None:
            return self._absent()
        if request.path_params["token"] != self._world.token:
            return answer(ApiError(401, "Unauthorized").answer(), 401)
        path = request.path_params["path"]
        stored = next((file for file in self._world.files.values() if file.path == path), None)
        if stored is None:
            return answer(ApiError(404, "Not Found").answer(), 404)
        return Response(stored.content, media_type="application/octet-stream")

    def _known(self, request: Request) -> str:
        if request.path_params["token"] != self._world.token:
            raise ApiError(401, "Unauthorized")
        method: str = request.path_params["method"]
        if method.lower() not in METHODS and method.lower() != "getupdates":
            log.warning("unknown method %s", method)
            raise ApiError(404, "Not Found")
        return method.lower()

    def _absent(self) -> Response:
        if self._world.away == "502":
            return answer(ApiError(502, "Bad Gateway").answer(), 502)
        return CutConnection()

    async def _result(self, method: str, params: Params) -> Any:
        if method != "getupdates":
            return METHODS[method](self._world, params)
        return await self._world.updates.get(
            params.integer("offset") or 0,
            params.integer("limit") or 0,
            params.integer("timeout") or 0,
            params.sequence("allowed_updates"),
        )


async def _before(fault: Fault | None) -> None:
    """Do what a fault does before the request is carried out."""
    match fault:
        case Refused():
            raise fault.error()
        case Delayed(seconds):
            await asyncio.sleep(seconds)
        case Held(gate):
            await gate.wait()
        case _:
            pass


def application(world: World, control: list[BaseRoute]) -> Starlette:
    """Return the whole server.

    Args:
        world: the state that it serves.
        control: routes beside the Bot API, without the token.
    """
    return Starlette(routes=[*BotApi(world).routes(), *control])
