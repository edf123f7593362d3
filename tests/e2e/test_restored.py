"""An older database that was put in place of the present one (row 35)."""

import contextlib
import sqlite3
from pathlib import Path

from tests.e2e.harness import World, call


def back_up(world: World, to: Path) -> None:
    """Copy the record as SQLite does."""
    with (
        contextlib.closing(sqlite3.connect(world.record.path)) as source,
        contextlib.closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)


def back_to_the_middle(backup: Path) -> None:
    """As it was in the middle of the first batch: its second submission not sent yet."""
    with contextlib.closing(sqlite3.connect(backup)) as copy, copy:
        for (sql,) in copy.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            copy.execute(f"DROP TRIGGER {sql.split()[2]}")
        copy.execute(
            "UPDATE submissions SET state = 'queued', attempts = 0, claimed_at = NULL,"
            " ended_at = NULL WHERE id = 2"
        )
        copy.execute(
            "UPDATE calls SET status = 'planned', gateway_id = NULL, next_poll_at = NULL"
            " WHERE submission_id = 2"
        )
        copy.execute("UPDATE batches SET state = 'running', ended_at = NULL WHERE id = 1")
        copy.execute("DELETE FROM reports")


def restore(world: World, backup: Path) -> None:
    """Put the copy in place, while nothing runs."""
    path = world.record.path
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(backup.read_bytes())


async def test_row_35_an_older_database_pauses_until_an_admin_confirms(world: World) -> None:
    """What it calls not sent may have been sent: all is held, and a person has the word."""
    world.check_at_the_end = False  # the record has lost what was sent: that is the fault
    bot = await world.start(CONFIRM_ABOVE="1000")
    board = await world.ask(world.bob, call(world.numbers(150)))
    await world.sent(1, "accepted", "accepted")
    held = await world.ask(world.bob, call(world.numbers(1)))
    await world.sent(2, "accepted")
    bot.terminate()
    assert await bot.wait() == 0
    backup = world.directory / "backup.db"
    back_up(world, backup)
    back_to_the_middle(backup)
    restore(world, backup)
    posts = world.bitel.posts

    bot = await world.start(CONFIRM_ABOVE="1000")
    notice = await world.tg.next_message(world.sara)
    assert "an older database was put in place" in notice.text
    assert world.record.batches() == ["held", "finished"]
    assert world.record.value("SELECT hold_reason FROM batches WHERE id = 1") == "restored"
    refused = await world.ask(world.bob, call(world.numbers(1)))
    assert "Nothing was launched" in refused.text
    assert "older database" in refused.text

    # No check and no restart ends it, and what is held is not held anew.
    bot.terminate()
    assert await bot.wait() == 0
    bot = await world.start(CONFIRM_ABOVE="1000")
    await world.until(lambda: world.record.value("SELECT hold_no FROM batches WHERE id = 1") == 1)
    still = await world.ask(world.sara, "/unpause")
    assert "Still paused" in still.text
    confirm = await world.tg.next_message(world.sara, after=still)
    assert confirm.buttons == [["Launch again"]]
    assert "Only admins" in await world.press(world.bob, confirm, "Launch again")
    assert world.record.value("SELECT count(*) FROM pauses WHERE ended_at IS NULL") == 1
    await world.press(world.sara, confirm, "Launch again")
    await world.until(lambda: world.record.value("SELECT ended_by FROM pauses"))
    assert "expired" in await world.press(world.sara, confirm, "Launch again")
    assert world.record.batches() == ["held", "finished"]
    assert world.bitel.posts == posts

    # From now on it is the record, also for the next start.
    await world.ask(world.bob, call(world.numbers(1)))
    await world.until(lambda: world.bitel.posts == posts + 1)
    bot.terminate()
    assert await bot.wait() == 0
    await world.start(CONFIRM_ABOVE="1000")
    await world.ask(world.bob, call(world.numbers(1)))
    await world.until(lambda: world.bitel.posts == posts + 2)
    assert world.record.value("SELECT count(*) FROM pauses WHERE ended_at IS NULL") == 0
    assert board.id != held.id
    for process in world.processes:
        assert list(world.leaks(process.log)) == []


async def test_row_35_a_crash_is_no_restored_database(world: World) -> None:
    """After kill -9 the record knows of every claim that was noted, and nothing is paused."""
    for _ in range(3):
        bot = await world.start()
        await world.ask(world.bob, call(world.numbers(2)))
        await world.until(lambda: "queued" not in world.record.states())
        await bot.kill9()
    await world.start()
    assert world.record.value("SELECT count(*) FROM pauses") == 0
    lock = world.record.path.with_name(world.record.path.name + ".lock")
    assert lock.read_text().startswith("claims 00000000000000000003 ")
