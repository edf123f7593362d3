"""From a request to a batch: at once, or by a draft that its author confirms."""

from dataclasses import replace

from bot.calling import limits
from bot.calling.confirming import confirm_draft
from bot.calling.draft_checks import check_draft, check_first, content_of, first_asked_by
from bot.calling.drafting import Drafting
from bot.calling.drafts import Ask, Content
from bot.calling.errors import AlreadyDoneError, ExpiredError, PausedError
from bot.calling.outside import NOW, Timing
from bot.calling.refusals import noted, refused_to
from bot.calling.request import CallRequest
from bot.calling.results import Asked, Defaults, Launched, Result, Silent, Waits
from bot.calling.trying_again import checked_try_again
from storage.errors import StorageError
from storage.models import Batch, Pause, Person, Place
from storage.stores import Stores

__all__ = ["Asked", "Defaults", "Launched", "Launches", "Result", "Silent", "Waits"]

SHOWN_WITHIN = 1.5  # seconds after which a board is posted that has no outcome to show


class Launches(Drafting):
    """Makes batches; each is committed whole before anything is sent (rule 1)."""

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
            request: what was typed; one without a voice makes a draft that asks for it.
            by: who typed it.
            place: where, and the message to answer.
            asked_by: names that message for all time.
            update_id: the update that brought it, marked as seen in the same transaction, but
                not if an error is raised: its answer is the caller's to give once.
            asks: further reasons to ask first, beside those found in the request.

        Raises:
            UsageError: more than the allowed numbers, or none that can be called.
            LimitError: a limit leaves no room for it, or every number is at its own limit.
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
            asking = making.with_approval(making.with_outside(making.checked(content)))
            skips = False
            if Ask.OUTSIDE not in asking.asks:
                with refused_to(by, place.chat_id):
                    window = self._defaults.window
                    skips = limits.check_numbers(tx, asking.numbers, window, making.now)
                if skips:
                    asking = replace(asking, asks=(*asking.asks, Ask.AT_LIMIT))
            if asking.asks or asking.voice is None:
                return making.ask(asking, place=place, asked_by=asked_by)
            return making.launch(asking, place=place, asked_by=asked_by)

        await self._refuse_if_closed()
        result = await self._commit(work, lambda tx: tx.batches.asked(asked_by))
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.dialer.ring()
        self._signals.boards.ring_in(SHOWN_WITHIN)  # even if no outcome comes before
        return result

    async def check_first(self, token: str, *, by: Person) -> None:
        """Return if `first` would go ahead now; raises as it does, and writes nothing."""

        def look(tx: Stores) -> list[Pause]:
            check_first(tx, check_draft(tx.drafts.get(token), by, self._clock()), by)
            self._making(tx, by).check_inside()
            return tx.pauses.open()

        await self._refuse_if_closed()
        if paused := await self._database.read(look):
            raise PausedError(paused)

    async def first(self, token: str, *, by: Person) -> tuple[Launched, Asked]:
        """*Call me first*: launch the author's own number alone; the draft stays open.

        Raises:
            NumberUnknownError: this person has not shared their number.
            ApprovalNeededError: even this call needs a second person.
            UsageError: nobody else is in the draft, or their number is on the do-not-call list.
            OutsideError: the calling window is closed.
            CallingError: as `confirm` says.
        """
        of: list[int] = []

        def work(tx: Stores) -> tuple[Launched, Asked] | list[Pause]:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            of.append(draft.id)
            self._making(tx, by).check_inside()
            number = check_first(tx, draft, by)
            if paused := tx.pauses.open():
                return paused
            return self._making(tx, by).first(draft, Content.load(draft.content), number)

        def made(tx: Stores) -> tuple[Launched, Asked] | None:
            batch = tx.batches.asked(first_asked_by(token))
            draft = tx.drafts.by_id(of[-1]) if of else None
            if batch is None or draft is None:
                return None
            content = Content.load(draft.content)
            asked = Asked(draft_id=draft.id, token=draft.token, content=content)
            return Launched(batch_id=batch.id), asked

        await self._refuse_if_closed()
        result: tuple[Launched, Asked] | list[Pause]
        try:
            async with noted(self._database, now=self._clock):
                result = await self._database.write(work)
        except StorageError:  # as in `_commit`
            found = await self._database.read(made)
            if found is None:
                raise
            result = found
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.dialer.ring()
        self._signals.boards.ring_in(SHOWN_WITHIN)
        return result

    async def confirm(
        self, token: str, *, by: Person, message_id: int | None, timing: Timing = NOW
    ) -> Result | Waits:
        """Make the batch of a draft, or ask again if something has changed since it was shown.

        Args:
            token: the draft's.
            by: who presses.
            message_id: the message that was pressed; None if it is the one that shows the draft.
            timing: what was pressed to get outside the calling window: it counts there only, and
                a launch that needs it without it is asked again.

        Raises:
            UsageError: all of its numbers are on the do-not-call list by now.
            ExpiredError: the token is stale or the draft is over.
            NotYoursError: the draft belongs to somebody else.
            AlreadyDoneError: it was confirmed before.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """

        def work(tx: Stores) -> Result | Waits | list[Pause] | None:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            if paused := tx.pauses.open():
                return paused
            if message_id is not None and draft.message_id is None:
                tx.drafts.shown_as(draft.id, message_id)
                draft = replace(draft, message_id=message_id)
            making = self._making(tx, by)
            content = making.timed(Content.load(draft.content), timing)
            if content is None:
                return making.shown(draft)
            return confirm_draft(making, draft, content)

        await self._refuse_if_closed()
        result = await self._commit(work, lambda tx: _became(tx, token))
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.boards.ring()
        if result is None:
            raise AlreadyDoneError
        self._signals.approvals.ring()
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

    async def try_again(self, batch_id: int, *, by: Person, place: Place, asked_by: str) -> Result:
        """Make the draft that would call again what surely did not ring.

        Raises:
            UsageError: all of these numbers are on the do-not-call list.
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
                checked_try_again(tx, batch, sources),
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


def _became(tx: Stores, token: str) -> Batch | None:
    """The batch that the draft of this token has become."""
    draft = tx.drafts.get(token)
    return None if draft is None or draft.batch_id is None else tx.batches.get(draft.batch_id)
