"""To which submission a call belongs that the record did not know to be placed (rule 11).

Each inside one transaction, after the gateway has said what the call is: adopted where exactly
one submission fits, left to a person where several do, and set aside where none does.
"""

from collections.abc import Callable
from enum import StrEnum

from bot.calling import endings, halting, rules
from bot.calling.audit import PROGRAM, Deed
from bot.calling.drafts import Closed
from bot.calling.errors import AlreadyDoneError, ExpiredError
from bot.calling.matching import news_of
from bot.calling.tracking import Pace
from bot.gateway.models import PlacedCall
from storage.models import Evidence, EvidenceState, Person, SubmissionState
from storage.stores import Stores

SLACK = 60.0  # seconds by which the gateway's clock may differ from ours


class Disagreement(StrEnum):
    """Why an id that was given is kept, but counts for nothing."""

    NOT_FOUND = "not_found"
    KNOWN = "known"
    NO_NUMBER = "no_number"
    NO_FIT = "no_fit"


class Fitting:
    """Finds where evidence belongs; what it may belong to is blocked until that is known.

    Args:
        timeout: seconds that a POST takes at most.
        pace: how often an adopted call is asked about.
        clock: UTC seconds.
    """

    def __init__(self, *, timeout: float, pace: Pace, clock: Callable[[], float]) -> None:
        self._timeout = timeout
        self._pace = pace
        self._clock = clock

    def fit(self, tx: Stores, evidence: Evidence, call: PlacedCall, number: str | None) -> bool:
        """Fit a piece that waits to what the gateway says of its call; True if it is settled.

        Args:
            tx: the stores.
            evidence: the piece.
            call: what the gateway says.
            number: the call's number in E.164; None if it cannot be read.
        """
        fresh = tx.evidence.get(evidence.id)
        if fresh is None or fresh.state is not EvidenceState.WAITING:
            return True
        known = tx.calls.get_by_id(evidence.gateway_id)
        if known is not None:
            return self.set_aside(tx, evidence, Disagreement.KNOWN)
        if number is None:
            return self.set_aside(tx, evidence, Disagreement.NO_NUMBER)
        tx.evidence.learn(evidence.id, number, call.request_date)
        fits = self._find_fits(tx, number, call)
        if not fits:
            return self.set_aside(tx, evidence, Disagreement.NO_FIT)
        self._block(tx, evidence, fits)
        if _sending(tx, fits):
            return False  # fitted again when that outcome is in
        if len(fits) > 1:
            now = self._clock()
            return tx.evidence.settle(
                evidence.id, EvidenceState.AMBIGUOUS, "it fits several submissions", now
            )
        submission, why = rules.known_submission(tx, fits[0]), f"call {evidence.gateway_id}"
        halting.tell_of(tx, Deed.IDS_ADOPTED, submission, now=self._clock(), why=why)
        by = Person(id=evidence.given_by, name=evidence.given_name)
        return self._adopt(tx, evidence, fits[0], call=call, number=number, by=by)

    def pick(
        self,
        tx: Stores,
        evidence_id: int,
        submission_id: int,
        call: PlacedCall,
        *,
        by: Person,
        chat_id: int | None = None,
    ) -> bool:
        """Take a person's word for one of several submissions, if it still can be that one.

        Returns:
            True if the piece is settled: adopted, or set aside for what came meanwhile.

        Raises:
            AlreadyDoneError: it was settled before.
            ExpiredError: the evidence does not fit this submission.
        """
        now = tx.evidence.get(evidence_id)
        if now is None or now.state is not EvidenceState.AMBIGUOUS:
            raise AlreadyDoneError
        if submission_id not in tx.evidence.fitted(evidence_id) or now.number is None:
            raise ExpiredError
        # Since it was found to fit, an answer or another id may have settled these numbers.
        if tx.calls.get_by_id(now.gateway_id) is not None:
            return self.set_aside(tx, now, Disagreement.KNOWN)
        fits = self._find_fits(tx, now.number, call)
        if not fits:
            return self.set_aside(tx, now, Disagreement.NO_FIT)
        if submission_id not in fits or _sending(tx, fits):
            self._block(tx, now, fits)
            return False
        submission, why = rules.known_submission(tx, submission_id), f"call {now.gateway_id}"
        halting.tell_of(
            tx,
            Deed.IDS_PICKED,
            submission,
            now=self._clock(),
            by=by,
            chat_id=chat_id,
            why=why,
        )
        return self._adopt(tx, now, submission_id, call=call, number=now.number, by=by)

    def waits(self, tx: Stores, evidence: Evidence) -> bool:
        """Whether the answer to a POST that it may belong to is still on its way."""
        return _sending(tx, tx.evidence.fitted(evidence.id))

    def set_aside(self, tx: Stores, evidence: Evidence, why: Disagreement) -> bool:
        """Keep a piece that counts for nothing and blocks nothing any more; True if it waited."""
        self._touch(tx, tx.evidence.fitted(evidence.id))
        now = self._clock()
        if not tx.evidence.settle(evidence.id, EvidenceState.DISAGREES, why, now):
            return False
        about = f"call {evidence.gateway_id}"
        tx.audit.add(
            Deed.IDS_DISAGREE, about, at=now, by=PROGRAM, after=why.value.replace("_", " ")
        )
        return True

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
        batch = rules.batch_of(tx, submission_id)
        for own in tx.calls.of_submission(submission_id):
            if own.number == number and own.gateway_id is None:
                endings.adopt(
                    tx,
                    own,
                    news_of(call),
                    retry_count=batch.retry_count,
                    now=now,
                    pace=self._pace,
                )
        endings.take_early(tx, [call.id], now=now)
        endings.end_if_over(tx, batch.id, now=now)
        self._touch(tx, tx.evidence.fitted(evidence.id))
        return tx.evidence.settle(evidence.id, EvidenceState.ADOPTED, f"{submission_id}", now)

    def _touch(self, tx: Stores, submission_ids: list[int]) -> None:
        for batch_id in {s.batch_id for i in submission_ids if (s := tx.submissions.get(i))}:
            tx.batches.touch(batch_id)


def _sending(tx: Stores, submission_ids: list[int]) -> bool:
    """Whether the answer to any of these POSTs is still on its way."""
    states = {s.state for i in submission_ids if (s := tx.submissions.get(i)) is not None}
    return SubmissionState.SENDING in states
