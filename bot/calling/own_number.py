"""The number of a member's own phone, which *Call me first* calls."""

import time
from collections.abc import Callable

from bot.calling.audit import Deed
from bot.calling.errors import UsageError
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from storage.database import Database
from storage.models import Person
from storage.stores import Stores

AWAITED = 900.0  # seconds in which a contact card is taken for the answer to the question


class OwnNumbers:
    """Each member shares one; a newer one takes its place.

    Who was asked for it is kept in memory alone: after a restart a card is a contact like others.
    """

    def __init__(
        self,
        *,
        database: Database,
        reader: NumberReader,
        ticks: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._reader = reader
        self._ticks = ticks
        self._clock = clock
        self._asked: dict[int, float] = {}

    def ask(self, user_id: int) -> None:
        """Expect this member's own card."""
        self._asked[user_id] = self._ticks()

    def awaits(self, user_id: int) -> bool:
        """Whether this member was asked for their own card and has not answered."""
        at = self._asked.get(user_id)
        return at is not None and self._ticks() - at < AWAITED

    def settle(self, user_id: int) -> None:
        """Expect no card of this member any more."""
        self._asked.pop(user_id, None)

    async def of(self, user_id: int) -> str | None:
        """The member's number in E.164; None if none is kept."""
        return await self._database.read(lambda tx: tx.choices.number(user_id))

    async def forget(self, *, by: Person) -> None:
        """Keep no number of this member any more; they do it in private, as they share it."""
        await self._put(None, Deed.NUMBER_FORGOTTEN, by)

    async def share(self, phone: str, *, by: Person) -> str:
        """Keep the number of this person's own contact card, and return it in E.164.

        Args:
            phone: as Telegram gives it: with its country code, mostly without the plus sign.
            by: whose card it is; who calls this has made sure of that.

        Raises:
            UsageError: it cannot be called from here, with the reason.
        """
        found = self._reader.read(f"+{phone.strip().lstrip('+')}")
        if len(found.numbers) != 1:
            raise UsageError(Problem.NOTHING_CALLABLE, uncallable=found.uncallable)
        (number,) = found.numbers
        await self._put(number, Deed.NUMBER_SHARED, by)
        return number

    async def _put(self, number: str | None, deed: Deed, by: Person) -> None:
        def work(tx: Stores) -> None:
            tx.choices.share_number(by.id, number)
            tx.audit.add(deed, f"u{by.id}", at=self._clock(), by=by, chat_id=by.id)

        await self._database.write(work)
