"""Schedules: looked at, moved, skipped, cancelled, and answered.

Its author, managers and admins may change one, every member may look. The first answer wins: each
change is a new revision, and a button names the one that it was made for.
"""

from dataclasses import dataclass, replace

from bot.calling.audit import Deed, of_plan
from bot.calling.due import Due, Why, asks_until, due_now
from bot.calling.due_approval import answered, shown_in, tell_approved
from bot.calling.errors import ExpiredError, OthersScheduleError, PausedError, UsageError
from bot.calling.making import Making
from bot.calling.moments import local
from bot.calling.outside import NOW, Timing
from bot.calling.planning import Later, Planning, When
from bot.calling.problems import Problem
from bot.calling.refusals import noted
from bot.calling.results import Launched
from bot.calling.rights import Role
from bot.calling.scheduler import asked_ahead, launch, move_on, place_of
from storage.models import Answer, Pause, Person, Place, Schedule, ScheduleAsk, ScheduleState
from storage.stores import Stores

__all__ = ["Later", "SchedulePage", "Schedules", "When"]

A_PAGE = 6  # schedules on a page of the list


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePage:
    """One page of all that is planned, next first."""

    found: tuple[Due, ...]
    page: int
    pages: int


class Schedules(Planning):
    """What members do with schedules; what comes due is the scheduler's."""

    async def page(self, page: int) -> SchedulePage:
        """What is planned; a page beyond the last is the last one."""

        def look(tx: Stores) -> SchedulePage:
            pages = max(1, -(-tx.schedules.count() // A_PAGE))
            shown = min(max(1, page), pages)
            found = tx.schedules.page(A_PAGE, (shown - 1) * A_PAGE)
            due = tuple(self._due(tx, schedule) for schedule in found)
            return SchedulePage(found=due, page=shown, pages=pages)

        return await self._database.read(look)

    async def get(self, schedule_id: int) -> Due:
        """A schedule, and what it would launch now.

        Raises:
            ExpiredError: there is none.
        """

        def look(tx: Stores) -> Due:
            schedule = tx.schedules.get(schedule_id)
            if schedule is None:
                raise ExpiredError
            return self._due(tx, schedule)

        return await self._database.read(look)

    async def ask_at(self, chat_id: int, message_id: int) -> ScheduleAsk | None:
        """The question that this message is, which is kept in step by itself; None if none."""
        return await self._database.read(lambda tx: tx.schedules.ask_at(chat_id, message_id))

    async def check(self, schedule_id: int, revision: int, *, by: Person) -> Due:
        """A schedule as this person may change it now; writes nothing.

        Raises:
            ExpiredError: it has changed since, or is over.
            OthersScheduleError: neither its author nor a manager or admin.
        """
        return await self._database.read(
            lambda tx: self._due(tx, self._mine(tx, schedule_id, revision, by))
        )

    async def move(
        self,
        schedule_id: int,
        revision: int,
        when: When,
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> None:
        """Let it wait for another time; raises as `plan` and `check`."""

        def work(tx: Stores) -> None:
            schedule = self._mine(tx, schedule_id, revision, by)
            if bool(schedule.weekdays) != bool(when.weekdays):
                raise ExpiredError  # no button of ours makes one of the other
            at = self.first(when)
            minute = when.minute if when.weekdays else self._minute(at)
            tx.schedules.answer(schedule_id, Answer.MOVED, name=by.name)
            tx.schedules.wait(
                schedule_id, at, weekdays=when.weekdays, minute=minute, batch_id=None
            )
            was = When(weekdays=schedule.weekdays)
            self._tell(
                tx,
                Deed.PLAN_MOVED,
                schedule_id,
                by=by,
                chat_id=chat_id,
                before=self._when(was, schedule.due_at),
                after=self._when(when, at),
            )

        self._refuse_if_draining()
        await self._database.write(work)
        self._ring()

    async def skip(
        self, schedule_id: int, revision: int, *, by: Person, chat_id: int | None = None
    ) -> None:
        """Leave its next time out, or the one that it asks about; raises as `check`."""

        def work(tx: Stores) -> None:
            schedule = self._mine(tx, schedule_id, revision, by)
            if schedule.state is ScheduleState.WAITING and not schedule.weekdays:
                raise ExpiredError  # what is for once is cancelled
            move_on(tx, schedule, Answer.SKIPPED, timezone=self.timezone, name=by.name)
            before = f"{local(schedule.due_at, self.timezone):%Y-%m-%d %H:%M}"
            self._tell(tx, Deed.PLAN_SKIPPED, schedule_id, by=by, chat_id=chat_id, before=before)

        await self._database.write(work)
        self._ring()

    async def cancel(
        self, schedule_id: int, revision: int, *, by: Person, chat_id: int | None = None
    ) -> None:
        """Nothing more comes of it; raises as `check`."""

        def work(tx: Stores) -> None:
            schedule = self._mine(tx, schedule_id, revision, by)
            tx.schedules.answer(schedule_id, Answer.CANCELLED, name=by.name)
            tx.schedules.close(
                schedule_id, ScheduleState.CANCELLED, Answer.CANCELLED, name=by.name
            )
            before = self._when(When(weekdays=schedule.weekdays), schedule.due_at)
            self._tell(tx, Deed.PLAN_CANCELLED, schedule_id, by=by, chat_id=chat_id, before=before)

        await self._database.write(work)
        self._ring()

    async def check_call(self, schedule_id: int, revision: int, *, by: Person) -> None:
        """Return if `call` would go ahead now; raises as it does, and writes nothing."""
        due, paused = await self._database.read(
            lambda tx: (
                self._due(tx, self._mine(tx, schedule_id, revision, by)),
                tx.pauses.open(),
            )
        )
        await self._refuse(paused)
        self._check_callable(due)

    async def call(
        self,
        schedule_id: int,
        revision: int,
        key: str,
        *,
        by: Person,
        place: Place,
        timing: Timing = NOW,
    ) -> Launched | None:
        """*Call 38 now*: launch what a schedule asks about, as the one who answers.

        Args:
            schedule_id: the schedule that asks.
            revision: as it was shown.
            key: names the voice, the numbers and who of them got it lately, as shown.
            by: who answers; the batch is theirs, unless they answer as the second person.
            place: where they press, which shows the board if the chat of the schedule is the
                private one of an author without rights, or a group that was taken off.
            timing: the opening that was chosen, outside the calling window.

        Returns:
            The batch; None if it is asked anew, because the numbers have changed, some were
            called since, or the calling window was closed.

        Raises:
            UsageError: nothing can be called as things are.
            LimitError: a limit leaves no room for it.
            OwnApprovalError: it needs another person than the one who answers.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
            ExpiredError, OthersScheduleError: as `check`.
        """

        def work(tx: Stores) -> Launched | list[Pause] | None:
            now = self._clock()
            schedule = self._mine(tx, schedule_id, revision, by)
            if paused := tx.pauses.open():
                return paused
            due = self._due(tx, schedule)
            self._check_callable(due)
            repeats = due.duplicate is not None and schedule.asked_why != Why.DUPLICATE
            content = timing.of(due.content, self._defaults.window, now)
            if content is None or due.key != key or repeats:
                why = Why.DUPLICATE if repeats else str(schedule.asked_why)
                tx.schedules.ask(schedule_id, why, due_at=schedule.due_at, now=now)
                return None
            due = replace(due, content=content)
            own = Making(tx=tx, defaults=self._defaults, by=by, now=now)
            making = answered(own, self._rights, schedule, content, place.chat_id)
            if making is None:
                return None
            shown = shown_in(tx, schedule, making, place_of(schedule), place)
            batch_id = launch(making, due, at=schedule.due_at, place=shown, undoable=True)
            answer = Answer.LAPSED if batch_id is None else Answer.CALLED
            move_on(tx, schedule, answer, timezone=self.timezone, name=by.name, batch_id=batch_id)
            if batch_id is None:
                return None
            tell_approved(making, schedule, batch_id, place.chat_id)
            return Launched(batch_id=batch_id)

        await self._refuse([])
        async with noted(self._database, now=self._clock, about=of_plan(schedule_id)):
            result = await self._database.write(work)
        self._ring()
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.dialer.ring()
        self._signals.boards.ring()
        return result

    def _mine(self, tx: Stores, schedule_id: int, revision: int, by: Person) -> Schedule:
        schedule = tx.schedules.get(schedule_id)
        if schedule is None:
            raise ExpiredError
        if by.id != schedule.author_id and self._rights.role_in(tx, by.id) < Role.MANAGER:
            raise OthersScheduleError(schedule.author_name)
        if schedule.over or schedule.revision != revision:
            raise ExpiredError
        if asked_ahead(schedule, self._clock()):
            raise ExpiredError  # its question is about to be withdrawn
        return schedule

    def _check_callable(self, due: Due) -> None:
        now, schedule = self._clock(), due.schedule
        if schedule.state is not ScheduleState.ASKING or now >= asks_until(schedule, now):
            raise ExpiredError
        if due.trouble is not None:
            raise UsageError(Problem.CANNOT_CALL)

    def _due(self, tx: Stores, schedule: Schedule) -> Due:
        return due_now(
            tx,
            schedule,
            now=self._clock(),
            most=self._defaults.max_numbers,
            window=self._defaults.window,
        )

    async def _refuse(self, paused: list[Pause]) -> None:
        self._refuse_if_draining()
        if paused or self._pauses.disk:
            raise PausedError(paused or await self._pauses.current())
