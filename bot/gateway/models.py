"""What the gateway answers, in our own words: the wire's names stay inside this package.

The classes of outcome are those of the table "was the request sent?" in `docs/architecture.md`.
Bodies and numbers are left out of every `repr`, so that none of them gets into a log by itself.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCall:
    """One call as the gateway tells of it; what it left out or garbled is None or empty.

    `id` is 1 to 64 printable ASCII characters, as it came. `number` is as the gateway spelled it.
    `status` is the word as it came ("WAITING"), or the documented word of a bare `statusCode`.
    `bill_sec` is in seconds, the dates are epoch seconds (the wire's 0 is None), and `price` is
    the cost in thousandths of a Toman (the wire's sign, which means "charged", is dropped).
    """

    id: str
    number: str = field(repr=False, default="")
    status: str = ""
    bill_sec: int | None = None
    request_date: int | None = None
    execution_date: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEvent:
    """What the gateway sends us of a call by itself; what it left out is None or empty.

    The fields are those of `PlacedCall`; `cost` is in thousandths of a Toman. Nothing in it is to
    be believed: anybody who knows the address can send it.
    """

    id: str
    number: str = field(repr=False, default="")
    status: str = ""
    bill_sec: int | None = None
    request_date: int | None = None
    cost: int | None = None
    campaign_id: str | None = None


class UnknownReason(StrEnum):
    """Why nobody can tell from here whether the phones ring."""

    NO_ANSWER = "no_answer"  # no (whole) answer within the time allowed
    CUT = "cut"  # the connection broke, or what came over it was not HTTP
    NOT_UNDERSTOOD = "not_understood"  # an answer, but none that is documented
    TOO_LARGE = "too_large"  # an answer larger than we are ready to read
    SERVER_ERROR = "server_error"  # HTTP 5xx or 408
    REDIRECTED = "redirected"  # HTTP 3xx without an error code: not followed
    INTERRUPTED = "interrupted"  # we broke off: cancelled, stopped, or a fault of our own


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Ids of calls came, at whatever HTTP status; entries in the order of the answer.

    Nothing promises one entry per number, nor their order: match by number, keep the rest too.
    `unauthorised` tells of a 401 that brought ids all the same: launching pauses even then.
    """

    calls: tuple[PlacedCall, ...]
    http_status: int
    campaign_id: str | None = None
    body: bytes = field(repr=False, default=b"")
    unauthorised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The gateway said no, and no call was placed.

    `code` is its error code as it stands, or "HTTP 404" where it gave none.
    """

    code: str
    http_status: int
    body: bytes = field(repr=False, default=b"")
    unauthorised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Surely not sent: no connection stood. `reason` is a technical word, as "ConnectError"."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have rung: never sent again by itself.

    `detail` is a technical word ("ReadTimeout", "HTTP 502"), `body` what was read until then.
    `unauthorised` tells of a 401 whose body could not be read: launching pauses all the same.
    """

    reason: UnknownReason
    detail: str = ""
    http_status: int | None = None
    body: bytes = field(repr=False, default=b"")
    unauthorised: bool = False


Outcome: TypeAlias = Accepted | Refused | Unsent | Unknown
"""What became of one POST that places calls."""
