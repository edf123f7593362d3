"""What follows `/report` and `/export`: days, as people type them, and a format."""

import re
from datetime import date, timedelta
from enum import StrEnum

from bot.calling.days import Days, last_days
from bot.calling.errors import UsageError
from bot.calling.numbers import normalise_digits
from bot.calling.problems import Problem

MOST = 366  # days in `366d`
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)  # a Persian year is none of these
USUAL = 30  # days of an export for which no days are named

_DATE = r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})"
_RANGE = re.compile(rf"{_DATE}(?:(?:\.\.|-){_DATE})?", re.ASCII)
_LAST_DAYS = re.compile(r"([0-9]{1,3})d", re.ASCII)


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def parse_days(text: str, today: date) -> Days:
    """The days that a text names.

    Args:
        text: `today`, `yesterday`, `7d` (seven days up to today), `all`, a date such as
            `2025-06-15`, or two with `..` between them; the token of `Days` is read as well.
        today: the day that it is where the reader lives.

    Raises:
        UsageError: it is none of these, or ends before it begins.
    """
    word = normalise_digits(text.strip()).lower()
    if word == "today":
        return Days(today, today)
    if word == "yesterday":
        return Days(today - timedelta(days=1), today - timedelta(days=1))
    if word == "all":
        return Days(EARLIEST, today)
    if (match := _LAST_DAYS.fullmatch(word)) and 1 <= int(match[1]) <= MOST:
        return last_days(int(match[1]), today)
    if match := _RANGE.fullmatch(word):
        first = _date(text, *match.group(1, 2, 3))
        last = first if match[4] is None else _date(text, *match.group(4, 5, 6))
        if last < first:
            raise UsageError(Problem.RANGE_BACKWARDS, f"{first}..{last}")
        return Days(first, last)
    raise UsageError(Problem.BAD_RANGE, text.strip())


def _date(text: str, year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise UsageError(Problem.BAD_RANGE, text.strip()) from error
    if not EARLIEST <= found <= LATEST:
        raise UsageError(Problem.BAD_RANGE, text.strip())
    return found


def parse_export(text: str, today: date) -> tuple[Days, Format]:
    """The days and the format that a text names, in either order.

    Without days it is the last 30, without a format XLSX.

    Raises:
        UsageError: a word is neither, or there are several of a kind.
    """
    days: Days | None = None
    form: Format | None = None
    for word in text.split():
        if word.lower() in set(Format):
            if form is not None:
                raise UsageError(Problem.BAD_FORMAT, word)
            form = Format(word.lower())
        elif days is None:
            days = parse_days(word, today)
        else:
            raise UsageError(Problem.BAD_RANGE, text.strip())
    return days or last_days(USUAL, today), form or Format.XLSX
