"""What the gateway may do instead of answering (rows 15-21 and 23-25): each class of outcome."""

import asyncio
import contextlib
from pathlib import Path

import psutil
import pytest

from sandbox.bitel import Fault, faults
from sandbox.serving import free_port
from tests.e2e.harness import World, call, deaf_address

MEMORY = 120_000_000  # bytes that an answer of 200 MB may cost at most

MAY_HAVE_RUNG = [
    pytest.param(faults.hang(), id="row_16_read_timeout"),
    pytest.param(faults.delay(3), id="row_16_late"),
    pytest.param(faults.cut(), id="row_17_cut"),
    pytest.param(faults.cut(reset=True), id="row_17_reset"),
    pytest.param(faults.truncated(), id="row_17_truncated"),
    pytest.param(faults.garbage(), id="row_17_garbage"),
    pytest.param(faults.drip(0.2), id="row_19_drip"),
    pytest.param(faults.html(502), id="row_20_502"),
    pytest.param(faults.html(503), id="row_20_503"),
    pytest.param(faults.html(504), id="row_20_504"),
    pytest.param(faults.raw(408), id="row_20_408"),
    pytest.param(faults.redirect(), id="row_23_307"),
    pytest.param(faults.redirect(status=308, placed=True), id="row_23_308"),
    pytest.param(faults.null_result(), id="row_25_null"),
    pytest.param(faults.html(200), id="row_25_html"),
    pytest.param(faults.bad_gzip(), id="row_25_bad_gzip"),
    pytest.param(faults.huge(200), id="row_25_200_mb"),
    pytest.param(faults.bomb(200), id="row_25_gzip_bomb"),
]
REFUSED = [
    pytest.param(faults.refusal("InvalidVoiceId"), "InvalidVoiceId", id="row_21_known_code"),
    pytest.param(faults.refusal("MoonIsFull"), "MoonIsFull", id="row_21_unknown_code"),
    pytest.param(faults.refusal("NoCredit", status=200), "NoCredit", id="row_21_code_in_200"),
    pytest.param(faults.raw(403, "<b>no</b>"), "403", id="row_21_without_a_code"),
    pytest.param(faults.too_many(), "429", id="row_24_429"),
]


@pytest.mark.parametrize("fault", MAY_HAVE_RUNG)
async def test_an_answer_that_says_nothing_is_unknown_and_holds_the_rest(
    world: World, fault: Fault
) -> None:
    """It may have rung: it is never sent again, and the rest waits for a person."""
    bot = await world.start(BITEL_TIMEOUT="1", CONFIRM_ABOVE="1000")
    world.bitel.fail_next(fault)
    before = psutil.Process(bot.pid).memory_info().rss
    numbers = world.numbers(150)
    board = await world.ask(world.sara, call(numbers))
    await world.sent(1, "unknown", "queued")
    await world.shows(board, "100 numbers may have rung")
    assert world.record.batches() == ["held"]
    assert world.bitel.posts == 1
    assert psutil.Process(bot.pid).memory_info().rss - before < MEMORY

    await world.offers(board, "▶ Send the other 50")
    await world.press(world.bob, board, "▶ Send the other 50")
    await world.sent(1, "unknown", "accepted")
    assert [world.bitel.received(number) for number in numbers] == [1] * 150


@pytest.mark.parametrize(("fault", "code"), REFUSED)
async def test_an_answer_that_says_no_is_refused_and_holds_the_rest(
    world: World, fault: Fault, code: str
) -> None:
    """The code is shown as it stands; nothing is repeated by itself, and it can be tried again."""
    await world.start(BITEL_TIMEOUT="1", CONFIRM_ABOVE="1000")
    world.bitel.fail_next(fault)
    board = await world.ask(world.sara, call(world.numbers(150)))
    await world.sent(1, "refused", "queued")
    await world.shows(board, code)
    await world.offers(board, "🔁 Try again: 100")
    assert world.record.batches() == ["held"]
    assert world.record.value("SELECT count(*) FROM pauses") == 0
    assert world.bitel.posts == 1


async def test_row_25_a_bare_list_of_calls_is_accepted(world: World) -> None:
    """The second documented shape, without the envelope."""
    await world.start()
    world.bitel.fail_next(faults.bare())
    board = await world.ask(world.sara, call(world.numbers(2)))
    await world.shows(board, world.bitel.seen[0].ids[1])
    assert world.record.states() == ["accepted"]


async def test_row_18_a_connection_that_died_is_nothing_to_a_launch(world: World) -> None:
    """Launches keep no connection: a gateway that restarts between two of them costs nothing."""
    port = free_port()
    await world.start(BITEL_API_URL=f"http://127.0.0.1:{port}")
    for batch_id in (1, 2, 3):
        async with world.bitel.serve(port):
            world.tg.send(world.sara, world.sara, call(world.numbers(1)))
            await world.sent(batch_id, "accepted")


async def unsent_at(world: World, address: str) -> None:
    """Launch where no connection stands, and wait until three attempts are used up."""
    await world.start(BITEL_API_URL=address, BITEL_TIMEOUT="1.5")
    board = await world.ask(world.sara, call(world.numbers(3)))
    await world.shows(board, "attempt 1 of 3", 20)
    await world.sent(1, "unsent", seconds=40)
    assert world.record.value("SELECT attempts FROM submissions") == 3
    await world.shows(board, "not sent")
    assert world.bitel.posts == 0
    await world.offers(board, "🔁 Try again: 3")


async def test_row_15_without_a_connection_it_is_surely_unsent(
    world: World, tmp_path: Path
) -> None:
    """Connect error, connect timeout, no such host: three attempts, the gateway saw none.

    *Try again* then calls them, in a follow-up.
    """
    port = free_port()
    async with contextlib.AsyncExitStack() as stack:
        others = [
            await stack.enter_async_context(
                World(tmp_path / name, world.zygote, world.logs).open()
            )
            for name in ("timeout", "dns")
        ]
        for other in others:
            other.directory.mkdir(exist_ok=True)
        deaf = stack.enter_context(deaf_address())
        await asyncio.gather(
            unsent_at(world, f"http://127.0.0.1:{port}"),
            unsent_at(others[0], deaf),
            unsent_at(others[1], "http://no-such-host.invalid"),
        )
    board = world.tg.last(world.sara)
    async with world.bitel.serve(port):
        await world.press(world.bob, board, "🔁 Try again: 3")
        draft = await world.tg.next_message(world.sara, after=board)
        await world.press(world.bob, draft, "✅ Call 3")
        await world.shows(draft, "All 3 numbers are at the gateway")
    await world.shows(board, "#b2")
    assert world.bitel.posts == 1
