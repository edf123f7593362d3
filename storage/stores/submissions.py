"""Submissions: one POST each, claimed once per attempt, its outcome recorded once.

Invariant: a row in `sending` is the only permission to POST, and each attempt has its own claim.
"""

import zlib
from dataclasses import dataclass

import sqlite_utils

from storage.models import Claims, Person, Submission, SubmissionState
from storage.stores.chain_sql import CHAIN, EVIDENCE_WAITS, MAY_HAVE_RUNG, UNTAKEN
from storage.stores.rows import columns, models

_READ = {"state": SubmissionState}
# The opening that the batch of a submission was told to wait for.
_GOES_AT = "(SELECT coalesce(b.goes_at, 0.0) FROM batches b WHERE b.id = submissions.batch_id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A queued submission whose turn it is, and when something last happened to its batch."""

    submission_id: int
    batch_id: int
    event_at: float
    not_before: float


class SubmissionStore:
    """Moves of submissions; which moves exist is enforced by the schema."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def get(self, submission_id: int) -> Submission | None:
        """One submission."""
        found = self._select("WHERE id = ?", submission_id)
        return found[0] if found else None

    def of_batch(self, batch_id: int) -> list[Submission]:
        """The submissions of a batch in their order."""
        return self._select("WHERE batch_id = ? ORDER BY position", batch_id)

    def in_state(self, state: SubmissionState) -> list[Submission]:
        """All submissions in this state, oldest first; `queued` and `sending` use an index."""
        open_ones = " AND state IN ('queued', 'sending')" if state in ("queued", "sending") else ""
        return self._select(f"WHERE state = ?{open_ones} ORDER BY batch_id, position", state)

    def due(self, now: float, *, put_back: float, limit: int = -1) -> list[Due]:
        """The next submission of each running batch whose time has come, longest waiting first.

        A batch with something `sending`, or whose first queued submission is not due yet, has
        none. A wait whose batch has its last event over `put_back` seconds ahead of now is as
        good as over: the clock was put back.
        """
        rows = self.db.execute(
            "SELECT s.id, s.batch_id, b.event_at, s.not_before FROM batches b"
            " JOIN submissions s ON s.batch_id = b.id AND s.state IN ('queued', 'sending')"
            " AND s.position = (SELECT min(o.position) FROM submissions o"
            "  WHERE o.batch_id = b.id AND o.state IN ('queued', 'sending'))"
            " WHERE b.state = 'running' AND b.state IN ('running', 'held') AND s.state = 'queued'"
            " AND (s.not_before <= ? OR b.event_at > ?)"
            " ORDER BY max(b.event_at, s.not_before), s.id LIMIT ?",
            (now, now + put_back, limit),
        )
        return [
            Due(submission_id=row[0], batch_id=row[1], event_at=row[2], not_before=row[3])
            for row in rows
        ]

    def next_due_at(self, now: float) -> float | None:
        """When the next submission of a running batch that is not due yet will be (UTC)."""
        row = self.db.execute(
            "SELECT min(s.not_before) FROM batches b JOIN submissions s ON s.batch_id = b.id"
            " AND s.state IN ('queued', 'sending') WHERE b.state = 'running'"
            " AND b.state IN ('running', 'held') AND s.state = 'queued' AND s.not_before > ?",
            (now,),
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def delay_next(self, batch_id: int, until: float) -> None:
        """Let the next submission of a batch wait until then (UTC), unless it was tried before.

        One that waits for an opening waits for that at least.
        """
        self.db.execute(
            f"UPDATE submissions SET not_before = max(?, {_GOES_AT}) WHERE state = 'queued'"
            " AND attempts = 0 AND batch_id = ? AND position = (SELECT min(position)"
            "  FROM submissions WHERE batch_id = ? AND state = 'queued')",
            (until, batch_id, batch_id),
        ).close()

    def wait_until(self, batch_id: int, at: float) -> None:
        """Let the next submission of a batch wait until then (UTC), whatever it waited for."""
        self.db.execute(
            "UPDATE submissions SET not_before = ? WHERE state = 'queued' AND batch_id = ?"
            " AND position = (SELECT min(position) FROM submissions"
            "  WHERE batch_id = ? AND state = 'queued')",
            (at, batch_id, batch_id),
        ).close()

    def claim(self, submission_id: int, now: float) -> bool:
        """Move `queued` to `sending`; True only if this very call changed the row."""
        cursor = self.db.execute(
            "UPDATE submissions SET state = 'sending', attempts = attempts + 1, claimed_at = ?,"
            " reason = NULL WHERE id = ? AND state = 'queued' AND not_before <= ?"
            " AND (SELECT state FROM batches WHERE id = batch_id) = 'running'"
            " AND NOT EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL)",
            (now, submission_id, now),
        )
        return cursor.rowcount == 1

    def requeue(self, submission_id: int, *, not_before: float, reason: str) -> None:
        """Back to `queued` after an attempt that surely was not sent; an opening is waited for."""
        self.db.execute(
            f"UPDATE submissions SET state = 'queued', not_before = max(?, {_GOES_AT}), reason = ?"
            " WHERE id = ? AND state = 'sending'",
            (not_before, reason, submission_id),
        )

    def end(
        self,
        submission_id: int,
        state: SubmissionState,
        *,
        now: float,
        reason: str | None = None,
        code: str | None = None,
        http_status: int | None = None,
        campaign_id: str | None = None,
        body: bytes = b"",
    ) -> bool:
        """Record the outcome of a POST with the raw body, compressed; True if it was `sending`."""
        cursor = self.db.execute(
            "UPDATE submissions SET state = ?, ended_at = ?, reason = ?, code = ?,"
            " http_status = ?, campaign_id = ?, body = ? WHERE id = ? AND state = 'sending'",
            (
                state,
                now,
                reason,
                code,
                http_status,
                campaign_id,
                zlib.compress(body) if body else None,
                submission_id,
            ),
        )
        return cursor.rowcount == 1

    def claims(self) -> Claims:
        """The claims that this record knows of; reads every submission."""
        row = self.db.execute(
            "SELECT coalesce(sum(attempts), 0), coalesce(max(id), 0) FROM submissions"
            " WHERE attempts > 0"
        ).fetchone()
        return Claims(count=int(row[0]), highest=int(row[1]))

    def keep_campaign(self, submission_id: int, campaign_id: str) -> None:
        """Keep the gateway's id of the batch, where none is known yet."""
        self.db.execute(
            "UPDATE submissions SET campaign_id = ? WHERE id = ? AND campaign_id IS NULL",
            (campaign_id, submission_id),
        )

    def cancel(self, submission_id: int, *, now: float) -> None:
        """Cancel a queued submission, none of whose numbers is left."""
        self.db.execute(
            "UPDATE submissions SET state = 'cancelled', ended_at = ?"
            " WHERE id = ? AND state = 'queued'",
            (now, submission_id),
        )

    def decide(
        self, submission_id: int, state: SubmissionState, *, by: Person, now: float
    ) -> bool:
        """Record what a person, or evidence, says of a submission; True if it was still open.

        An `unknown` one may become anything, a `released` or `left` one only `accepted`.
        """
        cursor = self.db.execute(
            "UPDATE submissions SET state = ?, decided_by = ?, decided_name = ?, decided_at = ?"
            " WHERE id = ? AND (state = 'unknown'"
            " OR (? = 'accepted' AND state IN ('released', 'left')))",
            (state, by.id, by.name, now, submission_id, state),
        )
        return cursor.rowcount == 1

    def body(self, submission_id: int) -> bytes:
        """The raw answer of the gateway as it was read; empty if there was none."""
        row = self.db.execute(
            "SELECT body FROM submissions WHERE id = ?", (submission_id,)
        ).fetchone()
        return b"" if row is None or row[0] is None else zlib.decompress(row[0])

    def left_to_send(self, batch_id: int) -> tuple[int, int]:
        """How many submissions of a batch are `queued`, and how many are `sending`."""
        row = self.db.execute(
            "SELECT coalesce(sum(state = 'queued'), 0), coalesce(sum(state = 'sending'), 0)"
            " FROM submissions WHERE batch_id = ? AND state IN ('queued', 'sending')",
            (batch_id,),
        ).fetchone()
        return int(row[0]), int(row[1])

    def to_try_again(self, batch_id: int) -> list[Submission]:
        """The submissions of a batch that surely did not ring and that no follow-up has taken.

        Refused, unsent and released ones; in a follow-up by *Try again* also cancelled ones.
        Those with evidence waiting are left out, and those of which the rest of the chain speaks
        against every number. A redacted number is none.
        """
        return models(
            self.db,
            Submission,
            f"{CHAIN} SELECT {columns(Submission, 'x')} FROM submissions x"
            f" WHERE x.batch_id = :batch AND {UNTAKEN} AND NOT {EVIDENCE_WAITS}"
            " AND EXISTS (SELECT 1 FROM calls c WHERE c.submission_id = x.id"
            f"  AND c.number NOT GLOB '#*' AND NOT {MAY_HAVE_RUNG}) ORDER BY x.position",
            {"batch": batch_id},
            _READ,
        )

    def taken_by(self, batch_id: int) -> dict[int, int]:
        """The follow-ups that have taken submissions of a batch, by submission."""
        rows = self.db.execute(
            "SELECT s.id, f.batch_id FROM submissions s JOIN follow_ups f ON f.source_id = s.id"
            " WHERE s.batch_id = ?",
            (batch_id,),
        )
        return {int(row[0]): int(row[1]) for row in rows}

    def evidence_waits(self, batch_id: int) -> frozenset[int]:
        """The submissions of a batch of which something was said that is not settled yet."""
        rows = self.db.execute(
            "SELECT DISTINCT f.submission_id FROM submissions s"
            " JOIN evidence_fits f ON f.submission_id = s.id"
            " JOIN evidence e ON e.id = f.evidence_id"
            " WHERE s.batch_id = ? AND e.state IN ('waiting', 'ambiguous')",
            (batch_id,),
        )
        return frozenset(int(row[0]) for row in rows)

    def _select(self, tail: str, *values: object) -> list[Submission]:
        return models(
            self.db,
            Submission,
            f"SELECT {columns(Submission)} FROM submissions {tail}",
            values,
            _READ,
        )
