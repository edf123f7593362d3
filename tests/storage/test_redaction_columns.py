"""Every column that can hold a text or bytes: whether redaction goes there, and why not."""

import sqlite3

import pytest

from storage.models import Answer, BatchState, ScheduleState
from storage.stores import Stores
from tests.old_record import new_schedule
from tests.storage.making import NOW, add, bring_batch, numbers, put

REDACTED = {
    "batches": {"fingerprint", "spoken", "window_reason", "voice_name", "list_name"},
    "calls": {"number", "name", "word"},
    "do_not_call": {"number", "reason", "removed_reason"},  # once it was taken off
    "drafts": {"content"},
    "events": {"digest", "number", "body", "word"},
    "evidence": {"number", "detail"},
    "launch_numbers": {"number", "name"},  # of removed launches
    "launches": {"name", "name_key", "spoken"},  # of removed ones
    "list_numbers": {"number", "name"},  # of removed lists
    "list_taken_off": {"number", "name"},
    "lists": {"name", "name_key"},  # of removed ones
    "questions": {"about"},
    "schedules": {"content", "last_numbers"},
    "submissions": {"body", "reason", "code"},
    "unmatched_ids": {"number", "word"},
    "voices": {"name", "name_key"},  # of removed ones
}
SAVED = {"choices": {"number"}}  # as long as its owner wants it
MASKED = {"audit": {"about", "before", "after", "by_name"}}  # its store lets no number in
# Who of the team did it.
PEOPLE = {
    "batches": {
        *("author_name", "hold_name", "stop_name", "resumed_name", "window_name"),
        "approved_name",
    },
    "chats": {"title", "by_name"},
    "do_not_call": {"added_name", "removed_name"},
    "drafts": {"author_name", "decided_name"},
    "evidence": {"given_name"},
    "invites": {"by_name", "used_name"},
    "launches": {"made_name"},
    "lists": {"made_name", "changed_name"},
    "members": {"name", "by_name"},
    "pauses": {"ended_name"},
    "schedule_asks": {"answered_name"},
    "schedules": {"author_name", "closed_name"},
    "submissions": {"decided_name"},
    "voices": {"made_name"},
}
# Ids, tokens, states and other words of the program, of the gateway or of Telegram.
WORDS = {
    "approval_asks": {"kind", "broken"},
    "audit": {"deed", "hash"},
    "batch_moves": {"was", "becomes"},
    "batches": {
        *("state", "asked_by", "voice", "server_id", "followed_as", "hold_reason"),
        *("stop_reason", "day"),
    },
    "boards": {"broken", "shown_status"},
    "calls": {"status", "gateway_id", "skip_reason"},
    "draft_moves": {"was", "becomes"},
    "drafts": {"token", "kind", "state", "asked_by", "closed_why"},
    "events": {"gateway_id", "campaign_id", "state"},
    "evidence": {"gateway_id", "state"},
    "invites": {"digest", "role"},
    "launches": {"token", "server_id"},
    "limits": {"name"},
    "members": {"role"},
    "pauses": {"reason", "detail"},
    "probes": {"filler"},
    "questions": {"kind"},
    "reports": {"kind", "broken"},
    "schedule_asks": {"answer", "broken"},
    "schedules": {"state", "asked_by", "asked_why", "closed_why", "broken"},
    "submission_moves": {"was", "becomes"},
    "submissions": {"state", "campaign_id"},
    "unmatched_ids": {"gateway_id", "kind"},
    "voices": {"voice_id", "sample", "sample_kind"},
}


def test_every_column_is_classified(tx: Stores) -> None:
    """A new column of text or bytes is named here, in one of the sets; none is named twice."""
    connection: sqlite3.Connection = tx.db.conn
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        " AND name <> '_sqlite_migrations'"
    ).fetchall()
    there = {
        (table, row[1])
        for (table,) in tables
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[2] in {"TEXT", "BLOB", "ANY", ""}
    }
    named = [
        (table, column)
        for group in (REDACTED, SAVED, MASKED, PEOPLE, WORDS)
        for table, of in group.items()
        for column in of
    ]
    assert sorted(named) == sorted(there)


def test_a_schedule_is_fixed_until_it_is_over(tx: Stores) -> None:
    """What it launches cannot be changed as long as it may still be launched."""
    made = tx.schedules.create(new_schedule("draft:1", numbers(1), NOW), now=NOW)
    with pytest.raises(sqlite3.IntegrityError, match=r"^schedule: what was asked for is fixed$"):
        tx.redaction.put_schedule(made, "{}")
    tx.schedules.close(made, ScheduleState.CANCELLED, Answer.CANCELLED)
    tx.redaction.put_schedule(made, "{}")
    found = tx.schedules.get(made)
    assert found is not None
    assert found.content == "{}"


def test_a_spoken_text_is_fixed_until_its_batch_ended(tx: Stores) -> None:
    """What is read out cannot be changed while anybody may still hear it."""
    batch_id = add(tx, voice="text:1", spoken="Come")
    with pytest.raises(sqlite3.IntegrityError, match=r"^batch: what was asked for is fixed$"):
        put(tx, "batches", "spoken", "Go")
    tx.submissions.cancel(tx.submissions.of_batch(batch_id)[0].id, now=NOW)
    bring_batch(tx, batch_id, BatchState.STOPPED)
    put(tx, "batches", "spoken", "Go")
