"""What became of the numbers of a batch: counted, listed by outcome, and when."""

import sqlite_utils

from storage.models import Call, CallStatus, SkipReason, SubmissionState
from storage.outcomes import CallOutcome, Counted
from storage.stores.rows import columns, models

_READ = {"status": CallStatus}


class OutcomeStore:
    """Reads only, and of one batch at a time."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def counted(self, batch_id: int) -> list[Counted]:
        """The calls of a batch in figures, by state of their submission and own status."""
        return models(
            self.db,
            Counted,
            "SELECT s.state, c.status, count(*), sum(c.next_poll_at IS NOT NULL),"
            " coalesce(sum(c.bill_sec), 0), coalesce(sum(c.bill_sec > 0), 0),"
            " coalesce(sum(c.price), 0), sum(c.price IS NULL)"
            " FROM calls c JOIN submissions s ON s.id = c.submission_id WHERE c.batch_id = ?"
            " GROUP BY s.state, c.status",
            (batch_id,),
            {"state": SubmissionState, "status": CallStatus},
        )

    def skipped(self, batch_id: int) -> dict[SkipReason, int]:
        """How many numbers of a batch were skipped, by reason; those that occur."""
        rows = self.db.execute(
            "SELECT skip_reason, count(*) FROM calls"
            " WHERE batch_id = ? AND status = 'skipped' GROUP BY skip_reason",
            (batch_id,),
        )
        return {SkipReason(row[0]): int(row[1]) for row in rows}

    def calls(
        self, batch_id: int, outcome: CallOutcome, *, limit: int, offset: int = 0
    ) -> list[Call]:
        """The calls of a batch that went this way, in their order."""
        condition, values = "c.status = ?", [str(outcome.status)]
        if outcome.submission is not None:
            condition = "c.status = 'planned' AND s.state = ?"
            values = [str(outcome.submission)]
        return models(
            self.db,
            Call,
            f"SELECT {columns(Call, 'c')} FROM calls c"
            f" JOIN submissions s ON s.id = c.submission_id WHERE c.batch_id = ? AND {condition}"
            " ORDER BY c.position LIMIT ? OFFSET ?",
            (batch_id, *values, limit, offset),
            _READ,
        )

    def followed(self, batch_id: int, limit: int) -> list[Call]:
        """Calls of a batch that are still asked about, the one that is due first before others."""
        return models(
            self.db,
            Call,
            f"SELECT {columns(Call)} FROM calls"
            " WHERE batch_id = ? AND next_poll_at IS NOT NULL ORDER BY next_poll_at LIMIT ?",
            (batch_id, limit),
            _READ,
        )

    def answered_at(self, batch_id: int) -> list[float]:
        """When each answered call of a batch had its answer, as far as it is known, in order.

        The gateway does not tell. Calls are executed together, answered one by one, and heard of
        some minutes later, so the best guess is the execution and the talk, and no later than
        the moment from which the call was known to be final.
        """
        rows = self.db.execute(
            "SELECT coalesce(min(execution_date + bill_sec, final_at), final_at, execution_date)"
            " AS at FROM calls"
            " WHERE batch_id = ? AND status = 'normal' AND at IS NOT NULL ORDER BY at",
            (batch_id,),
        )
        return [float(row[0]) for row in rows]

    def last_at(self, batch_id: int) -> float | None:
        """When the last call of a batch was heard of to have changed."""
        row = self.db.execute(
            "SELECT max(status_since) FROM calls WHERE batch_id = ?", (batch_id,)
        ).fetchone()
        return None if row[0] is None else float(row[0])
