"""A draft looked through, its list, files of several columns, a member's own number."""

from dataclasses import replace
from typing import Any

import pytest

from bot.calling.drafts import Content
from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.results import Asked
from bot.calling.sources.found import Column, Columns
from bot.texts import taking, thinning
from bot.texts.cards import plain
from tests.texts.scenes import ENGLISH, HOSTILE, labels_of, lines_of

CONTENT = Content(
    voice=None,
    retry_count=1,
    server_id=None,
    numbers=tuple(f"+98912{n:07d}" for n in range(23)),
)


def asked(**changes: Any) -> Asked:
    """A draft that differs so from a plain one."""
    return Asked(draft_id=1, token="t" * 12, content=replace(CONTENT, **changes))


def test_a_page() -> None:
    """Ten numbers, each with the place that it has in exactly this draft."""
    card = thinning.numbers(asked(), 2, ENGLISH)
    assert lines_of(card) == [
        "✏️ 23 numbers, page 2 of 3. Nothing is sent yet.",
        "A tap takes a number off.",
    ]
    assert card.rows[0][0].label == "✖️ 09120000010"
    assert card.rows[0][0].data == "off:tttttttttttt.10.2"
    assert [one.data for one in card.rows[10]] == ["see:tttttttttttt.1", "see:tttttttttttt.3"]
    assert card.rows[11][0].data == "card:tttttttttttt"


@pytest.mark.parametrize(("page", "shown"), [(0, 1), (1, 1), (3, 3), (4, 3), (999, 3)])
def test_a_page_that_is_no_more(page: int, shown: int) -> None:
    """Becomes the nearest one that there is."""
    text = lines_of(thinning.numbers(asked(), page, ENGLISH))[0]
    assert f"page {shown} of 3" in text


def test_one_number() -> None:
    """No pages to turn."""
    card = thinning.numbers(asked(numbers=CONTENT.numbers[:1]), 1, ENGLISH)
    assert lines_of(card)[0] == "✏️ One number, page 1 of 1. Nothing is sent yet."
    assert labels_of(card) == [["✖️ 09120000000"], ["↩️ Back"]]


def test_names_fit_their_button() -> None:
    """A long name is cut, and what would disturb the label is not in it."""
    names = {CONTENT.numbers[0]: "W" * 60, CONTENT.numbers[1]: "A\u202eli\n<b>"}
    card = thinning.numbers(asked(names=names), 1, ENGLISH)
    assert card.rows[0][0].label == f"✖️ 09120000000 · {'W' * 19}…"
    assert card.rows[1][0].label == "✖️ 09120000001 · Ali <b>"
    assert all(len(label) <= 40 for row in labels_of(card) for label in row)


def test_the_name_of_a_list() -> None:
    """Asked with a suggestion; what was saved is escaped."""
    card = thinning.ask_list_name(asked(), 3, ENGLISH)
    assert lines_of(card)[0].startswith("💾 What is the list of these 23 numbers called?")
    assert labels_of(card) == [["List 3"]]
    assert card.rows[0][0].data == "keepas:tttttttttttt.3"
    assert "<b>Sara" not in thinning.list_saved(HOSTILE, 23, ENGLISH)
    assert plain(thinning.list_saved("A", 1, ENGLISH)) == "💾 Saved as list A, with one number."


def test_several_columns() -> None:
    """Each with its letters, title or first number, and count; or all of them."""
    columns = Columns(
        sheet="S",
        columns=(
            Column("B", "mobile", 12, "+989120000001"),
            Column("C", "", 1200, "+989120000002"),
        ),
    )
    card = taking.ask_column("people.csv", columns, ENGLISH)
    assert labels_of(card) == [["B: mobile · 12"], ["C: 09120000002 · 1,200"], ["All of them"]]
    assert [row[0].data for row in card.rows] == ["column:B", "column:C", "column:all"]
    assert "Nothing is sent yet." in lines_of(card)[0]
    assert "<b>Sara" not in taking.ask_column(HOSTILE, columns, ENGLISH).text


def test_an_own_number() -> None:
    """What it is kept for."""
    assert plain(taking.number_kept("+989120000001", ENGLISH)) == (
        "✅ 09120000001 is kept as your number, for Call me first alone. Press that again in your "
        "draft."
    )


@pytest.mark.parametrize("problem", [Problem.ONLY_YOU, Problem.LAST_NUMBER])
def test_what_is_refused_is_read_whole(problem: Problem) -> None:
    """As an alert it has 200 characters."""
    said = taking.problem(UsageError(problem), ENGLISH)
    assert said is not None
    assert len(plain(said)) <= 200


def test_other_subjects_are_not_ours() -> None:
    """They are asked for elsewhere."""
    assert taking.problem(UsageError(Problem.NO_NUMBER), ENGLISH) is None
