"""Updates that come twice or never, and presses that race (rows 9-13)."""

import asyncio

from sandbox.bitel import faults
from sandbox.telegram import Message
from tests.e2e.harness import World, call


async def drafted(world: World) -> Message:
    """A draft of Sara's in the group, of 25 numbers."""
    return await world.ask(world.sara, call(world.numbers(25)), world.group)


async def test_row_9_an_update_that_comes_again_is_handled_once_and_silently(
    world: World,
) -> None:
    """The same `/call`, `/status` or press again: no second batch, no second answer."""
    await world.start()
    await world.ask(world.sara, call(world.numbers(3)))
    await world.sent(1, "accepted")
    launched = world.tg.world.updates.last_id
    asked = world.tg.send(world.sara, world.sara, "/status")
    await world.answer_to(asked)
    looked = world.tg.world.updates.last_id
    before = len(world.tg.sent(world.sara))
    world.tg.redeliver(launched)
    world.tg.redeliver(looked)
    world.tg.redeliver(launched)
    last = await world.ask(world.sara, "/id")
    assert world.tg.sent(world.sara)[before:] == [last]
    assert world.record.batches() == ["finished"]
    assert world.bitel.posts == 1


async def test_row_9_an_update_comes_again_to_the_next_process(world: World) -> None:
    """Which update was handled is remembered across a crash."""
    bot = await world.start()
    asked = world.tg.send(world.sara, world.sara, call(world.numbers(3)))
    await world.answer_to(asked)
    launched = world.tg.world.updates.last_id
    await world.sent(1, "accepted")
    await bot.kill9()
    world.tg.redeliver(launched)
    await world.start()
    await world.ask(world.sara, "/id")
    assert world.record.batches() == ["finished"]
    assert world.bitel.posts == 1


async def test_row_10_a_lost_update_leaves_nothing_and_a_repeat_works(world: World) -> None:
    """Killed in a handler, before its transaction: nothing is recorded, nothing is called."""
    bot = await world.start()
    numbers = world.numbers(3)
    with world.record.locked():
        world.tg.send(world.sara, world.sara, call(numbers))
        await world.tg.wait_for(lambda: not world.tg.world.updates.pending)
        await bot.kill9()
    await world.start()
    assert world.record.batches() == []
    board = await world.ask(world.sara, call(numbers))
    await world.shows(board, "All 3 numbers are at the gateway")
    assert [world.bitel.received(number) for number in numbers] == [1, 1, 1]


async def test_row_11_confirm_tapped_five_times_is_one_batch(world: World) -> None:
    """Every tap is answered, one of them launches, and the draft becomes the board."""
    await world.start()
    draft = await drafted(world)
    taps = [world.tg.press(world.sara, draft, "✅ Call 25") for _ in range(5)]
    answers = [(await world.tg.answer_of(tap)).text for tap in taps]
    assert "One moment…" in answers
    await world.shows(draft, "All 25 numbers are at the gateway")
    assert world.record.batches() == ["finished"]
    assert world.bitel.posts == 1


async def test_row_12_confirm_by_two_people_is_the_authors(world: World) -> None:
    """Somebody else is told whose draft it is; it launches for its author only."""
    await world.start()
    draft = await drafted(world)
    others = world.tg.press(world.bob, draft, "✅ Call 25")
    own = world.tg.press(world.sara, draft, "✅ Call 25")
    refused = await world.tg.answer_of(others)
    assert (refused.show_alert, "Only Sara" in refused.text) == (True, True)
    assert (await world.tg.answer_of(own)).text == "One moment…"
    await world.shows(draft, "All 25 numbers are at the gateway")
    late = await world.tg.answer_of(world.tg.press_data(world.bob, draft, "ok:nonsense"))
    assert late.show_alert
    assert world.bitel.posts == 1


async def test_row_12_try_again_confirmed_by_two_people_makes_one_follow_up(
    world: World,
) -> None:
    """Each of them has a draft of their own; the second one learns that nothing is left."""
    await world.start()
    world.bitel.fail_next(faults.refusal("InvalidVoiceId"))
    world.tg.send(world.sara, world.group, call(world.numbers(3)))
    await world.tg.wait_for(lambda: ["🔁 Try again: 3"] in world.tg.last(world.group).buttons)
    board = world.tg.last(world.group)

    def drafts() -> list[Message]:
        return [message for message in world.tg.sent(world.group) if "📋" in message.text]

    await world.press(world.sara, board, "🔁 Try again: 3")
    await world.tg.wait_for(lambda: len(drafts()) == 1)  # a group's flood limit may swap two
    await world.press(world.bob, board, "🔁 Try again: 3")
    await world.tg.wait_for(lambda: len(drafts()) == 2)
    one, two = drafts()
    pressed = [
        world.tg.press(who, draft, "✅ Call 3")
        for who, draft in ((world.sara, one), (world.bob, two))
    ]
    await asyncio.gather(*(world.tg.answer_of(press) for press in pressed))
    await world.tg.wait_for(
        lambda: (
            sorted(
                ("Nothing was called" in draft.text, "at the gateway" in draft.text)
                for draft in (one, two)
            )
            == [(False, True), (True, False)]
        )
    )
    assert world.bitel.posts == 2
    assert world.record.states() == ["refused", "accepted"]


async def test_row_13_confirm_and_cancel_at_once_have_exactly_one_effect(world: World) -> None:
    """Either a batch or none, and the message says which."""
    await world.start()
    for round_ in range(6):
        draft = await drafted(world)
        labels = ["✅ Call 25", "✖️ Cancel"][:: 1 if round_ % 2 else -1]
        presses = [world.tg.press(world.sara, draft, label) for label in labels]
        await asyncio.gather(*(world.tg.answer_of(press) for press in presses))
        await world.tg.wait_for(lambda d=draft: "Nothing is sent yet" not in d.text)  # type: ignore[misc]
        state, batch_id = world.record.rows(
            "SELECT state, batch_id FROM drafts ORDER BY id DESC LIMIT 1"
        )[0]
        assert (state, "#b" in draft.text) in [("confirmed", True), ("cancelled", False)]
        assert (batch_id is not None) == (state == "confirmed")
    confirmed = world.record.value("SELECT count(*) FROM drafts WHERE state = 'confirmed'")
    assert len(world.record.batches()) == confirmed
    await world.until(lambda: world.bitel.posts == confirmed)
