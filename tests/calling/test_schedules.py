"""Launches that are made later: each due time is met once, asked about, or left out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.calling.drafts import Content
from bot.calling.due import ASKS_FOR, Due, Why
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    NotYoursError,
    OthersScheduleError,
    PausedError,
    UsageError,
)
from bot.calling.launches import Asked
from bot.calling.moments import EVERY_DAY, local
from bot.calling.problems import Problem
from bot.calling.rights import Rights
from bot.calling.scheduler import LATE, Scheduler
from bot.calling.schedules import Schedules, When
from storage.errors import DatabaseBusyError
from storage.models import (
    Answer,
    Batch,
    DraftState,
    PauseReason,
    Person,
    Place,
    Schedule,
    ScheduleAsk,
    ScheduleRun,
    ScheduleState,
)
from tests.calling.house import ANN, BEN, ROOM, VOICE, Fault, House, numbers, request
from tests.calling.virtual_time import NOON

TEHRAN = ZoneInfo("Asia/Tehran")
CID = Person(id=3, name="Cid")  # may launch, as Ann; Ben is an admin
HOUR, DAY = 3600.0, 86400.0
MESSAGE = 40
AT = NOON // 60 * 60 + HOUR  # in an hour, in a full minute


@dataclass(slots=True)
class Office:
    """What members do, and the worker that meets due times, on one house."""

    house: House
    schedules: Schedules
    scheduler: Scheduler

    @classmethod
    def on(cls, house: House, rights: Rights) -> "Office":
        """The same office on this house."""
        parts: dict[str, Any] = {
            "database": house.database,
            "pauses": house.pauses,
            "rights": rights,
            "signals": house.signals,
            "defaults": house.defaults,
            "timezone": TEHRAN,
            "clock": house.clock,
        }
        return cls(house, Schedules(**parts), Scheduler(**parts))

    async def draft(self, *chosen: str, by: Person = ANN, **what: Any) -> Asked:
        """An open draft for these numbers."""
        content = self.house.launches.blank(voice=VOICE, numbers=chosen, **what)
        asked_by = self.house.next_message()
        asked = await self.house.launches.draft(content, by=by, place=ROOM, asked_by=asked_by)
        assert isinstance(asked, Asked)
        return asked

    async def once(self, *chosen: str, at: float = AT, by: Person = ANN, **what: Any) -> int:
        """A schedule for once, and its id."""
        asked = await self.draft(*(chosen or numbers(2)), by=by, **what)
        planned = await self.plan(asked, When(at=at), by=by)
        return planned.id

    async def plan(
        self, asked: Asked, when: When, *, by: Person = ANN, reads_list: bool = False
    ) -> Schedule:
        """Press the last button of the picker."""
        planned = await self.schedules.plan(
            asked.token, when, reads_list=reads_list, by=by, message_id=MESSAGE
        )
        assert planned is not None
        return planned

    async def list_of(self, *chosen: str) -> int:
        """A list of these numbers, and its id."""
        now = self.house.clock()

        def work(tx: Any) -> int:
            list_id: int = tx.lists.create("Drivers", "drivers", by=ANN, now=now)
            tx.lists.add(list_id, chosen, {chosen[0]: "Reza"})
            return list_id

        return await self.house.database.write(work)

    async def weekly(self, *chosen: str, minute: int = 480) -> tuple[int, int]:
        """A schedule for every day that reads a list: its id, and the list's."""
        list_id = await self.list_of(*chosen)
        asked = await self.draft(*chosen, list_ref=list_id, list_name="Drivers")
        when = When(weekdays=EVERY_DAY, minute=minute)
        return (await self.plan(asked, when, reads_list=True)).id, list_id

    async def until(self, at: float, *, late: float = 0.0) -> None:
        """Let it be that time, and let the worker look."""
        self.house.clock.jump(at + late - self.house.clock())
        while await self.scheduler.step() < 1.0:
            pass

    async def get(self, schedule_id: int) -> Schedule:
        """A schedule as it is recorded."""
        return (await self.due(schedule_id)).schedule

    async def due(self, schedule_id: int) -> Due:
        """A schedule, and what it would launch now."""
        return await self.schedules.get(schedule_id)

    async def call(self, schedule_id: int, by: Person = ANN, place: Place = ROOM) -> Any:
        """Press *Call now* as it is shown at this moment."""
        due = await self.due(schedule_id)
        revision = due.schedule.revision
        return await self.schedules.call(schedule_id, revision, due.key, by=by, place=place)

    async def asks(self) -> list[ScheduleAsk]:
        """The questions that are to be sent or edited."""
        return await self.house.database.read(lambda tx: tx.schedules.asks_behind())

    async def run(self, batch_id: int = 1) -> ScheduleRun | None:
        """What the board of a batch says of its schedule."""
        return await self.house.database.read(lambda tx: tx.schedules.run_of(batch_id))

    async def batches(self) -> list[Batch]:
        """All of them, newest first."""
        return await self.house.latest(10)


