"""A group that became a supergroup: all that is shown there follows, in one transaction."""

import time
from collections.abc import Callable

from bot.calling.audit import PROGRAM, Deed, of_chat
from bot.calling.signals import Signals
from storage.database import Database
from storage.stores import Stores


def move_chat(tx: Stores, old: int, new: int, *, now: float) -> None:
    """Let boards, drafts, schedules and what is still to be told go to the new chat.

    It is allowed if the old one was, and then the audit has it, whoever met it first: Telegram's
    own word, or a message to the old chat. Messages of the old one cannot be edited any more;
    reports that were sent stay as they are.

    Args:
        tx: the transaction's stores.
        old: the group's id.
        new: that of the supergroup.
        now: UTC seconds.
    """
    tx.reports.move_chat(old)
    tx.boards.move_chat(old, new)
    tx.schedules.move_chat(old, new)
    tx.approvals.move_chat(old, new)
    chat = tx.chats.get(old)
    if chat is None:
        return
    tx.chats.move(old, new)
    tx.audit.add(
        Deed.CHAT_MOVED,
        of_chat(new, chat.title),
        at=now,
        by=PROGRAM,
        chat_id=new,
        before=f"c{old}",
        after=f"c{new}",
    )


class Mover:
    """Moves a chat when Telegram says so; twice does no more than once."""

    def __init__(
        self, *, database: Database, signals: Signals, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._signals = signals
        self._clock = clock

    async def move(self, old: int, new: int) -> None:
        """Move all of a chat.

        Raises:
            StorageError: the record cannot be written; the next message to the old chat tries it.
        """
        await self._database.write(lambda tx: move_chat(tx, old, new, now=self._clock()))
        self._signals.boards.ring()
        self._signals.reports.ring()
