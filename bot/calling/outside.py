"""What holds outside the calling window: a launch waits for the opening, or goes out anyway."""

from dataclasses import dataclass, replace

from bot.calling.audit import masked
from bot.calling.drafts import Content
from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.window import Window
from storage.models import Batch, BatchState
from storage.stores import Stores

LONGEST_REASON = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """That the window is closed now.

    Attributes:
        window: the hours.
        opens_at: when it opens next (UTC seconds); None if that is not in sight.
        anyway: whether this person may call all the same, with a reason.
    """

    window: Window
    opens_at: float | None
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a person has pressed: one of these, or neither for a launch at once.

    Attributes:
        opening: the opening (UTC seconds) that the button named.
        reason: why to call now, outside the window.
    """

    opening: float | None = None
    reason: str | None = None

    def of(self, content: Content, window: Window, now: float) -> Content | None:
        """The content as it goes out by this; inside the window all of them mean now.

        Returns:
            None if it is outside now and this does not fit: nothing was chosen, or another
            opening. Then the draft is to be shown as it is now.
        """
        content = untimed(content)
        if window.is_open(now):
            return content
        if self.reason is not None:
            return replace(content, window_reason=self.reason)
        opens_at = window.opens_at(now)
        if opens_at is None or opens_at != self.opening:
            return None
        return replace(content, goes_at=opens_at)


NOW = Timing()


def untimed(content: Content) -> Content:
    """The content before it is chosen when it goes out."""
    if content.goes_at is None and content.window_reason is None:
        return content
    return replace(content, goes_at=None, window_reason=None)


def read_reason(text: str) -> str:
    """A reason as it is recorded and shown: one line, without what may be a number.

    Raises:
        UsageError: it is empty or too long.
    """
    reason = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not reason:
        raise UsageError(Problem.REASON_EMPTY)
    if len(reason) > LONGEST_REASON:
        raise UsageError(Problem.REASON_TOO_LONG, str(len(reason)), LONGEST_REASON)
    return masked(reason)


def may_go_out(batch: Batch, window: Window, now: float) -> bool:
    """Whether a batch may go out now: the window is open, or a person has said so.

    Such a word holds until the next opening; where none was in sight, as long as none is.
    """
    if window.is_open(now):
        return True
    if batch.window_by is None:
        return False
    if batch.window_until is None:
        return window.opens_at(now) is None
    return now < batch.window_until


def shut_until(batch: Batch, window: Window, now: float) -> float | None:
    """When the rest of a batch may go out, if that is not now, and in sight (UTC seconds)."""
    return None if may_go_out(batch, window, now) else window.opens_at(now)


def mark_held(tx: Stores, window: Window, now: float) -> None:
    """Note at every held batch which opening it would have to wait for, which its board offers.

    Its message is drawn again when that changes: when the window closes, and when it opens.
    """
    for batch in tx.batches.in_state(BatchState.HELD):
        mark(tx, batch, window, now)


def mark(tx: Stores, batch: Batch, window: Window, now: float) -> None:
    """The same for one batch."""
    opens_at = shut_until(batch, window, now)
    if opens_at != batch.opens_at:
        tx.batches.opens(batch.id, opens_at)
