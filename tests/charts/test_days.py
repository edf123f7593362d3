"""The chart of what was launched day by day."""

import struct

import pytest

from bot.charts.days import Day, DaysChart, draw


def chart_of(*days: Day) -> DaysChart:
    """A chart of these days."""
    return DaysChart(
        title="30 Sep 2025 – 30 Oct 2025",
        calls_title="Calls by day",
        days=days,
        answered_label="answered",
        others_label="not answered",
        colour="#2e7d32",
    )


@pytest.mark.parametrize("count", [1, 2, 8, 9, 30, 366])
def test_a_picture(count: int) -> None:
    """Whatever the number of days, a PNG of less than 100 KB, as wide as a phone."""
    png = draw(chart_of(*(Day(f"{n} Jun", n * 10, n * 7) for n in range(count))))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack("!II", png[16:24]) == (1080, 900)
    assert len(png) < 100_000


def test_days_change_the_picture() -> None:
    """What was answered shows."""
    few, many = (draw(chart_of(Day("1 Jun", 100, n), Day("2 Jun", 50, n))) for n in (10, 40))
    assert few != many
