"""Lists: saved sets of numbers, and what of them was taken off last."""

from collections.abc import Iterable, Mapping

import sqlite_utils

from storage.models import ListNumber, NumberList, Person
from storage.stores.rows import columns, models

_BY_USE = "removed_at IS NULL ORDER BY coalesce(used_at, made_at) DESC, id DESC"


class ListStore:
    """A number is in a list once, and whoever changes a list names the version that they saw.

    A change is `change` first, which fails if somebody was faster, and then what is changed, in
    one transaction. What the last change took off is kept until the next change.
    """

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, name: str, key: str, *, by: Person, now: float) -> int:
        """Record an empty list, and return its id; `key` is what names are compared by."""
        return int(
            self.db.execute(
                "INSERT INTO lists (name, name_key, made_by, made_name, made_at,"
                " changed_by, changed_name, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (name, key, by.id, by.name, now, by.id, by.name, now),
            ).lastrowid
            or 0
        )

    def get(self, list_id: int) -> NumberList | None:
        """A list, also one that was removed."""
        found = self._select("WHERE id = ?", list_id)
        return found[0] if found else None

    def named(self, key: str) -> NumberList | None:
        """The list that has this name now."""
        found = self._select("WHERE name_key = ? AND removed_at IS NULL", key)
        return found[0] if found else None

    def page(self, limit: int, offset: int = 0) -> list[NumberList]:
        """Lists that were not removed, last used first."""
        return self._select(f"WHERE {_BY_USE} LIMIT ? OFFSET ?", limit, offset)

    def names(self) -> list[str]:
        """The names of all lists that were not removed, last used first."""
        return [row[0] for row in self.db.execute(f"SELECT name FROM lists WHERE {_BY_USE}")]

    def change(self, list_id: int, version: int, *, by: Person, now: float) -> bool:
        """Begin a change of this version; False if the list has another one or was removed.

        What the change before took off is forgotten.
        """
        changed = self.db.execute(
            "UPDATE lists SET version = version + 1, added_after = NULL, changed_by = ?,"
            " changed_name = ?, changed_at = ?"
            " WHERE id = ? AND version = ? AND removed_at IS NULL",
            (by.id, by.name, now, list_id, version),
        )
        if changed.rowcount != 1:
            return False
        self.db.execute("DELETE FROM list_taken_off WHERE list_id = ?", (list_id,)).close()
        return True

    def rename(self, list_id: int, name: str, key: str) -> None:
        """Give a list another name."""
        self.db.execute(
            "UPDATE lists SET name = ?, name_key = ? WHERE id = ?", (name, key, list_id)
        ).close()

    def remove(self, list_id: int, *, now: float) -> None:
        """Let a list be gone; its row and its numbers stay."""
        self.db.execute("UPDATE lists SET removed_at = ? WHERE id = ?", (now, list_id)).close()

    def used(self, list_id: int, now: float) -> None:
        """Record that a list was used, which is no change of it."""
        self.db.execute("UPDATE lists SET used_at = ? WHERE id = ?", (now, list_id)).close()

    def add(self, list_id: int, numbers: Iterable[str], names: Mapping[str, str]) -> int:
        """Put numbers at the end, and return how many were not in the list before.

        A number that is there stays where it is, and gets a name if it had none.
        """
        last = self._last(list_id)
        self.db.conn.executemany(
            "INSERT INTO list_numbers (list_id, position, number, name) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (list_id, number) DO UPDATE SET name = excluded.name"
            " WHERE name IS NULL AND excluded.name IS NOT NULL",
            [
                (list_id, last + place, number, names.get(number))
                for place, number in enumerate(numbers, start=1)
            ],
        )
        before = self._counted(list_id)
        self.db.execute("UPDATE lists SET added_after = ? WHERE id = ?", (last, list_id)).close()
        return self._count(list_id) - before

    def merge(self, source_id: int, target_id: int) -> int:
        """Put the numbers of one list at the end of another; how many were not there before."""
        before = self._counted(target_id)
        self.db.execute(
            "INSERT INTO list_numbers (list_id, position, number, name)"
            " SELECT ?, ? + position, number, name FROM list_numbers WHERE list_id = ?"
            " ORDER BY position"
            " ON CONFLICT (list_id, number) DO UPDATE SET name = excluded.name"
            " WHERE name IS NULL AND excluded.name IS NOT NULL",
            (target_id, self._last(target_id), source_id),
        ).close()
        return self._count(target_id) - before

    def take_off(self, list_id: int, position: int) -> ListNumber | None:
        """Take one number off, and keep it until the next change; None if it is not there."""
        found = self._numbers("list_numbers", "AND position = ?", list_id, position)
        self.db.execute(
            "INSERT INTO list_taken_off (list_id, position, number, name)"
            " SELECT list_id, position, number, name FROM list_numbers"
            " WHERE list_id = ? AND position = ?",
            (list_id, position),
        ).close()
        self.db.execute(
            "DELETE FROM list_numbers WHERE list_id = ? AND position = ?", (list_id, position)
        ).close()
        self._count(list_id)
        return found[0] if found else None

    def taken_off(self, list_id: int) -> list[ListNumber]:
        """What the last change took off."""
        return self._numbers("list_taken_off", "", list_id)

    def put_back(self, list_id: int, numbers: Iterable[ListNumber]) -> None:
        """Put numbers where they were."""
        self.db.conn.executemany(
            "INSERT INTO list_numbers (list_id, position, number, name) VALUES (?, ?, ?, ?)",
            [(list_id, one.position, one.number, one.name) for one in numbers],
        )
        self._count(list_id)

    def drop_after(self, list_id: int, position: int) -> int:
        """Take off all that was put after this place, and return how many that were."""
        dropped = self.db.execute(
            "DELETE FROM list_numbers WHERE list_id = ? AND position > ?", (list_id, position)
        ).rowcount
        self._count(list_id)
        return dropped

    def numbers(
        self, list_id: int, *, limit: int | None = None, offset: int = 0
    ) -> list[ListNumber]:
        """Numbers of a list in its order; all of them without a limit."""
        rest = -1 if limit is None else limit
        return self._numbers("list_numbers", "LIMIT ? OFFSET ?", list_id, rest, offset)

    def _last(self, list_id: int) -> int:
        """The highest place that was ever given and may come back."""
        return int(
            self.db.execute(
                "SELECT max(coalesce((SELECT max(position) FROM list_numbers WHERE list_id = ?1),"
                " 0), coalesce((SELECT max(position) FROM list_taken_off WHERE list_id = ?1), 0))",
                (list_id,),
            ).fetchone()[0]
        )

    def _counted(self, list_id: int) -> int:
        row = self.db.execute("SELECT numbers FROM lists WHERE id = ?", (list_id,)).fetchone()
        return int(row[0])

    def _count(self, list_id: int) -> int:
        """Count the numbers anew, record it, and return it."""
        self.db.execute(
            "UPDATE lists SET numbers = (SELECT count(*) FROM list_numbers WHERE list_id = ?1)"
            " WHERE id = ?1",
            (list_id,),
        ).close()
        return self._counted(list_id)

    def _numbers(self, table: str, tail: str, *values: object) -> list[ListNumber]:
        """Rows of a list, made by hand: there can be tens of thousands."""
        order, where = ("", tail) if tail.startswith("AND") else (tail, "")
        rows = self.db.execute(
            f"SELECT position, number, name FROM {table} WHERE list_id = ? {where}"
            f" ORDER BY position {order}",
            values,
        )
        return [ListNumber(position=row[0], number=row[1], name=row[2]) for row in rows]

    def _select(self, tail: str, *values: object) -> list[NumberList]:
        return models(
            self.db, NumberList, f"SELECT {columns(NumberList)} FROM lists {tail}", values, {}
        )
