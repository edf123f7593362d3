"""The messages that show batches, and the prompts that wait for ids.

A board is behind when its batch has a newer revision than the one it shows.
"""

from dataclasses import dataclass

import sqlite_utils

from storage.models import Board, Place
from storage.outcomes import CallOutcome
from storage.stores.rows import columns, models


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A board that is behind: whether it was ever shown, and whether there is news to show.

    News is the first outcome or failed attempt of a batch, and all that follows; `over` tells that
    nothing more is expected of it.
    """

    batch_id: int
    chat_id: int
    shown: bool
    created_at: float
    news: bool
    over: bool


class BoardStore:
    """One board per batch."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, batch_id: int, place: Place, message_id: int | None = None) -> None:
        """Say where the batch is shown; `message_id` names a message that becomes its board."""
        self.db.execute(
            "INSERT INTO boards (batch_id, chat_id, thread_id, reply_to, message_id)"
            " VALUES (?, ?, ?, ?, ?)",
            (batch_id, place.chat_id, place.thread_id, place.reply_to, message_id),
        )

    def get(self, batch_id: int) -> Board | None:
        """The board of a batch."""
        found = self._where("batch_id = ?", batch_id)
        return found[0] if found else None

    def at(self, chat_id: int, message_id: int) -> Board | None:
        """The board that this message is."""
        found = self._where("chat_id = ? AND message_id = ?", chat_id, message_id)
        return found[0] if found else None

    def behind(self) -> list[Behind]:
        """The boards that do not show the newest revision of their batch."""
        rows = self.db.execute(
            "SELECT o.batch_id, o.chat_id, o.shown_revision > 0, b.created_at,"
            " o.shown_revision > 0 OR EXISTS (SELECT 1 FROM submissions s"
            "  WHERE s.batch_id = b.id AND (s.state NOT IN ('queued', 'sending')"
            "  OR (s.state = 'queued' AND s.attempts > 0) OR s.attempts > 1))"
            " OR b.undo_until IS NOT NULL,"
            " b.state IN ('finished', 'stopped') AND NOT EXISTS (SELECT 1 FROM submissions s"
            "  WHERE s.batch_id = b.id AND s.state = 'sending') AND NOT EXISTS ("
            "  SELECT 1 FROM calls c WHERE c.batch_id = b.id AND c.next_poll_at IS NOT NULL)"
            " FROM boards o JOIN batches b ON b.id = o.batch_id"
            " WHERE o.shown_revision < o.revision AND o.broken IS NULL ORDER BY b.event_at"
        )
        return [
            Behind(
                batch_id=row[0],
                chat_id=row[1],
                shown=bool(row[2]),
                created_at=row[3],
                news=bool(row[4]),
                over=bool(row[5]),
            )
            for row in rows
        ]

    def posted(self, batch_id: int, message_id: int, revision: int) -> None:
        """Record the message that now is the board, and the revision that it shows."""
        self.db.execute(
            "UPDATE boards SET message_id = ?, shown_revision = ?, broken = NULL"
            " WHERE batch_id = ?",
            (message_id, revision, batch_id),
        )

    def shown(self, batch_id: int, revision: int) -> None:
        """Record the revision that the board shows; never goes back."""
        self.db.execute(
            "UPDATE boards SET shown_revision = max(shown_revision, ?) WHERE batch_id = ?",
            (revision, batch_id),
        )

    def lost(self, batch_id: int) -> None:
        """Record that the message is gone: the next revision is posted anew."""
        self.db.execute(
            "UPDATE boards SET message_id = NULL, reply_to = NULL WHERE batch_id = ?", (batch_id,)
        )

    def break_off(self, batch_id: int, why: str) -> None:
        """Stop editing this board: Telegram refuses it for good, with the reason."""
        self.db.execute("UPDATE boards SET broken = ? WHERE batch_id = ?", (why, batch_id))

    def turn(self, batch_id: int, page: int, outcome: CallOutcome | None = None) -> None:
        """Record the page that the board shows, and of which calls."""
        self.db.execute(
            "UPDATE boards SET page = ?, shown_status = ? WHERE batch_id = ?",
            (page, outcome.key if outcome else None, batch_id),
        )

    def move_chat(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup: its old messages cannot be edited any more."""
        self.db.execute(
            "UPDATE boards SET chat_id = ?, message_id = NULL, reply_to = NULL, thread_id = NULL"
            " WHERE chat_id = ?",
            (new, old),
        )
        self.db.execute(
            "UPDATE drafts SET chat_id = ?, message_id = NULL, reply_to = NULL, thread_id = NULL"
            " WHERE chat_id = ?",
            (new, old),
        )

    def prompt(self, chat_id: int, message_id: int, submission_id: int) -> None:
        """Record that a reply to this message gives ids for this submission."""
        self.db.execute(
            "INSERT OR REPLACE INTO prompts (chat_id, message_id, submission_id) VALUES (?, ?, ?)",
            (chat_id, message_id, submission_id),
        )

    def prompted(self, chat_id: int, message_id: int) -> int | None:
        """The submission that a reply to this message is about."""
        row = self.db.execute(
            "SELECT submission_id FROM prompts WHERE chat_id = ? AND message_id = ?",
            (chat_id, message_id),
        ).fetchone()
        return None if row is None else int(row[0])

    def _where(self, condition: str, *values: int) -> list[Board]:
        return models(
            self.db,
            Board,
            f"SELECT {columns(Board)} FROM boards WHERE {condition}",
            values,
            {},
        )
