"""*Refresh*: the gateway is asked about a batch's open calls without waiting for their turn."""

import asyncio
from dataclasses import dataclass

from bot.calling.lookup import ASKED_AT_MOST, Lookup
from bot.calling.views import batch_view
from storage.database import Database
from storage.models import Call, CallStatus
from storage.outcomes import CallOutcome
from storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What came of it: calls that have changed, and calls that may still do so."""

    changed: int
    followed: int


class Refresher:
    """One refresh of a batch at a time; who presses meanwhile gets the same answer."""

    def __init__(self, *, database: Database, lookup: Lookup) -> None:
        self._database = database
        self._lookup = lookup
        self._running: dict[int, asyncio.Task[Refreshed | None]] = {}

    async def refresh(
        self, batch_id: int, page: int, shown: CallOutcome | None
    ) -> Refreshed | None:
        """Ask about the calls of this page, then about others, ten at most.

        None if there is no such batch.
        """
        task = self._running.get(batch_id)
        if task is None:
            task = asyncio.create_task(self._refresh(batch_id, page, shown))
            self._running[batch_id] = task
            task.add_done_callback(lambda _: self._running.pop(batch_id, None))
        return await asyncio.shield(task)

    async def _refresh(
        self, batch_id: int, page: int, shown: CallOutcome | None
    ) -> Refreshed | None:
        calls = await self._database.read(lambda tx: _to_ask(tx, batch_id, page, shown))
        if calls is None:
            return None
        await self._lookup.refresh(calls)
        return await self._database.read(lambda tx: _compare(tx, batch_id, calls))


def _to_ask(tx: Stores, batch_id: int, page: int, shown: CallOutcome | None) -> list[Call] | None:
    view = batch_view(tx, batch_id, page, shown)
    if view is None:
        return None
    here = [
        line.call
        for line in view.calls
        if line.call.next_poll_at is not None or line.call.status is CallStatus.NO_RESULT
    ]
    known = {call.id for call in here}
    others = tx.outcomes.followed(batch_id, ASKED_AT_MOST)
    return [*here, *(call for call in others if call.id not in known)][:ASKED_AT_MOST]


def _compare(tx: Stores, batch_id: int, asked: list[Call]) -> Refreshed:
    view = batch_view(tx, batch_id)
    now = (tx.calls.get_by_id(call.gateway_id or "") for call in asked)
    return Refreshed(
        changed=sum(
            new is not None
            and (new.status, new.word, new.price) != (old.status, old.word, old.price)
            for old, new in zip(asked, now, strict=True)
        ),
        followed=0 if view is None else view.followed,
    )
