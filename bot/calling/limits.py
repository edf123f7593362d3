"""Limits: how much may be launched, reserved in the transaction that makes the batch.

They are kept in the record and set by `/limits`. What they are used by is counted from the record
each time, so that nothing can be given back twice or lost: what is refused, unsent, cancelled or
skipped does not count, what may have rung does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.calling.drafts import Content, NoRoom
from bot.calling.errors import LimitError
from bot.calling.window import Window
from storage.models import Batch, NewBatch, SubmissionState
from storage.stores import Stores


class Limit(StrEnum):
    """What is limited; 0 is no limit, or never."""

    BATCH_NUMBERS = "batch_numbers"  # numbers in one batch
    MEMBER_DAY = "member_day"  # numbers of one member on a day
    TEAM_DAY = "team_day"  # numbers of all on a day
    COST_DAY = "cost_day"  # thousandths of a Toman on a day, estimates of what is open included
    NUMBER_DAY = "number_day"  # calls to one number on a day
    APPROVE_NUMBERS = "approve_numbers"  # a batch of more numbers needs a second person
    APPROVE_COST = "approve_cost"  # one that may cost more (thousandths of a Toman), too
    APPROVE_WINDOW = "approve_window"  # 1: one that goes out outside the calling window, too
    FIRST_WAVE = "first_wave"  # numbers that a batch of more than 200 sends first
    FIRST_WAIT = "first_wait"  # seconds for which it waits for their ends at most
    FIRST_SHARE = "first_share"  # percent of them that may fail


DEFAULTS = {
    Limit.NUMBER_DAY: 3,
    Limit.FIRST_WAVE: 50,
    Limit.FIRST_WAIT: 180,
    Limit.FIRST_SHARE: 30,
}

TOMAN = 1000  # of the unit in which money is kept
OF_MONEY = frozenset({Limit.COST_DAY, Limit.APPROVE_COST})


def in_units(limit: Limit, amount: int) -> str:
    """A value of a limit, or what is used of it, for the audit: `50,000 Toman`, `off`."""
    if limit in OF_MONEY:
        return f"{round(amount / TOMAN):,} Toman"
    unit = {Limit.FIRST_WAIT: " s", Limit.FIRST_SHARE: " %"}.get(limit, "")
    return f"{amount:,}{unit}"


def set_to(limit: Limit, amount: int) -> str:
    """What a limit is set to, for the audit; 0 is `off`, where it switches the limit off."""
    if limit is Limit.APPROVE_WINDOW and amount:
        return "on"
    return in_units(limit, amount) if amount or limit is Limit.FIRST_SHARE else "off"


def value(tx: Stores, limit: Limit) -> int:
    """A limit as it is set, or its default; 0 is none."""
    return tx.limits.all().get(limit, DEFAULTS.get(limit, 0))


def values(tx: Stores) -> dict[Limit, int]:
    """Every limit, as it is set or by default."""
    given = tx.limits.all()
    return {limit: given.get(limit, DEFAULTS.get(limit, 0)) for limit in Limit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a batch takes of the limits: so many numbers, for so much, by one member."""

    numbers: int
    cost: int
    author_id: int


def reserved(tx: Stores, new: NewBatch, window: Window, now: float) -> str:
    """The day (a local date) on which a new batch's share is reserved.

    To be asked in the transaction that makes the batch.

    Raises:
        LimitError: a limit leaves no room for it.
    """
    numbers = sum(len(cut) for cut in new.cuts)
    share = Share(numbers=numbers, cost=new.estimate or 0, author_id=new.author.id)
    at = max(now, new.goes_at or now)
    check(tx, share, window, at=at, now=now)
    return window.day(at).isoformat()


def check(tx: Stores, share: Share, window: Window, *, at: float, now: float) -> None:
    """Return if a new batch of this share can be made, to go out at a time (UTC seconds).

    Raises:
        LimitError: it is too large, or its day has no room for it.
    """
    most = value(tx, Limit.BATCH_NUMBERS)
    if most and share.numbers > most:
        raise LimitError(Limit.BATCH_NUMBERS, used=0, asked=share.numbers, most=most)
    check_day(tx, share, window, at=at, now=now)


