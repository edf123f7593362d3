from typing import Any

import pytest

from storage.models import (
    FINAL_STATUSES,
    Call,
    CallStatus,
    EvidenceState,
    SkipReason,
    StopReason,
    SubmissionState,
    UnmatchedId,
    UnmatchedKind,
)
from storage.stores import Stores
from tests.storage.making import (
    ANN,
    NOW,
    add,
    add_in,
    adopt,
    bring,
    call,
    news,
    numbers,
    part,
    record,
)

S, C = SubmissionState, CallStatus
DAY = 86400.0
NOT_RUNG = {S.REFUSED, S.UNSENT, S.RELEASED, S.CANCELLED}


def id_of(count: int, head: str = "") -> str:
    """A gateway id of 32 hex digits that begins so."""
    return head + f"{count:0{32 - len(head)}x}"


def test_pages_of_a_batch(tx: Stores) -> None:
    """Calls come in their order, whole or page by page, and only those of their batch."""
    add(tx)
    batch_id = add(tx, numbers(3), numbers(4, 4))
    assert [c.number for c in tx.calls.of_batch(batch_id)] == [*numbers(7)]
    pages = [tx.calls.of_batch(batch_id, limit=3, offset=o) for o in (0, 3, 6, 9)]
    assert [[c.position for c in page] for page in pages] == [[1, 2, 3], [4, 5, 6], [7], []]
    second = part(tx, batch_id, 2)
    assert [c.position for c in tx.calls.of_submission(second.id)] == [4, 5, 6, 7]


def test_counts(tx: Stores) -> None:
    """The numbers of a batch are counted by what their submission is and what they are."""
    batch_id = add_in(tx, S.ACCEPTED, numbers(3), numbers(2, 4))
    add(tx)
    for position in (1, 2):
        adopt(tx, call(tx, batch_id, position).id, news(id_of(position)), NOW)
    tx.calls.not_confirmed(part(tx, batch_id).id, NOW)
    assert tx.calls.counts(batch_id) == {
        (S.ACCEPTED, C.WAITING): 2,
        (S.ACCEPTED, C.NOT_CONFIRMED): 1,
        (S.QUEUED, C.PLANNED): 2,
    }
    assert tx.calls.counts(999) == {}


def test_adopt(tx: Stores) -> None:
    """A call takes all that the gateway said of it, word by word."""
    batch_id = add(tx)
    before = call(tx, batch_id)
    said = news("aa", C.OTHER, bill_sec=7, price=120_000, request_date=5, execution_date=6)
    adopt(tx, before.id, said, NOW + 1)
    assert tx.calls.get_by_id("aa") == Call(
        id=before.id,
        batch_id=batch_id,
        submission_id=before.submission_id,
        position=1,
        number=before.number,
        status=C.OTHER,
        word="OTHER",
        gateway_id="aa",
        bill_sec=7,
        price=120_000,
        request_date=5,
        execution_date=6,
        skip_reason=None,
        updated_at=NOW + 1,
        tracked_since=NOW + 1,
        status_since=NOW + 1,
        next_poll_at=NOW + 1,
    )
    assert tx.calls.get_by_id("AA") is None
    assert tx.calls.get_by_id("bb") is None
    assert call(tx, batch_id, 2).status is C.PLANNED


@pytest.mark.parametrize("status", list(CallStatus))
def test_final(tx: Stores, status: CallStatus) -> None:
    """The gateway has nothing more to say of its final statuses, and only of those."""
    batch_id = add(tx)
    if status not in (C.PLANNED, C.SKIPPED, C.NOT_CONFIRMED):
        adopt(tx, call(tx, batch_id).id, news("aa"), NOW)
        adopt(tx, call(tx, batch_id).id, news("aa", status), NOW)
        assert call(tx, batch_id).final == (status not in (C.WAITING, C.OTHER, C.NO_RESULT))
    assert (status in FINAL_STATUSES) == call(tx, batch_id).final


