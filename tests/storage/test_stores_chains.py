"""Chains: a batch with all its follow-ups, and what they say of a number together."""

from dataclasses import replace
from typing import Any

import pytest

from storage.models import CallStatus, EvidenceState, Follow, StopReason, SubmissionState
from storage.outcomes import CallOutcome
from storage.stores import Stores
from tests.storage.making import (
    ANN,
    NOW,
    ROOM,
    add,
    adopt,
    bring,
    call,
    news,
    numbers,
    part,
    record,
)

S, C = SubmissionState, CallStatus
ONE, TWO, THREE = numbers(3)
NOT_REACHED = (C.NO_ANSWER, C.USER_BUSY, C.EXPIRED, C.ERROR)


def called(tx: Stores, *statuses: CallStatus, follows: int | None = None, first: int = 1) -> int:
    """A batch whose calls went so, by default one that began by itself."""
    followed_as = None if follows is None else "redial"
    cut = numbers(len(statuses), first)
    batch_id = add(tx, cut, follows=follows, followed_as=followed_as)
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    for position, status in enumerate(statuses, start=1):
        made = call(tx, batch_id, position)
        adopt(tx, made.id, news(f"{made.id:032x}", status))
    return batch_id


def offered(tx: Stores, batch_id: int) -> list[str]:
    """The numbers that nothing in the chain speaks against."""
    return [one.number for one in tx.chains.not_reached(batch_id) if one.stands]


def test_a_batch_alone(tx: Stores) -> None:
    """A batch that has no follow-up and is none is a chain of itself."""
    called(tx, C.NORMAL)
    alone = called(tx, C.NORMAL)
    assert tx.chains.batches(alone) == [alone]
    assert tx.chains.redials(alone) == []


def test_every_batch_of_a_chain_knows_all_of_it(tx: Stores) -> None:
    """Follow-ups, those beside them and theirs: the same from wherever one looks."""
    first = called(tx, C.NO_ANSWER)
    called(tx, C.NO_ANSWER)
    second = called(tx, C.NO_ANSWER, follows=first)
    beside = called(tx, C.NO_ANSWER, follows=first)
    third = called(tx, C.NO_ANSWER, follows=second)
    chain = [first, second, beside, third]
    assert [tx.chains.batches(batch_id) for batch_id in chain] == [chain] * 4
    assert tx.chains.redials(first) == [second, beside]


def test_a_try_again_is_part_of_the_chain_and_no_redial(tx: Stores) -> None:
    """Both kinds of follow-up belong to a chain."""
    first = called(tx, C.NO_ANSWER)
    again = add(tx, numbers(1), follows=first, followed_as="try_again")
    assert tx.chains.batches(first) == [first, again]
    assert tx.chains.redials(first) == []


def test_the_best_call_of_a_number_counts(tx: Stores) -> None:
    """Each number counts once, by the call that stands first in the given order."""
    first = called(tx, C.NO_ANSWER, C.USER_BUSY, C.NORMAL)
    second = called(tx, C.NORMAL, C.NO_ANSWER, follows=first)
    order = [CallOutcome(status) for status in (C.NORMAL, C.NO_ANSWER, C.USER_BUSY)]
    assert tx.chains.best([first, second], order) == {order[0]: 2, order[1]: 1}
    assert tx.chains.best([first], order) == {order[0]: 1, order[1]: 1, order[2]: 1}


def test_what_is_planned_counts_by_its_part(tx: Stores) -> None:
    """A number that has no call yet is what its submission is."""
    batch_id = add(tx, numbers(2), numbers(1, 3))
    bring(tx, part(tx, batch_id).id, S.REFUSED)
    refused, queued = (CallOutcome(C.PLANNED, state) for state in (S.REFUSED, S.QUEUED))
    assert tx.chains.best([batch_id], [queued, refused]) == {queued: 1, refused: 2}


