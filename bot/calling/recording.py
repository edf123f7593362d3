"""The outcome of a POST, recorded inside one transaction, and what follows for its batch.

The numbers in the comments are those of `docs/architecture.md`, "Rules".
"""

from bot.calling import endings, halting, rules
from bot.calling.audit import Deed
from bot.calling.matching import Matched, news_of
from bot.calling.tracking import Pace
from bot.gateway.models import Accepted, Outcome, Refused, Unknown, Unsent
from storage.models import (
    HoldReason,
    PauseReason,
    Submission,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
)
from storage.stores import Stores

BACK_OFF = (2.0, 10.0)  # seconds before the second and the third attempt
ATTEMPTS = 3


def record_outcome(
    tx: Stores,
    submission_id: int,
    outcome: Outcome,
    matched: Matched | None,
    *,
    now: float,
    pace: Pace,
) -> bool:
    """Rules 3 to 5: the whole answer in one transaction, and what follows for the batch.

    Recording the same outcome again changes nothing.

    Returns:
        True if a 401 paused launching just now.
    """
    submission = rules.known_submission(tx, submission_id)
    if submission.state is not SubmissionState.SENDING:
        if isinstance(outcome, Accepted):
            _keep_late(tx, submission_id, outcome)
        return False
    if isinstance(outcome, Unsent):
        _record_unsent(tx, submission, outcome, now)
        return False
    hold: HoldReason | None = None
    if isinstance(outcome, Accepted):
        _record_accepted(tx, submission, outcome, matched, now, pace)
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
        halting.tell_of(tx, Deed.GATEWAY_REFUSED, submission, now=now, why=outcome.code)
    else:
        hold = HoldReason.UNKNOWN
        _record_unknown(tx, submission_id, outcome, now)
        halting.tell_of(tx, Deed.BECAME_UNKNOWN, submission, now=now, why=outcome.reason)
    rules.conclude(tx, submission.batch_id, hold, now=now)
    return outcome.unauthorised and halting.pause(tx, PauseReason.UNAUTHORISED, "HTTP 401", now)


def _record_accepted(
    tx: Stores,
    submission: Submission,
    outcome: Accepted,
    matched: Matched | None,
    now: float,
    pace: Pace,
) -> None:
    submission_id = submission.id
    retry_count = rules.known_batch(tx, submission.batch_id).retry_count
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
            endings.adopt(tx, call, news_of(placed), retry_count=retry_count, now=now, pace=pace)
    endings.take_early(tx, [placed.id for placed in by_number.values()], now=now)
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


def _record_unknown(tx: Stores, submission_id: int, outcome: Unknown, now: float) -> None:
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
    batch = rules.known_batch(tx, submission.batch_id)
    if submission.attempts >= ATTEMPTS:
        tx.submissions.end(submission.id, SubmissionState.UNSENT, now=now, reason=outcome.reason)
        halting.tell_of(tx, Deed.NOT_SENT, submission, now=now, why=outcome.reason)
        rules.conclude(tx, batch.id, HoldReason.UNSENT, now=now)
    elif batch.state in rules.OPEN:
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
        rules.conclude(tx, batch.id, now=now)
