"""The circuit breaker: a large batch sends a first wave, and waits to see how that goes.

A batch of more than `ABOVE` numbers sends its first wave and waits until most of it is final. If
too many of those failed, the rest is held and a person decides; one judgement a batch. Where so
many of the first numbers were skipped that the others would say little, the next part, which may
be larger, goes out as a part of the first wave.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.calling import limits
from bot.calling.limits import Limit
from storage.models import Batch, NewBatch, Submission
from storage.stores import Stores

ABOVE = 200  # numbers up to which a batch has no first wave
ENOUGH = 0.8  # the part of the first wave that must be final before the others go


def with_first_wave(tx: Stores, new: NewBatch, numbers: Sequence[str], size: int) -> NewBatch:
    """The new batch, cut so that its first wave is in submissions of its own.

    Args:
        tx: the transaction that makes it.
        new: the batch as it is.
        numbers: all its numbers (E.164).
        size: how many go in one submission.
    """
    set_to = limits.values(tx)
    first, share = set_to[Limit.FIRST_WAVE], set_to[Limit.FIRST_SHARE]
    if not first or len(numbers) <= max(ABOVE, first):
        return new
    return replace(
        new,
        cuts=(*cut(numbers[:first], size), *cut(numbers[first:], size)),
        first_wave=first,
        first_wait=float(set_to[Limit.FIRST_WAIT]),
        first_share=share,
    )


def cut(numbers: Sequence[str], size: int) -> tuple[tuple[str, ...], ...]:
    """The numbers in parts of so many at most, in their order."""
    return tuple(tuple(numbers[at : at + size]) for at in range(0, len(numbers), size))


class Verdict(StrEnum):
    """What the first wave says of the rest."""

    GO = "go"
    WAIT = "wait"
    FAILED = "failed"


def verdict(tx: Stores, batch: Batch, submission: Submission, now: float, since: float) -> Verdict:
    """Whether a submission may go as far as the first wave of its batch is concerned.

    To be asked in the transaction of its claim. A wait is written down, as the time before which
    it is not due, and its board is drawn again; a judgement is, too, so that there is one a batch.

    Args:
        tx: the transaction's stores.
        batch: as it is recorded.
        submission: its next one.
        now: UTC seconds.
        since: from when on this process has been at work (UTC seconds): before that nobody asked
            how the calls go, and no wait counts.
    """
    if batch.first_wave is None or batch.first_judged_at is not None:
        return Verdict.GO
    wave = tx.waves.first(batch.id, batch.first_wave)
    if submission.position <= wave.submissions:
        return Verdict.GO
    began = since if wave.ended_at > now else max(wave.ended_at, since)
    until = began + (batch.first_wait or 0.0)
    if now < until and not wave.is_enough(ENOUGH):
        if submission.not_before != until:
            tx.submissions.delay_next(batch.id, until)
            tx.batches.touch(batch.id)
        return Verdict.WAIT
    tx.batches.judged(batch.id, now)
    failed = 100 * wave.failed > (batch.first_share or 0) * wave.final
    return Verdict.FAILED if wave.final and failed else Verdict.GO


def bring_forward(tx: Stores, gateway_ids: Sequence[str], now: float) -> bool:
    """Let the rest of a batch be looked at now, if enough of its first wave is final.

    Args:
        tx: the transaction that has recorded what was said of calls.
        gateway_ids: those calls.
        now: UTC seconds.

    Returns:
        True if any batch had waited for that.
    """
    forward = False
    for batch_id in tx.waves.waiting(gateway_ids, now):
        batch = tx.batches.get(batch_id)
        wave = tx.waves.first(batch_id, (batch and batch.first_wave) or 0)
        if not wave.open and wave.is_enough(ENOUGH):
            tx.submissions.delay_next(batch_id, now)
            forward = True
    return forward
