"""The board while a large launch can still be undone, and between two of its waves."""

from bot.texts.board import board
from storage.models import BatchState, SubmissionState
from tests.texts.scenes import ENGLISH, NOW, Part, labels_of, lines_of, part, verbs_of, view_of

S = SubmissionState
UNDO = {"created_at": NOW - 4, "undo_until": NOW + 6}


def state(*parts: Part, **batch: object) -> str:
    """What the board says first."""
    return lines_of(board(view_of(*parts, batch=batch), ENGLISH, NOW))[1]


def buttons(*parts: Part, **batch: object) -> set[str]:
    """What can be done."""
    return verbs_of(board(view_of(*parts, batch=batch), ENGLISH, NOW))


def test_in_the_time_to_undo() -> None:
    """Nothing is sent, and *Undo* stands in place of *Hold* and *Stop*."""
    waiting = (part(S.QUEUED, 100, not_before=NOW + 6), part(S.QUEUED, 50, not_before=NOW + 6))
    assert state(*waiting, **UNDO) == (
        "↩️ Nothing is sent for 10 seconds: it can be undone until then."
    )
    card = board(view_of(*waiting, batch=UNDO), ENGLISH, NOW)
    assert ["↩️ Undo"] in labels_of(card)
    assert {"hold", "stop"} & verbs_of(card) == set()


def test_after_the_time_to_undo() -> None:
    """It is an ordinary board: *Hold rest* and *Stop*."""
    over = {"created_at": NOW - 11, "undo_until": NOW - 1}
    waiting = part(S.QUEUED, 100, not_before=NOW - 1)
    assert state(waiting, **over) == "📤 Sending: 0 of 100 numbers are at the gateway."
    assert {"hold", "stop"} <= buttons(waiting, **over)
    assert "undo" not in buttons(waiting, **over)


def test_held_in_the_time_to_undo() -> None:
    """Held by a person: it can be sent on or stopped."""
    held = {**UNDO, "state": BatchState.HELD, "hold_no": 1}
    found = buttons(part(S.QUEUED, 100, not_before=NOW + 6), **held)
    assert {"rest", "stop"} <= found
    assert "undo" not in found


def test_between_two_waves() -> None:
    """How many are at the gateway, how many go out next, and when."""
    parts = (part(S.ACCEPTED, 100), part(S.QUEUED, 100, not_before=NOW + 60), part(S.QUEUED, 50))
    assert state(*parts) == (
        "📤 Sending: 100 of 250 numbers are at the gateway. The next 100 go out at 18:05."
    )
    last = (part(S.ACCEPTED, 100), part(S.QUEUED, 1, not_before=NOW + 60))
    assert state(*last).endswith("The next one goes out at 18:05.")


def test_while_a_wave_is_on_its_way() -> None:
    """What waits behind it has no hour yet."""
    parts = (part(S.SENDING, 100), part(S.QUEUED, 100, not_before=NOW + 60))
    assert state(*parts) == "📤 Sending: 0 of 200 numbers are at the gateway."
