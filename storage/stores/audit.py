"""The audit: one entry a deed, each tied to the one before by its hash; only appended to.

    hash = SHA-256 (hash of the entry before, newline, the entry as a JSON array)

The entry before the first one has the hash `GENESIS`. The array holds, in this order: id, at (as
Python writes a float, the shortest text that reads back as the same 64 bits), by_id, by_name,
chat_id, deed, about, before, after; all else than ASCII is escaped, and nothing stands between.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlite_utils

from storage.masking import masked
from storage.migrations.m004_safety import AUDIT_GUARDS
from storage.models import AuditEntry, Person
from storage.stores.rows import columns, models

GENESIS = "0" * 64
_LAST = 2**62  # no entry has a greater number
PUT_BACK = 100  # entries that may have been written before a clock that was put back was right


def hash_of(entry: AuditEntry, before: str) -> str:
    """The hash (SHA-256, hex) of an entry after one with the hash `before`."""
    values = [
        entry.id,
        repr(_as_kept(entry.at)),
        entry.by_id,
        entry.by_name,
        entry.chat_id,
        entry.deed,
        entry.about,
        entry.before,
        entry.after,
    ]
    text = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def _as_kept(at: float) -> float:
    """The time as it is read back: a whole number as a float, and SQLite knows no -0.0."""
    return float(at) + 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """Which entries are wanted; None leaves all.

    Attributes:
        deeds: words of `bot.calling.audit.Deed`.
        about: an id that `about` of the entry is, or begins with, such as `u7` in `u7 Sara`.
        since: UTC seconds, included.
        until: UTC seconds, excluded.
    """

    by_id: int | None = None
    deeds: tuple[str, ...] | None = None
    about: str | None = None
    since: float | None = None
    until: float | None = None


class AuditStore:
    """Entries are added in the transaction of the deed that they tell of."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def add(
        self,
        deed: str,
        about: str = "",
        *,
        at: float,
        by: Person,
        chat_id: int | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        """Append an entry; what may be a phone number in any part of it is masked.

        Args:
            deed: a word of `bot.calling.audit.Deed`.
            about: what it was done to, by an id such as `b12` or a name.
            at: UTC seconds.
            by: who did it.
            chat_id: from which chat; None if from none.
            before: what it was.
            after: what it is now.
        """
        row = self.db.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        last_id, last_hash = row or (0, GENESIS)
        entry = AuditEntry(
            id=last_id + 1,
            at=_as_kept(at),
            by_id=by.id,
            by_name=masked(by.name),
            chat_id=chat_id,
            deed=str(deed),
            about=masked(about),
            before=None if before is None else masked(before),
            after=None if after is None else masked(after),
            hash="",
        )
        self.db.execute(
            "INSERT INTO audit (id, at, by_id, by_name, chat_id, deed, about, before, after, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.id,
                entry.at,
                entry.by_id,
                entry.by_name,
                entry.chat_id,
                entry.deed,
                entry.about,
                entry.before,
                entry.after,
                hash_of(entry, last_hash),
            ),
        )

    def last(self) -> AuditEntry | None:
        """The newest entry."""
        found = self._select("ORDER BY id DESC LIMIT 1")
        return found[0] if found else None

    def unguarded(self) -> list[str]:
        """Names of the triggers that keep the audit as it is and are missing, or are not ours."""
        sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'"
        there = {" ".join(str(row[0]).split()) for row in self.db.execute(sql)}
        return [guard.split()[2] for guard in AUDIT_GUARDS if guard not in there]

    def count(self) -> int:
        """How many entries there are, if none is missing."""
        return int(self.db.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()[0])

    def name_of(self, user_id: int) -> str | None:
        """The name that a person had when they last did something."""
        sql = "SELECT by_name FROM audit WHERE by_id = ? ORDER BY id DESC LIMIT 1"
        found = self.db.execute(sql, (user_id,)).fetchone()
        return None if found is None else str(found[0])

    def chain(self, at_once: int = 1000) -> Iterator[AuditEntry]:
        """Every entry, the oldest first, in the order of the ids."""
        found = self._select("ORDER BY id LIMIT ?", at_once)
        while found:
            yield from found
            found = self._select("WHERE id > ? ORDER BY id LIMIT ?", found[-1].id, at_once)

    def before(self, entry_id: int | None, which: AuditSearch, limit: int) -> list[AuditEntry]:
        """The newest entries older than this one (of all, if None), newest first."""
        return self._page(which, (0, (entry_id or _LAST + 1) - 1), "DESC", limit)

    def after(self, entry_id: int, which: AuditSearch, limit: int) -> list[AuditEntry]:
        """The oldest entries newer than this one, newest first."""
        return self._page(which, (entry_id + 1, _LAST), "ASC", limit)[::-1]

    def persons(self) -> list[tuple[int, str]]:
        """Everybody who has done anything, by id, with the newest name; by name."""
        # A step for each person along the index, however many entries each has.
        rows = self.db.execute(
            "WITH RECURSIVE people (id) AS (SELECT min(by_id) FROM audit UNION ALL"
            " SELECT (SELECT min(by_id) FROM audit WHERE by_id > people.id) FROM people"
            " WHERE people.id IS NOT NULL)"
            " SELECT id, (SELECT by_name FROM audit WHERE by_id = people.id"
            " ORDER BY id DESC LIMIT 1) FROM people WHERE id IS NOT NULL"
        ).fetchall()
        return sorted(((int(i), str(name)) for i, name in rows), key=lambda one: (one[1], one[0]))

    def _page(
        self, which: AuditSearch, between: tuple[int, int], order: str, limit: int
    ) -> list[AuditEntry]:
        found: list[AuditEntry] = []
        # One bound on each side: of two SQLite would walk from either.
        first, last = self._ids(which)
        within = max(first, between[0]), min(last, between[1])
        # What is about one thing is found by that and then sorted: it is little.
        by = "id" if which.about is None else "+id"
        both = which.about is None and which.by_id is not None and which.deeds is not None
        along = "INDEXED BY audit_by_deed" if both else ""
        for terms, values in _searches(which, within):
            narrowed = f"{along} WHERE {' AND '.join(terms)}"
            found += self._select(f"{narrowed} ORDER BY {by} {order} LIMIT ?", *values, limit)
        found.sort(key=lambda entry: entry.id, reverse=order == "DESC")
        return found[:limit]

    def _ids(self, which: AuditSearch) -> tuple[int, int]:
        """Numbers between which the entries of the time that is wanted lie.

        Entries are in the order of their time, but where the clock was put back: so many more on
        both sides are looked at as may have been written while it was wrong.
        """
        if which.since is None and which.until is None:
            return 0, _LAST
        since = which.since if which.since is not None else float("-inf")
        until = which.until if which.until is not None else float("inf")
        found = [
            self.db.execute(
                f"SELECT id FROM audit WHERE at >= ? AND at < ? ORDER BY at {order} LIMIT 1",
                (since, until),
            ).fetchone()
            for order in ("ASC", "DESC")
        ]
        if found[0] is None:
            return 0, -1
        ids = sorted(int(row[0]) for row in found)
        return ids[0] - PUT_BACK, ids[1] + PUT_BACK

    def _select(self, tail: str, *values: object) -> list[AuditEntry]:
        sql = f"SELECT {columns(AuditEntry)} FROM audit {tail}"
        return models(self.db, AuditEntry, sql, values, {})