@pytest.mark.parametrize(
    ("change", "new"),
    [
        ({}, False),
        ({"request_date": 9}, False),
        ({"status": C.NORMAL}, True),
        ({"word": "Waiting"}, True),
        ({"bill_sec": 1}, True),
        ({"price": 0}, True),
    ],
    ids=str,
)
def test_record(tx: Stores, change: dict[str, Any], new: bool) -> None:
    """What a status call says is recorded if it says anything new."""
    batch_id = add(tx)
    adopt(tx, call(tx, batch_id).id, news("aa"), NOW)
    before = call(tx, batch_id)
    assert record(tx, news("aa", **change), NOW + 1) == new
    after = call(tx, batch_id)
    assert (after.updated_at == NOW + 1) == bool(change)
    for name, value in change.items():
        assert getattr(after, name) == value
    assert after.position == before.position
    assert not record(tx, news("aa", **change), NOW + 2)


def test_by_id_prefix(tx: Stores) -> None:
    """A call is found by the beginning of its id, the newest first, as many as asked for."""
    batch_id = add(tx, numbers(6))
    ids = [id_of(i, head) for i, head in enumerate(["ab", "abc", "abcd", "abd", "b", "0"])]
    for position, gateway_id in enumerate(ids, start=1):
        adopt(tx, call(tx, batch_id, position).id, news(gateway_id), NOW)

    def found(prefix: str, limit: int = 9) -> list[int]:
        return [c.position for c in tx.calls.by_id_prefix(prefix, limit)]

    assert found("abc") == [3, 2]
    assert found("ab") == [4, 3, 2, 1]
    assert found("ab", 2) == [4, 3]
    assert found(ids[2]) == [3]
    assert found("") == [6, 5, 4, 3, 2, 1]
    assert (found("AB"), found("c"), found(ids[2] + "0")) == ([], [], [])


def test_ids_without_a_call(tx: Stores) -> None:
    """Ids that belong to no call are kept, once each, and found by batch and by beginning."""
    batch_id = add(tx, numbers(1), numbers(1, 2))
    other = part(tx, add(tx)).id
    first, second = (part(tx, batch_id, position).id for position in (1, 2))
    kept = [
        UnmatchedId(
            gateway_id=id_of(i, head), submission_id=submission, number="n", kind=kind, word="W"
        )
        for i, head, submission, kind in [
            (1, "ab", second, UnmatchedKind.FOREIGN),
            (2, "ab", first, UnmatchedKind.REPEATED),
            (1, "aa", first, UnmatchedKind.CONFLICT),
            (1, "ab", other, UnmatchedKind.CONFLICT),
        ]
    ]
    for unmatched in [*kept, *kept]:
        tx.calls.keep_unmatched(unmatched)
    assert tx.calls.unmatched(batch_id) == [kept[2], kept[1], kept[0]]
    assert [(u.submission_id, b) for b, u in tx.calls.unmatched_by_prefix("ab", 9)] == [
        (other, 2),
        (second, 1),
        (first, 1),
    ]
    assert [u for _, u in tx.calls.unmatched_by_prefix("aa", 9)] == [kept[2]]
    assert len(tx.calls.unmatched_by_prefix("a", 2)) == 2
    assert tx.calls.unmatched_by_prefix("AB", 9) == []


def test_by_number(tx: Stores) -> None:
    """All calls to a number are found, the newest first."""
    ids = [add(tx, numbers(2)) for _ in range(3)]
    add(tx, numbers(1, 9))
    assert [c.batch_id for c in tx.calls.by_number(numbers(1)[0], 9)] == ids[::-1]
    assert [c.batch_id for c in tx.calls.by_number(numbers(1)[0], 1)] == ids[:1:-1]
    assert tx.calls.by_number("989120000001", 9) == []


def test_not_confirmed(tx: Stores) -> None:
    """The calls that got no id are marked and counted, those with an id and of others are not."""
    batch_id = add(tx, numbers(3), numbers(1, 4))
    adopt(tx, call(tx, batch_id, 2).id, news("aa"), NOW)
    assert tx.calls.not_confirmed(part(tx, batch_id).id, NOW + 1) == 2
    assert [(c.status, c.updated_at) for c in tx.calls.of_batch(batch_id)] == [
        (C.NOT_CONFIRMED, NOW + 1),
        (C.WAITING, NOW),
        (C.NOT_CONFIRMED, NOW + 1),
        (C.PLANNED, None),
    ]
    assert tx.calls.not_confirmed(part(tx, batch_id).id, NOW) == 0


