"""`/voices`: added, renamed, heard, removed by taps; and `/call` by a name."""

from typing import Any

import pytest

from sandbox.telegram import Message, Person, Refused
from storage.models import Voice
from tests.handlers.house import OTHER_VOICE, VOICE, Running, Town


async def known(bot: Running) -> list[Voice]:
    """The voices of the record, those used last first."""
    return await bot.house.database.read(lambda tx: tx.voices.all())


async def add(bot: Running, name: str = "Shift call", voice_id: str = VOICE) -> Message:
    """Bob adds a voice; the card that answers him."""
    card = await bot.ask(bot.town.bob, f"/voices add {voice_id} {name}")
    assert card.text.startswith(f"🔊 {name}\n{voice_id}\n"), card.text
    return card


async def pressed(bot: Running, message: Message, label: str) -> Message:
    """Bob presses a button; the message that comes of it in his chat."""
    bob = bot.town.bob
    newest = bot.said(bob)[-1]
    await bot.press(bob, message, label)
    found = await bot.tg.wait_for(lambda: [m for m in bot.said(bob) if m.id > newest.id])
    await bot.quiet()  # a question is recorded after it was sent
    return found[0]


async def asked(bot: Running, person: Person, text: str, **place: Any) -> Message:
    """The question that comes of what a person writes, once it is recorded."""
    question = await bot.ask(person, text, **place)
    await bot.quiet()
    return question


class TestAdding:
    """By taps, by replies, by one typed line."""

    async def test_by_taps(self, bot: Running) -> None:
        """The id is the only thing that must be given; the name is one tap away."""
        bob = bot.town.bob
        menu = await bot.ask(bob, "/voices")
        assert menu.buttons == [["➕ Add a voice"]]
        question = await pressed(bot, menu, "➕ Add a voice")
        assert question.text.startswith("➕ Reply with the voice's id")
        named = await asked(bot, bob, VOICE.upper())
        assert (named.buttons, VOICE in named.text) == ([["Voice 1"], ["✖️ Cancel"]], True)
        await bot.press(bob, named, "Voice 1")
        await bot.shows(named, "✅ Added: /call takes this name.")
        assert named.text.startswith(f"🔊 Voice 1\n{VOICE}\nadded by Bob,")
        # The question is answered by the tap: what is written next is no name.
        assert "Nothing was called." in (await bot.ask(bob, "hello")).text
        assert [voice.name for voice in await known(bot)] == ["Voice 1"]

    async def test_by_replies_in_a_group(self, bot: Running) -> None:
        """In a group an answer is a reply; what is wrong with it is said, once more is fine."""
        bob, group = bot.town.bob, bot.town.group
        question = await asked(bot, bob, "/voices add", chat=group)
        refused = await bot.ask(bob, "09120000001", group, reply_to=question)
        assert refused.text.startswith("09120000001 is no voice id, and nothing was changed.")
        named = await asked(bot, bob, VOICE, chat=group, reply_to=question)
        refused = await bot.ask(bob, "2nd", group, reply_to=named)
        assert "A name does not begin with a digit" in refused.text
        card = await bot.ask(bob, "Night  <b>shift</b>", group, reply_to=named)
        assert card.text.startswith("🔊 Night <b>shift</b>\n")

    async def test_typed(self, bot: Running) -> None:
        """`/voices add <id> <name>` needs no question; without a name it asks for one."""
        await add(bot)
        taken = await bot.ask(bot.town.sara, f"/voices add {OTHER_VOICE} shift CALL")
        assert taken.text.startswith(
            "Shift call is the name of another voice; nothing was changed."
        )
        twice = await bot.ask(bot.town.sara, f"/voices add {VOICE} Other")
        assert twice.text.startswith("This voice is there already, as Shift call;")
        named = await bot.ask(bot.town.sara, f"/voices add {OTHER_VOICE}")
        assert named.buttons == [["Voice 2"], ["✖️ Cancel"]]
        twice = await bot.ask(bot.town.sara, f"/voices add {VOICE}")
        assert "as Shift call" in twice.text
        bad = await bot.ask(bot.town.sara, "/voices add hello there")
        assert bad.text.startswith("hello is no voice id")
        assert len(await known(bot)) == 1

    async def test_two_people_take_one_name(self, bot: Running) -> None:
        """Both are offered the same name; who is second is told, and can write another."""
        sara, bob = bot.town.sara, bot.town.bob
        first = await bot.ask(bob, f"/voices add {VOICE}")
        second = await asked(bot, sara, f"/voices add {OTHER_VOICE}")
        await bot.press(bob, first, "Voice 1")
        await bot.shows(first, "✅ Added")
        answer = await bot.press(sara, second, "Voice 1")
        assert answer.text.startswith("Voice 1 is the name of another voice; nothing was changed.")
        assert (await bot.ask(sara, "Payment")).text.startswith("🔊 Payment\n")


