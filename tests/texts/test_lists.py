"""Lists: their menu, cards and pages, and all that is said about a change."""

from typing import Any

import pytest

from bot.calling.errors import ListChangedError, ListGoneError, UsageError
from bot.calling.list_changes import Saved
from bot.calling.lists import ListPage, Look
from bot.calling.numbers import Reason, Uncallable
from bot.calling.problems import Problem
from bot.calling.sources.found import ALL_COLUMNS, Column, Columns
from bot.texts import errors, list_changes, lists
from bot.texts.cards import Card, Question
from bot.texts.columns import column_of
from storage.models import ListNumber, NumberList
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    PERSIAN,
    fits_telegram,
    labels_of,
    lines_of,
)

LONGEST = "&" * 40
APART = f"\u2068{PERSIAN}\u2069"


def list_of(**facts: Any) -> NumberList:
    """A list of three numbers that Sara has made."""
    usual: dict[str, Any] = {
        "id": 7,
        "name": "Drivers",
        "numbers": 3,
        "version": 1,
        "made_by": 1,
        "made_name": "Sara",
        "made_at": NOW,
        "changed_by": 1,
        "changed_name": "Sara",
        "changed_at": NOW,
        "added_after": None,
        "used_at": None,
        "removed_at": None,
    }
    return NumberList(**(usual | facts))


def numbers_of(count: int, name: str | None = None) -> tuple[ListNumber, ...]:
    """So many numbers of a list."""
    return tuple(
        ListNumber(position=n, number=f"+98912{n:07d}", name=name) for n in range(1, count + 1)
    )


def look_of(shown: int = 3, whose: str | None = None, **facts: Any) -> Look:
    """A page of a list."""
    usual: dict[str, Any] = {"page": 1, "pages": 1, "taken_off": ()}
    of = {key: facts.pop(key) for key in list(facts) if key not in usual}
    return Look(list=list_of(**of), numbers=numbers_of(shown, whose), **(usual | facts))


def tokens_of(card: Card) -> list[str]:
    """What the buttons of a card send."""
    return [button.data for row in card.rows for button in row]


def test_the_menu() -> None:
    """Two lists a row, but for a long name, each with its count, and the pages around."""
    known = (list_of(), list_of(id=9, name="Guards"), list_of(id=8, name="x" * 40))
    card = lists.menu(ListPage(lists=known, page=2, more=True), ENGLISH)
    assert labels_of(card) == [
        ["Drivers · 3", "Guards · 3"],
        [f"{'x' * 27}… · 3"],
        ["◀", "▶"],
        ["➕ New list"],
    ]
    assert tokens_of(card) == ["lcard:7", "lcard:9", "lcard:8", "lists:1", "lists:3", "lnew:x"]


def test_a_card() -> None:
    """Name, count, who made or changed it, the first five numbers, and what can be done."""
    card = lists.card(look_of(5, whose=PERSIAN, numbers=7), 1000, ENGLISH, NOW)
    assert lines_of(card)[:3] == [
        "📇 Drivers · 7 numbers",
        "Made by Sara, 18:04",
        f"09120000001 · {APART}",
    ]
    assert lines_of(card)[-1] == "… and 2 more"
    changed = lists.card(look_of(1, numbers=1, version=2, changed_name=HOSTILE), 1, ENGLISH, NOW)
    assert lines_of(changed)[:2] == ["📇 Drivers · one number", f"Changed by {HOSTILE}, 18:04"]
    six = lists.card(look_of(5, numbers=6), 1000, ENGLISH, NOW)
    assert lines_of(six)[-1] == "… and one more"
    assert "lcall:7" in tokens_of(six)


def test_a_card_of_a_list_that_is_too_large() -> None:
    """It says so, and has no button that calls."""
    card = lists.card(look_of(5, numbers=1001), 1000, ENGLISH, NOW)
    assert "⚠️ It is too large to be called: one batch may have 1,000 numbers" in card.text
    assert "lcall:7" not in tokens_of(card)