def try_again(tx: Stores, batch_id: int, *cuts: tuple[str, ...], how: str = "try_again") -> int:
    """A follow-up of a batch with these numbers."""
    return add(tx, *cuts, follows=batch_id, followed_as=how)


def skip(tx: Stores, batch_id: int) -> tuple[int, int]:
    """Skip what may have rung in the first submission of a batch: how many, and how many left."""
    skipped, left = tx.calls.skip(
        batch_id, part(tx, batch_id).id, NOW + 1, since=NOW - DAY, most=0
    )
    assert set(skipped) <= {SkipReason.RANG}
    return skipped.get(SkipReason.RANG, 0), left


@pytest.mark.parametrize("state", list(SubmissionState))
@pytest.mark.parametrize("how", ["try_again", "redial"])
def test_skip_what_rang(tx: Stores, state: SubmissionState, how: str) -> None:
    """A follow-up of either kind skips the numbers whose submission is under way or in doubt."""
    first = add_in(tx, state, numbers(2))
    follow_up = try_again(tx, first, numbers(3), how=how)
    rung = 0 if state in NOT_RUNG else 2
    assert skip(tx, follow_up) == (rung, 3 - rung)
    assert [(c.status, c.skip_reason) for c in tx.calls.of_batch(follow_up)] == [
        *[(C.SKIPPED, "rang")] * rung,
        *[(C.PLANNED, None)] * (3 - rung),
    ]
    assert skip(tx, follow_up) == (0, 3 - rung)


def test_skip_what_rang_in_a_first_batch(tx: Stores) -> None:
    """A batch that follows nothing skips nothing, whatever rang in others."""
    add_in(tx, S.ACCEPTED)
    assert skip(tx, add(tx)) == (0, 2)


@pytest.mark.parametrize("state", list(SubmissionState))
def test_skip_what_rang_along_the_chain(tx: Stores, state: SubmissionState) -> None:
    """Every submission of a number back along *Try again* counts, however far back."""
    first = add_in(tx, state, numbers(1), numbers(1, 2))
    second = add_in(tx, S.REFUSED, numbers(2), follows=first, followed_as="try_again")
    third = try_again(tx, second, numbers(2))
    # the second submission of the first batch is still queued: its number may ring
    assert skip(tx, third) == (1 + (state not in NOT_RUNG), 0 + (state in NOT_RUNG))


@pytest.mark.parametrize("status", [C.NO_ANSWER, C.USER_BUSY, C.NORMAL, C.WAITING])
def test_what_reached_nobody_before_a_redial(tx: Stores, status: CallStatus) -> None:
    """It is why the *Redial* was made, and skips nothing; whatever else became of it does."""
    first = add_in(tx, S.ACCEPTED, numbers(1))
    adopt(tx, call(tx, first).id, news("aa", status), NOW)
    redial = add_in(tx, S.REFUSED, numbers(1), follows=first, followed_as="redial")
    rung = int(status in (C.NORMAL, C.WAITING))
    beside = try_again(tx, first, numbers(1), how="redial")
    tx.batches.stop(beside, StopReason.PERSON, now=NOW)
    again = try_again(tx, redial, numbers(1))
    assert len(tx.calls.to_try_again(redial, part(tx, redial).id)) == 0  # `again` is queued
    assert skip(tx, again) == (rung, 1 - rung)


def test_what_rang_after_a_redial(tx: Stores) -> None:
    """*No answer* in a batch made later is a call that rang: *Try again* leaves it alone."""
    first = add_in(tx, S.ACCEPTED, numbers(1))
    adopt(tx, call(tx, first).id, news("aa", C.NO_ANSWER), NOW)
    redial = add_in(tx, S.REFUSED, numbers(1), follows=first, followed_as="redial")
    (free,) = tx.calls.to_try_again(redial, part(tx, redial).id)
    assert free == call(tx, redial)
    later = add_in(tx, S.ACCEPTED, numbers(1), follows=first, followed_as="redial")
    adopt(tx, call(tx, later).id, news("bb", C.NO_ANSWER), NOW)
    assert tx.calls.to_try_again(redial, part(tx, redial).id) == []
    assert tx.submissions.to_try_again(redial) == []
    assert skip(tx, try_again(tx, redial, numbers(1))) == (1, 0)


