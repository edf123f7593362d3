"""The circuit breaker: a large batch sends a first wave, and the rest waits for how that goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.calling import rules
from bot.calling.errors import ExpiredError
from bot.calling.launches import Defaults
from bot.calling.limits import Limit
from storage.models import BatchState, HoldReason, SubmissionState
from storage.stores import Stores
from tests.calling.house import ANN, BEN, House, numbers
from tests.calling.switchboard import cut

WAIT = 180.0  # seconds, the default
QUEUED, ACCEPTED, CANCELLED = (
    SubmissionState.QUEUED,
    SubmissionState.ACCEPTED,
    SubmissionState.CANCELLED,
)


@pytest.fixture
def defaults() -> Defaults:
    """No launch asks, so that a test begins with a batch."""
    return Defaults(confirm_above=1000)


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """The dialer and the tracker work, as the program's do."""
    worker = asyncio.create_task(house.dialer.run())
    try:
        async with house.following():
            yield
    finally:
        await house.dialer.drain(30)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def end(house: House, statuses: list[str], first: int = 0) -> None:
    """Let the calls of the first POST from this one on end so, one after another."""
    for gateway_id, status in zip(house.board.posts[0].ids[first:], statuses, strict=False):
        house.board.calls[gateway_id] |= {"status": status, "billSec": 0, "executionDate": 1}


def sent(house: House) -> list[int]:
    """How many numbers each POST had."""
    return [len(post.numbers) for post in house.board.posts]


async def set_limit(house: House, limit: Limit, value: int) -> None:
    """Set a limit behind everybody's back."""
    await house.database.write(lambda tx: tx.limits.put(limit, value))


async def test_the_rest_waits_for_the_first_wave(house: House) -> None:
    """50 of 260 go out; the rest follows once 80 % of them are over, and not one call before."""
    async with working(house):
        batch_id = await house.launch(260)
        await house.pass_time(20)
        assert sent(house) == [50]
        end(house, ["NORMAL"] * 39)
        await house.pass_time(60)
        assert sent(house) == [50]
        end(house, ["NORMAL"], first=39)
        await house.pass_time(60)
        assert sent(house) == [50, 100, 100, 10]
        assert (await house.batch(batch_id)).state is BatchState.FINISHED


async def test_it_waits_three_minutes_at_most(house: House) -> None:
    """Calls that nobody can tell the end of do not keep the rest for ever."""
    async with working(house):
        await house.launch(201)
        await house.pass_time(WAIT - 5)
        assert sent(house) == [50]
        await house.pass_time(10)
        assert sent(house) == [50, 100, 51]


@pytest.mark.parametrize("failed", ["ERROR", "EXPIRED"])
async def test_too_many_failures_hold_the_rest(house: House, failed: str) -> None:
    """13 of 40 are more than 30 %: the rest is held and asks; a person lets it go, once."""
    async with working(house):
        batch_id = await house.launch(300)
        await house.pass_time(1)
        end(house, [failed] * 13 + ["NORMAL"] * 27)
        await house.pass_time(90)
        held = await house.batch(batch_id)
        assert (held.state, held.hold_reason) == (BatchState.HELD, HoldReason.FAILING)
        assert sent(house) == [50]
        end(house, [failed] * 50)
        await house.decisions.send_rest(batch_id, held.hold_no, by=BEN)
        await house.pass_time(5)
        assert sent(house) == [50, 100, 100, 50]
        with pytest.raises(ExpiredError):
            await house.decisions.send_rest(batch_id, held.hold_no, by=BEN)


async def test_as_many_as_may_fail_hold_nothing(house: House) -> None:
    """12 of 40 are 30 %, and no more; a call of which the gateway does not know is no failure."""
    async with working(house):
        await house.launch(300)
        await house.pass_time(1)
        end(house, ["ERROR"] * 12 + ["UNKNOWN", "NORMAL"] * 14)
        await house.pass_time(90)
        assert sent(house) == [50, 100, 100, 50]


