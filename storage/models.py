"""What is recorded: frozen rows, and the words for their states.

Times are UTC epoch seconds, numbers are E.164, money is in thousandths of a Toman.
The meaning of each state and its moves: `docs/architecture.md`, "Life of a batch".
"""

from dataclasses import dataclass
from enum import StrEnum


class BatchState(StrEnum):
    """What a batch is."""

    RUNNING = "running"
    HELD = "held"
    FINISHED = "finished"
    STOPPED = "stopped"


class HoldReason(StrEnum):
    """Why a batch waits for a person."""

    UNKNOWN = "unknown"
    REFUSED = "refused"
    UNSENT = "unsent"
    AWAY = "away"
    PERSON = "person"
    EVIDENCE = "evidence"


class StopReason(StrEnum):
    """Why what was queued in a batch was cancelled."""

    PERSON = "person"
    HELD_TOO_LONG = "held_too_long"


class SubmissionState(StrEnum):
    """What one POST to the gateway is."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNSENT = "unsent"
    UNKNOWN = "unknown"
    RELEASED = "released"
    LEFT = "left"
    CANCELLED = "cancelled"


class CallStatus(StrEnum):
    """What one number of a batch is; the last ones in the gateway's own words, in lower case."""

    PLANNED = "planned"
    SKIPPED = "skipped"
    NOT_CONFIRMED = "not_confirmed"
    WAITING = "waiting"
    NORMAL = "normal"
    NO_ANSWER = "no_answer"
    USER_BUSY = "user_busy"
    EXPIRED = "expired"
    ERROR = "error"
    UNKNOWN = "unknown"
    OTHER = "other"  # a word that we do not know: kept in Call.word, not final
    NO_RESULT = "no_result"


FINAL_STATUSES = frozenset(
    {
        CallStatus.NORMAL,
        CallStatus.NO_ANSWER,
        CallStatus.USER_BUSY,
        CallStatus.EXPIRED,
        CallStatus.ERROR,
        CallStatus.UNKNOWN,
    }
)


class DraftKind(StrEnum):
    """What a draft would become."""

    CALL = "call"
    TRY_AGAIN = "try_again"


class DraftState(StrEnum):
    """What a draft is."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PauseReason(StrEnum):
    """Why nothing may be launched."""

    UNAUTHORISED = "unauthorised"
    DISK = "disk"


class EvidenceState(StrEnum):
    """What became of something that the gateway said of a call we did not know to be placed."""

    WAITING = "waiting"
    ADOPTED = "adopted"
    AMBIGUOUS = "ambiguous"
    DISAGREES = "disagrees"


class UnmatchedKind(StrEnum):
    """Why an id of an answer belongs to no call of its submission."""

    FOREIGN = "foreign"
    REPEATED = "repeated"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who did something: the numeric Telegram id, and the name as it was then."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in Telegram: the chat, its topic, and the message that is answered."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """All that is committed before anything is sent.

    Attributes:
        asked_by: what asked for this batch, unique for all time, such as `message:<chat>:<id>`.
        cuts: the numbers in E.164, cut into submissions of at most 100.
        sources: ids of the submissions that a follow-up takes; their use is recorded.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One launch.

    `hold_no` counts its holds, so that a button of an earlier one can be told. Who held, sent on
    and stopped it last is kept by id and by the name that they had then.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One POST of a batch.

    `numbers` counts its calls, `reason` is the technical word for what went wrong.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One number of a batch. `word` is the gateway's status word as it came."""

    id: int
    batch_id: int
    submission_id: int
    position: int
    number: str
    status: CallStatus
    word: str | None
    gateway_id: str | None
    bill_sec: int | None
    price: int | None
    request_date: int | None
    execution_date: int | None
    skip_reason: str | None
    updated_at: float | None

    @property
    def final(self) -> bool:
        """Whether the gateway has nothing more to say of this call."""
        return self.status in FINAL_STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNews:
    """What the gateway says of one call, to be recorded."""

    gateway_id: str
    status: CallStatus
    word: str
    bill_sec: int | None = None
    price: int | None = None
    request_date: int | None = None
    execution_date: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedId:
    """An id of an answer that is nobody's call here; kept, so that nothing placed is missing."""

    gateway_id: str
    submission_id: int
    number: str
    kind: UnmatchedKind
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The message that shows a batch; `message_id` is None until it is posted."""

    batch_id: int
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    page: int
    shown_revision: int
    broken: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """What is asked before a launch; `content` is JSON that `calling` owns."""

    token: str
    kind: DraftKind
    asked_by: str
    author: Person
    place: Place
    content: str
    created_at: float
    expires_at: float
    source_batch_id: int | None = None
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A recorded draft; `closed_why` is a word of `calling`, `batch_id` what it became."""

    id: int
    token: str
    kind: DraftKind
    state: DraftState
    asked_by: str
    author_id: int
    author_name: str
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    content: str
    created_at: float
    expires_at: float
    source_batch_id: int | None
    closed_why: str | None
    closed_shown: bool
    batch_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Launching is paused for this reason."""

    id: int
    reason: PauseReason
    since: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something said of a call that the record does not know to be placed."""

    id: int
    gateway_id: str
    submission_id: int | None
    number: str | None
    request_date: int | None
    state: EvidenceState
    given_by: int
    given_name: str
    given_at: float
    detail: str | None
