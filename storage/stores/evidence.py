"""What was said of calls that the record did not know to be placed.

Waiting or ambiguous evidence blocks what it fits: none of those numbers goes out in a follow-up.
"""

import sqlite_utils

from storage.models import Evidence, EvidenceState, Person
from storage.stores.rows import columns, models

_READ = {"state": EvidenceState}


class EvidenceStore:
    """Evidence is committed before it is answered, and settled by the gateway's own word."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def give(self, gateway_id: str, submission_id: int, by: Person, now: float) -> int:
        """Keep an id that a person gave for a submission, which it blocks from now on.

        Returns:
            The id of the evidence; of the one that waits already, if this id was given before.
        """
        cursor = self.db.execute(
            "INSERT INTO evidence (gateway_id, submission_id, state, given_by, given_name,"
            " given_at) VALUES (?, ?, 'waiting', ?, ?, ?)"
            " ON CONFLICT (gateway_id) WHERE state IN ('waiting', 'ambiguous') DO NOTHING",
            (gateway_id, submission_id, by.id, by.name, now),
        )
        if cursor.rowcount == 1:
            evidence_id = int(cursor.lastrowid or 0)
            self.fits(evidence_id, [submission_id])
            return evidence_id
        row = self.db.execute(
            "SELECT id FROM evidence WHERE gateway_id = ? AND state IN ('waiting', 'ambiguous')",
            (gateway_id,),
        ).fetchone()
        self.db.execute(
            "INSERT OR IGNORE INTO evidence_fits (evidence_id, submission_id) VALUES (?, ?)",
            (row[0], submission_id),
        )
        return int(row[0])

    def hear(self, gateway_id: str, submission_ids: list[int], by: Person, now: float) -> int:
        """Keep an id that the gateway named by itself, with all that it may belong to.

        What it fits it blocks from now on.

        Returns:
            The id of the evidence; of the one that waits already, if there is one.
        """
        self.db.execute(
            "INSERT INTO evidence (gateway_id, state, given_by, given_name, given_at)"
            " VALUES (?, 'waiting', ?, ?, ?)"
            " ON CONFLICT (gateway_id) WHERE state IN ('waiting', 'ambiguous') DO NOTHING",
            (gateway_id, by.id, by.name, now),
        )
        row = self.db.execute(
            "SELECT id FROM evidence WHERE gateway_id = ? AND state IN ('waiting', 'ambiguous')",
            (gateway_id,),
        ).fetchone()
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO evidence_fits (evidence_id, submission_id) VALUES (?, ?)",
            [(row[0], submission_id) for submission_id in submission_ids],
        )
        return int(row[0])

    def get(self, evidence_id: int) -> Evidence | None:
        """One piece of evidence."""
        found = self._select("WHERE id = ?", evidence_id)
        return found[0] if found else None

    def waiting(self) -> list[Evidence]:
        """What the gateway still has to be asked about, oldest first."""
        return self._select("WHERE state = 'waiting' ORDER BY id")

    def ambiguous_of(self, submission_id: int) -> list[Evidence]:
        """Evidence that fits this submission and others: a person picks."""
        return self._select(
            "WHERE state = 'ambiguous' AND id IN (SELECT evidence_id FROM evidence_fits"
            " WHERE submission_id = ?) ORDER BY id",
            submission_id,
        )

    def fits(self, evidence_id: int, submission_ids: list[int]) -> None:
        """Record which submissions it fits, in place of what was recorded before."""
        self.db.execute("DELETE FROM evidence_fits WHERE evidence_id = ?", (evidence_id,))
        self.db.conn.executemany(
            "INSERT INTO evidence_fits (evidence_id, submission_id) VALUES (?, ?)",
            [(evidence_id, submission_id) for submission_id in submission_ids],
        )

    def fitted(self, evidence_id: int) -> list[int]:
        """The submissions that it fits."""
        rows = self.db.execute(
            "SELECT submission_id FROM evidence_fits WHERE evidence_id = ? ORDER BY submission_id",
            (evidence_id,),
        )
        return [int(row[0]) for row in rows]

    def find_fits(
        self, number: str, request_date: int | None, *, slack: float, timeout: float
    ) -> list[int]:
        """Submissions that may have placed a call to `number` at `request_date` (UTC seconds).

        Those that are `sending`, `unknown`, `released` or `left`, or accepted with this number not
        confirmed, and whose claim - slack to claim + timeout + slack holds the date; a call
        without a date may belong to any of them.
        """
        rows = self.db.execute(
            "SELECT s.id FROM calls c JOIN submissions s ON s.id = c.submission_id"
            " WHERE c.number = ? AND c.status IN ('planned', 'not_confirmed')"
            " AND (s.state IN ('sending', 'unknown', 'released', 'left')"
            "  OR (s.state = 'accepted' AND c.status = 'not_confirmed'))"
            " AND (? IS NULL OR ? BETWEEN s.claimed_at - ? AND s.claimed_at + ?) ORDER BY s.id",
            (number, request_date, request_date, slack, timeout + slack),
        )
        return [int(row[0]) for row in rows]

    def learn(self, evidence_id: int, number: str | None, request_date: int | None) -> None:
        """Record what the status call said: the number (E.164) and the date (UTC seconds)."""
        self.db.execute(
            "UPDATE evidence SET number = ?, request_date = ? WHERE id = ?",
            (number, request_date, evidence_id),
        )

    def settle(self, evidence_id: int, state: EvidenceState, detail: str, now: float) -> bool:
        """Adopt, set aside or leave to a person; True if it was still open."""
        return (
            self.db.execute(
                "UPDATE evidence SET state = ?, detail = ?, settled_at = ? WHERE id = ?"
                " AND state IN ('waiting', 'ambiguous')",
                (state, detail, now, evidence_id),
            ).rowcount
            == 1
        )

    def _select(self, tail: str, *values: object) -> list[Evidence]:
        return models(
            self.db,
            Evidence,
            f"SELECT {columns(Evidence)} FROM evidence {tail}",
            values,
            _READ,
        )
