"""Parts of one long text: Telegram cuts at 4096 characters, and half a list must not be called."""

import asyncio
import logging
import time
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
    """Joins the plain messages that a person sends within 3 s after a long command or answer."""

    def __init__(self, quiet: float = QUIET, ticks: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet
        self._ticks = ticks
        self._cut: dict[tuple[int, int], dict[int, float]] = {}
        self._early: dict[tuple[int, int], dict[int, str]] = {}
        self._open: dict[tuple[int, int], _Gathering] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def sees(self, chat_id: int, user_id: int, message_id: int, *, long: bool) -> int | None:
        """Note a plain message as it comes, before anything is awaited.

        Messages are handled side by side, so that a rest may get ahead of what it is the rest of.

        Returns:
            The message that it may be the rest of, for that came in the last 3 s and may have
            been cut; of several the first. None if there is none.
        """
        now = self._ticks()
        for key, texts in list(self._cut.items()):
            if all(now - at > self._quiet for at in texts.values()):
                del self._cut[key]
                self._early.pop(key, None)
        cut = self._cut.get((chat_id, user_id), {})
        before = [one for one in cut if one < message_id]
        goes_on = any(now - cut[one] <= self._quiet for one in before)
        if long:
            self._cut.setdefault((chat_id, user_id), {})[message_id] = now
        return min(before) if goes_on else None

    def gather(self, asker: Asker, ready: Ready) -> None:
        """Wait for the rest of a command or an answer; then hand the joined text to `ready`."""
        key = (asker.place.chat_id, asker.person.id)
        before = self._open.get(key)
        if before is not None and before.asker.message.message_id == asker.message.message_id:
            return  # the same update came again
        if before is not None:
            self._close(key)
        early = self._early.pop(key, {})
        gathering = _Gathering(asker, ready, early | {asker.message.message_id: asker.text})
        self._open[key] = gathering
        self._restart(key, gathering)

    def join(self, asker: Asker, *, rest: bool = False) -> bool:
        """Take a plain message as a part; True if something waits for it.

        Args:
            asker: who sent it.
            rest: it goes on an answer that will be gathered, if it is not yet.
        """
        key = (asker.place.chat_id, asker.person.id)
        gathering = self._open.get(key)
        if gathering is None or asker.message.message_id < gathering.asker.message.message_id:
            if rest:
                text = asker.message.text or ""
                self._early.setdefault(key, {})[asker.message.message_id] = text
            return rest  # otherwise it was sent before the command, and only handled beside it
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
        self._cut.pop(key, None)  # what comes from now on is no rest of it
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
