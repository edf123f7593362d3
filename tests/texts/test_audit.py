"""The audit in sentences: every deed, every kind, and cards that fit a message."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.calling.audit import Deed
from bot.calling.audit_kinds import KINDS, Kind
from bot.calling.audit_trail import A_PAGE, AuditPage, Narrow, People, parse_subject
from bot.calling.days import Days
from bot.handlers import tokens
from bot.texts import audit
from bot.texts.audit_words import SENTENCES
from bot.texts.cards import Card, plain, too_long
from storage.models import AuditEntry
from tests.texts.scenes import ENGLISH, HOSTILE, NOW


def entry(number: int = 1, **changes: Any) -> AuditEntry:
    """Sara has held a batch in private."""
    made = AuditEntry(
        id=number,
        at=NOW,
        by_id=7,
        by_name="Sara",
        chat_id=7,
        deed=Deed.HELD,
        about="b12",
        before=None,
        after="person",
        hash="0" * 64,
    )
    return replace(made, **changes)


def page(*entries: AuditEntry, **changes: Any) -> AuditPage:
    """One page with these entries, and none before or behind."""
    made = AuditPage(narrow=Narrow(), entries=entries, newer=False, older=False)
    return replace(made, **changes)


def said(of: AuditEntry, **changes: Any) -> str:
    """The sentence of an entry."""
    return plain(audit.line(of, page(of, **changes), ENGLISH, NOW)).partition(" ")[2]


def check_buttons(card: Card) -> None:
    """Every button is one that is read again."""
    for row in card.rows:
        for one in row:
            tokens.split(one.data)


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_is_told_and_of_one_kind(deed: Deed) -> None:
    """No entry is told by its bare word, nor lost to those who look for its kind."""
    sentence = said(entry(deed=deed.value, about="x1"))
    assert sentence.startswith(plain(ENGLISH.say(SENTENCES[deed], who="Sara", what="x1")))
    assert [kind for kind, deeds in KINDS.items() if deed in deeds] != []
    assert sum(deeds.count(deed) for deeds in KINDS.values()) == 1


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_name(kind: Kind) -> None:
    """Kinds differ by their names, and each is on the pick list."""
    card = audit.kinds(Narrow(), ENGLISH)
    labels = [one.label for row in card.rows for one in row]
    assert labels.count(str(audit.kind(kind, ENGLISH))) == 1
    check_buttons(card)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Sara held #b12 · person · in private"),
        ({"after": None, "chat_id": None}, "Sara held #b12"),
        (
            {"deed": "list_renamed", "about": "list 5", "before": "A", "after": "B"},
            "Sara renamed list 5 · A → B · in private",
        ),
        ({"before": "held: away", "after": None}, "Sara held #b12 · held: away · in private"),
        ({"chat_id": -100}, "Sara held #b12 · person · in Team"),
        ({"chat_id": -200}, "Sara held #b12 · person · in c-200"),
        ({"by_id": 0, "by_name": "Callboard"}, "Callboard held #b12 · person · in private"),
        ({"deed": "juggled"}, "Sara: juggled #b12 · person · in private"),
    ],
)
def test_sentences(changes: dict[str, Any], words: str) -> None:
    """Who, what, to what, before and after, and where; also a word of another version."""
    assert said(entry(**changes), chats={-100: "Team"}) == words


def test_hostile_values() -> None:
    """Whatever people are called, the markup is ours, and their text is shown as it is."""
    hostile = entry(by_name=HOSTILE, about=HOSTILE, before=HOSTILE, after=HOSTILE, chat_id=-1)
    text = audit.line(hostile, page(chats={-1: HOSTILE}), ENGLISH, NOW)
    assert "<b>" not in text
    assert plain(text).count(HOSTILE[:20]) >= 4


def test_a_message_holds_a_page() -> None:
    """What does not fit is on the next page, which begins behind the last that is shown."""
    long = [
        entry(n, by_name="N" * 60, before="x" * 900, after="y" * 900) for n in range(50, 20, -1)
    ]
    card = audit.page(page(*long), ENGLISH, NOW)
    assert not too_long(card.text)
    shown = plain(card.text).count("NNN held")
    assert 0 < shown < len(long)
    [older] = [one for row in card.rows for one in row if one.label == "Older ▶"]
    assert older.data.startswith(f"audit:o{51 - shown}.")
    whole = audit.page(page(*long[:A_PAGE]), ENGLISH, NOW)
    assert plain(whole.text).count("\n") == A_PAGE - 1


def test_turning() -> None:
    """Older and newer pages are named by the entries at the ends."""
    found = page(entry(9), entry(8), newer=True, older=True)
    first, *_ = audit.page(found, ENGLISH, NOW).rows
    narrow = "x.x.x.x"
    assert [one.data for one in first] == [f"audit:e9.{narrow}", f"audit:o8.{narrow}"]
    only = audit.page(page(entry()), ENGLISH, NOW).rows
    assert [one.label for one in only[0]] == ["👤 Who", "🗂 What"]


def test_the_longest_filter_fits_a_button() -> None:
    """A person, a kind, days and a subject at once, on the buttons of each card."""
    days = Days(date(2025, 6, 1), date(2025, 6, 15))
    narrow = Narrow(by_id=9_999_999_999, kind=Kind.DATA, days=days, about="b123456")
    found = page(entry(9_999_999), newer=True, older=True, narrow=narrow, name="Sara")
    card = audit.page(found, ENGLISH, NOW)
    assert "🔎" in card.text
    assert card.rows[1][-1].data == "audit:n.x.x.x.x"
    people = People(narrow=narrow, people=((9_999_999_999, "S" * 60),), page=2, more=True)
    for one in (card, audit.people(people, ENGLISH), audit.kinds(narrow, ENGLISH)):
        check_buttons(one)


def test_nothing() -> None:
    """A page without entries says so, and still can be narrowed otherwise."""
    card = audit.page(page(narrow=Narrow(about="list 5")), ENGLISH, NOW)
    assert plain(card.text) == "🔎 list 5\nNo entries."
    assert card.rows[0][2].label == "✖️ All"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("b12", "b12"),
        ("#B12", "b12"),
        ("list 5", "list 5"),
        ("Schedule_4", "schedule 4"),
        ("voice3", "voice 3"),
        ("invite  1", "invite 1"),
        ("launch \u06f2", "launch 2"),
        ("u7", "u7"),
        ("c-1001234567890", "c-1001234567890"),
        ("b0", None),
        ("b", None),
        ("12", None),
        ("list", None),
        ("list 5 6", None),
        ("today", None),
    ],
)
def test_subjects(text: str, about: str | None) -> None:
    """An id in any spelling is what entries are about; anything else is none."""
    assert parse_subject(text) == about
