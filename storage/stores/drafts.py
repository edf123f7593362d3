"""Drafts: what is asked before a launch; the first answer wins."""

import sqlite_utils

from storage.models import Draft, DraftKind, DraftState, NewDraft, Person
from storage.stores.rows import columns, models

_READ = {"kind": DraftKind, "state": DraftState, "closed_shown": bool}


class DraftStore:
    """A draft is open once, and closed once: confirmed, cancelled or expired."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, new: NewDraft) -> int:
        """Record a draft, with the submissions that a *Try again* would take; return its id."""
        draft_id = int(
            self.db.execute(
                "INSERT INTO drafts (token, kind, state, asked_by, author_id, author_name,"
                " chat_id, thread_id, reply_to, content, created_at, expires_at, source_batch_id)"
                " VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    new.token,
                    new.kind,
                    new.asked_by,
                    new.author.id,
                    new.author.name,
                    new.place.chat_id,
                    new.place.thread_id,
                    new.place.reply_to,
                    new.content,
                    new.created_at,
                    new.expires_at,
                    new.source_batch_id,
                ),
            ).lastrowid
            or 0
        )
        self.db.conn.executemany(
            "INSERT INTO draft_sources (draft_id, source_id) VALUES (?, ?)",
            [(draft_id, source) for source in new.sources],
        )
        return draft_id

    def get(self, token: str) -> Draft | None:
        """The draft that a button names."""
        found = self._select("WHERE token = ?", token)
        return found[0] if found else None

    def by_id(self, draft_id: int) -> Draft | None:
        """The draft with this id, whatever its buttons name now."""
        found = self._select("WHERE id = ?", draft_id)
        return found[0] if found else None

    def asked(self, asked_by: str) -> Draft | None:
        """The draft that this message has become."""
        found = self._select("WHERE asked_by = ?", asked_by)
        return found[0] if found else None

    def sources(self, draft_id: int) -> tuple[int, ...]:
        """The submissions that confirming this draft would take."""
        rows = self.db.execute(
            "SELECT source_id FROM draft_sources WHERE draft_id = ? ORDER BY source_id",
            (draft_id,),
        )
        return tuple(row[0] for row in rows)

    def shown_as(self, draft_id: int, message_id: int) -> None:
        """Record the message that shows the draft."""
        self.db.execute("UPDATE drafts SET message_id = ? WHERE id = ?", (message_id, draft_id))

    def not_shown(self, draft_id: int) -> None:
        """Record that the message that showed the draft is gone."""
        self.db.execute(
            "UPDATE drafts SET message_id = NULL, reply_to = NULL WHERE id = ?", (draft_id,)
        )

    def ask_again(self, draft_id: int, *, token: str, content: str, expires_at: float) -> None:
        """Give an open draft new content and a new token; buttons with the old one are stale."""
        self.db.execute(
            "UPDATE drafts SET token = ?, content = ?, expires_at = ?, approval_asked_at = NULL"
            " WHERE id = ? AND state = 'open'",
            (token, content, expires_at, draft_id),
        )

    def wait(
        self, draft_id: int, *, token: str, content: str, now: float, expires_at: float
    ) -> None:
        """Let an open draft wait for a second person; buttons with the old token are stale."""
        self.db.execute(
            "UPDATE drafts SET token = ?, content = ?, approval_asked_at = ?, expires_at = ?"
            " WHERE id = ? AND state = 'open'",
            (token, content, now, expires_at, draft_id),
        )

    def decided(self, draft_id: int, *, by: Person, now: float) -> None:
        """Record who has decided about a draft that waits; the schema refuses its author."""
        self.db.execute(
            "UPDATE drafts SET decided_by = ?, decided_name = ?, decided_at = ? WHERE id = ?",
            (by.id, by.name, now, draft_id),
        )

    def confirm(self, draft_id: int, batch_id: int) -> None:
        """Close the draft as confirmed: it has become this batch."""
        self.db.execute(
            "UPDATE drafts SET state = 'confirmed', batch_id = ?, closed_shown = 1 WHERE id = ?",
            (batch_id, draft_id),
        )

    def cancel(self, draft_id: int, why: str) -> bool:
        """Close the draft as cancelled; True if it was open."""
        return (
            self.db.execute(
                "UPDATE drafts SET state = 'cancelled', closed_why = ?"
                " WHERE id = ? AND state = 'open'",
                (why, draft_id),
            ).rowcount
            == 1
        )

    def expire(self, now: float) -> int:
        """Close every draft whose time is over, and return how many that were.

        Those that wait for a second person are `lapsed`, and closed with that reason.
        """
        return self.db.execute(
            "UPDATE drafts SET state = 'expired' WHERE state = 'open' AND expires_at <= ?"
            " AND approval_asked_at IS NULL",
            (now,),
        ).rowcount

    def lapsed(self, now: float) -> list[Draft]:
        """Open drafts for which no second person has said a word in time."""
        return self._select(
            "WHERE state = 'open' AND expires_at <= ? AND approval_asked_at IS NOT NULL", now
        )

    def next_expiry(self) -> float | None:
        """When the next open draft expires (UTC)."""
        row = self.db.execute("SELECT min(expires_at) FROM drafts WHERE state = 'open'").fetchone()
        return None if row[0] is None else float(row[0])

    def open_from(self, submission_ids: list[int]) -> list[Draft]:
        """Open drafts that would take any of these submissions."""
        if not submission_ids:
            return []
        marks = ", ".join("?" * len(submission_ids))
        return self._select(
            "WHERE state = 'open' AND id IN (SELECT draft_id FROM draft_sources"
            f" WHERE source_id IN ({marks}))",
            *submission_ids,
        )

    def open_with(self, batch_ids: list[int], submission_id: int) -> list[Draft]:
        """Open drafts that follow any of these batches and hold a number of this submission."""
        marks = ", ".join("?" * len(batch_ids))
        return self._select(
            f"WHERE state = 'open' AND source_batch_id IN ({marks})"
            " AND EXISTS (SELECT 1 FROM json_each(content, '$.numbers') j"
            " WHERE j.value IN (SELECT number FROM calls WHERE submission_id = ?))",
            *batch_ids,
            submission_id,
        )

    def to_show_closed(self) -> list[Draft]:
        """Drafts that ended without becoming a batch, whose message does not say so yet."""
        return self._select("WHERE closed_shown = 0 AND state IN ('cancelled', 'expired')")

    def not_shown_closed(self, draft_id: int) -> None:
        """Record that the message of a closed draft may not say so after all."""
        self.db.execute(
            "UPDATE drafts SET closed_shown = 0 WHERE id = ?"
            " AND state IN ('cancelled', 'expired')",
            (draft_id,),
        )

    def shown_closed(self, draft_id: int) -> None:
        """Record that the message of a closed draft says so."""
        self.db.execute("UPDATE drafts SET closed_shown = 1 WHERE id = ?", (draft_id,))

    def _select(self, tail: str, *values: object) -> list[Draft]:
        return models(
            self.db,
            Draft,
            f"SELECT {columns(Draft)} FROM drafts {tail}",
            values,
            _READ,
        )
