"""Calls are followed to their end by the real program, whatever dies or lies (rows 43-46)."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox.bitel import faults
from sandbox.serving import free_port
from tests.e2e.harness import World, call
from tests.e2e.processes import Process

SECRET = "Q8wLr2-vN5_kTd7Xb3ZyUe1H"
QUICK = {"POLL_FIRST": "0.2", "POLL_MAX": "1", "POLL_RATE": "50", "RETRY_COUNT": "0"}
SLOW = {"POLL_FIRST": "0.2", "POLL_MAX": "3600"}  # with events on, the first after an hour


def event(call_id: str, number: str, cause: str = "NORMAL", **changes: Any) -> bytes:
    """An event as the gateway's documentation shows it."""
    said = {
        "requestId": call_id,
        "campaignId": "4c5b1f0e6f0f4f6bb1f0a4a1cd0a9b11",
        "number": number,
        "cause": cause,
        "billSec": 12,
        "balanceSubtracted": 34.2,
        "requestDate": int(time.time()),
    }
    return json.dumps(said | changes).encode()


def with_events() -> dict[str, str]:
    """Events come over a port, and nothing is found by asking alone."""
    return {**SLOW, "HTTP_PORT": str(free_port()), "BITEL_WEBHOOK_SECRET": SECRET}


