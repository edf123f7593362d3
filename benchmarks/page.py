"""`make bench`, second part: whether the demo's page stays smooth, in Chromium.

The page runs beside both simulated servers, without the bot, and its frames are counted by
`requestAnimationFrame` while something goes on: the wheel turns in a chat of 500 messages, and
1,000 phones go from waiting to their end. Then the whole demo is started, and a call is made.
"""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import report
from playwright.async_api import Browser, expect

from sandbox.demo.cast import build_stage
from sandbox.page import Stage, build_app
from sandbox.serving import serve
from tests.browser.chromium import chromium
from tests.browser.screen import WIDE, Screen

RUNS = 3
MESSAGES = 500
CALLS = 1000
A_BATCH = 100  # numbers in one request to the gateway, at most
FRAMES, START, RING = "< 50 ms", "< 5 s", "< 2 s"  # targets
PATIENCE = 120_000  # milliseconds
SPEED = 10.0  # of the gateway, while its phones ring
SCROLLED = 20_000  # pixels, up and down again
PIXELS_A_SECOND = 4_000

RECORD = """() => {
  window.frames = [];
  let last = null;
  const frame = (now) => {
    if (!window.frames) return;
    if (last !== null) window.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
RECORDED = "() => { const all = window.frames; window.frames = null; return all; }"


@asynccontextmanager
async def page_of(browser: Browser, stage: Stage) -> AsyncIterator[Screen]:
    """Serve the page of a stage and open it."""
    async with serve(build_app(stage)) as url:
        context = await browser.new_context(viewport={"width": WIDE, "height": 860})
        screen = Screen(await context.new_page())
        await screen.open(url)
        yield screen
        await context.close()
        if faults := screen.watch.surprises():
            raise SystemExit("\n".join(faults))


async def frames_during(screen: Screen, act: Callable[[], Awaitable[None]]) -> float:
    """The 95th percentile of the times between frames while something goes on, in ms."""
    await screen.page.evaluate(RECORD)
    await act()
    frames: list[float] = await screen.page.evaluate(RECORDED)
    return statistics.quantiles(frames, n=20)[-1]


async def fill(stage: Stage, telegram_url: str) -> None:
    """Write 500 messages into the admin's chat: commands, and boards with their buttons."""
    person = stage.cast.roles[0].person
    ids = "\n".join(f"⏳ 0912000{n:04} · waiting · <code>{n:032x}</code>" for n in range(10))
    keys = [[{"text": "◀", "callback_data": "a"}, {"text": "▶", "callback_data": "b"}]]
    async with httpx.AsyncClient(base_url=telegram_url) as bot:
        for number in range(MESSAGES // 2):
            asked = stage.tg.send(person, person, f"/call {number:032x} 09120000001")
            board = {
                "chat_id": person.id,
                "text": f"<b>#b{number}</b> · {person.first_name}\n{ids}",
                "parse_mode": "HTML",
                "reply_parameters": {"message_id": asked.id},
                "reply_markup": {"inline_keyboard": keys},
            }
            sent = await bot.post(f"/bot{stage.tg.token}/sendMessage", json=board)
            sent.raise_for_status()


class Wheel:
    """Turns the wheel of a mouse over the messages, and notes where it came to."""

    def __init__(self, screen: Screen) -> None:
        self._page = screen.page
        self._scroller = screen.page.locator("#scroller")
        self.places: list[float] = []

    async def turn(self) -> None:
        """Scroll up to where older messages are, and down again."""
        box = await self._scroller.bounding_box()
        if box is None:
            raise SystemExit("the chat is not shown")
        middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        manner = {"speed": PIXELS_A_SECOND, "gestureSourceType": "mouse", "preventFling": True}
        browser = await self._page.context.new_cdp_session(self._page)
        for way in (SCROLLED, -SCROLLED):
            gesture = {**middle, **manner, "yDistance": way}
            await browser.send("Input.synthesizeScrollGesture", gesture)
            self.places.append(await self._scroller.evaluate("element => element.scrollTop"))


async def scrolling(browser: Browser) -> float:
    """Frames while the wheel turns in a long chat."""
    stage = build_stage(seed=0)
    async with stage.tg.serve() as telegram_url:
        await fill(stage, telegram_url)
        async with page_of(browser, stage) as screen:
            await expect(screen.messages).to_have_count(MESSAGES)
            wheel = Wheel(screen)
            p95 = await frames_during(screen, wheel.turn)
    if abs(wheel.places[1] - wheel.places[0]) < SCROLLED / 2:
        raise SystemExit(f"the chat did not scroll: {wheel.places}")
    return p95


async def place(stage: Stage, bitel_url: str) -> None:
    """Place 1,000 calls, in as many requests as the gateway wants."""
    headers = {"authorization": f"Bearer {stage.bitel.token}"}
    async with httpx.AsyncClient(base_url=bitel_url, headers=headers) as bot:
        for first in range(0, CALLS, A_BATCH):
            numbers = [f"0912{number:07}" for number in range(first, first + A_BATCH)]
            order = {"voiceId": stage.cast.voices[0].id, "phoneNumbers": numbers}
            taken = await bot.post("/api/v2/voice/batch", json=order)
            taken.raise_for_status()


async def ringing(browser: Browser) -> float:
    """Frames while 1,000 phones wait, ring and end."""
    stage = build_stage(seed=0)
    stage.bitel.speed = SPEED
    async with stage.bitel.serve() as bitel_url, page_of(browser, stage) as screen:

        async def launch() -> None:
            await place(stage, bitel_url)
            await expect(screen.phones).to_have_count(CALLS)
            ended = screen.page.locator("#panel .phone[data-phase=ended]")
            await expect(ended).to_have_count(CALLS)

        return await frames_during(screen, launch)


async def trying(browser: Browser) -> tuple[float, float]:
    """Start the whole demo as a person does, and tap an example.

    Returns:
        Seconds until it tells its address, and from the tap until a phone rings.
    """
    began = time.perf_counter()
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--no-browser"), stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None  # noqa: S101 -- it is a pipe
    try:
        async with asyncio.timeout(PATIENCE / 1000):
            line = (await demo.stdout.readline()).decode()
        started = time.perf_counter() - began
        context = await browser.new_context(viewport={"width": WIDE, "height": 860})
        screen = await Screen(await context.new_page()).open(line.split()[2])
        tapped = time.perf_counter()
        await screen.example("Call three")
        await screen.page.locator("#panel .phone[data-phase=ringing]").first.wait_for()
        rang = time.perf_counter() - tapped
        await context.close()
    finally:
        demo.terminate()
        await demo.wait()
    return started, rang


def write(rows: list[tuple[str, str, str]], runs: int, version: str) -> None:
    """The table, as a section of the documentation."""
    told = [(*row, "yes" if report.met(*row[1:]) else "**no**") for row in rows]
    report.put(
        "The demo's page",
        "Of frames, the 95th percentile of the time between two of them; the screen shows one "
        f"every 16.7 ms.\nEach figure is the median of {runs} runs, in Chromium {version} "
        f"without a GPU, on {os.cpu_count()} cores with Python {platform.python_version()}.\n\n"
        + report.table(("what", "measured", "target", "met"), told)
        + "\n",
    )


async def main() -> None:
    """Measure all, print the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = range(parser.parse_args().runs)
    expect.set_options(timeout=PATIENCE)
    async with chromium() as browser:
        scrolled = [await scrolling(browser) for _ in runs]
        rang = [await ringing(browser) for _ in runs]
        started, first_ring = zip(*[await trying(browser) for _ in runs], strict=True)
        version = browser.version
    middle = statistics.median
    rows = [
        (f"frames while {MESSAGES} messages scroll", f"{middle(scrolled):.1f} ms", FRAMES),
        (f"frames while {CALLS:,} calls change", f"{middle(rang):.1f} ms", FRAMES),
        ("`callboard demo` → its address, with the bot ready", f"{middle(started):.2f} s", START),
        ("a tap on an example → the first phone rings", f"{middle(first_ring):.2f} s", RING),
    ]
    write(rows, len(runs), version)


if __name__ == "__main__":
    asyncio.run(main())
