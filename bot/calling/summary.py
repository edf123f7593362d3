"""What is told of a batch when it has ended, read in one transaction."""

from dataclasses import dataclass

from bot.calling.chains import Chain, chain_of
from bot.calling.redial import to_redial
from bot.calling.views import BatchView, CallLine, batch_view
from storage.models import CallStatus, SubmissionState
from storage.outcomes import CallOutcome
from storage.stores import Stores

LISTED = 30  # numbers below an end message at most
CHART_FROM = 5  # placed calls: fewer need no picture

_NOT_REACHED = (
    CallStatus.NO_ANSWER,
    CallStatus.USER_BUSY,
    CallStatus.EXPIRED,
    CallStatus.ERROR,
    CallStatus.UNKNOWN,
    CallStatus.OTHER,
    CallStatus.NO_RESULT,
    CallStatus.WAITING,
    CallStatus.NOT_CONFIRMED,
    CallStatus.SKIPPED,
)
# Who was not reached comes first: something may have to be done about them.
LISTING = (
    *(CallOutcome(status) for status in _NOT_REACHED),
    *(CallOutcome(CallStatus.PLANNED, state) for state in SubmissionState),
    CallOutcome(CallStatus.NORMAL),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A batch that has ended.

    Attributes:
        view: the first page of its board.
        listed: its numbers by outcome, thirty at most; `more` counts the others.
        talk: seconds of talk, `talks` counts the calls that have any.
        seconds: from its launch to the last news of a call.
        answered_at: when each answered call had its answer, in seconds from the launch.
        chain: what became of the numbers over all follow-ups; None if there are none.
        redial: how many numbers were not reached and can be redialled now.
    """

    view: BatchView
    listed: tuple[tuple[CallOutcome, tuple[CallLine, ...]], ...]
    more: int
    talk: int
    talks: int
    seconds: float
    answered_at: tuple[float, ...]
    chain: Chain | None = None
    redial: int = 0

    @property
    def answered(self) -> int:
        """How many calls were answered."""
        return self.view.with_status(CallStatus.NORMAL)

    @property
    def with_chart(self) -> bool:
        """Whether there is enough for a picture."""
        return self.view.placed >= CHART_FROM


def summary(tx: Stores, batch_id: int) -> Summary | None:
    """Read what there is to tell of a batch."""
    view = batch_view(tx, batch_id)
    if view is None:
        return None
    began = view.batch.created_at
    last = max(began, view.batch.ended_at or began, tx.outcomes.last_at(batch_id) or began)
    listed = _listed(tx, view)
    return Summary(
        view=view,
        listed=listed,
        more=view.batch.numbers - sum(len(lines) for _, lines in listed),
        talk=sum(of.talk for of in view.counted),
        talks=sum(of.talks for of in view.counted),
        seconds=last - began,
        answered_at=tuple(max(0.0, at - began) for at in tx.outcomes.answered_at(batch_id)),
        chain=chain_of(tx, batch_id),
        redial=to_redial(tx, batch_id),
    )


def _listed(tx: Stores, view: BatchView) -> tuple[tuple[CallOutcome, tuple[CallLine, ...]], ...]:
    states = {submission.id: submission.state for submission in view.submissions}
    found = []
    left = LISTED
    for outcome in LISTING:
        if not left or outcome not in view.outcomes:
            continue
        calls = tx.outcomes.calls(view.batch.id, outcome, limit=left)
        lines = tuple(CallLine(call=call, submission=states[call.submission_id]) for call in calls)
        found.append((outcome, lines))
        left -= len(lines)
    return tuple(found)
