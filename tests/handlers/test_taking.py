"""Numbers that come without a command, in a private chat: each of them becomes a draft."""

import asyncio
import time

import pytest

from sandbox.telegram import Message, Person, Refused
from storage.models import DraftState
from tests.calling.sources.books import workbook
from tests.handlers.house import OTHER_VOICE, VOICE, Running, Town, numbers
from tests.handlers.shelf import drafts, voice

TWO = "09120000001 09120000002"
SHEET = b"name,mobile,home\nAli,09120000001,02122334455\nSara,09120000002,02122334456\n"
DAY = 86400.0


async def default_voice(bot: Running, person: Person) -> None:
    """A voice that this person has marked as their default."""
    ref = await voice(bot)
    await bot.house.database.write(lambda tx: tx.choices.choose_voice(person.id, ref))


async def settled(bot: Running, message: Message, words: str) -> str:
    """What a message says as soon as it says these words."""
    await bot.tg.wait_for(lambda: words in message.text)
    return message.text


async def test_a_paste(bot: Running) -> None:
    """The count, repeats, what cannot be read with line and reason; then the voices."""
    await voice(bot)
    card = await bot.ask(bot.town.bob, "09120000001\n0912 000 0002\n09120000001\n115\n0912CALL")
    assert card.text.splitlines() == [
        "📋 2 numbers. Which voice? Nothing is sent yet.",
        "📞 09120000001, 09120000002",
        "🔁 One repeated number is called only once.",
        "⛔ 2 entries cannot be called:",
        "  line 4: 115 – an emergency or short number",
        "  line 5: 0912CALL – letters",
    ]
    assert card.buttons[0] == ["🔊 Shift call"]
    await bot.press(bot.town.bob, card, "🔊 Shift call")
    await bot.press(bot.town.bob, card, "✅ Call 2")
    await bot.shows(card, "#b1")
    assert bot.bitel.posts == 1


async def test_a_paste_with_names(bot: Running) -> None:
    """Words beside a line's one number are its name, and nothing that cannot be called."""
    card = await bot.ask(bot.town.bob, "09120000001 Ali\n09120000002 Reza\nhello")
    assert card.text.splitlines()[1:] == [
        "📞 09120000001 Ali, 09120000002 Reza",
        "⛔ One entry cannot be called:",
        "  line 3: hello – letters",
    ]


async def test_a_paste_with_a_default_voice(bot: Running) -> None:
    """It is answered by the confirm card itself."""
    await default_voice(bot, bot.town.bob)
    card = await bot.ask(bot.town.bob, TWO)
    assert card.text.startswith("📋 Call 2 numbers? Nothing is sent yet.\n🔊 Shift call")
    assert card.buttons[0] == ["✅ Call 2"]


async def test_another_voice_than_the_default(bot: Running) -> None:
    """*Other voice* leads to the choice, with *Save as list*; *Back* leaves all as it was."""
    await default_voice(bot, bot.town.bob)
    await voice(bot, "Payment due", OTHER_VOICE)
    card = await bot.ask(bot.town.bob, TWO)
    await bot.press(bot.town.bob, card, "➕ Other voice")
    assert "Chosen so far: 🔊 Shift call" in await settled(bot, card, "Which voice?")
    assert ["💾 Save as list", "↩️ Back"] in card.buttons
    await bot.press(bot.town.bob, card, "↩️ Back")
    assert "🔊 Shift call" in await settled(bot, card, "📋 Call 2 numbers?")
    await bot.press(bot.town.bob, card, "➕ Other voice")
    await bot.press(bot.town.bob, card, "🔊 Payment due")
    assert "🔊 Payment due" in await settled(bot, card, "📋 Call 2 numbers?")
    assert await drafts(bot) == 1
    await bot.press(bot.town.bob, card, "✅ Call 2")
    await bot.shows(card, "#b1")
    assert (await bot.batch()).voice == OTHER_VOICE


async def test_a_default_voice_that_was_removed(bot: Running) -> None:
    """Is none."""
    await default_voice(bot, bot.town.bob)
    await bot.sql("UPDATE voices SET removed_at = 1")
    assert "Which voice" not in (await bot.ask(bot.town.bob, TWO)).text


