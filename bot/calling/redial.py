"""*Redial*: who was not reached in a batch, and may be called again; a follow-up of its own.

Only what is known to be over counts: no answer, busy, expired, failed. Whoever may have rung, was
not confirmed or has no result is never offered, nor who was answered, is being called or is in
doubt anywhere else in the chain of follow-ups, nor who can be tried again there.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.calling.drafts import Closed, Content
from bot.calling.making import Making
from bot.calling.results import Asked, Launched, Waits
from storage.models import Batch, CallStatus, Draft
from storage.stores import Stores

REDIALLED = (
    CallStatus.NO_ANSWER,
    CallStatus.USER_BUSY,
    CallStatus.EXPIRED,
    CallStatus.ERROR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redial:
    """Who of a batch can be redialled now.

    Attributes:
        numbers: those that can be, each with how it went, in the batch's order.
        names: of those that have one.
        answered: how many more were not reached here, but answered in another batch of the chain.
        elsewhere: how many more are being called, in doubt or to be tried again, by the batch in
            which they are.
    """

    batch: Batch
    numbers: Mapping[str, CallStatus]
    names: Mapping[str, str]
    answered: int
    elsewhere: Mapping[int, int]

    @property
    def left_out(self) -> int:
        """How many more were not reached here, and cannot be redialled."""
        return self.answered + sum(self.elsewhere.values())

    @property
    def counts(self) -> dict[CallStatus, int]:
        """How many can be redialled, by how it went; those that occur, in a fixed order."""
        counted = Counter(self.numbers.values())
        return {status: counted[status] for status in REDIALLED if counted[status]}

    def chosen(self, statuses: Collection[CallStatus]) -> tuple[str, ...]:
        """Those numbers that went one of these ways."""
        return tuple(number for number, status in self.numbers.items() if status in statuses)


def redial_of(tx: Stores, batch_id: int) -> Redial | None:
    """Who can be redialled; None if there is no such batch."""
    batch = tx.batches.get(batch_id)
    if batch is None:
        return None
    found = tx.chains.not_reached(batch_id)
    offered = [one for one in found if one.stands]
    others = [one for one in found if not one.stands]
    return Redial(
        batch=batch,
        numbers={one.number: one.status for one in offered},
        names={one.number: one.name for one in offered if one.name is not None},
        answered=sum(one.answered for one in others),
        elsewhere=Counter(
            one.elsewhere for one in others if not one.answered and one.elsewhere is not None
        ),
    )


def to_redial(tx: Stores, batch_id: int) -> int:
    """How many numbers of a batch can be redialled now."""
    return sum(one.stands for one in tx.chains.not_reached(batch_id))


def still_to_redial(tx: Stores, batch_id: int, numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the numbers that can still be redialled, in their order.

    To be asked in the transaction that makes the batch: what it then says counts.
    """
    still = {one.number for one in tx.chains.not_reached(batch_id) if one.stands}
    return tuple(number for number in numbers if number in still)


def confirm_redial(
    making: Making, draft: Draft, content: Content
) -> Launched | Asked | Waits | None:
    """Make the batch of a draft that redials, without those who cannot be redialled any more.

    Returns:
        The follow-up; the draft as it is to be shown again, if something has come up; that it
        waits for a second person; None if nobody was left, and the draft is cancelled.
    """
    source = draft.source_batch_id or 0
    still = still_to_redial(making.tx, source, content.numbers)
    if not still:
        making.tx.drafts.cancel(draft.id, Closed.REACHED)
        return None
    left = content.without(set(content.numbers).difference(still))
    asked = making.ask_again(draft, left)
    if asked is not None:
        return asked
    launched = making.confirm(draft, left)
    if isinstance(launched, Waits):
        return launched
    making.tx.chains.touch_others(launched.batch_id)  # they offer these numbers no more
    return replace(launched, reached=len(content.numbers) - len(still))
