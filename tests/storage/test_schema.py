import sqlite3
from itertools import permutations

import pytest

from storage.models import BatchState, CallStatus, DraftState, SubmissionState
from storage.stores import Stores
from tests.storage.making import (
    ANN,
    NOW,
    PATHS,
    add,
    add_in,
    adopt,
    bring,
    bring_batch,
    call,
    new_draft,
    news,
    part,
    put,
)

B, S, C, D = BatchState, SubmissionState, CallStatus, DraftState

BATCH_MAY = {
    B.RUNNING: {B.HELD, B.FINISHED, B.STOPPED},
    B.HELD: {B.RUNNING, B.FINISHED, B.STOPPED},
}
SUBMISSION_MAY = {
    S.QUEUED: {S.SENDING, S.CANCELLED},
    S.SENDING: {S.ACCEPTED, S.REFUSED, S.UNKNOWN, S.UNSENT, S.QUEUED, S.CANCELLED},
    S.UNKNOWN: {S.ACCEPTED, S.RELEASED, S.LEFT},
    S.RELEASED: {S.ACCEPTED},
    S.LEFT: {S.ACCEPTED},
}
DRAFT_MAY = {D.OPEN: {D.CONFIRMED, D.CANCELLED, D.EXPIRED}}
WITHOUT_ID = {C.PLANNED, C.SKIPPED, C.NOT_CONFIRMED}
SAID = set(C) - WITHOUT_ID - {C.NO_RESULT}  # what the gateway says of a call
CALL_MAY = {
    C.PLANNED: SAID | {C.SKIPPED, C.NOT_CONFIRMED},
    C.NOT_CONFIRMED: SAID,
    C.WAITING: SAID | {C.NO_RESULT},
    C.OTHER: SAID | {C.NO_RESULT},
    C.NO_RESULT: SAID,
    **dict.fromkeys(SAID - {C.WAITING, C.OTHER}, SAID),
}


def test_every_state_is_in_these_tables() -> None:
    """The states that the models know are the ones whose moves are tried here."""
    assert set(PATHS) == set(S)
    assert {len(B), len(D)} == {4}
    assert set(CALL_MAY) == set(C) - {C.SKIPPED}


@pytest.mark.parametrize(("was", "becomes"), [*permutations(B, 2)])
def test_moves_of_a_batch(tx: Stores, was: BatchState, becomes: BatchState) -> None:
    """A batch moves as docs/architecture.md says, and in no other way."""
    batch_id = add_in(tx, S.CANCELLED)
    bring_batch(tx, batch_id, was)
    ends = becomes in (B.FINISHED, B.STOPPED)
    move = (
        "UPDATE batches SET state = ?, ended_at = ?, stop_reason = ?, hold_reason = 'person',"
        " held_at = 1 WHERE id = ?"
    )
    values = (becomes, NOW if ends else None, "person" if becomes is B.STOPPED else None, batch_id)
    if becomes in BATCH_MAY.get(was, set()):
        tx.db.execute(move, values)
        assert [batch.state for batch in tx.batches.latest(1)] == [becomes]
    else:
        with pytest.raises(sqlite3.IntegrityError, match=r"^batch: no such move$"):
            tx.db.execute(move, values)


@pytest.mark.parametrize(("was", "becomes"), [*permutations(S, 2)])
def test_moves_of_a_submission(tx: Stores, was: SubmissionState, becomes: SubmissionState) -> None:
    """A submission moves as docs/architecture.md says, and in no other way."""
    submission_id = part(tx, add_in(tx, was)).id
    move = (
        "UPDATE submissions SET state = ?, claimed_at = 1, code = ?,"
        " attempts = CASE WHEN ? THEN attempts + 1 ELSE max(attempts, 1) END WHERE id = ?"
    )
    code = "42" if becomes is S.REFUSED else None
    values = (becomes, code, becomes is S.SENDING, submission_id)
    if becomes in SUBMISSION_MAY.get(was, set()):
        tx.db.execute(move, values)
        assert [found.id for found in tx.submissions.in_state(becomes)] == [submission_id]
    else:
        with pytest.raises(sqlite3.IntegrityError, match=r"^submission: no such move$"):
            tx.db.execute(move, values)


