"""`make screenshots`: drives the demo in Chromium, and writes the pictures that the docs show.

    python -m tests.browser.screenshots [NAME …]

Each picture begins with a demo of its own, and is taken when the page shows what it is to show.
"""

import argparse
import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect

from sandbox.bitel import faults
from sandbox.demo.cast import build_stage
from tests.browser.chromium import chromium
from tests.browser.demo import Demo
from tests.browser.further_screens import VIEWS
from tests.browser.office import make_office
from tests.browser.past import make_past
from tests.browser.screen import NARROW, WIDE, Screen

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PHONE = "phone"
SIZES = {PHONE: (NARROW, 780, 2), "desk": (WIDE, 800, 1)}  # width, height, pixels for each
HIGHER = {  # what belongs together stands in one picture
    "board-phone": 1080,
    "end-phone": 1190,
    "history-phone": 920,
    "report-phone": 1200,
}
PATIENCE = 30_000
ENDED_FIRST = 28  # of the forty: those that are answered or fail; the others take a minute longer
Story = Callable[[Demo, Screen], Awaitable[None]]


async def all_end(demo: Demo, screen: Screen, calls: int) -> None:
    """Let time fly until so many calls have ended."""
    demo.bitel.speed, before = 200, demo.bitel.speed
    await expect(screen.page.locator("#panel .phone[data-phase=ended]")).to_have_count(calls)
    demo.bitel.speed = before


async def first_call(demo: Demo, screen: Screen) -> None:
    """A launch of three numbers, whose phones ring."""
    demo.bitel.speed = 1
    await screen.say("/start")
    await expect(screen.message("I place batches")).to_be_visible()
    await screen.example("Call three")
    await expect(screen.message("All 3 numbers are at the gateway")).to_be_visible()
    await expect(screen.page.locator("#panel .phone[data-phase=ringing]")).to_have_count(3)


async def draft(demo: Demo, screen: Screen) -> None:
    """A draft that asks before it calls forty."""
    await screen.example("Call forty")
    await expect(screen.key(screen.message("Nothing is sent yet"), "✅ Call 40")).to_be_visible()
    assert demo.bitel.posts == 0


async def unknown(demo: Demo, screen: Screen) -> None:
    """A request that got no answer: the board says what is known, and asks."""
    demo.bitel.events_on = False  # they would tell what became of it
    demo.bitel.fail_next(faults.hang())
    await screen.example("Every outcome")
    await expect(screen.key(screen.message("may have rung"), "It did not ring")).to_be_visible()
    await all_end(demo, screen, 6)


async def group(demo: Demo, screen: Screen) -> None:
    """Two people in the team's group."""
    await screen.visit(demo.group.id)
    await screen.example("Mixed spellings")
    await expect(screen.message("All 4 numbers are at the gateway")).to_be_visible()
    await all_end(demo, screen, 4)
    await expect(screen.message("All 4 calls have ended")).to_be_visible()
    await expect(screen.with_key("📊 XLSX")).to_be_visible()
    await screen.be(demo.member.first_name)
    await screen.visit(demo.group.id)
    await screen.say("/batches")
    await expect(screen.message("4 numbers ·")).to_be_visible()


async def forty_called(demo: Demo, screen: Screen) -> None:
    """A batch of forty is launched, and time flies until the first calls have ended."""
    await screen.example("Call forty")
    await screen.press(screen.message("Nothing is sent yet"), "✅ Call 40")
    await expect(screen.message("All 40 numbers are at the gateway")).to_be_visible()
    demo.bitel.speed = 10
    ended = screen.page.locator("#panel .phone[data-phase=ended]")
    await expect(ended).to_have_count(ENDED_FIRST)


async def board(demo: Demo, screen: Screen) -> None:
    """A batch of forty amid its calls: some have ended, some wait."""
    await forty_called(demo, screen)
    demo.bitel.speed = 0.1
    shown = screen.message(f"{ENDED_FIRST}/40")
    await expect(shown).to_be_visible()
    await shown.evaluate("board => board.scrollIntoView({ block: 'start' })")


