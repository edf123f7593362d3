"""Chains: a batch with all its follow-ups, and theirs; what became of each number over them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlite_utils

from storage.models import CallStatus, SubmissionState
from storage.outcomes import CallOutcome
from storage.stores.chain_sql import CHAIN, NEVER_RANG, NOT_REACHED, UNTAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReached:
    """A number of a batch that was not reached there.

    Attributes:
        stands: nothing else in the chain says anything but that nobody was reached, and no *Try
            again* can take the number.
        elsewhere: where not, the newest batch of the chain that says something else.
        answered: whether it was answered in any batch of the chain.
    """

    number: str
    status: CallStatus
    name: str | None
    stands: bool
    elsewhere: int | None
    answered: bool


class ChainStore:
    """Reads, and lets the boards and reports of a chain be looked at again; changes no state."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def batches(self, batch_id: int) -> list[int]:
        """Ids of the batches of the chain, the first one first; this one alone if it has none."""
        rows = self.db.execute(f"{CHAIN} SELECT id FROM chain ORDER BY id", {"batch": batch_id})
        return [int(row[0]) for row in rows]

    def redials(self, batch_id: int) -> list[int]:
        """Ids of the batches that redial numbers of this one, oldest first."""
        rows = self.db.execute(
            "SELECT id FROM batches WHERE follows = ? AND followed_as = 'redial' ORDER BY id",
            (batch_id,),
        )
        return [int(row[0]) for row in rows]

    def best(
        self, batch_ids: Sequence[int], order: Sequence[CallOutcome]
    ) -> dict[CallOutcome, int]:
        """How many numbers of these batches went each way, by the best of their calls.

        Args:
            batch_ids: a chain.
            order: every outcome, the best one first.
        """
        ranks = " ".join(_when(outcome, rank) for rank, outcome in enumerate(order))
        marks = ", ".join("?" * len(batch_ids))
        rows = self.db.execute(
            f"SELECT best, count(*) FROM (SELECT min(CASE {ranks} END) AS best FROM calls c"
            f" JOIN submissions s ON s.id = c.submission_id WHERE c.batch_id IN ({marks})"
            " GROUP BY c.number) GROUP BY best ORDER BY best",
            list(batch_ids),
        )
        return {order[row[0]]: int(row[1]) for row in rows}

    def not_reached(self, batch_id: int) -> list[NotReached]:
        """The numbers of a batch that were not reached there, in its order.

        Each with what the other batches of its chain say of it. A redacted number is none.
        """
        rows = self.db.execute(
            f"{CHAIN}, chain_calls (number, batch_id, answered, stands) AS MATERIALIZED ("
            " SELECT e.number, e.batch_id, e.status = 'normal',"
            f" ({NOT_REACHED}) OR (({NEVER_RANG}) AND (e.status = 'skipped' OR NOT ({UNTAKEN})))"
            " FROM chain JOIN calls e ON e.batch_id = chain.id"
            " JOIN submissions x ON x.id = e.submission_id WHERE chain.id <> :batch)"
            " SELECT e.number, e.status, e.name, coalesce(min(o.stands), 1),"
            " max(CASE WHEN NOT o.stands THEN o.batch_id END), coalesce(max(o.answered), 0)"
            " FROM calls e LEFT JOIN chain_calls o ON o.number = e.number"
            f" WHERE e.batch_id = :batch AND {NOT_REACHED} AND e.number NOT GLOB '#*'"
            " GROUP BY e.position ORDER BY e.position",
            {"batch": batch_id},
        )
        return [
            NotReached(
                number=row[0],
                status=CallStatus(row[1]),
                name=row[2],
                stands=bool(row[3]),
                elsewhere=row[4],
                answered=bool(row[5]),
            )
            for row in rows
        ]

    def queued_with(self, batch_id: int, submission_id: int) -> list[int]:
        """Ids of the other batches of the chain that have yet to send a number of this part."""
        rows = self.db.execute(
            f"{CHAIN} SELECT DISTINCT chain.id FROM chain"
            " CROSS JOIN submissions o ON o.batch_id = chain.id AND o.state = 'queued'"
            " AND o.state IN ('queued', 'sending')"
            " CROSS JOIN calls e ON e.submission_id = o.id AND e.status = 'planned'"
            " CROSS JOIN calls c ON c.batch_id = :batch AND c.number = e.number"
            " WHERE chain.id <> :batch AND c.submission_id = :submission ORDER BY chain.id",
            {"batch": batch_id, "submission": submission_id},
        )
        return [int(row[0]) for row in rows]

    def touch_others(self, batch_id: int) -> None:
        """Let the boards and reports of the rest of the chain be drawn again."""
        self.db.execute(
            f"{CHAIN} UPDATE batches SET revision = revision + 1"
            " WHERE id IN (SELECT id FROM chain) AND id <> :batch",
            {"batch": batch_id},
        )


def _when(outcome: CallOutcome, rank: int) -> str:
    """Our own words alone: nothing here comes from outside."""
    if outcome.submission is None:
        return f"WHEN c.status = '{outcome.status.value}' THEN {rank}"
    state: SubmissionState = outcome.submission
    return f"WHEN c.status = 'planned' AND s.state = '{state.value}' THEN {rank}"
