"""Times of a launch that is made later: as people type them, and the next ones of a week.

The hour on the wall of the team's time zone is what counts, and daylight saving is read as RFC
5545 (3.3.5) does. An hour that is left out, because clocks are put forward, is counted by the
clock from before: 02:30 is then 03:30. An hour that comes twice is the first of the two; a single
time that is asked for between them is the second, and a weekly one waits for its next day, so
that a day never has two of them.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.calling.errors import UsageError
from bot.calling.numbers import normalise_digits
from bot.calling.problems import Problem

AHEAD = timedelta(days=366)  # a launch may be planned for at most so much later
EVERY_DAY = 0b1111111
MINUTES = 24 * 60  # of a day

_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_SPAN = re.compile(
    r"(?:(\d{1,3})\s?d(?:ays?)?)?\s?(?:(\d{1,4})\s?h(?:ours?)?)?\s?"
    r"(?:(\d{1,5})\s?m(?:in(?:utes?)?)?)?",
    re.ASCII,
)
_LONGEST = 40  # characters that can be a time


class Weekday(IntEnum):
    """A day of the week; its value is its bit in a mask, and what `date.weekday` says."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


_NAMES = {
    name: day
    for day, names in zip(
        Weekday,
        (
            ("mon", "monday"),
            ("tue", "tues", "tuesday"),
            ("wed", "wednesday"),
            ("thu", "thur", "thurs", "thursday"),
            ("fri", "friday"),
            ("sat", "saturday"),
            ("sun", "sunday"),
        ),
        strict=True,
    )
    for name in names
}


def local(at: float, timezone: ZoneInfo) -> datetime:
    """What calendar and clock show at a time (UTC seconds)."""
    return datetime.fromtimestamp(at, UTC).astimezone(timezone)


def at_clock(day: date, minute: int, timezone: ZoneInfo) -> float:
    """When a clock shows this minute of a day (UTC seconds), the first of two such times."""
    return datetime.combine(day, time(*divmod(minute, 60)), timezone).timestamp()


def ahead(day: date, minute: int, timezone: ZoneInfo, now: float) -> float:
    """The same, but the second time of an hour that comes twice if the first one is over."""
    first = at_clock(day, minute, timezone)
    if first > now:
        return first
    second = datetime.combine(day, time(*divmod(minute, 60), fold=1), timezone).timestamp()
    return second if second > now else first


def next_weekly(weekdays: int, minute: int, after: float, timezone: ZoneInfo) -> float:
    """The first time of a weekly schedule that lies after a moment.

    Args:
        weekdays: a mask, bit 0 for Monday; at least one bit is set.
        minute: of the day, by the clock of the time zone.
        after: UTC seconds.
        timezone: whose days and clock they are.

    Returns:
        UTC seconds.

    Raises:
        UsageError: no day is chosen.
    """
    if not weekdays & EVERY_DAY:
        raise UsageError(Problem.NO_WEEKDAYS)
    day = local(after, timezone).date() - timedelta(days=1)  # a left-out day may lie in between
    while True:
        if weekdays >> day.weekday() & 1:
            at = at_clock(day, minute, timezone)
            if at > after:
                return at
        day += timedelta(days=1)


def last_weekly(
    weekdays: int, minute: int, due: float, now: float, timezone: ZoneInfo
) -> tuple[float, int]:
    """The newest time of a weekly schedule from `due` on that has come, and how many before it."""
    passed = 0
    while (later := next_weekly(weekdays, minute, due, timezone)) <= now:
        due, passed = later, passed + 1
    return due, passed


def parse_moment(text: str, now: float, timezone: ZoneInfo) -> float:
    """The time that a text names, in full minutes.

    Args:
        text: an hour such as `18:30`, `9` or `6pm`; with `today`, `tomorrow`, a weekday or a date
            such as `2026-12-01` before or behind it; or `in 2 h`, `in 1 h 30 min`. Digits may be
            Persian or Arabic. Without a day it is the next such hour; a weekday is the next one,
            today included while its hour is ahead.
        now: UTC seconds.
        timezone: whose clock is meant.

    Returns:
        UTC seconds, after now and at most 366 days after it.

    Raises:
        UsageError: it cannot be read, is over, or lies too far ahead.
    """
    words = " ".join(normalise_digits(text).lower().replace(",", " ").split())
    if not words or len(words) > _LONGEST:
        raise UsageError(Problem.BAD_TIME, text.strip())
    if words.startswith("in "):
        at = _span(words.removeprefix("in "), text, now)
    else:
        at = _clock(f" {words}".replace(" at ", " ").strip(), text, now, timezone)
    return check_moment(at, now, text)


def check_moment(at: float, now: float, text: str = "") -> float:
    """The same time, if a launch may be planned for it now.

    Raises:
        UsageError: it is over, or lies too far ahead.
    """
    if at <= now:
        raise UsageError(Problem.TIME_PAST, text.strip())
    if at > now + AHEAD.total_seconds():
        raise UsageError(Problem.TIME_FAR, text.strip(), AHEAD.days)
    return at


def _span(words: str, text: str, now: float) -> float:
    match = _SPAN.fullmatch(words)
    if match is None or not any(match.groups()):
        raise UsageError(Problem.BAD_TIME, text.strip())
    days, hours, minutes = (int(part or 0) for part in match.groups())
    seconds = timedelta(days=days, hours=hours, minutes=minutes).total_seconds()
    if not seconds:
        raise UsageError(Problem.TIME_PAST, text.strip())
    return (now + seconds) // 60 * 60


def _clock(words: str, text: str, now: float, timezone: ZoneInfo) -> float:
    """An hour, with a day before or behind it."""
    first, _, rest = words.partition(" ")
    before, _, last = words.rpartition(" ")
    today = local(now, timezone).date()
    for day, hour in ((None, words), (first, rest), (last, before)):
        minute = _minute(hour)
        if minute is None:
            continue
        if day is None:
            return _next_day(today, minute, 1, now, timezone)
        if day in _NAMES:
            wait = (_NAMES[day] - today.weekday()) % 7
            return _next_day(today + timedelta(days=wait), minute, 7, now, timezone)
        if (found := _day(day, today)) is not None:
            return ahead(found, minute, timezone, now)
    raise UsageError(Problem.BAD_TIME, text.strip())


def _next_day(day: date, minute: int, step: int, now: float, timezone: ZoneInfo) -> float:
    """On this day, or so many days later if the hour is over."""
    at = ahead(day, minute, timezone, now)
    return at if at > now else at_clock(day + timedelta(days=step), minute, timezone)


def _day(word: str, today: date) -> date | None:
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    match = _DATE.fullmatch(word)
    if match is None:
        return None
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
    # Beyond what can be planned in any case, and near the ends of what a date can be.
    return found if 2000 <= found.year <= 2999 else None  # noqa: PLR2004 -- a Persian year is none


def _minute(word: str) -> int | None:
    """The minute of the day that an hour names."""
    match = _HOUR.fullmatch(word)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half is not None:
        if not 1 <= hour <= 12:  # noqa: PLR2004 -- a clock with two halves
            return None
        hour = hour % 12 + 12 * (half == "pm")
    return hour * 60 + minute if hour < 24 and minute < 60 else None  # noqa: PLR2004 -- a day's
