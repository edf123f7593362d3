"""Changes of lists: each is one transaction, and names the version that it was based on.

Of two people who change one list at once the second is told so, and nothing of theirs is half
done.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.calling.audit import Deed, counted, of_list
from bot.calling.errors import ExpiredError, ListChangedError, UsageError
from bot.calling.lists import Given, Look, look, refuse_taken, there
from bot.calling.naming import name_key, read_name
from bot.calling.numbers import Uncallable
from bot.calling.problems import Problem
from storage.database import Database
from storage.models import NumberList, Person
from storage.stores import Stores

MOST = 100_000  # numbers in one list


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of adding: the list as it is now, and how many of the numbers are new in it."""

    list: NumberList
    added: int
    repeated: int
    uncallable: tuple[Uncallable, ...] = ()


class ListChanges:
    """Every member who may launch may do all of this; the list names who changed it last."""

    def __init__(self, *, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def create(
        self, text: str, given: Given, *, by: Person, chat_id: int | None = None
    ) -> Saved:
        """Make a list of what was given.

        Raises:
            UsageError: its name is none or taken, there is no number in what was given, none that
                can be called, or more than a list may have.
        """
        name = read_name(text)
        _check(given)

        def work(tx: Stores) -> Saved:
            refuse_taken(tx, name)
            list_id = tx.lists.create(name, name_key(name), by=by, now=self._clock())
            saved = _add(tx, list_id, given)
            after = f"{name}, {counted(saved.list.numbers)}"
            self._tell(tx, Deed.LIST_CREATED, list_id, by, chat_id, after=after)
            return saved

        return await self._database.write(work)

    async def add(
        self,
        list_id: int,
        version: int,
        given: Given,
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> Saved:
        """Add what was given; a number that is in the list already is counted as repeated.

        A person's own changes since this version are no reason to refuse.

        Raises:
            UsageError: no number, none that can be called, or more than a list may have.
            ListChangedError: somebody else has changed the list.
            ListGoneError: it was removed.
        """
        _check(given)

        def work(tx: Stores) -> Saved:
            now = there(tx, list_id)
            own = now.version if now.changed_by == by.id else version
            self._change(tx, list_id, own, by)
            saved = _add(tx, list_id, given)
            self._tell_sizes(tx, Deed.LIST_ADDED, now, by, chat_id)
            return saved

        return await self._database.write(work)

    async def take_off(
        self,
        list_id: int,
        version: int,
        position: int,
        *,
        page: int,
        by: Person,
        chat_id: int | None = None,
    ) -> Look:
        """Take one number off, and show the page again.

        Raises:
            ListChangedError: the list is not any more what the button was made for.
            ListGoneError: it was removed.
            ExpiredError: there is no such number in it.
        """

        def work(tx: Stores) -> Look:
            before = there(tx, list_id)
            self._change(tx, list_id, version, by)
            if tx.lists.take_off(list_id, position) is None:
                raise ExpiredError
            self._tell_sizes(tx, Deed.LIST_TAKEN_OFF, before, by, chat_id)
            return look(tx, list_id, page)

        return await self._database.write(work)

    async def undo(
        self,
        list_id: int,
        version: int,
        *,
        page: int,
        by: Person,
        chat_id: int | None = None,
    ) -> Look:
        """Put back what the last change took off, or take off what it added.

        Raises:
            ListChangedError: something has changed since, so that this is not the last change.
            ListGoneError: it was removed.
            ExpiredError: the last change was of another kind.
        """

        def work(tx: Stores) -> Look:
            before = there(tx, list_id)
            taken_off = tx.lists.taken_off(list_id)
            self._change(tx, list_id, version, by)
            if taken_off:
                tx.lists.put_back(list_id, taken_off)
            elif before.added_after is not None:
                tx.lists.drop_after(list_id, before.added_after)
            else:
                raise ExpiredError
            self._tell_sizes(tx, Deed.LIST_UNDONE, before, by, chat_id)
            return look(tx, list_id, page)

        return await self._database.write(work)

    async def rename(
        self,
        list_id: int,
        version: int,
        text: str,
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> NumberList:
        """Give a list another name.

        Raises:
            UsageError: it is no name, or another list has it.
            ListChangedError: somebody has changed the list.
            ListGoneError: it was removed.
        """
        name = read_name(text)

        def work(tx: Stores) -> NumberList:
            was = there(tx, list_id).name
            self._change(tx, list_id, version, by)
            refuse_taken(tx, name, but=list_id)
            tx.lists.rename(list_id, name, name_key(name))
            self._tell(tx, Deed.LIST_RENAMED, list_id, by, chat_id, before=was, after=name)
            return there(tx, list_id)

        return await self._database.write(work)

    async def remove(
        self, list_id: int, version: int, *, by: Person, chat_id: int | None = None
    ) -> NumberList:
        """Remove a list; launches and schedules that use it will say so.

        Raises:
            ListChangedError: somebody has changed the list.
            ListGoneError: it was removed before.
        """

        def work(tx: Stores) -> NumberList:
            self._change(tx, list_id, version, by)
            gone = there(tx, list_id)
            tx.lists.remove(list_id, now=self._clock())
            before = f"{gone.name}, {counted(gone.numbers)}"
            self._tell(tx, Deed.LIST_REMOVED, list_id, by, chat_id, before=before)
            return gone

        return await self._database.write(work)

    async def merge(
        self,
        source: tuple[int, int],
        target: tuple[int, int],
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> Saved:
        """Put all numbers of a list into another one, and remove it.

        Args:
            source: the list that will be gone, and its version.
            target: the list that takes its numbers, and its version.
            by: who does it.
            chat_id: from which chat.

        Raises:
            UsageError: the target would have more numbers than a list may have.
            ListChangedError: somebody has changed one of the two.
            ListGoneError: one of them was removed.
            ExpiredError: they are one.
        """

        def work(tx: Stores) -> Saved:
            if source[0] == target[0]:
                raise ExpiredError
            self._change(tx, *source, by)
            self._change(tx, *target, by)
            gone = there(tx, source[0])
            added = tx.lists.merge(source[0], target[0])
            tx.lists.remove(source[0], now=self._clock())
            into = _bounded(tx, target[0])
            before = f"{gone.name}, {counted(gone.numbers)}"
            after = f"{into.name} ({of_list(into.id)}), {counted(into.numbers)}"
            self._tell(tx, Deed.LIST_MERGED, gone.id, by, chat_id, before=before, after=after)
            return Saved(list=into, added=added, repeated=gone.numbers - added)

        return await self._database.write(work)

    def _change(self, tx: Stores, list_id: int, version: int, by: Person) -> None:
        if not tx.lists.change(list_id, version, by=by, now=self._clock()):
            raise ListChangedError(there(tx, list_id))

    def _tell(
        self,
        tx: Stores,
        deed: Deed,
        list_id: int,
        by: Person,
        chat_id: int | None,
        *,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        tx.audit.add(
            deed,
            of_list(list_id),
            at=self._clock(),
            by=by,
            chat_id=chat_id,
            before=before,
            after=after,
        )

    def _tell_sizes(
        self, tx: Stores, deed: Deed, was: NumberList, by: Person, chat_id: int | None
    ) -> None:
        """Record how many numbers a list had, and how many it has now."""
        before, after = (f"{of.name}, {counted(of.numbers)}" for of in (was, there(tx, was.id)))
        self._tell(tx, deed, was.id, by, chat_id, before=before, after=after)


def _check(given: Given) -> None:
    """Refuse what holds no number at all, and what holds none that can be called."""
    if not given.numbers and not given.uncallable:
        raise UsageError(Problem.LIST_NO_NUMBER)
    if not given.numbers:
        raise UsageError(Problem.LIST_NOTHING_CALLABLE, uncallable=given.uncallable)


def _add(tx: Stores, list_id: int, given: Given) -> Saved:
    added = tx.lists.add(list_id, given.numbers, given.names)
    return Saved(
        list=_bounded(tx, list_id),
        added=added,
        repeated=given.repeated + len(given.numbers) - added,
        uncallable=given.uncallable,
    )


def _bounded(tx: Stores, list_id: int) -> NumberList:
    found = there(tx, list_id)
    if found.numbers > MOST:
        raise UsageError(Problem.LIST_FULL, found.name, MOST)
    return found
