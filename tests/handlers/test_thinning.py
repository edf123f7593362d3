"""*See / remove* and *Save as list*; a member's own number; `/call` in reply to a file."""

import pytest

from sandbox.telegram import Message
from storage.models import NumberList
from tests.calling.sources.books import workbook
from tests.handlers.house import VOICE, Running, Town, numbers
from tests.handlers.shelf import drafts, number_list, voice

SHEET = b"name,mobile,home\nAli,09120000001,02122334455\nSara,09120000002,02122334456\n"


async def paste(bot: Running, count: int = 23) -> Message:
    """Bob's draft of so many numbers, which still asks for its voice."""
    await voice(bot)
    return await bot.ask(bot.town.bob, "\n".join(numbers(count).split()))


async def shown(bot: Running, message: Message, words: str) -> None:
    """Wait until a message says these words."""
    await bot.tg.wait_for(lambda: words in message.text)


async def saved_lists(bot: Running) -> list[NumberList]:
    """All lists."""
    return await bot.house.database.read(lambda tx: tx.lists.page(100, 0))


def data_of(message: Message, label: str) -> str:
    """The callback data of a button."""
    (found,) = (
        one["callback_data"]
        for row in message.inline_keyboard
        for one in row
        if one["text"] == label
    )
    return str(found)


async def test_see(bot: Running) -> None:
    """Ten numbers a page, each a button; the pages turn, and *Back* shows the card again."""
    card = await paste(bot)
    await bot.press(bot.town.bob, card, "✏️ See / remove")
    await shown(bot, card, "✏️ 23 numbers, page 1 of 3.")
    assert card.buttons[0] == ["✖️ 09120000000"]
    assert card.buttons[10:] == [["▶"], ["↩️ Back"]]
    await bot.press(bot.town.bob, card, "▶")
    await shown(bot, card, "page 2 of 3")
    assert card.buttons[10] == ["◀", "▶"]
    await bot.press(bot.town.bob, card, "▶")
    await shown(bot, card, "page 3 of 3")
    assert [row[0] for row in card.buttons] == [
        "✖️ 09120000200",
        "✖️ 09120000210",
        "✖️ 09120000220",
        "◀",
        "↩️ Back",
    ]
    await bot.press(bot.town.bob, card, "↩️ Back")
    await shown(bot, card, "📋 23 numbers. Which voice?")


async def test_take_off(bot: Running) -> None:
    """A tap takes exactly that number off; a second tap on the same button is stale."""
    card = await paste(bot, 11)
    await bot.press(bot.town.bob, card, "✏️ See / remove")
    await shown(bot, card, "page 1 of 2")
    await bot.press(bot.town.bob, card, "▶")
    await shown(bot, card, "page 2 of 2")
    taps = [bot.tg.press(bot.town.bob, card, "✖️ 09120000100") for _ in range(3)]
    answers = [(await bot.tg.answer_of(tap)).text for tap in taps]
    assert answers[0] == ""
    assert all(text.startswith("This button has expired") for text in answers[1:])
    await shown(bot, card, "✏️ 10 numbers, page 1 of 1.")
    await bot.press(bot.town.bob, card, "✖️ 09120000050")
    await shown(bot, card, "✏️ 9 numbers")
    await bot.press(bot.town.bob, card, "↩️ Back")
    await shown(bot, card, "📋 9 numbers.")
    await bot.press(bot.town.bob, card, "🔊 Shift call")
    await bot.press(bot.town.bob, card, "✅ Call 9")
    await bot.shows(card, "#b1")
    assert bot.bitel.received("09120000100") == bot.bitel.received("09120000050") == 0
    assert bot.bitel.received("09120000060") == 1


async def test_names_are_on_the_buttons(bot: Running) -> None:
    """Beside each number, as far as there is room."""
    bot.tg.send_contact(bot.town.bob, bot.town.bob, "989120000001", "Ali", last_name="x" * 40)
    card = await bot.told(bot.town.bob, "📋 One number.")
    await bot.press(bot.town.bob, card, "✏️ See / remove")
    await shown(bot, card, "✏️ One number")
    assert card.buttons[0] == [f"✖️ 09120000001 · Ali {'x' * 15}…"]


async def test_the_last_number(bot: Running) -> None:
    """It stays: the draft is to be cancelled instead."""
    card = await paste(bot, 2)
    await bot.press(bot.town.bob, card, "✏️ See / remove")
    await bot.press(bot.town.bob, card, "✖️ 09120000000")
    await shown(bot, card, "✏️ One number")
    answer = await bot.press(bot.town.bob, card, "✖️ 09120000010")
    assert answer.text.startswith("This is the last number of the draft; it was not taken off.")
    assert "✖️ 09120000010" in card.buttons[0]


