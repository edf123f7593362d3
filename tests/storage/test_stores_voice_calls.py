"""What was called with a voice."""

from dataclasses import replace

import pytest

from storage.models import CallStatus, SubmissionState
from storage.stores import Stores
from tests.storage.making import NOW, add, add_in, adopt, bring, call, news, numbers, part, record

VOICE, OTHER = "0" * 32, "1" * 32
S = SubmissionState
TEXT = "text:0123456789abcdef01234567"


def lately(tx: Stores, voice: str = VOICE, since: float = NOW, after: int = 0) -> set[str]:
    """Who got a voice since then."""
    return tx.voice_calls.lately(voice, since=since, after=after)


def over(tx: Stores, *prices: int | None, voice: str = VOICE) -> int:
    """A batch that is over, whose calls cost so much."""
    batch_id = add(tx, numbers(len(prices)), voice=voice)
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    for position, price in enumerate(prices, 1):
        said = news(f"{batch_id:08x}{position:024x}", CallStatus.NORMAL)
        adopt(tx, call(tx, batch_id, position).id, said)
        record(tx, replace(said, price=price))
    tx.batches.finish(batch_id, now=NOW)
    tx.db.execute("UPDATE batches SET ended_at = ? WHERE id = ?", [NOW, batch_id])
    return batch_id


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (S.QUEUED, True),
        (S.SENDING, True),
        (S.ACCEPTED, True),
        (S.REFUSED, False),
        (S.UNSENT, False),
        (S.UNKNOWN, True),
        (S.RELEASED, False),
        (S.LEFT, True),
        (S.CANCELLED, False),
    ],
)
def test_which_states_count(tx: Stores, state: SubmissionState, counts: bool) -> None:
    """Accepted, may have rung, or about to be sent."""
    add_in(tx, state)
    assert lately(tx) == (set(numbers(2)) if counts else set())


def test_each_number_once(tx: Stores) -> None:
    """However often it was called."""
    add_in(tx, S.ACCEPTED, numbers(2))
    add_in(tx, S.ACCEPTED, numbers(2, first=2))
    assert lately(tx) == set(numbers(3))


def test_skipped_numbers_do_not_count(tx: Stores) -> None:
    """What the claim took out was not called."""
    batch_id = add(tx, numbers(2))
    tx.db.execute(
        "UPDATE calls SET status = 'skipped', skip_reason = 'rang' WHERE id = ?",
        [call(tx, batch_id).id],
    )
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    assert lately(tx) == {numbers(2)[1]}


def test_a_batch_that_sends_for_days(tx: Stores) -> None:
    """Made days ago and still sending in waves: what it sent lately counts."""
    day = 86400.0
    add_in(tx, S.ACCEPTED, numbers(1), now=NOW - 9 * day)
    batch_id = add(tx, numbers(1, first=2), now=NOW - 6 * day)
    add_in(tx, S.REFUSED, numbers(1, first=3), now=NOW)
    tx.db.execute("UPDATE batches SET event_at = ? WHERE id = ?", [NOW, batch_id])
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    assert lately(tx, since=NOW - day) == set(numbers(1, first=2))


def test_voice_time_and_batch(tx: Stores) -> None:
    """Another voice, an earlier time, and batches up to `after` are left out."""
    first = add_in(tx, S.ACCEPTED, numbers(1))
    add_in(tx, S.ACCEPTED, numbers(1, first=2))
    add_in(tx, S.ACCEPTED, numbers(1, first=3), voice=OTHER)
    add_in(tx, S.ACCEPTED, numbers(1, first=4), voice=TEXT, spoken="Hello")
    assert lately(tx) == set(numbers(2))
    assert lately(tx, OTHER) == set(numbers(1, first=3))
    assert lately(tx, TEXT) == set(numbers(1, first=4))
    assert lately(tx, after=first) == set(numbers(1, first=2))
    assert lately(tx, since=NOW + 1) == set()


def test_costs(tx: Stores) -> None:
    """Cost and placed calls of each batch that is over and has a price, the newest ones."""
    over(tx, 9000)
    over(tx, 1000, 2000, None)
    over(tx, None)
    over(tx, 500, voice=OTHER)
    over(tx, 4000)
    add_in(tx, S.ACCEPTED)
    assert sorted(tx.voice_calls.costs(VOICE, 5)) == [(3000, 3), (4000, 1), (9000, 1)]
    assert sorted(tx.voice_calls.costs(VOICE, 2)) == [(3000, 3), (4000, 1)]
    assert tx.voice_calls.costs("2" * 32, 5) == []


def test_a_batch_with_an_open_call_has_no_cost_yet(tx: Stores) -> None:
    """Cost so far is no basis."""
    batch_id = add(tx, numbers(2))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    priced = news("a" * 32, CallStatus.NORMAL)
    adopt(tx, call(tx, batch_id, 1).id, priced)
    record(tx, replace(priced, price=1000))
    adopt(tx, call(tx, batch_id, 2).id, news("b" * 32))
    tx.batches.finish(batch_id, now=NOW)
    tx.db.execute("UPDATE batches SET ended_at = ? WHERE id = ?", [NOW, batch_id])
    assert tx.voice_calls.costs(VOICE, 5) == []
    record(tx, news("b" * 32, CallStatus.NO_ANSWER))
    assert tx.voice_calls.costs(VOICE, 5) == [(1000, 2)]
