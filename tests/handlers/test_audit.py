"""`/audit`: a busy day of the team in sentences, for admins alone."""

import re

import pytest

from bot.calling.audit import Deed
from sandbox.telegram import Message
from storage.audit_chain import walk
from storage.models import AuditEntry
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.handlers.house import VOICE, Running

ADMINS = "Only admins may do this; nothing was done. An admin can change your role with /team."
_SARA = Recorded(id=500001, name="Sara")
EXPIRED = "This button has expired, and nothing was done."


async def entries(bot: Running) -> list[AuditEntry]:
    """Every entry, the oldest first."""
    return await bot.house.database.read(lambda tx: list(tx.audit.chain()))


def sentences(message: Message) -> list[str]:
    """The entries that a message shows, without their times."""
    lines = message.text.splitlines()
    return [line.partition(" ")[2] for line in lines if re.match(r"\d\d:\d\d ", line)]


async def past(bot: Running, count: int) -> None:
    """So many entries of Bob's."""
    bob = Recorded(id=bot.town.bob.id, name="Bob")

    def work(tx: Stores) -> None:
        for n in range(1, count + 1):
            now = bot.house.launches.now
            tx.audit.add(Deed.LAUNCHED, f"b{n}", at=now, by=bob, chat_id=bob.id, after="one")

    await bot.house.database.write(work)


async def test_a_launch_in_sentences(bot: Running) -> None:
    """Who launched what, and from which chat: a private one, or a group by its title."""
    await bot.ask(bot.town.bob, f"/call {VOICE} 09120000001")
    await bot.ask(bot.town.sara, f"/call {VOICE} 09120000002", bot.town.group)
    answer = await bot.ask(bot.town.sara, "/audit")
    assert sentences(answer) == [
        f"Sara launched #b2 · one number, voice {VOICE} · in Team",
        f"Bob launched #b1 · one number, voice {VOICE} · in private",
    ]


async def test_pages(bot: Running) -> None:
    """Ten a page; *Older* and *Newer* meet, also if something was added meanwhile."""
    sara = bot.town.sara
    await past(bot, 25)
    answer = await bot.ask(sara, "/audit")
    assert [line.split()[2] for line in sentences(answer)] == [f"#b{n}" for n in range(25, 15, -1)]
    await bot.turn(sara, answer, "Older ▶")
    await past(bot, 1)
    await bot.turn(sara, answer, "Older ▶")
    assert [line.split()[2] for line in sentences(answer)] == [f"#b{n}" for n in range(5, 0, -1)]
    assert answer.buttons[0] == ["◀ Newer"]
    await bot.turn(sara, answer, "◀ Newer")
    assert [line.split()[2] for line in sentences(answer)] == [f"#b{n}" for n in range(15, 5, -1)]
    assert answer.buttons[0] == ["◀ Newer", "Older ▶"]


async def test_narrowed(bot: Running) -> None:
    """By person and by kind, together; and all again."""
    sara, bob = bot.town.sara, bot.town.bob
    await bot.ask(bob, f"/call {VOICE} 09120000001")
    await bot.ask(sara, f"/call {VOICE} 09120000002")
    await bot.ask(bob, "/unpause")
    answer = await bot.ask(sara, "/audit")
    assert len(sentences(answer)) == 3
    await bot.turn(sara, answer, "👤 Who")
    assert answer.buttons == [["Bob"], ["Sara"], ["↩️ Back"]]
    await bot.turn(sara, answer, "Bob")
    assert answer.text.startswith("🔎 by Bob\n")
    assert [line.split()[0] for line in sentences(answer)] == ["Bob", "Bob"]
    await bot.turn(sara, answer, "🗂 What")
    await bot.turn(sara, answer, "refusals")
    assert answer.text.startswith("🔎 by Bob · refusals\n")
    assert sentences(answer) == [
        "Bob was refused for want of a right: /unpause · manager, needs admin · in private"
    ]
    await bot.turn(sara, answer, "Yesterday")
    assert answer.text.endswith("No entries.")
    await bot.turn(sara, answer, "✖️ All")
    assert len(sentences(answer)) == 3


async def test_by_subject_and_day(bot: Running) -> None:
    """The life of a batch, and the entries of days."""
    sara = bot.town.sara
    await past(bot, 3)
    answer = await bot.ask(sara, "/audit #b2")
    assert answer.text.startswith("🔎 #b2\n")
    assert len(sentences(answer)) == 1
    assert len(sentences(await bot.ask(sara, "/audit today"))) == 3
    assert sentences(await bot.ask(sara, "/audit 2020-01-01")) == []


async def test_in_plain_words(bot: Running) -> None:
    """A refused button by what it does, people by name, limits by theirs and in their unit."""
    sara, bob = bot.town.sara, bot.town.bob
    answer = await bot.ask(sara, "/audit", bot.town.group)
    await bot.press(bob, answer, "👤 Who")
    await bot.press(bob, answer, "👤 Who")
    await bot.ask(sara, "/limits set cost_day 50000")
    await bot.house.database.write(
        lambda tx: tx.audit.add(Deed.ROLE_CHANGED, f"u{bob.id} Bob", at=0.0, by=_SARA)
    )
    await bot.quiet()
    found = sentences(await bot.ask(sara, "/audit"))
    assert (
        "Bob was refused for want of a right: filter the audit · manager, needs admin · in Team"
    ) in found
    said = "\n".join(found)
    assert "Sara set the limit: 💰 Cost a day · off → 50,000 Toman" in said
    assert "Sara changed the role of Bob" in (await bot.ask(sara, "/audit")).text
    assert f"u{bob.id}" not in said
    assert "  " not in said


