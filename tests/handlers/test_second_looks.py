"""Presses on cards beside the board, presses that come again, and what no card has room for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from sandbox.bitel import faults
from sandbox.telegram import Message, flooded
from storage.models import PauseReason
from tests.handlers.house import VOICE, Running, Town, numbers

EXPIRED = "This button has expired, and nothing was done. /status shows how things are now."
FOREIGN = tuple(f"+121255501{entry:02d}" for entry in range(25))
STRANGERS = 300  # messages, more than are handled side by side


@contextlib.asynccontextmanager
async def sending(town: Town) -> AsyncIterator[tuple[Running, Message]]:
    """A batch whose first part is on its way and whose rest is queued, and its board."""
    async with town.bot(confirm_above=1000) as bot:
        gate = asyncio.Event()
        bot.bitel.fail_next(faults.held(gate))
        board = await bot.ask(town.sara, f"/call {VOICE} {numbers(150)}")
        await bot.shows(board, "📤 Sending")
        yield bot, board
        gate.set()


async def pause(bot: Running, reason: PauseReason) -> None:
    """Launching is paused from now on."""
    now = bot.house.launches.now
    await bot.house.database.write(lambda tx: tx.pauses.begin(reason, "why", now))
    bot.house.signals.notices.ring()


async def test_a_press_on_an_answer_to_status(town: Town) -> None:
    """It edits the card that was pressed as well as the board, each time it is pressed."""
    async with sending(town) as (bot, board):
        card = await bot.ask(town.bob, "/status b1")
        await bot.press(town.bob, card, "⏸ Hold rest")
        await bot.tg.wait_for(lambda: "⏸ Held by Bob." in card.text)
        await bot.shows(board, "⏸ Held by Bob.")
        assert card.buttons[0] == board.buttons[0] == ["▶ Send the other 50", "⏹ Stop"]
        await bot.press(town.bob, card, "⏹ Stop")
        await bot.tg.wait_for(lambda: "⏹ Stopped by Bob; 50 numbers were not sent." in card.text)
        await bot.shows(board, "⏹ Stopped by Bob")


async def test_a_decision_on_an_answer_to_status(bot: Running) -> None:
    """So does a decision about an answer that did not come."""
    bot.bitel.fail_next(faults.cut())
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.shows(board, "One number may have rung.")
    card = await bot.ask(bot.town.bob, "/status b1")
    await bot.press(bot.town.bob, card, "It did not ring")
    await bot.tg.wait_for(lambda: "did not ring, says Bob." in card.text)
    await bot.shows(board, "did not ring, says Bob.")
    assert "It did not ring" not in str(card.buttons)


async def test_a_press_that_comes_again_is_silent(bot: Running) -> None:
    """*CSV* sends one file for one press; another press sends another."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    await bot.press(bot.town.bob, board, "📄 CSV")
    await bot.told(bot.town.sara, "#b1: one call")
    bot.tg.repeat_last_update()
    await bot.quiet()
    await bot.press(bot.town.bob, board, "📄 CSV")
    await bot.tg.wait_for(lambda: len(bot.tg.calls_of("sendDocument")) > 1)
    await bot.quiet()
    assert len(bot.tg.calls_of("sendDocument")) == 2
    assert len(bot.tg.calls_of("answerCallbackQuery")) == 2


