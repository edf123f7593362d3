"""The numbers of a batch, and how each call is followed."""

from dataclasses import dataclass

from storage.models.states import CallStatus, UnmatchedKind


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
    tracked_since: float | None = None
    status_since: float | None = None
    tries: int = 0
    next_poll_at: float | None = None
    final_at: float | None = None
    name: str | None = None

    @property
    def final(self) -> bool:
        """Whether the gateway has nothing more to say of this call."""
        return self.final_at is not None


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
class Follow:
    """How a call is followed from here on.

    It is asked about next at `next_poll_at`, or final since `final_at`, or, with neither, given
    up without a result. `status_since` is when the gateway began to say what it says, or when
    that was last confirmed; `tries` counts those of its tries that surely ended unanswered.
    """

    status_since: float
    tries: int = 0
    next_poll_at: float | None = None
    final_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedId:
    """An id of an answer that is nobody's call here; kept, so that nothing placed is missing."""

    gateway_id: str
    submission_id: int
    number: str
    kind: UnmatchedKind
    word: str