def rights(house: House, *, without_ann: bool = False) -> Rights:
    """Ben is an admin, Ann and Cid may launch; or without Ann, and one more admin."""
    if without_ann:
        return Rights(frozenset({BEN.id, 4}), frozenset({CID.id}), house.database)
    return Rights(frozenset({BEN.id}), frozenset({ANN.id, CID.id}), house.database)


@pytest_asyncio.fixture
async def office(house: House) -> AsyncIterator[Office]:
    """The office that is tested."""
    yield Office.on(house, rights(house))


async def waits(office: Office, schedule_id: int) -> float:
    """The time for which a schedule waits."""
    schedule = await office.get(schedule_id)
    assert (schedule.state, schedule.asked_at) == (ScheduleState.WAITING, None)
    return schedule.due_at


async def test_a_draft_becomes_a_schedule_once(office: Office) -> None:
    """The draft is closed with it and its message is the card; a second tap makes no second."""
    asked = await office.draft(*numbers(2))
    planned = await office.plan(asked, When(at=AT))
    assert (planned.due_at, planned.message_id, planned.weekdays) == (AT, MESSAGE, 0)
    draft = await office.house.database.read(lambda tx: tx.drafts.get(asked.token))
    assert draft is not None
    assert (draft.state, draft.closed_why) == (DraftState.CANCELLED, "scheduled")
    assert draft.closed_shown
    for again in (office.plan(asked, When(at=AT)), office.schedules.later(asked.token, by=ANN)):
        with pytest.raises(AlreadyDoneError):
            await again
    assert (await office.schedules.page(1)).found[0].schedule.id == planned.id
    assert (await office.schedules.page(9)).page == 1


async def test_what_cannot_be_planned(office: Office) -> None:
    """Another person's draft, one without a voice, a time that is over: each is refused."""
    asked = await office.draft(*numbers(2))
    with pytest.raises(NotYoursError):
        await office.schedules.later(asked.token, by=BEN)
    with pytest.raises(UsageError) as error:
        await office.plan(asked, When(at=NOON))
    assert error.value.problem is Problem.TIME_PAST
    mute = await office.house.launches.draft(
        office.house.launches.blank(numbers=numbers(2)), by=ANN, place=ROOM, asked_by="mute"
    )
    assert isinstance(mute, Asked)
    with pytest.raises(ExpiredError):
        await office.schedules.later(mute.token, by=ANN)
    office.schedules.draining = True
    with pytest.raises(DrainingError):
        await office.plan(asked, When(at=AT))


async def test_a_draft_in_the_picker_still_expires(office: Office) -> None:
    """Looking for a time gives it no more than its 15 minutes."""
    asked = await office.draft(*numbers(2))
    office.house.clock.jump(901)
    for step in (office.schedules.later(asked.token, by=ANN), office.plan(asked, When(at=AT))):
        with pytest.raises(ExpiredError):
            await step


