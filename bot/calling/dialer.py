"""The dialer: one worker, fed by the database, that claims submissions and sends them.

A command, a confirmed draft, a follow-up and a restart all only leave a queued submission behind;
a bell merely makes the dialer look sooner.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from bot.calling import rules
from bot.calling.matching import Matched, match
from bot.calling.numbers import NumberReader, national
from bot.calling.pauses import Pauses
from bot.calling.recording import record_outcome
from bot.calling.results import Defaults
from bot.calling.rules import Claimed
from bot.calling.signals import Signals
from bot.calling.tracking import Pace
from bot.gateway.models import Accepted, Outcome, Unknown, UnknownReason
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import StorageError
from storage.models import UnmatchedKind
from storage.stores import Stores

log = logging.getLogger(__name__)

SLOTS = 4  # submissions under way at once
LOOK = 5.0  # seconds between two looks at the queue when nobody rings
BREAK = 30.0  # seconds between two looks after which the machine has slept, or its clock was put
RETRY_WRITE = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds between repeats of an outcome's commit


class Dialer:
    """At most four submissions are under way at once; those of one batch go one after another."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        pauses: Pauses,
        reader: NumberReader,
        signals: Signals,
        pace: Pace | None = None,
        claimed: Callable[[int], None] = lambda _: None,
        defaults: Defaults | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._pauses = pauses
        self._reader = reader
        self._signals = signals
        self._pace = pace or Pace()
        self._claimed = claimed  # told of each claim that is committed, before anything is sent
        defaults = defaults or Defaults()
        self._wave_pause = defaults.wave_pause
        self._window = defaults.window
        self._clock = clock
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._doubtful: set[int] = set()
        self._queue_empty: set[int] = set()
        self._seen_waiting: dict[int, float] = {}
        self._patrolled_at = self._looked_at = float("-inf")
        self._at_work_since = 0.0
        self._claiming = asyncio.Lock()
        self._draining = False

    @property
    def under_way(self) -> int:
        """How many submissions are claimed and not recorded yet."""
        return len(self._under_way)

    async def run(self) -> None:
        """Look at the queue until drained; a refusing database is logged and tried again."""
        while not self._draining:
            try:
                seconds = await self.step()
            except StorageError as error:
                log.error("the queue cannot be read: %s", error)  # noqa: TRY400 -- our own error, in words
                seconds = 1.0
            await self._signals.dialer.wait(seconds)

    async def drain(self, seconds: float) -> None:
        """Claim nothing more, and wait for what is under way to be recorded, at most so long."""
        self._draining = True
        self._signals.dialer.ring()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async with self._claiming:  # a claim that is being made will be under way
                    pass
                if self._under_way:
                    await asyncio.wait(self._under_way.values())

    async def step(self) -> float:
        """Claim and start all that may go now; return the seconds until the next look is due."""
        self._notice_break()
        await self._pauses.write_down()
        await self._settle_doubtful()
        progress = rules.Progress(more=True)
        while progress.more and self._may_claim():
            async with self._claiming:
                progress = await self._claim()
                if progress.claimed is not None:
                    self._claimed(progress.claimed.submission.id)
                    self._start(progress.claimed)
            if progress.held:
                self._signals.boards.ring()
        now = self._clock()
        if not 0 <= now - self._patrolled_at < LOOK:
            await self._patrol(now)
        if progress.next_due_at is None:
            return LOOK
        return min(LOOK, max(0.01, progress.next_due_at - now))

    def _notice_break(self) -> None:
        """Whether the calls of a first wave can have been asked about, a break tells."""
        now = self._clock()
        if not 0 <= now - self._looked_at < BREAK:
            self._at_work_since = now
        self._looked_at = now

    def _may_claim(self) -> bool:
        return not self._draining and not self._pauses.disk and len(self._under_way) < SLOTS

    async def _patrol(self, now: float) -> None:
        """Look at all that is due, and remember who waits for a slot only.

        A wait for anything else counts as away.
        """
        full = len(self._under_way) >= SLOTS
        seen = self._seen_waiting
        waiting = await self._database.write(
            lambda tx: rules.patrol(tx, now=now, seen_waiting=seen, window=self._window)
        )
        self._seen_waiting = {b: now if full else seen[b] for b in waiting if full or b in seen}
        self._patrolled_at = now
        self._signals.boards.ring()

    async def _claim(self) -> rules.Progress:
        """Rule 2: if the commit raises, the rows are read again before anything else is done."""
        tried: list[int] = []
        under_way = frozenset(self._under_way)

        def work(tx: Stores) -> rules.Progress:
            progress = rules.claim_next(
                tx,
                now=self._clock(),
                seen_waiting=self._seen_waiting,
                window=self._window,
                under_way=under_way,
                since=self._at_work_since,
            )
            if progress.claimed:
                tried.append(progress.claimed.submission.id)
            return progress

        try:
            return await self._database.write(work)
        except BaseException:
            # Whether the commit came through is not known, and nobody will POST for this claim.
            self._doubtful.update(tried)
            raise

    async def _settle_doubtful(self) -> None:
        for submission_id in sorted(self._doubtful - self._under_way.keys()):
            if await self._database.write(
                lambda tx, s=submission_id: rules.doubt(tx, s, now=self._clock())  # type: ignore[misc]
            ):
                log.error("submission %d: its claim failed half-way, now unknown", submission_id)
            self._doubtful.discard(submission_id)

    def _start(self, claimed: Claimed) -> None:
        task = asyncio.create_task(
            self._submit(claimed), name=f"submission-{claimed.submission.id}"
        )
        self._under_way[claimed.submission.id] = task
        task.add_done_callback(lambda _: self._ended(claimed.submission.id, task))

    def _ended(self, submission_id: int, task: asyncio.Task[None]) -> None:
        self._under_way.pop(submission_id, None)
        if task.cancelled() or task.exception() is not None:
            log.error("submission %d: its task broke off", submission_id, exc_info=_of(task))
            self._doubtful.add(submission_id)  # unless its outcome was recorded before
            self._signals.dialer.ring()
        if submission_id not in self._queue_empty:
            self._signals.dialer.ring()
        self._queue_empty.discard(submission_id)
        self._signals.boards.ring()

    async def _submit(self, claimed: Claimed) -> None:
        """One POST for one claim; whatever becomes of it is recorded, cancellation included."""
        outcome: Outcome
        try:
            outcome = await self._post(claimed)
        except asyncio.CancelledError:
            outcome = Unknown(reason=UnknownReason.INTERRUPTED)
        except Exception:
            log.exception("submission %d: the gateway code failed", claimed.submission.id)
            outcome = Unknown(reason=UnknownReason.INTERRUPTED)
        await _to_the_end(asyncio.create_task(self._record(claimed, outcome)))

    async def _post(self, claimed: Claimed) -> Outcome:
        batch = claimed.batch
        numbers = [national(number) for number in claimed.numbers]
        retry_count, server_id = batch.retry_count, batch.server_id
        if batch.spoken is not None:
            return await self._gateway.place_spoken(
                text=batch.spoken, numbers=numbers, retry_count=retry_count, server_id=server_id
            )
        return await self._gateway.place_batch(
            voice_id=batch.voice, numbers=numbers, retry_count=retry_count, server_id=server_id
        )

    def _match(self, claimed: Claimed, outcome: Accepted) -> Matched:
        """A fault of ours in reading a number must not cost the ids: they are all kept."""
        try:
            return match(claimed.numbers, outcome.calls, self._reader)
        except Exception:
            log.exception("submission %d: its answer was not matched", claimed.submission.id)
            left_over = tuple((UnmatchedKind.FOREIGN, call) for call in outcome.calls)
            return Matched(by_number={}, left_over=left_over)

    async def _record(self, claimed: Claimed, outcome: Outcome) -> None:
        """Rule 3: the commit is repeated until it is taken; the ids go to the log meanwhile."""
        submission_id = claimed.submission.id
        matched = None
        if isinstance(outcome, Accepted):
            matched = self._match(claimed, outcome)

        def work(tx: Stores) -> tuple[bool, bool, bool]:
            now = self._clock()
            paused = record_outcome(tx, submission_id, outcome, matched, now=now, pace=self._pace)
            if self._wave_pause and isinstance(outcome, Accepted):
                tx.submissions.delay_next(claimed.batch.id, now + self._wave_pause)
            return paused, bool(tx.evidence.waiting()), rules.anything_queued(tx, now)

        attempt = 0
        while True:
            try:
                paused, evidence, queued = await self._database.write(work)
            except StorageError as error:
                if attempt == 0:
                    _tell_ids(submission_id, outcome, error)
                await asyncio.sleep(RETRY_WRITE[min(attempt, len(RETRY_WRITE) - 1)])
                attempt += 1
            else:
                break
        log.info("submission %d: %s", submission_id, type(outcome).__name__.lower())
        self._recorded(submission_id, paused=paused, evidence=evidence, queued=queued)

    def _recorded(self, submission_id: int, *, paused: bool, evidence: bool, queued: bool) -> None:
        """Ring for all that an outcome has made to do."""
        self._signals.tracker.ring()
        if not queued:  # a look at the queue would delay the answer to this very launch
            self._queue_empty.add(submission_id)
        if evidence:  # what has waited for this outcome is fitted again
            self._signals.evidence.ring()
        if paused:
            log.error("the gateway refuses the token: launching is paused")
            self._signals.notices.ring()


def _tell_ids(submission_id: int, outcome: Outcome, error: StorageError) -> None:
    """The log keeps what the record does not take."""
    ids = [call.id for call in outcome.calls] if isinstance(outcome, Accepted) else []
    log.error(
        "submission %d: its outcome %s is NOT RECORDED yet (%s); call ids: %s",
        submission_id,
        type(outcome).__name__.lower(),
        error,
        " ".join(ids) or "none",
    )


def _of(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()


async def _to_the_end(task: asyncio.Task[None]) -> None:
    """Wait for the task even if the waiting is cancelled; the cancellation is then passed on."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    with contextlib.suppress(asyncio.CancelledError):
        task.result()
    if cancelled is not None:
        raise cancelled
