"""Evidence (rule 11): an id that a person gives for a submission whose calls we do not know.

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
from enum import StrEnum

from bot.calling import rules
from bot.calling.drafts import Closed
from bot.calling.errors import AlreadyDoneError, ExpiredError, Problem, UsageError
from bot.calling.matching import news_of
from bot.calling.numbers import NumberReader
from bot.calling.signals import Signals
from bot.gateway.errors import CallNotFoundError, GatewayError, GatewayUnauthorisedError
from bot.gateway.models import PlacedCall
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import StorageError
from storage.models import Evidence, EvidenceState, PauseReason, Person, SubmissionState
from storage.stores import Stores

log = logging.getLogger(__name__)

SLACK = 60.0  # seconds by which the gateway's clock may differ from ours
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


class Disagreement(StrEnum):
    """Why an id that was given is kept, but counts for nothing."""

    NOT_FOUND = "not_found"
    KNOWN = "known"
    NO_NUMBER = "no_number"
    NO_FIT = "no_fit"


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
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._reader = reader
        self._signals = signals
        self._timeout = timeout
        self._clock = clock

    async def give(self, submission_id: int, text: str, *, by: Person) -> Given:
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
        """Ask the gateway about each piece that waits; True if something waits on."""
        waiting = await self._database.read(lambda tx: tx.evidence.waiting())
        open_left = False
        for evidence in waiting:
            open_left = not await self.check(evidence) or open_left
        return open_left

    async def check(self, evidence: Evidence) -> bool:
        """Ask about one piece and settle it if the gateway answers; True if it is settled."""
        try:
            call = await self._gateway.call_status(evidence.gateway_id)
        except CallNotFoundError:
            return await self._write(
                lambda tx: self._set_aside(tx, evidence, Disagreement.NOT_FOUND)
            )
        except GatewayUnauthorisedError:
            await self._pause()
            return False
        except GatewayError as error:
            log.info("evidence %d waits on: %s", evidence.id, error)
            return False
        number = self._reader.read_one(call.number)
        return await self._write(lambda tx: self._fit(tx, evidence, call, number))

    async def pick(self, evidence_id: int, submission_id: int, *, by: Person) -> None:
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

        def work(tx: Stores) -> bool:
            now = tx.evidence.get(evidence_id)
            if now is None or now.state is not EvidenceState.AMBIGUOUS:
                raise AlreadyDoneError
            if submission_id not in tx.evidence.fitted(evidence_id) or now.number is None:
                raise ExpiredError
            # Since it was found to fit, an answer or another id may have settled these numbers.
            if tx.calls.get_by_id(now.gateway_id) is not None:
                return self._set_aside(tx, now, Disagreement.KNOWN)
            fits = self._find_fits(tx, now.number, call)
            if not fits:
                return self._set_aside(tx, now, Disagreement.NO_FIT)
            if submission_id not in fits or _sending(tx, fits):
                self._block(tx, now, fits)
                return False
            return self._adopt(tx, now, submission_id, call=call, number=now.number, by=by)

        if not await self._write(work):
            raise ExpiredError

    async def _pause(self) -> None:
        await self._write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", self._clock())
        )
        self._signals.notices.ring()

    async def _write(self, work: Callable[[Stores], bool]) -> bool:
        settled = await self._database.write(work)
        self._signals.boards.ring()
        return settled

    def _fit(self, tx: Stores, evidence: Evidence, call: PlacedCall, number: str | None) -> bool:
        fresh = tx.evidence.get(evidence.id)
        if fresh is None or fresh.state is not EvidenceState.WAITING:
            return True
        known = tx.calls.get_by_id(evidence.gateway_id)
        if known is not None:
            return self._set_aside(tx, evidence, Disagreement.KNOWN)
        if number is None:
            return self._set_aside(tx, evidence, Disagreement.NO_NUMBER)
        tx.evidence.learn(evidence.id, number, call.request_date)
        fits = self._find_fits(tx, number, call)
        if not fits:
            return self._set_aside(tx, evidence, Disagreement.NO_FIT)
        self._block(tx, evidence, fits)
        if _sending(tx, fits):
            return False  # fitted again when that outcome is in
        if len(fits) > 1:
            now = self._clock()
            return tx.evidence.settle(
                evidence.id, EvidenceState.AMBIGUOUS, "it fits several submissions", now
            )
        by = Person(id=evidence.given_by, name=evidence.given_name)
        return self._adopt(tx, evidence, fits[0], call=call, number=number, by=by)

    def _find_fits(self, tx: Stores, number: str, call: PlacedCall) -> list[int]:
        return tx.evidence.find_fits(number, call.request_date, slack=SLACK, timeout=self._timeout)

    def _block(self, tx: Stores, evidence: Evidence, fits: list[int]) -> None:
        before = set(tx.evidence.fitted(evidence.id))
        tx.evidence.fits(evidence.id, fits)
        if new := [i for i in fits if i not in before]:
            rules.block_follow_ups(tx, new, why=Closed.EVIDENCE, now=self._clock())
        self._touch(tx, [*before, *fits])

    def _adopt(
        self,
        tx: Stores,
        evidence: Evidence,
        submission_id: int,
        *,
        call: PlacedCall,
        number: str,
        by: Person,
    ) -> bool:
        now = self._clock()
        rules.accept_by_word(tx, submission_id, by, now)
        for own in tx.calls.of_submission(submission_id):
            if own.number == number and own.gateway_id is None:
                tx.calls.adopt(own.id, news_of(call), now)
        self._touch(tx, tx.evidence.fitted(evidence.id))
        return tx.evidence.settle(evidence.id, EvidenceState.ADOPTED, f"{submission_id}", now)

    def _set_aside(self, tx: Stores, evidence: Evidence, why: Disagreement) -> bool:
        self._touch(tx, tx.evidence.fitted(evidence.id))
        return tx.evidence.settle(evidence.id, EvidenceState.DISAGREES, why, self._clock())

    def _touch(self, tx: Stores, submission_ids: list[int]) -> None:
        for batch_id in {s.batch_id for i in submission_ids if (s := tx.submissions.get(i))}:
            tx.batches.touch(batch_id)


def _sending(tx: Stores, submission_ids: list[int]) -> bool:
    """Whether the answer to any of these POSTs is still on its way."""
    states = {s.state for i in submission_ids if (s := tx.submissions.get(i)) is not None}
    return SubmissionState.SENDING in states
