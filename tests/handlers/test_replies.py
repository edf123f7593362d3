"""Numbers that stand in another message, and texts that Telegram may have cut."""

from sandbox.telegram import Message
from tests.handlers.house import VOICE, Running, numbers

ANSWERED = "↩️ The numbers of the message that you replied to."
LEFT_OUT = "↩️ The numbers that you typed; those of the message that you replied to are left out."


async def pasted(bot: Running, text: str) -> Message:
    """What Sara pastes in her private chat, after the bot has answered it with its hint."""
    paste = bot.tg.send(bot.town.sara, bot.town.sara, text)
    await bot.tg.next_message(bot.town.sara, after=paste)
    return paste


async def test_call_as_a_reply(bot: Running) -> None:
    """The numbers are those of the answered message, shown first; lines count from its first."""
    group, bob = bot.town.group, bot.town.bob
    paste = bot.tg.send(bot.town.eve, group, "Please call\n0912 000 0001, 09120000002\nDr. Who 9")
    draft = await bot.ask(bob, f"/call {VOICE} retry=0", group, reply_to=paste)
    assert draft.text.splitlines() == [
        "📋 Call 2 numbers? Nothing is sent yet.",
        f"🔊 {VOICE} · no retry",
        "🕘 now · 💰 no estimate yet",
        "📞 09120000001, 09120000002",
        ANSWERED,
        *draft.text.splitlines()[5:],
    ]
    assert "entries cannot be called:" in draft.text
    await bot.press(bob, draft, "✅ Call 2")
    await bot.shows(draft, "✅ All 2 numbers are at the gateway.")
    assert bot.bitel.seen[0].numbers == ("09120000001", "09120000002")


async def test_call_alone_as_a_reply_asks_for_the_voice(bot: Running) -> None:
    """Nothing is typed in a group: `/call` from the menu, a voice, and the last word."""
    group, bob = bot.town.group, bot.town.bob
    await bot.ask(bob, f"/voices add {VOICE} Shift call")
    paste = bot.tg.send(bot.town.eve, group, "Please:\n0912 000 0001, 09120000002")
    draft = await bot.ask(bob, "/call", group, reply_to=paste)
    assert draft.text.startswith("📋 2 numbers. Which voice? Nothing is sent yet.")
    assert ANSWERED in draft.text
    await bot.press(bob, draft, "🔊 Shift call")
    await bot.press(bob, draft, "✅ Call 2")
    await bot.shows(draft, "✅ All 2 numbers are at the gateway.")
    assert (bot.bitel.seen[0].voice, len(bot.bitel.seen[0].numbers)) == (VOICE, 2)


async def test_call_alone_takes_the_default_voice_and_any_message(bot: Running) -> None:
    """A contact card is as good as a text; a message without a number is told to be one."""
    group, bob = bot.town.group, bot.town.bob
    card = await bot.ask(bob, f"/voices add {VOICE} Shift call")
    await bot.press(bob, card, "📌 My default")
    contact = bot.tg.send_contact(bot.town.eve, group, "+989120000003", "Ali")
    draft = await bot.ask(bob, "/call", group, reply_to=contact)
    assert draft.text.startswith("📋 Call one number? Nothing is sent yet.\n🔊 Shift call")
    assert "09120000003 Ali" in draft.text
    empty = bot.tg.send(bot.town.eve, group, "…")
    refused = await bot.ask(bob, "/call", group, reply_to=empty)
    assert refused.text.startswith("None of this can be called, and nothing was called.")
    assert bot.bitel.posts == 0


async def test_a_quoted_part(bot: Running) -> None:
    """Who quotes a part of a message means that part."""
    paste = await pasted(bot, "09120000001\n09120000002")
    draft = await bot.ask(bot.town.sara, f"/call {VOICE}", reply_to=paste, quote="09120000002")
    await bot.press(bot.town.sara, draft, "✅ Call 1")
    await bot.shows(draft, "09120000002 · waiting")


async def test_typed_numbers_win(bot: Running) -> None:
    """Numbers that are typed are called, those of the answered message are not, and it says so."""
    paste = await pasted(bot, "09120000001")
    draft = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000002", reply_to=paste)
    assert LEFT_OUT in draft.text
    await bot.press(bot.town.sara, draft, "✅ Call 1")
    await bot.shows(draft, "09120000002 · waiting")
    assert bot.bitel.received("09120000001") == 0


