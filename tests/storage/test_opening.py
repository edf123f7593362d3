"""How a database file is found, made, brought up to date, or refused."""

import contextlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils import Migrations

from storage.database import Database, prepare_directory
from storage.errors import DatabaseUnusableError, DiskRefusesError, StorageError
from storage.migrations import m001_batches, schema
from storage.stores import Stores
from tests.storage.making import NOW, add


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """An umask that hides nothing: the modes are the program's own."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """The permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def execute(path: Path, sql: str) -> None:
    """Change the file as another program would."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def tables(path: Path) -> set[str]:
    """The tables in a file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {row[0] for row in rows}


async def open_and_close(path: Path) -> None:
    """One start of the program."""
    await (await Database.open(path)).close()


@pytest.mark.usefixtures("open_to_all")
async def test_modes_of_what_it_makes(tmp_path: Path) -> None:
    """The record and its side files are their owner's only, the directory too."""
    path = tmp_path / "deep" / "data" / "callboard.db"
    database = await Database.open(path)
    await database.write(add)
    try:
        assert {p.name: mode(p) for p in path.parent.iterdir()} == {
            "callboard.db": 0o600,
            "callboard.db-wal": 0o600,
            "callboard.db-shm": 0o600,
        }
        assert mode(path.parent) == 0o700
    finally:
        await database.close()


def set_modes(directory: Path, file: Path) -> None:
    """What somebody else has made, with modes of their own."""
    file.touch()
    directory.chmod(0o755)
    file.chmod(0o640)


async def test_modes_of_what_it_finds(tmp_path: Path) -> None:
    """The modes of a directory and of a file that exist are left alone."""
    path = tmp_path / "callboard.db"
    set_modes(tmp_path, path)
    await open_and_close(path)
    assert (mode(tmp_path), mode(path)) == (0o755, 0o640)


async def test_open_again(tmp_path: Path) -> None:
    """A start on an up-to-date record changes nothing in it."""
    path = tmp_path / "callboard.db"
    database = await Database.open(path)
    batch_id = await database.write(add)
    await database.close()
    for _ in range(2):
        database = await Database.open(path)
        found = await database.read(
            lambda tx: (
                tx.batches.get(batch_id),
                len(schema.applied(tx.db)),
                schema.pending(tx.db),
            )
        )
        await database.close()
        assert (found[0] is not None, *found[1:]) == (True, 4, [])


async def test_open_twice(tmp_path: Path) -> None:
    """A record that is open can be opened beside it, and both see what either commits."""
    path = tmp_path / "callboard.db"
    one, other = await Database.open(path), await Database.open(path)
    assert await one.write(lambda tx: tx.updates.take(1, NOW))
    assert not await other.write(lambda tx: tx.updates.take(1, NOW))
    await one.close()
    await other.close()


@pytest.mark.parametrize(
    "where", ["file/callboard.db", "x" * 300, "x" * 300 + "/callboard.db", ""]
)
async def test_a_path_that_cannot_be(tmp_path: Path, where: str) -> None:
    """A record that cannot be made says that the disk refuses."""
    (tmp_path / "file").touch()
    with pytest.raises(DiskRefusesError):
        await Database.open(tmp_path / where)


def test_a_directory_that_is_there(tmp_path: Path) -> None:
    """The directory of a record can be prepared any number of times."""
    for _ in range(2):
        prepare_directory(tmp_path / "data" / "callboard.db")
    assert list((tmp_path / "data").iterdir()) == []


async def test_locked_while_opening(tmp_path: Path) -> None:
    """A file that another program changes for a moment opens when it is done."""
    path = tmp_path / "callboard.db"
    await open_and_close(path)
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        await open_and_close(path)  # nothing is to be written in an up-to-date file


def scribble(path: Path) -> None:
    """Damage what lies behind the first page."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def break_boards(path: Path) -> None:
    """Overwrite the page where the table of boards begins."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'boards'"
        ).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (scribble, "damaged"),
        (break_boards, r"damaged \(quick_check\)"),
        (lambda path: path.write_bytes(b"no database" * 1000), "no database"),
        (lambda path: path.write_bytes(path.read_bytes()[:6000]), "damaged"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\0" * 4080), "damaged"),
        (
            lambda path: execute(
                path, "INSERT INTO _sqlite_migrations VALUES (9, 'callboard', 'm999_later', '')"
            ),
            r"newer version of Callboard \(m999_later\)",
        ),
    ],
    ids=["scribbled", "one page", "other", "cut", "header only", "newer"],
)
async def test_a_file_that_cannot_be_used(
    tmp_path: Path, damage: Callable[[Path], object], words: str
) -> None:
    """A file that is damaged, something else or of a newer version is refused as it stands."""
    path = tmp_path / "callboard.db"
    await open_and_close(path)
    damage(path)
    before = path.read_bytes()
    with pytest.raises(DatabaseUnusableError, match=words):
        await Database.open(path)
    assert path.read_bytes() == before


async def test_damage_in_a_long_record(tmp_path: Path) -> None:
    """A record over 64 MB is not read whole at the start; damage raises where it is met."""
    path = tmp_path / "callboard.db"
    await open_and_close(path)
    execute(path, "INSERT INTO probes (filler) VALUES (zeroblob(68000000))")
    break_boards(path)
    database = await Database.open(path)
    try:
        with pytest.raises(DatabaseUnusableError):
            await database.read(lambda tx: tx.boards.get(1))
        with pytest.raises(DatabaseUnusableError):
            await database.write(lambda tx: tx.boards.turn(1, 2))
        assert await database.write(lambda tx: tx.updates.take(1, NOW))
    finally:
        await database.close()


async def test_a_migration_that_fails(tmp_path: Path) -> None:
    """A migration that fails half-way leaves nothing behind, and is made whole later."""
    path = tmp_path / "callboard.db"
    execute(path, "CREATE TABLE drafts (x)")  # stands in the way, far into the migration
    with pytest.raises(StorageError, match="drafts already exists"):
        await Database.open(path)
    assert tables(path) == {"drafts", "_sqlite_migrations"}
    execute(path, "DROP TABLE drafts")
    database = await Database.open(path)
    assert await database.write(add) == 1
    await database.close()


async def test_the_migration_after_it_fails(tmp_path: Path) -> None:
    """Of two migrations the first stays when the second fails, with every row of the record."""
    path = tmp_path / "callboard.db"
    later = Migrations(schema.name)
    later()(m001_batches)

    @later()
    def m002_half(db: sqlite_utils.Database) -> None:
        db.execute("CREATE TABLE half (x)")
        db.execute("INSERT INTO half VALUES (1)")
        db.execute("UPDATE batches SET hold_no = 7")
        db.execute("UPDATE batches SET state = 'nonsense'")

    with contextlib.closing(sqlite3.connect(path)) as connection:
        db = sqlite_utils.Database(connection)
        schema.apply(db)
        add(Stores(db))
        connection.commit()
        with pytest.raises(sqlite3.IntegrityError):
            later.apply(db)
    assert "half" not in tables(path)
    database = await Database.open(path)
    found = await database.read(lambda tx: [b.hold_no for b in tx.batches.latest(2)])
    await database.close()
    assert found == [0]
