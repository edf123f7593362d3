"""Changes of lists in the chat: who makes them is told, and of two people the second one is."""

from sandbox.telegram import Message
from tests.handlers.house import Running, Town, numbers
from tests.handlers.lists_house import (
    UNTIL_DONE,
    answer,
    card,
    held,
    joined,
    make,
    names,
    recorded,
    told,
)

ONE, TWO, THREE = "+989120000000", "+989120000010", "+989120000020"


async def opened(bot: Running, count: int = 2) -> Message:
    """The card of a list that Bob has made, in his chat; nothing waits for an answer."""
    bob = bot.town.bob
    made = await make(bot, bob, "Drivers", numbers(count))
    await bot.press(bob, made, "✅ Done")
    await bot.shows(made, "📇 Drivers · ")
    return made


async def test_add_and_undo(bot: Running) -> None:
    """*Add* takes one paste after another until *Done*; *Undo* takes the last one off again."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    asked = await told(bot, bob, "Which numbers come to Drivers?")
    assert asked.buttons == [["↩️ Back"]]
    bot.tg.send(bob, bob, "09120000010 09120000020")
    await joined(bot)
    added = await told(bot, bob, "✅ Bob added one number to Drivers; it has 3 now.")
    assert added.text.splitlines()[1:] == [
        "🔁 One was repeated, or in it already.",
        UNTIL_DONE,
    ]
    bot.tg.send(bob, bob, "09120000030")
    await joined(bot)
    more = await told(bot, bob, "it has 4 now")
    bot.tg.send(bob, bob, "09120000030")
    await joined(bot)
    again = await told(bot, bob, "All of these are in Drivers already; it has 4 as before.")
    assert again.buttons == [["✅ Done"], ["📞 Call these instead"]]
    assert more.buttons == [["✅ Done", "↩️ Undo"], ["📞 Call these instead"]]
    stale = await bot.press(bob, more, "↩️ Undo")
    assert stale.text.startswith("Bob has changed Drivers meanwhile; nothing of yours was done.")
    await bot.shows(more, "📇 Drivers · 4 numbers")
    await bot.press(bob, more, "➕ Add")
    await bot.quiet()
    bot.tg.send(bob, bob, "09120000040")
    await joined(bot)
    last = await told(bot, bob, "it has 5 now")
    await bot.press(bob, last, "↩️ Undo")
    assert (await bot.shows(last, "📇 Drivers")).startswith("↩️ Bob undid the last change.")
    assert len(await held(bot, "Drivers")) == 4


async def test_a_paste_right_after_a_list_was_made(bot: Running) -> None:
    """It is said beforehand where it goes, and *Undo* takes it off; the next is a draft."""
    bob = bot.town.bob
    made = await make(bot, bob, "Drivers", numbers(2))
    assert UNTIL_DONE in made.text
    bot.tg.send(bob, bob, numbers(2, 5))
    await joined(bot)
    added = await told(bot, bob, "✅ Bob added 2 numbers to Drivers; it has 4 now.")
    assert UNTIL_DONE in added.text
    await bot.press(bob, added, "↩️ Undo")
    await bot.shows(added, "↩️ Bob undid the last change.")
    assert await held(bot, "Drivers") == [ONE, TWO]
    assert (await bot.ask(bob, numbers(2, 5))).text.startswith("📋 2 numbers.")


async def test_after_done_nothing_is_taken(bot: Running) -> None:
    """A paste after *Done* is for no list any more."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    asked = await told(bot, bob, "Which numbers come to Drivers?")
    await bot.press(bob, asked, "↩️ Back")
    await bot.shows(asked, "📇 Drivers · 2 numbers")
    bot.tg.send(bob, bob, "09120000030 09120000040")
    bot.tg.send_contact(bob, bob, "989120000030", "Ali")
    await joined(bot)
    assert await held(bot, "Drivers") == [ONE, TWO]


async def test_cancel(bot: Running) -> None:
    """*Cancel* of a new list makes none, and what is sent then is for no list."""
    bob = bot.town.bob
    named = await bot.ask(bob, "/lists new")
    await bot.quiet()
    await bot.press(bob, named, "✖️ Cancel")
    await bot.shows(named, "✖️ Cancelled; nothing was changed.")
    asked = await bot.ask(bob, "/lists new Drivers")
    await bot.quiet()
    await bot.press(bob, asked, "✖️ Cancel")
    await bot.shows(asked, "✖️ Cancelled: no list was made.")
    bot.tg.send(bob, bob, "09120000030 09120000040")
    await joined(bot)
    assert await names(bot) == []


