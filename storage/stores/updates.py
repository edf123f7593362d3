"""Updates that were handled, so that one that comes again is silent."""

import sqlite_utils

KEPT = 7 * 24 * 3600  # seconds; Telegram redelivers for 24 h at most, then its ids may restart


class UpdateStore:
    """Dedupes by membership, never by order: after a week's silence the ids restart at random."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def take(self, update_id: int, now: float) -> bool:
        """Mark the update as seen; True if it is new, False if it was seen before."""
        cursor = self.db.execute(
            "INSERT OR IGNORE INTO seen_updates (update_id, seen_at) VALUES (?, ?)",
            (update_id, now),
        )
        return cursor.rowcount == 1

    def prune(self, now: float) -> int:
        """Forget what is older than 7 days, and return how many that were."""
        return self.db.execute(
            "DELETE FROM seen_updates WHERE seen_at < ?", (now - KEPT,)
        ).rowcount