@pytest.mark.parametrize("token", ["{t}.99.1", "{t}.0", "{t}.x.1", "{t}", "none.0.1"])
async def test_forged_buttons(bot: Running, token: str) -> None:
    """What is on no button changes nothing."""
    card = await paste(bot, 2)
    draft = data_of(card, "✖️ Cancel").partition(":")[2]
    answer = await bot.forge(bot.town.bob, card, f"off:{token.format(t=draft)}")
    assert answer.text.startswith("This button has expired")
    assert '"+989120000000"' in (await bot.draft_named(draft)).content


async def test_only_the_author(bot: Running) -> None:
    """Nobody else looks through a draft, takes off or saves its numbers."""
    card = await paste(bot, 3)
    draft = data_of(card, "✖️ Cancel").partition(":")[2]
    for data in (f"see:{draft}.1", f"off:{draft}.0.1", f"keep:{draft}"):
        answer = await bot.forge(bot.town.sara, card, data)
        assert answer.text.startswith("Only Bob, who made this draft")


async def test_what_comes_after_one_was_taken_off(bot: Running) -> None:
    """Is a draft of its own, and brings nobody back."""
    card = await paste(bot, 3)
    draft = data_of(card, "✖️ Cancel").partition(":")[2]
    await bot.forge(bot.town.bob, card, f"off:{draft}.0.1")
    other = await bot.ask(bot.town.bob, "09129999999 09129999998")
    assert other.text.startswith("📋 2 numbers.")
    assert card.text.startswith("✏️ 2 numbers")


async def test_save_as_list_with_the_suggested_name(bot: Running) -> None:
    """One tap; the list has numbers and names, the draft goes on below and names it."""
    await number_list(bot, "List 1")
    card = await paste(bot, 3)
    await bot.press(bot.town.bob, card, "💾 Save as list")
    question = await bot.told(bot.town.bob, "💾 What is the list of these 3 numbers called?")
    await bot.quiet()
    assert question.buttons == [["List 2"], ["✖️ Cancel"]]
    pressed = data_of(question, "List 2")
    taps = [bot.tg.press(bot.town.bob, question, "List 2") for _ in range(3)]
    for tap in taps:
        await bot.tg.answer_of(tap)
    await shown(bot, question, "💾 Saved as list List 2, with 3 numbers.")
    below = await bot.tg.next_message(bot.town.bob, after=question)
    assert below.text.startswith("📋 3 numbers. Which voice?")
    await shown(bot, card, "📋 This draft goes on below.")
    assert card.buttons == []
    await bot.quiet()
    assert len(await saved_lists(bot)) == 2
    again = await bot.forge(bot.town.bob, question, pressed)
    assert again.text.startswith("This button has expired")
    await bot.press(bot.town.bob, below, "🔊 Shift call")
    await shown(bot, below, "list “List 2”")
    await bot.press(bot.town.bob, below, "✅ Call 3")
    await bot.shows(below, "#b1")
    assert (await bot.batch()).list_name == "List 2"


async def test_save_as_list_with_another_name(bot: Running) -> None:
    """A name in answer; one that is taken is said, and the question stays open."""
    await number_list(bot, "Drivers")
    card = await paste(bot, 3)
    await bot.press(bot.town.bob, card, "💾 Save as list")
    await bot.told(bot.town.bob, "What is the list")
    await bot.quiet()
    assert "Drivers" in (await bot.ask(bot.town.bob, "drivers")).text
    said = await bot.ask(bot.town.bob, "Night shift")
    assert said.text == "💾 Saved as list Night shift, with 3 numbers."
    below = await bot.tg.next_message(bot.town.bob, after=said)
    assert below.text.startswith("📋 3 numbers.")
    assert sorted(one.name for one in await saved_lists(bot)) == ["Drivers", "Night shift"]


async def test_save_a_list_of_a_draft_that_is_over(bot: Running) -> None:
    """Nothing is saved, and it is said."""
    card = await paste(bot, 3)
    await bot.press(bot.town.bob, card, "💾 Save as list")
    question = await bot.told(bot.town.bob, "What is the list")
    await bot.quiet()
    await bot.press(bot.town.bob, card, "✖️ Cancel")
    answer = await bot.press(bot.town.bob, question, "List 1")
    assert answer.text.startswith("This button has expired")
    named = await bot.ask(bot.town.bob, "Name", reply_to=question)
    assert named.text.startswith("This button has expired")
    assert await saved_lists(bot) == []


