"""The rules of a batch's life, each a function that runs inside one transaction.

They are the only code that moves submissions and batches; services and the dialer call them.
The numbers in the comments are those of `docs/architecture.md`, "Rules".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.calling import endings, first_wave, halting, limits
from bot.calling.audit import PROGRAM, Deed
from bot.calling.first_wave import Verdict
from bot.calling.limits import Limit
from bot.calling.outside import mark, mark_held, may_go_out
from bot.calling.window import Window
from storage.models import (
    Batch,
    BatchState,
    Claims,
    HoldReason,
    PauseReason,
    Person,
    StopReason,
    Submission,
    SubmissionState,
)
from storage.stores import Stores
from storage.stores.submissions import Due

LOOKED_AT = 16  # due submissions read at once: one is claimed, the rest would be read in vain
FRESH = 600.0  # seconds after which a batch to which nothing happened is not sent on by itself
HELD_AT_MOST = 24 * 3600.0  # seconds after which a held batch is stopped
INTERRUPTED = "interrupted"

OPEN = (BatchState.RUNNING, BatchState.HELD)


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
    window: Window,
    under_way: Collection[int] = frozenset(),
    since: float = 0.0,
) -> Progress:
    """Claim the submission that has waited longest, unless launching is paused.

    On the way, batches to which nothing happened for too long are held (rule 6): those that have
    waited longest come first. `patrol` looks at all of them.

    Args:
        tx: the transaction's stores.
        now: UTC seconds.
        seen_waiting: by batch, when this process last saw it wait for a free slot; such a wait
            does not count as away.
        window: nothing goes out outside of it, unless a person has said so for the batch.
        under_way: submissions whose last attempt is not known to be recorded. One of them may be
            queued again already, but its next attempt would be taken for the one before.
        since: from when on this process has been at work without a break (UTC seconds).
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
            claimed = _claim(tx, due.submission_id, now, window, since)
            if claimed is not None:
                more = len(dues) > 1
                at = None if more else tx.submissions.next_due_at(now)
                return Progress(claimed=claimed, held=held, more=more, next_due_at=at)
            held = True  # it waits, is held, or no number was left and it is cancelled
    return Progress(held=held, next_due_at=tx.submissions.next_due_at(now))


def anything_queued(tx: Stores, now: float) -> bool:
    """Whether a running batch has something to send, now or after a back-off."""
    return bool(tx.submissions.due(now, put_back=FRESH, limit=1)) or (
        tx.submissions.next_due_at(now) is not None
    )


def patrol(
    tx: Stores, *, now: float, seen_waiting: Mapping[int, float], window: Window
) -> list[int]:
    """Hold what was away too long, stop what was held too long; returns the batches that wait.

    Also while launching is paused, and while no slot is free.
    """
    stop_long_held(tx, now, window)
    mark_held(tx, window, now)
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
    halting.hold(tx, due.batch_id, HoldReason.AWAY, now=now)
    return True


def _claim(tx: Stores, due_id: int, now: float, window: Window, since: float) -> Claimed | None:
    """Rule 2: hold or skip what speaks against it, then move `queued` to `sending`."""
    submission = known_submission(tx, due_id)
    batch = known_batch(tx, submission.batch_id)
    verdict = first_wave.verdict(tx, batch, submission, now, since)
    if verdict is Verdict.WAIT:
        return None
    if against := _against(tx, batch, verdict, now, window):
        halting.hold(tx, batch.id, against, now=now)
        mark(tx, batch, window, now)
        return None
    most = limits.value(tx, Limit.NUMBER_DAY)
    skipped, left = tx.calls.skip(batch.id, due_id, now, since=window.midnight(now), most=most)
    halting.tell_of_skipped(tx, batch.id, skipped, now=now)
    if skipped and not left:
        tx.submissions.cancel(due_id, now=now)
        conclude(tx, batch.id, now=now)
        return None
    if not tx.submissions.claim(due_id, now):
        return None
    return Claimed(
        submission=known_submission(tx, due_id),
        batch=known_batch(tx, batch.id),
        numbers=tuple(
            call.number for call in tx.calls.of_submission(due_id) if call.status == "planned"
        ),
    )


def _against(
    tx: Stores, batch: Batch, verdict: Verdict, now: float, window: Window
) -> HoldReason | None:
    """What holds a batch whose turn it is: its first wave, the hour, or the day's limits."""
    if verdict is Verdict.FAILED:
        return HoldReason.FAILING
    if not may_go_out(batch, window, now):
        return HoldReason.WINDOW
    if not limits.carried_over(tx, batch, window, now):
        return HoldReason.LIMIT
    return None


def conclude(tx: Stores, batch_id: int, hold: HoldReason | None = None, *, now: float) -> None:
    """Rule 5: after a submission has ended, finish its batch, hold the rest, or let it go on."""
    tx.batches.happened(batch_id, now)
    if known_batch(tx, batch_id).state not in OPEN:
        endings.end_if_over(tx, batch_id, now=now)
        return
    queued, sending = tx.submissions.left_to_send(batch_id)
    if not queued and not sending:
        tx.batches.finish(batch_id, now=now)
        endings.end_if_over(tx, batch_id, now=now)
    elif queued and hold is not None:
        halting.hold(tx, batch_id, hold, now=now)


