"""A draft becomes a batch: by its author's word, or by a second person's after it."""

from bot.calling.drafts import Content
from bot.calling.making import Making
from bot.calling.outside import Timing
from bot.calling.redial import confirm_redial
from bot.calling.results import Asked, Launched, Waits
from bot.calling.trying_again import confirm_try_again
from storage.models import Draft, DraftKind


def confirm_draft(making: Making, draft: Draft, timed: Content) -> Launched | Asked | Waits | None:
    """Make the batch of an open draft, or ask again if something has changed since it was shown.

    Args:
        making: the launch, by the draft's author.
        draft: the draft, as it is in this transaction.
        timed: its content, with when it goes out.

    Returns:
        The batch; the draft as it is to be shown again; that it waits for a second person; None
        if nobody of it can be called any more, and it is cancelled.

    Raises:
        UsageError: all of its numbers are on the do-not-call list by now.
        LimitError: a limit leaves no room for it.
    """
    if draft.kind is DraftKind.TRY_AGAIN:
        return confirm_try_again(making, draft, timed)
    if draft.source_batch_id is not None:
        return confirm_redial(making, draft, timed)
    return making.ask_again(draft, timed) or making.confirm(draft, timed)


def confirm_approved(making: Making, draft: Draft) -> Launched | Asked | None:
    """The same for a draft that waits, which a second person has just approved.

    What has changed since it was shown is its author's to see: it is shown to them again, and
    waits no more.
    """
    content = Content.load(draft.content)
    chosen = Timing(opening=content.goes_at, reason=content.window_reason)
    timed = making.timed(content, chosen)
    if timed is None:
        return making.change(draft, content)
    made = confirm_draft(making, draft, timed)
    return None if isinstance(made, Waits) else made  # approved as it is, it does not wait
