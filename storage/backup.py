"""A copy of the record while the program runs, made by SQLite's own online backup."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from storage.database import translate
from storage.errors import DatabaseUnusableError, DiskRefusesError
from storage.inspection import Found, inspect
from storage.reading import connect

STEP = 1000  # pages between two words of progress


def back_up(path: Path, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy the database to a new file (mode 0600).

    The copy is one state of the record: that of the moment in which it began. Nothing is left
    behind if it fails.

    Args:
        path: the database, which another process may be writing.
        target: the new file.
        told: is given how many pages are copied, and how many there are.

    Raises:
        DatabaseUnusableError: there is no database, or it is damaged.
        DiskRefusesError: the new file exists, or cannot be made or written.
        StorageError: another of its kinds.
    """
    if inspect(path) is Found.NOTHING:
        raise DatabaseUnusableError(f"there is no database at {path}")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError as error:
        raise DiskRefusesError(f"{target} exists already, and nothing is overwritten") from error
    except OSError as error:
        raise DiskRefusesError(f"cannot create {target}: {error.strerror}") from error
    try:
        _copy(path, target, told)
    except BaseException as error:
        for suffix in ("", "-journal", "-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error):
            raise translate(error) from error
        raise


def _copy(path: Path, target: Path, told: Callable[[int, int], None]) -> None:
    with (
        contextlib.closing(connect(path)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        # Reading holds this state: without it, each write of the program would begin the backup
        # anew, and a busy one would never let it end.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(
            copy, pages=STEP, progress=lambda _, left, pages: told(pages - left, pages), sleep=0
        )
