"""How the simulated gateway is told to behave."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sandbox.bitel.simulated_time import SimulatedTime


class Speed:
    """The option `speed`: to set it bends the gateway's time."""

    def __get__(self, options: "Options | None", _: type) -> float:
        """Return the speed, 1 by default."""
        return 1.0 if options is None else options.time.speed

    def __set__(self, options: "Options", speed: float) -> None:
        """Let time go at this speed from now on."""
        if not speed > 0:
            raise ValueError("speed is more than 0")
        if "time" not in vars(options):
            options.time = SimulatedTime(lambda: options.clock(), speed)  # noqa: PLW0108  may be changed
        else:
            options.time.speed = speed
            options.touched("gateway")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventManners:
    """How events go wrong.

    Attributes:
        lost: the share that is never sent, 0 to 1.
        repeat: how often each is sent.
        delay: simulated seconds after the call's end; before it where negative, and then with
            what the call will come to, at the earliest when it is placed.
    """

    lost: float = 0.0
    repeat: int = 1
    delay: float = 0.0


def _nobody(*_: object) -> None:
    """Tell nobody of a change."""


@dataclass(kw_only=True, eq=False)
class Options:
    """What can be told to a gateway. Each can be changed while it serves.

    Attributes:
        token: the only bearer token that is taken.
        clock: gives epoch seconds.
        speed: simulated seconds that go by in one of the clock's; a change makes no jump.
        answer_rate: the share of calls that are answered, 0 to 100, the others spread over what
            else can happen; drawn when they are placed. None lets their numbers decide.
        latency: seconds that every answer takes.
        seed: of the ids and of what is drawn, which repeat from run to run; None gives others
            each time.
        servers: the dialers that exist; None takes any `serverId`.
        status_envelope: wrap the answer of the status call (documented bare).
        not_found_status: the HTTP status for an unknown id.
        campaign_ids: name the `campaignId` of each call (documented, and in no sample).
        text_bill_sec: give `billSec` as a string.
        show_tries: show `NO_ANSWER` and `USER_BUSY` between tries (not documented).
        events_url: where an event of each call's end is posted; None for nowhere.
        events_on: whether it is posted.
        event_manners: how events go wrong.
        touched: is called with what has changed: `"request"` and its slot in the ledger,
            `"call"` and its id, or `"gateway"`.
        time: the gateway's own.
    """

    token: str = field(repr=False)
    clock: Callable[[], float] = time.time
    speed: Speed = Speed()
    answer_rate: int | None = None
    latency: float = 0.0
    seed: int | None = 0
    servers: Collection[str] | None = None
    status_envelope: bool = False
    not_found_status: int = 404
    campaign_ids: bool = False
    text_bill_sec: bool = False
    show_tries: bool = False
    events_url: str | None = None
    events_on: bool = True
    event_manners: EventManners = EventManners()
    touched: Callable[..., object] = _nobody
    time: SimulatedTime = field(init=False, repr=False)