@pytest.mark.parametrize("status", [s for s in C if s not in (C.PLANNED, C.SKIPPED)])
def test_only_known_ends_without_an_answer_are_offered(tx: Stores, status: CallStatus) -> None:
    """No answer, busy, expired and failed; nothing that is open, answered or in doubt."""
    batch_id = add(tx, numbers(1))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    if status is C.NOT_CONFIRMED:
        tx.calls.not_confirmed(part(tx, batch_id).id, NOW)
    elif status is C.NO_RESULT:
        adopt(tx, call(tx, batch_id).id, news("aa"))
        record(tx, news("aa", C.NO_RESULT))
    else:
        adopt(tx, call(tx, batch_id).id, news("aa", status, word="RINGING"))
    assert offered(tx, batch_id) == ([ONE] if status in NOT_REACHED else [])


def test_a_call_that_is_tried_again_is_not_offered(tx: Stores) -> None:
    """*No answer* between two tries of the gateway is no end: the phone may ring yet."""
    batch_id = add(tx, numbers(1))
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    said = news("aa", C.NO_ANSWER)
    tx.calls.adopt(call(tx, batch_id).id, said, NOW, Follow(status_since=NOW, next_poll_at=NOW))
    assert offered(tx, batch_id) == []
    record(tx, said)
    assert offered(tx, batch_id) == [ONE]


def test_numbers_that_never_left_are_not_offered(tx: Stores) -> None:
    """What was refused or not sent is *Try again*'s."""
    batch_id = add(tx, numbers(1))
    bring(tx, part(tx, batch_id).id, S.REFUSED)
    assert tx.chains.not_reached(batch_id) == []


def test_a_redacted_number_is_not_offered(tx: Stores) -> None:
    """Nobody can be called by a hash."""
    batch_id = called(tx, C.NO_ANSWER)
    tx.db.execute("UPDATE calls SET number = '#' || hex(randomblob(16))")
    assert tx.chains.not_reached(batch_id) == []


def test_whoever_was_answered_later_is_named_but_not_offered(tx: Stores) -> None:
    """An answer anywhere in the chain ends it for that number."""
    first = called(tx, C.NO_ANSWER, C.USER_BUSY, C.ERROR)
    second = called(tx, C.NO_ANSWER, C.NO_ANSWER, follows=first)
    third = called(tx, C.NORMAL, follows=second)
    one, two, three = tx.chains.not_reached(first)
    assert (one.stands, one.answered, one.elsewhere) == (False, True, third)
    assert (two.stands, two.answered, two.elsewhere) == (True, False, None)
    assert (three.stands, three.status) == (True, C.ERROR)
    assert offered(tx, second) == [TWO]


@pytest.mark.parametrize("state", list(S))
def test_whoever_is_under_way_elsewhere_is_not_offered(tx: Stores, state: SubmissionState) -> None:
    """Queued, on its way, in doubt, or *Try again*'s: only what was cancelled takes nothing."""
    first = called(tx, C.NO_ANSWER)
    beside = called(tx, C.NO_ANSWER, follows=first)
    later = add(tx, numbers(1), follows=first, followed_as="redial")
    bring(tx, part(tx, later).id, state)
    stays = state is S.CANCELLED
    assert offered(tx, beside) == offered(tx, first) == ([ONE] if stays else [])


@pytest.mark.parametrize("state", [S.REFUSED, S.UNSENT, S.RELEASED])
def test_what_was_tried_again_is_offered_by_what_became_of_it(
    tx: Stores, state: SubmissionState
) -> None:
    """While *Try again* can take a number nobody else may; a cancelled one it can once more."""
    first = called(tx, C.NO_ANSWER)
    redial = add(tx, numbers(1), follows=first, followed_as="redial")
    bring(tx, part(tx, redial).id, state)
    took: dict[str, Any] = {"followed_as": "try_again", "sources": (part(tx, redial).id,)}
    again = add(tx, numbers(1), follows=redial, **took)
    assert offered(tx, first) == []
    tx.batches.stop(again, StopReason.PERSON, now=NOW)
    assert offered(tx, first) == []
    took["sources"] = (part(tx, again).id,)
    last = add(tx, numbers(1), follows=again, **took)
    bring(tx, part(tx, last).id, S.ACCEPTED)
    assert offered(tx, first) == []
    adopt(tx, call(tx, last).id, news("cc", C.NO_ANSWER))
    assert offered(tx, first) == offered(tx, last) == [ONE]


