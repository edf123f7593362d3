"""A read-only look into the record of a running or dead program, and the invariants.

The invariants are those of docs/faults.md: they hold after every row.
"""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.bitel import BitelSandbox

RANG_OR_MAY_HAVE = frozenset({"accepted", "unknown", "released", "left", "sending"})
BATCH_STATES = frozenset({"running", "held", "finished", "stopped"})
SUBMISSION_STATES = RANG_OR_MAY_HAVE | {"queued", "refused", "unsent", "cancelled"}


class Record:
    """The SQLite file, opened anew for each question."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(
            f"file:{self.path}?mode={mode}", uri=True, timeout=10, isolation_level=None
        )
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds; nothing before the program has made its tables."""
        try:
            with self._open("ro") as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "unable to open" in str(error):
                return []
            raise

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        found = self.rows(sql, *values)
        return found[0][0] if found else None

    def change(self, sql: str, *values: object) -> int:
        """Change the record behind the program's back; returns how many rows were changed."""
        with self._open("rw") as connection:
            return connection.execute(sql, values).rowcount

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the write lock, as another program would."""
        with self._open("rw") as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def batch(self, batch_id: int) -> sqlite3.Row:
        """One batch."""
        return self.rows("SELECT * FROM batches WHERE id = ?", batch_id)[0]

    def batches(self) -> list[str]:
        """The states of all batches, in their order."""
        return [row[0] for row in self.rows("SELECT state FROM batches ORDER BY id")]

    def states(self, batch_id: int | None = None) -> list[str]:
        """The states of the submissions, of one batch or of all."""
        found = self.rows(
            "SELECT state FROM submissions WHERE ? IS NULL OR batch_id = ?"
            " ORDER BY batch_id, position",
            batch_id,
            batch_id,
        )
        return [row[0] for row in found]

    def numbers(self) -> set[str]:
        """Every number in the record, in E.164."""
        return {row[0] for row in self.rows("SELECT DISTINCT number FROM calls")}


def national(number: str) -> str:
    """The form in which the gateway gets a number of Iran."""
    return f"0{number.removeprefix('+98')}"


def breaches(record: Record, bitel: BitelSandbox) -> list[str]:
    """What of the invariants does not hold, in words."""
    return [
        *_damage(record),
        *_odd_states(record),
        *_twice_or_missing(record, bitel),
        *_lost_ids(record, bitel),
    ]


def _damage(record: Record) -> list[str]:
    found = [row[0] for row in record.rows("PRAGMA quick_check")]
    found += [f"foreign key {tuple(row)}" for row in record.rows("PRAGMA foreign_key_check")]
    return [line for line in found if line != "ok"]


def _odd_states(record: Record) -> Iterator[str]:
    for row in record.rows(
        "SELECT b.id, b.state, s.state FROM batches b JOIN submissions s ON s.batch_id = b.id"
    ):
        batch_id, batch, submission = row
        if batch not in BATCH_STATES or submission not in SUBMISSION_STATES:
            yield f"b{batch_id} is {batch} with a submission {submission}"
        if batch == "finished" and submission in {"queued", "sending"}:
            yield f"b{batch_id} is finished with a submission {submission}"
        if batch == "stopped" and submission == "queued":
            yield f"b{batch_id} is stopped with a submission queued"
    for row in record.rows(
        "SELECT batch_id, count(*) FROM submissions WHERE state = 'sending'"
        " GROUP BY batch_id HAVING count(*) > 1"
    ):
        yield f"b{row[0]} sends {row[1]} submissions at once"


def _submissions(record: Record) -> dict[frozenset[str], list[str]]:
    """The states of the submissions that were claimed, by the numbers that they hold."""
    numbers: dict[int, set[str]] = {}
    states: dict[int, str] = {}
    for row in record.rows(
        "SELECT s.id, s.state, c.number FROM submissions s JOIN calls c ON c.submission_id = s.id"
        " WHERE s.attempts > 0 AND c.status <> 'skipped'"
    ):
        states[row[0]] = row[1]
        numbers.setdefault(row[0], set()).add(national(row[2]))
    found: dict[frozenset[str], list[str]] = {}
    for submission_id, held in numbers.items():
        found.setdefault(frozenset(held), []).append(states[submission_id])
    return found


def _twice_or_missing(record: Record, bitel: BitelSandbox) -> Iterator[str]:
    """Each POST has a submission of its own that says so; a number is once in a batch."""
    known = _submissions(record)
    seen = Counter(frozenset(post.numbers) for post in bitel.seen)
    refused = Counter(frozenset(post.numbers) for post in bitel.seen if not post.placed)
    for numbers, posts in seen.items():
        states = known.get(numbers, [])
        rang = sum(state in RANG_OR_MAY_HAVE for state in states)
        no = sum(state == "refused" for state in states)
        if rang + min(no, refused[numbers]) < posts:
            yield f"{posts} POSTs of {len(numbers)} numbers, but the record says {states}"
    for post in bitel.seen:
        if len(set(post.numbers)) != len(post.numbers):
            yield "a POST holds a number twice"


def _lost_ids(record: Record, bitel: BitelSandbox) -> Iterator[str]:
    """Every id of an honest answer that made a submission accepted is in the record."""
    kept = {
        row[0]
        for row in record.rows(
            "SELECT gateway_id FROM calls"
            " WHERE gateway_id IS NOT NULL UNION"
            " SELECT gateway_id FROM unmatched_ids"
        )
    }
    by_word = record.value(
        "SELECT count(*) FROM submissions WHERE decided_name IS NOT NULL AND state = 'accepted'"
    )
    if by_word:
        return  # a person's word brings no ids
    known = _submissions(record)
    for post in bitel.seen:
        accepted = known.get(frozenset(post.numbers)) == ["accepted"]
        if post.fault is None and accepted and (lost := set(post.ids) - kept):
            yield f"accepted, but {len(lost)} of {len(post.ids)} ids are missing"
