"""The do-not-call list in the chat: looked at by all, changed by managers with a reason."""

import csv
import io
import zipfile

import pytest

from bot.calling.do_not_call import A_PAGE
from sandbox.telegram import Message, Person
from storage.models import Person as Recorded
from storage.models import SubmissionState
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, Town, numbers
from tests.handlers.lists_house import answer, joined, make, told

ONE, TWO, THREE = "+989120000000", "+989120000010", "+989120000020"
WISH, WRONG = "Asked not to be called", "Wrong number"


async def put(bot: Running, *chosen: str) -> None:
    """Let Sara's numbers be on the list."""
    sara = Recorded(id=500001, name="Sara")
    await bot.house.database.write(
        lambda tx: tx.do_not_call.add_all(chosen, "a letter", now=0.0, by=sara)
    )


async def listed(bot: Running) -> dict[str, str]:
    """Who is on the list, and why, newest first."""
    found = await bot.house.database.read(lambda tx: tx.do_not_call.page())
    return {one.number: one.reason for one in found}


async def viewer(bot: Running) -> Person:
    """Eve, who may look."""

    def work(tx: Stores) -> None:
        eve = Recorded(id=bot.town.eve.id, name="Eve")
        tx.members.put(eve, "viewer", now=0.0, by=Recorded(id=500001, name="Sara"))

    await bot.house.database.write(work)
    return bot.town.eve


async def test_an_empty_list(bot: Running) -> None:
    """`/dnc` says what the list is, and offers to add."""
    menu = await bot.ask(bot.town.bob, "/dnc")
    assert menu.text == (
        "⛔ Do not call\nNobody is on the list. Whoever is put here is called by no launch, "
        "whatever was planned before."
    )
    assert menu.buttons == [["➕ Add", "📥 Import"]]
    refused = await bot.ask(bot.town.bob, "/dnc export")
    assert refused.text == "Nobody is on the do-not-call list, so there is nothing to export."


async def test_the_menu(bot: Running) -> None:
    """How many, the newest ten with who, when and why, and the pages."""
    await put(bot, *(f"+98912000{i:03d}0" for i in range(A_PAGE + 1)))
    menu = await bot.ask(bot.town.bob, "/dnc")
    lines = menu.text.splitlines()
    assert (lines[0], len(lines)) == ("⛔ Do not call · 11 numbers", 11)
    assert lines[1].startswith("09120000100 · ")
    assert lines[1].endswith(" · Sara: a letter")
    assert menu.buttons == [
        ["▶"],
        ["➕ Add", "🗑 Remove"],
        ["🔎 Check", "📥 Import"],
        ["📄 Export CSV", "📊 Export XLSX"],
    ]
    await bot.press(bot.town.bob, menu, "▶")
    await bot.tg.wait_for(lambda: menu.buttons[0] == ["◀"])
    assert len(menu.text.splitlines()) == 2


async def test_add_with_a_reason(bot: Running) -> None:
    """Numbers in any spelling, each once, for one reason; where they wait is told."""
    bob = bot.town.bob
    await put(bot, TWO)
    await make(bot, bob, "Drivers", "09120000000")
    persian = "09120000000".translate({48 + n: 0x6F0 + n for n in range(10)})
    text = f"/dnc add {persian}, 0912 000 0010 hello 09120000000\nthey wrote on 12 May"
    said = await bot.ask(bob, text)
    assert said.text.splitlines() == [
        "⛔ Bob put 09120000000 on the do-not-call list: they wrote on 12 May",
        "One was on it already, and stays as it is: 09120000010",
        "⏭ Skipped from now on in: one list.",
        "It has 2 numbers now.",
        "🔁 One was repeated.",
        "⛔ One entry cannot be called:",
        "  line 1: hello – letters",
    ]
    assert await listed(bot) == {ONE: "they wrote on 12 May", TWO: "a letter"}


async def test_add_asks_why(bot: Running) -> None:
    """Without a reason it is asked for; one tap gives it, and the question says what was done."""
    bob = bot.town.bob
    asked = await bot.ask(bob, f"/dnc add {numbers(2)}")
    assert asked.text == (
        "⛔ Why are these 2 numbers not to be called? Tap a reason, or reply with one. Nothing is "
        "changed yet."
    )
    assert asked.buttons == [[WISH, WRONG], ["✖️ Cancel"]]
    assert await listed(bot) == {}
    other = await bot.press(bot.town.sara, asked, WISH)
    assert other.text == "Somebody else was asked this; nothing was done."
    await bot.press(bob, asked, WISH)
    await bot.shows(asked, f"⛔ Bob put 2 numbers on the do-not-call list: {WISH}")
    assert asked.buttons == []
    assert await listed(bot) == {TWO: WISH, ONE: WISH}


