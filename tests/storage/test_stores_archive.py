"""Pages of what was launched, who and what occurs in it, and its figures."""

from typing import Any

import pytest

from storage.models import (
    CallStatus,
    Course,
    Person,
    Played,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
)
from storage.stores import Stores
from storage.stores.archive import Narrowed, Sums
from storage.stores.statistics import BatchFigures
from tests.record_file import DAY, add_called
from tests.storage.making import ANN, BEN, NOW, add, add_in, adopt, call, news, numbers, part

S, C = SubmissionState, CallStatus


@pytest.fixture
def days(tx: Stores) -> Stores:
    """Ann and Ben launch in turn, one batch a day, with two voices."""
    for day in range(6):
        author = (ANN, BEN)[day % 2]
        add(tx, author=author, voice="ab"[day // 3], now=NOW + day * DAY)
    return tx


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"author_id": 1}, [5, 3, 1]),
        ({"voice": "b"}, [6, 5, 4]),
        ({"author_id": 2, "voice": "b"}, [6, 4]),
        ({"since": NOW + DAY}, [6, 5, 4, 3, 2]),
        ({"until": NOW + DAY}, [1]),
        ({"author_id": 2, "voice": "b", "since": NOW, "until": NOW + 5 * DAY}, [4]),
        ({"author_id": 3}, []),
    ],
)
def test_batches(days: Stores, which: dict[str, Any], expected: list[int]) -> None:
    """Newest first, narrowed by any of person, voice and time."""
    found = days.archive.batches(Narrowed(**which), limit=9)
    assert [batch.id for batch in found] == expected


def test_pages(days: Stores) -> None:
    """As many as asked for, from where asked for."""
    found = days.archive.batches(Narrowed(), limit=2, offset=3)
    assert [batch.id for batch in found] == [3, 2]


def test_courses(tx: Stores) -> None:
    """Answered calls and those that are still followed, of the batches that are asked for."""
    add_called(tx, 3)
    add_in(tx, S.ACCEPTED, numbers(2, 20))
    adopt(tx, call(tx, 2).id, news("a"))
    add_called(tx, 1, first=30)
    assert tx.archive.courses([1, 2]) == {1: Course(answered=3), 2: Course(open=1)}
    assert tx.archive.courses([]) == {}


def test_a_time_in_ids_and_numbers(days: Stores) -> None:
    """Oldest first, the first moment included and the last one not."""
    assert days.archive.ids(NOW + DAY, NOW + 3 * DAY) == [2, 3]
    assert days.archive.numbers(NOW + DAY, NOW + 3 * DAY) == 4
    assert days.archive.numbers(0, NOW) == 0


def test_ends(days: Stores) -> None:
    """When the first and the last one before some time were launched."""
    assert days.archive.oldest() == NOW
    assert days.archive.newest_before(NOW + 2 * DAY) == NOW + DAY
    assert days.archive.newest_before(NOW) is None


def test_an_empty_record(tx: Stores) -> None:
    """Nobody, nothing, never."""
    assert (tx.archive.authors(), tx.archive.voices(), tx.archive.oldest()) == ([], [], None)
    assert tx.statistics.of_batches(0, NOW) == []


def test_who_and_what_occurs(days: Stores) -> None:
    """Each once, the last one to launch first, with the name that they had then."""
    assert days.archive.authors() == [(2, "Ben"), (1, "Ann")]
    assert days.archive.voices() == [(6, Played("b")), (3, Played("a"))]
    add(days, author=Person(id=1, name="Anna"), voice="a", voice_name="A")
    assert days.archive.authors() == [(1, "Anna"), (2, "Ben")]
    assert days.archive.voices() == [(7, Played("a", "A")), (6, Played("b"))]
    assert (days.archive.name_of(1), days.archive.name_of(3)) == ("Anna", None)


def test_sums_of_a_number(tx: Stores) -> None:
    """All its calls, also those that never went out, in figures."""
    (number,) = numbers(1)
    assert tx.archive.sums_to(number) == Sums(calls=0, answered=0, talk=0, cost=0)
    add_called(tx)
    add_called(tx)
    add(tx, (number,))
    assert tx.archive.sums_to(number) == Sums(calls=3, answered=2, talk=24, cost=68_400)


def test_counts_of_a_prefix(tx: Stores) -> None:
    """Calls whose id begins so, and ids that belong to no call."""
    batch_id = add_in(tx, S.ACCEPTED)
    for position, gateway_id in ((1, "aa1"), (2, "ab2")):
        adopt(tx, call(tx, batch_id, position).id, news(gateway_id))
    tx.calls.keep_unmatched(
        UnmatchedId(
            gateway_id="aa9",
            submission_id=part(tx, batch_id).id,
            number="1",
            kind=UnmatchedKind.FOREIGN,
            word="",
        )
    )
    assert tx.archive.count_like("aa") == (1, 1)
    assert tx.archive.count_like("a") == (2, 1)
    assert tx.archive.count_like("b") == (0, 0)


def test_figures(tx: Stores) -> None:
    """One row a batch: what was placed and answered, how long, and what it cost."""
    add_called(tx, 3, author=BEN)
    late = add_in(tx, S.ACCEPTED, numbers(2, 50), now=NOW + DAY)
    adopt(tx, call(tx, late, 1).id, news("ff", C.NO_ANSWER))
    assert tx.statistics.of_batches(NOW, NOW + DAY) == [
        BatchFigures(
            created_at=NOW,
            played=Played("0" * 32),
            author_id=2,
            author_name="Ben",
            numbers=3,
            placed=3,
            answered=3,
            talk=36,
            cost=102_600,
        )
    ]
    second = tx.statistics.of_batches(NOW, NOW + 2 * DAY)[1]
    assert (second.numbers, second.placed, second.answered, second.cost) == (2, 1, 0, 0)
