"""How what is played is told, and the menu of voices."""

from dataclasses import replace

import pytest

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.voices import PER_PAGE, Shown, VoicePage
from bot.texts import voice_menu, voices
from bot.texts.cards import Question, plain
from bot.texts.voice_menu import LABEL, LONG_LABEL
from storage.models import Played, SampleKind, Voice
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    PERSIAN,
    VOICE,
    batch_of,
    fits_telegram,
    labels_of,
    lines_of,
    voice_of,
)

TEXT = "Your shift begins\nat six o'clock tomorrow."


def page(*found: Voice, default: int | None = None, number: int = 1, pages: int = 1) -> VoicePage:
    """A page of the menu."""
    return VoicePage(voices=found, default=default, total=len(found), page=number, pages=pages)


@pytest.mark.parametrize(
    ("played", "shown", "signed", "label"),
    [
        (Played(VOICE, "Shift call"), "Shift call", "🔊 Shift call", "Shift call"),
        (Played(VOICE), f"<code>{VOICE}</code>", f"🔊 <code>{VOICE}</code>", VOICE[:19] + "…"),
        (Played("x" * 64), f"<code>{'x' * 31}…</code>", None, "x" * 19 + "…"),
        (
            Played("text:1", spoken=TEXT),
            *("🗣 Your shift begins at…",) * 2,
            "🗣 Your shift begins…",
        ),
        (Played("text:1", spoken="x" * 30), f"🗣 {'x' * 23}…", None, f"🗣 {'x' * 17}…"),
        (Played("text:1", spoken="Hello"), "🗣 Hello", "🗣 Hello", "🗣 Hello"),
        (Played(VOICE, PERSIAN), f"\u2068{PERSIAN}\u2069", None, PERSIAN),
    ],
)
def test_what_is_played(played: Played, shown: str, signed: str | None, label: str) -> None:
    """By its name, by its id to copy, or by the first words of a text; one sign before it."""
    assert voices.shown(played, ENGLISH) == shown
    if signed is not None:
        assert voices.signed(played, ENGLISH) == signed
    assert voices.label(played, 20) == label


def test_a_batch_and_a_draft_without_a_voice() -> None:
    """A batch tells what it recorded; a draft that has no voice yet says so."""
    assert voices.shown(batch_of(voice_name="Shift"), ENGLISH) == "Shift"
    assert voices.shown(batch_of(), ENGLISH) == f"<code>{VOICE}</code>"

    class Draft:
        """What has no voice yet."""

        voice = voice_name = spoken = None

    assert plain(voices.shown(Draft(), ENGLISH)) == "no voice yet"
    assert voices.label(Draft(), 20) == ""


def test_what_people_typed_is_escaped() -> None:
    """A name or a text is never markup."""
    for played in (Played("x", HOSTILE), Played("text:1", spoken=HOSTILE), Played(HOSTILE)):
        assert "<b>" not in voices.shown(played, ENGLISH)
    hostile = Shown(voice=voice_of(name=HOSTILE[:30], made_name=HOSTILE), default=True)
    for card in (
        voice_menu.card(hostile, ENGLISH, NOW, voice_menu.renamed(HOSTILE, ENGLISH)),
        voice_menu.ask_removal(hostile, ENGLISH),
        voice_menu.ask_new_name(hostile, ENGLISH),
        voice_menu.menu(page(), ENGLISH, voice_menu.removed(HOSTILE, ENGLISH)),
    ):
        assert "<b>Sara" not in card.text
        assert fits_telegram(card) == []


def test_an_empty_menu() -> None:
    """It says what a name is good for, and offers to add one."""
    card = voice_menu.menu(page(), ENGLISH)
    assert lines_of(card) == [
        "No voice has a name yet. Add one by its id, and /call takes its name from then on."
    ]
    assert labels_of(card) == [["➕ Add a voice"]]


def test_the_menu() -> None:
    """Two names a row where both have room, in their order; the reader's default is marked."""
    names = ["Shift", "Payment due", "A name that needs its own row", "Night", "Day"]
    found = [voice_of(id=n, name=name) for n, name in enumerate(names, start=1)]
    card = voice_menu.menu(page(*found, default=4), ENGLISH)
    assert labels_of(card) == [
        ["Shift", "Payment due"],
        ["A name that needs its own row"],
        ["📌 Night", "Day"],
        ["➕ Add a voice"],
    ]
    assert lines_of(card) == [
        "🔊 5 voices, those used last first. Tap one to hear, rename or remove it.",
        "📌 is your default.",
    ]
    assert [card.rows[0][0].data, card.rows[2][0].data] == ["voice:1", "voice:4"]
    assert lines_of(voice_menu.menu(page(found[0]), ENGLISH)) == [
        "🔊 One voice. Tap it to hear, rename or remove it."
    ]