@contextlib.asynccontextmanager
async def gateway_of(given: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """What the gateway sends its events with."""
    url = f"http://127.0.0.1:{given['HTTP_PORT']}/bitel/"
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        yield http


async def start(world: World, given: dict[str, str]) -> Process:
    """Start the program with these settings."""
    world.settings |= given
    return await world.start()


def conclude(world: World, status: str = "NORMAL") -> None:
    """Every call at the gateway has ended so."""
    for call_id in list(world.bitel.calls):
        world.bitel.set_status(call_id, status, bill_sec=12 if status == "NORMAL" else 0)


def statuses(world: World, batch_id: int = 1) -> list[str]:
    """What the calls of a batch are."""
    rows = world.record.rows(
        "SELECT status FROM calls WHERE batch_id = ? ORDER BY position", batch_id
    )
    return [row[0] for row in rows]


async def told(world: World, batch_id: int = 1) -> None:
    """Wait until the chat was told of the end, and check that it was told once."""
    await world.until(
        lambda: world.record.value(
            "SELECT sent_at FROM reports WHERE batch_id = ? AND kind = 'end'", batch_id
        )
    )
    assert world.record.value("SELECT count(*) FROM reports WHERE kind = 'end'") == 1


async def asked_again(world: World) -> None:
    """Wait until the program has asked about two calls more, or has nothing to ask."""
    polls = world.bitel.polls
    await world.until(lambda: world.bitel.polls > polls + 1 or set(statuses(world)) == {"normal"})


async def test_row_46_killed_while_calls_are_followed(world: World) -> None:
    """After kill -9 the record alone says who is to be asked about, and the end is told."""
    bot = await start(world, QUICK)
    await world.ask(world.bob, call(world.numbers(6)))
    await world.sent(1, "accepted")
    await world.bitel.wait_for(lambda: world.bitel.polls >= 8)
    await bot.kill9()
    assert statuses(world) == ["waiting"] * 6
    conclude(world)

    await start(world, QUICK)
    await world.until(lambda: statuses(world) == ["normal"] * 6)
    await told(world)
    assert world.record.value("SELECT count(*) FROM calls WHERE final_at IS NULL") == 0
    assert world.record.value("SELECT sum(price) FROM calls") is not None


async def test_row_46_killed_again_and_again(world: World) -> None:
    """Ten deaths while calls end one after another cost no call its end."""
    bot = await start(world, QUICK)
    await world.ask(world.bob, call(world.numbers(10)))
    await world.sent(1, "accepted")
    for call_id in list(world.bitel.calls):
        world.bitel.set_status(call_id, "NORMAL", bill_sec=5)
        await asked_again(world)
        await bot.kill9()
        bot = await start(world, QUICK)
    await world.until(lambda: statuses(world) == ["normal"] * 10)
    await told(world)


@pytest.mark.parametrize("on_poll", [faults.html(503), faults.raw(401), faults.garbage()])
async def test_row_45_gateway_that_answers_no_status_call(
    world: World, on_poll: faults.Fault
) -> None:
    """Calls wait through an outage, odd answers and a refused token, and end after it."""
    await start(world, QUICK)
    world.bitel.always(on_poll, on="poll")
    await world.ask(world.bob, call(world.numbers(8)))
    await world.sent(1, "accepted")
    await world.bitel.wait_for(lambda: world.bitel.polls >= 1)
    await asyncio.sleep(1)  # the outage lasts; nothing is to be seen of it but this
    assert world.bitel.polls < 60
    conclude(world, "USER_BUSY")
    world.bitel.always(None, on="poll")
    await world.until(lambda: statuses(world) == ["user_busy"] * 8, seconds=45)
    await told(world)


async def test_row_44_events_that_come_before_the_answer(world: World) -> None:
    """An event of a call that is still being placed is kept, and counts once the call is known."""
    given = with_events()
    await start(world, given)
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    world.tg.send(world.bob, world.bob, call(world.numbers(2)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    await world.bitel.wait_for(lambda: len(world.bitel.calls) == 2)
    conclude(world)
    async with gateway_of(given) as http:
        for found in list(world.bitel.calls.values()):
            body = event(found.id, found.number)
            for _ in range(2):
                answer = await http.post(SECRET, content=body)
                assert answer.status_code == 200
    assert world.record.states() == ["sending"]
    gate.set()
    await world.until(lambda: statuses(world) == ["normal"] * 2)
    await told(world)
    assert world.record.value("SELECT campaign_id FROM submissions") is not None
    assert world.record.rows("SELECT 1 FROM evidence WHERE state = 'waiting'") == []
    assert [row[0] for row in world.record.rows("SELECT times FROM events")] == [2, 2]


async def test_row_44_an_event_that_was_taken_survives_kill_9(world: World) -> None:
    """What was answered with 200 is acted on, if need be by the next process."""
    given = with_events()
    bot = await start(world, given)
    await world.ask(world.bob, call(world.numbers(3)))
    await world.sent(1, "accepted")
    world.bitel.always(faults.html(503), on="poll")
    async with gateway_of(given) as http:
        for found in list(world.bitel.calls.values()):
            assert (await http.post(SECRET, content=event(found.id, found.number))).is_success
    await bot.kill9()
    conclude(world)
    world.bitel.always(None, on="poll")
    await start(world, given)
    await world.until(lambda: statuses(world) == ["normal"] * 3)
    await told(world)


async def test_row_43_forged_events(world: World) -> None:
    """Events that lie change nothing: the gateway's own word counts."""
    given = with_events()
    await start(world, given)
    await world.ask(world.bob, call(world.numbers(2)))
    await world.sent(1, "accepted")
    first, second = world.bitel.calls.values()
    lies = [
        event(first.id, first.number),
        event(first.id, second.number, "ERROR", campaignId="evil"),
        event("f" * 32, first.number),
        event(second.id, first.number, "NO_ANSWER", billSec="9999"),
    ]
    async with gateway_of(given) as http:
        for lie in lies:
            assert (await http.post(SECRET, content=lie)).status_code == 200
        await world.bitel.wait_for(lambda: world.bitel.polls >= 3)
        await world.until(lambda: world.record.value("SELECT state FROM evidence") == "disagrees")
        assert statuses(world) == ["waiting"] * 2
        assert world.record.value("SELECT max(bill_sec) FROM calls") in (None, 0)
        assert world.record.value("SELECT campaign_id FROM submissions") != "evil"
        conclude(world, "EXPIRED")
        for found in (first, second):
            await http.post(SECRET, content=event(found.id, found.number, "EXPIRED"))
    await world.until(lambda: statuses(world) == ["expired"] * 2)
    await told(world)


async def test_row_46_an_event_for_a_number_of_an_unknown_submission(world: World) -> None:
    """It is evidence: the status call adopts the call, and the board says who says so."""
    given = with_events()
    await start(world, given)
    world.bitel.fail_next(faults.cut())
    board = await world.ask(world.bob, call(world.numbers(2)))
    await world.sent(1, "unknown")
    first, second = world.bitel.calls.values()
    conclude(world)
    async with gateway_of(given) as http:
        body = event(first.id, first.number)
        assert (await http.post(SECRET, content=body)).status_code == 200
        await world.sent(1, "accepted")
        assert statuses(world) == ["normal", "not_confirmed"]
        await world.shows(board, "says the gateway")
        body = event(second.id, second.number)
        assert (await http.post(SECRET, content=body)).status_code == 200
        await world.until(lambda: statuses(world) == ["normal", "normal"])
    await told(world)
