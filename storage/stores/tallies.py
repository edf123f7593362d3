"""How much there is of everything, at a cost that does not grow with the record."""

from dataclasses import dataclass

import sqlite_utils

WAITING = """
SELECT
  (SELECT count(*) FROM calls WHERE next_poll_at IS NOT NULL),
  (SELECT count(*) FROM events WHERE next_ask_at IS NOT NULL),
  (SELECT count(*) FROM evidence WHERE state IN ('waiting', 'ambiguous')),
  (SELECT count(*) FROM reports WHERE sent_at IS NULL AND broken IS NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of the record at one moment.

    Attributes:
        batches, submissions, calls: by state or status, every word of the schema among them.
        open_calls: calls that the gateway is still asked about.
        events: events that the gateway has not confirmed yet.
        evidence: what may be about a call of ours and is not settled.
        reports: messages to chats that are not sent yet, also those that are not due.
        behind: for each board that is out of step, its batch and the revision that it shows.
        pauses: reasons for which launching is paused.
    """

    batches: dict[str, int]
    submissions: dict[str, int]
    calls: dict[str, int]
    open_calls: int
    events: int
    evidence: int
    reports: int
    behind: frozenset[tuple[int, int]]
    pauses: int


class TallyStore:
    """Reads the counts that triggers keep, and short partial indexes."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def take(self) -> Tally:
        """All counts, from one consistent state."""
        waiting = self.db.execute(WAITING).fetchone()
        pauses = self.db.execute("SELECT count(*) FROM pauses WHERE ended_at IS NULL").fetchone()
        return Tally(
            batches=self._counts("batches"),
            submissions=self._counts("submissions"),
            calls=self._counts("calls"),
            open_calls=waiting[0],
            events=waiting[1],
            evidence=waiting[2],
            reports=waiting[3],
            behind=self.behind(),
            pauses=pauses[0],
        )

    def behind(self) -> frozenset[tuple[int, int]]:
        """Each board that is out of step: its batch, and the revision that it shows."""
        rows = self.db.execute(
            "SELECT batch_id, shown_revision FROM boards"
            " WHERE shown_revision < revision AND broken IS NULL"
        )
        return frozenset((row[0], row[1]) for row in rows)

    def _counts(self, table: str) -> dict[str, int]:
        cursor = self.db.execute(f"SELECT * FROM {table}_tally")
        words = [column[0] for column in cursor.description]
        return dict(zip(words[1:], cursor.fetchone()[1:], strict=True))