async def test_a_forward(bot: Running) -> None:
    """Its text is content and never a command: nothing is launched, not even asked for a batch."""
    bot.tg.send(bot.town.bob, bot.town.bob, f"/call {VOICE} {TWO}", forward_from=bot.town.eve)
    card = await bot.told(bot.town.bob, "📋 2 numbers.")
    assert "line 1: /call" in card.text
    bot.tg.send(bot.town.sara, bot.town.sara, "09120000001", forward_from="Hidden")
    await bot.told(bot.town.sara, "📋 One number.")
    assert await bot.batches() == []


async def test_a_forward_without_a_number(bot: Running) -> None:
    """Gets the hint."""
    bot.tg.send(bot.town.bob, bot.town.bob, "hello", forward_from=bot.town.eve)
    await bot.told(bot.town.bob, "Nothing was called. To call, paste the numbers")


async def test_the_caption_of_a_picture(bot: Running) -> None:
    """Holds numbers, too, forwarded or not."""
    photo = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
        "6360000002000001e221bc330000000049454e44ae426082"
    )
    bot.tg.send_photo(bot.town.bob, bot.town.bob, photo, caption=TWO)
    await bot.told(bot.town.bob, "📋 2 numbers.")


async def test_contacts(bot: Running) -> None:
    """Cards of one go are one draft, with the names on it."""
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "989120000001", "Ali")
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "989120000002", "Sara", last_name="Amiri")
    card = await bot.told(bot.town.bob, "📋 2 numbers.")
    assert "Ali" in card.text
    assert "Sara Amiri" in card.text
    assert len(bot.tg.sent(bot.town.bob)) == 1


async def test_a_contact_without_a_number(bot: Running) -> None:
    """Is told in a sentence, and makes no draft."""
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "", "Ali")
    await bot.told(bot.town.bob, "This contact card has no number")
    assert await drafts(bot) == 0


async def test_a_contact_that_cannot_be_called(bot: Running) -> None:
    """Its reason is told, and it makes no draft."""
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "4915112345678", "Abroad")
    answer = await bot.told(bot.town.bob, "None of this can be called")
    assert "a number of another country" in answer.text
    assert await drafts(bot) == 0


async def test_a_file(bot: Running) -> None:
    """A file with names: draft and names; the caption's numbers count as well."""
    bot.tg.send_document(
        bot.town.bob,
        bot.town.bob,
        "people.csv",
        b"name,mobile\nAli,09120000001\nSara,09120000002\n",
        caption="and 09120000003",
    )
    card = await bot.told(bot.town.bob, "📋 3 numbers.")
    assert "Ali" in card.text


async def test_a_file_whose_unread_entries_are_many(bot: Running) -> None:
    """All of them come as a file, with line and reason."""
    lines = "\n".join(["09120000001", *["115"] * 30])
    bot.tg.send_document(bot.town.bob, bot.town.bob, "n.txt", lines.encode())
    card = await bot.told(bot.town.bob, "📋 One number.")
    assert "and 10 more, see the file" in card.text
    file = await bot.told(bot.town.bob, "30 entries cannot be called.")
    assert bot.tg.file(file).decode().count("115") == 30


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("n.txt", b"", "empty"),
        ("n.pdf", b"%PDF-1.7\n", "nothing was"),
        ("n.txt", b"115\n", "None of this can be called"),
        ("n.txt", b"x" * 2_000_001, "2"),
    ],
)
async def test_files_that_give_nothing(
    bot: Running, name: str, content: bytes, words: str
) -> None:
    """A sentence each, and no draft."""
    bot.tg.send_document(bot.town.bob, bot.town.bob, name, content)
    await bot.told(bot.town.bob, words)
    assert await drafts(bot) == 0


async def test_which_column(bot: Running) -> None:
    """Several columns look like numbers: asked by buttons; its message becomes the draft, once."""
    bot.tg.send_document(bot.town.bob, bot.town.bob, "people.csv", SHEET)
    question = await bot.told(bot.town.bob, "Several columns of people.csv look like numbers.")
    await bot.quiet()
    assert [row[0][:2] for row in question.buttons] == ["B:", "C:", "Al", "✖️"]
    label = question.buttons[0][0]
    taps = [bot.tg.press(bot.town.bob, question, label) for _ in range(3)]
    for tap in taps:
        await bot.tg.answer_of(tap)
    await settled(bot, question, "📋 2 numbers.")
    assert "Ali" in question.text
    assert await drafts(bot) == 1
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 1


