"""Numbers of what is long over become hashes; each statement here says which rows that are.

A batch is redacted together with its whole chain, or not at all. Whether it is shows in its first
call; so a run that was killed is taken up by the next one, which goes by what stands there.
What is open, scheduled, saved or on the do-not-call list is never named here.
"""

import sqlite3
from collections.abc import Callable, Sequence

import sqlite_utils

from storage.masking import masked

GONE = "…"  # in place of a number inside a text


def _is_redacted(batch: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM calls first WHERE first.batch_id = {batch}"
        " AND first.position = 1 AND first.number GLOB '#*')"
    )


_OVER = f"b.ended_at IS NOT NULL AND b.ended_at < :before AND NOT {_is_redacted('b.id')}"
# What keeps a chain as it is, as long as it is true of any of its batches.
_OPEN = """
SELECT EXISTS (SELECT 1 FROM batches b WHERE b.id IN ({ids})
    AND (b.ended_at IS NULL OR b.ended_at >= ?))
  OR EXISTS (SELECT 1 FROM submissions s WHERE s.batch_id IN ({ids})
    AND (s.state IN ('queued', 'sending', 'unknown')
      OR EXISTS (SELECT 1 FROM evidence_fits f JOIN evidence v ON v.id = f.evidence_id
        WHERE f.submission_id = s.id AND v.state IN ('waiting', 'ambiguous'))))
  OR EXISTS (SELECT 1 FROM calls c WHERE c.batch_id IN ({ids}) AND (c.next_poll_at IS NOT NULL
    OR (c.gateway_id IS NOT NULL AND (
      (c.final_at IS NULL AND c.status <> 'no_result')
      OR EXISTS (SELECT 1 FROM events e WHERE e.gateway_id = c.gateway_id
        AND e.state = 'hint')))))
  OR EXISTS (SELECT 1 FROM drafts d WHERE d.state = 'open' AND d.source_batch_id IN ({ids}))
"""
_BATCH = (
    """
    UPDATE submissions SET body = NULL, reason = without_numbers(reason),
      code = without_numbers(code)
    WHERE batch_id = :batch
    """,
    """
    UPDATE unmatched_ids SET number = redacted(number), word = without_numbers(word)
    WHERE submission_id IN (SELECT id FROM submissions WHERE batch_id = :batch)
    """,
    """
    UPDATE batches SET fingerprint = substr(redacted(fingerprint), 2, 32),
      window_reason = without_numbers(window_reason), spoken = without_numbers(spoken),
      voice_name = without_numbers(voice_name), list_name = without_numbers(list_name)
    WHERE id = :batch
    """,
)
# Of calls of ours once their batch is redacted; of nobody's calls once nothing waits for them.
_EVENTS = f"""
UPDATE events SET number = redacted(number), body = x'', digest = redacted_digest(digest),
  word = without_numbers(word)
WHERE id > :after AND id <= :last AND state <> 'hint'
  AND (number NOT GLOB '#*' OR length(body) > 0)
  AND CASE WHEN EXISTS (SELECT 1 FROM calls c WHERE c.gateway_id = events.gateway_id)
    THEN EXISTS (SELECT 1 FROM calls c WHERE c.gateway_id = events.gateway_id
      AND {_is_redacted("c.batch_id")})
    ELSE received_at < :before AND NOT EXISTS (SELECT 1 FROM evidence v
      WHERE v.gateway_id = events.gateway_id AND v.state IN ('waiting', 'ambiguous')) END
"""
_EVIDENCE = f"""
UPDATE evidence SET number = redacted(number), detail = without_numbers(detail)
WHERE id > :after AND id <= :last AND state IN ('adopted', 'disagrees')
  AND number NOT GLOB '#*' AND given_at < :before
  AND (submission_id IS NULL OR EXISTS (SELECT 1 FROM submissions s
    WHERE s.id = evidence.submission_id AND {_is_redacted("s.batch_id")}))
  AND NOT EXISTS (SELECT 1 FROM evidence_fits f JOIN submissions s ON s.id = f.submission_id
    WHERE f.evidence_id = evidence.id AND NOT {_is_redacted("s.batch_id")})
"""
# A draft of today that was made of an old one is its own; an open one has not been closed.
_DRAFTS = f"""
SELECT id, content FROM drafts WHERE id > :after AND id <= :last AND state <> 'open'
  AND created_at < :before AND expires_at < :before
  AND (batch_id IS NULL OR {_is_redacted("drafts.batch_id")}) ORDER BY id
"""
_SCHEDULES = f"""
SELECT id, content FROM schedules WHERE id > :after AND id <= :last
  AND state IN ('ended', 'cancelled') AND made_at < :before
  AND (batch_id IS NULL OR {_is_redacted("schedules.batch_id")})
  AND NOT EXISTS (SELECT 1 FROM schedule_runs r WHERE r.schedule_id = schedules.id
    AND NOT {_is_redacted("r.batch_id")})
  AND NOT EXISTS (SELECT 1 FROM schedule_asks a WHERE a.schedule_id = schedules.id
    AND a.answer IS NULL) ORDER BY id
"""
_REMOVED = """
SELECT o.id FROM {owners} o WHERE o.id > ? AND o.removed_at < ?
  AND EXISTS (SELECT 1 FROM {numbers} n WHERE n.{owner} = o.id
    AND (n.number NOT GLOB '#*' OR n.name IS NOT NULL)) ORDER BY o.id LIMIT 1
"""
# Names and texts of lists, voices and launches; nobody finds a removed one by its name.
_REMOVED_TEXTS = tuple(
    f"UPDATE {table} SET {', '.join(f'{of} = without_numbers({of})' for of in columns)}"
    " WHERE removed_at < ? AND "
    f"({' OR '.join(f'{of} IS NOT without_numbers({of})' for of in columns)})"
    for table, columns in (
        ("lists", ("name", "name_key")),
        ("voices", ("name", "name_key")),
        ("launches", ("name", "name_key", "spoken")),
    )
)


