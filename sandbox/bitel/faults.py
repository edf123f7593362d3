"""What can go wrong between a request and its answer.

Each fault says whether the calls of a POST are **placed** although the answer goes wrong. What
leaves the outcome open (no answer, a broken one, 5xx) places them by default, and what the
gateway would say instead of calling (3xx, 4xx) does not; `placed=` overrides both. Calls are
placed when the request has been read, before any delay. Only a request that the gateway would
have taken is ever placed. Where nothing was placed, an answer that would hold calls holds none.

Each function is also a name for `POST /control/fault`, its arguments included.
"""

import asyncio
import dataclasses
import random
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from starlette.responses import Response

from sandbox.bitel.answers import Answer, HeldAnswer, NoAnswer, compressed, dripping, padded
from sandbox.serving import CutConnection

PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"
FOREIGN_NUMBER = "09129999990"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong.

    Attributes:
        name: the function that made it.
        respond: turns the honest answer into what is sent.
        placed: whether the calls of a POST are placed.
        delay: seconds before anything is answered.
        asked: the arguments by which it was asked for by name.
    """

    name: str
    respond: Callable[[Answer], Response] = field(repr=False, compare=False)
    _: KW_ONLY
    placed: bool
    delay: float = 0.0
    asked: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def delayed(self, seconds: float) -> "Fault":
        """Return the same fault, so many seconds later."""
        return dataclasses.replace(self, delay=seconds)


@dataclass(slots=True)
class FaultPlan:
    """What requests are to meet: first what is coming, in order, then the default."""

    coming: deque[Fault | None] = field(default_factory=deque)
    default: Fault | None = None

    def clear(self) -> None:
        """Let everything be honest again."""
        self.coming.clear()
        self.default = None

    @property
    def shown(self) -> dict[str, Any] | None:
        """What the next requests meet, with how many of them; None for honest answers."""
        coming = [fault for fault in self.coming if fault is not None]
        fault = coming[0] if coming else self.default
        if fault is None:
            return None
        left = coming.count(fault) if coming else None
        return {"name": fault.name, **fault.asked, "placed": fault.placed, "left": left}

    def draw(self) -> Fault | None:
        """Return what the next request meets; None is an honest answer."""
        return self.coming.popleft() if self.coming else self.default


def delay(seconds: float, *, placed: bool = True) -> Fault:
    """Answer honestly, but late."""
    return Fault("delay", Answer.response, placed=placed, delay=seconds)


def held(gate: asyncio.Event, *, placed: bool = True) -> Fault:
    """Answer honestly once `gate` is open (within one process only)."""
    return Fault("held", lambda answer: HeldAnswer(answer, gate), placed=placed)


def hang(*, placed: bool = True) -> Fault:
    """Never answer; keep the connection until the client leaves."""
    return Fault("hang", lambda _: NoAnswer(), placed=placed)


def cut(*, reset: bool = False, placed: bool = True) -> Fault:
    """Close the connection before a byte of the answer, with a TCP reset if asked for."""
    return Fault("cut", lambda _: CutConnection(reset=reset), placed=placed)


def truncated(*, keep: float = 0.5, placed: bool = True) -> Fault:
    """Announce more than is sent, send this share of the body, close the connection."""

    def respond(answer: Answer) -> Response:
        body = answer.encoded()
        return CutConnection(sent=body[: int(len(body) * keep)])

    return Fault("truncated", respond, placed=placed)


def drip(every: float = 0.2, *, placed: bool = True) -> Fault:
    """Send the honest answer one byte each `every` seconds."""
    return Fault("drip", lambda answer: dripping(answer, every), placed=placed)


def huge(megabytes: int = 200, *, placed: bool = True) -> Fault:
    """Send the honest answer behind megabytes of spaces, as a stream of unknown length."""
    return Fault("huge", lambda answer: padded(answer, megabytes), placed=placed)


def bomb(megabytes: int = 200, *, placed: bool = True) -> Fault:
    """Send the same as `huge`, compressed to almost nothing."""
    return Fault("bomb", lambda answer: compressed(answer, megabytes), placed=placed)


def bad_gzip(*, placed: bool = True) -> Fault:
    """Say that the answer is gzip, which it is not."""

    def respond(answer: Answer) -> Response:
        encoding = {"content-encoding": "gzip"}
        return Response(
            answer.encoded() or b"no gzip either", 200, encoding, media_type="application/json"
        )

    return Fault("bad_gzip", respond, placed=placed)


def garbage(*, size: int = 256, placed: bool = True) -> Fault:
    """Answer 200 with bytes that are neither UTF-8 nor JSON."""
    noise = b"\xff\x00" + random.Random(size).randbytes(size)
    return Fault("garbage", lambda _: Response(noise), placed=placed)


def html(status: int = 200, *, placed: bool | None = None) -> Fault:
    """Answer with a page: a login page with 200, a proxy's page with 502, 503, 504, ..."""
    page = PAGE.format(f"{status} from the proxy")
    return _page("html", status, page, {"content-type": "text/html"}, placed=placed)


