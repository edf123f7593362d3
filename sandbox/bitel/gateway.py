"""The state of the simulated gateway: what it was asked, what it placed, how it misbehaves."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sandbox.bitel.answers import Answer
from sandbox.bitel.book import CallBook
from sandbox.bitel.calls import (
    CODES,
    QUEUED,
    UNANSWERED,
    UNDOCUMENTED_CODE,
    Call,
    Progress,
    price_of,
)
from sandbox.bitel.events import Events
from sandbox.bitel.faults import Fault, FaultPlan
from sandbox.bitel.ledger import Exchange, Ledger
from sandbox.bitel.options import Options
from sandbox.bitel.orders import Endpoint, Order, read_order
from sandbox.bitel.seen import SeenBatch, SeenPoll

Wire = Literal["post", "poll"]
WIRES: tuple[Wire, ...] = ("post", "poll")
DUMPED = 20


class Reply(NamedTuple):
    """What a request is answered with, unless a fault turns it into something else."""

    answer: Answer
    fault: Fault | None
    exchange: Exchange


@dataclass(kw_only=True, eq=False)
class Gateway(Options):
    """The simulated gateway, as its options tell it to be.

    Attributes:
        outage: the port refuses connections; `BitelSandbox.set_outage` sets it.
        seen: every POST whose body was read, in order.
        polled: every status request, in order, whatever its token.
        plans: what is to go wrong.
        book: the calls.
        ledger: the latest requests, as a person wants to know them.
        events: sends the events.
    """

    outage: bool = field(default=False, init=False)
    seen: list[SeenBatch] = field(default_factory=list, init=False, repr=False)
    polled: list[SeenPoll] = field(default_factory=list, init=False, repr=False)
    plans: dict[Wire, FaultPlan] = field(init=False, repr=False)
    book: CallBook = field(init=False, repr=False)
    ledger: Ledger = field(init=False, repr=False)
    events: Events = field(init=False, repr=False)
    _received: Counter[str] = field(default_factory=Counter, init=False, repr=False)
    _ids: random.Random = field(init=False, repr=False)
    _draws: random.Random = field(init=False, repr=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    def __post_init__(self) -> None:
        """Start the ids from the seed, and with nothing going wrong."""
        self._ids, self._draws = random.Random(self.seed), random.Random(self.seed)
        self.plans = {wire: FaultPlan() for wire in WIRES}

        def touched(*key: object) -> None:
            self.touched(*key)
            self._tell()

        self.ledger = Ledger(lambda: self.clock(), touched)  # noqa: PLW0108  the clock may be changed
        self.book = CallBook(self.time, touched)
        self.events = Events(self, self.book.timetable, self.ledger, self._draws)
        self.book.on_end = self.events.ended

    # What was seen

    @property
    def posts(self) -> int:
        """How many POSTs were read."""
        return len(self.seen)

    @property
    def polls(self) -> int:
        """How many status requests came."""
        return len(self.polled)

    @property
    def calls(self) -> dict[str, Call]:
        """Every call that the gateway knows, by id."""
        return self.book.calls

    def calls_to(self, number: str) -> list[Call]:
        """Return the calls that were placed to `number`, forgotten ones included."""
        return list(self.book.by_number.get(number, ()))

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
            "next": {on: [f and f.name for f in p.coming] for on, p in self.plans.items()},
            "always": {on: p.default and p.default.name for on, p in self.plans.items()},
        }

    async def wait_for(self, predicate: Callable[[], object], timeout: float = 15) -> None:  # noqa: ASYNC109  # tests read better with a number than with a block
        """Wait until `predicate` holds; it is asked after every request and change of a call.

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
        self.plans[on].coming.extend([fault] * times)
        self.touched("gateway")

    def always(self, fault: Fault | None, *, on: Wire = "post") -> None:
        """Let every request meet `fault` for which nothing else was told; None ends that."""
        self.plans[on].default = fault
        self.touched("gateway")

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
        progress = Progress(status, code, bill_sec, executed, price_of(bill_sec))
        self.book.fix(call_id, progress)
        self._tell()

    def forget(self, call_id: str) -> None:
        """Answer `NotFound` for this id from now on.

        Raises:
            KeyError: no call has this id.
        """
        self.book.forget(call_id)
        self._tell()

    def reset(self) -> None:
        """Forget all calls, counts and faults; ids go on from where they were."""
        for kept in (self.seen, self.polled, self.book, self.ledger, self._received):
            kept.clear()
        self.plans = {wire: FaultPlan() for wire in WIRES}
        self._tell()

    # What it answers

    def place(self, endpoint: Endpoint, authorization: str, body: bytes) -> Reply:
        """Take a POST: note it, place its calls, and return its answer and the fault it meets."""
        fault = self._draw("post")
        order = read_order(body, endpoint, self.servers)
        error = order.problem if self._admits(authorization) else "Unauthorized"
        exchange = self.ledger.open("post", endpoint.path, order)
        exchange.fault = name = fault.name if fault else None
        placed = []
        if error is None and (fault is None or fault.placed):
            placed = self._place(order, exchange.n)
        exchange.placed = bool(placed)
        ids = tuple(call.id for call in placed)
        self.seen.append(SeenBatch(self.clock(), endpoint.path, order, name, error, ids))
        self._received.update(order.numbers)
        self._tell()
        return Reply(self._placing_answer(endpoint, error, placed), fault, exchange)

    def poll(self, call_id: str, authorization: str) -> Reply:
        """Take a status request: note it, and return its answer and the fault it meets."""
        fault = self._draw("poll")
        exchange = self.ledger.open("status", f"/api/v2/voice/status/{call_id}")
        exchange.fault = name = fault.name if fault else None
        self.polled.append(SeenPoll(self.clock(), call_id, name))
        self._tell()
        return Reply(self._status_answer(call_id, authorization), fault, exchange)

    def progress(self, call: Call) -> Progress:
        """Return what has become of a call by now."""
        return self.book.progress(call, show_tries=self.show_tries)

    def entry(self, call: Call) -> dict[str, Any]:
        """Return a call in the documented fields."""
        now = self.progress(call)
        executed = self.time.clock_at(call.placed + QUEUED) if now.executed else 0
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

    def _status_answer(self, call_id: str, authorization: str) -> Answer:
        if not self._admits(authorization):
            return Answer(401)
        if call_id not in self.calls:
            return Answer.refusal(self.not_found_status, "NotFound")
        entry = self.entry(self.calls[call_id])
        return Answer(200, {"result": entry, "error": None} if self.status_envelope else entry)

    def _place(self, order: Order, request: int) -> list[Call]:
        now, campaign = self.clock(), self._new_id()
        placed = [
            Call(
                self._new_id(),
                number,
                order.retry,
                now,
                campaign,
                placed=self.time.now,
                outcome=self._draw_outcome(),
                request=request,
            )
            for number in order.numbers
        ]
        for call in placed:
            self.book.add(call)
            self.events.placed(call)
        return placed

    def _draw_outcome(self) -> str:
        """Draw how a call will end; "" leaves it to its number."""
        if self.answer_rate is None:
            return ""
        answered = self._draws.uniform(0, 100) < self.answer_rate
        return "NORMAL" if answered else self._draws.choice(UNANSWERED)

    def _draw(self, wire: Wire) -> Fault | None:
        fault = self.plans[wire].draw()
        if fault is not None:
            self.touched("gateway")
        return fault

    def _new_id(self) -> str:
        return uuid.UUID(int=self._ids.getrandbits(128), version=4).hex

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