async def test_which_column_of_which_sheet(bot: Running) -> None:
    """Of a workbook the sheet is said once the column is chosen, once."""
    rows = [("name", "mobile", "home"), ("Ali", "09120000001", "02122334455")]
    book = workbook(Old=rows, Notes=[("nothing",)])
    bot.tg.send_document(bot.town.bob, bot.town.bob, "people.xlsx", book)
    question = await bot.told(bot.town.bob, "Several columns of people.xlsx")
    await bot.quiet()
    label = question.buttons[0][0]
    for tap in [bot.tg.press(bot.town.bob, question, label) for _ in range(3)]:
        await bot.tg.answer_of(tap)
    said = await bot.told(bot.town.bob, "📄 Sheet")
    assert said.text == "📄 Sheet Old, column B (mobile)."
    await settled(bot, question, "📋 One number.")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 2


async def test_which_column_after_a_restart(town: Town) -> None:
    """The question is in the record; a forged column and somebody else are refused."""
    async with town.bot() as bot:
        bot.tg.send_document(town.bob, town.bob, "people.csv", SHEET)
        question = await bot.told(town.bob, "Several columns")
        await bot.quiet()
    async with town.bot() as bot:
        assert (await bot.forge(town.sara, question, "column:B")).text.startswith("Somebody else")
        await bot.press(town.bob, question, "All of them")
        await settled(bot, question, "📋 4 numbers.")
        await bot.quiet()
        assert (await bot.forge(town.bob, question, "column:B")).text.startswith("This button has")


async def test_a_file_that_is_gone(bot: Running) -> None:
    """A column of a file that Telegram keeps no more: told, and it can be pressed again."""
    bot.tg.send_document(bot.town.bob, bot.town.bob, "people.csv", SHEET)
    question = await bot.told(bot.town.bob, "Several columns")
    await bot.quiet()
    bot.tg.fail("getFile", Refused(400, "Bad Request: file is too old"))
    await bot.press(bot.town.bob, question, question.buttons[0][0])
    await bot.tg.wait_for(lambda: len(bot.tg.sent(bot.town.bob)) == 2)
    assert await drafts(bot) == 0
    await bot.press(bot.town.bob, question, question.buttons[0][0])
    await settled(bot, question, "📋 2 numbers.")


async def test_an_old_press_of_a_column(bot: Running) -> None:
    """Makes no draft."""
    bot.tg.send_document(bot.town.bob, bot.town.bob, "people.csv", SHEET)
    question = await bot.told(bot.town.bob, "Several columns")
    await bot.quiet()
    await bot.press_late(bot.town.bob, question, "All of them")
    assert await drafts(bot) == 0


async def test_too_many(bot: Running) -> None:
    """More numbers than a batch may have are a sentence; a list may have them."""
    content = "\n".join(f"0912{n:07d}" for n in range(1001)).encode()
    bot.tg.send_document(bot.town.bob, bot.town.bob, "n.txt", content)
    card = await bot.told(
        bot.town.bob, "These are 1,001 numbers, and one batch may have 1,000 at most"
    )
    assert card.buttons == [["💾 Save as list", "✖️ Cancel"]]
    await bot.press(bot.town.bob, card, "💾 Save as list")
    question = await bot.told(bot.town.bob, "What is the list of these 1,001 numbers called?")
    await bot.press(bot.town.bob, question, "List 1")
    await settled(bot, question, "💾 Saved as list List 1, with 1,001 numbers.")


