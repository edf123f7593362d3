"""The first days of a team: an empty record, and the defaults but for the calling hours.

Bob may launch because he stands in ALLOWED_IDS, and is nothing more. All limits are the defaults.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from sandbox.telegram import Message
from tests.e2e.harness import World, call
from tests.e2e.processes import Zygote
from tests.e2e.test_tracking import QUICK, conclude, start

FIRST, MANY = 50, 220  # the first wave, and what has one
TEAM = "This bot is for its team: ask an admin."


class Unsettled(World):
    """The usual world before anybody has said anything."""

    async def settle(self) -> None:
        """Leave the record as a first start finds it: there is none."""
        assert not self.record.path.exists()
        del self.settings["UNDO_SECONDS"]  # the default


@pytest_asyncio.fixture
async def world(tmp_path: Path, zygote: Zygote, logs: Path) -> AsyncIterator[World]:
    """Both servers, and people, and no record; checked at the end."""
    async with Unsettled(tmp_path, zygote, logs).open() as world:
        yield world


async def large(world: World, count: int = 25) -> Message:
    """Bob confirms a launch that asks, and can undo it."""
    draft = await world.ask(world.bob, call(world.numbers(count)))
    await world.press(world.bob, draft, f"✅ Call {count}")
    return await world.offers(draft, "↩️ Undo")


async def nobody_else_was_called(world: World, posts: int) -> None:
    """Ask something that is answered after all that came before."""
    await world.ask(world.sara, "/id")
    assert world.bitel.posts == posts


async def test_a_launcher_calls(world: World) -> None:
    """One number goes out at once, by its author, who is in no list of members."""
    await world.start()
    board = await world.ask(world.bob, call(world.numbers(1)))
    assert "· Bob ·" in board.text
    await world.sent(1, "accepted")
    assert world.record.value("SELECT count(*) FROM members") == 0
    assert world.record.value("SELECT count(*) FROM limits") == 0


async def test_a_launcher_undoes_a_large_one(world: World) -> None:
    """It waits for as long as it can be undone; undone, nobody was called."""
    await world.start()
    board = await large(world)
    assert world.record.states() == ["queued"]
    await world.press(world.bob, board, "↩️ Undo")
    await world.shows(board, "Undone by Bob: nobody was called.")
    assert world.record.batches() == ["stopped"]
    await nobody_else_was_called(world, 0)


async def test_a_launcher_holds_and_sends_the_rest(world: World) -> None:
    """Held while it could be undone, nothing goes out until he sends it on."""
    await world.start()
    board = await large(world)
    pressed = world.tg.press_data(world.bob, board, "hold:1")
    assert (await world.tg.answer_of(pressed)).text == "25 numbers are not sent."
    await world.shows(board, "Held by Bob")
    await nobody_else_was_called(world, 0)
    await world.press(world.bob, board, "▶ Send all 25")
    await world.sent(1, "accepted", seconds=20)  # it could be undone until then
    assert world.record.value("SELECT resumed_by FROM batches") == world.bob.id


async def test_the_fourth_call_to_a_number_on_a_day_is_skipped(world: World) -> None:
    """Alone it is refused with a sentence; among others it is left out of what is sent."""
    await world.start()
    tired, fresh = world.numbers(2)
    for batch_id in (1, 2, 3):
        board = await world.ask(world.bob, call([tired]))
        if batch_id > 1:  # the same again is asked about
            await world.press(world.bob, board, "✅ Call 1")
        await world.sent(batch_id, "accepted")
    alone = await world.ask(world.bob, call([tired]))
    assert alone.text.startswith("🚦 This number was called 3 times today already")
    board = await world.ask(world.bob, call([tired, fresh]))
    await world.press(world.bob, board, "✅ Call 1")  # the other is skipped, it says
    await world.shows(board, "1 skipped: called as often as one day allows.")
    await world.sent(4, "accepted")
    assert [world.bitel.received(number) for number in (tired, fresh)] == [3, 1]


async def test_a_large_batch_sends_fifty_first(world: World) -> None:
    """Of 220 only the first wave goes out; when it went well, the others follow."""
    await start(world, QUICK | {"CONFIRM_ABOVE": "1000"})
    board = await world.ask(world.bob, call(world.numbers(MANY)))
    await world.shows(board, "wait to see how they go", seconds=20)
    assert [len(post.numbers) for post in world.bitel.seen] == [FIRST]
    conclude(world)
    await world.sent(1, *["accepted"] * 3, seconds=30)
    assert sum(len(post.numbers) for post in world.bitel.seen) == MANY


async def test_a_group_is_not_allowed_until_the_admin_adds_the_bot(world: World) -> None:
    """Bob's call there does nothing, and the bot leaves; added by Sara it works there."""
    await world.start()
    text = call(world.numbers(1))
    world.tg.send(world.bob, world.group, text)
    await world.tg.wait_for(lambda: world.tg.calls_of("leaveChat"))
    assert world.record.batches() == []
    world.tg.add_bot(world.sara, world.group)
    await world.tg.wait_for(
        lambda: [m for m in world.tg.sent(world.group) if "This chat is allowed." in m.text]
    )
    await world.ask(world.bob, text, world.group)
    await world.sent(1, "accepted")
    assert world.bitel.posts == 1


async def test_row_48_removed_from_the_settings_between_draft_and_confirm(world: World) -> None:
    """After the restart he is a stranger: his draft and his board do nothing for him."""
    bot = await world.start()
    draft = await world.ask(world.bob, call(world.numbers(25)))
    await world.offers(draft, "✅ Call 25")
    await world.until(lambda: world.record.value("SELECT message_id FROM drafts"))
    bot.terminate()
    assert await bot.wait() == 0
    await world.start(ALLOWED_IDS="")
    assert await world.press(world.bob, draft, "✅ Call 25") == TEAM
    answer = await world.ask(world.bob, call(world.numbers(1)))
    assert answer.text.startswith(f"Your id is {world.bob.id}.")
    assert world.record.batches() == []
    await nobody_else_was_called(world, 0)


async def test_a_launcher_makes_no_list(world: World) -> None:
    """By command and by forged button he is told who may, and there is no list."""
    await world.start()
    (number,) = world.numbers(1)
    answer = await world.ask(world.bob, f"/lists new Drivers\n{number}")
    assert answer.text.startswith("Only managers and admins may do this; nothing was done.")
    pressed = await world.tg.answer_of(world.tg.press_data(world.bob, answer, "lnew:x"))
    assert pressed.text == answer.text
    assert world.record.value("SELECT count(*) FROM lists") == 0
    noted = "SELECT by_id, about FROM audit WHERE deed = 'turned_away' ORDER BY id"
    await world.until(
        lambda: (
            [tuple(row) for row in world.record.rows(noted)]
            == [(world.bob.id, "/lists"), (world.bob.id, "button lnew")]
        )
    )
