from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.calling.errors import ExpiredError, ListChangedError, ListGoneError, UsageError
from bot.calling.list_changes import MOST, ListChanges
from bot.calling.lists import A_PAGE, Given, Lists
from bot.calling.numbers import Reason, Uncallable
from bot.calling.problems import Problem
from storage.database import Database
from storage.models import NumberList
from tests.storage.making import ANN, BEN, NOW, numbers

ONE, TWO, THREE, FOUR = numbers(4)
BAD = Uncallable("hello", 1, Reason.LETTERS)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty record."""
    database = await Database.open(tmp_path / "callboard.db")
    yield database
    await database.close()


@pytest.fixture
def lists(database: Database) -> Lists:
    """A batch may have three numbers."""
    return Lists(database=database, max_numbers=3, clock=lambda: NOW + 1)


@pytest.fixture
def changes(database: Database) -> ListChanges:
    """The changes of lists."""
    return ListChanges(database=database, clock=lambda: NOW)


async def make(changes: ListChanges, name: str, *given: str) -> NumberList:
    """A list of Ann's."""
    return (await changes.create(name, Given(numbers=given), by=ANN)).list


async def held(lists: Lists, of: NumberList) -> list[str]:
    """The numbers of a list in its order."""
    return [one.number for one in (await lists.all_numbers(of.id))[1]]


async def test_create(lists: Lists, changes: ListChanges) -> None:
    """A list has its name in one spelling, its numbers once with their names, and its maker."""
    given = Given(numbers=(ONE, TWO), names={TWO: "Sara"}, repeated=1, uncallable=(BAD,))
    saved = await changes.create("  Night   drivers ", given, by=ANN)
    assert (saved.added, saved.repeated, saved.uncallable) == (2, 1, (BAD,))
    assert (saved.list.name, saved.list.numbers, saved.list.made_name) == (
        "Night drivers",
        2,
        "Ann",
    )
    found, every = await lists.all_numbers(saved.list.id)
    assert found == saved.list
    assert [(one.number, one.name) for one in every] == [(ONE, None), (TWO, "Sara")]
    assert await lists.named("NIGHT drivers") == saved.list


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (" ", Problem.NAME_EMPTY),
        ("x" * 41, Problem.NAME_TOO_LONG),
        ("7 days", Problem.NAME_BEGINS),
        ("DRIVERS", Problem.NAME_TAKEN),
    ],
)
async def test_names_that_are_none(
    lists: Lists, changes: ListChanges, name: str, problem: Problem
) -> None:
    """An empty, long or odd name and one that is taken are refused, and nothing is changed."""
    drivers = await make(changes, "Drivers", ONE)
    others = await make(changes, "Others", ONE)
    with pytest.raises(UsageError) as refused:
        await changes.create(name, Given(numbers=(ONE,)), by=BEN)
    assert refused.value.problem is problem
    with pytest.raises(UsageError) as refused:
        await lists.free_name(name)
    assert refused.value.problem is problem
    with pytest.raises(UsageError) as refused:
        await changes.rename(others.id, 1, name, by=BEN)
    assert refused.value.problem is problem
    assert (await lists.page(1)).lists == (others, drivers)


async def test_nothing_to_save(lists: Lists, changes: ListChanges) -> None:
    """A text without numbers, or with none that can be called, makes and changes no list."""
    drivers = await make(changes, "Drivers", ONE)
    for given, problem in (
        (Given(), Problem.LIST_NO_NUMBER),
        (Given(uncallable=(BAD,)), Problem.LIST_NOTHING_CALLABLE),
    ):
        with pytest.raises(UsageError) as refused:
            await changes.create("Others", given, by=ANN)
        assert refused.value.problem is problem
        with pytest.raises(UsageError) as refused:
            await changes.add(drivers.id, 1, given, by=ANN)
        assert refused.value.problem is problem
        assert refused.value.uncallable == given.uncallable
    assert (await lists.page(1)).lists == (drivers,)


async def test_add(lists: Lists, changes: ListChanges) -> None:
    """What is in the list already counts as repeated, and is no error."""
    drivers = await make(changes, "Drivers", ONE, TWO)
    given = Given(numbers=(TWO, THREE), repeated=2)
    saved = await changes.add(drivers.id, 1, given, by=BEN)
    assert (saved.added, saved.repeated, saved.list.numbers) == (1, 3, 3)
    assert (saved.list.version, saved.list.changed_name) == (2, "Ben")
    assert await held(lists, drivers) == [ONE, TWO, THREE]


