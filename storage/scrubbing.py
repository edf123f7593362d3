"""The database file written anew, so that nothing of what was replaced is left in its bytes."""

import contextlib
import sqlite3
from pathlib import Path

from storage.database import BUSY_TIMEOUT, translate
from storage.errors import DatabaseBusyError


def scrub(path: Path) -> None:
    """Write the file anew, and empty its write-ahead log.

    SQLite leaves what was replaced in free pages and in the log; `VACUUM` copies what is valid
    now into a new file, and that over the old one. For a moment this needs as much room again as
    the file has, once beside it and once in the folder for temporary files.

    Raises:
        DatabaseBusyError: another program has the file open, so the log is not emptied.
        StorageError: another of its kinds, for example of a full disk.
    """
    try:
        with contextlib.closing(
            sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as error:
        raise translate(error) from error
    if busy:
        raise DatabaseBusyError("another program has the database open, so traces are left in it")