async def test_at_its_time_it_launches_once(office: Office) -> None:
    """Not before; then one batch by its author, in answer to its card; then it is over."""
    schedule_id = await office.once()
    await office.until(AT - 1)
    assert await office.batches() == []
    await office.until(AT)
    (batch,) = await office.batches()
    assert (batch.author_id, batch.asked_by) == (ANN.id, f"schedule:{schedule_id}:{AT:.0f}")
    assert batch.event_at == office.house.clock()
    board = await office.house.database.read(lambda tx: tx.boards.get(1))
    assert board is not None
    assert (board.chat_id, board.reply_to, board.message_id) == (ROOM.chat_id, MESSAGE, None)
    ended = await office.get(schedule_id)
    assert (ended.state, ended.closed_why, ended.batch_id) == ("ended", Answer.CALLED, 1)
    await office.until(AT + 60)
    assert len(await office.batches()) == 1
    await office.house.step()
    assert tuple(office.house.board.posts[0].numbers) == numbers(2)


async def test_a_clock_that_is_put_back_meets_no_time_twice(office: Office) -> None:
    """Not by itself, and not if somebody moves the schedule to the time that was met."""
    schedule_id, _ = await office.weekly(*numbers(2))
    first = (await office.get(schedule_id)).due_at
    await office.until(first)
    assert len(await office.batches()) == 1
    await office.until(first - HOUR)
    await office.until(first)
    assert len(await office.batches()) == 1
    await office.until(first - HOUR)
    moved = await office.get(schedule_id)
    when = When(weekdays=EVERY_DAY, minute=480)
    await office.schedules.move(schedule_id, moved.revision, when, by=ANN)
    assert (await office.get(schedule_id)).due_at == first
    await office.until(first)
    assert len(await office.batches()) == 1
    assert (await office.get(schedule_id)).due_at > first


async def test_a_clock_that_jumps_ahead_makes_it_ask(office: Office) -> None:
    """More than ten minutes late is asked about, up to that it is launched."""
    in_time, late = await office.once(at=AT), await office.once(*numbers(2, 5), at=AT - 60)
    await office.until(AT, late=LATE - 30)
    assert (await office.get(in_time)).state is ScheduleState.ENDED
    asking = await office.get(late)
    assert (asking.state, asking.asked_why) == (ScheduleState.ASKING, Why.LATE)
    (ask,) = await office.asks()
    assert (ask.chat_id, ask.reply_to, ask.schedule_id) == (ROOM.chat_id, MESSAGE, late)
    await office.until(AT, late=LATE)
    assert len(await office.asks()) == 1


async def test_a_clock_that_was_ahead_for_a_moment_strands_nothing(office: Office) -> None:
    """Both ask about a time to come; once the clock is right they wait again, and launch."""
    once = await office.once()
    weekly, _ = await office.weekly(*numbers(2, 5))
    first = (await office.get(weekly)).due_at
    await office.schedules.skip(weekly, (await office.get(weekly)).revision, by=ANN)
    asked_at = office.house.clock() + 30 * DAY + HOUR
    await office.until(asked_at)
    ahead = [await office.get(schedule_id) for schedule_id in (once, weekly)]
    assert {of.state for of in ahead} == {ScheduleState.ASKING}
    office.house.clock.jump(NOON - asked_at)
    for of in ahead:  # nor does a press that is faster than the worker
        with pytest.raises(ExpiredError):
            await office.schedules.skip(of.id, of.revision, by=ANN)
    await office.until(NOON)
    assert [await waits(office, schedule_id) for schedule_id in (once, weekly)] == [
        AT,
        first + DAY,
    ]
    assert await office.asks() == []
    await office.until(AT)
    await office.until(first)
    assert [batch.asked_by for batch in await office.batches()] == [f"schedule:{once}:{AT:.0f}"]
    await office.until(first + DAY)
    assert len(await office.batches()) == 2


