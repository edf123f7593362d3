"""The first wave of a batch: how far its calls are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlite_utils

# Its parts: those of the first numbers; and as long as less than half as many were sent, as the
# others were skipped, those that follow.
_FIRST = """
WITH parts AS (SELECT id, state, ended_at,
    sum(numbers) OVER w - numbers AS before,
    sum(numbers - skipped) OVER w - (numbers - skipped) AS sent_before
  FROM submissions WHERE batch_id = :batch WINDOW w AS (ORDER BY position))
SELECT count(DISTINCT s.id), coalesce(max(s.ended_at), 0.0),
  coalesce(sum(s.state IN ('queued', 'sending')), 0), count(c.gateway_id),
  coalesce(sum(c.gateway_id IS NOT NULL AND (c.final_at IS NOT NULL
    OR c.status = 'no_result')), 0),
  coalesce(sum(c.status IN ('error', 'expired') AND c.final_at IS NOT NULL), 0)
FROM parts s JOIN calls c ON c.submission_id = s.id
WHERE s.before < :count OR 2 * s.sent_before < :count
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWave:
    """What has become of the first numbers of a batch that were not skipped.

    Attributes:
        submissions: in how many submissions they are.
        ended_at: when the last of these had its outcome (UTC seconds); 0 if none has.
        open: how many of the numbers are queued or being sent.
        placed: how many have a call at the gateway.
        final: how many of these are over.
        failed: how many of those ended as error or expired.
    """

    submissions: int
    ended_at: float
    open: int
    placed: int
    final: int
    failed: int

    def is_enough(self, part: float) -> bool:
        """Whether so large a part of what was placed is over; of nothing it is."""
        return self.final >= part * self.placed


class WaveStore:
    """Reads only."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def first(self, batch_id: int, count: int) -> FirstWave:
        """How far the first `count` numbers of a batch are.

        If more than half of them were skipped, what follows takes their place, in whole
        submissions, until half as many were sent.
        """
        row = self.db.execute(_FIRST, {"batch": batch_id, "count": count}).fetchone()
        return FirstWave(
            submissions=row[0],
            ended_at=row[1],
            open=row[2],
            placed=row[3],
            final=row[4],
            failed=row[5],
        )

    def waiting(self, gateway_ids: Sequence[str], now: float) -> list[int]:
        """The running batches of these calls whose first wave has not been judged.

        One that waits for an opening that lies ahead (of `now`, UTC seconds) does not wait for it.
        """
        listed = json.dumps(list(gateway_ids))
        found = self.db.execute(
            "SELECT DISTINCT b.id FROM json_each(?) j JOIN calls c ON c.gateway_id = j.value"
            " JOIN batches b ON b.id = c.batch_id WHERE b.first_wave IS NOT NULL"
            " AND b.first_judged_at IS NULL AND b.state = 'running'"
            " AND coalesce(b.goes_at, 0.0) <= ? ORDER BY b.id",
            (listed, now),
        )
        return [int(row[0]) for row in found]
