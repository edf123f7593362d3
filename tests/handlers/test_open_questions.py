"""A question that was left open takes nothing that was meant for something else."""

import pytest

from bot.calling.drafts import Content
from sandbox.telegram import Message
from tests.handlers.house import VOICE, Running, numbers
from tests.handlers.lists_house import answer, card, held, joined, make, names, recorded, told

ONE, TWO, THREE = "+989120000000", "+989120000010", "+989120000020"
OTHER = "1f" * 16


async def drafted(bot: Running, text: str) -> tuple[str, ...]:
    """The numbers of the draft that Bob's paste becomes."""
    said = await bot.ask(bot.town.bob, text)
    await joined(bot)
    return Content.load((await bot.draft(said)).content).numbers


@pytest.mark.parametrize("turned", ["/voices", "/nothing", "🚀 Launch"])
async def test_a_command_or_a_key_ends_the_filling_of_a_list(bot: Running, turned: str) -> None:
    """A paste behind it is a draft, and the list is as before; a reply still adds to it."""
    bob = bot.town.bob
    made = await make(bot, bob, "Drv", "09120000000")
    await bot.ask(bob, turned)
    assert await drafted(bot, numbers(2, first=1)) == (TWO, THREE)
    assert await held(bot, "Drv") == [ONE]
    bot.tg.send(bob, bob, "09120000030", reply_to=made)
    await joined(bot)
    assert await held(bot, "Drv") == [ONE, "+989120000030"]


async def test_a_press_on_another_card_ends_the_filling_of_a_list(bot: Running) -> None:
    """*Undo* shows the list's card in place of the question: what comes then is a draft."""
    bob = bot.town.bob
    await make(bot, bob, "Drv", "09120000000")
    bot.tg.send(bob, bob, "09120000010")
    await joined(bot)
    added = await told(bot, bob, "added one number")
    await bot.press(bob, added, "↩️ Undo")
    await bot.shows(added, "undid the last change")
    assert await drafted(bot, numbers(2)) == (ONE, TWO)
    assert await held(bot, "Drv") == [ONE]


async def test_added_numbers_can_be_called_instead(bot: Running) -> None:
    """They are off the list again and become a draft, with their names; once."""
    bob = bot.town.bob
    await make(bot, bob, "Drv", "09120000000")
    bot.tg.send(bob, bob, "09120000010 Ali\n09120000020")
    await joined(bot)
    added = await told(bot, bob, "added 2 numbers")
    assert added.buttons == [["✅ Done", "↩️ Undo"], ["📞 Call these instead"]]
    await bot.press(bob, added, "📞 Call these instead")
    await bot.shows(added, "Nothing is sent yet")
    content = Content.load((await bot.draft(added)).content)
    assert (content.numbers, content.names) == ((TWO, THREE), {TWO: "Ali"})
    assert (content.list_ref, bot.bitel.posts) == (None, 0)
    assert await held(bot, "Drv") == [ONE]
    assert (await bot.forge(bob, added, "linstead:1.2.1")).text.startswith("This button has")


async def test_numbers_that_are_in_the_list_can_be_called_instead(bot: Running) -> None:
    """Where none was new the list is as before, and those that were sent are called."""
    bob = bot.town.bob
    await make(bot, bob, "Drv", numbers(3))
    bot.tg.send(bob, bob, numbers(2))
    await joined(bot)
    added = await told(bot, bob, "All of these are in Drv already")
    sara = await bot.press(bot.town.sara, added, "📞 Call these instead")
    assert sara.text == "Somebody else was asked this; nothing was done."
    await bot.press(bob, added, "📞 Call these instead")
    await bot.shows(added, "Nothing is sent yet")
    assert Content.load((await bot.draft(added)).content).numbers == (ONE, TWO)
    assert await held(bot, "Drv") == [ONE, TWO, THREE]


async def test_a_list_that_was_changed_gives_no_draft_of_what_was_added(bot: Running) -> None:
    """What is not the last change is not taken back, and nothing is drafted in its place."""
    bob = bot.town.bob
    await make(bot, bob, "Drv", "09120000000")
    bot.tg.send(bob, bob, "09120000010")
    await joined(bot)
    added = await told(bot, bob, "added one number")
    shown = await card(bot, bot.town.sara, "Drv")
    await bot.press(bot.town.sara, shown, "🔎 See / remove")
    await bot.press(bot.town.sara, shown, "✖️ 09120000000")
    await bot.shows(shown, "one number")
    said = await bot.press(bob, added, "📞 Call these instead")
    assert "has changed Drv meanwhile" in said.text
    assert await held(bot, "Drv") == [TWO]


async def test_a_paste_is_no_answer_to_a_question_for_an_id(bot: Running) -> None:
    """Two numbers or more without a reply become a draft; the id is still taken in reply."""
    question = await bot.ask(bot.town.bob, "/voices add")
    await bot.quiet()
    assert await drafted(bot, numbers(2)) == (ONE, TWO)
    asked = await answer(bot, bot.town.bob, question, VOICE)
    assert VOICE in asked.text


async def test_a_paste_in_reply_is_an_answer(bot: Running) -> None:
    """Who replies means the question, whatever it is that they send."""
    question = await bot.ask(bot.town.bob, "/voices add")
    said = await answer(bot, bot.town.bob, question, numbers(2))
    assert "is no voice id" in said.text


