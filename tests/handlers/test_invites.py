"""Invites in the chat: made in private, used by a link, taken back; nothing else is revealed."""

import logging
import re

import pytest

from bot.calling.rights import Role
from sandbox.telegram import Person
from tests.handlers.house import Running

TEAM = "This bot is for its team: ask an admin."


async def invite(bot: Running, label: str = "🚀 Launcher") -> str:
    """The payload of a new invite's link, made by Sara."""
    bot.tg.calm(bot.town.sara)  # several invites take her some minutes
    menu = await bot.ask(bot.town.sara, "/team")
    await bot.turn(bot.town.sara, menu, "✉️ Invites")
    await bot.turn(bot.town.sara, menu, "✉️ New invite")
    before = bot.tg.last(bot.town.sara)
    await bot.press(bot.town.sara, menu, label)
    made = await bot.tg.next_message(bot.town.sara, after=before)
    found = re.search(r"https://t\.me/callboard_bot\?start=(i_[A-Za-z0-9_-]{22})", made.text)
    assert found is not None
    return found[1]


async def follow(bot: Running, person: Person, payload: str) -> str:
    """What the bot says first to somebody who follows a link."""
    sent = bot.tg.start(person, payload)
    return (await bot.tg.next_message(person, after=sent)).text


async def test_a_stranger_becomes_a_member(bot: Running) -> None:
    """They are welcome, have the keyboard and the commands of the role; Sara hears of it."""
    payload = await invite(bot)
    text = await follow(bot, bot.town.eve, payload)
    assert text.startswith("👋 Welcome, Eve. You are launcher now.")
    await bot.told(bot.town.sara, "✅ Eve (500003) has used your invite: launcher.")
    assert bot.tg.keyboard(bot.town.eve) == [["🚀 Launch", "📊 Results", "☰ More"]]
    assert "call" in {one["command"] for one in bot.tg.menu(bot.town.eve, bot.town.eve)}
    assert await bot.house.rights.role(bot.town.eve.id) is Role.LAUNCHER


async def test_a_viewer(bot: Running) -> None:
    """Is told what they can look at, and has no key that calls."""
    payload = await invite(bot, "👁 Viewer")
    assert await follow(bot, bot.town.eve, payload) == (
        "👋 Welcome, Eve. You are viewer now: you may look, but not call. /batches and /report "
        "show what was called, /status finds a number; /help shows all you can do."
    )
    assert bot.tg.keyboard(bot.town.eve) == [["📊 Results", "☰ More"]]


async def test_used_late_taken_back_unknown(bot: Running) -> None:
    """One sentence each, and nobody is a member by it; an unknown one is met as a stranger is."""
    eve = bot.town.eve
    used, late, back = await invite(bot), await invite(bot), await invite(bot)
    await follow(bot, bot.tg.add_person(600001, "Ada"), used)
    assert (await follow(bot, eve, used)).startswith("This invite was used already")
    await bot.sql("UPDATE invites SET expires_at = 1 WHERE id = 2")
    bot.tg.calm(eve)
    assert (await follow(bot, eve, late)).startswith("This invite is over; each lasts for 24")
    bot.tg.calm(bot.town.sara)
    menu = await bot.ask(bot.town.sara, "/team")
    await bot.turn(bot.town.sara, menu, "✉️ Invites")
    assert menu.text.startswith("✉️ Invites · one is open")
    await bot.turn(bot.town.sara, menu, "✖️ Take back #3 · launcher")
    assert menu.text.startswith("✖️ Invite #3 was taken back.\n✉️ Invites\nNone is open.")
    bot.tg.calm(eve)
    assert (await follow(bot, eve, back)).startswith("This invite was taken back.")
    bot.tg.calm(eve)
    assert await follow(bot, eve, "i_" + "x" * 22) == f"Your id is 500003. {TEAM}"
    assert await bot.house.rights.role(eve.id) is Role.STRANGER