async def test_a_question_of_a_clock_ahead_is_asked_anew_about_a_time_that_is_over(
    office: Office,
) -> None:
    """Its day begins when the clock is right."""
    schedule_id = await office.once()
    await office.until(AT + 30 * DAY)
    await office.until(AT, late=LATE + 60)
    asking = await office.get(schedule_id)
    assert (asking.asked_why, asking.asked_at) == (Why.LATE, AT + LATE + 60)
    await office.until(AT, late=LATE + 60 + ASKS_FOR)
    assert (await office.get(schedule_id)).closed_why is Answer.LAPSED


async def test_a_clock_that_is_put_right_by_seconds_withdraws_no_question(
    office: Office,
) -> None:
    """It was asked a little early, and can be answered."""
    schedule_id = await office.once()
    house = office.house
    await house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "401", house.clock())
    )
    await office.until(AT)
    await office.until(AT - 5)
    assert (await office.get(schedule_id)).state is ScheduleState.ASKING
    await house.pauses.check()
    assert await office.call(schedule_id) is not None


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER])
async def test_a_commit_that_raises_is_met_again_and_once(office: Office, fault: Fault) -> None:
    """Whether it took effect or not: the record says so, and there is one batch in the end."""
    await office.once()
    office.house.clock.jump(AT - office.house.clock())
    office.house.database.faults.append(fault)
    with pytest.raises(DatabaseBusyError):
        await office.scheduler.step()
    await office.until(AT + 1)
    assert len(await office.batches()) == 1


@pytest.mark.parametrize("fault", [Fault.DIES_BEFORE, Fault.DIES_AFTER])
async def test_killed_at_the_commit_there_is_one_batch(office: Office, fault: Fault) -> None:
    """The next life of the program makes the batch if it is not there, and no second one."""
    await office.once()
    office.house.clock.jump(AT - office.house.clock())
    office.house.database.faults.append(fault)
    with pytest.raises(DatabaseBusyError):
        await office.scheduler.step()
    async with office.house.after_kill(away=5.0) as house:
        again = Office.on(house, rights(house))
        await again.until(AT + 6)
        assert len(await again.batches()) == 1


async def test_the_worker_runs_by_itself(office: Office) -> None:
    """It wakes at the due time, outlives a record that refuses, and looks again."""
    await office.once()
    work = asyncio.create_task(office.scheduler.run())
    await office.house.pass_time(10)
    office.house.database.faults.append(Fault.BEFORE)
    await office.house.pass_time(HOUR + 10)
    assert len(await office.batches()) == 1
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_a_fault_in_one_keeps_no_other_from_its_time(office: Office) -> None:
    """What cannot be read is logged and left, and the next one is launched."""
    await office.once(at=AT - 60)
    await office.once(*numbers(2, 5))
    for spoil in (
        "DROP TRIGGER schedules_content",
        "UPDATE schedules SET content = 'x' WHERE id = 1",
    ):
        await office.house.database.write(lambda tx, s=spoil: tx.db.execute(s).close())  # type: ignore[misc]  # mypy cannot infer a default's type
    await office.until(AT)
    assert len(await office.batches()) == 1


async def test_without_rights_the_admins_are_asked(office: Office) -> None:
    """Each in private; the first answer wins, and the batch is theirs."""
    schedule_id = await office.once()
    office = Office.on(office.house, rights(office.house, without_ann=True))
    await office.until(AT)
    assert await office.batches() == []
    assert [ask.chat_id for ask in await office.asks()] == [BEN.id, 4]
    assert (await office.get(schedule_id)).asked_why == Why.RIGHTS
    with pytest.raises(OthersScheduleError):
        await office.call(schedule_id, by=CID)
    due = await office.due(schedule_id)
    await office.call(schedule_id, by=BEN)
    (batch,) = await office.batches()
    assert (batch.author_id, batch.chat_id) == (BEN.id, ROOM.chat_id)
    answers = {(ask.answer, ask.answered_name, ask.batch_id) for ask in await office.asks()}
    assert answers == set()  # never sent, so there is nothing to edit
    with pytest.raises(ExpiredError):
        await office.schedules.call(
            schedule_id, due.schedule.revision, due.key, by=BEN, place=ROOM
        )