@pytest.mark.parametrize(("was", "becomes"), [*permutations(D, 2)])
def test_moves_of_a_draft(tx: Stores, was: DraftState, becomes: DraftState) -> None:
    """A draft is open once and closed once."""
    draft, other = tx.drafts.create(new_draft()), add(tx)
    if was is D.CONFIRMED:
        tx.drafts.confirm(draft, add(tx))
    elif was is not D.OPEN:
        tx.db.execute("UPDATE drafts SET state = ?", (was,))
    move = "UPDATE drafts SET state = ?, batch_id = ? WHERE id = ?"
    values = (becomes, other if becomes is D.CONFIRMED else None, draft)
    if becomes in DRAFT_MAY.get(was, set()):
        tx.db.execute(move, values)
        assert [row[0] for row in tx.db.execute("SELECT state FROM drafts")] == [becomes]
    else:
        with pytest.raises(sqlite3.IntegrityError, match=r"^draft: no such move$"):
            tx.db.execute(move, values)


def bring_call(tx: Stores, call_id: int, status: CallStatus) -> None:
    """Move a planned call to this status."""
    if status is C.SKIPPED:
        tx.db.execute("UPDATE calls SET status = 'skipped', skip_reason = 'rang'")
    elif status is C.NOT_CONFIRMED:
        tx.db.execute("UPDATE calls SET status = 'not_confirmed'")
    elif status is not C.PLANNED:
        adopt(tx, call_id, news("aa"), NOW)
        adopt(tx, call_id, news("aa", status), NOW)


@pytest.mark.parametrize(("was", "becomes"), [*permutations(C, 2)])
def test_moves_of_a_call(tx: Stores, was: CallStatus, becomes: CallStatus) -> None:
    """A call is skipped or unconfirmed only out of the plan; what the gateway says corrects."""
    call_id = call(tx, add(tx, ("+989120000001",))).id
    bring_call(tx, call_id, was)
    needs_id = becomes not in WITHOUT_ID
    move = (
        "UPDATE calls SET status = ?, word = 'W', skip_reason = ?, next_poll_at = NULL,"
        " gateway_id = CASE WHEN ? THEN coalesce(gateway_id, 'aa') ELSE gateway_id END"
        " WHERE id = ?"
    )
    values = (becomes, "rang" if becomes is C.SKIPPED else None, needs_id, call_id)
    if becomes in CALL_MAY.get(was, set()):
        tx.db.execute(move, values)
        assert [row[0] for row in tx.db.execute("SELECT status FROM calls")] == [becomes]
    else:
        with pytest.raises(sqlite3.IntegrityError, match=r"^call: no such move$"):
            tx.db.execute(move, values)


@pytest.mark.parametrize("word", ["paused", "RUNNING", ""])
@pytest.mark.parametrize(
    "move",
    [
        "UPDATE batches SET state = ?",
        "UPDATE submissions SET state = ?",
        "UPDATE drafts SET state = ?",
        "UPDATE calls SET status = ?, word = 'W', gateway_id = 'aa'",
    ],
)
def test_states_that_do_not_exist(tx: Stores, move: str, word: str) -> None:
    """A state that the schema does not know is refused."""
    add(tx)
    tx.drafts.create(new_draft())
    with pytest.raises(sqlite3.IntegrityError):
        tx.db.execute(move, (word,))


