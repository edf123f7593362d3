"""Parts of one long text: Telegram cuts at 4096 characters, and half a list must not be called."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.handlers.door import Asker

log = logging.getLogger(__name__)

QUIET = 3.0  # seconds after the last part in which another one joins

Ready = Callable[[Asker, str], Awaitable[None]]


@dataclass(slots=True)
class _Gathering:
    asker: Asker
    ready: Ready
    texts: dict[int, str] = field(default_factory=dict)
    timer: asyncio.Task[None] | None = None


class Parts:
    """Joins the plain messages that a person sends within 3 s after a long command."""

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._open: dict[tuple[int, int], _Gathering] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def gather(self, asker: Asker, ready: Ready) -> None:
        """Wait for the rest of this command; then hand the joined text to `ready`."""
        key = (asker.place.chat_id, asker.person.id)
        before = self._open.get(key)
        if before is not None and before.asker.message.message_id == asker.message.message_id:
            return  # the same update came again
        if before is not None:
            self._close(key)
        gathering = _Gathering(asker, ready, {asker.message.message_id: asker.text})
        self._open[key] = gathering
        self._restart(key, gathering)

    def join(self, asker: Asker) -> bool:
        """Take a plain message as a part; True if there was a command that waits for it."""
        key = (asker.place.chat_id, asker.person.id)
        gathering = self._open.get(key)
        if gathering is None:
            return False
        gathering.texts[asker.message.message_id] = asker.message.text or ""
        self._restart(key, gathering)
        return True

    async def flush(self) -> None:
        """Hand over what was gathered so far, and wait until that is answered."""
        for key in list(self._open):
            self._close(key)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _restart(self, key: tuple[int, int], gathering: _Gathering) -> None:
        if gathering.timer is not None:
            gathering.timer.cancel()
        gathering.timer = asyncio.create_task(self._wait(key, gathering))

    async def _wait(self, key: tuple[int, int], gathering: _Gathering) -> None:
        await asyncio.sleep(self._quiet)
        if self._open.get(key) is gathering:
            self._close(key)

    def _close(self, key: tuple[int, int]) -> None:
        gathering = self._open.pop(key)
        if gathering.timer is not None and gathering.timer is not asyncio.current_task():
            gathering.timer.cancel()
        task = asyncio.create_task(self._hand_over(gathering))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _hand_over(self, gathering: _Gathering) -> None:
        # A space where Telegram cut: what was one number there is read as one again, and a `+7`
        # at the end of a part still begins the number at the beginning of the next.
        text = " ".join(gathering.texts[message] for message in sorted(gathering.texts))
        try:
            await gathering.ready(gathering.asker, text)
        except Exception:
            log.exception("a joined command failed")