def test_a_page_of_numbers() -> None:
    """A button for each number; what a name holds is shown as it stands, and set apart."""
    card = lists.see(look_of(1, whose=f"<i>{PERSIAN}</i> & co", page=2, pages=3), ENGLISH)
    assert labels_of(card) == [
        [f"✖️ 09120000001 · \u2068<i>{PERSIAN}</i> & co\u2069"],
        ["◀", "▶"],
        ["📇 Back to the list"],
    ]
    assert tokens_of(card)[0] == "loff:7.1.1.2"
    undo = lists.see(look_of(0, numbers=0, taken_off=numbers_of(1)), ENGLISH)
    assert labels_of(undo)[0] == ["↩️ Undo: 09120000001"]
    assert lines_of(undo) == ["🔎 Drivers is empty."]


def test_an_empty_list_has_nothing_to_merge() -> None:
    """Neither of the two steps offers what would do nothing."""
    empty = list_of(numbers=0)
    page = ListPage(lists=(list_of(id=8),), page=1, more=False)
    for card in (
        lists.merge_into(empty, page, ENGLISH),
        lists.merge_sure(empty, list_of(id=8), ENGLISH),
    ):
        assert lines_of(card) == ["🔀 Drivers is empty: there is nothing to merge."]
        assert labels_of(card) == [["📇 Back to the list"]]


def test_which_list_to_merge_into() -> None:
    """All lists but this one; a page that is empty without it says nothing wrong."""
    one, other = list_of(), list_of(id=8, name="Others")
    card = lists.merge_into(one, ListPage(lists=(one, other), page=1, more=True), ENGLISH)
    assert tokens_of(card) == ["linto:7.1.8.1", "lmerge:7.1.2", "lcard:7"]
    alone = lists.merge_into(one, ListPage(lists=(one,), page=1, more=False), ENGLISH)
    assert lines_of(alone) == ["🔀 There is no other list to merge Drivers into."]


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_asked_once_more(count: int) -> None:
    """Before a list is gone, and when it is, its count is named."""
    of = list_of(numbers=count)
    words = "one number" if count == 1 else "3 numbers"
    for card in (
        lists.remove_sure(of, ENGLISH),
        lists.removed(of, ENGLISH),
        lists.merge_sure(of, list_of(id=8), ENGLISH),
        Card(list_changes.file_caption(of, ENGLISH)),
    ):
        assert words in card.text


def saved_of(added: int, repeated: int = 0, **facts: Any) -> Saved:
    """What came of adding."""
    return Saved(list=list_of(**facts), added=added, repeated=repeated)


@pytest.mark.parametrize(
    ("added", "repeated", "words"),
    [
        (1, 0, ["✅ Sara added one number to <b>Drivers</b>; it has 3 now."]),
        (
            2,
            1,
            [
                "✅ Sara added 2 numbers to <b>Drivers</b>; it has 3 now.",
                "🔁 One was repeated, or in it already.",
            ],
        ),
        (
            0,
            2,
            [
                "All of these are in <b>Drivers</b> already; it has 3 as before.",
                "🔁 2 were repeated, or in it already.",
            ],
        ),
    ],
)
def test_added(added: int, repeated: int, words: list[str]) -> None:
    """Who added how many to what, and what was in it already."""
    assert list_changes.added(saved_of(added, repeated), ENGLISH) == words


def test_what_came_of_a_change() -> None:
    """Each change is told with who made it."""
    made = list_changes.made(saved_of(1), ENGLISH)
    assert made == ["✅ Sara saved <b>Drivers</b> with one number."]
    merged = list_changes.merged(saved_of(2), list_of(name="Others"), ENGLISH)
    assert merged[0].startswith("🔀 Sara merged <b>Others</b> into <b>Drivers</b>: 2 numbers are")
    assert list_changes.renamed(list_of(), "Old", ENGLISH) == ["✏️ Sara renamed <b>Old</b>."]
    assert list_changes.undone(list_of(), ENGLISH) == ["↩️ Sara undid the last change."]
    assert list_changes.no_file(ENGLISH).startswith("The file could not be made")
    first = list_changes.more(saved_of(3), [], ENGLISH, private=True)
    assert labels_of(first) == [["✅ Done"]]
    later = list_changes.more(saved_of(3, version=2), [], ENGLISH, private=False)
    assert tokens_of(later) == ["ldone:7", "lundo:7.2.0"]
    known = saved_of(0, version=2)
    instead = list_changes.more(known, [], ENGLISH, private=True, instead=True)
    assert tokens_of(instead) == ["ldone:7", "linstead:7.2.0"]


