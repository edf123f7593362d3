"""Figures over many calls, made by SQLite: one row per batch leaves it, not one per call."""

from dataclasses import dataclass

import sqlite_utils

from storage.models import Played


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFigures:
    """One batch in figures.

    `placed` are the numbers for which an id came, `talk` is in seconds, `cost` in thousandths of
    a Toman.
    """

    created_at: float
    played: Played
    author_id: int
    author_name: str
    numbers: int
    placed: int
    answered: int
    talk: int
    cost: int


class StatisticsStore:
    """Reads only."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def of_batches(self, since: float, until: float) -> list[BatchFigures]:
        """The batches that were launched from `since` to before `until` (UTC), oldest first."""
        # The sums of each batch in one pass over its calls, which lie side by side in the file.
        rows = self.db.execute(
            "SELECT b.created_at, b.voice, b.author_id, b.author_name, b.numbers,"
            " count(c.gateway_id), sum(c.status = 'normal'), coalesce(sum(c.bill_sec), 0),"
            " coalesce(sum(c.price), 0), b.voice_name, b.spoken"
            " FROM batches b CROSS JOIN calls c ON c.batch_id = b.id"
            " WHERE b.created_at >= ? AND b.created_at < ? GROUP BY b.created_at, b.id",
            (since, until),
        )
        return [
            BatchFigures(
                created_at=row[0],
                played=Played(row[1], row[9], row[10]),
                author_id=row[2],
                author_name=row[3],
                numbers=row[4],
                placed=row[5],
                answered=row[6],
                talk=row[7],
                cost=row[8],
            )
            for row in rows
        ]
