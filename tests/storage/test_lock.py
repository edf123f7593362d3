import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.errors import AlreadyRunningError, DiskRefusesError
from storage.lock import ProcessLock

HOLD = """
import pathlib, sys
from storage.errors import AlreadyRunningError
from storage.lock import ProcessLock
try:
    with ProcessLock(pathlib.Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
except AlreadyRunningError:
    print("refused", flush=True)
"""


@contextmanager
def another_process(database: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that takes the lock and keeps it, with the first thing that it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_a_second_process_refuses(tmp_path: Path) -> None:
    """While one process runs on a database, a second one does not start."""
    database = tmp_path / "callboard.db"
    with ProcessLock(database), another_process(database) as (_, said):
        assert said == "refused"


def test_a_second_process_in_time(tmp_path: Path) -> None:
    """A process that refused can start once the first one has ended."""
    database = tmp_path / "callboard.db"
    with ProcessLock(database):
        pass
    with another_process(database) as (_, said):
        assert said == "held"


def test_a_killed_process_frees_it(tmp_path: Path) -> None:
    """Kill -9 leaves the file, and no lock on it."""
    lock = ProcessLock(tmp_path / "callboard.db")
    with another_process(tmp_path / "callboard.db") as (process, said):
        assert said == "held"
        with pytest.raises(AlreadyRunningError, match=r"callboard\.db\.lock"):
            lock.__enter__()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert lock.path.exists()
        with lock:
            pass


def test_two_databases(tmp_path: Path) -> None:
    """Two databases in one directory have a lock each."""
    with ProcessLock(tmp_path / "a.db"), ProcessLock(tmp_path / "b.db"):
        assert {path.name for path in tmp_path.iterdir()} == {"a.db.lock", "b.db.lock"}


def test_its_file(tmp_path: Path) -> None:
    """Its own file, only for its owner, stays behind; the database itself is never touched."""
    lock = ProcessLock(tmp_path / "callboard.db")
    with lock:
        inode = lock.path.stat().st_ino
        assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600
    with lock:
        assert lock.path.stat().st_ino == inode
    assert list(tmp_path.iterdir()) == [tmp_path / "callboard.db.lock"]


def test_what_stands_in_its_file(tmp_path: Path) -> None:
    """What was written into the file is there after the next start."""
    lock = ProcessLock(tmp_path / "callboard.db")
    lock.path.write_text("41")
    with lock:
        assert lock.path.read_text() == "41"


def test_it_is_freed_by_an_error(tmp_path: Path) -> None:
    """An error under the lock frees it."""
    lock = ProcessLock(tmp_path / "callboard.db")
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with ProcessLock(tmp_path / "callboard.db"):
        pass


def test_to_free_it_twice(tmp_path: Path) -> None:
    """Freeing a lock that is not held does nothing."""
    lock = ProcessLock(tmp_path / "callboard.db")
    with lock:
        lock.__exit__()
        with ProcessLock(tmp_path / "callboard.db"):
            pass


def test_a_child_does_not_keep_it(tmp_path: Path) -> None:
    """A program that is started under the lock does not hold it after its parent has let go."""
    with ProcessLock(tmp_path / "callboard.db"):
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
        )
    try:
        with ProcessLock(tmp_path / "callboard.db"):
            pass
    finally:
        child.communicate()


@pytest.mark.parametrize("where", ["missing/callboard.db", "file/callboard.db", "x" * 300])
def test_it_cannot_be_made(tmp_path: Path, where: str) -> None:
    """Where no file can be made, the lock says so and is not held."""
    (tmp_path / "file").touch()
    with pytest.raises(DiskRefusesError, match="cannot open"), ProcessLock(tmp_path / where):
        pytest.fail("it was taken")