def test_who_is_about_to_call_the_same(tx: Stores) -> None:
    """What is queued elsewhere in the chain for a number of this part; no stranger's."""
    first = called(tx, C.NO_ANSWER, C.NO_ANSWER)
    add(tx, numbers(2))
    redial = add(tx, numbers(1), numbers(1, 2), follows=first, followed_as="redial")
    source, (one, two) = part(tx, first).id, tx.submissions.of_batch(redial)
    assert tx.chains.queued_with(first, source) == [redial]
    assert tx.chains.queued_with(redial, one.id) == []
    bring(tx, one.id, S.ACCEPTED)
    assert tx.chains.queued_with(first, source) == [redial]
    bring(tx, two.id, S.SENDING)
    assert tx.chains.queued_with(first, source) == []


def test_evidence_that_waits_keeps_a_number_back(tx: Stores) -> None:
    """A person said that it did not ring, and an id says that it may have: nobody is offered."""
    first = called(tx, C.NO_ANSWER)
    later = add(tx, numbers(1), follows=first, followed_as="redial")
    bring(tx, part(tx, later).id, S.RELEASED)
    again = add(tx, follows=later, followed_as="try_again", sources=(part(tx, later).id,))
    bring(tx, part(tx, again).id, S.ACCEPTED)
    adopt(tx, call(tx, again).id, news("cc", C.NO_ANSWER))
    assert offered(tx, first) == [ONE]
    evidence = tx.evidence.give("bb", part(tx, later).id, ANN, NOW)
    tx.db.execute(
        "INSERT OR IGNORE INTO evidence_fits (evidence_id, submission_id) VALUES (?, ?)",
        [evidence, part(tx, later).id],
    )
    assert offered(tx, first) == []
    tx.db.execute("UPDATE evidence SET state = ?", [EvidenceState.DISAGREES.value])
    assert offered(tx, first) == [ONE]


def test_a_skipped_number_is_judged_by_what_it_was_skipped_for(tx: Stores) -> None:
    """A follow-up that left a number out says nothing of it."""
    first = called(tx, C.NO_ANSWER)
    later = add(tx, numbers(1), follows=first, followed_as="redial")
    tx.db.execute(
        "UPDATE calls SET status = 'skipped', skip_reason = 'daily_limit' WHERE batch_id = ?",
        [later],
    )
    assert offered(tx, first) == [ONE]


def test_touching_the_others(tx: Stores) -> None:
    """The rest of a chain is looked at again, and nobody else."""
    stranger = called(tx, C.NO_ANSWER)
    first = called(tx, C.NO_ANSWER)
    second = called(tx, C.NO_ANSWER, follows=first)
    third = called(tx, C.NO_ANSWER, follows=second)

    def revisions() -> list[int]:
        found = [tx.batches.get(one) for one in (stranger, first, second, third)]
        return [batch.revision for batch in found if batch is not None]

    before = revisions()
    tx.chains.touch_others(second)
    assert [now - was for was, now in zip(before, revisions(), strict=True)] == [0, 1, 0, 1]


def test_the_newest_batch_of_a_topic(tx: Stores) -> None:
    """A topic has its own last batch, and the chat without topics too."""
    made: dict[int | None, int] = {}
    for thread_id in (5, None, 6):
        made[thread_id] = add(tx, numbers(1))
        tx.boards.create(made[thread_id], replace(ROOM, thread_id=thread_id))
    for thread_id, batch_id in made.items():
        found = tx.batches.latest_in_topic(-100, thread_id)
        assert found is not None
        assert found.id == batch_id
    assert tx.batches.latest_in_topic(-100, 7) is None
    assert tx.batches.latest_in_topic(-200, 5) is None
