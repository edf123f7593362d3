"""A record that cannot be written or read (rows 31-34), by the real program."""

import asyncio
import os
import resource
import shutil
import sqlite3
from pathlib import Path

import pytest

from sandbox.bitel import faults
from tests.e2e.harness import World, call
from tests.e2e.processes import Process


def fill_disk(world: World, bot: Process) -> None:
    """Let the kernel refuse every further write of the process to the record's files."""
    wal = world.record.path.with_name(world.record.path.name + "-wal")
    limit = 64 * 1024
    assert bot.log_path.stat().st_size < limit / 2 < wal.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (limit, limits[1]))


def make_room(bot: Process) -> None:
    """Let the process write again."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (limits[1], limits[1]))


async def test_row_31_a_locked_database_calls_nobody_and_says_try_again(world: World) -> None:
    """Another program holds the write lock; the same command works once it is gone."""
    bot = await world.start()
    numbers = world.numbers(3)
    with world.record.locked():
        answer = await world.ask(world.sara, call(numbers), seconds=15)
    assert "nothing was launched" in answer.text
    assert "Try it again" in answer.text
    assert world.bitel.posts == 0
    assert world.record.batches() == []
    board = await world.ask(world.sara, call(numbers))
    await world.shows(board, "All 3 numbers are at the gateway")
    assert bot.alive


async def test_row_31_a_lock_while_the_answer_comes_loses_nothing(world: World) -> None:
    """The outcome's commit is repeated until it is taken."""
    bot = await world.start()
    world.bitel.fail_next(faults.delay(0.3))
    world.tg.send(world.sara, world.sara, call(world.numbers(3)))
    await world.sent(1, "sending")
    with world.record.locked():
        await world.logged(bot, "NOT RECORDED yet", 15)
        assert world.record.states() == ["sending"]
    await world.sent(1, "accepted")
    assert world.bitel.posts == 1


async def test_row_32_a_full_disk_at_the_claim_calls_nobody(world: World) -> None:
    """An intent that cannot be committed means no POST; admins are told, and end it."""
    bot = await world.start(BITEL_API_URL="http://127.0.0.1:9", BITEL_TIMEOUT="2")
    world.tg.send(world.bob, world.bob, call(world.numbers(3)))
    await world.until(
        lambda: world.record.rows(
            "SELECT 1 FROM submissions WHERE attempts = 1 AND state = 'queued'"
        )
    )
    fill_disk(world, bot)
    notice = await world.tg.next_message(world.sara, timeout=15)
    assert "the disk refuses writes" in notice.text
    assert world.record.rows("SELECT attempts, state FROM submissions")[0][:] == (1, "queued")
    answer = await world.ask(world.bob, call(world.numbers(1)))
    assert "Launching is paused" in answer.text

    await world.press(world.sara, notice, "Check and unpause")
    still = await world.tg.next_message(world.sara, after=notice)
    assert "Still paused" in still.text
    make_room(bot)
    cured = await world.ask(world.sara, "/unpause")
    assert "takes writes again" in cured.text
    await world.until(lambda: world.record.value("SELECT attempts FROM submissions") == 2)
    assert world.bitel.posts == 0
    assert bot.alive


