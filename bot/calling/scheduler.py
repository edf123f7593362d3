"""The scheduler: one worker, fed by the database, that launches what is due, or asks about it.

In one transaction the batch is made and the schedule moves on, so that no time is met twice: not
after a kill, and not if the clock is put back. Nothing is launched by itself that is more than ten
minutes late, outside the calling window, while launching is paused, for an author without rights,
for a group that was taken off, as a repeat of what was launched in the last ten minutes, if voice
or numbers are not there, or if an older database was put in place since its time. It asks instead,
and a question that nobody answers launches nothing; one that a clock asked which was ahead is
withdrawn. A restart, and a disk that refuses writes, are waited for, for these ten minutes.
"""

import logging
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.calling.audit import PROGRAM, Deed, of_plan
from bot.calling.due import Due, Why, asks_until, due_now, is_allowed, remembered
from bot.calling.due_approval import asked_in
from bot.calling.errors import ApprovalNeededError, LimitError
from bot.calling.leaving_out import all_given
from bot.calling.making import Making
from bot.calling.moments import last_weekly, next_weekly
from bot.calling.pauses import Pauses
from bot.calling.refusals import note
from bot.calling.results import Defaults
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from storage.database import Database
from storage.errors import InvariantError, StorageError
from storage.models import (
    Answer,
    PauseReason,
    Person,
    Place,
    Schedule,
    ScheduleRun,
    ScheduleState,
)
from storage.stores import Stores

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks when nobody rings; so a clock that jumps is noticed
LATE = 600.0  # seconds after which a due time is asked about


