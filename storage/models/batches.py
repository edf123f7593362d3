"""What a person launched, and the POSTs by which it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.models.people import Person, Place
from storage.models.states import BatchState, HoldReason, PauseReason, StopReason, SubmissionState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """All that is committed before anything is sent.

    Attributes:
        asked_by: what asked for this batch, unique for all time, such as `message:<chat>:<id>`.
        cuts: the numbers in E.164, cut into submissions of at most 100.
        sources: ids of the submissions that a follow-up takes; their use is recorded.
        spoken: the text that is read out, where `voice` is no recording but the text's key.
        names: the name of a number, for those that have one.
        undo_until: before this time (UTC) nothing of it is sent.
        goes_at: the opening of the calling window (UTC) that it was told to wait for.
        day: the local date on which its share of the limits is reserved.
        estimate: what all of it may cost, in thousandths of a Toman.
        window: who calls outside the calling window, `window_reason` why, and `window_until` the
            opening (UTC) up to which that holds; None if none was in sight.
        approved: who approved it, `approval_asked_at` and `approved_at` when (UTC).
        first_wave: how many numbers go first, before the others, for which `first_wait` seconds
            are waited at most; more than `first_share` percent of failures hold the rest.
    """

    asked_by: str
    voice: str
    retry_count: int
    server_id: str | None
    author: Person
    place: Place
    cuts: tuple[tuple[str, ...], ...]
    fingerprint: str
    repeated: int = 0
    follows: int | None = None
    followed_as: str | None = None
    sources: tuple[int, ...] = ()
    voice_name: str | None = None
    spoken: str | None = None
    list_ref: int | None = None
    list_name: str | None = None
    launch_ref: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    undo_until: float | None = None
    goes_at: float | None = None
    day: str | None = None
    estimate: int | None = None
    window: Person | None = None
    window_reason: str | None = None
    window_until: float | None = None
    approved: Person | None = None
    approval_asked_at: float | None = None
    approved_at: float | None = None
    first_wave: int | None = None
    first_wait: float | None = None
    first_share: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One launch.

    `hold_no` counts its holds, so that a button of an earlier one can be told. Who held, sent on
    and stopped it last is kept by id and by the name that they had then. `opens_at` is the opening
    (UTC) for which its rest would have to wait, while it is held outside the calling window. What
    `window_by` said holds until the opening `window_until`; None if none was in sight then.
    """

    id: int
    state: BatchState
    asked_by: str
    voice: str
    retry_count: int
    server_id: str | None
    author_id: int
    author_name: str
    chat_id: int
    numbers: int
    submissions: int
    repeated: int
    fingerprint: str
    follows: int | None
    followed_as: str | None
    created_at: float
    event_at: float
    hold_no: int
    hold_reason: HoldReason | None
    hold_name: str | None
    held_at: float | None
    ended_at: float | None
    stop_reason: StopReason | None
    stop_name: str | None
    revision: int
    hold_by: int | None = None
    stop_by: int | None = None
    resumed_by: int | None = None
    resumed_name: str | None = None
    voice_name: str | None = None
    spoken: str | None = None
    list_ref: int | None = None
    list_name: str | None = None
    launch_ref: int | None = None
    undo_until: float | None = None
    goes_at: float | None = None
    day: str | None = None
    estimate: int | None = None
    window_by: int | None = None
    window_name: str | None = None
    window_reason: str | None = None
    window_until: float | None = None
    opens_at: float | None = None
    approval_asked_at: float | None = None
    approved_by: int | None = None
    approved_name: str | None = None
    approved_at: float | None = None
    first_wave: int | None = None
    first_wait: float | None = None
    first_share: int | None = None
    first_judged_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One POST of a batch.

    `numbers` counts its calls, `skipped` those of them that were taken out at the claim; `reason`
    is the technical word for what went wrong.
    """

    id: int
    batch_id: int
    position: int
    state: SubmissionState
    numbers: int
    attempts: int
    not_before: float
    claimed_at: float | None
    ended_at: float | None
    reason: str | None
    code: str | None
    http_status: int | None
    campaign_id: str | None
    decided_name: str | None
    decided_at: float | None
    decided_by: int | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """How many claims were ever committed, and the highest id of a claimed submission."""

    count: int = 0
    highest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Launching is paused for this reason."""

    id: int
    reason: PauseReason
    since: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far the calls of one batch are: how many were answered, how many may still be."""

    answered: int = 0
    open: int = 0
