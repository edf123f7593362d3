"""A schedule across kill -9 and a clock that jumps, by the real program."""

import asyncio
import time
from pathlib import Path

import pytest

from sandbox.telegram import Message
from tests.e2e.harness import World, call
from tests.e2e.test_clock import HOUR, Clock
from tests.e2e.test_clock import start as start_with

COUNT = 21  # numbers, more than are launched without a question


async def plan(world: World, numbers: list[str]) -> Message:
    """Let Bob plan a launch for in a day, and return its card."""
    draft = await world.ask(world.bob, call(numbers))
    await world.offers(draft, f"✅ Call {len(numbers)}")
    await press_last(world, draft)
    return await world.shows(draft, "👤 Bob")


async def press_last(world: World, draft: Message) -> None:
    """Press the picker's last button for in a day."""
    token = draft.inline_keyboard[0][0]["callback_data"].partition(":")[2]
    data = f"later:{token}.ok.{int(time.time() // 60) + 1440}"
    pressed = world.tg.press_data(world.bob, draft, data)
    assert (await world.tg.answer_of(pressed)).text == "One moment…"


def let_be_due(world: World, seconds: float) -> None:
    """Put the due time of the schedule, while no program runs, to so many seconds from now."""
    world.record.change("UPDATE schedules SET due_at = ?", time.time() + seconds)


def launched(world: World) -> int:
    """How many batches schedules have made."""
    found = world.record.value("SELECT count(*) FROM batches WHERE asked_by GLOB 'schedule:*'")
    assert isinstance(found, int)
    return found


async def test_killed_before_its_time_it_is_launched_after_the_start(world: World) -> None:
    """The next program launches it, at its time, and once."""
    bot = await world.start()
    numbers = world.numbers(COUNT)
    card = await plan(world, numbers)
    await bot.kill9()
    let_be_due(world, 2.0)
    await world.start()
    await world.sent(1, "accepted")
    assert [world.bitel.received(number) for number in numbers] == [1] * COUNT
    await world.shows(card, "launched as #b1")


async def test_away_at_its_time_it_asks_after_the_start(world: World) -> None:
    """More than ten minutes late nobody is rung without a word; *Call now* launches it once."""
    bot = await world.start()
    numbers = world.numbers(COUNT)
    await plan(world, numbers)
    await bot.kill9()
    let_be_due(world, -660.0)
    bot = await world.start()
    await world.tg.wait_for(lambda: "nothing was called yet" in world.tg.last(world.bob).text)
    question = world.tg.last(world.bob)
    await world.until(lambda: world.record.value("SELECT message_id FROM schedule_asks"))
    assert world.bitel.posts == 0
    await bot.kill9()

    await world.start()
    for _ in range(5):
        world.tg.press(world.bob, question, f"✅ Call {COUNT} now")
    await world.shows(question, "let it call, #b1")
    await world.sent(1, "accepted")
    assert [world.bitel.received(number) for number in numbers] == [1] * COUNT
    assert launched(world) == 1


async def test_killed_between_the_commit_and_the_answer_the_card_comes_later(
    world: World,
) -> None:
    """The last tap was recorded and never shown: the next program shows it, as one schedule."""
    bot = await world.start()
    draft = await world.ask(world.bob, call(world.numbers(COUNT)))
    await world.offers(draft, f"✅ Call {COUNT}")
    await world.until(lambda: world.record.value("SELECT message_id FROM drafts"))
    gate = world.tg.hold("editMessageText")
    await press_last(world, draft)
    await world.until(lambda: world.record.value("SELECT 1 FROM schedules"))
    await bot.kill9()
    gate.set()

    await world.start()
    await world.shows(draft, "👤 Bob")
    assert world.record.value("SELECT count(*) FROM schedules") == 1
    assert world.bitel.posts == 0


async def test_killed_between_the_batch_and_its_board_the_board_comes_later(world: World) -> None:
    """What was launched at its time is not launched again, and is told after the start."""
    bot = await world.start()
    numbers = world.numbers(COUNT)
    await plan(world, numbers)
    await bot.kill9()
    let_be_due(world, 0.0)
    gate = world.tg.hold("sendMessage")
    bot = await world.start()
    await world.sent(1, "accepted")
    await bot.kill9()
    gate.set()

    await world.start()
    await world.tg.wait_for(lambda: "#b1 " in world.tg.last(world.bob).text)
    assert [world.bitel.received(number) for number in numbers] == [1] * COUNT
    assert launched(world) == 1


@pytest.mark.parametrize("after", [0.0, 0.005, 0.01, 0.02, 0.04])
async def test_killed_around_its_time_nobody_is_called_twice(world: World, after: float) -> None:
    """Whatever was committed by then: one batch in the end, and each number at most once."""
    bot = await world.start()
    numbers = world.numbers(COUNT)
    await plan(world, numbers)
    await bot.kill9()
    let_be_due(world, 0.0)
    bot = world.launch()
    await world.until(lambda: world.record.value("SELECT state = 'ended' FROM schedules"))
    await asyncio.sleep(after)
    await bot.kill9()

    await world.start()
    await world.until(lambda: world.record.states() in (["accepted"], ["unknown"]))
    assert launched(world) == 1
    assert max(world.bitel.received(number) for number in numbers) <= 1


async def test_row_42_a_clock_that_jumps_ahead_launches_no_schedule(
    world: World, tmp_path: Path
) -> None:
    """An hour is skipped in which it was due: it asks. Back again, nothing is launched either."""
    clock = Clock(tmp_path / "clock")
    bot = await start_with(world, clock, CONFIRM_ABOVE="20")
    await plan(world, world.numbers(COUNT))
    await bot.kill9()
    let_be_due(world, 1800.0)
    await start_with(world, clock, CONFIRM_ABOVE="20")
    clock.set(HOUR)
    await world.tg.wait_for(lambda: "nothing was called yet" in world.tg.last(world.bob).text)
    clock.set(0)
    await world.until(lambda: world.record.value("SELECT state = 'asking' FROM schedules"))
    assert world.bitel.posts == 0


async def test_row_42_a_clock_that_is_put_back_launches_no_schedule_again(
    world: World, tmp_path: Path
) -> None:
    """A weekly one that was launched at its time waits for the next week all the same."""
    clock = Clock(tmp_path / "clock")
    bot = await start_with(world, clock, CONFIRM_ABOVE="20")
    await plan(world, world.numbers(COUNT))
    await bot.kill9()
    world.record.change("UPDATE schedules SET weekdays = 127, due_at = ?", time.time() + 1)
    await start_with(world, clock, CONFIRM_ABOVE="20")
    await world.sent(1, "accepted")
    next_at = world.record.value("SELECT due_at FROM schedules")
    clock.set(-HOUR)
    answer = await world.ask(world.bob, "/schedule")
    assert "every day at" in answer.text
    clock.set(0)
    await world.ask(world.bob, "/schedule")
    assert world.record.value("SELECT due_at FROM schedules") == next_at
    assert launched(world) == 1
