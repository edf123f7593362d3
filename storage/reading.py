"""The record for another process than the one that runs: read only, and without its lock."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from storage.database import translate
from storage.errors import DatabaseUnusableError
from storage.inspection import Found, inspect
from storage.stores import Stores

PATIENCE = 5.0  # seconds that a read waits for another program's lock


@contextmanager
def read_only(path: Path) -> Iterator[Stores]:
    """One consistent state of the record, while another process may go on writing.

    Raises:
        DatabaseUnusableError: there is none, or it is damaged, of another version.
        StorageError: another of its kinds.
    """
    found = inspect(path)
    if found is Found.NOTHING:
        raise DatabaseUnusableError(f"there is no database at {path}")
    if found is Found.OLDER:
        raise DatabaseUnusableError(
            f"{path} is of an older version of Callboard: start this one once, it brings it up to"
            " date"
        )
    try:
        connection = connect(path)
        try:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("BEGIN")
            yield Stores(sqlite_utils.Database(connection))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise translate(error) from error


def connect(path: Path) -> sqlite3.Connection:
    """A connection that cannot change the file."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