async def test_a_refused_press_that_comes_again_is_silent(bot: Running) -> None:
    """An alert is given once, and leaves no message behind when its press comes again."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    assert (await bot.forge(bot.town.bob, board, "csv:9")).text == EXPIRED
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.calls_of("answerCallbackQuery")) == 1
    assert bot.tg.sent(bot.town.sara) == [board]


@pytest.mark.parametrize(("length", "warns"), [(4000, True), (3000, False)])
async def test_a_reply_to_a_long_list(bot: Running, length: int, *, warns: bool) -> None:
    """A list that Telegram may have cut: its rest could not be seen, and the draft says so."""
    typed = numbers(330)[:length].rpartition(" ")[0].ljust(length, ".")
    listed = bot.tg.send(bot.town.sara, bot.town.group, typed)
    draft = await bot.ask(bot.town.sara, f"/call {VOICE}", bot.town.group, reply_to=listed)
    assert draft.text.startswith("📋 Call")
    assert ("A rest could not be seen here: check the count." in draft.text) is warns


async def not_called(bot: Running) -> list[str]:
    """The lines of the only file of what cannot be called."""
    sent = await bot.told(bot.town.sara, "⛔ 25 entries cannot be called.")
    assert sent["document"]["file_name"] == "not-called.txt"
    return bot.tg.file(sent).decode().splitlines()


async def test_more_uncallable_entries_than_a_draft_has_room_for(bot: Running) -> None:
    """All of them come as a file below the draft."""
    typed = "\n".join(["09120000001", *FOREIGN])
    draft = await bot.ask(bot.town.sara, f"/call {VOICE}\n{typed}")
    assert "  and 5 more, see the file" in draft.text
    assert draft.buttons[0] == ["✅ Call 1"]
    assert await not_called(bot) == [
        f"line {line}: {entry} – a number of another country"
        for line, entry in enumerate(FOREIGN, start=3)
    ]


async def test_more_uncallable_entries_than_a_refusal_has_room_for(bot: Running) -> None:
    """All of them come as a file where none can be called."""
    typed = "\n".join(FOREIGN)
    said = await bot.ask(bot.town.sara, f"/call {VOICE}\n{typed}")
    assert said.text.startswith(
        "None of this can be called, and nothing was called.\n⛔ 25 entries"
    )
    assert "  and 5 more, see the file" in said.text
    assert [line.split()[2] for line in await not_called(bot)] == list(FOREIGN)


@pytest.mark.parametrize("callable_too", [True, False])
async def test_the_file_comes_once(bot: Running, *, callable_too: bool) -> None:
    """When the same `/call` comes again it is silent, its file included."""
    typed = "\n".join([*(["09120000001"] if callable_too else []), *FOREIGN])
    await bot.ask(bot.town.sara, f"/call {VOICE}\n{typed}")
    await not_called(bot)
    bot.tg.repeat_last_update()
    await bot.quiet()
    await asyncio.sleep(0.2)
    assert len(bot.tg.sent(bot.town.sara)) == 2


async def test_twenty_uncallable_entries_need_no_file(bot: Running) -> None:
    """What the message has room for comes in no file."""
    typed = "\n".join(FOREIGN[:20])
    said = await bot.ask(bot.town.sara, f"/call {VOICE}\n{typed}")
    assert "see the file" not in said.text
    await bot.quiet()
    assert bot.tg.calls_of("sendDocument") == []


async def test_the_button_of_a_pause_that_has_ended(bot: Running) -> None:
    """It has expired, and does not check a later pause."""
    sara = bot.town.sara
    await pause(bot, PauseReason.UNAUTHORISED)
    old = await bot.told(sara, "Launching is paused")
    assert (await bot.press(sara, old, "Check and unpause")).text == "One moment…"
    await bot.tg.next_message(sara, after=old)
    assert await bot.house.pauses.current() == []
    ended = await bot.press(sara, old, "Check and unpause")
    assert (ended.text, ended.show_alert) == (EXPIRED, True)
    await pause(bot, PauseReason.UNAUTHORISED)
    assert (await bot.press(sara, old, "Check and unpause")).text == EXPIRED
    assert len(await bot.house.pauses.current()) == 1


async def test_who_sent_the_rest_is_on_record(town: Town) -> None:
    """The board names who sent the rest on, and the record keeps their id."""
    async with sending(town) as (bot, board):
        await bot.press(town.bob, board, "⏸ Hold rest")
        await bot.shows(board, "⏸ Held by Bob.")
        assert (await bot.batch()).resumed_by is None
        await bot.press(town.sara, board, "▶ Send the other 50")
        await bot.shows(board, "▶ Sent on by Sara.")
        batch = await bot.batch()
        assert (batch.resumed_by, batch.hold_by) == (town.sara.id, town.bob.id)


async def test_a_stranger_whose_chat_is_flooded(bot: Running) -> None:
    """Each message of theirs is answered at most once, and members are answered meanwhile."""
    eve = bot.town.eve
    bot.tg.fail("sendMessage", flooded(30), times=None, when=lambda p: p["chat_id"] == eve.id)
    for _ in range(STRANGERS):
        bot.tg.send(eve, eve, "hi")
    sent = bot.tg.send(bot.town.sara, bot.town.sara, "/id")
    answer = await bot.tg.next_message(bot.town.sara, after=sent, timeout=20)
    assert "500001" in answer.text

    def tried() -> int:
        return sum(c.params["chat_id"] == eve.id for c in bot.tg.calls_of("sendMessage"))

    await bot.tg.wait_for(lambda: tried() == STRANGERS, timeout=20)
    await bot.quiet()
    assert tried() == STRANGERS


async def test_an_alert_that_is_too_long(bot: Running) -> None:
    """Two pauses do not fit into an alert: it ends between two words, and says so."""
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(21)}")
    for reason in PauseReason:
        await pause(bot, reason)
    whole = (await bot.ask(bot.town.sara, f"/call {VOICE} 09129999990", bot.town.group)).text
    alert = await bot.press(bot.town.sara, draft, "✅ Call 21")
    kept = alert.text.removesuffix("…")
    assert kept != alert.text
    assert len(alert.text.encode("utf-16-le")) // 2 <= 200
    assert whole.startswith(kept)
    assert whole[len(kept)].isspace()
    assert alert.show_alert
