"""`MASK_IN_GROUPS`: no number is shown in a group, in no message, button, alert or file."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator

import openpyxl
import pytest
import pytest_asyncio

from sandbox.telegram import Chat, Message
from tests.handlers.house import VOICE, Running, Town, numbers
from tests.handlers.lists_house import joined
from tests.handlers.shelf import launch, voice
from tests.handlers.test_records import past

COUNT = 12
WHOLE = re.compile(r"(?:\+?98|0)?[ -]?9(?:[ -]?\d){9}")  # a mobile number in any usual spelling
MASKED = "0912…"
LAUNCHING = {"ok", "rest", "due"}  # buttons that make phones ring


@pytest_asyncio.fixture
async def masked(town: Town) -> AsyncIterator[Running]:
    """The bot of a team that does not want numbers in its groups."""
    async with town.bot(mask_in_groups=True) as running:
        yield running


def given() -> list[str]:
    """The numbers that are called."""
    return numbers(COUNT).split()


def seen(bot: Running, chat: Chat) -> str:
    """All that anybody in a group could see of the bot, or read out of its buttons."""
    parts = []
    for message in bot.tg.sent(chat):
        parts += [version.text for version in bot.tg.edits(message)]
        own = {name: of for name, of in message.items() if name != "reply_to_message"}
        parts.append(json.dumps(own, ensure_ascii=False, default=str))
        document = message.get("document")
        if document is not None:
            parts.append(text_of(bot.tg.file(document), document["file_name"]))
    parts += [json.dumps(answer, default=str) for answer in map(vars_of, bot.tg.answers)]
    return "\n".join(parts)


def vars_of(answer: object) -> dict[str, object]:
    """An answer to a press: what an alert says."""
    return {"text": getattr(answer, "text", "")}


def text_of(content: bytes, name: str) -> str:
    """What stands in a file."""
    if not name.endswith(".xlsx"):
        return content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for row in book.worksheets[0].rows for cell in row)


def shown_whole(text: str) -> list[str]:
    """Numbers of those that are called, or anything like one, that stand there whole."""
    ours = {number[1:] for number in given()}
    found = []
    for match in WHOLE.finditer(text):
        digits = re.sub(r"\D", "", match[0])[-10:]
        if digits in ours or digits.startswith("912000"):
            found.append(match[0])
    return found


def data_of(message: Message) -> list[str]:
    """What the buttons of a message say to us when they are pressed."""
    return [one["callback_data"] for row in message.inline_keyboard for one in row]


async def test_a_launch_from_draft_to_board(masked: Running) -> None:
    """The draft, its numbers as buttons, the board and its pages: ends alone."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    await voice(bot)
    card = await bot.ask(bob, f"/call {VOICE} {numbers(COUNT)} 0912 12 0912000999", group)
    assert MASKED in card.text
    await bot.press(bob, card, "✏️ See / remove")
    await bot.tg.wait_for(lambda: "page 1 of 2" in card.text)
    assert card.buttons[0] == ["✖️ 0912…000"]
    await bot.press(bob, card, "✖️ 0912…000")
    await bot.tg.wait_for(lambda: "11 numbers" in card.text)
    await bot.press(bob, card, "↩️ Back")
    await bot.press(bob, card, "✅ Call 11")
    await bot.shows(card, "at the gateway")
    assert f"{MASKED}010" in card.text
    await bot.press(bob, card, "▶")
    await bot.shows(card, f"{MASKED}110")
    assert shown_whole(seen(bot, group)) == []


async def test_what_is_looked_up(masked: Running) -> None:
    """`/status` with a number: neither its history nor its buttons name it; they work."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    await past(bot, *[0] * 11)
    found = await bot.ask(bob, "/status 09120000001", group)
    assert found.text.startswith(f"🔎 {MASKED}001 · 11 calls")
    assert all("912000" not in data for data in data_of(found))
    await bot.turn(bob, found, "▶")
    assert found.text.startswith(f"🔎 {MASKED}001 · 11 calls")
    assert [row for row in found.buttons if "2/2" in row]
    missing = await bot.ask(bob, "/status 09120009999", group)
    assert missing.text == "No call to 0912…999 is recorded."
    assert shown_whole(seen(bot, group)) == []


async def test_files(masked: Running) -> None:
    """CSV, XLSX and an export have the ends, too; their captions say where all is to be had."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    board = await bot.ask(bob, f"/call {VOICE} {numbers(2)}", group)
    await bot.shows(board, "at the gateway")
    board = await bot.ask(bob, "/status b1", group)
    for data in ("csv:1", "xlsx:1"):
        await bot.forge(bob, board, data)
    await bot.tg.wait_for(lambda: len(documents(bot, group)) == 2)
    for form in ("csv", "xlsx", "json"):
        bot.tg.send(bob, group, f"/export 7d {form}")
    await bot.tg.wait_for(lambda: len(documents(bot, group)) == 5, timeout=30)
    for message in documents(bot, group):
        assert "Its numbers are masked here." in message.text
        text = text_of(bot.tg.file(message["document"]), message["document"]["file_name"])
        assert "0912…000" in text
    assert shown_whole(seen(bot, group)) == []


