"""What a person is told instead of an answer, one class per thing that they can act on.

CallingError
├── UsageError           the input cannot be used; says which `Problem`, nothing was changed
├── PausedError          launching is paused, for these reasons; nothing was launched
├── DrainingError        the program is about to stop; nothing was launched
├── ExpiredError         the button or the draft is no longer valid
├── NotYoursError        a draft that belongs to somebody else
├── NumberUnknownError   this member has not shared their own number; nothing was called
├── OthersScheduleError  a schedule that only its author and admins may change
├── AlreadyDoneError     somebody was first: it was launched, decided or stopped before
├── ListChangedError     somebody was faster: the list is not any more what the change was for
├── ListGoneError        the list was removed
├── NothingFoundError    no batch, call or number is recorded under what was asked for
└── NothingLaunchedError nothing was launched in the days that were asked for

The sentences are in `bot.texts.errors`; these classes carry the facts that go into them.
"""

from enum import StrEnum
from typing import Literal

from bot.calling.days import Days
from bot.calling.numbers import Uncallable
from storage.models import Draft, NumberList, Pause


class Problem(StrEnum):
    """What is wrong with the input."""

    NO_ARGUMENTS = "no_arguments"
    VOICE_FIRST = "voice_first"
    NO_NUMBER = "no_number"
    NOTHING_CALLABLE = "nothing_callable"
    TOO_MANY = "too_many"
    BAD_RETRY = "bad_retry"
    BAD_SERVER = "bad_server"
    BAD_VOICE = "bad_voice"
    UNKNOWN_OPTION = "unknown_option"
    OPTION_TWICE = "option_twice"
    NO_IDS = "no_ids"
    NO_EVENT = "no_event"
    BAD_RANGE = "bad_range"
    RANGE_BACKWARDS = "range_backwards"
    BAD_FORMAT = "bad_format"
    BAD_TIME = "bad_time"
    TIME_PAST = "time_past"
    TIME_FAR = "time_far"
    NO_WEEKDAYS = "no_weekdays"
    CANNOT_CALL = "cannot_call"
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    FILE_ENCRYPTED = "file_encrypted"
    FILE_OTHER_SHEET = "file_other_sheet"
    FILE_NOT_WHAT_IT_SAYS = "file_not_what_it_says"
    FILE_UNKNOWN = "file_unknown"
    FILE_DAMAGED = "file_damaged"
    FILE_TOO_MUCH = "file_too_much"
    FILE_TOO_MANY_ROWS = "file_too_many_rows"
    FILE_NO_NUMBERS = "file_no_numbers"
    FILE_FAILED = "file_failed"
    FILE_NOT_FETCHED = "file_not_fetched"
    CONTACT_WITHOUT_NUMBER = "contact_without_number"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    NAME_BEGINS = "name_begins"
    NAME_TAKEN = "name_taken"
    ONLY_YOU = "only_you"
    LAST_NUMBER = "last_number"
    NO_VOICE_NAMED = "no_voice_named"
    VOICE_KNOWN = "voice_known"
    VOICE_GONE = "voice_gone"
    SAY_NO_NUMBER = "say_no_number"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    LAUNCH_GONE = "launch_gone"
    LAUNCH_VOICE_GONE = "launch_voice_gone"
    NO_LIST_NAMED = "no_list_named"
    LIST_NO_NUMBER = "list_no_number"
    LIST_NOTHING_CALLABLE = "list_nothing_callable"
    LIST_EMPTY = "list_empty"
    LIST_TOO_LARGE = "list_too_large"
    LIST_FULL = "list_full"
    LAUNCH_LIST_GONE = "launch_list_gone"
    LAUNCH_LIST_EMPTY = "launch_list_empty"
    LAUNCH_TOO_LARGE = "launch_too_large"
    LAUNCH_WITHOUT_VOICE = "launch_without_voice"


class Asked(StrEnum):
    """What something looks like under which nothing is recorded."""

    NOTHING = "nothing"
    BATCH = "batch"
    NUMBER = "number"
    ID = "id"
    DIGITS = "digits"  # no whole number
    OTHER = "other"


class CallingError(Exception):
    """Something that the person who asked is told in words."""


class UsageError(CallingError):
    """The input cannot be used.

    `value` is the part that is wrong, `limit` the bound that it breaks, `uncallable` what of a
    paste cannot be called, `nearest` the names that may have been meant. The text of the error
    names the problem only: a number in it could reach a log.
    """

    def __init__(
        self,
        problem: Problem,
        value: str = "",
        limit: int = 0,
        uncallable: tuple[Uncallable, ...] = (),
        nearest: tuple[str, ...] = (),
    ) -> None:
        super().__init__(problem)
        self.nearest = nearest
        self.uncallable = uncallable
        self.problem = problem
        self.value = value
        self.limit = limit


class NameTakenError(UsageError):
    """Another one of the same kind, which is `what`, has the name `value`."""

    def __init__(self, what: Literal["voice", "list", "launch"], value: str) -> None:
        super().__init__(Problem.NAME_TAKEN, value)
        self.what = what


BAD_NAMES = frozenset(
    {Problem.NAME_EMPTY, Problem.NAME_TOO_LONG, Problem.NAME_BEGINS, Problem.NAME_TAKEN}
)
"""What is wrong with a name alone: another name mends it."""


class PausedError(CallingError):
    """Launching is paused for these reasons."""

    def __init__(self, pauses: list[Pause]) -> None:
        super().__init__(", ".join(pause.reason for pause in pauses))
        self.pauses = pauses


class DrainingError(CallingError):
    """The program finishes what is under way and starts nothing new."""


class ExpiredError(CallingError):
    """The button names something that is over or has changed since it was shown."""


class NotYoursError(CallingError):
    """The draft belongs to `draft.author_name`."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("draft of another person")
        self.draft = draft


class NumberUnknownError(CallingError):
    """This member has not shared their own number yet."""


class OthersScheduleError(CallingError):
    """The schedule belongs to `name`."""

    def __init__(self, name: str) -> None:
        super().__init__("schedule of another person")
        self.name = name


class AlreadyDoneError(CallingError):
    """Somebody was first; `batch_id` is what it became, `name` who did it, as far as known."""

    def __init__(self, batch_id: int | None = None, name: str | None = None) -> None:
        super().__init__("already done")
        self.batch_id = batch_id
        self.name = name


class ListChangedError(CallingError):
    """`of` is the list as it is now, after somebody else's change; nothing was changed here."""

    def __init__(self, of: NumberList) -> None:
        super().__init__("changed by somebody else")
        self.of = of


class ListGoneError(CallingError):
    """`of` is the list as it was when `of.changed_name` removed it."""

    def __init__(self, of: NumberList) -> None:
        super().__init__("a removed list")
        self.of = of


class NothingFoundError(CallingError):
    """Nothing is recorded under `asked`, which looks like a `kind`."""

    def __init__(self, asked: str, kind: Asked = Asked.OTHER) -> None:
        super().__init__("nothing found")
        self.asked = asked
        self.kind = kind if asked else Asked.NOTHING


class NothingLaunchedError(CallingError):
    """Nothing was launched in these days, so that there is nothing to export."""

    def __init__(self, days: Days) -> None:
        super().__init__("nothing launched")
        self.days = days
