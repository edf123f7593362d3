"""The number of a member's own phone, which *Call me first* calls."""

import time
from collections.abc import Callable

from bot.calling.errors import Problem, UsageError
from bot.calling.numbers import NumberReader
from storage.database import Database
from storage.models import Person

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
    ) -> None:
        self._database = database
        self._reader = reader
        self._ticks = ticks
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

    async def forget(self, user_id: int) -> None:
        """Keep no number of this member any more."""
        await self._database.write(lambda tx: tx.choices.share_number(user_id, None))

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
        await self._database.write(lambda tx: tx.choices.share_number(by.id, number))
        return number
