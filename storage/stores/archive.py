"""What is over and recorded: pages of batches, and who and what occurs in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlite_utils

from storage.models import Batch, BatchState, Course, HoldReason, Played, StopReason
from storage.stores.rows import columns, models

_READ = {"state": BatchState, "hold_reason": HoldReason, "stop_reason": StopReason}
_END = "\x7f"  # sorts behind every letter of an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which batches are meant: all by default.

    `since` is the first moment that counts, `until` the first one that does not (UTC seconds).
    """

    author_id: int | None = None
    voice: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Some calls in figures: seconds of talk, cost in thousandths of a Toman."""

    calls: int
    answered: int
    talk: int
    cost: int


class ArchiveStore:
    """Reads only. Nothing here looks at more of the record than it shows."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def batches(self, which: Narrowed, *, limit: int, offset: int = 0) -> list[Batch]:
        """Batches that fit, newest first."""
        conditions = {
            "author_id = ?": which.author_id,
            "voice = ?": which.voice,
            "created_at >= ?": which.since,
            "created_at < ?": which.until,
        }
        given = {what: value for what, value in conditions.items() if value is not None}
        where = f"WHERE {' AND '.join(given)}" if given else ""
        return models(
            self.db,
            Batch,
            f"SELECT {columns(Batch)} FROM batches {where} ORDER BY id DESC LIMIT ? OFFSET ?",
            (*given.values(), limit, offset),
            _READ,
        )

    def courses(self, batch_ids: Sequence[int]) -> dict[int, Course]:
        """How far the calls of these batches are, by batch."""
        rows = self.db.execute(
            "SELECT batch_id, sum(status = 'normal'), sum(next_poll_at IS NOT NULL) FROM calls"
            f" WHERE batch_id IN ({', '.join('?' * len(batch_ids))}) GROUP BY batch_id",
            tuple(batch_ids),
        )
        return {row[0]: Course(answered=row[1], open=row[2]) for row in rows}

    def ids(self, since: float, until: float) -> list[int]:
        """Ids of the batches that were launched from `since` to before `until`, oldest first."""
        rows = self.db.execute(
            "SELECT id FROM batches WHERE created_at >= ? AND created_at < ?"
            " ORDER BY created_at, id",
            (since, until),
        )
        return [int(row[0]) for row in rows]

    def numbers(self, since: float, until: float) -> int:
        """How many calls the batches of that time have."""
        row = self.db.execute(
            "SELECT coalesce(sum(numbers), 0) FROM batches"
            " WHERE created_at >= ? AND created_at < ?",
            (since, until),
        ).fetchone()
        return int(row[0])

    def newest_before(self, until: float) -> float | None:
        """When the newest batch was launched of those before this time."""
        row = self.db.execute(
            "SELECT max(created_at) FROM batches WHERE created_at < ?", (until,)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def oldest(self) -> float | None:
        """When the first batch was launched."""
        row = self.db.execute("SELECT min(created_at) FROM batches").fetchone()
        return None if row[0] is None else float(row[0])

    def authors(self) -> list[tuple[int, str]]:
        """Everybody who has launched, with the name of their newest batch; newest first."""
        rows = self.db.execute(
            "WITH RECURSIVE one (author_id) AS (SELECT min(author_id) FROM batches"
            " UNION ALL SELECT (SELECT min(b.author_id) FROM batches b"
            "  WHERE b.author_id > one.author_id) FROM one WHERE one.author_id IS NOT NULL),"
            " newest (id) AS (SELECT (SELECT max(b.id) FROM batches b"
            "  WHERE b.author_id = one.author_id) FROM one WHERE one.author_id IS NOT NULL)"
            " SELECT b.author_id, b.author_name FROM newest JOIN batches b ON b.id = newest.id"
            " ORDER BY b.id DESC"
        )
        return [(int(row[0]), str(row[1])) for row in rows]

    def voices(self) -> list[tuple[int, Played]]:
        """Every voice that was used, as its newest batch names it, with that; newest first."""
        rows = self.db.execute(
            "WITH RECURSIVE one (voice) AS (SELECT min(voice) FROM batches"
            " UNION ALL SELECT (SELECT min(b.voice) FROM batches b WHERE b.voice > one.voice)"
            "  FROM one WHERE one.voice IS NOT NULL),"
            " newest (id) AS (SELECT (SELECT max(b.id) FROM batches b WHERE b.voice = one.voice)"
            "  FROM one WHERE voice IS NOT NULL)"
            " SELECT b.id, b.voice, b.voice_name, b.spoken"
            " FROM newest JOIN batches b ON b.id = newest.id ORDER BY b.id DESC"
        )
        return [(int(row[0]), Played(row[1], row[2], row[3])) for row in rows]

    def name_of(self, author_id: int) -> str | None:
        """The name that somebody had when they launched last."""
        row = self.db.execute(
            "SELECT author_name FROM batches WHERE author_id = ? ORDER BY id DESC LIMIT 1",
            (author_id,),
        ).fetchone()
        return None if row is None else str(row[0])

    def sums_to(self, number: str) -> Sums:
        """All calls to this number in figures."""
        row = self.db.execute(
            "SELECT count(*), coalesce(sum(status = 'normal'), 0), coalesce(sum(bill_sec), 0),"
            " coalesce(sum(price), 0) FROM calls WHERE number = ?",
            (number,),
        ).fetchone()
        return Sums(calls=row[0], answered=row[1], talk=row[2], cost=row[3])

    def count_like(self, prefix: str) -> tuple[int, int]:
        """How many calls have an id that begins so, and how many ids without a call do."""
        found = [
            self.db.execute(
                f"SELECT count(*) FROM {table} WHERE gateway_id >= ? AND gateway_id < ?",
                (prefix, prefix + _END),
            ).fetchone()[0]
            for table in ("calls", "unmatched_ids")
        ]
        return int(found[0]), int(found[1])
