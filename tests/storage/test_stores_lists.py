import sqlite3

import pytest

from storage.models import ListNumber, NumberList
from storage.stores import Stores
from tests.storage.making import ANN, BEN, NOW, numbers

ONE, TWO, THREE, FOUR = numbers(4)


def made(tx: Stores, name: str = "Drivers", *given: str, **names: str) -> NumberList:
    """A list of Ann's."""
    list_id = tx.lists.create(name, name.lower(), by=ANN, now=NOW)
    tx.lists.add(list_id, given, names)
    return now(tx, list_id)


def now(tx: Stores, list_id: int) -> NumberList:
    """A list as it is recorded."""
    found = tx.lists.get(list_id)
    assert found is not None
    return found


def held(tx: Stores, list_id: int) -> list[str]:
    """The numbers of a list in its order."""
    return [one.number for one in tx.lists.numbers(list_id)]


def test_a_list(tx: Stores) -> None:
    """A list is kept as it was made, with its numbers in the order in which they were given."""
    list_id = tx.lists.create("Drivers", "drivers", by=ANN, now=NOW)
    assert now(tx, list_id) == NumberList(
        id=list_id,
        name="Drivers",
        numbers=0,
        version=1,
        made_by=ANN.id,
        made_name=ANN.name,
        made_at=NOW,
        changed_by=ANN.id,
        changed_name=ANN.name,
        changed_at=NOW,
        added_after=None,
        used_at=None,
        removed_at=None,
    )
    assert tx.lists.add(list_id, (TWO, ONE), {ONE: "Sara"}) == 2
    assert tx.lists.numbers(list_id) == [
        ListNumber(position=1, number=TWO, name=None),
        ListNumber(position=2, number=ONE, name="Sara"),
    ]
    assert now(tx, list_id).numbers == 2
    assert tx.lists.numbers(list_id, limit=1, offset=1)[0].number == ONE
    assert tx.lists.named("drivers") == now(tx, list_id)
    assert tx.lists.get(99) is None
    assert tx.lists.named("x") is None


def test_a_number_is_in_a_list_once(tx: Stores) -> None:
    """One that is there stays in its place and keeps its name, or gets one if it had none."""
    drivers = made(tx, "Drivers", ONE, TWO)
    assert tx.lists.add(drivers.id, (TWO, THREE, ONE), {ONE: "Sara", TWO: "Bob"}) == 1
    assert tx.lists.add(drivers.id, (ONE,), {ONE: "Other"}) == 0
    assert [(one.number, one.name) for one in tx.lists.numbers(drivers.id)] == [
        (ONE, "Sara"),
        (TWO, "Bob"),
        (THREE, None),
    ]
    assert now(tx, drivers.id).numbers == 3


def test_last_used_first(tx: Stores) -> None:
    """Lists come in the order of their last use, a new one by when it was made."""
    for place, name in enumerate(("A", "B", "C")):
        tx.lists.create(name, name, by=ANN, now=NOW + place)
    assert tx.lists.names() == ["C", "B", "A"]
    tx.lists.used(1, NOW + 10)
    assert [one.name for one in tx.lists.page(2)] == ["A", "C"]
    assert [one.name for one in tx.lists.page(2, 2)] == ["B"]
    assert now(tx, 1).version == 1


def test_a_change_names_its_version(tx: Stores) -> None:
    """Of two changes of one version the first one counts; the list then names who made it."""
    drivers = made(tx, "Drivers", ONE)
    assert tx.lists.change(drivers.id, 1, by=BEN, now=NOW + 1)
    assert not tx.lists.change(drivers.id, 1, by=ANN, now=NOW + 2)
    changed = now(tx, drivers.id)
    assert (changed.version, changed.changed_name, changed.changed_at) == (2, "Ben", NOW + 1)
    assert (changed.made_name, changed.made_at) == ("Ann", NOW)


