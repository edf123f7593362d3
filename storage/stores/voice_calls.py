"""What was called with a voice: who got it lately, and what it has cost."""

import sqlite_utils

GOES_ON = 7 * 86400.0  # seconds in which a batch may still send, pauses included
LOOKED_AT = 50  # newest batches with a voice among which those with a cost are sought

# Only the batches of the last days are looked at: a voice may have thousands.
_LATELY = """
SELECT DISTINCT c.number FROM batches b
JOIN submissions s ON s.batch_id = b.id
JOIN calls c ON c.submission_id = s.id
WHERE b.voice = :voice AND b.id > max(:after, ifnull((SELECT id FROM batches
    WHERE created_at < :since - :goes_on ORDER BY created_at DESC LIMIT 1), 0))
  AND c.status <> 'skipped' AND (
    (b.event_at >= :since AND s.claimed_at >= :since
      AND s.state IN ('sending', 'accepted', 'unknown', 'left'))
    OR (b.state IN ('running', 'held') AND s.state = 'queued'))
"""
_COSTS = """
SELECT sum(c.price), count(*) FROM calls c WHERE c.gateway_id IS NOT NULL AND c.batch_id IN (
  SELECT b.id FROM (SELECT id, ended_at FROM batches newest {of_voice}
    ORDER BY id DESC LIMIT :looked_at) b WHERE b.ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM calls o WHERE o.batch_id = b.id
      AND o.next_poll_at IS NOT NULL)
    AND EXISTS (SELECT 1 FROM calls p WHERE p.batch_id = b.id AND p.price IS NOT NULL)
  ORDER BY b.id DESC LIMIT :most)
GROUP BY c.batch_id
"""


class VoiceCallStore:
    """Looks over the batches that had one voice; a spoken text counts as one."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def lately(self, voice: str, *, since: float, after: int = 0) -> set[str]:
        """The numbers (E.164) that were called with it since then, may have been, or wait for it.

        Args:
            voice: the gateway's id or the key of a text.
            since: UTC seconds.
            after: only what batches later than this one have called.
        """
        asked = {"voice": voice, "since": since, "after": after, "goes_on": GOES_ON}
        rows = self.db.execute(_LATELY, asked)
        return {row[0] for row in rows}

    def costs(self, voice: str | None, most: int) -> list[tuple[int, int]]:
        """Cost and numbers of the last batches with a voice that are over and have a price.

        In thousandths of a Toman, as many batches as `most`; their placed calls count. Sought
        among the newest fifty with this voice, or of all if it is None.
        """
        of_voice = "" if voice is None else "WHERE voice = :voice"
        asked = {"voice": voice, "most": most, "looked_at": LOOKED_AT}
        rows = self.db.execute(_COSTS.format(of_voice=of_voice), asked)
        return [(int(row[0]), int(row[1])) for row in rows]
