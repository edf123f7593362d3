"""The circuit breaker in the real program: a large batch whose first calls fail is held."""

from tests.e2e.harness import World, call

SETTINGS = {"CONFIRM_ABOVE": "1000", "POLL_FIRST": "0.2", "POLL_MAX": "1", "POLL_RATE": "100"}
FIRST, REST = 50, 170


async def test_failing_calls_hold_the_rest(world: World) -> None:
    """Fifty of 220 ring and fail; nobody else is called until a person sends the rest on."""
    world.record.change("UPDATE limits SET value = ? WHERE name = 'first_wave'", FIRST)
    world.settings |= SETTINGS
    await world.start()
    failing = [f"0912{number:06d}7" for number in range(1, FIRST + REST + 1)]
    board = await world.ask(world.bob, call(failing))
    await world.shows(board, "wait to see how they go", seconds=20)
    await world.shows(board, "too many of the first calls failed", seconds=60)
    assert [len(post.numbers) for post in world.bitel.seen] == [FIRST]
    await world.press(world.sara, board, "▶ Send the other 170")
    await world.sent(1, *["accepted"] * 3, seconds=20)
    assert sum(len(post.numbers) for post in world.bitel.seen) == FIRST + REST
