"""What the simulated gateway saw of its clients."""

from dataclasses import dataclass
from typing import Any

from sandbox.bitel.orders import Order


@dataclass(frozen=True, slots=True)
class SeenBatch:
    """A POST whose body was read, refused ones included.

    Attributes:
        at: when it was read, by the gateway's clock.
        path: where it was sent.
        order: what it asked for.
        fault: the name of the fault that it met.
        error: why the gateway would not take it: an error code, or `Unauthorized`.
        ids: the ids of the placed calls, in the order of the numbers; empty if none was placed.
    """

    at: float
    path: str
    order: Order
    fault: str | None
    error: str | None
    ids: tuple[str, ...]

    @property
    def placed(self) -> bool:
        """Whether its calls were placed."""
        return bool(self.ids)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that it named."""
        return self.order.numbers

    @property
    def voice(self) -> Any:
        """`voiceId`, as it came."""
        return self.order.voice

    @property
    def text(self) -> Any:
        """The text to be spoken, as it came."""
        return self.order.text

    @property
    def retry(self) -> Any:
        """`retryCount`, as it came, or the documented default."""
        return self.order.retry

    @property
    def server(self) -> Any:
        """`serverId`, as it came."""
        return self.order.server

    def as_json(self) -> dict[str, Any]:
        """Return it as the control port tells it."""
        asked = ("numbers", "voice", "text", "retry", "server")
        told = ("at", "path", *asked, "fault", "error", "placed", "ids")
        return {name: getattr(self, name) for name in told}

    def __str__(self) -> str:
        """Return one line for a reader of a failed test."""
        what = f"{self.at:.3f} POST {self.path}: {len(self.numbers)} numbers"
        first = f" from {self.numbers[0]}" if self.numbers else ""
        placed = "placed" if self.placed else "not placed"
        return f"{what}{first}, fault={self.fault}, error={self.error}, {placed}"


@dataclass(frozen=True, slots=True)
class SeenPoll:
    """A status request.

    Attributes:
        at: when it came, by the gateway's clock.
        id: the id that it asked for.
        fault: the name of the fault that it met.
    """

    at: float
    id: str
    fault: str | None

    def __str__(self) -> str:
        """Return one line for a reader of a failed test."""
        return f"{self.at:.3f} GET status of {self.id}, fault={self.fault}"
