"""A look at a database file from outside: nothing is created, changed or locked."""

import os
import sqlite3
from enum import StrEnum
from pathlib import Path

import sqlite_utils

from storage.database import refuse_unknown_schema, translate
from storage.errors import DiskRefusesError
from storage.migrations import schema

PATIENCE = 1.0  # seconds that the look waits for another program's lock


class Found(StrEnum):
    """What is at the path of the database."""

    NOTHING = "nothing"  # the next start creates it
    CURRENT = "current"
    OLDER = "older"  # the next start brings it up to date


def inspect(path: Path) -> Found:
    """What a start would find at this path.

    SQLite may leave its side files behind (`-wal`, `-shm`), as it does for every reader.

    Raises:
        DatabaseUnusableError: damaged, no database, or written by a newer Callboard.
        DatabaseBusyError: another program keeps it locked.
        DiskRefusesError: it cannot be read, or could not be written or created.
    """
    try:
        exists = path.exists()
    except OSError as error:
        raise DiskRefusesError(f"cannot look at {path}: {error.strerror}") from error
    if not exists:
        _refuse_unless_creatable(path)
        return Found.NOTHING
    if not path.is_file():
        raise DiskRefusesError(f"{path} is no file")
    for needed in (path, path.parent):  # SQLite makes its side files in the directory
        if not os.access(needed, os.R_OK | os.W_OK):
            raise DiskRefusesError(f"{needed} cannot be written")
    return _inspect_file(path)


def _inspect_file(path: Path) -> Found:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE)
    except sqlite3.Error as error:
        raise translate(error) from error
    try:
        db = sqlite_utils.Database(connection)
        refuse_unknown_schema(db)
        return Found.OLDER if schema.pending(db) else Found.CURRENT
    except sqlite3.Error as error:
        raise translate(error) from error
    finally:
        connection.close()


def _refuse_unless_creatable(path: Path) -> None:
    """Return if the file, and the directories that it needs, could be made."""
    nearest = next(parent for parent in path.absolute().parents if parent.exists())
    if not nearest.is_dir():
        raise DiskRefusesError(f"cannot create {path}: {nearest} is no directory")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise DiskRefusesError(f"cannot create {path}: {nearest} cannot be written")
