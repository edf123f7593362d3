"""Who may do what: by numeric user id only, deny by default.

Both settings are read at every command and press and never copied into the database, so removing
a name from them takes effect with the next start and not one press later.
"""

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """Each role may do all that the ones before it may."""

    STRANGER = 0
    LAUNCHER = 1
    ADMIN = 2


@dataclass(frozen=True, slots=True)
class Rights:
    """The settings `ADMIN_IDS` and `ALLOWED_IDS`."""

    admins: frozenset[int]
    allowed: frozenset[int]

    def role(self, user_id: int) -> Role:
        """The role of a Telegram user."""
        if user_id in self.admins:
            return Role.ADMIN
        if user_id in self.allowed:
            return Role.LAUNCHER
        return Role.STRANGER
