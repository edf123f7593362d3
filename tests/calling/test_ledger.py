"""An older database in place of the present one is noticed, and only an admin goes on with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.calling.errors import ExpiredError, PausedError
from bot.calling.launches import Defaults
from bot.calling.pauses import Cure
from storage.lock import ProcessLock
from storage.models import BatchState, Claims, HoldReason, PauseReason, ReportKind
from tests.calling.house import ANN, House, copy_record
from tests.calling.switchboard import Switchboard, cut, refuse
from tests.calling.virtual_time import Clock

RESTORED = PauseReason.RESTORED


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[ProcessLock]:
    """The lock beside the database."""
    with ProcessLock(tmp_path / "callboard.db") as lock:
        yield lock


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers to a POST."""
    return Defaults(per_post=2)


class Lives:
    """Lives of the program on one lock, each on the file that it is given."""

    def __init__(self, folder: Path, lock: ProcessLock, house: House) -> None:
        self.folder = folder
        self.lock = lock
        self.clock: Clock = house.clock
        self.board: Switchboard = house.board
        self.defaults = house.defaults

    async def open(self, name: str) -> House:
        """A start on this file."""
        return await House.open(
            self.folder / name,
            board=self.board,
            clock=self.clock,
            defaults=self.defaults,
            lock=self.lock,
        )


@pytest.fixture
def lives(tmp_path: Path, lock: ProcessLock, house: House) -> Lives:
    """Lives on the gateway and the clock of the house."""
    return Lives(tmp_path, lock, house)


async def test_noted(lives: Lives) -> None:
    """Each claim is noted before its POST leaves, second attempts too."""
    house = await lives.open("a.db")
    house.board.holds = True
    assert lives.lock.known() == Claims()
    await house.launch(3)
    await house.step()
    assert len(house.board.posts) == 1
    assert lives.lock.known() == Claims(count=1, highest=1)
    (post,) = house.board.open_posts()
    house.board.answer(post, house.board.accept(post))
    await house.settled()
    await house.step()
    assert lives.lock.known() == Claims(count=2, highest=2)
    await house.close()


async def test_the_same_record(lives: Lives) -> None:
    """A start on the same record is no alarm, and notes what an older note did not know."""
    house = await lives.open("a.db")
    await house.launch(1)
    await house.step()
    await house.close()
    lives.lock.note(Claims())
    again = await lives.open("a.db")
    assert await again.pauses_open() == []
    assert lives.lock.known() == Claims(count=1, highest=1)
    await again.close()


async def older(lives: Lives) -> House:
    """A start on a record from before the last claims.

    In it one batch is running, one is held, one is finished.
    """
    house = await lives.open("now.db")
    await house.launch(1, 100)
    await house.step()
    house.board.script.append(refuse)
    await house.launch(3, 200)
    await house.step()
    house.board.holds = True
    running = await house.launch(3, 300)
    copy_record(lives.folder / "now.db", lives.folder / "then.db")
    await house.step()
    assert [p.open for p in house.board.posts].count(True) == 1
    assert await house.states(running) == ["sending", "queued"]
    house.board.answer(house.board.open_posts()[0], cut())
    await house.close()
    return await lives.open("then.db")


async def test_older(lives: Lives) -> None:
    """Launching is paused, what is running is held, and what was held is held anew."""
    house = await older(lives)
    assert await house.pauses_open() == [RESTORED]
    batches = [await house.batch(i) for i in (1, 2, 3)]
    assert [b.state for b in batches] == [BatchState.FINISHED, BatchState.HELD, BatchState.HELD]
    assert [b.hold_reason for b in batches[1:]] == [HoldReason.RESTORED] * 2
    assert [b.hold_no for b in batches] == [0, 2, 1]
    reports = await house.database.read(lambda tx: tx.reports.of_batch(3))
    assert [r.kind for r in reports] == [ReportKind.HELD]
    with pytest.raises(PausedError):
        await house.launch(1, 400)
    with pytest.raises(PausedError):
        await house.decisions.send_rest(3, 1, by=ANN)
    await house.close()


async def test_no_cure(lives: Lives) -> None:
    """Neither a check nor a restart ends it, and a restart holds nothing anew."""
    house = await older(lives)
    why = "an admin has to confirm"
    assert await house.pauses.check(ANN) == [Cure(reason=RESTORED, ended=False, why=why)]
    await house.close()
    again = await lives.open("then.db")
    assert await again.pauses_open() == [RESTORED]
    assert [(await again.batch(i)).hold_no for i in (1, 2, 3)] == [0, 2, 1]
    await again.close()


async def test_go_on(lives: Lives) -> None:
    """An admin's word ends it; batches on hold wait for their own button, and nothing repeats."""
    house = await older(lives)
    posts = len(house.board.posts)
    [pause] = await house.pauses.current()
    await house.pauses.go_on(pause.id, by=ANN)
    assert await house.pauses_open() == []
    await house.step()
    assert len(house.board.posts) == posts
    assert (await house.batch(3)).state is BatchState.HELD
    with pytest.raises(ExpiredError):
        await house.pauses.go_on(pause.id, by=ANN)
    house.board.holds = False
    assert await house.decisions.send_rest(3, 1, by=ANN) == 3
    await house.step()
    await house.close()
    again = await lives.open("then.db")
    assert await again.pauses_open() == []
    await again.close()


async def test_go_on_with_another_pause(lives: Lives) -> None:
    """The word is taken for this reason only."""
    house = await lives.open("a.db")
    await house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
    )
    [pause] = await house.pauses.current()
    with pytest.raises(ExpiredError):
        await house.pauses.go_on(pause.id, by=ANN)
    assert await house.pauses_open() == [PauseReason.UNAUTHORISED]
    await house.close()


async def test_an_empty_record(lives: Lives) -> None:
    """A database that was lost is an older one, too."""
    house = await lives.open("a.db")
    await house.launch(1)
    await house.step()
    await house.close()
    fresh = await lives.open("b.db")
    assert await fresh.pauses_open() == [RESTORED]
    await fresh.close()


async def test_a_claim_of_an_older_submission(lives: Lives) -> None:
    """A record that lacks one attempt only is an older one, though it knows every submission."""
    house = await lives.open("now.db")
    house.board.holds = True
    batch_id = await house.launch(1)
    copy_record(lives.folder / "now.db", lives.folder / "then.db")
    await house.step()
    assert await house.states(batch_id) == ["sending"]
    (post,) = house.board.open_posts()
    house.board.answer(post, cut())
    await house.close()
    then = await lives.open("then.db")
    assert await then.pauses_open() == [RESTORED]
    await then.close()


async def test_a_note_that_cannot_be_written(
    lives: Lives, lock: ProcessLock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told of in the log, and stops no launch."""
    house = await lives.open("a.db")
    handle = lock._handle
    assert handle is not None
    lock._handle = 10_000
    await house.launch(1)
    await house.step()
    assert await house.states(1) == ["accepted"]
    assert "the claims are not noted" in caplog.text
    lock._handle = handle
    await house.close()