async def test_a_typed_reason(bot: Running) -> None:
    """A reason may be typed; one without words is refused, and the question stays."""
    bob = bot.town.bob
    asked = await bot.ask(bob, "/dnc add 09120000000")
    assert asked.text.startswith("⛔ Why is 09120000000 not to be called?")
    assert (await answer(bot, bob, asked, "...")).text.startswith("A reason needs words;")
    long = await answer(bot, bob, asked, "a" * 201)
    assert long.text.startswith("This reason has more than 200 characters;")
    said = await answer(bot, bob, asked, "moved away")
    assert said.text.startswith("⛔ Bob put 09120000000 on the do-not-call list: moved away")
    late = await bot.press(bob, asked, WISH)
    assert late.text.startswith("This button has expired")


async def test_add_by_taps(bot: Running) -> None:
    """*Add* takes numbers and contacts that come in one go, with a reason among them or not."""
    bob = bot.town.bob
    menu = await bot.ask(bob, "/dnc")
    await bot.press(bob, menu, "➕ Add")
    asked = await told(bot, bob, "⛔ Who is not to be called any more?")
    assert asked.buttons == [["✖️ Cancel"]]
    for text, words in (("hello", "There is no number in this;"), ("0912 12", "None of this can")):
        bot.tg.send(bob, bob, text)
        await joined(bot)
        await told(bot, bob, words)
    bot.tg.send(bob, bob, "09120000000\nthey asked")
    bot.tg.send_contact(bob, bob, "+989120000010", "Ali")
    await joined(bot)
    await told(bot, bob, "⛔ Bob put 2 numbers on the do-not-call list: they asked")
    assert set(await listed(bot)) == {ONE, TWO}


async def test_import(bot: Running) -> None:
    """A file is answered by `/dnc import`: all of it for one reason, told as from a file."""
    bob, group = bot.town.bob, bot.town.group
    content = b"09120000000\n09120000010\nhello\n"
    file = bot.tg.send_document(bob, group, "a.txt", content)
    said = await bot.ask(bob, "/dnc import they wrote", group, reply_to=file)
    assert said.text.startswith("⛔ Bob put 2 numbers on the do-not-call list: they wrote")
    assert "hello – letters" in said.text
    empty = bot.tg.send_document(bob, group, "b.txt", b"")
    refused = await bot.ask(bob, "/dnc import", group, reply_to=empty)
    assert refused.text.startswith("This file is empty")
    deeds = await bot.house.database.read(lambda tx: [one.deed for one in tx.audit.chain()])
    assert deeds[-1] == "do_not_call_imported"


async def test_import_asks_for_a_file(bot: Running) -> None:
    """Alone it asks for a file; its caption is the reason, and a column is asked for."""
    bob = bot.town.bob
    asked = await bot.ask(bob, "/dnc import")
    assert asked.text.startswith("📥 Which file?")
    await bot.quiet()
    sheet = b"name,mobile,other\nAli,09120000000,09120000010\nSara,09120000020,09120000030\n"
    bot.tg.send_document(bob, bob, "a.csv", sheet, caption="by letter")
    await joined(bot)
    which = await told(bot, bob, "Several columns of a.csv look like numbers.")
    assert which.buttons[:3] == [["B: mobile · 2"], ["C: other · 2"], ["All of them"]]
    await bot.press(bob, which, "B: mobile · 2")
    await told(bot, bob, "⛔ Bob put 2 numbers on the do-not-call list: by letter")
    assert set(await listed(bot)) == {ONE, THREE}
    late = await bot.press(bob, which, "C: other · 2")
    assert late.text.startswith("This button has expired")


async def test_remove(bot: Running) -> None:
    """With a reason it is taken off; without one it is asked for."""
    bob = bot.town.bob
    await put(bot, ONE, TWO)
    said = await bot.ask(bob, "/dnc remove 0912 000 0000 they agreed")
    assert said.text == (
        "✅ Bob took 09120000000 off the do-not-call list; it can be called again."
    )
    again = await bot.ask(bob, "/dnc remove 09120000000 they agreed")
    assert again.text == "09120000000 is not on the do-not-call list; nothing was changed."
    asked = await bot.ask(bob, "/dnc remove 09120000010")
    assert asked.buttons[0] == ["They agreed", "It was a mistake"]
    await bot.press(bob, asked, "It was a mistake")
    await bot.shows(asked, "✅ Bob took 09120000010 off the do-not-call list")
    assert await listed(bot) == {}


