"""The rules of a batch's life, each a function that runs inside one transaction.

They are the only code that moves submissions and batches; services and the dialer call them.
The numbers in the comments are those of `docs/architecture.md`, "Rules".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.calling.matching import Matched, news_of
from bot.gateway.models import Accepted, Outcome, Refused, Unknown, Unsent
from storage.models import (
    Batch,
    BatchState,
    HoldReason,
    PauseReason,
    Person,
    StopReason,
    Submission,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
)
from storage.stores import Stores
from storage.stores.submissions import Due

LOOKED_AT = 16  # due submissions read at once: one is claimed, the rest would be read in vain
FRESH = 600.0  # seconds after which a batch to which nothing happened is not sent on by itself
HELD_AT_MOST = 24 * 3600.0  # seconds after which a held batch is stopped
BACK_OFF = (2.0, 10.0)  # seconds before the second and the third attempt
ATTEMPTS = 3
INTERRUPTED = "interrupted"

_OPEN = (BatchState.RUNNING, BatchState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claim that is committed: the permission to POST these numbers (E.164) once."""

    submission: Submission
    batch: Batch
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a look at the queue has done.

    `held` says that batches were held or submissions cancelled on the way, which boards show.
    `more` says that something else is due as well; if not, `next_due_at` is when something will be
    (UTC seconds), as far as that is known.
    """

    claimed: Claimed | None = None
    held: bool = False
    more: bool = False
    next_due_at: float | None = None


def claim_next(
    tx: Stores,
    *,
    now: float,
    seen_waiting: Mapping[int, float],
    under_way: Collection[int] = frozenset(),
) -> Progress:
    """Claim the submission that has waited longest, unless launching is paused.

    On the way, batches to which nothing happened for too long are held (rule 6): those that have
    waited longest come first. `patrol` looks at all of them.

    Args:
        tx: the transaction's stores.
        now: UTC seconds.
        seen_waiting: by batch, when this process last saw it wait for a free slot; such a wait
            does not count as away.
        under_way: submissions whose last attempt is not known to be recorded. One of them may be
            queued again already, but its next attempt would be taken for the one before.
    """
    held = False
    paused = bool(tx.pauses.open())
    before: list[Due] = []
    while (dues := tx.submissions.due(now, put_back=FRESH, limit=LOOKED_AT)) and dues != before:
        before = dues
        fresh = [due for due in dues if not _hold_if_away(tx, due, now, seen_waiting)]
        held = held or len(fresh) < len(dues)
        for due in () if paused else fresh:
            if due.submission_id in under_way:
                continue
            claimed = _claim(tx, due.submission_id, now)
            if claimed is not None:
                more = len(dues) > 1
                at = None if more else tx.submissions.next_due_at(now)
                return Progress(claimed=claimed, held=held, more=more, next_due_at=at)
            held = True  # no number of it was left, and it is cancelled
    return Progress(held=held, next_due_at=tx.submissions.next_due_at(now))


def anything_queued(tx: Stores, now: float) -> bool:
    """Whether a running batch has something to send, now or after a back-off."""
    return bool(tx.submissions.due(now, put_back=FRESH, limit=1)) or (
        tx.submissions.next_due_at(now) is not None
    )


def patrol(tx: Stores, *, now: float, seen_waiting: Mapping[int, float]) -> list[int]:
    """Hold what was away too long, stop what was held too long; returns the batches that wait.

    Also while launching is paused, and while no slot is free.
    """
    stop_long_held(tx, now)
    return [
        due.batch_id
        for due in tx.submissions.due(now, put_back=FRESH)
        if not _hold_if_away(tx, due, now, seen_waiting)
    ]


def _hold_if_away(tx: Stores, due: Due, now: float, seen_waiting: Mapping[int, float]) -> bool:
    """Rule 6; a clock that was put back is no better than a machine that slept."""
    fresh_at = max(due.event_at, due.not_before, seen_waiting.get(due.batch_id, 0.0))
    if abs(now - fresh_at) <= FRESH:
        return False
    tx.batches.hold(due.batch_id, HoldReason.AWAY, now=now)
    return True


def _claim(tx: Stores, submission_id: int, now: float) -> Claimed | None:
    """Rule 2: skip what may have rung meanwhile, then move `queued` to `sending`."""
    submission = _submission(tx, submission_id)
    skipped, left = tx.calls.skip_rung(submission.batch_id, submission_id, now)
    if skipped and not left:
        tx.submissions.cancel(submission_id, now=now)
        conclude(tx, submission.batch_id, now=now)
        return None
    if not tx.submissions.claim(submission_id, now):
        return None
    return Claimed(
        submission=_submission(tx, submission_id),
        batch=_batch(tx, submission.batch_id),
        numbers=tuple(
            call.number
            for call in tx.calls.of_submission(submission_id)
            if call.status == "planned"
        ),
    )


def record_outcome(
    tx: Stores, submission_id: int, outcome: Outcome, matched: Matched | None, *, now: float
) -> bool:
    """Rules 3 to 5: the whole answer in one transaction, and what follows for the batch.

    Recording the same outcome again changes nothing.

    Returns:
        True if a 401 paused launching just now.
    """
    submission = _submission(tx, submission_id)
    if submission.state is not SubmissionState.SENDING:
        if isinstance(outcome, Accepted):
            _keep_late(tx, submission_id, outcome)
        return False
    if isinstance(outcome, Unsent):
        _record_unsent(tx, submission, outcome, now)
        return False
    hold: HoldReason | None = None
    if isinstance(outcome, Accepted):
        _record_accepted(tx, submission_id, outcome, matched, now)
    elif isinstance(outcome, Refused):
        hold = HoldReason.REFUSED
        tx.submissions.end(
            submission_id,
            SubmissionState.REFUSED,
            now=now,
            code=outcome.code,
            http_status=outcome.http_status,
            body=outcome.body,
        )
    else:
        hold = HoldReason.UNKNOWN
        record_unknown(tx, submission_id, outcome, now)
    conclude(tx, submission.batch_id, hold, now=now)
    return outcome.unauthorised and tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", now)


def _record_accepted(
    tx: Stores, submission_id: int, outcome: Accepted, matched: Matched | None, now: float
) -> None:
    tx.submissions.end(
        submission_id,
        SubmissionState.ACCEPTED,
        now=now,
        http_status=outcome.http_status,
        campaign_id=outcome.campaign_id,
        body=outcome.body,
    )
    left_over = list(matched.left_over) if matched else []
    by_number = matched.by_number if matched else {}
    for call in tx.calls.of_submission(submission_id):
        placed = by_number.get(call.number)
        if placed is None:
            continue
        if call.status != "planned" or tx.calls.get_by_id(placed.id) is not None:
            left_over.append((UnmatchedKind.CONFLICT, placed))
        else:
            tx.calls.adopt(call.id, news_of(placed), now)
    for kind, placed in left_over:
        known = tx.calls.get_by_id(placed.id)
        tx.calls.keep_unmatched(
            UnmatchedId(
                gateway_id=placed.id,
                submission_id=submission_id,
                number=placed.number,
                kind=UnmatchedKind.CONFLICT if known else kind,
                word=placed.status,
            )
        )
    tx.calls.not_confirmed(submission_id, now)


def _keep_late(tx: Stores, submission_id: int, outcome: Accepted) -> None:
    """Ids for a submission that is decided already: none of them may get lost."""
    for placed in outcome.calls:
        if tx.calls.get_by_id(placed.id) is None:
            tx.calls.keep_unmatched(
                UnmatchedId(
                    gateway_id=placed.id,
                    submission_id=submission_id,
                    number=placed.number,
                    kind=UnmatchedKind.FOREIGN,
                    word=placed.status,
                )
            )


def record_unknown(tx: Stores, submission_id: int, outcome: Unknown, now: float) -> None:
    """Nobody can tell whether these numbers rang: never sent again by itself."""
    tx.submissions.end(
        submission_id,
        SubmissionState.UNKNOWN,
        now=now,
        reason=outcome.reason,
        http_status=outcome.http_status,
        body=outcome.body,
    )


def _record_unsent(tx: Stores, submission: Submission, outcome: Unsent, now: float) -> None:
    """Rule 4: surely not sent; tried again after 2 s and after 10 s, unless it was stopped."""
    batch = _batch(tx, submission.batch_id)
    if submission.attempts >= ATTEMPTS:
        tx.submissions.end(submission.id, SubmissionState.UNSENT, now=now, reason=outcome.reason)
        conclude(tx, batch.id, HoldReason.UNSENT, now=now)
    elif batch.state in _OPEN:
        tx.submissions.requeue(
            submission.id,
            not_before=now + BACK_OFF[submission.attempts - 1],
            reason=outcome.reason,
        )
        tx.batches.happened(batch.id, now)
    else:
        tx.submissions.end(
            submission.id, SubmissionState.CANCELLED, now=now, reason=outcome.reason
        )
        tx.batches.happened(batch.id, now)


def conclude(tx: Stores, batch_id: int, hold: HoldReason | None = None, *, now: float) -> None:
    """Rule 5: after a submission has ended, finish its batch, hold the rest, or let it go on."""
    tx.batches.happened(batch_id, now)
    if _batch(tx, batch_id).state not in _OPEN:
        return
    queued, sending = tx.submissions.left_to_send(batch_id)
    if not queued and not sending:
        tx.batches.finish(batch_id, now=now)
    elif queued and hold is not None:
        tx.batches.hold(batch_id, hold, now=now)


def recover(tx: Stores, *, now: float) -> int:
    """Rule 7: at start every `sending` becomes `unknown`; returns how many there were."""
    interrupted = tx.submissions.in_state(SubmissionState.SENDING)
    for submission in interrupted:
        doubt(tx, submission.id, now=now)
    return len(interrupted)


def doubt(tx: Stores, submission_id: int, *, now: float) -> bool:
    """A claim whose POST nobody watches over becomes `unknown`; True if it was one."""
    submission = _submission(tx, submission_id)
    if submission.state is not SubmissionState.SENDING:
        return False
    tx.submissions.end(submission_id, SubmissionState.UNKNOWN, now=now, reason=INTERRUPTED)
    conclude(tx, submission.batch_id, HoldReason.UNKNOWN, now=now)
    return True


def stop_long_held(tx: Stores, now: float) -> None:
    """A batch that has been held for 24 h is stopped."""
    for batch in tx.batches.in_state(BatchState.HELD):
        if batch.held_at is not None and now - batch.held_at >= HELD_AT_MOST:
            tx.batches.stop(batch.id, StopReason.HELD_TOO_LONG, now=now)


def block_follow_ups(tx: Stores, submission_ids: list[int], *, why: str, now: float) -> None:
    """Rule 11: evidence has come; hold the follow-ups of what it fits, and cancel open drafts."""
    chain = tx.batches.follow_ups_of(submission_ids)
    theirs = [submission.id for b in chain for submission in tx.submissions.of_batch(b)]
    for batch_id in chain:
        queued, _ = tx.submissions.left_to_send(batch_id)
        if queued:
            tx.batches.hold(batch_id, HoldReason.EVIDENCE, now=now)
    for draft in tx.drafts.open_from([*submission_ids, *theirs]):
        tx.drafts.cancel(draft.id, why)


def accept_by_word(tx: Stores, submission_id: int, by: Person, now: float) -> bool:
    """It rang, says a person or the gateway; numbers without an id are not confirmed."""
    if not tx.submissions.decide(submission_id, SubmissionState.ACCEPTED, by=by, now=now):
        return False
    tx.calls.not_confirmed(submission_id, now)
    return True


def _submission(tx: Stores, submission_id: int) -> Submission:
    found = tx.submissions.get(submission_id)
    if found is None:
        raise LookupError(f"no submission {submission_id}")
    return found


def _batch(tx: Stores, batch_id: int) -> Batch:
    found = tx.batches.get(batch_id)
    if found is None:
        raise LookupError(f"no batch {batch_id}")
    return found
