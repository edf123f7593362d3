"""Lists in the chat: the menu, making one in every way, its card, its file and its launch."""

import pytest

from bot.calling.drafts import Content
from sandbox.telegram import Message, Refused
from storage.models import Person
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town, numbers
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
from tests.texts.scenes import PERSIAN

ONE, TWO, THREE = "+989120000000", "+989120000010", "+989120000020"


async def test_an_empty_menu(bot: Running) -> None:
    """`/lists` says what a list is, and offers to make one."""
    menu = await bot.ask(bot.town.bob, "/lists")
    assert menu.text.startswith("📇 Lists\nNone is saved yet.")
    assert menu.buttons == [["➕ New list"]]


async def test_a_list_by_taps(bot: Running) -> None:
    """New list, the suggested name, a paste: a list, without a typed character."""
    bob = bot.town.bob
    menu = await bot.ask(bob, "/lists")
    await bot.press(bob, menu, "➕ New list")
    named = await told(bot, bob, "What is the new list called?")
    assert named.buttons == [["List 1"], ["✖️ Cancel"]]
    await bot.press(bob, named, "List 1")
    asked = await told(bot, bob, "Which numbers are in List 1?")
    assert asked.buttons == [["✖️ Cancel"]]
    bot.tg.send(bob, bob, f"{numbers(2)} hello")
    await joined(bot)
    made = await told(bot, bob, "saved List 1")
    assert made.text.splitlines() == [
        "✅ Bob saved List 1 with 2 numbers.",
        "⛔ One entry cannot be called:",
        "  line 1: hello – letters",
        UNTIL_DONE,
    ]
    assert made.buttons == [["✅ Done"]]
    assert await held(bot, "List 1") == [ONE, TWO]
    await bot.press(bob, made, "✅ Done")
    assert (
        (await bot.shows(made, "📇 List 1 · 2 numbers")).splitlines()[1].startswith("Made by Bob")
    )
    assert made.buttons == [
        ["📞 Call this list"],
        ["➕ Add", "🔎 See / remove"],
        ["✏️ Rename", "🔀 Merge into…"],
        ["📄 Download", "🗑 Remove"],
        ["↩️ All lists"],
    ]
    await bot.press(bob, made, "↩️ All lists")
    await bot.shows(made, "Those used last come first.")
    assert made.buttons == [["List 1 · 2"], ["➕ New list"]]


async def test_a_typed_name(bot: Running) -> None:
    """A name in reply is taken; one that is none is answered in words, and asked for still."""
    bob = bot.town.bob
    await make(bot, bob, "Drivers", numbers(1))
    named = await bot.ask(bob, "/lists new")
    for text, words in (
        ("drivers", "Drivers is the name of another list; nothing was changed."),
        ("x" * 41, "This name has more than 40 characters"),
        ("7 days", "A name does not begin with a digit"),
    ):
        assert words in (await answer(bot, bob, named, text)).text
    asked = await answer(bot, bob, named, "Night  drivers")
    assert "Which numbers are in Night drivers?" in asked.text
    assert "There is no number in this" in (await _paste(bot, asked, "  ,  ")).text
    refused = await _paste(bot, asked, "hello")
    assert refused.text.splitlines()[0] == "None of this can be called; the lists are as before."
    assert await names(bot) == ["Drivers"]
    await _paste(bot, asked, numbers(3))
    assert await held(bot, "Night drivers") == [ONE, TWO, THREE]


async def _paste(bot: Running, question: Message, text: str) -> Message:
    """Let Bob answer a question by a paste."""
    await bot.quiet()
    sent = bot.tg.send(bot.town.bob, bot.town.bob, text, reply_to=question)
    await joined(bot)
    return await bot.tg.next_message(bot.town.bob, after=sent)


async def test_by_command(bot: Running) -> None:
    """`/lists new <name>` takes the lines below, and counts lines as they stand in the message."""
    made = await bot.ask(bot.town.bob, "/lists new Drivers\n09120000000, 09120000000\nhello")
    assert made.text.splitlines() == [
        "✅ Bob saved Drivers with one number.",
        "🔁 One was repeated, or in it already.",
        "⛔ One entry cannot be called:",
        "  line 3: hello – letters",
        UNTIL_DONE,
    ]
    taken = await bot.ask(bot.town.sara, "/lists new drivers\n09120000010")
    assert taken.text.startswith("Drivers is the name of another list; nothing was changed.")
    nothing = await bot.ask(bot.town.sara, "/lists new Others\nhello")
    assert nothing.text.startswith("None of this can be called; the lists are as before.")
    assert await names(bot) == ["Drivers"]


