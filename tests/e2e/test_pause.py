"""A gateway that refuses our token pauses launching until an admin has it checked (row 22)."""

import pytest

from sandbox.bitel import Fault, faults
from tests.e2e.harness import BITEL_TOKEN, World, call

BODIES = [
    pytest.param(faults.raw(401), id="empty"),
    pytest.param(faults.html(401), id="html"),
    pytest.param(faults.refusal("TokenExpired", status=401), id="code"),
]


@pytest.mark.parametrize("fault", BODIES)
async def test_row_22_a_401_refuses_and_pauses_whatever_its_body(
    world: World, fault: Fault
) -> None:
    """What was queued stays queued, and nobody can launch."""
    await world.start(CONFIRM_ABOVE="1000")
    world.bitel.fail_next(fault)
    board = await world.ask(world.bob, call(world.numbers(150)))
    await world.sent(1, "refused", "queued")
    await world.shows(board, "refused")
    answer = await world.ask(world.bob, call(world.numbers(1)))
    assert "Nothing was launched" in answer.text
    assert "Launching is paused" in answer.text
    assert world.bitel.posts == 1


async def test_row_22_a_401_with_ids_is_accepted_and_pauses(world: World) -> None:
    """Ids count before everything else."""
    await world.start()
    world.bitel.fail_next(faults.with_status(401))
    await world.ask(world.bob, call(world.numbers(1)))
    await world.sent(1, "accepted")
    await world.until(lambda: world.record.value("SELECT reason FROM pauses") == "unauthorised")


async def test_row_22_admins_are_told_and_check_and_unpause_cures_it(world: World) -> None:
    """The notice says why; the pause ends only when the gateway takes the token again."""
    world.bitel.token = "another"
    await world.program(CONFIRM_ABOVE="1000")
    board = await world.ask(world.bob, call(world.numbers(150)), world.group)
    notice = await world.tg.next_message(world.sara)
    assert "the gateway refuses our token" in notice.text
    assert notice.buttons == [["Check and unpause"]]
    assert world.tg.sent(world.bob) == []

    refused = world.tg.press(world.bob, notice, "Check and unpause")
    assert "Only admins" in (await world.tg.answer_of(refused)).text
    assert "Only admins" in (await world.ask(world.bob, "/unpause")).text
    await world.press(world.sara, notice, "Check and unpause")
    still = await world.tg.next_message(world.sara, after=notice)
    assert "Still paused" in still.text

    world.bitel.token = BITEL_TOKEN
    await world.press(world.sara, notice, "Check and unpause")
    cured = await world.tg.next_message(world.sara, after=still)
    assert "takes our token again" in cured.text
    assert world.record.states() == ["refused", "queued"]
    await world.offers(board, "▶ Send the other 50")
    await world.press(world.bob, board, "▶ Send the other 50")
    await world.sent(1, "refused", "accepted")
    assert (await world.ask(world.sara, "/unpause")).text == "Launching is not paused."


async def test_row_22_the_cure_is_tried_at_the_start(world: World) -> None:
    """A token that was renewed ends the pause without anybody's press; nothing is sent by that."""
    world.bitel.token = "another"
    bot = await world.start()
    await world.ask(world.bob, call(world.numbers(1)))
    await world.sent(1, "refused")
    bot.terminate()
    assert await bot.wait() == 0
    world.bitel.token = BITEL_TOKEN
    await world.start()
    await world.until(lambda: world.record.value("SELECT ended_at FROM pauses"))
    assert world.record.value("SELECT ended_by FROM pauses") is None
    board = await world.ask(world.bob, call(world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
