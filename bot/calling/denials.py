"""Refusals of members for want of a right; they are in the audit, although nothing was done."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.calling.audit import Deed
from bot.calling.rights import Role
from storage.database import Database
from storage.errors import StorageError
from storage.models import Person
from storage.stores import Stores

log = logging.getLogger(__name__)

ONCE_IN = 60.0  # seconds in which the same refusal of one person is written once
REMEMBERED = 1000  # refusals; whoever is refused more in that time is written again


@dataclass(slots=True)
class _Written:
    at: float
    again: int = 0


class Denials:
    """Writes each down before it is answered; a repeat within a minute is only counted.

    The audit is never pruned: who holds a button that they may not press must not fill it. What
    was counted stands in the next entry of that person's for the same, unless the program was
    restarted in between. Strangers are only logged, whatever they try.
    """

    def __init__(self, *, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._written: dict[tuple[int, str], _Written] = {}

    async def note(
        self,
        what: str,
        *,
        by: Person,
        role: Role,
        needs: Role,
        chat_id: int,
        update_id: int | None = None,
    ) -> bool:
        """Mark the update as seen and write the refusal down, in one transaction.

        A record that cannot be written changes nothing of the refusal: it goes to the log.

        Args:
            what: what they tried, such as `/unpause` or `button stop`.
            by: who tried.
            role: the one that they have.
            needs: the least that would do.
            chat_id: where.
            update_id: of the message; None where Telegram itself tells what came twice.

        Returns:
            False if this update came before, and was answered then.
        """
        now = self._clock()
        again = self._again(by.id, what, now)
        if again is None and update_id is None:
            return True
        after = f"{role.word}, needs {needs.word}"
        if again:
            after += f", tried {again} times more before"

        def work(tx: Stores) -> bool:
            new = update_id is None or tx.updates.take(update_id, now)
            if new and again is not None:
                tx.audit.add(Deed.TURNED_AWAY, what, at=now, by=by, chat_id=chat_id, after=after)
            return new

        try:
            return await self._database.write(work)
        except StorageError as error:
            self._written.pop((by.id, what), None)
            log.warning("the refusal of %s to u%d is not in the audit: %s", what, by.id, error)
            return True

    def _again(self, user_id: int, what: str, now: float) -> int | None:
        """How often it was only counted since it was written; None if this one is, too."""
        written = self._written.get((user_id, what))
        if written is not None and abs(now - written.at) < ONCE_IN:
            written.again += 1
            return None
        if len(self._written) >= REMEMBERED:
            del self._written[next(iter(self._written))]
        self._written[user_id, what] = _Written(now)
        return 0 if written is None else written.again
