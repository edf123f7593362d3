"""The groups in which the bot works: each is allowed by an admin, and can be taken off again."""

import time
from collections.abc import Callable

from bot.calling.audit import Deed, of_chat
from storage.database import Database
from storage.models import AllowedChat, Person
from storage.stores import Stores


class Chats:
    """Each change is one transaction, with its entry in the audit."""

    def __init__(self, *, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def all(self) -> list[AllowedChat]:
        """Every allowed chat, the oldest first."""
        return await self._database.read(lambda tx: tx.chats.all())

    async def allow(self, chat_id: int, title: str, *, by: Person) -> bool:
        """Allow a chat from now on; False if it was allowed before."""
        now = self._clock()

        def work(tx: Stores) -> bool:
            if not tx.chats.allow(chat_id, title, now=now, by=by):
                return False
            about = of_chat(chat_id, title)
            tx.audit.add(Deed.CHAT_ALLOWED, about, at=now, by=by, chat_id=chat_id)
            return True

        return await self._database.write(work)

    async def forbid(self, chat_id: int, *, by: Person, said_in: int) -> bool:
        """Take a chat off; False if it was not allowed."""
        now = self._clock()

        def work(tx: Stores) -> bool:
            chat = tx.chats.get(chat_id)
            if chat is None:
                return False
            tx.chats.forbid(chat_id)
            about = of_chat(chat_id, chat.title)
            tx.audit.add(Deed.CHAT_TAKEN_OFF, about, at=now, by=by, chat_id=said_in)
            return True

        return await self._database.write(work)
