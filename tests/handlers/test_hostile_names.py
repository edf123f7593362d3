"""Names that try to be something else (row 56), and what the log says of what people send (57)."""

import csv
import io
import logging
import re

import pytest

from bot.logs import RedactingFormatter, secrets_of
from bot.redaction import Redactor
from storage.models import Person as Recorded
from tests.handlers.house import VOICE, Running

HOSTILE = "=cmd|'<b>\u202egnp\u2066&amp;"
SHOWN = "=cmd|'<b>gnp&amp;"
HTML = "=cmd|&#39;&lt;b&gt;gnp&amp;amp;"
MARKS = set("\u202e\u2066")
NUMBER = "09120000009"
SPELLINGS = re.compile(r"912\W{0,3}0\W{0,3}0\W{0,3}0")


async def test_a_member_with_a_hostile_name(bot: Running) -> None:
    """In the menu of the team, on their card, and in the audit: escaped, without marks."""
    bot.town.eve.first_name = HOSTILE
    said = bot.tg.send(bot.town.eve, bot.town.group, "hello")
    done = await bot.ask(bot.town.sara, "/team viewer", bot.town.group, reply_to=said)
    assert SHOWN in done.text
    assert HTML in (done.html or "")
    menu = await bot.ask(bot.town.sara, "/team")
    labels = [label for row in menu.buttons for label in row]
    assert any(SHOWN in label for label in labels)
    audit = await bot.ask(bot.town.sara, "/audit")
    assert SHOWN in audit.text
    for message in (done, menu, audit):
        assert not MARKS & set(message.text + " ".join(map(" ".join, message.buttons)))


async def test_a_chat_with_a_hostile_title(bot: Running) -> None:
    """In the menu of chats and where it is taken off."""
    group = bot.tg.add_group(-77, HOSTILE, members=[bot.town.sara], bot_status="left")
    bot.tg.add_bot(bot.town.sara, group)
    await bot.told(group, "👋 This chat is allowed.")
    menu = await bot.ask(bot.town.sara, "/team")
    await bot.press(bot.town.sara, menu, "💬 Chats")
    await bot.tg.wait_for(lambda: menu.text.startswith("💬 Chats"))
    (label,) = (label for row in menu.buttons for label in row if "cmd" in label)
    assert not MARKS & set(label)
    await bot.press(bot.town.sara, menu, label)
    await bot.tg.wait_for(lambda: SHOWN in menu.text)
    assert HTML in (menu.html or "")


async def test_a_hostile_reason_on_the_do_not_call_list(bot: Running) -> None:
    """Escaped in the chat, and no formula in the export."""
    added = await bot.ask(bot.town.bob, f"/dnc add {NUMBER} {HOSTILE}")
    assert not MARKS & set(added.text)
    checked = await bot.ask(bot.town.bob, f"/dnc check {NUMBER}")
    assert SHOWN in checked.text
    assert HTML in (checked.html or "")
    file = await bot.ask(bot.town.bob, "/dnc export csv")
    (line,) = csv.DictReader(io.StringIO(bot.tg.file(file).decode("utf-8-sig")))
    assert f"'{SHOWN}" in line.values()


async def test_a_list_with_a_hostile_name(bot: Running) -> None:
    """In the answer and in the menu."""
    made = await bot.ask(bot.town.bob, f"/lists new {HOSTILE}\n{NUMBER}")
    assert not MARKS & set(made.text)
    assert SHOWN in made.text
    assert HTML in (made.html or "")
    menu = await bot.ask(bot.town.bob, "/lists")
    (label,) = (label for row in menu.buttons for label in row if "cmd" in label)
    assert label.startswith(SHOWN)
    assert not MARKS & set(label)


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING])
async def test_what_is_logged(bot: Running, caplog: pytest.LogCaptureFixture, level: int) -> None:
    """No secret of an invite, no token and no number, also where the record refuses to write."""
    settings = bot.house.settings
    formatter = RedactingFormatter(Redactor(secrets_of(settings)), as_json=False)
    with caplog.at_level(level):
        said = await bot.ask(bot.town.sara, "/team")
        bot.tg.press_data(bot.town.sara, said, "invite:manager")
        told = await bot.told(bot.town.sara, "start=i_")
        link = re.search(r"start=i_([\w-]+)", told.text)
        assert link is not None
        await bot.sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON do_not_call"
            f" BEGIN SELECT RAISE(ABORT, 'not {NUMBER}'); END"
        )
        await bot.ask(bot.town.bob, f"/dnc add {NUMBER} asked for it")
        await bot.sql("DROP TRIGGER refuse")
        await bot.ask(bot.town.bob, f"/dnc add {NUMBER} asked for it")
        await bot.ask(bot.town.bob, f"/call {VOICE} {NUMBER} 09120000008")
        await bot.ask(bot.town.eve, f"/start i_{link[1]}")
        await bot.ask(bot.town.eve, f"/start i_{link[1]}")
        await bot.quiet()
    lines = [formatter.format(record) for record in caplog.records]
    for line in lines:
        assert link[1] not in line
        assert settings.bitel_token not in line
        assert not SPELLINGS.search(line), line
    entries = await bot.house.database.read(lambda tx: list(tx.audit.chain()))
    about = " ".join(f"{one.about} {one.before} {one.after}" for one in entries)
    assert link[1] not in about
    assert not SPELLINGS.search(about)
    assert Recorded(id=bot.town.eve.id, name="Eve").name in about