async def test_by_reply(bot: Running) -> None:
    """`/lists new <name>` takes the message that it answers: a text, a contact, a file."""
    bob, group = bot.town.bob, bot.town.group
    text = bot.tg.send(bot.town.sara, group, numbers(2))
    contact = bot.tg.send_contact(bot.town.sara, group, "989120000020", "Sara <b>", last_name="M")
    file = bot.tg.send_document(bot.town.sara, group, "a.txt", numbers(3).encode())
    for name, replied in (("Text", text), ("Contact", contact), ("File", file)):
        made = await bot.ask(bob, f"/lists new {name}", group, reply_to=replied)
        assert f"✅ Bob saved {name} with " in made.text
    assert await held(bot, "Text") == [ONE, TWO]
    assert [(n.number, n.name) for n in (await recorded(bot, "Contact"))[1]] == [
        (THREE, "Sara <b> M")
    ]
    assert await held(bot, "File") == [ONE, TWO, THREE]
    empty = bot.tg.send_document(bot.town.sara, group, "b.txt", b"")
    refused = await bot.ask(bob, "/lists new Empty", group, reply_to=empty)
    assert "✅" not in refused.text
    assert len(await names(bot)) == 3


async def test_a_command_that_telegram_cut(bot: Running) -> None:
    """What follows a long `/lists new` within 3 s is part of it."""
    bob = bot.town.bob
    text = "/lists new Drivers\n" + "\n".join(f"0912{i:06d}0" for i in range(400))
    bot.tg.send_long(bob, bob, text)
    await joined(bot)
    assert "✅ Bob saved Drivers with 400 numbers." in (await told(bot, bob, "saved")).text


async def test_contacts_and_files_in_one_go(bot: Running) -> None:
    """What comes within 3 s is one answer; contacts and files bring names; all is in its order."""
    bob = bot.town.bob
    named = await bot.ask(bob, "/lists new")
    await answer(bot, bob, named, "Drivers")
    bot.tg.send(bob, bob, "09120000000")
    bot.tg.send_contact(bob, bob, "+989120000010", "Ali")
    bot.tg.send_document(bob, bob, "more.csv", f"name,phone\n{PERSIAN},09120000020\n".encode())
    bot.tg.send_contact(bob, bob, "+989120000010", "Ali again")
    bot.tg.send_contact(bob, bob, "+4915112345678", "Abroad")
    await joined(bot)
    made = await told(bot, bob, "saved Drivers")
    assert made.text.splitlines()[:3] == [
        "✅ Bob saved Drivers with 3 numbers.",
        "🔁 One was repeated, or in it already.",
        "⛔ One entry cannot be called:",
    ]
    _, every = await recorded(bot, "Drivers")
    assert [(one.number, one.name) for one in every] == [
        (ONE, None),
        (TWO, "Ali"),
        (THREE, PERSIAN),
    ]


async def test_one_bad_file_keeps_nothing_else_out(bot: Running) -> None:
    """What is wrong with one thing is said beside what was saved of the others."""
    bob = bot.town.bob
    await make(bot, bob, "Drivers", numbers(1))
    bot.tg.send_document(bob, bob, "b.bin", b"")
    bot.tg.send_contact(bob, bob, "+989120000010", "Ali")
    await joined(bot)
    added = await told(bot, bob, "added one number")
    assert len(added.text.splitlines()) == 3
    bot.tg.send_document(bob, bob, "b.bin", b"")
    await joined(bot)
    assert "✅" not in bot.said(bob)[-1].text
    assert await held(bot, "Drivers") == [ONE, TWO]


async def test_which_column(bot: Running) -> None:
    """A sheet with two columns of numbers is asked about, and the one that is tapped is taken."""
    bob = bot.town.bob
    sheet = "name,mobile,other\nAli,09120000000,09120000010\nSara,09120000020,09120000030\n"
    await make(bot, bob, "Drivers", "09120000040")
    bot.tg.send_document(bob, bob, "a.csv", sheet.encode())
    await joined(bot)
    asked = await told(bot, bob, "Several columns of a.csv look like numbers.")
    assert asked.buttons == [
        ["B: mobile · 2"],
        ["C: other · 2"],
        ["All of them"],
        ["✖️ Cancel"],
    ]
    assert (await bot.press(bot.town.sara, asked, "B: mobile · 2")).text == (
        "Somebody else was asked this; nothing was done."
    )
    await bot.press(bob, asked, "B: mobile · 2")
    await told(bot, bob, "✅ Bob added 2 numbers to Drivers; it has 3 now.")
    assert (await held(bot, "Drivers"))[1:] == [ONE, THREE]
    late = await bot.press(bob, asked, "C: other · 2")
    assert late.text.startswith("This button has expired")


