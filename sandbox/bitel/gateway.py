"""The state of the simulated gateway: what it was asked, what it placed, how it misbehaves."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.bitel.answers import Answer
from sandbox.bitel.calls import (
    CODES,
    QUEUED,
    UNDOCUMENTED_CODE,
    Call,
    Progress,
    price_of,
    progress_of,
)
from sandbox.bitel.faults import Fault, FaultPlan
from sandbox.bitel.orders import Endpoint, Order, read_order
from sandbox.bitel.seen import SeenBatch, SeenPoll

Wire = Literal["post", "poll"]
WIRES: tuple[Wire, ...] = ("post", "poll")
DUMPED = 20


@dataclass(kw_only=True, slots=True, eq=False)
class Gateway:
    """The simulated gateway. Each of these can be changed while it serves.

    Attributes:
        token: the only bearer token that is taken.
        clock: gives epoch seconds.
        speed: simulated seconds that go by in one of the clock's.
        latency: seconds that every answer takes.
        seed: of the ids, which repeat from run to run; None gives others each time.
        servers: the dialers that exist; None takes any `serverId`.
        status_envelope: wrap the answer of the status call (documented bare).
        not_found_status: the HTTP status for an unknown id.
        campaign_ids: name the `campaignId` of each call (documented, and in no sample).
        text_bill_sec: give `billSec` as a string.
        show_tries: show `NO_ANSWER` and `USER_BUSY` between tries (not documented).
        seen: every POST whose body was read, in order.
        polled: every status request, in order, whatever its token.
        calls: every call that the gateway knows, by id.
    """

    token: str = field(repr=False)
    clock: Callable[[], float] = time.time
    speed: float = 1.0
    latency: float = 0.0
    seed: int | None = 0
    servers: Collection[str] | None = None
    status_envelope: bool = False
    not_found_status: int = 404
    campaign_ids: bool = False
    text_bill_sec: bool = False
    show_tries: bool = False
    seen: list[SeenBatch] = field(default_factory=list, init=False, repr=False)
    polled: list[SeenPoll] = field(default_factory=list, init=False, repr=False)
    calls: dict[str, Call] = field(default_factory=dict, init=False, repr=False)
    _by_number: dict[str, list[Call]] = field(default_factory=dict, init=False, repr=False)
    _received: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _plans: dict[Wire, FaultPlan] = field(init=False, repr=False)
    _random: random.Random = field(init=False, repr=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    def __post_init__(self) -> None:
        """Start the ids from the seed, and with nothing going wrong."""
        self._random = random.Random(self.seed)
        self._plans = {wire: FaultPlan() for wire in WIRES}

    # What was seen

    @property
    def posts(self) -> int:
        """How many POSTs were read."""
        return len(self.seen)

    @property
    def polls(self) -> int:
        """How many status requests came."""
        return len(self.polled)

    def calls_to(self, number: str) -> list[Call]:
        """Return the calls that were placed to `number`, forgotten ones included."""
        return list(self._by_number.get(number, ()))

    def received(self, number: str) -> int:
        """Return how often `number` came in POSTs, placed or not."""
        return self._received[number]

    def state(self) -> dict[str, Any]:
        """Return counts, and what is still to go wrong."""
        return {
            "posts": self.posts,
            "polls": self.polls,
            "calls": len(self.calls),
            "statuses": Counter(self.progress(call).status for call in self.calls.values()),
            "next": {on: [f and f.name for f in p.coming] for on, p in self._plans.items()},
            "always": {on: p.default and p.default.name for on, p in self._plans.items()},
        }

    async def wait_for(self, predicate: Callable[[], object], timeout: float = 5) -> None:  # noqa: ASYNC109  # tests read better with a number than with a block
        """Wait until `predicate` holds; it is asked after every request and every change by hand.

        Raises:
            AssertionError: it did not hold in time; the message lists what was seen.
        """
        try:
            async with asyncio.timeout(timeout):
                while not predicate():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s; {self._dump()}") from None

    # What goes wrong

    def fail_next(self, fault: Fault | None, times: int = 1, *, on: Wire = "post") -> None:
        """Let the next requests meet `fault`, after those already told; None is an honest one."""
        self._plans[on].coming.extend([fault] * times)

    def always(self, fault: Fault | None, *, on: Wire = "post") -> None:
        """Let every request meet `fault` for which nothing else was told; None ends that."""
        self._plans[on].default = fault

    def set_status(
        self, call_id: str, status: str, *, code: int | None = None, bill_sec: int = 0
    ) -> None:
        """Give a call this status from now on, documented or not.

        Raises:
            KeyError: no call has this id.
        """
        if code is None:
            code = CODES.get(status, UNDOCUMENTED_CODE)
        executed = status not in {"WAITING", "EXPIRED"}
        self.calls[call_id].fixed = Progress(status, code, bill_sec, executed, price_of(bill_sec))
        self._tell()

    def forget(self, call_id: str) -> None:
        """Answer `NotFound` for this id from now on.

        Raises:
            KeyError: no call has this id.
        """
        del self.calls[call_id]
        self._tell()

    def reset(self) -> None:
        """Forget all calls, counts and faults; ids go on from where they were."""
        for kept in (self.seen, self.polled, self.calls, self._by_number, self._received):
            kept.clear()
        self._plans = {wire: FaultPlan() for wire in WIRES}
        self._tell()

    # What it answers

    def place(
        self, endpoint: Endpoint, authorization: str, body: bytes
    ) -> tuple[Answer, Fault | None]:
        """Take a POST: note it, place its calls, and return its answer and the fault it meets."""
        fault = self._plans["post"].draw()
        order = read_order(body, endpoint, self.servers)
        error = order.problem if self._admits(authorization) else "Unauthorized"
        placed = []
        if error is None and (fault is None or fault.placed):
            placed = self._place(order)
        name = fault.name if fault else None
        ids = tuple(call.id for call in placed)
        self.seen.append(SeenBatch(self.clock(), endpoint.path, order, name, error, ids))
        self._received.update(order.numbers)
        self._tell()
        return self._placing_answer(endpoint, error, placed), fault

    def poll(self, call_id: str, authorization: str) -> tuple[Answer, Fault | None]:
        """Take a status request: note it, and return its answer and the fault it meets."""
        fault = self._plans["poll"].draw()
        self.polled.append(SeenPoll(self.clock(), call_id, fault.name if fault else None))
        self._tell()
        if not self._admits(authorization):
            return Answer(401), fault
        if call_id not in self.calls:
            return Answer.refusal(self.not_found_status, "NotFound"), fault
        entry = self.entry(self.calls[call_id])
        body = {"result": entry, "error": None} if self.status_envelope else entry
        return Answer(200, body), fault

    def progress(self, call: Call) -> Progress:
        """Return what has become of a call by now."""
        elapsed = (self.clock() - call.requested) * self.speed
        return progress_of(call, elapsed, show_tries=self.show_tries)

    def entry(self, call: Call) -> dict[str, Any]:
        """Return a call in the documented fields."""
        now = self.progress(call)
        executed = call.requested + QUEUED / self.speed if now.executed else 0
        entry = {
            "id": call.id,
            "phoneNumber": call.number,
            "status": now.status,
            "statusCode": now.code,
            "billSec": str(now.bill_sec) if self.text_bill_sec else now.bill_sec,
            "requestDate": int(call.requested),
            "executionDate": int(executed),
            "price": now.price,
        }
        return {**entry, "campaignId": call.campaign} if self.campaign_ids else entry

    def _placing_answer(self, endpoint: Endpoint, error: str | None, placed: list[Call]) -> Answer:
        if error == "Unauthorized":
            return Answer(401)
        if error is not None:
            return Answer.refusal(400, error)
        entries = [self.entry(call) for call in placed]
        if endpoint.single:
            return Answer(200, {"result": entries[0] if entries else None, "error": None})
        return Answer(200, {"result": entries, "error": None})

    def _place(self, order: Order) -> list[Call]:
        now, campaign = self.clock(), self._new_id()
        placed = [
            Call(self._new_id(), number, order.retry, now, campaign) for number in order.numbers
        ]
        for call in placed:
            self.calls[call.id] = call
            self._by_number.setdefault(call.number, []).append(call)
        return placed

    def _new_id(self) -> str:
        return uuid.UUID(int=self._random.getrandbits(128), version=4).hex

    def _admits(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and token == self.token

    def _tell(self) -> None:
        """Wake whoever waits; the next who waits does so for the next change."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _dump(self) -> str:
        told = "\n  ".join(map(str, [*self.seen[-DUMPED:], *self.polled[-DUMPED:]]))
        return (
            f"the gateway saw {self.posts} POSTs and {self.polls} polls, {self.state()}\n  {told}"
        )
