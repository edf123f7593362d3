import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import (
    DatabaseBusyError,
    DiskRefusesError,
    InvariantError,
    StorageError,
)
from storage.models import BatchState
from storage.stores import Stores
from tests.storage.making import NOW, add


def seen(tx: Stores) -> int:
    """How many updates are recorded."""
    return int(tx.db.execute("SELECT count(*) FROM seen_updates").fetchone()[0])


def pragma(name: str) -> Callable[[Stores], object]:
    """Work that asks for a setting of its connection, or changes it."""
    return lambda tx: tx.db.execute(f"PRAGMA {name}").fetchone()[0]


class Gate:
    """Work that takes an update, then waits until it is let through."""

    def __init__(self, update_id: int = 1) -> None:
        self.update_id = update_id
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self, tx: Stores) -> None:
        """Take the update, and wait."""
        tx.updates.take(self.update_id, NOW)
        self.entered.set()
        assert self.open.wait(20)

    async def until_entered(self) -> None:
        """Return when the work is under way."""
        assert await asyncio.to_thread(self.entered.wait, 20)


@pytest.mark.parametrize(
    ("setting", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
async def test_settings_of_the_writer(database: Database, setting: str, value: object) -> None:
    """Each commit of the writer is on the disk before it returns, and references hold."""
    assert await database.write(pragma(setting)) == value


async def test_a_unit_of_work(database: Database) -> None:
    """What a unit of work returns comes back, and what it wrote is there for the reader."""
    batch_id = await database.write(add)
    found = await database.read(lambda tx: tx.batches.get(batch_id))
    assert found is not None
    assert (found.id, found.state) == (batch_id, BatchState.RUNNING)


@pytest.mark.parametrize("error", [ValueError, KeyError, DatabaseBusyError, MemoryError])
async def test_work_that_raises(database: Database, error: type[Exception]) -> None:
    """Whatever a unit of work raises comes through, and nothing of it is written."""

    def work(tx: Stores) -> None:
        add(tx)
        tx.updates.take(1, NOW)
        raise error

    with pytest.raises(error):
        await database.write(work)
    assert await database.write(seen) == 0
    assert await database.read(lambda tx: tx.batches.latest(1)) == []


async def test_work_that_the_schema_refuses(database: Database) -> None:
    """A move that does not exist undoes all of its unit of work, and the next one goes on."""

    def work(tx: Stores) -> None:
        tx.updates.take(1, NOW)
        tx.batches.finish(add(tx), now=NOW)

    with pytest.raises(InvariantError, match=r"^batch: something is left to send$"):
        await database.write(work)
    assert await database.write(lambda tx: (seen(tx), tx.updates.take(2, NOW))) == (0, True)


async def test_cancelled_while_under_way(database: Database) -> None:
    """A write goes on to its end when the task that asked for it is cancelled."""
    gate = Gate()
    task = asyncio.create_task(database.write(gate))
    await gate.until_entered()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.open.set()
    assert await database.write(seen) == 1


async def test_cancelled_while_queued(database: Database) -> None:
    """A write that waits for its turn is made even if its task is cancelled meanwhile."""
    first, second = Gate(1), Gate(2)
    second.open.set()
    under_way = asyncio.create_task(database.write(first))
    await first.until_entered()
    queued = asyncio.create_task(database.write(second))
    await asyncio.sleep(0)
    queued.cancel()
    with pytest.raises(asyncio.CancelledError):
        await queued
    first.open.set()
    await under_way
    assert await database.write(seen) == 2


async def test_many_tasks(database: Database) -> None:
    """Writes of many tasks go one after another: what one has read nobody else changes."""

    def work(tx: Stores) -> bool:
        return tx.updates.take(seen(tx), NOW)

    assert await asyncio.gather(*(database.write(work) for _ in range(50))) == [True] * 50
    assert await database.read(seen) == 50


async def test_the_reader_writes_nothing(database: Database) -> None:
    """The reading connection refuses writes."""
    with pytest.raises(StorageError, match="READONLY"):
        await database.read(lambda tx: tx.updates.take(1, NOW))
    assert await database.read(seen) == 0


async def test_the_reader_sees_what_is_committed(database: Database) -> None:
    """A read does not wait for a write, and sees nothing of it before its commit."""
    gate = Gate()
    task = asyncio.create_task(database.write(gate))
    await gate.until_entered()
    assert await database.read(seen) == 0
    gate.open.set()
    await task
    assert await database.read(seen) == 1


async def test_a_read_is_of_one_moment(database: Database) -> None:
    """All that one read sees was true at the same moment, whatever is written meanwhile."""
    begun, go_on = threading.Event(), threading.Event()

    def look(tx: Stores) -> tuple[int, int]:
        before = seen(tx)
        begun.set()
        assert go_on.wait(20)
        return before, seen(tx)

    reading = asyncio.create_task(database.read(look))
    assert await asyncio.to_thread(begun.wait, 20)
    await database.write(lambda tx: tx.updates.take(1, NOW))
    go_on.set()
    assert await reading == (0, 0)
    assert await database.read(seen) == 1


async def test_a_read_that_fails(database: Database) -> None:
    """An error of a read is one of ours, and the next read works."""
    with pytest.raises(StorageError, match="syntax error"):
        await database.read(lambda tx: tx.db.execute("SELECT * FROM nothing"))
    assert await database.read(seen) == 0


async def test_locked_by_another_program(database: Database) -> None:
    """Beside a program that keeps the write lock nothing is written; afterwards all is well."""
    await database.write(pragma("busy_timeout=50"))  # 5 s of its own accord
    with contextlib.closing(sqlite3.connect(database.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusyError):
            await database.write(lambda tx: tx.updates.take(1, NOW))
        assert await database.read(seen) == 0
    assert await database.write(lambda tx: tx.updates.take(1, NOW))


async def test_patience(database: Database) -> None:
    """A write waits for a lock that another program keeps for a moment only."""
    with contextlib.closing(sqlite3.connect(database.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.create_task(database.write(lambda tx: tx.updates.take(1, NOW)))
        await asyncio.sleep(0.1)
        assert not task.done()
        other.rollback()
        assert await task


async def fill_disk(database: Database) -> list[DiskRefusesError]:
    """Let the file grow no further; returns the list of what is told from now on."""
    told: list[DiskRefusesError] = []
    database.on_disk_refused = told.append
    pages = await database.write(pragma("page_count"))
    await database.write(pragma(f"max_page_count={pages}"))
    return told


def too_much(tx: Stores) -> None:
    """Work that needs room."""
    tx.updates.take(1, NOW)
    tx.pauses.probe()


async def test_a_full_disk(database: Database) -> None:
    """A disk without room is told to whoever asked to know, and nothing is written."""
    told = await fill_disk(database)
    with pytest.raises(DiskRefusesError, match="SQLITE_FULL") as caught:
        await database.write(too_much)
    assert told == [caught.value]
    assert await database.read(seen) == 0
    await database.write(pragma("max_page_count=100000"))
    await database.write(too_much)
    assert (len(told), await database.read(seen)) == (1, 1)


async def test_a_full_disk_and_nobody_there(database: Database) -> None:
    """A disk that refuses is told even if the task whose write it was is cancelled."""
    told = await fill_disk(database)
    gate = Gate(2)
    under_way = asyncio.create_task(database.write(gate))
    await gate.until_entered()
    task = asyncio.create_task(database.write(too_much))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.open.set()
    await under_way
    await database.write(lambda _: None)
    assert len(told) == 1


async def test_an_error_and_nobody_there(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong in a write whose task is cancelled is logged, and nothing is written."""
    gate = Gate()

    def work(tx: Stores) -> None:
        gate(tx)
        raise ValueError

    task = asyncio.create_task(database.write(work))
    await gate.until_entered()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.open.set()
    assert await database.write(seen) == 0
    assert [record.levelname for record in caplog.records] == ["ERROR"]


async def test_a_full_disk_before_anyone_asked(database: Database) -> None:
    """As long as nobody wants to be told, a disk that refuses only raises."""
    only_raise = database.on_disk_refused
    await fill_disk(database)
    database.on_disk_refused = only_raise
    with pytest.raises(DiskRefusesError):
        await database.write(too_much)


@pytest.mark.parametrize("error", [ValueError, DatabaseBusyError, InvariantError])
async def test_other_errors_are_not_of_the_disk(
    database: Database, error: type[Exception]
) -> None:
    """Only a disk that refuses is told as such."""
    told = await fill_disk(database)

    def work(_: Stores) -> None:
        raise error

    with pytest.raises(error):
        await database.write(work)
    assert told == []


def side_files(path: Path) -> list[str]:
    """What lies beside the file."""
    return [other.name for other in path.parent.iterdir() if other != path]


async def test_close_waits(tmp_path: Path) -> None:
    """Closing waits for every unit of work that was handed in, and may be repeated."""
    path = tmp_path / "callboard.db"
    database = await Database.open(path)
    gate = Gate()
    writes: list[asyncio.Task[object]] = [asyncio.create_task(database.write(gate))]
    await gate.until_entered()
    writes += [
        asyncio.create_task(database.write(lambda tx, i=i: tx.updates.take(i, NOW)))  # type: ignore[misc]
        for i in range(2, 6)
    ]
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    gate.open.set()
    await closing
    await database.close()
    assert await asyncio.gather(*writes) == [None, True, True, True, True]
    assert side_files(path) == []
    again = await Database.open(path)
    assert await again.read(seen) == 5
    await again.close()


async def test_after_close(database: Database) -> None:
    """A record that is closed takes no more work, and says so."""
    await database.close()
    for ask in (database.write, database.read):
        with pytest.raises(StorageError, match="closed"):
            await ask(seen)
