"""`/again` and *Redial*: from the chat to a draft, and to a follow-up that tells of the whole."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.calling import endings
from bot.calling.matching import news_of
from bot.calling.tracking import Pace
from bot.gateway.models import PlacedCall
from sandbox.telegram import Message
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town, numbers

FILES = ["📄 CSV", "📊 XLSX", "🔎 Numbers"]


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """A bot whose gateway tries once, and is asked late."""
    async with town.bot(retry_count=0, poll_first=300.0) as running:
        yield running


async def hear(bot: Running, batch_id: int, *words: str) -> None:
    """Let the tracker have heard these words of the calls of a batch, one each."""

    def work(tx: Stores) -> None:
        for call, word in zip(tx.calls.of_batch(batch_id), words, strict=True):
            if call.word != word:
                news = news_of(PlacedCall(id=call.gateway_id or "", status=word))
                endings.hear(tx, news, now=bot.house.launches.now, pace=Pace())

    await bot.house.database.write(work)
    bot.house.signals.boards.ring()


async def ended(bot: Running, *words: str) -> Message:
    """The end message of a first batch whose calls went so."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(len(words))}")
    await bot.shows(board, "✅ All")
    await hear(bot, 1, *words)
    return await bot.told(bot.town.sara, "🏁 #b1")


async def test_redial_by_outcome(bot: Running) -> None:
    """Counts by outcome, all chosen; a switch takes one out; the draft calls the rest."""
    town = bot.town
    end = await ended(bot, "NO_ANSWER", "NORMAL", "USER_BUSY", "NO_ANSWER", "UNKNOWN")
    assert end.buttons == [["🔁 Redial 3 not reached"], FILES]
    await bot.press(town.bob, end, "🔁 Redial 3 not reached")
    choice = await bot.told(town.sara, "#b1: 3 numbers were not reached. Whom do you redial?")
    assert choice.buttons == [["☑️ 📵 2 no answer", "☑️ ☎️ 1 busy"], ["🔁 Redial 3"]]
    await bot.press(town.bob, choice, "☑️ 📵 2 no answer")
    await bot.tg.wait_for(lambda: choice.buttons[0][0] == "◻️ 📵 2 no answer")
    assert choice.buttons[1] == ["🔁 Redial 1"]
    await bot.press(town.bob, choice, "☑️ ☎️ 1 busy")
    await bot.shows(choice, "Choose at least one way.")
    assert choice.buttons == [["◻️ 📵 2 no answer", "◻️ ☎️ 1 busy"]]
    await bot.press(town.bob, choice, "◻️ 📵 2 no answer")
    await bot.tg.wait_for(lambda: len(choice.buttons) == 2)
    assert (await bot.press(town.bob, choice, "🔁 Redial 2")).text == "One moment…"
    card = await bot.told(town.sara, "Call 2 numbers?")
    assert "🔁 Those who were not reached in #b1." in card.text
    assert bot.bitel.posts == 1
    denied = await bot.press(town.sara, card, "✅ Call 2")
    assert denied.text.startswith("Only Bob, who made this draft")
    await bot.press(town.bob, card, "✅ Call 2")
    await bot.shows(card, "↪️ Redials who was not reached in #b1.")
    assert bot.bitel.seen[1].numbers == (numbers(1), numbers(1, 3))
    assert ((await bot.batch(2)).follows, (await bot.batch(2)).followed_as) == (1, "redial")


async def test_the_merged_result(bot: Running) -> None:
    """The end of a follow-up tells of all, and the first end is edited into the same."""
    town = bot.town
    end = await ended(bot, "NO_ANSWER", "NORMAL", "NO_ANSWER")
    await bot.press(town.sara, end, "🔁 Redial 2 not reached")
    card = await bot.told(town.sara, "Call 2 numbers?")  # one way only: nothing to choose
    await bot.press(town.sara, card, "✅ Call 2")
    await bot.shows(card, "✅ All 2 numbers are at the gateway.")
    await bot.tg.wait_for(lambda: "↪️ Redialled in #b2." in end.text)
    assert "✅ 1 of 3 answered · 2 waiting" in end.text
    assert end.buttons == [FILES]
    await hear(bot, 2, "NORMAL", "NO_ANSWER")
    second = await bot.told(town.sara, "🏁 #b2")
    whole = "🔗 All of #b1 with its follow-ups: ✅ 2 of 3 answered · 1 no answer"
    assert whole in second.text
    await bot.tg.wait_for(lambda: whole in end.text)
    assert (end.buttons[0], second.buttons[0]) == (["🔁 Redial one not reached"],) * 2
    await hear(bot, 2, "NORMAL", "NORMAL")  # a late word
    whole = "🔗 All of #b1 with its follow-ups: ✅ 3 of 3 answered"
    await bot.tg.wait_for(lambda: whole in end.text and whole in second.text)
    assert end.buttons == second.buttons == [FILES]


