"""The do-not-call list: looked at, checked, added to, taken off; each change one transaction."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.calling.audit import Deed, ends, masked
from bot.calling.errors import ExpiredError, UsageError
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from storage.database import Database
from storage.models import DoNotCall, Person, Waiting
from storage.stores import Stores

A_PAGE = 10  # entries
LONGEST = 200  # characters of a reason
NAMED = 10  # numbers that an entry of the audit names by their ends


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """One page of who is on the list, newest first."""

    entries: tuple[DoNotCall, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of adding numbers.

    Attributes:
        numbers: those that are new on the list (E.164), in the order they were given.
        already: those that were on it, and stay as they were recorded.
        waiting: where the new ones wait to be called, or could be called from.
        total: how many are on the list now.
    """

    numbers: tuple[str, ...]
    already: tuple[str, ...]
    reason: str
    waiting: Waiting
    total: int


class DoNotCallList:
    """Nobody who is on it is called, whatever was planned; who was taken off stays recorded."""

    def __init__(
        self,
        *,
        database: Database,
        reader: NumberReader,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._reader = reader
        self._clock = clock

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    def one(self, text: str) -> str:
        """The one number (E.164) in a text, of any kind.

        Raises:
            UsageError: it is anything but one number.
        """
        number = self._reader.read_one(text)
        if number is None:
            raise UsageError(Problem.DNC_ONE_NUMBER)
        return number

    async def page(self, page: int = 1) -> ListedPage:
        """Ten entries; a page that is no more becomes the last one."""

        def look(tx: Stores) -> ListedPage:
            total = tx.do_not_call.count()
            pages = max(1, -(-total // A_PAGE))
            at = min(max(1, page), pages)
            entries = tuple(tx.do_not_call.page(A_PAGE, (at - 1) * A_PAGE))
            return ListedPage(entries=entries, page=at, pages=pages, total=total)

        return await self._database.read(look)

    async def history(self, number: str) -> list[DoNotCall]:
        """Every time that a number (E.164) was on the list, newest first."""
        return await self._database.read(lambda tx: tx.do_not_call.history(number))

    async def take_out(self, *, by: Person, chat_id: int) -> list[DoNotCall]:
        """All that is on the list, newest first, for a file that `by` asks for in a chat.

        Raises:
            UsageError: nobody is on it.
        """
        found = await self._database.read(lambda tx: tx.do_not_call.page())
        if not found:
            raise UsageError(Problem.DNC_EMPTY)
        what = f"do-not-call list, {len(found)} numbers"

        def note(tx: Stores) -> None:
            tx.audit.add(Deed.EXPORTED, what, at=self._clock(), by=by, chat_id=chat_id)

        await self._database.write(note)
        return found

    async def add(
        self,
        numbers: Sequence[str],
        reason: str,
        *,
        by: Person,
        chat_id: int,
        imported: bool = False,
    ) -> Added:
        """Put numbers (E.164) on the list, all for one reason.

        Args:
            numbers: each once.
            reason: as it was typed or chosen.
            by: who adds them.
            chat_id: from which chat.
            imported: they are from a file.

        Raises:
            UsageError: there is no reason, or it is too long.
        """
        why = read_reason(reason)

        def work(tx: Stores) -> frozenset[str]:
            now = self._clock()
            already = tx.do_not_call.among(numbers)
            new = tuple(number for number in numbers if number not in already)
            if new:
                tx.do_not_call.add_all(new, why, now=now, by=by)
                deed = Deed.DO_NOT_CALL_IMPORTED if imported else Deed.DO_NOT_CALL_ADDED
                tx.audit.add(deed, _about(new), at=now, by=by, chat_id=chat_id, after=masked(why))
            return already

        already = await self._database.write(work)

        def told(tx: Stores) -> Added:
            new = tuple(number for number in numbers if number not in already)
            return Added(
                numbers=new,
                already=tuple(number for number in numbers if number in already),
                reason=why,
                waiting=tx.do_not_call.waiting_in(new),
                total=tx.do_not_call.count(),
            )

        return await self._database.read(told)

    async def entry(self, entry_id: int) -> DoNotCall:
        """The entry with this id, if its number is still on the list by it.

        Raises:
            ExpiredError: it is not.
        """
        found = await self._database.read(lambda tx: tx.do_not_call.by_id(entry_id))
        if found is None or found.removed_at is not None:
            raise ExpiredError
        return found

    async def listed(self, number: str) -> DoNotCall:
        """The entry of a number (E.164) that is on the list.

        Raises:
            UsageError: it is not.
        """
        return await self._database.read(lambda tx: _listed(tx, number))

    async def remove(self, number: str, reason: str, *, by: Person, chat_id: int) -> DoNotCall:
        """Take a number (E.164) off the list, and return the entry as it was.

        Raises:
            UsageError: it is not on the list, there is no reason, or it is too long.
        """
        why = read_reason(reason)

        def work(tx: Stores) -> DoNotCall:
            now, entry = self._clock(), _listed(tx, number)
            tx.do_not_call.remove(number, why, now=now, by=by)
            tx.audit.add(
                Deed.DO_NOT_CALL_REMOVED,
                ends(number),
                at=now,
                by=by,
                chat_id=chat_id,
                before=masked(entry.reason),
                after=masked(why),
            )
            return entry

        return await self._database.write(work)


def read_reason(text: str) -> str:
    """The reason in a text, in one line.

    Raises:
        UsageError: nothing in it can be seen, or it is too long.
    """
    words = " ".join(text.split())
    reason = "".join(char for char in words if char.isprintable()).strip()
    if not any(char.isalnum() for char in reason):
        raise UsageError(Problem.DNC_NO_REASON)
    if len(reason) > LONGEST:
        raise UsageError(Problem.DNC_LONG_REASON, limit=LONGEST)
    return reason


def _listed(tx: Stores, number: str) -> DoNotCall:
    entry = tx.do_not_call.get(number)
    if entry is None:
        raise UsageError(Problem.DNC_NOT_LISTED, number)
    return entry


def _about(numbers: Sequence[str]) -> str:
    """The numbers of one deed by their ends; of many the first, and how many there are."""
    named = ", ".join(ends(number) for number in numbers[:NAMED])
    return named if len(numbers) <= NAMED else f"{len(numbers)} numbers: {named}, …"
