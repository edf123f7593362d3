"""One Chromium for all tests of this folder, and a demo and a page of its own for each.

Chromium lives as long as the session, and Playwright binds it to one event loop; so do all tests
here. This is the only place that skips them.
"""

import contextlib
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.chromium import MISSING, chromium, executable, required
from tests.browser.demo import Demo
from tests.browser.screen import WIDE, Screen
from tests.e2e.processes import Zygote

HERE = Path(__file__).parent
PATIENCE = 15_000  # milliseconds that a page may take on a slow machine
Opener = Callable[..., Awaitable[Screen]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests here one loop; without Chromium, leave them out or let them fail."""
    for item in items:
        if not item.path.is_relative_to(HERE):
            continue
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if executable() is None and not required():
            item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    expect.set_options(timeout=PATIENCE)
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Starts bots without the imports."""
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def past(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """What lies behind a demo when it begins: nothing, or what its parameter writes."""
    make: Callable[[Path], None] | None = getattr(request, "param", None)
    if make is not None:
        make(tmp_path)


@pytest.fixture
def demo_settings(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """Settings of the bot that are not those of every demo: none, or its parameter."""
    settings: Mapping[str, str] = getattr(request, "param", {})
    return settings


@pytest_asyncio.fixture(loop_scope="session")
async def demo(
    tmp_path: Path,
    zygote: Zygote,
    past: None,  # noqa: ARG001  it is made first
    demo_settings: Mapping[str, str],
) -> AsyncIterator[Demo]:
    """A demo with a record of its own."""
    async with Demo(tmp_path, zygote.spawn, settings=demo_settings).open() as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="session")
async def open_screen(browser: Browser, demo: Demo) -> AsyncIterator[Opener]:
    """Opens pages of the demo, of any width and colour; no fault of theirs may go unseen."""
    async with contextlib.AsyncExitStack() as stack:
        screens: list[Screen] = []

        async def opened(
            width: int = WIDE,
            height: int = 860,
            scheme: Literal["light", "dark"] = "light",
            query: str = "",
            zone: str = "UTC",
        ) -> Screen:
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
                timezone_id=zone,
            )
            stack.push_async_callback(context.close)
            screen = Screen(await context.new_page())
            screens.append(screen)
            return await screen.open(demo.url + query)

        yield opened
        assert [fault for screen in screens for fault in screen.watch.surprises()] == []


@pytest_asyncio.fixture(loop_scope="session")
async def screen(open_screen: Opener) -> Screen:
    """A page on a desk, in the light."""
    return await open_screen()