async def test_two_people_who_edit_one_list(lists: Lists, changes: ListChanges) -> None:
    """The second one's change is refused whole, whatever it is, and tells who was faster."""
    drivers = await make(changes, "Drivers", ONE, TWO)
    others = await make(changes, "Others", THREE)
    await changes.add(drivers.id, 1, Given(numbers=(FOUR,)), by=BEN)
    for late in (
        changes.add(drivers.id, 1, Given(numbers=(THREE,)), by=ANN),
        changes.take_off(drivers.id, 1, 1, page=1, by=ANN),
        changes.undo(drivers.id, 1, page=1, by=ANN),
        changes.rename(drivers.id, 1, "Shift", by=ANN),
        changes.remove(drivers.id, 1, by=ANN),
        changes.merge((drivers.id, 1), (others.id, 1), by=ANN),
        changes.merge((others.id, 1), (drivers.id, 1), by=ANN),
    ):
        with pytest.raises(ListChangedError) as refused:
            await late
        assert refused.value.of.changed_name == "Ben"
    assert await held(lists, drivers) == [ONE, TWO, FOUR]
    look = await lists.look(others.id)
    assert (look.list.version, look.list.numbers) == (1, 1)


async def test_own_changes_do_not_stop_adding(lists: Lists, changes: ListChanges) -> None:
    """Who adds in several messages need not wait for the answer to each."""
    drivers = await make(changes, "Drivers", ONE)
    for number in (TWO, THREE):
        await changes.add(drivers.id, 1, Given(numbers=(number,)), by=ANN)
    assert await held(lists, drivers) == [ONE, TWO, THREE]


async def test_take_off_and_undo(lists: Lists, changes: ListChanges) -> None:
    """One number goes, and comes back to its place; a second *Undo* has nothing to undo."""
    drivers = await make(changes, "Drivers", *numbers(12))
    look = await changes.take_off(drivers.id, 1, 11, page=2, by=BEN)
    assert (look.page, look.pages, look.list.numbers) == (2, 2, 11)
    assert [one.number for one in look.numbers] == [numbers(12)[11]]
    assert [one.number for one in look.taken_off] == [numbers(12)[10]]
    with pytest.raises(ExpiredError):
        await changes.take_off(drivers.id, 2, 11, page=2, by=BEN)
    assert (await lists.look(drivers.id)).list.version == 2
    look = await changes.undo(drivers.id, 2, page=2, by=BEN)
    assert look.list.numbers == 12
    assert look.taken_off == ()
    assert await held(lists, drivers) == list(numbers(12))
    with pytest.raises(ExpiredError):
        await changes.undo(drivers.id, 3, page=1, by=BEN)


async def test_undo_of_adding(lists: Lists, changes: ListChanges) -> None:
    """*Undo* after adding takes off what was new, and leaves what was there before."""
    drivers = await make(changes, "Drivers", ONE, TWO)
    await changes.add(drivers.id, 1, Given(numbers=(TWO, THREE, FOUR)), by=ANN)
    await changes.undo(drivers.id, 2, page=1, by=ANN)
    assert await held(lists, drivers) == [ONE, TWO]


async def test_the_last_page(changes: ListChanges) -> None:
    """A page that is no more becomes the last one, and an empty list has one empty page."""
    drivers = await make(changes, "Drivers", *numbers(11))
    look = await changes.take_off(drivers.id, 1, 11, page=2, by=ANN)
    assert (look.page, look.pages) == (1, 1)
    alone = await make(changes, "Alone", ONE)
    look = await changes.take_off(alone.id, 1, 1, page=1, by=ANN)
    assert (look.list.numbers, look.numbers, look.pages) == (0, (), 1)


async def test_rename(lists: Lists, changes: ListChanges) -> None:
    """A list gets another name, or the same in another spelling."""
    drivers = await make(changes, "Drivers", ONE)
    assert (await changes.rename(drivers.id, 1, "DRIVERS", by=BEN)).name == "DRIVERS"
    renamed = await changes.rename(drivers.id, 2, "Shift", by=BEN)
    assert (renamed.name, renamed.version, renamed.changed_name) == ("Shift", 3, "Ben")
    assert await lists.names() == ["Shift"]


async def test_remove(lists: Lists, changes: ListChanges) -> None:
    """What is gone cannot be looked at, called or changed, and it is told who removed it."""
    drivers = await make(changes, "Drivers", ONE)
    others = await make(changes, "Others", TWO)
    await changes.remove(drivers.id, 1, by=BEN)
    for late in (
        lists.look(drivers.id),
        lists.all_numbers(drivers.id),
        lists.to_call(drivers.id, by=ANN),
        changes.add(drivers.id, 2, Given(numbers=(TWO,)), by=ANN),
        changes.undo(drivers.id, 2, page=1, by=ANN),
        changes.remove(drivers.id, 2, by=ANN),
        changes.merge((others.id, 1), (drivers.id, 2), by=ANN),
    ):
        with pytest.raises(ListGoneError) as refused:
            await late
        assert refused.value.of.changed_name == "Ben"
    assert await lists.names() == ["Others"]
    assert (await lists.look(others.id)).list.version == 1
    with pytest.raises(ExpiredError):
        await lists.look(99)