async def test_the_board_stays_away_from_a_private_chat_without_rights(office: Office) -> None:
    """What an admin lets call for a former member is shown where the admin answered."""
    content = office.house.launches.blank(voice=VOICE, numbers=numbers(2))
    alone = Place(chat_id=ANN.id)
    asked = await office.house.launches.draft(content, by=ANN, place=alone, asked_by="m")
    assert isinstance(asked, Asked)
    planned = await office.plan(asked, When(at=AT))
    office = Office.on(office.house, rights(office.house, without_ann=True))
    await office.until(AT)
    await office.call(planned.id, by=BEN, place=Place(chat_id=BEN.id))
    assert (await office.batches())[0].chat_id == BEN.id


async def test_while_paused_it_asks(office: Office) -> None:
    """Nothing is launched by itself once the pause is over: a person says so."""
    schedule_id = await office.once()
    house = office.house
    await house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "401", house.clock())
    )
    await office.until(AT)
    assert (await office.get(schedule_id)).asked_why == Why.PAUSED
    due = await office.due(schedule_id)
    with pytest.raises(PausedError):
        await office.schedules.check_call(schedule_id, due.schedule.revision, by=ANN)
    with pytest.raises(PausedError):
        await office.call(schedule_id)
    await house.pauses.check()
    await office.until(AT + 60)
    assert await office.batches() == []
    await office.schedules.check_call(schedule_id, due.schedule.revision, by=ANN)
    assert await office.call(schedule_id) is not None


@pytest.mark.parametrize("late", [0.0, LATE + 60])
async def test_after_a_restore_it_tells_that_it_may_have_been_called(
    office: Office, late: float
) -> None:
    """A time before the restore may have been met in what was lost; one after it was not."""
    before, after = await office.once(), await office.once(*numbers(2, 5), at=AT + DAY)
    await office.house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.RESTORED, "older", AT + late)
    )
    await office.until(AT, late=late)
    assert (await office.get(before)).asked_why == Why.RESTORED
    await office.until(AT + DAY)
    assert (await office.get(after)).asked_why == Why.PAUSED


async def test_after_a_restore_the_admins_are_told_as_well(office: Office) -> None:
    """Who answers in place of an author without rights must know it, too."""
    schedule_id = await office.once()
    await office.house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.RESTORED, "older", AT)
    )
    office = Office.on(office.house, rights(office.house, without_ann=True))
    await office.until(AT)
    assert (await office.get(schedule_id)).asked_why == Why.RIGHTS_RESTORED
    assert [ask.chat_id for ask in await office.asks()] == [BEN.id, 4]


async def test_draining_and_a_full_disk_are_waited_for(office: Office) -> None:
    """Within ten minutes the next life launches it; after that it asks."""
    schedule_id = await office.once()
    office.scheduler.draining = True
    await office.until(AT)
    assert (await office.get(schedule_id)).state is ScheduleState.WAITING
    office.scheduler.draining = False
    office.house.database.faults.append(Fault.DISK)
    with pytest.raises(Exception, match="disk refuses"):
        await office.scheduler.step()
    await office.until(AT + 5)
    assert await office.batches() == []
    with pytest.raises(PausedError):
        await office.call(schedule_id)
    await office.house.pauses.check()
    await office.until(AT + 60)
    assert len(await office.batches()) == 1


async def test_the_same_just_before_is_asked(office: Office) -> None:
    """Somebody called them by hand two minutes before: the schedule does not do it once more."""
    schedule_id = await office.once()
    office.house.clock.jump(AT - 120 - office.house.clock())
    await office.house.call(*numbers(2))
    await office.until(AT)
    assert (await office.get(schedule_id)).asked_why == Why.DUPLICATE
    duplicate = (await office.due(schedule_id)).duplicate
    assert duplicate is not None
    assert await office.call(schedule_id) is not None
    assert len(await office.batches()) == 2


