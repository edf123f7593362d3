"""What a limit has refused is in the audit, although nothing else of it is in the record."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.calling.audit import Deed
from bot.calling.errors import LimitError
from bot.calling.limits import Limit, in_units
from storage.database import Database
from storage.errors import StorageError
from storage.models import Person
from storage.stores import Stores

log = logging.getLogger(__name__)


@contextmanager
def refused_to(by: Person, chat_id: int | None) -> Iterator[None]:
    """Let a refusal inside the block know who was refused, and in which chat.

    Raises:
        LimitError: as the block does.
    """
    try:
        yield
    except LimitError as error:
        error.by, error.chat_id = by, chat_id
        raise


@asynccontextmanager
async def noted(
    database: Database, *, now: Callable[[], float], about: str = ""
) -> AsyncIterator[None]:
    """Write down what a limit refuses inside the block, in a transaction of its own.

    That of the launch is rolled back by then. A record that cannot be written changes nothing of
    the refusal: it goes to the log.

    Args:
        database: the record.
        now: gives the time (UTC seconds).
        about: what it was for, such as `b12`.

    Raises:
        LimitError: as the block does.
    """
    try:
        yield
    except LimitError as error:
        refusal = error
        try:
            await database.write(lambda tx: note(tx, refusal, at=now(), about=about))
        except StorageError as failed:
            log.warning("a refusal by the limit %s is not in the audit: %s", error.limit, failed)
        raise


def note(tx: Stores, refusal: LimitError, *, at: float, about: str) -> None:
    """Add the entry (UTC seconds), with the limit, its use and what was asked for."""
    if refusal.by is None:
        return
    log.info("u%d was refused by the limit %s", refusal.by.id, refusal.limit)
    limit = Limit(refusal.limit)
    used, most, asked = (
        in_units(limit, amount) for amount in (refusal.used, refusal.most, refusal.asked)
    )
    tx.audit.add(
        Deed.LAUNCH_REFUSED,
        about,
        at=at,
        by=refusal.by,
        chat_id=refusal.chat_id,
        after=f"{limit}: {used} of {most} used, {asked} more",
    )
