"""From a request to a batch: at once, or by a draft that its author confirms."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.calling.drafts import LIFETIME, Ask, Closed, Content, new_token
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    NotYoursError,
    PausedError,
    Problem,
    UsageError,
)
from bot.calling.pauses import Pauses
from bot.calling.request import CallRequest
from bot.calling.signals import Signals
from storage.database import Database
from storage.errors import StorageError
from storage.models import (
    Batch,
    Draft,
    DraftKind,
    DraftState,
    NewBatch,
    NewDraft,
    Pause,
    Person,
    Place,
)
from storage.stores import Stores

log = logging.getLogger(__name__)

C = TypeVar("C")

SAME_AGAIN = 600.0  # seconds in which the same voice for the same numbers asks first
PER_POST = 100  # numbers in one POST at most (the gateway's documentation, Batch Call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The settings that a launch is made with."""

    retry_count: int = 1
    server_id: str | None = None
    confirm_above: int = 20
    max_numbers: int = 1000
    per_post: int = PER_POST


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A batch was made; `fell_out` counts the submissions that a *Try again* could not take."""

    batch_id: int
    fell_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A draft is to be shown; nothing was launched."""

    draft_id: int
    token: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """The same update came again: it was handled before, nothing is said or changed."""


Result = Launched | Asked | Silent


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
        content = self._content(request, asks)

        def work(tx: Stores) -> Result | list[Pause]:
            if tx.batches.asked(asked_by) or tx.drafts.asked(asked_by):
                return Silent()
            if paused := tx.pauses.open():
                return paused
            if update_id is not None and not tx.updates.take(update_id, self._clock()):
                return Silent()
            asking = self._with_duplicate(tx, content)
            if asking.asks:
                return self._ask(tx, asking, by=by, place=place, asked_by=asked_by)
            return self._launch(tx, asking, by=by, place=place, asked_by=asked_by)

        await self._refuse_if_closed()
        result = await self._commit(work, asked_by)
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.dialer.ring()
        self._signals.boards.ring()  # its board is due in a moment, even if no outcome comes
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
            if draft.kind is DraftKind.TRY_AGAIN:
                return self._confirm_try_again(tx, draft, by)
            content = Content.load(draft.content)
            if (asked_again := self._ask_again(tx, draft, content)) is not None:
                return asked_again
            return self._confirm(tx, draft, content, by)

        await self._refuse_if_closed()
        result = await self._database.write(work)
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
            content = _try_again_content(tx, batch, sources)
            return self._ask(
                tx, content, by=by, place=place, asked_by=asked_by, follows=batch, sources=sources
            )

        await self._refuse_if_closed()
        result = await self._database.write(work)
        if isinstance(result, list):
            raise PausedError(result)
        return result

    async def _commit(self, work: Callable[[Stores], C], asked_by: str) -> C | Launched:
        """Commit a launch; where that raises, the record itself says whether it was made.

        Who is told "nothing was launched" sends it again, so this must not be said of a batch
        that is there.
        """
        try:
            return await self._database.write(work)
        except StorageError:
            batch = await self._database.read(lambda tx: tx.batches.asked(asked_by))
            if batch is None:
                raise
            return Launched(batch_id=batch.id)

    async def _refuse_if_closed(self) -> None:
        if self.draining:
            raise DrainingError
        if self._pauses.disk:
            raise PausedError(await self._pauses.current())

    def _content(self, request: CallRequest, asks: tuple[Ask, ...]) -> Content:
        numbers = request.numbers
        if not numbers.numbers:
            raise UsageError(Problem.NOTHING_CALLABLE, uncallable=numbers.uncallable)
        if len(numbers.numbers) > self._defaults.max_numbers:
            raise UsageError(
                Problem.TOO_MANY, str(len(numbers.numbers)), self._defaults.max_numbers
            )
        found = [
            (Ask.MANY, len(numbers.numbers) > self._defaults.confirm_above),
            (Ask.UNCALLABLE, bool(numbers.uncallable)),
            (Ask.VOICE, not request.voice_looks_right),
            (Ask.REPLY, request.by_reply),
        ]
        retry, server = request.retry_count, request.server_id
        return Content(
            voice=request.voice,
            retry_count=self._defaults.retry_count if retry is None else retry,
            server_id=self._defaults.server_id if server is None else server,
            numbers=numbers.numbers,
            repeated=len(numbers.repeated),
            uncallable=numbers.uncallable,
            asks=(*(ask for ask, holds in found if holds), *asks),
            reply_left_out=request.reply_left_out,
        )

    def _with_duplicate(self, tx: Stores, content: Content) -> Content:
        """Decided in the transaction that would make the batch: was just this launched lately?"""
        same = tx.batches.duplicate(content.fingerprint, self._clock() - SAME_AGAIN)
        if same is None or same.id == content.duplicate_of:
            return content
        return replace(
            content,
            asks=(*(ask for ask in content.asks if ask is not Ask.DUPLICATE), Ask.DUPLICATE),
            duplicate_of=same.id,
            duplicate_at=same.created_at,
            duplicate_by=same.author_name,
        )

    def _ask(
        self,
        tx: Stores,
        content: Content,
        *,
        by: Person,
        place: Place,
        asked_by: str,
        follows: Batch | None = None,
        sources: tuple[int, ...] = (),
    ) -> Asked:
        token, now = new_token(), self._clock()
        draft_id = tx.drafts.create(
            NewDraft(
                token=token,
                kind=DraftKind.TRY_AGAIN if follows else DraftKind.CALL,
                asked_by=asked_by,
                author=by,
                place=place,
                content=content.dump(),
                created_at=now,
                expires_at=now + LIFETIME,
                source_batch_id=follows.id if follows else None,
                sources=sources,
            )
        )
        return Asked(draft_id=draft_id, token=token, content=content)

    def _ask_again(self, tx: Stores, draft: Draft, content: Content) -> Asked | None:
        asking = self._with_duplicate(tx, content)
        if asking is content:
            return None
        token = new_token()
        expires_at = self._clock() + LIFETIME
        tx.drafts.ask_again(draft.id, token=token, content=asking.dump(), expires_at=expires_at)
        return Asked(draft_id=draft.id, token=token, content=asking)

    def _launch(
        self, tx: Stores, content: Content, *, by: Person, place: Place, asked_by: str
    ) -> Launched:
        new = self._new_batch(content, by, place, asked_by)
        batch_id = tx.batches.create(new, now=self._clock())
        tx.boards.create(batch_id, place)
        return Launched(batch_id=batch_id)

    def _confirm(self, tx: Stores, draft: Draft, content: Content, by: Person) -> Launched:
        place = Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
        new = self._new_batch(content, by, place, f"draft:{draft.id}")
        batch_id = tx.batches.create(new, now=self._clock())
        tx.boards.create(batch_id, place, draft.message_id)
        tx.drafts.confirm(draft.id, batch_id)
        return Launched(batch_id=batch_id)

    def _confirm_try_again(self, tx: Stores, draft: Draft, by: Person) -> Launched | None:
        """Rule 5: take what is still so, has no evidence waiting and no follow-up yet."""
        follows = tx.batches.get(draft.source_batch_id or 0)
        wanted = tx.drafts.sources(draft.id)
        still = (
            ()
            if follows is None
            else tuple(s.id for s in tx.submissions.to_try_again(follows.id) if s.id in wanted)
        )
        if follows is None or not still:
            tx.drafts.cancel(draft.id, Closed.NOTHING_LEFT)
            return None
        content = _try_again_content(tx, follows, still)
        place = Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
        new = replace(
            self._new_batch(content, by, place, f"draft:{draft.id}"),
            follows=follows.id,
            followed_as="try_again",
            sources=still,
        )
        batch_id = tx.batches.create(new, now=self._clock())
        tx.boards.create(batch_id, place, draft.message_id)
        tx.drafts.confirm(draft.id, batch_id)
        tx.batches.touch(follows.id)  # its board says where it goes on, and offers it no more
        return Launched(batch_id=batch_id, fell_out=len(wanted) - len(still))

    def _new_batch(self, content: Content, by: Person, place: Place, asked_by: str) -> NewBatch:
        numbers, size = content.numbers, self._defaults.per_post
        return NewBatch(
            asked_by=asked_by,
            voice=content.voice,
            retry_count=content.retry_count,
            server_id=content.server_id,
            author=by,
            place=place,
            cuts=tuple(numbers[start : start + size] for start in range(0, len(numbers), size)),
            fingerprint=content.fingerprint,
            repeated=content.repeated,
        )


def check_draft(draft: Draft | None, by: Person, now: float) -> Draft:
    """The draft, if this person may act on it now; raises as `Launches.confirm` says."""
    if draft is None:
        raise ExpiredError
    if draft.author_id != by.id:
        raise NotYoursError(draft)
    if draft.state is DraftState.CONFIRMED:
        raise AlreadyDoneError(draft.batch_id, draft.author_name)
    if draft.state is not DraftState.OPEN or now >= draft.expires_at:
        raise ExpiredError
    return draft


def _try_again_content(tx: Stores, batch: Batch, sources: tuple[int, ...]) -> Content:
    """Every number of these submissions; the claim skips those that may have rung after all."""
    return Content(
        voice=batch.voice,
        retry_count=batch.retry_count,
        server_id=batch.server_id,
        numbers=tuple(
            call.number for source in sources for call in tx.calls.of_submission(source)
        ),
        asks=(Ask.TRY_AGAIN,),
    )
