"""Finding it again: a batch, the calls to a number, or a call by its id."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.calling.errors import NothingFoundError
from bot.calling.matching import news_of
from bot.calling.numbers import NumberReader, normalise_digits
from bot.calling.signals import Signals
from bot.calling.views import BatchView, CallLine, batch_view, call_lines
from bot.gateway.errors import GatewayError, GatewayUnauthorisedError
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import StorageError
from storage.models import Batch, Call, CallStatus, PauseReason, UnmatchedId
from storage.stores import Stores

log = logging.getLogger(__name__)

ASKED_AT_MOST = 10  # calls of which the gateway is asked for one look-up
ASKED_SECONDS = 5.0  # for all of them together
LISTED = 10

_BATCH = re.compile(r"#?[bB]([0-9]{1,15})", re.ASCII)
_ID_PREFIX = re.compile(r"[0-9a-fA-F]{6,32}", re.ASCII)
_MAY_CHANGE = frozenset({CallStatus.WAITING, CallStatus.OTHER, CallStatus.NO_RESULT})
_MAY_BE_TRIED_AGAIN = frozenset({CallStatus.NO_ANSWER, CallStatus.USER_BUSY})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCalls:
    """Calls, newest first, ten at most; `more` tells that there are others.

    `unmatched` are ids that came with an answer and belong to no call, each with its batch's id.
    """

    lines: tuple[CallLine, ...]
    unmatched: tuple[tuple[int, UnmatchedId], ...] = ()
    more: bool = False


Found = BatchView | FoundCalls


class Lookup:
    """Answers from the record, after asking the gateway about what may have changed."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        reader: NumberReader,
        signals: Signals,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._reader = reader
        self._signals = signals
        self._clock = clock

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    async def find(self, asked: str, chat_id: int) -> Found:
        """What is recorded under `asked`: a batch, else a number, else the beginning of an id.

        With nothing asked, the newest batch of this chat. Calls that are not final are asked of
        the gateway first, at most ten and for 5 s in all.

        Raises:
            NothingFoundError: nothing is recorded under it.
        """
        asked = asked.strip()
        found = await self._database.read(lambda tx: self._find(tx, asked, chat_id))
        if found is None:
            raise NothingFoundError(asked)
        calls = [
            line.call for line in (found.lines if isinstance(found, FoundCalls) else found.calls)
        ]
        if await self.refresh(calls):
            found = await self._database.read(lambda tx: self._find(tx, asked, chat_id)) or found
        return found

    async def page(self, batch_id: int, page: int) -> BatchView | None:
        """One page of a batch, from the record alone."""
        return await self._database.read(lambda tx: batch_view(tx, batch_id, page))

    async def latest(self, limit: int = LISTED) -> list[Batch]:
        """The newest batches, newest first."""
        return await self._database.read(lambda tx: tx.batches.latest(limit))

    async def calls_of(self, batch_id: int) -> list[CallLine]:
        """Every call of a batch in its order."""
        return await self._database.read(lambda tx: call_lines(tx, tx.calls.of_batch(batch_id)))

    async def refresh(self, calls: list[Call]) -> bool:
        """Ask the gateway about calls that may have changed; True if the record has changed.

        What does not answer in time is left as it is recorded.
        """
        asking = await self._database.read(lambda tx: self._may_have_changed(tx, calls))
        if not asking:
            return False
        tasks = [asyncio.create_task(self._ask(call)) for call in asking[:ASKED_AT_MOST]]
        done, late = await asyncio.wait(tasks, timeout=ASKED_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        changed = any(task.result() for task in done)
        if changed:
            self._signals.boards.ring()
        return changed

    async def _ask(self, call: Call) -> bool:
        try:
            return await self._ask_and_record(call)
        except StorageError as error:
            log.warning("call %d: its status is not recorded: %s", call.id, error)
            return False

    async def _ask_and_record(self, call: Call) -> bool:
        try:
            said = await self._gateway.call_status(call.gateway_id or "")
        except GatewayUnauthorisedError:
            await self._database.write(
                lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", self._clock())
            )
            self._signals.notices.ring()
            return False
        except GatewayError as error:
            log.info("call %d: no status now: %s", call.id, error)
            return False
        news = news_of(said)
        return await self._database.write(lambda tx: tx.calls.record(news, self._clock()))

    def _may_have_changed(self, tx: Stores, calls: list[Call]) -> list[Call]:
        """Not final; *no answer* and *busy* may still change while the gateway tries again."""
        found = []
        for call in calls:
            if call.status in _MAY_BE_TRIED_AGAIN:
                batch = tx.batches.get(call.batch_id)
                if batch is not None and batch.retry_count > 0:
                    found.append(call)
            elif call.status in _MAY_CHANGE:
                found.append(call)
        return found

    def _find(self, tx: Stores, asked: str, chat_id: int) -> Found | None:
        if not asked:
            latest = tx.batches.latest_in_chat(chat_id)
            return batch_view(tx, latest.id) if latest else None
        if match := _BATCH.fullmatch(normalise_digits(asked)):
            view = batch_view(tx, int(match[1]))
            if view is not None:
                return view
        number = self._reader.read_one(asked)
        if number is not None and (calls := tx.calls.by_number(number, LISTED + 1)):
            return _listed(tx, calls)
        if _ID_PREFIX.fullmatch(asked):
            calls = tx.calls.by_id_prefix(asked.lower(), LISTED + 1)
            unmatched = tx.calls.unmatched_by_prefix(asked.lower(), LISTED)
            if calls or unmatched:
                return _listed(tx, calls, unmatched)
        return None


def _listed(
    tx: Stores, calls: list[Call], unmatched: list[tuple[int, UnmatchedId]] | None = None
) -> FoundCalls:
    return FoundCalls(
        lines=tuple(call_lines(tx, calls[:LISTED])),
        unmatched=tuple(unmatched or ())[: max(0, LISTED - len(calls))],
        more=len(calls) + len(unmatched or ()) > LISTED,
    )
