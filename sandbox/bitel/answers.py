"""What the gateway answers, and the odd ways in which an answer can reach the client or not."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

_MEGABYTE = 1_000_000
_GZIP = zlib.MAX_WBITS | 16  # a gzip header and trailer around the deflate stream, zlib manual


@dataclass(frozen=True, slots=True)
class Answer:
    """The honest answer to a request.

    Attributes:
        status: of HTTP.
        body: what is sent as JSON; None is an empty body.
    """

    status: int
    body: Any = None

    @classmethod
    def refusal(cls, status: int, code: str) -> "Answer":
        """Return the documented envelope with an error code."""
        return cls(status, {"result": None, "error": code})

    @property
    def result(self) -> Any:
        """What stands in the envelope, or the whole body where there is no envelope."""
        enveloped = isinstance(self.body, dict) and "result" in self.body
        return self.body["result"] if enveloped else self.body

    @property
    def error(self) -> str | None:
        """The error code in the envelope."""
        code = self.body.get("error") if isinstance(self.body, dict) else None
        return None if code is None else str(code)

    def encoded(self) -> bytes:
        """Return the body as it goes out."""
        return b"" if self.body is None else json.dumps(self.body).encode()

    def response(self, status: int | None = None) -> Response:
        """Return it as a response, under another HTTP status if one is given."""
        body = self.encoded()
        media_type = "application/json" if body else None
        return Response(body, status or self.status, media_type=media_type)


class NoAnswer(Response):
    """Holds the request open and answers nothing, until the client leaves."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the signature is ASGI's
        """Wait for the client to leave."""
        while (await receive())["type"] != "http.disconnect":
            pass


class HeldAnswer(Response):
    """Answers once a gate is open."""

    def __init__(self, answer: Answer, gate: asyncio.Event) -> None:
        super().__init__()
        self._answer = answer
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the gate, then answer."""
        await self._gate.wait()
        await self._answer.response()(scope, receive, send)


def dripping(answer: Answer, every: float) -> Response:
    """Return `answer` one byte at a time, with `every` seconds before each."""

    async def drops() -> AsyncIterator[bytes]:
        for value in answer.encoded():
            await asyncio.sleep(every)
            yield bytes([value])

    length = {"content-length": str(len(answer.encoded()))}
    return StreamingResponse(drops(), answer.status, length, media_type="application/json")


def padded(answer: Answer, megabytes: int) -> Response:
    """Return `answer` behind so many megabytes of spaces: all of it is valid JSON."""
    return StreamingResponse(
        _padding(answer, megabytes), answer.status, media_type="application/json"
    )


def compressed(answer: Answer, megabytes: int) -> Response:
    """Return the same as `padded`, as gzip: about a thousandth of it on the wire."""

    async def deflated() -> AsyncIterator[bytes]:
        stream = zlib.compressobj(wbits=_GZIP)
        async for chunk in _padding(answer, megabytes):
            yield stream.compress(chunk)
        yield stream.flush()

    encoding = {"content-encoding": "gzip"}
    return StreamingResponse(deflated(), answer.status, encoding, media_type="application/json")


async def _padding(answer: Answer, megabytes: int) -> AsyncIterator[bytes]:
    spaces = b" " * _MEGABYTE
    for _ in range(megabytes):
        await asyncio.sleep(0)  # other requests go on meanwhile
        yield spaces
    yield answer.encoded()
