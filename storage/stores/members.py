"""Members, invites and allowed chats: what was said in the chat, never what the settings say."""

import sqlite_utils

from storage.models import AllowedChat, Invite, Member, Person
from storage.stores.rows import columns, models


class MemberStore:
    """One row a person; who has none has the role that the settings give."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def get(self, user_id: int) -> Member | None:
        """The member with this Telegram id."""
        found = self._select("WHERE user_id = ?", user_id)
        return found[0] if found else None

    def all(self) -> list[Member]:
        """Every member, the longest known first."""
        return self._select("ORDER BY since, user_id")

    def put(
        self, person: Person, role: str, *, now: float, by: Person, suspended: bool = False
    ) -> None:
        """Give a person a role, or another one; it ends a suspension unless `suspended`."""
        self.db.execute(
            "INSERT INTO members (user_id, name, role, suspended_at, since, by_id, by_name)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET"
            " name = excluded.name, role = excluded.role, suspended_at = excluded.suspended_at,"
            " by_id = excluded.by_id, by_name = excluded.by_name",
            (person.id, person.name, role, now if suspended else None, now, by.id, by.name),
        )

    def remove(self, user_id: int) -> bool:
        """Forget a member; the settings count again. True if there was one."""
        return self.db.execute("DELETE FROM members WHERE user_id = ?", (user_id,)).rowcount == 1

    def _select(self, tail: str, *values: object) -> list[Member]:
        sql = f"SELECT {columns(Member)} FROM members {tail}"
        return models(self.db, Member, sql, values, {})


class InviteStore:
    """An invite is used once; its row stays."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, digest: str, role: str, *, now: float, expires_at: float, by: Person) -> int:
        """Record an invite by the SHA-256 (hex) of its secret, and return its id."""
        cursor = self.db.execute(
            "INSERT INTO invites (digest, role, created_at, expires_at, by_id, by_name)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (digest, role, now, expires_at, by.id, by.name),
        )
        return int(cursor.lastrowid or 0)

    def by_digest(self, digest: str) -> Invite | None:
        """The invite whose secret has this SHA-256."""
        found = self._select("WHERE digest = ?", digest)
        return found[0] if found else None

    def get(self, invite_id: int) -> Invite | None:
        """One invite."""
        found = self._select("WHERE id = ?", invite_id)
        return found[0] if found else None

    def open(self, now: float) -> list[Invite]:
        """Invites that can still be used, newest first."""
        return self._select("WHERE ended_at IS NULL AND expires_at > ? ORDER BY id DESC", now)

    def end(self, invite_id: int, *, now: float, used_by: Person | None = None) -> bool:
        """Use an invite, or take it back; True if it was open."""
        return (
            self.db.execute(
                "UPDATE invites SET ended_at = ?, used_by = ?, used_name = ?"
                " WHERE id = ? AND ended_at IS NULL",
                (now, used_by and used_by.id, used_by and used_by.name, invite_id),
            ).rowcount
            == 1
        )

    def _select(self, tail: str, *values: object) -> list[Invite]:
        sql = f"SELECT {columns(Invite)} FROM invites {tail}"
        return models(self.db, Invite, sql, values, {})


class AllowedChatStore:
    """The groups in which the bot works."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def get(self, chat_id: int) -> AllowedChat | None:
        """The chat, if it is allowed."""
        found = self._select("WHERE chat_id = ?", chat_id)
        return found[0] if found else None

    def all(self) -> list[AllowedChat]:
        """Every allowed chat, the oldest first."""
        return self._select("ORDER BY added_at, chat_id")

    def allow(self, chat_id: int, title: str, *, now: float, by: Person) -> bool:
        """Allow a chat; True if it was not."""
        return (
            self.db.execute(
                "INSERT OR IGNORE INTO chats (chat_id, title, added_at, by_id, by_name)"
                " VALUES (?, ?, ?, ?, ?)",
                (chat_id, title, now, by.id, by.name),
            ).rowcount
            == 1
        )

    def forbid(self, chat_id: int) -> bool:
        """Take a chat off; True if it was allowed."""
        return self.db.execute("DELETE FROM chats WHERE chat_id = ?", (chat_id,)).rowcount == 1

    def move(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup."""
        self.db.execute("UPDATE OR REPLACE chats SET chat_id = ? WHERE chat_id = ?", (new, old))

    def _select(self, tail: str, *values: object) -> list[AllowedChat]:
        sql = f"SELECT {columns(AllowedChat)} FROM chats {tail}"
        return models(self.db, AllowedChat, sql, values, {})