async def test_called_by_hand_while_it_asks_is_asked_anew(office: Office) -> None:
    """The answer to "late" is none to "just called": the button of before is stale."""
    schedule_id = await office.once()
    await office.until(AT, late=LATE + 60)
    before = await office.due(schedule_id)
    await office.house.call(*numbers(2))
    assert await office.call(schedule_id) is None
    assert (await office.get(schedule_id)).asked_why == Why.DUPLICATE
    with pytest.raises(ExpiredError):
        await office.schedules.call(
            schedule_id, before.schedule.revision, before.key, by=ANN, place=ROOM
        )
    assert await office.call(schedule_id) is not None


async def test_who_was_called_while_it_asks_is_shown_before_they_are_called(
    office: Office,
) -> None:
    """Hours later it is no repeat any more; the button of before still calls nobody unseen."""
    schedule_id = await office.once()
    await office.until(AT, late=LATE + 60)
    shown = await office.due(schedule_id)
    assert shown.content.recent == ()
    await office.house.call(*numbers(2))
    await office.house.step()
    await office.until(AT + 4 * HOUR)
    revision = shown.schedule.revision
    called = await office.schedules.call(schedule_id, revision, shown.key, by=ANN, place=ROOM)
    assert called is None
    assert len(await office.batches()) == 1
    anew = await office.due(schedule_id)
    assert (anew.schedule.asked_why, anew.content.recent) == (Why.LATE, numbers(2))
    assert anew.schedule.revision > revision
    assert await office.call(schedule_id) is not None


async def test_a_large_one_that_a_person_lets_call_can_be_undone(office: Office) -> None:
    """As any launch that was confirmed; one that launches by itself has no time to undo."""
    house = office.house
    house.defaults = replace(house.defaults, confirm_above=4, undo_seconds=10.0)
    office = Office.on(house, rights(house))
    await office.once(*numbers(6))
    await office.until(AT)
    await house.step()
    small = await office.once(*numbers(4, 10), at=AT + 60)
    large = await office.once(*numbers(6, 20), at=AT + 60)
    await office.until(AT + 60, late=LATE + 60)
    for schedule_id in (small, large):
        assert await office.call(schedule_id) is not None
    undo = {batch.id: batch.undo_until for batch in await office.batches()}
    assert undo == {1: None, 2: None, 3: house.clock() + 10.0}
    await house.step()
    assert [len(post.numbers) for post in house.board.posts] == [6, 4]
    left = await house.decisions.stop(3, by=ANN)
    assert (left.not_sent, left.under_way, left.at_gateway) == (6, 0, 0)


async def test_who_got_the_voice_lately_is_told_on_the_board(office: Office) -> None:
    """It was confirmed, so it calls; the board says how many had been called the day before."""
    await office.once(*numbers(3))
    office.house.clock.jump(HOUR / 2)
    await office.house.call(numbers(3)[0])
    await office.house.step()
    await office.until(AT)
    run = await office.run(2)
    assert run is not None
    assert run.recent == 1


async def test_a_weekly_one_reads_its_list(office: Office) -> None:
    """It calls who is in the list by then, with their names, and tells what has changed."""
    one, two, three, four = numbers(4)
    schedule_id, list_id = await office.weekly(one, two)
    due_at = (await office.get(schedule_id)).due_at
    assert f"{local(due_at, TEHRAN):%H:%M}" == "08:00"

    def edit(tx: Any) -> None:
        tx.lists.take_off(list_id, 2)
        tx.lists.add(list_id, (three, four), {})

    await office.house.database.write(edit)
    await office.until(due_at)
    calls = await office.house.calls(1)
    assert [(call.number, call.name) for call in calls] == [
        (one, "Reza"),
        (three, None),
        (four, None),
    ]
    run = await office.run()
    assert run is not None
    assert (run.added, run.removed, run.missed, run.recent) == (2, 1, 0, 0)
    again = await office.get(schedule_id)
    assert (again.state, again.batch_id) == (ScheduleState.WAITING, 1)
    assert again.due_at == due_at + DAY
    await office.until(again.due_at)
    run = await office.run(2)
    assert run is not None
    assert (run.added, run.removed) == (0, 0)


