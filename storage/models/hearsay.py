"""What was said of calls without being asked: events of the gateway, and evidence."""

from dataclasses import dataclass

from storage.models.states import EventState, EvidenceState


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNews:
    """What the gateway has sent us of a call by itself, to be kept.

    `word` is empty if it said none, `number` is E.164 if it could be read.
    """

    gateway_id: str
    word: str
    number: str | None = None
    bill_sec: int | None = None
    price: int | None = None
    request_date: int | None = None
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A kept event, how often it came, and what became of it."""

    id: int
    gateway_id: str
    word: str
    number: str | None
    bill_sec: int | None
    price: int | None
    request_date: int | None
    campaign_id: str | None
    received_at: float
    times: int
    state: EventState
    next_ask_at: float | None


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
