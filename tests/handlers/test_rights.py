"""Who may do what: every command and every button, as a stranger, a member and an admin."""

import logging

import pytest

from bot.calling.rights import Role
from bot.handlers.permissions import BUTTONS, COMMANDS
from bot.texts.cards import Verb
from tests.handlers.house import VOICE, Running, Town

STRANGER = "Your id is 500003. This bot is for its team: ask an admin."
TEAM = "This bot is for its team: ask an admin."
EXPIRED = "This button has expired, and nothing was done."
STALE = (EXPIRED, "Somebody was first, and nothing", "This launch was removed.")
ADMINS = "Only admins may do this; nothing was done. An admin can change your role with /team."


async def test_a_stranger_gets_their_id_and_nothing_else_by_any_command(bot: Running) -> None:
    """Every command, known or not, a plain text and a reply: the same sentence, nothing done."""
    eve = bot.town.eve
    texts = [f"/{name} {VOICE} 09120000001" for name in COMMANDS]
    for text in [*texts, "/nothing", "09120000001", "hello"]:
        bot.tg.calm(eve)  # nobody types so fast; strangers are not answered again after a 429
        assert (await bot.ask(eve, text)).text == STRANGER
    assert (await bot.ask(eve, "hi", reply_to=bot.tg.last(eve))).text == STRANGER
    assert (await bot.ask(eve, f"/call {VOICE} 09120000001", bot.town.group)).text == STRANGER
    assert (bot.bitel.posts, await bot.batches()) == (0, [])
    assert bot.tg.sent(bot.town.sara) == []


async def test_every_command_as_a_member(bot: Running) -> None:
    """A member may use all commands but those of admins, which say so and do nothing."""
    bob = bot.town.bob
    for name, needs in COMMANDS.items():
        text = (await bot.ask(bob, f"/{name}")).text
        assert (text == ADMINS) == (needs.role is Role.ADMIN), name
        assert TEAM not in text


