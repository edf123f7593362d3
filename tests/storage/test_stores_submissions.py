import pytest

from storage.models import (
    BatchState,
    EvidenceState,
    HoldReason,
    PauseReason,
    Submission,
    SubmissionState,
)
from storage.stores import Stores
from storage.stores.submissions import Due
from tests.storage.making import (
    ANN,
    BEN,
    NOW,
    add,
    add_in,
    bring,
    bring_batch,
    new_batch,
    numbers,
    part,
)

S, B = SubmissionState, BatchState
TWO = (numbers(1), numbers(1, 2))
FRESH = 600.0


def due(tx: Stores, now: float = NOW, limit: int = -1) -> list[int]:
    """The batches whose turn it is, in order."""
    return [d.batch_id for d in tx.submissions.due(now, put_back=FRESH, limit=limit)]


def test_due(tx: Stores) -> None:
    """What is due is told with all that its freshness depends on."""
    batch_id = tx.batches.create(new_batch(undo_until=NOW - 4), now=NOW - 9)
    submission_id = part(tx, batch_id).id
    assert tx.submissions.due(NOW, put_back=FRESH) == [
        Due(
            submission_id=submission_id,
            batch_id=batch_id,
            event_at=NOW - 9,
            not_before=NOW - 4,
        )
    ]


def test_due_in_order(tx: Stores) -> None:
    """Each batch has one submission due at most, and the one that waits longest comes first."""
    third, first, second = (add(tx, *TWO, now=NOW - ago) for ago in (1, 9, 5))
    late = tx.batches.create(new_batch(undo_until=NOW - 3), now=NOW - 8)
    assert due(tx) == [first, second, late, third]
    assert due(tx, limit=2) == [first, second]
    tx.batches.happened(first, NOW)
    assert due(tx) == [second, late, third, first]


def test_due_at_the_same_moment(tx: Stores) -> None:
    """Of two that have waited equally long the older one comes first."""
    ids = [add(tx) for _ in range(3)]
    assert due(tx) == ids


@pytest.mark.parametrize("state", list(BatchState))
def test_due_in_a_running_batch(tx: Stores, state: BatchState) -> None:
    """Only a running batch has anything due."""
    batch_id = add(tx) if state in (B.RUNNING, B.HELD) else add_in(tx, S.CANCELLED)
    bring_batch(tx, batch_id, state)
    assert due(tx) == ([batch_id] if state is B.RUNNING else [])


@pytest.mark.parametrize("state", list(SubmissionState))
def test_due_after_the_first(tx: Stores, state: SubmissionState) -> None:
    """The second submission is due when the first one has an outcome, and not while it is sent."""
    batch_id = add_in(tx, state, *TWO)
    found = tx.submissions.due(NOW, put_back=FRESH)
    if state is S.SENDING:
        assert found == []
    else:
        assert [d.submission_id for d in found] == [part(tx, batch_id, 1 + (state != S.QUEUED)).id]


def test_due_in_time(tx: Stores) -> None:
    """A submission is not due before its time, and no later one overtakes it."""
    batch_id = tx.batches.create(new_batch(*TWO, undo_until=NOW + 5), now=NOW)
    assert due(tx, NOW + 4.9) == []
    assert due(tx, NOW + 5) == [batch_id]


@pytest.mark.parametrize(("ahead", "over"), [(FRESH, False), (FRESH + 1, True)])
@pytest.mark.parametrize("attempted", [True, False])
def test_due_after_the_clock_was_put_back(
    tx: Stores, ahead: float, over: bool, attempted: bool
) -> None:
    """A wait of a batch whose last event lies far ahead is over, whatever it waits for."""
    then = NOW + ahead
    batch_id = tx.batches.create(new_batch(undo_until=then), now=then)
    if attempted:
        assert tx.submissions.claim(part(tx, batch_id).id, then)
        tx.submissions.requeue(part(tx, batch_id).id, not_before=then + 2, reason="DNS")
    assert due(tx) == ([batch_id] if over else [])


def test_next_due_at(tx: Stores) -> None:
    """The dialer wakes for the earliest time ahead of a running batch, and for nothing else."""
    assert tx.submissions.next_due_at(NOW) is None
    add(tx)
    assert tx.submissions.next_due_at(NOW) is None
    for ahead in (9, 5, 7):
        held = tx.batches.create(new_batch(undo_until=NOW + ahead), now=NOW)
    assert tx.submissions.next_due_at(NOW) == NOW + 5
    assert tx.submissions.next_due_at(NOW + 5) == NOW + 7
    tx.batches.hold(held, HoldReason.PERSON, now=NOW)
    assert tx.submissions.next_due_at(NOW + 5) == NOW + 9