@pytest.mark.parametrize(("failed", "held"), [(1, True), (0, False)])
async def test_none_may_fail(house: House, failed: int, held: bool) -> None:
    """A share of 0 lets one failure hold the rest, and does not switch it off."""
    await set_limit(house, Limit.FIRST_SHARE, 0)
    async with working(house):
        batch_id = await house.launch(300)
        await house.pass_time(1)
        end(house, ["ERROR"] * failed + ["NORMAL"] * (50 - failed))
        await house.pass_time(90)
        assert ((await house.batch(batch_id)).hold_reason is HoldReason.FAILING) is held
        assert sent(house) == ([50] if held else [50, 100, 100, 50])


async def test_what_is_not_over_in_time_does_not_count(house: House) -> None:
    """After three minutes those that are over are judged alone: two failures of three hold."""
    async with working(house):
        batch_id = await house.launch(300)
        await house.pass_time(1)
        end(house, ["ERROR", "ERROR", "NORMAL"])
        await house.pass_time(WAIT - 5)
        assert (await house.batch(batch_id)).state is BatchState.RUNNING
        await house.pass_time(10)
        assert (await house.batch(batch_id)).hold_reason is HoldReason.FAILING


async def test_a_smaller_batch_has_none(house: House) -> None:
    """200 numbers go out as they always did."""
    async with working(house):
        batch_id = await house.launch(200)
        await house.pass_time(1)
        assert sent(house) == [100, 100]
        assert (await house.batch(batch_id)).first_wave is None


@pytest.mark.parametrize(
    ("limit", "value", "posts"),
    [
        (Limit.FIRST_WAVE, 0, [100, 100, 1]),
        (Limit.FIRST_WAVE, 120, [100, 20]),
        (Limit.FIRST_WAIT, 10, [50, 100, 51]),
    ],
)
async def test_its_settings(house: House, limit: Limit, value: int, posts: list[int]) -> None:
    """It can be switched off, be larger than one POST, and wait for a short time."""
    await set_limit(house, limit, value)
    async with working(house):
        await house.launch(201)
        await house.pass_time(20)
        assert sent(house) == posts


async def test_a_batch_keeps_the_settings_of_its_launch(house: House) -> None:
    """What is changed while it waits is for the next batch."""
    async with working(house):
        await house.launch(201)
        await house.pass_time(1)
        await set_limit(house, Limit.FIRST_SHARE, 100)
        end(house, ["ERROR"] * 50)
        await house.pass_time(60)
        assert sent(house) == [50]


async def take_off(house: House, count: int) -> None:
    """Put the first numbers on the do-not-call list, so that the claim skips them."""

    def add(tx: Stores) -> None:
        for number in numbers(count):
            tx.do_not_call.add(number, "asked for it", now=house.clock(), by=BEN)

    await house.database.write(add)


async def test_a_first_wave_that_is_skipped(house: House) -> None:
    """All of the first fifty are on the do-not-call list: the next part takes their place."""
    batch_id = await house.launch(300)
    await take_off(house, 50)
    async with working(house):
        await house.pass_time(5)
        assert sent(house) == [100]
        assert await house.states(batch_id) == [CANCELLED, ACCEPTED, QUEUED, QUEUED]
        end(house, ["ERROR"] * 100)
        await house.pass_time(90)
        assert (await house.batch(batch_id)).hold_reason is HoldReason.FAILING
        assert sent(house) == [100]


@pytest.mark.parametrize(
    ("skipped", "posts"), [(25, [25]), (26, [24, 100]), (45, [5, 100]), (145, [5, 100])]
)
async def test_a_first_wave_that_is_skipped_in_part(
    house: House, skipped: int, posts: list[int]
) -> None:
    """As soon as half as many as it should have are sent the rest waits, and not before."""
    batch_id = await house.launch(350)
    await take_off(house, skipped)
    async with working(house):
        await house.pass_time(20)
        assert sent(house) == posts
        wave = await house.database.read(lambda tx: tx.waves.first(batch_id, 50))
        assert (wave.placed, wave.open) == (sum(posts), 0)


async def test_the_board_learns_that_it_waits(house: House) -> None:
    """Its revision grows once when the wait begins, and not with each look."""
    batch_id = await house.launch(201)
    await house.step()
    before = (await house.batch(batch_id)).revision
    seen = []
    for _ in range(3):
        await house.step()
        seen.append((await house.batch(batch_id)).revision)
    assert seen[0] > before
    assert len(set(seen)) == 1
    (first, rest, _) = await house.submissions(batch_id)
    assert rest.not_before == (first.ended_at or 0.0) + WAIT