async def test_too_many_are_never_launched(bot: Running) -> None:
    """No button of ours or forged one gives them a voice, a time or a call."""
    await voice(bot)
    content = "\n".join(f"0912{n:07d}" for n in range(1002)).encode()
    bot.tg.send_document(bot.town.bob, bot.town.bob, "n.txt", content)
    card = await bot.told(bot.town.bob, "These are 1,002 numbers")
    token = card.inline_keyboard[0][1]["callback_data"].partition(":")[2]
    for data in (f"choose:{token}.1", f"off:{token}.0.1"):
        assert (await bot.forge(bot.town.bob, card, data)).text.startswith("These are 1,00")
    for data in (f"ok:{token}", f"first:{token}", f"later:{token}", f"save:{token}"):
        await bot.forge(bot.town.bob, card, data)
    await bot.quiet()
    assert (await bot.batches(), bot.bitel.posts) == ([], 0)


async def test_a_batch_after_too_many(bot: Running) -> None:
    """What was refused is over: what comes next is a draft of its own."""
    content = "\n".join(f"0912{n:07d}" for n in range(1001)).encode()
    bot.tg.send_document(bot.town.bob, bot.town.bob, "n.txt", content)
    refused = await bot.told(bot.town.bob, "These are 1,001 numbers")
    card = await bot.ask(bot.town.bob, TWO)
    assert card.text.startswith("📋 2 numbers.")
    assert refused.text.startswith("These are 1,001 numbers")


async def test_a_long_paste_of_too_many(town: Town) -> None:
    """The rest of what Telegram has cut is no draft of its own: half a list is not called."""
    async with town.bot(max_numbers=500) as bot:
        paste = "\n".join(numbers(900).split())
        bot.tg.send_long(town.bob, town.bob, paste)
        card = await bot.told(town.bob, "These are 900 numbers")
        await bot.quiet()
        assert len(bot.tg.sent(town.bob)) == 1
        assert (await bot.ask(town.bob, TWO)).id != card.id


async def test_too_many_that_cannot_be_recorded(bot: Running) -> None:
    """Are told all the same."""
    await bot.sql(
        "CREATE TRIGGER no_drafts BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    content = "\n".join(f"0912{n:07d}" for n in range(1001)).encode()
    bot.tg.send_document(bot.town.bob, bot.town.bob, "n.txt", content)
    refused = await bot.told(bot.town.bob, "These are 1,001 numbers")
    assert refused.buttons == []


async def test_one_number(bot: Running) -> None:
    """Keeps its answer, what is known of it; the button makes the draft, once."""
    answer = await bot.ask(bot.town.bob, "0912 000 0001")
    assert answer.text == "No call to 09120000001 is recorded.\nNothing was called."
    assert answer.buttons == [["📞 Call this number"], ["⛔ Do not call"]]
    taps = [bot.tg.press(bot.town.bob, answer, "📞 Call this number") for _ in range(5)]
    for tap in taps:
        await bot.tg.answer_of(tap)
    await settled(bot, answer, "📋 One number.")
    await bot.quiet()
    assert await drafts(bot) == 1
    assert len(bot.tg.sent(bot.town.bob)) == 1


async def test_an_old_press_of_call_this_number(bot: Running) -> None:
    """Makes no draft."""
    answer = await bot.ask(bot.town.bob, "09120000001")
    await bot.press_late(bot.town.bob, answer, "📞 Call this number")
    assert await drafts(bot) == 0


@pytest.mark.parametrize("number", ["19", "4915112345678", "x"])
async def test_a_forged_number(bot: Running, number: str) -> None:
    """What cannot be called is not called by forged data either (row 54)."""
    answer = await bot.ask(bot.town.bob, "09120000001")
    refused = await bot.forge(bot.town.bob, answer, f"callone:n{number}")
    assert refused.text.startswith("This button has expired")
    assert await drafts(bot) == 0


async def test_one_number_that_is_not_called(town: Town) -> None:
    """Of a kind that may not be called: its record, and no button (row 54)."""
    async with town.bot(number_types=frozenset({"fixed_line"})) as bot:
        answer = await bot.ask(town.bob, "09120000001")
        assert answer.buttons == []
        assert answer.text.endswith("this kind of number is not called from here.")


async def test_premium_and_the_like(bot: Running) -> None:
    """Foreign, satellite, emergency, vanity, extension: listed, not in the draft (row 54)."""
    text = "09120000001\n+4915112345678\n+881612345678\n112\n0912CALLNOW\n02122334455 ext 12"
    card = await bot.ask(bot.town.bob, text)
    assert card.text.startswith("📋 One number.")
    assert "5 entries cannot be called" in card.text


async def test_nothing_callable(bot: Running) -> None:
    """A text with digits of which none can be called says why."""
    answer = await bot.ask(bot.town.bob, "ring 115")
    assert answer.text.startswith("None of this can be called, and nothing was called.")


async def test_a_day_old_paste(bot: Running) -> None:
    """It is answered by a sentence, and makes no draft (row 50)."""
    bot.tg.send(bot.town.bob, bot.town.bob, TWO, date=time.time() - DAY)
    await bot.told(bot.town.bob, "I was away, and nothing was launched.")
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "989120000001", "A", date=time.time() - DAY)
    await bot.tg.wait_for(lambda: len(bot.tg.sent(bot.town.bob)) == 2)
    assert await drafts(bot) == 0


