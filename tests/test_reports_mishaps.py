"""Reports where Telegram, the network or the record refuses: told all the same, at least once."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.telegram import Cut, Refused, flooded
from storage.errors import InvariantError
from storage.models import ReportKind
from tests.board_rig import Rig, open_rig

ODD = Refused(400, "Bad Request: something new")
GONE = Refused(400, "Bad Request: message to edit not found")


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, a keeper and a reporter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


def ends(rig: Rig) -> int:
    """How many end messages stand in Sara's chat."""
    return sum(message.text.startswith("🏁") for message in rig.tg.sent(rig.sara))


async def test_telegram_away_for_ten_minutes(rig: Rig) -> None:
    """What ends meanwhile is told when Telegram is back, once."""
    batch_id = await rig.ended(rig.sara)
    rig.tg.fail("sendMessage", Refused(502), times=None)
    for _ in range(60):
        await rig.tell(10.0)
    assert ends(rig) == 0
    assert len(rig.tg.calls_of("sendMessage")) < 30
    rig.tg.heal()
    await rig.tell(30.0)
    await rig.tell(30.0)
    assert ends(rig) == 1
    assert (await rig.report(batch_id)).sent_at == rig.now - 30.0


async def test_flood_control_is_obeyed(rig: Rig) -> None:
    """After a 429 nothing more is told in that chat for as long as Telegram asks."""
    await rig.ended(rig.sara)
    rig.tg.fail("sendMessage", flooded(20))
    await rig.tell(1.0)
    assert await rig.tell(4.0) == pytest.approx(5.0)
    await rig.tell(15.9)
    assert ends(rig) == 0
    await rig.tell(0.1)
    assert ends(rig) == 1


async def test_flood_control_on_an_edit(rig: Rig) -> None:
    """The edit waits, the latest state wins, and a hurried one waits as well."""
    batch_id = await rig.ended(rig.sara)
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    rig.tg.fail("editMessageText", flooded(20))
    await rig.hear(batch_id, "EXPIRED", position=1)
    await rig.tell(3.0)
    await rig.hear(batch_id, "ERROR", position=1)
    await rig.reporter.pressed(rig.sara.id, told.id)
    await rig.tell(19.9)
    assert rig.tg.edits(told) == []
    await rig.tell(0.1)
    assert len(rig.tg.edits(told)) == 1
    assert "⛔ 1 failed" in told.text


async def test_one_chat_does_not_stop_another(rig: Rig) -> None:
    """A chat that is blocked is given up, the other one is told."""
    blocked = await rig.ended(rig.sara)
    other = await rig.ended(rig.group)
    rig.tg.block(rig.sara)
    await rig.tell(1.0)
    assert rig.tg.last(rig.group).text.startswith(f"🏁 #b{other}")
    assert (await rig.report(blocked)).broken == "ClosedError"
    calls = len(rig.tg.calls)
    await rig.tell(60.0)
    assert len(rig.tg.calls) == calls


async def test_a_board_that_was_deleted(rig: Rig) -> None:
    """The end comes without the reply."""
    batch_id, board = await rig.shown(rig.sara)
    await rig.place(batch_id, "NORMAL")
    board.deleted = True
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    assert told.text.startswith("🏁")
    assert "reply_to_message" not in told


async def test_a_report_that_was_deleted(rig: Rig) -> None:
    """Who deletes the end does not get another one."""
    batch_id = await rig.ended(rig.sara)
    await rig.tell(1.0)
    rig.tg.last(rig.sara).deleted = True
    await rig.hear(batch_id, "EXPIRED", position=1)
    await rig.tell(3.0)
    assert (await rig.report(batch_id)).broken == "gone"
    calls = len(rig.tg.calls)
    await rig.hear(batch_id, "ERROR", position=1)
    await rig.tell(3.0)
    assert len(rig.tg.calls) == calls


async def test_a_group_that_becomes_a_supergroup(rig: Rig) -> None:
    """What was not told yet is told in the new group, after its board; the old end stays."""
    told = await rig.ended(rig.group)
    await rig.tell(1.0)
    batch_id = await rig.ended(rig.group)
    new = rig.tg.migrate(rig.sara, rig.group, -100777)
    await rig.tell(60.0)
    await rig.step(60.0)
    await rig.tell(60.0)
    assert [m.text.split()[1] for m in rig.tg.sent(new) if "🏁 #" in m.text] == [f"#b{batch_id}"]
    assert (await rig.report(told)).broken == "moved"
    await rig.hear(told, "EXPIRED", position=1)
    await rig.tell(60.0)
    assert sum("🏁 #" in m.text for m in rig.tg.sent(new)) == 1


