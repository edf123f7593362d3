"""The record for another process: read only, one state, no lock."""

import sqlite3
from pathlib import Path

import pytest

from storage.backup import back_up
from storage.database import Database
from storage.errors import DatabaseUnusableError, DiskRefusesError, StorageError
from storage.lock import ProcessLock
from storage.migrations import schema
from storage.reading import read_only
from tests.record_file import add_called, record_at
from tests.storage.making import add

COPY = "copy.db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with one batch."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, 3)
    return path


def nothing_told(_: int, __: int) -> None:
    """Progress that nobody looks at."""


class TestReading:
    def test_one_state(self, path: Path) -> None:
        """What is committed meanwhile is not seen; the lock of the program is not needed."""
        with ProcessLock(path), read_only(path) as tx:
            assert len(tx.batches.latest(9)) == 1
            with record_at(path) as other:
                add(other)
            assert len(tx.batches.latest(9)) == 1
        with read_only(path) as tx:
            assert len(tx.batches.latest(9)) == 2

    def test_it_cannot_write(self, path: Path) -> None:
        """Nothing can be changed by it."""
        with read_only(path) as tx, pytest.raises(sqlite3.OperationalError, match="readonly"):
            add(tx)

    def test_an_error_of_sqlite_is_ours(self, path: Path) -> None:
        """Whatever SQLite raises in there comes out as an error of the record."""

        def read() -> None:
            with read_only(path) as tx:
                tx.db.execute("SELECT * FROM nowhere")

        with pytest.raises(StorageError, match="no such table"):
            read()

    def test_no_record(self, tmp_path: Path) -> None:
        """Nothing is created where there is none."""
        with (
            pytest.raises(DatabaseUnusableError, match="there is no database at"),
            read_only(tmp_path / "callboard.db"),
        ):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_an_older_record(self, tmp_path: Path) -> None:
        """It is not brought up to date here, and says what does that."""
        path = tmp_path / "callboard.db"
        sqlite3.connect(path).close()
        with (
            pytest.raises(DatabaseUnusableError, match=r"of an older version .* once"),
            read_only(path),
        ):
            pass


class TestBackup:
    async def test_of_a_running_program(self, tmp_path: Path) -> None:
        """The copy of an open record is whole, for its owner alone, and opens as one."""
        path = tmp_path / "data" / "callboard.db"
        database = await Database.open(path)
        with ProcessLock(path):
            await database.write(lambda tx: add_called(tx, 40))
            told: list[tuple[int, int]] = []
            back_up(path, tmp_path / COPY, lambda done, whole: told.append((done, whole)))
        await database.close()
        assert (tmp_path / COPY).stat().st_mode & 0o777 == 0o600
        assert told[-1][0] == told[-1][1] > 0
        with read_only(tmp_path / COPY) as tx:
            assert [batch.numbers for batch in tx.batches.latest(9)] == [40]
            assert tx.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert schema.pending(tx.db) == []

    def test_while_it_is_written(self, path: Path, tmp_path: Path) -> None:
        """It is the state in which it began, and writes meanwhile do not begin it anew."""
        with record_at(path) as tx:
            for _ in range(200):
                add(tx, *(tuple(f"+98912{c:03d}{n:04d}" for n in range(100)) for c in range(5)))
        seen: list[int] = []

        def write_meanwhile(done: int, _: int) -> None:
            seen.append(done)
            with record_at(path) as tx:
                add(tx)

        back_up(path, tmp_path / COPY, write_meanwhile)
        assert len(seen) > 3
        assert seen == sorted(seen)
        with read_only(tmp_path / COPY) as tx:
            assert len(tx.batches.latest(999)) == 201
        with read_only(path) as tx:
            assert len(tx.batches.latest(999)) == 201 + len(seen)

    def test_nothing_is_overwritten(self, path: Path, tmp_path: Path) -> None:
        """A file that exists stays as it is, also an empty one."""
        (tmp_path / COPY).touch()
        with pytest.raises(DiskRefusesError, match="exists already, and nothing is overwritten"):
            back_up(path, tmp_path / COPY, nothing_told)
        assert (tmp_path / COPY).read_bytes() == b""

    def test_nowhere(self, path: Path, tmp_path: Path) -> None:
        """A place that is not there is named."""
        with pytest.raises(DiskRefusesError, match=r"cannot create .*nowhere/copy\.db: No such"):
            back_up(path, tmp_path / "nowhere" / COPY, nothing_told)

    def test_no_record(self, tmp_path: Path) -> None:
        """Without a record there is no copy."""
        with pytest.raises(DatabaseUnusableError, match="there is no database at"):
            back_up(tmp_path / "callboard.db", tmp_path / COPY, nothing_told)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("error", [KeyboardInterrupt, sqlite3.OperationalError("why")])
    def test_a_copy_that_is_broken_off(
        self, path: Path, tmp_path: Path, error: BaseException | type[BaseException]
    ) -> None:
        """Nothing of it is left behind."""

        def break_off(_: int, __: int) -> None:
            raise error

        expected = KeyboardInterrupt if error is KeyboardInterrupt else Exception
        with pytest.raises(expected):
            back_up(path, tmp_path / COPY, break_off)
        assert [file.name for file in tmp_path.iterdir() if file.name.startswith("copy")] == []
