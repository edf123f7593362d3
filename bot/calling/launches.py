"""From a request to a batch: at once, or by a draft that its author confirms."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.calling.drafts import Ask, Closed, Content
from bot.calling.errors import AlreadyDoneError, DrainingError, ExpiredError, PausedError
from bot.calling.making import Making, check_draft, content_of
from bot.calling.pauses import Pauses
from bot.calling.request import CallRequest
from bot.calling.results import Asked, Defaults, Launched, Result, Silent
from bot.calling.signals import Signals
from storage.database import Database
from storage.errors import StorageError
from storage.models import Batch, Draft, DraftKind, Pause, Person, Place
from storage.stores import Stores

__all__ = ["Asked", "Defaults", "Launched", "Launches", "Result", "Silent"]

C = TypeVar("C")

SHOWN_WITHIN = 1.5  # seconds after which a board is posted that has no outcome to show


class Launches:
    """Makes batches; each is committed whole before anything is sent (rule 1)."""

    def __init__(
        self,
        *,
        database: Database,
        pauses: Pauses,
        signals: Signals,
        defaults: Defaults,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pauses = pauses
        self._signals = signals
        self._defaults = defaults
        self._clock = clock
        self.draining = False

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    async def call(
        self,
        request: CallRequest,
        *,
        by: Person,
        place: Place,
        asked_by: str,
        update_id: int | None = None,
        asks: tuple[Ask, ...] = (),
    ) -> Result:
        """Launch a request, or make the draft that asks, in one transaction.

        Args:
            request: what was typed.
            by: who typed it.
            place: where, and the message to answer.
            asked_by: names that message for all time.
            update_id: the update that brought it, marked as seen in the same transaction, but
                not if an error is raised: its answer is the caller's to give once.
            asks: further reasons to ask first, beside those found in the request.

        Raises:
            UsageError: more than the allowed numbers, or none that can be called.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """
        content = content_of(request, asks, self._defaults)

        def work(tx: Stores) -> Result | list[Pause]:
            if tx.batches.asked(asked_by) or tx.drafts.asked(asked_by):
                return Silent()
            if paused := tx.pauses.open():
                return paused
            if update_id is not None and not tx.updates.take(update_id, self._clock()):
                return Silent()
            making = self._making(tx, by)
            asking = making.with_duplicate(content)
            if asking.asks:
                return making.ask(asking, place=place, asked_by=asked_by)
            return making.launch(asking, place=place, asked_by=asked_by)

        await self._refuse_if_closed()
        result = await self._commit(work, lambda tx: tx.batches.asked(asked_by))
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.dialer.ring()
        self._signals.boards.ring_in(SHOWN_WITHIN)  # even if no outcome comes before
        return result

    async def confirm(self, token: str, *, by: Person, message_id: int | None) -> Result:
        """Make the batch of a draft, or ask again if something has changed since it was shown.

        Raises:
            ExpiredError: the token is stale or the draft is over.
            NotYoursError: the draft belongs to somebody else.
            AlreadyDoneError: it was confirmed before.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """

        def work(tx: Stores) -> Result | list[Pause] | None:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            if paused := tx.pauses.open():
                return paused
            if message_id is not None and draft.message_id is None:
                tx.drafts.shown_as(draft.id, message_id)
                draft = replace(draft, message_id=message_id)
            making = self._making(tx, by)
            if draft.kind is DraftKind.TRY_AGAIN:
                return making.confirm_try_again(draft)
            content = Content.load(draft.content)
            return making.ask_again(draft, content) or making.confirm(draft, content)

        await self._refuse_if_closed()
        result = await self._commit(work, lambda tx: _became(tx, token))
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.boards.ring()
        if result is None:
            raise AlreadyDoneError
        self._signals.dialer.ring()
        return result

    async def check_confirm(self, token: str, *, by: Person) -> None:
        """Return if `confirm` would go ahead now; raises as it does, and writes nothing."""

        def look(tx: Stores) -> list[Pause]:
            check_draft(tx.drafts.get(token), by, self._clock())
            return tx.pauses.open()

        await self._refuse_if_closed()
        if paused := await self._database.read(look):
            raise PausedError(paused)

    async def check_try_again(self, batch_id: int) -> None:
        """Return if `try_again` would make a draft now; raises as it does, and writes nothing."""
        await self._refuse_if_closed()
        again, paused = await self._database.read(
            lambda tx: (tx.submissions.to_try_again(batch_id), tx.pauses.open())
        )
        if not again:
            raise ExpiredError
        if paused:
            raise PausedError(paused)

    async def shown_as(self, draft_id: int, message_id: int) -> None:
        """Record the message that shows a draft."""
        await self._database.write(lambda tx: tx.drafts.shown_as(draft_id, message_id))

    async def cancel(self, token: str, *, by: Person) -> Draft:
        """Cancel a draft; raises as `confirm` does, but for pauses and draining."""

        def work(tx: Stores) -> Draft:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            tx.drafts.cancel(draft.id, Closed.PERSON)
            return draft

        draft = await self._database.write(work)
        self._signals.boards.ring()
        return draft

    async def try_again(self, batch_id: int, *, by: Person, place: Place, asked_by: str) -> Result:
        """Make the draft that would call again what surely did not ring.

        Raises:
            ExpiredError: there is nothing of this batch that may be tried again.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """

        def work(tx: Stores) -> Result | list[Pause]:
            if tx.drafts.asked(asked_by):
                return Silent()
            if paused := tx.pauses.open():
                return paused
            batch = tx.batches.get(batch_id)
            sources = tuple(s.id for s in tx.submissions.to_try_again(batch_id))
            if batch is None or not sources:
                raise ExpiredError
            making = self._making(tx, by)
            return making.ask(
                making.try_again_content(batch, sources),
                place=place,
                asked_by=asked_by,
                follows=batch,
                sources=sources,
            )

        await self._refuse_if_closed()
        result = await self._database.write(work)
        if isinstance(result, list):
            raise PausedError(result)
        return result

    async def _commit(
        self, work: Callable[[Stores], C], made: Callable[[Stores], Batch | None]
    ) -> C | Launched:
        """Commit a launch; where that raises, the record itself says whether it was made.

        Who is told "nothing was launched" sends it again, so this must not be said of a batch
        that is there.
        """
        try:
            return await self._database.write(work)
        except StorageError:
            batch = await self._database.read(made)
            if batch is None:
                raise
            return Launched(batch_id=batch.id)

    async def _refuse_if_closed(self) -> None:
        if self.draining:
            raise DrainingError
        if self._pauses.disk:
            raise PausedError(await self._pauses.current())

    def _making(self, tx: Stores, by: Person) -> Making:
        return Making(tx=tx, defaults=self._defaults, by=by, now=self._clock())


def _became(tx: Stores, token: str) -> Batch | None:
    """The batch that the draft of this token has become."""
    draft = tx.drafts.get(token)
    return None if draft is None or draft.batch_id is None else tx.batches.get(draft.batch_id)
