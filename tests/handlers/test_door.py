"""The door fails closed, and small things at the edge of Telegram."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, User

from bot.calling.rights import Role
from bot.handlers.door import Asker, after_command, person_of
from sandbox.bitel import faults
from sandbox.telegram.people import Press
from storage.models import Person, Place
from tests.handlers.house import VOICE, Running, Town, numbers

TEAM = "This bot is for its team: ask an admin."


class Broken(frozenset[int]):
    """Rights that cannot be read."""

    def __contains__(self, _: object) -> bool:
        """Fail."""
        raise RuntimeError("the rights cannot be read")


async def test_an_error_in_the_check_denies(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Where the rights cannot be read nobody may do anything, by command or by button."""
    async with town.bot() as bot:
        board = await bot.ask(town.sara, f"/call {VOICE} 09120000001")
    async with town.bot(admins=Broken({500001})) as bot:
        denied = await bot.ask(town.sara, f"/call {VOICE} 09120000002")
        assert denied.text == f"Your id is 500001. {TEAM}"
        assert (await bot.press(town.sara, board, "📄 CSV")).text == TEAM
    assert town.bitel.posts == 1
    assert "the check of rights failed; denied" in caplog.text


async def test_a_press_under_a_message_of_nowhere(bot: Running) -> None:
    """A press that names no message of a chat is answered as expired."""
    user = bot.town.sara.as_json()
    bot.tg.world.presses["77"] = Press("77", bot.tg.world.clock(), bot.town.sara)
    bot.tg.push(
        "callback_query",
        {
            "id": "77",
            "from": user,
            "chat_instance": "1",
            "inline_message_id": "x",
            "data": "csv:1",
        },
    )
    answer = await bot.tg.answer_of("77")
    assert answer.text.startswith("This button has expired")


async def test_a_topics_board_is_pressed_in_its_topic(bot: Running) -> None:
    """What a press leads to stays in the topic, and in a thread that is none it stays outside."""
    bot.bitel.fail_next(faults.refusal("InvalidVoice"), times=2)
    forum, group = bot.town.forum, bot.town.group
    board = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001", forum, thread=5)
    await bot.press(bot.town.bob, board, "🔁 Try again: 1")
    assert (await bot.told(forum, "📋 Call one number?"))["message_thread_id"] == 5
    outside = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000002", group)
    await bot.press(bot.town.bob, outside, "🔁 Try again: 1")
    assert "message_thread_id" not in await bot.told(group, "📋 Call one number?")


def test_who_has_no_name_is_their_id() -> None:
    """A name of nothing but marks is replaced; a name is cleaned, and the id is what counts."""
    assert person_of(User(7, "\u200b\u2066", is_bot=False)).name == "u7"
    assert person_of(User(7, "Sara", is_bot=False, last_name="\u202eX")).name == "Sara X"


def test_a_text_without_a_command_is_the_whole_text() -> None:
    """Only a command at the beginning is cut off."""
    sent = datetime(2025, 6, 15, tzinfo=UTC)
    message = Message(1, date=sent, chat=Chat(1, "private"), text="hello /call")
    assert after_command(message) == "hello /call"


async def test_a_joined_command_that_fails_is_logged(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong after the wait for more parts is logged, and the next one works."""
    handed_over: list[str] = []

    async def ready(_: Asker, text: str) -> None:
        handed_over.append(text)
        if len(handed_over) == 1:
            raise ValueError("a fault of our own")

    for number in (1, 2):
        bot.house.parts.gather(_asker(bot, number), ready)
        await bot.house.parts.flush()
    assert "a joined command failed" in caplog.text
    assert handed_over == ["part 1", "part 2"]


async def test_a_draft_whose_message_is_not_recorded_can_be_confirmed(bot: Running) -> None:
    """The press itself says which message it was on, and that one becomes the board."""
    sara = bot.town.sara
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE UPDATE OF message_id ON drafts"
        " WHEN NEW.state = 'open' BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    first = bot.tg.send(sara, sara, f"/call {VOICE} {numbers(2)} hello")
    draft = await bot.tg.next_message(sara, after=first)
    await bot.quiet()
    await bot.sql("DROP TRIGGER refuse")
    bot.tg.press(sara, draft, "✅ Call 2")
    await bot.tg.wait_for(lambda: "#b1" in draft.text)
    assert "All 2 numbers are at the gateway" in draft.text


def _asker(bot: Running, number: int) -> Asker:
    sent = datetime(2025, 6, 15, tzinfo=UTC)
    return Asker(
        person=Person(id=7, name="Sara"),
        role=Role.LAUNCHER,
        place=Place(chat_id=7),
        language=bot.house.language,
        message=Message(number, date=sent, chat=Chat(7, "private"), text="part"),
        update_id=number,
        text=f"part {number}",
        private=True,
    )