async def test_row_32_a_full_disk_at_the_outcome_is_recorded_once_there_is_room(
    world: World,
) -> None:
    """The ids stand in the log at ERROR, launching is paused, admins are told, nothing is lost."""
    bot = await world.start()
    world.bitel.fail_next(faults.delay(0.4))
    world.tg.send(world.bob, world.bob, call(world.numbers(3)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    fill_disk(world, bot)
    notice = await world.tg.next_message(world.sara, timeout=15)
    assert "the disk refuses writes" in notice.text
    errors = [line for line in bot.log.splitlines() if " ERROR " in line]
    assert any(all(i in line for i in world.bitel.seen[0].ids) for line in errors)
    assert "Launching is paused" in (await world.ask(world.bob, call(world.numbers(1)))).text
    assert world.record.states() == ["sending"]

    make_room(bot)
    await world.press(world.sara, notice, "Check and unpause")
    await world.sent(1, "accepted")
    await world.tg.wait_for(lambda: "All 3 numbers" in world.tg.last(world.bob).text)
    assert world.bitel.posts == 1


async def test_row_32_a_full_disk_posts_no_board_twice(world: World) -> None:
    """A board whose posting cannot be recorded is not posted again and again meanwhile."""
    bot = await world.start()
    gate = asyncio.Event()
    world.bitel.fail_next(faults.held(gate))
    world.tg.send(world.bob, world.bob, call(world.numbers(3)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    fill_disk(world, bot)
    board = await world.tg.next_message(world.bob)
    await asyncio.sleep(2.5)  # it would be tried every second
    assert [m.id for m in world.tg.sent(world.bob)] == [board.id]
    make_room(bot)
    gate.set()
    await world.ask(world.sara, "/unpause")
    await world.shows(board, "All 3 numbers are at the gateway")
    assert [m.id for m in world.tg.sent(world.bob)] == [board.id]


async def test_row_32_a_full_disk_until_the_program_stops_leaves_an_unknown(
    world: World,
) -> None:
    """The next start calls it unknown, and *It rang* takes the ids from the log."""
    bot = await world.start(BITEL_TIMEOUT="1")
    world.bitel.fail_next(faults.delay(0.4))
    world.tg.send(world.bob, world.bob, call(world.numbers(1)))
    await world.bitel.wait_for(lambda: world.bitel.posts == 1)
    fill_disk(world, bot)
    await world.logged(bot, "NOT RECORDED yet", 15)
    bot.terminate()
    await bot.wait()
    assert world.record.states() == ["sending"]

    await world.start()
    await world.sent(1, "unknown")
    await world.tg.wait_for(lambda: "may have rung" in world.tg.last(world.bob).text)
    board = world.tg.last(world.bob)
    await world.press(world.bob, board, "It rang")
    prompt = await world.prompt(board)
    (call_id,) = world.bitel.seen[0].ids
    given = world.tg.send(world.bob, world.bob, call_id, reply_to=prompt)
    assert "One call did ring" in (await world.answer_to(given)).text


@pytest.mark.parametrize("damage", ["garbage", "newer", "page"])
async def test_row_33_a_corrupt_or_newer_database_is_not_opened(world: World, damage: str) -> None:
    """Exit code 1 with a sentence; the file stays as it is."""
    bot = await world.start()
    await world.ask(world.sara, call(world.numbers(15)))
    bot.terminate()
    assert await bot.wait() == 0
    path = world.record.path
    if damage == "newer":
        world.record.change(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('callboard', 'm999_from_the_future', 'now')"
        )
    else:
        with path.open("r+b") as file:
            file.seek(0 if damage == "garbage" else path.stat().st_size // 2)
            file.write(os.urandom(8192))
    content = path.read_bytes()
    again = world.launch(warm=False)
    assert await again.wait() == 1
    words = "newer version" if damage == "newer" else "damaged"
    assert words in again.log
    assert "Traceback" not in again.log
    assert path.read_bytes() == content
    world.check_at_the_end = damage == "newer"


async def test_row_34_half_a_migration_is_rolled_back(world: World) -> None:
    """A schema that cannot be made whole leaves nothing behind, and is made at the next start."""
    path: Path = world.record.path
    shutil.rmtree(path.parent)
    path.parent.mkdir()
    with sqlite3.connect(path) as obstacle:
        obstacle.execute("CREATE TABLE drafts (in_the_way TEXT)")
    obstacle.close()
    bot = world.launch(warm=False)
    assert await bot.wait() == 1
    tables = [
        row[0] for row in world.record.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    assert [name for name in tables if not name.startswith(("_", "sqlite"))] == ["drafts"]
    world.record.change("DROP TABLE drafts")
    await world.program()
    board = await world.ask(world.sara, call(world.numbers(3)))
    await world.shows(board, "All 3 numbers are at the gateway")
