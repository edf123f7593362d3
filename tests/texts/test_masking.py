"""Where numbers are masked: their form, every text that shows one, and no way around it."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.calling.errors import NothingFoundError, UsageError
from bot.calling.history import History, Sought
from bot.calling.lists import Look
from bot.calling.numbers import (
    KINDS,
    NumberReader,
    Reason,
    Uncallable,
    national,
    normalise_digits,
)
from bot.calling.problems import Asked as Kind
from bot.calling.problems import Problem
from bot.calling.sources.found import Column, Columns
from bot.texts import (
    board,
    calls,
    draft,
    errors,
    exports,
    history,
    list_changes,
    lists,
    own_number,
    taking,
    thinning,
    uncallable,
)
from bot.texts.cards import Card
from bot.texts.language import Language
from bot.texts.table import values
from storage.masking import ends, masked
from storage.models import CallStatus, ListNumber, SubmissionState
from storage.stores.archive import Sums
from tests.texts.scenes import ENGLISH, NOW, TEHRAN, part, pick_of, view_of
from tests.texts.test_lists import list_of
from tests.texts.test_table import entry
from tests.texts.test_thinning import asked

S, C = SubmissionState, CallStatus
MASKED = replace(ENGLISH, masked=True)
NUMBER = "+989120000012"
NATIONAL, ENDS = "09120000012", "0912…012"
SPELLINGS = (
    NATIONAL,
    NUMBER,
    "00989120000012",
    "0912 000 0012",
    "0912-000-0012",
    "(0912) 000.0012",
    "۰۹۱۲۰۰۰۰۰۱۲",
    "\u0660\u0669\u0661\u0662 000 \u0660\u0660\u0661\u0662",
    "0912\u200c000\u200c0012",
)
TYPED = Uncallable("0912 000 00123", 1, Reason.WRONG_LENGTH)
LINES = view_of(part(S.ACCEPTED, 1, C.NORMAL), call={"number": NUMBER, "name": NATIONAL}).calls
FOUND = History(
    of=Sought(number=NUMBER),
    lines=LINES,
    page=1,
    pages=2,
    total=11,
    sums=Sums(calls=11, answered=1, talk=1, cost=1),
)
LOOK = Look(
    list=list_of(name=f"List of {NATIONAL}"),
    numbers=(
        ListNumber(position=1, number=NUMBER, name=None),
        ListNumber(position=2, number="+989120000013", name=NATIONAL),
    ),
    page=1,
    pages=1,
    taken_off=(ListNumber(position=3, number=NUMBER, name=None),),
)
COLUMNS = Columns(
    sheet=None, columns=(Column("A", "", 2, NUMBER), Column("B", NATIONAL, 2, NUMBER))
)
ASKED = asked(numbers=(NUMBER, "+989120000013"), names={NUMBER: NATIONAL}, uncallable=(TYPED,))


def text_of(card: Card | Markup | list[Markup] | str) -> str:
    """All that a card says and its buttons hold."""
    if isinstance(card, list):
        return "\n".join(card)
    if not isinstance(card, Card):
        return str(card)
    return "\n".join([card.text, *(f"{one.label} {one.data}" for row in card.rows for one in row)])


SHOWN: dict[str, Callable[[Language], Card | Markup | list[Markup] | str]] = {
    "board": lambda lang: board.board(
        replace(view_of(part(S.ACCEPTED, 1, C.NORMAL)), calls=LINES, picks=(pick_of((1, 12)),)),
        lang,
        NOW,
    ),
    "draft": lambda lang: draft.card(ASKED, lang, NOW),
    "thinning": lambda lang: thinning.numbers(ASKED, 1, lang),
    "history": lambda lang: history.history(FOUND, lang, NOW),
    "offer": lambda lang: history.offer(Sought(number=NUMBER), FOUND, lang, can_call=True),
    "list": lambda lang: lists.card(LOOK, 1000, lang, NOW),
    "list's numbers": lambda lang: lists.see(LOOK, lang),
    "list's columns": lambda lang: list_changes.ask_column(NATIONAL, COLUMNS, lang),
    "columns": lambda lang: taking.ask_column(NATIONAL, COLUMNS, lang),
    "own number": lambda lang: own_number.kept(NUMBER, lang),
    "kept": lambda lang: taking.number_kept(NUMBER, lang),
    "uncallable": lambda lang: uncallable.listed((TYPED,), lang),
    "uncallable file": lambda lang: uncallable.file((TYPED,), lang).decode(),
    "nothing found": lambda lang: errors.error(NothingFoundError(NATIONAL, Kind.NUMBER), lang),
    "an option": lambda lang: errors.error(
        UsageError(Problem.UNKNOWN_OPTION, f"{NATIONAL}="), lang
    ),
    "a list's name": lambda lang: errors.error(UsageError(Problem.NO_LIST_NAMED, NATIONAL), lang),
    "a row": lambda lang: "\n".join(
        str(value) for value in values(entry(call={"number": NUMBER, "name": NATIONAL}), lang)
    ),
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling(text: str) -> None:
    """However a number is written: how it begins and its last three digits, the rest unseen."""
    shown = str(MASKED.say("{text}", text=text))
    assert shown.lstrip("(") in {ENDS, "0098…012"}
    assert str(ENGLISH.say("{text}", text=text)) == text


def test_at_least_four_digits_stay_unseen() -> None:
    """Of a short number less is shown; what is shorter than eight digits is none."""
    assert MASKED.free("12345678") == "1…678"
    assert MASKED.free("+4915112345678") == "0151…678"
    assert MASKED.free("+00000000") == "0…000"
    assert MASKED.free("1234567") == "1234567"


def test_what_is_no_number_stays() -> None:
    """Ids of calls, dates, hours, money and counts are read as ever."""
    for text in ("08e815cbcd724386805103ac0d45e4c2", "2025-06-15", "18:04", "1,234,567", "b12"):
        assert str(MASKED.say("{text}", text=text)) == text


def test_examples_stay() -> None:
    """The number in an example is nobody's."""
    assert "09120000001" in str(errors.error(UsageError(Problem.NO_ARGUMENTS), MASKED))


