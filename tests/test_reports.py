"""Chats are told of ends, holds and deadlines: when, once, and how that is kept in step."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from storage.database import Database
from storage.errors import DatabaseBusyError
from storage.models import Person, ReportKind
from storage.stores import Stores
from tests.board_rig import Rig, open_rig

T = TypeVar("T")


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, a keeper and a reporter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


async def test_the_end_is_told_once_in_reply_to_the_board(rig: Rig) -> None:
    """One audible message when every call has its result; the board shows the same."""
    batch_id, board = await rig.shown(rig.sara, 2)
    await rig.place(batch_id, "WAITING")
    await rig.hear(batch_id, "NORMAL", position=1)
    await rig.tell(1.0)
    assert rig.tg.sent(rig.sara) == [board]
    await rig.hear(batch_id, "NORMAL", position=2)
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    assert told.text.startswith(f"🏁 #b{batch_id} · ✅ 2 answered (100%)\n")
    assert "🗣 40 s of talk, 20 s on average · 💰 60 T" in told.text
    assert told["reply_to_message"]["message_id"] == board.id
    (sent,) = [call for call in rig.tg.calls_of("sendMessage") if "🏁" in call.params["text"]]
    assert not sent.params.get("disable_notification")
    rig.restart()
    await rig.tell(60.0)
    assert rig.tg.last(rig.sara) == told
    await rig.step(3.0)
    assert "🏁 All 2 calls have ended." in board.text


async def test_the_end_stays_in_the_topic(rig: Rig) -> None:
    """In a group with topics it is told where the batch was launched."""
    forum = rig.tg.add_group(-7, "Forum", members=[rig.sara], topics={5: "Calls"})
    batch_id = await rig.launch(forum, 1)
    await rig.database.write(lambda tx: tx.db.execute("UPDATE boards SET thread_id = 5").close())
    await rig.step(1.5)
    await rig.place(batch_id, "NORMAL")
    await rig.tell(1.0)
    assert rig.tg.last(forum)["message_thread_id"] == 5
    assert rig.tg.last(forum).text.startswith("🏁")


async def test_the_board_comes_first(rig: Rig) -> None:
    """A batch that ends before its board is posted is told of after that, in reply to it."""
    batch_id = await rig.launch(rig.sara, 1)
    await rig.place(batch_id, "NORMAL")
    await rig.tell(1.0)
    assert rig.tg.sent(rig.sara) == []
    await rig.step()
    await rig.tell(1.0)
    board, told = rig.tg.sent(rig.sara)
    assert told["reply_to_message"]["message_id"] == board.id


async def test_a_board_that_is_broken_is_not_waited_for(rig: Rig) -> None:
    """Where the board was given up, the end is told without it."""
    batch_id = await rig.launch(rig.sara, 1)
    await rig.database.write(lambda tx: tx.boards.break_off(batch_id, "MessengerError"))
    await rig.place(batch_id, "NORMAL")
    await rig.tell(1.0)
    assert rig.tg.last(rig.sara).text.startswith("🏁")


async def test_what_changes_later_edits_the_end_silently(rig: Rig) -> None:
    """A status that comes after the end is edited in, at the pace of the chat's boards."""
    batch_id = await rig.ended(rig.sara)
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    await rig.hear(batch_id, "EXPIRED", position=2)
    assert await rig.tell(1.0) == pytest.approx(2.0)
    assert "EXPIRED" not in told.text
    await rig.tell(2.0)
    assert told.text.startswith(f"🏁 #b{batch_id} · ✅ 1 answered (50%) · ⌛ 1 expired")
    assert len([m for m in rig.tg.sent(rig.sara) if "🏁" in m.text]) == 1
    assert len(rig.tg.edits(told)) == 1


