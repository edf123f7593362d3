"""What a person who watches the gateway sees of it, and turns: phases, counts, rate, outage."""

import asyncio
import contextlib
import socket
from typing import Any

import httpx
import pytest

from sandbox.bitel import BitelSandbox, Call, Fault, faults
from sandbox.bitel.calls import Phase, phase_of, progress_of
from sandbox.bitel.ledger import KEPT, Exchange
from tests.sandbox.bitel_rig import (
    ALSO_ANSWERED,
    ANSWERED,
    BUSY,
    EXPIRED,
    FAILED,
    UNANSWERED,
    UNKNOWN,
    VOICE,
    Clock,
    Rig,
    place,
    rig,
)

COURSES = [
    (ANSWERED, 0, "queued 3 ringing 8 talking 20 ended"),
    (ALSO_ANSWERED, 5, "queued 3 ringing 9 talking 22 ended"),
    (UNANSWERED, 0, "queued 3 ringing 33 ended"),
    (UNANSWERED, 1, "queued 3 ringing 33 between 93 ringing 123 ended"),
    (BUSY, 2, "queued 3 ringing 5 between 65 ringing 67 between 127 ringing 129 ended"),
    (FAILED, 3, "queued 3 ringing 4 ended"),
    (EXPIRED, 0, "queued 60 ended"),
    (UNKNOWN, 0, "queued 3 ringing 43 ended"),
]


def call_to(number: str, retries: int = 0, outcome: str = "") -> Call:
    """A call that was just placed."""
    return Call("id", number, retries, 0.0, "campaign", outcome=outcome)


def course(call: Call) -> str:
    """Its phases, each with the second at which it ends."""
    words, elapsed = [], 0.0
    while True:
        phase = phase_of(call, elapsed)
        words.append(phase.name)
        if phase.until is None:
            return " ".join(words)
        words.append(f"{phase.until:g}")
        assert phase_of(call, phase.until - 0.001) == phase
        elapsed = phase.until


@pytest.mark.parametrize(("number", "retries", "expected"), COURSES)
def test_phases(number: str, retries: int, expected: str) -> None:
    """A call goes through the phases of its number, and tells when each ends."""
    assert course(call_to(number, retries)) == expected


@pytest.mark.parametrize(("number", "retries", "expected"), COURSES)
def test_phases_agree_with_the_status(number: str, retries: int, expected: str) -> None:
    """A call's status waits until its phases have ended, and then is its outcome."""
    call = call_to(number, retries)
    for second in range(200):
        ended = phase_of(call, second).name == "ended"
        status = progress_of(call, second).status
        assert status == (call.outcome if ended else "WAITING"), expected


def test_tries_are_counted() -> None:
    """Each time that it rings is a try; one that never rang has none."""
    tries = {s: phase_of(call_to(BUSY, 2), s).tries for s in (0, 3, 5, 65, 67, 127, 500)}
    assert tries == {0: 0, 3: 1, 5: 1, 65: 2, 67: 2, 127: 3, 500: 3}
    assert phase_of(call_to(EXPIRED, 2), 500) == Phase("ended", None, 0)


def test_many_retries_cost_no_time() -> None:
    """A retry count beyond all measure is no loop."""
    assert phase_of(call_to(BUSY, 10**12), 1e9).name in {"ringing", "between"}


@pytest.mark.parametrize(("rate", "least", "most"), [(0, 0, 0), (100, 200, 200), (40, 50, 110)])
def test_answer_rate(rate: int, least: int, most: int) -> None:
    """That share of calls is answered, whatever their numbers; the rest ends in other ways."""
    bitel = BitelSandbox(token="jwt", answer_rate=rate)
    calls = [call for _ in range(2) for call in place(bitel, *(f"0912{n:07}" for n in range(100)))]
    outcomes = [call.outcome for call in calls]
    assert least <= outcomes.count("NORMAL") <= most
    if rate < 100:
        assert set(outcomes) - {"NORMAL"} == {"NO_ANSWER", "USER_BUSY", "ERROR", "EXPIRED"}


