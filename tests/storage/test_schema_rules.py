"""What the schema asks of a claim, of a return to the queue, and of each column."""

import sqlite3
from typing import Any

import pytest

from storage.models import BatchState, HoldReason, PauseReason, StopReason, SubmissionState
from storage.stores import Stores
from tests.storage.making import (
    NOW,
    add,
    add_in,
    adopt,
    bring,
    bring_batch,
    call,
    news,
    numbers,
    part,
    put,
    record,
)

S, B = SubmissionState, BatchState
TWO = (("+989120000001",), ("+989120000002",))
CLAIM = "UPDATE submissions SET state = 'sending', attempts = ?, claimed_at = 1 WHERE id = ?"
MAY_NOT = r"^submission: may not be claimed$"


def claim_by_force(tx: Stores, submission_id: int, attempts: int = 1) -> None:
    """Claim as a program would that checks nothing itself."""
    tx.db.execute(CLAIM, (attempts, submission_id))


def test_a_claim(tx: Stores) -> None:
    """The first queued submission of a running batch can be claimed while nothing is paused."""
    submission_id = part(tx, add(tx)).id
    claim_by_force(tx, submission_id)
    assert [found.id for found in tx.submissions.in_state(S.SENDING)] == [submission_id]


@pytest.mark.parametrize("reason", [*PauseReason, "restored"])
def test_a_claim_while_paused(tx: Stores, reason: str) -> None:
    """Whatever pauses launching keeps every claim from being made, until it has ended."""
    submission_id = part(tx, add(tx)).id
    tx.db.execute("INSERT INTO pauses (reason, since, detail) VALUES (?, 1, '')", (reason,))
    with pytest.raises(sqlite3.IntegrityError, match=MAY_NOT):
        claim_by_force(tx, submission_id)
    tx.db.execute("UPDATE pauses SET ended_at = 2")
    claim_by_force(tx, submission_id)


def test_a_claim_while_held(tx: Stores) -> None:
    """Nothing of a held batch can be claimed until it goes on."""
    batch_id = add(tx)
    tx.batches.hold(batch_id, HoldReason.AWAY, now=NOW)
    with pytest.raises(sqlite3.IntegrityError, match=MAY_NOT):
        claim_by_force(tx, part(tx, batch_id).id)
    tx.batches.resume(batch_id, now=NOW)
    claim_by_force(tx, part(tx, batch_id).id)


@pytest.mark.parametrize("state", [S.QUEUED, S.SENDING])
def test_a_claim_out_of_turn(tx: Stores, state: SubmissionState) -> None:
    """A submission waits until every earlier one has an outcome."""
    batch_id = add_in(tx, state, *TWO)
    with pytest.raises(sqlite3.IntegrityError, match=MAY_NOT):
        claim_by_force(tx, part(tx, batch_id, 2).id)


def test_a_claim_beside_a_later_one(tx: Stores) -> None:
    """Nothing is claimed while a later submission of the batch is on its way either."""
    batch_id = add_in(tx, S.SENDING, *TWO)
    first, second = tx.submissions.of_batch(batch_id)
    tx.db.execute("DROP TRIGGER submissions_fixed")  # the only way to get there
    tx.db.execute("UPDATE submissions SET position = 3 WHERE id = ?", (first.id,))
    with pytest.raises(sqlite3.IntegrityError, match=MAY_NOT):
        claim_by_force(tx, second.id)


def test_claims_of_several_batches(tx: Stores) -> None:
    """Batches go side by side."""
    for _ in range(2):
        claim_by_force(tx, part(tx, add(tx)).id)
    assert len(tx.submissions.in_state(S.SENDING)) == 2


@pytest.mark.parametrize("attempts", [0, 2, 3])
def test_a_claim_counts(tx: Stores, attempts: int) -> None:
    """Each claim is one attempt, no more and no less."""
    submission_id = part(tx, add(tx)).id
    with pytest.raises(sqlite3.IntegrityError, match=MAY_NOT):
        claim_by_force(tx, submission_id, attempts)


def test_three_attempts(tx: Stores) -> None:
    """What was surely not sent goes back to the queue after attempts 1 and 2, not after 3."""
    submission_id = part(tx, add(tx)).id
    for _ in range(2):
        bring(tx, submission_id, S.SENDING)
        tx.submissions.requeue(submission_id, not_before=NOW, reason="ConnectError")
    bring(tx, submission_id, S.SENDING)
    with pytest.raises(sqlite3.IntegrityError, match=r"^submission: may not be queued again$"):
        tx.submissions.requeue(submission_id, not_before=NOW, reason="ConnectError")
    assert tx.submissions.end(submission_id, S.UNSENT, now=NOW)


@pytest.mark.parametrize("state", list(BatchState))
def test_back_to_the_queue(tx: Stores, state: BatchState) -> None:
    """A submission goes back to the queue of an open batch; a stopped one gains nothing again."""
    batch_id = add_in(tx, S.SENDING)
    if state is B.FINISHED:  # the schema finishes nothing that is sending: as a damaged file would
        tx.db.execute("DROP TRIGGER batches_end")
    bring_batch(tx, batch_id, state)
    submission_id = part(tx, batch_id).id
    if state in (B.RUNNING, B.HELD):
        tx.submissions.requeue(submission_id, not_before=NOW, reason="ConnectError")
        assert part(tx, batch_id).state is S.QUEUED
    else:
        with pytest.raises(sqlite3.IntegrityError, match=r"^submission: may not be queued again$"):
            tx.submissions.requeue(submission_id, not_before=NOW, reason="ConnectError")


