"""The do-not-call list: a number is on it once, and its history stays."""

import pytest

from storage.models import DoNotCall, NewSchedule, Person, Place, StopReason, Waiting
from storage.stores import Stores
from tests.storage.making import ANN, BEN, NOW, add, numbers

ONE, TWO, THREE = numbers(3)


def put(tx: Stores, *chosen: str, now: float = NOW) -> int:
    """Let Ann put these on the list."""
    return tx.do_not_call.add_all(chosen, "asked for it", now=now, by=ANN)


def test_an_entry(tx: Stores) -> None:
    """An entry says who, when and why; a number that is not on the list has none."""
    assert tx.do_not_call.add(ONE, "asked for it", now=NOW, by=ANN)
    expected = DoNotCall(
        id=1,
        number=ONE,
        reason="asked for it",
        added_at=NOW,
        added_by=ANN.id,
        added_name=ANN.name,
        removed_at=None,
        removed_by=None,
        removed_name=None,
        removed_reason=None,
    )
    assert tx.do_not_call.get(ONE) == expected
    assert tx.do_not_call.by_id(1) == expected
    assert tx.do_not_call.get(TWO) is None
    assert tx.do_not_call.by_id(9) is None


def test_once(tx: Stores) -> None:
    """Who is on the list stays as they were recorded; only who was not on it counts."""
    assert put(tx, ONE, TWO) == 2
    assert tx.do_not_call.add_all([TWO, THREE], "other", now=NOW + 1, by=BEN) == 1
    assert not tx.do_not_call.add(ONE, "other", now=NOW + 1, by=BEN)
    assert [(one.number, one.added_name) for one in tx.do_not_call.page()] == [
        (THREE, "Ben"),
        (TWO, "Ann"),
        (ONE, "Ann"),
    ]
    assert tx.do_not_call.count() == 3
    assert [one.number for one in tx.do_not_call.page(1, 1)] == [TWO]


def test_off_and_on_again(tx: Stores) -> None:
    """Who was taken off can be put on again; the history tells both times, newest first."""
    put(tx, ONE)
    assert tx.do_not_call.remove(ONE, "agreed", now=NOW + 1, by=BEN)
    assert not tx.do_not_call.remove(ONE, "agreed", now=NOW + 2, by=BEN)
    assert tx.do_not_call.get(ONE) is None
    assert tx.do_not_call.count() == 0
    put(tx, ONE, now=NOW + 3)
    now, before = tx.do_not_call.history(ONE)
    assert (now.added_at, now.removed_at) == (NOW + 3, None)
    assert (before.removed_at, before.removed_by, before.removed_reason) == (
        NOW + 1,
        BEN.id,
        "agreed",
    )
    assert tx.do_not_call.history(TWO) == []


def test_among(tx: Stores) -> None:
    """Of many numbers those on the list are found, those taken off are not."""
    put(tx, ONE, TWO)
    tx.do_not_call.remove(TWO, "agreed", now=NOW, by=BEN)
    assert tx.do_not_call.among(numbers(3)) == {ONE}
    assert tx.do_not_call.among([]) == frozenset()


def test_the_partial_index(tx: Stores) -> None:
    """A look-up goes through the index of those on the list, number by number."""
    put(tx, *numbers(300, 10))
    seen: list[str] = []
    tx.db.conn.set_trace_callback(seen.append)
    tx.do_not_call.among([ONE, TWO])
    tx.db.conn.set_trace_callback(None)
    plans = [row[3] for row in tx.db.execute(f"EXPLAIN QUERY PLAN {seen[0]}").fetchall()]
    assert plans[1] == "SEARCH d USING INDEX do_not_call_on (number=?)"


def test_waiting_in_batches(tx: Stores) -> None:
    """Batches count while a number of theirs is queued, each once."""
    add(tx, numbers(2))
    stopped = add(tx, numbers(1))
    tx.batches.stop(stopped, StopReason.PERSON, now=NOW)
    assert tx.do_not_call.waiting_in([ONE, TWO]) == Waiting(batches=1, schedules=0, lists=0)
    assert tx.do_not_call.waiting_in([THREE]) == Waiting(batches=0, schedules=0, lists=0)


def a_list(tx: Stores, name: str, *chosen: str) -> int:
    """A list of Ann's, and its id."""
    list_id = tx.lists.create(name, name.lower(), by=ANN, now=NOW)
    tx.lists.add(list_id, chosen, {})
    return list_id


def test_waiting_in_lists(tx: Stores) -> None:
    """Lists that are there count, each once."""
    a_list(tx, "Drivers", ONE, TWO)
    a_list(tx, "Others", TWO)
    tx.lists.remove(a_list(tx, "Old", ONE), now=NOW)
    assert tx.do_not_call.waiting_in([ONE, TWO]).lists == 2
    assert tx.do_not_call.waiting_in([ONE]).lists == 1
    assert tx.do_not_call.waiting_in([THREE]).lists == 0


@pytest.mark.parametrize("of_list", [True, False])
def test_waiting_in_schedules(tx: Stores, of_list: bool) -> None:
    """A weekly schedule counts by the numbers of its list now, another one by its own."""
    list_ref = a_list(tx, "Drivers", ONE) if of_list else None
    tx.schedules.create(
        NewSchedule(
            asked_by="draft:1",
            author=Person(id=1, name="Ann"),
            place=Place(chat_id=1),
            message_id=None,
            content='{"numbers": ["%s"]}' % (TWO if of_list else ONE),
            list_ref=list_ref,
            weekdays=1,
            minute=5,
            due_at=NOW,
            numbers=None,
        ),
        now=NOW,
    )
    assert tx.do_not_call.waiting_in([ONE]).schedules == 1
    assert tx.do_not_call.waiting_in([TWO]).schedules == 0
