"""Days where the team lives: whole ones, from midnight to midnight of the time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last one, both whole."""

    first: date
    last: date

    def __len__(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    def begin(self, timezone: ZoneInfo) -> float:
        """When the first day begins (UTC seconds)."""
        return _midnight(self.first, timezone)

    def end(self, timezone: ZoneInfo) -> float:
        """When the last day is over (UTC seconds)."""
        return _midnight(self.last + timedelta(days=1), timezone)

    def weeks(self) -> Iterator["Days"]:
        """The same days in parts of seven at most."""
        first = self.first
        while first <= self.last:
            last = min(first + timedelta(days=6), self.last)
            yield Days(first, last)
            first = last + timedelta(days=1)

    @property
    def token(self) -> str:
        """The same for callback data: it names these days, whenever it is pressed."""
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"


def day_of(at: float, timezone: ZoneInfo) -> date:
    """The day in which a time (UTC seconds) falls."""
    return datetime.fromtimestamp(at, UTC).astimezone(timezone).date()


def last_days(count: int, today: date) -> Days:
    """So many days, of which today is the last."""
    return Days(today - timedelta(days=count - 1), today)


def _midnight(day: date, timezone: ZoneInfo) -> float:
    """Where clocks are put forward at midnight, the moment at which they are."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone).timestamp()
