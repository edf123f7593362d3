"""In a private chat nobody sees a button that they may not press; a group shows all of them."""

import pytest
from markupsafe import Markup

from bot.calling.rights import Rights, Role
from bot.handlers.seeing import Seeing, may_use
from bot.texts.cards import Button, Card, Verb, button
from sandbox.telegram import Person
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.handlers.house import VOICE, Running, numbers

CARD = Card(
    Markup("What now?"),
    (
        (button("Call", Verb.CONFIRM, "t"), button("Later", Verb.LATER, "t")),
        (button("Add", Verb.DNC_ADD, "numbers"),),
        (button("Page", Verb.PAGE, 1, 1),),
        (button("Panel", Verb.PANEL, "p", 1),),
    ),
)


async def give(bot: Running, person: Person, role: str) -> None:
    """Give a person a role behind everybody's back."""

    def work(tx: Stores) -> None:
        sara = Recorded(id=500001, name="Sara")
        tx.members.put(Recorded(id=person.id, name="Eve"), role, now=0.0, by=sara)

    await bot.house.database.write(work)


def labels(card: Card) -> list[list[str]]:
    """The labels of a card, row by row."""
    return [[one.label for one in row] for row in card.rows]


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("viewer", [["Page"]]),
        ("launcher", [["Call"], ["Page"]]),
        ("manager", [["Call", "Later"], ["Add"], ["Page"]]),
    ],
)
async def test_what_a_role_sees(bot: Running, role: str, shown: list[list[str]]) -> None:
    """What the table allows in a private chat, and no empty row; a group sees everything."""
    await give(bot, bot.town.eve, role)
    seeing = Seeing(bot.house.rights)
    fitted = await seeing.fit(bot.town.eve.id, CARD)
    assert (labels(fitted), fitted.text) == (shown, CARD.text)
    assert await seeing.fit(bot.town.group.id, CARD) is CARD


async def test_a_record_that_cannot_be_read(bot: Running) -> None:
    """All buttons are shown: a press is refused anyway. A card without buttons needs no record."""
    database = bot.house.database
    seeing = Seeing(Rights(frozenset(), frozenset(), database))
    await bot.sql("ALTER TABLE members RENAME TO away")
    try:
        assert await seeing.fit(bot.town.eve.id, CARD) is CARD
        bare = Card(Markup("Hello"))
        assert await seeing.fit(bot.town.eve.id, bare) is bare
    finally:
        await bot.sql("ALTER TABLE away RENAME TO members")


def test_a_button_of_no_table() -> None:
    """Stays: what became of it is said when it is pressed."""
    assert may_use(Button("Old", "gone:1"), Role.VIEWER)
    assert may_use(Button("Odd", "no data"), Role.VIEWER)


async def test_a_launchers_draft(bot: Running) -> None:
    """Has no *Later* in private, also after an edit; the same draft has it in a group."""
    eve = bot.town.eve
    await give(bot, eve, "launcher")
    text = f"/call {VOICE} {numbers(21)}"
    card = await bot.ask(eve, text)
    whole = [label for row in card.buttons for label in row]
    assert "🕘 Later" not in whole
    await bot.turn(eve, card, "✏️ See / remove")
    assert not any("list" in label.lower() for row in card.buttons for label in row)
    await bot.turn(eve, card, "↩️ Back")
    assert [label for row in card.buttons for label in row] == whole
    theirs = await bot.ask(eve, text, bot.town.group)
    assert "🕘 Later" in [label for row in theirs.buttons for label in row]


async def test_a_viewers_menu(bot: Running) -> None:
    """Has nothing to add or import; the card under *More* has no launches."""
    await give(bot, bot.town.eve, "viewer")
    assert (await bot.ask(bot.town.eve, "/dnc")).buttons == []
    more = await bot.ask(bot.town.eve, "☰ More")
    assert more.buttons == [["🔊 Voices", "📇 Lists"], ["🕘 Schedules"], ["📈 Report"]]