async def test_merge(lists: Lists, changes: ListChanges) -> None:
    """The other list takes all numbers, counts what it had, and this one is gone."""
    drivers = await make(changes, "Drivers", ONE, TWO)
    others = await make(changes, "Others", TWO, THREE)
    saved = await changes.merge((others.id, 1), (drivers.id, 1), by=BEN)
    assert (saved.added, saved.repeated, saved.list.numbers) == (1, 1, 3)
    assert await held(lists, drivers) == [ONE, TWO, THREE]
    assert await lists.names() == ["Drivers"]
    with pytest.raises(ExpiredError):
        await changes.merge((drivers.id, 2), (drivers.id, 2), by=BEN)
    with pytest.raises(ExpiredError):
        await changes.undo(drivers.id, 2, page=1, by=BEN)


async def test_what_may_be_called(lists: Lists, changes: ListChanges) -> None:
    """Up to as many as a batch may have; an empty and a larger list launch nothing."""
    drivers = await make(changes, "Drivers", ONE, TWO, THREE)
    others = await make(changes, "Others", ONE)
    found = await lists.to_call(drivers.id, by=ANN)
    assert found.list == drivers
    assert [one.number for one in found.numbers] == [ONE, TWO, THREE]
    await changes.add(drivers.id, 1, Given(numbers=(FOUR,)), by=ANN)
    with pytest.raises(UsageError) as refused:
        await lists.to_call(drivers.id, by=ANN)
    assert (refused.value.problem, refused.value.limit) == (Problem.LIST_TOO_LARGE, 3)
    await changes.take_off(others.id, 1, 1, page=1, by=ANN)
    with pytest.raises(UsageError) as refused:
        await lists.to_call(others.id, by=ANN)
    assert refused.value.problem is Problem.LIST_EMPTY


async def test_the_voice_of_a_call(lists: Lists, changes: ListChanges, database: Database) -> None:
    """A list is called with the member's default voice, or with none if that was removed."""
    drivers = await make(changes, "Drivers", ONE)
    shift = await database.write(
        lambda tx: tx.voices.add("0" * 32, "Shift", "shift", by=ANN, now=NOW)
    )
    assert (await lists.to_call(drivers.id, by=ANN)).voice is None
    await database.write(lambda tx: tx.choices.choose_voice(ANN.id, shift))
    voice = (await lists.to_call(drivers.id, by=ANN)).voice
    assert voice is not None
    assert voice.name == "Shift"
    assert (await lists.to_call(drivers.id, by=BEN)).voice is None
    await database.write(lambda tx: tx.voices.remove(shift, now=NOW))
    assert (await lists.to_call(drivers.id, by=ANN)).voice is None


async def test_more_than_a_list_may_have(lists: Lists, changes: ListChanges) -> None:
    """A list takes 100,000 numbers; one more is refused, and nothing of it is kept."""
    drivers = await make(changes, "Drivers", *numbers(MOST))
    for late in (
        changes.add(drivers.id, 1, Given(numbers=("+982100000000",)), by=ANN),
        changes.create("Others", Given(numbers=numbers(MOST + 1)), by=ANN),
    ):
        with pytest.raises(UsageError) as refused:
            await late
        assert (refused.value.problem, refused.value.limit) == (Problem.LIST_FULL, MOST)
    assert (await lists.page(1)).lists == (drivers,)


async def test_an_unknown_name(lists: Lists, changes: ListChanges) -> None:
    """It is answered with the names that are like it."""
    await make(changes, "Drivers", ONE)
    await make(changes, "Teachers", ONE)
    with pytest.raises(UsageError) as unknown:
        await lists.named("driver")
    assert unknown.value.problem is Problem.NO_LIST_NAMED
    assert (unknown.value.value, unknown.value.nearest) == ("driver", ("Drivers",))


async def test_pages(lists: Lists, changes: ListChanges) -> None:
    """Sixteen lists a page, last used first, and whether there are more."""
    for number in range(A_PAGE + 1):
        await make(changes, f"List {number}", ONE)
    first = await lists.page(1)
    assert (len(first.lists), first.lists[0].name, first.more) == (A_PAGE, "List 16", True)
    second = await lists.page(2)
    assert ([one.name for one in second.lists], second.more) == (["List 0"], False)
    assert await lists.page(0) == first
    assert lists.now == NOW + 1


async def test_a_suggested_name(lists: Lists, changes: ListChanges) -> None:
    """The lowest number is suggested whose name is free."""
    await make(changes, "list 1", ONE)
    assert await lists.suggest(lambda number: f"List {number}") == 2


def test_joined() -> None:
    """Parts become one: each number once, the first name counts, repeats add up."""
    first = Given(numbers=(ONE, TWO), names={ONE: "Sara"}, repeated=1)
    second = Given(numbers=(TWO, THREE), names={ONE: "x", TWO: "Bob"}, uncallable=(BAD,))
    assert Given.joined([first, second]) == Given(
        numbers=(ONE, TWO, THREE),
        names={ONE: "Sara", TWO: "Bob"},
        repeated=2,
        uncallable=(BAD,),
    )
