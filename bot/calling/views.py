"""What a batch looks like at one moment: everything its board says, read in one transaction."""

from collections import Counter
from dataclasses import dataclass

from storage.models import (
    Batch,
    Call,
    CallStatus,
    Evidence,
    Pause,
    Submission,
    SubmissionState,
    UnmatchedId,
)
from storage.stores import Stores

PAGE = 10  # calls on a page of a board


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
        counts: numbers by state of their submission and own status.
        pages: how many pages of ten calls there are.
        unmatched: ids that came with the answers and belong to no call.
        picks: evidence that waits for a person.
        evidence_waiting: submissions of which something was said that is being checked.
        try_again: how many numbers *Try again* would take now.
        taken_by: by submission, the follow-up that took it.
        pauses: why launching is paused now, while something is queued.
    """

    batch: Batch
    submissions: tuple[Submission, ...]
    counts: dict[tuple[SubmissionState, CallStatus], int]
    calls: tuple[CallLine, ...]
    page: int
    pages: int
    unmatched: tuple[UnmatchedId, ...]
    picks: tuple[Pick, ...]
    evidence_waiting: frozenset[int]
    try_again: int
    taken_by: dict[int, int]
    pauses: tuple[Pause, ...]

    def numbers(self, *states: SubmissionState, status: CallStatus | None = None) -> int:
        """How many numbers are in submissions of these states, skipped ones aside."""
        return sum(
            count
            for (state, has), count in self.counts.items()
            if state in states and (has is status if status else has is not CallStatus.SKIPPED)
        )

    def with_status(self, status: CallStatus) -> int:
        """How many numbers have this status, whatever their submission."""
        return sum(count for (_, has), count in self.counts.items() if has is status)

    def in_state(self, *states: SubmissionState) -> list[Submission]:
        """The submissions in these states, in their order."""
        return [submission for submission in self.submissions if submission.state in states]


def batch_view(tx: Stores, batch_id: int, page: int = 1) -> BatchView | None:
    """Read a batch as it is now; a page beyond the last is the last one."""
    batch = tx.batches.get(batch_id)
    if batch is None:
        return None
    submissions = tuple(tx.submissions.of_batch(batch_id))
    states = {submission.id: submission.state for submission in submissions}
    pages = max(1, -(-batch.numbers // PAGE))
    page = min(max(1, page), pages)
    calls = tx.calls.of_batch(batch_id, limit=PAGE, offset=(page - 1) * PAGE)
    lines = tuple(CallLine(call=call, submission=states[call.submission_id]) for call in calls)
    waiting = tx.submissions.evidence_waits(batch_id)
    again = tx.submissions.to_try_again(batch_id)
    queued = any(state is SubmissionState.QUEUED for state in states.values())
    return BatchView(
        batch=batch,
        submissions=submissions,
        counts=tx.calls.counts(batch_id) if pages > 1 else _counted(lines),
        calls=lines,
        page=page,
        pages=pages,
        unmatched=tuple(tx.calls.unmatched(batch_id)),
        picks=_picks(tx, waiting),
        evidence_waiting=waiting,
        try_again=sum(submission.numbers for submission in again),
        taken_by=tx.submissions.taken_by(batch_id),
        pauses=tuple(tx.pauses.open()) if queued else (),
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


def _counted(lines: tuple[CallLine, ...]) -> dict[tuple[SubmissionState, CallStatus], int]:
    """The counts of a batch all of whose calls are at hand."""
    return dict(Counter((line.submission, line.call.status) for line in lines))


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
