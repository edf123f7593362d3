"""From a saved launch to its confirm card, by a message or a press; a double tap makes one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot.calling.launches import Asked, Launches
from bot.calling.saved import SavedLaunches
from bot.handlers.door import Asker, Door, Press
from bot.handlers.drafts import DraftPresses
from bot.messenger import Messenger
from bot.texts import errors, launches, replies
from bot.texts.cards import Card, plain

DOUBLE = 2.0  # seconds within which the same person does not mean the same launch twice


@dataclass(slots=True)
class _Shown:
    """The card of a launch that somebody has just asked for."""

    at: float
    first: bool = True
    message_id: int | None = None
    pointed_at: bool = False


class Starter:
    """Launches nothing: what it makes is a draft of the one who asked, in the place where."""

    def __init__(
        self,
        *,
        door: Door,
        messenger: Messenger,
        launches: Launches,
        saved: SavedLaunches,
        drafts: DraftPresses,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._door = door
        self._messenger = messenger
        self._launches = launches
        self._saved = saved
        self._drafts = drafts
        self._ticks = ticks
        self._last: dict[tuple[int, int, str], _Shown] = {}

    async def by_message(self, asker: Asker, token: str) -> None:
        """A key of the keyboard, a link or a name; the update was marked as seen before.

        Raises:
            CallingError: it cannot be launched now, or nothing can.
        """
        if self._door.too_old(asker):
            await self._messenger.reply(asker.place, Card(errors.too_old(asker.language)))
            return
        content = await self._saved.content(token)
        shown = self._seen(asker.place.chat_id, asker.person.id, token)
        if not shown.first:
            await self._point_at(shown, asker)
            return
        with self._forgotten_on_error(shown):
            result = await self._launches.draft(
                content, by=asker.person, place=asker.place, asked_by=asker.asked_by
            )
        if isinstance(result, Asked):
            shown.message_id = await self._drafts.show(result, asker.place, asker.language)

    async def by_press(self, press: Press, token: str) -> None:
        """A button: a press that Telegram takes no answer to makes no draft.

        Raises:
            CallingError: as `by_message`.
        """
        content = await self._saved.content(token)
        shown = self._seen(press.place.chat_id, press.person.id, token)
        if not shown.first:
            said = plain(launches.already_shown(press.language))
            await self._messenger.answer(press.query_id, said)
            return
        if not await self._messenger.answer(
            press.query_id, plain(replies.working(press.language))
        ):
            self._forget(shown)
            return
        with self._forgotten_on_error(shown):
            result = await self._launches.draft(
                content, by=press.person, place=press.place, asked_by=f"press:{press.query_id}"
            )
        if isinstance(result, Asked):
            shown.message_id = await self._drafts.show(result, press.place, press.language)

    async def _point_at(self, shown: _Shown, asker: Asker) -> None:
        """Say once where the card is, however often somebody taps."""
        if shown.pointed_at:
            return
        shown.pointed_at = True
        place = replace(asker.place, reply_to=shown.message_id or asker.place.reply_to)
        await self._messenger.reply(place, Card(launches.already_shown(asker.language)))

    def _seen(self, chat_id: int, user_id: int, token: str) -> _Shown:
        """The card of this launch, `first` for whoever is to make it: one more could be confused.

        A tap soon after another one means the card of that.
        """
        now = self._ticks()
        self._last = {key: one for key, one in self._last.items() if now - one.at < DOUBLE}
        key = (chat_id, user_id, token)
        found = self._last.get(key)
        if found is None:
            self._last[key] = found = _Shown(at=now)
        else:
            found.first = False
        return found

    @contextmanager
    def _forgotten_on_error(self, shown: _Shown) -> Iterator[None]:
        """Where no card was made, the next tap is a first one again."""
        try:
            yield
        except Exception:
            self._forget(shown)
            raise

    def _forget(self, shown: _Shown) -> None:
        self._last = {key: one for key, one in self._last.items() if one is not shown}
