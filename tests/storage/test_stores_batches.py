import sqlite3
from dataclasses import replace

import pytest

from storage.models import (
    Batch,
    BatchState,
    CallStatus,
    HoldReason,
    Place,
    StopReason,
    SubmissionState,
)
from storage.stores import Stores
from tests.storage.making import (
    ANN,
    NOW,
    ROOM,
    add,
    add_in,
    bring,
    bring_batch,
    new_batch,
    numbers,
    part,
)

B, S = BatchState, SubmissionState


def get(tx: Stores, batch_id: int) -> Batch:
    """A batch as it is recorded."""
    found = tx.batches.get(batch_id)
    assert found is not None
    return found


def test_what_is_recorded(tx: Stores) -> None:
    """A batch holds all that was asked for, word by word, before anything is sent."""
    asked = new_batch(numbers(3), numbers(2, 4), repeated=1, server_id="007", fingerprint="f")
    batch_id = tx.batches.create(asked, now=NOW)
    assert get(tx, batch_id) == Batch(
        id=batch_id,
        state=B.RUNNING,
        asked_by=asked.asked_by,
        voice="0" * 32,
        retry_count=2,
        server_id="007",
        author_id=ANN.id,
        author_name=ANN.name,
        chat_id=ROOM.chat_id,
        numbers=5,
        submissions=2,
        repeated=1,
        fingerprint="f",
        follows=None,
        followed_as=None,
        created_at=NOW,
        event_at=NOW,
        hold_no=0,
        hold_reason=None,
        hold_name=None,
        held_at=None,
        ended_at=None,
        stop_reason=None,
        stop_name=None,
        revision=1,
    )


def test_its_submissions_and_calls(tx: Stores) -> None:
    """Numbers keep their order through the cuts, and each has its place from one up."""
    batch_id = add(tx, numbers(3), numbers(2, 4))
    first, second = tx.submissions.of_batch(batch_id)
    assert [(s.position, s.state, s.numbers, s.attempts) for s in (first, second)] == [
        (1, S.QUEUED, 3, 0),
        (2, S.QUEUED, 2, 0),
    ]
    assert [
        (c.position, c.number, c.submission_id, c.status) for c in tx.calls.of_batch(batch_id)
    ] == [
        (place, number, (first if place <= 3 else second).id, CallStatus.PLANNED)
        for place, number in enumerate(numbers(5), start=1)
    ]


def test_not_before(tx: Stores) -> None:
    """The time of undo is for the first submission; the others wait for that one anyway."""
    new = new_batch(numbers(1), numbers(1, 2))
    batch_id = tx.batches.create(replace(new, undo_until=NOW + 5), now=NOW)
    assert [s.not_before for s in tx.submissions.of_batch(batch_id)] == [NOW + 5, 0.0]
    assert part(tx, add(tx)).not_before == 0.0


def test_asked_once(tx: Stores) -> None:
    """The same message makes one batch, which is found by it."""
    asked = new_batch()
    batch_id = tx.batches.create(asked, now=NOW)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*asked_by"):
        tx.batches.create(replace(asked, voice="other"), now=NOW)
    assert tx.batches.asked(asked.asked_by) == get(tx, batch_id)
    assert tx.batches.asked("message:-100:0") is None


def test_get_nothing(tx: Stores) -> None:
    """A batch that does not exist is none."""
    assert tx.batches.get(1) is None
    assert tx.batches.latest_in_chat(-100) is None


def test_the_newest(tx: Stores) -> None:
    """The newest batches come first, also those of one chat."""
    ids = [add(tx, place=Place(chat_id=chat)) for chat in (1, 2, 1, 2)]
    assert [batch.id for batch in tx.batches.latest(3)] == ids[:0:-1]
    assert tx.batches.latest_in_chat(1) == get(tx, ids[2])
    assert tx.batches.latest_in_chat(3) is None


