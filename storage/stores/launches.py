"""Saved launches, the favourites that each member has among them, and the groups' panels.

Removed launches keep their row: batches tell of them. Their name is free again, and nobody has
them as a favourite any more.
"""

import sqlite_utils

from storage.models import NewLaunch, Panel, SavedLaunch
from storage.stores.rows import columns, models

_LAST_USED_FIRST = "ORDER BY coalesce(used_at, made_at) DESC, id DESC"


class LaunchStore:
    """No two launches that are there have the same name key; the record refuses the second."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, new: NewLaunch, now: float) -> int:
        """Save a launch with the numbers of its own, if it has any, and return its id.

        Raises:
            sqlite3.IntegrityError: another one has the name.
        """
        launch_id = int(
            self.db.execute(
                "INSERT INTO launches (token, name, name_key, voice_ref, spoken, list_ref,"
                " numbers, retry_count, server_id, made_by, made_name, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    new.token,
                    new.name,
                    new.name_key,
                    new.voice_ref,
                    new.spoken,
                    new.list_ref,
                    len(new.numbers) or None,
                    new.retry_count,
                    new.server_id,
                    new.by.id,
                    new.by.name,
                    now,
                ),
            ).lastrowid
            or 0
        )
        self.db.conn.executemany(
            "INSERT INTO launch_numbers (launch_id, position, number, name) VALUES (?, ?, ?, ?)",
            [
                (launch_id, position, number, name)
                for position, (number, name) in enumerate(new.numbers, 1)
            ],
        )
        return launch_id

    def get(self, launch_id: int) -> SavedLaunch | None:
        """A launch by its id, also one that was removed."""
        return self._one("WHERE id = ?", launch_id)

    def by_token(self, token: str) -> SavedLaunch | None:
        """The launch that a button or a link names, also one that was removed."""
        return self._one("WHERE token = ?", token)

    def by_name(self, name_key: str) -> SavedLaunch | None:
        """The launch of this name that is there."""
        return self._one("WHERE name_key = ? AND removed_at IS NULL", name_key)

    def all(self) -> list[SavedLaunch]:
        """All that are there, last used first."""
        return self._select(f"WHERE removed_at IS NULL {_LAST_USED_FIRST}")

    def numbers(self, launch_id: int) -> list[tuple[str, str | None]]:
        """The numbers of its own, each with its name or None, in the order they were given."""
        rows = self.db.execute(
            "SELECT number, name FROM launch_numbers WHERE launch_id = ? ORDER BY position",
            (launch_id,),
        )
        return [(row[0], row[1]) for row in rows]

    def rename(self, launch_id: int, name: str, name_key: str) -> bool:
        """Give it another name; True if it was there.

        Raises:
            sqlite3.IntegrityError: another one has the name.
        """
        return (
            self.db.execute(
                "UPDATE launches SET name = ?, name_key = ? WHERE id = ? AND removed_at IS NULL",
                (name, name_key, launch_id),
            ).rowcount
            == 1
        )

    def used(self, launch_id: int, now: float) -> None:
        """Note that it was launched."""
        self.db.execute("UPDATE launches SET used_at = ? WHERE id = ?", (now, launch_id))

    def remove(self, launch_id: int, now: float) -> bool:
        """Take it away, from everybody's favourites too; True if it was there."""
        gone = self.db.execute(
            "UPDATE launches SET removed_at = ? WHERE id = ? AND removed_at IS NULL",
            (now, launch_id),
        ).rowcount
        self.db.execute("DELETE FROM favourites WHERE launch_id = ?", (launch_id,))
        return gone == 1

    def _one(self, tail: str, value: object) -> SavedLaunch | None:
        found = self._select(tail, value)
        return found[0] if found else None

    def _select(self, tail: str, *values: object) -> list[SavedLaunch]:
        sql = f"SELECT {columns(SavedLaunch)} FROM launches {tail}"
        return models(self.db, SavedLaunch, sql, values, {})


class FavouriteStore:
    """Which launches a member has chosen, in the member's own order."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def of(self, user_id: int) -> list[SavedLaunch]:
        """The member's favourites in their order."""
        sql = (
            f"SELECT {columns(SavedLaunch, 'launches')} FROM favourites"
            " JOIN launches ON launches.id = favourites.launch_id"
            " WHERE favourites.user_id = ? ORDER BY favourites.position"
        )
        return models(self.db, SavedLaunch, sql, (user_id,), {})

    def add(self, user_id: int, launch_id: int) -> bool:
        """Put a launch behind the member's others; True if it was none of them before."""
        return (
            self.db.execute(
                "INSERT OR IGNORE INTO favourites (user_id, launch_id, position)"
                " SELECT ?, ?, coalesce(max(position), 0) + 1 FROM favourites WHERE user_id = ?",
                (user_id, launch_id, user_id),
            ).rowcount
            == 1
        )

    def remove(self, user_id: int, launch_id: int) -> bool:
        """Take a launch out of the member's favourites; True if it was one."""
        return (
            self.db.execute(
                "DELETE FROM favourites WHERE user_id = ? AND launch_id = ?", (user_id, launch_id)
            ).rowcount
            == 1
        )

    def move_up(self, user_id: int, launch_id: int) -> bool:
        """Let it change places with the one before; True if there was one."""
        order = [launch.id for launch in self.of(user_id)]
        if launch_id not in order or order[0] == launch_id:
            return False
        at = order.index(launch_id)
        order[at - 1], order[at] = order[at], order[at - 1]
        self.db.conn.executemany(
            "UPDATE favourites SET position = ? WHERE user_id = ? AND launch_id = ?",
            [(position, user_id, moved) for position, moved in enumerate(order, 1)],
        )
        return True


class PanelStore:
    """One panel for each chat and topic: the newest one."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def of(self, chat_id: int, thread_id: int | None) -> Panel | None:
        """The newest panel of this chat and topic."""
        found = models(
            self.db,
            Panel,
            f"SELECT {columns(Panel)} FROM panels WHERE chat_id = ? AND thread_id = ?",
            (chat_id, thread_id or 0),
            {},
        )
        return found[0] if found else None

    def replace(self, new: Panel) -> None:
        """Record a panel as the newest one of its chat and topic."""
        self.db.execute(
            "INSERT INTO panels (chat_id, thread_id, message_id, user_id) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET message_id = excluded.message_id,"
            " user_id = excluded.user_id",
            (new.chat_id, new.thread_id, new.message_id, new.user_id),
        )
