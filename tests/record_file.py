"""A record on the disk as the program leaves it, for what reads it from outside."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlite_utils

from storage.migrations import schema
from storage.models import CallStatus, SubmissionState
from storage.stores import Stores
from tests.storage.making import NOW, add, adopt, bring, call, news, numbers, part

DAY = 86400.0


@contextlib.contextmanager
def record_at(path: Path) -> Iterator[Stores]:
    """The stores of a new or known file; what is written is committed at the end."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        db = sqlite_utils.Database(connection)
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA journal_mode=WAL")
        schema.apply(db)
        db.execute("BEGIN")
        yield Stores(db)
        db.execute("COMMIT")


def add_called(
    tx: Stores, count: int = 1, *, first: int = 1, now: float = NOW, **of: object
) -> int:
    """A batch whose calls were all answered, 12 s for 34.2 Toman each; returns its id."""
    batch_id = add(tx, numbers(count, first), now=now, **of)
    bring(tx, part(tx, batch_id).id, SubmissionState.ACCEPTED)
    for position in range(1, count + 1):
        said = news(
            f"{batch_id:016x}{position:016x}",
            CallStatus.NORMAL,
            bill_sec=12,
            price=34_200,
            request_date=int(now),
        )
        adopt(tx, call(tx, batch_id, position).id, said, now)
    tx.batches.finish(batch_id, now=now)
    return batch_id
