"""Answers whose calls are not those that were asked for (rows 26 and 27)."""

from sandbox.bitel import faults
from tests.e2e.harness import VOICE, World, call


async def test_row_26_fewer_calls_the_rest_is_not_confirmed(world: World) -> None:
    """A number without an id may have rung, is never tried again, and takes an id in reply."""
    await world.start()
    world.bitel.fail_next(faults.fewer(1))
    board = await world.ask(world.sara, call(world.numbers(3)))
    await world.shows(board, "not confirmed")
    assert world.record.states() == ["accepted"]
    assert not any("Try again" in label for row in board.buttons for label in row)
    missing = world.bitel.seen[0].ids[2]
    await world.press(world.sara, board, "It rang after all")
    prompt = await world.prompt(board)
    given = world.tg.send(world.sara, world.sara, missing, reply_to=prompt)
    assert "One call did ring" in (await world.answer_to(given)).text
    await world.shows(board, missing)
    assert world.record.value("SELECT count(*) FROM calls WHERE status = 'not_confirmed'") == 0


async def test_row_26_reordered_and_repeated_calls_are_matched_by_number(world: World) -> None:
    """Each number gets its own id, wherever it stands in the answer."""
    await world.start()
    for batch_id, fault in enumerate((faults.reordered(), faults.repeated()), start=1):
        world.bitel.fail_next(fault)
        world.tg.send(world.sara, world.sara, call(world.numbers(3)))
        await world.sent(batch_id, "accepted")
    for post in world.bitel.seen:
        for number, call_id in zip(post.numbers, post.ids, strict=True):
            assert (
                world.record.value(
                    "SELECT gateway_id FROM calls WHERE number = ?", f"+98{number[1:]}"
                )
                == call_id
            )


async def test_row_26_a_foreign_id_is_kept_and_found(world: World) -> None:
    """An id for a number that nobody asked for belongs to no call, and is not lost."""
    await world.start()
    world.bitel.fail_next(faults.foreign())
    board = await world.ask(world.sara, call(world.numbers(2)))
    alien = world.bitel.seen[0].ids[-1][::-1]
    await world.shows(board, alien)
    found = await world.ask(world.sara, f"/status {alien[:8]}")
    assert alien in found.text
    assert "#b1" in found.text


async def test_row_27_two_spellings_of_a_number_are_one_call(world: World) -> None:
    """And the board says that a repeated one is called only once."""
    await world.start()
    board = await world.ask(
        world.sara, f"/call {VOICE} 09120000001, +98 912 000 0001; 0098-912-000-0001, ۰۹۱۲۰۰۰۰۰۰۱"
    )
    await world.shows(board, "The number is at the gateway")
    assert "3 repeated numbers" in board.text
    assert world.bitel.seen[0].numbers == ("09120000001",)