@pytest.mark.parametrize("state", list(BatchState))
def test_in_state(tx: Stores, state: BatchState) -> None:
    """The batches in a state are found, oldest first, and no others."""
    found: dict[BatchState, list[int]] = {}
    for each in [*BatchState, *BatchState]:
        batch_id = add_in(tx, S.CANCELLED)
        bring_batch(tx, batch_id, each)
        found.setdefault(each, []).append(batch_id)
    assert [batch.id for batch in tx.batches.in_state(state)] == found[state]


RANG = [S.SENDING, S.ACCEPTED, S.UNKNOWN, S.RELEASED, S.LEFT]
NOT_SENT = [S.REFUSED, S.UNSENT, S.CANCELLED]


@pytest.mark.parametrize("state", list(SubmissionState))
@pytest.mark.parametrize("becomes", [B.RUNNING, B.HELD, B.STOPPED])
def test_a_duplicate(tx: Stores, state: SubmissionState, becomes: BatchState) -> None:
    """An open batch is always in the way; an ended one only if anything of it may have rung."""
    batch_id = add_in(tx, state)
    bring_batch(tx, batch_id, becomes)
    duplicate = tx.batches.duplicate("print", NOW)
    nothing_sent = becomes is B.STOPPED and (state in NOT_SENT or state is S.QUEUED)
    assert duplicate == (None if nothing_sent else get(tx, batch_id))


@pytest.mark.parametrize("state", [*RANG[1:], *NOT_SENT])
def test_a_duplicate_of_a_finished_one(tx: Stores, state: SubmissionState) -> None:
    """A finished batch counts if any one of its submissions may have rung."""
    batch_id = add_in(tx, S.REFUSED, numbers(1), numbers(1, 2))
    bring(tx, part(tx, batch_id, 2).id, state)
    tx.batches.finish(batch_id, now=NOW)
    assert (tx.batches.duplicate("print", NOW) is not None) == (state in RANG)


def test_which_duplicate(tx: Stores) -> None:
    """The newest one of the same voice and numbers since then, the moment itself included."""
    old, new = add(tx, now=NOW - 1), add(tx)
    add(tx, fingerprint="other", now=NOW + 1)
    assert tx.batches.duplicate("print", NOW) == get(tx, new)
    assert tx.batches.duplicate("print", NOW + 0.1) is None
    tx.batches.stop(new, StopReason.PERSON, now=NOW)
    assert tx.batches.duplicate("print", NOW) is None
    assert tx.batches.duplicate("print", NOW - 1) == get(tx, old)


def test_hold_and_resume(tx: Stores) -> None:
    """Each hold has its number, its reason and who it was; going on makes the batch fresh."""
    batch_id = add(tx)
    tx.batches.hold(batch_id, HoldReason.PERSON, now=NOW + 1, by=ANN)
    held = get(tx, batch_id)
    assert (held.state, held.hold_no, held.hold_reason, held.hold_name, held.held_at) == (
        B.HELD,
        1,
        HoldReason.PERSON,
        "Ann",
        NOW + 1,
    )
    tx.batches.hold(batch_id, HoldReason.EVIDENCE, now=NOW + 2)
    held = get(tx, batch_id)
    assert (held.state, held.hold_no, held.hold_reason, held.hold_name, held.held_at) == (
        B.HELD,
        2,
        HoldReason.EVIDENCE,
        None,
        NOW + 2,
    )
    tx.batches.resume(batch_id, now=NOW + 3)
    running = get(tx, batch_id)
    assert (running.state, running.event_at, running.hold_no) == (B.RUNNING, NOW + 3, 2)


@pytest.mark.parametrize(("attempted", "not_before"), [(True, NOW + 1), (False, NOW + 500)])
def test_resume_and_times_ahead(tx: Stores, attempted: bool, not_before: float) -> None:
    """Going on ends a back-off, and leaves a time that was asked for as it is."""
    batch_id = tx.batches.create(new_batch(undo_until=NOW + 500), now=NOW)
    submission_id = part(tx, batch_id).id
    if attempted:
        assert tx.submissions.claim(submission_id, NOW + 500)
        tx.submissions.requeue(submission_id, not_before=NOW + 510, reason="DNS")
    tx.batches.hold(batch_id, HoldReason.PERSON, now=NOW)
    tx.batches.resume(batch_id, now=NOW + 1)
    assert part(tx, batch_id).not_before == not_before


