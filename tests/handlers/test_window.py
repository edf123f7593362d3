"""The calling window in the chat: what can be pressed outside of it, by whom, and what it does.

The bot's clock is the real one, so the window is closed by two holidays: today and tomorrow.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.calling.audit import Deed
from bot.calling.limits import Limit
from sandbox.telegram import Message, Person
from storage.models import BatchState, HoldReason
from storage.models import Person as Recorded
from tests.handlers.house import VOICE, Running, Town, numbers

TEHRAN = ZoneInfo("Asia/Tehran")
SMALL = f"/call {VOICE} {numbers(2)}"
REASON = "It is urgent"
TO_MANAGERS = "Only managers and admins may do this; nothing was done."


def closed() -> dict[str, Any]:
    """Settings by which it opens in the night after tomorrow."""
    today = datetime.now(UTC).astimezone(TEHRAN).date()
    return {"holidays": frozenset({today, today + timedelta(days=1)})}


def opening() -> datetime:
    """When that is."""
    day = datetime.now(UTC).astimezone(TEHRAN).date() + timedelta(days=2)
    return datetime.combine(day, time(0), tzinfo=TEHRAN)


def label(count: int = 2) -> str:
    """What stands on the button of a draft."""
    return f"🕗 Call {count} {opening():%a} 00:00"


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """A bot in closed hours; Sara is an admin, Bob may launch."""
    async with town.bot(**closed()) as running:
        await demote(running)
        yield running


async def demote(bot: Running) -> None:
    """Let Bob be a launcher."""
    sara, bob = bot.town.sara, bot.town.bob
    await bot.house.database.write(
        lambda tx: tx.members.put(_of(bob), "launcher", now=0.0, by=_of(sara))
    )


def _of(person: Person) -> Recorded:
    return Recorded(id=person.id, name="?")


async def noted(bot: Running, deed: Deed) -> list[tuple[int, str | None]]:
    """Who did this, and what was noted of it, oldest first."""
    entries = await bot.house.database.read(lambda tx: list(tx.audit.chain()))
    return [(entry.by_id, entry.after) for entry in entries if entry.deed == deed]


async def held(town: Town) -> Message:
    """A batch of two parts of Sara's that was held while the window was open."""
    async with town.bot(wave_size=1, wave_pause=3600.0) as bot:
        board = await bot.ask(town.sara, SMALL)
        await bot.shows(board, "1 of 2 numbers are at the gateway")
        await bot.press(town.bob, board, "⏸ Hold rest")
        await bot.shows(board, "⏸ Held by Bob.")
    return board


