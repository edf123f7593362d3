"""One connection to the port: uvicorn's HTTP/1.1, with an end to whoever is slow.

uvicorn sets no time for a request's head (measured with 0.54: a byte every few seconds holds a
connection for ever). Here a request has a time to come in whole, and of those that are still
coming in the oldest makes room when there are too many: so slow ones never keep out a request that
comes in at once.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD: Final = 16 * 1024  # bytes of a request line with its headers
CLOSE: Final = (b"connection", b"close")  # one request a connection: nothing idles, nothing queues

# What strangers send is no news: uvicorn would log a line for each malformed request.
_WIRE: Final = logging.getLogger(f"{__name__}.uvicorn")
_WIRE.setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a port bears.

    Attributes:
        request_seconds: for a whole request, head and body.
        coming_in: connections whose request is not whole yet.
        connections: in all; a process may open 1024 files on many machines.
    """

    request_seconds: float = 15.0
    coming_in: int = 200
    connections: int = 400


class Wire(H11Protocol):
    """A connection; `coming_in`, shared by all of a port, holds those without a whole request."""

    limits: Limits
    coming_in: dict["Wire", asyncio.TimerHandle]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _WIRE
        self.access_log = False  # it would hold the secret

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Set the time until which the request has to be whole, and make room."""
        super().connection_made(transport)
        crowded = len(self.connections) > self.limits.connections
        if crowded or len(self.coming_in) >= self.limits.coming_in:
            slowest = next(iter(self.coming_in), self)
            slowest.give_up()
            if slowest is self:
                return
        self.coming_in[self] = self.loop.call_later(self.limits.request_seconds, self.give_up)

    def data_received(self, data: bytes) -> None:
        """Read on, and note when the request is whole."""
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's own type leaves out the None
        if cycle is not None and not cycle.more_body:
            self._is_in()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._is_in()
        super().connection_lost(exc)

    def _is_in(self) -> None:
        timer = self.coming_in.pop(self, None)
        if timer is not None:
            timer.cancel()

    def give_up(self) -> None:
        """Cut the connection without an answer."""
        self._is_in()
        self.transport.abort()


def wire(limits: Limits) -> type[Wire]:
    """Return the protocol of one port."""
    return type("PortWire", (Wire,), {"limits": limits, "coming_in": {}})