async def test_about_a_person(bot: Running) -> None:
    """Where nothing was done to them it says so, and a button shows what they did."""
    sara, bob = bot.town.sara, bot.town.bob
    await bot.ask(bob, f"/call {VOICE} 09120000001")
    answer = await bot.ask(sara, f"/audit u{bob.id}")
    assert answer.text == (
        f"🔎 u{bob.id}\nNo entries about this person. What they did themselves is below By them."
    )
    await bot.turn(sara, answer, "👤 By them")
    assert answer.text.startswith("🔎 by Bob\n")
    assert len(sentences(answer)) == 1
    found = await bot.ask(sara, "/audit b1 today")
    assert len(sentences(found)) == 1
    assert (await bot.ask(sara, "/audit b1 2020-01-01")).text.endswith("No entries.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/audit nothing", "nothing is nothing that the audit is about. Send for example"),
        ("/audit 2025-06-15..2025-06-01", "2025-06-15..2025-06-01 ends before it begins."),
    ],
)
async def test_bad_input(bot: Running, text: str, words: str) -> None:
    """What names no entries is said so."""
    assert (await bot.ask(bot.town.sara, text)).text.startswith(words)


async def test_for_admins_alone(bot: Running) -> None:
    """A manager may not look, by command or by a button that an admin has got."""
    answer = await bot.ask(bot.town.sara, "/audit", bot.town.group)
    assert (await bot.ask(bot.town.bob, "/audit", bot.town.group)).text == ADMINS
    await bot.tg.wait_for(lambda: answer.buttons)
    assert (await bot.press(bot.town.bob, answer, "👤 Who")).text == ADMINS
    await bot.quiet()
    rows = await entries(bot)
    assert [(row.deed, row.about, row.after) for row in rows] == [
        (Deed.TURNED_AWAY, "/audit", "manager, needs admin"),
        (Deed.TURNED_AWAY, "button auditby", "manager, needs admin"),
    ]
    assert {(row.by_name, row.chat_id) for row in rows} == {("Bob", bot.town.group.id)}


async def test_strangers_fill_no_record(bot: Running) -> None:
    """Whatever a stranger tries is in the log alone."""
    eve = bot.town.eve
    board = await bot.ask(bot.town.sara, f"/call {VOICE} 09120000001", bot.town.group)
    was = len(await entries(bot))
    for text in ("/audit", "/unpause", f"/call {VOICE} 09120000001"):
        bot.tg.calm(eve)
        await bot.ask(eve, text)
    await bot.forge(eve, board, "audit:n.x.x.x.x")
    await bot.quiet()
    assert len(await entries(bot)) == was


@pytest.mark.parametrize(
    "data",
    [
        "audit:n",
        "audit:n.x.x.x",
        "audit:q1.x.x.x.x",
        "audit:o.x.x.x.x",
        "audit:n.a.x.x.x",
        "audit:n.x.zz.x.x",
        "audit:n.x.x.soon.x",
        "audit:n.x.x.x.nothing",
        "auditby:z.1.x.x.x.x",
        "auditby:p.a.x.x.x.x",
        "auditby:p.1.x.x.x",
    ],
)
async def test_forged_buttons(bot: Running, data: str) -> None:
    """What no button of ours says has expired."""
    answer = await bot.ask(bot.town.sara, "/audit")
    assert (await bot.forge(bot.town.sara, answer, data)).text.startswith(EXPIRED)


async def test_a_busy_story_holds_no_number(bot: Running) -> None:
    """Lists, voices, launches, decisions, an own number: none of the numbers is in any entry."""
    sara, bob = bot.town.sara, bot.town.bob
    used = [f"0912000{n:04d}" for n in range(1, 31)]
    await bot.ask(sara, f"/voices add {VOICE} Voice of {used[0]}")
    card = await bot.ask(sara, f"/lists new Of {used[1]}")
    await bot.ask(sara, "\n".join(used), reply_to=card)
    await bot.ask(bob, f"/call {VOICE} {used[2]}")
    board = await bot.ask(bob, f"/call {VOICE} {' '.join(used)}")
    await bot.press(bob, board, "✅ Call 30")
    await bot.ask(bob, f"/audit {used[3]}")
    await bot.quiet()
    found = await entries(bot)
    assert walk(found).fault is None
    assert {row.deed for row in found} >= {
        Deed.VOICE_ADDED,
        Deed.LIST_CREATED,
        Deed.LAUNCHED,
        Deed.TURNED_AWAY,
    }
    digits = re.sub(r"\D", "", " ".join(f"{row!r}" for row in found))
    assert [number for number in used if number[-8:] in digits] == []


async def test_a_file_is_in_the_audit_before_it_leaves(bot: Running) -> None:
    """Who took which days in which form."""
    sara = bot.town.sara
    await bot.ask(sara, f"/call {VOICE} 09120000001")
    await bot.ask(sara, "/export today csv")
    await bot.quiet()
    [*_, last] = await entries(bot)
    assert (last.deed, last.by_name, last.after) == (Deed.EXPORTED, "Sara", "csv")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d", last.about)
