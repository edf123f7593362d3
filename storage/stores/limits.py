"""Limits as they were set, and how much of them is used.

What is refused, unsent, cancelled or skipped gives its share back; what may have rung keeps it.
"""

from collections.abc import Sequence

import sqlite_utils

from storage.models import Use

# Submissions that count on the day that begins at `:since`: what was claimed on it and may have
# rung, and what is queued and has its share reserved on `:day`. Claims of a time to come count as
# well: the clock was put back, and they did go out.
_COUNTED = """
SELECT s.id, s.batch_id, s.numbers - s.skipped AS numbers FROM submissions s
  WHERE s.claimed_at >= :since
    AND s.state IN ('sending', 'accepted', 'unknown', 'released', 'left')
UNION ALL
SELECT s.id, s.batch_id, s.numbers - s.skipped FROM batches o
  JOIN submissions s ON s.batch_id = o.id AND s.state = 'queued'
    AND s.state IN ('queued', 'sending')
  WHERE o.state IN ('running', 'held') AND o.day = :day
"""
# What a call costs: its price once that is final, nothing if it has ended without one and nobody
# was talked to, and until then at least its part of what its batch was estimated at.
_COST = """
sum(CASE WHEN c.status = 'skipped' THEN 0
  WHEN c.final_at IS NOT NULL AND c.price IS NOT NULL THEN c.price
  WHEN c.final_at IS NOT NULL AND c.status IN ('no_answer', 'user_busy', 'expired', 'error') THEN 0
  ELSE max(coalesce(c.price, 0), coalesce(b.estimate, 0) * 1.0 / b.numbers) END)
"""


class LimitStore:
    """The limits by name, in the units that `bot.calling.limits` says.

    A name without a row has its default.
    """

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def all(self) -> dict[str, int]:
        """Every limit that was set, by name."""
        return {row[0]: int(row[1]) for row in self.db.execute("SELECT name, value FROM limits")}

    def put(self, name: str, value: int) -> None:
        """Set a limit."""
        self.db.execute(
            "INSERT INTO limits (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def numbers(self, *, day: str, since: float, author_id: int | None = None) -> int:
        """How many numbers count for a day, of one member or of all.

        Args:
            day: the local date, as batches carry it.
            since: when it began (UTC seconds).
            author_id: whose batches; None for all.
        """
        whose = "" if author_id is None else " WHERE b.author_id = :author"
        row = self.db.execute(
            f"SELECT coalesce(sum(one.numbers), 0) FROM ({_COUNTED}) one"
            f" JOIN batches b ON b.id = one.batch_id{whose}",
            {"day": day, "since": since, "author": author_id},
        ).fetchone()
        return int(row[0])

    def people(self, *, day: str, since: float) -> list[Use]:
        """How many numbers count for a day, by member, the most first; each by their last name."""
        rows = self.db.execute(
            "SELECT b.author_id, b.author_name, sum(one.numbers), max(b.id)"
            f" FROM ({_COUNTED}) one JOIN batches b ON b.id = one.batch_id"
            " GROUP BY b.author_id HAVING sum(one.numbers) > 0 ORDER BY 3 DESC, 1",
            {"day": day, "since": since},
        )
        return [Use(user_id=row[0], name=row[1], numbers=int(row[2])) for row in rows]

    def cost(self, *, day: str, since: float) -> int:
        """What a day has cost, and what is open may cost, in thousandths of a Toman."""
        row = self.db.execute(
            f"SELECT coalesce({_COST}, 0) FROM ({_COUNTED}) one"
            " JOIN batches b ON b.id = one.batch_id JOIN calls c ON c.submission_id = one.id",
            {"day": day, "since": since},
        ).fetchone()
        return int(row[0] + 0.5)

    def days_after(self, day: str) -> list[str]:
        """The days after this one on which something open has its share reserved."""
        rows = self.db.execute(
            "SELECT DISTINCT day FROM batches WHERE state IN ('running', 'held') AND day > ?"
            " ORDER BY day",
            (day,),
        )
        return [row[0] for row in rows]

    def reached(self, numbers: Sequence[str], *, since: float, most: int) -> frozenset[str]:
        """Those of the numbers (E.164) that were called `most` times since then, or may have been.

        Every batch counts, whoever launched it.
        """
        listed = "[" + ",".join(f'"{number}"' for number in numbers) + "]"
        found = self.db.execute(
            f"SELECT j.value FROM json_each(:numbers) j WHERE {called_since('j.value')} >= :most",
            {"numbers": listed, "since": since, "most": most, "submission": 0},
        )
        return frozenset(row[0] for row in found)

    def most_called(self, since: float) -> int:
        """How often the number was called since then that was called most; 0 if none was."""
        row = self.db.execute(
            # The day's submissions come first, or every call that there is would be read.
            "SELECT max(times) FROM (SELECT count(*) AS times FROM submissions x"
            " CROSS JOIN calls e ON e.submission_id = x.id WHERE x.claimed_at >= ?"
            " AND x.state IN ('sending', 'accepted', 'unknown', 'released', 'left')"
            " AND e.status <> 'skipped' GROUP BY e.number) one",
            (since,),
        ).fetchone()
        return int(row[0] or 0)


def called_since(number: str) -> str:
    """SQL that counts the calls to a number since `:since`, but for those of `:submission`."""
    return (
        f"(SELECT count(*) FROM calls e JOIN submissions x ON x.id = e.submission_id"
        f" WHERE e.number = {number} AND e.status <> 'skipped' AND x.claimed_at >= :since"
        " AND x.state IN ('sending', 'accepted', 'unknown', 'released', 'left')"
        " AND x.id <> :submission)"
    )