@pytest.mark.parametrize(
    "number",
    ["+9891200", "+989120000001", "+123456789012345", "#", "#5d41402abc4b2a76b9719d911017c592"],
)
def test_numbers_that_are_kept(tx: Stores, number: str) -> None:
    """A number is kept to the last digit; a redacted one is a hash."""
    assert call(tx, add(tx, (number,))).number == number


@pytest.mark.parametrize(
    "number",
    [
        "09120000001",
        "989120000001",
        "00989120000001",
        "+0912000000",
        "+98912",
        "+1234567890123456",
        "+98912000000a",
        "+98 912 000 0001",
        "+۹۸۹۱۲۰۰۰۰۰۰۱",
        "",
        "*",
        None,
    ],
)
def test_numbers_that_are_refused(tx: Stores, number: Any) -> None:
    """Only E.164 is a number: no leading zero, no other alphabet, no spaces, 7 to 15 digits."""
    with pytest.raises(sqlite3.IntegrityError):
        add(tx, (number,))


BATCH_VALUES = [
    ("state", "held"),  # without a reason
    ("ended_at", 1.0),  # while running
    ("stop_reason", "person"),  # while running
    ("event_at", None),
    ("event_at", "soon"),
    ("hold_no", 1.5),
    ("fingerprint", None),
    ("chat_id", "@team"),
]
SUBMISSION_VALUES = [
    ("code", "42"),
    ("attempts", 4),
    ("attempts", -1),
    ("attempts", "twice"),
    ("not_before", None),
    ("http_status", "200 OK"),
    ("body", "text"),
]
CALL_VALUES = [
    ("gateway_id", "aa"),  # while planned
    ("skip_reason", "rang"),  # while planned
    ("price", 1.5),
    ("bill_sec", "long"),
    ("position", 0),
]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        *(("batches", *pair) for pair in BATCH_VALUES),
        *(("submissions", *pair) for pair in SUBMISSION_VALUES),
        *(("calls", *pair) for pair in CALL_VALUES),
    ],
)
def test_values_that_are_refused(tx: Stores, table: str, column: str, value: Any) -> None:
    """A value of the wrong kind, or one that contradicts the state of its row, is refused."""
    add(tx, ("+989120000001",))
    with pytest.raises(sqlite3.IntegrityError):
        put(tx, table, column, value)


@pytest.mark.parametrize("state", [s for s in S if s is not S.QUEUED])
@pytest.mark.parametrize("code", ["42", None])
def test_a_code_is_of_a_refusal(tx: Stores, state: SubmissionState, code: str | None) -> None:
    """A submission has a code if the gateway has refused it, and in no other state."""
    add_in(tx, state)
    if (code is None) == (state is not S.REFUSED):
        tx.db.execute("UPDATE submissions SET code = ?", (code,))
    else:
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            tx.db.execute("UPDATE submissions SET code = ?", (code,))


@pytest.mark.parametrize(
    "move",
    [
        "UPDATE calls SET status = 'skipped'",
        "UPDATE calls SET status = 'waiting', skip_reason = 'rang', gateway_id = 'aa'",
        "UPDATE calls SET status = 'waiting'",
        "UPDATE calls SET status = 'other', gateway_id = 'aa'",
        "UPDATE calls SET status = 'not_confirmed', gateway_id = 'aa'",
    ],
    ids=["no reason", "reason", "no id", "no word", "id"],
)
def test_what_a_call_must_have(tx: Stores, move: str) -> None:
    """Skipped has a reason, an id goes with a status, and an unknown status with its word."""
    add(tx, ("+989120000001",))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        tx.db.execute(move)


@pytest.mark.parametrize(
    "changes",
    [
        {"voice": ""},
        {"retry_count": 11},
        {"retry_count": -1},
        {"repeated": -1},
        {"followed_as": "redial"},
        {"cuts": ()},
        {"cuts": ((),)},
        {"cuts": (numbers(101),)},
        {"cuts": (numbers(2), numbers(2))},
        {"asked_by": None},
        {"voice": b"blob"},
    ],
    ids=str,
)
def test_batches_that_are_refused(tx: Stores, changes: dict[str, Any]) -> None:
    """A batch has a voice, numbers, at most 100 of them in a submission, and each only once."""
    tx.db.execute("BEGIN")
    with pytest.raises(sqlite3.IntegrityError):
        add(tx, **changes)
    tx.db.execute("ROLLBACK")
    assert tx.batches.latest(1) == []


def test_a_follow_up_says_how_it_follows(tx: Stores) -> None:
    """A batch that follows another says whether by *Try again* or by *Redial*."""
    first = add(tx)
    for followed_as in ("try_again", "redial"):
        add(tx, follows=first, followed_as=followed_as)
    for unknown in (None, "copy"):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            add(tx, follows=first, followed_as=unknown)


def test_the_board_learns_of_every_change(tx: Stores) -> None:
    """Whatever changes in a submission or a call gives its batch a new revision."""
    batch_id = add(tx)

    def revision() -> int:
        batch = tx.batches.get(batch_id)
        assert batch is not None
        return batch.revision

    seen = [revision()]
    bring(tx, part(tx, batch_id).id, S.SENDING)
    seen.append(revision())
    adopt(tx, call(tx, batch_id, 1).id, news("aa"), NOW)
    seen.append(revision())
    record(tx, news("aa", price=5), NOW)
    seen.append(revision())
    tx.calls.not_confirmed(part(tx, batch_id).id, NOW)
    seen.append(revision())
    tx.submissions.end(part(tx, batch_id).id, S.ACCEPTED, now=NOW)
    seen.append(revision())
    tx.batches.stop(batch_id, StopReason.PERSON, now=NOW)
    seen.append(revision())
    assert seen == sorted(set(seen))