def test_claim(tx: Stores) -> None:
    """A claim is made once: the second one changes nothing."""
    batch_id = add(tx)
    submission_id = part(tx, batch_id).id
    claims = [tx.submissions.claim(submission_id, NOW + i) for i in range(3)]
    assert claims == [True, False, False]
    claimed = part(tx, batch_id)
    assert (claimed.state, claimed.attempts, claimed.claimed_at) == (S.SENDING, 1, NOW)


@pytest.mark.parametrize("state", [s for s in S if s is not S.QUEUED])
def test_claim_what_is_not_queued(tx: Stores, state: SubmissionState) -> None:
    """Only what is queued can be claimed."""
    batch_id = add_in(tx, state)
    before = part(tx, batch_id)
    assert not tx.submissions.claim(before.id, NOW)
    assert part(tx, batch_id) == before


def test_claim_too_early(tx: Stores) -> None:
    """Nothing is claimed before its time."""
    batch_id = tx.batches.create(new_batch(undo_until=NOW + 5), now=NOW)
    submission_id = part(tx, batch_id).id
    assert [tx.submissions.claim(submission_id, NOW + s) for s in (4.9, 5)] == [False, True]


def test_claim_while_held_or_paused(tx: Stores) -> None:
    """A held batch and a pause keep a claim from being made, without an error."""
    held, submission = add(tx), part(tx, add(tx))
    tx.batches.hold(held, HoldReason.AWAY, now=NOW)
    assert not tx.submissions.claim(part(tx, held).id, NOW)
    tx.pauses.begin(PauseReason.DISK, "full", NOW)
    assert not tx.submissions.claim(submission.id, NOW)
    tx.pauses.end(PauseReason.DISK, by=None, name=None, now=NOW)
    assert tx.submissions.claim(submission.id, NOW)


def test_claim_nothing(tx: Stores) -> None:
    """A submission that does not exist cannot be claimed, read or decided."""
    assert not tx.submissions.claim(1, NOW)
    assert tx.submissions.get(1) is None
    assert tx.submissions.body(1) == b""
    assert not tx.submissions.decide(1, S.LEFT, by=ANN, now=NOW)


def test_requeue(tx: Stores) -> None:
    """What was surely not sent waits for its next attempt with the reason, and then loses it."""
    batch_id = add_in(tx, S.SENDING)
    submission_id = part(tx, batch_id).id
    tx.submissions.requeue(submission_id, not_before=NOW + 2, reason="ConnectError")
    back = part(tx, batch_id)
    assert (back.state, back.attempts, back.not_before, back.reason) == (
        S.QUEUED,
        1,
        NOW + 2,
        "ConnectError",
    )
    assert tx.submissions.claim(submission_id, NOW + 2)
    again = part(tx, batch_id)
    assert (again.attempts, again.claimed_at, again.reason) == (2, NOW + 2, None)


@pytest.mark.parametrize("state", [s for s in S if s is not S.SENDING])
def test_an_outcome_comes_once(tx: Stores, state: SubmissionState) -> None:
    """Only what is on its way has an outcome, or goes back to the queue; else nothing changes."""
    batch_id = add_in(tx, state)
    before = part(tx, batch_id)
    assert not tx.submissions.end(before.id, S.ACCEPTED, now=NOW + 9, body=b"late")
    tx.submissions.requeue(before.id, not_before=NOW + 9, reason="late")
    assert (part(tx, batch_id), tx.submissions.body(before.id)) == (before, b"")


@pytest.mark.parametrize("body", [b"", b"{}", b"\0\xff" * 500_000], ids=len)
def test_an_outcome(tx: Stores, body: bytes) -> None:
    """An outcome keeps all that came, the body byte by byte and compressed."""
    batch_id = add_in(tx, S.SENDING)
    submission_id = part(tx, batch_id).id
    assert tx.submissions.end(
        submission_id,
        S.REFUSED,
        now=NOW + 1,
        reason="no credit",
        code="007",
        http_status=402,
        campaign_id="c",
        body=body,
    )
    assert part(tx, batch_id) == Submission(
        id=submission_id,
        batch_id=batch_id,
        position=1,
        state=S.REFUSED,
        numbers=2,
        attempts=1,
        not_before=0.0,
        claimed_at=NOW,
        ended_at=NOW + 1,
        reason="no credit",
        code="007",
        http_status=402,
        campaign_id="c",
        decided_name=None,
        decided_at=None,
    )
    assert tx.submissions.body(submission_id) == body
    kept = tx.db.execute("SELECT coalesce(length(body), 0) FROM submissions").fetchone()[0]
    assert kept <= min(len(body) + 20, 5000)