def check_day(tx: Stores, share: Share, window: Window, *, at: float, now: float) -> None:
    """Return if the day of a time (UTC seconds) has room for a share.

    Raises:
        LimitError: it has not.
    """
    set_to = values(tx)
    day, since = window.day(at).isoformat(), window.midnight(at)
    today = window.day(at) == window.day(now)
    for limit, author_id in ((Limit.MEMBER_DAY, share.author_id), (Limit.TEAM_DAY, None)):
        if most := set_to[limit]:
            used = tx.limits.numbers(day=day, since=since, author_id=author_id)
            if used + share.numbers > most:
                raise LimitError(limit, used=used, asked=share.numbers, most=most, today=today)
    if most := set_to[Limit.COST_DAY]:
        used = tx.limits.cost(day=day, since=since)
        if used + share.cost > most:
            raise LimitError(Limit.COST_DAY, used=used, asked=share.cost, most=most, today=today)


def carry_over(tx: Stores, batch: Batch, window: Window, *, at: float, now: float) -> None:
    """Let what is left of a batch count on the day of a time, if it was reserved for another one.

    To be asked in the transaction of a claim, and of *Send the other N*; nothing is changed if it
    raises.

    Args:
        tx: the transaction's stores.
        batch: as it is recorded.
        window: says which day a time is in.
        at: when its next part goes out (UTC seconds): now, or the opening that it waits for.
        now: UTC seconds.

    Raises:
        LimitError: the limits of that day leave no room for it.
    """
    day = window.day(at).isoformat()
    if batch.day == day:
        return
    left = sum(
        one.numbers - one.skipped
        for one in tx.submissions.of_batch(batch.id)
        if one.state is SubmissionState.QUEUED
    )
    cost = round((batch.estimate or 0) * left / batch.numbers)
    share = Share(numbers=left, cost=cost, author_id=batch.author_id)
    check_day(tx, share, window, at=at, now=now)
    tx.batches.reserve_on(batch.id, day)


def carried_over(tx: Stores, batch: Batch, window: Window, now: float) -> bool:
    """The same for a claim now; False in place of an error."""
    try:
        carry_over(tx, batch, window, at=now, now=now)
    except LimitError:
        return False
    return True


def check_numbers(tx: Stores, numbers: Sequence[str], window: Window, now: float) -> bool:
    """Return if at least one of the numbers (E.164) may be called once more today.

    Returns:
        True if any other of them may not: they will be skipped.

    Raises:
        LimitError: every one was called today as often as a number may be.
    """
    most = value(tx, Limit.NUMBER_DAY)
    found = _at_limit(tx, numbers, window, now, most) if most else frozenset()
    if found and len(found) == len(numbers):
        raise LimitError(Limit.NUMBER_DAY, used=most, asked=len(numbers), most=most)
    return bool(found)


def warned(tx: Stores, content: Content, share: Share, window: Window, now: float) -> Content:
    """The content with what the limits would say of it now: whom they skip, and whether it fits.

    Args:
        tx: the transaction's stores.
        content: what would be launched.
        share: what it would take.
        window: says which day a time is in, and when it opens.
        now: UTC seconds.
    """
    at = content.goes_at or now
    if content.window_reason is None:
        at = window.opens_at(at) or at
    most = value(tx, Limit.NUMBER_DAY)
    found = _at_limit(tx, content.numbers, window, at, most) if most else frozenset()
    no_room = None
    try:
        check(tx, share, window, at=at, now=now)
    except LimitError as error:
        no_room = NoRoom(
            limit=error.limit,
            used=error.used,
            asked=error.asked,
            most=error.most,
            today=error.today,
        )
    return replace(
        content,
        at_limit=tuple(number for number in content.numbers if number in found),
        times_a_day=most if found else 0,
        no_room=no_room,
    )


def _at_limit(
    tx: Stores, numbers: Sequence[str], window: Window, at: float, most: int
) -> frozenset[str]:
    return tx.limits.reached(numbers, since=window.midnight(at), most=most)
