"""Nothing goes out outside the calling window, whatever it had waited for, but by a person's word.

The clocks here are UTC's: the window is open from 08:00 to 16:00, and each test begins at 15:06:40
on a Sunday.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.calling.audit import Deed
from bot.calling.drafts import Ask
from bot.calling.errors import ExpiredError, OutsideError, UsageError
from bot.calling.launches import Asked, Defaults, Launched
from bot.calling.limits import Limit
from bot.calling.outside import LONGEST_REASON, Timing, read_reason
from bot.calling.problems import Problem
from bot.calling.window import Window
from storage.models import (
    BatchState,
    HoldReason,
    PauseReason,
    StopReason,
    SubmissionState,
)
from tests.calling.house import ANN, BEN, House, numbers
from tests.calling.test_undo import dialing
from tests.calling.virtual_time import NOON

UTC_ZONE = ZoneInfo("UTC")
HOURS = ((480, 960),) * 7
WINDOW = Window(timezone=UTC_ZONE, hours=HOURS)
NEVER = Window(timezone=UTC_ZONE, hours=(None,) * 7)
CLOSES = datetime(2025, 6, 15, 16, tzinfo=UTC).timestamp()
OPENS = datetime(2025, 6, 16, 8, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86400.0
QUEUED, ACCEPTED = SubmissionState.QUEUED, SubmissionState.ACCEPTED
AT_OPENING = Timing(opening=OPENS)
URGENT = Timing(reason="It is urgent")


@pytest.fixture
def defaults() -> Defaults:
    """Two numbers a POST, ten seconds to undo more than four, a minute between two waves."""
    return Defaults(confirm_above=4, per_post=2, undo_seconds=10.0, wave_pause=60.0, window=WINDOW)


def put_clock(house: House, at: float) -> None:
    """Let it be that time."""
    house.clock.jump(at - house.clock())


async def asked(house: House, count: int = 2) -> Asked:
    """What a typed `/call` makes outside the window."""
    result = await house.call(*numbers(count))
    assert isinstance(result, Asked)
    return result


async def confirmed(house: House, token: str, timing: Timing, by: int = ANN.id) -> int:
    """The id of the batch that a press makes of a draft."""
    person = ANN if by == ANN.id else BEN
    made = await house.launches.confirm(token, by=person, message_id=7, timing=timing)
    assert isinstance(made, Launched)
    return made.batch_id


async def held_at_closing(house: House) -> int:
    """A batch whose first part went out before the window closed; the others are held."""
    put_clock(house, CLOSES - 30)
    batch_id = await house.launch(4)
    await house.step()
    put_clock(house, CLOSES + 31)
    await house.step()
    return batch_id


async def deeds(house: House) -> list[tuple[str, int, str | None]]:
    """The entries of the audit that are about the window: the word, who, and what was noted."""
    words = (Deed.CALLED_OUTSIDE, Deed.SENT_ON_AT_OPENING)
    entries = await house.database.read(lambda tx: list(tx.audit.chain()))
    return [(entry.deed, entry.by_id, entry.after) for entry in entries if entry.deed in words]


async def manager(house: House) -> None:
    """Let Ben be a manager."""
    await house.database.write(lambda tx: tx.members.put(BEN, "manager", now=0.0, by=ANN))


async def assert_held(house: House, batch_id: int, posts: int) -> None:
    """It waits for a person, outside the calling hours, after so many POSTs."""
    batch = await house.batch(batch_id)
    assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.WINDOW)
    assert batch.opens_at == OPENS
    assert len(house.board.posts) == posts


class TestClaims:
    @pytest.mark.parametrize(("before", "posts"), [(0.001, 1), (0.0, 0), (-1.0, 0)])
    async def test_the_closing_second(self, house: House, before: float, posts: int) -> None:
        """A claim in the last moment before 16:00 goes out; at 16:00 the batch is held."""
        put_clock(house, CLOSES - 5)
        batch_id = await house.launch(2)
        put_clock(house, CLOSES - before)
        await house.step()
        assert len(house.board.posts) == posts
        assert (await house.batch(batch_id)).state is (
            BatchState.FINISHED if posts else BatchState.HELD
        )

    async def test_a_wave_that_comes_too_late(self, house: House) -> None:
        """The first part went out; the next one, a minute later, is held."""
        await assert_held(house, await held_at_closing(house), posts=1)

    async def test_a_back_off_that_ends_too_late(self, house: House) -> None:
        """A POST that surely did not leave is not tried again after the closing."""
        put_clock(house, CLOSES - 1)
        house.board.script.append(lambda _: httpx.ConnectError("refused"))
        async with dialing(house):
            batch_id = await house.launch(2)
            await house.pass_time(30)
        assert await house.states(batch_id) == [QUEUED]
        await assert_held(house, batch_id, posts=1)

    async def test_an_undo_that_runs_out_too_late(self, house: House) -> None:
        """The time to undo ends after the closing: nothing of it is sent."""
        put_clock(house, CLOSES - 5)
        async with dialing(house):
            batch_id = await confirmed(house, (await asked(house, 6)).token, Timing())
            await house.pass_time(60)
        await assert_held(house, batch_id, posts=0)

    async def test_a_pause_that_ends_too_late(self, house: House) -> None:
        """What waited for a pause to end is as fresh as it must be, and held all the same."""
        put_clock(house, CLOSES - 60)
        batch_id = await house.launch(2)
        why = PauseReason.UNAUTHORISED
        await house.database.write(lambda tx: tx.pauses.begin(why, "401", house.clock()))
        await house.step()
        put_clock(house, CLOSES + 60)
        await house.database.write(
            lambda tx: tx.pauses.end(why, by=None, name=None, now=house.clock())
        )
        await house.step()
        await assert_held(house, batch_id, posts=0)

    async def test_what_a_person_has_let_go_goes_on(self, house: House) -> None:
        """A batch with a recorded reason crosses the closing with all its parts."""
        await manager(house)
        put_clock(house, CLOSES + 60)
        made = await house.call(*numbers(4), by=BEN)
        assert isinstance(made, Asked)
        async with dialing(house):
            batch_id = await confirmed(house, made.token, URGENT, by=BEN.id)
            await house.pass_time(90)
        assert await house.states(batch_id) == [ACCEPTED] * 2
        assert len(house.board.posts) == 2

    async def test_a_holiday_is_closed(self, house: House) -> None:
        """Holidays count for claims as closed hours do."""
        holiday = replace(WINDOW, holidays=frozenset({date(2025, 6, 15)}))
        batch_id = await house.launch(2)
        async with house_with(house, holiday) as other:
            await other.step()
            assert (await other.batch(batch_id)).hold_reason is HoldReason.WINDOW
        assert house.board.posts == []


def house_with(house: House, window: Window) -> AbstractAsyncContextManager[House]:
    """The next life of the program, with other hours."""
    house.defaults = replace(house.defaults, window=window)
    return house.after_kill()


class TestTheOpening:
    async def launched(self, house: House, count: int = 2) -> int:
        """A batch that its author let wait for the opening, at 22:00."""
        put_clock(house, CLOSES + 6 * HOUR)
        return await confirmed(house, (await asked(house, count)).token, AT_OPENING)

    async def test_it_goes_out_in_the_second_of_the_opening(self, house: House) -> None:
        """Not before, and at once then; the night counts as no absence."""
        batch_id = await self.launched(house)
        await house.step()
        put_clock(house, OPENS - 7)
        async with dialing(house):
            await house.pass_time(6.9)
            assert house.board.posts == []
            assert (await house.batch(batch_id)).state is BatchState.RUNNING
            await house.pass_time(1)
        (post,) = house.board.posts
        assert OPENS <= post.at < OPENS + 1

    async def test_its_share_is_reserved_on_the_day_of_the_opening(self, house: House) -> None:
        """Tomorrow's limits count, and today's do not."""
        await house.database.write(lambda tx: tx.limits.put(Limit.TEAM_DAY, 2))
        await house.launch(2, first=50)
        await house.step()
        batch_id = await self.launched(house)
        assert (await house.batch(batch_id)).day == "2025-06-16"

    async def test_nothing_is_to_be_undone_before(self, house: House) -> None:
        """A large one has no time to undo of its own: *Stop* takes all of it back until then."""
        batch_id = await self.launched(house, 6)
        batch = await house.batch(batch_id)
        assert (batch.goes_at, batch.undo_until) == (OPENS, None)
        left = await house.decisions.stop(batch_id, by=BEN)
        assert (left.not_sent, left.under_way, left.at_gateway) == (6, 0, 0)

    async def test_a_restart_in_the_night(self, house: House) -> None:
        """It is no absence: the batch waits, and goes out at the opening."""
        batch_id = await self.launched(house)
        async with house.after_kill(away=2 * HOUR) as other:
            await other.step()
            assert (await other.batch(batch_id)).state is BatchState.RUNNING
            put_clock(other, OPENS + 30)
            await other.step()
            assert len(other.board.posts) == 1

    @pytest.mark.parametrize(("late", "held"), [(590.0, False), (610.0, True)])
    async def test_a_machine_that_slept_until_after_the_opening(
        self, house: House, late: float, held: bool
    ) -> None:
        """Ten minutes after the opening it is not sent by itself any more."""
        batch_id = await self.launched(house)
        await house.step()
        put_clock(house, OPENS + late)
        await house.step()
        assert len(house.board.posts) == (not held)
        assert ((await house.batch(batch_id)).hold_reason is HoldReason.AWAY) is held

    async def test_other_hours_after_a_restart(self, house: House) -> None:
        """If the window is closed at the time for which it waits, it is held then."""
        batch_id = await self.launched(house)
        later = replace(WINDOW, hours=((600, 960),) * 7)
        async with house_with(house, later) as other:
            put_clock(other, OPENS + 1)
            await other.step()
            batch = await other.batch(batch_id)
        assert (batch.hold_reason, batch.opens_at) == (HoldReason.WINDOW, OPENS + 2 * HOUR)
        assert house.board.posts == []


class TestAClockThatJumps:
    @pytest.mark.parametrize("jump", [HOUR, 590.0])
    async def test_forward_over_the_closing(self, house: House, jump: float) -> None:
        """What was queued is held, for the hour or for the absence; nothing goes out."""
        put_clock(house, CLOSES - 60)
        batch_id = await house.launch(2)
        house.clock.jump(jump)
        await house.step()
        assert (await house.batch(batch_id)).state is BatchState.HELD
        assert house.board.posts == []

    @pytest.mark.parametrize("back", [HOUR, 12 * HOUR])
    async def test_back_from_the_opening(self, house: House, back: float) -> None:
        """A clock that is put back before the opening lets nothing out."""
        batch_id = await TestTheOpening().launched(house)
        put_clock(house, OPENS - 1)
        await house.step()
        house.clock.jump(-back)
        await house.step()
        assert house.board.posts == []
        assert (await house.batch(batch_id)).state in (BatchState.RUNNING, BatchState.HELD)

    async def test_back_and_forward_again(self, house: House) -> None:
        """An hour back in the night and an hour forward again change nothing."""
        await TestTheOpening().launched(house)
        for jump in (-HOUR / 12, HOUR / 12, 0.0):
            house.clock.jump(jump)
            await house.step()
        assert house.board.posts == []
        put_clock(house, OPENS)
        await house.step()
        assert len(house.board.posts) == 1

    async def test_an_hour_that_comes_twice(self, house: House) -> None:
        """Where clocks are put back, the window closes the first time that it does."""
        berlin = Window(timezone=ZoneInfo("Europe/Berlin"), hours=((60, 150),) * 7)
        async with house_with(house, berlin) as other:
            put_clock(other, datetime(2025, 10, 26, 0, 29, 50, tzinfo=UTC).timestamp())
            batch_id = await other.launch(2)  # 02:29:50 in summer time
            put_clock(other, datetime(2025, 10, 26, 0, 31, tzinfo=UTC).timestamp())
            await other.step()
            assert (await other.batch(batch_id)).hold_reason is HoldReason.WINDOW
            put_clock(other, datetime(2025, 10, 26, 1, 15, tzinfo=UTC).timestamp())  # 02:15 again
            with pytest.raises(OutsideError):
                await other.decisions.send_rest(batch_id, 1, by=ANN)
        assert house.board.posts == []


class TestSendOn:
    async def test_outside_it_needs_another_press(self, house: House) -> None:
        """*Send the other N* alone changes nothing outside the window."""
        batch_id = await held_at_closing(house)
        with pytest.raises(OutsideError):
            await house.decisions.check_rest(batch_id, 1)
        with pytest.raises(OutsideError) as refused:
            await house.decisions.send_rest(batch_id, 1, by=BEN)
        assert (refused.value.opens_at, refused.value.alone) == (OPENS, False)
        await assert_held(house, batch_id, posts=1)

    async def test_at_the_opening(self, house: House) -> None:
        """It waits without being away, counts on that day, goes out then, and is in the audit."""
        batch_id = await held_at_closing(house)
        assert await house.decisions.send_rest(batch_id, 1, by=BEN, timing=AT_OPENING) == 2
        batch = await house.batch(batch_id)
        assert (batch.state, batch.goes_at, batch.day) == (BatchState.RUNNING, OPENS, "2025-06-16")
        put_clock(house, OPENS - 1)
        await house.step()
        assert len(house.board.posts) == 1
        put_clock(house, OPENS)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED] * 2
        assert await deeds(house) == [("sent_on_at_opening", BEN.id, "Mon 16 Jun 08:00")]

    async def test_another_opening_than_the_button_named(self, house: House) -> None:
        """A button of other hours does nothing."""
        batch_id = await held_at_closing(house)
        with pytest.raises(ExpiredError):
            await house.decisions.send_rest(batch_id, 1, by=BEN, timing=Timing(opening=OPENS + 60))
        await assert_held(house, batch_id, posts=1)

    async def test_now_anyway(self, house: House) -> None:
        """Who said so, and why, stands in the batch and in the audit; it goes out at once."""
        batch_id = await held_at_closing(house)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=URGENT)
        await house.step()
        batch = await house.batch(batch_id)
        assert (batch.window_by, batch.window_reason) == (BEN.id, "It is urgent")
        assert await house.states(batch_id) == [ACCEPTED] * 2
        assert await deeds(house) == [("called_outside", BEN.id, "It is urgent")]

    async def test_now_anyway_of_what_waits_for_the_opening(self, house: House) -> None:
        """A batch that is held while it waits for the opening need not wait any more."""
        batch_id = await TestTheOpening().launched(house)
        await house.decisions.hold(batch_id, by=ANN)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=URGENT)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]
        assert (await house.batch(batch_id)).goes_at is None

    async def test_the_word_is_for_one_night(self, house: House) -> None:
        """The next time that the window is closed, it takes another reason, and is held."""
        batch_id = await held_at_closing(house)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=URGENT)
        await house.decisions.hold(batch_id, by=ANN)
        assert (await house.batch(batch_id)).window_until == OPENS
        put_clock(house, OPENS + 10 * HOUR)
        await house.step()
        assert (await house.batch(batch_id)).opens_at == OPENS + DAY
        with pytest.raises(OutsideError):
            await house.decisions.send_rest(batch_id, 2, by=ANN)
        await house.step()
        assert len(house.board.posts) == 1
        again = Timing(reason="Once more")
        await house.decisions.send_rest(batch_id, 2, by=BEN, timing=again)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED] * 2
        batch = await house.batch(batch_id)
        assert (batch.window_reason, batch.window_until) == ("Once more", OPENS + DAY)
        assert [after for _, _, after in await deeds(house)] == ["It is urgent", "Once more"]

    async def test_a_launch_anyway_is_for_one_night(self, house: House) -> None:
        """What was launched *now anyway*, and is still queued the night after, is held."""
        await manager(house)
        put_clock(house, CLOSES)
        card = await house.call(*numbers(4), by=BEN)
        assert isinstance(card, Asked)
        batch_id = await confirmed(house, card.token, URGENT, by=BEN.id)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        put_clock(house, OPENS + 8 * HOUR - 1)
        await house.decisions.send_rest(batch_id, 1, by=ANN)
        put_clock(house, OPENS + 8 * HOUR)
        await house.step()
        assert (await house.batch(batch_id)).hold_reason is HoldReason.WINDOW
        assert len(house.board.posts) == 1

    async def test_where_the_word_needs_a_second_person_anew(self, house: House) -> None:
        """Its author's own word is no more worth in the second night than in the first."""
        batch_id = await held_at_closing(house)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=URGENT)
        await house.decisions.hold(batch_id, by=ANN)
        await house.database.write(lambda tx: tx.limits.put(Limit.APPROVE_WINDOW, 1))
        put_clock(house, OPENS + 10 * HOUR)
        with pytest.raises(OutsideError) as refused:
            await house.decisions.send_rest(batch_id, 2, by=ANN, timing=URGENT)
        assert refused.value.alone

    @pytest.mark.parametrize("unsent", [False, True])
    async def test_an_answer_that_comes_late(self, house: House, unsent: bool) -> None:
        """What becomes of the part under way, and its pause, do not move the opening."""
        put_clock(house, CLOSES - 5)
        house.board.holds = True
        batch_id = await house.launch(4)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        put_clock(house, CLOSES + 5)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=AT_OPENING)
        post = house.board.posts[0]
        house.board.answer(
            post, httpx.ConnectError("refused") if unsent else house.board.accept(post)
        )
        await house.settled()
        for at in (CLOSES + 70, OPENS - 1):
            put_clock(house, at)
            await house.step()
        assert len(house.board.posts) == 1
        assert (await house.batch(batch_id)).state is BatchState.RUNNING
        put_clock(house, OPENS)
        await house.step()
        assert len(house.board.posts) == 2

    async def test_news_of_the_first_wave(self, house: House) -> None:
        """What becomes of its calls in the night does not bring the rest forward, or hold it."""
        await house.database.write(lambda tx: tx.limits.put(Limit.FIRST_WAVE, 2))
        put_clock(house, CLOSES - 60)
        async with dialing(house), house.following():
            batch_id = await confirmed(house, (await asked(house, 250)).token, Timing())
            await house.pass_time(15)
            await house.decisions.hold(batch_id, by=ANN)
            put_clock(house, CLOSES + 10)
            await house.decisions.send_rest(batch_id, 1, by=BEN, timing=AT_OPENING)
            for gateway_id in house.board.posts[0].ids:
                house.board.calls[gateway_id] |= {"status": "NORMAL", "executionDate": 1}
            await house.pass_time(300)
            batch = await house.batch(batch_id)
            assert (batch.state, batch.goes_at) == (BatchState.RUNNING, OPENS)
            assert len(house.board.posts) == 1
            put_clock(house, OPENS)
            await house.pass_time(10)
            assert len(house.board.posts) == 2

    async def test_where_a_second_person_is_needed(self, house: House) -> None:
        """Its author's own word is not enough to call outside the window."""
        batch_id = await held_at_closing(house)
        await house.database.write(lambda tx: tx.limits.put(Limit.APPROVE_WINDOW, 1))
        with pytest.raises(OutsideError) as refused:
            await house.decisions.send_rest(batch_id, 1, by=ANN, timing=URGENT)
        assert refused.value.alone
        await assert_held(house, batch_id, posts=1)

    @pytest.mark.parametrize("timing", [Timing(), AT_OPENING, URGENT])
    async def test_inside_all_of_them_mean_now(self, house: House, timing: Timing) -> None:
        """If it has opened since the card was drawn, it just goes on, and no reason is kept."""
        batch_id = await held_at_closing(house)
        put_clock(house, OPENS)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=timing)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED] * 2
        assert (await house.batch(batch_id)).window_by is None
        assert await deeds(house) == []

    async def test_one_that_never_opens(self, house: House) -> None:
        """There is no opening to wait for."""
        batch_id = await held_at_closing(house)
        async with house_with(house, NEVER) as other:
            await other.step()
            assert (await other.batch(batch_id)).opens_at is None
            with pytest.raises(OutsideError) as refused:
                await other.decisions.send_rest(batch_id, 1, by=BEN, timing=AT_OPENING)
        assert refused.value.opens_at is None

    async def test_now_anyway_where_it_never_opens(self, house: House) -> None:
        """The reason is recorded, and holds as long as no opening is in sight."""
        batch_id = await held_at_closing(house)
        async with house_with(house, NEVER) as other:
            await other.decisions.send_rest(batch_id, 1, by=BEN, timing=URGENT)
            batch = await other.batch(batch_id)
            assert (batch.window_by, batch.window_until) == (BEN.id, None)
            assert await deeds(other) == [("called_outside", BEN.id, "It is urgent")]
            await other.decisions.hold(batch_id, by=ANN)
        async with house_with(other, WINDOW) as third:
            with pytest.raises(OutsideError):
                await third.decisions.send_rest(batch_id, 2, by=ANN)
        assert len(house.board.posts) == 1