async def test_a_contact_card_and_a_caption(bot: Running) -> None:
    """A card's number and a file's caption can be answered, too; a file without one is told."""
    sara, group = bot.town.sara, bot.town.group
    card = bot.tg.send_contact(sara, group, "+98 912 000 0003", "Ann")
    draft = await bot.ask(sara, f"/call {VOICE}", group, reply_to=card)
    assert "📋 Call one number?" in draft.text
    file = bot.tg.send_document(sara, group, "a.txt", b"x", caption="09120000004")
    said = await bot.ask(sara, f"/call {VOICE}", group, reply_to=file)
    assert said.text.startswith("There is no number in this file")
    draft = await bot.tg.next_message(group, after=said)
    assert "📋 Call one number?" in draft.text
    bare = bot.tg.send_document(sara, group, "a.txt", b"x")
    answer = await bot.ask(sara, f"/call {VOICE}", group, reply_to=bare)
    assert answer.text.startswith("There is no number in this file")
    assert bot.bitel.posts == 0


async def test_a_topics_first_message_is_no_answer(bot: Running) -> None:
    """In a topic every message points at the topic's first one: that is not a reply."""
    forum, created = bot.town.forum, {"name": "Calls 09120000009", "icon_color": 1}
    extra = {"forum_topic_created": created}
    first = bot.tg.send(bot.town.sara, forum, "09120000009", thread=5, extra=extra)
    board = await bot.ask(
        bot.town.bob, f"/call {VOICE} 09120000001", forum, thread=5, reply_to=first
    )
    assert "#b1" in board.text


async def test_the_parts_of_a_long_text_are_joined(bot: Running) -> None:
    """In a private chat the plain messages that follow a long command belong to it."""
    sara = bot.town.sara
    listed = numbers(400).split()
    first = bot.tg.send(sara, sara, f"/call {VOICE} " + " ".join(listed[:330]))
    assert len(first.text) >= 3800
    bot.tg.send(sara, sara, " ".join(listed[330:390]) + " " + listed[390][:5])
    bot.tg.repeat_last_update()
    bot.tg.send(sara, sara, listed[390][5:] + " " + " ".join(listed[391:]))
    await bot.quiet()
    assert bot.tg.sent(sara) == []
    await bot.house.parts.flush()
    draft = await bot.tg.next_message(sara, after=first)
    assert draft.text.splitlines()[0] == "📋 Call 400 numbers? Nothing is sent yet."
    assert "✂️ Your text was long; what followed within 3 seconds is joined." in draft.text
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(sara)) == 1


async def test_a_long_text_is_asked_by_itself_after_three_seconds(bot: Running) -> None:
    """Where nothing follows, the draft comes when the wait is over."""
    first = bot.tg.send(bot.town.sara, bot.town.sara, f"/call {VOICE} " + numbers(330))
    draft = await bot.tg.next_message(bot.town.sara, after=first)
    assert "📋 Call 330 numbers?" in draft.text
    hint = await bot.ask(bot.town.sara, "09120000001")
    assert "\nNothing was called." in hint.text


async def test_a_second_long_command_ends_the_first(bot: Running) -> None:
    """Two long commands are two drafts; the same one redelivered stays one."""
    sara = bot.town.sara
    first = bot.tg.send(sara, sara, f"/call {VOICE} " + numbers(330))
    bot.tg.repeat_last_update()
    bot.tg.send(sara, sara, f"/call {VOICE} " + numbers(331, first=1000))
    draft = await bot.tg.next_message(sara, after=first)
    assert "📋 Call 330 numbers?" in draft.text
    await bot.quiet()
    await bot.house.parts.flush()
    await bot.told(sara, "📋 Call 331 numbers?")
    assert len(bot.tg.sent(sara)) == 2


async def test_in_a_group_a_rest_cannot_be_seen(bot: Running) -> None:
    """There the draft comes at once, and says that a rest may be missing."""
    draft = await bot.ask(bot.town.bob, f"/call {VOICE} " + numbers(330), bot.town.group)
    assert draft.text.splitlines()[4] == (
        "✂️ The text is so long that Telegram may have cut it. A rest could not be seen here: "
        "check the count."
    )


async def test_a_long_text_that_is_wrong(bot: Running) -> None:
    """What is wrong with the joined text is answered once."""
    sara = bot.town.sara
    first = bot.tg.send(sara, sara, "/call " + numbers(330))
    await bot.quiet()
    await bot.house.parts.flush()
    answer = await bot.tg.next_message(sara, after=first)
    assert answer.text.startswith("The voice comes first")


async def test_a_plain_text_is_a_hint(bot: Running) -> None:
    """A text without a number calls nothing and shows how; in a group it is left alone."""
    answer = await bot.ask(bot.town.bob, "hello")
    assert answer.text == (
        "Nothing was called. To call, paste the numbers, or send a file or a contact; then tap a "
        "voice. /help shows all I can do."
    )
    bot.tg.repeat_last_update()
    board = await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001", bot.town.group)
    bot.tg.send(bot.town.bob, bot.town.group, "thanks", reply_to=board)
    bot.tg.send(bot.town.eve, bot.town.group, "09120000001")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == len(bot.tg.sent(bot.town.group)) == 1