def test_a_new_name_is_typed() -> None:
    """The question for it opens the answer in the person's app."""
    assert list_changes.ask_new_name(list_of(), ENGLISH).below == Question("A new name")


def test_which_column() -> None:
    """Each column with its title or its first number, its count, and all together."""
    columns = (
        Column("A", PERSIAN, 3, "+989120000001"),
        Column("AB", "", 1200, "+989120000001"),
    )
    card = list_changes.ask_column(HOSTILE, Columns(sheet=None, columns=columns), ENGLISH)
    assert labels_of(card) == [
        [f"A: {APART} · 3"],
        ["AB: 09120000001 · 1,200"],
        ["All of them"],
    ]
    assert HOSTILE in lines_of(card)[0]
    assert column_of("AB") == "AB"
    assert column_of(tokens_of(card)[-1].partition(":")[2]) == ALL_COLUMNS


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            UsageError(Problem.NO_LIST_NAMED, "x", nearest=("Drivers", "Teachers")),
            "No list is called x; nothing was done. Do you mean Drivers, Teachers?",
        ),
        (
            UsageError(Problem.NO_LIST_NAMED, "x"),
            "No list is called x; nothing was done. /lists shows all lists.",
        ),
        (
            UsageError(Problem.LIST_NO_NUMBER),
            "There is no number in this; the lists are as before.",
        ),
        (
            UsageError(
                Problem.LIST_NOTHING_CALLABLE, uncallable=(Uncallable("x", 1, Reason.LETTERS),)
            ),
            "None of this can be called; the lists are as before.\n⛔ One entry",
        ),
        (UsageError(Problem.LIST_EMPTY, "x"), "x is empty; nothing was called."),
        (
            UsageError(Problem.LIST_TOO_LARGE, "x", 1000),
            "x is too large; nothing was called. One batch may have 1,000 numbers at most",
        ),
        (
            UsageError(Problem.LIST_FULL, "x", 100_000),
            "x would have more than 100,000 numbers; nothing was changed.",
        ),
        (
            ListChangedError(list_of(changed_name="Bob")),
            "Bob has changed Drivers meanwhile; nothing of yours was done.",
        ),
        (
            ListGoneError(list_of(changed_name="Bob")),
            "Bob has removed Drivers; nothing was done.",
        ),
    ],
)
def test_what_was_wrong(problem: UsageError, words: str) -> None:
    """What was wrong, what was not done, and what to do next."""
    assert errors.error(problem, ENGLISH).startswith(words)


def test_everything_fits() -> None:
    """The longest names and largest counts fit a message and its buttons."""
    big = {
        "id": 10**12,
        "name": LONGEST,
        "version": 10**9,
        "numbers": 10**5,
        "changed_name": "😀" * 64,
    }
    of = list_of(**big)
    look = look_of(10, whose="&" * 60, page=10**4, pages=10**5, taken_off=numbers_of(1), **big)
    found = ListPage(lists=(of,) * 16, page=2, more=True)
    source = list_of(**(big | {"id": 10**12 + 1}))
    long = Columns(sheet=None, columns=(Column("ABC", "&" * 60, 10**6, "+989120000001"),) * 20)
    saved = Saved(
        list=of,
        added=10**5,
        repeated=10**5,
        uncallable=(Uncallable("&" * 40, 10**5, Reason.KIND),) * 100,
    )
    for card in (
        lists.menu(found, ENGLISH),
        lists.card(look, 1000, ENGLISH, NOW, list_changes.made(saved, ENGLISH)),
        lists.see(look, ENGLISH),
        lists.merge_into(source, found, ENGLISH),
        lists.merge_sure(source, of, ENGLISH),
        lists.remove_sure(of, ENGLISH),
        list_changes.ask_column("&" * 200, long, ENGLISH),
        list_changes.more(saved, list_changes.added(saved, ENGLISH), ENGLISH, private=True),
    ):
        assert fits_telegram(card) == []