def test_which_chats() -> None:
    """Groups and channels, if the team wants it so; never a private chat."""
    assert not ENGLISH.in_chat(-100).masked
    wanted = Language("en", TEHRAN, masks_groups=True)
    assert wanted.in_chat(-100123).masked
    assert not wanted.in_chat(500001).masked
    assert not wanted.in_chat(-1).in_chat(500001).masked


@pytest.mark.parametrize("of", SHOWN)
def test_every_text_that_shows_a_number(of: str) -> None:
    """Masked, it stands nowhere in it, also not in what a button holds; else it is whole."""
    digits = re.sub(r"[^0-9a-z…]", "", text_of(SHOWN[of](MASKED)))
    assert "9120000012" not in digits
    assert "9120000013" not in digits
    assert "…012" in digits or "…123" in digits
    whole = text_of(SHOWN[of](ENGLISH))
    assert "9120000012" in re.sub(r"\D", "", whole)


@pytest.mark.parametrize(
    "caption",
    [
        lambda lang: exports.batch_caption(1, 2, 1, 1, lang),
        lambda lang: exports.batch_caption(1, 2, 1, 2, lang),
        lambda lang: list_changes.file_caption(list_of(), lang),
    ],
)
def test_captions(caption: Callable[[Language], Markup]) -> None:
    """Below a masked file it says where the whole one is; below a whole file nothing of that."""
    assert "In our private chat" in caption(MASKED)
    assert "private" not in caption(ENGLISH)


def test_redacted() -> None:
    """A redacted number is shown by the beginning of its hash, masked or not, in a file too."""
    redacted = f"#{'12345678' * 8}"
    for lang in (ENGLISH, MASKED):
        assert lang.say("{number}", number=calls.number(redacted)) == "#12345678"
        assert calls.in_file(redacted, lang) == "#12345678"
    assert calls.in_file(NUMBER, ENGLISH) == NUMBER
    assert calls.in_file(NUMBER, MASKED) == ENDS


def test_no_name_gets_around_it() -> None:
    """What people named may hold a number: no label, f-string or format takes it as it is."""
    found = []
    for path in sorted(Path(board.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts: list[ast.expr] = []
            if isinstance(node, ast.FormattedValue):
                parts = [node.value]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"button", "Button"}:
                parts = node.args[:1]
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".format"):
                parts = [keyword.value for keyword in node.keywords]
            found += [
                f"{path.name}: {said}"
                for said in map(ast.unparse, parts)
                if re.search(r"\.\w*name\b", said) and "lang." not in said
            ]
    # The keys of the private chat's keyboard.
    assert set(found) == {"home.py: launch.name", "home.py: one.name"}


def test_no_text_gets_around_it() -> None:
    """Numbers come into a text by a sentence alone: never by an f-string, and never as markup."""
    found = []
    for path in sorted(Path(board.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts: list[ast.expr] = []
            if isinstance(node, ast.FormattedValue):
                parts = [node.value]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"Markup", "escape"}:
                parts = node.args
            for inner in parts:
                said = ast.unparse(inner)
                if re.search(r"\bnumber\(|national\(|\.(number|example|numbers\[)", said):
                    found.append(f"{path.name}: {said}")
    assert [one for one in found if "lang.number(" not in one and "batch.numbers" not in one] == []
    spelt = [
        path.name
        for path in Path(board.__file__).parent.glob("*.py")
        if re.search(r"import .*\bnational\b", path.read_text(encoding="utf-8"))
    ]
    assert sorted(spelt) == ["calls.py", "language.py"]


READERS = {
    region: NumberReader(region, frozenset(KINDS)) for region in ("IR", "DE", "GB", "AE", "TR")
}
TYPED_SO = st.one_of(
    st.sampled_from("0123456789"),
    st.sampled_from(["\u06f0", "\u06f9", "\u0661", "\uff12"]),
    st.sampled_from(
        list(" -./()+,;:|*'\"!?…•·_#\u060c\u061b\u200b\u200c\u2013\u00a0\ufe0f\u20e3\n")
    ),
    st.sampled_from(["09120000001", "+98 912", "0098", "912 000", "0001", "021 ", "0049 151"]),
    st.sampled_from(
        ["2026-01-31", "08:00", "1,000,000", "0912…012", "…0001", "b12", "u7", "c-100"]
    ),
    st.sampled_from(["x", "and", "ext", "شماره", "    ", " . . ", " -- -- "]),
)


@pytest.mark.parametrize("region", READERS)
@given(parts=st.lists(TYPED_SO, max_size=24))
@settings(max_examples=300, deadline=None)
def test_whatever_the_reader_reads(region: str, parts: list[str]) -> None:
    """A number that would be called out of a text stands in the masked one no more."""
    text = "".join(parts)
    for shown in (ends, MASKED.free):
        hidden = masked(text, shown)
        assert masked(hidden, shown) == hidden
        assert read_in(hidden, region) == set()
        left = re.sub(r"[^0-9]", "", normalise_digits(hidden))
        assert not {number for number in read_in(text, region) if number in left}


def read_in(text: str, region: str) -> set[str]:
    """The numbers of eight digits and more that would be called, without their trunk prefix."""
    found = {national(number).lstrip("0") for number in READERS[region].read(text).numbers}
    return {number for number in found if len(number) >= 8}
