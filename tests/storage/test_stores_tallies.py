import random
import sqlite3

import sqlite_utils

from storage.migrations import m001_batches, m002_tracking
from storage.models import BatchState, CallStatus, SubmissionState
from storage.stores import Stores
from storage.stores.tallies import WAITING, Tally
from tests.storage.making import (
    PATHS,
    ROOM,
    add,
    add_in,
    adopt,
    bring,
    bring_batch,
    call,
    news,
    numbers,
    part,
    record,
)


def counted(tx: Stores, table: str, column: str) -> dict[str, int]:
    """The same counts, the long way."""
    rows = tx.db.execute(f"SELECT {column}, count(*) FROM {table} GROUP BY {column}")  # noqa: S608 -- our own names
    return dict(rows.fetchall())


def without_zeros(counts: dict[str, int]) -> dict[str, int]:
    """The words of which there are any."""
    return {word: count for word, count in counts.items() if count}


def assert_right(tx: Stores) -> None:
    """The counts that triggers keep are those that counting gives."""
    tally = tx.tallies.take()
    assert without_zeros(tally.batches) == counted(tx, "batches", "state")
    assert without_zeros(tally.submissions) == counted(tx, "submissions", "state")
    assert without_zeros(tally.calls) == counted(tx, "calls", "status")


def live(tx: Stores, chance: random.Random, serial: int) -> None:
    """One batch, moved as far as chance has it."""
    cuts = [numbers(2, serial * 10 + 3 * i) for i in range(chance.randint(1, 3))]
    batch_id = add(tx, *cuts)
    state = chance.choice([*PATHS])
    bring(tx, part(tx, batch_id).id, state)
    if state is SubmissionState.ACCEPTED:
        adopt(tx, call(tx, batch_id).id, news(f"{serial:032x}"))
        record(tx, news(f"{serial:032x}", chance.choice([CallStatus.NORMAL, CallStatus.EXPIRED])))
        tx.calls.not_confirmed(part(tx, batch_id).id, 1.0)
    if chance.random() < 0.5:
        tx.submissions.cancel(part(tx, batch_id, len(cuts)).id, now=1.0)
    elif chance.random() < 0.5:
        bring_batch(tx, batch_id, BatchState.HELD)


def test_the_counts_agree_with_the_rows(tx: Stores) -> None:
    """After each of many lives, every word of every table is counted right."""
    chance = random.Random(3)
    for serial in range(1, 60):
        live(tx, chance, serial)
        assert_right(tx)


def test_what_is_rolled_back_is_not_counted(tx: Stores) -> None:
    """The counts belong to the transaction of what they count."""
    add_in(tx, SubmissionState.REFUSED)
    before = tx.tallies.take()
    tx.db.execute("BEGIN")
    add(tx)
    tx.db.execute("ROLLBACK")
    assert tx.tallies.take() == before


def test_an_empty_record(tx: Stores) -> None:
    """Every word of the schema is there, with none of it."""
    tally = tx.tallies.take()
    assert tally.batches == dict.fromkeys(BatchState, 0)
    assert tally.submissions == dict.fromkeys(SubmissionState, 0)
    assert tally.calls == dict.fromkeys(CallStatus, 0)
    assert tally == Tally(
        batches=tally.batches,
        submissions=tally.submissions,
        calls=tally.calls,
        open_calls=0,
        events=0,
        evidence=0,
        reports=0,
        behind=frozenset(),
        pauses=0,
    )


def test_what_waits(tx: Stores) -> None:
    """Open calls, boards that are behind, reports that are not sent."""
    batch_id = add_in(tx, SubmissionState.ACCEPTED)
    adopt(tx, call(tx, batch_id).id, news("a" * 32))
    tx.boards.create(batch_id, ROOM)
    bring_batch(tx, batch_id, BatchState.HELD)
    tally = tx.tallies.take()
    assert (tally.open_calls, tally.reports, tally.behind) == (1, 1, frozenset({(batch_id, 0)}))


def test_an_older_record_is_counted_once() -> None:
    """What was recorded before there were tallies is in them after the migration."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = sqlite_utils.Database(connection)
    m001_batches(db)
    db.execute(
        "INSERT INTO batches (state, asked_by, voice, retry_count, author_id, author_name,"
        " chat_id, numbers, submissions, repeated, fingerprint, created_at, event_at)"
        " VALUES ('running', 'x', 'v', 1, 1, 'Ann', 1, 2, 1, 0, 'f', 1.0, 1.0)"
    )
    db.execute(
        "INSERT INTO submissions (batch_id, position, state, numbers, not_before)"
        " VALUES (1, 1, 'queued', 2, 1.0)"
    )
    for position, number in enumerate(numbers(2), 1):
        db.execute(
            "INSERT INTO calls (batch_id, submission_id, position, number, status)"
            " VALUES (1, 1, ?, ?, 'planned')",
            (position, number),
        )
    m002_tracking(db)
    assert_right(Stores(db))
    connection.close()


def test_no_table_is_read_whole(tx: Stores) -> None:
    """What waits is counted by partial indexes that hold nothing else."""
    plan = [row[3] for row in tx.db.execute(f"EXPLAIN QUERY PLAN {WAITING}")]
    reads = [
        line for line in plan if line.split()[1] in {"calls", "events", "evidence", "reports"}
    ]
    assert len(reads) == 4
    assert [line for line in reads if "INDEX" not in line] == []
