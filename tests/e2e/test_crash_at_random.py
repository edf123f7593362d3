"""kill -9 at random, a hundred times, over four hundred submissions (row 4)."""

import asyncio
import contextlib
import random
import time

import pytest

from sandbox.bitel import faults
from tests.e2e.harness import World, call

KILLS = 100
SUBMISSIONS = 400
AT_ONCE = 12  # submissions asked for in one life at most
MANY = "1000"  # numbers that are launched without a question


def let_people_call(world: World, dice: random.Random, submissions: int) -> None:
    """Some launches, by several people in several chats, of one to three submissions each."""
    while submissions > 0:
        who = dice.choice([world.sara, world.bob])
        where = who if dice.random() < 0.5 else world.group
        parts = dice.choice([1] * 9 + [3])
        world.tg.send(who, where, call(world.numbers(100 * (parts - 1) + dice.randint(1, 3))))
        submissions -= parts


def too_little_happened(states: list[str]) -> bool:
    """On a slow machine a life may be over before it has done anything."""
    return len(states) < SUBMISSIONS or states.count("accepted") <= SUBMISSIONS / 4


@pytest.mark.timeout(900)
async def test_row_4_killed_a_hundred_times_over_four_hundred_submissions(world: World) -> None:
    """No number goes out twice, no POST is missing from the record, whenever the process dies."""
    world.tg.world.flood_limits = False  # hundreds of launches in minutes: kills are the subject
    dice = random.Random(4)
    lives = 0
    while lives < KILLS or too_little_happened(world.record.states()):
        lives += 1
        world.bitel.latency = dice.choice([0.0, 0.01, 0.05])
        if dice.random() < 0.1:
            world.bitel.fail_next(dice.choice([faults.cut(), faults.html(502), faults.fewer()]))
        asked, posts = len(world.tg.calls), world.bitel.posts
        bot = world.launch(CONFIRM_ABOVE=MANY)
        wanted = SUBMISSIONS * lives // KILLS + 4
        # A bound, because what a slow machine has not read yet is still to come.
        let_people_call(world, dice, min(AT_ONCE, wanted - len(world.record.states())))
        if dice.random() < 0.9:
            await world.ready(bot, asked)
        if dice.random() < 0.7:
            with contextlib.suppress(AssertionError):
                await world.bitel.wait_for(lambda p=posts: world.bitel.posts > p, 0.2)  # type: ignore[misc]
        # Where a hundred short lives were not enough, longer ones get it done.
        await asyncio.sleep(dice.random() * (0.1 if lives <= KILLS else 4.0))
        await bot.kill9()
    world.check()
    interrupted = world.record.rows("SELECT id FROM submissions WHERE state = 'sending'")

    await world.start(CONFIRM_ABOVE=MANY)
    for (submission_id,) in interrupted:
        state = world.record.value("SELECT state FROM submissions WHERE id = ?", submission_id)
        assert state == "unknown"
    await world.until(lambda: "running" not in world.record.batches(), 240)
    states = world.record.states()
    assert states.count("accepted") > SUBMISSIONS / 4
    assert states.count("unknown") > KILLS / 10


async def test_row_4_what_was_lost_in_a_crash_is_told_after_it(world: World) -> None:
    """The board of a batch whose outcome nobody was told of is posted after the restart."""
    bot = await world.start()
    gate = world.tg.hold("sendMessage", times=None)
    began = time.time()
    world.tg.send(world.sara, world.group, call(world.numbers(2)))
    await world.sent(1, "accepted")
    await bot.kill9()
    world.tg.heal()
    gate.set()

    await world.start()
    board = await world.tg.next_message(world.group, after=1, timeout=10)
    assert world.bitel.seen[0].ids[0] in board.text
    assert time.time() - began < 10
