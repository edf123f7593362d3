"""What became of the numbers of a batch over all its follow-ups, read in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.models import CallStatus, SubmissionState
from storage.outcomes import CallOutcome
from storage.stores import Stores

_ENDED = (
    # Nobody can tell: it counts more than what is known to have reached nobody.
    CallStatus.NOT_CONFIRMED,
    CallStatus.NO_RESULT,
    CallStatus.UNKNOWN,
    CallStatus.NO_ANSWER,
    CallStatus.USER_BUSY,
    CallStatus.EXPIRED,
    CallStatus.ERROR,
)
_IN_DOUBT = (SubmissionState.UNKNOWN, SubmissionState.LEFT, SubmissionState.ACCEPTED)
_NOT_CALLED = (
    SubmissionState.RELEASED,
    SubmissionState.REFUSED,
    SubmissionState.UNSENT,
    SubmissionState.CANCELLED,
)
# Of several calls to a number the first of these is what became of it.
BEST = (
    CallOutcome(CallStatus.NORMAL),
    CallOutcome(CallStatus.WAITING),
    CallOutcome(CallStatus.OTHER),
    CallOutcome(CallStatus.PLANNED, SubmissionState.SENDING),
    CallOutcome(CallStatus.PLANNED, SubmissionState.QUEUED),
    *(CallOutcome(CallStatus.PLANNED, state) for state in _IN_DOUBT),
    *(CallOutcome(status) for status in _ENDED),
    *(CallOutcome(CallStatus.PLANNED, state) for state in _NOT_CALLED),
    CallOutcome(CallStatus.SKIPPED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A first batch and all its follow-ups.

    Attributes:
        first: the id of the batch with which it began.
        batches: how many batches it has.
        outcomes: how many numbers went each way, by the best of their calls, the best way first.
    """

    first: int
    batches: int
    outcomes: Mapping[CallOutcome, int]

    @property
    def numbers(self) -> int:
        """How many numbers it has."""
        return sum(self.outcomes.values())

    @property
    def answered(self) -> int:
        """How many numbers were answered in any of its batches."""
        return self.outcomes.get(BEST[0], 0)


def chain_of(tx: Stores, batch_id: int) -> Chain | None:
    """The chain that a batch is a part of; None if it has no follow-up and is none.

    What is looked at is the chain alone, however long the record is.
    """
    batches = tx.chains.batches(batch_id)
    if len(batches) < 2:  # noqa: PLR2004 -- a chain is more than one
        return None
    return Chain(first=batches[0], batches=len(batches), outcomes=tx.chains.best(batches, BEST))