async def test_an_unknown_holds_its_own_batch(house: House) -> None:
    """No answer to the first wave: held for that; sent on by a person, the rest waits no more."""
    house.board.script.append(cut)
    async with working(house):
        batch_id = await house.launch(201)
        other = await house.launch(1, first=900)
        await house.pass_time(1)
        held = await house.batch(batch_id)
        assert (held.state, held.hold_reason) == (BatchState.HELD, HoldReason.UNKNOWN)
        assert (await house.batch(other)).state is BatchState.FINISHED
        await house.decisions.send_rest(batch_id, held.hold_no, by=ANN)
        await house.pass_time(5)
        assert sent(house) == [50, 1, 100, 51]


async def test_a_restart_while_it_waits(house: House) -> None:
    """After kill -9 the rest waits on for the same wave, and goes when that is over."""
    async with working(house):
        await house.launch(201)
        await house.pass_time(1)
    async with house.after_kill(away=30) as again, working(again):
        await again.pass_time(10)
        assert sent(again) == [50]
        end(again, ["NORMAL"] * 50)
        await again.pass_time(60)
        assert sent(again) == [50, 100, 51]


async def test_a_restart_after_its_time(house: House) -> None:
    """Who was away longer than the wait has not seen the failures yet: asks first, and holds."""
    batch_id = await house.launch(300)
    await house.step()
    end(house, ["ERROR"] * 50)
    async with house.after_kill(away=WAIT + 60) as again, working(again):
        await again.pass_time(60)
        held = await again.batch(batch_id)
        assert (held.state, held.hold_reason) == (BatchState.HELD, HoldReason.FAILING)
        assert sent(again) == [50]


async def test_a_machine_that_slept(house: House) -> None:
    """The same where the process lived on; what never ends is waited for once more only."""
    async with working(house):
        await house.launch(201)
        await house.pass_time(1)
        house.clock.jump(WAIT + 60)
        await house.pass_time(WAIT - 15)
        assert sent(house) == [50]
        await house.pass_time(30)
        assert sent(house) == [50, 100, 51]


async def test_sent_on_after_a_hold_while_it_waits(house: House) -> None:
    """What has ended during the hold is looked at at once, however long the wait was to be."""
    await set_limit(house, Limit.FIRST_WAIT, 3600)
    async with working(house):
        batch_id = await house.launch(201)
        await house.pass_time(1)
        await house.decisions.hold(batch_id, by=ANN)
        end(house, ["NORMAL"] * 50)
        await house.pass_time(120)
        await house.decisions.send_rest(batch_id, 1, by=ANN)
        await house.pass_time(5)
        assert sent(house) == [50, 100, 51]


@pytest.mark.parametrize("ends", [True, False])
async def test_sent_on_after_the_clock_was_put_back(house: House, ends: bool) -> None:
    """It waits for its usual time by the new clock at most, and not for a silent day."""
    async with working(house):
        batch_id = await house.launch(201)
        await house.pass_time(1)
        house.clock.jump(-86400)
        await house.pass_time(10)
        held = await house.batch(batch_id)
        assert held.hold_reason is HoldReason.AWAY
        end(house, ["NORMAL"] * (50 if ends else 0))
        await house.pass_time(60)
        await house.decisions.send_rest(batch_id, held.hold_no, by=ANN)
        await house.pass_time(WAIT + 10)
        assert sent(house) == [50, 100, 51]


async def test_stop_while_it_waits(house: House) -> None:
    """Nothing of the rest is sent, whatever becomes of the first wave."""
    async with working(house):
        batch_id = await house.launch(201)
        await house.pass_time(1)
        await house.decisions.stop(batch_id, by=BEN)
        end(house, ["NORMAL"] * 50)
        await house.pass_time(600)
        assert sent(house) == [50]


async def test_a_look_at_the_queue_while_it_waits(house: House) -> None:
    """Looking again and again claims nothing and judges nothing."""
    batch_id = await house.launch(201)
    await house.step()
    for _ in range(3):
        progress = await house.database.write(
            lambda tx: rules.claim_next(
                tx, now=house.clock(), seen_waiting={}, window=house.defaults.window
            )
        )
        assert progress.claimed is None
    assert (await house.batch(batch_id)).first_judged_at is None