async def test_an_edit_that_changes_nothing_is_spared(rig: Rig) -> None:
    """A revision that looks the same costs no request; *not modified* is no fault."""
    batch_id = await rig.ended(rig.sara)
    await rig.tell(1.0)
    await rig.database.write(lambda tx: tx.batches.touch(batch_id))
    edits = len(rig.tg.calls_of("editMessageText"))
    await rig.tell(3.0)
    assert len(rig.tg.calls_of("editMessageText")) == edits
    rig.restart()
    await rig.database.write(lambda tx: tx.batches.touch(batch_id))
    await rig.tell(3.0)
    assert "message is not modified" in str(rig.tg.calls_of("editMessageText")[-1].error)
    assert await rig.database.read(lambda tx: tx.reports.behind()) == []


async def test_a_hold_is_told_with_what_resolves_it(rig: Rig) -> None:
    """One audible message for each hold, whoever holds, with the board's buttons."""
    batch_id, board = await rig.shown(rig.group)
    await rig.hold(batch_id)
    await rig.tell(1.0)
    told = rig.tg.last(rig.group)
    assert "⏸ Held by Bob." in told.text
    assert told.buttons == [["▶ Send all 2", "⏹ Stop"]]
    assert told["reply_to_message"]["message_id"] == board.id
    assert not rig.tg.calls_of("sendMessage")[-1].params.get("disable_notification")
    await rig.tell(60.0)
    assert rig.tg.last(rig.group) == told


async def test_a_hold_that_is_over_loses_its_buttons(rig: Rig) -> None:
    """Its message says that it is over, and is left alone from then on."""
    batch_id, _ = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    await rig.database.write(lambda tx: resume(tx, batch_id, rig.now))
    await rig.tell(3.0)
    assert "▶ This hold is over." in told.text
    assert told.buttons == []
    assert (await rig.report(batch_id, ReportKind.HELD, 1)).broken == "over"
    await rig.hold(batch_id, "Ann")
    await rig.tell(3.0)
    assert len(rig.tg.edits(told)) == 1
    assert "⏸ Held by Ann." in rig.tg.last(rig.sara).text


async def test_a_hold_that_was_over_before_it_could_be_told(rig: Rig) -> None:
    """It is told all the same, silently and without buttons; the newer one is audible."""
    batch_id, _ = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    await rig.hold(batch_id, "Ann")
    for _ in range(2):
        await rig.tell(1.0)
    first, second = rig.tg.sent(rig.sara)[1:]
    assert ("▶ This hold is over." in first.text, first.buttons) == (True, [])
    assert "⏸ Held by Ann." in second.text
    silent = [c.params.get("disable_notification") for c in rig.tg.calls_of("sendMessage")[1:]]
    assert [bool(of) for of in silent] == [True, False]


async def test_a_pressed_report_is_edited_at_once(rig: Rig) -> None:
    """Who presses on the held message sees it change without waiting for its turn."""
    batch_id, board = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    await rig.step(3.0)
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    await rig.database.write(lambda tx: resume(tx, batch_id, rig.now))
    await rig.keeper.pressed(batch_id, chat_id=rig.sara.id, message_id=told.id)
    await rig.tell()
    await rig.step()
    assert "▶ This hold is over." in told.text
    assert "📤 Sending" in board.text
    assert not await rig.reporter.pressed(rig.group.id, told.id)
    assert await rig.reporter.pressed(rig.sara.id, told.id)
    assert len(rig.tg.edits(told)) == 1


async def test_the_deadline_is_told_once(rig: Rig) -> None:
    """Calls that wait for half an hour are told of, and then no more until the end."""
    batch_id, _ = await rig.shown(rig.sara)
    await rig.place(batch_id, "WAITING")
    await rig.database.write(lambda tx: tx.reports.make_due(batch_id, ReportKind.DEADLINE, 0.0))
    await rig.tell(1.0)
    told = rig.tg.last(rig.sara)
    assert told.text.startswith(f"⏳ #b{batch_id} · 2 calls still have no result, 30 minutes")
    assert told.buttons == [["🔎 Numbers"]]
    await rig.hear(batch_id, "NORMAL", position=1)
    await rig.tell(60.0)
    assert rig.tg.last(rig.sara) == told
    assert rig.tg.edits(told) == []