async def end(demo: Demo, screen: Screen) -> None:
    """How the forty ended: the card and its chart."""
    await forty_called(demo, screen)
    demo.bitel.speed = 30
    await expect(screen.message("All 40 calls have ended")).to_be_visible()
    await expect(screen.with_key("📊 XLSX")).to_contain_text("✅ 24 answered")
    await picture_shown(screen)


async def history(_: Demo, screen: Screen) -> None:
    """What happened to a number in the last days."""
    await screen.say("/status 0912 000 1000")
    await expect(screen.message("🔎 09120001000 · 6 calls")).to_be_visible()


async def report(_: Demo, screen: Screen) -> None:
    """A week in figures, and its chart."""
    await screen.say("/report 7d")
    await expect(screen.with_key("📈 Chart by day")).to_contain_text("6 batches")
    await picture_shown(screen)


async def picture_shown(screen: Screen) -> None:
    """Wait until the picture in the chat is loaded, and stands above its lower edge."""
    image = screen.messages.locator("a.photo img").last
    await expect(image).to_be_visible()
    await image.evaluate("image => image.decode()")
    await screen.messages.last.scroll_into_view_if_needed()


STORIES: dict[str, Story] = {
    "first-call": first_call,
    "draft": draft,
    "unknown": unknown,
    "group": group,
    "board": board,
    "end": end,
    "history": history,
    "report": report,
}
ON_A_PHONE_ONLY = frozenset({"end", "history", "report"})
PASTS = {"history": make_past, "report": make_past}


@dataclass(frozen=True, slots=True)
class Picture:
    """What one picture shows, how large the page is, and what lies behind its demo."""

    name: str
    story: Story
    size: str = PHONE
    height: int | None = None
    past: Callable[[Path], None] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return PICTURES / f"{self.name}-{self.size}.png"


def pictures() -> Iterator[Picture]:
    """All of them."""
    for name, story in STORIES.items():
        for size in (PHONE,) if name in ON_A_PHONE_ONLY else SIZES:
            height = HIGHER.get(f"{name}-{size}")
            yield Picture(name, story, size, height, PASTS.get(name))
    for name, view in VIEWS.items():
        quick = f"quick-{name}"
        yield Picture(quick, view.way, PHONE, view.height, make_office, view.settings)


def write(path: Path, png: bytes) -> None:
    """Write a picture with 256 colours: half the size, and nobody sees a difference."""
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


async def take(browser: Browser, of: Picture) -> None:
    """Tell a story at one size of the page, and write its picture."""
    width, height, scale = SIZES[of.size]
    with tempfile.TemporaryDirectory() as folder:
        if of.past is not None:
            of.past(Path(folder))
        stage = build_stage(seed=0)
        async with Demo(Path(folder), stage=stage, settings=of.settings).open() as demo:
            context = await browser.new_context(
                viewport={"width": width, "height": of.height or height},
                device_scale_factor=scale,
                reduced_motion="reduce",
                color_scheme="light",
            )
            screen = await Screen(await context.new_page()).open(demo.url)
            await of.story(demo, screen)
            await screen.at_rest()
            assert screen.watch.surprises() == []
            assert await screen.cut_labels() == []
            write(of.path, await screen.page.screenshot(animations="disabled", caret="hide"))
            await context.close()


async def main() -> None:
    """Take all pictures, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as board or quick-home")
    names = parser.parse_args().names
    expect.set_options(timeout=PATIENCE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        for of in pictures():
            if names and of.name not in names:
                continue
            await take(browser, of)
            size_kib = of.path.stat().st_size // 1024
            print(f"{of.path.relative_to(PICTURES.parent)}: {size_kib} KiB")  # noqa: T201 -- a script


if __name__ == "__main__":
    asyncio.run(main())
