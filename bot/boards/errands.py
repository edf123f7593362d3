"""Messages under way: each has a task of its own, so that a slow chat delays no other."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine

from bot.boards.pace import NETWORK_BACK_OFF, Paces
from bot.messenger import ClosedError, LaterError, MessengerError
from storage.errors import StorageError

log = logging.getLogger(__name__)

Key = tuple[str, int]  # what is shown, and its number


class Errands:
    """What is being sent or edited now, and how often each was refused."""

    def __init__(self, paces: Paces, ended: Callable[[], None]) -> None:
        self._paces = paces
        self._ended = ended
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._odd_refusals: Counter[Key] = Counter()
        self.done_count = 0

    def __contains__(self, key: Key) -> bool:
        """Whether this errand is under way."""
        return key in self._tasks

    def __len__(self) -> int:
        """How many errands are under way."""
        return len(self._tasks)

    def numbers(self, kind: str) -> frozenset[int]:
        """The numbers of all errands of a kind that are under way."""
        return frozenset(number for of, number in self._tasks if of == kind)

    def run(self, key: Key, chat_id: int, work: Coroutine[None, None, None]) -> None:
        """Begin an errand; there must be none of this key under way."""
        task = asyncio.create_task(work, name=f"{key[0]}-{key[1]}")
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._end(key, chat_id, done))

    def _end(self, key: Key, chat_id: int, task: asyncio.Task[None]) -> None:
        self._tasks.pop(key, None)
        self.done_count += 1
        if not task.cancelled() and (error := task.exception()) is not None:
            if isinstance(error, StorageError):
                log.warning("the %s %d is not on record yet: %s", *key, error)
            else:
                log.error("the %s %d could not be shown", *key, exc_info=error)
            # A fault of our own must not spin.
            self._paces.later(chat_id, LaterError(0.0, flood=False))
        self._ended()

    def taken(self, key: Key, chat_id: int) -> None:
        """Telegram took it: forget earlier refusals."""
        self._paces.of(chat_id).failures = 0
        self._odd_refusals.pop(key, None)

    def refused_for_good(self, key: Key, error: MessengerError) -> bool:
        """A closed chat is; a refusal that we do not know is so only after some attempts."""
        self._odd_refusals[key] += 1
        return isinstance(error, ClosedError) or self._odd_refusals[key] > len(NETWORK_BACK_OFF)

    async def wait(self, seconds: float) -> None:
        """Return when all that is under way has ended, or after so many seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=max(0.05, seconds))

    def close(self) -> None:
        """Give up what is under way; it is shown after the next start."""
        for task in self._tasks.values():
            task.cancel()
