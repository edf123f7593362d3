"""The words for what things are, as they stand in the database."""

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
    RESTORED = "restored"
    WINDOW = "window"  # the calling window has closed
    LIMIT = "limit"  # the limits of another day than that of its launch leave no room
    FAILING = "failing"  # too many of its first wave failed


class SkipReason(StrEnum):
    """Why a number was taken out in the claim's transaction."""

    RANG = "rang"
    DO_NOT_CALL = "do_not_call"
    DAILY_LIMIT = "daily_limit"


class StopReason(StrEnum):
    """Why what was queued in a batch was cancelled."""

    PERSON = "person"
    HELD_TOO_LONG = "held_too_long"
    UNDONE = "undone"  # by a person, before anything of it was claimed


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
    RESTORED = "restored"


class ReportKind(StrEnum):
    """What a chat is told of a batch in a message of its own."""

    END = "end"
    HELD = "held"
    DEADLINE = "deadline"


class EventState(StrEnum):
    """What became of an event of the gateway: a hint until the status call has answered."""

    HINT = "hint"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    EVIDENCE = "evidence"


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
