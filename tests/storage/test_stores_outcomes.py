"""What became of the numbers of a batch, and which of its messages are to be sent or edited."""

import pytest

from storage.models import (
    BatchState,
    CallNews,
    CallStatus,
    HoldReason,
    ReportKind,
    SubmissionState,
)
from storage.outcomes import CallOutcome, Counted
from storage.stores import Stores
from tests.storage.making import ANN, NOW, ROOM, add, bring, call, follow, numbers, part

S, C = SubmissionState, CallStatus
NORMAL, WAITING = CallOutcome(C.NORMAL), CallOutcome(C.WAITING)
QUEUED = CallOutcome(C.PLANNED, S.QUEUED)


def adopt(tx: Stores, batch_id: int, position: int, status: CallStatus, **facts: int) -> None:
    """Let a call of a batch have this status."""
    news = CallNews(
        gateway_id=f"{batch_id:016x}{position:016x}", status=status, word=status.upper(), **facts
    )
    tx.calls.adopt(call(tx, batch_id, position).id, news, NOW, follow(status, NOW + position))


def mixed(tx: Stores) -> int:
    """A batch of two answered calls, a waiting one, and two queued numbers."""
    batch_id = add(tx, numbers(3), numbers(2, 4))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    adopt(tx, batch_id, 1, C.NORMAL, bill_sec=20, price=30_000, execution_date=int(NOW) + 50)
    adopt(tx, batch_id, 2, C.NORMAL, bill_sec=0)
    adopt(tx, batch_id, 3, C.WAITING)
    return batch_id


def test_counted(tx: Stores) -> None:
    """By state of the submission and own status: how many, followed, talk, cost."""
    found = {(of.state, of.status): of for of in tx.outcomes.counted(mixed(tx))}
    assert found == {
        (S.ACCEPTED, C.NORMAL): Counted(
            state=S.ACCEPTED,
            status=C.NORMAL,
            count=2,
            followed=0,
            talk=20,
            talks=1,
            cost=30_000,
            unpriced=1,
        ),
        (S.ACCEPTED, C.WAITING): Counted(
            state=S.ACCEPTED,
            status=C.WAITING,
            count=1,
            followed=1,
            talk=0,
            talks=0,
            cost=0,
            unpriced=1,
        ),
        (S.QUEUED, C.PLANNED): Counted(
            state=S.QUEUED,
            status=C.PLANNED,
            count=2,
            followed=0,
            talk=0,
            talks=0,
            cost=0,
            unpriced=2,
        ),
    }
    assert [of.outcome for of in found.values()] == [NORMAL, WAITING, QUEUED]
    assert tx.outcomes.counted(999) == []


def test_calls_of_an_outcome(tx: Stores) -> None:
    """In their order, a page at a time; what is planned is told apart by its submission."""
    batch_id = mixed(tx)

    def positions(outcome: CallOutcome, limit: int = 10, offset: int = 0) -> list[int]:
        found = tx.outcomes.calls(batch_id, outcome, limit=limit, offset=offset)
        return [call.position for call in found]

    assert positions(NORMAL) == [1, 2]
    assert positions(NORMAL, limit=1, offset=1) == [2]
    assert positions(WAITING) == [3]
    assert positions(QUEUED) == [4, 5]
    assert positions(CallOutcome(C.PLANNED, S.REFUSED)) == []


def test_followed_calls(tx: Stores) -> None:
    """Those that are still asked about, the one that is due first before others."""
    batch_id = add(tx, numbers(3))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    for position in (3, 1):
        adopt(tx, batch_id, position, C.WAITING)
    adopt(tx, batch_id, 2, C.NORMAL)
    assert [call.position for call in tx.outcomes.followed(batch_id, 10)] == [1, 3]
    assert [call.position for call in tx.outcomes.followed(batch_id, 1)] == [1]


def test_times(tx: Stores) -> None:
    """The last news of a batch."""
    assert tx.outcomes.last_at(mixed(tx)) == NOW + 3
    assert tx.outcomes.last_at(999) is None


def test_when_calls_were_answered(tx: Stores) -> None:
    """Execution and talk where they lie before the news, else the news; each by its own call."""
    batch_id = add(tx, numbers(5))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    told: list[dict[str, int]] = [
        {"execution_date": int(NOW) - 100, "bill_sec": 20},
        {"execution_date": int(NOW) - 100, "bill_sec": 900},
        {"execution_date": int(NOW) - 50},
        {"bill_sec": 20},
    ]
    for position, facts in enumerate(told, start=1):
        adopt(tx, batch_id, position, C.NORMAL, **facts)
    adopt(tx, batch_id, 5, C.NO_ANSWER, execution_date=int(NOW) - 100, bill_sec=0)
    assert tx.outcomes.answered_at(batch_id) == [NOW - 80, NOW + 2, NOW + 3, NOW + 4]
    assert tx.outcomes.answered_at(999) == []


