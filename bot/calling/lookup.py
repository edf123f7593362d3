"""Finding it again: a batch, the calls to a number, or a call by its id."""

import asyncio
import logging
import re
import time
from collections.abc import Callable

from bot.calling import endings, halting
from bot.calling.errors import NothingFoundError
from bot.calling.history import History, Sought, history, readings
from bot.calling.matching import news_of
from bot.calling.numbers import NumberReader, normalise_digits
from bot.calling.problems import Asked
from bot.calling.signals import Signals
from bot.calling.tracking import Pace
from bot.calling.views import BatchView, batch_view
from bot.gateway.errors import GatewayError, GatewayUnauthorisedError
from bot.gateway.protocol import Gateway
from storage.database import Database
from storage.errors import StorageError
from storage.models import Call, PauseReason
from storage.outcomes import CallOutcome
from storage.stores import Stores

log = logging.getLogger(__name__)

ASKED_AT_MOST = 10  # calls of which the gateway is asked for one look-up
ASKED_SECONDS = 5.0  # for all of them together

_DIGITS = re.compile(r"[0-9+() .-]+", re.ASCII)
_BATCH = re.compile(r"#?[bB]([0-9]{1,15})", re.ASCII)


Found = BatchView | History


class Lookup:
    """Answers from the record, after asking the gateway about what may have changed."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        reader: NumberReader,
        signals: Signals,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._reader = reader
        self._signals = signals
        self._pace = pace or Pace()
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
            raise NothingFoundError(asked, self._looks_like(asked))
        calls = [
            line.call for line in (found.lines if isinstance(found, History) else found.calls)
        ]
        if await self.refresh(calls):
            found = await self._database.read(lambda tx: self._find(tx, asked, chat_id)) or found
        return found

    async def page(
        self, batch_id: int, page: int, shown: CallOutcome | None = None
    ) -> BatchView | None:
        """One page of a batch, or of its calls that went this way, from the record alone."""
        return await self._database.read(lambda tx: batch_view(tx, batch_id, page, shown))

    async def history(self, of: Sought, page: int = 1) -> History | None:
        """One page of the calls to a number or with an id, from the record alone."""
        return await self._database.read(lambda tx: history(tx, of, page))

    def number(self, text: str) -> Sought | None:
        """What to look up if a text is one number and nothing else."""
        number = self._reader.read_one(text)
        return None if number is None else Sought(number=number)

    def can_call(self, sought: Sought) -> bool:
        """Whether a number that is looked up can be called from here as well."""
        return self._reader.read(sought.number or "").numbers == (sought.number,)

    async def refresh(self, calls: list[Call]) -> bool:
        """Ask the gateway about calls that may have changed; True if the record has changed.

        What does not answer in time is left as it is recorded.
        """
        asking = [call for call in calls if call.gateway_id and not call.final]
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
                lambda tx: halting.pause(tx, PauseReason.UNAUTHORISED, "HTTP 401", self._clock())
            )
            self._signals.notices.ring()
            return False
        except GatewayError as error:
            log.info("call %d: no status now: %s", call.id, error)
            return False
        news = news_of(said)
        return await self._database.write(
            lambda tx: endings.hear(tx, news, now=self._clock(), pace=self._pace)
        )

    def _find(self, tx: Stores, asked: str, chat_id: int) -> Found | None:
        if not asked:
            latest = tx.batches.latest_in_chat(chat_id)
            return batch_view(tx, latest.id) if latest else None
        if match := _BATCH.fullmatch(normalise_digits(asked)):
            view = batch_view(tx, int(match[1]))
            if view is not None:
                return view
        for sought in readings(asked, self._reader):
            if found := history(tx, sought):
                return found
        return None

    def _looks_like(self, asked: str) -> Asked:
        """What was asked for, of which nothing was found."""
        text = normalise_digits(asked)
        if _BATCH.fullmatch(text):
            return Asked.BATCH
        if self._reader.read_one(asked):
            return Asked.NUMBER
        if _DIGITS.fullmatch(text):
            return Asked.DIGITS
        return Asked.ID if readings(asked, self._reader) else Asked.OTHER
