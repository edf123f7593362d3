"""Times as people type them, and the next ones of a week, over daylight saving."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calling.errors import UsageError
from bot.calling.moments import (
    at_clock,
    last_weekly,
    local,
    next_weekly,
    parse_moment,
)
from bot.calling.problems import Problem

TEHRAN = ZoneInfo("Asia/Tehran")
BERLIN = ZoneInfo("Europe/Berlin")
# With changes at midnight, of half an hour, twice a year in the south, and none at all.
ZONES = [
    TEHRAN,
    BERLIN,
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/New_York"),
    ZoneInfo("UTC"),
]
NOW = datetime(2026, 11, 30, 18, 5, tzinfo=TEHRAN).timestamp()  # a Monday


def tehran(*of: int) -> float:
    """A time by the clock of Tehran."""
    return datetime(*of, tzinfo=TEHRAN).timestamp()  # type: ignore[arg-type, misc]  # year to minute


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:30", (2026, 11, 30, 18, 30)),
        ("18.30", (2026, 11, 30, 18, 30)),
        ("9", (2026, 12, 1, 9, 0)),
        ("18:05", (2026, 12, 1, 18, 5)),
        ("۱۸:۳۰", (2026, 11, 30, 18, 30)),
        ("١٨:٣٠", (2026, 11, 30, 18, 30)),
        ("today 23:59", (2026, 11, 30, 23, 59)),
        ("tomorrow 9", (2026, 12, 1, 9, 0)),
        ("9:05 tomorrow", (2026, 12, 1, 9, 5)),
        ("Tomorrow at 9 am", (2026, 12, 1, 9, 0)),
        ("at 7pm", (2026, 11, 30, 19, 0)),
        ("12 am", (2026, 12, 1, 0, 0)),
        ("2026-12-01 08:00", (2026, 12, 1, 8, 0)),
        ("08:00, 2026-12-1", (2026, 12, 1, 8, 0)),
        ("fri 14", (2026, 12, 4, 14, 0)),
        ("Monday 18:30", (2026, 11, 30, 18, 30)),
        ("mon 9", (2026, 12, 7, 9, 0)),
        ("in 2 h", (2026, 11, 30, 20, 5)),
        ("in 1 h 30 min", (2026, 11, 30, 19, 35)),
        ("in 45m", (2026, 11, 30, 18, 50)),
        ("in 3 days", (2026, 12, 3, 18, 5)),
    ],
)
def test_what_people_type(text: str, at: tuple[int, ...]) -> None:
    """An hour, with a day before or behind it, or a span; in any of the three kinds of digits."""
    assert parse_moment(text, NOW, TEHRAN) == tehran(*at)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.BAD_TIME),
        ("soon", Problem.BAD_TIME),
        ("tomorrow", Problem.BAD_TIME),
        ("24:00", Problem.BAD_TIME),
        ("12:60", Problem.BAD_TIME),
        ("13 pm", Problem.BAD_TIME),
        ("0 am", Problem.BAD_TIME),
        ("2026-02-30 08:00", Problem.BAD_TIME),
        ("1405-09-10 08:00", Problem.BAD_TIME),
        ("2026-12-01", Problem.BAD_TIME),
        ("9 " * 30, Problem.BAD_TIME),
        ("in", Problem.BAD_TIME),
        ("in h", Problem.BAD_TIME),
        ("in 2 weeks", Problem.BAD_TIME),
        ("in 0 min", Problem.TIME_PAST),
        ("today 9", Problem.TIME_PAST),
        ("2020-01-01 08:00", Problem.TIME_PAST),
        ("2026-11-30 18:05", Problem.TIME_PAST),
        ("2028-01-01 08:00", Problem.TIME_FAR),
        ("2999-01-01 08:00", Problem.TIME_FAR),
        ("in 999 days", Problem.TIME_FAR),
    ],
)
def test_what_is_no_time_to_plan_for(text: str, problem: Problem) -> None:
    """Unreadable, over, or more than a year ahead: each is told as what it is."""
    with pytest.raises(UsageError) as error:
        parse_moment(text, NOW, TEHRAN)
    assert error.value.problem is problem


def test_an_hour_that_is_left_out_is_counted_by_the_clock_before() -> None:
    """02:30 on the day on which clocks go from 02:00 to 03:00 is 03:30."""
    now = datetime(2026, 3, 28, 12, tzinfo=BERLIN).timestamp()
    at = parse_moment("tomorrow 2:30", now, BERLIN)
    assert f"{local(at, BERLIN):%d %H:%M %z}" == "29 03:30 +0200"


def test_an_hour_that_comes_twice_is_the_first_that_is_ahead() -> None:
    """02:30 on the day on which clocks go back is the first one, and between them the second."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()
    assert parse_moment("2026-10-25 2:30", first - 7200, BERLIN) == first
    assert parse_moment("2026-10-25 2:30", first + 600, BERLIN) == first + 3600
    assert parse_moment("2:30", first + 600, BERLIN) == first + 3600
    assert next_weekly(0b1111111, 150, first, BERLIN) > first + 20 * 3600