async def test_a_list_that_has_changed_is_shown_before_it_is_planned(office: Office) -> None:
    """If the draft is not for all of its list any more, the last tap shows what it would be."""
    list_id = await office.list_of(*numbers(2))
    asked = await office.draft(*numbers(2), list_ref=list_id, list_name="Drivers")
    assert (await office.schedules.later(asked.token, by=ANN)).list_ref == list_id
    await office.house.database.write(lambda tx: tx.lists.add(list_id, numbers(1, 9), {}))
    when = When(weekdays=1, minute=0)
    planned = await office.schedules.plan(
        asked.token, when, reads_list=True, by=ANN, message_id=MESSAGE
    )
    assert planned is None
    kept = await office.plan(asked, when, reads_list=False)
    assert kept.list_ref is None
    assert Content.load(kept.content).numbers == numbers(2)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ("UPDATE lists SET removed_at = 1", Why.LIST_GONE),
        ("DELETE FROM list_numbers", Why.LIST_EMPTY),
    ],
)
async def test_a_list_that_is_not_there_launches_nothing(
    office: Office, harm: str, why: Why
) -> None:
    """It is told, *Call* is refused, and the next week has its own chance."""
    schedule_id, _ = await office.weekly(*numbers(2))
    due_at = (await office.get(schedule_id)).due_at
    await office.house.database.write(lambda tx: tx.db.execute(harm).close())
    await office.until(due_at)
    assert (await office.get(schedule_id)).asked_why == why
    with pytest.raises(UsageError) as error:
        await office.call(schedule_id)
    assert error.value.problem is Problem.CANNOT_CALL
    skipped = await office.get(schedule_id)
    await office.schedules.skip(schedule_id, skipped.revision, by=ANN)
    assert (await office.get(schedule_id)).due_at == due_at + DAY
    assert await office.batches() == []


async def test_too_large_a_list_and_a_removed_voice_ask(office: Office) -> None:
    """Both are looked at when the time has come."""

    def add_voice(tx: Any) -> None:
        tx.voices.add(VOICE, "Shift", "shift", by=ANN, now=NOON)

    await office.house.database.write(add_voice)
    named = await office.once(voice_name="Shift")
    large, list_id = await office.weekly(*numbers(2, 5), minute=0)
    await office.house.database.write(lambda tx: tx.lists.add(list_id, numbers(1000, 50), {}))
    await office.house.database.write(lambda tx: tx.voices.remove(1, now=NOON))
    await office.until(AT)
    assert (await office.get(named)).asked_why == Why.VOICE_GONE
    await office.until((await office.get(large)).due_at)
    assert (await office.get(large)).asked_why == Why.TOO_LARGE
    await office.house.database.write(add_voice)
    assert await office.call(named) is not None


async def test_the_button_calls_nobody_whom_it_did_not_show(office: Office) -> None:
    """A list that changed since the question was shown is asked about anew."""
    schedule_id, list_id = await office.weekly(*numbers(2))
    await office.until((await office.get(schedule_id)).due_at, late=LATE + 60)
    shown = await office.due(schedule_id)
    await office.house.database.write(lambda tx: tx.lists.add(list_id, numbers(1, 9), {}))
    revision = shown.schedule.revision
    assert (
        await office.schedules.call(schedule_id, revision, shown.key, by=ANN, place=ROOM) is None
    )
    assert await office.batches() == []
    assert await office.call(schedule_id) is not None
    assert len(await office.house.calls(1)) == 3