@pytest.mark.parametrize("state", list(SubmissionState))
def test_cancel(tx: Stores, state: SubmissionState) -> None:
    """Only what is queued can be cancelled; anything else stays as it is."""
    batch_id = add_in(tx, state)
    before = part(tx, batch_id)
    tx.submissions.cancel(before.id, now=NOW + 9)
    after = part(tx, batch_id)
    if state is S.QUEUED:
        assert (after.state, after.ended_at) == (S.CANCELLED, NOW + 9)
    else:
        assert after == before


@pytest.mark.parametrize("was", list(SubmissionState))
@pytest.mark.parametrize("becomes", [S.ACCEPTED, S.RELEASED, S.LEFT])
def test_decide(tx: Stores, was: SubmissionState, becomes: SubmissionState) -> None:
    """An unknown one may become anything, a released or left one only accepted, others nothing."""
    batch_id = add_in(tx, was)
    before = part(tx, batch_id)
    may = was is S.UNKNOWN or (was in (S.RELEASED, S.LEFT) and becomes is S.ACCEPTED)
    assert tx.submissions.decide(before.id, becomes, by=BEN, now=NOW + 9) == may
    after = part(tx, batch_id)
    if may:
        assert (after.state, after.decided_name, after.decided_at) == (becomes, "Ben", NOW + 9)
    else:
        assert after == before


@pytest.mark.parametrize("state", list(SubmissionState))
def test_in_state(tx: Stores, state: SubmissionState) -> None:
    """The submissions in a state are found, oldest first, and no others."""
    found = {each: [part(tx, add_in(tx, each)).id for _ in range(2)] for each in S}
    assert [s.id for s in tx.submissions.in_state(state)] == found[state]


def test_left_to_send(tx: Stores) -> None:
    """What is queued and what is on its way is counted, in this batch only."""
    batch_id = add_in(tx, S.ACCEPTED, *(numbers(1, i) for i in range(1, 5)))
    add(tx)
    assert tx.submissions.left_to_send(batch_id) == (3, 0)
    bring(tx, part(tx, batch_id, 2).id, S.SENDING)
    assert tx.submissions.left_to_send(batch_id) == (2, 1)
    assert tx.submissions.left_to_send(999) == (0, 0)


@pytest.mark.parametrize("state", list(SubmissionState))
@pytest.mark.parametrize("followed_as", [None, "redial", "try_again"])
def test_to_try_again(tx: Stores, state: SubmissionState, followed_as: str | None) -> None:
    """What surely did not ring can be tried again; a cancelled one only in such a follow-up."""
    follows = None if followed_as is None else add_in(tx, S.REFUSED)
    batch_id = add_in(tx, state, follows=follows, followed_as=followed_as)
    may = state in (S.REFUSED, S.UNSENT, S.RELEASED) or (
        state is S.CANCELLED and followed_as == "try_again"
    )
    assert tx.submissions.to_try_again(batch_id) == ([part(tx, batch_id)] if may else [])


def test_to_try_again_once(tx: Stores) -> None:
    """What a follow-up has taken cannot be tried again; the rest comes in its order."""
    batch_id = add_in(tx, S.REFUSED, *(numbers(1, i) for i in range(1, 4)))
    for position in (2, 3):
        bring(tx, part(tx, batch_id, position).id, S.UNSENT)
    taken = part(tx, batch_id, 2).id
    add(tx, numbers(1, 2), follows=batch_id, followed_as="try_again", sources=(taken,))
    assert [s.position for s in tx.submissions.to_try_again(batch_id)] == [1, 3]


@pytest.mark.parametrize("state", [None, *EvidenceState])
def test_to_try_again_beside_evidence(tx: Stores, state: EvidenceState | None) -> None:
    """What something was said of that is not settled cannot be tried again until it is."""
    batch_id = add_in(tx, S.RELEASED)
    submission_id = part(tx, batch_id).id
    if state is not None:
        evidence_id = tx.evidence.give("aa", submission_id, ANN, NOW)
        assert tx.evidence.settle(evidence_id, state, "", NOW)
    blocked = state in (EvidenceState.WAITING, EvidenceState.AMBIGUOUS)
    assert bool(tx.submissions.to_try_again(batch_id)) is not blocked
    assert tx.submissions.evidence_waits(batch_id) == ({submission_id} if blocked else set())
    assert tx.submissions.evidence_waits(add(tx)) == frozenset()
