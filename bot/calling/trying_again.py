"""*Try again*: a follow-up of what surely did not ring, made from a draft of its own."""

from dataclasses import replace

from bot.calling.draft_checks import place_of
from bot.calling.drafts import Ask, Closed, Content
from bot.calling.errors import ApprovalNeededError
from bot.calling.leaving_out import leave_out_and_ask
from bot.calling.making import Making
from bot.calling.results import Asked, Launched, Waits
from storage.models import Batch, Draft
from storage.stores import Stores


def confirm_try_again(
    making: Making, draft: Draft, timed: Content
) -> Launched | Asked | Waits | None:
    """Rule 5: take what is still so, has no evidence waiting and no follow-up yet.

    Args:
        making: who makes it, when, in which transaction.
        draft: the draft.
        timed: its content, with when it goes out.

    Returns:
        The follow-up; the draft as it is to be shown again, if somebody in it came on the
        do-not-call list; that it waits for a second person; None if nothing was left to take,
        and the draft is cancelled.

    Raises:
        UsageError: all that is left is on the do-not-call list.
    """
    follows = making.tx.batches.get(draft.source_batch_id or 0)
    wanted = making.tx.drafts.sources(draft.id)
    found = [] if follows is None else making.tx.submissions.to_try_again(follows.id)
    still = tuple(source.id for source in found if source.id in wanted)
    if follows is None or not still:
        making.tx.drafts.cancel(draft.id, Closed.NOTHING_LEFT)
        return None
    content = replace(
        checked_try_again(making.tx, follows, still),
        goes_at=timed.goes_at,
        window_reason=timed.window_reason,
    )
    before = set(Content.load(draft.content).numbers)
    if not before.isdisjoint(content.do_not_call):
        return making.ask_anew(draft, content)
    shown = before.difference(content.numbers)
    gone = [c for s in still for c in making.tx.calls.of_submission(s) if c.number in shown]
    new = replace(
        making.undoable(making.batch(content, place_of(draft), f"draft:{draft.id}")),
        follows=follows.id,
        followed_as="try_again",
        sources=still,
    )
    try:
        batch_id = making.close(draft, new)
    except ApprovalNeededError:  # as in `confirm`
        return making.wait(draft, content)
    making.tx.batches.touch(follows.id)  # its board says where it goes on, and offers it no more
    return Launched(batch_id=batch_id, fell_out=len(wanted) - len(still), reached=len(gone))


def checked_try_again(tx: Stores, batch: Batch, sources: tuple[int, ...]) -> Content:
    """The same without who is on the do-not-call list; raises `UsageError` if all are."""
    return leave_out_and_ask(tx, try_again_content(tx, batch, sources))


def try_again_content(tx: Stores, batch: Batch, sources: tuple[int, ...]) -> Content:
    """Their numbers, but for those that the chain speaks against; the claim asks again."""
    again = tx.calls.to_try_again
    calls = [call for source in sources for call in again(batch.id, source)]
    return Content(
        voice=batch.voice,
        voice_name=batch.voice_name,
        spoken=batch.spoken,
        retry_count=batch.retry_count,
        server_id=batch.server_id,
        numbers=tuple(call.number for call in calls),
        names={call.number: call.name for call in calls if call.name},
        list_ref=batch.list_ref,
        list_name=batch.list_name,
        asks=(Ask.TRY_AGAIN,),
    )
