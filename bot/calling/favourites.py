"""What a person finds within one tap: each member's favourites, and a group's panel."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.calling.audit import Deed
from bot.calling.saving import there
from storage.database import Database
from storage.models import Panel, Person, SavedLaunch
from storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Panelled:
    """What a panel shows: `favourites` of the one who asked for it, then the others."""

    favourites: tuple[SavedLaunch, ...]
    others: tuple[SavedLaunch, ...]


class Favourites:
    """A member's favourites are that member's own; a removed launch is nobody's any more."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def of(self, user_id: int) -> list[SavedLaunch]:
        """The member's favourites in their order."""
        return await self._database.read(lambda tx: tx.favourites.of(user_id))

    async def add(self, token: str, user_id: int) -> bool:
        """Put a launch behind the member's others; True if it was none of them before.

        Raises:
            UsageError: the launch was removed.
        """
        return await self._database.write(
            lambda tx: tx.favourites.add(user_id, there(tx.launches.by_token(token)).id)
        )

    async def remove(self, token: str, user_id: int) -> bool:
        """Take a launch out of the member's favourites; True if it was one; raises as `add`."""
        return await self._database.write(
            lambda tx: tx.favourites.remove(user_id, there(tx.launches.by_token(token)).id)
        )

    async def move_up(self, token: str, user_id: int) -> bool:
        """Let a favourite change places with the one before, if there is one; raises as `add`."""
        return await self._database.write(
            lambda tx: tx.favourites.move_up(user_id, there(tx.launches.by_token(token)).id)
        )

    async def panelled(self, user_id: int) -> Panelled:
        """The launches of a panel: this member's favourites, then the others, last used first."""

        def look(tx: Stores) -> Panelled:
            first = tx.favourites.of(user_id)
            ids = {launch.id for launch in first}
            rest = tuple(launch for launch in tx.launches.all() if launch.id not in ids)
            return Panelled(favourites=tuple(first), others=rest)

        return await self._database.read(look)

    async def panel(self, chat_id: int, thread_id: int | None) -> Panel | None:
        """The newest panel of this chat and topic."""
        return await self._database.read(lambda tx: tx.panels.of(chat_id, thread_id))

    async def replace_panel(self, new: Panel, *, by: Person) -> Panel | None:
        """Record a panel as the newest one of its chat and topic; return the one before."""

        def work(tx: Stores) -> Panel | None:
            old = tx.panels.of(new.chat_id, new.thread_id)
            tx.panels.replace(new)
            about = "panel" if not new.thread_id else f"panel of topic {new.thread_id}"
            now = self._clock()
            tx.audit.add(Deed.PANEL_POSTED, about, at=now, by=by, chat_id=new.chat_id)
            return old

        return await self._database.write(work)
