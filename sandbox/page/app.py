"""The page on the wire: its files, the stream, and what is done there.

Only this machine reaches it, and a browser runs other pages, too: what does not name this server
as its host, or comes from another page, is refused (DNS rebinding and cross-site requests).
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.page.deeds import Deeds
from sandbox.page.live import ALIVE_EVERY, stream
from sandbox.page.refusals import DeedError
from sandbox.page.stage import Stage

STATIC: Final = Path(__file__).with_name("static").resolve()
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
UPLOAD_LIMIT: Final = 20_000_000
TOO_BIG: Final = "A file can have 20 MB at most."
STARTED_ANEW: Final = "The demo was started anew meanwhile. Look first, then do it again."
REMEMBERED: Final = 1000  # answers that can be asked for again
PAGE_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILE_POLICY: Final = "default-src 'none'; sandbox"  # what people upload is shown, and never runs

Answer = tuple[int, dict[str, Any]]


def build_app(stage: Stage, *, alive_every: float = ALIVE_EVERY) -> Starlette:
    """Return the page of a stage as an app.

    Args:
        stage: what it shows.
        alive_every: seconds of silence after which the stream says that it stands.
    """
    page = _Page(stage, alive_every)
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/static/{path:path}", page.static),
            Route("/files/{file_id}", page.file),
            Route("/live", page.live),
            Route("/act/upload", page.upload, methods=["POST"]),
            Route("/act/{deed}", page.act, methods=["POST"]),
        ],
        middleware=[Middleware(_Guard)],
    )


class _Guard:
    """Refuses foreign requests, and adds the headers that every answer has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", PAGE_POLICY.encode()))
                headers += _ALWAYS
            await send(message)

        app = self._app if _is_own(Request(scope)) else _REFUSAL
        await app(scope, receive, guarded)


_ALWAYS: Final = [
    (b"cache-control", b"no-cache"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_REFUSAL: Final = JSONResponse({"error": "This is not the page's own request."}, 403)


def _is_own(request: Request) -> bool:
    port = request.scope["server"][1]
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    return host in hosts and (origin is None or origin == f"http://{host}")


class _Page:
    """Each method is a path."""

    def __init__(self, stage: Stage, alive_every: float) -> None:
        self._stage = stage
        self._alive_every = alive_every
        self._deeds = Deeds(stage)
        deeds = self._deeds
        told = (deeds.send, deeds.edit, deeds.press, deeds.forward, deeds.contact, deeds.users)
        self._by_name: dict[str, Callable[[dict[str, Any]], Any]] = {
            deed.__name__: deed for deed in (*told, deeds.voice, deeds.start, deeds.gateway)
        }
        self._done: OrderedDict[str, asyncio.Future[Answer]] = OrderedDict()

    def index(self, _: Request) -> Response:
        return _static("index.html")

    def static(self, request: Request) -> Response:
        return _static(request.path_params["path"])

    async def file(self, request: Request) -> Response:
        stored = self._stage.tg.world.files.get(request.path_params["file_id"])
        if stored is None:
            return JSONResponse({"error": "There is no such file."}, 404)
        query = request.query_params
        kind = "attachment" if query.get("download") else "inline"
        name = quote(query.get("name") or stored.name, safe="")
        headers = {
            "content-disposition": f"{kind}; filename*=UTF-8''{name}",
            "content-security-policy": FILE_POLICY,
        }
        return Response(stored.content, 200, headers, media_type=stored.mime_type)

    async def live(self, request: Request) -> Response:
        query = request.query_params
        after = request.headers.get("last-event-id") or query.get("after", "")
        known = int(after) if re.fullmatch(r"[0-9]{1,15}", after, re.ASCII) else None
        events = stream(self._stage, query.get("run"), known, self._alive_every)
        return StreamingResponse(events, media_type="text/event-stream")

    async def act(self, request: Request) -> Response:
        deed = self._by_name.get(request.path_params["deed"])
        if deed is None:
            return JSONResponse({"error": "There is no such deed."}, 404)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"error": "A deed is asked for in JSON."}, 415)
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return JSONResponse({"error": "A deed is asked for with an object."}, 400)

        async def do() -> Any:
            done = deed(asked)
            return await done if isinstance(done, Awaitable) else done

        return await self._once(asked, do)

    async def upload(self, request: Request) -> Response:
        content = bytearray()
        size = 0
        async for chunk in request.stream():
            size += len(chunk)  # read to the end: a browser does not hear an answer before that
            if size <= UPLOAD_LIMIT:
                content += chunk
        if size > UPLOAD_LIMIT:
            return JSONResponse({"error": TOO_BIG}, 413)
        asked: dict[str, Any] = dict(request.query_params)

        async def do() -> Any:
            for name in ("person", "chat", "reply_to", "thread"):
                if name in asked:
                    asked[name] = _id(asked[name])
            return self._deeds.upload(asked, bytes(content))

        return await self._once(asked, do)

    async def _once(self, asked: dict[str, Any], do: Callable[[], Awaitable[Any]]) -> Response:
        """Do it, unless it was done under this name before; then answer the same again.

        What was asked of an earlier run of this server may have been done there: it is refused.
        """
        if asked.get("run", self._stage.run) != self._stage.run:
            return JSONResponse({"error": STARTED_ANEW}, 409)
        name = asked.get("once")
        task = self._done.get(name) if isinstance(name, str) else None
        if task is None:
            task = asyncio.ensure_future(_answer(do))
            if isinstance(name, str):
                self._done[name] = task
                if len(self._done) > REMEMBERED:
                    self._done.popitem(last=False)
        status, body = await asyncio.shield(task)
        return JSONResponse(body, status)


async def _answer(do: Callable[[], Awaitable[Any]]) -> Answer:
    try:
        return 200, {"ok": True, **await do()}
    except DeedError as error:
        return 400, {"error": str(error)}


def _id(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _static(path: str) -> Response:
    name = path.replace("\0", "/")  # no file system takes it
    found = (STATIC / name).resolve()
    kind = TYPES.get(found.suffix)
    if kind is None or not found.is_relative_to(STATIC) or not found.is_file():
        return JSONResponse({"error": "There is no such page."}, 404)
    return Response(found.read_bytes(), media_type=kind)
