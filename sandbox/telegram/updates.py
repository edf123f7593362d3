"""The queue of updates and its long poll, https://core.telegram.org/bots/api#getupdates."""

import asyncio
import contextlib
import copy
import math
import time
from collections.abc import Callable
from typing import Any

from sandbox.telegram.errors import conflict

KEPT = 24 * 3600
MOST = 100
LONGEST_POLL = 50
FIRST_ID = 100_000_001
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
TAKEN_OVER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
    "first"
)

Update = dict[str, Any]


class Changes:
    """Wakes whoever waits for the simulated world to change; may be called without a loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Wake everybody."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self) -> None:
        """Wait for the next change."""
        await self._next.wait()


class UpdateQueue:
    """Updates that wait for the bot.

    An update is confirmed, and gone, once getUpdates asks for a higher offset. One that nobody
    fetched is dropped after 24 hours. A second poll ends the first one.
    """

    def __init__(self, clock: Callable[[], float], ids_after: int = 0) -> None:
        self._clock = clock
        self._waiting: dict[int, tuple[float, Update]] = {}
        self._again: set[int] = set()
        self._all: dict[int, Update] = {}
        self._allowed: set[str] | None = None
        self._poll: asyncio.Task[Any] | None = None
        self._last_id = FIRST_ID - 1 + ids_after
        self.changes = Changes()
        self.webhook = ""
        self.polled_at = -math.inf

    @property
    def last_id(self) -> int:
        """Id of the latest update."""
        return self._last_id

    @property
    def is_polled(self) -> bool:
        """Whether a getUpdates request is under way; `polled_at` tells when the last one ended.

        `polled_at` is of `time.monotonic`.
        """
        return self._poll is not None

    @property
    def pending(self) -> list[Update]:
        """Updates that are not confirmed."""
        self._expire()
        return [update for _, update in self._waiting.values()]

    def add(self, kind: str, payload: dict[str, Any]) -> int:
        """Queue an update of a kind, unless the bot asked not to get this kind.

        Returns:
            Its id; 0 for one that is not wanted.
        """
        wanted = kind not in NOT_BY_DEFAULT if self._allowed is None else kind in self._allowed
        if not wanted:
            return 0
        self._last_id += 1
        update = {"update_id": self._last_id, kind: copy.deepcopy(payload)}
        self._all[self._last_id] = update
        self._waiting[self._last_id] = (self._clock(), update)
        self.changes.announce()
        return self._last_id

    def again(self, update_id: int) -> None:
        """Hand an update out once more with its id, confirmed or not."""
        if update_id not in self._all:
            raise LookupError(f"no update {update_id}")
        self._again.add(update_id)
        self.changes.announce()

    def clear(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        self._again.clear()

    def interrupt(self) -> None:
        """End the poll that is under way."""
        if self._poll is not None:
            poll, self._poll = self._poll, None
            poll.cancel()

    async def get(
        self,
        offset: int = 0,
        limit: int = MOST,
        seconds: int = 0,
        allowed: list[str] | None = None,
    ) -> list[Update]:
        """Answer one getUpdates request.

        Raises:
            ApiError: a webhook is set, or a later poll took over.
        """
        if self.webhook:
            raise conflict(WEBHOOK_ACTIVE)
        if allowed is not None:
            self._allowed = set(allowed) or None
        self._confirm(offset)
        self.interrupt()
        waiting = asyncio.create_task(self._wait(min(limit, MOST) if limit > 0 else MOST, seconds))
        self._poll = waiting
        try:
            return await waiting
        except asyncio.CancelledError:
            if self._poll is waiting:
                waiting.cancel()
                raise
            raise conflict(TAKEN_OVER) from None
        finally:
            self.polled_at = time.monotonic()
            if self._poll is waiting:
                self._poll = None

    async def _wait(self, limit: int, seconds: int) -> list[Update]:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, 0), LONGEST_POLL)):
                while not self._again and not self.pending:
                    await self.changes.wait()
        found = [self._all[update_id] for update_id in self._again]
        found += [update for update in self.pending if update["update_id"] not in self._again]
        self._again.clear()
        return sorted(found, key=lambda update: int(update["update_id"]))[:limit]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = ([0] * -offset + sorted(self._waiting))[offset]
        for update_id in [known for known in self._waiting if known < offset]:
            del self._waiting[update_id]

    def _expire(self) -> None:
        oldest = self._clock() - KEPT
        for update_id in [known for known, (at, _) in self._waiting.items() if at < oldest]:
            del self._waiting[update_id]
