"""`OR REPLACE` deletes what is in its way without a word: not in this record."""

import pytest

from storage.database import Database
from storage.errors import InvariantError
from storage.models import SubmissionState
from tests.storage.making import NOW, add_in, adopt, call, news, numbers, part


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT OR REPLACE INTO submissions"
            " (id, batch_id, position, state, numbers, not_before)"
            " VALUES (1, 1, 1, 'queued', 2, 0)"
        ),
        (
            "INSERT OR REPLACE INTO calls (id, batch_id, submission_id, position, number, status)"
            " SELECT id, batch_id, submission_id, position, number, 'planned' FROM calls"
        ),
        (
            "INSERT OR REPLACE INTO batches (id, state, asked_by, voice, retry_count, author_id,"
            " author_name, chat_id, numbers, submissions, repeated, fingerprint, created_at,"
            " event_at)"
            " SELECT id, 'running', asked_by, voice, retry_count, author_id, author_name, chat_id,"
            " numbers, submissions, repeated, fingerprint, created_at, event_at FROM batches"
        ),
        (
            "UPDATE OR REPLACE calls SET status = 'waiting', gateway_id = 'taken'"
            " WHERE gateway_id IS NULL"
        ),
    ],
)
async def test_nothing_is_replaced(database: Database, statement: str) -> None:
    """A row that was sent cannot be put back, nor another one lost, by replacing it."""
    await database.write(lambda tx: add_in(tx, SubmissionState.ACCEPTED, numbers(2)))
    await database.write(lambda tx: adopt(tx, call(tx, 1).id, news("taken"), NOW))
    with pytest.raises(InvariantError):
        await database.write(lambda tx: tx.db.execute(statement))
    state = await database.read(lambda tx: part(tx, 1).state)
    held = await database.read(lambda tx: [c.gateway_id for c in tx.calls.of_batch(1)])
    assert (state, held) == (SubmissionState.ACCEPTED, ["taken", None])
