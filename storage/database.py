"""The connection: one writer on a thread of its own, one reader on another.

Each unit of work is one function and one transaction (`BEGIN IMMEDIATE`, WAL,
`synchronous=FULL`).
A unit of work runs to its end even if the task that asked for it is cancelled: a dropped write
would be a call that is missing from the record.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

import sqlite_utils

from storage.errors import (
    DatabaseBusyError,
    DatabaseUnusableError,
    DiskRefusesError,
    InvariantError,
    StorageError,
)
from storage.migrations import schema
from storage.stores import Stores

log = logging.getLogger(__name__)

T = TypeVar("T")
BUSY_TIMEOUT = 5.0  # seconds that a write waits for another program's lock
CHECKED_WHOLE = 64 * 1024 * 1024  # bytes

_DISK = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def translate(error: sqlite3.Error) -> StorageError:
    """Our own error for one of SQLite's, by its primary result code, without any of its values."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return DatabaseBusyError("the database is locked by another program")
    if code in _DISK:
        return DiskRefusesError(f"the disk refuses writes ({error.sqlite_errorname})")
    if code in _DAMAGED:
        return DatabaseUnusableError("the database file is damaged or no database")
    if isinstance(error, sqlite3.IntegrityError):
        return InvariantError(str(error))
    return StorageError(f"{type(error).__name__}: {error}")


class Database:
    """An open record; make it with `Database.open`, end it with `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-write")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="database-read")
        self._writer: Stores
        self._reader: Stores
        self._closed = False
        self.on_disk_refused: Callable[[DiskRefusesError], None] = _only_raise

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open or create the file (mode 0600), bring its schema up to date, and return it.

        The directory is made (mode 0700) if it is missing, and left alone if it exists.

        Raises:
            DatabaseUnusableError: damaged, no database, or written by a newer Callboard.
            DiskRefusesError: the file or its directory cannot be made or written.
            DatabaseBusyError: another program holds the write lock.
        """
        database = cls(path)
        loop = asyncio.get_running_loop()
        try:
            database._writer = await loop.run_in_executor(database._writing, database._open_writer)
            database._reader = await loop.run_in_executor(database._reading, database._open_reader)
        except BaseException as error:
            await database.close()
            if isinstance(error, sqlite3.Error):
                raise translate(error) from error
            raise
        return database

    def _connect(self) -> sqlite_utils.Database:
        connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT)
        db = sqlite_utils.Database(connection)
        db.execute("PRAGMA foreign_keys=ON")
        return db

    def _open_writer(self) -> Stores:
        _create(self.path)
        db = self._connect()
        refuse_unknown_schema(db)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        schema.apply(db)
        return Stores(db)

    def _open_reader(self) -> Stores:
        db = self._connect()
        db.execute("PRAGMA query_only=ON")
        return Stores(db)

    async def write(self, work: Callable[[Stores], T]) -> T:
        """Run `work` in one transaction on the writing thread, and return what it returns.

        Anything that `work` raises rolls all of it back.
        The work goes on to its end when the caller is cancelled.

        Raises:
            StorageError: one of its kinds; nothing was written.
        """
        unit = self._hand_in(self._writing, self._write, work)
        try:
            return await asyncio.shield(unit)
        except DiskRefusesError as error:
            self.on_disk_refused(error)
            raise
        except asyncio.CancelledError:
            unit.add_done_callback(self._left_behind)
            raise

    def _left_behind(self, unit: asyncio.Future[T]) -> None:
        """Tell what becomes of a unit of work whose caller is gone, if it fails."""
        error = unit.exception()
        if isinstance(error, DiskRefusesError):
            self.on_disk_refused(error)
        elif error is not None:
            log.error("a write whose task was cancelled has failed", exc_info=error)

    def _write(self, work: Callable[[Stores], T]) -> T:
        db = self._writer.db
        try:
            db.execute("BEGIN IMMEDIATE")
            try:
                result = work(self._writer)
                db.execute("COMMIT")
            except BaseException:
                db.rollback()
                raise
        except sqlite3.Error as error:
            raise translate(error) from error
        return result

    async def read(self, work: Callable[[Stores], T]) -> T:
        """Run `work` on the reading thread against one consistent state; it cannot write.

        Raises:
            StorageError: one of its kinds.
        """
        return await self._hand_in(self._reading, self._read, work)

    def _hand_in(
        self,
        threads: ThreadPoolExecutor,
        run: Callable[[Callable[[Stores], T]], T],
        work: Callable[[Stores], T],
    ) -> asyncio.Future[T]:
        if self._closed:
            raise StorageError("the database is closed")
        return asyncio.get_running_loop().run_in_executor(threads, run, work)

    def _read(self, work: Callable[[Stores], T]) -> T:
        db = self._reader.db
        try:
            db.execute("BEGIN")
            try:
                return work(self._reader)
            finally:
                db.rollback()
        except sqlite3.Error as error:
            raise translate(error) from error

    async def close(self) -> None:
        """Wait for every unit of work that was handed in, then close both connections."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        for threads, name in ((self._reading, "_reader"), (self._writing, "_writer")):
            stores: Stores | None = getattr(self, name, None)
            if stores is not None:
                await asyncio.shield(loop.run_in_executor(threads, stores.db.conn.close))
            threads.shutdown(wait=True)


def _only_raise(_: DiskRefusesError) -> None:
    """Nobody has asked to be told."""


def prepare_directory(path: Path) -> None:
    """Make the database's directory (mode 0700) if it is missing; leave it alone if it exists.

    Raises:
        DiskRefusesError: it cannot be made.
    """
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise DiskRefusesError(f"cannot create {path.parent}: {error.strerror}") from error


def _create(path: Path) -> None:
    """Make the file with mode 0600 before SQLite does, which would make it 0644."""
    prepare_directory(path)
    try:
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise DiskRefusesError(f"cannot create {path}: {error.strerror}") from error


def refuse_unknown_schema(db: sqlite_utils.Database) -> None:
    """Return if every migration in the file is one that this version knows.

    The whole file is checked only up to 64 MB, so that a long record does not delay a start; of a
    larger one the schema is read, and damage further in raises where it is met.

    Raises:
        DatabaseUnusableError: the file was written by a newer version, or is damaged.
    """
    try:
        applied = {migration.name for migration in schema.applied(db)}
        size = db.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()[0]
        verdict = (
            db.execute("PRAGMA quick_check(1)").fetchone()[0] if size <= CHECKED_WHOLE else "ok"
        )
    except sqlite3.DatabaseError as error:
        raise translate(error) from error
    every = {migration.name for migration in schema.pending(sqlite_utils.Database(memory=True))}
    if newer := sorted(applied - every):
        raise DatabaseUnusableError(
            f"the database was written by a newer version of Callboard ({', '.join(newer)})"
        )
    if verdict != "ok":
        raise DatabaseUnusableError("the database file is damaged (quick_check)")