class TestHolds:
    async def test_what_boards_offer_follows_the_hour(self, house: House) -> None:
        """A batch that is held for anything offers the opening while it is closed."""
        batch_id = await house.launch(2)
        await house.decisions.hold(batch_id, by=ANN)
        seen = []
        for at in (CLOSES - 10, CLOSES + 10, OPENS + 10):
            put_clock(house, at)
            await house.step()
            batch = await house.batch(batch_id)
            seen.append((batch.opens_at, batch.revision))
        offered, revisions = zip(*seen, strict=True)
        assert offered == (None, OPENS, None)
        assert revisions[0] < revisions[1] < revisions[2]

    async def test_one_that_a_person_has_let_go_offers_no_opening(self, house: House) -> None:
        """Whoever has given a reason need not give another one after a hold."""
        batch_id = await held_at_closing(house)
        await house.decisions.send_rest(batch_id, 1, by=BEN, timing=URGENT)
        await house.decisions.hold(batch_id, by=ANN)
        house.clock.jump(10)
        await house.step()
        assert (await house.batch(batch_id)).opens_at is None
        await house.decisions.send_rest(batch_id, 2, by=ANN)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED] * 2

    async def test_the_24_hours_count_open_hours_only(self, house: House) -> None:
        """Held at 15:06:40 with eight open hours a day, it is stopped on the third day after."""
        batch_id = await house.launch(2)
        await house.decisions.hold(batch_id, by=ANN)
        for days, seconds, state in (
            (1, 0.0, BatchState.HELD),
            (3, -10.0, BatchState.HELD),
            (3, 10.0, BatchState.STOPPED),
        ):
            put_clock(house, NOON + days * DAY + seconds)
            await house.step()
            assert (await house.batch(batch_id)).state is state
        assert (await house.batch(batch_id)).stop_reason is StopReason.HELD_TOO_LONG


