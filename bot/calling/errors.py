"""What a person is told instead of an answer, one class per thing that they can act on.

CallingError
├── UsageError           the input cannot be used; says which `Problem`, nothing was changed
├── LimitError           a limit leaves no room for it; nothing was launched
├── LimitValueError      a limit cannot be set to this; nothing was changed
├── OutsideError         it is outside the calling window; nothing was launched
├── PlanOutsideError     a time that was picked lies outside of it; nothing was planned
├── PausedError          launching is paused, for these reasons; nothing was launched
├── DrainingError        the program is about to stop; nothing was launched
├── ExpiredError         the button or the draft is no longer valid
│   └── WaitsError       the draft waits for a second person, and is not changed meanwhile
├── ApprovalNeededError  it needs a second person, who cannot be asked here
├── OwnApprovalError     a second person must be another one
├── ManagerNeededError   only a manager or an admin may say this
├── AuthorGoneError      its author may not launch any more; nothing was launched
├── TeamError            the team cannot be changed so; says which `TeamProblem`
├── InviteError          an invite cannot be used; says which `InviteProblem`
├── NotYoursError        a draft that belongs to somebody else
├── NumberUnknownError   this member has not shared their own number; nothing was called
├── OthersScheduleError  a schedule that only its author, managers and admins may change
├── ChatOffError         the group was taken off the groups in which the bot works
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
from bot.calling.problems import Asked, InviteProblem, Problem, TeamProblem
from bot.calling.window import Window
from storage.models import Draft, NumberList, Pause, Person


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


class LimitError(CallingError):
    """A limit leaves no room: `used` of `most` are used, and this asked for `asked` more.

    In numbers, or in thousandths of a Toman for a cost; `limit` is a `bot.calling.limits.Limit`.
    `today` is false for the share of a day to come. `name` is whose limit it is, if that is not
    the one who asks. `by` and `chat_id` are who was refused, and where, for the audit.
    """

    def __init__(
        self,
        limit: str,
        *,
        used: int,
        asked: int,
        most: int,
        today: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__(limit)
        self.limit = limit
        self.used = used
        self.asked = asked
        self.most = most
        self.today = today
        self.name = name
        self.by: Person | None = None
        self.chat_id: int | None = None


class BadLimit(StrEnum):
    """What is wrong with a value for a limit."""

    UNREADABLE = "unreadable"
    TOO_HIGH = "too_high"
    BELOW_USE = "below_use"
    NOT_OFF = "not_off"  # another limit is what switches this off
    UNKNOWN = "unknown"  # there is no such limit


class LimitValueError(CallingError):
    """A limit cannot be set to this.

    `limit` is the name that was given, `value` what it was to be, as it was typed or in the
    limit's own unit, and `bound` the most that it may be, or what of it is used already.
    """

    def __init__(self, why: BadLimit, limit: str, value: str | int = "", bound: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.limit = limit
        self.value = value
        self.bound = bound


class OutsideError(CallingError):
    """`at` is outside the calling window, which opens at `opens_at` next (UTC), if in sight.

    `alone` says that one person's word is not enough to call outside of it.
    """

    def __init__(self, window: Window, at: float, *, alone: bool = False) -> None:
        super().__init__("outside the calling window")
        self.window = window
        self.at = at
        self.opens_at = window.opens_at(at)
        self.alone = alone


class PlanOutsideError(CallingError):
    """A time to be planned, outside the calling window: `at` (UTC seconds), or one of every week.

    Of a weekly one `weekday` (Monday is 0) is the first that does not fit.
    """

    def __init__(self, window: Window, at: float, weekday: int | None = None) -> None:
        super().__init__("a time outside the calling window")
        self.window = window
        self.at = at
        self.weekday = weekday


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


class WaitsError(ExpiredError):
    """The draft waits for a second person; `draft` is it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("waits for a second person")
        self.draft = draft


class ApprovalNeededError(CallingError):
    """A launch needs a second person, for `needs`: each a `bot.calling.limits.Limit`."""

    def __init__(self, needs: tuple[str, ...]) -> None:
        super().__init__(", ".join(needs))
        self.needs = needs


class OwnApprovalError(CallingError):
    """Nobody is the second person for a launch of their own."""


class ManagerNeededError(CallingError):
    """Only managers and admins may say this, and this person is none (any more)."""


class AuthorGoneError(CallingError):
    """The author of the draft, `name`, may not launch it any more; it was cancelled."""

    def __init__(self, name: str) -> None:
        super().__init__("the author has lost their rights")
        self.name = name


class TeamError(CallingError):
    """The team is not changed; `value` is the name of whom it is about, or the word given."""

    def __init__(self, problem: TeamProblem, value: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.value = value


class InviteError(CallingError):
    """An invite makes nobody a member; it is as it was before."""

    def __init__(self, problem: InviteProblem) -> None:
        super().__init__(problem)
        self.problem = problem


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


class ChatOffError(CallingError):
    """The group that it is for was taken off the groups in which the bot works."""


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
