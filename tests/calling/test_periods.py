"""Days as people type them, and what a format is."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.calling.days import Days, day_of, last_days
from bot.calling.errors import UsageError
from bot.calling.periods import EARLIEST, Format, parse_days, parse_export
from bot.calling.problems import Problem

TODAY = date(2025, 6, 15)
JUNE = Days(date(2025, 6, 1), TODAY)
TEHRAN = ZoneInfo("Asia/Tehran")


def persian(text: str) -> str:
    """The same in Persian digits."""
    return text.translate({ord("0") + n: 0x06F0 + n for n in range(10)})


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", TODAY, TODAY),
        (" Yesterday ", date(2025, 6, 14), date(2025, 6, 14)),
        ("7d", date(2025, 6, 9), TODAY),
        (persian("30d"), date(2025, 5, 17), TODAY),
        ("1d", TODAY, TODAY),
        ("all", EARLIEST, TODAY),
        ("2025-06-01", JUNE.first, JUNE.first),
        ("2025-06-01..2025-06-15", JUNE.first, TODAY),
        (persian("2025-06-01..2025-06-15"), JUNE.first, TODAY),
        (JUNE.token, JUNE.first, TODAY),
        ("2024-02-29..2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_days(text: str, first: date, last: date) -> None:
    """Words, so many days up to today, a date, two dates, and what a button carries."""
    assert parse_days(text, TODAY) == Days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "0d", "367d", "d", "2025-13-01", "2025-02-29", "1404-03-25"),
        *("2100-01-01", "2025-06-01..", "..2025-06-01", "2025-06-01..2025-06-02..2025-06-03"),
        *("7 d", "-7d", "2025/06/01", "2025-06-01 2025-06-02"),
    ],
)
def test_what_names_no_days(text: str) -> None:
    """It is refused with the text that was typed, also a year of another calendar."""
    with pytest.raises(UsageError) as raised:
        parse_days(text, TODAY)
    assert (raised.value.problem, raised.value.value) == (Problem.BAD_RANGE, text)


def test_backwards() -> None:
    """A range that ends before it begins is refused as that."""
    with pytest.raises(UsageError) as raised:
        parse_days("2025-06-15..2025-06-01", TODAY)
    assert raised.value.problem is Problem.RANGE_BACKWARDS
    assert raised.value.value == "2025-06-15..2025-06-01"


@pytest.mark.parametrize(
    ("text", "days", "form"),
    [
        ("", last_days(30, TODAY), Format.XLSX),
        ("csv", last_days(30, TODAY), Format.CSV),
        ("2025-06-01..2025-06-15 JSON", JUNE, Format.JSON),
        ("Xlsx  2025-06-01..2025-06-15", JUNE, Format.XLSX),
    ],
)
def test_exports(text: str, days: Days, form: Format) -> None:
    """Days and format in either order, 30 days as XLSX by default."""
    assert parse_export(text, TODAY) == (days, form)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("csv json", Problem.BAD_FORMAT),
        ("pdf", Problem.BAD_RANGE),
        ("today yesterday", Problem.BAD_RANGE),
        ("2025-06-15..2025-06-01 csv", Problem.RANGE_BACKWARDS),
    ],
)
def test_exports_that_cannot_be(text: str, problem: Problem) -> None:
    """Two formats, two ranges, and what is neither."""
    with pytest.raises(UsageError) as raised:
        parse_export(text, TODAY)
    assert raised.value.problem is problem


def test_days_are_those_of_the_time_zone() -> None:
    """They begin and end at midnight where the team lives."""
    day = Days(TODAY, TODAY)
    assert day.begin(TEHRAN) == day.begin(ZoneInfo("UTC")) - 3.5 * 3600
    assert day.end(TEHRAN) - day.begin(TEHRAN) == 86400.0
    assert day_of(day.begin(TEHRAN), TEHRAN) == day_of(day.end(TEHRAN) - 1, TEHRAN) == TODAY
    assert day_of(day.end(TEHRAN), TEHRAN) == date(2025, 6, 16)


def test_a_day_whose_midnight_does_not_exist() -> None:
    """Tehran put its clocks forward at midnight: that day begins at the first hour that it had."""
    day = Days(date(2021, 3, 22), date(2021, 3, 22))
    assert day.end(TEHRAN) - day.begin(TEHRAN) == 23 * 3600.0
    assert day_of(day.begin(TEHRAN), TEHRAN) == day.first
    assert Days(date(2021, 3, 21), date(2021, 3, 21)).end(TEHRAN) == day.begin(TEHRAN)


@pytest.mark.parametrize("count", [1, 6, 7, 8, 14, 30])
def test_weeks(count: int) -> None:
    """Parts of seven days at most that follow each other without a gap."""
    days = last_days(count, TODAY)
    weeks = list(days.weeks())
    assert sum(len(week) for week in weeks) == len(days) == count
    assert all(len(week) <= 7 for week in weeks)
    every = [day for week in weeks for day in (week.first, week.last)]
    assert (every[0], every[-1]) == (days.first, days.last)
    gaps = {(one - other).days for other, one in zip(every[1::2], every[2::2], strict=False)}
    assert gaps <= {1}
