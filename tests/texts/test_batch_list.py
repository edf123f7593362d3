"""All batches, and the pick lists that narrow them."""

from datetime import date
from typing import Any

import pytest

from bot.calling.archive import BatchPage, Choices, Filter
from bot.calling.days import Days
from bot.texts import batch_list
from bot.texts.cards import plain
from storage.models import BatchState, Course, Played, StopReason
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    VOICE,
    batch_of,
    fits_telegram,
    labels_of,
    lines_of,
)

JUNE = date(2025, 6, 15)
ALL = Filter()
NARROW = Filter(author_id=500001, voice_of=12, days=Days(date(2025, 6, 9), JUNE))
WORST = Played("&" * 64, "😀" * 40)
NARROW_TOKEN = "500001.12.20250609-20250615"


def page(*batches: Any, which: Filter = ALL, **facts: Any) -> BatchPage:
    """One page of the list."""
    usual = {"author_name": None, "played": None, "page": 1, "more": False}
    return BatchPage(filter=which, batches=batches, **(usual | facts))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (BatchState.RUNNING, "📤 sending"),
        (BatchState.HELD, "⏸ held"),
        (BatchState.FINISHED, "✅ 1 answered"),
        (BatchState.STOPPED, "⏹ stopped · ✅ 1 answered"),
    ],
)
def test_batches(state: BatchState, words: str) -> None:
    """One line each: number, hour, author, count and state, and how it went once it is over."""
    batches = batch_of(3, state=state), batch_of(1, state=state, author_name=HOSTILE)
    found = page(*batches, courses={12: Course(answered=1)})
    card = batch_list.batches(found, ENGLISH, NOW)
    assert lines_of(card) == [
        f"#b12 · 18:04 · Sara · 3 numbers · {words}",
        f"#b12 · 18:04 · {HOSTILE} · one number · {words}",
    ]


def test_an_undone_batch() -> None:
    """It called nobody, so that no figures follow."""
    undone = batch_of(30, state=BatchState.STOPPED, stop_reason=StopReason.UNDONE)
    (line,) = lines_of(batch_list.batches(page(undone), ENGLISH, NOW))
    assert line == "#b12 · 18:04 · Sara · 30 numbers · ↩️ undone"


@pytest.mark.parametrize("state", [BatchState.FINISHED, BatchState.STOPPED])
def test_open_calls_of_a_batch(state: BatchState) -> None:
    """Nothing is left to send, but phones may still ring: the list says how many."""
    found = page(batch_of(30, state=state), courses={12: Course(answered=1200, open=3)})
    (line,) = lines_of(batch_list.batches(found, ENGLISH, NOW))
    assert line == "#b12 · 18:04 · Sara · 30 numbers · ⏳ 3 open · ✅ 1,200 answered"


def test_buttons_of_the_whole_list() -> None:
    """It can be narrowed by person, voice and day; the days are those of the press."""
    card = batch_list.batches(page(batch_of(), more=True), ENGLISH, NOW)
    assert labels_of(card) == [
        ["🔄 1", "▶"],
        ["👤 Person", "🔊 Voice"],
        ["Today", "Yesterday"],
        ["7 days", "📅 A day…"],
    ]
    assert [button.data for row in card.rows for button in row] == [
        *("list:1.x.x.x", "list:2.x.x.x"),
        *("narrow:p.1.x.x.x", "narrow:v.1.x.x.x"),
        *("list:1.x.x.today", "list:1.x.x.yesterday", "list:1.x.x.7d", "narrow:d.1.x.x.x"),
    ]


def test_a_narrowed_list() -> None:
    """It says by what, and its buttons keep it; *All* shows everything again."""
    found = page(
        batch_of(), which=NARROW, author_name=HOSTILE, played=Played(VOICE), page=2, more=True
    )
    card = batch_list.batches(found, ENGLISH, NOW)
    assert lines_of(card)[0] == f"🔎 by {HOSTILE} · voice {VOICE} · 9 Jun 2025 – 15 Jun 2025"
    assert labels_of(card)[:2] == [["◀", "🔄 2", "▶"], ["👤 Person", "🔊 Voice", "✖️ All"]]
    assert card.rows[0][2].data == f"list:3.{NARROW_TOKEN}"
    assert card.rows[1][0].data == f"narrow:p.1.{NARROW_TOKEN}"
    assert card.rows[1][2].data == "list:1.x.x.x"
    assert card.rows[2][0].data == "list:1.500001.12.today"


