"""A batch in figures: bar, cost, what became of the numbers, and the buttons with counts."""

from typing import Any

import pytest

from bot.calling.refreshing import Refreshed
from bot.texts.board import board
from bot.texts.cards import Card, plain
from bot.texts.figures import bar, refreshed
from storage.models import BatchState, CallStatus, SubmissionState
from storage.outcomes import CallOutcome
from tests.texts.scenes import (
    ENGLISH,
    NOW,
    Part,
    call_id,
    fits_telegram,
    labels_of,
    lines_of,
    part,
    view_of,
)

S, C, B = SubmissionState, CallStatus, BatchState
FINISHED = {"state": B.FINISHED}
ANSWERED, WAITING = CallOutcome(C.NORMAL), CallOutcome(C.WAITING)
FORTY = part(S.ACCEPTED, 40, *[C.NORMAL] * 17, *[C.NO_ANSWER] * 5, *[C.WAITING] * 18)


def card(*parts: Part, **facts: Any) -> Card:
    """A board of these parts."""
    return board(view_of(*parts, **facts), ENGLISH, NOW)


def test_a_board_while_it_is_live() -> None:
    """State, how far it is and what it cost, then what became of the numbers, in words."""
    live = card(FORTY, batch=FINISHED, call={"price": 13_500})
    assert lines_of(live)[1:5] == [
        "✅ All 40 numbers are at the gateway.",
        "▓▓▓▓▓░░░░░ 22/40 · 💰 540 T so far",
        "✅ 17 answered · 📵 5 no answer · ⏳ 18 waiting",
        f"✅ 09120000001 · answered · {call_id(1)}",
    ]


@pytest.mark.parametrize(
    ("done", "whole", "shown"),
    [
        (0, 40, "░░░░░░░░░░"),
        (24, 38, "▓▓▓▓▓▓░░░░"),
        (999, 1000, "▓▓▓▓▓▓▓▓▓░"),
        (3, 3, "▓▓▓▓▓▓▓▓▓▓"),
    ],
)
def test_the_bar(done: int, whole: int, shown: str) -> None:
    """Ten signs; full only if nothing is missing."""
    assert bar(done, whole) == shown


def test_what_is_done() -> None:
    """Queued, sending, unknown, followed and stopped numbers are not; refused ones are."""
    half = card(part(S.ACCEPTED, 5, C.NORMAL), part(S.UNKNOWN, 5), batch=FINISHED)
    assert lines_of(half)[2] == "▓▓▓▓▓░░░░░ 5/10"
    more = card(part(S.ACCEPTED, 5, C.NORMAL), part(S.REFUSED, 3), part(S.QUEUED, 2))
    assert lines_of(more)[2] == "▓▓▓▓▓▓▓▓░░ 8/10"
    stopped = card(part(S.ACCEPTED, 5, C.NORMAL), part(S.CANCELLED, 5), batch={"state": B.STOPPED})
    assert lines_of(stopped)[2] == "▓▓▓▓▓░░░░░ 5/10"


def test_nothing_placed_has_no_bar() -> None:
    """Before the gateway has given an id there is nothing to measure."""
    assert "▓" not in card(part(S.SENDING, 40)).text
    assert "░" not in card(part(S.SENDING, 40)).text


def test_a_batch_of_one_has_no_bar() -> None:
    """Its cost stands alone, once the gateway has said it."""
    one = card(part(S.ACCEPTED, 1, C.NORMAL), batch=FINISHED, call={"price": 34_200})
    assert lines_of(one)[1:3] == ["🏁 The call has ended.", "💰 34 T"]


def test_cost_is_so_far_until_it_is_known() -> None:
    """An answered call without a price may still cost; when all have one, the sum is final."""
    priced = part(S.ACCEPTED, 2, C.NORMAL)
    assert lines_of(card(priced, batch=FINISHED, call={"price": 10_000}))[2].endswith("💰 20 T")
    waiting = part(S.ACCEPTED, 2, C.NORMAL, C.WAITING)
    assert lines_of(card(waiting, batch=FINISHED, call={"price": 10_000}))[2].endswith(" so far")


