"""Holds and pauses, each with its entry in the audit; who has halted it, or the program itself."""

from collections.abc import Mapping

from bot.calling.audit import PROGRAM, Deed, counted
from storage.models import HoldReason, PauseReason, Person, SkipReason, Submission
from storage.stores import Stores


def hold(
    tx: Stores,
    batch_id: int,
    reason: HoldReason,
    *,
    now: float,
    by: Person | None = None,
    chat_id: int | None = None,
) -> None:
    """Hold a batch, by a person or by a rule."""
    tx.batches.hold(batch_id, reason, now=now, by=by)
    about, by = f"b{batch_id}", by or PROGRAM
    tx.audit.add(Deed.HELD, about, at=now, by=by, chat_id=chat_id, after=_words(reason))


def resume(
    tx: Stores, batch_id: int, *, now: float, by: Person, chat_id: int | None = None
) -> None:
    """Let a held batch go on."""
    batch = tx.batches.get(batch_id)
    tx.batches.resume(batch_id, now=now, by=by)
    reason = batch.hold_reason if batch else None
    before = None if reason is None else f"held: {_words(reason)}"
    tx.audit.add(Deed.SENT_ON, f"b{batch_id}", at=now, by=by, chat_id=chat_id, before=before)


def pause(tx: Stores, reason: PauseReason, detail: str, now: float) -> bool:
    """Pause launching; True if this reason is new, False if it holds already."""
    if not tx.pauses.begin(reason, detail, now):
        return False
    tx.audit.add(Deed.PAUSED, _words(reason), at=now, by=PROGRAM, after=detail)
    return True


def end_pause(
    tx: Stores,
    reason: PauseReason,
    *,
    now: float,
    by: Person | None = None,
    chat_id: int | None = None,
) -> bool:
    """End the pause of this reason; True if there was one."""
    by_id, name = (None, None) if by is None else (by.id, by.name)
    if not tx.pauses.end(reason, by=by_id, name=name, now=now):
        return False
    tx.audit.add(Deed.UNPAUSED, _words(reason), at=now, by=by or PROGRAM, chat_id=chat_id)
    return True


def tell_of(
    tx: Stores,
    deed: Deed,
    submission: Submission,
    *,
    now: float,
    by: Person = PROGRAM,
    chat_id: int | None = None,
    why: str | None = None,
) -> None:
    """Record what has become of a part of a batch, and why."""
    part = f"part {submission.position}"
    after = part if why is None else f"{part}, {why}"
    tx.audit.add(deed, f"b{submission.batch_id}", at=now, by=by, chat_id=chat_id, after=after)


def _words(reason: HoldReason | PauseReason) -> str:
    return reason.value.replace("_", " ")


def tell_of_skipped(
    tx: Stores, batch_id: int, skipped: Mapping[SkipReason, int], *, now: float
) -> None:
    """Write down how many numbers a claim left out for a rule of the team's; never which.

    Who was reached by the chain before is left out for no rule: it is not told.
    """
    parts = [
        f"{counted(skipped[reason])} {why}"
        for reason, why in (
            (SkipReason.DO_NOT_CALL, "on the do-not-call list"),
            (SkipReason.DAILY_LIMIT, "at the limit for one number a day"),
        )
        if skipped.get(reason)
    ]
    if parts:
        after = ", ".join(parts)
        tx.audit.add(Deed.SKIPPED, f"b{batch_id}", at=now, by=PROGRAM, after=after)
