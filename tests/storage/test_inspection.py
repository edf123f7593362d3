import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import DatabaseBusyError, DatabaseUnusableError, DiskRefusesError
from storage.inspection import Found, inspect


@pytest.fixture
async def made(tmp_path: Path) -> Path:
    """A database of this version, closed."""
    path = tmp_path / "a b?#%.db"
    database = await Database.open(path)
    await database.close()
    return path


def execute(path: Path, sql: str) -> None:
    """Change the file as another program would."""
    with sqlite3.connect(path) as connection:
        connection.execute(sql)
    connection.close()


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    """A file that can be created, in directories that can be made, is no problem; none is made."""
    assert inspect(tmp_path / "data" / "deep" / "callboard.db") is Found.NOTHING
    assert list(tmp_path.iterdir()) == []


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is of the working directory."""
    monkeypatch.chdir(tmp_path)
    assert inspect(Path("data/callboard.db")) is Found.NOTHING


def test_it_is_in_order(made: Path) -> None:
    """A database of this version is current, whatever characters are in its name."""
    before = hashlib.sha256(made.read_bytes()).digest()
    assert inspect(made) is Found.CURRENT
    assert hashlib.sha256(made.read_bytes()).digest() == before


async def test_it_is_in_use(tmp_path: Path) -> None:
    """A database that a running bot has open can be looked at."""
    path = tmp_path / "callboard.db"
    database = await Database.open(path)
    try:
        assert inspect(path) is Found.CURRENT
    finally:
        await database.close()


def test_it_is_older(tmp_path: Path) -> None:
    """A file without our migrations is brought up to date by the next start, not by the look."""
    path = tmp_path / "callboard.db"
    execute(path, "CREATE TABLE other (x)")
    assert inspect(path) is Found.OLDER
    assert inspect(path) is Found.OLDER


def test_it_is_newer(made: Path) -> None:
    """A database of a newer Callboard is refused, with the name of what is not known."""
    execute(
        made,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('callboard', 'm999_later', '')",
    )
    with pytest.raises(DatabaseUnusableError, match=r"newer version of Callboard.*m999_later"):
        inspect(made)


def scribble(path: Path) -> None:
    """Damage what lies behind the first page."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        scribble,
        lambda path: path.write_bytes(b"no database" * 1000),
        lambda path: path.write_bytes(path.read_bytes()[:6000]),
    ],
    ids=["scribbled", "other", "cut"],
)
def test_it_is_damaged(made: Path, damage: Callable[[Path], object]) -> None:
    """A damaged file, or one that is something else, is refused."""
    damage(made)
    with pytest.raises(DatabaseUnusableError, match="damaged"):
        inspect(made)


def test_it_is_locked(tmp_path: Path) -> None:
    """A database that another program keeps for itself is told as such."""
    path = tmp_path / "callboard.db"
    execute(path, "CREATE TABLE other (x)")
    other = sqlite3.connect(path)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseBusyError):
            inspect(path)
    finally:
        other.close()


def test_it_is_a_directory(tmp_path: Path) -> None:
    """A directory where the file should be is refused."""
    with pytest.raises(DiskRefusesError, match="is no file"):
        inspect(tmp_path)


def test_its_directory_is_a_file(tmp_path: Path) -> None:
    """A path that leads through a file can never be created."""
    (tmp_path / "data").touch()
    with pytest.raises(DiskRefusesError, match="is no directory"):
        inspect(tmp_path / "data" / "callboard.db")


def test_its_path_is_none(tmp_path: Path) -> None:
    """A name that the file system refuses is told, not raised as it comes."""
    with pytest.raises(DiskRefusesError, match="name too long"):
        inspect(tmp_path / ("x" * 300))
