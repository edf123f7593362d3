"""The board's buttons about the whole batch: hold, send the rest, stop, try again, pages, CSV."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest_asyncio

from sandbox.bitel import faults
from sandbox.telegram import Message, Refused
from storage.models import BatchState, SubmissionState
from tests.handlers.house import VOICE, Running, Town, numbers

REFUSED = faults.refusal("InvalidVoice")


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """A bot that launches a few hundred numbers without asking."""
    async with town.bot(confirm_above=1000) as running:
        yield running


async def held(bot: Running, count: int = 250) -> Message:
    """A batch in three parts whose first was refused: the rest waits for a person."""
    bot.bitel.fail_next(REFUSED)
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(count)}")
    await bot.shows(board, "⏸ Held: the gateway refused a part.")
    return board


@contextlib.asynccontextmanager
async def running(bot: Running) -> AsyncIterator[Message]:
    """A batch whose first part is on its way and whose rest is queued."""
    gate = asyncio.Event()
    bot.bitel.fail_next(faults.held(gate))
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(250)}")
    yield board
    gate.set()


async def test_held_after_a_refusal(bot: Running) -> None:
    """The board says what happened, what did not, and offers what can be done."""
    board = await held(bot)
    assert board.text.splitlines()[1:4] == [
        "⏸ Held: the gateway refused a part.",
        "⛔ The gateway refused 100 numbers: InvalidVoice. None of them was called.",
        "⏸ 150 numbers are not sent.",
    ]
    assert board.buttons[0] == ["▶ Send the other 150", "⏹ Stop"]
    assert board.buttons[1] == ["🔁 Try again: 100"]
    assert bot.bitel.posts == 1


async def test_send_the_rest(bot: Running) -> None:
    """Any member may send it; what was refused is not sent again by that."""
    board = await held(bot)
    assert (await bot.press(bot.town.bob, board, "▶ Send the other 150")).text == "One moment…"
    await bot.shows(board, "🏁 Nothing is left to send: the gateway has confirmed 150 of 250")
    assert [len(post.numbers) for post in bot.bitel.seen] == [100, 100, 50]


async def test_send_the_rest_is_about_one_hold(bot: Running) -> None:
    """The button of an earlier hold is stale in a later one."""
    board = await held(bot)
    old = board.inline_keyboard[0][0]["callback_data"]
    bot.bitel.fail_next(REFUSED)
    await bot.press(bot.town.bob, board, "▶ Send the other 150")
    await bot.shows(board, "⏸ 50 numbers are not sent.")
    answer = await bot.forge(bot.town.bob, board, old)
    assert answer.text.startswith("This button has expired, and nothing was done.")
    assert bot.bitel.posts == 2


async def test_an_old_press_sends_no_rest_and_makes_no_draft(bot: Running) -> None:
    """If Telegram takes no answer to *Send the rest* or *Try again*, nothing happens."""
    board = await held(bot)
    await bot.press_late(bot.town.bob, board, "▶ Send the other 150")
    await bot.press_late(bot.town.bob, board, "🔁 Try again: 100")
    assert ((await bot.batch()).state, bot.bitel.posts) == (BatchState.HELD, 1)
    assert len(bot.said(bot.town.sara)) == 1


async def test_hold_and_go_on(bot: Running) -> None:
    """*Hold* keeps back what is queued and says what may still ring; *Send* lets it go on."""
    async with running(bot) as board:
        answer = await bot.press(bot.town.bob, board, "⏸ Hold rest")
        assert (answer.text, answer.show_alert) == (
            "150 numbers are not sent. 100 went out before: they have rung or may still ring.",
            True,
        )
        await bot.shows(board, "⏸ Held by Bob.")
        assert "📤 100 numbers were on their way already and may still ring." in board.text
        again = await bot.forge(bot.town.sara, board, "hold:1")
        assert again.text == "Bob was first: see #b1. Nothing was done twice."
    await bot.bitel.wait_for(lambda: bot.bitel.posts == 1)
    await bot.press(bot.town.sara, board, "▶ Send the other 150")
    await bot.bitel.wait_for(lambda: bot.bitel.posts == 3)


async def test_hold_and_stop_act_even_if_their_answer_fails(bot: Running) -> None:
    """An old press of *Hold* or *Stop* still keeps phones from ringing."""
    async with running(bot) as board:
        await bot.press_late(bot.town.bob, board, "⏸ Hold rest")
        assert (await bot.batch()).state is BatchState.HELD
        await bot.shows(board, "⏸ Held by Bob.")
        await bot.press_late(bot.town.bob, board, "⏹ Stop")
        assert (await bot.batch()).state is BatchState.STOPPED
    assert bot.bitel.posts == 1


async def test_stop(bot: Running) -> None:
    """*Stop* says what it stopped; a second one says who was first."""
    board = await held(bot)
    assert (await bot.press(bot.town.bob, board, "⏹ Stop")).text == "150 numbers are not sent."
    await bot.shows(board, "⏹ Stopped by Bob; 150 numbers were not sent.")
    assert board.buttons[0] == ["🔁 Try again: 100"]
    second = await bot.forge(bot.town.sara, board, "stop:1")
    assert second.text == "Bob was first: see #b1. Nothing was done twice."


async def test_stop_and_hold_of_what_is_over(bot: Running) -> None:
    """Where nothing is left to stop, it says so."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    for data in ("stop:1", "hold:1"):
        answer = await bot.forge(bot.town.sara, board, data)
        assert answer.text == "Nothing is left to do here: see #b1."