class TestDrafts:
    async def test_a_small_call_asks_outside(self, house: House) -> None:
        """Nothing is launched at once; the card knows when it opens, and who may go on."""
        await manager(house)
        put_clock(house, CLOSES)
        for person, may in ((ANN, False), (BEN, True)):
            result = await house.call(*numbers(1, first=person.id), by=person)
            assert isinstance(result, Asked)
            assert Ask.OUTSIDE in result.content.asks
            assert result.outside is not None
            assert (result.outside.opens_at, result.outside.anyway) == (OPENS, may)
        assert await house.latest(1) == []

    async def test_inside_it_does_not(self, house: House) -> None:
        """Up to the last second a small one goes out at once."""
        put_clock(house, CLOSES - 0.001)
        assert isinstance(await house.call(*numbers(1)), Launched)

    @pytest.mark.parametrize("timing", [Timing(), Timing(opening=OPENS + 60)])
    async def test_a_press_that_does_not_fit_shows_the_card_again(
        self, house: House, timing: Timing
    ) -> None:
        """*Call* of a card from before the closing, or another opening: nothing is made."""
        put_clock(house, CLOSES)
        card = await asked(house)
        again = await house.launches.confirm(card.token, by=ANN, message_id=7, timing=timing)
        assert isinstance(again, Asked)
        assert again.token == card.token
        assert again.outside == card.outside
        assert await house.latest(1) == []

    async def test_if_it_opens_between_card_and_press(self, house: House) -> None:
        """*At 08:00* just launches then."""
        put_clock(house, OPENS - 60)
        card = await asked(house)
        put_clock(house, OPENS)
        batch_id = await confirmed(house, card.token, AT_OPENING)
        await house.step()
        assert (await house.batch(batch_id)).goes_at is None
        assert len(house.board.posts) == 1

    async def test_now_anyway_is_for_managers(self, house: House) -> None:
        """Somebody else's press makes nothing, whatever the card offered."""
        put_clock(house, CLOSES)
        card = await asked(house)
        with pytest.raises(ExpiredError):
            await house.launches.confirm(card.token, by=ANN, message_id=7, timing=URGENT)
        assert await house.latest(1) == []

    async def test_now_anyway_is_recorded(self, house: House) -> None:
        """With who, why, and in the audit."""
        await manager(house)
        put_clock(house, CLOSES)
        card = await house.call(*numbers(1), by=BEN)
        assert isinstance(card, Asked)
        batch_id = await confirmed(house, card.token, URGENT, by=BEN.id)
        batch = await house.batch(batch_id)
        assert (batch.window_by, batch.window_name) == (BEN.id, BEN.name)
        assert await deeds(house) == [("called_outside", BEN.id, "It is urgent")]

    async def test_try_again_waits_as_well(self, house: House) -> None:
        """A follow-up of what was refused asks, and can wait for the opening."""
        house.board.script.append(lambda _: httpx.Response(400, json={"error": {"code": "X"}}))
        first = await house.launch(2)
        await house.step()
        put_clock(house, CLOSES)
        card = await house.try_again(first)
        assert isinstance(card, Asked)
        assert isinstance(await house.launches.confirm(card.token, by=ANN, message_id=7), Asked)
        batch = await house.batch(await confirmed(house, card.token, AT_OPENING))
        assert (batch.follows, batch.goes_at) == (first, OPENS)

    async def test_nobody_is_called_first(self, house: House) -> None:
        """*Call me first* is a call, too."""
        put_clock(house, CLOSES)
        card = await asked(house)
        own = numbers(1, first=90)[0]
        await house.database.write(lambda tx: tx.choices.share_number(ANN.id, own))
        for press in (house.launches.check_first, house.launches.first):
            with pytest.raises(OutsideError):
                await press(card.token, by=ANN)
        assert await house.latest(1) == []

    async def test_one_that_never_opens(self, house: House) -> None:
        """The card has no opening to offer, and no press invents one."""
        async with house_with(house, NEVER) as other:
            card = await asked(other)
            assert card.outside is not None
            assert card.outside.opens_at is None
            again = await other.launches.confirm(
                card.token, by=ANN, message_id=7, timing=AT_OPENING
            )
            assert isinstance(again, Asked)
            assert await other.latest(1) == []


class TestReasons:
    def test_it_is_one_line_without_a_number(self) -> None:
        """As it stands on the board and in the audit."""
        assert read_reason("  Ali,\n 0912 000 0001,\u200e asked\tus ") == "Ali, …0001, asked us"

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", Problem.REASON_EMPTY),
            (" \n\u200e", Problem.REASON_EMPTY),
            ("x" * (LONGEST_REASON + 1), Problem.REASON_TOO_LONG),
        ],
    )
    def test_what_is_none(self, text: str, problem: Problem) -> None:
        """Nothing, and too much."""
        with pytest.raises(UsageError) as refused:
            read_reason(text)
        assert refused.value.problem is problem