class TestDrafts:
    async def test_a_small_call_asks_and_can_wait(self, bot: Running) -> None:
        """Nothing goes out at once; *At the opening* makes a batch that waits; *Stop* ends it."""
        card = await bot.ask(bot.town.bob, SMALL)
        assert [label()] == card.buttons[0]
        assert not {"✅ Call 2", "🌙 Now anyway…", "📞 Call me first"} & {
            of for row in card.buttons for of in row
        }
        assert await bot.batches() == []
        assert (await bot.press(bot.town.bob, card, label())).text == "One moment…"
        await bot.shows(card, f"🕗 Goes out {opening():%a} 00:00; nothing is sent before.")
        batch = await bot.batch()
        assert (batch.state, batch.goes_at) == (BatchState.RUNNING, opening().timestamp())
        await bot.press(bot.town.bob, card, "⏹ Stop")
        await bot.shows(card, "⏹ Stopped by Bob; 2 numbers were not sent.")
        assert bot.bitel.posts == 0

    async def test_now_anyway_by_a_tap(self, bot: Running) -> None:
        """A manager is asked why; the calls go out, and the board and the audit say so."""
        card = await bot.ask(bot.town.sara, SMALL)
        await bot.press(bot.town.sara, card, "🌙 Now anyway…")
        question = await bot.told(bot.town.sara, "Why now?")
        assert bot.bitel.posts == 0
        assert (await bot.press(bot.town.sara, question, REASON)).text == "One moment…"
        await bot.shows(card, f"🌙 Outside the calling hours by Sara: “{REASON}”")
        await bot.shows(question, f"🌙 Now anyway, says Sara: “{REASON}”")
        await bot.shows(card, "✅ All 2 numbers are at the gateway.")
        assert await noted(bot, Deed.CALLED_OUTSIDE) == [(bot.town.sara.id, REASON)]

    async def test_now_anyway_by_a_text(self, bot: Running) -> None:
        """A typed reason does the same; a wrong one is said, and the question stays open."""
        card = await bot.ask(bot.town.sara, SMALL, bot.town.group)
        await bot.press(bot.town.sara, card, "🌙 Now anyway…")
        question = await bot.told(bot.town.group, "Why now?")
        bot.tg.send(bot.town.sara, bot.town.group, "x" * 201, reply_to=question)
        await bot.told(bot.town.group, "A reason has 200 characters at most")
        bot.tg.send(bot.town.sara, bot.town.group, "Call 0912 000 0001", reply_to=question)
        await bot.shows(card, "🌙 Outside the calling hours by Sara: “Call …0001”")
        await bot.shows(card, "✅ All 2 numbers are at the gateway.")
        await bot.shows(question, "🌙 Now anyway, says Sara: “Call …0001”")
        assert question.inline_keyboard == []
        assert await noted(bot, Deed.CALLED_OUTSIDE) == [(bot.town.sara.id, "Call …0001")]

    @pytest.mark.parametrize("typed", [False, True])
    async def test_now_anyway_with_a_second_person(self, bot: Running, typed: bool) -> None:
        """The question says that nobody is called before that one has approved it."""
        sara = bot.town.sara
        await bot.house.database.write(lambda tx: tx.limits.put(Limit.APPROVE_WINDOW, 1))
        card = await bot.ask(sara, SMALL)
        await bot.press(sara, card, "🌙 Now anyway…")
        question = await bot.told(sara, "Why now?")
        if typed:
            bot.tg.send(sara, sara, REASON, reply_to=question)
        else:
            await bot.press(sara, question, REASON)
        await bot.shows(
            question, f"🌙 Now anyway, says Sara: “{REASON}”. A second person has to approve it."
        )
        assert await bot.batches() == []

    async def test_a_launcher_cannot_call_now(self, bot: Running) -> None:
        """Neither by a forged press, nor by a reason to a question that was asked before."""
        card = await bot.ask(bot.town.bob, SMALL)
        token = card.inline_keyboard[0][0]["callback_data"].partition(":")[2].partition(".")[0]
        for data in (f"anyway:{token}", f"anyway:{token}.1"):
            assert (await bot.forge(bot.town.bob, card, data)).text.startswith(TO_MANAGERS)
        assert await bot.batches() == []

    async def test_who_is_demoted_between_question_and_answer(self, town: Town) -> None:
        """The answer is checked again: nothing goes out."""
        async with town.bot(**closed()) as bot:
            card = await bot.ask(town.bob, SMALL)
            await bot.press(town.bob, card, "🌙 Now anyway…")
            question = await bot.told(town.bob, "Why now?")
            await demote(bot)
            assert (await bot.press(town.bob, question, REASON)).text.startswith(TO_MANAGERS)
            bot.tg.send(town.bob, town.bob, "They wait for it", reply_to=question)
            await bot.told(town.bob, TO_MANAGERS)
            assert await bot.batches() == []

    @pytest.mark.parametrize(
        "data", ["opening:{t}", "opening:{t}.x", "anyway:{t}.9", "anyway:{t}.1.1", "anyway:{t}.x"]
    )
    async def test_forged_data(self, bot: Running, data: str) -> None:
        """What no button of ours has does nothing."""
        card = await bot.ask(bot.town.sara, SMALL)
        token = card.inline_keyboard[0][0]["callback_data"].partition(":")[2].partition(".")[0]
        answer = await bot.forge(bot.town.sara, card, data.format(t=token))
        assert answer.text.startswith("This button has expired, and nothing was done.")
        assert await bot.batches() == []

    async def test_a_card_from_before_the_closing(self, town: Town) -> None:
        """Its *Call* launches nothing any more: the card shows what can be done now."""
        async with town.bot(confirm_above=1) as bot:
            card = await bot.ask(town.sara, SMALL)
            assert card.buttons[0] == ["✅ Call 2"]
        async with town.bot(confirm_above=1, **closed()) as bot:
            await bot.press(town.sara, card, "✅ Call 2")
            await bot.tg.wait_for(lambda: card.buttons[0] == [label()])
            assert await bot.batches() == []

    async def test_a_card_from_before_the_opening(self, town: Town) -> None:
        """Its *At the opening* just launches, now that it is open."""
        async with town.bot(**closed()) as bot:
            card = await bot.ask(town.sara, SMALL)
        async with town.bot() as bot:
            await bot.press(town.sara, card, label())
            await bot.shows(card, "✅ All 2 numbers are at the gateway.")

    async def test_a_saved_launch_and_again_ask_as_well(self, town: Town) -> None:
        """Every way to a batch leads over the same card."""
        async with town.bot() as bot:
            board = await bot.ask(town.sara, SMALL)
            await bot.shows(board, "✅ All 2 numbers are at the gateway.")
        async with town.bot(**closed()) as bot:
            for text in ("/again", f"/say {numbers(1)}\nThe shift begins at six."):
                card = await bot.ask(town.sara, text)
                assert card.buttons[0] == [label(1 if text.startswith("/say") else 2)]


