"""Boards are posted and edited in time."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.models import SubmissionState
from storage.stores import Stores
from tests.board_rig import Rig, open_rig


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, and a keeper."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


async def test_posted_with_the_first_outcome_or_after_a_while(rig: Rig) -> None:
    """Without an outcome the board comes after 1.5 s, with one at once."""
    slow = await rig.launch(rig.sara)
    assert await rig.step(1.0) == pytest.approx(0.5)
    assert rig.tg.sent(rig.sara) == []
    await rig.step(0.5)
    assert rig.tg.last(rig.sara).text.startswith(f"#b{slow} ")
    fast = await rig.launch(rig.sara)
    await rig.database.write(
        lambda tx: tx.submissions.claim(tx.submissions.of_batch(fast)[0].id, rig.now)
    )
    await rig.step()
    assert len(rig.tg.sent(rig.sara)) == 1
    await rig.database.write(
        lambda tx: tx.submissions.end(
            tx.submissions.of_batch(fast)[0].id, SubmissionState.REFUSED, now=rig.now, code="E1"
        )
    )
    await rig.step()
    assert "⛔ The gateway refused one number: E1." in rig.tg.last(rig.sara).text


async def test_launched_while_the_keeper_looks(rig: Rig) -> None:
    """A batch that is recorded between the keeper's question and its answer waits, too."""
    looks, began = threading.Event(), threading.Event()

    def hold_up(_: Stores) -> None:
        began.set()
        looks.wait(5)

    other = asyncio.create_task(rig.database.read(hold_up))
    await asyncio.to_thread(began.wait, 5)
    step = asyncio.create_task(rig.step())
    await asyncio.sleep(0)  # the keeper asks, and stands behind the other question
    rig.now += 0.01
    await rig.launch(rig.sara)
    looks.set()
    assert await step == pytest.approx(1.5)
    await other
    assert rig.tg.sent(rig.sara) == []


async def test_a_private_chat_is_edited_every_three_seconds(rig: Rig) -> None:
    """Between two edits lie three seconds, all boards together; the latest state wins."""
    batch_id, message = await rig.shown(rig.sara)
    await rig.hold(batch_id, "A")
    await rig.step()
    await rig.hold(batch_id, "B")
    await rig.hold(batch_id, "C")
    assert await rig.step() == pytest.approx(3.0)
    await rig.step(2.9)
    assert len(rig.tg.edits(message)) == 1
    await rig.step(0.1)
    assert len(rig.tg.edits(message)) == 2
    assert "Held by C" in message.text


async def test_two_boards_of_a_chat_share_its_pace(rig: Rig) -> None:
    """The second board waits for its turn."""
    first, one = await rig.shown(rig.sara)
    second, other = await rig.shown(rig.sara)
    await rig.hold(first)
    await rig.hold(second)
    await rig.step()
    assert len(rig.tg.edits(one)) + len(rig.tg.edits(other)) == 1
    await rig.step(3.0)
    assert len(rig.tg.edits(one)) == len(rig.tg.edits(other)) == 1


async def test_a_group_is_edited_ten_times_a_minute(rig: Rig) -> None:
    """The eleventh edit of all boards waits until the first is a minute old."""
    batch_id, message = await rig.shown(rig.group)
    for number in range(12):
        await rig.hold(batch_id, f"N{number}")
        await rig.step(1.0)
    assert len(rig.tg.edits(message)) == 10
    wait = await rig.step(49.0 - 0.5)
    assert wait == pytest.approx(0.5)
    assert len(rig.tg.edits(message)) == 10
    await rig.step(0.5)
    assert len(rig.tg.edits(message)) == 11
    assert "Held by N11" in message.text


async def test_a_pressed_board_does_not_wait(rig: Rig) -> None:
    """What a person has pressed is shown at once, and counts for the pace of what follows."""
    batch_id, message = await rig.shown(rig.sara)
    await rig.hold(batch_id, "A")
    await rig.step()
    await rig.hold(batch_id, "B")
    rig.keeper.hurry(batch_id)
    await rig.step()
    assert len(rig.tg.edits(message)) == 2
    await rig.hold(batch_id, "C")
    await rig.step(2.9)
    assert len(rig.tg.edits(message)) == 2


async def test_an_edit_that_changes_nothing_is_spared(rig: Rig) -> None:
    """A revision that looks the same costs no request; Telegram's *not modified* is no fault."""
    batch_id, message = await rig.shown(rig.sara)
    await rig.database.write(lambda tx: tx.batches.touch(batch_id))
    await rig.step(3.0)
    assert rig.tg.calls_of("editMessageText") == []
    rig.restart()
    await rig.database.write(lambda tx: tx.batches.touch(batch_id))
    await rig.step(3.0)
    (call,) = rig.tg.calls_of("editMessageText")
    assert "message is not modified" in str(call.error)
    assert (await rig.board(batch_id)).shown_revision == 3
    assert rig.tg.edits(message) == []


async def test_after_a_restart_what_is_behind_is_shown(rig: Rig) -> None:
    """The record knows what the message shows, so a new keeper goes on where the old one ended."""
    batch_id, message = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    rig.restart()
    await rig.step()
    assert "Held by Bob" in message.text
    await rig.step(3.0)
    assert len(rig.tg.calls_of("editMessageText")) == 1


async def test_turning_a_page(rig: Rig) -> None:
    """Only the message that is the board turns the board; the page stays with later news."""
    batch_id, message = await rig.shown(rig.sara, parts=15)
    assert not await rig.keeper.turn(batch_id, 2, chat_id=rig.sara.id, message_id=message.id + 1)
    assert not await rig.keeper.turn(99, 2, chat_id=rig.sara.id, message_id=message.id)
    assert await rig.keeper.turn(batch_id, 2, chat_id=rig.sara.id, message_id=message.id)
    await rig.step()
    assert message.buttons[-2] == ["◀", "2/2", "▶"]
    await rig.hold(batch_id)
    await rig.step(3.0)
    assert "Held by Bob" in message.text
    assert message.buttons[-2] == ["◀", "2/2", "▶"]


async def test_before_the_program_stops_boards_do_not_wait(rig: Rig) -> None:
    """`settle` shows all that is behind, and returns when nothing is."""
    batch_id, message = await rig.shown(rig.sara)
    await rig.hold(batch_id, "A")
    await rig.step()
    await rig.hold(batch_id, "B")
    await rig.keeper.settle(5.0)
    assert "Held by B" in message.text
    await rig.keeper.settle(5.0)
    assert len(rig.tg.edits(message)) == 2


async def test_more_boards_than_are_remembered(rig: Rig) -> None:
    """What boards show is kept in memory for some hundreds only, and nothing depends on it."""
    for _ in range(260):
        await rig.launch(rig.sara, parts=1)
    await rig.step(1.5)
    assert len(rig.tg.sent(rig.sara)) == 260


async def test_the_worker(rig: Rig) -> None:
    """`run` looks when it is rung, and keeps going while the record refuses."""
    batch_id, message = await rig.shown(rig.sara)
    running = asyncio.create_task(rig.keeper.run())
    await rig.hold(batch_id)
    rig.keeper.hurry(batch_id)
    await rig.tg.wait_for(lambda: "Held by Bob" in message.text)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    rig.keeper.close()
