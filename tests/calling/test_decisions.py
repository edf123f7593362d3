"""*Hold*, *Send the rest*, *Stop*, and what an unknown was: what each does, and never does."""

import asyncio

import pytest

from bot.calling.decisions import Verdict
from bot.calling.errors import AlreadyDoneError, DrainingError, ExpiredError, PausedError
from bot.calling.launches import Defaults
from storage.models import BatchState, CallStatus, HoldReason, PauseReason, SubmissionState
from tests.calling.house import ANN, BEN, Fault, House
from tests.calling.switchboard import cut

UNKNOWN, QUEUED = SubmissionState.UNKNOWN, SubmissionState.QUEUED
CANCELLED, SENDING = SubmissionState.CANCELLED, SubmissionState.SENDING


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers to a POST."""
    return Defaults(per_post=2)


async def unknown(house: House, count: int = 3) -> tuple[int, int]:
    """A batch whose first submission is unknown, and that submission."""
    house.board.script.append(cut)
    batch_id = await house.launch(count)
    await house.step()
    return batch_id, (await house.submissions(batch_id))[0].id


async def test_hold(house: House) -> None:
    """*Hold* says what is not sent and what may still ring, and who held it."""
    house.board.holds = True
    batch_id = await house.launch(5)
    await house.step()
    left = await house.decisions.hold(batch_id, by=BEN)
    assert (left.not_sent, left.under_way, left.at_gateway) == (3, 2, 0)
    batch = await house.batch(batch_id)
    assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.PERSON)
    assert (batch.hold_name, batch.hold_no) == ("Ben", 1)


async def test_hold_twice(house: House) -> None:
    """Who comes second is told who held it; a batch with nothing left to send cannot be held."""
    batch_id = await house.launch(3)
    await house.decisions.hold(batch_id, by=ANN)
    with pytest.raises(AlreadyDoneError) as caught:
        await house.decisions.hold(batch_id, by=BEN)
    assert caught.value.name == "Ann"
    house.board.holds = True
    last = await house.launch(1, 50)
    await house.step()
    with pytest.raises(AlreadyDoneError):
        await house.decisions.hold(last, by=ANN)
    with pytest.raises(ExpiredError):
        await house.decisions.hold(99, by=ANN)


async def test_send_rest(house: House) -> None:
    """*Send the rest* lets exactly this hold end, and only once."""
    batch_id, _ = await unknown(house)
    await house.decisions.check_rest(batch_id, 1)
    results = await asyncio.gather(
        house.decisions.send_rest(batch_id, 1, by=ANN),
        house.decisions.send_rest(batch_id, 1, by=ANN),
        return_exceptions=True,
    )
    assert results[0] == 1
    assert isinstance(results[1], ExpiredError)
    await house.step()
    assert await house.states(batch_id) == [UNKNOWN, SubmissionState.ACCEPTED]


async def test_button_of_an_earlier_hold(house: House) -> None:
    """A button that was made for an earlier hold sends nothing."""
    batch_id, _ = await unknown(house)
    await house.decisions.send_rest(batch_id, 1, by=ANN)
    await house.decisions.hold(batch_id, by=ANN)
    for attempt in (
        house.decisions.check_rest(batch_id, 1),
        house.decisions.send_rest(batch_id, 1, by=ANN),
    ):
        with pytest.raises(ExpiredError):
            await attempt
    assert (await house.batch(batch_id)).state is BatchState.HELD


async def test_send_rest_while_paused_or_draining(house: House) -> None:
    """A pause and a program that stops send nothing; the hold stays as it is."""
    batch_id, _ = await unknown(house)
    await house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
    )
    with pytest.raises(PausedError):
        await house.decisions.check_rest(batch_id, 1)
    with pytest.raises(PausedError):
        await house.decisions.send_rest(batch_id, 1, by=ANN)
    await house.pauses.check(ANN)
    house.decisions.draining = True
    with pytest.raises(DrainingError):
        await house.decisions.send_rest(batch_id, 1, by=ANN)
    assert (await house.batch(batch_id)).hold_no == 1


async def test_send_rest_while_the_disk_refuses(house: House) -> None:
    """A disk pause that could not be written down stops *Send the rest* too."""
    batch_id, _ = await unknown(house)
    house.database.faults.append(Fault.DISK)
    with pytest.raises(Exception, match="disk"):
        await house.decisions.send_rest(batch_id, 1, by=ANN)
    with pytest.raises(PausedError) as caught:
        await house.decisions.send_rest(batch_id, 1, by=ANN)
    assert [pause.reason for pause in caught.value.pauses] == [PauseReason.DISK]


async def test_stop(house: House) -> None:
    """*Stop* cancels what is queued, says what may still ring, and works in a held batch."""
    batch_id, _ = await unknown(house, 5)
    left = await house.decisions.stop(batch_id, by=BEN)
    assert (left.not_sent, left.under_way, left.at_gateway) == (3, 0, 2)
    assert await house.states(batch_id) == [UNKNOWN, CANCELLED, CANCELLED]
    batch = await house.batch(batch_id)
    assert (batch.state, batch.stop_name) == (BatchState.STOPPED, "Ben")
    with pytest.raises(AlreadyDoneError) as caught:
        await house.decisions.stop(batch_id, by=ANN)
    assert (caught.value.batch_id, caught.value.name) == (batch_id, "Ben")


async def test_undo(house: House) -> None:
    """*Stop* before the first claim sends nothing at all."""
    batch_id = await house.launch(3)
    await house.decisions.stop(batch_id, by=ANN)
    await house.step()
    assert await house.states(batch_id) == [CANCELLED, CANCELLED]
    assert house.board.posts == []


async def test_stop_and_claim_at_once(house: House) -> None:
    """Either the claim comes first and the answer counts it, or nothing is sent."""
    batch_id = await house.launch(1)
    house.board.holds = True
    left, _ = await asyncio.gather(house.decisions.stop(batch_id, by=ANN), house.dialer.step())
    await house.settled()
    assert len(house.board.posts) == left.under_way
    assert left.under_way + left.not_sent == 1


@pytest.mark.parametrize(
    ("verdict", "state", "status"),
    [
        (Verdict.RANG, SubmissionState.ACCEPTED, CallStatus.NOT_CONFIRMED),
        (Verdict.DID_NOT_RING, SubmissionState.RELEASED, CallStatus.PLANNED),
        (Verdict.LEAVE, SubmissionState.LEFT, CallStatus.PLANNED),
    ],
)
async def test_decide(
    house: House, verdict: Verdict, state: SubmissionState, status: CallStatus
) -> None:
    """A verdict is recorded with who gave it, and starts nothing."""
    batch_id, submission_id = await unknown(house)
    decided = await house.decisions.decide(submission_id, verdict, by=BEN)
    assert (decided.state, decided.decided_name) == (state, "Ben")
    assert [call.status for call in await house.calls(batch_id)][:2] == [status, status]
    await house.step()
    assert (await house.batch(batch_id)).state is BatchState.HELD
    assert len(house.board.posts) == 1
    with pytest.raises(AlreadyDoneError) as caught:
        await house.decisions.decide(submission_id, Verdict.LEAVE, by=ANN)
    assert (caught.value.batch_id, caught.value.name) == (batch_id, "Ben")


async def test_what_was_left_may_ring_all_the_same(house: House) -> None:
    """*Stop* counts what nobody could tell among what may still ring."""
    batch_id, submission_id = await unknown(house)
    await house.decisions.decide(submission_id, Verdict.LEAVE, by=BEN)
    left = await house.decisions.stop(batch_id, by=ANN)
    assert (left.not_sent, left.under_way, left.at_gateway) == (1, 0, 2)


async def test_two_verdicts_at_once(house: House) -> None:
    """Of two people who decide at once the first one counts."""
    _, submission_id = await unknown(house)
    results = await asyncio.gather(
        house.decisions.decide(submission_id, Verdict.DID_NOT_RING, by=ANN),
        house.decisions.decide(submission_id, Verdict.RANG, by=BEN),
        return_exceptions=True,
    )
    assert [type(result).__name__ for result in results] == ["Submission", "AlreadyDoneError"]


async def test_decide_what_is_not_unknown(house: House) -> None:
    """Only an unknown is a person's decision."""
    batch_id = await house.launch(1)
    submission_id = (await house.submissions(batch_id))[0].id
    for found, error in ((submission_id, AlreadyDoneError), (99, ExpiredError)):
        with pytest.raises(error):
            await house.decisions.check_decide(found)
        with pytest.raises(error):
            await house.decisions.decide(found, Verdict.RANG, by=ANN)
    assert await house.states(batch_id) == [QUEUED]


async def test_draining_takes_stop_and_verdicts(house: House) -> None:
    """While the program stops, *Stop* and verdicts on unknowns are still taken."""
    batch_id, submission_id = await unknown(house)
    house.decisions.draining = True
    await house.decisions.decide(submission_id, Verdict.LEAVE, by=ANN)
    await house.decisions.stop(batch_id, by=ANN)
    assert await house.states(batch_id) == [SubmissionState.LEFT, CANCELLED]
