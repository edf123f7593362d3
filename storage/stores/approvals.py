"""What is shown of drafts that wait for a second person: to whom, where, and what is behind."""

import sqlite_utils

from storage.models import ApprovalAsk, ApprovalKind, Place
from storage.stores.rows import columns, models

_READ = {"kind": ApprovalKind}


class ApprovalStore:
    """A message is behind while it shows an older revision; each change of its draft makes one."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def ask(self, draft_id: int, asked_at: float, kind: ApprovalKind, place: Place) -> None:
        """Let a message of this kind be shown in a chat; once for each time that a draft asks."""
        self.db.execute(
            "INSERT OR IGNORE INTO approval_asks (draft_id, asked_at, kind, chat_id, thread_id,"
            " reply_to) VALUES (?, ?, ?, ?, ?, ?)",
            (draft_id, asked_at, kind, place.chat_id, place.thread_id, place.reply_to),
        )

    def get(self, ask_id: int) -> ApprovalAsk | None:
        """One of these messages."""
        found = self._select("WHERE id = ?", ask_id)
        return found[0] if found else None

    def of(self, draft_id: int, asked_at: float) -> list[ApprovalAsk]:
        """All messages about one time that a draft asks."""
        return self._select("WHERE draft_id = ? AND asked_at = ? ORDER BY id", draft_id, asked_at)

    def behind(self) -> list[ApprovalAsk]:
        """What is still to be shown."""
        return self._select("WHERE shown_revision < revision AND broken IS NULL ORDER BY id")

    def shown(self, ask_id: int, message_id: int | None, revision: int) -> None:
        """Record the message, and the revision that it shows."""
        self.db.execute(
            "UPDATE approval_asks SET message_id = ?, shown_revision = ? WHERE id = ?",
            (message_id, revision, ask_id),
        )

    def break_off(self, ask_id: int, why: str) -> None:
        """Show this one no more, with the reason; the card says so if it was the last request."""
        self.db.execute("UPDATE approval_asks SET broken = ? WHERE id = ?", (why, ask_id))
        self.db.execute(
            "UPDATE approval_asks SET revision = revision + 1 WHERE kind = 'card' AND"
            " (draft_id, asked_at) = (SELECT draft_id, asked_at FROM approval_asks WHERE id = ?)"
            " AND NOT EXISTS (SELECT 1 FROM approval_asks o WHERE o.draft_id ="
            " approval_asks.draft_id AND o.asked_at = approval_asks.asked_at"
            " AND o.kind = 'request' AND o.broken IS NULL)",
            (ask_id,),
        )

    def move_chat(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup: a draft's own message is sent anew."""
        self.db.execute(
            "UPDATE approval_asks SET chat_id = ?, thread_id = NULL, reply_to = NULL,"
            " message_id = iif(kind = 'card', NULL, message_id),"
            " revision = revision + (kind = 'card') WHERE chat_id = ?",
            (new, old),
        )

    def _select(self, tail: str, *values: object) -> list[ApprovalAsk]:
        sql = f"SELECT {columns(ApprovalAsk)} FROM approval_asks {tail}"
        return models(self.db, ApprovalAsk, sql, values, _READ)