class Scheduler:
    """Meets each due time once."""

    def __init__(
        self,
        *,
        database: Database,
        pauses: Pauses,
        rights: Rights,
        signals: Signals,
        defaults: Defaults,
        timezone: ZoneInfo,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pauses = pauses
        self._rights = rights
        self._signals = signals
        self._defaults = defaults
        self._timezone = timezone
        self._clock = clock
        self.draining = False

    async def run(self) -> None:
        """Meet what is due for as long as the process lives."""
        while True:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.warning("what is due cannot be launched yet: %s", error)
                seconds = 1.0
            await self._signals.scheduler.wait(seconds)

    async def step(self) -> float:
        """Launch or ask about all that is due; return the seconds until the next look."""
        if self.draining or self._pauses.disk:
            return LOOK
        now = self._clock()
        early, due, next_at = await self._database.read(
            lambda tx: (
                tx.schedules.asked_after(now + LATE),
                tx.schedules.due(now),
                tx.schedules.next_due_at(now),
            )
        )
        looked_at = {of.id: of for of in (*early, *due)}.values()
        met = [await self._meet(of.id) for of in looked_at if self._expects(of, now)]
        if any(met):
            return 0.01  # a question that is over may leave a time that is due
        return LOOK if next_at is None else min(LOOK, max(0.01, next_at - self._clock()))

    def _expects(self, schedule: Schedule, now: float) -> bool:
        """Whether its time has come; a question's may be over, or the next time have come."""
        if schedule.state is ScheduleState.WAITING or asked_ahead(schedule, now):
            return True
        if now >= asks_until(schedule, now):
            return True
        return bool(schedule.weekdays) and self._next(schedule) <= now

    async def _meet(self, schedule_id: int) -> bool:
        """Whether it went well; a fault of ours must not keep the others from their time."""
        try:
            await self._database.write(lambda tx: self._act(tx, schedule_id))
        except Exception as error:
            if isinstance(error, StorageError) and not isinstance(error, InvariantError):
                raise
            log.exception("schedule %d could not be met", schedule_id)
            return False
        self._signals.dialer.ring()
        self._signals.boards.ring()
        self._signals.announcer.ring()
        return True

    def _act(self, tx: Stores, schedule_id: int) -> None:
        now = self._clock()
        schedule = tx.schedules.get(schedule_id)
        if schedule is None or schedule.over or not self._expects(schedule, now):
            return
        if asked_ahead(schedule, now):
            _withdraw(tx, schedule)
            tx.audit.add(Deed.PLAN_WITHDRAWN, of_plan(schedule_id), at=now, by=PROGRAM)
            return
        if schedule.state is ScheduleState.ASKING:
            move_on(tx, schedule, Answer.LAPSED, timezone=self._timezone)
            approval = schedule.asked_why == Why.APPROVAL
            deed = Deed.APPROVAL_LAPSED if approval else Deed.PLAN_LAPSED
            tx.audit.add(deed, of_plan(schedule_id), at=now, by=PROGRAM)
            log.info("schedule %d: nobody answered", schedule_id)
            return
        if schedule.due_at > now or self.draining:
            return
        self._launch_or_ask(tx, schedule, now)

    def _launch_or_ask(self, tx: Stores, schedule: Schedule, now: float) -> None:
        at, missed = self._newest(schedule, now)
        made = tx.batches.asked(_asked_by(schedule, at))
        if made is not None:  # the clock was put back after this time was met
            move_on(tx, schedule, Answer.CALLED, at=at, batch_id=made.id, timezone=self._timezone)
            return
        due = due_now(
            tx, schedule, now=now, most=self._defaults.max_numbers, window=self._defaults.window
        )
        why = self._why_not(tx, due, at, now)
        if why is not None:
            self._ask(tx, schedule, why, at)
            return
        author = Person(id=schedule.author_id, name=schedule.author_name)
        making = Making(tx=tx, defaults=self._defaults, by=author, now=now)
        try:  # nothing is written before a limit refuses
            batch_id = launch(making, due, at=at, place=place_of(schedule), missed=missed)
        except LimitError as refusal:
            note(tx, refusal, at=now, about=of_plan(schedule.id))
            self._ask(tx, schedule, Why.LIMIT, at)
            return
        except ApprovalNeededError:
            self._ask(tx, schedule, Why.APPROVAL, at)
            return
        move_on(tx, schedule, Answer.CALLED, at=at, batch_id=batch_id, timezone=self._timezone)
        log.info("schedule %d: launched as b%s", schedule.id, batch_id)

    def _newest(self, schedule: Schedule, now: float) -> tuple[float, int]:
        """The newest time that has come, and how many before it passed while nobody was here."""
        if not schedule.weekdays:
            return schedule.due_at, 0
        return last_weekly(
            schedule.weekdays, schedule.minute, schedule.due_at, now, self._timezone
        )

    def _why_not(self, tx: Stores, due: Due, at: float, now: float) -> Why | None:
        pauses = tx.pauses.open()
        # A time before the restore may have been met in what the record has lost.
        lost = any(one.reason is PauseReason.RESTORED and at <= one.since for one in pauses)
        if self._rights.role_in(tx, due.schedule.author_id) < Role.LAUNCHER:
            return Why.RIGHTS_RESTORED if lost else Why.RIGHTS
        if lost:
            return Why.RESTORED
        if due.trouble is not None:
            return due.trouble
        if now - at > LATE:
            return Why.LATE
        if pauses:
            return Why.PAUSED
        if due.outside is not None:
            return Why.OUTSIDE
        if not is_allowed(tx, due.schedule):
            return Why.CHAT_OFF
        return None if due.duplicate is None else Why.DUPLICATE

    def _ask(self, tx: Stores, schedule: Schedule, why: Why, at: float) -> None:
        """Its chat is asked, or whoever has to know in private."""
        now = self._clock()
        tx.schedules.ask(schedule.id, why, due_at=at, now=now)
        said = why.value.replace("_", " ")
        tx.audit.add(Deed.PLAN_ASKED, of_plan(schedule.id), at=now, by=PROGRAM, after=said)
        for place in asked_in(tx, self._rights, schedule, why, place_of(schedule)):
            tx.schedules.ask_in(schedule.id, at, place)
        log.warning("schedule %d asks: %s", schedule.id, why)

    def _next(self, schedule: Schedule) -> float:
        return next_weekly(schedule.weekdays, schedule.minute, schedule.due_at, self._timezone)


def place_of(schedule: Schedule) -> Place:
    """Where it is shown: in answer to its own card."""
    return Place(
        chat_id=schedule.chat_id, thread_id=schedule.thread_id, reply_to=schedule.message_id
    )


def asked_ahead(schedule: Schedule, now: float) -> bool:
    """Whether it asks since a time to come: the clock was ahead, and its question is void.

    Seconds, by which a clock is put right now and then, are no reason to take one back.
    """
    return schedule.asked_at is not None and schedule.asked_at > now + LATE


def _withdraw(tx: Stores, schedule: Schedule) -> None:
    """Let it wait again for what it waited for, so that no time is lost, nor a skipped one met."""
    at = schedule.due_at if schedule.waited_for is None else schedule.waited_for
    tx.schedules.answer(schedule.id, Answer.WITHDRAWN)
    tx.schedules.wait(
        schedule.id, at, weekdays=schedule.weekdays, minute=schedule.minute, batch_id=None
    )
    log.warning("schedule %d: its question is withdrawn, the clock was ahead", schedule.id)


def launch(
    making: Making,
    due: Due,
    *,
    at: float,
    place: Place,
    missed: int = 0,
    undoable: bool = False,
) -> int | None:
    """Make the batch for a due time; None if that time was met before.

    It can be undone where a person has just confirmed it; nobody may be there for one that is
    launched by itself.
    """
    tx, schedule = making.tx, due.schedule
    asked_by = _asked_by(schedule, at)
    if tx.batches.asked(asked_by):
        return None
    made = making.launch(due.content, place=place, asked_by=asked_by, undoable=undoable)
    batch_id = made.batch_id
    tx.schedules.ran(
        ScheduleRun(
            schedule_id=schedule.id,
            due_at=at,
            batch_id=batch_id,
            recent=len(due.content.recent),
            added=due.added,
            removed=due.removed,
            missed=missed,
            do_not_call=len(due.content.do_not_call),
        )
    )
    if schedule.list_ref is not None:
        tx.schedules.read_list(schedule.id, remembered(all_given(due.content)))
    return batch_id


def _asked_by(schedule: Schedule, at: float) -> str:
    """Names a due time for all time: a batch has it once."""
    return f"schedule:{schedule.id}:{round(at)}"


def move_on(
    tx: Stores,
    schedule: Schedule,
    answer: Answer,
    *,
    timezone: ZoneInfo,
    at: float | None = None,
    name: str | None = None,
    batch_id: int | None = None,
) -> None:
    """Close the questions about a time; a weekly schedule waits for its next, another ends."""
    tx.schedules.answer(schedule.id, answer, name=name, batch_id=batch_id)
    if not schedule.weekdays:
        tx.schedules.close(schedule.id, ScheduleState.ENDED, answer, name=name, batch_id=batch_id)
        return
    after = schedule.due_at if at is None else at
    tx.schedules.wait(
        schedule.id,
        next_weekly(schedule.weekdays, schedule.minute, after, timezone),
        weekdays=schedule.weekdays,
        minute=schedule.minute,
        batch_id=batch_id,
    )
