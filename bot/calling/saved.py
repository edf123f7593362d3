"""Saved launches: saved, named, found, removed, and turned into a draft's content.

A token names a launch and gives no right to anything: whoever uses one has come through the door.
"""

import time
from collections.abc import Callable

from bot.calling.approvals import waits
from bot.calling.audit import Deed, counted, of_saved
from bot.calling.drafts import Content, new_token
from bot.calling.errors import ExpiredError, NameTakenError, NotYoursError, WaitsError
from bot.calling.naming import LONGEST, name_key, nearest, read_name
from bot.calling.saving import Blank, LaunchView, Recipe, content_of, recipe_of, there, view_of
from storage.database import Database
from storage.models import NewLaunch, NumberList, Person, SavedLaunch, Voice
from storage.stores import Stores


class SavedLaunches:
    """A name is that of one launch; a removed launch is gone for everybody at once."""

    def __init__(
        self,
        *,
        database: Database,
        blank: Blank,
        max_numbers: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._blank = blank
        self._most = max_numbers
        self._clock = clock

    async def recipe(self, source: str, *, by: Person) -> Recipe:
        """What would be saved: of a draft by its token, or `<voice>.<list>` by their ids.

        Raises:
            ExpiredError: there is no such draft, voice or list (any more).
            NotYoursError: the draft belongs to somebody else.
            UsageError: the draft's voice has no name.
        """
        return await self._database.read(lambda tx: _recipe(tx, source, by))

    async def save(
        self,
        source: str,
        name: str,
        *,
        by: Person,
        numbered: bool = False,
        chat_id: int | None = None,
    ) -> str:
        """Save such a recipe under a name, and return the token of the launch.

        Args:
            source: as for `recipe`.
            name: as it was typed or suggested.
            by: who saves it.
            numbered: give a name that is taken a number in place of refusing it.
            chat_id: from which chat.

        Raises:
            UsageError: the name cannot be one, or is taken; or as for `recipe`.
        """

        def work(tx: Stores) -> str:
            shown = read_name(name)
            if numbered:
                shown = _free(tx, shown)
            _check_free(tx, shown)
            recipe = _recipe(tx, source, by)
            token, now = new_token(), self._clock()
            launch_id = tx.launches.create(
                NewLaunch(
                    token=token,
                    name=shown,
                    name_key=name_key(shown),
                    by=by,
                    voice_ref=recipe.voice.id if recipe.voice else None,
                    spoken=recipe.spoken,
                    list_ref=recipe.number_list.id if recipe.number_list else None,
                    numbers=recipe.numbers,
                    retry_count=recipe.retry_count,
                    server_id=recipe.server_id,
                ),
                now,
            )
            tx.audit.add(
                Deed.LAUNCH_SAVED,
                of_saved(launch_id),
                at=now,
                by=by,
                chat_id=chat_id,
                after=f"{shown}, {counted(recipe.count)}",
            )
            return token

        return await self._database.write(work)

    async def rename(
        self, token: str, name: str, *, by: Person, chat_id: int | None = None
    ) -> None:
        """Give a launch another name.

        Raises:
            UsageError: it was removed, or the name cannot be one or is taken by another.
        """

        def work(tx: Stores) -> None:
            launch, shown = there(tx.launches.by_token(token)), read_name(name)
            _check_free(tx, shown, launch.id)
            tx.launches.rename(launch.id, shown, name_key(shown))
            tx.audit.add(
                Deed.LAUNCH_RENAMED,
                of_saved(launch.id),
                at=self._clock(),
                by=by,
                chat_id=chat_id,
                before=launch.name,
                after=shown,
            )

        await self._database.write(work)

    async def remove(self, token: str, *, by: Person, chat_id: int | None = None) -> SavedLaunch:
        """Take a launch away from everybody, and return it; what it launched stays.

        Raises:
            UsageError: it was removed before.
        """

        def work(tx: Stores) -> SavedLaunch:
            launch = there(tx.launches.by_token(token))
            now = self._clock()
            tx.launches.remove(launch.id, now)
            tx.audit.add(
                Deed.LAUNCH_REMOVED,
                of_saved(launch.id),
                at=now,
                by=by,
                chat_id=chat_id,
                before=launch.name,
            )
            return launch

        return await self._database.write(work)

    async def all(self) -> list[SavedLaunch]:
        """All that are there, last used first."""
        return await self._database.read(lambda tx: tx.launches.all())

    async def get(self, token: str, user_id: int) -> LaunchView:
        """A launch as it is now, for this member.

        Raises:
            UsageError: it was removed, or never was.
        """
        return await self._database.read(
            lambda tx: view_of(tx, there(tx.launches.by_token(token)), user_id, self._most)
        )

    async def named(self, name: str) -> tuple[SavedLaunch | None, list[SavedLaunch]]:
        """The launch of this name, or None and those whose names are nearest."""

        def look(tx: Stores) -> tuple[SavedLaunch | None, list[SavedLaunch]]:
            found = tx.launches.by_name(name_key(name))
            if found is not None:
                return found, []
            by_name = {launch.name: launch for launch in tx.launches.all()}
            return None, [by_name[near] for near in nearest(name, list(by_name))]

        return await self._database.read(look)

    async def content(self, token: str) -> Content:
        """What a launch launches now; its list is read at this moment.

        Raises:
            UsageError: it, its voice or its list was removed, or the list is empty or too large.
        """

        def look(tx: Stores) -> Content:
            launch = there(tx.launches.by_token(token))
            return content_of(tx, view_of(tx, launch, 0, self._most), self._blank)

        return await self._database.read(look)

    async def voices(self) -> list[Voice]:
        """The voices that a launch can play, last used first."""
        return await self._database.read(lambda tx: tx.voices.all())

    async def lists_for(
        self, voice_ref: int, page: int, size: int
    ) -> tuple[Voice, list[NumberList]]:
        """The voice that was picked, a page of lists, last used first, and one list more.

        Raises:
            ExpiredError: the voice was removed.
        """

        def look(tx: Stores) -> tuple[Voice, list[NumberList]]:
            return _voice(tx, voice_ref), tx.lists.page(size + 1, (page - 1) * size)

        return await self._database.read(look)


def _recipe(tx: Stores, source: str, by: Person) -> Recipe:
    voice_ref, dot, list_ref = source.partition(".")
    if not dot:
        draft = tx.drafts.get(source)
        if draft is None:
            raise ExpiredError
        if draft.author_id != by.id:
            raise NotYoursError(draft)
        if waits(draft):
            raise WaitsError(draft)
        return recipe_of(tx, Content.load(draft.content))
    voice, number_list = _voice(tx, int(voice_ref)), tx.lists.get(int(list_ref))
    if number_list is None or number_list.removed_at is not None:
        raise ExpiredError
    return Recipe(voice=voice, number_list=number_list)


def _voice(tx: Stores, voice_ref: int) -> Voice:
    voice = tx.voices.get(voice_ref)
    if voice is None or voice.removed_at is not None:
        raise ExpiredError
    return voice


def _check_free(tx: Stores, name: str, launch_id: int | None = None) -> None:
    other = tx.launches.by_name(name_key(name))
    if other is not None and other.id != launch_id:
        raise NameTakenError("launch", other.name)


def _free(tx: Stores, name: str) -> str:
    """The name, or the first of `name 2`, `name 3`… that nobody has; not too long either."""
    free, count = name, 1
    while tx.launches.by_name(name_key(free)) is not None:
        count += 1
        free = f"{name[: LONGEST - len(str(count)) - 1].rstrip()} {count}"
    return free
