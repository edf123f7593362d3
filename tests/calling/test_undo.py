"""The time to undo before the first POST of a large launch, and the pause between its waves."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.calling.drafts import Ask
from bot.calling.errors import AlreadyDoneError
from bot.calling.launches import Asked, Defaults, Launched
from storage.models import BatchState, ReportKind, StopReason, SubmissionState
from tests.calling.house import ANN, BEN, House, numbers
from tests.calling.switchboard import Switchboard
from tests.calling.virtual_time import Clock
from tests.storage.making import add

QUEUED, ACCEPTED = SubmissionState.QUEUED, SubmissionState.ACCEPTED
CANCELLED = SubmissionState.CANCELLED
(ONE,) = numbers(1)
UNDO, PAUSE = 10.0, 60.0


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers a POST, and ten seconds to undo a launch of more than four."""
    return Defaults(confirm_above=4, per_post=2, undo_seconds=UNDO)


async def confirmed(house: House, count: int = 6, *asks: Ask) -> int:
    """A launch of so many numbers, just confirmed; its id."""
    asked = await house.call(*numbers(count), asks=asks)
    assert isinstance(asked, Asked)
    launched = await house.launches.confirm(asked.token, by=ANN, message_id=7)
    assert isinstance(launched, Launched)
    return launched.batch_id


@asynccontextmanager
async def dialing(house: House) -> AsyncIterator[None]:
    """The dialer works, as the program's does."""
    worker = asyncio.create_task(house.dialer.run())
    try:
        yield
    finally:
        await house.dialer.drain(30)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


@asynccontextmanager
async def waves(tmp_path: Path) -> AsyncIterator[House]:
    """A house that pauses between two POSTs of a batch."""
    clock = Clock(asyncio.get_running_loop())
    house = await House.open(
        tmp_path / "waves.db",
        board=Switchboard(clock),
        clock=clock,
        defaults=Defaults(confirm_above=4, per_post=2, wave_pause=PAUSE),
    )
    try:
        yield house
    finally:
        await house.close()


class TestUndo:
    async def test_nothing_is_posted_before_its_time(self, house: House) -> None:
        """Not a moment before the ten seconds are over, and all of it afterwards."""
        async with dialing(house):
            began = house.clock()
            batch_id = await confirmed(house)
            await house.pass_time(UNDO - 0.01)
            assert house.board.posts == []
            await house.pass_time(5)
        assert [post.at - began >= UNDO for post in house.board.posts] == [True] * 3
        assert await house.states(batch_id) == [ACCEPTED] * 3

    async def test_a_small_launch_has_no_time_to_undo(self, house: House) -> None:
        """What is asked for another reason than its size goes out at once."""
        batch_id = await confirmed(house, 2, Ask.REPLY)
        assert (await house.batch(batch_id)).undo_until is None
        await house.step()
        assert len(house.board.posts) == 1

    async def test_undo_before_a_claim(self, house: House) -> None:
        """Nothing was sent, nothing will be, and the answer says so."""
        async with dialing(house):
            batch_id = await confirmed(house)
            await house.pass_time(UNDO / 2)
            left = await house.decisions.stop(batch_id, by=BEN, undo=True)
            assert (left.not_sent, left.under_way, left.at_gateway) == (6, 0, 0)
            assert left.undone_by == BEN.name
            await house.pass_time(3600)
        assert house.board.posts == []
        assert await house.states(batch_id) == [CANCELLED] * 3
        batch = await house.batch(batch_id)
        assert (batch.state, batch.stop_reason) == (BatchState.STOPPED, StopReason.UNDONE)
        assert await house.database.read(lambda tx: tx.reports.of_batch(batch_id)) == []
        with pytest.raises(AlreadyDoneError):
            await house.decisions.stop(batch_id, by=ANN)

    async def test_undo_after_a_claim(self, house: House) -> None:
        """What was claimed before may ring, and the answer counts it; the rest is not sent."""
        house.board.holds = True
        async with dialing(house):
            batch_id = await confirmed(house)
            await house.pass_time(UNDO + 1)
            left = await house.decisions.stop(batch_id, by=ANN, undo=True)
            assert (left.not_sent, left.under_way, left.undone_by) == (4, 2, None)
            await house.pass_time(60)
        assert (await house.batch(batch_id)).stop_reason is StopReason.PERSON
        assert len(house.board.posts) == 1
        assert (await house.states(batch_id))[1:] == [CANCELLED] * 2

    @pytest.mark.parametrize(
        ("waited", "reason", "told"),
        [(0.0, StopReason.UNDONE, []), (UNDO, StopReason.PERSON, [ReportKind.END])],
    )
    async def test_stop_of_what_nothing_was_sent_of(
        self, house: House, waited: float, reason: StopReason, told: list[ReportKind]
    ) -> None:
        """In the time to undo *Stop* undoes, and no end is told; after it there is an end."""
        batch_id = await confirmed(house)
        await house.pass_time(waited)
        left = await house.decisions.stop(batch_id, by=BEN)
        assert (await house.batch(batch_id)).stop_reason is reason
        assert (left.undone_by is None) == bool(told)
        reports = await house.database.read(lambda tx: tx.reports.of_batch(batch_id))
        assert [report.kind for report in reports] == told

    async def test_undo_of_a_redial_changes_what_its_chain_tells(self, house: House) -> None:
        """What the end of the first batch says of its follow-ups is told anew."""
        first = await house.launch(2)
        until = house.clock() + UNDO
        batch_id = await house.database.write(
            lambda tx: add(tx, (ONE,), follows=first, followed_as="redial", undo_until=until)
        )
        before = (await house.batch(first)).revision
        await house.decisions.stop(batch_id, by=ANN, undo=True)
        assert (await house.batch(first)).revision > before

    @pytest.mark.parametrize("away", [0.0, 5.0, 60.0])
    async def test_killed_inside_the_time_to_undo(self, house: House, away: float) -> None:
        """After the restart the time goes on from where it was, and each number is sent once."""
        batch_id = await confirmed(house)
        due = house.clock() + UNDO
        await house.step()
        async with house.after_kill(away=away) as again, dialing(again):
            await again.pass_time(max(0.0, due - again.clock() - 0.5))
            if away < UNDO:
                assert again.board.posts == []
            await again.pass_time(5)
            assert await again.states(batch_id) == [ACCEPTED] * 3
            assert [post.at >= due for post in again.board.posts] == [True] * 3
            sent = [number for post in again.board.posts for number in post.numbers]
            assert sorted(sent) == sorted(numbers(6))

    async def test_killed_and_away_for_long(self, house: House) -> None:
        """More than ten minutes later nothing goes out: the batch is held."""
        batch_id = await confirmed(house)
        async with house.after_kill(away=1200) as again:
            await again.step()
            assert (await again.batch(batch_id)).state is BatchState.HELD
            assert again.board.posts == []

    async def test_the_clock_was_put_back_inside_the_time_to_undo(self, house: House) -> None:
        """It is not sent hours later by itself: the batch is held, as after a sleep."""
        batch_id = await confirmed(house)
        house.clock.jump(-3 * 3600)
        async with dialing(house):
            await house.pass_time(60)
            assert (await house.batch(batch_id)).state is BatchState.HELD
            await house.pass_time(4 * 3600)
        assert house.board.posts == []

    async def test_undo_after_a_restart(self, house: House) -> None:
        """The time to undo outlives the process, and so does *Undo*."""
        batch_id = await confirmed(house)
        async with house.after_kill(away=1) as again, dialing(again):
            left = await again.decisions.stop(batch_id, by=ANN)
            assert left.not_sent == 6
            await again.pass_time(60)
            assert again.board.posts == []

    async def test_hold_inside_the_time_to_undo(self, house: House) -> None:
        """Held for longer than that, it goes out when it is sent on, and not before."""
        async with dialing(house):
            batch_id = await confirmed(house)
            await house.decisions.hold(batch_id, by=ANN)
            await house.pass_time(UNDO * 2)
            assert house.board.posts == []
            hold_no = (await house.batch(batch_id)).hold_no
            await house.decisions.send_rest(batch_id, hold_no, by=ANN)
            await house.pass_time(1)
        assert len(house.board.posts) == 3


