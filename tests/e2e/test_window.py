"""The calling window and a clock that jumps (row 42), by the real program."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.harness import World, call
from tests.e2e.test_clock import HOUR, Clock, start

MINUTE = 60.0
DAY_MINUTES = 24 * 60


def window(begin: float, end: float) -> dict[str, str]:
    """Settings by which it opens and closes so many seconds from now, in a zone where it is noon.

    To the minute: each is up to a minute earlier.
    """
    hour = datetime.now(UTC).hour
    east = 12 - hour
    zone = f"Etc/GMT{-east:+d}" if east else "Etc/GMT"  # its names count the other way round
    noon = time.time() // MINUTE % 60 + DAY_MINUTES // 2
    minutes = [int(noon + seconds // MINUTE) for seconds in (begin, end)]
    hours = "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes)
    return {"TIMEZONE": zone, "WINDOW": hours}


@pytest.mark.parametrize(("jump", "reasons"), [(8 * MINUTE, {"window"}), (HOUR, {"away"})])
async def test_row_42_a_clock_that_jumps_over_the_closing(
    world: World, tmp_path: Path, jump: float, reasons: set[str]
) -> None:
    """What waits for its next attempt is held, also where it would still be fresh."""
    clock = Clock(tmp_path / "clock")
    unreachable = {"BITEL_API_URL": "http://127.0.0.1:9", "BITEL_TIMEOUT": "2"}
    await start(world, clock, **unreachable, **window(-HOUR, 7 * MINUTE))
    board = await world.ask(world.sara, call(world.numbers(3)))
    await world.shows(board, "attempt 1 of 3")
    clock.set(jump)
    await world.until(lambda: world.record.batches() == ["held"])
    assert world.record.batch(1)["hold_reason"] in reasons
    assert world.record.value("SELECT attempts FROM submissions") == 1
    words = "Held: outside the calling hours." if reasons == {"window"} else "I was away"
    await world.shows(board, words)


async def waiting(world: World, clock: Clock) -> dict[str, str]:
    """A batch that waits for the opening, which is half an hour ahead; the settings for that."""
    settings = window(30 * MINUTE, 3 * HOUR)
    await start(world, clock, **settings)
    card = await world.ask(world.bob, call(world.numbers(3)))
    assert card.buttons[0][0].startswith("🕗 Call 3 at ")
    await world.tg.answer_of(world.tg.press(world.bob, card, card.buttons[0][0]))
    await world.shows(card, "nothing is sent before.")
    assert world.record.batches() == ["running"]
    return settings


async def sent_anyway(world: World, ahead: float) -> set[str]:
    """Sara launches another batch outside the calling hours, with a reason; its numbers.

    Her clock is so many seconds ahead, as the program's is.
    """
    (number,) = world.numbers(1)
    sent = world.tg.send(world.sara, world.sara, call([number]), date=time.time() + ahead)
    card = await world.answer_to(sent)
    await world.press(world.sara, card, "🌙 Now anyway…")
    found = await world.tg.wait_for(
        lambda: [one for one in world.tg.sent(world.sara) if "Why now?" in one.text]
    )
    await world.press(world.sara, found[0], "It is urgent")
    await world.sent(2, "accepted")
    return {number}


async def test_row_42_it_waits_for_the_opening_over_a_crash(world: World, tmp_path: Path) -> None:
    """Killed and started again before the opening it goes on waiting, and goes out then."""
    clock = Clock(tmp_path / "clock")
    settings = await waiting(world, clock)
    await world.processes[-1].kill9()
    clock.set(25 * MINUTE)
    await start(world, clock, **settings)
    others = await sent_anyway(world, 25 * MINUTE)  # so that the queue was looked at
    assert world.record.states(1) == ["queued"]
    assert [set(post.numbers) for post in world.bitel.seen] == [others]
    clock.set(31 * MINUTE)
    await world.sent(1, "accepted")
    assert world.bitel.posts == 2


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_row_42_a_clock_that_jumps_past_the_opening_or_back(
    world: World, tmp_path: Path, jump: float
) -> None:
    """An hour forward, the opening is half an hour ago; an hour back, its launch lies ahead."""
    clock = Clock(tmp_path / "clock")
    await waiting(world, clock)
    clock.set(jump)
    await world.until(lambda: world.record.batches() == ["held"])
    assert world.record.batch(1)["hold_reason"] == "away"
    assert world.bitel.posts == 0