async def test_every_question_can_be_cancelled(bot: Running) -> None:
    """In private all of them have *Cancel*; who presses it is asked nothing any more."""
    bob = bot.town.bob
    question = await bot.ask(bob, "/voices add")
    assert question.buttons == [["✖️ Cancel"]]
    await bot.quiet()
    assert (await bot.press(bot.town.sara, question, "✖️ Cancel")).show_alert
    await bot.press(bob, question, "✖️ Cancel")
    await bot.shows(question, "✖️ Cancelled; nothing was changed.")
    assert question.buttons == []
    assert (await bot.forge(bob, question, "unask:x")).text.startswith("This button has expired")
    said = await answer(bot, bob, question, VOICE)
    assert "Reply with a name" not in said.text


async def test_a_suggestion_in_a_group_stands_beside_cancel(bot: Running) -> None:
    """A message has buttons or opens the answer: with a suggestion it has buttons."""
    group = bot.town.group
    named = await bot.ask(bot.town.bob, f"/voices add {VOICE}", group)
    assert named.buttons == [["Voice 1"], ["✖️ Cancel"]]
    opened = await bot.ask(bot.town.bob, "/voices add", group)
    assert opened.markup is not None
    assert opened.markup["force_reply"]


async def test_a_taken_voice_name_asks_for_another_and_keeps_the_id(bot: Running) -> None:
    """The next text is the name of that id, though an older question had been open."""
    bob = bot.town.bob
    await bot.ask(bob, f"/voices add {VOICE} Shift call")
    await bot.ask(bob, "/lists new")
    await bot.quiet()
    again = await bot.ask(bob, f"/voices add {OTHER} shift call")
    assert again.text.startswith(
        "Shift call is the name of another voice; nothing was changed. Send a different name."
    )
    assert again.buttons == [["Voice 2"], ["✖️ Cancel"]]
    await bot.quiet()
    added = await bot.ask(bob, "Gate call")
    assert added.text.startswith(f"🔊 Gate call\n{OTHER}")


async def test_a_taken_list_name_asks_for_another_and_keeps_the_numbers(bot: Running) -> None:
    """Numbers and names are in the list whose name comes next; by reply or by the suggestion."""
    bob = bot.town.bob
    await make(bot, bob, "Drv", "09120000000")
    for name in ("Night", "List 1"):
        again = await bot.ask(bob, "/lists new drv\n09120000010 Ali\n09120000020\nhello")
        await bot.quiet()
        assert again.text.startswith("Drv is the name of another list; nothing was changed.")
        assert again.buttons == [["List 1"], ["✖️ Cancel"]]
        if name == "Night":
            made = await answer(bot, bob, again, name)
        else:
            await bot.press(bob, again, name)
            made = await told(bot, bob, "saved List 1")
        assert f"saved {name} with 2 numbers." in made.text
        assert "hello – letters" in made.text
        _, every = await recorded(bot, name)
        assert [(one.number, one.name) for one in every] == [(TWO, "Ali"), (THREE, None)]


async def test_a_file_of_two_columns_is_kept_for_the_next_name(bot: Running) -> None:
    """Which column is meant is asked as soon as the list has a name."""
    bob, group = bot.town.bob, bot.town.group
    await make(bot, bob, "Drv", "09120000000")
    file = _two_columns(bot)
    again = await bot.ask(bob, "/lists new Drv", group, reply_to=file)
    await bot.quiet()
    asked = bot.tg.send(bob, group, "Night", reply_to=again)
    columns = await bot.tg.next_message(group, after=asked)
    assert "🗂 Several columns of a.csv look like numbers." in columns.text
    assert columns.buttons[-1] == ["✖️ Cancel"]
    await bot.quiet()
    await bot.press(bob, columns, "✖️ Cancel")
    await bot.shows(columns, "✖️ Cancelled")
    assert await names(bot) == ["Drv"]


def _two_columns(bot: Running) -> Message:
    sheet = b"mobile,other\n09120000010,09120000020\n09120000030,09120000040\n"
    return bot.tg.send_document(bot.town.sara, bot.town.group, "a.csv", sheet)


async def test_a_question_about_columns_shows_an_example_of_each(bot: Running) -> None:
    """Letters and titles alone do not tell which column is meant."""
    bob = bot.town.bob
    sheet = b"mobile,other\n09120000010,09120000020\n09120000030,09120000040\n"
    bot.tg.send_document(bob, bob, "a.csv", sheet)
    asked = await told(bot, bob, "Several columns of a.csv")
    assert asked.text.splitlines()[1:] == [
        "A: for example 09120000010",
        "B: for example 09120000020",
    ]
    assert asked.buttons[-2:] == [["All of them"], ["✖️ Cancel"]]
    await bot.quiet()
    await bot.press(bob, asked, "✖️ Cancel")
    await bot.shows(asked, "✖️ Cancelled; nothing was changed.")


async def test_an_empty_list_says_so(bot: Running) -> None:
    """Its card, its numbers and a launch that would use it tell what is missing."""
    bob = bot.town.bob
    await bot.ask(bob, f"/voices add {VOICE} Shift")
    await make(bot, bob, "Drv", "09120000000")
    shown = await card(bot, bob, "Drv")
    await bot.press(bob, shown, "🔎 See / remove")
    await bot.press(bob, shown, "✖️ 09120000000")
    seen = await bot.shows(shown, "is empty")
    assert "A tap takes a number off" not in seen
    assert shown.buttons[0] == ["↩️ Undo: 09120000000"]
    empty = await card(bot, bob, "Drv")
    assert "⚠️ It is empty" in empty.text
    assert ["✏️ Rename"] in empty.buttons
    forged = await bot.forge(bob, empty, "lmerge:1.2.1")
    assert not forged.show_alert
    await bot.shows(empty, "there is nothing to merge")
    menu = await bot.ask(bob, "/launch")
    await bot.press(bob, menu, "➕ New launch")
    await bot.press(bob, menu, "Shift")
    await bot.press(bob, menu, "Drv · 0")
    await bot.shows(menu, "⚠️ The list is empty")