def test_pages() -> None:
    """Many voices are turned page by page, round and round; no label is longer than its button."""
    many = [voice_of(id=n, name="😀" * 40) for n in range(PER_PAGE)]
    full = voice_menu.menu(page(*many, default=1, number=1, pages=3), ENGLISH)
    assert labels_of(full)[-2] == ["◀", "1/3", "▶"]
    assert [button.data for button in full.rows[-2]] == ["voices:3", "voices:1", "voices:2"]
    last = voice_menu.menu(page(*many, number=3, pages=3), ENGLISH)
    assert [button.data for button in last.rows[-2]] == ["voices:2", "voices:3", "voices:1"]
    assert fits_telegram(full) == []
    for row in full.rows[:-2]:
        assert all(len(b.label) <= (LABEL if len(row) > 1 else LONG_LABEL) for b in row)


def test_a_card() -> None:
    """Name, id, who added it and when, when it was used; then all that can be done."""
    card = voice_menu.card(Shown(voice=voice_of(), default=False), ENGLISH, NOW)
    assert lines_of(card) == [
        "🔊 Shift call",
        VOICE,
        "added by Sara, 18:04 · not used yet",
        (
            "🎧 Reply to this message with a voice note or an audio file, to keep what it sounds "
            "like."
        ),
    ]
    assert labels_of(card) == [
        ["📌 My default"],
        ["✏️ Rename", "🗑 Remove"],
        ["↩️ All voices"],
    ]
    assert card.rows[0][0].data == "vmine:1.1"


def test_a_card_of_ones_default_with_a_sample() -> None:
    """It can be heard, and be the default no more."""
    voice = voice_of(sample="f", sample_kind=SampleKind.VOICE, used_at=NOW - 86400)
    said = voice_menu.attached(ENGLISH)
    card = voice_menu.card(Shown(voice=voice, default=True), ENGLISH, NOW, said)
    assert lines_of(card)[2:] == [
        "added by Sara, 18:04 · used last 14 Jun 18:04",
        "📌 Your default voice.",
        "🎧 Reply with another voice note or audio file to replace the sample.",
        "✅ The sample is kept.",
    ]
    assert labels_of(card)[0] == ["▶️ Listen", "📌 Not my default"]
    assert [button.data for button in card.rows[0]] == ["vhear:1", "vmine:1.0"]


@pytest.mark.parametrize("name", ["Shift call", PERSIAN, HOSTILE])
def test_a_card_is_known_by_its_text(name: str) -> None:
    """An answer to a card is about the voice that it shows; no other message of ours is a card."""
    shown = Shown(voice=voice_of(name=name), default=True)
    card = voice_menu.card(shown, ENGLISH, NOW)
    assert voice_menu.card_of(plain(card.text)) == VOICE
    for other in (
        voice_menu.ask_removal(shown, ENGLISH),
        voice_menu.ask_name(VOICE, 3, ENGLISH),
        voice_menu.menu(page(shown.voice), ENGLISH),
    ):
        assert voice_menu.card_of(plain(other.text)) is None
    assert voice_menu.card_of(f"🔊 {VOICE}\n{VOICE}0") is None


def test_questions() -> None:
    """An id and a new name are asked for; the name of a new voice is one tap away."""
    assert isinstance(voice_menu.ask_id(ENGLISH).below, Question)
    asked = voice_menu.ask_name(VOICE, 3, ENGLISH)
    assert labels_of(asked) == [["Voice 3"]]
    assert asked.rows[0][0].data == f"vtake:{VOICE}.3"
    assert voice_menu.ask_new_name(
        Shown(voice=voice_of(), default=False), ENGLISH
    ).below == Question("Shift call")
    removal = voice_menu.ask_removal(Shown(voice=voice_of(), default=False), ENGLISH)
    assert labels_of(removal) == [["🗑 Remove it"], ["↩️ Keep it"]]
    assert [row[0].data for row in removal.rows] == ["vgone:1", "voice:1"]


def test_no_name_and_none_near() -> None:
    """Who names nothing that there is, and nothing like it, learns where all of them are."""
    said = voices.problem(UsageError(Problem.NO_VOICE_NAMED, "x"), ENGLISH)
    assert plain(said or "").startswith(
        "There is no voice of the name x, and nothing was done. /voices shows all;"
    )
    assert voices.problem(UsageError(Problem.TOO_MANY), ENGLISH) is None


def test_no_name_above_a_draft() -> None:
    """The draft below asks for the voice; the nearest ones are told."""
    near = UsageError(Problem.NO_VOICE_NAMED, "shft", nearest=("Shift call",))
    assert plain(voices.choose_below(near, ENGLISH)) == (
        "There is no voice of the name shft, and nothing was called. Did you mean Shift call? "
        "Choose the voice below."
    )
    assert plain(voices.choose_below(UsageError(Problem.NO_VOICE_NAMED, "x"), ENGLISH)) == (
        "There is no voice of the name x, and nothing was called. Choose the voice below."
    )


def test_a_name_to_copy() -> None:
    """The longest names fit a card."""
    voice = replace(voice_of(), name="😀" * 40, made_name="😀" * 64)
    card = voice_menu.card(Shown(voice=voice, default=True), ENGLISH, NOW)
    assert fits_telegram(card) == []
