import sqlite3

import pytest

from storage.models import NewLaunch, Panel
from storage.stores import Stores
from tests.storage.making import ANN, BEN, NOW


def voice(tx: Stores) -> int:
    """A saved voice."""
    return tx.voices.add("0f" * 16, "Shift call", "shift call", by=ANN, now=NOW)


def saved(tx: Stores, name: str, now: float = NOW) -> int:
    """A launch of a voice for two numbers of its own."""
    ref = voice(tx) if not tx.voices.all() else tx.voices.all()[0].id
    new = NewLaunch(
        token=f"token-{name}",
        name=name,
        name_key=name.casefold(),
        by=ANN,
        voice_ref=ref,
        numbers=(("+989120000002", None), ("+989120000001", "Ali")),
        retry_count=3,
    )
    return tx.launches.create(new, now)


def names(tx: Stores, user_id: int) -> list[str]:
    """The member's favourites by name."""
    return [launch.name for launch in tx.favourites.of(user_id)]


def test_a_launch(tx: Stores) -> None:
    """A launch is kept as it was saved, its own numbers in their order, and found three ways."""
    launch_id = saved(tx, "Shift")
    launch = tx.launches.get(launch_id)
    assert launch is not None
    assert (launch.name, launch.numbers, launch.retry_count) == ("Shift", 2, 3)
    assert (launch.made_by, launch.made_at, launch.used_at) == (ANN.id, NOW, None)
    assert launch == tx.launches.by_token("token-Shift") == tx.launches.by_name("shift")
    assert tx.launches.numbers(launch_id) == [("+989120000002", None), ("+989120000001", "Ali")]
    assert tx.launches.get(99) is None


def test_last_used_first(tx: Stores) -> None:
    """One that was launched comes before those that were only made."""
    one, _ = saved(tx, "one", NOW), saved(tx, "two", NOW + 1)
    assert [launch.name for launch in tx.launches.all()] == ["two", "one"]
    tx.launches.used(one, NOW + 2)
    assert [launch.name for launch in tx.launches.all()] == ["one", "two"]


def test_a_name_is_of_one_launch(tx: Stores) -> None:
    """A second one of the name is refused, by saving and by renaming; a removed one frees it."""
    one, two = saved(tx, "one"), saved(tx, "two")
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*name_key"):
        tx.launches.rename(two, "One", "one")
    assert tx.launches.rename(two, "Two", "two")
    assert tx.launches.remove(one, NOW + 1)
    assert not tx.launches.remove(one, NOW + 2)
    assert not tx.launches.rename(one, "x", "x")
    assert tx.launches.rename(two, "One", "one")
    gone = tx.launches.get(one)
    assert gone is not None
    assert gone.removed_at == NOW + 1
    assert [launch.name for launch in tx.launches.all()] == ["One"]


@pytest.mark.parametrize(
    "changes",
    [
        {"voice_ref": None},
        {"spoken": "both"},
        {"numbers": ()},
        {"numbers": (("12", None),)},
        {"name": ""},
        {"name": "x" * 41},
        {"retry_count": 11},
    ],
)
def test_what_is_no_launch(tx: Stores, changes: dict[str, object]) -> None:
    """It has one of voice and text, one of list and numbers, and a name that fits a button."""
    given: dict[str, object] = {
        "token": "t",
        "name": "n",
        "name_key": "n",
        "by": ANN,
        "voice_ref": voice(tx),
        "numbers": (("+989120000001", None),),
    }
    new = NewLaunch(**(given | changes))  # type: ignore[arg-type]  # a row of the table above
    with pytest.raises(sqlite3.IntegrityError):
        tx.launches.create(new, NOW)


def test_favourites(tx: Stores) -> None:
    """Each member has an order of their own; adding twice is adding once."""
    one, two, three = (saved(tx, name) for name in ("one", "two", "three"))
    added = [tx.favourites.add(ANN.id, i) for i in (one, two, three, two)]
    assert added == [True, True, True, False]
    assert tx.favourites.add(BEN.id, three)
    assert (names(tx, ANN.id), names(tx, BEN.id)) == (["one", "two", "three"], ["three"])
    moved = [tx.favourites.move_up(ANN.id, i) for i in (three, one, 99)]
    assert moved == [True, False, False]
    assert names(tx, ANN.id) == ["one", "three", "two"]
    assert not tx.favourites.move_up(ANN.id, one)
    assert [tx.favourites.remove(ANN.id, one) for _ in range(2)] == [True, False]
    assert tx.favourites.add(ANN.id, one)
    assert names(tx, ANN.id) == ["three", "two", "one"]


def test_a_removed_launch_is_nobodys_favourite(tx: Stores) -> None:
    """It goes from everybody's keyboard with its removal."""
    one, two = saved(tx, "one"), saved(tx, "two")
    for user_id in (ANN.id, BEN.id):
        for launch_id in (one, two):
            tx.favourites.add(user_id, launch_id)
    tx.launches.remove(one, NOW)
    assert (names(tx, ANN.id), names(tx, BEN.id)) == (["two"], ["two"])


def test_panels(tx: Stores) -> None:
    """The newest panel of a chat and topic counts; each topic has its own."""
    assert tx.panels.of(-100, None) is None
    for message_id, thread_id in ((7, 0), (8, 5), (9, 0)):
        tx.panels.replace(
            Panel(chat_id=-100, thread_id=thread_id, message_id=message_id, user_id=ANN.id)
        )
    newest = [tx.panels.of(-100, thread_id) for thread_id in (None, 5)]
    assert [panel.message_id for panel in newest if panel] == [9, 8]