async def test_a_list_of_a_file_with_two_columns(bot: Running) -> None:
    """The question which column is meant may come before there is a list; then it is made."""
    asked = await _two_columns(bot)
    assert await names(bot) == []
    await bot.press(bot.town.bob, asked, "All of them")
    await bot.told(bot.town.group, "✅ Bob saved Drivers with 4 numbers.")


async def test_a_file_that_is_gone(bot: Running) -> None:
    """A file that Telegram does not give any more is told of, and changes nothing."""
    asked = await _two_columns(bot)
    bot.tg.fail("getFile", Refused(400, "Bad Request: wrong file_id"))
    await bot.press(bot.town.bob, asked, "All of them")
    await bot.quiet()
    assert await names(bot) == []
    assert len(bot.said(bot.town.group)) == 2


async def _two_columns(bot: Running) -> Message:
    """What is asked when a list is to be made of a file in which two columns are numbers."""
    group = bot.town.group
    sheet = b"mobile,other\n09120000000,09120000010\n09120000020,09120000030\n"
    file = bot.tg.send_document(bot.town.sara, group, "a.csv", sheet)
    asked = await bot.ask(bot.town.bob, "/lists new Drivers", group, reply_to=file)
    await bot.quiet()
    return asked


async def test_a_file_that_is_too_large(bot: Running) -> None:
    """A file over 2 MB is refused before it is fetched."""
    bob, group = bot.town.bob, bot.town.group
    file = bot.tg.send_document(bob, group, "a.txt", b"0" * 2_000_001)
    refused = await bot.ask(bob, "/lists new Drivers", group, reply_to=file)
    assert "MB" in refused.text
    assert bot.tg.calls_of("getFile") == []


async def test_a_card(bot: Running) -> None:
    """Name, count, who made it, and the first numbers with their names, escaped and apart."""
    bob = bot.town.bob
    contact = bot.tg.send_contact(bob, bob, "989120000000", f"<b>{PERSIAN}</b>")
    await bot.ask(bob, "/lists new Drivers", reply_to=contact)
    await bot.quiet()
    bot.tg.send(bob, bob, numbers(6, first=1))
    await joined(bot)
    shown = await card(bot, bob, "drivers")
    assert shown.text.splitlines()[0] == "📇 Drivers · 7 numbers"
    assert shown.text.splitlines()[1].startswith("Changed by Bob, ")
    assert shown.text.splitlines()[2:] == [
        f"09120000000 · \u2068<b>{PERSIAN}</b>\u2069",
        "09120000010",
        "09120000020",
        "09120000030",
        "09120000040",
        "… and 2 more",
    ]


async def test_an_unknown_list(bot: Running) -> None:
    """A name that no list has is answered with the nearest ones."""
    await make(bot, bot.town.bob, "Drivers", numbers(1))
    near = await card(bot, bot.town.bob, "Driver")
    assert near.text == "No list is called Driver; nothing was done. Do you mean Drivers?"
    far = await card(bot, bot.town.bob, "zzz")
    assert far.text == "No list is called zzz; nothing was done. /lists shows all lists."


async def test_pages_of_the_menu(bot: Running) -> None:
    """Sixteen lists a page, two a row, last used first."""
    for number in range(18):
        await bot.house.database.write(
            lambda tx, n=number: tx.lists.create(  # type: ignore[misc]  # a lambda's default
                f"List {n}", f"list {n}", by=Person(id=1, name="Ann"), now=float(n)
            )
        )
    menu = await bot.ask(bot.town.bob, "/lists")
    assert menu.buttons[0] == ["List 17 · 0", "List 16 · 0"]
    assert menu.buttons[8:] == [["▶"], ["➕ New list"]]
    await bot.press(bot.town.bob, menu, "▶")
    await bot.tg.wait_for(
        lambda: menu.buttons == [["List 1 · 0", "List 0 · 0"], ["◀"], ["➕ New list"]]
    )


async def test_call_this_list(bot: Running) -> None:
    """*Call this list* is a draft that asks for the voice; confirming it calls the list."""
    bob = bot.town.bob
    await make(bot, bob, "Drivers", numbers(2))
    shown = await card(bot, bob, "Drivers")
    said = await bot.press(bob, shown, "📞 Call this list")
    assert said.text == "One moment…"
    draft = await bot.tg.next_message(bob, after=shown)
    assert "2 numbers" in draft.text
    content = Content.load((await bot.draft(draft)).content)
    assert (content.voice, content.numbers) == (None, (ONE, TWO))
    assert (content.list_ref, content.list_name) == (1, "Drivers")
    assert bot.bitel.posts == 0


