"""Questions: messages that wait for what one person writes in answer."""

import sqlite_utils

from storage.models import Question
from storage.stores.rows import columns, models

KINDS = {"by_reply": bool}
KEPT = 7 * 86400.0  # seconds for which an old question is remembered


class QuestionStore:
    """A question is answered once; in a chat a person's newest open one counts."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def ask(self, question: Question) -> None:
        """Record a question, and forget those that are older than a week."""
        self.db.execute(
            "DELETE FROM questions WHERE asked_at < ?", (question.asked_at - KEPT,)
        ).close()
        self.db.execute(
            "INSERT OR REPLACE INTO questions"
            " (chat_id, message_id, user_id, kind, about, asked_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                question.chat_id,
                question.message_id,
                question.user_id,
                question.kind,
                question.about,
                question.asked_at,
            ),
        ).close()

    def at(self, chat_id: int, message_id: int) -> Question | None:
        """The question that this message is, open or answered."""
        found = self._select("WHERE chat_id = ? AND message_id = ?", chat_id, message_id)
        return found[0] if found else None

    def newest(self, chat_id: int, user_id: int, since: float) -> Question | None:
        """The newest question to this person in this chat, if it is open and not older.

        One that takes replies alone is none that a message without a reply could answer.
        """
        found = self._select(
            "WHERE chat_id = ? AND user_id = ? AND asked_at >= ?"
            " ORDER BY asked_at DESC, message_id DESC LIMIT 1",
            chat_id,
            user_id,
            since,
        )
        if not found or found[0].answered_at is not None or found[0].by_reply:
            return None
        return found[0]

    def leave(self, chat_id: int, message_id: int) -> None:
        """Let this question be answered by a reply alone."""
        self.db.execute(
            "UPDATE questions SET by_reply = 1 WHERE chat_id = ? AND message_id = ?",
            (chat_id, message_id),
        ).close()

    def close(self, chat_id: int, message_id: int, now: float) -> bool:
        """Record that it was answered; False if it was before."""
        return (
            self.db.execute(
                "UPDATE questions SET answered_at = ?"
                " WHERE chat_id = ? AND message_id = ? AND answered_at IS NULL",
                (now, chat_id, message_id),
            ).rowcount
            == 1
        )

    def _select(self, tail: str, *values: object) -> list[Question]:
        return models(
            self.db, Question, f"SELECT {columns(Question)} FROM questions {tail}", values, KINDS
        )
