"""The picture of a batch, drawn where the program draws it: in a child process."""

import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.charts.batch import Bar, BatchChart, draw
from bot.workshop import Workshop

LONG = 120.0
GREEN = "#2e9e4f"

IMPORTS = """
import importlib, pkgutil, sys
import bot
for module in pkgutil.walk_packages(bot.__path__, "bot."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.split(".")[0] == "matplotlib"))
"""


@pytest_asyncio.fixture
async def workshop() -> AsyncIterator[Workshop]:
    """A workshop that is closed afterwards."""
    workshop = Workshop()
    yield workshop
    await workshop.close()


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels, from its header."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack("!2I", png[16:24])
    return width, height


def chart(*bars: Bar, answered: tuple[float, ...] = (), until: float = 4.0) -> BatchChart:
    """What a picture shows."""
    return BatchChart(
        title="b12",
        bars_title="What became of them",
        bars=bars,
        answered_title="Answered over time",
        answered=answered,
        until=until,
        time_label="minutes since the launch",
        colour=GREEN,
    )


ONE = chart(Bar("answered", 1, GREEN), answered=(0.5,), until=0.5)
NONE = chart(Bar("no answer", 5, "#d9534f"))
NOTHING = chart(until=0.0)
FORTY = chart(
    Bar("answered", 29, GREEN),
    Bar("no answer", 6, "#d9534f"),
    Bar("busy", 2, "#e08e0b"),
    Bar("expired", 1, "#a0785a"),
    answered=tuple(n / 8 for n in range(29)),
)
THOUSAND = chart(
    Bar("answered", 600, GREEN),
    *(Bar("the gateway does not know", 57, "#90a4ae") for _ in range(7)),
    answered=tuple((n * 7919 % 600) / 13 for n in range(600)),
    until=50.0,
)


@pytest.mark.parametrize("of", [ONE, NONE, NOTHING, FORTY, THOUSAND])
async def test_a_picture_for_a_phone(workshop: Workshop, of: BatchChart) -> None:
    """A PNG of less than 100 KB, as wide as a phone, and as high as there is to show."""
    png = await workshop.make(LONG, draw, of)
    width, height = size_of(png)
    assert width == 1080
    assert 150 < height < 2 * width
    assert len(png) < 100_000


def test_the_picture_grows_with_its_bars_and_its_curve() -> None:
    """Nothing is pressed together: each bar has the same room, and the curve its own below."""
    three, four = (chart(*[Bar("busy", 1, GREEN)] * n) for n in (3, 4))
    a_bar = size_of(draw(four))[1] - size_of(draw(three))[1]
    assert a_bar > 100
    curve = chart(*[Bar("busy", 1, GREEN)] * 3, answered=(1.0, 2.0))
    assert size_of(draw(curve))[1] - size_of(draw(three))[1] > 3 * a_bar


def test_the_program_itself_never_imports_matplotlib() -> None:
    """Whatever is imported of the program, the library that draws is not among it."""
    found = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