async def test_an_update_that_comes_twice(bot: Running) -> None:
    """Is answered once."""
    await bot.ask(bot.town.bob, TWO)
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 1
    assert bot.tg.edits(bot.tg.sent(bot.town.bob)[0]) == []


async def test_edits_change_nothing(bot: Running) -> None:
    """A paste that is edited later leaves the draft as it was (row 51)."""
    sent = bot.tg.send(bot.town.bob, bot.town.bob, TWO)
    card = await bot.told(bot.town.bob, "📋 2 numbers.")
    bot.tg.edit(bot.town.bob, sent, "09120000003 09120000004")
    await bot.quiet()
    assert "09120000001" in card.text
    assert await drafts(bot) == 1


async def test_strangers_and_groups(bot: Running) -> None:
    """A stranger learns their id and no more; in a group nobody is answered (row 51)."""
    town = bot.town
    bot.tg.send(town.eve, town.eve, TWO)
    bot.tg.send(town.eve, town.eve, TWO, forward_from=town.bob)
    bot.tg.send_contact(town.eve, town.eve, "989120000001", "Ali")
    bot.tg.send_document(town.eve, town.eve, "n.txt", b"09120000001")
    bot.tg.send(town.bob, town.bob, TWO, via_bot=bot.tg.add_person(77, "Inline", is_bot=True))
    bot.tg.send(town.bob, town.group, TWO)
    bot.tg.send(town.bob, town.group, TWO, forward_from=town.eve)
    await bot.quiet()
    assert {m.text for m in bot.tg.sent(town.eve)} == {
        f"Your id is {town.eve.id}. This bot is for its team: ask an admin."
    }
    assert (bot.tg.sent(town.bob), bot.tg.sent(town.group)) == ([], [])
    assert await drafts(bot) == 0


async def test_removed_between_draft_and_confirm(town: Town) -> None:
    """Who may launch no more can do nothing with their draft."""
    async with town.bot() as bot:
        card = await bot.ask(town.bob, TWO)
        data = card.inline_keyboard[0][0]["callback_data"].partition(":")[2]
    async with town.bot(allowed=frozenset()) as bot:
        await bot.sql("DELETE FROM members WHERE user_id = 500002")
        for verb in ("ok", "see", "keep", "first", "choose"):
            answer = await bot.forge(town.bob, card, f"{verb}:{data}")
            assert answer.text == "This bot is for its team: ask an admin."
    assert town.bitel.posts == 0


