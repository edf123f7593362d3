"""Joins what a person sends in one go: parts of a paste, several contacts, several files."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram import Message

from bot.handlers.door import Asker
from bot.handlers.parts import QUIET

log = logging.getLogger(__name__)

Ready = Callable[[Asker, list[Message]], Awaitable[None]]


@dataclass(slots=True)
class _Open:
    asker: Asker
    ready: Ready
    messages: dict[int, Message] = field(default_factory=dict)
    timer: asyncio.Task[None] | None = None


class Joining:
    """Messages of one person in one chat that come within 3 s of each other are one."""

    def __init__(self, quiet: float = QUIET) -> None:
        self.quiet = quiet
        self._open: dict[tuple[int, int], _Open] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def take(self, asker: Asker, ready: Ready) -> None:
        """Wait for further messages, then hand all of them to `ready`, in their order.

        `ready` gets the newest asker; what is given with later messages of one go is not used.
        """
        key = (asker.place.chat_id, asker.person.id)
        found = self._open.setdefault(key, _Open(asker, ready))
        found.asker = asker
        found.messages[asker.message.message_id] = asker.message
        if found.timer is not None:
            found.timer.cancel()
        found.timer = asyncio.create_task(self._wait(key, found))

    async def flush(self) -> None:
        """Hand over what has come so far, and wait until that is answered."""
        for key, found in list(self._open.items()):
            if found.timer is not None:
                found.timer.cancel()
            self._close(key)
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def _wait(self, key: tuple[int, int], found: _Open) -> None:
        await asyncio.sleep(self.quiet)
        if self._open.get(key) is found:
            self._close(key)

    def _close(self, key: tuple[int, int]) -> None:
        task = asyncio.create_task(self._hand_over(self._open.pop(key)))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _hand_over(self, found: _Open) -> None:
        try:
            await found.ready(found.asker, [found.messages[key] for key in sorted(found.messages)])
        except Exception:
            log.exception("messages that were joined could not be handled")
