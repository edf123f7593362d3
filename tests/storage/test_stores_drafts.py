import sqlite3

import pytest

from storage.models import (
    Draft,
    DraftKind,
    DraftState,
    Pause,
    PauseReason,
)
from storage.stores import Stores
from tests.storage.making import ANN, BEN, NOW, add, new_draft, part

D = DraftState


def draft(tx: Stores, named: str = "t") -> Draft:
    """A draft as it is recorded."""
    found = tx.drafts.get(named)
    assert found is not None
    return found


def test_a_draft(tx: Stores) -> None:
    """A draft is kept as it was asked, with what a *Try again* would take."""
    batch_id = add(tx)
    sources = (part(tx, batch_id).id,)
    new = new_draft(token="t", kind=DraftKind.TRY_AGAIN, source_batch_id=batch_id, sources=sources)
    draft_id = tx.drafts.create(new)
    assert draft(tx) == Draft(
        id=draft_id,
        token="t",
        kind=DraftKind.TRY_AGAIN,
        state=D.OPEN,
        asked_by=new.asked_by,
        author_id=ANN.id,
        author_name=ANN.name,
        chat_id=-100,
        thread_id=5,
        reply_to=7,
        message_id=None,
        content="{}",
        created_at=NOW,
        expires_at=NOW + 900,
        source_batch_id=batch_id,
        closed_why=None,
        closed_shown=False,
        batch_id=None,
    )
    assert tx.drafts.sources(draft_id) == sources
    assert tx.drafts.asked(new.asked_by) == draft(tx)
    tx.drafts.shown_as(draft_id, 9)
    assert draft(tx).message_id == 9


def test_no_draft(tx: Stores) -> None:
    """What nobody asked is none, and nothing expires."""
    assert tx.drafts.get("t") is None
    assert tx.drafts.asked("message:1:1") is None
    assert tx.drafts.sources(1) == ()
    assert tx.drafts.next_expiry() is None


@pytest.mark.parametrize("column", ["token", "asked_by"])
def test_drafts_are_unique(tx: Stores, column: str) -> None:
    """A message makes one draft, and no two have the same buttons."""
    tx.drafts.create(new_draft(**{column: "x"}))
    with pytest.raises(sqlite3.IntegrityError, match=f"UNIQUE.*{column}"):
        tx.drafts.create(new_draft(**{column: "x"}))


def test_confirm(tx: Stores) -> None:
    """A draft that is confirmed has become a batch, and is not closed in any other way."""
    draft_id, batch_id = tx.drafts.create(new_draft(token="t")), add(tx)
    tx.drafts.confirm(draft_id, batch_id)
    assert (draft(tx).state, draft(tx).batch_id) == (D.CONFIRMED, batch_id)
    assert not tx.drafts.cancel(draft_id, "too late")
    assert tx.drafts.expire(NOW + 9999) == 0
    assert tx.drafts.to_show_closed() == []


def test_a_batch_is_of_one_draft(tx: Stores) -> None:
    """Two drafts cannot become the same batch."""
    one, other = (tx.drafts.create(new_draft()) for _ in range(2))
    batch_id = add(tx)
    tx.drafts.confirm(one, batch_id)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*batch_id"):
        tx.drafts.confirm(other, batch_id)


def test_cancel(tx: Stores) -> None:
    """The first answer wins: a cancelled draft is neither cancelled again nor confirmed."""
    draft_id = tx.drafts.create(new_draft(token="t"))
    assert [tx.drafts.cancel(draft_id, why) for why in ("person", "evidence")] == [True, False]
    assert (draft(tx).state, draft(tx).closed_why) == (D.CANCELLED, "person")
    with pytest.raises(sqlite3.IntegrityError, match="no such move"):
        tx.drafts.confirm(draft_id, add(tx))


def test_expire(tx: Stores) -> None:
    """Drafts expire at their time, the open ones only, each once."""
    for ahead in (5, 9, 5):
        last = tx.drafts.create(
            new_draft(token=f"{ahead}{ahead}{tx.drafts.next_expiry()}", expires_at=NOW + ahead)
        )
    tx.drafts.cancel(last, "person")
    assert tx.drafts.next_expiry() == NOW + 5
    assert [tx.drafts.expire(NOW + s) for s in (4.9, 5, 5)] == [0, 1, 0]
    assert tx.drafts.next_expiry() == NOW + 9


