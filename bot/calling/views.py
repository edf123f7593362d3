"""What a batch looks like at one moment: everything its board says, read in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storage.models import (
    Batch,
    Call,
    CallStatus,
    Evidence,
    Pause,
    ScheduleRun,
    SkipReason,
    Submission,
    SubmissionState,
    UnmatchedId,
)
from storage.outcomes import CallOutcome, Counted
from storage.stores import Stores
from storage.stores.waves import FirstWave

PAGE = 10  # calls on a page of a board

_WITHOUT_ID = (CallStatus.PLANNED, CallStatus.SKIPPED, CallStatus.NOT_CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One call as it is listed, with the state of its submission, and its batch where needed."""

    call: Call
    submission: SubmissionState
    batch: Batch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Evidence that fits several submissions: a person says which (submission id, batch id)."""

    evidence: Evidence
    candidates: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """One batch, one page of its calls, and what a person may decide about it.

    Attributes:
        counted: numbers by state of their submission and own status.
        shown: of which calls this is a page; None for all of them.
        pages: how many pages of ten such calls there are.
        unmatched: ids that came with the answers and belong to no call.
        picks: evidence that waits for a person.
        evidence_waiting: submissions of which something was said that is being checked.
        try_again: how many numbers *Try again* would take now.
        taken_by: by submission, the follow-up that took it.
        redials: ids of the follow-ups that call again who was not reached.
        wave: how far its first wave is, if it has one.
        skipped: how many numbers were taken out at the claim, by reason.
        pauses: why launching is paused now, while something is queued.
        planned: what is to be said of the schedule that made it, if one did.
    """

    batch: Batch
    submissions: tuple[Submission, ...]
    counted: tuple[Counted, ...]
    calls: tuple[CallLine, ...]
    page: int
    pages: int
    shown: CallOutcome | None
    unmatched: tuple[UnmatchedId, ...]
    picks: tuple[Pick, ...]
    evidence_waiting: frozenset[int]
    try_again: int
    taken_by: dict[int, int]
    pauses: tuple[Pause, ...]
    planned: ScheduleRun | None = None
    redials: tuple[int, ...] = ()
    wave: FirstWave | None = None
    skipped: Mapping[SkipReason, int] = field(default_factory=dict)

    def numbers(self, *states: SubmissionState, status: CallStatus | None = None) -> int:
        """How many numbers are in submissions of these states, skipped ones aside."""
        return sum(
            of.count
            for of in self.counted
            if of.state in states
            and (of.status is status if status else of.status is not CallStatus.SKIPPED)
        )

    def with_status(self, status: CallStatus) -> int:
        """How many numbers have this status, whatever their submission."""
        return sum(of.count for of in self.counted if of.status is status)

    @property
    def outcomes(self) -> Mapping[CallOutcome, int]:
        """How many numbers went each way, those that occur."""
        found: dict[CallOutcome, int] = {}
        for of in self.counted:
            found[of.outcome] = found.get(of.outcome, 0) + of.count
        return found

    @property
    def placed(self) -> int:
        """Numbers for which the gateway has given an id."""
        return sum(of.count for of in self.counted if of.status not in _WITHOUT_ID)

    @property
    def followed(self) -> int:
        """Calls of which the gateway may have more to say."""
        return sum(of.followed for of in self.counted)

    @property
    def done(self) -> int:
        """Numbers that went their way; not those that were stopped, or may yet go somewhere."""
        others = self.numbers(
            SubmissionState.QUEUED,
            SubmissionState.SENDING,
            SubmissionState.UNKNOWN,
            SubmissionState.CANCELLED,
        )
        return self.batch.numbers - others - self.followed

    @property
    def over(self) -> bool:
        """Whether nothing is left to send and every call has its result."""
        under_way = self.numbers(SubmissionState.QUEUED, SubmissionState.SENDING)
        return not under_way and not self.followed

    @property
    def cost(self) -> int:
        """What it has cost, in thousandths of a Toman, as far as the gateway has said."""
        return sum(of.cost for of in self.counted)

    @property
    def cost_may_grow(self) -> bool:
        """Whether something may be added to the cost."""
        unpriced = (of.unpriced for of in self.counted if of.status is CallStatus.NORMAL)
        return not self.over or any(unpriced)

    def in_state(self, *states: SubmissionState) -> list[Submission]:
        """The submissions in these states, in their order."""
        return [submission for submission in self.submissions if submission.state in states]


def batch_view(
    tx: Stores, batch_id: int, page: int = 1, shown: CallOutcome | None = None
) -> BatchView | None:
    """Read a batch as it is now; a page beyond the last is the last one.

    With `shown`, its calls are those that went this way.
    """
    batch = tx.batches.get(batch_id)
    if batch is None:
        return None
    submissions = tuple(tx.submissions.of_batch(batch_id))
    states = {submission.id: submission.state for submission in submissions}
    counted = tx.outcomes.counted(batch_id) if batch.numbers > PAGE or shown else None
    listed = batch.numbers
    if shown is not None:
        listed = sum(of.count for of in counted or () if of.outcome == shown)
    pages = max(1, -(-listed // PAGE))
    page = min(max(1, page), pages)
    offset = (page - 1) * PAGE
    if shown is None:
        calls = tx.calls.of_batch(batch_id, limit=PAGE, offset=offset)
    else:
        calls = tx.outcomes.calls(batch_id, shown, limit=PAGE, offset=offset)
    lines = tuple(CallLine(call=call, submission=states[call.submission_id]) for call in calls)
    waiting = tx.submissions.evidence_waits(batch_id)
    again = tx.submissions.to_try_again(batch_id)
    queued = any(state is SubmissionState.QUEUED for state in states.values())
    any_skipped = any(one.skipped for one in submissions)
    return BatchView(
        batch=batch,
        submissions=submissions,
        counted=tuple(count_lines(lines) if counted is None else counted),
        calls=lines,
        page=page,
        pages=pages,
        shown=shown,
        unmatched=tuple(tx.calls.unmatched(batch_id)),
        picks=_picks(tx, waiting),
        evidence_waiting=waiting,
        try_again=sum(len(tx.calls.to_try_again(batch_id, one.id)) for one in again),
        taken_by=tx.submissions.taken_by(batch_id),
        pauses=tuple(tx.pauses.open()) if queued else (),
        planned=tx.schedules.run_of(batch_id),
        redials=tuple(tx.chains.redials(batch_id)),
        skipped=tx.outcomes.skipped(batch_id) if any_skipped else {},
        wave=None if batch.first_wave is None else tx.waves.first(batch_id, batch.first_wave),
    )


def _picks(tx: Stores, waiting: frozenset[int]) -> tuple[Pick, ...]:
    found: dict[int, Evidence] = {}
    for submission_id in sorted(waiting):
        for evidence in tx.evidence.ambiguous_of(submission_id):
            found[evidence.id] = evidence
    return tuple(
        Pick(
            evidence=evidence,
            candidates=tuple(
                (s.id, s.batch_id)
                for i in tx.evidence.fitted(evidence.id)
                if (s := tx.submissions.get(i)) is not None
            ),
        )
        for evidence in found.values()
    )


def count_lines(lines: Iterable[CallLine]) -> list[Counted]:
    """The same figures of calls that are all at hand."""
    sorted_out: dict[tuple[SubmissionState, CallStatus], list[Call]] = {}
    for line in lines:
        sorted_out.setdefault((line.submission, line.call.status), []).append(line.call)
    return [
        Counted(
            state=state,
            status=status,
            count=len(calls),
            followed=sum(call.next_poll_at is not None for call in calls),
            talk=sum(call.bill_sec or 0 for call in calls),
            talks=sum(bool(call.bill_sec) for call in calls),
            cost=sum(call.price or 0 for call in calls),
            unpriced=sum(call.price is None for call in calls),
        )
        for (state, status), calls in sorted_out.items()
    ]


def call_lines(tx: Stores, calls: list[Call]) -> list[CallLine]:
    """Calls of any batches, each with its batch and the state of its submission."""
    lines = []
    for call in calls:
        submission = tx.submissions.get(call.submission_id)
        if submission is not None:
            lines.append(
                CallLine(
                    call=call, submission=submission.state, batch=tx.batches.get(call.batch_id)
                )
            )
    return lines