class TestTheMenu:
    """The list, the card and its buttons."""

    async def test_a_card_and_back(self, bot: Running) -> None:
        """A name leads to its card, and *All voices* back, in one message."""
        await add(bot)
        menu = await bot.ask(bot.town.sara, "/voices")
        assert menu.buttons == [["Shift call"], ["➕ Add a voice"]]
        await bot.press(bot.town.sara, menu, "Shift call")
        assert "not used yet" in await bot.shows(menu, "🔊 Shift call")
        await bot.press(bot.town.sara, menu, "↩️ All voices")
        await bot.shows(menu, "🔊 One voice.")

    async def test_by_name(self, bot: Running) -> None:
        """`/voices <name>` is the card; a name that is not there is answered with near ones."""
        await add(bot)
        assert (await bot.ask(bot.town.sara, "/voices SHIFT call")).text.startswith(
            "🔊 Shift call"
        )
        near = await bot.ask(bot.town.sara, "/voices shft call")
        assert near.text.endswith("Did you mean Shift call?")

    async def test_rename(self, bot: Running) -> None:
        """The new name is written in reply; batches keep the old one."""
        card = await add(bot)
        board = await bot.ask(bot.town.bob, "/call shift call 09120000001")
        await bot.shows(board, "#b1 · Shift call · Bob")
        question = await pressed(bot, card, "✏️ Rename")
        assert question.text == "✏️ Reply with the new name of Shift call."
        renamed = await bot.ask(bot.town.bob, "Night", reply_to=question)
        assert renamed.text.startswith("🔊 Night\n")
        assert renamed.text.endswith("✅ It was Shift call; batches keep that name.")
        assert (await bot.batch()).voice_name == "Shift call"
        assert "#b1 · Shift call" in (await bot.ask(bot.town.bob, "/batches")).text

    async def test_remove(self, bot: Running) -> None:
        """It is asked once more; a button of a voice that is gone says so."""
        card = await add(bot)
        other = await bot.ask(bot.town.sara, "/voices Shift call")
        await bot.press(bot.town.bob, card, "🗑 Remove")
        await bot.shows(card, "Remove Shift call?")
        assert card.buttons == [["🗑 Remove it"], ["↩️ Keep it"]]
        await bot.press(bot.town.bob, card, "↩️ Keep it")
        await bot.shows(card, "not used yet")
        await bot.press(bot.town.bob, card, "🗑 Remove")
        await bot.press(bot.town.bob, card, "🗑 Remove it")
        assert "🗑 Shift call is removed." in await bot.shows(card, "No voice has a name yet.")
        for label in ("📌 My default", "✏️ Rename", "🗑 Remove"):
            answer = await bot.press(bot.town.sara, other, label)
            assert answer.text.startswith("This voice was removed, and nothing was done.")
        assert (
            "no voice of the name" in (await bot.ask(bot.town.bob, "/call Shift call 0912")).text
        )

    async def test_default(self, bot: Running) -> None:
        """Each member has an own default, by one tap, and none by another."""
        card = await add(bot)
        await bot.press(bot.town.bob, card, "📌 My default")
        await bot.shows(card, "📌 Your default voice.")
        assert (await bot.ask(bot.town.bob, "/voices")).buttons[0] == ["📌 Shift call"]
        assert (await bot.ask(bot.town.sara, "/voices")).buttons[0] == ["Shift call"]
        await bot.press(bot.town.bob, card, "📌 Not my default")
        assert (await bot.ask(bot.town.bob, "/voices")).buttons[0] == ["Shift call"]

    async def test_forged_buttons(self, bot: Running) -> None:
        """What no button of ours holds does nothing, and a stranger's press neither."""
        card = await add(bot)
        for data in ("voice:99", "vgone:99", "vmine:1.2", "voices:x", "vtake:1", "vtake:x.1"):
            answer = await bot.forge(bot.town.bob, card, data)
            assert "nothing was" in answer.text, data
        answer = await bot.press(bot.town.eve, card, "🗑 Remove")
        assert answer.text == "This bot is for its team: ask an admin."
        assert len(await known(bot)) == 1

    async def test_an_update_that_comes_again_is_silent(self, bot: Running) -> None:
        """A repeated command adds nothing and says nothing."""
        await add(bot)
        bot.tg.repeat_last_update()
        await bot.quiet()
        assert len(bot.tg.sent(bot.town.bob)) == 1

    async def test_the_record_cannot_be_written(self, bot: Running) -> None:
        """Who cannot be answered from the record is told that nothing was changed."""
        await bot.sql("DROP TABLE choices")
        said = await bot.ask(bot.town.bob, "/voices")
        assert said.text.startswith("The record cannot be written just now; nothing was launched")


