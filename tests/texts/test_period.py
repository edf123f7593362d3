"""What was launched in some days, in figures."""

from datetime import date, timedelta

from bot.calling.days import Days
from bot.calling.figures import Figures, Report
from bot.texts import period
from bot.texts.cards import plain
from storage.models import Played
from tests.texts.scenes import ENGLISH, HOSTILE, VOICE, fits_telegram, labels_of, lines_of

JUNE = date(2025, 6, 15)
WEEK = Days(JUNE - timedelta(days=6), JUNE)
SOME = Figures(batches=3, numbers=100, placed=98, answered=70, talk=3700, cost=1_234_500)
ONE = Figures(batches=1, numbers=1, placed=1, answered=0)


def report_of(*, days: int = 2, total: Figures = SOME, groups: int = 1) -> Report:
    """A week in which something was launched on so many days."""
    named = tuple((f"{n}{HOSTILE}"[:64], SOME) for n in range(groups))
    by_day = tuple((WEEK.first + timedelta(days=n * 2), SOME) for n in range(days))
    return Report(
        days=WEEK, total=total, by_voice=((Played(VOICE), ONE),), by_person=named, by_day=by_day
    )


def test_a_report() -> None:
    """Days, all in figures, then by voice and by person."""
    card = period.report(report_of(), ENGLISH)
    assert lines_of(card) == [
        "📊 9 Jun 2025 – 15 Jun 2025",
        (
            "3 batches · 98 calls · ✅ 70 answered (71%) · 2 numbers not placed · 🗣 1 h 1 min"
            " · 💰 1,234 Toman"
        ),
        "",
        "By voice",
        f"{VOICE} · one call · 0% · 0 T",
        "",
        "By person",
        f"0{HOSTILE} · 98 calls · 71% · 1,234 T",
    ]
    assert labels_of(card) == [
        ["Today", "Yesterday"],
        ["7 days", "30 days"],
        ["📈 Chart by day"],
    ]
    assert [button.data for row in card.rows for button in row] == [
        *("report:today", "report:yesterday", "report:7d", "report:30d"),
        "chart:20250609-20250615",
    ]


def test_one_day() -> None:
    """One day has its date alone, and no chart: there is nothing to compare."""
    one = Report(
        days=Days(JUNE, JUNE), total=ONE, by_voice=(), by_person=(), by_day=((JUNE, ONE),)
    )
    card = period.report(one, ENGLISH)
    assert lines_of(card)[:2] == [
        "📊 15 Jun 2025",
        "One batch · one call · ✅ 0 answered (0%) · 💰 0 Toman",
    ]
    assert len(card.rows) == 2
    assert not period.has_chart(one)


def test_nothing_was_placed() -> None:
    """Where the gateway took nothing there is no share."""
    none = Figures(batches=1, numbers=2)
    card = period.report(report_of(total=none), ENGLISH)
    assert lines_of(card)[1] == "One batch · 0 calls · 2 numbers not placed · 💰 0 Toman"
    named = Report(
        days=WEEK, total=none, by_voice=(), by_person=(("Sara", none),), by_day=((JUNE, none),)
    )
    assert lines_of(period.report(named, ENGLISH))[-1] == "Sara · 0 calls · – · 0 T"


def test_days_without_a_launch() -> None:
    """A sentence, and the way to other days."""
    empty = Report(days=WEEK, total=Figures(), by_voice=(), by_person=(), by_day=())
    card = period.report(empty, ENGLISH)
    assert lines_of(card) == [
        "📊 9 Jun 2025 – 15 Jun 2025",
        "Nothing was launched in these days.",
    ]
    assert len(card.rows) == 2


def test_many_persons() -> None:
    """Ten are listed, and how many more there are; the longest report fits a message."""
    assert lines_of(period.report(report_of(groups=11), ENGLISH))[-1] == "and one more"
    card = period.report(report_of(groups=99), ENGLISH)
    assert lines_of(card)[-1] == "and 89 more"
    assert fits_telegram(card) == []


def test_the_chart() -> None:
    """Every day from the first to the last one with a call, also those between without any."""
    chart = period.chart(report_of(), ENGLISH)
    assert [(day.label, day.calls, day.answered) for day in chart.days] == [
        *(("9 Jun", 98, 70), ("10 Jun", 0, 0), ("11 Jun", 98, 70))
    ]
    assert (chart.title, chart.calls_title) == ("9 Jun 2025 – 11 Jun 2025", "Calls by day")
    assert (chart.answered_label, chart.others_label) == ("answered", "not answered")
    assert plain(period.chart_caption(WEEK, ENGLISH)) == (
        "📈 Calls by day, 9 Jun 2025 – 15 Jun 2025"
    )


def test_the_chart_of_many_years() -> None:
    """It ends with the last day and shows a year at most."""
    days = Days(date(2020, 1, 1), JUNE)
    long = Report(
        days=days,
        total=SOME,
        by_voice=(),
        by_person=(),
        by_day=((days.first, SOME), (days.last, SOME)),
    )
    chart = period.chart(long, ENGLISH)
    assert len(chart.days) == 366
    assert (chart.days[-1].label, chart.days[-1].calls) == ("15 Jun", 98)
