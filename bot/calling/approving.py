"""What people say of a draft that waits for a second person: *Approve*, *Decline*, *Cancel*."""

import time
from collections.abc import Callable
from typing import TypeVar

from bot.calling import approvals
from bot.calling.approvals import Approved
from bot.calling.audit import Deed, of_draft
from bot.calling.confirming import confirm_approved
from bot.calling.drafts import Closed, Content
from bot.calling.errors import (
    AlreadyDoneError,
    AuthorGoneError,
    ChatOffError,
    DrainingError,
    ExpiredError,
    LimitError,
    ManagerNeededError,
    OwnApprovalError,
    PausedError,
)
from bot.calling.making import Making
from bot.calling.pauses import Pauses
from bot.calling.refusals import noted
from bot.calling.results import Asked, Defaults, Launched
from bot.calling.rights import Rights, Role
from bot.calling.signals import Signals
from storage.database import Database
from storage.errors import StorageError
from storage.models import Draft, DraftState, Pause, Person
from storage.stores import Stores

T = TypeVar("T")
Outcome = Launched | Asked | AuthorGoneError | None
"""The batch; the draft for its author; that its author is gone; that nothing is left of it."""


class Approving:
    """The first word wins. Rights are read in the transaction that acts on them."""

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

    async def check_approve(self, token: str, *, by: Person) -> None:
        """Return if `approve` would go ahead now; raises as it does, and writes nothing."""

        def look(tx: Stores) -> list[Pause]:
            _check_chat(tx, self._for_approver(tx, token, by))
            return tx.pauses.open()

        await self._refuse_if_closed()
        if paused := await self._database.read(look):
            raise PausedError(paused)

    async def approve(
        self, token: str, *, by: Person, chat_id: int | None = None
    ) -> tuple[Draft, Launched | Asked]:
        """Make the batch of a draft that waits; it stays its author's.

        All that confirming checks is checked anew. What has come up since it was shown is the
        author's to see: it is asked about again, and waits no more. `chat_id` is where it was
        pressed, for the audit.

        Returns:
            The draft as it was, and the batch; or the draft as its author is asked about it.

        Raises:
            ExpiredError: the token is stale, or it waits no more.
            ManagerNeededError: this person may not approve (any more).
            OwnApprovalError: it is their own.
            AlreadyDoneError: somebody was first, or nothing of it is left to call.
            AuthorGoneError: its author may not launch it any more; it is cancelled.
            LimitError: a limit leaves no room for it now; it waits on.
            ChatOffError: its group was taken off; it waits on.
            PausedError: launching is paused.
            DrainingError: the program is about to stop.
        """

        def work(tx: Stores) -> tuple[Draft, Outcome] | list[Pause]:
            draft = self._for_approver(tx, token, by)
            _check_chat(tx, draft)
            if paused := tx.pauses.open():
                return paused
            return draft, self._approve(tx, draft, by, chat_id)

        await self._refuse_if_closed()
        async with noted(self._database, now=self._clock):
            result = await self._commit(token, work)
        if isinstance(result, list):
            raise PausedError(result)
        draft, outcome = result
        self._signals.boards.ring()
        self._signals.approvals.ring()
        if outcome is None:
            raise AlreadyDoneError
        if isinstance(outcome, AuthorGoneError):
            raise outcome
        self._signals.dialer.ring()
        return draft, outcome

    def _approve(self, tx: Stores, draft: Draft, by: Person, chat_id: int | None) -> Outcome:
        now, content = self._clock(), Content.load(draft.content)
        author = Person(id=draft.author_id, name=draft.author_name)
        least = Role.LAUNCHER if content.window_reason is None else Role.MANAGER
        role = self._rights.role_in(tx, author.id)
        if role < least:
            tx.drafts.cancel(draft.id, Closed.AUTHOR_GONE)
            approvals.tell_author(tx, draft)
            approvals.record(tx, Deed.APPROVAL_VOID, draft, by=by, now=now, chat_id=chat_id)
            return AuthorGoneError(author.name)
        making = Making(
            tx=tx,
            defaults=self._defaults,
            by=author,
            now=now,
            anyway=role >= Role.MANAGER,
            approved=Approved(by=by, asked_at=draft.approval_asked_at or now),
        )
        try:
            made = confirm_approved(making, draft)
        except LimitError as error:
            error.name = author.name  # whose limit it is, as somebody else reads this
            raise
        if isinstance(made, Launched):
            tx.drafts.decided(draft.id, by=by, now=now)
            about, after = f"b{made.batch_id}", of_draft(draft.id)
            tx.audit.add(Deed.APPROVED, about, at=now, by=by, chat_id=chat_id, after=after)
        if made is not None:
            approvals.tell_author(tx, draft)
        return made

    async def decline(self, token: str, *, by: Person, chat_id: int | None = None) -> Draft:
        """Cancel a draft that waits, and tell its author; raises as `approve` does."""

        def work(tx: Stores) -> Draft:
            draft, now = self._for_approver(tx, token, by), self._clock()
            tx.drafts.decided(draft.id, by=by, now=now)
            tx.drafts.cancel(draft.id, Closed.DECLINED)
            approvals.tell_author(tx, draft)
            approvals.record(tx, Deed.DECLINED, draft, by=by, now=now, chat_id=chat_id)
            return draft

        return await self._write(work)

    async def withdraw(self, token: str, *, by: Person, chat_id: int | None = None) -> Draft:
        """*Cancel*: by its author, or by a manager; then the author is told.

        Raises:
            ExpiredError, ManagerNeededError, AlreadyDoneError: as `approve` does.
        """

        def work(tx: Stores) -> Draft:
            draft, now = self._asked(tx, token), self._clock()
            if draft.author_id != by.id:
                self._check_manager(tx, by)
            self._check_open(draft)
            if draft.author_id != by.id:
                tx.drafts.decided(draft.id, by=by, now=now)
                approvals.tell_author(tx, draft)
            tx.drafts.cancel(draft.id, Closed.PERSON)
            approvals.record(tx, Deed.WITHDRAWN, draft, by=by, now=now, chat_id=chat_id)
            return draft

        return await self._write(work)

    def _for_approver(self, tx: Stores, token: str, by: Person) -> Draft:
        draft = self._asked(tx, token)
        self._check_manager(tx, by)
        if draft.author_id == by.id:
            raise OwnApprovalError
        self._check_open(draft)
        return draft

    def _asked(self, tx: Stores, token: str) -> Draft:
        draft = tx.drafts.get(token)
        if draft is None or draft.approval_asked_at is None:
            raise ExpiredError
        return draft

    def _check_manager(self, tx: Stores, by: Person) -> None:
        if self._rights.role_in(tx, by.id) < Role.MANAGER:
            raise ManagerNeededError

    def _check_open(self, draft: Draft) -> None:
        """Whoever comes too late is told who was first, where a person was."""
        if draft.state is DraftState.CONFIRMED or (
            draft.state is not DraftState.OPEN and draft.decided_name is not None
        ):
            raise AlreadyDoneError(draft.batch_id, draft.decided_name)
        if not approvals.waits(draft) or self._clock() >= draft.expires_at:
            raise ExpiredError

    async def _commit(self, token: str, work: Callable[[Stores], T]) -> T | tuple[Draft, Launched]:
        """As `Drafting._commit`: where it raises, the record says whether the batch was made."""
        try:
            return await self._database.write(work)
        except StorageError:
            draft = await self._database.read(lambda tx: tx.drafts.get(token))
            if draft is None or draft.batch_id is None:
                raise
            return draft, Launched(batch_id=draft.batch_id)

    async def _write(self, work: Callable[[Stores], Draft]) -> Draft:
        draft = await self._database.write(work)
        self._signals.boards.ring()
        self._signals.approvals.ring()
        return draft

    async def _refuse_if_closed(self) -> None:
        if self.draining:
            raise DrainingError
        if self._pauses.disk:
            raise PausedError(await self._pauses.current())


def _check_chat(tx: Stores, draft: Draft) -> None:
    """Nothing is launched for a group that was taken off."""
    if draft.chat_id < 0 and tx.chats.get(draft.chat_id) is None:
        raise ChatOffError
