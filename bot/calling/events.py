"""The gateway's events: hints for calls that we know, evidence for those that we do not (rule 11).

Anybody who knows the address can send one, so an event changes nothing that is true by itself: it
makes us ask, and the answer counts.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

from bot.calling import endings, rules
from bot.calling.drafts import Closed
from bot.calling.errors import UsageError
from bot.calling.fitting import SLACK
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from bot.calling.signals import Signals
from bot.gateway.events import read_event
from storage.database import Database
from storage.models import GATEWAY, EventNews, EventState
from storage.stores import Stores

log = logging.getLogger(__name__)

LARGEST: Final = 64 * 1024  # bytes of an event


class Events:
    """Takes what the gateway sends by itself."""

    def __init__(
        self,
        *,
        database: Database,
        reader: NumberReader,
        signals: Signals,
        timeout: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._reader = reader
        self._signals = signals
        self._timeout = timeout
        self._clock = clock

    async def take(self, body: bytes) -> None:
        """Keep an event; when this returns it is committed. The same again is only counted.

        Args:
            body: what was sent: the JSON of the gateway's documentation, read leniently.

        Raises:
            UsageError: it is no event, or too large for one; nothing was kept.
            StorageError: it could not be committed.
        """
        said = read_event(body) if len(body) <= LARGEST else None
        if said is None:
            raise UsageError(Problem.NO_EVENT)
        news = EventNews(
            gateway_id=said.id,
            word=said.status.strip(),
            number=self._reader.read_one(said.number) if said.number else None,
            bill_sec=said.bill_sec,
            price=said.cost,
            request_date=said.request_date,
            campaign_id=said.campaign_id,
        )
        state = await self._database.write(lambda tx: self._keep(tx, news, body))
        if state is EventState.HINT:
            self._signals.tracker.ring()
        elif state is EventState.EVIDENCE:
            self._signals.evidence.ring()
            self._signals.boards.ring()
        log.debug("an event was kept: %s", state or "it came before")

    def _keep(self, tx: Stores, news: EventNews, body: bytes) -> EventState | None:
        now = self._clock()
        call = tx.calls.get_by_id(news.gateway_id)
        state = EventState.EVIDENCE if call is None else EventState.HINT
        event_id = tx.events.keep(news, state, body, now)
        if event_id is None:
            return None
        if call is None:
            self._suspect(tx, news, now)
        else:
            endings.hint(tx, event_id, call, now=now)
        return state

    def _suspect(self, tx: Stores, news: EventNews, now: float) -> None:
        """An id that we do not know: what it may belong to is not called again until we know."""
        fits = []
        if news.number is not None:
            fits = tx.evidence.find_fits(
                news.number, news.request_date, slack=SLACK, timeout=self._timeout
            )
        evidence_id = tx.evidence.hear(news.gateway_id, fits, GATEWAY, now)
        evidence = tx.evidence.get(evidence_id)
        if evidence is not None and evidence.number is None:
            tx.evidence.learn(evidence_id, news.number, news.request_date)
        rules.block_follow_ups(tx, fits, why=Closed.EVIDENCE, now=now)
        for batch_id in {rules.batch_of(tx, submission_id).id for submission_id in fits}:
            tx.batches.touch(batch_id)
