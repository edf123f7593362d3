"""*Send the other N* of a held batch: when it goes on, inside the calling window and outside."""

from bot.calling import halting, limits
from bot.calling.audit import Deed
from bot.calling.errors import ExpiredError, OutsideError
from bot.calling.limits import Limit
from bot.calling.outside import Timing, may_go_out
from bot.calling.window import Window
from storage.models import Batch, Person
from storage.stores import Stores


def goes_on_at(
    tx: Stores,
    batch: Batch,
    window: Window,
    timing: Timing,
    now: float,
    by: Person | None = None,
) -> float:
    """When a held batch goes on by what was pressed (UTC seconds): now, or at the opening.

    Where a second person is needed outside the window, its author (`by`) is not that one.

    Raises:
        OutsideError: the window is closed, and that needs another press, or another person's.
        ExpiredError: the button names another opening than the next one.
    """
    if may_go_out(batch, window, now):
        return now
    opens_at = window.opens_at(now)
    if timing.reason is not None:
        own = by is not None and by.id == batch.author_id
        if own and limits.value(tx, Limit.APPROVE_WINDOW):
            raise OutsideError(window, now, alone=True)
        return now
    if timing.opening is None or opens_at is None:
        raise OutsideError(window, now)
    if timing.opening != opens_at:
        raise ExpiredError
    return opens_at


def send_on(
    tx: Stores,
    batch: Batch,
    window: Window,
    timing: Timing,
    *,
    by: Person,
    chat_id: int | None,
    now: float,
    at: float,
) -> None:
    """Let a held batch go on at that time; who calls outside the window is recorded.

    `chat_id` is where it was pressed, for the audit.
    """
    if timing.reason is not None and not may_go_out(batch, window, now):
        tx.batches.call_outside(batch.id, timing.reason, by=by, until=window.opens_at(now))
        _note(tx, Deed.CALLED_OUTSIDE, batch, timing.reason, by=by, chat_id=chat_id, now=now)
    if at > now:
        tx.batches.resume(batch.id, now=now, by=by)
    else:
        halting.resume(tx, batch.id, now=now, by=by, chat_id=chat_id)
    waits = batch.goes_at is not None and batch.goes_at > now
    if at > now or waits:
        tx.batches.go_at(batch.id, at if at > now else None)
    if at > now:
        tx.submissions.wait_until(batch.id, at)
        opening = f"{window.local(at):%a %d %b %H:%M}"
        _note(tx, Deed.SENT_ON_AT_OPENING, batch, opening, by=by, chat_id=chat_id, now=now)


def _note(
    tx: Stores,
    deed: Deed,
    batch: Batch,
    after: str,
    *,
    by: Person,
    chat_id: int | None,
    now: float,
) -> None:
    tx.audit.add(deed, f"b{batch.id}", at=now, by=by, chat_id=chat_id, after=after)