def test_counts_are_buttons() -> None:
    """One for each outcome; a tap lists its calls, on page 1."""
    shown = card(FORTY, batch=FINISHED)
    assert labels_of(shown) == [
        ["✅ 17", "📵 5", "⏳ 18"],
        ["◀", "1/4", "▶"],
        ["🔄 Refresh", "📄 CSV"],
    ]
    assert [b.data for b in shown.rows[0]] == [
        "page:12.1.normal",
        "page:12.1.no_answer",
        "page:12.1.waiting",
    ]
    assert shown.rows[2][0].data == "fresh:12.1"


def test_the_chosen_count_is_marked_and_ends_itself() -> None:
    """The list says what it is limited to; pages and *Refresh* keep it, a second tap ends it."""
    chosen = card(FORTY, batch=FINISHED, shown=WAITING, pages=2)
    assert "🔎 Only ⏳ waiting: 18 of 40" in lines_of(chosen)
    assert labels_of(chosen)[0] == ["✅ 17", "📵 5", "· ⏳ 18 ·"]
    assert [b.data for b in chosen.rows[0]][1:] == ["page:12.1.no_answer", "page:12.1"]
    assert [b.data for b in chosen.rows[1]] == [
        "page:12.2.waiting",
        "page:12.1.waiting",
        "page:12.2.waiting",
    ]
    assert chosen.rows[2][0].data == "fresh:12.1.waiting"


def test_a_chosen_outcome_that_no_call_has_any_more() -> None:
    """It stays on the board with its 0, so that a tap can end it."""
    none = card(part(S.ACCEPTED, 40, C.NORMAL), batch=FINISHED, shown=WAITING, calls=(), pages=1)
    assert lines_of(none)[-1] == "🔎 Only ⏳ waiting: 0 of 40"
    assert labels_of(none)[0] == ["✅ 40", "· ⏳ 0 ·"]


def test_numbers_that_are_not_placed_are_counted_by_their_part() -> None:
    """What is queued, refused or may have rung can be listed as well."""
    mixed = card(part(S.UNKNOWN, 20), part(S.QUEUED, 20), part(S.REFUSED, 7))
    row = next(row for row in mixed.rows if row[0].data.startswith("page:"))
    assert [(b.label, b.data) for b in row] == [
        ("🕘 20", "page:12.1.planned-queued"),
        ("⚠️ 20", "page:12.1.planned-unknown"),
        ("⛔ 7", "page:12.1.planned-refused"),
    ]


def test_no_counts_where_there_is_nothing_to_choose() -> None:
    """All calls on one page, or all of one outcome, need no buttons to choose from."""
    few = part(S.ACCEPTED, 10, C.NORMAL, C.NO_ANSWER)
    assert labels_of(card(few, batch=FINISHED)) == [["📄 CSV"]]
    same = part(S.ACCEPTED, 11, C.NORMAL)
    assert labels_of(card(same, batch=FINISHED)) == [["◀", "1/2", "▶"], ["📄 CSV"]]


def test_every_outcome_at_once_fits_telegram() -> None:
    """As many count buttons as there are outcomes, five a row."""
    placed = [part(S.ACCEPTED, 20, status) for status in C if status is not C.PLANNED]
    parts = [*placed, *(part(state, 20) for state in S if state is not S.ACCEPTED)]
    everything = card(*parts)
    assert fits_telegram(everything) == []
    counts = [b for row in everything.rows for b in row if ".1." in b.data]
    assert len(counts) == 19
    assert all(CallOutcome.parse(b.data.split(".")[2]) for b in counts)


@pytest.mark.parametrize("key", ["planned", "planned-", "planned-x", "x", "", "NORMAL"])
def test_a_word_that_is_no_outcome(key: str) -> None:
    """Forged callback data names nothing."""
    assert CallOutcome.parse(key) is None


@pytest.mark.parametrize(
    ("changed", "followed", "said"),
    [
        (0, 0, "Nothing has changed: no call waits for a result."),
        (0, 1, "Nothing has changed; one call still waits for its result."),
        (0, 9, "Nothing has changed; 9 calls still wait for their results."),
        (1, 0, "One call has changed; none waits any more."),
        (3, 0, "3 calls have changed; none waits any more."),
        (1, 9, "One call has changed; still waiting: 9."),
        (3, 1000, "3 calls have changed; still waiting: 1,000."),
    ],
)
def test_the_answer_to_refresh(changed: int, followed: int, said: str) -> None:
    """It says what has changed, and what is still open."""
    assert plain(refreshed(Refreshed(changed=changed, followed=followed), ENGLISH)) == said
