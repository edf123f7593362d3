"""When something goes wrong inside: log first, then one sentence; nothing is launched twice."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Iterator

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from sandbox.bitel import faults
from sandbox.telegram import Refused, flooded
from storage.models import BatchState
from tests.handlers.house import VOICE, Running, numbers

BUSY = "The record cannot be written just now; nothing was launched or changed. Try it again."
WRONG = "Something went wrong here, and it has been logged. Look at /batches before you try again."
RESTART = "🔄 I am about to restart, and nothing was launched. Send it again in a minute."
UNPAUSE = (
    "⏸ Nothing was launched.\nLaunching is paused: the gateway refuses our token. An admin renews "
    "BITEL_TOKEN, starts me again and sends /unpause."
)
UNSURE = (
    "The record could not be written. Look at /status before you try it again: it says how "
    "things are."
)


@contextlib.contextmanager
def refusing(bot: Running) -> Iterator[None]:
    """Another program makes every write fail at once."""
    path = bot.house.database.path
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON batches"
            " BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
        other.commit()
        yield
        other.execute("DROP TRIGGER refuse")
        other.commit()


async def test_a_launch_that_cannot_be_recorded(bot: Running) -> None:
    """Nothing is sent, it is said, and the same again works."""
    with refusing(bot):
        assert (await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")).text == BUSY
    assert bot.bitel.posts == 0
    assert "#b1" in (await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")).text


async def test_a_confirmed_draft_that_cannot_be_recorded(bot: Running) -> None:
    """The press was answered with the neutral word already: the sentence comes as a message."""
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 hello")
    with refusing(bot):
        assert (await bot.press(bot.town.sara, draft, "✅ Call 1")).text == "One moment…"
        said = await bot.tg.next_message(bot.town.sara, after=draft)
        assert said.text == UNSURE
    assert bot.bitel.posts == 0
    await bot.press(bot.town.sara, draft, "✅ Call 1")
    await bot.shows(draft, "#b1")


async def test_a_stop_that_cannot_be_recorded(bot: Running) -> None:
    """A press that is answered last is answered with the sentence, as an alert."""
    gate = asyncio.Event()
    bot.bitel.fail_next(faults.held(gate))
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(150)}")
    await bot.press(bot.town.sara, draft, "✅ Call 150")
    await bot.shows(draft, "📤 Sending")
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE UPDATE OF state ON batches WHEN NEW.state = 'stopped'"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    answer = await bot.press(bot.town.sara, draft, "⏹ Stop")
    assert (answer.text, answer.show_alert) == (UNSURE, True)
    await bot.sql("DROP TRIGGER refuse")
    gate.set()


async def test_a_page_that_cannot_be_remembered_is_shown(bot: Running) -> None:
    """Looking needs no record: the page is turned all the same."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(15)}")
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE UPDATE OF page ON boards"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    await bot.press(bot.town.sara, board, "▶")
    await bot.tg.wait_for(lambda: "09120000140" in board.text)


async def test_an_update_that_cannot_be_marked_is_answered(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer counts more than silence where the record refuses."""
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON seen_updates"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    assert (await bot.ask(bot.town.sara, "/id")).text.startswith("Your id is 500001")
    assert "an update could not be marked as seen" in caplog.text


async def test_an_unexpected_exception(bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its place; a chat gets a neutral sentence, a press an alert."""

    async def explode(_: Update, __: object) -> None:
        raise RuntimeError("secret inside")

    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    bot.house.application.add_handler(TypeHandler(Update, explode), group=-1)
    assert (await bot.ask(bot.town.sara, "/id")).text == WRONG
    answer = await bot.press(bot.town.sara, board, "📄 CSV")
    assert (answer.text, answer.show_alert) == (WRONG, True)
    (first, *_) = [r for r in caplog.records if r.name == "bot.handlers.routing"]
    assert (first.levelno, first.getMessage()) == (
        logging.ERROR,
        "an update could not be handled",
    )
    assert first.exc_info is not None


async def test_an_unexpected_exception_after_the_neutral_word(bot: Running) -> None:
    """Who has read "One moment…" already gets the sentence as a message."""
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 hello")
    await bot.sql("UPDATE drafts SET content = 'no JSON'")
    assert (await bot.press(bot.town.sara, draft, "✅ Call 1")).text == "One moment…"
    assert (await bot.tg.next_message(bot.town.sara, after=draft)).text == WRONG


async def test_a_fault_without_an_update_says_nothing(bot: Running) -> None:
    """What no update caused is logged and told to nobody."""
    await bot.house.application.process_error(None, RuntimeError("inside"))
    await bot.quiet()
    assert bot.tg.sent(bot.town.sara) == []


async def test_a_stray_cancellation(bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    """A handler that is cancelled by nobody does not make the bot deaf."""

    async def cancelled(update: Update, _: object) -> None:
        if update.effective_message is not None and update.effective_message.text == "/batches":
            raise asyncio.CancelledError

    bot.house.application.add_handler(TypeHandler(Update, cancelled), group=-1)
    bot.tg.send(bot.town.sara, bot.town.sara, "/batches")
    assert (await bot.ask(bot.town.sara, "/id")).text.startswith("Your id")
    assert "a stray cancellation in its handler" in caplog.text


async def test_while_the_program_stops(bot: Running) -> None:
    """Commands and drafts launch nothing any more and say so; *Stop* is still taken."""
    bot.bitel.fail_next(faults.refusal("InvalidVoice"))
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(150)}")
    await bot.press(bot.town.sara, draft, "✅ Call 150")
    await bot.shows(draft, "⏸ Held: the gateway refused a part.")
    other = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001 hello")
    bot.house.launches.draining = bot.house.decisions.draining = True
    assert (await bot.ask(bot.town.sara, f"/call {VOICE} 09120000002")).text == RESTART
    for message, label in (
        (other, "✅ Call 1"),
        (draft, "▶ Send the other 50"),
        (draft, "🔁 Try again: 100"),
    ):
        assert (await bot.press(bot.town.sara, message, label)).text == RESTART
    await bot.press(bot.town.sara, draft, "⏹ Stop")
    assert (await bot.batch()).state is BatchState.STOPPED


async def test_while_launching_is_paused(bot: Running) -> None:
    """Commands and drafts are answered with the reason, before anything is written."""
    bot.bitel.fail_next(faults.refusal("InvalidVoice"))
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} {numbers(150)}")
    await bot.press(bot.town.bob, draft, "✅ Call 150")
    await bot.shows(draft, "⏸ Held: the gateway refused a part.")
    other = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001 hello")
    bot.bitel.fail_next(faults.raw(401))
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
    assert (await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002")).text == UNPAUSE
    for message, label in (
        (other, "✅ Call 1"),
        (draft, "▶ Send the other 50"),
        (draft, "🔁 Try again: 100"),
    ):
        answer = await bot.press(bot.town.bob, message, label)
        assert (answer.text, answer.show_alert) == (UNPAUSE, True)
    assert (await bot.batch()).state is BatchState.HELD


async def test_an_answer_waits_if_telegram_says_so(bot: Running) -> None:
    """A 429 on an answer to a command is waited for; a refusal for good is logged only."""
    bot.tg.fail("sendMessage", flooded(1))
    assert (await bot.ask(bot.town.sara, "/id")).text.startswith("Your id")
    bot.tg.fail("sendMessage", Refused(403, "Forbidden: bot was blocked by the user"))
    bot.tg.send(bot.town.sara, bot.town.sara, "/id")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.sara)) == 1
