"""How `WINDOW` and `HOLIDAYS` are read: hours by weekday, and dates.

What is wrong is said without the value, as what follows the variable's name in a sentence.
"""

import re
from datetime import date
from typing import Final

from environs import ValidationError

from bot.calling.window import DAY_MINUTES, Hours

HOUR: Final = 60  # minutes
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(
    r"(?:([A-Za-z]{3})(?:\s*-\s*([A-Za-z]{3}))?\s+)?([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})",
    re.ASCII,
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_DATES: Final = "must be dates such as 2027-03-21, separated by commas"


def hours(text: str) -> tuple[Hours | None, ...] | None:
    """When calls may go out: by weekday, Monday first; None for `off`.

    One range for all days, or ranges by day: `Sat-Wed 08:00-21:00, Thu 08:00-14:00`; a day that is
    not named is closed. 24:00 is the end of a day.
    """
    if text.lower() == "off":
        return None
    found: list[Hours | None] = [None] * 7
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        match = _HOURS.fullmatch(part)
        if match is None or (match[1] is None and len(parts) > 1):
            raise ValidationError(
                "must be off, one range such as 08:00-21:00, or ranges by day such as"
                " Sat-Wed 08:00-21:00, Thu 08:00-14:00"
            )
        range_of_day = _range(*(int(digits) for digits in match.group(3, 4, 5, 6)))
        for day in _weekdays(match[1], match[2]):
            if found[day] is not None:
                raise ValidationError("must name each day once")
            found[day] = range_of_day
    return tuple(found)


def _range(hour: int, minute: int, end_hour: int, end_minute: int) -> Hours:
    begin, end = 60 * hour + minute, 60 * end_hour + end_minute
    if max(minute, end_minute) >= HOUR or max(begin, end) > DAY_MINUTES:
        raise ValidationError("must have hours from 00:00 to 24:00")
    if end <= begin:
        raise ValidationError("must not end before it begins, and a range lies within one day")
    return begin, end


def _weekdays(first: str | None, last: str | None) -> list[int]:
    if first is None:
        return list(range(7))
    named = [day.lower() for day in (first, last or first)]
    if not all(day in _DAYS for day in named):
        raise ValidationError("must name days as Mon, Tue, Wed, Thu, Fri, Sat, Sun")
    begin, end = (_DAYS.index(day) for day in named)
    return [(begin + days) % 7 for days in range((end - begin) % 7 + 1)]


def dates(text: str) -> frozenset[date]:
    """Dates of the Gregorian calendar, separated by commas."""
    words = [word for word in (part.strip() for part in text.split(",")) if word]
    if not all(_DATE.fullmatch(word) for word in words):
        raise ValidationError(_NO_DATES)
    try:
        return frozenset(date.fromisoformat(word) for word in words)
    except ValueError as error:
        raise ValidationError(_NO_DATES) from error