def test_answer_rate_is_for_calls_to_come() -> None:
    """A change leaves the calls that were placed before; None lets the numbers decide again."""
    bitel = BitelSandbox(token="jwt")
    first = place(bitel, BUSY, ANSWERED)
    bitel.answer_rate = 100
    second = place(bitel, BUSY, EXPIRED)
    bitel.answer_rate = None
    third = place(bitel, BUSY, ANSWERED)
    assert [call.outcome for call in (*first, *second, *third)] == [
        "USER_BUSY",
        "NORMAL",
        "NORMAL",
        "NORMAL",
        "USER_BUSY",
        "NORMAL",
    ]
    assert course(second[1]) == "queued 3 ringing 16 talking 36 ended"


def test_what_is_drawn_repeats_with_the_seed() -> None:
    """The same seed draws the same outcomes, and a rate changes no id."""

    def drawn(rate: int | None) -> tuple[list[str], list[str]]:
        bitel = BitelSandbox(token="jwt", seed=3, answer_rate=rate)
        calls = place(bitel, *(f"0912{n:07}" for n in range(50)))
        return [call.outcome for call in calls], [call.id for call in calls]

    assert drawn(50) == drawn(50)
    assert drawn(50)[1] == drawn(None)[1]


def test_totals() -> None:
    """Calls are counted once, by what they came to at last, and the cost is theirs."""
    clock = Clock()
    bitel = BitelSandbox(token="jwt", clock=clock)
    first, *_ = place(bitel, ANSWERED, BUSY, EXPIRED)
    assert bitel.book.totals() == {"calls": 3, "open": 3, "ended": {}, "cost": 0}
    clock.now += 1000
    bitel.book.timetable.catch_up()
    ended = {"NORMAL": 1, "USER_BUSY": 1, "EXPIRED": 1}
    assert bitel.book.totals() == {"calls": 3, "open": 0, "ended": ended, "cost": 34.2}
    bitel.set_status(first.id, "ERROR")
    ended = {"ERROR": 1, "USER_BUSY": 1, "EXPIRED": 1}
    assert bitel.book.totals() == {"calls": 3, "open": 0, "ended": ended, "cost": 0}
    bitel.reset()
    assert bitel.book.totals() == {"calls": 0, "open": 0, "ended": {}, "cost": 0}


async def noted(r: Rig, fault: Fault | None, *numbers: str, **fields: Any) -> Exchange:
    """What is told of a POST that meets this fault."""
    r.bitel.fail_next(fault)
    with contextlib.suppress(httpx.TransportError):
        await r.client.post(
            "/api/v2/voice/batch",
            json={"phoneNumbers": numbers, "voiceId": VOICE, **fields},
            timeout=0.2 if fault and fault.name == "hang" else 5,
        )
    exchange = r.bitel.ledger.in_slot(r.bitel.ledger.count % KEPT)
    assert exchange is not None
    return exchange


