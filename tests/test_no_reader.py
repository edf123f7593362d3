"""Whoever may not look any more is shown nothing more in their private chat; a group goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.calling.readers import NO_READER
from sandbox.telegram import Person, flooded
from storage.models import DraftKind, HoldReason, NewDraft, Place, ReportKind
from storage.models import Person as Author
from storage.stores import Stores
from tests.board_rig import Rig, open_rig

ADA = Author(id=500003, name="Ada")


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with Sara and a group, an empty record, a keeper and a reporter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


async def suspend(rig: Rig) -> None:
    """Take Sara's rights away."""
    sara = Author(id=rig.sara.id, name="Sara")
    await rig.database.write(
        lambda tx: tx.members.put(sara, "launcher", now=rig.now, by=ADA, suspended=True)
    )


async def admin(rig: Rig) -> Person:
    """Ada, who is an admin."""
    await rig.database.write(lambda tx: tx.members.put(ADA, "admin", now=rig.now, by=ADA))
    return rig.tg.add_person(ADA.id, "Ada")


async def test_a_board_is_not_edited(rig: Rig) -> None:
    """What became of it since stands there no more, also once they are let back in."""
    batch_id, message = await rig.shown(rig.sara)
    await suspend(rig)
    await rig.hold(batch_id)
    before = message.text
    await rig.step(5)
    assert message.text == before
    assert (await rig.board(batch_id)).broken == NO_READER
    sara = Author(id=rig.sara.id, name="Sara")
    await rig.database.write(lambda tx: tx.members.put(sara, "launcher", now=rig.now, by=ADA))
    await rig.step(5)
    assert message.text == before


async def test_a_board_is_not_posted(rig: Rig) -> None:
    """A batch of a schedule, or one that was made just before."""
    batch_id = await rig.launch(rig.sara)
    await suspend(rig)
    await rig.step(5)
    assert rig.tg.sent(rig.sara) == []
    assert (await rig.board(batch_id)).broken == NO_READER


async def test_a_group_goes_on(rig: Rig) -> None:
    """Who may look there is not the bot's to say."""
    batch_id, message = await rig.shown(rig.group)
    await suspend(rig)
    await rig.hold(batch_id)
    await rig.step(5)
    assert "Bob" in message.text


async def test_a_closed_draft(rig: Rig) -> None:
    """The message of a draft that ends is left as it is."""
    message_id = rig.tg.send(rig.sara, rig.sara, "call").id

    def make(tx: Stores) -> None:
        draft_id = tx.drafts.create(
            NewDraft(
                token="t",
                kind=DraftKind.CALL,
                asked_by="test",
                author=Author(id=rig.sara.id, name="Sara"),
                place=Place(chat_id=rig.sara.id),
                content="{}",
                created_at=rig.now,
                expires_at=rig.now + 900,
            )
        )
        tx.drafts.shown_as(draft_id, message_id)
        tx.drafts.cancel(draft_id, "person")

    await rig.database.write(make)
    await suspend(rig)
    await rig.step(5)
    assert rig.tg.sent(rig.sara) == []
    assert await rig.database.read(lambda tx: tx.drafts.to_show_closed()) == []


async def test_an_end_is_not_told(rig: Rig) -> None:
    """Nor is its picture drawn; nobody has to decide, so nobody else is told."""
    ada = await admin(rig)
    batch_id = await rig.ended(rig.sara)
    await suspend(rig)
    before = len(rig.tg.sent(rig.sara))
    await rig.tell(5)
    assert (len(rig.tg.sent(rig.sara)), rig.tg.sent(ada)) == (before, [])
    assert (await rig.report(batch_id)).broken == NO_READER


async def test_an_end_that_was_told(rig: Rig) -> None:
    """It is not edited any more, and its picture is not sent."""
    batch_id = await rig.ended(rig.sara)
    await rig.tell(5)
    await suspend(rig)
    told = len(rig.tg.sent(rig.sara))
    await rig.database.write(lambda tx: tx.batches.touch(batch_id))
    for _ in range(2):
        await rig.tell(5)
    report = await rig.report(batch_id)
    assert len(rig.tg.sent(rig.sara)) == told
    assert (report.broken, report.chart_sent) == (NO_READER, True)


async def test_what_waits_for_a_decision_is_told_the_admins(rig: Rig) -> None:
    """A batch that is held has no reader in its chat, so each admin can decide."""
    ada = await admin(rig)
    batch_id, _ = await rig.shown(rig.sara)
    await suspend(rig)
    before = len(rig.tg.sent(rig.sara))
    await rig.database.write(
        lambda tx: tx.batches.hold(batch_id, HoldReason.UNKNOWN, now=rig.now, by=None)
    )
    for _ in range(3):
        await rig.step(5)
        await rig.tell(5)
    (told,) = rig.tg.sent(ada)
    assert "#b1" in told.text
    assert len(rig.tg.sent(rig.sara)) == before
    assert (await rig.report(batch_id, ReportKind.HELD, 1)).broken == NO_READER


async def test_an_admin_who_cannot_be_told_yet(rig: Rig) -> None:
    """It is tried again until one of them knows."""
    ada = await admin(rig)
    batch_id, _ = await rig.shown(rig.sara)
    await suspend(rig)
    await rig.hold(batch_id)
    rig.tg.fail("sendMessage", flooded(4), times=1)
    await rig.tell(5)
    assert rig.tg.sent(ada) == []
    await rig.step(5)
    await rig.tell(60)
    assert len(rig.tg.sent(ada)) == 1
