"""One process for one database: a lock on a file beside it, never on the database itself.

Opening and closing the database file would drop SQLite's own POSIX locks (measured), so the lock
has its own file, `<database>.lock`.
"""

import fcntl
import os
from pathlib import Path
from typing import Self

from storage.errors import AlreadyRunningError, DiskRefusesError


class ProcessLock:
    """Held as a context manager by whatever writes; freed by the kernel if the process dies."""

    def __init__(self, database: Path) -> None:
        real = database.resolve()  # by whatever name the file is opened
        self.path = real.with_name(real.name + ".lock")
        self._handle: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            AlreadyRunningError: another process holds it.
            DiskRefusesError: the file cannot be made.
        """
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DiskRefusesError(f"cannot open {self.path}: {error.strerror}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise AlreadyRunningError(
                f"another process already runs on this database (lock file {self.path})"
            ) from error
        self._handle = handle
        return self

    def __exit__(self, *_: object) -> None:
        """Free the lock; the file stays, so that two starts never lock two different files."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
