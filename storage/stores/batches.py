"""Batches: made whole with their submissions and calls, then only moved along the state table."""

import sqlite_utils

from storage.models import (
    Batch,
    BatchState,
    HoldReason,
    NewBatch,
    Person,
    StopReason,
    SubmissionState,
)
from storage.stores.rows import columns, models

_READ = {"state": BatchState, "hold_reason": HoldReason, "stop_reason": StopReason}
AT_ONCE = 0.0  # a time that has come, even if the clock is put back
_NOTHING_SENT = (SubmissionState.REFUSED, SubmissionState.UNSENT, SubmissionState.CANCELLED)


class BatchStore:
    """A batch is committed with all its numbers before anything is sent, and never gains one."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, new: NewBatch, *, now: float) -> int:
        """Record a batch with all that it will ever send, and return its id.

        The time to undo, or the opening that it waits for, holds back its first submission; the
        others wait for that one anyway.
        """
        not_before = max(new.undo_until or AT_ONCE, new.goes_at or AT_ONCE)
        cursor = self.db.execute(
            "INSERT INTO batches (state, asked_by, voice, retry_count, server_id, author_id,"
            " author_name, chat_id, numbers, submissions, repeated, fingerprint, follows,"
            " followed_as, created_at, event_at, voice_name, spoken, list_ref, list_name,"
            " launch_ref, undo_until, goes_at, day, estimate, window_by, window_name,"
            " window_reason, window_until, approval_asked_at, approved_by, approved_name,"
            " approved_at, first_wave, first_wait, first_share)"
            " VALUES ('running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                new.asked_by,
                new.voice,
                new.retry_count,
                new.server_id,
                new.author.id,
                new.author.name,
                new.place.chat_id,
                sum(len(cut) for cut in new.cuts),
                len(new.cuts),
                new.repeated,
                new.fingerprint,
                new.follows,
                new.followed_as,
                now,
                now,
                new.voice_name,
                new.spoken,
                new.list_ref,
                new.list_name,
                new.launch_ref,
                new.undo_until,
                new.goes_at,
                new.day,
                new.estimate,
                new.window and new.window.id,
                new.window and new.window.name,
                new.window_reason,
                new.window_until,
                new.approval_asked_at,
                new.approved and new.approved.id,
                new.approved and new.approved.name,
                new.approved_at,
                new.first_wave,
                new.first_wait,
                new.first_share,
            ),
        )
        batch_id = int(cursor.lastrowid or 0)
        position = 0
        for order, cut in enumerate(new.cuts, start=1):
            submission_id = self.db.execute(
                "INSERT INTO submissions (batch_id, position, state, numbers, not_before)"
                " VALUES (?, ?, 'queued', ?, ?)",
                (batch_id, order, len(cut), not_before if order == 1 else AT_ONCE),
            ).lastrowid
            self.db.conn.executemany(
                "INSERT INTO calls (batch_id, submission_id, position, number, status, name)"
                " VALUES (?, ?, ?, ?, 'planned', ?)",
                [
                    (batch_id, submission_id, position + place, number, new.names.get(number))
                    for place, number in enumerate(cut, start=1)
                ],
            )
            position += len(cut)
        self.db.conn.executemany(
            "INSERT INTO follow_ups (source_id, batch_id) VALUES (?, ?)",
            [(source, batch_id) for source in new.sources],
        )
        return batch_id

    def get(self, batch_id: int) -> Batch | None:
        """One batch."""
        found = self._select("WHERE id = ?", batch_id)
        return found[0] if found else None

    def asked(self, asked_by: str) -> Batch | None:
        """The batch that this message or draft has become."""
        found = self._select("WHERE asked_by = ?", asked_by)
        return found[0] if found else None

    def latest(self, limit: int) -> list[Batch]:
        """The newest batches, newest first."""
        return self._select("ORDER BY id DESC LIMIT ?", limit)

    def latest_in_chat(self, chat_id: int) -> Batch | None:
        """The newest batch that was launched in this chat."""
        found = self._select("WHERE chat_id = ? ORDER BY id DESC LIMIT 1", chat_id)
        return found[0] if found else None

    def latest_in_topic(self, chat_id: int, thread_id: int | None) -> Batch | None:
        """The newest batch whose board is in this topic of a chat; None is the chat itself."""
        found = self._select(
            "WHERE id = (SELECT max(batch_id) FROM boards WHERE chat_id = ? AND thread_id IS ?)",
            chat_id,
            thread_id,
        )
        return found[0] if found else None

    def in_state(self, state: BatchState) -> list[Batch]:
        """All batches that are in this state, oldest first; `running` and `held` use an index."""
        open_ones = " AND state IN ('running', 'held')" if state in ("running", "held") else ""
        return self._select(f"WHERE state = ?{open_ones} ORDER BY id", state)

    def duplicate(self, fingerprint: str, since: float) -> Batch | None:
        """The newest batch of the same voice and numbers since then, if it may have rung anyone.

        A batch that ended with nothing sent does not count.
        """
        found = self._select(
            "WHERE fingerprint = ? AND created_at >= ? AND NOT (state IN ('finished', 'stopped')"
            " AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.batch_id = batches.id"
            " AND s.state NOT IN (?, ?, ?))) ORDER BY id DESC LIMIT 1",
            fingerprint,
            since,
            *_NOTHING_SENT,
        )
        return found[0] if found else None

    def happened(self, batch_id: int, now: float) -> None:
        """Note that something happened to the batch, for the freshness of its next claim."""
        self.db.execute(
            "UPDATE batches SET event_at = ?, revision = revision + 1 WHERE id = ?",
            (now, batch_id),
        )

    def hold(
        self, batch_id: int, reason: HoldReason, *, now: float, by: Person | None = None
    ) -> None:
        """Hold a running batch, or give a held one a new hold with its own number and reason."""
        self.db.execute(
            "UPDATE batches SET state = 'held', hold_no = hold_no + 1, hold_reason = ?,"
            " hold_by = ?, hold_name = ?, held_at = ?, revision = revision + 1 WHERE id = ?",
            (reason, by and by.id, by and by.name, now, batch_id),
        )

    def resume(self, batch_id: int, *, now: float, by: Person | None = None) -> None:
        """Let a held batch go on; it is fresh from now.

        Whatever its parts had waited for is over with that, too: a back-off, a pause, the first
        wave. It may lie far ahead, above all if the clock was put back. The time to undo is left.
        """
        self.db.execute(
            "UPDATE submissions SET not_before = ? WHERE batch_id = ? AND state = 'queued'"
            " AND not_before > ? AND (attempts > 0 OR not_before IS NOT"
            "  (SELECT undo_until FROM batches b WHERE b.id = batch_id AND b.created_at <= ?))",
            (now, batch_id, now, now),
        )
        self.db.execute(
            "UPDATE batches SET state = 'running', event_at = ?, resumed_by = ?, resumed_name = ?,"
            " revision = revision + 1 WHERE id = ?",
            (now, by and by.id, by and by.name, batch_id),
        )

    def finish(self, batch_id: int, *, now: float) -> None:
        """End a batch in which nothing is queued or sending; the schema refuses any other."""
        self.db.execute(
            "UPDATE batches SET state = 'finished', ended_at = ?, revision = revision + 1"
            " WHERE id = ?",
            (now, batch_id),
        )

    def stop(
        self, batch_id: int, reason: StopReason, *, now: float, by: Person | None = None
    ) -> None:
        """Cancel what is queued and stop the batch."""
        self.db.execute(
            "UPDATE submissions SET state = 'cancelled', ended_at = ?"
            " WHERE batch_id = ? AND state = 'queued'",
            (now, batch_id),
        )
        self.db.execute(
            "UPDATE batches SET state = 'stopped', ended_at = ?, stop_reason = ?, stop_by = ?,"
            " stop_name = ?, revision = revision + 1 WHERE id = ?",
            (now, reason, by and by.id, by and by.name, batch_id),
        )

    def reserve_on(self, batch_id: int, day: str) -> None:
        """Let the batch's share of the limits count on this local date."""
        self.db.execute("UPDATE batches SET day = ? WHERE id = ?", (day, batch_id))

    def judged(self, batch_id: int, now: float) -> None:
        """Note that the first wave has been looked at, so that the rest may go."""
        self.db.execute("UPDATE batches SET first_judged_at = ? WHERE id = ?", (now, batch_id))

    def call_outside(self, batch_id: int, reason: str, *, by: Person, until: float | None) -> None:
        """Note who lets a batch go out outside the calling window, why, and until when (UTC)."""
        self.db.execute(
            "UPDATE batches SET window_by = ?, window_name = ?, window_reason = ?,"
            " window_until = ?, revision = revision + 1 WHERE id = ?",
            (by.id, by.name, reason, until, batch_id),
        )

    def go_at(self, batch_id: int, at: float | None) -> None:
        """Note the opening of the calling window that the batch waits for (UTC), or that none."""
        self.db.execute("UPDATE batches SET goes_at = ? WHERE id = ?", (at, batch_id))

    def opens(self, batch_id: int, at: float | None) -> None:
        """Note the opening of the calling window for which its rest would have to wait (UTC)."""
        self.db.execute(
            "UPDATE batches SET opens_at = ?, revision = revision + 1 WHERE id = ?",
            (at, batch_id),
        )

    def touch(self, batch_id: int) -> None:
        """Let the board be drawn again although no state has changed."""
        self.db.execute("UPDATE batches SET revision = revision + 1 WHERE id = ?", (batch_id,))

    def follow_ups_of(self, submission_ids: list[int]) -> list[int]:
        """Ids of the follow-ups that took these submissions, and of all that follow those."""
        if not submission_ids:
            return []
        marks = ", ".join("?" * len(submission_ids))
        rows = self.db.execute(
            f"WITH RECURSIVE chain (id) AS (SELECT batch_id FROM follow_ups"
            f" WHERE source_id IN ({marks}) UNION SELECT f.batch_id FROM chain"
            " JOIN submissions s ON s.batch_id = chain.id"
            " JOIN follow_ups f ON f.source_id = s.id) SELECT id FROM chain ORDER BY id",
            submission_ids,
        )
        return [int(row[0]) for row in rows]

    def _select(self, tail: str, *values: object) -> list[Batch]:
        return models(
            self.db,
            Batch,
            f"SELECT {columns(Batch)} FROM batches {tail}",
            values,
            _READ,
        )
