"""Drafts: what is shown before a launch, made, changed, looked at and cancelled."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.calling.draft_checks import check_draft, check_numbers, place_of
from bot.calling.drafts import Ask, Closed, Content, can_be_remade
from bot.calling.errors import DrainingError, ExpiredError, NotYoursError, PausedError, UsageError
from bot.calling.leaving_out import leave_out_and_ask
from bot.calling.making import Making
from bot.calling.outside import untimed
from bot.calling.pauses import Pauses
from bot.calling.refusals import noted
from bot.calling.results import Asked, Defaults, Launched, Silent
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from storage.database import Database
from storage.errors import StorageError
from storage.models import Batch, Draft, DraftKind, Pause, Person, Place
from storage.stores import Stores

C = TypeVar("C")


class Drafting:
    """A draft belongs to its author; nothing is launched here."""

    def __init__(
        self,
        *,
        database: Database,
        pauses: Pauses,
        rights: Rights,
        signals: Signals,
        defaults: Defaults,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pauses = pauses
        self._rights = rights
        self._signals = signals
        self._defaults = defaults
        self._clock = clock
        self.draining = False

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    def blank(self, **what: Any) -> Content:
        """A content with the settings' retry count and dialer, and what is given."""
        given: dict[str, Any] = {
            "voice": None,
            "numbers": (),
            "retry_count": self._defaults.retry_count,
            "server_id": self._defaults.server_id,
        }
        return Content(**(given | what))

    @property
    def max_numbers(self) -> int:
        """How many numbers one batch may have at most."""
        return self._defaults.max_numbers

    async def draft(
        self,
        content: Content,
        *,
        by: Person,
        place: Place,
        asked_by: str,
        update_id: int | None = None,
        follows: int | None = None,
    ) -> Asked | Silent:
        """Make a draft, never a launch: it asks for the voice, or for the last word.

        Args:
            content: what would be launched; its warnings are filled in.
            by: whose draft it is.
            place: where, and the message to answer.
            asked_by: names what asked for it for all time.
            update_id: the update that asked, marked as seen in the same transaction.
            follows: the batch that a *Redial* follows.

        Raises:
            UsageError: more than the allowed numbers, or none that may be called.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """
        check_numbers(content, self._defaults)

        def work(tx: Stores) -> Asked | Silent | list[Pause]:
            if tx.batches.asked(asked_by) or tx.drafts.asked(asked_by):
                return Silent()
            if paused := tx.pauses.open():
                return paused
            if update_id is not None and not tx.updates.take(update_id, self._clock()):
                return Silent()
            batch = None if follows is None else tx.batches.get(follows)
            making = self._making(tx, by)
            asking = making.checked(content)
            return making.ask(asking, place=place, asked_by=asked_by, follows=batch)

        await self._refuse_if_closed()
        result = await self._database.write(work)
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.boards.ring()  # its time to expire is the next to look at
        return result

    async def keep(self, content: Content, *, by: Person, place: Place, asked_by: str) -> Asked:
        """Make a draft of more numbers than one batch may have, so that they can become a list.

        It has no voice, so that nothing launches it, and no change brings it one.

        Args:
            content: the numbers, and in `above` how many are allowed.
            by: whose draft it is.
            place: where, and the message to answer.
            asked_by: names what asked for it for all time.
        """

        def work(tx: Stores) -> Asked:
            kept = replace(content, voice=None, voice_name=None, spoken=None)
            return self._making(tx, by).ask(kept, place=place, asked_by=asked_by)

        result = await self._database.write(work)
        self._signals.boards.ring()
        return result

    async def remake(self, token: str, *, by: Person) -> Asked:
        """Make an expired draft again: another one of the same content, with warnings of now.

        Raises:
            ExpiredError: it has not expired, was made again before, follows another batch, or its
                numbers were redacted.
            NotYoursError: the draft belonged to somebody else.
            UsageError: the numbers that one batch may have are fewer by now.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """

        def work(tx: Stores) -> Asked | list[Pause]:
            draft = tx.drafts.get(token)
            if draft is None or not can_be_remade(draft):
                raise ExpiredError
            if draft.author_id != by.id:
                raise NotYoursError(draft)
            asked_by = f"remake:{draft.id}"
            if tx.drafts.asked(asked_by):
                raise ExpiredError
            if paused := tx.pauses.open():
                return paused
            content = untimed(Content.load(draft.content))
            if content.is_redacted:
                raise ExpiredError
            if content.above is None:
                check_numbers(content, self._defaults)
            asks = tuple(ask for ask in content.asks if ask is not Ask.DUPLICATE)
            making = self._making(tx, by)
            content = making.checked(replace(content, asks=asks, duplicate_of=None))
            return making.ask(content, place=place_of(draft), asked_by=asked_by)

        await self._refuse_if_closed()
        result = await self._database.write(work)
        if isinstance(result, list):
            raise PausedError(result)
        self._signals.boards.ring()
        return result

    async def change(
        self, token: str, change: Callable[[Content], Content], *, by: Person
    ) -> Asked:
        """Let the author change an open draft; it has a new token and 15 minutes from now on.

        Raises:
            ExpiredError: the token is stale or the draft is over.
            NotYoursError: the draft belongs to somebody else.
            AlreadyDoneError: it was confirmed before.
            UsageError: more than the allowed numbers, or none left.
        """

        def work(tx: Stores) -> Asked:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            if draft.kind is not DraftKind.CALL:
                raise ExpiredError  # what is tried again is not changed
            making = self._making(tx, by)
            content = change(Content.load(draft.content))
            check_numbers(content, self._defaults)
            return making.change(draft, content)

        return await self._database.write(work)

    async def look(self, token: str, *, by: Person) -> Asked:
        """An open draft of this person as it stands; raises as `change` does."""

        def work(tx: Stores) -> Asked:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            voices = tuple(tx.voices.all())
            return replace(self._making(tx, by).shown(draft), voices=voices)

        return await self._database.read(work)

    async def shown_as(self, draft_id: int, message_id: int) -> None:
        """Record the message that shows a draft."""
        await self._database.write(lambda tx: tx.drafts.shown_as(draft_id, message_id))

    async def add(
        self, draft_id: int, change: Callable[[Content], Content], *, by: Person
    ) -> Asked:
        """Let a draft take in what else its author has sent, whatever its buttons name by now.

        Where all of it cannot be called, the draft is cancelled in the same transaction, for half
        of it must not be called; what its message then says is the caller's to show.

        Raises:
            CallingError: as `change` does.
        """

        def work(tx: Stores) -> Asked | UsageError:
            draft = check_draft(tx.drafts.by_id(draft_id), by, self._clock())
            content = change(Content.load(draft.content))
            try:
                check_numbers(content, self._defaults)
                content = leave_out_and_ask(tx, content)
            except UsageError as error:
                tx.drafts.cancel(draft.id, Closed.PERSON)
                tx.drafts.shown_closed(draft.id)
                return error
            return self._making(tx, by).change(draft, content)

        result = await self._database.write(work)
        if isinstance(result, UsageError):
            raise result
        return result

    async def cancel(self, token: str, *, by: Person) -> Draft:
        """Cancel a draft; raises as `confirm` does, but for pauses and draining."""

        def work(tx: Stores) -> Draft:
            draft = check_draft(tx.drafts.get(token), by, self._clock())
            tx.drafts.cancel(draft.id, Closed.PERSON)
            return draft

        draft = await self._database.write(work)
        self._signals.boards.ring()
        return draft

    async def _commit(
        self, work: Callable[[Stores], C], made: Callable[[Stores], Batch | None]
    ) -> C | Launched:
        """Commit a launch; where that raises, the record itself says whether it was made.

        Who is told "nothing was launched" sends it again, so this must not be said of a batch
        that is there.
        """
        try:
            async with noted(self._database, now=self._clock):
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
        return Making(
            tx=tx,
            defaults=self._defaults,
            by=by,
            now=self._clock(),
            anyway=self._rights.role_in(tx, by.id) >= Role.MANAGER,
        )
