import sqlite3

import pytest

from storage.models import (
    Board,
    DraftState,
    HoldReason,
    Place,
    StopReason,
    SubmissionState,
)
from storage.stores import Stores
from storage.stores.boards import Behind
from storage.stores.updates import KEPT
from tests.storage.making import NOW, ROOM, add, add_in, bring, new_draft, numbers, part

S, D = SubmissionState, DraftState


def board(tx: Stores, batch_id: int) -> Board:
    """A board as it is recorded."""
    found = tx.boards.get(batch_id)
    assert found is not None
    return found


def add_board(tx: Stores, *, shown: bool = True, now: float = NOW) -> int:
    """A batch with its board, which shows it as it is unless told otherwise."""
    batch_id = add(tx, numbers(1), numbers(1, 2), now=now)
    tx.boards.create(batch_id, ROOM)
    if shown:
        tx.boards.posted(batch_id, 70 + batch_id, 1)
    return batch_id


def behind(tx: Stores) -> list[int]:
    """The batches whose boards are behind, in the order in which they are drawn."""
    return [b.batch_id for b in tx.boards.behind()]


def test_a_board(tx: Stores) -> None:
    """A board is where the batch was asked for, and shows nothing until it is posted."""
    batch_id = add_board(tx, shown=False)
    assert board(tx, batch_id) == Board(
        batch_id=batch_id,
        chat_id=-100,
        thread_id=5,
        reply_to=7,
        message_id=None,
        page=1,
        shown_revision=0,
        broken=None,
    )
    tx.boards.posted(batch_id, 71, 1)
    tx.boards.turn(batch_id, 2)
    shown = board(tx, batch_id)
    assert (shown.message_id, shown.shown_revision, shown.page) == (71, 1, 2)
    assert tx.boards.get(batch_id + 1) is None
    assert tx.boards.at(-100, 71) == shown
    assert tx.boards.at(-100, 72) is None
    assert tx.boards.at(-101, 71) is None


def test_one_board(tx: Stores) -> None:
    """A batch has one board; a message that is there already can become it."""
    batch_id = add(tx)
    tx.boards.create(batch_id, ROOM, message_id=9)
    assert board(tx, batch_id).message_id == 9
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        tx.boards.create(batch_id, ROOM)


def test_behind(tx: Stores) -> None:
    """A board is behind from each change of its batch until it shows that revision."""
    batch_id = add_board(tx, shown=False)
    assert tx.boards.behind() == [
        Behind(
            batch_id=batch_id, chat_id=-100, shown=False, created_at=NOW, news=False, over=False
        )
    ]
    tx.boards.posted(batch_id, 71, 1)
    assert behind(tx) == []
    tx.batches.touch(batch_id)
    assert tx.boards.behind() == [
        Behind(batch_id=batch_id, chat_id=-100, shown=True, created_at=NOW, news=True, over=False)
    ]
    tx.boards.shown(batch_id, 2)
    assert behind(tx) == []


def test_behind_from_the_beginning(tx: Stores) -> None:
    """A board that is made after its batch has changed knows all of its revisions."""
    batch_id = add_in(tx, S.ACCEPTED)
    tx.boards.create(batch_id, ROOM)
    tx.boards.posted(batch_id, 71, 1)
    assert behind(tx) == [batch_id]
    found = tx.batches.get(batch_id)
    assert found is not None
    tx.boards.shown(batch_id, found.revision)
    assert behind(tx) == []


def test_behind_in_order(tx: Stores) -> None:
    """The board whose batch has waited longest is drawn first."""
    ids = [add_board(tx, now=NOW - ago) for ago in (1, 9, 5)]
    for batch_id in ids:
        tx.batches.touch(batch_id)
    assert behind(tx) == [ids[1], ids[2], ids[0]]


def test_shown_never_goes_back(tx: Stores) -> None:
    """A late word of an older revision does not undo a newer one; one too new is kept."""
    batch_id = add_board(tx)
    tx.boards.shown(batch_id, 5)
    tx.boards.shown(batch_id, 3)
    assert board(tx, batch_id).shown_revision == 5
    tx.batches.touch(batch_id)
    assert behind(tx) == []