async def test_remove_by_taps(bot: Running) -> None:
    """*Remove* asks for the number, then for the reason; what is not on the list is told."""
    bob = bot.town.bob
    await put(bot, ONE)
    menu = await bot.ask(bob, "/dnc")
    await bot.press(bob, menu, "🗑 Remove")
    asked = await told(bot, bob, "🗑 Which number may be called again?")
    wrong = await answer(bot, bob, asked, "hello")
    assert wrong.text.startswith("This is not one whole number;")
    off = await answer(bot, bob, asked, "09120000020")
    assert off.text == "09120000020 is not on the do-not-call list; nothing was changed."
    why = await answer(bot, bob, asked, "09120000000")
    said = await answer(bot, bob, why, "they agreed")
    assert said.text.startswith("✅ Bob took 09120000000 off")
    assert (await bot.ask(bob, "/dnc remove")).text.startswith("🗑 Which number")


async def test_check(bot: Running) -> None:
    """Every member may ask: since when, by whom, why, and what was before."""
    eve = await viewer(bot)
    free = await bot.ask(eve, "/dnc check 09120000000")
    assert free.text == "✅ 09120000000 is not on the do-not-call list."
    await bot.ask(bot.town.bob, "/dnc add 09120000000 because they asked")
    await bot.ask(bot.town.bob, "/dnc remove 09120000000 because they agreed")
    await bot.ask(bot.town.bob, "/dnc add 09120000000 because they asked again")
    said = await bot.ask(eve, "/dnc 0912 000 0000")
    now, before = said.text.splitlines()
    assert now.startswith("⛔ 09120000000 is on the do-not-call list since ")
    assert now.endswith(", by Bob: they asked again")
    assert before.startswith("From ")
    assert ", by Bob: they asked. Taken off " in before
    assert before.endswith(", by Bob: they agreed")
    assert said.buttons == []  # she may not take it off
    said = await bot.ask(bot.town.bob, "/dnc 0912 000 0000")
    assert said.buttons == [["🗑 Take it off"]]
    await bot.press(bot.town.bob, said, "🗑 Take it off")
    asked = await told(bot, bot.town.bob, "🗑 Why may 09120000000 be called again?")
    await bot.press(bot.town.bob, asked, "They agreed")
    await bot.shows(asked, "✅ Bob took 09120000000 off")
    late = await bot.press(bot.town.bob, said, "🗑 Take it off")
    assert late.text.startswith("This button has expired")


async def test_another_word(bot: Running) -> None:
    """Is answered with what can follow `/dnc`, not with what is wrong with a number."""
    said = await bot.ask(bot.town.bob, "/dnc foo")
    assert said.text.startswith("Nothing was changed. Send /dnc alone to see the list")
    assert "/dnc check 09120000001" in said.text


async def test_check_by_taps(bot: Running) -> None:
    """*Check* asks for the number; `/dnc check` alone does, too."""
    eve = await viewer(bot)
    await put(bot, ONE)
    menu = await bot.ask(eve, "/dnc")
    await bot.press(eve, menu, "🔎 Check")
    asked = await told(bot, eve, "🔎 Which number?")
    said = await answer(bot, eve, asked, "09120000000")
    assert said.text.startswith("⛔ 09120000000 is on the do-not-call list")
    assert (await bot.ask(eve, "/dnc check")).text.startswith("🔎 Which number?")


