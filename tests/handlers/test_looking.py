"""The board's looking buttons: pages, counts that filter, *Refresh*, *Numbers*; and reports."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.calling import endings
from bot.calling.matching import news_of
from bot.calling.tracking import Pace
from bot.gateway.models import PlacedCall
from sandbox.bitel import faults
from sandbox.telegram import Message
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town, numbers


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """A bot that launches a few hundred numbers without asking, and asks the gateway late."""
    async with town.bot(confirm_above=1000, poll_first=300.0) as running:
        yield running


async def launched(bot: Running, count: int) -> Message:
    """A board of so many calls that wait at the gateway."""
    return await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(count)}")


async def say(bot: Running, word: str, *positions: int) -> None:
    """Let the tracker have heard this word of these calls of the first batch."""

    def work(tx: Stores) -> None:
        for call in tx.calls.of_batch(1):
            if call.position in positions:
                news = news_of(PlacedCall(id=call.gateway_id or "", status=word))
                endings.hear(tx, news, now=bot.house.launches.now, pace=Pace())

    await bot.house.database.write(work)
    bot.house.signals.boards.ring()


def at_gateway(bot: Running, word: str) -> None:
    """Let the gateway say this of every call when it is asked."""
    for call_id in bot.bitel.calls:
        bot.bitel.set_status(call_id, word)


async def test_a_tap_on_a_count_lists_its_calls(bot: Running) -> None:
    """The board shows those calls only, page by page, until the same count is tapped again."""
    board = await launched(bot, 25)
    await say(bot, "NORMAL", 1, 2)
    await bot.shows(board, "✅ 2 answered · ⏳ 23 waiting")
    await bot.press(bot.town.bob, board, "✅ 2")
    await bot.shows(board, "🔎 Only ✅ answered: 2 of 25")
    assert board.text.splitlines()[-3].startswith("🔎")
    assert board.buttons == [["· ✅ 2 ·", "⏳ 23"], ["🔄 Refresh", "📄 CSV"]]
    await bot.press(bot.town.bob, board, "⏳ 23")
    await bot.shows(board, "🔎 Only ⏳ waiting: 23 of 25")
    await bot.press(bot.town.bob, board, "▶")
    await bot.shows(board, "09120000120")
    assert board.buttons[1] == ["◀", "2/3", "▶"]
    await say(bot, "EXPIRED", 3)
    await bot.shows(board, "🔎 Only ⏳ waiting: 22 of 25")
    assert board.buttons[1] == ["◀", "2/3", "▶"]
    await bot.press(bot.town.sara, board, "· ⏳ 22 ·")
    await bot.tg.wait_for(lambda: "🔎" not in board.text)
    assert board.buttons[1] == ["◀", "1/3", "▶"]


async def test_an_answer_to_status_has_a_filter_of_its_own(bot: Running) -> None:
    """What one person looks at leaves the board alone."""
    board = await launched(bot, 25)
    await say(bot, "NORMAL", 1)
    answer = await bot.ask(bot.town.bob, "/status b1")
    await bot.press(bot.town.bob, answer, "✅ 1")
    await bot.shows(answer, "🔎 Only ✅ answered: 1 of 25")
    await bot.press(bot.town.bob, answer, "⏳ 24")
    await bot.shows(answer, "🔎 Only ⏳ waiting: 24 of 25")
    await bot.press(bot.town.bob, answer, "▶")
    await bot.tg.wait_for(lambda: "2/3" in str(answer.buttons))
    assert "🔎" not in board.text


async def test_refresh_asks_the_gateway_and_shows_it_at_once(bot: Running) -> None:
    """The answer to the press says what has changed; the board shows it."""
    board = await launched(bot, 3)
    again = await bot.press(bot.town.bob, board, "🔄 Refresh")
    assert again.text == "Nothing has changed; 3 calls still wait for their results."
    at_gateway(bot, "NORMAL")
    answer = await bot.press(bot.town.bob, board, "🔄 Refresh")
    assert answer.text == "3 calls have changed; none waits any more."
    await bot.shows(board, "🏁 All 3 calls have ended.")
    assert board.buttons == [["📄 CSV"]]
    await bot.told(bot.town.sara, "🏁 #b1 · ✅ 3 answered (100%)")


async def test_refresh_on_an_answer_to_status(bot: Running) -> None:
    """It is edited in place, page and filter kept; ten calls are asked about at most."""
    await launched(bot, 25)
    answer = await bot.ask(bot.town.bob, "/status b1")
    await say(bot, "NORMAL", 1)
    await bot.press(bot.town.bob, answer, "▶")
    await bot.tg.wait_for(lambda: "2/3" in str(answer.buttons))
    await bot.press(bot.town.bob, answer, "⏳ 24")
    await bot.shows(answer, "🔎 Only ⏳ waiting: 24 of 25")
    at_gateway(bot, "NORMAL")
    polls = bot.bitel.polls
    said = await bot.press(bot.town.bob, answer, "🔄 Refresh")
    assert said.text == "10 calls have changed; still waiting: 14."
    await bot.shows(answer, "🔎 Only ⏳ waiting: 14 of 25")
    assert bot.bitel.polls == polls + 10


async def test_two_refreshes_at_once_ask_once(bot: Running) -> None:
    """Who presses while the gateway is being asked gets the same answer."""
    board = await launched(bot, 1)
    gate = asyncio.Event()
    bot.bitel.fail_next(faults.held(gate), on="poll")
    first = bot.tg.press(bot.town.bob, board, "🔄 Refresh")
    second = bot.tg.press(bot.town.sara, board, "🔄 Refresh")
    await bot.quiet()
    gate.set()
    answers = [await bot.tg.answer_of(press) for press in (first, second)]
    assert {answer.text for answer in answers} == {
        "Nothing has changed; one call still waits for its result."
    }
    assert bot.bitel.polls == 1


@pytest.mark.parametrize(
    "data",
    ["page:1", "page:1.1.nothing", "page:1.1.normal.2", "page:9.1", "fresh:9.1", "numbers:9.1"],
)
async def test_forged_looks(bot: Running, data: str) -> None:
    """A token that names no batch, no page or no outcome is answered as expired."""
    board = await launched(bot, 1)
    answer = await bot.forge(bot.town.bob, board, data)
    assert answer.text.startswith("This button has expired, and nothing was done.")


async def test_the_end_and_its_numbers(bot: Running) -> None:
    """*Numbers* sends the batch in a message whose pages and counts work; the end stays."""
    await launched(bot, 25)
    await say(bot, "EXPIRED", 1, 2, 3)
    await say(bot, "NORMAL", *range(4, 26))
    end = await bot.told(bot.town.sara, "🏁 #b1 · ✅ 22 answered (88%) · ⌛ 3 expired")
    files = ["📄 CSV", "📊 XLSX", "🔎 Numbers"]
    assert end.buttons == [["🔁 Redial 3 not reached"], files]
    await bot.press(bot.town.bob, end, "🔎 Numbers")
    cards = await bot.tg.wait_for(  # the chart may come before it
        lambda: [m for m in bot.tg.sent(bot.town.sara) if m.id > end.id and "photo" not in m]
    )
    card = cards[0]
    assert "⌛ 09120000000 · expired" in card.text
    assert card["reply_to_message"]["message_id"] == end.id
    await bot.press(bot.town.bob, card, "⌛ 3")
    await bot.shows(card, "🔎 Only ⌛ expired: 3 of 25")
    await bot.press(bot.town.bob, end, "📊 XLSX")
    file = await bot.tg.wait_for(
        lambda: [m for m in bot.tg.sent(bot.town.sara) if "document" in m], timeout=30
    )
    assert file[0]["document"]["file_name"] == "b1.xlsx"


async def test_a_held_message_resolves_the_hold(bot: Running) -> None:
    """Its buttons do what the board's do, and it says afterwards that the hold is over."""
    bot.bitel.fail_next(faults.refusal("InvalidVoice"))
    board = await launched(bot, 150)
    held = await bot.tg.wait_for(
        lambda: [m for m in bot.tg.sent(bot.town.sara) if m.id != board.id and "⏸" in m.text]
    )
    message = held[0]
    assert message.buttons == [["▶ Send the other 50", "⏹ Stop"], ["🔁 Try again: 100"]]
    await bot.press(bot.town.bob, message, "▶ Send the other 50")
    await bot.shows(message, "▶ This hold is over.")
    await bot.shows(board, "🏁 Nothing is left to send: the gateway has confirmed 50 of 150")
    assert message.buttons == []


async def test_an_unknown_can_be_decided_below_the_end(bot: Running) -> None:
    """The end names it with its buttons; who presses there sees the end change."""
    bot.bitel.fail_next(faults.html(502))
    await launched(bot, 2)
    end = await bot.told(bot.town.sara, "🏁 #b1 · ⚠️ 2 may have rung")
    assert end.buttons[:2] == [["It rang", "It did not ring"], ["Leave it"]]
    await bot.press(bot.town.bob, end, "It did not ring")
    await bot.shows(end, "↩️ 2 numbers did not ring, says Bob.")
    assert end.buttons[0] == ["🔁 Try again: 2"]
