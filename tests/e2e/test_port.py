"""The HTTP port of the real program: health (rows 39-41), the gateway's events (row 43)."""

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.process import run
from sandbox.bitel import faults
from sandbox.serving import free_port
from sandbox.telegram import Refused
from tests.e2e.harness import SECRETS, TELEGRAM_TOKEN, WEBHOOK_SECRET, World, call
from tests.e2e.inside import log_of, logging_to, settings_of
from tests.e2e.logs import leaks

DOOR = f"/bitel/{WEBHOOK_SECRET}"


def port_settings() -> dict[str, str]:
    """An open port that takes events, and polling that does not interfere."""
    return {
        "HTTP_PORT": str(free_port()),
        "BITEL_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "POLL_FIRST": "3600",
        "POLL_MAX": "3600",
    }


@contextlib.asynccontextmanager
async def client_of(given: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the port."""
    url = f"http://127.0.0.1:{given['HTTP_PORT']}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        yield http


async def health_of(http: httpx.AsyncClient) -> tuple[int, str]:
    """The status of `/healthz`, and the reason that it gives."""
    answer = await http.get("/healthz")
    said = answer.json()
    assert said["ok"] is (answer.status_code == 200)
    assert (said["reason"] is None) is said["ok"]
    return answer.status_code, said["reason"] or ""


async def health(http: httpx.AsyncClient, words: str, seconds: float = 20) -> None:
    """Wait until the health is not well for this reason; with no words, until it is well."""
    async with asyncio.timeout(seconds):
        while True:
            status, reason = await health_of(http)
            if (words and words in reason) or (not words and status == 200):
                return
            await asyncio.sleep(0.05)


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


def assert_secret_is_kept(world: World, log: str) -> None:
    """Neither the secret nor a token nor a number stands in a log."""
    assert list(leaks(log, secrets=SECRETS, numbers=world.record.numbers())) == []


async def test_row_39_a_second_poller_is_an_alarm_and_the_program_goes_on(world: World) -> None:
    """409: logged at ERROR, the health says so, launches work; it is well when the other stops."""
    given = port_settings()
    bot = await world.start(warm=True, **given)
    async with client_of(given) as http:
        world.tg.send(world.sara, world.sara, "/id")
        await health(http, "")
        world.tg.fail("getUpdates", Refused(409, "Conflict: terminated by other getUpdates"))
        world.tg.send(world.sara, world.sara, "/id")
        await health(http, "another program asks Telegram for the updates of this bot")
        assert "ERROR" in next(line for line in bot.log.splitlines() if "(409)" in line)
        board = await world.ask(world.sara, call(world.numbers(1)))
        await world.shows(board, "The number is at the gateway")
        assert bot.alive


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("Updater:start_polling:polling_task", "the polling has ended"),
        (
            f"Application:{TELEGRAM_TOKEN.partition(':')[0]}:update_fetcher",
            "the handling of updates has ended",
        ),
    ],
)
async def test_row_40_a_dead_poller_or_fetcher_ends_the_program(
    world: World, task: str, words: str
) -> None:
    """What is under way is recorded first, the health fails meanwhile, the exit code is 1."""
    given = port_settings()
    settings = settings_of(world, **given)
    with logging_to(world, settings):
        running = asyncio.create_task(run(settings))
        gate = asyncio.Event()
        world.bitel.fail_next(faults.held(gate))
        world.tg.send(world.sara, world.sara, call(world.numbers(2)))
        await world.bitel.wait_for(lambda: world.bitel.posts == 1, timeout=20)
        async with client_of(given) as http:
            next(t for t in asyncio.all_tasks() if t.get_name() == task).cancel()
            await health(http, words)
        gate.set()
        assert await asyncio.wait_for(running, 30) == 1
    assert "telegram has failed" in log_of(world)
    assert world.record.states(1) == ["accepted"]


async def test_row_41_due_work_runs_after_the_program_stood_still(world: World) -> None:
    """Stopped for three seconds, in which a second attempt comes due: it is made, once."""
    bot = await world.start(BITEL_API_URL="http://127.0.0.1:9", BITEL_TIMEOUT="2")
    world.tg.send(world.sara, world.sara, call(world.numbers(2)))
    failed_once = "SELECT count(*) FROM submissions WHERE state = 'queued' AND attempts = 1"
    await world.until(lambda: world.record.value(failed_once) == 1)
    bot.signal(signal.SIGSTOP)
    await asyncio.sleep(3)  # the fault itself
    bot.signal(signal.SIGCONT)
    await world.until(lambda: world.record.value("SELECT attempts FROM submissions") == 2)
    await world.logged(bot, "the program stood still for")
    await world.ask(world.sara, "/id")
    assert bot.alive


async def test_row_41_a_loop_that_was_blocked_goes_on(world: World) -> None:
    """A handler that blocks everything for three seconds: the health tells, and work goes on."""
    given = port_settings()
    settings = settings_of(world, **given)
    with logging_to(world, settings):
        running = asyncio.create_task(run(settings))
        async with client_of(given) as http:
            await world.ask(world.sara, "/id", seconds=20)
            world.bitel.fail_next(faults.cut(), times=1)
            time.sleep(3)  # noqa: ASYNC251 -- the fault itself
            board = await world.ask(world.sara, call(world.numbers(1)))
            await world.shows(board, "may have rung")
            answer = (await http.get("/healthz")).json()
            assert "standstill within a minute was" in answer["checks"]["loop"]["words"]
            assert " 0.0 s" not in answer["checks"]["loop"]["words"]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_row_43_a_forged_event_changes_nothing_that_is_true(world: World) -> None:
    """The call stays as the gateway says it is; a true event makes it final at once."""
    given = port_settings()
    bot = await world.start(warm=True, **given)
    board = await world.ask(world.sara, call(numbers := world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
    call_id = world.bitel.seen[0].ids[0]
    async with client_of(given) as http:
        polls = world.bitel.polls
        assert (await http.post(DOOR, content=event(call_id, numbers[0]))).status_code == 200
        await world.bitel.wait_for(lambda: world.bitel.polls > polls)
        assert world.record.value("SELECT status FROM calls") == "waiting"
        world.bitel.set_status(call_id, "USER_BUSY")
        body = event(call_id, numbers[0], "USER_BUSY")
        for _ in range(3):
            assert (await http.post(DOOR, content=body)).status_code == 200
        await world.until(lambda: world.record.value("SELECT final_at FROM calls"))
        assert world.record.value("SELECT status FROM calls") == "user_busy"
        assert world.record.value("SELECT final_at FROM calls") is not None
        kept = world.record.rows("SELECT state, times FROM events ORDER BY id")
        assert [tuple(row) for row in kept] == [("hint", 1), ("agreed", 3)]
    assert world.bitel.posts == 1
    assert_secret_is_kept(world, bot.log)


async def test_row_43_huge_slow_and_junk_events_and_strangers(world: World) -> None:
    """Each is refused in its way, nothing of it is kept, and a right event among them is taken."""
    given = port_settings()
    bot = await world.start(warm=True, **given)
    board = await world.ask(world.sara, call(numbers := world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
    call_id = world.bitel.seen[0].ids[0]
    slow = [await asyncio.open_connection("127.0.0.1", int(given["HTTP_PORT"])) for _ in range(99)]
    for _, writer in slow:
        writer.write(f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode())
    async with client_of(given) as http:

        async def post(path: str, body: bytes) -> int:
            return (await http.post(path, content=body)).status_code

        assert await post(DOOR, b"{" + b" " * 65536) == 413
        for junk in (b"", b"junk", b"[]", b"{}", b"null", b"\xff\xfe\x00", b'{"requestId": 7}'):
            assert await post(DOOR, junk) == 400
        guesses = [post(f"/bitel/{WEBHOOK_SECRET[:-3]}{n:03}", b"{}") for n in range(200)]
        assert set(await asyncio.gather(*guesses)) == {404, 429}
        assert world.record.value("SELECT count(*) FROM events") == 0
        assert await post(DOOR, event(call_id, numbers[0])) == 200
        assert world.record.value("SELECT count(*) FROM events") == 1
        text = (await http.get("/metrics")).text
        assert 'callboard_port_requests_total{answer="taken"} 1.0' in text
        assert 'callboard_gateway_seconds_count{outcome="accepted",request="launch"} 1.0' in text
        assert not list(leaks(text, secrets=SECRETS, numbers=world.record.numbers()))
    for _, writer in slow:
        writer.close()
    assert bot.alive
    assert_secret_is_kept(world, bot.log)


async def test_an_event_that_cannot_be_recorded_is_not_acknowledged(world: World) -> None:
    """503 while another program holds the record; the same event is taken afterwards."""
    given = port_settings()
    bot = await world.start(warm=True, **given)
    board = await world.ask(world.sara, call(numbers := world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
    body = event(world.bitel.seen[0].ids[0], numbers[0])
    async with client_of(given) as http:
        with world.record.locked():
            assert (await http.post(DOOR, content=body)).status_code == 503
            assert "a test write" in (await health_of(http))[1]
        assert (await http.post(DOOR, content=body)).status_code == 200
    assert world.record.value("SELECT count(*) FROM events") == 1
    assert "an event of the gateway is NOT RECORDED" in bot.log
    assert_secret_is_kept(world, bot.log)


async def test_an_event_is_acknowledged_only_when_kill_9_cannot_lose_it(world: World) -> None:
    """Killed at the moment of the answer: it is in the record, and counts after the start."""
    given = port_settings()
    bot = await world.start(warm=True, **given)
    board = await world.ask(world.sara, call(numbers := world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
    call_id = world.bitel.seen[0].ids[0]
    world.bitel.set_status(call_id, "NORMAL", bill_sec=12)
    world.bitel.always(faults.hang(), on="poll")
    async with client_of(given) as http:
        assert (await http.post(DOOR, content=event(call_id, numbers[0]))).status_code == 200
        await bot.kill9()
    assert world.record.value("SELECT count(*) FROM events") == 1
    world.bitel.always(None, on="poll")
    await world.start(warm=True, **given)
    await world.until(lambda: world.record.value("SELECT status FROM calls") == "normal")


async def test_a_port_that_is_taken_stops_the_start(world: World) -> None:
    """Before anything else runs, in one line, with exit code 1."""
    given = port_settings()
    await world.start(warm=True, **given)
    other = world.directory / "other" / "callboard.db"
    second = world.launch(warm=False, **given, DATABASE_PATH=str(other))
    assert await second.wait() == 1
    (line,) = [line for line in second.log.splitlines() if "cannot run" in line]
    assert line.endswith(
        f"port {given['HTTP_PORT']} of 127.0.0.1 cannot be opened: Address already in use."
    )


async def test_without_a_port_nothing_listens(world: World) -> None:
    """No port is opened unless it is asked for."""
    bot = await world.start()
    assert "the HTTP port is open" not in bot.log


async def test_the_port_is_closed_by_a_stop(world: World) -> None:
    """SIGTERM with slow clients on the port: exit 0 in the usual time."""
    given = port_settings()
    bot = await world.start(warm=True, **given)
    slow = await asyncio.open_connection("127.0.0.1", int(given["HTTP_PORT"]))
    slow[1].write(b"POST /bitel/")
    async with client_of(given) as http:
        await health_of(http)
    bot.terminate()
    assert await bot.wait() == 0
    slow[1].close()
    assert_secret_is_kept(world, bot.log)