def recover(tx: Stores, *, now: float) -> int:
    """Rule 7: at start every `sending` becomes `unknown`; returns how many there were."""
    interrupted = tx.submissions.in_state(SubmissionState.SENDING)
    for submission in interrupted:
        doubt(tx, submission.id, now=now)
    return len(interrupted)


def restored(tx: Stores, *, known: Claims, noted: Claims, now: float) -> bool:
    """Rule 10: what an older record calls not sent may have been sent; hold all that is open.

    Returns:
        True if launching was not paused for this before; otherwise nothing is held anew.
    """
    detail = f"{known.count} of {noted.count} claims are known"
    if not halting.pause(tx, PauseReason.RESTORED, detail, now):
        return False
    for state in (BatchState.HELD, BatchState.RUNNING):
        for batch in tx.batches.in_state(state):
            halting.hold(tx, batch.id, HoldReason.RESTORED, now=now)
    return True


def doubt(tx: Stores, submission_id: int, *, now: float) -> bool:
    """A claim whose POST nobody watches over becomes `unknown`; True if it was one."""
    submission = known_submission(tx, submission_id)
    if submission.state is not SubmissionState.SENDING:
        return False
    tx.submissions.end(submission_id, SubmissionState.UNKNOWN, now=now, reason=INTERRUPTED)
    halting.tell_of(tx, Deed.BECAME_UNKNOWN, submission, now=now, why=INTERRUPTED)
    conclude(tx, submission.batch_id, HoldReason.UNKNOWN, now=now)
    return True


def stop_long_held(tx: Stores, now: float, window: Window) -> None:
    """A batch that has been held for 24 h is stopped; only the hours of the window count."""
    for batch in tx.batches.in_state(BatchState.HELD):
        held_at = batch.held_at
        if held_at is not None and window.open_seconds(held_at, now) >= HELD_AT_MOST:
            stop(tx, batch.id, StopReason.HELD_TOO_LONG, now=now)


def stop(
    tx: Stores,
    batch_id: int,
    reason: StopReason,
    *,
    now: float,
    by: Person | None = None,
    chat_id: int | None = None,
) -> None:
    """Cancel what is queued and stop the batch; it is over if nothing of it is on its way."""
    tx.batches.stop(batch_id, reason, now=now, by=by)
    deed = Deed.UNDONE if reason is StopReason.UNDONE else Deed.STOPPED
    after = None if by else reason.value.replace("_", " ")
    tx.audit.add(deed, f"b{batch_id}", at=now, by=by or PROGRAM, chat_id=chat_id, after=after)
    endings.end_if_over(tx, batch_id, now=now)


def block_follow_ups(tx: Stores, submission_ids: list[int], *, why: str, now: float) -> None:
    """Rule 11: evidence has come; hold the follow-ups of what it fits, and cancel open drafts.

    Whatever else of the chain is about to call the same numbers, a *Redial* above all, too.
    """
    chain = tx.batches.follow_ups_of(submission_ids)
    theirs = [submission.id for b in chain for submission in tx.submissions.of_batch(b)]
    drafts = tx.drafts.open_from([*submission_ids, *theirs])
    waiting = {batch_id for batch_id in chain if tx.submissions.left_to_send(batch_id)[0]}
    for submission_id in submission_ids:
        own = batch_of(tx, submission_id).id
        waiting.update(tx.chains.queued_with(own, submission_id))
        drafts += tx.drafts.open_with(tx.chains.batches(own), submission_id)
    for batch_id in sorted(waiting):
        halting.hold(tx, batch_id, HoldReason.EVIDENCE, now=now)
    for draft in drafts:
        tx.drafts.cancel(draft.id, why)


def accept_by_word(tx: Stores, submission_id: int, by: Person, now: float) -> bool:
    """It rang, says a person or the gateway; numbers without an id are not confirmed."""
    if not tx.submissions.decide(submission_id, SubmissionState.ACCEPTED, by=by, now=now):
        return False
    tx.calls.not_confirmed(submission_id, now)
    return True


def batch_of(tx: Stores, submission_id: int) -> Batch:
    """The batch that a submission is a part of."""
    return known_batch(tx, known_submission(tx, submission_id).batch_id)


def known_submission(tx: Stores, submission_id: int) -> Submission:
    """A submission that is surely there."""
    found = tx.submissions.get(submission_id)
    if found is None:
        raise LookupError(f"no submission {submission_id}")
    return found


def known_batch(tx: Stores, batch_id: int) -> Batch:
    """A batch that is surely there."""
    found = tx.batches.get(batch_id)
    if found is None:
        raise LookupError(f"no batch {batch_id}")
    return found
