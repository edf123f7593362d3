"""SQLite's errors become ours by their result codes."""

import sqlite3

import pytest

from storage.database import translate
from storage.errors import (
    DatabaseBusyError,
    DatabaseUnusableError,
    DiskRefusesError,
    InvariantError,
    StorageError,
)


def sqlite_error(kind: type[sqlite3.Error], name: str) -> sqlite3.Error:
    """An error as the driver raises it."""
    error = kind("the driver's words")
    error.sqlite_errorname = name
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((f"SQLITE_{w}", DatabaseBusyError) for w in ("BUSY", "BUSY_SNAPSHOT", "LOCKED")),
        *((f"SQLITE_{w}", DiskRefusesError) for w in ("FULL", "IOERR", "IOERR_FSYNC", "PERM")),
        *((f"SQLITE_{w}", DiskRefusesError) for w in ("READONLY", "READONLY_DBMOVED")),
        *((f"SQLITE_{w}", DiskRefusesError) for w in ("CANTOPEN", "CANTOPEN_ISDIR")),
        *((f"SQLITE_{w}", DatabaseUnusableError) for w in ("CORRUPT", "CORRUPT_INDEX", "NOTADB")),
        *((f"SQLITE_{w}", StorageError) for w in ("ERROR", "NOMEM", "SCHEMA")),
    ],
)
def test_errors_of_sqlite(name: str, kind: type[StorageError]) -> None:
    """Each result code, extended ones too, is the class of error that a caller can act on."""
    assert type(translate(sqlite_error(sqlite3.OperationalError, name))) is kind


@pytest.mark.parametrize("name", ["SQLITE_CONSTRAINT", "SQLITE_CONSTRAINT_TRIGGER"])
def test_errors_of_the_schema(name: str) -> None:
    """What a constraint refuses is told in its own words."""
    error = translate(sqlite_error(sqlite3.IntegrityError, name))
    assert (type(error), str(error)) == (InvariantError, "the driver's words")


def test_errors_of_the_driver() -> None:
    """An error of the driver itself has no code, and is none that a caller can act on."""
    error = translate(sqlite3.ProgrammingError("closed"))
    assert (type(error), str(error)) == (StorageError, "ProgrammingError: closed")
