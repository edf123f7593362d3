"""A batch from waiting to its end card by the real program, whatever Telegram does meanwhile."""

from typing import Any

import pytest

from sandbox.telegram import Chat, Message, Person, flooded
from tests.e2e.harness import World, call

QUICK: dict[str, Any] = {
    "POLL_FIRST": "0.2",
    "POLL_MAX": "1",
    "POLL_RATE": "50",
    "RETRY_COUNT": "0",
}


def conclude(world: World) -> None:
    """Every call at the gateway was answered."""
    for call_id in list(world.bitel.calls):
        world.bitel.set_status(call_id, "NORMAL", bill_sec=12)


async def end_in(world: World, chat: Chat | Person, seconds: float = 20) -> Message:
    """Wait for the end message in a chat, and return the first."""
    found = await world.tg.wait_for(lambda: ends_in(world, chat), seconds)
    return found[0]


def ends_in(world: World, chat: Chat | Person) -> list[Message]:
    """The end messages in a chat; a board says so without a number behind it."""
    return [message for message in world.tg.sent(chat) if message.text.startswith("🏁 #b")]


async def placed(world: World, chat: Chat | Person, count: int = 3, **settings: Any) -> Message:
    """The board of a batch whose calls wait at the gateway."""
    await world.start(**{**QUICK, **settings})
    board = await world.ask(world.sara, call(world.numbers(count)), chat)
    await world.sent(1, "accepted")
    await world.shows(board, f"⏳ {count} waiting")
    return board


async def test_a_batch_goes_live_from_waiting_to_its_end(world: World) -> None:
    """Forty calls end one after another; nobody touches anything."""
    world.bitel.speed = 60.0
    await world.start(**QUICK, CONFIRM_ABOVE="100")
    numbers = [f"09120001{n:03d}" for n in range(40)]
    board = await world.ask(world.sara, call(numbers))
    end = await end_in(world, world.sara, 60)
    assert end["reply_to_message"]["message_id"] == board.id
    assert end.text.splitlines()[0] == (
        "🏁 #b1 · ✅ 24 answered (60%) · 📵 4 no answer · ☎️ 4 busy · ⌛ 4 expired · ⛔ 4 failed"
    )
    assert "💰" in end.text
    await world.shows(board, "🏁 All 40 calls have ended.")
    assert "▓▓▓▓▓▓▓▓▓▓ 40/40" in board.text
    assert any("waiting" in version.text for version in board.versions)
    assert world.record.value("SELECT count(*) FROM calls WHERE final_at IS NULL") == 0
    assert len(ends_in(world, world.sara)) == 1
    assert world.bitel.posts == 1


async def test_the_chart_follows_the_end(world: World) -> None:
    """A silent picture in reply to it, drawn by a child that is gone afterwards."""
    await placed(world, world.sara, 5)
    conclude(world)
    end = await end_in(world, world.sara)
    photo = await world.tg.wait_for(
        lambda: [m for m in world.tg.sent(world.sara) if "photo" in m], 60
    )
    assert photo[0]["reply_to_message"]["message_id"] == end.id
    assert photo[0]["caption"] == "#b1"
    await world.until(lambda: world.record.value("SELECT chart_sent FROM reports") == 1)


async def test_row_36_telegram_is_away_while_calls_end(world: World) -> None:
    """The end is told when Telegram is back, once."""
    await placed(world, world.sara)
    world.tg.go_away()
    conclude(world)
    await world.until(lambda: world.record.value("SELECT count(*) FROM reports") == 1)
    assert ends_in(world, world.sara) == []
    world.tg.heal()
    end = await end_in(world, world.sara, 40)
    assert end.text.startswith("🏁 #b1 · ✅ 3 answered (100%)")
    await world.until(lambda: world.record.value("SELECT sent_at FROM reports"))
    assert len(ends_in(world, world.sara)) == 1


async def test_row_36_the_end_is_told_by_the_next_process(world: World) -> None:
    """Telegram is away, the program is killed, both come back."""
    await placed(world, world.sara)
    world.tg.go_away()
    conclude(world)
    await world.until(lambda: world.record.value("SELECT count(*) FROM reports") == 1)
    await world.processes[-1].kill9()
    world.tg.heal()
    await world.start(**QUICK)
    await end_in(world, world.sara, 40)


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
async def test_row_37_flood_control_while_a_batch_ends(world: World, method: str) -> None:
    """Board and end come late, and both come."""
    board = await placed(world, world.sara)
    world.tg.fail(method, flooded(2))
    conclude(world)
    await end_in(world, world.sara)
    await world.shows(board, "🏁 All 3 calls have ended.", 20)
    assert len(ends_in(world, world.sara)) == 1


async def test_the_board_was_deleted(world: World) -> None:
    """The end is told without it, and the board comes back."""
    board = await placed(world, world.sara)
    board.deleted = True
    conclude(world)
    await end_in(world, world.sara)
    await world.tg.wait_for(
        lambda: [
            m
            for m in world.tg.sent(world.sara)
            if "🏁 All 3 calls have ended." in m.text and m.id != board.id
        ],
        20,
    )


async def test_row_52_a_group_becomes_a_supergroup_while_calls_are_followed(
    world: World,
) -> None:
    """Board and end follow into the new group."""
    small = world.tg.add_group(-77, "Small", members=[world.sara], bot_status="left")
    world.tg.add_bot(world.sara, small)
    await world.start(**QUICK)
    await world.tg.wait_for(lambda: "This chat is allowed" in world.tg.last(small).text, 20)
    board = await world.ask(world.sara, call(world.numbers(3)), small)
    await world.sent(1, "accepted")
    await world.shows(board, "⏳ 3 waiting")
    new = world.tg.migrate(world.sara, small, -100777)
    conclude(world)
    await end_in(world, new, 40)
    await world.tg.wait_for(
        lambda: [m for m in world.tg.sent(new) if "🏁 All 3 calls have ended." in m.text], 40
    )
    assert len(ends_in(world, new)) == 1


async def test_row_56_names_with_markup(world: World) -> None:
    """A person who is called like a tag is shown as they are called, in board and end."""
    world.sara.first_name = "<b>Sara</b> & =cmd"
    board = await placed(world, world.sara)
    conclude(world)
    end = await end_in(world, world.sara)
    assert "<b>Sara</b> & =cmd" in board.text
    assert "<b>Sara</b> & =cmd" in end.text
