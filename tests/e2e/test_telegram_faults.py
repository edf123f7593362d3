"""A Telegram that is away, floods, loses answers or refuses texts (rows 36-38)."""

import asyncio

import pytest

from sandbox.bitel import faults
from sandbox.telegram import Cut, Refused, flooded
from tests.e2e.harness import VOICE, World, call


@pytest.mark.parametrize("how", ["closed", "502"])
async def test_row_36_telegram_is_away_at_the_start(world: World, how: str) -> None:
    """The program waits for it, and works as soon as it is there."""
    world.tg.go_away(how)
    bot = world.launch()
    await world.logged(bot, "Telegram cannot be reached")
    world.tg.heal()
    await world.ready(bot)
    board = await world.ask(world.sara, call(world.numbers(1)))
    await world.shows(board, "The number is at the gateway")


async def test_row_36_telegram_is_away_while_a_batch_is_under_way(world: World) -> None:
    """The batch is sent and recorded all the same, and told of later."""
    bot = await world.start()
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    world.tg.send(world.sara, world.sara, call(world.numbers(3)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    world.tg.go_away()
    gate.set()
    await world.sent(1, "accepted")
    await asyncio.sleep(1)  # away for as long as a second try would take
    assert world.tg.sent(world.sara) == []
    world.tg.heal()
    board = await world.tg.next_message(world.sara, timeout=15)
    assert "All 3 numbers are at the gateway" in board.text
    assert bot.alive
    await world.ask(world.sara, "/id", seconds=15)


async def test_row_36_what_was_not_told_is_told_by_the_next_process(world: World) -> None:
    """Telegram goes away, the process is killed, both come back."""
    bot = await world.start()
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    board = await world.ask(world.sara, call(world.numbers(3)))
    await world.until(lambda: world.record.value("SELECT message_id FROM boards"))
    world.tg.go_away()
    gate.set()
    await world.sent(1, "accepted")
    await bot.kill9()
    world.tg.heal()
    await world.start()
    await world.shows(board, "All 3 numbers are at the gateway")


async def test_row_37_flood_control_on_edits_does_not_stop_launches(world: World) -> None:
    """Edits wait as long as Telegram says, and the latest state wins."""
    await world.start(CONFIRM_ABOVE="1000")
    gates = [asyncio.Event() for _ in range(3)]
    for gate in gates:
        world.bitel.fail_next(faults.held(gate))
    board = await world.ask(world.sara, call(world.numbers(300)))
    world.tg.fail("editMessageText", flooded(2), times=1)
    for gate in gates:
        gate.set()
    await world.sent(1, "accepted", "accepted", "accepted", seconds=2)
    other = await world.ask(world.bob, call(world.numbers(1)), seconds=2)
    await world.shows(other, "The number is at the gateway")
    await world.shows(board, "All 300 numbers are at the gateway")
    assert len(world.tg.edits(board)) <= 2


async def test_row_37_flood_control_on_answers_is_waited_for(world: World) -> None:
    """An answer to a person's own command comes, a little later."""
    await world.start()
    world.tg.fail("sendMessage", flooded(1), times=2)
    answer = await world.ask(world.sara, "/id")
    assert "500001" in answer.text


async def test_row_38_a_board_whose_sending_timed_out_is_sent_again(world: World) -> None:
    """It may have been delivered: at least once, and the launch is unaffected."""
    await world.start()
    world.tg.fail("sendMessage", Cut(delivered=True))
    world.tg.send(world.sara, world.sara, call(world.numbers(2)))
    await world.tg.wait_for(
        lambda: [m for m in world.tg.sent(world.sara) if "All 2 numbers" in m.text][1:], 10
    )
    assert len(world.tg.sent(world.sara)) == 2
    assert world.bitel.posts == 1


async def test_row_38_not_modified_and_refused_edits_harm_nothing(world: World) -> None:
    """A board that Telegram will not edit stays as it is; the launch goes on."""
    await world.start()
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    world.tg.fail(
        "editMessageText",
        Refused(400, "Bad Request: message is not modified: specified new message content"),
    )
    board = await world.ask(world.sara, call(world.numbers(2)))
    gate.set()
    await world.sent(1, "accepted")
    await world.tg.wait_for(lambda: world.tg.calls_of("editMessageText"))
    await world.until(
        lambda: world.record.value("SELECT o.shown_revision = b.revision FROM boards o, batches b")
    )
    await world.ask(world.sara, "/status")
    assert world.bitel.posts == 1
    assert "sending" in board.text


async def test_row_38_a_text_that_cannot_be_parsed_goes_out_plain(world: World) -> None:
    """Without markup, but with all its words and buttons."""
    await world.start()
    world.tg.fail(
        "sendMessage",
        Refused(400, "Bad Request: can't parse entities: unexpected end tag at byte offset 7"),
    )
    board = await world.ask(world.sara, call(world.numbers(1)))
    assert world.bitel.seen[0].ids[0] in board.text
    assert "<b>" not in board.text
    assert "parse_mode" not in world.tg.calls_of("sendMessage")[-1].params
    assert ["🔄 Refresh", "📄 CSV"] in board.buttons


async def test_row_38_a_text_over_4096_characters_goes_out_as_a_file(world: World) -> None:
    """A draft with many long entries that cannot be called keeps its buttons."""
    await world.start()
    strange = ",".join(f"{'x' * 150}{n}" for n in range(24))
    asked = world.tg.send(world.sara, world.sara, f"/call {VOICE} {world.numbers(1)[0]},{strange}")
    draft = await world.answer_to(asked)
    if "document" in draft:
        assert "xxx" in world.tg.file(draft).decode()
    assert ["✅ Call 1"] in draft.buttons
    await world.press(world.sara, draft, "✅ Call 1")
    await world.sent(1, "accepted")
    await world.tg.wait_for(
        lambda: any("at the gateway" in m.text for m in world.tg.sent(world.sara))
    )


async def test_a_wrong_token_ends_the_program_without_showing_it(world: World) -> None:
    """Exit code 1; python-telegram-bot's own text for it holds the token, the log does not."""
    bot = world.launch(warm=False, TELEGRAM_TOKEN="100200300:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsawe")
    assert await bot.wait() == 1
    assert "InvalidToken" in bot.log
    assert "BBHdqTcvCH1v" not in bot.log