async def test_who_is_left_out_is_said(bot: Running) -> None:
    """Answered in a follow-up, or being called: neither is offered, both are counted."""
    town = bot.town
    words = ("NO_ANSWER", "NO_ANSWER", "USER_BUSY", "ERROR", "EXPIRED")
    end = await ended(bot, *words)
    await bot.press(town.sara, end, "🔁 Redial 5 not reached")
    choice = await bot.told(town.sara, "Whom do you redial?")
    await bot.press(town.sara, choice, "☑️ ⌛ 1 expired")
    await bot.tg.wait_for(lambda: "◻️ ⌛ 1 expired" in choice.buttons[1])
    await bot.press(town.sara, choice, "☑️ ⛔ 1 failed")
    await bot.press(town.sara, choice, "🔁 Redial 3")
    card = await bot.told(town.sara, "Call 3 numbers?")
    await bot.press(town.sara, card, "✅ Call 3")
    await bot.shows(card, "✅ All 3 numbers are at the gateway.")
    await hear(bot, 2, "NORMAL", "WAITING", "WAITING")
    await bot.press(town.bob, choice, "◻️ ⌛ 1 expired")
    await bot.shows(choice, "#b1: 2 numbers were not reached.")
    assert choice.text.splitlines()[1:3] == [
        "✅ One more was answered in a follow-up.",
        "⏳ 2 more are being called in #b2, may have rung there, or can be tried again there.",
    ]
    await bot.press(town.bob, choice, choice.buttons[-1][0])
    last = await bot.told(town.sara, "3 more are left out")
    assert "answered in a follow-up, or left to it." in last.text


async def test_who_falls_out_is_said(bot: Running) -> None:
    """What came between the card and the tap: the rest is called, and the reader is told."""
    town = bot.town
    end = await ended(bot, "NO_ANSWER", "NO_ANSWER")
    await bot.press(town.sara, end, "🔁 Redial 2 not reached")
    card = await bot.told(town.sara, "Call 2 numbers?")
    await hear(bot, 1, "NORMAL", "NO_ANSWER")
    await bot.press(town.sara, card, "✅ Call 2")
    await bot.told(town.sara, "One number fell out: it was answered meanwhile")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 2)
    assert bot.bitel.seen[1].numbers == (numbers(1, 1),)


async def test_nobody_is_left(bot: Running) -> None:
    """All were reached between the card and the tap: nothing is called, and the card says so."""
    town = bot.town
    end = await ended(bot, "NO_ANSWER", "NORMAL")
    await bot.press(town.sara, end, "🔁 Redial one not reached")
    card = await bot.told(town.sara, "Call one number?")
    await hear(bot, 1, "NORMAL", "NORMAL")
    await bot.press(town.sara, card, "✅ Call 1")
    await bot.shows(card, "✖️ Nothing was called: all of them were answered meanwhile")
    assert bot.bitel.posts == 1
    await bot.tg.wait_for(lambda: end.buttons == [FILES])


async def test_a_press_too_old_to_be_answered_makes_no_draft(bot: Running) -> None:
    """Telegram takes no answer to it, so nothing is written."""
    end = await ended(bot, "NO_ANSWER", "NORMAL")
    await bot.press_late(bot.town.sara, end, "🔁 Redial one not reached")
    drafts = await bot.house.database.read(
        lambda tx: tx.db.execute("SELECT count(*) FROM drafts").fetchone()[0]
    )
    assert drafts == 0


@pytest.mark.parametrize(
    "data",
    [
        "redial:1",
        "redial:9",
        "redial:x",
        "redialby:1.15",
        "redialby:1",
        "redraft:1.15",
        "redraft:1",
    ],
)
async def test_forged_redials(bot: Running, data: str) -> None:
    """Nobody to redial, no such batch, no token of ours: expired, and nothing happens."""
    end = await ended(bot, "NORMAL", "NORMAL")
    answer = await bot.forge(bot.town.bob, end, data)
    assert answer.text.startswith("This button has expired, and nothing was done.")
    assert bot.bitel.posts == 1