async def test_the_record_cannot_be_written(bot: Running) -> None:
    """Told, and the same again works."""
    await bot.sql(
        "CREATE TRIGGER no_drafts BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    answer = await bot.ask(bot.town.bob, TWO)
    assert "The record cannot be written just now" in answer.text
    await bot.sql("DROP TRIGGER no_drafts")
    card = await bot.ask(bot.town.bob, TWO)
    assert card.text.startswith("📋 2 numbers.")
    assert "repeated" not in card.text


async def test_paused(bot: Running) -> None:
    """While launching is paused nothing becomes a draft, and the reason is told."""
    await bot.sql("INSERT INTO pauses (reason, since, detail) VALUES ('restored', 1, '')")
    answer = await bot.ask(bot.town.bob, TWO)
    assert answer.text.startswith("⏸ Nothing was launched.")
    assert await drafts(bot) == 0


# What is sent in one go


async def test_parts_join(bot: Running) -> None:
    """A long paste that the app has cut is one draft: answered at once, edited as parts come."""
    bot.tg.send_long(bot.town.bob, bot.town.bob, "\n".join(numbers(900).split()))
    card = await bot.told(bot.town.bob, "📋 900 numbers.")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 1
    assert await drafts(bot) == 1
    assert "repeated" not in card.text


async def test_a_rest_that_was_not_seen(bot: Running) -> None:
    """Half a paste is not offered without a word; a contact is not its rest, a text is."""
    await default_voice(bot, bot.town.bob)
    paste = "\n".join(numbers(330).split())
    card = await bot.ask(bot.town.bob, paste)
    cut = "✂️ The text is so long that Telegram may have cut it."
    assert cut in card.text
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "989129999999", "Ali")
    assert cut in await settled(bot, card, "📋 Call 331 numbers?")
    bot.tg.send(bot.town.bob, bot.town.bob, "09129999998")
    assert cut not in await settled(bot, card, "📋 Call 332 numbers?")


async def test_a_number_that_was_cut(bot: Running) -> None:
    """Telegram cuts at 4096 characters, also within a number: it is read as one again."""
    first = (numbers(341) + " ")[: 4096 - 5]
    first = first[: 4096 - 5].rsplit(" ", 1)[0]
    first = first + " " * (4096 - 4 - len(first)) + "0912"
    bot.tg.send(bot.town.bob, bot.town.bob, first)
    bot.tg.send(bot.town.bob, bot.town.bob, "9999999 09129999998")
    card = await bot.told(bot.town.bob, "📋 ")
    await bot.quiet()
    draft = await bot.draft(card)
    assert '"+989129999999","+989129999998"]' in draft.content
    assert '"uncallable":[]' in draft.content


async def test_short_messages_do_not_run_into_each_other(bot: Running) -> None:
    """What was not cut ends with its message."""
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000001 0912")
    bot.tg.send(bot.town.bob, bot.town.bob, "0000002 09120000003")
    await bot.told(bot.town.bob, "📋 2 numbers.")
    card = bot.tg.sent(bot.town.bob)[0]
    await settled(bot, card, "line 2")


async def test_all_kinds_at_once(bot: Running) -> None:
    """Text, contact and file of one go are one draft, in the order of their messages."""
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000001 09120000002")
    bot.tg.send_document(bot.town.bob, bot.town.bob, "n.txt", b"09120000003\n09120000004")
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "989120000005", "Ali")
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000006", forward_from=bot.town.eve)
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000007")
    card = await bot.told(bot.town.bob, "📋 7 numbers.")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 1
    found = (await bot.draft(card)).content
    order = [found.index(f"98912000000{n}") for n in range(1, 8)]
    assert order == sorted(order)


async def test_two_numbers_one_after_the_other(bot: Running) -> None:
    """The answer to one number becomes the draft of both."""
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000001")
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000002")
    await bot.told(bot.town.bob, "📋 2 numbers.")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 1


async def test_parts_while_the_first_answer_is_on_its_way(bot: Running) -> None:
    """However they come side by side, it is one draft, and no part is lost."""
    gate = bot.tg.hold("sendMessage")
    for n in range(20):
        bot.tg.send(bot.town.bob, bot.town.bob, f"0912000{n:03d}1 0912000{n:03d}2")
    await bot.tg.wait_for(lambda: bot.tg.calls_of("sendMessage"))
    gate.set()
    card = await bot.told(bot.town.bob, "📋 40 numbers.")
    await bot.quiet()
    assert len(bot.tg.sent(bot.town.bob)) == 1
    assert await drafts(bot) == 1
    assert len(bot.tg.edits(card)) < 20  # what has come meanwhile goes along


async def test_two_people_do_not_join(bot: Running) -> None:
    """Each has a draft of their own."""
    bot.tg.send(bot.town.bob, bot.town.bob, TWO)
    bot.tg.send(bot.town.sara, bot.town.sara, "09120000003 09120000004")
    await bot.told(bot.town.bob, "09120000002")
    await bot.told(bot.town.sara, "09120000003")
    assert await drafts(bot) == 2