async def test_the_question_survives_a_restart(town: Town) -> None:
    """Numbers that are sent after a restart still come to the list that waits for them."""
    async with town.bot() as bot:
        shown = await opened(bot)
        await bot.press(town.bob, shown, "➕ Add")
        await told(bot, town.bob, "Which numbers come to Drivers?")
    async with town.bot() as again:
        again.tg.send_contact(town.bob, town.bob, "989120000020", "Ali")
        await joined(again)
        await told(again, town.bob, "✅ Bob added one number to Drivers")
        assert await held(again, "Drivers") == [ONE, TWO, THREE]


async def test_a_question_of_long_ago(bot: Running) -> None:
    """A quarter of an hour later a paste is no answer any more, unless it is a reply."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    asked = await told(bot, bob, "Which numbers come to Drivers?")
    await bot.sql("UPDATE questions SET asked_at = asked_at - 901")
    bot.tg.send_contact(bob, bob, "989120000020", "Ali")
    await joined(bot)
    assert await held(bot, "Drivers") == [ONE, TWO]
    bot.tg.send_contact(bob, bob, "989120000020", "Ali", reply_to=asked)
    await joined(bot)
    assert await held(bot, "Drivers") == [ONE, TWO, THREE]


async def test_in_a_group(bot: Running) -> None:
    """In a group only the reply of the one who was asked is taken, a file and a contact too."""
    bob, sara, group = bot.town.bob, bot.town.sara, bot.town.group
    await opened(bot)
    shown = await card(bot, bob, "Drivers", group)
    await bot.press(bob, shown, "➕ Add")
    asked = await bot.told(group, "Which numbers come to Drivers?")
    await bot.quiet()
    bot.tg.send_contact(bob, group, "989120000020", "Ali")
    bot.tg.send_contact(sara, group, "989120000020", "Ali", reply_to=asked)
    bot.tg.send_document(sara, group, "a.txt", b"09120000020", reply_to=asked)
    await joined(bot)
    assert await held(bot, "Drivers") == [ONE, TWO]
    assert (await bot.press(sara, asked, "↩️ Back")).text == (
        "Somebody else was asked this; nothing was done."
    )
    bot.tg.send_document(bob, group, "a.txt", b"09120000020", reply_to=asked)
    await joined(bot)
    await bot.told(group, "✅ Bob added one number to Drivers; it has 3 now.")
    assert await held(bot, "Drivers") == [ONE, TWO, THREE]


async def test_a_forwarded_file(bot: Running) -> None:
    """A file or contact of somebody else may be handed on to a list that waits."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    await told(bot, bob, "Which numbers come to Drivers?")
    theirs = bot.tg.send_document(bot.town.sara, bot.town.group, "a.txt", b"09120000020")
    bot.tg.forward(bob, bob, theirs)
    await joined(bot)
    assert await held(bot, "Drivers") == [ONE, TWO, THREE]


async def test_see_and_take_off(bot: Running) -> None:
    """Ten numbers a page; a tap takes one off, *Undo* puts it back to its place."""
    bob = bot.town.bob
    shown = await opened(bot, 12)
    await bot.press(bob, shown, "🔎 See / remove")
    await bot.shows(shown, "🔎 Drivers · 12 numbers, page 1 of 2")
    assert shown.buttons[0] == ["✖️ 09120000000"]
    assert shown.buttons[10:] == [["▶"], ["📇 Back to the list"]]
    await bot.press(bob, shown, "▶")
    await bot.shows(shown, "page 2 of 2")
    await bot.press(bob, shown, "✖️ 09120000100")
    await bot.shows(shown, "🔎 Drivers · 11 numbers, page 2 of 2")
    assert shown.buttons == [
        ["✖️ 09120000110"],
        ["◀"],
        ["↩️ Undo: 09120000100"],
        ["📇 Back to the list"],
    ]
    await bot.press(bob, shown, "↩️ Undo: 09120000100")
    await bot.shows(shown, "🔎 Drivers · 12 numbers, page 2 of 2")
    assert shown.buttons[:2] == [["✖️ 09120000100"], ["✖️ 09120000110"]]
    await bot.press(bob, shown, "📇 Back to the list")
    await bot.shows(shown, "📇 Drivers · 12 numbers")


