"""Lists: saved sets of numbers that every member who may launch can use."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.calling.audit import Deed, counted, of_list
from bot.calling.errors import ExpiredError, ListGoneError, NameTakenError, UsageError
from bot.calling.naming import LONGEST, name_key, nearest, read_name
from bot.calling.numbers import Uncallable
from bot.calling.problems import Problem
from bot.calling.sources.found import NumberFile
from storage.database import Database
from storage.models import ListNumber, NumberList, Person, Voice
from storage.stores import Stores

A_PAGE = 16  # lists, two a row
NUMBERS_A_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Numbers that somebody gave, in E.164, each once, and what else was in it.

    Attributes:
        files: those that they were read from, with where in them the numbers stood.
    """

    numbers: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    repeated: int = 0
    uncallable: tuple[Uncallable, ...] = ()
    files: tuple[NumberFile, ...] = field(default=(), compare=False)

    @classmethod
    def joined(cls, parts: Iterable["Given"]) -> "Given":
        """Several as one; a number that comes again is counted as repeated."""
        numbers: dict[str, None] = {}
        names: dict[str, str] = {}
        uncallable: list[Uncallable] = []
        files: list[NumberFile] = []
        repeated = 0
        for part in parts:
            files += part.files
            repeated += part.repeated + sum(number in numbers for number in part.numbers)
            numbers |= dict.fromkeys(part.numbers)
            names = dict(part.names) | names
            uncallable += part.uncallable
        return cls(
            numbers=tuple(numbers),
            names=names,
            repeated=repeated,
            uncallable=tuple(uncallable),
            files=tuple(files),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of all lists, last used first."""

    lists: tuple[NumberList, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A list and one page of its numbers; `taken_off` is what *Undo* would put back."""

    list: NumberList
    numbers: tuple[ListNumber, ...]
    page: int
    pages: int
    taken_off: tuple[ListNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCall:
    """A list that may be called, and the member's default voice, if there is one."""

    list: NumberList
    numbers: tuple[ListNumber, ...]
    voice: Voice | None


class Lists:
    """All of them; what is removed keeps its row and its numbers, and its name is free again.

    Args:
        max_numbers: how many one batch may have; a larger list is kept, and launches nothing.
    """

    def __init__(
        self,
        *,
        database: Database,
        max_numbers: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._clock = clock
        self.max_numbers = max_numbers

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    async def page(self, page: int) -> ListPage:
        """All lists, 16 a page."""
        found = await self._database.read(
            lambda tx: tx.lists.page(A_PAGE + 1, A_PAGE * (page - 1) if page > 1 else 0)
        )
        return ListPage(lists=tuple(found[:A_PAGE]), page=max(1, page), more=len(found) > A_PAGE)

    async def names(self) -> list[str]:
        """The names of all lists, last used first."""
        return await self._database.read(lambda tx: tx.lists.names())

    async def look(self, list_id: int, page: int = 1) -> Look:
        """A list and ten of its numbers; a page that is no more becomes the last one.

        Raises:
            ListGoneError: it was removed.
            ExpiredError: there never was one.
        """
        return await self._database.read(lambda tx: look(tx, list_id, page))

    async def named(self, name: str) -> NumberList:
        """The list of this name.

        Raises:
            UsageError: there is none; the nearest names are in the error.
        """

        def work(tx: Stores) -> NumberList:
            found = tx.lists.named(name_key(name))
            if found is None:
                asked = " ".join(name.split())[:LONGEST]
                near = tuple(nearest(asked, tx.lists.names()))
                raise UsageError(Problem.NO_LIST_NAMED, asked, nearest=near)
            return found

        return await self._database.read(work)

    async def free_name(self, text: str) -> str:
        """The name in a text, as it is shown, if a list may have it now.

        Raises:
            UsageError: it is no name, or another list has it.
        """
        name = read_name(text)
        await self._database.read(lambda tx: refuse_taken(tx, name))
        return name

    async def suggest(self, name_of: Callable[[int], str]) -> int:
        """The lowest number whose name no list has."""
        taken = {name_key(name) for name in await self.names()}
        number = 1
        while name_key(name_of(number)) in taken:
            number += 1
        return number

    async def all_numbers(self, list_id: int) -> tuple[NumberList, list[ListNumber]]:
        """A list with all its numbers.

        Raises:
            ListGoneError: it was removed.
        """
        return await self._database.read(
            lambda tx: (there(tx, list_id), tx.lists.numbers(list_id))
        )

    async def taken_out(self, of: NumberList, *, by: Person, chat_id: int) -> None:
        """Record that a list leaves as a file; to be called before it is sent.

        Raises:
            StorageError: the record takes nothing now; then nothing may be sent either.
        """
        about, what, now = of_list(of.id), f"{of.name}, {counted(of.numbers)}", self._clock()
        await self._database.write(
            lambda tx: tx.audit.add(
                Deed.EXPORTED, about, at=now, by=by, chat_id=chat_id, after=what
            )
        )

    async def to_call(self, list_id: int, *, by: Person) -> ToCall:
        """A list with all its numbers for a launch, and the voice that this member has chosen.

        Raises:
            UsageError: it is empty, or larger than a batch may be.
            ListGoneError: it was removed.
        """

        def work(tx: Stores) -> ToCall:
            found = there(tx, list_id)
            if not found.numbers:
                raise UsageError(Problem.LIST_EMPTY, found.name)
            if found.numbers > self.max_numbers:
                raise UsageError(Problem.LIST_TOO_LARGE, found.name, self.max_numbers)
            ref = tx.choices.default_voice(by.id)
            voice = None if ref is None else tx.voices.get(ref)
            if voice is not None and voice.removed_at is not None:
                voice = None
            numbers = tuple(tx.lists.numbers(list_id))
            return ToCall(list=found, numbers=numbers, voice=voice)

        return await self._database.read(work)


def look(tx: Stores, list_id: int, page: int) -> Look:
    """A list and one page of its numbers; raises as `there`."""
    found = there(tx, list_id)
    pages = max(1, -(-found.numbers // NUMBERS_A_PAGE))
    page = min(max(1, page), pages)
    shown = tx.lists.numbers(list_id, limit=NUMBERS_A_PAGE, offset=(page - 1) * NUMBERS_A_PAGE)
    return Look(
        list=found,
        numbers=tuple(shown),
        page=page,
        pages=pages,
        taken_off=tuple(tx.lists.taken_off(list_id)),
    )


def there(tx: Stores, list_id: int) -> NumberList:
    """The list, if it was not removed.

    Raises:
        ListGoneError: it was.
        ExpiredError: there never was one.
    """
    found = tx.lists.get(list_id)
    if found is None:
        raise ExpiredError
    if found.removed_at is not None:
        raise ListGoneError(found)
    return found


def refuse_taken(tx: Stores, name: str, but: int | None = None) -> None:
    """Return if no list has this name, the one with the id `but` aside; raises `UsageError`."""
    other = tx.lists.named(name_key(name))
    if other is not None and other.id != but:
        raise NameTakenError("list", other.name)
