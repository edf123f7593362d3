"""A time is picked for a draft, and it becomes a schedule.

A draft that waits for its time to be picked is a draft like any other: its author's alone, and
cancelled after 15 minutes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.calling.audit import Deed, counted, of_plan
from bot.calling.draft_checks import check_draft
from bot.calling.drafts import Closed, Content
from bot.calling.due import remembered, whole_list
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    PlanOutsideError,
    UsageError,
)
from bot.calling.leaving_out import all_given
from bot.calling.moments import Weekday, check_moment, local, next_weekly
from bot.calling.pauses import Pauses
from bot.calling.problems import Problem
from bot.calling.results import Defaults
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from storage.database import Database
from storage.models import Draft, DraftKind, NewSchedule, Person, Place, Schedule
from storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """An open draft whose time is being picked; `list_ref` is what a weekly one would read."""

    draft: Draft
    content: Content
    list_ref: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Once at a time (UTC), or every week at a minute of some days (a mask)."""

    at: float = 0.0
    weekdays: int = 0
    minute: int = 0


class Planning:
    """First tap wins: the draft is closed in the transaction that makes the schedule."""

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
        self.timezone = timezone
        self._clock = clock
        self.draining = False

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    async def later(self, token: str, *, by: Person) -> Later:
        """The draft for which its author picks a time.

        Raises:
            ExpiredError: the token is stale, the draft is over, or none that can wait.
            NotYoursError: the draft belongs to somebody else.
            AlreadyDoneError: it was confirmed or planned before.
        """
        return await self._database.read(lambda tx: self._later(tx, token, by))

    def first(self, when: When) -> float:
        """The first time (UTC seconds) of what was picked.

        Raises:
            UsageError: it is over or too far ahead, or no weekday is chosen.
            PlanOutsideError: it lies outside the calling window.
        """
        now, window = self._clock(), self._defaults.window
        if not when.weekdays:
            at = check_moment(when.at, now)
            if not window.is_open(at):
                raise PlanOutsideError(window, at)
            return at
        at = next_weekly(when.weekdays, when.minute, now, self.timezone)
        for day in Weekday:
            if when.weekdays >> day & 1 and not window.is_open_weekly(day, when.minute):
                raise PlanOutsideError(window, at, day)
        return at

    async def plan(
        self, token: str, when: When, *, reads_list: bool, by: Person, message_id: int
    ) -> Schedule | None:
        """Turn a draft into a schedule, whose card its message becomes, in one transaction.

        Args:
            token: the draft's.
            when: the time that was picked.
            reads_list: what its author was shown: whether a weekly one reads its list each time.
            by: who presses.
            message_id: the message that was pressed.

        Returns:
            The schedule; None if its list has changed, so that it is not what was shown.

        Raises:
            UsageError: the time is over by now, or there are too many numbers.
            PlanOutsideError: it lies outside the calling window.
            DrainingError: the program is about to stop.
            ExpiredError, NotYoursError, AlreadyDoneError: as `later`.
        """

        def work(tx: Stores) -> Schedule | None:
            later = self._later(tx, token, by)
            list_ref = later.list_ref if when.weekdays else None
            if (list_ref is not None) != reads_list:
                return None
            due_at = self.first(when)
            schedule_id = tx.schedules.create(
                NewSchedule(
                    asked_by=f"draft:{later.draft.id}",
                    author=by,
                    place=_place(later.draft),
                    message_id=message_id,
                    content=later.draft.content,
                    list_ref=list_ref,
                    weekdays=when.weekdays,
                    minute=when.minute if when.weekdays else self._minute(due_at),
                    due_at=due_at,
                    numbers=None if list_ref is None else remembered(all_given(later.content)),
                ),
                now=self._clock(),
            )
            self._tell(
                tx,
                Deed.PLANNED,
                schedule_id,
                by=by,
                chat_id=later.draft.chat_id,
                after=f"{counted(len(later.content.numbers))}, {self._when(when, due_at)}",
            )
            tx.drafts.cancel(later.draft.id, Closed.SCHEDULED)
            tx.drafts.shown_closed(later.draft.id)  # its message says more than that it is over
            return tx.schedules.get(schedule_id)

        self._refuse_if_draining()
        planned = await self._database.write(work)
        self._ring()
        return planned

    def _later(self, tx: Stores, token: str, by: Person) -> Later:
        draft = tx.drafts.get(token)
        if draft is not None and draft.closed_why == Closed.SCHEDULED:
            raise AlreadyDoneError
        draft = check_draft(draft, by, self._clock())
        content = Content.load(draft.content)
        if draft.kind is not DraftKind.CALL or content.voice is None or not content.numbers:
            raise ExpiredError  # no button of ours leads here
        if draft.source_batch_id is not None:
            raise ExpiredError  # who is redialled is looked up when they are called
        if len(content.numbers) > self._defaults.max_numbers:
            most = self._defaults.max_numbers
            raise UsageError(Problem.TOO_MANY, str(len(content.numbers)), most)
        return Later(draft=draft, content=content, list_ref=whole_list(tx, content))

    def _tell(
        self,
        tx: Stores,
        deed: Deed,
        schedule_id: int,
        *,
        by: Person,
        chat_id: int | None,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        tx.audit.add(
            deed,
            of_plan(schedule_id),
            at=self._clock(),
            by=by,
            chat_id=chat_id,
            before=before,
            after=after,
        )

    def _when(self, when: When, at: float) -> str:
        """A time for the audit; of a weekly one the next."""
        said = f"{local(at, self.timezone):%Y-%m-%d %H:%M}"
        return f"weekly, next {said}" if when.weekdays else said

    def _minute(self, at: float) -> int:
        moment = local(at, self.timezone)
        return moment.hour * 60 + moment.minute

    def _refuse_if_draining(self) -> None:
        if self.draining:
            raise DrainingError

    def _ring(self) -> None:
        self._signals.scheduler.ring()
        self._signals.announcer.ring()


def _place(draft: Draft) -> Place:
    return Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