async def test_after_three_seconds_it_is_another_draft(bot: Running) -> None:
    """What comes later is no part."""
    first = await bot.ask(bot.town.bob, TWO)
    await asyncio.sleep(3.1)  # the quiet itself, which the running bot takes from its own clock
    second = await bot.ask(bot.town.bob, "09120000003 09120000004")
    assert first.id != second.id
    assert await drafts(bot) == 2


@pytest.mark.parametrize("label", ["✅ Call 2", "✖️ Cancel"])
async def test_a_part_after_the_draft_is_over(bot: Running, label: str) -> None:
    """Confirmed or cancelled meanwhile: what comes then is a draft of its own."""
    await default_voice(bot, bot.town.bob)
    first = await bot.ask(bot.town.bob, TWO)
    await bot.press(bot.town.bob, first, label)
    await bot.shows(first, "#b1" if "Call" in label else "Cancelled")
    second = await bot.ask(bot.town.bob, "09120000003 09120000004")
    assert second.id != first.id
    assert second.text.startswith("📋 Call 2 numbers?")
    assert "09120000001" not in second.text


async def test_a_part_after_a_press(bot: Running) -> None:
    """The count on *Call* does not grow under the thumb: what comes is a draft of its own."""
    await voice(bot)
    card = await bot.ask(bot.town.bob, TWO)
    await bot.press(bot.town.bob, card, "🔊 Shift call")
    await settled(bot, card, "📋 Call 2 numbers?")
    other = await bot.ask(bot.town.bob, "09120000003 09120000004")
    assert other.text.startswith("📋 2 numbers. Which voice?")
    await bot.press(bot.town.bob, card, "✅ Call 2")
    await bot.shows(card, "#b1")


@pytest.mark.parametrize("between", ["/start", "/nothing", "📊 Results"])
async def test_a_part_after_something_else(bot: Running, between: str) -> None:
    """A command or a key of the home keyboard between two parts: two drafts."""
    await bot.ask(bot.town.bob, "/start")
    first = await bot.ask(bot.town.bob, TWO)
    await bot.ask(bot.town.bob, between)
    second = await bot.ask(bot.town.bob, "09120000003 09120000004")
    assert "📋 2 numbers." in first.text
    assert "📋 2 numbers." in second.text


async def test_a_command_among_parts(bot: Running) -> None:
    """However they are handled side by side, the parts before it and those behind are two."""
    bot.tg.send(bot.town.bob, bot.town.bob, TWO)
    bot.tg.send(bot.town.bob, bot.town.bob, "/id")
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000003 09120000004")
    bot.tg.send(bot.town.bob, bot.town.bob, "09120000005")
    await bot.told(bot.town.bob, "📋 3 numbers.")
    await bot.quiet()
    assert await drafts(bot) == 2


async def test_together_they_are_too_many(town: Town) -> None:
    """Half of it must not be called: the draft is cancelled, and its message says why."""
    async with town.bot(max_numbers=3) as bot:
        card = await bot.ask(town.bob, TWO)
        old = card.inline_keyboard[-1][-1]["callback_data"].partition(":")[2]
        bot.tg.send(town.bob, town.bob, "09120000003 09120000004")
        await settled(bot, card, "These are 4 numbers, and one batch may have 3 at most")
        found = await bot.house.database.read(lambda tx: tx.drafts.by_id(1))
        assert found is not None
        assert found.state is DraftState.CANCELLED
        assert (await bot.forge(town.bob, card, f"ok:{old}")).text.startswith("This button has")
        assert card.buttons == [["💾 Save as list", "✖️ Cancel"]]
        await bot.quiet()
        assert len(bot.tg.sent(town.bob)) == 1


async def test_what_comes_next_may_make_it_callable(bot: Running) -> None:
    """The sentence that nothing can be called becomes the draft."""
    answer = await bot.ask(bot.town.bob, "115 112")
    assert answer.text.startswith("None of this can be called")
    bot.tg.send(bot.town.bob, bot.town.bob, TWO)
    await settled(bot, answer, "📋 2 numbers.")
    assert "2 entries cannot be called" in answer.text
