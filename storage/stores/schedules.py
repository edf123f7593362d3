"""Schedules: what is launched later, the questions about a due time, and what was made."""

import sqlite_utils

from storage.models import (
    Answer,
    NewSchedule,
    Place,
    Schedule,
    ScheduleAsk,
    ScheduleRun,
    ScheduleState,
)
from storage.stores.rows import columns, models

_READ = {"state": ScheduleState, "closed_why": Answer}
_OPEN = "state IN ('waiting', 'asking')"


class ScheduleStore:
    """Every change of a schedule is a new revision; one that is over is never changed again."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self.db = db

    def create(self, new: NewSchedule, *, now: float) -> int:
        """Record a schedule that waits for its first time, and return its id."""
        return int(
            self.db.execute(
                "INSERT INTO schedules (state, author_id, author_name, chat_id, thread_id,"
                " message_id, made_at, asked_by, content, list_ref, weekdays, minute, due_at,"
                " last_numbers) VALUES ('waiting', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    new.author.id,
                    new.author.name,
                    new.place.chat_id,
                    new.place.thread_id,
                    new.message_id,
                    now,
                    new.asked_by,
                    new.content,
                    new.list_ref,
                    new.weekdays,
                    new.minute,
                    new.due_at,
                    new.numbers,
                ),
            ).lastrowid
            or 0
        )

    def get(self, schedule_id: int) -> Schedule | None:
        """One schedule."""
        found = self._select("WHERE id = ?", schedule_id)
        return found[0] if found else None

    def asked(self, asked_by: str) -> Schedule | None:
        """The schedule that this draft has become."""
        found = self._select("WHERE asked_by = ?", asked_by)
        return found[0] if found else None

    def due(self, now: float) -> list[Schedule]:
        """Those whose time has come, the longest due first, with those that ask."""
        return self._select(f"WHERE {_OPEN} AND due_at <= ? ORDER BY due_at, id", now)

    def next_due_at(self, now: float) -> float | None:
        """When the next one is due (UTC) after now."""
        row = self.db.execute(
            f"SELECT min(due_at) FROM schedules WHERE {_OPEN} AND due_at > ?", (now,)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def asked_after(self, at: float) -> list[Schedule]:
        """Those that ask since a time later than this."""
        return self._select("WHERE state = 'asking' AND asked_at > ? ORDER BY id", at)

    def page(self, limit: int, offset: int) -> list[Schedule]:
        """Those that are not over: who ask first, then by their next time."""
        return self._select(
            f"WHERE {_OPEN} ORDER BY state <> 'asking', due_at, id LIMIT ? OFFSET ?", limit, offset
        )

    def count(self) -> int:
        """How many are not over."""
        row = self.db.execute(f"SELECT count(*) FROM schedules WHERE {_OPEN}").fetchone()
        return int(row[0])

    def wait(
        self, schedule_id: int, due_at: float, *, weekdays: int, minute: int, batch_id: int | None
    ) -> None:
        """Let it wait for this time; `batch_id` is what it has just made."""
        self.db.execute(
            "UPDATE schedules SET state = 'waiting', due_at = ?, weekdays = ?, minute = ?,"
            " asked_why = NULL, asked_at = NULL, waited_for = NULL,"
            " batch_id = coalesce(?, batch_id),"
            " revision = revision + 1 WHERE id = ?",
            (due_at, weekdays, minute, batch_id, schedule_id),
        )

    def ask(
        self, schedule_id: int, why: str, *, due_at: float, now: float, anew: bool = False
    ) -> None:
        """Let it ask about this time, or for another reason; `anew`, as if it had not before."""
        self.db.execute(
            "UPDATE schedules SET state = 'asking', due_at = ?, asked_why = ?,"
            " asked_at = coalesce(iif(?, NULL, asked_at), ?),"
            " waited_for = coalesce(waited_for, due_at),"
            " revision = revision + 1 WHERE id = ?",
            (due_at, why, anew, now, schedule_id),
        )
        self.db.execute(
            "UPDATE schedule_asks SET revision = revision + 1"
            " WHERE schedule_id = ? AND answer IS NULL",
            (schedule_id,),
        )

    def close(
        self,
        schedule_id: int,
        state: ScheduleState,
        why: Answer,
        *,
        name: str | None = None,
        batch_id: int | None = None,
    ) -> None:
        """End it for good."""
        self.db.execute(
            "UPDATE schedules SET state = ?, asked_why = NULL, asked_at = NULL,"
            " waited_for = NULL, closed_why = ?, closed_name = ?,"
            " batch_id = coalesce(?, batch_id), revision = revision + 1 WHERE id = ?",
            (state, why, name, batch_id, schedule_id),
        )

    def read_list(self, schedule_id: int, numbers: str) -> None:
        """Keep the numbers of its list as they were read."""
        self.db.execute(
            "UPDATE schedules SET last_numbers = ? WHERE id = ?", (numbers, schedule_id)
        )

    # Its questions

    def ask_in(self, schedule_id: int, due_at: float, place: Place) -> None:
        """Let a message ask there about this time, unless one does already."""
        self.db.execute(
            "INSERT INTO schedule_asks (schedule_id, due_at, chat_id, thread_id, reply_to)"
            " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM schedule_asks"
            " WHERE schedule_id = ?1 AND chat_id = ?3 AND answer IS NULL)",
            (schedule_id, due_at, place.chat_id, place.thread_id, place.reply_to),
        )

    def answer(
        self,
        schedule_id: int,
        answer: Answer,
        *,
        name: str | None = None,
        batch_id: int | None = None,
    ) -> None:
        """Close its open questions; a message that was never sent is not sent any more."""
        self.db.execute(
            "UPDATE schedule_asks SET answer = ?, answered_name = ?, batch_id = ?,"
            " revision = revision + 1 WHERE schedule_id = ? AND answer IS NULL",
            (answer, name, batch_id, schedule_id),
        )

    def ask_at(self, chat_id: int, message_id: int) -> ScheduleAsk | None:
        """The question that this message is; None if it is none."""
        found = self._asks("WHERE message_id = ? AND chat_id = ?", message_id, chat_id)
        return found[0] if found else None

    def get_ask(self, ask_id: int) -> ScheduleAsk | None:
        """One question."""
        found = self._asks("WHERE id = ?", ask_id)
        return found[0] if found else None

    # What was made

    def ran(self, run: ScheduleRun) -> None:
        """Record the batch that was made for a due time."""
        self.db.execute(
            "INSERT INTO schedule_runs (schedule_id, due_at, batch_id, recent, added, removed,"
            " missed, do_not_call) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run.schedule_id,
                run.due_at,
                run.batch_id,
                run.recent,
                run.added,
                run.removed,
                run.missed,
                run.do_not_call,
            ),
        )

    def run_of(self, batch_id: int) -> ScheduleRun | None:
        """What is to be said of the schedule that made this batch, if one did."""
        found = models(
            self.db,
            ScheduleRun,
            f"SELECT {columns(ScheduleRun)} FROM schedule_runs WHERE batch_id = ?",
            (batch_id,),
            {},
        )
        return found[0] if found else None

    # The messages that show it

    def cards_behind(self) -> list[Schedule]:
        """Those whose card does not show their newest revision."""
        return self._select(
            "WHERE shown_revision < revision AND message_id IS NOT NULL AND broken IS NULL"
        )

    def asks_behind(self) -> list[ScheduleAsk]:
        """Questions that are to be sent, or whose message does not show how they stand."""
        return self._asks(
            "WHERE shown_revision < revision AND broken IS NULL"
            " AND (message_id IS NOT NULL OR answer IS NULL) ORDER BY id"
        )

    def card_shown(self, schedule_id: int, revision: int) -> None:
        """Record the revision that the card shows; never goes back."""
        self.db.execute(
            "UPDATE schedules SET shown_revision = max(shown_revision, ?) WHERE id = ?",
            (revision, schedule_id),
        )

    def ask_shown(self, ask_id: int, message_id: int, revision: int) -> None:
        """Record the message of a question, and the revision that it shows."""
        self.db.execute(
            "UPDATE schedule_asks SET message_id = ?, shown_revision = max(shown_revision, ?)"
            " WHERE id = ?",
            (message_id, revision, ask_id),
        )

    def break_off(self, *, why: str, card: int | None = None, ask: int | None = None) -> None:
        """Stop showing a card, or a question: Telegram refuses it for good."""
        self.db.execute("UPDATE schedules SET broken = ? WHERE id = ?", (why, card))
        self.db.execute("UPDATE schedule_asks SET broken = ? WHERE id = ?", (why, ask))

    def move_chat(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup; its old messages cannot be edited any more.

        What is still to be answered is asked anew there.
        """
        self.db.execute(
            "UPDATE schedules SET chat_id = ?, thread_id = NULL, message_id = NULL"
            " WHERE chat_id = ?",
            (new, old),
        )
        self.db.execute(
            "UPDATE schedule_asks SET chat_id = ?, thread_id = NULL, reply_to = NULL,"
            " message_id = NULL, shown_revision = iif(answer IS NULL, 0, shown_revision)"
            " WHERE chat_id = ?",
            (new, old),
        )

    def _select(self, tail: str, *values: object) -> list[Schedule]:
        sql = f"SELECT {columns(Schedule)} FROM schedules {tail}"
        return models(self.db, Schedule, sql, values, _READ)

    def _asks(self, tail: str, *values: object) -> list[ScheduleAsk]:
        sql = f"SELECT {columns(ScheduleAsk)} FROM schedule_asks {tail}"
        return models(self.db, ScheduleAsk, sql, values, {"answer": Answer})
