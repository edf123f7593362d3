"""Evidence (rule 11): ids of calls that the record did not know to be placed.

It is committed before it is answered, blocks the numbers it may be about, and counts once the
gateway has confirmed it. The gateway is asked until it answers, also after a restart.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.calling import halting, rules
from bot.calling.audit import Deed
from bot.calling.drafts import Closed
from bot.calling.errors import AlreadyDoneError, ExpiredError, UsageError
from bot.calling.fitting import Disagreement, Fitting
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from bot.calling.signals import Signals
from bot.calling.tracking import Pace
from bot.gateway.errors import CallNotFoundError, GatewayError, GatewayUnauthorisedError
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import DatabaseBusyError, DiskRefusesError, StorageError
from storage.models import Evidence, EvidenceState, PauseReason, Person, SubmissionState
from storage.stores import Stores

log = logging.getLogger(__name__)

ASK_AGAIN = (2.0, 5.0, 15.0, 60.0, 300.0)  # seconds between two rounds in which it did not answer
MAX_IDS = 100
ASK_SECONDS = 5.0  # for the ids of one reply, before it is answered

_ID = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])", re.ASCII)
_TAKES_IDS = frozenset(
    {
        SubmissionState.UNKNOWN,
        SubmissionState.RELEASED,
        SubmissionState.LEFT,
        SubmissionState.ACCEPTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Ids that were kept for a submission: the evidence of each, new or waiting already."""

    submission_id: int
    evidence: tuple[int, ...]