def test_what_is_to_be_shown_closed(tx: Stores) -> None:
    """The message of a draft that was cancelled or has expired says so, once."""
    cancelled = tx.drafts.create(new_draft(token="t", expires_at=NOW + 9))
    expired = tx.drafts.create(new_draft(expires_at=NOW))
    tx.drafts.confirm(tx.drafts.create(new_draft()), add(tx))
    assert tx.drafts.to_show_closed() == []
    tx.drafts.expire(NOW)
    tx.drafts.cancel(cancelled, "person")
    assert {d.id for d in tx.drafts.to_show_closed()} == {cancelled, expired}
    tx.drafts.shown_closed(cancelled)
    assert draft(tx).closed_shown
    assert [d.id for d in tx.drafts.to_show_closed()] == [expired]


def test_ask_again(tx: Stores) -> None:
    """New content comes with a new token, so that old buttons are stale; a closed one stays."""
    draft_id = tx.drafts.create(new_draft(token="t"))
    tx.drafts.ask_again(draft_id, token="u", content='{"x": 1}', expires_at=NOW + 5)
    assert tx.drafts.get("t") is None
    assert (draft(tx, "u").content, draft(tx, "u").expires_at) == ('{"x": 1}', NOW + 5)
    tx.drafts.cancel(draft_id, "person")
    tx.drafts.ask_again(draft_id, token="v", content="", expires_at=NOW)
    assert (tx.drafts.get("v"), draft(tx, "u").content) == (None, '{"x": 1}')


def test_open_from(tx: Stores) -> None:
    """The open drafts that would take a submission are found, each once."""
    one, two, three = (part(tx, add(tx)).id for _ in range(3))
    both = tx.drafts.create(new_draft(sources=(one, two)))
    tx.drafts.create(new_draft(sources=(three,)))
    tx.drafts.cancel(tx.drafts.create(new_draft(sources=(one,))), "person")
    assert [d.id for d in tx.drafts.open_from([one, two])] == [both]
    assert [d.id for d in tx.drafts.open_from([two])] == [both]
    assert tx.drafts.open_from([999]) == []
    assert tx.drafts.open_from([]) == []


def test_pauses(tx: Stores) -> None:
    """A reason pauses once; it ends by its own cure only, and may come again."""
    assert tx.pauses.open() == []
    begun = [
        tx.pauses.begin(reason, "why", NOW)
        for reason in (PauseReason.DISK, PauseReason.UNAUTHORISED, PauseReason.DISK)
    ]
    assert begun == [True, True, False]
    assert [p.reason for p in tx.pauses.open()] == [PauseReason.DISK, PauseReason.UNAUTHORISED]
    ended = [
        tx.pauses.end(PauseReason.DISK, by=BEN.id, name=BEN.name, now=NOW + 1) for _ in range(2)
    ]
    assert ended == [True, False]
    assert tx.pauses.open() == [
        Pause(id=2, reason=PauseReason.UNAUTHORISED, since=NOW, detail="why")
    ]
    assert tx.pauses.begin(PauseReason.DISK, "again", NOW + 2)
    assert [p.detail for p in tx.pauses.open()] == ["why", "again"]


def test_who_was_told(tx: Stores) -> None:
    """An admin is told of a pause once; the next one of the same reason is another."""
    tx.pauses.begin(PauseReason.DISK, "", NOW)
    (pause,) = tx.pauses.open()
    assert tx.pauses.told(pause.id) == set()
    for admin in (ANN.id, BEN.id, ANN.id):
        tx.pauses.tell(pause.id, admin, NOW)
    assert tx.pauses.told(pause.id) == {ANN.id, BEN.id}
    tx.pauses.end(PauseReason.DISK, by=None, name=None, now=NOW)
    tx.pauses.begin(PauseReason.DISK, "", NOW)
    assert tx.pauses.told(tx.pauses.open()[0].id) == set()


def test_probe(tx: Stores) -> None:
    """A probe needs room on the disk, and what it wrote is taken back."""

    def filled() -> int:
        row = tx.db.execute("SELECT coalesce(sum(length(filler)), 0) FROM probes").fetchone()
        return int(row[0])

    tx.pauses.probe()
    assert filled() == 65536
    tx.pauses.clear_probe()
    assert filled() == 0
