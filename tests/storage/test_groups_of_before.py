"""The groups in which an older version worked are allowed once it is brought up to date."""

import contextlib
import sqlite3

import sqlite_utils
from sqlite_utils import Migrations

from storage.migrations import m001_batches, m002_tracking, m003_quick_launches, schema

SCHEDULE = (
    "INSERT INTO schedules (state, author_id, author_name, chat_id, made_at, asked_by, content,"
    " minute, due_at, closed_why) VALUES (?, 1, 'Ann', ?, 0, ?, '{}', 0, 0, ?)"
)
DRAFT = (
    "INSERT INTO drafts (token, kind, state, asked_by, author_id, author_name, chat_id, content,"
    " created_at, expires_at) VALUES (?1, 'call', ?2, ?1, 1, 'Ann', ?3, '{}', 0, 0)"
)
PANEL = "INSERT INTO panels (chat_id, thread_id, message_id, user_id) VALUES (?, ?, 1, 1)"


def test_groups_in_use() -> None:
    """What is planned, asked or posted there goes on; what is over or private allows nothing."""
    older = Migrations(schema.name)
    for migration in (m001_batches, m002_tracking, m003_quick_launches):
        older()(migration)
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        db = sqlite_utils.Database(connection)
        older.apply(db)
        db.execute(SCHEDULE, ("waiting", -1, "a", None))
        db.execute(SCHEDULE, ("ended", -2, "b", "lapsed"))
        db.execute(SCHEDULE, ("waiting", 3, "c", None))
        db.execute(DRAFT, ("d", "open", -4))
        db.execute(DRAFT, ("e", "open", -1))
        db.execute(DRAFT, ("f", "expired", -5))
        db.execute(DRAFT, ("g", "open", 6))
        db.execute(PANEL, (-7, 0))
        db.execute(PANEL, (-7, 2))
        schema.apply(db)
        rows = db.execute("SELECT chat_id FROM chats ORDER BY chat_id DESC").fetchall()
    assert [row[0] for row in rows] == [-1, -4, -7]
