"""One process for one database: a lock on a file beside it, never on the database itself.

Opening and closing the database file would drop SQLite's own POSIX locks (measured), so the lock
has its own file, `<database>.lock`.
"""

import fcntl
import os
import re
from pathlib import Path
from typing import Self

from storage.errors import AlreadyRunningError, DiskRefusesError
from storage.models import Claims

_NOTE = re.compile(rb"claims ([0-9]{20}) submission ([0-9]{20})\n", re.ASCII)
_NOTE_LENGTH = 128  # bytes; ours has 61


class ProcessLock:
    """Held as a context manager by whatever writes; freed by the kernel if the process dies.

    Its file also holds a note of the claims that were ever committed: a database that knows of
    fewer is an older one that was put in its place.
    """

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

    def known(self) -> Claims:
        """The claims that are noted; none if nothing is, or nothing that can be read.

        Raises:
            DiskRefusesError: the file cannot be read.
        """
        try:
            note = os.pread(self._held(), _NOTE_LENGTH, 0)
        except OSError as error:
            raise DiskRefusesError(f"cannot read {self.path}: {error.strerror}") from error
        found = _NOTE.match(note)
        return Claims(count=int(found[1]), highest=int(found[2])) if found else Claims()

    def note(self, claims: Claims) -> None:
        """Note the claims, in one write over the note before; a killed process leaves it whole.

        Raises:
            DiskRefusesError: the file cannot be written.
        """
        text = f"claims {claims.count:020d} submission {claims.highest:020d}\n"
        try:
            os.pwrite(self._held(), text.encode(), 0)
        except OSError as error:
            raise DiskRefusesError(f"cannot write {self.path}: {error.strerror}") from error

    def _held(self) -> int:
        if self._handle is None:
            raise RuntimeError("the lock is not held")
        return self._handle

    def __exit__(self, *_: object) -> None:
        """Free the lock; the file stays, so that two starts never lock two different files."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
