"""What people decide about a batch: hold it, send the rest, stop it, and what an unknown was."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from bot.calling import halting, limits, rules
from bot.calling.audit import Deed
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    LimitError,
    PausedError,
)
from bot.calling.outside import NOW, Timing
from bot.calling.pauses import Pauses
from bot.calling.refusals import noted, refused_to
from bot.calling.sending_on import goes_on_at, send_on
from bot.calling.signals import Signals
from bot.calling.window import Window
from storage.database import Database
from storage.models import (
    Batch,
    BatchState,
    HoldReason,
    Pause,
    Person,
    StopReason,
    Submission,
    SubmissionState,
)
from storage.stores import Stores

T = TypeVar("T")


class Verdict(StrEnum):
    """What a person says of a submission whose answer did not come."""

    RANG = "rang"
    DID_NOT_RING = "did_not_ring"
    LEAVE = "leave"


_DEEDS = {
    Verdict.RANG: Deed.RANG,
    Verdict.DID_NOT_RING: Deed.DID_NOT_RING,
    Verdict.LEAVE: Deed.LEFT,
}
_STATE = {
    Verdict.RANG: SubmissionState.ACCEPTED,
    Verdict.DID_NOT_RING: SubmissionState.RELEASED,
    Verdict.LEAVE: SubmissionState.LEFT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """After *Hold* or *Stop*: how many numbers are not sent, and how many may still ring.

    What was claimed before may still go out, and nothing at the gateway can be called back. Where
    *Undo* came before any claim, `undone_by` is who pressed it: nobody was called.
    """

    batch_id: int
    not_sent: int
    under_way: int
    at_gateway: int
    undone_by: str | None = None


class Decisions:
    """Every member who may launch may decide; who did is recorded. Deciding starts nothing."""

    def __init__(
        self,
        *,
        database: Database,
        pauses: Pauses,
        signals: Signals,
        window: Window,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._window = window
        self._pauses = pauses
        self._signals = signals
        self._clock = clock
        self.draining = False

    async def stop(
        self, batch_id: int, *, by: Person, undo: bool = False, chat_id: int | None = None
    ) -> Left:
        """Cancel all that is queued; with `undo`, or in the time to undo, take the launch back.

        It is taken back only if nothing of it was claimed before; else it is stopped.

        Raises:
            AlreadyDoneError: the batch is finished or stopped.
        """

        def work(tx: Stores) -> Left:
            now = self._clock()
            batch = _open(tx.batches.get(batch_id))
            left = _left(tx, batch)
            meant = undo or (batch.undo_until is not None and now < batch.undo_until)
            if not meant or any(one.attempts for one in tx.submissions.of_batch(batch_id)):
                rules.stop(tx, batch_id, StopReason.PERSON, now=now, by=by, chat_id=chat_id)
                return left
            rules.stop(tx, batch_id, StopReason.UNDONE, now=now, by=by, chat_id=chat_id)
            return replace(left, undone_by=by.name)

        return await self._write(work)

    async def hold(self, batch_id: int, *, by: Person, chat_id: int | None = None) -> Left:
        """Hold a running batch that has something queued.

        Raises:
            AlreadyDoneError: it is held, finished or stopped, or nothing is left to send.
        """

        def work(tx: Stores) -> Left:
            batch = _open(tx.batches.get(batch_id))
            left = _left(tx, batch)
            if batch.state is BatchState.HELD or not left.not_sent:
                raise AlreadyDoneError(batch_id, batch.hold_name)
            now = self._clock()
            halting.hold(tx, batch_id, HoldReason.PERSON, now=now, by=by, chat_id=chat_id)
            return left

        return await self._write(work)

    async def send_rest(
        self,
        batch_id: int,
        hold_no: int,
        *,
        by: Person,
        timing: Timing = NOW,
        chat_id: int | None = None,
    ) -> int:
        """Let a held batch go on; returns how many numbers are queued.

        Args:
            batch_id: the batch.
            hold_no: the hold that the button was made for.
            by: who presses.
            timing: what was pressed to get outside the calling window; it counts there only.
            chat_id: where it was pressed, for the audit.

        Raises:
            ExpiredError: the button was made for an earlier hold, or the batch is not held.
            LimitError: it is of another day, and today's limits leave no room for the rest.
            OutsideError: the calling window is closed, and that needs another press.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """

        def work(tx: Stores) -> int | list[Pause]:
            batch = _held(tx, batch_id, hold_no)
            if paused := tx.pauses.open():
                return paused
            now = self._clock()
            at = goes_on_at(tx, batch, self._window, timing, now, by)
            with refused_to(by, chat_id):
                self._carry_over(tx, batch, by, at=at, now=now)
            send_on(tx, batch, self._window, timing, by=by, chat_id=chat_id, now=now, at=at)
            return _left(tx, batch).not_sent

        await self._refuse_if_closed()
        async with noted(self._database, now=self._clock, about=f"b{batch_id}"):
            result = await self._write(work)
        if isinstance(result, list):
            raise PausedError(result)
        return result

    def _carry_over(self, tx: Stores, batch: Batch, by: Person, *, at: float, now: float) -> None:
        """Let what is left count on the day on which it goes out; raises `LimitError`."""
        try:
            limits.carry_over(tx, batch, self._window, at=at, now=now)
        except LimitError as error:
            error.name = None if batch.author_id == by.id else batch.author_name
            raise

    async def check_rest(
        self, batch_id: int, hold_no: int, timing: Timing = NOW, *, by: Person | None = None
    ) -> None:
        """Return if `send_rest` would go ahead now; raises as it does, and writes nothing."""

        def look(tx: Stores) -> list[Pause]:
            batch = _held(tx, batch_id, hold_no)
            if paused := tx.pauses.open():
                return paused
            goes_on_at(tx, batch, self._window, timing, self._clock(), by)
            return []

        await self._refuse_if_closed()
        if paused := await self._database.read(look):
            raise PausedError(paused)

    async def _refuse_if_closed(self) -> None:
        if self.draining:
            raise DrainingError
        if self._pauses.disk:
            raise PausedError(await self._pauses.current())

    async def check_decide(self, submission_id: int) -> None:
        """Return if the submission still waits for a decision; raises as `decide` does."""
        await self._database.read(lambda tx: _undecided(tx, submission_id))

    async def decide(
        self,
        submission_id: int,
        verdict: Verdict,
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> Submission:
        """Record what a person says of an unknown submission; returns it as it then is.

        Raises:
            AlreadyDoneError: it is no longer unknown.
        """

        def work(tx: Stores) -> Submission:
            now = self._clock()
            was = _undecided(tx, submission_id)
            if verdict is Verdict.RANG:
                rules.accept_by_word(tx, submission_id, by, now)
            else:
                tx.submissions.decide(submission_id, _STATE[verdict], by=by, now=now)
            halting.tell_of(tx, _DEEDS[verdict], was, now=now, by=by, chat_id=chat_id)
            return tx.submissions.get(submission_id) or was

        return await self._write(work)

    async def _write(self, work: Callable[[Stores], T]) -> T:
        result = await self._database.write(work)
        self._signals.boards.ring()
        self._signals.dialer.ring()
        return result


def _open(batch: Batch | None) -> Batch:
    if batch is None:
        raise ExpiredError
    if batch.state in (BatchState.FINISHED, BatchState.STOPPED):
        raise AlreadyDoneError(batch.id, batch.stop_name)
    return batch


def _held(tx: Stores, batch_id: int, hold_no: int) -> Batch:
    """The batch, if it is still in the very hold that the button was made for."""
    batch = tx.batches.get(batch_id)
    if batch is None or batch.state is not BatchState.HELD or batch.hold_no != hold_no:
        raise ExpiredError
    return batch


def _undecided(tx: Stores, submission_id: int) -> Submission:
    submission = tx.submissions.get(submission_id)
    if submission is None:
        raise ExpiredError
    if submission.state is not SubmissionState.UNKNOWN:
        raise AlreadyDoneError(submission.batch_id, submission.decided_name)
    return submission


def _left(tx: Stores, batch: Batch) -> Left:
    """Numbers that are queued, that are claimed, and that the gateway has or may have."""
    counts = tx.calls.counts(batch.id)
    by_state: dict[SubmissionState, int] = {}
    for (state, status), count in counts.items():
        if status != "skipped":
            by_state[state] = by_state.get(state, 0) + count
    return Left(
        batch_id=batch.id,
        not_sent=by_state.get(SubmissionState.QUEUED, 0),
        under_way=by_state.get(SubmissionState.SENDING, 0),
        at_gateway=by_state.get(SubmissionState.ACCEPTED, 0)
        + by_state.get(SubmissionState.UNKNOWN, 0)
        + by_state.get(SubmissionState.LEFT, 0),
    )
