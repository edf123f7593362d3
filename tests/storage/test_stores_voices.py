"""Voices by name and by id, what a removal leaves, and what members choose for themselves."""

import sqlite3

import pytest

from storage.models import SampleKind, Voice
from storage.stores import Stores
from tests.storage.making import ANN, BEN, NOW

FIRST, SECOND = "0" * 31 + "1", "0" * 31 + "2"


def add(tx: Stores, voice_id: str = FIRST, name: str = "Shift", now: float = NOW) -> int:
    """Keep a voice of Ann's."""
    return tx.voices.add(voice_id, name, name.casefold(), by=ANN, now=now)


def get(tx: Stores, ref: int) -> Voice:
    """A voice as it is recorded."""
    found = tx.voices.get(ref)
    assert found is not None
    return found


def test_a_voice_is_found_by_number_name_and_id(tx: Stores) -> None:
    """What is added is found again each way, with who added it and when."""
    ref = add(tx)
    voice = get(tx, ref)
    assert voice == tx.voices.named("shift") == tx.voices.of(FIRST)
    assert (voice.name, voice.voice_id, voice.made_by, voice.made_name, voice.made_at) == (
        *("Shift", FIRST, 1, "Ann", NOW),
    )
    assert (voice.sample, voice.sample_kind, voice.used_at, voice.removed_at) == (None,) * 4
    assert (tx.voices.get(99), tx.voices.named("x"), tx.voices.of(SECOND)) == (None, None, None)


@pytest.mark.parametrize(
    ("voice_id", "name"), [(SECOND, "Shift"), (FIRST, "Other"), ("abc", "Other"), ("F" * 32, "X")]
)
def test_the_schema_refuses_a_second_one(tx: Stores, voice_id: str, name: str) -> None:
    """A name and an id are one voice's at a time; an id is 32 hex digits in lower case."""
    add(tx)
    with pytest.raises(sqlite3.IntegrityError):
        add(tx, voice_id, name)


def test_what_a_voice_plays_is_fixed(tx: Stores) -> None:
    """No statement gives a voice another id: batches of the past tell of it."""
    add(tx)
    with pytest.raises(sqlite3.IntegrityError, match="what it plays is fixed"):
        tx.db.execute("UPDATE voices SET voice_id = ?", [SECOND])


def test_a_removed_voice_frees_its_name_and_keeps_its_row(tx: Stores) -> None:
    """It is on no list any more, but is found by its number; its name and id can come again."""
    ref = add(tx)
    tx.choices.choose_voice(BEN.id, ref)
    assert tx.voices.remove(ref, now=NOW + 1)
    assert not tx.voices.remove(ref, now=NOW + 2)
    assert get(tx, ref).removed_at == NOW + 1
    assert (tx.voices.all(), tx.voices.named("shift"), tx.voices.of(FIRST)) == ([], None, None)
    assert tx.choices.default_voice(BEN.id) is None
    again = add(tx)
    assert again != ref
    assert tx.voices.all() == [get(tx, again)]


def test_the_last_used_comes_first(tx: Stores) -> None:
    """Then those that were never used, the newest first; a foreign voice changes nothing."""
    refs = [add(tx, f"{n:032x}", f"v{n}") for n in range(1, 5)]
    tx.voices.used(f"{1:032x}", NOW + 1)
    tx.voices.used(f"{3:032x}", NOW + 2)
    for other in (f"{9:032x}", "text:abc", None):
        tx.voices.used(other, NOW + 3)
    assert [voice.id for voice in tx.voices.all()] == [refs[2], refs[0], refs[3], refs[1]]
    assert get(tx, refs[2]).used_at == NOW + 2


def test_names_of_ids(tx: Stores) -> None:
    """The name of today, or the last one that a removed voice had."""
    gone = add(tx, FIRST, "Old")
    tx.voices.remove(gone, now=NOW)
    later = add(tx, FIRST, "Newer")
    tx.voices.remove(later, now=NOW + 5)
    ref = add(tx, SECOND, "Shift")
    tx.voices.rename(ref, "Night shift", "night shift")
    assert tx.voices.names([FIRST, SECOND, "text:x"]) == {FIRST: "Newer", SECOND: "Night shift"}
    add(tx, FIRST, "Newest")
    assert tx.voices.names([FIRST]) == {FIRST: "Newest"}


def test_a_sample(tx: Stores) -> None:
    """What a voice sounds like is kept with its kind, and replaced by the next."""
    ref = add(tx)
    tx.voices.attach(ref, "file1", SampleKind.VOICE)
    tx.voices.attach(ref, "file2", SampleKind.AUDIO)
    assert (get(tx, ref).sample, get(tx, ref).sample_kind) == ("file2", SampleKind.AUDIO)


def test_choices_are_each_members_own(tx: Stores) -> None:
    """A default voice and a number live side by side, and each can be taken back."""
    ref = add(tx)
    assert (tx.choices.default_voice(ANN.id), tx.choices.number(ANN.id)) == (None, None)
    tx.choices.share_number(ANN.id, "+989120000001")
    tx.choices.choose_voice(ANN.id, ref)
    assert (tx.choices.default_voice(ANN.id), tx.choices.number(ANN.id)) == (ref, "+989120000001")
    assert (tx.choices.default_voice(BEN.id), tx.choices.number(BEN.id)) == (None, None)
    tx.choices.choose_voice(ANN.id, None)
    tx.choices.share_number(ANN.id, None)
    assert (tx.choices.default_voice(ANN.id), tx.choices.number(ANN.id)) == (None, None)