async def test_an_end_that_moved_while_it_was_edited(rig: Rig) -> None:
    """An edit that meets the move leaves the message as it is."""
    batch_id = await rig.ended(rig.group)
    await rig.tell(1.0)
    rig.tg.migrate(rig.sara, rig.group, -100777)
    await rig.hear(batch_id, "EXPIRED", position=1)
    await rig.tell(60.0)
    assert (await rig.report(batch_id)).broken == "moved"
    assert (await rig.board(batch_id)).chat_id == -100777


async def test_a_refusal_that_we_do_not_know(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """It is tried again some times before the report is given up."""
    batch_id = await rig.ended(rig.sara)
    rig.tg.fail("sendMessage", ODD, times=None)
    with caplog.at_level(logging.WARNING, "bot.boards.reports"):
        for _ in range(5):
            await rig.tell(60.0)
            assert (await rig.report(batch_id)).broken is None
        await rig.tell(60.0)
    assert (await rig.report(batch_id)).broken == "MessengerError"
    assert f"b{batch_id}: its end.0 cannot be told: " in caplog.text


async def test_a_lost_answer_tells_twice(rig: Rig) -> None:
    """Telegram took it and the connection broke: told at least once."""
    await rig.ended(rig.sara)
    rig.tg.fail("sendMessage", Cut(delivered=True))
    await rig.tell(1.0)
    await rig.tell(1.0)
    assert ends(rig) == 2


async def test_a_record_that_does_not_take_it(rig: Rig) -> None:
    """What was sent but could not be recorded is recorded later, and not sent again."""
    batch_id = await rig.ended(rig.sara)
    refuse = (
        "CREATE TRIGGER refuse BEFORE UPDATE OF sent_at ON reports"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    await rig.database.write(lambda tx: tx.db.execute(refuse).close())
    with pytest.raises(InvariantError):
        await rig.tell(1.0)
    with pytest.raises(InvariantError):
        await rig.tell(10.0)
    await rig.database.write(lambda tx: tx.db.execute("DROP TRIGGER refuse").close())
    await rig.tell(10.0)
    assert ends(rig) == 1
    assert (await rig.report(batch_id)).message_id == rig.tg.last(rig.sara).id


async def test_looks_that_overtake_each_other_tell_once(rig: Rig) -> None:
    """However many looks see the same report due at once, it is sent once."""
    await rig.ended(rig.sara)
    rig.now += 3.0
    await asyncio.gather(*(rig.reporter.step() for _ in range(5)))
    await rig.tell()
    await rig.tell(3.0)
    assert ends(rig) == 1


async def test_a_killed_reporter_tells_at_the_next_start(rig: Rig) -> None:
    """What is due stands in the record: a new reporter goes on where the old one ended."""
    await rig.ended(rig.sara)
    gate = rig.tg.hold("sendMessage")
    rig.now += 3.0
    await rig.reporter.step()
    await rig.tg.wait_for(lambda: any("🏁" in str(c.params) for c in rig.tg.calls))
    rig.reporter.close()
    gate.set()
    with contextlib.suppress(asyncio.CancelledError):
        await rig.errands("end.")
    rig.restart()
    await rig.tell(3.0)
    assert ends(rig) in (1, 2)  # the request that was cut may have been taken
    assert await rig.database.read(lambda tx: tx.reports.due()) == []


async def test_settling_waits_for_what_is_being_told(rig: Rig) -> None:
    """Before the program stops a message under way is recorded, so that it comes once."""
    batch_id = await rig.ended(rig.sara)
    rig.now += 3.0
    await rig.reporter.step()
    await rig.reporter.settle(60.0)
    assert (await rig.report(batch_id)).sent_at is not None
    await rig.reporter.settle(60.0)


async def test_names_with_markup(rig: Rig) -> None:
    """A holder whose name is markup is shown as they are called."""
    batch_id, _ = await rig.shown(rig.sara)
    await rig.hold(batch_id, "<b>Bob</b> & =cmd")
    await rig.tell(1.0)
    assert "⏸ Held by <b>Bob</b> & =cmd." in rig.tg.last(rig.sara).text
    assert (await rig.report(batch_id, ReportKind.HELD, 1)).sent_at is not None