async def test_lists(masked: Running) -> None:
    """A list's card, its numbers as buttons, *Undo*, its file and its draft."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    await voice(bot)
    made = await bot.ask(bob, f"/lists new Drivers\n{numbers(3)}\n0912 000 99", group)
    await joined(bot)
    card = await bot.ask(bob, "/lists Drivers", group)
    assert MASKED in card.text
    await bot.press(bob, card, "📄 Download")
    await bot.tg.wait_for(lambda: documents(bot, group))
    await bot.press(bob, card, "🔎 See / remove")
    await bot.tg.wait_for(lambda: "page 1 of 1" in card.text)
    await bot.press(bob, card, "✖️ 0912…010")
    await bot.tg.wait_for(lambda: any("Undo" in row[0] for row in card.buttons))
    assert ["↩️ Undo: 0912…010"] in card.buttons
    assert made.text
    assert shown_whole(seen(bot, group)) == []


async def test_what_was_typed(masked: Running) -> None:
    """What cannot be called is listed by its ends as well, and so is a name that is a number."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    said = await bot.ask(bob, f"/call {VOICE} 091200000011 +49 151 00000000", group)
    assert "line 1: 0912…011 0151…000 – cannot be read" in said.text
    assert "091200000011" not in said.text
    assert "00000000" not in said.text


async def test_a_walk_over_all_screens(masked: Running) -> None:
    """Each command in the group, and each button below what it brings: no number anywhere.

    What a button brings is walked over, too, as far as the kind of button is a new one.
    """
    bot, sara, group = masked, masked.town.sara, masked.town.group
    one = given()[0]
    await voice(bot)
    await launch(bot, "Night")
    name = f"Night {given()[3]}"
    await bot.house.database.write(
        lambda tx: tx.db.execute("UPDATE launches SET name = ?", (name,)).close()
    )
    sara.last_name = given()[4]
    await past(bot, 0, 1, 2, calls=11)
    await bot.ask(sara, f"/lists new Drivers of {one}\n{numbers(COUNT)}")
    await bot.ask(sara, f"/dnc add {given()[1]} because of {given()[2]}")
    await bot.quiet()
    pressed: set[str] = set()
    for command in (
        f"/call {VOICE} {numbers(3)} 0912 1",
        f"/say {numbers(2)}\nCall {one} back",
        "/again",
        f"/status {given()[1]}",
        "/status 09120000001",
        "/status b1",
        "/batches",
        "/report 7d",
        f"/lists Drivers of {one}",
        "/lists",
        "/voices",
        "/launch",
        "/launch Nigh",
        "/panel",
        "/schedule",
        "/dnc",
        f"/dnc check {given()[1]}",
        "/limits",
        "/audit",
        "/team",
        "/number",
    ):
        bot.tg.calm(group)
        waiting = [await bot.ask(sara, command, group)]
        for message in waiting:
            for data in data_of(message):
                verb = data.partition(":")[0]
                if verb in pressed or verb in LAUNCHING:
                    continue
                pressed.add(verb)
                known = len(bot.tg.sent(group))
                bot.tg.calm(group)
                await bot.forge(sara, message, data)
                waiting += [message, *bot.tg.sent(group)[known:]]
        await bot.quiet()
        assert shown_whole(seen(bot, group)) == [], command
    assert len(pressed) > 30


async def test_in_private_nothing_is_masked(masked: Running) -> None:
    """The same person reads the whole number in the private chat, also of a group's batch."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    board = await bot.ask(bob, f"/call {VOICE} {given()[0]}", group)
    await bot.shows(board, "at the gateway")
    card = await bot.ask(bob, "/status b1")
    assert given()[0] in card.text
    (name,) = [one for row in card.buttons for one in row if "CSV" in one]
    await bot.press(bob, card, name)
    await bot.tg.wait_for(lambda: documents(bot, bob))
    content = bot.tg.file(documents(bot, bob)[0]["document"])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1][2] == f"+98{given()[0][1:]}"
    found = await bot.ask(bob, given()[0])
    assert given()[0] in found.text


async def test_it_is_off_by_default(bot: Running) -> None:
    """Without the setting a group reads whole numbers."""
    board = await bot.ask(bot.town.bob, f"/call {VOICE} {given()[0]}", bot.town.group)
    await bot.shows(board, "at the gateway")
    assert given()[0] in board.text


async def test_a_button_from_before(masked: Running) -> None:
    """A history that was sent before the setting was on: its button works, and masks."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    board = await bot.ask(bob, f"/call {VOICE} {given()[0]}", group)
    await bot.shows(board, "at the gateway")
    await bot.forge(bob, board, f"hist:n98{given()[0][1:]}.1")
    await bot.shows(board, f"🔎 {MASKED}000")


@pytest.mark.parametrize("token", ["c999999", "c0", "c1x"])
async def test_a_call_that_is_not_there(masked: Running, token: str) -> None:
    """A forged token finds nothing, and says that it has expired."""
    bot, bob, group = masked, masked.town.bob, masked.town.group
    board = await bot.ask(bob, f"/call {VOICE} {given()[0]}", group)
    answer = await bot.forge(bob, board, f"hist:{token}.1")
    assert "expired" in answer.text


def documents(bot: Running, chat: object) -> list[Message]:
    """The files that the bot has sent to a chat."""
    return [message for message in bot.tg.sent(chat) if "document" in message]  # type: ignore[arg-type]  # a person or a chat
