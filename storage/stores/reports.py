"""Reports: what a chat is told of a batch in a message of its own, each at least once.

They reply to the batch's board, so their chat is the board's. Every hold makes one by a trigger;
the end and the deadline are made by the rule that finds them.
"""

import sqlite_utils

from storage.models import Report, ReportKind
from storage.stores.rows import columns, models

DEADLINE = 1800.0  # seconds after the last submission was accepted
_DUE = "sent_at IS NULL AND broken IS NULL"
_BEHIND = (
    "kind <> 'deadline' AND sent_at IS NOT NULL AND broken IS NULL AND shown_revision < revision"
)
_CHART = "kind = 'end' AND chart_sent = 0 AND sent_at IS NOT NULL AND broken IS NULL"
_READ = {"kind": ReportKind, "chart_sent": bool}


class ReportStore:
    """One report per batch and kind, for holds one each; never told of again once it is sent."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def make_due(self, batch_id: int, kind: ReportKind, now: float) -> bool:
        """Let the chat be told; True if it was not asked for before."""
        cursor = self.db.execute(
            "INSERT OR IGNORE INTO reports (batch_id, kind, due_at, revision)"
            " SELECT id, ?, ?, revision FROM batches WHERE id = ?",
            (kind, now, batch_id),
        )
        return cursor.rowcount == 1

    def get(self, batch_id: int, kind: ReportKind, hold_no: int = 0) -> Report | None:
        """One report."""
        found = self._where("batch_id = ? AND kind = ? AND hold_no = ?", (batch_id, kind, hold_no))
        return found[0] if found else None

    def at(self, chat_id: int, message_id: int) -> Report | None:
        """The report that this message is."""
        found = self._where(
            "message_id = ? AND batch_id IN (SELECT batch_id FROM boards WHERE chat_id = ?)",
            (message_id, chat_id),
        )
        return found[0] if found else None

    def of_batch(self, batch_id: int) -> list[Report]:
        """All reports of a batch, in the order in which they became due."""
        return self._where("batch_id = ? ORDER BY due_at, kind, hold_no", (batch_id,))

    def due(self) -> list[Report]:
        """What is to be told and was not yet, longest due first."""
        return self._where(f"{_DUE} ORDER BY due_at", ())

    def behind(self) -> list[Report]:
        """The messages of ends and holds that do not show the newest revision of their batch."""
        return self._where(f"{_BEHIND} ORDER BY batch_id", ())

    def charts(self) -> list[Report]:
        """The end messages whose chart did not go out yet."""
        return self._where(f"{_CHART} ORDER BY batch_id", ())

    def waiting(self) -> bool:
        """Whether anything is to be told, edited or drawn."""
        row = self.db.execute(
            f"SELECT EXISTS (SELECT 1 FROM reports WHERE {_DUE})"
            f" OR EXISTS (SELECT 1 FROM reports WHERE {_BEHIND})"
            f" OR EXISTS (SELECT 1 FROM reports WHERE {_CHART})"
        ).fetchone()
        return bool(row[0])

    def sent(self, report: Report, message_id: int, *, revision: int, now: float) -> None:
        """Record the message, and the revision of the batch that it shows."""
        self.db.execute(
            "UPDATE reports SET message_id = ?, sent_at = ?, shown_revision = ?"
            " WHERE batch_id = ? AND kind = ? AND hold_no = ?",
            (message_id, now, revision, *_key(report)),
        )

    def shown(self, report: Report, revision: int) -> None:
        """Record the revision that the message shows; never goes back."""
        self.db.execute(
            "UPDATE reports SET shown_revision = max(shown_revision, ?)"
            " WHERE batch_id = ? AND kind = ? AND hold_no = ?",
            (revision, *_key(report)),
        )

    def chart_sent(self, report: Report) -> None:
        """Record that the chart went out, or that there is none to send."""
        self.db.execute(
            "UPDATE reports SET chart_sent = 1 WHERE batch_id = ? AND kind = ? AND hold_no = ?",
            _key(report),
        )

    def break_off(self, report: Report, why: str) -> None:
        """Neither send nor edit it any more: Telegram refuses it for good, or it is out of date.

        Args:
            report: which one.
            why: a technical word.
        """
        self.db.execute(
            "UPDATE reports SET broken = ? WHERE batch_id = ? AND kind = ? AND hold_no = ?",
            (why, *_key(report)),
        )

    def move_chat(self, old: int) -> None:
        """The group became a supergroup: messages in it cannot be edited any more.

        To be called before the boards move. What was not sent yet goes to the new chat.
        """
        self.db.execute(
            "UPDATE reports SET broken = 'moved' WHERE sent_at IS NOT NULL AND batch_id IN"
            " (SELECT batch_id FROM boards WHERE chat_id = ?)",
            (old,),
        )

    def past_deadline(self, now: float) -> list[int]:
        """The batches with nothing left to send whose calls are open for too long, told of never.

        The time counts from when the last of their submissions was accepted.
        """
        rows = self.db.execute(
            "WITH RECURSIVE b (id) AS (SELECT min(batch_id) FROM calls"
            "  WHERE next_poll_at IS NOT NULL UNION ALL SELECT (SELECT min(batch_id) FROM calls"
            "  WHERE next_poll_at IS NOT NULL AND batch_id > b.id) FROM b WHERE b.id IS NOT NULL)"
            " SELECT b.id FROM b CROSS JOIN batches x ON x.id = b.id"
            " WHERE x.ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reports r"
            "  WHERE r.batch_id = b.id AND r.kind = 'deadline')"
            " AND (SELECT max(coalesce(decided_at, ended_at)) FROM submissions"
            "  WHERE batch_id = b.id AND state = 'accepted') <= ?",
            (now - DEADLINE,),
        )
        return [int(row[0]) for row in rows]

    def _where(self, condition: str, values: tuple[object, ...]) -> list[Report]:
        return models(
            self.db,
            Report,
            f"SELECT {columns(Report)} FROM reports WHERE {condition}",
            values,
            _READ,
        )


def _key(report: Report) -> tuple[int, ReportKind, int]:
    return report.batch_id, report.kind, report.hold_no
