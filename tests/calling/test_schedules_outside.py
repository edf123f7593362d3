"""Schedules and the calling window: none is planned outside of it, and none launches there."""

from datetime import date, datetime

import pytest
import pytest_asyncio

from bot.calling.due import Why
from bot.calling.errors import PlanOutsideError
from bot.calling.launches import Defaults, Launched
from bot.calling.moments import EVERY_DAY
from bot.calling.outside import NOW, Timing
from bot.calling.rights import Rights
from bot.calling.schedules import When
from bot.calling.window import Window
from storage.models import ScheduleState
from tests.calling.house import ANN, BEN, ROOM, House, numbers
from tests.calling.test_schedules import TEHRAN, Office

FRIDAY = 4
WINDOW = Window(
    timezone=TEHRAN,
    hours=((480, 1260),) * FRIDAY + (None,) + ((480, 1260),) * 2,
    holidays=frozenset({date(2025, 6, 17)}),
)
SEVEN = datetime(2025, 6, 16, 7, tzinfo=TEHRAN).timestamp()
OPENS = SEVEN + 3600


@pytest.fixture
def defaults() -> Defaults:
    """Open from 08:00 to 21:00 in Tehran, but on Fridays and on one holiday."""
    return Defaults(window=WINDOW)


@pytest_asyncio.fixture
async def office(house: House) -> Office:
    """Ann may launch, Ben is an admin."""
    return _office(house)


def _office(house: House) -> Office:
    rights = Rights(frozenset({BEN.id}), frozenset({ANN.id}), house.database)
    return Office.on(house, rights)


async def asking(office: Office) -> int:
    """A schedule that was planned while the window was off, and whose time is 07:00."""
    house = office.house
    house.defaults = Defaults()
    schedule_id = await _office(house).once(at=SEVEN)
    house.defaults = Defaults(window=WINDOW)
    await office.until(SEVEN)
    return schedule_id


async def answer(office: Office, schedule_id: int, timing: Timing) -> Launched | None:
    """Press what the question offers."""
    due = await office.due(schedule_id)
    revision, key = due.schedule.revision, due.key
    return await office.schedules.call(
        schedule_id, revision, key, by=ANN, place=ROOM, timing=timing
    )


@pytest.mark.parametrize(
    ("day", "hour", "fits"), [(16, 8, True), (16, 7, False), (16, 21, False), (17, 9, False)]
)
async def test_a_single_time_must_lie_within_the_window(
    office: Office, day: int, hour: int, fits: bool
) -> None:
    """Hours outside and holidays are refused before anything is planned, for admins as well."""
    at = datetime(2025, 6, day, hour, tzinfo=TEHRAN).timestamp()
    draft = await office.draft(*numbers(2), by=BEN)
    if fits:
        assert (await office.plan(draft, When(at=at), by=BEN)).due_at == at
        return
    with pytest.raises(PlanOutsideError) as refused:
        await office.plan(draft, When(at=at), by=BEN)
    assert (refused.value.at, refused.value.weekday) == (at, None)
    assert (await office.schedules.page(1)).found == ()


@pytest.mark.parametrize(
    ("weekdays", "minute", "wrong"),
    [(EVERY_DAY, 480, FRIDAY), (1 << FRIDAY, 480, FRIDAY), (0b11, 479, 0), (0b1101111, 480, None)],
)
async def test_each_weekday_must_be_open(
    office: Office, weekdays: int, minute: int, wrong: int | None
) -> None:
    """A weekly time that one of its days does not have is refused, with that day."""
    when = When(weekdays=weekdays, minute=minute)
    if wrong is None:
        assert office.schedules.first(when) == OPENS
        return
    with pytest.raises(PlanOutsideError) as refused:
        office.schedules.first(when)
    assert refused.value.weekday == wrong


async def test_outside_it_asks(office: Office) -> None:
    """If the hours are others by the time, it launches nothing by itself, and asks."""
    schedule_id = await asking(office)
    schedule = await office.get(schedule_id)
    assert (schedule.state, schedule.asked_why) == (ScheduleState.ASKING, Why.OUTSIDE)
    due = await office.due(schedule_id)
    assert due.outside is not None
    assert due.outside.opens_at == OPENS
    assert await office.house.latest(1) == []


async def test_call_now_of_an_old_question_asks_anew(office: Office) -> None:
    """A press that was meant for an open window launches nothing, neither now nor later."""
    schedule_id = await asking(office)
    before = (await office.get(schedule_id)).revision
    assert await answer(office, schedule_id, NOW) is None
    schedule = await office.get(schedule_id)
    assert (schedule.state, schedule.asked_why) == (ScheduleState.ASKING, Why.OUTSIDE)
    assert schedule.revision > before
    assert await office.house.latest(1) == []


async def test_at_the_opening(office: Office) -> None:
    """The batch is made at once, and goes out at the opening."""
    schedule_id = await asking(office)
    launched = await answer(office, schedule_id, Timing(opening=OPENS))
    assert launched is not None
    assert (await office.house.batch(launched.batch_id)).goes_at == OPENS
    assert (await office.get(schedule_id)).state is ScheduleState.ENDED
    await office.house.step()
    assert office.house.board.posts == []
    await office.until(OPENS)
    await office.house.step()
    assert len(office.house.board.posts) == 1


async def test_if_it_has_opened_since(office: Office) -> None:
    """The same button just launches then."""
    schedule_id = await asking(office)
    await office.until(OPENS)
    launched = await answer(office, schedule_id, Timing(opening=OPENS))
    assert launched is not None
    assert (await office.house.batch(launched.batch_id)).goes_at is None


async def test_a_weekly_one_asks_on_a_holiday(office: Office) -> None:
    """A holiday is no day of the week: its time comes, and it asks; the next one is met."""
    draft = await office.draft(*numbers(2))
    planned = await office.plan(draft, When(weekdays=0b111, minute=600))
    ten = datetime(2025, 6, 16, 10, tzinfo=TEHRAN).timestamp()
    for days, state, batches in (
        (0, ScheduleState.WAITING, 1),
        (1, ScheduleState.ASKING, 1),
        (2, ScheduleState.WAITING, 2),
    ):
        await office.until(ten + days * 86400)
        assert (await office.get(planned.id)).state is state
        assert len(await office.house.latest(9)) == batches


async def test_another_reason_to_ask_stays_the_reason(office: Office) -> None:
    """Who is asked for another reason is asked for that one, whatever the hour."""
    schedule_id = await asking(office)
    await office.house.database.write(
        lambda tx: tx.schedules.ask(schedule_id, Why.LATE, due_at=SEVEN, now=office.house.clock())
    )
    assert await answer(office, schedule_id, NOW) is None
    assert (await office.get(schedule_id)).asked_why == Why.LATE