def test_no_day_is_no_week() -> None:
    """A weekly schedule without a day has no next time."""
    with pytest.raises(UsageError) as error:
        next_weekly(0, 480, NOW, TEHRAN)
    assert error.value.problem is Problem.NO_WEEKDAYS


moments = st.integers(min_value=1_262_304_000, max_value=1_900_000_000).map(float)  # 2010 to 2030


@given(
    weekdays=st.integers(min_value=1, max_value=127),
    minute=st.integers(min_value=0, max_value=1439),
    after=moments,
    zone=st.sampled_from(ZONES),
)
def test_the_next_time_of_a_week(weekdays: int, minute: int, after: float, zone: ZoneInfo) -> None:
    """It lies ahead, on a chosen day, at that minute by the clock, and none lies in between."""
    at = next_weekly(weekdays, minute, after, zone)
    assert after < at < after + 8 * 86400 + 7200
    days = [local(after, zone).date() + timedelta(days=n) for n in range(-1, 10)]
    every = sorted(at_clock(day, minute, zone) for day in days if weekdays >> day.weekday() & 1)
    assert at == next(time for time in every if time > after)
    shown = local(at, zone)
    clock = shown.hour * 60 + shown.minute
    assert clock == minute or 0 < (clock - minute) % 1440 <= 60  # an hour that is left out


@given(
    weekdays=st.integers(min_value=1, max_value=127),
    minute=st.integers(min_value=0, max_value=1439),
    begin=moments,
    zone=st.sampled_from(ZONES),
)
def test_a_chosen_day_has_one_time(
    weekdays: int, minute: int, begin: float, zone: ZoneInfo
) -> None:
    """Going from each time to the next, no chosen day is met twice and none is left out."""
    at, met = begin, []
    for _ in range(30):
        at = next_weekly(weekdays, minute, at, zone)
        met.append(at)
    days = [local(time, zone).date() for time in met]
    assert len(set(days)) == len(days)
    first, last = days[0], days[-1]
    chosen = [
        day
        for n in range((last - first).days + 1)
        if weekdays >> (day := first + timedelta(days=n)).weekday() & 1
    ]
    assert days == chosen


@given(
    weekdays=st.integers(min_value=1, max_value=127),
    begin=moments,
    away=st.integers(min_value=0, max_value=40 * 86400),
    zone=st.sampled_from(ZONES),
)
def test_the_newest_time_after_an_outage(
    weekdays: int, begin: float, away: int, zone: ZoneInfo
) -> None:
    """Of all that passed meanwhile it is the last one: the one after it is still ahead."""
    due = next_weekly(weekdays, 480, begin, zone)
    now = due + away
    newest, passed = last_weekly(weekdays, 480, due, now, zone)
    assert passed == 0 or newest > due
    assert due <= newest <= now < next_weekly(weekdays, 480, newest, zone)
