"""Every letter of a picture can be read on a phone, and none leaves the picture."""

from collections.abc import Callable

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from bot.charts import batch, days
from bot.charts.canvas import DPI, WIDTH
from bot.charts.days import Day
from tests.charts.test_batch import FORTY, NONE, ONE, THOUSAND
from tests.charts.test_days import chart_of

PHONE = 335  # points that a phone gives to a picture
LEGIBLE = 11  # points

MANY = chart_of(*(Day(f"{1 + n % 28} Sep", 12_000 + n, 9_000) for n in range(30)))
FEW = chart_of(*(Day(f"{20 + n} Sep", 1_200 * n, 900 * n) for n in range(8)))
PLANS: list[Callable[[], Figure]] = [
    *(lambda of=of: batch.plan(of) for of in (ONE, NONE, FORTY, THOUSAND)),
    *(lambda of=of: days.plan(of) for of in (MANY, FEW)),
]


def texts(made: Figure) -> list[Text]:
    """All that can be read in a picture."""
    made.draw_without_rendering()
    beyond = {
        id(tick.label1)
        for axes in made.axes
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim()))
        for tick in axis.get_major_ticks()
        if not low <= tick.get_loc() <= high  # matplotlib keeps such ticks and draws none of them
    }
    found = [one for one in made.findobj(Text) if one.get_visible() and id(one) not in beyond]
    return [one for one in found if one.get_text()]


@pytest.mark.parametrize("plan", PLANS)
def test_a_phone_shows_every_letter_large_enough(plan: Callable[[], Figure]) -> None:
    """At the width of a phone's chat no text is smaller than 11 points."""
    found = texts(plan())
    assert found
    for text in found:
        assert float(text.get_fontsize()) * DPI / 72 * PHONE / WIDTH >= LEGIBLE, text


@pytest.mark.parametrize("plan", PLANS)
def test_nothing_is_cut(plan: Callable[[], Figure]) -> None:
    """Every text stands inside the picture, and no two lie upon each other."""
    made = plan()
    whole = made.bbox
    boxes = [(one.get_text(), one.get_window_extent()) for one in texts(made)]
    for text, box in boxes:
        assert whole.x0 <= box.x0, text
        assert box.x1 <= whole.x1, text
        assert whole.y0 <= box.y0, text
        assert box.y1 <= whole.y1, text
    for place, (text, box) in enumerate(boxes):
        for other, taken in boxes[place + 1 :]:
            assert not box.overlaps(taken), (text, other)