async def test_a_deadline_that_no_call_waits_for_any_more(rig: Rig) -> None:
    """If all ended before it could be told, only the end is."""
    batch_id = await rig.ended(rig.sara)
    await rig.database.write(lambda tx: tx.reports.make_due(batch_id, ReportKind.DEADLINE, 0.0))
    for _ in range(3):
        await rig.tell(1.0)
    assert [m.text[0] for m in rig.tg.sent(rig.sara)[1:]] == ["🏁"]
    assert await rig.database.read(lambda tx: tx.reports.due()) == []


async def test_reports_go_before_edits_and_count_for_their_pace(rig: Rig) -> None:
    """A second between two messages of a private chat; the boards wait three after them."""
    ends = [await rig.ended(rig.sara, 1) for _ in range(2)]
    rig.now += 3.0
    assert await rig.tell() == pytest.approx(1.0)
    await rig.tell(1.0)
    told = [m.text for m in rig.tg.sent(rig.sara) if m.text.startswith("🏁")]
    assert [text.split()[1] for text in told] == [f"#b{batch_id}" for batch_id in ends]
    edits = len(rig.tg.calls_of("editMessageText"))
    assert await rig.step(2.0) == pytest.approx(1.0)
    assert len(rig.tg.calls_of("editMessageText")) == edits
    await rig.step(1.0)
    assert len(rig.tg.calls_of("editMessageText")) == edits + 1


async def test_a_group_is_not_flooded_with_reports(rig: Rig) -> None:
    """Sixteen messages and edits a minute at most, so that people's own answers find room."""
    for _ in range(20):
        batch_id = await rig.launch(rig.group, 2)
        await rig.database.write(lambda tx, b=batch_id: tx.boards.posted(b, 1, 99))  # type: ignore[misc]  # mypy cannot infer a default's type
        await rig.hold(batch_id)
    for _ in range(30):
        await rig.tell(1.0)
    assert len(rig.tg.sent(rig.group)) == 16
    for _ in range(40):
        await rig.tell(1.0)
    assert len(rig.tg.sent(rig.group)) == 20


async def test_the_final_board_goes_first(rig: Rig) -> None:
    """Of two boards that wait for the pace, the one that has ended is shown first."""
    running, one = await rig.shown(rig.sara)
    over, other = await rig.shown(rig.sara, 1)
    await rig.hold(running, "A")
    await rig.place(over, "NORMAL")
    await rig.step(3.0)
    assert "🏁 The call has ended." in other.text
    assert rig.tg.edits(one) == []


async def test_boards_of_a_chat_take_turns(rig: Rig) -> None:
    """A board that always has news does not keep another one from being shown."""
    first, one = await rig.shown(rig.sara)
    second, other = await rig.shown(rig.sara)
    for number in range(4):
        await rig.hold(first, f"A{number}")
        await rig.hold(second, f"B{number}")
        await rig.step(3.0)
    assert (len(rig.tg.edits(one)), len(rig.tg.edits(other))) == (2, 2)


class BusyReads(Database):
    """A real database that another program keeps from being read for a while."""

    refusals = 0

    async def read(self, work: Callable[[Stores], T]) -> T:
        """Refuse as often as it is asked to, then read."""
        if self.refusals:
            self.refusals -= 1
            raise DatabaseBusyError("not now")
        return await super().read(work)


async def test_the_worker(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """`run` tells when it is rung, which the keeper does, and outlives a refusing record."""
    batch_id = await rig.ended(rig.sara)
    path = rig.database.path
    await rig.database.close()
    database = rig.database = await BusyReads.open(path)
    rig.restart()
    rig.now += 10.0
    database.refusals = 1
    running = asyncio.create_task(rig.reporter.run())
    await rig.tg.wait_for(lambda: "nothing can be told of batches yet: not now" in caplog.text)
    rig.keeper.hurry(batch_id)
    await rig.step()
    await rig.tg.wait_for(lambda: "🏁" in rig.tg.last(rig.sara).text)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    rig.reporter.close()


def resume(tx: Stores, batch_id: int, now: float) -> None:
    """Let a batch go on, as *Send the rest* does."""
    tx.batches.resume(batch_id, now=now, by=Person(id=1, name="Sara"))