class TestBoards:
    async def test_send_the_rest_at_the_opening(self, town: Town) -> None:
        """The board of a hold offers it by night, and a press of the old button says why."""
        board = await held(town)
        async with town.bot(wave_size=1, **closed()) as bot:
            old = f"rest:1.{(await bot.batch()).hold_no}"
            await bot.shows(board, "⏸ Held by Bob.")
            wanted = f"🕗 Send the other one {opening():%a} 00:00"
            await bot.tg.wait_for(lambda: board.buttons[0] == [wanted], timeout=10)
            assert board.buttons[1] == ["🌙 Now anyway…", "⏹ Stop"]
            answer = await bot.forge(town.bob, board, old)
            assert answer.text.startswith("🌙 Today is a holiday. Calls go out again")
            assert answer.show_alert
            assert (await bot.press(town.bob, board, wanted)).text == "One moment…"
            await bot.shows(board, "🕗 The other one goes out")
            assert f"▶ Bob lets the rest go out {opening():%a} 00:00." in board.text.splitlines()
            assert (await bot.batch()).goes_at == opening().timestamp()
            assert [who for who, _ in await noted(bot, Deed.SENT_ON_AT_OPENING)] == [town.bob.id]
            assert bot.bitel.posts == 1

    @pytest.mark.parametrize("typed", [False, True])
    async def test_send_the_rest_anyway(self, town: Town, typed: bool) -> None:
        """A manager says why, by a tap or a text; who is none is told so."""
        board = await held(town)
        async with town.bot(wave_size=1, **closed()) as bot:
            await bot.press(town.sara, board, "🌙 Now anyway…")
            question = await bot.told(town.sara, "Why now?")
            if typed:
                bot.tg.send(town.sara, town.sara, "They wait", reply_to=question)
            else:
                await bot.press(town.sara, question, REASON)
            await bot.shows(question, "🌙 Now anyway, says Sara")
            await bot.shows(board, "✅ All 2 numbers are at the gateway.")
            why = "They wait" if typed else REASON
            assert await noted(bot, Deed.CALLED_OUTSIDE) == [(town.sara.id, why)]

    @pytest.mark.parametrize(
        "data", ["restat:1.1", "restat:1.1.x", "restany:1", "restany:1.1.9", "restany:1.x"]
    )
    async def test_forged_data(self, town: Town, data: str) -> None:
        """What no button of ours has does nothing."""
        board = await held(town)
        async with town.bot(**closed()) as bot:
            answer = await bot.forge(town.sara, board, data)
            assert answer.text.startswith("This button has expired, and nothing was done.")
            assert (await bot.batch()).state is BatchState.HELD

    async def test_a_launcher_cannot_send_the_rest_now(self, town: Town) -> None:
        """The button is there for all who see the board, and is a manager's."""
        board = await held(town)
        async with town.bot(**closed()) as bot:
            await demote(bot)
            answer = await bot.press(town.bob, board, "🌙 Now anyway…")
            assert answer.text.startswith(TO_MANAGERS)
            assert (await bot.batch()).state is BatchState.HELD

    async def test_the_audible_message_of_a_hold(self, town: Town) -> None:
        """A batch that runs into the closing is told of, with what can be done."""
        async with town.bot(wave_size=1, wave_pause=2.0) as bot:
            board = await bot.ask(town.sara, SMALL)
            await bot.shows(board, "1 of 2 numbers are at the gateway")
        async with town.bot(wave_size=1, **closed()) as bot:
            words = "⏸ Held: outside the calling hours."
            (told,) = await bot.tg.wait_for(
                lambda: [m for m in bot.tg.sent(town.sara) if words in m.text and m.id > board.id]
            )
            assert [row[:6] for row in told.buttons[0]] == ["🕗 Send"]
            assert (await bot.batch()).hold_reason is HoldReason.WINDOW


class TestPlans:
    async def test_a_time_outside_is_refused(self, bot: Running) -> None:
        """A holiday is named, and nothing is planned, for admins as well."""
        card = await bot.ask(bot.town.sara, f"/call {VOICE} {numbers(21)}")
        token = card.inline_keyboard[0][0]["callback_data"].partition(":")[2].partition(".")[0]
        at = opening() - timedelta(hours=2)
        answer = await bot.forge(
            bot.town.sara, card, f"later:{token}.t.{int(at.timestamp() // 60)}"
        )
        assert "is a holiday, and nothing was planned." in answer.text
        at = opening() + timedelta(hours=2)
        await bot.forge(bot.town.sara, card, f"later:{token}.ok.{int(at.timestamp() // 60)}")
        await bot.shows(card, "👤 Sara")
