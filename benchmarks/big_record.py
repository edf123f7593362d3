"""A record of a million calls in 20,000 batches, spread evenly over a year, to measure with.

    python benchmarks/big_record.py PATH [--batches N] [--calls N]

The rows are those of `record_rows.py`. They are written with the triggers set aside, which would
replay every move of every call; the CHECKs and all indexes of the schema are in place meanwhile,
and the triggers are put back.
"""

import argparse
import contextlib
import os
import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sqlite_utils
from record_rows import COLUMNS, Plan, Row, Rows, rows_of

from storage.migrations import schema
from storage.reading import read_only

BATCHES, CALLS = 20_000, 50
A_PART = 100  # batches that are made at once
TOLD_EVERY = 20  # parts


@dataclass(frozen=True, slots=True)
class Record:
    """What was made: where, how large, and what can be looked up in it."""

    path: Path
    batches: int
    calls: int
    bytes: int
    bytes_without_events: int | None = None


def make(path: Path, *, batches: int = BATCHES, calls: int = CALLS, now: float) -> Record:
    """Make the file, which must not exist, with so many calls in each batch."""
    plan = Plan(batches=batches, calls=calls, now=now)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-500000")
        schema.apply(sqlite_utils.Database(connection))
        events: list[Row] = []
        with _committed(connection), _without_triggers(connection):
            for number, rows in enumerate(_made(plan), start=1):
                events += rows.pop("events")
                for table, of in rows.items():
                    _insert(connection, table, of)
                _tell(plan, number)
        with _committed(connection):
            for table in ("batches", "submissions", "calls"):
                _count(connection, table, "status" if table == "calls" else "state")
        without = path.stat().st_size
        with _committed(connection):
            _insert(connection, "events", events)
    return Record(path, batches, batches * calls, path.stat().st_size, without)


def existing(path: Path) -> Record:
    """A record that was made before."""
    with read_only(path) as tx:
        batches = tx.batches.latest(1)[0].id
        calls = tx.archive.numbers(0.0, time.time() + 1)
    return Record(path, batches, calls, path.stat().st_size)


def _made(plan: Plan) -> Iterator[Rows]:
    """The rows part by part, in order, made by processes of their own a little ahead."""
    parts = plan.parts(A_PART)
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        coming: deque[Future[Rows]] = deque(
            pool.submit(rows_of, plan, ids) for ids in islice(parts, workers + 1)
        )
        while coming:
            yield coming.popleft().result()
            coming.extend(pool.submit(rows_of, plan, ids) for ids in islice(parts, 1))


def _tell(plan: Plan, part: int) -> None:
    if part % TOLD_EVERY == 0:
        done = min(part * A_PART, plan.batches) * plan.calls
        print(f"  {done:,} of {plan.batches * plan.calls:,} calls", flush=True)


@contextlib.contextmanager
def _committed(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, after which all of it is in the file itself."""
    connection.execute("BEGIN")
    yield
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def _without_triggers(connection: sqlite3.Connection) -> Iterator[None]:
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.execute(sql)


def _insert(connection: sqlite3.Connection, table: str, rows: list[Row]) -> None:
    names = COLUMNS[table]
    marks = ", ".join("?" for _ in names.split(","))
    connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 -- names are our own


def _count(connection: sqlite3.Connection, table: str, column: str) -> None:
    """The figures that triggers would have kept."""
    counts = connection.execute(f"SELECT {column}, count(*) FROM {table} GROUP BY {column}")  # noqa: S608 -- our own
    for word, count in counts.fetchall():
        connection.execute(f'UPDATE {table}_tally SET "{word}" = ?', (count,))  # noqa: S608 -- our own


def main() -> None:
    """Make the record and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--batches", type=int, default=BATCHES)
    parser.add_argument("--calls", type=int, default=CALLS, help="in each batch")
    arguments = parser.parse_args()
    began = time.perf_counter()
    record = make(
        arguments.path, batches=arguments.batches, calls=arguments.calls, now=time.time()
    )
    print(f"{record.calls:,} calls in {time.perf_counter() - began:.1f} s", end=", ")
    print(f"{record.bytes / 2**20:.0f} MiB, {record.bytes / record.calls:.0f} bytes a call")


if __name__ == "__main__":
    main()
