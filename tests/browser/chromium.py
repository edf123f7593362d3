"""Starts the Chromium of this machine; none is downloaded.

Tests, the pictures of the docs and the benchmark of the page all take it from here.
"""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # a container has no user namespaces, and every page is our own
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
)
ASKED_FOR = "CALLBOARD_BROWSER_TESTS"
MISSING = "there is no Chromium on this machine: apt-get install chromium"


def executable() -> str | None:
    """Return the path of a Chromium, or None if the machine has none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def required() -> bool:
    """Return whether a machine without Chromium is an error, as it is in CI."""
    return bool(os.environ.get("CI")) or os.environ.get(ASKED_FOR) == "required"


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a headless Chromium until the block ends.

    Raises:
        FileNotFoundError: the machine has none.
    """
    path = executable()
    if path is None:
        raise FileNotFoundError(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()
