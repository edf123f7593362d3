"""What a person is told instead of an answer, one class per thing that they can act on.

CallingError
├── UsageError           the input cannot be used; says which `Problem`, nothing was changed
├── PausedError          launching is paused, for these reasons; nothing was launched
├── DrainingError        the program is about to stop; nothing was launched
├── ExpiredError         the button or the draft is no longer valid
├── NotYoursError        a draft that belongs to somebody else
├── AlreadyDoneError     somebody was first: it was launched, decided or stopped before
├── NothingFoundError    no batch, call or number is recorded under what was asked for
└── NothingLaunchedError nothing was launched in the days that were asked for

The sentences are in `bot.texts.errors`; these classes carry the facts that go into them.
"""

from enum import StrEnum

from bot.calling.days import Days
from bot.calling.numbers import Uncallable
from storage.models import Draft, Pause


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
    paste cannot be called. The text of the error names the problem only: a number in it could
    reach a log.
    """

    def __init__(
        self,
        problem: Problem,
        value: str = "",
        limit: int = 0,
        uncallable: tuple[Uncallable, ...] = (),
    ) -> None:
        super().__init__(problem)
        self.uncallable = uncallable
        self.problem = problem
        self.value = value
        self.limit = limit


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


class AlreadyDoneError(CallingError):
    """Somebody was first; `batch_id` is what it became, `name` who did it, as far as known."""

    def __init__(self, batch_id: int | None = None, name: str | None = None) -> None:
        super().__init__("already done")
        self.batch_id = batch_id
        self.name = name


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