def test_what_was_taken_off_can_be_put_back(tx: Stores) -> None:
    """It comes back to its place with its name; the next change forgets it."""
    drivers = made(tx, "Drivers", ONE, TWO, THREE)
    tx.lists.add(drivers.id, (TWO,), {TWO: "Sara"})
    taken = tx.lists.take_off(drivers.id, 2)
    assert taken == ListNumber(position=2, number=TWO, name="Sara")
    assert held(tx, drivers.id) == [ONE, THREE]
    assert now(tx, drivers.id).numbers == 2
    assert tx.lists.taken_off(drivers.id) == [taken]
    tx.lists.put_back(drivers.id, [taken])
    assert held(tx, drivers.id) == [ONE, TWO, THREE]
    assert tx.lists.change(drivers.id, 1, by=ANN, now=NOW)
    assert tx.lists.taken_off(drivers.id) == []
    assert tx.lists.take_off(drivers.id, 77) is None


def test_what_the_last_change_added_can_be_dropped(tx: Stores) -> None:
    """The list knows after which place the last change has added, and another change not."""
    drivers = made(tx, "Drivers", ONE)
    assert tx.lists.change(drivers.id, 1, by=ANN, now=NOW)
    tx.lists.add(drivers.id, (TWO, THREE), {})
    assert now(tx, drivers.id).added_after == 1
    assert tx.lists.drop_after(drivers.id, 1) == 2
    assert held(tx, drivers.id) == [ONE]
    assert now(tx, drivers.id).numbers == 1
    assert tx.lists.change(drivers.id, 2, by=ANN, now=NOW)
    assert now(tx, drivers.id).added_after is None


def test_a_place_that_may_come_back_is_not_given_again(tx: Stores) -> None:
    """What is added while the last number is off does not take its place."""
    drivers = made(tx, "Drivers", ONE, TWO)
    taken = tx.lists.take_off(drivers.id, 2)
    assert taken is not None
    tx.lists.add(drivers.id, (THREE,), {})
    tx.lists.put_back(drivers.id, [taken])
    assert held(tx, drivers.id) == [ONE, TWO, THREE]


def test_merge(tx: Stores) -> None:
    """All of one list comes to the end of the other, each number once, with the names of both."""
    drivers, others = made(tx, "Drivers", ONE, TWO), made(tx, "Others", FOUR, TWO, THREE)
    tx.lists.add(others.id, (TWO, FOUR), {TWO: "Sara", FOUR: "Bob"})
    assert tx.lists.merge(others.id, drivers.id) == 2
    assert [(one.number, one.name) for one in tx.lists.numbers(drivers.id)] == [
        (ONE, None),
        (TWO, "Sara"),
        (FOUR, "Bob"),
        (THREE, None),
    ]
    assert now(tx, drivers.id).numbers == 4


def test_a_removed_list(tx: Stores) -> None:
    """It keeps its row and its numbers, cannot be changed, and its name is free again."""
    drivers = made(tx, "Drivers", ONE)
    tx.lists.remove(drivers.id, now=NOW + 5)
    assert now(tx, drivers.id).removed_at == NOW + 5
    assert held(tx, drivers.id) == [ONE]
    assert not tx.lists.change(drivers.id, 1, by=ANN, now=NOW)
    assert tx.lists.named("drivers") is None
    assert tx.lists.page(10) == []
    assert made(tx, "Drivers").id != drivers.id


def test_two_lists_of_one_name(tx: Stores) -> None:
    """The record refuses a name that another list has."""
    made(tx, "Drivers")
    tx.lists.rename(made(tx, "Others").id, "Shift", "shift")
    assert tx.lists.names() == ["Shift", "Drivers"]
    with pytest.raises(sqlite3.IntegrityError):
        tx.lists.create("drivers", "drivers", by=BEN, now=NOW)
    with pytest.raises(sqlite3.IntegrityError):
        tx.lists.rename(2, "Drivers", "drivers")