async def test_call_with_the_default_voice(bot: Running) -> None:
    """With a default voice the list is answered by the confirm card itself."""
    bob = bot.town.bob
    await make(bot, bob, "Drivers", numbers(2))

    def choose(tx: Stores) -> None:
        ref = tx.voices.add(VOICE, "Shift", "shift", by=Person(id=1, name="Ann"), now=0.0)
        tx.choices.choose_voice(bob.id, ref)

    await bot.house.database.write(choose)
    shown = await card(bot, bob, "Drivers")
    await bot.press(bob, shown, "📞 Call this list")
    draft = await bot.tg.next_message(bob, after=shown)
    await bot.press(bob, draft, "✅ Call 2")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
    batch = await bot.batch()
    assert (batch.voice, batch.list_name, batch.numbers) == (VOICE, "Drivers", 2)


async def test_a_list_that_is_too_large(town: Town) -> None:
    """It is kept, its card says that it is too large, and it launches nothing."""
    async with town.bot(max_numbers=2) as bot:
        await make(bot, town.bob, "Drivers", numbers(3))
        shown = await card(bot, town.bob, "Drivers")
        assert "⚠️ It is too large to be called: one batch may have 2 numbers" in shown.text
        assert shown.buttons[0] == ["➕ Add", "🔎 See / remove"]
        forged = await bot.forge(town.bob, shown, "lcall:1")
        assert forged.text.startswith("Drivers is too large; nothing was called.")
    assert town.bitel.posts == 0


async def test_download(bot: Running) -> None:
    """The file holds every number with its name, and nothing that a sheet would run."""
    bob = bot.town.bob
    contact = bot.tg.send_contact(bob, bob, "989120000000", "=1+2")
    await bot.ask(bob, "/lists new Drivers", reply_to=contact)
    await bot.quiet()
    bot.tg.send(bob, bob, "09120000010")
    await joined(bot)
    shown = await card(bot, bob, "Drivers")
    await bot.press(bob, shown, "📄 Download")
    file = await told(bot, bob, "📇 Drivers: 2 numbers")
    assert file["document"]["file_name"] == "list-1.csv"
    content = bot.tg.file(file["document"])
    assert content.decode("utf-8-sig") == (
        "number,name\r\n+989120000000,'=1+2\r\n+989120000010,\r\n"
    )


async def test_a_file_that_cannot_be_made(bot: Running) -> None:
    """Where no file can be made that is said, and the list is as before."""
    bob = bot.town.bob
    await make(bot, bob, "Drivers", numbers(1))
    shown = await card(bot, bob, "Drivers")
    await bot.house.workshop.close()
    await bot.press(bob, shown, "📄 Download")
    await told(bot, bob, "The file could not be made, and it has been logged why.")


async def test_the_record_cannot_be_read(bot: Running) -> None:
    """A command that the record fails denies nothing, and it is said where the lists stand."""
    await bot.sql("ALTER TABLE lists RENAME TO lists_elsewhere")
    said = await bot.ask(bot.town.bob, "/lists")
    assert said.text.startswith("The record could not be written. Look at /lists before")


async def test_an_old_press_drafts_nothing(bot: Running) -> None:
    """A press that Telegram takes no answer for any more makes no draft."""
    bob = bot.town.bob
    await make(bot, bob, "Drivers", numbers(1))
    shown = await card(bot, bob, "Drivers")
    said = len(bot.said(bob))
    await bot.press_late(bob, shown, "📞 Call this list")
    assert len(bot.said(bob)) == said


async def test_a_stranger(bot: Running) -> None:
    """Somebody who may not launch sees, makes and changes no list."""
    eve, group = bot.town.eve, bot.town.group
    await make(bot, bot.town.bob, "Drivers", numbers(1))
    shown = await card(bot, bot.town.bob, "Drivers", group)
    assert "ask an admin" in (await bot.ask(eve, "/lists")).text
    for data in ("lists:1", "lcard:1", "lsure:1.1", "loff:1.1.1.1", "lfile:1", "lcall:1"):
        assert (await bot.forge(eve, shown, data)).show_alert
    bot.tg.send_contact(eve, eve, "989120000010", "Ali")
    bot.tg.send_document(eve, group, "a.txt", numbers(2).encode(), reply_to=shown)
    await joined(bot)
    assert await held(bot, "Drivers") == [ONE]
    assert (await recorded(bot, "Drivers"))[0].version == 1


@pytest.mark.parametrize(
    "data", ["lcard:99", "lsee:99.1", "lcall:99", "lcard:x", "loff:1.1", "ladd:99.1"]
)
async def test_forged_data(bot: Running, data: str) -> None:
    """A list that never was, or data of another form, is answered as an old button."""
    menu = await bot.ask(bot.town.bob, "/lists")
    assert (await bot.forge(bot.town.bob, menu, data)).text.startswith("This button has expired")
