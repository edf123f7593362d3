"""Launches that are made later, once or every week."""

from dataclasses import dataclass
from enum import StrEnum

from storage.models.people import Person, Place


class ScheduleState(StrEnum):
    """The last two are final."""

    WAITING = "waiting"
    ASKING = "asking"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What became of a due time that was asked about, or of the whole schedule."""

    CALLED = "called"
    SKIPPED = "skipped"
    LAPSED = "lapsed"  # nobody answered
    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # it was asked by a clock that was wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """What is to be launched later; `content` is JSON that `calling` owns.

    Attributes:
        asked_by: what asked for it, unique for all time: `draft:<id>`.
        message_id: the message that becomes its card.
        list_ref: the list that is read each time; only of a weekly one.
        weekdays: a mask, bit 0 for Monday; 0 for once.
        minute: of the day, by the clock of the settings' time zone.
        due_at: its first time (UTC).
        numbers: of the list as its author saw it, to tell what has changed since then.
    """

    asked_by: str
    author: Person
    place: Place
    message_id: int | None
    content: str
    list_ref: int | None
    weekdays: int
    minute: int
    due_at: float
    numbers: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A recorded schedule.

    Attributes:
        due_at: its next time (UTC), or the one that is asked about.
        last_numbers: JSON that `calling` owns: the numbers of its list when it was read last.
        asked_why: a word of `calling`: why it asks in place of launching.
        asked_at: when it began to ask (UTC).
        waited_for: the time (UTC) that it waited for before it asked; `due_at` may be a later one.
        closed_why: what ended it.
        closed_name: who did, if somebody did.
        batch_id: the batch that it made last.
        revision: counts its changes, so that a button of an earlier state can be told.
    """

    id: int
    state: ScheduleState
    author_id: int
    author_name: str
    chat_id: int
    thread_id: int | None
    message_id: int | None
    made_at: float
    content: str
    list_ref: int | None
    weekdays: int
    minute: int
    due_at: float
    last_numbers: str | None
    asked_why: str | None
    asked_at: float | None
    waited_for: float | None
    closed_why: Answer | None
    closed_name: str | None
    batch_id: int | None
    revision: int

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in (ScheduleState.ENDED, ScheduleState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleAsk:
    """A message that asks about one due time; `answer` is set once somebody was first."""

    id: int
    schedule_id: int
    due_at: float
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    answer: Answer | None
    answered_name: str | None
    batch_id: int | None
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRun:
    """What a batch's board says of the schedule that made it.

    Attributes:
        recent: how many of its numbers got the same voice in the 24 hours before.
        added: how many the list has more than the time before.
        removed: how many it has lost.
        missed: earlier times that passed while the program was away.
        do_not_call: how many were left out, as they are on the do-not-call list.
    """

    schedule_id: int
    due_at: float
    batch_id: int
    recent: int = 0
    added: int = 0
    removed: int = 0
    missed: int = 0
    do_not_call: int = 0
