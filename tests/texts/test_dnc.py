"""The do-not-call list in words: its pages, a number's history, a draft, a skip."""

from dataclasses import replace

import pytest

from bot.calling.do_not_call import Added, ListedPage
from bot.calling.due import Why
from bot.texts import board, calls, dnc, dnc_asking, ending, ran, schedules, skipped
from bot.texts.cards import Card, plain
from storage.models import (
    BatchState,
    CallStatus,
    DoNotCall,
    ScheduleRun,
    ScheduleState,
    SkipReason,
    SubmissionState,
    Waiting,
)
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    fits_telegram,
    labels_of,
    lines_of,
    part,
    summary_of,
    view_of,
)
from tests.texts.test_draft import CONTENT, says
from tests.texts.test_schedules import due

S, C = SubmissionState, CallStatus
ONE = "+989120000001"
NONE = Waiting(batches=0, schedules=0, lists=0)
MASKED = replace(ENGLISH, masked=True)
ROOM = -100


def entry(number: str = ONE, **facts: object) -> DoNotCall:
    """An entry of Sara's, on the list."""
    made = DoNotCall(
        id=1,
        number=number,
        reason=HOSTILE,
        added_at=NOW,
        added_by=1,
        added_name="Sara",
        removed_at=None,
        removed_by=None,
        removed_name=None,
        removed_reason=None,
    )
    return replace(made, **facts)  # type: ignore[arg-type]  # a test's own facts


def off(at: float) -> DoNotCall:
    """The same, taken off by Bob."""
    return entry(removed_at=at, removed_by=2, removed_name="Bob", removed_reason="agreed")


def test_a_page_fits() -> None:
    """Ten of the longest reasons fit a message, and what people have typed is escaped."""
    entries = tuple(entry(reason="<" * 200, added_name="<" * 64) for _ in range(10))
    card = dnc.menu(ListedPage(entries=entries, page=2, pages=3, total=30), ENGLISH, NOW)
    assert not fits_telegram(card)
    assert labels_of(card)[0] == ["◀", "▶"]
    one = dnc.menu(ListedPage(entries=(entry(),), page=1, pages=1, total=1), ENGLISH, NOW)
    assert lines_of(one)[0] == "⛔ Do not call · one number"
    assert HOSTILE in lines_of(one)[1]


def test_a_long_history() -> None:
    """Five earlier times are told, and how many more there were."""
    card = dnc.checked(ONE, [off(NOW - n) for n in range(7)], ENGLISH, NOW)
    lines = lines_of(card)
    assert lines[0] == "✅ 09120000001 is not on the do-not-call list."
    assert len(lines) == 7
    assert lines[-1] == "… and 2 times more"
    assert labels_of(card) == [["⛔ Do not call"]]


def test_a_masked_number() -> None:
    """Where numbers are masked, no button of a card names one."""
    card = dnc.checked(ONE, [], MASKED, NOW)
    assert ONE[3:] not in plain(card.text)
    assert card.rows == ()
    on = dnc.checked(ONE, [entry()], MASKED, NOW)
    assert [[b.data for b in row] for row in on.rows] == [["dncoff:e1"]]
    assert dnc.beside(Card(card.text), ONE, [], MASKED, NOW, may_add=True) == Card(card.text)


def test_what_was_added() -> None:
    """Nothing new, one, or several; where they wait is told once, if it is anywhere."""
    numbers = tuple(f"+98912{n:07d}" for n in range(5))

    def lines(new: tuple[str, ...], already: tuple[str, ...], waiting: Waiting) -> list[str]:
        added = Added(numbers=new, already=already, reason="x", waiting=waiting, total=9)
        return plain(dnc.added(added, ENGLISH, "Bob")).splitlines()

    assert lines((), numbers[:1], NONE) == [
        "One was on it already, and stays as it is: 09120000000",
        "It has 9 numbers now.",
    ]
    three = "09120000000, 09120000001, 09120000002"
    where = Waiting(batches=2, schedules=1, lists=3)
    assert lines(numbers[:2], numbers[:4], where) == [
        "⛔ Bob put 2 numbers on the do-not-call list: x",
        f"4 were on it already, and stay as they are: {three} and 1 more",
        "⏭ Skipped from now on in: 2 open batches, one schedule, 3 lists.",
        "It has 9 numbers now.",
    ]


def test_a_draft_names_whom_it_leaves_out() -> None:
    """How many, and the first of them."""
    line = "⛔ 5 do not call: 09120000000, 09120000001, 09120000002 and 2 more. Left out."
    assert line in says(do_not_call=CONTENT.numbers[:5])
    assert not any(line.startswith("⛔") for line in says())


def test_a_due_time_that_asks() -> None:
    """Whom it would leave out stands beside *Call now*."""
    asking = due(ScheduleState.ASKING, why=Why.LATE)
    asking = replace(asking, content=replace(asking.content, do_not_call=(ONE,)))
    line = "⛔ 1 do not call: 09120000001. Left out."
    assert line in plain(schedules.look(asking, ENGLISH, NOW, ROOM).text)


def test_a_planned_batch() -> None:
    """Its board says how many were left out."""
    run = ScheduleRun(schedule_id=1, due_at=NOW, batch_id=1, do_not_call=2)
    assert plain(ran.paragraphs(run, ENGLISH)[1]) == "⛔ 2 do not call. Left out."


@pytest.mark.parametrize("reason", list(SkipReason))
def test_every_reason_has_words(reason: SkipReason) -> None:
    """On the board, in the list of calls and at the end."""
    words = plain(skipped.reason(reason, ENGLISH))
    view = view_of(part(S.CANCELLED, 2, C.SKIPPED), skipped={reason: 2})
    assert f"⏭ 2 skipped: {words}." in lines_of(board.board(view, ENGLISH, NOW))
    line = replace(view.calls[0], call=replace(view.calls[0].call, skip_reason=reason.value))
    assert plain(calls.outcome(ENGLISH, line)[1]) == f"skipped: {words}"
    assert plain(skipped.outcome(None, ENGLISH)) == "skipped"


def test_nothing_was_sent() -> None:
    """A batch of which all were skipped says so, and its end names them with the reason."""
    over = {"state": BatchState.FINISHED}
    parts = part(S.CANCELLED, 2, C.SKIPPED)
    assert "🏁 Nothing was sent: all 2 numbers were skipped." in lines_of(
        board.board(view_of(parts, batch=over), ENGLISH, NOW)
    )
    assert "09120000001 · it may have rung before" in lines_of(
        ending.end(summary_of(parts, batch=over), ENGLISH, NOW)
    )
    alone = part(S.CANCELLED, 1, C.SKIPPED)
    assert "🏁 Nothing was sent: its only number was skipped." in lines_of(
        board.board(view_of(alone, batch=over), ENGLISH, NOW)
    )


def test_reasons_of_one_tap() -> None:
    """Each button's reason is what is recorded."""
    for token in ("wish", "wrong", "agreed", "mistake"):
        assert dnc_asking.reason(token, ENGLISH)
    with pytest.raises(KeyError):
        dnc_asking.reason("x", ENGLISH)
