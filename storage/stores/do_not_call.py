"""The do-not-call list: who must not be called, since when, by whose word, and why."""

from collections.abc import Sequence

import sqlite_utils

from storage.models import DoNotCall, Person, Waiting
from storage.stores.rows import columns, models

# `CROSS JOIN` keeps the order: from the few numbers that are asked for to what holds them. Left to
# itself SQLite may go through all that is planned, or through every list, once for each number.
_OPEN_BATCHES = """
SELECT count(DISTINCT c.batch_id) FROM json_each(:numbers) j
  CROSS JOIN calls c ON c.number = j.value AND c.status = 'planned'
  CROSS JOIN submissions s ON s.id = c.submission_id AND s.state = 'queued'
"""
# What was planned for a list reads it when its time comes; anything else keeps its numbers.
_OPEN_SCHEDULES = """
WITH asked AS MATERIALIZED (SELECT value AS number FROM json_each(:numbers)),
held AS MATERIALIZED (SELECT DISTINCT n.list_id FROM asked
  CROSS JOIN list_numbers n ON n.number = asked.number)
SELECT count(*) FROM schedules s WHERE s.state IN ('waiting', 'asking') AND (
  CASE WHEN s.list_ref IS NULL
    THEN EXISTS (SELECT 1 FROM json_each(s.content, '$.numbers') n
      WHERE n.value IN (SELECT number FROM asked))
    ELSE s.list_ref IN (SELECT list_id FROM held)
  END)
"""
_LISTS = """
SELECT count(DISTINCT l.id) FROM json_each(:numbers) j
  CROSS JOIN list_numbers n ON n.number = j.value
  CROSS JOIN lists l ON l.id = n.list_id AND l.removed_at IS NULL
"""


class DoNotCallStore:
    """A number stands on the list once; taken off, its row stays with who did so, and why."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def get(self, number: str) -> DoNotCall | None:
        """The entry of a number (E.164) that is on the list."""
        found = self._select("WHERE number = ? AND removed_at IS NULL", number)
        return found[0] if found else None

    def by_id(self, entry_id: int) -> DoNotCall | None:
        """The entry with this id, also one that was taken off."""
        found = self._select("WHERE id = ?", entry_id)
        return found[0] if found else None

    def among(self, numbers: Sequence[str]) -> frozenset[str]:
        """Those of the numbers (E.164) that are on the list."""
        found = self.db.execute(
            "SELECT d.number FROM json_each(?) j JOIN do_not_call d"
            " ON d.number = j.value AND d.removed_at IS NULL",
            (_as_json(numbers),),
        )
        return frozenset(row[0] for row in found)

    def add(self, number: str, reason: str, *, now: float, by: Person) -> bool:
        """Put a number on the list; True if it was not on it."""
        return self.add_all([number], reason, now=now, by=by) == 1

    def add_all(self, numbers: Sequence[str], reason: str, *, now: float, by: Person) -> int:
        """Put numbers on the list; returns how many of them were not on it."""
        return self.db.execute(
            "INSERT INTO do_not_call (number, reason, added_at, added_by, added_name)"
            " SELECT value, ?, ?, ?, ? FROM json_each(?) WHERE true"
            " ON CONFLICT (number) WHERE removed_at IS NULL DO NOTHING",
            (reason, now, by.id, by.name, _as_json(numbers)),
        ).rowcount

    def remove(self, number: str, reason: str, *, now: float, by: Person) -> bool:
        """Take a number off the list; True if it was on it."""
        return (
            self.db.execute(
                "UPDATE do_not_call SET removed_at = ?, removed_by = ?, removed_name = ?,"
                " removed_reason = ? WHERE number = ? AND removed_at IS NULL",
                (now, by.id, by.name, reason, number),
            ).rowcount
            == 1
        )

    def count(self) -> int:
        """How many numbers are on the list."""
        sql = "SELECT count(*) FROM do_not_call WHERE removed_at IS NULL"
        return int(self.db.execute(sql).fetchone()[0])

    def page(self, limit: int = -1, offset: int = 0) -> list[DoNotCall]:
        """What is on the list, newest first; all of it by default."""
        return self._select(
            "WHERE removed_at IS NULL ORDER BY id DESC LIMIT ? OFFSET ?", limit, offset
        )

    def history(self, number: str) -> list[DoNotCall]:
        """Every time that a number (E.164) was on the list, newest first."""
        on = self.get(number)
        off = self._select("WHERE number = ? AND removed_at IS NOT NULL ORDER BY id DESC", number)
        return off if on is None else [on, *off]

    def waiting_in(self, numbers: Sequence[str]) -> Waiting:
        """Where the numbers (E.164) wait to be called, or could be called from."""
        listed = _as_json(numbers)
        batches, schedules, lists = (
            int(self.db.execute(sql, {"numbers": listed}).fetchone()[0])
            for sql in (_OPEN_BATCHES, _OPEN_SCHEDULES, _LISTS)
        )
        return Waiting(batches=batches, schedules=schedules, lists=lists)

    def _select(self, tail: str, *values: object) -> list[DoNotCall]:
        sql = f"SELECT {columns(DoNotCall)} FROM do_not_call {tail}"
        return models(self.db, DoNotCall, sql, values, {})


def _as_json(numbers: Sequence[str]) -> str:
    """E.164 needs no escapes."""
    return "[" + ",".join(f'"{number}"' for number in numbers) + "]"