class TestSamples:
    """What a voice sounds like."""

    @pytest.mark.parametrize("kind", ["voice", "audio"])
    async def test_attached_and_heard(self, bot: Running, kind: str) -> None:
        """A sound in reply to the card is kept, and *Listen* sends it as what it was."""
        card, bob = await add(bot), bot.town.bob
        if kind == "voice":
            sent = bot.tg.send_voice(bob, bob, reply_to=card)
        else:
            sent = bot.tg.send_audio(bob, bob, "song.mp3", b"ID3", reply_to=card)
        kept = await bot.tg.next_message(bob, after=sent)
        assert kept.text.endswith("✅ The sample is kept.")
        assert (await known(bot))[0].sample == sent[kind]["file_id"]
        heard = await pressed(bot, kept, "▶️ Listen")
        assert heard[kind]["file_id"] == sent[kind]["file_id"]
        assert heard["reply_to_message"]["message_id"] == kept.id

    async def test_a_sample_that_telegram_does_not_send(self, bot: Running) -> None:
        """It is said what to do then."""
        card = await add(bot)
        await bot.sql("UPDATE voices SET sample = 'other', sample_kind = 'voice'")
        shown = await bot.ask(bot.town.bob, "/voices Shift call")
        said = await pressed(bot, shown, "▶️ Listen")
        assert said.text.startswith("The sample could not be sent.")
        assert card.id < said.id

    async def test_what_is_not_for_us(self, town: Town) -> None:
        """A stranger's sound, and one in a group that answers no card, is met with silence.

        In a private chat it is said that nothing was done with it.
        """
        async with town.bot() as bot:
            card, bob = await add(bot), town.bob
            shown = await bot.ask(bob, "/voices Shift call", town.group)
            menu = await bot.ask(bob, "/voices")
            own = bot.tg.send(bob, town.group, card.text)
            for answers in (None, menu):
                alone = bot.tg.send_voice(bob, bob, reply_to=answers)
                said = await bot.tg.next_message(bob, after=alone)
                assert said.text.startswith("I cannot read numbers from a sound")
            await bot.quiet()
            before = [len(bot.tg.sent(chat)) for chat in (bob, town.group)]
            bot.tg.send_voice(town.eve, town.eve)
            bot.tg.send_voice(bob, town.group, reply_to=own)
            bot.tg.send_voice(town.eve, town.group, reply_to=shown)
            await bot.quiet()
            assert [len(bot.tg.sent(chat)) for chat in (bob, town.group)] == before
            assert "sound" not in " ".join(one.text for one in bot.tg.sent(town.eve))
            assert (await known(bot))[0].sample is None

    async def test_a_card_of_a_removed_voice(self, bot: Running) -> None:
        """A sound in reply to it is answered with that; a record that fails, too."""
        card, bob = await add(bot), bot.town.bob
        await bot.sql("UPDATE voices SET removed_at = 1")
        sent = bot.tg.send_voice(bob, bob, reply_to=card)
        said = await bot.tg.next_message(bob, after=sent)
        assert said.text.startswith("This voice was removed, and nothing was done.")
        await bot.sql("DROP TABLE choices")
        await bot.sql("UPDATE voices SET removed_at = NULL")
        sent = bot.tg.send_voice(bob, bob, reply_to=card)
        said = await bot.tg.next_message(bob, after=sent)
        assert said.text.startswith("The record cannot be written just now;")


