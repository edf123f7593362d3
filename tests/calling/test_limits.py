"""Limits: reserved with the batch, given back, carried over to another day; how they are set."""

import asyncio
import logging
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.calling import limits
from bot.calling.audit import Deed
from bot.calling.drafts import Ask, Content
from bot.calling.due import Why
from bot.calling.errors import BadLimit, ExpiredError, LimitError, LimitValueError
from bot.calling.first_wave import cut
from bot.calling.launches import Asked, Defaults, Launched
from bot.calling.limit_settings import LimitSettings, LimitsView
from bot.calling.limits import TOMAN, Limit
from bot.calling.refusals import note
from bot.calling.results import Silent
from bot.calling.window import Window
from storage.models import (
    AuditEntry,
    BatchState,
    CallStatus,
    DraftState,
    HoldReason,
    NewBatch,
    SubmissionState,
)
from storage.stores import Stores
from tests.calling.courses import Course
from tests.calling.house import ANN, BEN, ROOM, VOICE, Fault, House, numbers, request
from tests.calling.switchboard import cut as lost
from tests.calling.switchboard import not_connected, refuse
from tests.calling.test_schedules import Office
from tests.calling.virtual_time import NOON

S = SubmissionState
DAY = 86400.0
OTHER = "1" * 32
MIDNIGHT = (NOON // DAY + 1) * DAY


@pytest.fixture
def defaults() -> Defaults:
    """Small parts, and nothing is asked."""
    return Defaults(confirm_above=1000, per_post=2, max_numbers=1000)


async def put(house: House, **values: int) -> None:
    """Set limits behind everybody's back."""

    def work(tx: Stores) -> None:
        for name, value in values.items():
            tx.limits.put(name, value)

    await house.database.write(work)


async def used(house: House, *, of: int | None = None, ahead: float = 0.0) -> int:
    """How many numbers count on the day of now."""
    window, now = house.defaults.window, house.clock() + ahead
    day, since = window.day(now).isoformat(), window.midnight(now)
    return await house.database.read(
        lambda tx: tx.limits.numbers(day=day, since=since, author_id=of)
    )


async def refusals(house: House) -> list[AuditEntry]:
    """What the audit says of refusals."""
    entries = await house.database.read(lambda tx: list(tx.audit.chain()))
    return [entry for entry in entries if entry.deed == Deed.LAUNCH_REFUSED]


async def draft(house: House, *chosen: str, voice: str = VOICE, **what: Any) -> Asked:
    """A draft of Ann's."""
    asked = await house.launches.draft(
        house.launches.blank(voice=voice, numbers=chosen, **what),
        by=ANN,
        place=ROOM,
        asked_by=house.next_message(),
    )
    assert isinstance(asked, Asked)
    return asked


async def warned(house: House, *chosen: str, **what: Any) -> Content:
    """What a draft of these numbers shows."""
    return (await draft(house, *chosen, **what)).content


async def to(house: House, at: float) -> None:
    """Let it be this time; whatever waits is as fresh as if nobody had been away."""
    house.clock.jump(at - house.clock())


async def over(house: House, count: int, seconds: int, first: int = 1) -> None:
    """A batch whose calls were all answered for so many seconds, at 2.85 Toman a second."""
    batch_id = await house.launch(count, first)
    while (await house.batch(batch_id)).state is BatchState.RUNNING:
        await house.step()
    for call in await house.calls(batch_id):
        assert call.gateway_id is not None
        house.board.courses[call.gateway_id] = Course(
            queued=1.0, tries=(("NORMAL", float(seconds)),)
        )
    async with house.following():
        await house.pass_time(400)
    assert {c.status for c in await house.calls(batch_id)} == {CallStatus.NORMAL}


class TestReserving:
    """In the transaction that makes the batch."""

    async def test_numbers_of_a_batch(self, house: House) -> None:
        """More than one batch may have."""
        await put(house, batch_numbers=3)
        await house.launch(3)
        with pytest.raises(LimitError) as refused:
            await house.call(*numbers(4, first=9))
        error = refused.value
        assert (error.limit, error.used, error.asked, error.most) == ("batch_numbers", 0, 4, 3)
        assert len(await house.latest(9)) == 1

    async def test_numbers_of_a_member(self, house: House) -> None:
        """Each has a share of their own, all of which can be used."""
        await put(house, member_day=5)
        await house.launch(3)
        with pytest.raises(LimitError) as refused:
            await house.call(*numbers(3, first=9))
        error = refused.value
        assert (error.limit, error.used, error.asked, error.most) == ("member_day", 3, 3, 5)
        assert (error.today, error.name) == (True, None)
        await house.launch(2, first=9)
        assert isinstance(await house.call(*numbers(5, first=20), by=BEN), Launched)

    async def test_numbers_of_the_team(self, house: House) -> None:
        """Whoever launches."""
        await put(house, team_day=5)
        await house.launch(3)
        with pytest.raises(LimitError) as refused:
            await house.call(*numbers(3, first=9), by=BEN)
        assert (refused.value.limit, refused.value.used) == ("team_day", 3)
        await house.call(*numbers(2, first=9), by=BEN)

    async def test_two_at_once(self, house: House) -> None:
        """Of launches that fit one by one but not together, as many go out as fit."""
        await put(house, team_day=6)
        results = await asyncio.gather(
            *(house.call(*numbers(2, first=1 + 2 * i)) for i in range(9)), return_exceptions=True
        )
        assert sum(isinstance(result, Launched) for result in results) == 3
        assert sum(isinstance(result, LimitError) for result in results) == 6
        assert await used(house) == 6

    async def test_no_limit(self, house: House) -> None:
        """A limit that is taken off is none."""
        await put(house, team_day=0, member_day=0, cost_day=0, batch_numbers=0, number_day=0)
        await house.launch(9)
        await house.launch(9, first=2)

    async def test_a_refused_message_is_answered_and_can_come_again(self, house: House) -> None:
        """Nothing of it is recorded but the refusal: its update is as new as before."""
        await put(house, team_day=1)
        call = house.launches.call(
            request(*numbers(2)), by=ANN, place=ROOM, asked_by="message:1:1", update_id=7
        )
        with pytest.raises(LimitError):
            await call
        assert await house.database.write(lambda tx: tx.updates.take(7, NOON))
        await put(house, team_day=2)
        again = house.launches.call(
            request(*numbers(2)), by=ANN, place=ROOM, asked_by="message:1:1", update_id=8
        )
        assert isinstance(await again, Launched)
        assert isinstance(
            await house.launches.call(
                request(*numbers(2)), by=ANN, place=ROOM, asked_by="message:1:1"
            ),
            Silent,
        )

    async def test_a_refused_draft_stays_open(self, house: House) -> None:
        """Its author takes some off, and confirms it then."""
        await put(house, team_day=2)
        asked = await draft(house, *numbers(3))
        with pytest.raises(LimitError):
            await house.launches.confirm(asked.token, by=ANN, message_id=5)
        left = await house.launches.change(
            asked.token, lambda content: content.without(numbers(1)), by=ANN
        )
        assert left.content.no_room is None
        assert isinstance(await house.launches.confirm(left.token, by=ANN, message_id=5), Launched)

    async def test_call_me_first(self, house: House) -> None:
        """It is a launch like any other."""
        await put(house, team_day=1)
        await house.launch(1)
        own = numbers(1, first=50)[0]
        await house.database.write(lambda tx: tx.choices.share_number(ANN.id, own))
        asked = await draft(house, *numbers(2, first=9))
        with pytest.raises(LimitError):
            await house.launches.first(asked.token, by=ANN)
        found = await house.database.read(lambda tx: tx.drafts.get(asked.token))
        assert found is not None
        assert found.state is DraftState.OPEN
        assert [entry.chat_id for entry in await refusals(house)] == [ROOM.chat_id]

    async def test_try_again(self, house: House) -> None:
        """What was given back may be used by somebody else meanwhile."""
        await put(house, team_day=2)
        house.board.script.append(lambda p: refuse(p, 400, "no"))
        batch_id = await house.launch(2)
        await house.step()
        assert await used(house) == 0
        await house.launch(1, first=9)
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        assert asked.content.no_room is not None
        assert (asked.content.no_room.used, asked.content.no_room.asked) == (1, 2)
        with pytest.raises(LimitError):
            await house.launches.confirm(asked.token, by=ANN, message_id=5)
        assert (await house.batch(batch_id)).state is BatchState.FINISHED
        await put(house, team_day=3)
        assert isinstance(
            await house.launches.confirm(asked.token, by=ANN, message_id=5), Launched
        )


class TestRefusals:
    """A refusal is in the audit, in a transaction of its own."""

    async def test_entry(self, house: House) -> None:
        """Who, where, which limit, its use and what was asked for."""
        await put(house, team_day=1)
        with pytest.raises(LimitError):
            await house.call(*numbers(2), by=BEN)
        (entry,) = await refusals(house)
        assert (entry.by_id, entry.chat_id) == (BEN.id, ROOM.chat_id)
        assert entry.after == "team_day: 0 of 1 used, 2 more"

    async def test_a_record_that_cannot_be_written(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """It is refused all the same, and the log says what the audit lacks."""
        await put(house, team_day=1)
        house.database.faults.extend([None, Fault.BEFORE])
        with caplog.at_level(logging.WARNING), pytest.raises(LimitError):
            await house.call(*numbers(2))
        assert "a refusal by the limit team_day is not in the audit" in caplog.text
        assert await refusals(house) == []

    async def test_nobody(self, house: House) -> None:
        """What no person has asked for is no refusal of anybody's."""
        await house.database.write(
            lambda tx: note(tx, LimitError("team_day", used=1, asked=1, most=1), at=NOON, about="")
        )
        assert await refusals(house) == []


class TestGivingBack:
    """What surely did not ring does not count."""

    @pytest.mark.parametrize(
        ("script", "counts"),
        [([lambda p: refuse(p, 400, "no")], 0), ([not_connected] * 3, 0), ([lost], 2), ([], 2)],
    )
    async def test_outcomes(self, house: House, script: list[Any], counts: int) -> None:
        """Refused and unsent give it back; accepted and unknown keep it."""
        house.board.script.extend(script)
        await house.launch(2)
        assert await used(house) == 2
        for _ in range(4):
            await house.step()
            await house.pass_time(11)
        assert await used(house) == counts

    async def test_stop(self, house: House) -> None:
        """What was not sent."""
        batch_id = await house.launch(4)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        assert await used(house) == 4
        await house.decisions.stop(batch_id, by=ANN)
        assert await used(house) == 2

    async def test_did_not_ring(self, house: House) -> None:
        """A person's word keeps the share: nobody can be sure of it."""
        house.board.script.append(lost)
        batch_id = await house.launch(2)
        await house.step()
        (one,) = await house.submissions(batch_id)
        await house.database.write(
            lambda tx: tx.submissions.decide(one.id, S.RELEASED, by=ANN, now=house.clock())
        )
        assert await used(house) == 2


class TestAnotherDay:
    """A batch of yesterday takes its share of today, where there is room."""

    async def test_held_over_midnight(self, house: House) -> None:
        """*Send the other N* says which limit is in the way, whoever presses."""
        batch_id = await house.launch(6)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        await to(house, MIDNIGHT + 3600)
        assert await used(house) == 0
        await put(house, member_day=5)
        await house.call(*numbers(2, first=20))
        hold_no = (await house.batch(batch_id)).hold_no
        with pytest.raises(LimitError) as refused:
            await house.decisions.send_rest(batch_id, hold_no, by=BEN, chat_id=ROOM.chat_id)
        error = refused.value
        assert (error.limit, error.used, error.asked) == ("member_day", 2, 4)
        assert error.name == ANN.name
        (entry,) = await refusals(house)
        assert (entry.about, entry.by_id, entry.chat_id) == (f"b{batch_id}", BEN.id, ROOM.chat_id)
        assert (await house.batch(batch_id)).state is BatchState.HELD
        with pytest.raises(LimitError) as refused:
            await house.decisions.send_rest(batch_id, hold_no, by=ANN)
        assert refused.value.name is None
        await put(house, member_day=6)
        await house.decisions.send_rest(batch_id, hold_no, by=ANN)
        assert await used(house) == 6
        with pytest.raises(LimitError):
            await house.call(*numbers(1, first=30))

    async def test_running_over_midnight(self, house: House) -> None:
        """The rest of it counts on the new day, as soon as a part of it is claimed there."""
        await to(house, MIDNIGHT - 60)
        batch_id = await house.launch(6)
        await house.step()
        await to(house, MIDNIGHT + 60)
        assert await used(house) == 0
        await house.step()
        assert await house.states(batch_id) == [S.ACCEPTED, S.ACCEPTED, S.QUEUED]
        assert await used(house) == 4
        await put(house, team_day=4)
        await house.step()
        assert await house.states(batch_id) == [S.ACCEPTED] * 3

    async def test_no_room_at_midnight(self, house: House) -> None:
        """It is held, with nothing changed; a day later it can go on."""
        await to(house, MIDNIGHT - 60)
        batch_id = await house.launch(4)
        await house.step()
        await put(house, team_day=5)
        await to(house, MIDNIGHT + 60)
        await house.database.write(lambda tx: tx.batches.hold(batch_id, HoldReason.AWAY, now=0))
        await house.call(*numbers(4, first=20))
        await house.database.write(lambda tx: tx.batches.resume(batch_id, now=house.clock()))
        await house.step()
        await house.step()
        await house.step()
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.LIMIT)
        assert await house.states(batch_id) == [S.ACCEPTED, S.QUEUED]
        await to(house, MIDNIGHT + DAY + 60)
        await house.decisions.send_rest(batch_id, batch.hold_no, by=ANN)
        await house.step()
        assert await house.states(batch_id) == [S.ACCEPTED, S.ACCEPTED]

    async def test_the_clock_is_put_back(self, house: House) -> None:
        """What was claimed tomorrow, by a clock that was ahead, counts today as well."""
        await put(house, team_day=5)
        house.clock.jump(DAY)
        batch_id = await house.launch(4)
        await house.step()
        house.clock.jump(-DAY)
        await house.database.write(lambda tx: tx.batches.hold(batch_id, HoldReason.AWAY, now=0))
        assert await used(house) == 2
        await house.decisions.send_rest(batch_id, (await house.batch(batch_id)).hold_no, by=ANN)
        assert await used(house) == 4
        with pytest.raises(LimitError):
            await house.call(*numbers(2, first=9))
        await house.call(*numbers(1, first=9))

    async def test_from_before_there_were_limits(self, house: House) -> None:
        """A batch without a day has its share as soon as it goes on."""
        batch_id = await house.launch(2)
        await house.database.write(
            lambda tx: tx.db.execute("UPDATE batches SET day = NULL").close()
        )
        assert await used(house) == 0
        await house.step()
        assert await used(house) == 2
        assert (await house.batch(batch_id)).day is not None

    async def test_a_launch_that_waits_for_tomorrow(self, house: House) -> None:
        """It counts on the day on which it goes out, and is refused by that day's limits."""
        await put(house, team_day=3)
        await house.launch(3)
        opening = MIDNIGHT + 8 * 3600

        def make(tx: Stores, count: int, first: int) -> None:
            chosen = numbers(count, first=first)
            new = NewBatch(
                asked_by=f"test:{first}",
                voice=VOICE,
                retry_count=0,
                server_id=None,
                author=ANN,
                place=ROOM,
                cuts=cut(chosen, 2),
                fingerprint="x",
                goes_at=opening,
            )
            day = limits.reserved(tx, new, house.defaults.window, house.clock())
            tx.batches.create(replace(new, day=day), now=house.clock())

        await house.database.write(lambda tx: make(tx, 2, 20))
        assert (await used(house), await used(house, ahead=DAY)) == (3, 2)
        with pytest.raises(LimitError) as refused:
            await house.database.write(lambda tx: make(tx, 2, 30))
        assert (refused.value.used, refused.value.today) == (2, False)


class TestCost:
    """Known cost, and an estimate of what is open."""

    async def test_no_prices_yet(self, house: House) -> None:
        """Nothing can be said, so nothing counts."""
        await put(house, cost_day=1)
        await house.launch(2)
        assert (await house.batch(1)).estimate is None

    async def test_by_the_voice(self, house: House) -> None:
        """What the last batches with it have cost."""
        await over(house, 2, 10)  # 28.5 Toman each
        await put(house, cost_day=120 * TOMAN)
        batch_id = await house.launch(2, first=9)
        assert (await house.batch(batch_id)).estimate == 57_000
        with pytest.raises(LimitError) as refused:
            await house.call(*numbers(1, first=20))
        error = refused.value
        assert (error.limit, error.used, error.asked) == ("cost_day", 114_000, 28_500)
        await put(house, cost_day=143 * TOMAN)
        await house.launch(1, first=20)

    async def test_by_any_voice(self, house: House) -> None:
        """A new voice costs as much as the last batches of any other."""
        await over(house, 2, 10)
        await put(house, cost_day=100 * TOMAN)
        shown = await warned(house, *numbers(2, first=9), voice=OTHER)
        assert shown.estimate is None  # the card knows nothing of this voice
        assert shown.no_room is not None
        assert (shown.no_room.used, shown.no_room.asked) == (57_000, 57_000)

    async def test_carried_over(self, house: House) -> None:
        """The part that is left costs its part of the estimate."""
        await over(house, 2, 10)
        batch_id = await house.launch(4, first=9)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        await to(house, MIDNIGHT + 60)
        hold_no = (await house.batch(batch_id)).hold_no
        await put(house, cost_day=56 * TOMAN)
        with pytest.raises(LimitError) as refused:
            await house.decisions.send_rest(batch_id, hold_no, by=ANN)
        assert (refused.value.used, refused.value.asked) == (0, 57_000)
        await put(house, cost_day=57 * TOMAN)
        await house.decisions.send_rest(batch_id, hold_no, by=ANN)


class TestOneNumber:
    """How often one number is called on a day, by whatever batch."""

    async def test_three_times_by_default(self, house: House) -> None:
        """The fourth launch asks first; then it skips it, and calls the others."""
        for i in range(3):
            await house.call(*numbers(1), *numbers(1, first=10 + i))
            await house.step()
        asked = await house.call(*numbers(2))
        assert isinstance(asked, Asked)
        assert Ask.AT_LIMIT in asked.content.asks
        assert (asked.content.at_limit, asked.content.called) == (numbers(1), 1)
        await house.launches.confirm(asked.token, by=ANN, message_id=7)
        await house.step()
        calls = await house.calls(4)
        assert [call.status for call in calls] == [CallStatus.SKIPPED, CallStatus.WAITING]
        assert calls[0].skip_reason == "daily_limit"
        last = await house.database.read(lambda tx: tx.audit.last())
        assert last is not None
        assert (last.deed, last.about) == (Deed.SKIPPED, "b4")
        assert last.after == "one number at the limit for one number a day"
        assert await used(house) == 7

    async def test_all_of_a_typed_call(self, house: House) -> None:
        """There is nobody to call, and nothing is made."""
        await put(house, number_day=1)
        await house.launch(2)
        await house.step()
        with pytest.raises(LimitError) as refused:
            await house.call(*numbers(2))
        error = refused.value
        assert (error.limit, error.asked, error.most) == ("number_day", 2, 1)
        assert len(await house.latest(9)) == 1
        (entry,) = await refusals(house)
        assert entry.after == "number_day: 1 of 1 used, 2 more"
        await to(house, MIDNIGHT)
        assert isinstance(await house.call(*numbers(2)), Launched)

    async def test_a_draft_tells(self, house: House) -> None:
        """Who will be skipped, and that is no reason to refuse it."""
        await put(house, number_day=1)
        await house.launch(1)
        await house.step()
        shown = await draft(house, *numbers(2))
        assert (shown.content.at_limit, shown.content.times_a_day) == (numbers(1), 1)
        assert shown.content.no_room is None
        loaded = Content.load(shown.content.dump())
        assert (loaded.at_limit, loaded.times_a_day) == (numbers(1), 1)
        await put(house, number_day=2)
        left = await house.launches.change(shown.token, lambda content: content, by=ANN)
        assert (left.content.at_limit, left.content.times_a_day) == ((), 0)

    async def test_outside_the_calling_window(self, house: House) -> None:
        """A card that waits for the opening tells of that day's limits."""
        await put(house, number_day=1, team_day=2)
        await house.launch(2)
        await house.step()
        window = Window(timezone=ZoneInfo("UTC"), hours=((480, 600),) * 7)  # shut at noon

        def warn(tx: Stores) -> tuple[Content, Content]:
            share = limits.Share(numbers=2, cost=0, author_id=ANN.id)
            content = house.launches.blank(voice=VOICE, numbers=numbers(2))
            anyway = replace(content, window_reason="urgent")
            now = house.clock()
            return (
                limits.warned(tx, content, share, window, now),
                limits.warned(tx, anyway, share, window, now),
            )

        waits, goes = await house.database.read(warn)
        assert (waits.at_limit, waits.no_room) == ((), None)
        assert goes.at_limit == numbers(2)
        assert goes.no_room is not None
        assert Content.load(goes.dump()).no_room == goes.no_room


class TestSchedules:
    """Nothing is launched by itself that the limits do not allow."""

    async def test_it_asks(self, house: House) -> None:
        """In place of launching; whoever answers is told, as long as there is no room."""
        office = Office.on(house, house.rights)
        at = house.clock() // 60 * 60 + 3600
        planned = await office.once(*numbers(3), at=at)
        await put(house, team_day=2)
        await office.until(at)
        assert await house.latest(9) == []
        due = await office.due(planned)
        assert due.schedule.asked_why == Why.LIMIT
        assert due.content.no_room is not None
        assert due.content.no_room.name == ANN.name
        (entry,) = await refusals(house)
        assert (entry.by_id, entry.about) == (ANN.id, f"schedule {planned}")
        with pytest.raises(LimitError):
            await office.call(planned)
        assert len(await refusals(house)) == 2
        await put(house, team_day=3)
        assert isinstance(await office.call(planned), Launched)


class TestSetting:
    """A manager's word on each."""

    @pytest.fixture
    def menu(self, house: House) -> LimitSettings:
        """The settings on this record."""
        return LimitSettings(database=house.database, defaults=house.defaults, clock=house.clock)

    async def set(self, menu: LimitSettings, limit: str, value: int, **what: Any) -> None:
        """Set one, as Ann."""
        await menu.set(limit, value, by=ANN, chat_id=ROOM.chat_id, **what)

    async def look(self, menu: LimitSettings, *, people: bool = True) -> LimitsView:
        """What Ann sees."""
        return await menu.look(by=ANN, people=people)

    async def test_defaults(self, menu: LimitSettings) -> None:
        """Three calls to a number, a first wave of 50, and no other limit."""
        view = await self.look(menu)
        assert {limit: value for limit, value in view.values.items() if value} == {
            Limit.NUMBER_DAY: 3,
            Limit.FIRST_WAVE: 50,
            Limit.FIRST_WAIT: 180,
            Limit.FIRST_SHARE: 30,
        }
        assert (view.own, view.team, view.cost, view.priced, view.people) == (
            0,
            0,
            None,
            False,
            (),
        )

    async def test_use(self, house: House, menu: LimitSettings) -> None:
        """By oneself, by all, and by each for those who may see it."""
        await over(house, 2, 10)
        await house.call(*numbers(3, first=9), by=BEN)
        await put(house, cost_day=500 * TOMAN)
        view = await self.look(menu)
        assert (view.own, view.team, view.most_called) == (2, 5, 1)
        assert view.cost == 57_000 + 85_500
        assert [(one.name, one.numbers) for one in view.people] == [("Ben", 3), ("Ann", 2)]
        assert (await self.look(menu, people=False)).people == ()

    async def test_audit(self, house: House, menu: LimitSettings) -> None:
        """What it was, what it is, who set it and where."""
        await self.set(menu, "team_day", 1_200)
        await self.set(menu, "team_day", 0)
        await self.set(menu, "cost_day", 50_000 * TOMAN)
        entries = await house.database.read(lambda tx: list(tx.audit.chain()))
        assert [(e.deed, e.about, e.before, e.after, e.by_id, e.chat_id) for e in entries] == [
            (Deed.LIMIT_SET, "team_day", "off", "1,200", ANN.id, ROOM.chat_id),
            (Deed.LIMIT_SET, "team_day", "1,200", "off", ANN.id, ROOM.chat_id),
            (Deed.LIMIT_SET, "cost_day", "off", "50,000 Toman", ANN.id, ROOM.chat_id),
        ]

    async def test_a_button_that_is_stale(self, menu: LimitSettings) -> None:
        """Somebody else was faster: what was shown is not what would be changed."""
        await self.set(menu, "team_day", 500, was=0)
        with pytest.raises(ExpiredError):
            await self.set(menu, "team_day", 200, was=0)
        assert (await self.look(menu)).values[Limit.TEAM_DAY] == 500

    @pytest.mark.parametrize(
        ("limit", "used"),
        [(Limit.TEAM_DAY, 5), (Limit.MEMBER_DAY, 3), (Limit.NUMBER_DAY, 2)],
    )
    async def test_below_what_is_used(
        self, house: House, menu: LimitSettings, limit: Limit, used: int
    ) -> None:
        """Nothing is changed; what is used to the last number can be set."""
        for first, by in ((1, ANN), (2, BEN)):
            await house.call(*numbers(2, first=first), by=by)
            await house.step()
        await house.call(*numbers(1, first=9), by=BEN)
        with pytest.raises(LimitValueError) as refused:
            await self.set(menu, limit, used - 1)
        assert (refused.value.why, refused.value.bound) == (BadLimit.BELOW_USE, used)
        assert (await self.look(menu)).values[limit] == limits.DEFAULTS.get(limit, 0)
        await self.set(menu, limit, used)
        await self.set(menu, limit, 0)

    async def test_below_the_cost(self, house: House, menu: LimitSettings) -> None:
        """What is spent is spent."""
        await over(house, 2, 10)
        with pytest.raises(LimitValueError):
            await self.set(menu, "cost_day", 56 * TOMAN)
        await self.set(menu, "cost_day", 57 * TOMAN)

    async def test_below_what_is_reserved_for_tomorrow(
        self, house: House, menu: LimitSettings
    ) -> None:
        """A day to come counts as well."""
        batch_id = await house.launch(4)
        tomorrow = house.defaults.window.day(MIDNIGHT).isoformat()
        await house.database.write(lambda tx: tx.batches.reserve_on(batch_id, tomorrow))
        with pytest.raises(LimitValueError) as refused:
            await self.set(menu, "team_day", 3)
        assert refused.value.bound == 4
        await self.set(menu, "team_day", 4)

    @pytest.mark.parametrize(
        ("limit", "text", "value"),
        [
            ("team_day", "500", 500),
            ("team_day", " \u06f5\u06f0\u06f0 ", 500),
            ("team_day", "\u0665\u0660\u0660", 500),
            ("team_day", "1,500", 1500),
            ("team_day", "\u06f1\u066c\u06f5\u06f0\u06f0", 1500),
            ("team_day", "off", 0),
            ("team_day", "None", 0),
            ("TEAM_DAY", "0", 0),
            ("cost_day", "50000", 50_000_000),
            ("cost_day", "1,000,000 Toman", 1_000_000_000),
            ("approve_window", "yes", 1),
            ("approve_window", "no", 0),
            ("first_share", "30 %", 30),
            ("first_share", "0", 0),
            ("first_wave", "off", 0),
            ("batch_numbers", "1000", 1000),
        ],
    )
    def test_typed(self, menu: LimitSettings, limit: str, text: str, value: int) -> None:
        """Digits of any script, thousands set apart, money in Toman."""
        assert menu.read(limit, text) == value

    @pytest.mark.parametrize(
        ("limit", "text", "why"),
        [
            ("team_day", "", BadLimit.UNREADABLE),
            ("team_day", "many", BadLimit.UNREADABLE),
            ("team_day", "-5", BadLimit.UNREADABLE),
            ("team_day", "1.5", BadLimit.UNREADABLE),
            ("team_day", "1,5", BadLimit.UNREADABLE),
            ("team_day", "9" * 16, BadLimit.UNREADABLE),
            ("team_day", "1000001", BadLimit.TOO_HIGH),
            ("cost_day", "9" * 15, BadLimit.TOO_HIGH),
            ("batch_numbers", "1001", BadLimit.TOO_HIGH),
            ("first_wave", "1001", BadLimit.TOO_HIGH),
            ("first_share", "101", BadLimit.TOO_HIGH),
            ("first_share", "off", BadLimit.NOT_OFF),
            ("first_wait", "0", BadLimit.NOT_OFF),
            ("first_wait", "none", BadLimit.NOT_OFF),
            ("approve_window", "2", BadLimit.TOO_HIGH),
            ("team", "5", BadLimit.UNKNOWN),
            ("", "5", BadLimit.UNKNOWN),
        ],
    )
    def test_nonsense(self, menu: LimitSettings, limit: str, text: str, why: BadLimit) -> None:
        """Nothing is guessed."""
        with pytest.raises(LimitValueError) as refused:
            menu.read(limit, text)
        assert refused.value.why is why
