"""What became of numbers, in words and in figures: not recorded, but read from what is."""

from dataclasses import dataclass

from storage.models import CallStatus, SubmissionState

_PLANNED = "planned-"


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What became of a number: its status, or, while it is planned, what its submission is."""

    status: CallStatus
    submission: SubmissionState | None = None

    @classmethod
    def of(cls, status: CallStatus, submission: SubmissionState) -> "CallOutcome":
        """The outcome of a call of a submission in this state."""
        return cls(status, submission if status is CallStatus.PLANNED else None)

    @classmethod
    def parse(cls, key: str) -> "CallOutcome | None":
        """The outcome that has this key; None if it is none."""
        planned = key.startswith(_PLANNED)
        try:
            if planned:
                return cls(CallStatus.PLANNED, SubmissionState(key.removeprefix(_PLANNED)))
            found = cls(CallStatus(key))
        except ValueError:
            return None
        return None if found.status is CallStatus.PLANNED else found

    @property
    def key(self) -> str:
        """A word for it: letters, `_` and `-`."""
        return f"{_PLANNED}{self.submission}" if self.submission else str(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The calls of a batch that went one way, in figures.

    Attributes:
        state: that of their submissions.
        followed: how many of them are still asked about.
        talk: seconds of talk, `talks` counts the calls that have any.
        cost: in thousandths of a Toman, as far as it is known; `unpriced` counts the others.
    """

    state: SubmissionState
    status: CallStatus
    count: int
    followed: int
    talk: int
    talks: int
    cost: int
    unpriced: int

    @property
    def outcome(self) -> CallOutcome:
        """What became of these calls."""
        return CallOutcome.of(self.status, self.state)