class TestCalls:
    """`/call` by a name, and the name everywhere."""

    async def test_a_name_launches(self, bot: Running) -> None:
        """The id goes to the gateway, the name to the board; the voice comes first from then."""
        await add(bot)
        await add(bot, "Later", OTHER_VOICE)
        board = await bot.ask(bot.town.bob, "/call SHIFT  call 09120000001 retry=0")
        assert (await bot.shows(board, "at the gateway.")).startswith("#b1 · Shift call · Bob · ")
        (post,) = bot.bitel.seen
        assert (post.voice, post.retry, post.numbers) == (VOICE, 0, ("09120000001",))
        assert [voice.name for voice in await known(bot)] == ["Shift call", "Later"]
        menu = await bot.ask(bot.town.bob, "/voices")
        assert menu.buttons[0] == ["Shift call", "Later"]
        assert "Shift call" in (await bot.ask(bot.town.bob, "/report")).text
        history = await bot.ask(bot.town.bob, "/status 09120000001")
        assert "Bob · Shift call" in history.text

    async def test_an_id_gets_its_name(self, bot: Running) -> None:
        """Who types the id of a voice that has a name sees the name."""
        await add(bot)
        board = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
        await bot.shows(board, "#b1 · Shift call · Bob · ")

    async def test_no_such_name(self, bot: Running) -> None:
        """Nobody is called, and no number is lost: a draft asks for the voice."""
        said = await bot.ask(bot.town.bob, "/call hello")
        assert said.text == (
            "There is no voice of the name hello, and nothing was done. /voices shows all; a "
            "voice without a name is called by its 32 hex digits."
        )
        await add(bot)
        said = await bot.ask(bot.town.bob, "/call shft call 09120000001\n0912 000 0002 retry=2")
        assert said.text.endswith("Did you mean Shift call? Choose the voice below.")
        card = await bot.told(bot.town.bob, "📋 2 numbers. Which voice?")
        assert bot.bitel.posts == 0
        await bot.press(bot.town.bob, card, "🔊 Shift call")
        assert "🔊 Shift call · 2 retries" in await bot.shows(card, "📋 Call 2 numbers?")
        await bot.press(bot.town.bob, card, "✅ Call 2")
        await bot.shows(card, "#b1 · Shift call")

    async def test_no_such_name_in_reply(self, bot: Running) -> None:
        """The draft holds the numbers of the message or the card that is answered."""
        await add(bot)
        bob, group = bot.town.bob, bot.town.group
        paste = bot.tg.send(bot.town.sara, group, "09120000001 09120000002")
        await bot.ask(bob, "/call shft", group, reply_to=paste)
        await bot.told(group, "📋 2 numbers. Which voice?")
        contact = bot.tg.send_contact(bot.town.sara, group, "989120000003", "Ali")
        bot.tg.send(bob, group, "/call shft", reply_to=contact)
        card = await bot.told(group, "📋 One number. Which voice?")
        assert "Ali" in card.text
        assert bot.bitel.posts == 0

    async def test_by_a_name_in_reply(self, bot: Running) -> None:
        """`/call name` in reply to the message that holds the numbers."""
        await add(bot)
        bob, group = bot.town.bob, bot.town.group
        paste = bot.tg.send(bot.town.sara, group, "09120000001 09120000002")
        draft = await bot.ask(bob, "/call shift call", group, reply_to=paste)
        assert "Shift call" in draft.text
        assert VOICE not in draft.text

    async def test_a_menu_that_cannot_be_edited(self, bot: Running) -> None:
        """A press on a message that is gone is answered by a new one."""
        card = await add(bot)
        bot.tg.fail("editMessageText", Refused(400, "Bad Request: message to edit not found"))
        menu = await pressed(bot, card, "↩️ All voices")
        assert menu.text.startswith("🔊 One voice.")
