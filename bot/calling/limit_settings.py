"""`/limits`: what is set, what of it is used today, and how it is set."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.calling import limits
from bot.calling.audit import Deed
from bot.calling.errors import BadLimit, ExpiredError, LimitValueError
from bot.calling.limits import OF_MONEY, TOMAN, Limit
from bot.calling.numbers import normalise_digits
from bot.calling.results import Defaults
from bot.calling.window import Window
from storage.database import Database
from storage.models import Person, Use
from storage.stores import Stores

OF_NUMBERS = frozenset({Limit.BATCH_NUMBERS, Limit.APPROVE_NUMBERS, Limit.FIRST_WAVE})
MOST = {
    Limit.MEMBER_DAY: 1_000_000,
    Limit.TEAM_DAY: 1_000_000,
    Limit.COST_DAY: 1_000_000_000 * TOMAN,
    Limit.NUMBER_DAY: 100,
    Limit.APPROVE_COST: 1_000_000_000 * TOMAN,
    Limit.APPROVE_WINDOW: 1,
    Limit.FIRST_WAIT: 3600,
    Limit.FIRST_SHARE: 100,
}
"""What can be set at most; those `OF_NUMBERS` have `MAX_NUMBERS`."""
NEVER_OFF = frozenset({Limit.FIRST_WAIT, Limit.FIRST_SHARE})
"""Only the size of the first wave switches it off; of it 0 percent may fail, too."""
NONE = frozenset({"off", "no", "none", "never"})
_AMOUNT = re.compile(r"[0-9]{1,15}", re.ASCII)
_SEPARATORS = re.compile(r"(?<=[0-9])[,_' \u066c\u060c\u202f\u00a0](?=[0-9]{3}(?:\D|$))")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsView:
    """Every limit, and what today's are used by.

    Attributes:
        values: as they are set, or by default; 0 is none.
        own: numbers of today that count for the one who looks.
        team: numbers of today that count for all.
        cost: what today has cost and may still cost, in thousandths of a Toman; None where no
            limit needs it, and `priced` is false as long as nothing is known of prices.
        most_called: how often the number was called today that was called most.
        people: who has used how much today, the most first, for those who may see that.
        max_numbers: what the settings allow in one batch.
    """

    values: dict[Limit, int]
    own: int
    team: int
    cost: int | None
    priced: bool
    most_called: int
    max_numbers: int
    people: tuple[Use, ...] = field(default=())


class LimitSettings:
    """A manager's word on each limit; each change is in the audit."""

    def __init__(
        self,
        *,
        database: Database,
        defaults: Defaults,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._defaults = defaults
        self._clock = clock

    async def look(self, *, by: Person, people: bool) -> LimitsView:
        """What is set and used; with `people` also by whom."""
        return await self._database.read(lambda tx: self._look(tx, by, people=people))

    def read(self, name: str, text: str) -> int:
        """A typed value of a limit, in the unit in which it is kept.

        Digits of any script, separators of thousands, and `off` are read; money is in Toman.

        Raises:
            LimitValueError: there is no such limit, or it cannot be this.
        """
        limit = limit_of(name)
        word = " ".join(normalise_digits(text).split()).lower()
        if word in NONE and limit in NEVER_OFF:
            raise LimitValueError(BadLimit.NOT_OFF, limit)
        if word in NONE:
            return 0
        plain = _SEPARATORS.sub("", word).removesuffix("toman").removesuffix("%").strip()
        if limit is Limit.APPROVE_WINDOW and plain in ("yes", "on"):
            return 1
        if not _AMOUNT.fullmatch(plain):
            raise LimitValueError(BadLimit.UNREADABLE, limit, text.strip()[:40])
        value = int(plain) * (TOMAN if limit in OF_MONEY else 1)
        self._check_most(limit, value)
        return value

    async def set(
        self,
        name: str,
        value: int,
        *,
        by: Person,
        chat_id: int,
        was: int | None = None,
    ) -> None:
        """Set a limit, unless more of it is used already.

        Args:
            name: the limit's.
            value: in its own unit; 0 is none.
            by: who sets it.
            chat_id: where.
            was: what the button was shown with; None if it does not matter.

        Raises:
            ExpiredError: it was set to something else since.
            LimitValueError: there is no such limit, it cannot be this, or more is used.
        """
        limit = limit_of(name)
        self._check_most(limit, value)

        def work(tx: Stores) -> None:
            before = limits.value(tx, limit)
            if was is not None and before != was:
                raise ExpiredError
            now = self._clock()
            used = most_used(tx, limit, self._defaults.window, now) if value else 0
            if value and value < used:
                raise LimitValueError(BadLimit.BELOW_USE, limit, value, used)
            tx.limits.put(limit, value)
            tx.audit.add(
                Deed.LIMIT_SET,
                limit,
                at=now,
                by=by,
                chat_id=chat_id,
                before=limits.set_to(limit, before),
                after=limits.set_to(limit, value),
            )

        await self._database.write(work)

    def _check_most(self, limit: Limit, value: int) -> None:
        if limit is Limit.FIRST_WAIT and not value:
            raise LimitValueError(BadLimit.NOT_OFF, limit)
        most = MOST.get(limit, self._defaults.max_numbers)
        if value > most:
            raise LimitValueError(BadLimit.TOO_HIGH, limit, value, most)

    def _look(self, tx: Stores, by: Person, *, people: bool) -> LimitsView:
        now, window = self._clock(), self._defaults.window
        day, since = window.day(now).isoformat(), window.midnight(now)
        found = tx.limits.people(day=day, since=since)
        set_to = limits.values(tx)
        return LimitsView(
            values=set_to,
            own=sum(one.numbers for one in found if one.user_id == by.id),
            team=sum(one.numbers for one in found),
            cost=tx.limits.cost(day=day, since=since) if set_to[Limit.COST_DAY] else None,
            priced=bool(tx.voice_calls.costs(None, 1)),
            most_called=tx.limits.most_called(since) if set_to[Limit.NUMBER_DAY] else 0,
            max_numbers=self._defaults.max_numbers,
            people=tuple(found) if people else (),
        )


def limit_of(name: str) -> Limit:
    """The limit of this name.

    Raises:
        LimitValueError: there is none.
    """
    try:
        return Limit(name.strip().lower())
    except ValueError as error:
        raise LimitValueError(BadLimit.UNKNOWN, name.strip()[:40]) from error


def most_used(tx: Stores, limit: Limit, window: Window, now: float) -> int:
    """What of a limit is used today or on a day to come, whichever is more; 0 if it has no use."""
    since = window.midnight(now)
    if limit is Limit.NUMBER_DAY:
        return tx.limits.most_called(since)
    today = window.day(now).isoformat()
    # Nothing was claimed on a day to come, unless the clock was put back: it counts today, then.
    days = [(today, since), *((day, float("inf")) for day in tx.limits.days_after(today))]
    return max(_used(tx, limit, day, begin) for day, begin in days)


def _used(tx: Stores, limit: Limit, day: str, since: float) -> int:
    match limit:
        case Limit.MEMBER_DAY:
            found = tx.limits.people(day=day, since=since)
            return found[0].numbers if found else 0
        case Limit.TEAM_DAY:
            return tx.limits.numbers(day=day, since=since)
        case Limit.COST_DAY:
            return tx.limits.cost(day=day, since=since)
        case _:
            return 0
