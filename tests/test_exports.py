"""Files of calls for a chat, made in a child process."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calling.periods import Format
from bot.exports import Exports
from bot.spreadsheets import Which
from bot.texts.language import Language
from bot.workshop import Workshop, WorkshopError
from tests.record_file import add_called, record_at
from tests.storage.making import NOW, add, numbers

ENGLISH = Language("en", ZoneInfo("Asia/Tehran"))
ALL = Which(since=0.0, until=NOW * 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with a batch of two calls."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, 2)
    return path


@pytest.fixture
async def exports(path: Path) -> AsyncIterator[Exports]:
    """What makes the files; says all the time how far it is."""
    exports = Exports(workshop=Workshop(), database=path, language=ENGLISH, every=0.01)
    yield exports
    await exports.close()


def folders(path: Path) -> list[Path]:
    """What of an export lies beside the record."""
    return list(path.parent.glob(".export-*"))


async def test_files(exports: Exports, path: Path) -> None:
    """They are there inside of the block, in a folder of our own, and gone after it."""
    async with exports.files(ALL, Format.CSV, "calls") as parts:
        (part,) = parts
        assert (part.path.name, part.calls) == ("calls.csv", 2)
        assert part.path.read_bytes().count(b"\r\n") == 3
        (folder,) = folders(path)
        assert folder.stat().st_mode & 0o777 == 0o700
    assert folders(path) == []


async def test_progress(exports: Exports, path: Path) -> None:
    """How many calls are written is told while it is made, and grows."""
    with record_at(path) as tx:
        add(tx, *(numbers(100, 100 * cut) for cut in range(100)))
    told: list[int] = []

    async def tell(calls: int) -> None:
        told.append(calls)

    async with exports.files(ALL, Format.XLSX, "calls", tell) as parts:
        assert parts[0].calls == 10_002
    assert told == sorted(told)
    assert told[0] == 0
    assert 0 < told[-1] <= 10_002


async def test_a_record_that_is_gone(exports: Exports, path: Path) -> None:
    """The error of the child is ours, and nothing is left behind."""
    path.rename(path.with_suffix(".gone"))  # noqa: ASYNC240 -- takes no time
    with pytest.raises(WorkshopError, match="there is no database"):
        async with exports.files(ALL, Format.CSV, "calls"):
            pass
    assert folders(path) == []


async def test_somebody_gives_up(exports: Exports, path: Path) -> None:
    """Cancelling who waits ends the child, and nothing is left behind."""
    begun = asyncio.Event()

    async def tell(_: int) -> None:
        begun.set()

    async def wait() -> None:
        async with exports.files(ALL, Format.XLSX, "calls", tell):
            pass

    task = asyncio.create_task(wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert folders(path) == []


async def test_what_cannot_be_told(exports: Exports, path: Path) -> None:
    """A fault while telling ends the export with it, the child too."""

    async def fail(_: int) -> None:
        raise RuntimeError("why")

    with pytest.raises(RuntimeError, match="why"):
        async with exports.files(ALL, Format.CSV, "calls", fail):
            pass
    assert folders(path) == []


def test_what_a_killed_process_has_left(path: Path) -> None:
    """The next start removes it, and nothing else."""
    (path.parent / ".export-abc").mkdir()
    (path.parent / ".export-abc" / "calls.csv").touch()
    exports = Exports(workshop=Workshop(), database=path, language=ENGLISH)
    exports.sweep()
    assert folders(path) == []
    assert path.exists()
