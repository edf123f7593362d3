"""The latest requests as a person who watches the gateway wants to know them."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from sandbox.bitel.answers import NoAnswer
from sandbox.bitel.faults import Fault
from sandbox.bitel.orders import Order
from sandbox.serving import CutConnection

KEPT = 300
FIRST_NUMBERS = 3
HONEST = {"delay", "held", "drip"}  # faults whose answer is the true one, in the end
_WORDS = {2: "odd", 3: "redirected", 4: "refused", 5: "failed"}


@dataclass(slots=True)
class Exchange:
    """A request and what became of it.

    Attributes:
        n: its serial number.
        at: when it came, by the gateway's clock.
        kind: `post` (places calls), `status`, or `event` (from the gateway to the bot).
        path: where it was sent.
        order: what a POST asked for.
        number: of the call that an event is about.
        fault: the name of the fault that it met.
        placed: whether calls were placed.
        result: `pending`; `accepted` or `answered`; `refused`, `redirected`, `failed`, `odd`,
            `not answered`, `cut`; of an event also `sent` and `lost`.
        code: the HTTP status.
        error: the gateway's error code.
        ms: milliseconds until its answer.
    """

    n: int
    at: float
    kind: str
    path: str
    order: Order | None = None
    number: str | None = None
    fault: str | None = None
    placed: bool = False
    result: str = "pending"
    code: int | None = None
    error: str | None = None
    ms: float | None = None
    begun: float = field(default_factory=time.perf_counter, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return it as the page is told."""
        order = self.order or Order((self.number,) if self.number else (), retry=None)
        told = ("n", "at", "kind", "path", "fault", "placed", "result", "code", "error", "ms")
        asked = {"voice": order.voice, "text": order.text, "retry": order.retry}
        numbers = {"numbers": len(order.numbers), "first": list(order.numbers[:FIRST_NUMBERS])}
        return {
            **{name: getattr(self, name) for name in told},
            **numbers,
            **asked,
            "server": order.server,
        }


class Ledger:
    """Keeps the latest requests.

    Args:
        clock: gives epoch seconds.
        touched: is called with `"request"` and a slot when one came or was answered; a slot holds
            one request, and later the one `KEPT` requests after it.
    """

    def __init__(self, clock: Callable[[], float], touched: Callable[..., object]) -> None:
        self._clock = clock
        self._touched = touched
        self._serial = itertools.count(1)
        self._slots: dict[int, Exchange] = {}
        self.count = 0

    def open(self, kind: str, path: str, order: Order | None = None) -> Exchange:
        """Note a request that has come."""
        exchange = Exchange(next(self._serial), self._clock(), kind, path, order)
        self._slots[exchange.n % KEPT] = exchange
        self.count += 1
        self._touched("request", exchange.n % KEPT)
        return exchange

    def close(
        self, exchange: Exchange, result: str, code: int | None = None, error: str | None = None
    ) -> None:
        """Note how a request ended."""
        exchange.result, exchange.code, exchange.error = result, code, error
        exchange.ms = round((time.perf_counter() - exchange.begun) * 1000, 1)
        self._touched("request", exchange.n % KEPT)

    def in_slot(self, slot: int) -> Exchange | None:
        """Return the latest request in a slot."""
        return self._slots.get(slot)

    def clear(self) -> None:
        """Forget all of them; the serial numbers go on."""
        self._slots.clear()
        self.count = 0


def result_of(response: Response, fault: Fault | None, honest: str) -> tuple[str, int | None]:
    """Return in a word what is sent to the client, and the HTTP status.

    Args:
        response: what is sent.
        fault: why it is sent, if it is not honest.
        honest: the word for the honest answer.
    """
    if isinstance(response, NoAnswer):
        return "not answered", None
    if isinstance(response, CutConnection):
        return "cut", None
    status = response.status_code
    if status < 300 and (fault is None or fault.name in HONEST):  # noqa: PLR2004  2xx
        return honest, status
    return _WORDS.get(status // 100, "odd"), status