async def test_every_command_as_a_launcher_of_the_settings(town: Town) -> None:
    """Who stands in ALLOWED_IDS and in no record may use what launchers may, and no more."""
    async with town.bot(settled=False) as bot:
        for name, needs in COMMANDS.items():
            bot.tg.calm(town.bob)  # nobody types so fast
            text = (await bot.ask(town.bob, f"/{name}")).text
            assert ("may do this; nothing was done." in text) == (needs.role > Role.LAUNCHER), name
            assert TEAM not in text
        for text in (f"/voices add {VOICE} Hello", "/lists new Drivers\n09120000001"):
            assert (await bot.ask(town.bob, text)).text.startswith("Only managers")
        await bot.ask(town.bob, f"/call {VOICE} 09120000001")
        assert (await bot.batch()).author_id == town.bob.id
        tables = ("members", "chats", "limits", "lists", "voices")
        kept = await bot.house.database.read(
            lambda tx: {name: tx.db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608 -- named above
        )
        assert kept == {name: [] for name in tables}


async def test_every_command_as_an_admin(bot: Running) -> None:
    """An admin may use every command."""
    for name in COMMANDS:
        text = (await bot.ask(bot.town.sara, f"/{name}")).text
        assert ADMINS not in text
        assert TEAM not in text


async def test_every_button_as_each_role(bot: Running) -> None:
    """Each button looks at the rights first; with rights a stale token is expired."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001", bot.town.group)
    before = board.versions[-1].text, await bot.batch()
    tokens = {
        Verb.SEND_REST: "1.9",
        Verb.PAGE: "99.1",
        Verb.REFRESH: "99.1",
        Verb.NUMBERS: "99.1.waiting",
        Verb.PICK: "9.9",
        Verb.VOICES: "x",
        Verb.VOICE_ADD: "x",
        Verb.LISTS: "x",
        Verb.DNC: "x",
        Verb.LIST_NAME: "x",
    }
    for verb in set(Verb) - {Verb.LIMITS}:  # which shows them, whatever its token
        data = f"{verb}:{tokens.get(verb, '99')}"
        stranger = await bot.forge(bot.town.eve, board, data)
        assert (stranger.text, stranger.show_alert) == (TEAM, True), verb
        member = await bot.forge(bot.town.bob, board, data)
        admin = await bot.forge(bot.town.sara, board, data)
        if BUTTONS[verb].role is Role.ADMIN:
            assert (member.text, member.show_alert) == (ADMINS, True)
        else:
            assert member.text == admin.text, verb
        if BUTTONS[verb].works_in(private=False):
            assert admin.text.startswith(STALE), verb
        else:
            assert "private chat" in admin.text, verb
    assert (board.versions[-1].text, await bot.batch()) == before


async def test_forged_data(bot: Running) -> None:
    """Data that no button of ours has: rights first, then it is answered as expired."""
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001")
    odd = (
        "ok",
        "ok:",
        "boom:1",
        "OK:1",
        "ok:a b",
        "stop:1.1",
        "stop:\u06f1",
        "x" * 60,
        "hold:1\n",
    )
    for data in ("", *odd):
        assert (await bot.forge(bot.town.eve, board, data)).text == TEAM
        assert (await bot.forge(bot.town.bob, board, data)).text.startswith(EXPIRED)
    assert (await bot.batch()).state == "finished"


async def test_only_new_plain_own_messages_are_commands(bot: Running) -> None:
    """Forwards, inline bots, channels, anonymous admins and edits launch nothing."""
    tg, sara, group = bot.tg, bot.town.sara, bot.town.group
    channel, text = tg.add_channel(-5, "C"), f"/call {VOICE} 09120000001"
    tg.send(sara, sara, text, forward_from=sara)
    tg.send(sara, sara, text, forward_from="Hidden")
    tg.send(sara, sara, text, via_bot=tg.world.bot)
    tg.send(sara, group, text, sender_chat=group)
    tg.send(sara, group, text, sender_chat=channel)
    tg.send(sara, channel, text)
    asked = {"id": "1", "from": sara.as_json(), "query": text, "offset": ""}
    tg.push("inline_query", asked)
    written = tg.send(sara, sara, "x")
    await tg.next_message(sara, after=written)
    tg.edit(sara, written, text)
    await bot.quiet()
    assert (bot.bitel.posts, await bot.batches()) == (0, [])


async def test_other_bots_are_ignored(bot: Running) -> None:
    """A bot gets no answer at all, so that two bots never talk for ever."""
    other = bot.tg.add_person(77, "Robot", is_bot=True)
    bot.tg.send(other, bot.town.group, f"/call {VOICE} 09120000001")
    await bot.quiet()
    assert bot.tg.sent(bot.town.group) == []


async def test_a_name_gives_no_rights(bot: Running) -> None:
    """The same name and username under another id is a stranger."""
    bot.town.sara.username = "sara"
    fake = bot.tg.add_person(600001, "Sara", username="sara")
    answer = await bot.ask(fake, f"/call {VOICE} 09120000001")
    assert answer.text == "Your id is 600001. This bot is for its team: ask an admin."


async def test_removed_between_draft_and_confirm(town: Town) -> None:
    """Who is no member any more cannot confirm the draft that they made."""
    async with town.bot(settled=False) as bot:
        draft = await bot.ask(town.bob, f"/call {VOICE} 09120000001 hello")
    async with town.bot(settled=False, allowed=frozenset()) as again:
        assert (await again.press(town.bob, draft, "✅ Call 1")).text == TEAM
        assert await again.batches() == []


async def test_strangers_are_logged_by_id_only(
    bot: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A denial leaves a line with the numeric id, and no name and no text."""
    with caplog.at_level(logging.WARNING, "bot"):
        await bot.ask(bot.town.eve, "/call secret 09120000001")
    (record,) = [r for r in caplog.records if r.name == "bot.handlers.door"]
    assert record.getMessage() == "stranger u500003 in c500003 turned away"
