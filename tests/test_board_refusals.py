"""Boards where Telegram, the network or the record refuses; and drafts that are over."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from markupsafe import Markup

from bot.boards.moving import Mover
from bot.calling.audit import Deed
from bot.messenger import Messenger
from bot.texts.cards import Card
from sandbox.telegram import Cut, Message, Refused, flooded
from storage.errors import InvariantError
from storage.models import DraftKind, NewDraft, Place
from storage.models import Person as Author
from tests.board_rig import Rig, open_rig

GONE = Refused(400, "Bad Request: message to edit not found")


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, and a keeper."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


async def test_chats_do_not_wait_for_one_another(rig: Rig) -> None:
    """Each chat has its own pace."""
    private, one = await rig.shown(rig.sara)
    grouped, other = await rig.shown(rig.group)
    rig.tg.fail("editMessageText", flooded(30), when=lambda p: p["chat_id"] == rig.sara.id)
    await rig.hold(private)
    await rig.hold(grouped)
    await rig.step()
    assert (len(rig.tg.edits(one)), len(rig.tg.edits(other))) == (0, 1)


async def test_flood_control_is_obeyed(rig: Rig) -> None:
    """After a 429 the chat is left alone for as long as Telegram asks, pressed boards included."""
    batch_id, message = await rig.shown(rig.sara)
    rig.tg.fail("editMessageText", flooded(20))
    await rig.hold(batch_id)
    await rig.step()
    rig.keeper.hurry(batch_id)
    assert await rig.step() == pytest.approx(5.0)
    await rig.step(19.9)
    assert len(rig.tg.calls_of("editMessageText")) == 1
    await rig.step(0.1)
    assert len(rig.tg.edits(message)) == 1


async def test_a_network_that_is_away_is_tried_less_and_less_often(rig: Rig) -> None:
    """1, 2, 5, 10, 30 s and on; success starts from the beginning."""
    batch_id = await rig.launch(rig.sara)
    rig.tg.fail("sendMessage", Refused(502), times=7)
    tried = []
    for second in range(120):
        before = len(rig.tg.calls_of("sendMessage"))
        await rig.step(0.0 if second == 0 else 1.0)
        if len(rig.tg.calls_of("sendMessage")) > before:
            tried.append(second)
    assert tried == [2, 3, 5, 10, 20, 50, 80, 110]
    assert (await rig.board(batch_id)).message_id is not None


async def test_a_deleted_board_is_posted_anew(rig: Rig) -> None:
    """When somebody deletes the message, the next news comes in a new one."""
    batch_id, message = await rig.shown(rig.sara)
    message.deleted = True
    await rig.hold(batch_id)
    await rig.step(3.0)
    await rig.step(3.0)
    assert "Held by Bob" in rig.tg.last(rig.sara).text
    assert rig.tg.last(rig.sara).id != message.id


async def test_a_group_that_becomes_a_supergroup(rig: Rig) -> None:
    """The board follows into the new chat, and the audit has it once, whoever met it first."""
    author = Author(id=1, name="Ann")
    await rig.database.write(
        lambda tx: tx.chats.allow(rig.group.id, "Small", by=author, now=rig.now)
    )
    batch_id, _ = await rig.shown(rig.group)
    new = rig.tg.migrate(rig.sara, rig.group, -100777)
    await rig.hold(batch_id)
    await rig.step(60.0)
    await rig.step(60.0)
    assert "Held by Bob" in rig.tg.sent(new)[-1].text
    assert (await rig.board(batch_id)).chat_id == -100777
    await Mover(database=rig.database, signals=rig.signals).move(rig.group.id, -100777)
    entries = await rig.database.read(lambda tx: list(tx.audit.chain()))
    moved = [entry for entry in entries if entry.deed == Deed.CHAT_MOVED]
    assert [(entry.about, entry.before) for entry in moved] == [
        ("c-100777 Small", f"c{rig.group.id}")
    ]


async def test_a_chat_that_refuses_for_good(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """A board in a chat that is closed to us is not tried again; others go on."""
    batch_id, _ = await rig.shown(rig.sara)
    rig.tg.block(rig.sara)
    await rig.hold(batch_id)
    with caplog.at_level(logging.WARNING, "bot.boards.keeper"):
        await rig.step(3.0)
    assert f"the board of b{batch_id} cannot be shown" in caplog.text
    calls = len(rig.tg.calls)
    await rig.hold(batch_id)
    await rig.step(3.0)
    assert len(rig.tg.calls) == calls
    assert (await rig.board(batch_id)).broken is not None
    assert not await rig.keeper.turn(batch_id, 1, chat_id=500001, message_id=1)


async def test_a_refusal_that_we_do_not_know(rig: Rig) -> None:
    """It is tried again some times before the board is given up."""
    batch_id, _ = await rig.shown(rig.sara)
    rig.tg.fail("editMessageText", Refused(400, "Bad Request: something new"), times=None)
    await rig.hold(batch_id)
    for _ in range(5):
        await rig.step(60.0)
        assert (await rig.board(batch_id)).broken is None
    await rig.step(60.0)
    assert (await rig.board(batch_id)).broken == "MessengerError"


async def test_a_lost_answer_posts_the_board_again(rig: Rig) -> None:
    """Telegram took it and the connection broke: the board is posted at least once."""
    await rig.launch(rig.sara)
    rig.tg.fail("sendMessage", Cut(delivered=True))
    await rig.step(1.5)
    await rig.step(1.0)
    assert len(rig.tg.sent(rig.sara)) == 2


async def test_settling_gives_up_in_time(rig: Rig) -> None:
    """A Telegram that is away does not keep the program from stopping."""
    batch_id, _ = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    rig.tg.fail("editMessageText", flooded(100), times=None)
    settling = asyncio.create_task(rig.keeper.settle(2.0))
    await rig.tg.wait_for(lambda: rig.tg.calls_of("editMessageText"))
    await asyncio.sleep(0.1)
    rig.now += 2.0
    await settling
    assert len(rig.tg.calls_of("editMessageText")) == 1


async def test_a_record_that_cannot_be_read_is_tried_again(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """The keeper outlives a refusing database, and a fault of its own in one board."""
    batch_id, message = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    refuse = (
        "CREATE TRIGGER refuse BEFORE UPDATE OF shown_revision ON boards"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    await rig.database.write(lambda tx: tx.db.execute(refuse).close())
    with pytest.raises(InvariantError):
        await rig.step(3.0)
    assert "Held by Bob" in message.text
    assert "is not on record yet" in caplog.text
    await rig.database.write(lambda tx: tx.db.execute("DROP TRIGGER refuse").close())
    await rig.step(3.0)
    assert (await rig.board(batch_id)).shown_revision == 2


async def draft(rig: Rig) -> tuple[int, Message]:
    """A draft whose message stands in Sara's chat, and whose time is over."""
    message_id = await Messenger(rig.bot).send(Place(chat_id=rig.sara.id), Card(Markup("draft")))
    new = NewDraft(
        token="token",
        kind=DraftKind.CALL,
        asked_by="test",
        author=Author(id=1, name="Sara"),
        place=Place(chat_id=rig.sara.id),
        content="{}",
        created_at=rig.now - 900,
        expires_at=rig.now,
    )
    draft_id = await rig.database.write(lambda tx: tx.drafts.create(new))
    await rig.database.write(lambda tx: tx.drafts.shown_as(draft_id, message_id))
    return draft_id, rig.tg.last(rig.sara)


async def test_a_draft_that_ran_out_says_so(rig: Rig) -> None:
    """Its message is edited when Telegram allows it; one that is gone is not tried for ever."""
    _, message = await draft(rig)
    rig.tg.fail("editMessageText", flooded(20))
    assert await rig.step() == 0.0
    await rig.step()
    assert message.text == "draft"
    await rig.step(19.9)
    assert len(rig.tg.calls_of("editMessageText")) == 1
    rig.tg.fail("editMessageText", GONE)
    await rig.step(0.1)
    assert await rig.database.read(lambda tx: tx.drafts.to_show_closed()) == []
    await rig.step(20.0)
    assert len(rig.tg.calls_of("editMessageText")) == 2


async def test_a_draft_ends_on_time(rig: Rig) -> None:
    """The keeper looks again when the next draft runs out, and then says so on its message."""
    await draft(rig)
    rig.now -= 2.0
    assert await rig.step() == pytest.approx(2.0)
    await rig.step(2.0)
    await rig.step()
    assert rig.tg.last(rig.sara).text == (
        "⌛ Cancelled after 15 minutes without an answer: nothing was called."
    )