async def test_a_way_that_nobody_went(bot: Running) -> None:
    """A draft of no number is not made."""
    end = await ended(bot, "NO_ANSWER", "NORMAL")
    await bot.forge(bot.town.bob, end, "redraft:1.0")
    await bot.quiet()
    assert not [m for m in bot.tg.sent(bot.town.sara) if "Nothing is sent yet" in m.text]


async def test_again_in_a_topic(bot: Running) -> None:
    """The last batch of this topic, by whomever, as a draft; what may still ring is said."""
    town = bot.town
    nothing = await bot.ask(town.bob, "/again", chat=town.forum, thread=5)
    assert nothing.text == "Nothing has been launched in this chat yet. /batches shows all."
    call = f"/call {VOICE} retry=2 server=s1 {numbers(2)}"
    board = await bot.ask(town.sara, call, chat=town.forum, thread=5)
    await bot.shows(board, "✅ All 2")
    await bot.ask(town.sara, f"/call {VOICE} {numbers(1, 7)}", chat=town.group)
    card = await bot.ask(town.bob, "/again", chat=town.forum, thread=5)
    assert card["message_thread_id"] == 5
    assert "Call 2 numbers?" in card.text
    assert "2 retries" in card.text
    assert "dialer s1" in card.text
    assert "🔁 The same as #b1.\n⏳ 2 of these may still ring for #b1, or are not sent yet." in (
        card.text
    )
    assert bot.bitel.posts == 2
    await bot.press(town.bob, card, "✅ Call 2")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 3)
    assert bot.bitel.seen[2].numbers == tuple(numbers(2).split())


async def test_again_is_refused_to_strangers(bot: Running) -> None:
    """A stranger gets their id."""
    answer = await bot.ask(bot.town.eve, "/again")
    assert answer.text.startswith("Your id is 500003.")


async def test_names_are_shown(bot: Running) -> None:
    """Whose number it is stands on the board, in the end and in the history, escaped."""
    town = bot.town
    await bot.ask(town.sara, f"/call {VOICE} {numbers(2)}")
    await bot.sql("UPDATE calls SET name = '<b>Ann</b>' || char(8238, 10) || '=1+1' WHERE id = 1")
    board = await bot.ask(town.sara, "/status b1")
    assert "09120000000 <b>Ann</b> =1+1 · waiting" in board.text
    history = await bot.ask(town.sara, f"/status {numbers(1)}")
    assert "09120000000 <b>Ann</b> =1+1 · waiting" in history.text
    await hear(bot, 1, "NO_ANSWER", "NORMAL")
    end = await bot.told(town.sara, "🏁 #b1")
    assert "09120000000 <b>Ann</b> =1+1" in end.text


@pytest.mark.parametrize("text", ["/again", f"/say {numbers(1)}\nHello"])
async def test_a_draft_that_cannot_be_recorded(bot: Running, text: str) -> None:
    """Nothing is asked, it is said, and the same again works; twice the same is one draft."""
    await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(1, 5)}")
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    answer = await bot.ask(bot.town.sara, text)
    assert answer.text == (
        "The record cannot be written just now; nothing was launched or changed. Try it again."
    )
    await bot.sql("DROP TRIGGER refuse")
    card = await bot.ask(bot.town.sara, text)
    assert "Nothing is sent yet." in card.text
    bot.tg.repeat_last_update()
    await bot.quiet()
    cards = [m for m in bot.tg.sent(bot.town.sara) if "Nothing is sent yet" in m.text]
    assert [m.id for m in cards] == [card.id]


async def test_a_redial_that_comes_twice(bot: Running) -> None:
    """The same press again makes no second draft."""
    end = await ended(bot, "NO_ANSWER", "NORMAL")
    await bot.press(bot.town.sara, end, "🔁 Redial one not reached")
    card = await bot.told(bot.town.sara, "Call one number?")
    bot.tg.repeat_last_update()
    await bot.quiet()
    cards = [m for m in bot.tg.sent(bot.town.sara) if "Nothing is sent yet" in m.text]
    assert [m.id for m in cards] == [card.id]
