"""kill -9 at chosen moments of a submission's life (rows 1-3 and 5), by the real program."""

import asyncio
import time

import pytest

from sandbox.bitel import faults
from tests.e2e.harness import VOICE, World, call, deaf_address

AWAY = 660.0  # seconds; a batch may wait for 600


async def fill_all_slots(world: World, gate: asyncio.Event) -> None:
    """Let four submissions wait for the gateway, so that what is launched next stays queued."""
    world.bitel.fail_next(faults.held(gate), 4)
    for _ in range(4):
        world.tg.send(world.sara, world.sara, call(world.numbers(1)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 4)


async def test_row_1_killed_before_the_claim_a_batch_goes_on_after_the_start(
    world: World,
) -> None:
    """What was queued when the process died is sent by the next one, and once."""
    bot = await world.program()
    gate = asyncio.Event()
    await fill_all_slots(world, gate)
    numbers = world.numbers(3)
    world.tg.send(world.bob, world.bob, call(numbers))
    await world.sent(5, "queued")
    await bot.kill9()
    assert world.bitel.posts == 4

    await world.program()
    await world.sent(5, "accepted")
    assert [world.bitel.received(number) for number in numbers] == [1, 1, 1]
    assert world.record.states()[:4] == ["unknown"] * 4
    assert world.bitel.posts == 5
    gate.set()
    await world.tg.wait_for(lambda: "All 3 numbers" in world.tg.last(world.bob).text)


async def test_row_1_a_queued_batch_is_held_if_the_program_was_away_for_ten_minutes(
    world: World,
) -> None:
    """Nobody is rung at 3 am because a machine came back: the batch waits for a person."""
    bot = await world.program()
    gate = asyncio.Event()
    await fill_all_slots(world, gate)
    board = asyncio.create_task(world.ask(world.bob, call(world.numbers(3))))
    await world.sent(5, "queued")
    shown = await board
    await world.until(
        lambda: world.record.value("SELECT message_id FROM boards WHERE batch_id = 5")
    )
    await bot.kill9()
    then = time.time() - AWAY
    world.record.change("UPDATE batches SET event_at = ?", then)
    world.record.change("UPDATE submissions SET not_before = ? WHERE state = 'queued'", then)

    await world.program()
    await world.shows(shown, "Held: I was away")
    assert world.record.states(5) == ["queued"]
    assert world.bitel.posts == 4
    await world.press(world.bob, shown, "▶ Send all 3")
    await world.sent(5, "accepted")
    gate.set()


async def test_row_2_killed_between_the_claim_and_the_post_it_is_unknown(world: World) -> None:
    """A claim whose POST did not leave may have left as far as the record knows: never re-sent."""
    with deaf_address() as nowhere:
        bot = await world.program(BITEL_API_URL=nowhere, BITEL_TIMEOUT="15")
        world.tg.send(world.sara, world.sara, call(world.numbers(3)))
        await world.sent(1, "sending")
        await bot.kill9()

    await world.program()
    await world.tg.wait_for(lambda: "3 numbers may have rung" in world.tg.last(world.sara).text)
    assert world.record.states() == ["unknown"]
    assert world.record.batches() == ["finished"]
    assert world.bitel.posts == 0


async def test_row_3_killed_after_the_post_it_is_unknown_and_never_sent_again(
    world: World,
) -> None:
    """The gateway has placed the calls and nobody heard it: the board says they may have rung."""
    bot = await world.program()
    world.bitel.fail_next(faults.delay(3))
    numbers = world.numbers(3)
    world.tg.send(world.sara, world.sara, call(numbers))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    await bot.kill9()

    await world.program()
    await world.tg.wait_for(lambda: "may have rung" in world.tg.last(world.sara).text)
    board = world.tg.last(world.sara)
    assert "I was interrupted" in board.text
    assert board.buttons[:2] == [["It rang", "It did not ring"], ["Leave it"]]
    assert world.record.states() == ["unknown"]
    assert [world.bitel.received(number) for number in numbers] == [1, 1, 1]


async def test_row_3_the_ids_of_what_did_ring_are_taken_in_reply(world: World) -> None:
    """*It rang* asks for ids; those that the gateway confirms stand in the record."""
    bot = await world.program()
    world.bitel.fail_next(faults.delay(3))
    world.tg.send(world.sara, world.sara, call(world.numbers(2)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    await bot.kill9()
    await world.start()
    await world.tg.wait_for(lambda: world.tg.last(world.sara).buttons)
    board = world.tg.last(world.sara)
    await world.press(world.bob, board, "It rang")
    prompt = await world.prompt(board)
    assert "noted that it rang" in prompt.text

    post = world.bitel.seen[0]
    given = world.tg.send(world.sara, world.sara, f"{post.ids[0]} and {'f' * 32}", reply_to=prompt)
    answer = await world.answer_to(given)
    assert "One call did ring" in answer.text
    assert "the gateway does not know it" in answer.text
    await world.shows(board, post.ids[0])
    assert world.record.value("SELECT count(*) FROM calls WHERE status = 'not_confirmed'") == 1


@pytest.mark.parametrize("after", [0.0, 0.004, 0.008, 0.012, 0.02, 0.04])
async def test_row_5_killed_between_two_submissions_of_five(world: World, after: float) -> None:
    """At most one of them is unknown; the rest is held if there is one, else it goes on."""
    world.bitel.latency = 0.01
    bot = await world.start()
    paste = world.tg.send(world.sara, world.sara, "\n".join(world.numbers(500)))
    ask = world.tg.send(world.sara, world.sara, f"/call {VOICE}", reply_to=paste)
    await world.press(world.sara, await world.answer_to(ask), "✅ Call 500")
    await world.bitel.wait_for(lambda: world.bitel.posts >= 2)
    await asyncio.sleep(after)
    await bot.kill9()

    left = world.record.states()
    await world.start()
    await world.until(lambda: "sending" not in world.record.states())
    if "sending" in left:
        place = left.index("sending")
        assert world.record.states() == [*left[:place], "unknown", *left[place + 1 :]]
        assert set(left[:place]) <= {"accepted"}
        assert world.record.batches() == (["held"] if "queued" in left else ["finished"])
        await world.until(lambda: world.tg.sent(world.sara))
    else:
        await world.sent(1, *["accepted"] * 5)
        assert world.bitel.posts == 5