def _searches(
    which: AuditSearch, within: tuple[int, int]
) -> Iterator[tuple[list[str], list[object]]]:
    """Searches along one index each, which together find all: none has to sort a long record.

    Each is its conditions and their values.
    """
    terms, values = _terms(which, within)
    if which.about is None:
        for deed in which.deeds or ():
            yield [*terms, "deed = ?"], [*values, deed]
        if which.deeds is None:
            yield terms, values
        return
    if which.deeds is not None:
        terms.append(f"+deed IN ({', '.join('?' * len(which.deeds))})")
        values += which.deeds
    yield [*terms, "about = ?"], [*values, which.about]
    for mark, after in (" !", ":;"):  # what is said behind an id follows one of these
        bounds = [f"{which.about}{mark}", f"{which.about}{after}"]
        yield [*terms, "about >= ?", "about < ?"], [*values, *bounds]


def _terms(which: AuditSearch, within: tuple[int, int]) -> tuple[list[str], list[object]]:
    """What every search has in common."""
    plus = "" if which.about is None else "+"  # to SQLite: no index for this
    given: Sequence[tuple[str, object]] = (
        (f"{plus}by_id = ?", which.by_id),
        (f"{plus}id >= ?", within[0]),
        (f"{plus}id <= ?", within[1]),
        ("+at >= ?", which.since),
        ("+at < ?", which.until),
    )
    held = [(term, value) for term, value in given if value is not None]
    return [term for term, _ in held], [value for _, value in held]
