"""What all pictures have in common: their size, their letters, and the file that comes of them.

A phone shows a picture about 335 points wide, less than a third of what it is drawn with. So no
letter here is smaller than 36 pixels, a third of which can still be read, and what belongs
together stands one below the other. The letters are those that matplotlib brings along; it has
none for emoji, so no text with any is drawn.
"""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

WIDTH, DPI = 1080, 120  # pixels, the width of a phone's own screen; pixels in an inch
MARGIN = 40  # pixels left and right
HEAD = 120  # pixels for the title of a picture
TITLE, TEXT, SMALL = 30, 25, 22  # points: 50, 42 and 37 pixels
COLOURS = 64  # a bar for each of eight outcomes, and the soft edges of letters
INK, FAINT, GRID = "#263238", "#546e7a", "#e0e4e7"


def figure(title: str, height: int) -> "Figure":
    """An empty picture, so many pixels high, with its title."""
    from matplotlib.figure import Figure  # noqa: PLC0415 -- only the child process has matplotlib

    made = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
    at = MARGIN / WIDTH, 1 - MARGIN / height
    made.text(*at, title, va="top", fontsize=TITLE, fontweight="bold", color=INK)
    return made


def panel(made: "Figure", top: int, height: int, left: int = MARGIN) -> "Axes":
    """Axes without a frame, so many pixels from the top and the left and as wide as there is room.

    They are put by pixels: what is to stand beside them has a known size, and a layout that
    measures the letters would draw everything twice.
    """
    whole = made.get_figheight() * DPI
    width = WIDTH - MARGIN - left
    axes = made.add_axes((left / WIDTH, 1 - (top + height) / whole, width / WIDTH, height / whole))
    axes.tick_params(labelsize=SMALL, length=0, pad=16, labelcolor=FAINT)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    return axes


def heading(made: "Figure", text: str, top: int, left: int = MARGIN) -> "Text":
    """A line that says what is shown, so many pixels from the top and the left."""
    at = left / WIDTH, 1 - top / (made.get_figheight() * DPI)
    return made.text(*at, text, va="top", fontsize=TEXT, color=FAINT)


def count_up(axes: "Axes", most: int) -> None:
    """Let a few quiet lines say how many, from none to the most."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 -- only the child has matplotlib

    axes.set_ylim(0, max(1, most) * 1.12)  # room for a figure on top
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="y", color=GRID, linewidth=2)
    axes.set_axisbelow(True)


def png(made: "Figure") -> bytes:
    """The picture as a PNG file, in so few colours that a phone loads a third of the bytes."""
    from PIL import Image  # noqa: PLC0415 -- the child's alone, as matplotlib is

    drawn, out = io.BytesIO(), io.BytesIO()
    made.savefig(drawn, format="png")
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(out, format="png", optimize=True)
    return out.getvalue()
