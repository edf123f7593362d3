"""One database has one lock, by whatever name it is opened."""

from pathlib import Path

import pytest

from storage.errors import AlreadyRunningError
from storage.lock import ProcessLock


@pytest.mark.parametrize("exists", [True, False], ids=["database", "no database yet"])
def test_a_link_to_the_file_is_the_same_database(tmp_path: Path, *, exists: bool) -> None:
    """A symlink to the database file takes the lock of the file, also before the first start."""
    real, link = tmp_path / "data" / "callboard.db", tmp_path / "link.db"
    real.parent.mkdir()
    if exists:
        real.touch()
    link.symlink_to(real)
    for first, second in ((real, link), (link, real)):
        with ProcessLock(first), pytest.raises(AlreadyRunningError), ProcessLock(second):
            pass
    assert ProcessLock(link).path == ProcessLock(real).path == Path(f"{real}.lock")


def test_a_link_to_the_directory_is_the_same_database(tmp_path: Path) -> None:
    """So does a path through a linked directory."""
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    with (
        ProcessLock(tmp_path / "data" / "callboard.db"),
        pytest.raises(AlreadyRunningError),
        ProcessLock(tmp_path / "link" / "callboard.db"),
    ):
        pass


def test_two_databases_have_two_locks(tmp_path: Path) -> None:
    """Databases beside each other do not keep each other from running."""
    with ProcessLock(tmp_path / "one.db"), ProcessLock(tmp_path / "two.db"):
        pass
