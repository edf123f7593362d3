import pytest

from storage.models import CallStatus, Evidence, EvidenceState, SkipReason, SubmissionState
from storage.stores import Stores
from tests.storage.making import ANN, BEN, NOW, add, add_in, adopt, call, news, numbers, part

S, E = SubmissionState, EvidenceState
OPEN = (E.WAITING, E.AMBIGUOUS)
ONE = numbers(1)[0]


def test_give(tx: Stores) -> None:
    """An id that a person gives waits for the gateway, and is about its submission."""
    submission_id = part(tx, add_in(tx, S.UNKNOWN)).id
    evidence_id = tx.evidence.give("aa", submission_id, ANN, NOW)
    assert tx.evidence.get(evidence_id) == Evidence(
        id=evidence_id,
        gateway_id="aa",
        submission_id=submission_id,
        number=None,
        request_date=None,
        state=E.WAITING,
        given_by=ANN.id,
        given_name=ANN.name,
        given_at=NOW,
        detail=None,
    )
    assert tx.evidence.fitted(evidence_id) == [submission_id]
    assert tx.evidence.get(evidence_id + 1) is None


@pytest.mark.parametrize("state", list(EvidenceState))
def test_give_again(tx: Stores, state: EvidenceState) -> None:
    """The same id is one piece while it is open, and blocks both; a settled one begins anew."""
    one, other = (part(tx, add_in(tx, S.UNKNOWN)).id for _ in range(2))
    first = tx.evidence.give("aa", one, ANN, NOW)
    assert tx.evidence.settle(first, state, "", NOW)
    again = tx.evidence.give("aa", other, BEN, NOW + 1)
    assert (again == first) == (state in OPEN)
    assert tx.evidence.fitted(again) == ([one, other] if state in OPEN else [other])
    assert tx.evidence.give("aa", other, BEN, NOW + 2) == again


@pytest.mark.parametrize("was", list(EvidenceState))
@pytest.mark.parametrize("becomes", list(EvidenceState))
def test_settle(tx: Stores, was: EvidenceState, becomes: EvidenceState) -> None:
    """What is adopted or disagrees is settled for good."""
    evidence_id = tx.evidence.give("aa", part(tx, add(tx)).id, ANN, NOW)
    tx.evidence.settle(evidence_id, was, "was", NOW)
    assert tx.evidence.settle(evidence_id, becomes, "becomes", NOW) == (was in OPEN)
    found = tx.evidence.get(evidence_id)
    assert found is not None
    assert (found.state, found.detail) == ((becomes, "becomes") if was in OPEN else (was, "was"))


def test_what_waits(tx: Stores) -> None:
    """The gateway is asked about what waits, oldest first; a person about what is ambiguous."""
    one, other = (part(tx, add_in(tx, S.UNKNOWN)).id for _ in range(2))
    ids = [tx.evidence.give(f"a{i}", one, ANN, NOW) for i in range(4)]
    tx.evidence.settle(ids[1], E.AMBIGUOUS, "", NOW)
    tx.evidence.settle(ids[3], E.DISAGREES, "", NOW)
    tx.evidence.fits(ids[1], [one, other])
    assert [e.id for e in tx.evidence.waiting()] == [ids[0], ids[2]]
    assert [e.id for e in tx.evidence.ambiguous_of(one)] == [ids[1]]
    assert [e.id for e in tx.evidence.ambiguous_of(other)] == [ids[1]]
    tx.evidence.fits(ids[1], [other])
    assert tx.evidence.ambiguous_of(one) == []
    assert tx.evidence.fitted(ids[1]) == [other]
    tx.evidence.fits(ids[1], [])
    assert tx.evidence.fitted(ids[1]) == []


def test_learn(tx: Stores) -> None:
    """What the gateway says of an id is kept with it."""
    evidence_id = tx.evidence.give("aa", part(tx, add(tx)).id, ANN, NOW)
    tx.evidence.learn(evidence_id, ONE, 1234)
    found = tx.evidence.get(evidence_id)
    assert found is not None
    assert (found.number, found.request_date) == (ONE, 1234)


def find(tx: Stores, request_date: int | None = int(NOW), number: str = ONE) -> list[int]:
    """The submissions that a call fits, with a slack of a minute and a timeout of 30 s."""
    return tx.evidence.find_fits(number, request_date, slack=60.0, timeout=30.0)


@pytest.mark.parametrize("state", list(SubmissionState))
def test_fits_in_state(tx: Stores, state: SubmissionState) -> None:
    """Only a submission that may have placed a call that we do not know of fits."""
    batch_id = add_in(tx, state, numbers(2))
    fits = [part(tx, batch_id).id] if state in {S.SENDING, S.UNKNOWN, S.RELEASED, S.LEFT} else []
    assert find(tx) == fits
    assert find(tx, None) == fits
    assert find(tx, number="+989129999999") == []


@pytest.mark.parametrize("confirmed", [True, False])
def test_fits_what_is_not_confirmed(tx: Stores, confirmed: bool) -> None:
    """Of an accepted submission only a number that is not confirmed may have rung unknown."""
    batch_id = add_in(tx, S.ACCEPTED, numbers(2))
    if confirmed:
        adopt(tx, call(tx, batch_id).id, news("aa"), NOW)
    tx.calls.not_confirmed(part(tx, batch_id).id, NOW)
    assert find(tx) == ([] if confirmed else [part(tx, batch_id).id])
    assert call(tx, batch_id, 2).status is CallStatus.NOT_CONFIRMED


def test_fits_no_skipped_number(tx: Stores) -> None:
    """A number that was skipped was not sent, whatever became of the others."""
    first = add_in(tx, S.LEFT, numbers(1))
    batch_id = add(tx, numbers(2), follows=first, followed_as="try_again")
    submission_id = part(tx, batch_id).id
    skipped = tx.calls.skip(batch_id, submission_id, NOW, since=NOW - 9, most=0)
    assert skipped == ({SkipReason.RANG: 1}, 1)
    assert tx.submissions.claim(submission_id, NOW)
    assert find(tx) == [part(tx, first).id]
    assert find(tx, number=numbers(2)[1]) == [submission_id]


@pytest.mark.parametrize(
    ("seconds", "fits"), [(-61, False), (-60, True), (0, True), (90, True), (91, False)]
)
def test_fits_in_time(tx: Stores, seconds: int, fits: bool) -> None:
    """The call was asked for from a minute before the claim to a minute after its time-out."""
    add_in(tx, S.UNKNOWN, numbers(1))
    assert bool(find(tx, int(NOW) + seconds)) == fits


def test_fits_several(tx: Stores) -> None:
    """All that fits is found, in the order in which it was made."""
    ids = [part(tx, add_in(tx, state, numbers(1))).id for state in (S.LEFT, S.UNKNOWN, S.SENDING)]
    assert find(tx) == ids
