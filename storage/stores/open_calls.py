"""The calls that are followed: a call is open, and asked about, while it has a `next_poll_at`."""

import sqlite_utils

from storage.models import Call, CallStatus
from storage.stores.rows import columns, models


class OpenCallStore:
    """An index holds the open calls alone, so a long record costs nothing here."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def heads(self) -> list[tuple[int, float]]:
        """The batches with open calls, and when the first call of each is to be asked about.

        In the order of their ids. Read by leaps over the index, one for each batch.
        """
        rows = self.db.execute(
            "WITH RECURSIVE b (id) AS (SELECT min(batch_id) FROM calls"
            "  WHERE next_poll_at IS NOT NULL UNION ALL SELECT (SELECT min(batch_id) FROM calls"
            "  WHERE next_poll_at IS NOT NULL AND batch_id > b.id) FROM b WHERE b.id IS NOT NULL)"
            " SELECT id, (SELECT min(next_poll_at) FROM calls"
            "  WHERE batch_id = b.id AND next_poll_at IS NOT NULL) FROM b WHERE id IS NOT NULL"
        )
        return [(int(row[0]), float(row[1])) for row in rows]

    def due(self, batch_id: int, now: float, limit: int) -> list[Call]:
        """The calls of a batch that are to be asked about by now, longest due first."""
        return models(
            self.db,
            Call,
            f"SELECT {columns(Call)} FROM calls WHERE batch_id = ?"
            " AND next_poll_at IS NOT NULL AND next_poll_at <= ? ORDER BY next_poll_at LIMIT ?",
            (batch_id, now, limit),
            {"status": CallStatus},
        )

    def any_of(self, batch_id: int) -> bool:
        """Whether any call of a batch is still followed."""
        return (
            self.db.execute(
                "SELECT 1 FROM calls WHERE batch_id = ? AND next_poll_at IS NOT NULL LIMIT 1",
                (batch_id,),
            ).fetchone()
            is not None
        )

    def ask_now(self, gateway_id: str) -> bool:
        """Let a call be asked about before all others of its batch; True if it is open."""
        return (
            self.db.execute(
                "UPDATE calls SET next_poll_at = 0 WHERE gateway_id = ?"
                " AND next_poll_at IS NOT NULL",
                (gateway_id,),
            ).rowcount
            == 1
        )

    def clock_was_put(self, now: float, *, most: float, jumped: bool) -> None:
        """After a start, or a jump of the clock: what lies too far ahead is asked about now.

        Args:
            now: UTC seconds.
            most: the longest pause between two questions.
            jumped: how long a word has held is counted anew, too: a jump is no time that passed.
        """
        self.db.execute(
            "UPDATE calls SET next_poll_at = ? WHERE next_poll_at IS NOT NULL"
            " AND next_poll_at > ?",
            (now, now + most),
        )
        if jumped:
            self.db.execute(
                "UPDATE calls SET status_since = ? WHERE next_poll_at IS NOT NULL"
                " AND status IN ('no_answer', 'user_busy')",
                (now,),
            )
        self.db.execute(
            "UPDATE events SET next_ask_at = ? WHERE next_ask_at IS NOT NULL AND next_ask_at > ?",
            (now, now + most),
        )