async def test_call_me_first(town: Town) -> None:
    """The number is shared once by the button; only the sender's own card is taken."""
    town.bob.phone = "+989129990000"
    async with town.bot() as bot:
        card = await paste(bot, 2)
        await bot.press(town.bob, card, "🔊 Shift call")
        await bot.press(town.bob, card, "📞 Call me first")
        await bot.told(town.bob, "I do not know your number yet")
        assert bot.tg.keyboard(town.bob) == [["📱 Share my number"], ["✖️ Not now"]]
        bot.tg.share_contact(town.bob, town.bob)
        await bot.told(town.bob, "✅ 09129990000 is kept as your number")
        assert "📊 Results" in bot.tg.keyboard(town.bob)[-1]
        assert await drafts(bot) == 1
        taps = [bot.tg.press(town.bob, card, "📞 Call me first") for _ in range(3)]
        for tap in taps:
            await bot.tg.answer_of(tap)
        await shown(bot, card, "Your own number is called first, as #b1. This draft waits")
        await bot.tg.wait_for(lambda: bot.bitel.posts)
        assert (await bot.batch()).numbers == 1
        await bot.quiet()
        assert len(await bot.batches()) == 1


async def test_an_own_card_is_for_no_list(town: Town) -> None:
    """While a list waits for numbers, *Share my number* still shares; a reply is for the list."""
    town.bob.phone = "+989129990000"
    async with town.bot() as bot:
        made = await bot.ask(town.bob, f"/lists new Drivers\n{numbers(2)}")
        await bot.quiet()
        bot.tg.send_contact(town.bob, town.bob, "989129990000", "Bob", contact=town.bob)
        await bot.told(town.bob, "✅ 09129990000 is kept as your number")
        (drivers,) = await saved_lists(bot)
        assert drivers.numbers == 2
        own = bot.tg.send_contact(
            town.bob, town.bob, "989129990000", "Bob", contact=town.bob, reply_to=made
        )
        await bot.quiet()
        await bot.house.joining.flush()
        added = await bot.tg.next_message(town.bob, after=own)
        assert added.text.startswith("✅ Bob added one number to Drivers; it has 3 now.")


async def test_anothers_card_is_no_own_number(bot: Running) -> None:
    """A card of somebody else, or one that was passed on, is a contact like any other."""
    town = bot.town
    bot.tg.send_contact(town.bob, town.bob, "989120000001", "Sara", contact=town.sara)
    own = bot.tg.send_contact(town.bob, town.group, "989120000002", "Bob", contact=town.bob)
    bot.tg.forward(town.bob, town.bob, own)
    await bot.told(town.bob, "📋 2 numbers.")
    number = await bot.house.database.read(lambda tx: tx.choices.number(town.bob.id))
    assert number is None


async def test_an_own_number_that_cannot_be_called(bot: Running) -> None:
    """It is not kept, the reason is said, and the home keyboard is back."""
    town = bot.town
    bot.tg.send_contact(town.bob, town.bob, "4915112345678", "Bob", contact=town.bob)
    await bot.told(town.bob, "a number of another country")
    assert bot.tg.keyboard(town.bob)
    assert await bot.house.database.read(lambda tx: tx.choices.number(town.bob.id)) is None


async def test_the_own_number_cannot_be_recorded(bot: Running) -> None:
    """It is said, and the same again works."""
    town = bot.town
    await bot.sql(
        "CREATE TRIGGER no_choices BEFORE INSERT ON choices BEGIN SELECT RAISE(ABORT, 'n'); END"
    )
    bot.tg.send_contact(town.bob, town.bob, "989120000001", "Bob", contact=town.bob)
    await bot.told(town.bob, "The record cannot be written just now")
    await bot.sql("DROP TRIGGER no_choices")
    bot.tg.send_contact(town.bob, town.bob, "989120000001", "Bob", contact=town.bob)
    await bot.told(town.bob, "✅ 09120000001 is kept as your number")


# In a group: `/call voice` in reply