@pytest.mark.parametrize("state", list(SubmissionState))
def test_news(tx: Stores, state: SubmissionState) -> None:
    """A board that was never shown has news from the first outcome on."""
    batch_id = add_board(tx, shown=False)
    bring(tx, part(tx, batch_id).id, state)
    assert [b.news for b in tx.boards.behind()] == [state not in (S.QUEUED, S.SENDING)]


@pytest.mark.parametrize("claimed_again", [False, True])
def test_news_of_a_failed_attempt(tx: Stores, claimed_again: bool) -> None:
    """An attempt that failed is news, also while the next one is under way."""
    batch_id = add_board(tx, shown=False)
    bring(tx, part(tx, batch_id).id, S.SENDING)
    tx.submissions.requeue(part(tx, batch_id).id, not_before=NOW, reason="DNS")
    if claimed_again:
        bring(tx, part(tx, batch_id).id, S.SENDING)
    assert [b.news for b in tx.boards.behind()] == [True]


@pytest.mark.parametrize("held", [True, False])
def test_hold_and_stop_are_behind(tx: Stores, held: bool) -> None:
    """What a person presses is shown."""
    batch_id = add_board(tx)
    if held:
        tx.batches.hold(batch_id, HoldReason.PERSON, now=NOW)
    else:
        tx.batches.stop(batch_id, StopReason.PERSON, now=NOW)
    assert behind(tx) == [batch_id]


def test_lost(tx: Stores) -> None:
    """A board whose message is gone is posted anew with the next revision, answering nothing."""
    batch_id = add_board(tx)
    tx.boards.lost(batch_id)
    lost = board(tx, batch_id)
    assert (lost.message_id, lost.reply_to, lost.thread_id) == (None, None, 5)


def test_broken(tx: Stores) -> None:
    """A board that Telegram refuses for good is left alone until it is posted again."""
    batch_id = add_board(tx)
    tx.boards.break_off(batch_id, "kicked")
    tx.batches.touch(batch_id)
    assert (behind(tx), board(tx, batch_id).broken) == ([], "kicked")
    tx.boards.posted(batch_id, 72, 1)
    assert (behind(tx), board(tx, batch_id).broken) == ([batch_id], None)


def test_move_chat(tx: Stores) -> None:
    """Boards and drafts follow a group to its new id, and forget the old messages."""
    moved, stays = add_board(tx), add(tx, place=Place(chat_id=5))
    tx.boards.create(stays, Place(chat_id=5), message_id=8)
    tx.drafts.create(new_draft(token="t"))
    tx.boards.move_chat(-100, -1001)
    there = board(tx, moved)
    assert (there.chat_id, there.message_id, there.reply_to, there.thread_id) == (
        -1001,
        None,
        None,
        None,
    )
    draft = tx.drafts.get("t")
    assert draft is not None
    assert (draft.chat_id, draft.message_id, draft.reply_to) == (-1001, None, None)
    assert (board(tx, stays).chat_id, board(tx, stays).message_id) == (5, 8)


def test_prompts(tx: Stores) -> None:
    """A reply is about the submission that the message last asked about."""
    one, other = (part(tx, add(tx)).id for _ in range(2))
    assert tx.boards.prompted(-100, 3) is None
    tx.boards.prompt(-100, 3, one)
    tx.boards.prompt(-200, 3, other)
    assert (tx.boards.prompted(-100, 3), tx.boards.prompted(-200, 3)) == (one, other)
    tx.boards.prompt(-100, 3, other)
    assert (tx.boards.prompted(-100, 3), tx.boards.prompted(-100, 4)) == (other, None)


def test_updates(tx: Stores) -> None:
    """An update is new once, in whatever order the ids come."""
    assert [tx.updates.take(i, NOW) for i in (9, 3, 9, 2**52, 3)] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_prune(tx: Stores) -> None:
    """An update is remembered for seven days, to the second."""
    for update_id, ago in enumerate((KEPT + 1, KEPT, 0)):
        tx.updates.take(update_id, NOW - ago)
    assert [tx.updates.prune(NOW), tx.updates.prune(NOW)] == [1, 0]
    assert [tx.updates.take(i, NOW) for i in range(3)] == [True, False, False]
