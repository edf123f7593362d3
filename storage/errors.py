"""What can go wrong with the record, one class per thing that a caller can act on.

StorageError
├── DatabaseBusyError       another program holds the write lock: nothing was written, try again
├── DiskRefusesError        the disk is full or read-only: nothing was written, launching pauses
├── DatabaseUnusableError   damaged, or written by a newer Callboard: do not start
├── AlreadyRunningError     another process holds the lock of this database: do not start
└── InvariantError          the write would break the state tables: nothing was written
"""


class StorageError(Exception):
    """Anything that the record refuses or cannot do."""


class DatabaseBusyError(StorageError):
    """Another program holds the write lock; nothing was written."""


class DiskRefusesError(StorageError):
    """The disk is full, read-only or failing; nothing was written."""


class DatabaseUnusableError(StorageError):
    """The file is damaged, no database, or of a newer version of Callboard."""


class AlreadyRunningError(StorageError):
    """Another process runs on this database."""


class InvariantError(StorageError):
    """The schema refused a move that the state tables do not know; nothing was written."""
