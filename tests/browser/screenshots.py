"""`make screenshots`: drives the demo in Chromium, and writes the pictures that the docs show.

Each picture begins with a demo of its own, and is taken when the page shows what it is to show.
"""

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect

from sandbox.bitel import faults
from sandbox.demo.cast import build_stage
from tests.browser.chromium import chromium
from tests.browser.demo import Demo
from tests.browser.screen import NARROW, WIDE, Screen

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {"phone": (NARROW, 780, 2), "desk": (WIDE, 800, 1)}  # width, height, pixels for each
PATIENCE = 30_000
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
    demo.bitel.fail_next(faults.hang())
    await screen.example("Every outcome")
    await expect(screen.key(screen.message("may have rung"), "It did not ring")).to_be_visible()
    await all_end(demo, screen, 6)


async def group(demo: Demo, screen: Screen) -> None:
    """Two people in the team's group."""
    await screen.visit(demo.group.id)
    await screen.example("Mixed spellings")
    await expect(screen.message("All 4 numbers are at the gateway")).to_be_visible()
    await screen.be(demo.member.first_name)
    await screen.visit(demo.group.id)
    await screen.say("/batches")
    await expect(screen.message("4 numbers ·")).to_be_visible()
    await all_end(demo, screen, 4)


STORIES: dict[str, Story] = {
    "first-call": first_call,
    "draft": draft,
    "unknown": unknown,
    "group": group,
}


def write(path: Path, png: bytes) -> None:
    """Write a picture with 256 colours: half the size, and nobody sees a difference."""
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


async def take(browser: Browser, name: str, story: Story, size: str) -> Path:
    """Tell a story at one size of the page, and return its picture."""
    width, height, scale = SIZES[size]
    with tempfile.TemporaryDirectory() as folder:
        async with Demo(Path(folder), stage=build_stage(seed=0)).open() as demo:
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                device_scale_factor=scale,
                reduced_motion="reduce",
                color_scheme="light",
            )
            screen = await Screen(await context.new_page()).open(demo.url)
            await story(demo, screen)
            await screen.at_rest()
            assert screen.watch.surprises() == []
            path = PICTURES / f"{name}-{size}.png"
            write(path, await screen.page.screenshot(animations="disabled", caret="hide"))
            await context.close()
    return path


async def main() -> None:
    """Take all pictures."""
    expect.set_options(timeout=PATIENCE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        for name, story in STORIES.items():
            for size in SIZES:
                path = await take(browser, name, story, size)
                size_kib = path.stat().st_size // 1024
                print(f"{path.relative_to(PICTURES.parent)}: {size_kib} KiB")  # noqa: T201 -- a script


if __name__ == "__main__":
    asyncio.run(main())