def raw(
    status: int, body: str = "", content_type: str = "text/plain", *, placed: bool | None = None
) -> Fault:
    """Answer with any status and body."""
    return _page("raw", status, body, {"content-type": content_type}, placed=placed)


def refusal(code: str, status: int = 400, *, placed: bool = False) -> Fault:
    """Answer with an error code in the documented envelope, known or not."""
    answer = Answer.refusal(status, code)
    asked = {"code": code}
    return Fault("refusal", lambda _: answer.response(), placed=placed, asked=asked)


def redirect(
    location: str = "/api/v2/voice/batch", status: int = 307, *, placed: bool = False
) -> Fault:
    """Send the client elsewhere; who follows shows as a second POST."""
    return _page("redirect", status, "", {"location": location}, placed=placed)


def too_many(retry_after: int = 30, *, placed: bool = False) -> Fault:
    """Answer 429 with `Retry-After`."""
    headers = {"retry-after": str(retry_after), "content-type": "text/plain"}
    return _page("too_many", 429, "Too Many Requests", headers, placed=placed)


def null_result(*, placed: bool = True) -> Fault:
    """Answer 200 with neither a result nor an error."""
    nothing = Answer(200, {"result": None, "error": None})
    return Fault("null_result", lambda _: nothing.response(), placed=placed)


def bare(*, placed: bool = True) -> Fault:
    """Answer with the calls alone, without the envelope."""
    return Fault("bare", lambda a: Answer(a.status, a.result).response(), placed=placed)


def with_status(status: int, error: str | None = None, *, placed: bool = True) -> Fault:
    """Answer with the calls and their ids, but under this HTTP status, and with this error."""

    def respond(answer: Answer) -> Response:
        return Answer(status, {"result": answer.result, "error": error}).response()

    return Fault("with_status", respond, placed=placed)


def fewer(missing: int = 1, *, placed: bool = True) -> Fault:
    """Leave the last calls out of the answer; they ring all the same."""
    return _reshaped("fewer", lambda calls: calls[: max(0, len(calls) - missing)], placed=placed)


def reordered(*, placed: bool = True) -> Fault:
    """Answer with the calls in reverse order."""
    return _reshaped("reordered", lambda calls: calls[::-1], placed=placed)


def repeated(*, placed: bool = True) -> Fault:
    """Answer with each call twice."""
    return _reshaped("repeated", lambda calls: [*calls, *calls], placed=placed)


def foreign(number: str = FOREIGN_NUMBER, *, placed: bool = True) -> Fault:
    """Answer with one more call, to a number that nobody asked for, under an id of its own."""

    def add(calls: list[Any]) -> list[Any]:
        last = calls[-1:]
        alien = [{**call, "id": call["id"][::-1], "phoneNumber": number} for call in last]
        return [*calls, *alien]

    return _reshaped("foreign", add, placed=placed)


def _page(
    name: str, status: int, body: str, headers: dict[str, str], *, placed: bool | None
) -> Fault:
    """Make a fault of a fixed answer; 2xx and 5xx leave the outcome open and place the calls."""
    if placed is None:
        placed = not 300 <= status < 500  # noqa: PLR2004  # 3xx and 4xx: the gateway said no
    return Fault(name, lambda _: Response(body, status, headers), placed=placed)


def _reshaped(name: str, change: Callable[[list[Any]], list[Any]], *, placed: bool) -> Fault:
    """Make a fault of a changed list of calls; an answer that holds no list stays as it is."""

    def respond(answer: Answer) -> Response:
        if not isinstance(answer.result, list):
            return answer.response()
        return Answer(answer.status, {**answer.body, "result": change(answer.result)}).response()

    return Fault(name, respond, placed=placed)


NAMED: dict[str, Callable[..., Fault]] = {
    make.__name__: make
    for make in (
        *(delay, hang, cut, truncated, drip, huge, bomb, bad_gzip, garbage, html, raw, refusal),
        *(redirect, too_many, null_result, bare, with_status, fewer, reordered, repeated, foreign),
    )
}


def named(name: str | None, asked: Mapping[str, Any]) -> Fault | None:
    """Make a fault by its name and its arguments; None for an honest answer.

    Args:
        name: of a function of this module.
        asked: its arguments, and `delayed`: seconds before anything is answered.

    Raises:
        ValueError: there is none of this name.
        TypeError: it does not take these arguments.
    """
    arguments = dict(asked)
    delayed = float(arguments.pop("delayed", 0))
    if name is None:
        return None
    if name not in NAMED:
        raise ValueError(f"no such fault; there are {', '.join(NAMED)}")
    fault = dataclasses.replace(NAMED[name](**arguments), asked=dict(asked))
    return fault.delayed(delayed) if delayed else fault
