"""Notes everything that goes wrong inside a page: no test has to look for it."""

import asyncio
import re

from playwright.async_api import ConsoleMessage, Page, Request, Response

LOUD = frozenset({"error", "warning", "assert"})
LEFT = "net::ERR_ABORTED"  # the page itself gave the request up: it was left or loaded anew


class Watch:
    """The faults of one page: what its console says, what it throws, what it cannot load.

    A breach of the content security policy is an error of the console.
    """

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        self._noticed = asyncio.Event()
        self._expected: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """Let faults pass that this regular expression finds; at least one must come."""
        self._expected.append(pattern)

    async def sees(self, words: str) -> None:
        """Wait until a fault has these words."""
        while not any(words in fault for fault in self.faults):
            self._noticed.clear()
            await self._noticed.wait()

    def surprises(self) -> list[str]:
        """Return the faults that nobody expected, and the expected ones that did not come."""
        left = [
            fault
            for fault in self.faults
            if not any(re.search(pattern, fault) for pattern in self._expected)
        ]
        missing = [
            f"did not come: {pattern}"
            for pattern in self._expected
            if not any(re.search(pattern, fault) for fault in self.faults)
        ]
        return left + missing

    def _note(self, fault: str) -> None:
        self.faults.append(fault)
        self._noticed.set()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in LOUD:
            where = message.location
            self._note(f"{message.type}: {message.text} ({where['url']}:{where['lineNumber']})")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self._note(f"failed: {request.method} {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"answered: {response.status} {response.request.method} {response.url}")
