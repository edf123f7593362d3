"""Who may do what: by numeric user id only, deny by default.

Two sources, read at every command and every press. `ADMIN_IDS` and `ALLOWED_IDS` hold as long as
they stand in the settings and are never copied into the record; a role or a suspension that was
given in the chat is in the record and wins over `ALLOWED_IDS`, never over `ADMIN_IDS`: those
cannot be locked out.
"""

from dataclasses import dataclass
from enum import IntEnum

from storage.database import Database
from storage.stores import Stores


class Role(IntEnum):
    """Each role may do all that the ones before it may."""

    STRANGER = 0
    VIEWER = 1
    LAUNCHER = 2
    MANAGER = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        """As it is recorded and typed."""
        return self.name.lower()


ROLES = {role.word: role for role in Role if role is not Role.STRANGER}
"""Those that a person can be given, by their words."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The settings `ADMIN_IDS` and `ALLOWED_IDS`, and the record."""

    admins: frozenset[int]
    allowed: frozenset[int]
    database: Database

    async def role(self, user_id: int) -> Role:
        """The role that a Telegram user has now.

        Raises:
            StorageError: the record cannot be read; whoever asks must deny.
        """
        if user_id in self.admins:
            return Role.ADMIN
        return await self.database.read(lambda tx: self.role_in(tx, user_id))

    def role_in(self, tx: Stores, user_id: int) -> Role:
        """The same, inside a transaction."""
        if user_id in self.admins:
            return Role.ADMIN
        member = tx.members.get(user_id)
        if member is not None:
            if member.suspended_at is not None:
                return Role.STRANGER
            return ROLES.get(member.role, Role.STRANGER)
        return Role.LAUNCHER if user_id in self.allowed else Role.STRANGER

    async def standing(self, user_id: int, chat_id: int) -> tuple[Role, bool]:
        """The role of a user in a group, and whether the group is allowed, at one moment.

        Raises:
            StorageError: the record cannot be read; whoever asks must deny.
        """
        return await self.database.read(
            lambda tx: (self.role_in(tx, user_id), tx.chats.get(chat_id) is not None)
        )

    async def people(self) -> dict[int, Role]:
        """All who may do anything, by their ids in order."""

        def look(tx: Stores) -> dict[int, Role]:
            return {user: self.role_in(tx, user) for user in self.having(tx, Role.VIEWER)}

        return await self.database.read(look)

    def having(self, tx: Stores, least: Role) -> list[int]:
        """The ids of all who have at least this role, in order."""
        known = {member.user_id for member in tx.members.all()} | self.admins | self.allowed
        return sorted(user for user in known if self.role_in(tx, user) >= least)