async def test_an_outage_of_days_asks_once(office: Office) -> None:
    """Of all the times that passed the newest is asked about; an answer says nothing of others."""
    schedule_id, _ = await office.weekly(*numbers(2))
    first = (await office.get(schedule_id)).due_at
    await office.until(first + 3 * DAY, late=LATE + 60)
    assert [ask.due_at for ask in await office.asks()] == [first + 3 * DAY]
    asking = await office.get(schedule_id)
    await office.schedules.skip(schedule_id, asking.revision, by=BEN)
    assert (await office.get(schedule_id)).due_at == first + 4 * DAY
    await office.until(first + 6 * DAY, late=60)
    run = await office.run()
    assert run is not None
    assert (run.due_at, run.missed) == (first + 6 * DAY, 2)


async def test_a_question_that_nobody_answers_launches_nothing(office: Office) -> None:
    """After a day it is over; that of a weekly one, when its next time comes."""
    once = await office.once()
    weekly, _ = await office.weekly(*numbers(2, 5))
    due_at = (await office.get(weekly)).due_at
    await office.until(max(AT, due_at), late=LATE + HOUR)
    assert (await office.get(once)).state is ScheduleState.ASKING
    await office.until(due_at + DAY)
    (batch,) = await office.batches()
    assert batch.asked_by == f"schedule:{weekly}:{due_at + DAY:.0f}"
    await office.until(max(AT, due_at), late=LATE + HOUR + ASKS_FOR)
    over = await office.get(once)
    assert (over.state, over.closed_why) == (ScheduleState.ENDED, Answer.LAPSED)


async def test_move_skip_and_cancel(office: Office) -> None:
    """By the author and the admins; what they saw must still be so."""
    schedule_id = await office.once()
    seen = await office.get(schedule_id)
    with pytest.raises(OthersScheduleError):
        await office.schedules.check(schedule_id, seen.revision, by=CID)
    await office.schedules.check(schedule_id, seen.revision, by=BEN)
    await office.schedules.move(schedule_id, seen.revision, When(at=AT + HOUR), by=BEN)
    with pytest.raises(ExpiredError):
        await office.schedules.cancel(schedule_id, seen.revision, by=ANN)
    moved = await office.get(schedule_id)
    assert moved.due_at == AT + HOUR
    with pytest.raises(ExpiredError):
        await office.schedules.skip(schedule_id, moved.revision, by=ANN)
    with pytest.raises(ExpiredError):
        await office.schedules.move(schedule_id, moved.revision, When(weekdays=1), by=ANN)
    await office.schedules.cancel(schedule_id, moved.revision, by=ANN)
    over = await office.get(schedule_id)
    assert (over.state, over.closed_name) == (ScheduleState.CANCELLED, "Ann")
    with pytest.raises(ExpiredError):
        await office.schedules.cancel(schedule_id, over.revision, by=ANN)
    for unknown in (office.schedules.check(99, 1, by=ANN), office.schedules.get(99)):
        with pytest.raises(ExpiredError):
            await unknown
    await office.until(AT + 2 * HOUR)
    assert await office.batches() == []


async def test_skip_once_leaves_one_time_out(office: Office) -> None:
    """The next one is a day later, and is launched."""
    schedule_id, _ = await office.weekly(*numbers(2))
    first = await office.get(schedule_id)
    await office.schedules.skip(schedule_id, first.revision, by=ANN)
    await office.until(first.due_at)
    assert await office.batches() == []
    await office.until(first.due_at + DAY)
    assert len(await office.batches()) == 1


async def test_a_waiting_schedule_has_nothing_to_answer(office: Office) -> None:
    """*Call now* is for what asks."""
    schedule_id = await office.once()
    with pytest.raises(ExpiredError):
        await office.call(schedule_id)


async def test_the_draft_of_a_request_can_wait(office: Office) -> None:
    """What `/call` asked about is planned with its very numbers."""
    result = await office.house.launches.call(
        request(*numbers(21)), by=ANN, place=ROOM, asked_by="message:1"
    )
    assert isinstance(result, Asked)
    await office.plan(result, When(at=AT))
    await office.until(AT)
    assert (await office.batches())[0].numbers == 21