class TestWaves:
    async def test_the_pause_between_posts(self, tmp_path: Path) -> None:
        """Each wave waits for so long after the answer to the one before."""
        async with waves(tmp_path) as house, dialing(house):
            batch_id = await confirmed(house)
            await house.pass_time(PAUSE * 4)
            at = [post.at for post in house.board.posts]
            assert len(at) == 3
            assert all(later - earlier >= PAUSE for earlier, later in itertools.pairwise(at))
            assert await house.states(batch_id) == [ACCEPTED] * 3

    async def test_batches_do_not_wait_for_each_other(self, tmp_path: Path) -> None:
        """The pause is of one batch; another one goes out meanwhile."""
        async with waves(tmp_path) as house, dialing(house):
            await confirmed(house)
            await house.pass_time(1)
            other = await house.launch(2, first=50)
            await house.pass_time(1)
            assert len(house.board.posts) == 2
            assert await house.states(other) == [ACCEPTED]

    async def test_the_clock_was_put_back_in_a_pause(self, tmp_path: Path) -> None:
        """The next wave does not go out hours later by itself: the batch is held."""
        async with waves(tmp_path) as house, dialing(house):
            batch_id = await confirmed(house)
            await house.pass_time(PAUSE / 2)
            house.clock.jump(-5 * 3600)
            await house.pass_time(6 * 3600)
            assert len(house.board.posts) == 1
            assert (await house.batch(batch_id)).state is BatchState.HELD

    async def test_stop_in_a_pause(self, tmp_path: Path) -> None:
        """What has not gone out does not."""
        async with waves(tmp_path) as house, dialing(house):
            batch_id = await confirmed(house)
            await house.pass_time(PAUSE / 2)
            left = await house.decisions.stop(batch_id, by=ANN)
            assert (left.not_sent, left.at_gateway) == (4, 2)
            await house.pass_time(PAUSE * 4)
            assert len(house.board.posts) == 1

    async def test_a_restart_in_a_pause(self, tmp_path: Path) -> None:
        """The pause is in the record: it is kept, and the rest goes out once."""
        async with waves(tmp_path) as house:
            batch_id = await confirmed(house)
            await house.step()
            assert await house.states(batch_id) == [ACCEPTED, QUEUED, QUEUED]
            first = house.board.posts[0].at
            async with house.after_kill(away=5) as again, dialing(again):
                await again.pass_time(1)
                assert len(again.board.posts) == 1
                await again.pass_time(PAUSE * 3)
                assert len(again.board.posts) == 3
                assert again.board.posts[1].at - first >= PAUSE
                sent = [number for post in again.board.posts for number in post.numbers]
                assert sorted(sent) == sorted(numbers(6))

    async def test_a_pause_beyond_freshness(self, tmp_path: Path) -> None:
        """The pause itself is no time away: what becomes due goes out."""
        clock = Clock(asyncio.get_running_loop())
        house = await House.open(
            tmp_path / "slow.db",
            board=Switchboard(clock),
            clock=clock,
            defaults=Defaults(per_post=2, confirm_above=4, wave_pause=900.0),
        )
        async with dialing(house):
            batch_id = await confirmed(house)
            await house.pass_time(2000)
            assert await house.states(batch_id) == [ACCEPTED] * 3
        await house.close()