async def test_an_empty_list(bot: Running) -> None:
    """The last number can go; the list is kept, and launches nothing."""
    bob = bot.town.bob
    shown = await opened(bot, 1)
    await bot.press(bob, shown, "🔎 See / remove")
    await bot.press(bob, shown, "✖️ 09120000000")
    await bot.press(bob, shown, "📇 Back to the list")
    await bot.shows(shown, "📇 Drivers · 0 numbers")
    assert shown.buttons == [
        ["➕ Add"],
        ["✏️ Rename"],
        ["🗑 Remove"],
        ["↩️ All lists"],
    ]
    forged = await bot.forge(bob, shown, "lcall:1")
    assert forged.text == "Drivers is empty; nothing was called. Add numbers to it first."


async def test_rename(bot: Running) -> None:
    """A reply with a name renames the list, and tells by whom."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "✏️ Rename")
    asked = await told(bot, bob, "What is Drivers called from now on?")
    assert "begins with a letter" in (await answer(bot, bob, asked, "7 days")).text
    renamed = await answer(bot, bob, asked, "Shift")
    assert renamed.text.splitlines()[:2] == ["✏️ Bob renamed Drivers.", "📇 Shift · 2 numbers"]
    assert await names(bot) == ["Shift"]


async def test_merge(bot: Running) -> None:
    """*Merge into…* asks for the list and once more; then there is one, and what is new in it."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "🔀 Merge into…")
    await bot.shows(shown, "🔀 There is no other list to merge Drivers into.")
    await make(bot, bot.town.sara, "Others", numbers(2, first=1))
    await bot.press(bob, shown, "📇 Back to the list")
    await bot.press(bob, shown, "🔀 Merge into…")
    await bot.shows(shown, "🔀 Which list do the 2 numbers of Drivers go into?")
    await bot.press(bob, shown, "Others · 2")
    await bot.shows(shown, "🔀 Put the 2 numbers of Drivers into Others (2), and remove Drivers?")
    await bot.press(bob, shown, "🔀 Merge")
    text = await bot.shows(shown, "🔀 Bob merged Drivers into Others: one number is new in it.")
    assert text.splitlines()[1:3] == [
        "🔁 One was repeated, or in it already.",
        "📇 Others · 3 numbers",
    ]
    assert await names(bot) == ["Others"]
    assert sorted(await held(bot, "Others")) == [ONE, TWO, THREE]


async def test_remove(bot: Running) -> None:
    """*Remove* asks once more; who comes later is told who has removed it."""
    bob, sara = bot.town.bob, bot.town.sara
    shown = await opened(bot)
    other = await card(bot, sara, "Drivers")
    await bot.press(bob, shown, "🗑 Remove")
    await bot.shows(shown, "🗑 Remove Drivers with its 2 numbers? Launches and schedules")
    await bot.press(bob, shown, "↩️ Keep it")
    await bot.shows(shown, "📇 Drivers · 2 numbers")
    await bot.press(bob, shown, "🗑 Remove")
    await bot.press(bob, shown, "🗑 Remove it")
    await bot.shows(shown, "🗑 Bob removed Drivers with its 2 numbers.")
    for label in ("📞 Call this list", "➕ Add", "✏️ Rename", "📄 Download"):
        late = await bot.press(sara, other, label)
        assert late.text == "Bob has removed Drivers; nothing was done. /lists shows all lists."
    assert await names(bot) == []


async def test_two_people_who_edit_one_list(bot: Running) -> None:
    """The second press does nothing, says who was faster, and shows the list as it is."""
    bob, sara = bot.town.bob, bot.town.sara
    shown = await opened(bot, 3)
    await bot.press(bob, shown, "🔎 See / remove")
    other = await card(bot, sara, "Drivers")
    await bot.press(sara, other, "🔎 See / remove")
    await bot.press(bob, shown, "✖️ 09120000000")
    late = await bot.press(sara, other, "✖️ 09120000010")
    assert late.show_alert
    assert late.text.startswith("Bob has changed Drivers meanwhile; nothing of yours was done.")
    await bot.shows(other, "📇 Drivers · 2 numbers\nChanged by Bob")
    assert await held(bot, "Drivers") == [TWO, THREE]
    assert (await recorded(bot, "Drivers"))[0].version == 2


