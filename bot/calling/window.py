"""The calling window: the days and hours in which calls may go out, where the team lives.

What counts is the hour on the wall, as far as the clock of that day has come: it opens once a day
and closes once, also on a day whose clock is put back. A day that is skipped has no hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
AHEAD = 400  # days in which an opening is sought: there may be none

Hours = tuple[int, int]
"""From one minute of the day to another one, which is the first that is outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours by weekday and the days on which nothing goes out, in one time zone.

    Attributes:
        hours: seven entries, Monday first; None is a day without calls. None as a whole is
            `WINDOW=off`: always open, holidays aside.
        holidays: local dates on which nothing goes out.
    """

    timezone: ZoneInfo
    hours: tuple[Hours | None, ...] | None = None
    holidays: frozenset[date] = field(default_factory=frozenset)

    def is_open(self, at: float) -> bool:
        """Whether calls may go out at this time (UTC seconds); the closing minute is outside."""
        return any(begin <= at < end for begin, end in self._spans(self.day(at)))

    def is_open_weekly(self, weekday: int, minute: int) -> bool:
        """Whether it is open at a minute of a weekday (Monday is 0), holidays aside."""
        hours = (0, DAY_MINUTES) if self.hours is None else self.hours[weekday]
        return hours is not None and hours[0] <= minute < hours[1]

    def opens_at(self, at: float) -> float | None:
        """The first time from `at` on at which it is open (UTC seconds); None if it never is."""
        for begin, end in self._from(at):
            if end > at:
                return max(begin, at)
        return None

    def open_seconds(self, since: float, until: float) -> float:
        """How long it was open between two times (UTC seconds)."""
        total = 0.0
        for begin, end in self._from(since):
            if begin >= until:
                break
            total += max(0.0, min(end, until) - max(begin, since))
        return total

    def local(self, at: float) -> datetime:
        """What calendar and clock show at a time (UTC seconds)."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.timezone)

    def day(self, at: float) -> date:
        """The local date of a time (UTC seconds)."""
        return self.local(at).date()

    def midnight(self, at: float) -> float:
        """When the local day of a time began (UTC seconds)."""
        return self._moment(self.day(at), 0)

    def _from(self, at: float) -> Iterator[tuple[float, float]]:
        first = self.day(at)
        for days in range(AHEAD):
            yield from self._spans(first + timedelta(days=days))

    def _spans(self, day: date) -> Iterator[tuple[float, float]]:
        if day in self.holidays:
            return
        hours = (0, DAY_MINUTES) if self.hours is None else self.hours[day.weekday()]
        if hours is None:
            return
        begin, end = self._moment(day, hours[0]), self._moment(day, hours[1])
        if begin < end:  # not so where clocks are put forward over all of them
            yield begin, end

    def _moment(self, day: date, minute: int) -> float:
        """When the clock first shows this minute of a day, or a later one; 1440 is midnight.

        Of an hour that comes twice it is the first. Where clocks are put forward beyond it, it is
        the moment at which they are: nothing opens too early, or closes too late.
        """
        if minute == DAY_MINUTES:
            day, minute = day + timedelta(days=1), 0
        moment = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.timezone)
        first, second = moment.timestamp(), moment.replace(fold=1).timestamp()
        return first if first <= second else self._put_forward(int(second), int(first))

    def _put_forward(self, before: int, after: int) -> float:
        """When clocks are put forward between two times (UTC seconds)."""
        offset = self.local(before).utcoffset()
        while after - before > 1:
            middle = (before + after) // 2
            if self.local(middle).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return float(after)


def always(timezone: ZoneInfo) -> Window:
    """A window that is never closed."""
    return Window(timezone=timezone)