async def test_what_is_no_invite(bot: Running) -> None:
    """A payload of another length or alphabet is none, for strangers and for members."""
    for payload in ("i_", "i_short", "i_" + "x" * 23, "x_" + "x" * 22):
        bot.tg.calm(bot.town.eve)
        assert await follow(bot, bot.town.eve, payload) == f"Your id is 500003. {TEAM}"
    assert (await follow(bot, bot.town.bob, "i_short")).startswith("Hello Bob.")
    assert (await follow(bot, bot.town.bob, "i_" + "x" * 22)).startswith(
        "I do not know this invite"
    )


async def test_who_may_do_it_already_leaves_it_unused(bot: Running) -> None:
    """A manager and an admin who open a launcher's link lose nothing, and it still works."""
    payload = await invite(bot)
    for person in (bot.town.bob, bot.town.sara):
        text = await follow(bot, person, payload)
        assert text == "You may do all of this already, so the invite stays unused."
    assert await bot.house.rights.role(bot.town.bob.id) is Role.MANAGER
    assert (await follow(bot, bot.town.eve, payload)).startswith("👋 Welcome, Eve.")


async def test_who_is_suspended(bot: Running) -> None:
    """They are not let back in by a link; an admin has to end the suspension."""
    payload = await invite(bot, "👑 Admin")
    await bot.sql("UPDATE members SET suspended_at = 1 WHERE user_id = 500002")
    text = await follow(bot, bot.town.bob, payload)
    assert text == "You cannot use an invite, and this one stays unused. Ask an admin."
    assert await bot.house.rights.role(bot.town.bob.id) is Role.STRANGER


async def test_in_a_group_it_is_no_link(bot: Running) -> None:
    """A link works in the private chat of the one who follows it, and is not used up elsewhere."""
    payload = await invite(bot)
    said = await bot.ask(bot.town.eve, f"/start {payload}", bot.town.group)
    assert said.text == f"Your id is 500003. {TEAM}"
    assert (await follow(bot, bot.town.eve, payload)).startswith("👋 Welcome, Eve.")


async def test_only_a_new_plain_own_message(bot: Running) -> None:
    """Forwarded, edited, redelivered, or by a bot: a link makes nobody a member."""
    payload, eve = await invite(bot), bot.town.eve
    bot.tg.send(eve, eve, f"/start {payload}", forward_from=eve)
    robot = bot.tg.add_person(77, "Robot", is_bot=True)
    bot.tg.send(robot, robot, f"/start {payload}")
    written = bot.tg.send(eve, eve, "hello")
    bot.tg.edit(eve, written, f"/start {payload}")
    await bot.quiet()
    assert await bot.house.rights.role(eve.id) is Role.STRANGER
    await follow(bot, eve, payload)
    before = len(bot.tg.sent(eve))
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(eve)) == before


async def test_a_secret_is_written_nowhere(bot: Running, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the log nor the record holds any part of a link."""
    with caplog.at_level(logging.DEBUG, "bot"):
        payload = await invite(bot)
        await follow(bot, bot.town.bob, payload)
        await follow(bot, bot.town.eve, payload)
    secret = payload.removeprefix("i_")
    assert secret not in caplog.text
    dump = await bot.house.database.read(lambda tx: "\n".join(tx.db.conn.iterdump()))
    assert secret not in dump


async def test_a_record_that_refuses(bot: Running) -> None:
    """Nobody is a member where it could not be recorded, and the invite is as it was."""
    payload = await invite(bot)
    await bot.sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON members BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    text = await follow(bot, bot.town.eve, payload)
    assert text.startswith("The record cannot be written just now")
    await bot.sql("DROP TRIGGER refuse")
    assert (await follow(bot, bot.town.eve, payload)).startswith("👋 Welcome, Eve.")


async def test_stale_buttons(bot: Running) -> None:
    """*Take back* of an invite that is over, and a role that does not exist, do nothing."""
    payload = await invite(bot)
    menu = await bot.ask(bot.town.sara, "/team")
    await bot.turn(bot.town.sara, menu, "✉️ Invites")
    await follow(bot, bot.town.eve, payload)
    answer = await bot.press(bot.town.sara, menu, "✖️ Take back #1 · launcher")
    assert answer.text.startswith("Somebody was first, and nothing")
    forged = await bot.forge(bot.town.sara, menu, "invite:boss")
    assert forged.text.startswith("This button has expired")
    assert await bot.house.rights.role(bot.town.eve.id) is Role.LAUNCHER
