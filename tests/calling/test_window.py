"""The calling window against a model that walks through it minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calling.window import DAY_MINUTES, Hours, Window, always

TEHRAN = ZoneInfo("Asia/Tehran")
MINUTE, DAY = 60, 86400
# Days around which clocks change: by an hour, by half an hour, at midnight, by a whole day.
CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
    ("Asia/Tehran", date(2022, 3, 22)),
    ("Asia/Tehran", date(2022, 9, 22)),
    ("Asia/Tehran", date(2026, 3, 21)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Havana", date(2026, 11, 1)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("UTC", date(2024, 2, 29)),
)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> float:
    """A time in Tehran as UTC seconds."""
    return datetime(year, month, day, hour, minute, second, tzinfo=TEHRAN).timestamp()


@st.composite
def ranges(draw: st.DrawFn) -> Hours:
    """Hours of one day, often such as clocks are changed in."""
    minutes = st.one_of(
        st.sampled_from([0, 30, 60, 90, 120, 150, 180, 1380, 1410, 1439]),
        st.integers(0, DAY_MINUTES - 1),
    )
    begin = draw(minutes)
    ends = st.one_of(st.just(DAY_MINUTES), st.integers(begin + 1, DAY_MINUTES))
    return begin, draw(st.one_of(ends, st.just(max(begin + 1, 150))))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, float]:
    """A window, and a time two days before its zone changes its clocks."""
    name, day = draw(st.sampled_from(CHANGES))
    zone = ZoneInfo(name)
    days = st.one_of(st.none(), ranges())
    hours = draw(st.one_of(st.none(), st.tuples(*[days] * 7)))
    holidays = draw(st.frozensets(st.sampled_from([day + timedelta(days=n) for n in (-1, 0, 1)])))
    start = datetime.combine(day - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    return Window(timezone=zone, hours=hours, holidays=holidays), start.timestamp()


def model(window: Window, start: float, count: int) -> Iterator[tuple[float, bool]]:
    """Each minute from a local midnight after the start on, and whether the window is open then.

    By the furthest that the clock has shown on its day.
    """
    day, furthest, whole = None, -1, False
    for minute in range(count):
        now = start + minute * MINUTE
        shown = datetime.fromtimestamp(now, UTC).astimezone(window.timezone)
        if shown.date() != day:
            whole = day is not None
            day, furthest = shown.date(), -1
        furthest = max(furthest, shown.hour * 60 + shown.minute)
        hours = (0, DAY_MINUTES) if window.hours is None else window.hours[shown.weekday()]
        opened = shown.date() not in window.holidays and hours is not None
        if whole:
            yield now, opened and hours is not None and hours[0] <= furthest < hours[1]


@settings(deadline=None, max_examples=40)
@given(windows())
def test_it_is_open_as_the_clock_on_the_wall_says(found: tuple[Window, float]) -> None:
    """On each minute of four days, whatever is done to the clocks; at a change to the second."""
    window, start = found
    before = None
    for now, is_open in model(window, start, 4 * DAY_MINUTES):
        assert window.is_open(now) is is_open
        if before not in (None, is_open):
            assert window.is_open(now - 0.001) is before
        before = is_open


@settings(deadline=None, max_examples=40)
@given(windows(), st.data())
def test_openings_and_open_hours_are_those_of_the_model(
    found: tuple[Window, float], data: st.DataObject
) -> None:
    """The next opening is the first open minute; open seconds are its open minutes."""
    window, start = found
    minutes = list(model(window, start, 4 * DAY_MINUTES))
    first, last = sorted(
        data.draw(st.tuples(st.integers(0, len(minutes) - 1), st.integers(0, len(minutes) - 1)))
    )
    since, until = minutes[first][0], minutes[last][0]
    ahead = next((now for now, is_open in minutes[first:] if is_open), None)
    opens_at = window.opens_at(since)
    if ahead is not None:
        assert opens_at == ahead
    else:
        assert opens_at is None or opens_at > minutes[-1][0]
    open_minutes = sum(is_open for _, is_open in minutes[first:last])
    assert window.open_seconds(since, until) == open_minutes * MINUTE


@given(windows(), st.floats(0, 5 * DAY))
def test_it_is_open_at_each_opening(found: tuple[Window, float], seconds: float) -> None:
    """What waits for an opening may go out in that very second, and nothing before it."""
    window, start = found
    now = start + seconds
    opens_at = window.opens_at(now)
    if opens_at is not None:
        assert window.is_open(opens_at)
        assert opens_at == now or not window.is_open(now)
        assert window.open_seconds(now, opens_at) == 0.0


def test_the_closing_second() -> None:
    """The last second before the end is inside, the end itself is not."""
    window = Window(timezone=TEHRAN, hours=((480, 1260),) * 7)
    assert not window.is_open(at(2026, 11, 27, 7, 59, 59))
    assert window.is_open(at(2026, 11, 27, 8))
    assert window.is_open(at(2026, 11, 27, 20, 59, 59) + 0.999)
    assert not window.is_open(at(2026, 11, 27, 21))


def test_the_next_opening_leaves_out_closed_days_and_holidays() -> None:
    """From Thursday evening on it is Sunday: Friday is closed, Saturday a holiday."""
    hours: tuple[Hours | None, ...] = ((480, 1260),) * 4 + (None,) + ((540, 1260),) * 2
    window = Window(timezone=TEHRAN, hours=hours, holidays=frozenset({date(2026, 11, 28)}))
    assert window.opens_at(at(2026, 11, 26, 21)) == at(2026, 11, 29, 9)


def test_a_holiday_closes_also_without_hours() -> None:
    """`WINDOW=off` is always open, but for the holidays."""
    window = Window(timezone=TEHRAN, holidays=frozenset({date(2026, 11, 27)}))
    assert not window.is_open(at(2026, 11, 27, 12))
    assert window.opens_at(at(2026, 11, 27, 12)) == at(2026, 11, 28)
    assert always(TEHRAN).is_open(at(2026, 11, 27, 12))


def test_one_that_never_opens() -> None:
    """It has no next opening, and no open second."""
    window = Window(timezone=TEHRAN, hours=(None,) * 7)
    assert window.opens_at(at(2026, 11, 27)) is None
    assert window.open_seconds(at(2026, 11, 27), at(2027, 11, 27)) == 0.0


def test_hours_that_a_day_leaves_out() -> None:
    """Where clocks are put forward over all of them, that day has no opening."""
    berlin = ZoneInfo("Europe/Berlin")
    window = Window(timezone=berlin, hours=((120, 180),) * 7)
    day = datetime(2025, 3, 30, tzinfo=berlin).timestamp()
    opens_at = window.opens_at(day)
    assert opens_at == datetime(2025, 3, 31, 2, tzinfo=berlin).timestamp()
    assert window.is_open(opens_at)


@pytest.mark.parametrize(
    ("weekday", "minute", "is_open"),
    [(0, 480, True), (0, 479, False), (0, 1259, True), (0, 1260, False), (4, 600, False)],
)
def test_the_hours_of_a_weekday(weekday: int, minute: int, is_open: bool) -> None:
    """A weekly time fits if it lies within the hours of its day."""
    hours: tuple[Hours | None, ...] = ((480, 1260),) * 4 + (None,) + ((480, 1260),) * 2
    assert Window(timezone=TEHRAN, hours=hours).is_open_weekly(weekday, minute) is is_open
    assert always(TEHRAN).is_open_weekly(weekday, minute)


def test_the_day_of_a_time_is_the_local_one() -> None:
    """A day begins at the local midnight."""
    window = always(TEHRAN)
    late = at(2026, 11, 27, 23, 59)
    assert window.day(late) == date(2026, 11, 27)
    assert window.midnight(late) == at(2026, 11, 27)
