"""Every call with all that is recorded of it."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bot.texts.table import COLUMNS, Entry, Kind, Value, heads, values
from storage.models import (
    Batch,
    BatchState,
    Call,
    CallStatus,
    HoldReason,
    StopReason,
    Submission,
    SubmissionState,
)
from tests.texts.scenes import ENGLISH, NOW, VOICE, call_id, part, view_of

S, C = SubmissionState, CallStatus


def entry(**changes: dict[str, Any]) -> Entry:
    """An answered call of #b12."""
    view = view_of(
        part(S.ACCEPTED, 1, C.NORMAL), call={"bill_sec": 12, "price": 34_200, "word": "NORMAL"}
    )
    return Entry(
        batch=replace(view.batch, **changes.get("batch", {})),
        submission=replace(view.submissions[0], **changes.get("submission", {})),
        call=replace(view.calls[0].call, **changes.get("call", {})),
    )


def row(of: Entry) -> dict[str, Value]:
    """The values of a call by the keys of their columns, without empty ones."""
    found = zip(COLUMNS, values(of, ENGLISH), strict=True)
    return {column.key: value for column, value in found if value is not None}


def test_a_call() -> None:
    """Batch, place, number with its country code, outcome in words, seconds, cost, id, hours."""
    assert row(entry()) == {
        "batch": "b12",
        "position": 1,
        "number": "+989120000001",
        "outcome": "answered",
        "talk_seconds": 12,
        "cost_toman": 34_200,
        "call_id": call_id(1),
        "voice": VOICE,
        "launched_by": "Sara",
        "launched_at": NOW,
        "status": "normal",
        "gateway_status": "NORMAL",
        "tries": 0,
        "batch_state": "running",
        "batch_numbers": 1,
        "launched_by_id": 1,
        "chat_id": 1,
        "retry_count": 1,
        "part": 1,
        "part_state": "accepted",
        "attempts": 1,
        "sent_at": NOW,
    }


def test_a_number_without_a_call() -> None:
    """Its outcome is what its part of the batch is."""
    view = view_of(part(S.UNKNOWN, 1))
    shown = row(Entry(view.batch, view.submissions[0], view.calls[0].call))
    assert (shown["outcome"], shown["status"], shown["part_state"]) == (
        *("may have rung", "planned", "unknown"),
    )
    assert "call_id" not in shown


def test_a_follow_up() -> None:
    """It names the batch that it follows."""
    shown = row(entry(batch={"follows": 11, "followed_as": "try_again"}))
    assert (shown["follows"], shown["followed_as"]) == ("b11", "try_again")


OTHER: dict[str, Any] = {
    "state": BatchState.STOPPED,
    "hold_reason": HoldReason.AWAY,
    "stop_reason": StopReason.PERSON,
    "status": CallStatus.ERROR,
    "number": "+989120000777",
}
HIDDEN: dict[type, set[str]] = {
    Call: {"id", "batch_id", "submission_id"},  # shown by their names
    Submission: {"id", "batch_id", "numbers", "skipped", "not_before"},  # of no call in particular
    Batch: {
        *("asked_by", "fingerprint", "revision", "event_at"),  # the program's own
        *("submissions", "repeated"),  # of no call in particular
        *("hold_no", "hold_by", "hold_name", "held_at", "stop_by"),  # how it ended is shown
        *("resumed_by", "resumed_name"),
        *("list_ref", "launch_ref", "undo_until"),  # the list is shown by its name
        *("day", "estimate"),  # its share of the limits
        *(
            "goes_at",
            "opens_at",
            "window_by",
            "window_until",
        ),  # that it waits, or waited; who is shown by name
        *("approved_by", "approval_asked_at"),
        *("first_wave", "first_wait", "first_share", "first_judged_at"),  # that it waited
    },
}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        (model.__name__.lower(), field.name)
        for model, hidden in HIDDEN.items()
        for field in fields(model)
        if field.name not in hidden
    ],
)
def test_nothing_is_left_out(name: str, field: str) -> None:
    """Whatever is recorded of a call, and of what it was part of, shows in its row."""
    was = entry()
    other = OTHER.get(field, 7)
    if field == "state" and name == "submission":
        other = S.LEFT
    now = entry(**{name: {field: other}})
    assert values(now, ENGLISH) != values(was, ENGLISH)


def test_heads() -> None:
    """Each column has its own head and its own key; a number of a telephone is no free text."""
    assert heads(ENGLISH)[:7] == [
        *("batch", "position", "number", "name", "outcome", "seconds", "cost (Toman)")
    ]
    assert len(set(heads(ENGLISH))) == len({c.key for c in COLUMNS}) == len(COLUMNS)
    assert [c.key for c in COLUMNS if c.kind is Kind.PHONE] == ["number"]
    assert [c.key for c in COLUMNS if c.kind is Kind.MONEY] == ["cost_toman"]
