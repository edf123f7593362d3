"""Records to test with, brought into each state along the moves that the program makes."""

import itertools
from dataclasses import replace
from typing import Any

from storage.models import (
    FINAL_STATUSES,
    BatchState,
    Call,
    CallNews,
    CallStatus,
    DraftKind,
    Follow,
    HoldReason,
    NewBatch,
    NewDraft,
    Person,
    Place,
    StopReason,
    Submission,
    SubmissionState,
)
from storage.stores import Stores

ANN = Person(id=1, name="Ann")
BEN = Person(id=2, name="Ben")
ROOM = Place(chat_id=-100, thread_id=5, reply_to=7)
NOW = 1_000_000.0

S = SubmissionState
PATHS: dict[SubmissionState, tuple[SubmissionState, ...]] = {
    S.QUEUED: (),
    S.SENDING: (S.SENDING,),
    S.ACCEPTED: (S.SENDING, S.ACCEPTED),
    S.REFUSED: (S.SENDING, S.REFUSED),
    S.UNSENT: (S.SENDING, S.UNSENT),
    S.UNKNOWN: (S.SENDING, S.UNKNOWN),
    S.RELEASED: (S.SENDING, S.UNKNOWN, S.RELEASED),
    S.LEFT: (S.SENDING, S.UNKNOWN, S.LEFT),
    S.CANCELLED: (S.CANCELLED,),
}

_counted = itertools.count(1)


def numbers(count: int, first: int = 1) -> tuple[str, ...]:
    """So many numbers in E.164."""
    return tuple(f"+98912{first + i:07d}" for i in range(count))


def new_batch(*cuts: tuple[str, ...], **changes: Any) -> NewBatch:
    """What is committed before anything is sent; one submission of two numbers by default."""
    new = NewBatch(
        asked_by=f"message:-100:{next(_counted)}",
        voice="0" * 32,
        retry_count=2,
        server_id=None,
        author=ANN,
        place=ROOM,
        cuts=cuts or (numbers(2),),
        fingerprint="print",
    )
    return replace(new, **changes)


def add(tx: Stores, *cuts: tuple[str, ...], now: float = NOW, **changes: Any) -> int:
    """Record such a batch, and return its id."""
    return tx.batches.create(new_batch(*cuts, **changes), now=now)


def new_draft(**changes: Any) -> NewDraft:
    """A draft of Ann's that is open for a quarter of an hour."""
    count = next(_counted)
    new = NewDraft(
        token=f"token{count}",
        kind=DraftKind.CALL,
        asked_by=f"message:-100:{count}",
        author=ANN,
        place=ROOM,
        content="{}",
        created_at=NOW,
        expires_at=NOW + 900,
    )
    return replace(new, **changes)


def part(tx: Stores, batch_id: int, position: int = 1) -> Submission:
    """One submission of a batch as it is recorded."""
    return tx.submissions.of_batch(batch_id)[position - 1]


def call(tx: Stores, batch_id: int, position: int = 1) -> Call:
    """One call of a batch as it is recorded."""
    return tx.calls.of_batch(batch_id)[position - 1]


def put(tx: Stores, table: str, column: str, value: object) -> None:
    """Set a column in every row of a table, as far as the schema lets anyone."""
    tx.db.execute(f"UPDATE {table} SET {column} = ?", [value])  # noqa: S608 -- our own names


def bring(tx: Stores, submission_id: int, state: SubmissionState, *, now: float = NOW) -> None:
    """Move a queued submission to this state, as the program would."""
    for step in PATHS[state]:
        if step is S.SENDING:
            assert tx.submissions.claim(submission_id, now)
        elif step is S.CANCELLED:
            tx.submissions.cancel(submission_id, now=now)
        elif step in (S.RELEASED, S.LEFT):
            assert tx.submissions.decide(submission_id, step, by=ANN, now=now)
        else:
            code = "42" if step is S.REFUSED else None
            assert tx.submissions.end(submission_id, step, now=now, code=code)


def add_in(tx: Stores, state: SubmissionState, *cuts: tuple[str, ...], **changes: Any) -> int:
    """A batch whose first submission is in this state, and the others still queued."""
    batch_id = add(tx, *cuts, **changes)
    bring(tx, part(tx, batch_id).id, state)
    return batch_id


def bring_batch(tx: Stores, batch_id: int, state: BatchState) -> None:
    """Move a running batch to this state, as the program would."""
    if state is BatchState.HELD:
        tx.batches.hold(batch_id, HoldReason.PERSON, now=NOW, by=ANN)
    elif state is BatchState.FINISHED:
        tx.batches.finish(batch_id, now=NOW)
    elif state is BatchState.STOPPED:
        tx.batches.stop(batch_id, StopReason.PERSON, now=NOW)


def follow(status: CallStatus = CallStatus.WAITING, now: float = NOW) -> Follow:
    """How a call is followed of which the gateway says this: final, or asked about at once."""
    if status in FINAL_STATUSES:
        return Follow(status_since=now, final_at=now)
    if status is CallStatus.NO_RESULT:
        return Follow(status_since=now)
    return Follow(status_since=now, next_poll_at=now)


def adopt(tx: Stores, call_id: int, said: CallNews, now: float = NOW) -> None:
    """Give a call its id; a final status that comes with it is final."""
    tx.calls.adopt(call_id, said, now, follow(said.status, now))


def record(tx: Stores, said: CallNews, now: float = NOW) -> bool:
    """Record what the gateway says of a call; a final status is final."""
    known = tx.calls.get_by_id(said.gateway_id)
    assert known is not None
    return tx.calls.record(known, said, now, follow(said.status, now))


def news(gateway_id: str, status: CallStatus = CallStatus.WAITING, **changes: Any) -> CallNews:
    """What the gateway says of a call."""
    return replace(CallNews(gateway_id=gateway_id, status=status, word=status.upper()), **changes)