def test_resume_leaves_others_alone(tx: Stores) -> None:
    """A back-off that is over, and that of another batch, stay as they are."""
    mine, other = add_in(tx, S.SENDING), add_in(tx, S.SENDING)
    tx.submissions.requeue(part(tx, mine).id, not_before=NOW - 1, reason="DNS")
    tx.submissions.requeue(part(tx, other).id, not_before=NOW + 9, reason="DNS")
    tx.batches.hold(mine, HoldReason.PERSON, now=NOW)
    tx.batches.resume(mine, now=NOW)
    assert [part(tx, mine).not_before, part(tx, other).not_before] == [NOW - 1, NOW + 9]


def test_stop(tx: Stores) -> None:
    """Stop cancels what is queued, and leaves what is on its way to its outcome."""
    batch_id = add_in(tx, S.SENDING, numbers(1), numbers(1, 2), numbers(1, 3))
    other = add(tx)
    tx.batches.stop(batch_id, StopReason.HELD_TOO_LONG, now=NOW + 1, by=ANN)
    stopped = get(tx, batch_id)
    assert (stopped.state, stopped.ended_at) == (B.STOPPED, NOW + 1)
    assert (stopped.stop_reason, stopped.stop_name) == (StopReason.HELD_TOO_LONG, "Ann")
    assert [(s.state, s.ended_at) for s in tx.submissions.of_batch(batch_id)] == [
        (S.SENDING, None),
        (S.CANCELLED, NOW + 1),
        (S.CANCELLED, NOW + 1),
    ]
    assert part(tx, other).state is S.QUEUED


def test_finish(tx: Stores) -> None:
    """A batch that has nothing left to send ends as finished, with the time."""
    batch_id = add_in(tx, S.ACCEPTED)
    tx.batches.finish(batch_id, now=NOW + 1)
    finished = get(tx, batch_id)
    assert (finished.state, finished.ended_at, finished.stop_reason) == (B.FINISHED, NOW + 1, None)


def test_what_draws_the_board_again(tx: Stores) -> None:
    """An event and a touch give a new revision; only an event makes the batch fresh."""
    batch_id = add(tx)
    tx.batches.touch(batch_id)
    touched = get(tx, batch_id)
    assert (touched.revision, touched.event_at) == (2, NOW)
    tx.batches.happened(batch_id, NOW + 5)
    happened = get(tx, batch_id)
    assert (happened.revision, happened.event_at) == (3, NOW + 5)


def follow(tx: Stores, *batch_ids: int) -> int:
    """A follow-up that takes the first submission of each."""
    sources = tuple(part(tx, batch_id).id for batch_id in batch_ids)
    return add(tx, follows=batch_ids[0], followed_as="try_again", sources=sources)


def test_follow_ups_of(tx: Stores) -> None:
    """All that has grown out of a submission is found, over any number of steps, each once."""
    first, second, alone = (add(tx) for _ in range(3))
    child = follow(tx, first, second)
    grandchild = follow(tx, child)
    other = follow(tx, alone)
    assert tx.batches.follow_ups_of([part(tx, first).id]) == [child, grandchild]
    assert tx.batches.follow_ups_of([part(tx, first).id, part(tx, second).id]) == [
        child,
        grandchild,
    ]
    assert tx.batches.follow_ups_of([part(tx, child).id, part(tx, alone).id]) == [
        grandchild,
        other,
    ]
    assert tx.batches.follow_ups_of([part(tx, grandchild).id]) == []
    assert tx.batches.follow_ups_of([]) == []


def test_a_submission_is_taken_once(tx: Stores) -> None:
    """No two follow-ups take the same submission."""
    first = add(tx)
    child = follow(tx, first)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*source_id"):
        follow(tx, first)
    assert tx.submissions.taken_by(first) == {part(tx, first).id: child}
    assert tx.submissions.taken_by(child) == {}
