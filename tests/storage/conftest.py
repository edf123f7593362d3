"""The stores on a real schema; `test_database` opens files as the program does."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlite_utils

from storage.database import Database
from storage.migrations import schema
from storage.stores import Stores


@pytest.fixture
def tx() -> Iterator[Stores]:
    """All stores on one connection, each statement committed by itself."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = sqlite_utils.Database(connection)
    db.execute("PRAGMA foreign_keys=ON")
    schema.apply(db)
    yield Stores(db)
    connection.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An open record in a directory of its own."""
    database = await Database.open(tmp_path / "data" / "callboard.db")
    yield database
    await database.close()