async def test_try_again_is_two_presses(bot: Running) -> None:
    """The first makes a draft, the second a follow-up, and both boards name each other."""
    bot.bitel.fail_next(REFUSED)
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 09120000002")
    await bot.press(bot.town.bob, board, "🔁 Try again: 2")
    draft = await bot.told(bot.town.sara, "📋 Call 2 numbers? Nothing is sent yet.")
    assert "🔁 These surely did not ring." in draft.text
    assert draft["reply_to_message"]["message_id"] == board.id
    assert bot.bitel.posts == 1
    await bot.press(bot.town.bob, draft, "✅ Call 2")
    await bot.shows(draft, "↪️ Calls again what did not ring in #b1.")
    await bot.shows(board, "↪️ Called again in #b2.")
    assert bot.bitel.received("09120000001") == 2
    assert "🔁 Try again: 2" not in str(board.buttons)


async def test_try_again_by_two_people(bot: Running) -> None:
    """What one has taken, the other's draft no longer calls, and says so."""
    bot.bitel.fail_next(REFUSED)
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001", bot.town.group)
    await bot.press(bot.town.bob, board, "🔁 Try again: 1")
    bobs = await bot.told(bot.town.group, "📋 Call one number?")
    await bot.press(bot.town.sara, board, "🔁 Try again: 1")
    saras = await bot.tg.wait_for(lambda: drafts(bot)[1:])
    await bot.press(bot.town.bob, bobs, "✅ Call 1")
    await bot.shows(bobs, "#b2")
    await bot.press(bot.town.sara, saras[0], "✅ Call 1")
    await bot.shows(saras[0], "✖️ Nothing was called: all of it was tried again by somebody else,")
    assert bot.bitel.received("09120000001") == 2
    stale = await bot.forge(bot.town.sara, board, "again:1")
    assert stale.text.startswith("This button has expired")


def drafts(bot: Running) -> list[Message]:
    """The drafts that stand in the group."""
    return [message for message in bot.tg.sent(bot.town.group) if "📋" in message.text]


async def test_parts_that_fell_out(bot: Running) -> None:
    """Where a part of the draft was taken meanwhile, the rest is called and the loss is told."""
    bot.bitel.fail_next(REFUSED)
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(150)}")
    await bot.shows(board, "⏸ Held: the gateway refused a part.")
    await bot.press(bot.town.bob, board, "🔁 Try again: 100")
    bobs = await bot.told(bot.town.sara, "📋 Call 100 numbers?")
    bot.bitel.fail_next(REFUSED)
    await bot.press(bot.town.bob, board, "▶ Send the other 50")
    await bot.shows(board, "⛔ The gateway refused 150 numbers")
    await bot.press(bot.town.sara, board, "🔁 Try again: 150")
    saras = await bot.told(bot.town.sara, "📋 Call 150 numbers?")
    await bot.press(bot.town.bob, bobs, "✅ Call 100")
    await bot.shows(bobs, "#b2")
    await bot.press(bot.town.sara, saras, "✅ Call 150")
    await bot.told(bot.town.sara, "One part fell out: it was tried again by somebody else,")
    await bot.shows(saras, "✅ All 50 numbers are at the gateway.")
    parts = await bot.parts(3)
    assert [(part.numbers, part.state) for part in parts] == [(50, SubmissionState.ACCEPTED)]


async def test_csv(bot: Running) -> None:
    """All calls as a file in reply to the board; of a batch that does not exist there is none."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(15)}", bot.town.forum, thread=5)
    await bot.press(bot.town.bob, board, "📄 CSV")
    sent = await bot.told(bot.town.forum, "#b1: 15 calls")
    assert sent["document"]["file_name"] == "b1.csv"
    assert sent["message_thread_id"] == 5
    rows = bot.tg.file(sent).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 15
    assert rows[1].startswith("b1,1,+989120000000,,waiting,")
    assert bot.bitel.seen[0].ids[0] in rows[1]
    assert (await bot.forge(bot.town.bob, board, "csv:9")).text.startswith("This button has exp")


async def test_looking_buttons_work_where_the_message_is_too_old_to_be_seen(bot: Running) -> None:
    """Telegram gives no more than the id of an old message; its pages can be turned."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(15)}")
    await bot.press(bot.town.sara, board, "▶", inaccessible=True)
    await bot.shows(board, "09120000140")


async def test_pages_of_an_answer_to_status(bot: Running) -> None:
    """Turning the page of an answer to /status leaves the board's own page alone."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(15)}")
    answer = await bot.ask(bot.town.bob, "/status b1")
    await bot.press(bot.town.bob, answer, "▶")
    await bot.shows(answer, "09120000140")
    assert (len(bot.tg.edits(board)), "09120000000" in board.text) == (0, True)
    bot.tg.fail("editMessageText", Refused(400, "Bad Request: message can't be edited"))
    await bot.press(bot.town.bob, answer, "◀")
    assert "09120000000" in (await bot.tg.next_message(bot.town.bob, after=answer)).text


async def test_turning_pages_never_brings_back_an_older_state(bot: Running) -> None:
    """A page that is turned while the batch moves on shows the batch as it then is."""
    async with running(bot) as board:
        gate = bot.tg.hold("answerCallbackQuery")
        turn = bot.tg.press(bot.town.bob, board, "▶")
        await bot.tg.wait_for(lambda: bot.tg.calls_of("answerCallbackQuery"))
        await bot.press(bot.town.sara, board, "⏹ Stop")
        await bot.shows(board, "⏹ Stopped by Sara")
        gate.set()
        await bot.tg.answer_of(turn)
        await bot.shows(board, "09120000100 · ")
        assert "⏹ Stopped by Sara" in board.text