async def test_export(bot: Running) -> None:
    """The list as CSV or XLSX, and nothing in it that a sheet would run."""
    bob = bot.town.bob
    await put(bot, ONE)
    await bot.ask(bob, "/dnc add 09120000010 because =1+2")
    menu = await bot.ask(bob, "/dnc")
    await bot.press(bob, menu, "📄 Export CSV")
    file = await told(bot, bob, "⛔ Do not call: 2 numbers")
    assert file["document"]["file_name"] == "do-not-call.csv"
    rows = list(csv.reader(io.StringIO(bot.tg.file(file["document"]).decode("utf-8-sig"))))
    assert rows[0] == ["number", "since", "by", "reason"]
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [
        (TWO, "Bob", "'=1+2"),
        (ONE, "Sara", "a letter"),
    ]
    assert rows[2][1] == "1970-01-01 03:30:00"
    sent = await bot.ask(bob, "/dnc export xlsx")
    assert sent["document"]["file_name"] == "do-not-call.xlsx"
    book = zipfile.ZipFile(io.BytesIO(bot.tg.file(sent["document"])))
    assert ONE.encode() in book.read("xl/sharedStrings.xml")
    assert (await bot.ask(bob, "/dnc export json")).text == "Name one format: csv or xlsx."


async def test_a_file_that_cannot_be_made(bot: Running) -> None:
    """Where no file can be made that is said."""
    await put(bot, ONE)
    await bot.house.workshop.close()
    said = await bot.ask(bot.town.bob, "/dnc export")
    assert said.text.startswith("The file could not be made, and it has been logged why.")


@pytest.mark.parametrize("text", ["add 09120000000 x", "remove 09120000000 x", "import", "export"])
async def test_who_may_only_look(bot: Running, text: str) -> None:
    """A change and the whole list need a manager; it is said once who may."""
    eve = await viewer(bot)
    await put(bot, TWO)
    said = await bot.ask(eve, f"/dnc {text}")
    assert "manager" in said.text
    assert set(await listed(bot)) == {TWO}
    menu = await bot.ask(eve, "/dnc")
    assert menu.buttons == [["🔎 Check"]]
    for data in ("dncadd:numbers", "dncoff:x", "dncadd:file", "dncfile:csv"):
        assert (await bot.forge(eve, menu, data)).show_alert
    asked = await bot.ask(bot.town.bob, "/dnc add 09120000000")
    assert (await bot.press(eve, asked, WISH)).show_alert
    assert set(await listed(bot)) == {TWO}


@pytest.mark.parametrize(
    "data",
    [
        "dncadd:n1",
        "dncadd:n989111111",
        "dncadd:x",
        "dncadd:iabcdef",
        "dncoff:y",
        "dncoff:e99",
        "dncoff:ex",
        "dncsee:y",
        "dncfile:json",
        "dncwhy:wish",
        "dncpart:A",
        "dnc:x",
    ],
)
async def test_forged_data(bot: Running, data: str) -> None:
    """What no button of ours says is answered as an old button, and changes nothing."""
    menu = await bot.ask(bot.town.bob, "/dnc")
    assert (await bot.forge(bot.town.bob, menu, data)).text.startswith("This button has expired")
    assert await listed(bot) == {}


async def test_a_reason_that_no_button_has(bot: Running) -> None:
    """A forged reason is none, and the question stays."""
    bob = bot.town.bob
    asked = await bot.ask(bob, "/dnc add 09120000000")
    await bot.quiet()
    forged = await bot.forge(bob, asked, "dncwhy:because")
    assert forged.text.startswith("This button has expired")
    await bot.press(bob, asked, WRONG)
    await bot.shows(asked, f"⛔ Bob put 09120000000 on the do-not-call list: {WRONG}")


async def test_add_by_reply(bot: Running) -> None:
    """`/dnc add` takes the message that it answers; one without numbers is refused."""
    bob, group = bot.town.bob, bot.town.group
    message = bot.tg.send(bot.town.sara, group, numbers(2))
    said = await bot.ask(bob, "/dnc add they asked", group, reply_to=message)
    assert said.text.startswith("⛔ Bob put 2 numbers on the do-not-call list: they asked")
    nothing = bot.tg.send_document(bot.town.sara, group, "a.txt", b"")
    refused = await bot.ask(bob, "/dnc add", group, reply_to=nothing)
    assert refused.text.startswith("This file is empty")


async def test_a_long_add(bot: Running) -> None:
    """What follows a long `/dnc add` within 3 s is part of it."""
    bob = bot.town.bob
    bot.tg.send_long(bob, bob, "/dnc add " + numbers(400) + "\nby letter")
    await joined(bot)
    await told(bot, bob, "⛔ Bob put 400 numbers on the do-not-call list: by letter")