class RedactionStore:
    """Used by one process alone, while no bot runs; `use` comes first in each transaction."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def use(self, hashed: Callable[[str], str]) -> None:
        """Let this connection hash numbers so, and write zeros over what it frees.

        Args:
            hashed: from a text to `#` and hex digits.
        """

        def redacted(text: str | None) -> str | None:
            return text if text is None or text.startswith("#") else hashed(text)

        def without_numbers(text: str | None) -> str | None:
            return None if text is None else masked(text, lambda _: GONE)

        def redacted_digest(digest: bytes) -> bytes:
            return bytes.fromhex(hashed(digest.hex())[1 : 1 + 2 * len(digest)])

        connection: sqlite3.Connection = self.db.conn
        connection.create_function("redacted", 1, redacted, deterministic=True)
        connection.create_function("without_numbers", 1, without_numbers, deterministic=True)
        connection.create_function("redacted_digest", 1, redacted_digest, deterministic=True)
        connection.execute("PRAGMA secure_delete=ON").close()

    def waiting(self, before: float) -> tuple[int, int]:
        """How many batches ended before then (UTC seconds) and are not redacted; their numbers."""
        row = self.db.execute(
            f"SELECT count(*), coalesce(sum(numbers), 0) FROM batches b WHERE {_OVER}",
            {"before": before},
        ).fetchone()
        return int(row[0]), int(row[1])

    def firsts(self, before: float, after: int, limit: int) -> list[int]:
        """Ids of first batches of chains, above `after`, that ended before then, in order."""
        rows = self.db.execute(
            f"SELECT b.id FROM batches b WHERE b.id > :after AND b.follows IS NULL AND {_OVER}"
            " ORDER BY b.id LIMIT :limit",
            {"before": before, "after": after, "limit": limit},
        )
        return [int(row[0]) for row in rows]

    def is_open(self, batch_ids: Sequence[int], before: float) -> bool:
        """Whether anything of these batches may still change, or ended only after then.

        Something is to be sent, asked, decided or confirmed; an id or an event is not settled.
        """
        ids = ", ".join(str(int(batch_id)) for batch_id in batch_ids)
        return bool(self.db.execute(_OPEN.format(ids=ids), (before,)).fetchone()[0])

    def numbers_of(self, batch_ids: Sequence[int]) -> int:
        """How many numbers these batches have together."""
        ids = ", ".join(str(int(batch_id)) for batch_id in batch_ids)
        row = self.db.execute(f"SELECT sum(numbers) FROM batches WHERE id IN ({ids})").fetchone()
        return int(row[0])

    def batch(self, batch_id: int) -> int:
        """Redact a batch: its numbers and names, answers and ids; returns how many numbers."""
        for statement in _BATCH:
            self.db.execute(statement, {"batch": batch_id})
        return self.db.execute(
            "UPDATE calls SET number = redacted(number), name = NULL,"
            " word = without_numbers(word) WHERE batch_id = ?",
            (batch_id,),
        ).rowcount

    def last(self, table: str, after: int, limit: int) -> int | None:
        """The id at which a piece of a table ends that begins above `after`; None at its end."""
        row = self.db.execute(
            f"SELECT max(id) FROM (SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT ?)",
            (after, limit),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def events(self, before: float, after: int, last: int) -> int:
        """Redact the gateway's events of a piece; returns how many."""
        return self._piece(_EVENTS, before, after, last)

    def evidence(self, before: float, after: int, last: int) -> int:
        """Redact settled evidence of a piece; returns how many."""
        return self._piece(_EVIDENCE, before, after, last)

    def drafts(self, before: float, after: int, last: int) -> list[tuple[int, str]]:
        """Ids and contents of the drafts of a piece that were closed before then."""
        return self._contents(_DRAFTS, before, after, last)

    def schedules(self, before: float, after: int, last: int) -> list[tuple[int, str]]:
        """Ids and contents of the schedules of a piece that are over, all they made redacted."""
        return self._contents(_SCHEDULES, before, after, last)

    def put_draft(self, draft_id: int, content: str) -> None:
        """Give a closed draft other content."""
        self.db.execute("UPDATE drafts SET content = ? WHERE id = ?", (content, draft_id))

    def put_schedule(self, schedule_id: int, content: str) -> None:
        """Give a schedule that is over other content, and forget what its list had last."""
        self.db.execute(
            "UPDATE schedules SET content = ?, last_numbers = NULL WHERE id = ?",
            (content, schedule_id),
        )

    def removed_list(self, before: float, after: int) -> int | None:
        """The next list above `after` that was removed before then and has numbers."""
        return self._removed("lists", "list_numbers", "list_id", before, after)

    def removed_launch(self, before: float, after: int) -> int | None:
        """The next saved launch above `after` that was removed before then and has numbers."""
        return self._removed("launches", "launch_numbers", "launch_id", before, after)

    def list_numbers(self, list_id: int) -> int:
        """Redact the numbers of a list, and their names; returns how many."""
        return self.db.execute(
            "UPDATE list_numbers SET number = redacted(number), name = NULL WHERE list_id = ?",
            (list_id,),
        ).rowcount

    def launch_numbers(self, launch_id: int) -> int:
        """Redact the numbers of a saved launch, and their names; returns how many."""
        return self.db.execute(
            "UPDATE launch_numbers SET number = redacted(number), name = NULL WHERE launch_id = ?",
            (launch_id,),
        ).rowcount

    def forget_taken_off(self, before: float) -> int:
        """Forget what was taken off lists that have not changed since; returns how many."""
        return self.db.execute(
            "DELETE FROM list_taken_off WHERE list_id IN (SELECT id FROM lists"
            " WHERE changed_at < :before OR removed_at < :before)",
            {"before": before},
        ).rowcount

    def old_texts(self, before: float) -> int:
        """Take numbers out of the names and texts of what was removed before then."""
        return sum(self.db.execute(statement, (before,)).rowcount for statement in _REMOVED_TEXTS)

    def questions(self, before: float) -> int:
        """Forget what answered questions were about that were asked before then."""
        return self.db.execute(
            "UPDATE questions SET about = '' WHERE asked_at < ? AND answered_at IS NOT NULL"
            " AND about <> ''",
            (before,),
        ).rowcount

    def old_questions(self, before: float) -> int:
        """Forget questions that nobody can answer any more; returns how many."""
        return self.db.execute("DELETE FROM questions WHERE asked_at < ?", (before,)).rowcount

    def off_do_not_call(self, before: float) -> int:
        """Redact what was taken off the do-not-call list before then; returns how many."""
        return self.db.execute(
            "UPDATE do_not_call SET number = redacted(number), reason = without_numbers(reason),"
            " removed_reason = without_numbers(removed_reason)"
            " WHERE removed_at < ? AND number NOT GLOB '#*'",
            (before,),
        ).rowcount

    def _piece(self, statement: str, before: float, after: int, last: int) -> int:
        given = {"before": before, "after": after, "last": last}
        return self.db.execute(statement, given).rowcount

    def _contents(
        self, statement: str, before: float, after: int, last: int
    ) -> list[tuple[int, str]]:
        given = {"before": before, "after": after, "last": last}
        return [(int(row[0]), row[1]) for row in self.db.execute(statement, given)]

    def _removed(
        self, owners: str, numbers: str, owner: str, before: float, after: int
    ) -> int | None:
        statement = _REMOVED.format(owners=owners, numbers=numbers, owner=owner)
        row = self.db.execute(statement, (after, before)).fetchone()
        return None if row is None else int(row[0])
