"""How a batch went: its numbers by outcome, and how many were answered as time went on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.charts.canvas import HEAD, INK, SMALL, TEXT, count_up, figure, heading, panel, png

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

A_LINE, A_BAR, GAP = 70, 112, 40  # pixels: a heading, an outcome, between the panels
CURVE, BELOW = 360, 130  # pixels: the curve, and what stands below it
LEFT = 140  # pixels, for a figure with four digits
THICK = 0.3  # of the room of a bar; its words stand above it
TRACK = "#eef1f3"


@dataclass(frozen=True, slots=True)
class Bar:
    """An outcome: its name, how many numbers, and its colour as `#rrggbb`."""

    label: str
    count: int
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchChart:
    """Everything that the picture shows.

    Attributes:
        bars: from top to bottom; the picture grows with them.
        answered: when each answered call had its answer, in `time_label`'s unit from the launch.
        until: where the time ends.
        colour: that of the answered calls.
    """

    title: str
    bars_title: str
    bars: tuple[Bar, ...]
    answered_title: str
    answered: tuple[float, ...]
    until: float
    time_label: str
    colour: str


def draw(chart: BatchChart) -> bytes:
    """The picture as a PNG file."""
    return png(plan(chart))


def plan(chart: BatchChart) -> "Figure":
    """The picture; without answered calls it has no lower panel."""
    bars_end = HEAD + A_LINE + A_BAR * len(chart.bars) + GAP
    curve = A_LINE + CURVE + BELOW if chart.answered else 0
    made = figure(chart.title, bars_end + curve)
    _draw_bars(made, chart)
    if chart.answered:
        heading(made, chart.answered_title, bars_end)
        _draw_answered(panel(made, bars_end + A_LINE, CURVE, LEFT), chart)
    return made


def _draw_bars(made: "Figure", chart: BatchChart) -> None:
    """Each with its name and its figure right above it: none is too long, none needs a legend."""
    if not chart.bars:
        return
    heading(made, chart.bars_title, HEAD)
    axes = panel(made, HEAD + A_LINE, A_BAR * len(chart.bars))
    whole = max(1, sum(bar.count for bar in chart.bars))
    for place, bar in enumerate(chart.bars):
        axes.barh(place, whole, color=TRACK, height=THICK)
        axes.barh(place, bar.count, color=bar.colour, height=THICK)
        at = place - THICK / 2 - 0.06
        axes.text(0, at, bar.label, va="bottom", fontsize=SMALL, color=INK)
        axes.text(
            whole,
            at,
            f"{bar.count:,}",
            ha="right",
            va="bottom",
            fontsize=SMALL,
            fontweight="bold",
            color=INK,
        )
    axes.set_xlim(0, whole)
    axes.set_ylim(len(chart.bars) - 1 + THICK, THICK - 1)  # the first one on top
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_answered(axes: "Axes", chart: BatchChart) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 -- only the child has matplotlib

    total = len(chart.answered)
    until = max(chart.until, *chart.answered, 0.01)
    times = [0.0, *sorted(chart.answered), until]
    counts = [0, *range(1, total + 1), total]
    axes.step(times, counts, where="post", color=chart.colour, linewidth=6, clip_on=False)
    axes.fill_between(times, counts, step="post", color=chart.colour, alpha=0.15, linewidth=0)
    count_up(axes, total)
    axes.annotate(
        f"{total:,}",
        (until, total),
        xytext=(0, 12),
        textcoords="offset points",
        ha="right",
        fontsize=TEXT,
        fontweight="bold",
        color=chart.colour,
    )
    axes.set_xlim(0, until)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.set_xlabel(chart.time_label, fontsize=SMALL, color=INK, labelpad=8)
