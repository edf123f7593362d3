"""`/report`: what was launched in some days, in all, by voice and by person."""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from bot.calling.days import Days
from bot.calling.figures import Figures, Report
from bot.charts.days import Day, DaysChart
from bot.texts import voices
from bot.texts.batch_list import span
from bot.texts.cards import Button, Card, Verb, button, plain
from bot.texts.language import Language

SHOWN = 10  # voices, and persons
MOST_COLUMNS = 366  # of the chart
ANSWERED = "#2e7d32"
TODAY, YESTERDAY, WEEK, MONTH = "today", "yesterday", "7d", "30d"


def report(found: Report, lang: Language) -> Card:
    """The figures, and the buttons for other days; *Chart* where there is more than a day."""
    rows = [*_ranges(lang)]
    if has_chart(found):
        rows.append((button(lang.say("📈 Chart by day"), Verb.CHART, found.days.token),))
    head = lang.say("📊 <b>{days}</b>", days=span(found.days, lang))
    if not found.total.batches:
        nothing = lang.say("Nothing was launched in these days.")
        return Card(Markup("\n").join([head, nothing]), tuple(rows))
    parts = [
        head,
        _total(found.total, lang),
        *_group(
            lang.say("By voice"),
            [(voices.shown(played, lang), figures) for played, figures in found.by_voice],
            lang,
        ),
        *_group(
            lang.say("By person"),
            [(lang.say("{name}", name=lang.name(name)), of) for name, of in found.by_person],
            lang,
        ),
    ]
    return Card(Markup("\n").join(parts), tuple(rows))


def has_chart(found: Report) -> bool:
    """Whether there is anything to compare: calls on more than one day."""
    return len(found.by_day) > 1


def chart(found: Report, lang: Language) -> DaysChart:
    """The days from the first to the last one with a call, at most a year of them."""
    by_day = dict(found.by_day)
    last = found.by_day[-1][0]
    first = max(found.by_day[0][0], last - timedelta(days=MOST_COLUMNS - 1))
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    none = Figures()
    return DaysChart(
        title=plain(span(Days(first, last), lang)),
        calls_title=plain(lang.say("Calls by day")),
        days=tuple(
            Day(lang.short_day(day), of.placed, of.answered)
            for day in every
            for of in (by_day.get(day, none),)
        ),
        answered_label=plain(lang.say("answered")),
        others_label=plain(lang.say("not answered")),
        colour=ANSWERED,
    )


def chart_caption(days: Days, lang: Language) -> Markup:
    """Below the chart."""
    return lang.say("📈 Calls by day, {days}", days=span(days, lang))


def _total(figures: Figures, lang: Language) -> Markup:
    batches = lang.count("One batch", "{n} batches", figures.batches)
    return Markup(" · ").join([batches, *_figures(figures, lang)])


def _figures(figures: Figures, lang: Language) -> list[Markup]:
    parts = [lang.count("one call", "{n} calls", figures.placed)]
    if figures.placed:
        parts.append(
            lang.say(
                "✅ {n} answered ({share})",
                n=lang.number(figures.answered),
                share=lang.share(figures.answered, figures.placed),
            )
        )
    if figures.placed < figures.numbers:
        parts.append(
            lang.count(
                "one number not placed", "{n} numbers not placed", figures.numbers - figures.placed
            )
        )
    if figures.talk:
        parts.append(lang.say("🗣 {time}", time=lang.span(figures.talk)))
    parts.append(lang.say("💰 {amount}", amount=lang.money(figures.cost)))
    return parts


def _group(head: Markup, found: Sequence[tuple[Markup, Figures]], lang: Language) -> list[Markup]:
    lines = [lang.say("\n<b>{head}</b>", head=head)]
    for name, figures in found[:SHOWN]:
        lines.append(
            Markup(" · ").join(
                [
                    name,
                    lang.count("one call", "{n} calls", figures.placed),
                    lang.share(figures.answered, figures.placed) if figures.placed else "–",
                    lang.short_money(figures.cost),
                ]
            )
        )
    if len(found) > SHOWN:
        lines.append(lang.count("and one more", "and {n} more", len(found) - SHOWN))
    return lines


def _ranges(lang: Language) -> tuple[tuple[Button, ...], ...]:
    """*Today* is the day on which it is pressed. A phone's row has no room for all four."""
    return (
        (
            button(lang.say("Today"), Verb.REPORT, TODAY),
            button(lang.say("Yesterday"), Verb.REPORT, YESTERDAY),
        ),
        (
            button(lang.say("7 days"), Verb.REPORT, WEEK),
            button(lang.say("30 days"), Verb.REPORT, MONTH),
        ),
    )