@pytest.mark.parametrize("state", [B.HELD, B.FINISHED, B.STOPPED])
def test_a_batch_begins_running(tx: Stores, state: BatchState) -> None:
    """No batch is recorded in any other state than running."""
    with pytest.raises(sqlite3.IntegrityError, match=r"^batch: begins as running$"):
        tx.db.execute(
            "INSERT INTO batches (state, asked_by, voice, retry_count, author_id, author_name,"
            " chat_id, numbers, submissions, repeated, fingerprint, created_at, event_at,"
            " hold_reason, held_at, ended_at, stop_reason)"
            " VALUES (?, 'm', 'v', 0, 1, 'Ann', 1, 1, 1, 0, 'f', 1, 1, 'person', 1, ?, ?)",
            (state, None if state is B.HELD else 1.0, "person" if state is B.STOPPED else None),
        )


ADD_SUBMISSION = (
    "INSERT INTO submissions (batch_id, position, state, numbers, not_before, claimed_at,"
    " attempts) VALUES (?, ?, ?, 1, 0, 1, 1)"
)
ADD_CALL = (
    "INSERT INTO calls (batch_id, submission_id, position, number, status, gateway_id, word)"
    " VALUES (?, ?, ?, ?, ?, ?, 'W')"
)


@pytest.mark.parametrize(
    ("position", "state"),
    [(0, "queued"), (2, "queued"), (1, "queued"), (2, "accepted"), (1, "accepted")],
)
def test_no_submission_is_added(tx: Stores, position: int, state: str) -> None:
    """A batch has all its submissions from its first moment, and they begin queued."""
    batch_id = add(tx)
    with pytest.raises(sqlite3.IntegrityError):
        tx.db.execute(ADD_SUBMISSION, (batch_id, position, state))
    assert len(tx.submissions.of_batch(batch_id)) == 1


def test_a_submission_begins_queued(tx: Stores) -> None:
    """Even where a batch lacks one, a submission cannot come in any other state."""
    batch_id = add(tx)
    tx.db.execute("DROP TRIGGER batches_fixed")
    tx.db.execute("UPDATE batches SET submissions = 3")
    tx.db.execute(ADD_SUBMISSION, (batch_id, 2, "queued"))
    with pytest.raises(sqlite3.IntegrityError, match=r"^submission: nothing is ever added"):
        tx.db.execute(ADD_SUBMISSION, (batch_id, 3, "sending"))


def test_a_call_begins_planned(tx: Stores) -> None:
    """Even where a batch lacks one, a call cannot come in any other status."""
    batch_id = add(tx)
    tx.db.execute("DROP TRIGGER batches_fixed")
    tx.db.execute("UPDATE batches SET numbers = 3")
    values = (batch_id, part(tx, batch_id).id, 3, "+989120000009")
    with pytest.raises(sqlite3.IntegrityError, match=r"^call: nothing is ever added"):
        tx.db.execute(ADD_CALL, (*values, "waiting", "aa"))
    tx.db.execute(ADD_CALL, (*values, "planned", None))


@pytest.mark.parametrize(
    ("position", "number", "status"),
    [
        (0, "+989120000009", "planned"),
        (3, "+989120000009", "planned"),  # beyond its numbers
        (2, "+989120000009", "planned"),  # in the place of another
        (3, "+989120000001", "planned"),  # a number that stands in the batch
        (3, "+989120000009", "waiting"),
    ],
)
def test_no_call_is_added(tx: Stores, position: int, number: str, status: str) -> None:
    """A batch has all its numbers from its first moment, each of them once, and all planned."""
    batch_id = add(tx)
    gateway_id = None if status == "planned" else "aa"
    values = (batch_id, part(tx, batch_id).id, position, number, status, gateway_id)
    with pytest.raises(sqlite3.IntegrityError):
        tx.db.execute(ADD_CALL, values)
    assert len(tx.calls.of_batch(batch_id)) == 2


