"""SIGTERM, Ctrl-C, and a second process (rows 6-8 and 14), by the real program."""

import asyncio
import signal
import time

from sandbox.bitel import faults
from tests.e2e.harness import World, call


async def test_row_6_sigterm_during_the_post_is_recorded_and_shown(world: World) -> None:
    """What is under way when the program is told to stop is finished, recorded and shown."""
    bot = await world.program()
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    board = await world.ask(world.sara, call(world.numbers(3)))
    assert "sending" in board.text
    bot.terminate()
    await world.logged(bot, "stopping")
    gate.set()
    assert await bot.wait() == 0
    assert world.record.states() == ["accepted"]
    assert "All 3 numbers are at the gateway" in board.text


async def test_row_6_sigterm_with_an_answer_that_never_comes_ends_in_the_grace_time(
    world: World,
) -> None:
    """The outcome is then unknown, and the exit code 0 all the same."""
    bot = await world.program(BITEL_TIMEOUT="1.5")
    world.bitel.fail_next(faults.hang())
    world.tg.send(world.sara, world.sara, call(world.numbers(3)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    began = time.monotonic()
    bot.signal(signal.SIGINT)
    assert await bot.wait() == 0
    assert time.monotonic() - began < 1.5 + 5 + 3
    assert world.record.states() == ["unknown"]
    assert "3 numbers may have rung" in world.tg.last(world.sara).text


async def test_row_7_launches_are_refused_while_the_program_stops(world: World) -> None:
    """Twenty `/call` that wait when it stops are answered and launch nothing; the exit is 0."""
    bot = await world.program(BITEL_TIMEOUT="60")  # ten answers at once take a while
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    world.tg.send(world.sara, world.sara, call(world.numbers(3)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    bot.terminate()
    await world.logged(bot, "stopping")
    refused = [
        world.tg.send(who, who, call(world.numbers(1)))
        for who in (world.sara, world.bob)
        for _ in range(10)
    ]
    answers = [await world.answer_to(message, 30) for message in refused]
    assert {answer.text for answer in answers} == {
        "🔄 I am about to restart, and nothing was launched. Send it again in a minute."
    }
    gate.set()
    assert await bot.wait() == 0
    assert world.record.states() == ["accepted"]
    assert world.bitel.posts == 1


async def test_row_7_stop_is_taken_while_the_program_stops(world: World) -> None:
    """What is queued can still be stopped; sending the rest, which would launch, is refused."""
    bot = await world.program(CONFIRM_ABOVE="1000")
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    board = await world.ask(world.sara, call(world.numbers(150)))
    bot.terminate()
    await world.logged(bot, "stopping")
    answer = await world.press(world.sara, board, "⏹ Stop")
    assert answer.startswith("50 numbers are not sent. 100 ")
    assert answer.endswith("may still ring.")
    gate.set()
    assert await bot.wait() == 0
    assert world.record.states() == ["accepted", "cancelled"]
    assert world.record.batches() == ["stopped"]


async def test_row_8_a_second_signal_exits_at_once(world: World) -> None:
    """Not with 0; what was under way is unknown after the next start."""
    bot = await world.program()
    world.bitel.fail_next(faults.hang())
    world.tg.send(world.sara, world.sara, call(world.numbers(3)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    bot.terminate()
    await world.logged(bot, "stopping")
    began = time.monotonic()
    bot.terminate()
    assert await bot.wait() == 1
    assert time.monotonic() - began < 2
    assert world.record.states() == ["sending"]

    await world.start()
    await world.sent(1, "unknown")


async def test_an_idle_program_stops_at_once(world: World) -> None:
    """Exit code 0 after SIGTERM, without a pause for nothing."""
    bot = await world.program()
    began = time.monotonic()
    bot.terminate()
    assert await bot.wait() == 0
    assert time.monotonic() - began < 3


async def test_row_14_a_second_process_refuses_to_start(world: World) -> None:
    """With exit code 1 and a sentence; the first one works on."""
    first = await world.program()
    second = world.launch(warm=False)
    assert await second.wait() == 1
    assert "another process already runs on this database" in second.log
    assert first.alive
    board = await world.ask(world.sara, call(world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
