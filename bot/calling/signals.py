"""Bells between the parts of one process: each says "look at the database", nothing more.

What has to be done stands in the database, so a bell that is missed or rung twice does no harm.
"""

import asyncio
import contextlib


class Bell:
    """Wakes one waiter early; remembers one ring that nobody waited for."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter."""
        self._rung.set()

    def ring_in(self, seconds: float) -> None:
        """Ring after so many seconds."""
        asyncio.get_running_loop().call_later(seconds, self.ring)

    async def wait(self, seconds: float | None) -> None:
        """Return when rung, or after so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()


class Signals:
    """One bell per worker."""

    def __init__(self) -> None:
        self.dialer = Bell()
        self.boards = Bell()
        self.evidence = Bell()
        self.notices = Bell()
        self.reports = Bell()
        self.tracker = Bell()
        self.scheduler = Bell()
        self.announcer = Bell()
        self.approvals = Bell()