@pytest.mark.parametrize(
    "delete", ["DELETE FROM batches", "DELETE FROM submissions", "DELETE FROM calls"]
)
def test_nothing_is_deleted(tx: Stores, delete: str) -> None:
    """What was launched stays in the record."""
    add(tx)
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        tx.db.execute(delete)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("batches", c) for c in ("id", "asked_by", "voice", "retry_count", "server_id")),
        *(("batches", c) for c in ("author_id", "numbers", "submissions", "created_at")),
        *(("batches", c) for c in ("follows", "followed_as")),
        *(("submissions", c) for c in ("id", "batch_id", "position", "numbers")),
        *(("calls", c) for c in ("id", "batch_id", "submission_id", "position", "number")),
    ],
)
def test_what_was_asked_for_is_fixed(tx: Stores, table: str, column: str) -> None:
    """What a person asked for, and how it was cut, cannot be changed afterwards."""
    add(tx, ("+989120000001",))
    value = {"number": "+989120000002", "followed_as": "redial"}.get(column, 7)
    with pytest.raises(sqlite3.IntegrityError, match="fixed"):
        put(tx, table, column, value)


@pytest.mark.parametrize("becomes", ["bb", "AA", None])
def test_a_gateway_id_is_fixed(tx: Stores, becomes: str | None) -> None:
    """The id that a call has is its id for ever."""
    batch_id = add(tx)
    adopt(tx, call(tx, batch_id).id, news("aa"), NOW)
    with pytest.raises(sqlite3.IntegrityError, match=r"^call: its number and its id are fixed$"):
        tx.db.execute("UPDATE calls SET gateway_id = ? WHERE gateway_id = 'aa'", (becomes,))


def test_a_number_can_be_redacted(tx: Stores) -> None:
    """A number may give way to a hash, and never comes back."""
    add(tx, ("+989120000001",))
    tx.db.execute("UPDATE calls SET number = '#5d41402a'")
    with pytest.raises(sqlite3.IntegrityError, match="fixed"):
        tx.db.execute("UPDATE calls SET number = '+989120000001'")


def test_one_id_one_call(tx: Stores) -> None:
    """No two calls have the same gateway id."""
    batch_id = add(tx)
    adopt(tx, call(tx, batch_id, 1).id, news("aa"), NOW)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*gateway_id"):
        adopt(tx, call(tx, batch_id, 2).id, news("aa"), NOW)


@pytest.mark.parametrize("state", [S.QUEUED, S.SENDING])
@pytest.mark.parametrize("becomes", [B.FINISHED, B.STOPPED])
def test_an_end_with_something_left(
    tx: Stores, state: SubmissionState, becomes: BatchState
) -> None:
    """Nothing ends with something queued; what is on its way may still end in a stopped one."""
    batch_id = add_in(tx, state)
    move = "UPDATE batches SET state = ?, ended_at = 1, stop_reason = ?"
    values = (becomes, "person" if becomes is B.STOPPED else None)
    if (state, becomes) == (S.SENDING, B.STOPPED):
        tx.db.execute(move, values)
        assert tx.submissions.end(part(tx, batch_id).id, S.CANCELLED, now=NOW)
    else:
        with pytest.raises(sqlite3.IntegrityError, match=r"^batch: something is left to send$"):
            tx.db.execute(move, values)


def test_a_second_submission_is_left(tx: Stores) -> None:
    """A batch does not finish while any of its submissions is queued."""
    batch_id = add_in(tx, S.ACCEPTED, ("+989120000001",), ("+989120000002",))
    with pytest.raises(sqlite3.IntegrityError, match=r"^batch: something is left to send$"):
        tx.batches.finish(batch_id, now=NOW)
    bring(tx, part(tx, batch_id, 2).id, S.LEFT)
    tx.batches.finish(batch_id, now=NOW)


def test_foreign_keys_hold(tx: Stores) -> None:
    """A row cannot name a batch, a submission or a person's draft that does not exist."""
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        tx.evidence.give("aa", 7, ANN, NOW)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        tx.db.execute(ADD_CALL, (7, 7, 1, "+989120000001", "planned", None))