@pytest.mark.parametrize(
    ("fault", "numbers", "expected"),
    [
        (None, (ANSWERED, BUSY), ("accepted", 200, None, True)),
        (None, ("junk",), ("refused", 400, "InvalidPhoneNumber", False)),
        (faults.delay(0.001), (ANSWERED,), ("accepted", 200, None, True)),
        (faults.hang(), (ANSWERED,), ("not answered", None, None, True)),
        (faults.hang(placed=False), (ANSWERED,), ("not answered", None, None, False)),
        (faults.cut(), (ANSWERED,), ("cut", None, None, True)),
        (faults.html(502), (ANSWERED,), ("failed", 502, None, True)),
        (faults.html(200), (ANSWERED,), ("odd", 200, None, True)),
        (faults.raw(401), (ANSWERED,), ("refused", 401, None, False)),
        (faults.redirect(), (ANSWERED,), ("redirected", 307, None, False)),
        (faults.refusal("Quota"), (ANSWERED,), ("refused", 400, "Quota", False)),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_requests_as_they_are_told(
    fault: Fault | None, numbers: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    """A request is told with what it asked for, what it met and how it was answered."""
    async with rig() as r:
        one = await noted(r, fault, *numbers, retryCount=2, serverId="s1")
        assert (one.result, one.code, one.error, one.placed) == expected
        told = one.as_json()
        assert (told["n"], told["kind"], told["path"]) == (1, "post", "/api/v2/voice/batch")
        assert (told["numbers"], told["first"]) == (len(numbers), list(numbers))
        assert (told["voice"], told["retry"], told["server"]) == (VOICE, 2, "s1")
        assert told["fault"] == (fault.name if fault else None)
        assert told["ms"] >= 0


async def test_status_requests_are_told() -> None:
    """A status request is answered, or refused for an unknown id or token."""
    async with rig() as r:
        (call,) = await r.placed(ANSWERED)
        for asked in (call, "0" * 32):
            await r.status(asked)
        r.client.headers["authorization"] = "Bearer other"
        await r.status(call)
        told = [r.bitel.ledger.in_slot(slot) for slot in (2, 3, 4)]
        assert [(t.kind, t.result, t.code) for t in told if t is not None] == [
            ("status", "answered", 200),
            ("status", "refused", 404),
            ("status", "refused", 401),
        ]


def test_old_requests_are_let_go() -> None:
    """So many requests are kept, the newest; each has its own slot."""
    bitel = BitelSandbox(token="jwt")
    for _ in range(KEPT + 5):
        place(bitel, FAILED)
    kept = [bitel.ledger.in_slot(slot) for slot in range(KEPT)]
    assert sorted(one.n for one in kept if one is not None) == list(range(6, KEPT + 6))
    assert bitel.ledger.count == KEPT + 5
    bitel.reset()
    assert (bitel.ledger.in_slot(0), bitel.ledger.count) == (None, 0)


def test_what_waits_to_go_wrong() -> None:
    """The next fault is shown with its arguments, and how often it is still to come."""
    bitel = BitelSandbox(token="jwt")
    plan = bitel.plans["post"]
    bitel.always(faults.html(502))
    assert plan.shown == {"name": "html", "placed": True, "left": None}
    bitel.fail_next(None)
    bitel.fail_next(faults.named("refusal", {"code": "Quota"}), times=2)
    assert plan.shown == {"name": "refusal", "code": "Quota", "placed": False, "left": 2}
    place(bitel, FAILED, ANSWERED)
    place(bitel, FAILED, ANSWERED)
    assert plan.shown == {"name": "refusal", "code": "Quota", "placed": False, "left": 1}
    plan.clear()
    assert plan.shown is None


async def test_outage() -> None:
    """In an outage nobody gets in, and what was under way ends; then all is as before."""
    async with (
        rig() as r,
        httpx.AsyncClient(
            base_url=r.client.base_url, headers=r.client.headers, trust_env=False
        ) as kept_alive,
    ):
        (call,) = await r.placed(ANSWERED)
        path = f"/api/v2/voice/status/{call}"
        assert (await kept_alive.get(path)).status_code == 200
        r.bitel.fail_next(faults.hang(), on="poll")
        hanging = asyncio.create_task(r.status(call))
        await r.bitel.wait_for(lambda: r.bitel.polls == 2)
        await r.bitel.set_outage(on=True)
        await r.bitel.set_outage(on=True)
        with pytest.raises(httpx.TransportError):
            await hanging
        for client in (r.client, kept_alive):
            with pytest.raises(httpx.ConnectError):
                await client.get(path)
        assert r.bitel.polls == 2
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", r.client.base_url.port))
        await r.bitel.set_outage(on=False)
        await r.bitel.set_outage(on=False)
        assert (await kept_alive.get(path)).json()["id"] == call


async def test_one_gateway_on_two_ports() -> None:
    """A gateway can be served twice at once, is the same on both ports, and is out on both."""
    async with rig() as r, r.bitel.serve() as other:
        await r.placed(ANSWERED)
        body = {"phoneNumbers": [BUSY], "voiceId": VOICE}
        answer = await r.client.post(f"{other}/api/v2/voice/batch", json=body)
        assert (answer.status_code, r.bitel.posts) == (200, 2)
        await r.bitel.set_outage(on=True)
        for url in (str(r.client.base_url), other):
            with pytest.raises(httpx.ConnectError):
                await r.client.post(f"{url}/api/v2/voice/batch", json=body)
        await r.bitel.set_outage(on=False)
        assert (await r.client.post(f"{other}/api/v2/voice/batch", json=body)).is_success


async def test_the_end_of_an_outage_can_be_the_end_of_the_gateway() -> None:
    """A gateway whose port is shut stops like any other, and its port is free again."""
    bitel = BitelSandbox(token="jwt")
    async with bitel.serve() as url:
        await bitel.set_outage(on=True)
    async with bitel.serve(int(url.rpartition(":")[2])) as again:
        assert again == url