@pytest.mark.parametrize("outcome", [NORMAL, QUEUED, CallOutcome(C.NO_RESULT)])
def test_an_outcome_has_a_key(outcome: CallOutcome) -> None:
    """What a board remembers leads back to the outcome."""
    assert CallOutcome.parse(outcome.key) == outcome


def shown(tx: Stores, batch_id: int) -> int:
    """A batch whose board is message 71."""
    tx.boards.create(batch_id, ROOM)
    tx.boards.posted(batch_id, 71, 1)
    return batch_id


def test_a_board_remembers_what_it_lists(tx: Stores) -> None:
    """The page and the outcome are kept together."""
    batch_id = shown(tx, add(tx))
    tx.boards.turn(batch_id, 2, WAITING)
    board = tx.boards.get(batch_id)
    assert board is not None
    assert (board.page, board.shown_status) == (2, "waiting")
    tx.boards.turn(batch_id, 1)
    board = tx.boards.get(batch_id)
    assert board is not None
    assert (board.page, board.shown_status, board.awaited) == (1, None, False)


def test_a_board_is_over(tx: Stores) -> None:
    """When its batch has ended and no call of it is followed."""
    batch_id = shown(tx, add(tx, numbers(1)))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    adopt(tx, batch_id, 1, C.WAITING)
    tx.batches.finish(batch_id, now=NOW)
    assert [behind.over for behind in tx.boards.behind()] == [False]
    tx.calls.record(
        call(tx, batch_id),
        CallNews(gateway_id=call(tx, batch_id).gateway_id or "", status=C.NORMAL, word="NORMAL"),
        NOW,
        follow(C.NORMAL),
    )
    assert [behind.over for behind in tx.boards.behind()] == [True]


def test_reports_that_wait(tx: Stores) -> None:
    """Due until sent, then to be drawn, then behind with each change of the batch."""
    batch_id = shown(tx, add(tx))
    assert not tx.reports.waiting()
    assert tx.reports.make_due(batch_id, ReportKind.END, NOW)
    assert not tx.reports.make_due(batch_id, ReportKind.END, NOW)
    (report,) = tx.reports.due()
    assert (report.kind, report.sent_at, tx.reports.waiting()) == (ReportKind.END, None, True)
    tx.reports.sent(report, 72, revision=1, now=NOW)
    assert (tx.reports.due(), [of.batch_id for of in tx.reports.charts()]) == ([], [batch_id])
    assert tx.reports.waiting()
    tx.reports.chart_sent(report)
    assert (tx.reports.charts(), tx.reports.waiting()) == ([], False)
    tx.batches.touch(batch_id)
    assert ([of.kind for of in tx.reports.behind()], tx.reports.waiting()) == (["end"], True)
    tx.reports.shown(report, 2)
    assert (tx.reports.behind(), tx.reports.waiting()) == ([], False)
    found = tx.reports.at(ROOM.chat_id, 72)
    assert (found, tx.reports.at(1, 72), tx.reports.at(ROOM.chat_id, 73)) == (
        tx.reports.get(batch_id, ReportKind.END),
        None,
        None,
    )


def test_a_hold_is_a_report_that_follows_its_batch(tx: Stores) -> None:
    """Each hold makes one, which is behind when the batch moves on, until it is given up."""
    batch_id = shown(tx, add(tx))
    tx.batches.hold(batch_id, HoldReason.PERSON, now=NOW, by=ANN)
    (report,) = tx.reports.due()
    assert (report.kind, report.hold_no) == (ReportKind.HELD, 1)
    tx.reports.sent(report, 72, revision=report.revision, now=NOW)
    assert tx.reports.behind() == []
    tx.batches.resume(batch_id, now=NOW)
    assert [of.hold_no for of in tx.reports.behind()] == [1]
    tx.reports.break_off(report, "over")
    tx.batches.hold(batch_id, HoldReason.AWAY, now=NOW)
    assert ([of.hold_no for of in tx.reports.due()], tx.reports.behind()) == ([2], [])
    batch = tx.batches.get(batch_id)
    assert batch is not None
    assert batch.state is BatchState.HELD