def test_somebody_without_a_name() -> None:
    """Who is narrowed to but has never launched is named by their id."""
    found = page(which=Filter(author_id=7))
    assert lines_of(batch_list.batches(found, ENGLISH, NOW)) == ["🔎 by u7", "No more batches."]


def test_no_batches() -> None:
    """Before the first launch, after the last page, and where nothing fits."""
    none = batch_list.batches(page(), ENGLISH, NOW)
    assert (plain(none.text), none.rows) == ("Nothing has been launched yet.", ())
    beyond = batch_list.batches(page(page=9), ENGLISH, NOW)
    assert plain(beyond.text) == "No more batches."
    assert labels_of(beyond)[0] == ["◀", "🔄 9"]
    day = page(which=Filter(days=Days(JUNE, JUNE)))
    assert lines_of(batch_list.batches(day, ENGLISH, NOW)) == [
        "🔎 15 Jun 2025",
        "No more batches.",
    ]


def test_pick_lists() -> None:
    """Persons and voices one a row, days three; each leads to the first page of its filter."""
    persons = Choices(
        filter=NARROW,
        offered=(("Sara", Filter(author_id=1)), ("x" * 30, Filter(author_id=2))),
        page=2,
        more=True,
    )
    card = batch_list.choices(persons, batch_list.PERSON, ENGLISH)
    assert plain(card.text) == "Whose batches?"
    assert labels_of(card) == [["Sara"], ["x" * 23 + "…"], ["◀", "▶"], ["↩️ Back"]]
    assert [button.data for row in card.rows for button in row] == [
        *("list:1.1.x.x", "list:1.2.x.x"),
        *(f"narrow:p.1.{NARROW_TOKEN}", f"narrow:p.3.{NARROW_TOKEN}", f"list:1.{NARROW_TOKEN}"),
    ]
    days = Choices(
        filter=ALL,
        offered=tuple(
            (day, Filter(days=Days(day, day))) for day in (date(2025, 6, d) for d in range(1, 5))
        ),
        page=1,
        more=False,
    )
    card = batch_list.choices(days, batch_list.DAY, ENGLISH)
    assert labels_of(card) == [
        ["1 Jun 2025", "2 Jun 2025", "3 Jun 2025"],
        ["4 Jun 2025"],
        ["↩️ Back"],
    ]
    assert card.rows[0][0].data == "list:1.x.x.20250601-20250601"


def test_the_pick_list_of_voices() -> None:
    """A voice by its name, by its id if it has none, a spoken text by its first words."""
    played = (
        Played(VOICE, "Shift call"),
        Played(VOICE),
        Played("text:1", spoken="The shift begins at six o'clock."),
    )
    offered = tuple((one, Filter(voice_of=n)) for n, one in enumerate(played))
    voices = Choices(filter=ALL, offered=offered, page=1, more=False)
    card = batch_list.choices(voices, batch_list.VOICE, ENGLISH)
    assert plain(card.text) == "Batches with which voice?"
    assert labels_of(card)[:3] == [
        *(["Shift call"], [VOICE[:23] + "…"], ["🗣 The shift begins at s…"]),
    ]


def test_a_list_says_what_was_played_in_words() -> None:
    """A batch whose voice has a name says it; an id would only lengthen the line."""
    spoken = batch_of(voice="text:1", spoken="Hello\nthere")
    found = page(batch_of(voice_name=HOSTILE), spoken, played=Played(VOICE, "Shift"))
    assert [
        line.partition(" · 18")[0] for line in lines_of(batch_list.batches(found, ENGLISH, NOW))
    ] == [
        *("🔎 voice Shift", f"#b12 · {HOSTILE}", "#b12 · 🗣 Hello there"),
    ]


def test_the_worst_list_fits() -> None:
    """Ten batches with long names, and the largest ids in every button."""
    which = Filter(author_id=2**42, voice_of=10**9, days=Days(date(2025, 6, 9), JUNE))
    batch = batch_of(id=10**9, author_name="😀" * 64, voice_name="😀" * 40)
    found = page(*[batch] * 10, which=which, author_name="😀" * 64, played=WORST, page=10**6)
    assert fits_telegram(batch_list.batches(found, ENGLISH, NOW)) == []
    picked = Choices(filter=which, offered=((WORST, which),) * 8, page=10**6, more=True)
    for what in (batch_list.PERSON, batch_list.VOICE, batch_list.DAY):
        assert fits_telegram(batch_list.choices(picked, what, ENGLISH)) == []
