"""What was launched day by day: a column for each, of which the lower part was answered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.charts.canvas import HEAD, INK, MARGIN, SMALL, count_up, figure, heading, panel, png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

A_LINE, GAP = 70, 30  # pixels: a heading, and above the columns
COLUMNS, BELOW = 480, 130  # pixels: the columns, and their names
LEFT = 190  # pixels, for a figure with five digits
FEW = 8  # columns that each have their name and their figure
NAMED = 4  # names below the columns at most, where there are more of these
PALE = "#b9c6cc"


@dataclass(frozen=True, slots=True)
class Day:
    """One column: its name, how many calls there were, and how many of them were answered."""

    label: str
    calls: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysChart:
    """Everything that the picture shows; the days come from left to right, none left out."""

    title: str
    calls_title: str
    days: tuple[Day, ...]
    answered_label: str
    others_label: str
    colour: str


def draw(chart: DaysChart) -> bytes:
    """The picture as a PNG file."""
    return png(plan(chart))


def plan(chart: DaysChart) -> "Figure":
    """The picture."""
    few = len(chart.days) <= FEW
    top = HEAD + 2 * A_LINE + GAP
    made = figure(chart.title, top + COLUMNS + BELOW)
    heading(made, chart.calls_title, HEAD)
    axes = panel(made, top, COLUMNS, MARGIN if few else LEFT)
    places = range(len(chart.days))
    calls = [day.calls for day in chart.days]
    wide = 0.7 if few else 0.85
    others = axes.bar(places, calls, color=PALE, width=wide)
    axes.bar(places, [day.answered for day in chart.days], color=chart.colour, width=wide)
    count_up(axes, max(calls))
    axes.set_xlim(-0.6, max(len(chart.days), 3) - 0.4)
    if few:
        axes.set_xticks(places, [day.label.replace(" ", "\n") for day in chart.days])
        labels = [f"{count:,}" if count else "" for count in calls]
        axes.bar_label(others, labels, padding=6, fontsize=SMALL, fontweight="bold", color=INK)
        axes.set_yticks([])
    else:
        named = places[:: -(-len(chart.days) // NAMED)]
        axes.set_xticks(named, [chart.days[place].label for place in named])
    _name_the_colours(made, chart)
    return made


def _name_the_colours(made: "Figure", chart: DaysChart) -> None:
    """What the colours mean, in words of these colours: nobody has to look for a legend."""
    answered = sum(day.answered for day in chart.days)
    missed = sum(day.calls for day in chart.days) - answered
    words = heading(made, f"{answered:,} {chart.answered_label}", HEAD + A_LINE)
    words.set(color=chart.colour, fontweight="bold")
    made.draw_without_rendering()  # the other words begin where these end
    end = words.get_window_extent().x1 + MARGIN
    heading(made, f"{missed:,} {chart.others_label}", HEAD + A_LINE, int(end))