async def test_numbers_for_a_list_that_has_changed(bot: Running) -> None:
    """They are not added; who sent them is told, and may send them again to the list as it is."""
    bob, sara = bot.town.bob, bot.town.sara
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    await told(bot, bob, "Which numbers come to Drivers?")
    other = await card(bot, sara, "Drivers")
    await bot.press(sara, other, "🔎 See / remove")
    await bot.press(sara, other, "✖️ 09120000000")
    await bot.quiet()
    bot.tg.send(bob, bob, "09120000020")
    await joined(bot)
    refused = await told(
        bot, bob, "Sara has changed Drivers meanwhile; nothing of yours was done."
    )
    assert "Which numbers come to Drivers?" in refused.text
    assert await held(bot, "Drivers") == [TWO]
    bot.tg.send(bob, bob, "09120000020")
    await joined(bot)
    await told(bot, bob, "✅ Bob added one number to Drivers; it has 2 now.")


async def test_five_taps_take_one_off(bot: Running) -> None:
    """However often a number is tapped, it goes once, and nothing else goes with it."""
    bob = bot.town.bob
    shown = await opened(bot, 3)
    await bot.press(bob, shown, "🔎 See / remove")
    await bot.shows(shown, "page 1 of 1")
    data = shown.inline_keyboard[0][0]["callback_data"]
    taps = [bot.tg.press_data(bob, shown, data) for _ in range(5)]
    said = [(await bot.tg.answer_of(tap)).text for tap in taps]
    assert sum(not text for text in said) == 1
    assert await held(bot, "Drivers") == [TWO, THREE]


async def test_many_that_cannot_be_called(bot: Running) -> None:
    """More than a message can list come as a file, each with its line and reason."""
    bob = bot.town.bob
    await opened(bot)
    bad = "\n".join(f"bad{n}x" for n in range(30))
    made = await make(bot, bob, "Others", f"09120000000\n{bad}")
    assert "⛔ 30 entries cannot be called:" in made.text
    file = await told(bot, bob, "⛔ 30 entries cannot be called.")
    assert b"line 31: bad29x" in bot.tg.file(file["document"]) or (
        b"line 32: bad29x" in bot.tg.file(file["document"])
    )
    nothing = await make(bot, bob, "Nothing", bad)
    assert nothing.text.startswith("None of this can be called; the lists are as before.")


async def test_the_record_is_busy(bot: Running) -> None:
    """A commit that fails may have taken effect, so it is not denied; nothing is half done."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    asked = await told(bot, bob, "Which numbers come to Drivers?")
    await bot.sql(
        "CREATE TRIGGER no_more BEFORE INSERT ON list_numbers"
        " BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    bot.tg.send(bob, bob, "09120000020", reply_to=asked)
    await joined(bot)
    await told(bot, bob, "The record could not be written. Look at /lists before")
    refused = await bot.ask(bob, "/lists new Others\n09120000020")
    assert refused.text.startswith("The record could not be written. Look at /lists before")
    assert (await recorded(bot, "Drivers"))[0].version == 1
    assert await names(bot) == ["Drivers"]


async def test_a_fault_of_our_own(bot: Running) -> None:
    """What was sent for a list is answered, whatever goes wrong with it."""
    bob = bot.town.bob
    shown = await opened(bot)
    await bot.press(bob, shown, "➕ Add")
    await told(bot, bob, "Which numbers come to Drivers?")
    await bot.sql("UPDATE questions SET about = 'nonsense'")
    bot.tg.send(bob, bob, "09120000020")
    await joined(bot)
    await told(bot, bob, "Something went wrong here, and it has been logged.")
    assert await held(bot, "Drivers") == [ONE, TWO]


async def test_somebody_else_takes_the_name(bot: Running) -> None:
    """The suggested name is for the one who was asked."""
    group = bot.town.group
    named = await bot.ask(bot.town.bob, "/lists new", group)
    await bot.quiet()
    said = await bot.press(bot.town.sara, named, "List 1")
    assert said.text == "Somebody else was asked this; nothing was done."