async def test_the_record_cannot_be_read(bot: Running) -> None:
    """A fault of the record is told with the command that says how things are."""
    bob = bot.town.bob
    asked = await bot.ask(bob, "/dnc add")
    await bot.quiet()
    await bot.sql("ALTER TABLE do_not_call RENAME TO elsewhere")
    said = await bot.ask(bob, "/dnc 09120000000")
    assert said.text.startswith("The record could not be written. Look at /dnc before")
    bot.tg.send(bob, bob, "09120000000 because x", reply_to=asked)
    await joined(bot)
    assert bot.said(bob)[-1].text.startswith("The record could not be written.")


async def called(bot: Running, text: str) -> Message:
    """Let Bob type a launch, and return the answer."""
    return await bot.ask(bot.town.bob, text)


async def test_a_number_that_is_looked_up(bot: Running) -> None:
    """A number's history offers *Do not call* to managers, and says who is on the list."""
    bob = bot.town.bob
    await called(bot, f"/call {VOICE} 09120000000")
    await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
    await bot.quiet()
    found = await bot.ask(bob, "/status 09120000000")
    assert found.buttons[-1] == ["⛔ Do not call"]
    eve = await viewer(bot)
    assert (await bot.ask(eve, "/status 09120000000")).buttons == []
    await bot.press(bob, found, "⛔ Do not call")
    asked = await told(bot, bob, "⛔ Why is 09120000000 not to be called?")
    await bot.press(bob, asked, WISH)
    await bot.shows(asked, "⛔ Bob put 09120000000 on the do-not-call list")
    again = await bot.ask(eve, "/status 09120000000")
    assert again.text.splitlines()[-1].startswith(
        "⛔ 09120000000 is on the do-not-call list since "
    )
    alone = await bot.ask(bob, "09120000010")
    assert alone.buttons[-1] == ["⛔ Do not call"]


async def test_a_typed_call_asks_first(bot: Running) -> None:
    """The card says whom it leaves out; if that is everybody, nothing is made."""
    await put(bot, TWO)
    draft = await called(bot, f"/call {VOICE} 09120000000 09120000010")
    assert "⛔ 1 do not call: 09120000010. Left out." in draft.text.splitlines()
    assert draft.buttons[0] == ["✅ Call 1"]
    refused = await called(bot, f"/call {VOICE} 09120000010")
    assert refused.text == (
        "This number is on the do-not-call list, and nothing was called. /dnc tells why."
    )
    spoken = await called(bot, "/say 09120000010\nThe shift begins.")
    assert spoken.text == refused.text
    assert bot.bitel.posts == 0


async def test_it_is_never_posted(town: Town) -> None:
    """A number that is added after *Call* is skipped, and board, end and look-up say why."""
    async with town.bot(undo_seconds=60.0, confirm_above=1) as bot:
        bob = town.bob
        draft = await bot.ask(bob, f"/call {VOICE} 09120000000 09120000010 09120000020")
        await bot.press(bob, draft, "✅ Call 3")
        await bot.shows(draft, "it can be undone until then")
        said = await bot.ask(bob, "/dnc add 09120000010 because they asked")
        assert "⏭ Skipped from now on in: one open batch." in said.text
        await bot.sql("UPDATE submissions SET not_before = 0")
        bot.house.signals.dialer.ring()
        await bot.tg.wait_for(lambda: bot.bitel.posts == 1)
        await bot.shows(draft, "⏭ 1 skipped: do not call.")
        await bot.shows(draft, "⏭ 09120000010 · skipped: do not call")
    assert sorted(call.number for call in town.bitel.calls.values()) == [
        "09120000000",
        "09120000020",
    ]


async def test_a_batch_of_nobody(town: Town) -> None:
    """A batch of which every number came on the list sends nothing, and says so."""
    async with town.bot(undo_seconds=60.0, confirm_above=1) as bot:
        bob = town.bob
        draft = await bot.ask(bob, f"/call {VOICE} 09120000000 09120000010")
        await bot.press(bob, draft, "✅ Call 2")
        await bot.shows(draft, "it can be undone until then")
        await bot.ask(bob, f"/dnc add {numbers(2)} because they asked")
        await bot.sql("UPDATE submissions SET not_before = 0")
        bot.house.signals.dialer.ring()
        await bot.shows(draft, "🏁 Nothing was sent: all 2 numbers were skipped.")
        assert "⏭ 2 skipped: do not call." in draft.text
        end = await bot.told(bob, "🏁 #b1")
        assert "⏭ 2 skipped: do not call." in end.text
        assert [part.state for part in await bot.parts()] == [SubmissionState.CANCELLED]
    assert town.bitel.posts == 0