async def test_call_in_reply_to_a_file(bot: Running) -> None:
    """The file's numbers with their names, options kept; a card, and nothing is sent yet."""
    town = bot.town
    await voice(bot)
    content = b"name,mobile\nAli,09120000001\nSara,09120000002\n"
    file = bot.tg.send_document(town.sara, town.group, "people.csv", content)
    card = await bot.ask(town.bob, "/call shift call retry=3 server=d1", town.group, reply_to=file)
    assert card.text.startswith("📋 Call 2 numbers? Nothing is sent yet.\n🔊 Shift call")
    assert "3 retries · dialer d1" in card.text
    assert "Ali" in card.text
    assert "↩️ The numbers of the message that you replied to." in card.text
    await bot.press(town.bob, card, "✅ Call 2")
    await bot.shows(card, "#b1")


async def test_call_in_reply_to_a_contact(bot: Running) -> None:
    """The same with a contact card."""
    town = bot.town
    contact = bot.tg.send_contact(town.sara, town.group, "989120000001", "Ali")
    card = await bot.ask(town.bob, f"/call {VOICE}", town.group, reply_to=contact)
    assert card.text.startswith("📋 Call one number?")
    assert "Ali" in card.text


async def test_typed_numbers_win_over_a_file(bot: Running) -> None:
    """The card says that those of the message are left out."""
    town = bot.town
    file = bot.tg.send_document(town.sara, town.group, "n.txt", b"09120000001")
    card = await bot.ask(town.bob, f"/call {VOICE} 09120000009", town.group, reply_to=file)
    assert "those of the message that you replied to are left out" in card.text
    assert "09120000009" in card.text


async def test_call_in_reply_to_a_file_of_several_columns(bot: Running) -> None:
    """Which one is asked; the draft keeps the voice."""
    town = bot.town
    file = bot.tg.send_document(town.sara, town.group, "people.csv", SHEET)
    question = await bot.ask(town.bob, f"/call {VOICE} retry=0", town.group, reply_to=file)
    await bot.quiet()
    assert (await bot.forge(town.sara, question, "column:B")).text.startswith("Somebody else")
    await bot.press(town.bob, question, question.buttons[0][0])
    await shown(bot, question, "📋 Call 2 numbers?")
    assert "no retry" in question.text


async def test_call_in_reply_to_a_file_with_a_caption(bot: Running) -> None:
    """The numbers of the caption come along, also where the column is asked first."""
    town = bot.town
    written = "and 09120000010, and 115"
    file = bot.tg.send_document(town.sara, town.group, "people.csv", SHEET, caption=written)
    question = await bot.ask(town.bob, f"/call {VOICE}", town.group, reply_to=file)
    await bot.quiet()
    await bot.press(town.bob, question, question.buttons[0][0])
    await shown(bot, question, "📋 Call 3 numbers?")
    assert "09120000010" in question.text
    assert "115 – an emergency or short number" in question.text


async def test_call_in_reply_to_a_broken_file_with_a_caption(bot: Running) -> None:
    """What is wrong with it is said beside the draft of the caption, once."""
    town = bot.town
    file = bot.tg.send_document(
        town.sara,
        town.group,
        "people.xlsx",
        b"PK\x03\x04junk",
        caption="All 38 drivers, boss is 09120000010",
    )
    answer = await bot.ask(town.bob, f"/call {VOICE}", town.group, reply_to=file)
    assert "nothing was taken from it" in answer.text
    await bot.told(town.group, "📋 Call one number?")
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(town.group)) == 2
    assert await drafts(bot) == 1


async def test_call_in_reply_to_a_workbook(bot: Running) -> None:
    """It is said which sheet was read, and once if the update comes again."""
    town = bot.town
    book = workbook(Old=[("mobile",), ("09120000001",)], New=[("mobile",), ("09120000002",)])
    file = bot.tg.send_document(town.sara, town.group, "people.xlsx", book)
    said = await bot.ask(town.bob, f"/call {VOICE}", town.group, reply_to=file)
    assert said.text == "📄 Sheet Old, column A (mobile)."
    await bot.told(town.group, "📋 Call one number?")
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(town.group)) == 2


async def test_call_in_reply_to_a_file_that_cannot_be_read(bot: Running) -> None:
    """A sentence, once, and nothing is called."""
    town = bot.town
    file = bot.tg.send_document(town.sara, town.group, "n.txt", b"115\n112\n")
    answer = await bot.ask(town.bob, f"/call {VOICE}", town.group, reply_to=file)
    assert answer.text.startswith("None of this can be called")
    bot.tg.repeat_last_update()
    await bot.quiet()
    assert len(bot.tg.sent(town.group)) == 1
    assert await drafts(bot) == 0