class EvidenceDesk:
    """Takes ids, asks the gateway about each, and adopts those that fit one submission."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        reader: NumberReader,
        signals: Signals,
        timeout: float,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._reader = reader
        self._signals = signals
        self._fitting = Fitting(timeout=timeout, pace=pace or Pace(), clock=clock)
        self._clock = clock

    async def give(
        self, submission_id: int, text: str, *, by: Person, chat_id: int | None = None
    ) -> Given:
        """Keep the ids that a person has sent for a submission; from now on they block it.

        Raises:
            UsageError: no id of 32 hex digits in the text.
            ExpiredError: the submission takes no ids.
        """
        ids = list(dict.fromkeys(found.lower() for found in _ID.findall(text)))[:MAX_IDS]
        if not ids:
            raise UsageError(Problem.NO_IDS)

        def work(tx: Stores) -> Given:
            submission = tx.submissions.get(submission_id)
            if submission is None or submission.state not in _TAKES_IDS:
                raise ExpiredError
            now = self._clock()
            kept = tuple(tx.evidence.give(i, submission_id, by, now) for i in ids)
            why = f"{len(ids)} ids"
            halting.tell_of(
                tx, Deed.IDS_GIVEN, submission, now=now, by=by, chat_id=chat_id, why=why
            )
            rules.block_follow_ups(tx, [submission_id], why=Closed.EVIDENCE, now=now)
            tx.batches.touch(submission.batch_id)
            return Given(submission_id=submission_id, evidence=kept)

        given = await self._database.write(work)
        self._signals.boards.ring()
        return given

    async def takes_ids(self, submission_id: int) -> int:
        """The batch of a submission that takes ids.

        Raises:
            ExpiredError: there is no such submission, or it takes none.
        """
        submission = await self._database.read(lambda tx: tx.submissions.get(submission_id))
        if submission is None or submission.state not in _TAKES_IDS:
            raise ExpiredError
        return submission.batch_id

    async def prompted(self, chat_id: int, message_id: int, submission_id: int) -> None:
        """Record that a reply to this message gives ids for this submission."""
        await self._database.write(lambda tx: tx.boards.prompt(chat_id, message_id, submission_id))

    async def prompt_of(self, chat_id: int, message_id: int) -> int | None:
        """The submission for which this message has asked for ids."""
        return await self._database.read(lambda tx: tx.boards.prompted(chat_id, message_id))

    async def settle(self, given: Given) -> list[Evidence]:
        """Ask the gateway about what was just given, for 5 s; returns each as it then is.

        What is not answered by then waits on, and is asked about again.
        """

        def look(tx: Stores) -> list[Evidence]:
            return [e for i in given.evidence if (e := tx.evidence.get(i)) is not None]

        async def ask_all() -> None:
            for evidence in await self._database.read(look):
                await self.check(evidence)

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                await ask_all()
        self._signals.evidence.ring()
        return await self._database.read(look)

    async def check_pick(self, evidence_id: int, submission_id: int) -> None:
        """Return if `pick` would go ahead now; raises as it does, and writes nothing."""

        def look(tx: Stores) -> tuple[Evidence | None, list[int]]:
            return tx.evidence.get(evidence_id), tx.evidence.fitted(evidence_id)

        evidence, fits = await self._database.read(look)
        if evidence is None or evidence.state is not EvidenceState.AMBIGUOUS:
            raise AlreadyDoneError
        if submission_id not in fits:
            raise ExpiredError

    async def run(self) -> None:
        """Ask about everything that waits, for as long as the process lives."""
        quiet = 0
        while True:
            try:
                open_left = await self.step()
            except StorageError as error:
                log.warning("evidence cannot be settled yet: %s", error)
                open_left = True
            quiet = quiet + 1 if open_left else 0
            await self._signals.evidence.wait(
                ASK_AGAIN[min(quiet, len(ASK_AGAIN)) - 1] if open_left else None
            )

    async def step(self) -> bool:
        """Ask the gateway about each piece that waits; True if something waits on.

        What may belong to a POST under way waits for its outcome, unasked: until then the gateway
        may not know the call, and the answer may name it.

        Raises:
            StorageError: the record takes nothing now.
        """

        def look(tx: Stores) -> list[tuple[Evidence, bool]]:
            return [(piece, self._fitting.waits(tx, piece)) for piece in tx.evidence.waiting()]

        open_left = False
        for evidence, waits in await self._database.read(look):
            open_left = waits or not await self._check_alone(evidence) or open_left
        return open_left

    async def _check_alone(self, evidence: Evidence) -> bool:
        """One piece that cannot be recorded must not stop the others."""
        try:
            return await self.check(evidence)
        except (DatabaseBusyError, DiskRefusesError):
            raise
        except StorageError:
            log.exception("evidence %d cannot be settled", evidence.id)
            return False

    async def check(self, evidence: Evidence) -> bool:
        """Ask about one piece and settle it if the gateway answers; True if it is settled.

        A call that is known by now needs no answer.
        """
        known = await self._database.read(lambda tx: tx.calls.get_by_id(evidence.gateway_id))
        if known is not None:
            return await self._write(
                lambda tx: self._fitting.set_aside(tx, evidence, Disagreement.KNOWN)
            )
        try:
            call = await self._gateway.call_status(evidence.gateway_id)
        except CallNotFoundError:
            return await self._write(
                lambda tx: self._fitting.set_aside(tx, evidence, Disagreement.NOT_FOUND)
            )
        except GatewayUnauthorisedError:
            await self._pause()
            return False
        except GatewayError as error:
            log.info("evidence %d waits on: %s", evidence.id, error)
            return False
        number = self._reader.read_one(call.number)
        return await self._write(lambda tx: self._fitting.fit(tx, evidence, call, number))

    async def pick(
        self, evidence_id: int, submission_id: int, *, by: Person, chat_id: int | None = None
    ) -> None:
        """A person says which of several submissions the call belongs to.

        Raises:
            AlreadyDoneError: it is settled.
            ExpiredError: the evidence does not fit this submission.
            GatewayError: the gateway was asked again for the call and did not answer.
        """
        evidence = await self._database.read(lambda tx: tx.evidence.get(evidence_id))
        if evidence is None or evidence.state is not EvidenceState.AMBIGUOUS:
            raise AlreadyDoneError
        try:
            call = await self._gateway.call_status(evidence.gateway_id)
        except GatewayUnauthorisedError:
            await self._pause()
            raise

        fitting = self._fitting
        if not await self._write(
            lambda tx: fitting.pick(tx, evidence_id, submission_id, call, by=by, chat_id=chat_id)
        ):
            raise ExpiredError

    async def _pause(self) -> None:
        await self._write(
            lambda tx: halting.pause(tx, PauseReason.UNAUTHORISED, "HTTP 401", self._clock())
        )
        self._signals.notices.ring()

    async def _write(self, work: Callable[[Stores], bool]) -> bool:
        settled = await self._database.write(work)
        self._signals.boards.ring()
        self._signals.tracker.ring()
        return settled