def test_only_one_submission_is_skipped(tx: Stores) -> None:
    """A claim looks at the numbers of its own submission only."""
    first = add_in(tx, S.LEFT, numbers(2))
    follow_up = try_again(tx, first, numbers(1), numbers(1, 2))
    assert skip(tx, follow_up) == (1, 0)
    assert [c.status for c in tx.calls.of_batch(follow_up)] == [C.SKIPPED, C.PLANNED]


@pytest.mark.parametrize("state", list(EvidenceState))
@pytest.mark.parametrize("back", [1, 2])
def test_skip_what_has_evidence(tx: Stores, state: EvidenceState, back: int) -> None:
    """A number of a submission that something unsettled was said of does not go out again."""
    first = add_in(tx, S.RELEASED, numbers(2))
    second = add_in(tx, S.UNSENT, numbers(2), follows=first, followed_as="try_again")
    about = part(tx, second if back == 1 else first).id
    evidence_id = tx.evidence.give("aa", about, ANN, NOW)
    assert tx.evidence.settle(evidence_id, state, "", NOW)
    blocked = 2 if state in (EvidenceState.WAITING, EvidenceState.AMBIGUOUS) else 0
    assert skip(tx, try_again(tx, second, numbers(2))) == (blocked, 2 - blocked)


def test_it_is_skipped_before_it_is_sent(tx: Stores) -> None:
    """What has an outcome is not skipped any more."""
    first = add_in(tx, S.LEFT, numbers(2))
    follow_up = try_again(tx, first, numbers(2))
    bring(tx, part(tx, follow_up).id, S.ACCEPTED)
    adopt(tx, call(tx, follow_up, 1).id, news("aa"), NOW)
    tx.calls.not_confirmed(part(tx, follow_up).id, NOW)
    assert skip(tx, follow_up) == (0, 0)


def skip_all(tx: Stores, batch_id: int, most: int = 0) -> tuple[dict[SkipReason, int], int]:
    """Skip all that must not be called in the first submission of a batch."""
    return tx.calls.skip(batch_id, part(tx, batch_id).id, NOW + 1, since=NOW - DAY, most=most)


def test_skip_do_not_call(tx: Stores) -> None:
    """Who is on the do-not-call list is skipped; who was taken off, and anybody else, is not."""
    one, two, _ = numbers(3)
    for number in (one, two):
        tx.do_not_call.add(number, "asked", now=NOW, by=ANN)
    tx.do_not_call.remove(two, "agreed", now=NOW, by=ANN)
    batch_id = add(tx, numbers(3))
    assert skip_all(tx, batch_id) == ({SkipReason.DO_NOT_CALL: 1}, 2)
    assert [call.skip_reason for call in tx.calls.of_batch(batch_id)] == [
        "do_not_call",
        None,
        None,
    ]
    assert part(tx, batch_id).skipped == 1
    assert tx.outcomes.skipped(batch_id) == {SkipReason.DO_NOT_CALL: 1}
    assert skip_all(tx, batch_id) == ({}, 2)


def test_skip_who_was_called_often(tx: Stores) -> None:
    """A number that was called as often as it may be on a day is skipped, whatever the batch."""
    for _ in range(2):
        bring(tx, part(tx, add(tx, numbers(1))).id, S.ACCEPTED)
    batch_id = add(tx, numbers(2))
    assert skip_all(tx, batch_id, most=3) == ({}, 2)
    assert skip_all(tx, batch_id, most=2) == ({SkipReason.DAILY_LIMIT: 1}, 1)


def test_the_first_reason_counts(tx: Stores) -> None:
    """A number that may have rung and is on the list is skipped once, as it may have rung."""
    first = add_in(tx, S.LEFT, numbers(1))
    tx.do_not_call.add(numbers(1)[0], "asked", now=NOW, by=ANN)
    follow_up = try_again(tx, first, numbers(2))
    assert skip_all(tx, follow_up, most=1) == ({SkipReason.RANG: 1}, 1)
