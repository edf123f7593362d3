"""The gateway's own requests: one event for each call that has concluded.

As documented (Voice Webhook Events): one POST, once, without authentication, and without a
second try if it is not taken.
"""

import asyncio
import logging
import random
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox.bitel.calls import Call, Progress, end_of, progress_of
from sandbox.bitel.ledger import Exchange, Ledger
from sandbox.bitel.options import Options
from sandbox.bitel.simulated_time import Timetable

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds for an answer
AT_ONCE = 20  # connections

Event = dict[str, Any]


def event_of(call: Call, progress: Progress) -> Event:
    """Return an event in the documented fields."""
    return {
        "requestId": call.id,
        "campaignId": call.campaign,
        "number": call.number,
        "cause": progress.status,
        "billSec": progress.bill_sec,
        "balanceSubtracted": progress.cost,
        "requestDate": int(call.requested),
    }


class Events:
    """Makes the event of each call, once, and sends it while `run` runs.

    Args:
        options: `events_url`, `events_on` and `event_manners` are read when an event is due.
        timetable: by which late and early events come.
        ledger: where each is noted.
        draws: draw which are lost.
    """

    def __init__(
        self, options: Options, timetable: Timetable, ledger: Ledger, draws: random.Random
    ) -> None:
        self._options = options
        self._timetable = timetable
        self._ledger = ledger
        self._draws = draws
        self._queue: asyncio.Queue[tuple[str, Event]] = asyncio.Queue()

    def placed(self, call: Call) -> None:
        """Plan the event of a call that was placed now, where events come too early."""
        before = -self._options.event_manners.delay
        if before <= 0:
            return
        seconds = end_of(call.number, call.outcome, call.retries)
        event = event_of(call, progress_of(call, seconds))
        call.announced = True
        self._timetable.add(call.placed + seconds - before, lambda: self._send(event))

    def ended(self, call: Call, progress: Progress) -> None:
        """Send the event of a call that has ended now, or plan it where events are late."""
        if call.announced:
            return
        call.announced = True
        event, delay = event_of(call, progress), self._options.event_manners.delay
        if delay > 0:
            self._timetable.add(self._options.time.now + delay, lambda: self._send(event))
        else:
            self._send(event)

    async def run(self) -> None:
        """Send what there is to send, until cancelled."""
        limits = httpx.Limits(max_connections=AT_ONCE)
        timeout = httpx.Timeout(PATIENCE, pool=None)
        async with (
            httpx.AsyncClient(limits=limits, timeout=timeout, trust_env=False) as client,
            asyncio.TaskGroup() as group,
        ):
            while True:
                url, event = await self._queue.get()
                group.create_task(self._post(client, url, event))

    def _send(self, event: Event) -> None:
        url, manners = self._options.events_url, self._options.event_manners
        if url is None or not self._options.events_on:
            return
        if self._draws.random() < manners.lost:
            self._ledger.close(self._note(url, event), "lost")
            return
        for _ in range(manners.repeat):
            self._queue.put_nowait((url, event))

    async def _post(self, client: httpx.AsyncClient, url: str, event: Event) -> None:
        exchange = self._note(url, event)
        try:
            response = await client.post(url, json=event)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("the event of call %s was not taken: %r", event["requestId"], error)
            self._ledger.close(exchange, "not answered")
        else:
            word = "sent" if response.is_success else "refused"
            self._ledger.close(exchange, word, response.status_code)

    def _note(self, url: str, event: Event) -> Exchange:
        exchange = self._ledger.open("event", _path(url))
        exchange.number = event["number"]
        return exchange


def _path(url: str) -> str:
    """Return the path of an address, or all of one that is none."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return url
