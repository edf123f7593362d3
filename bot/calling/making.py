"""The making of a launch, inside the one transaction that makes it: its drafts and its batch."""

from dataclasses import dataclass, replace

from bot.calling import approvals, guards, limits
from bot.calling.batch_making import BatchMaking
from bot.calling.draft_checks import first_asked_by, place_of
from bot.calling.drafts import LIFETIME, Ask, Content, new_token
from bot.calling.errors import ApprovalNeededError, ExpiredError, OutsideError
from bot.calling.leaving_out import leave_out_and_ask
from bot.calling.limits import Share
from bot.calling.outside import Outside, Timing, untimed
from bot.calling.results import Asked, Launched, Waits
from storage.models import Batch, Draft, DraftKind, NewDraft, Place

SAME_AGAIN = 600.0  # seconds in which the same voice for the same numbers asks first


@dataclass(frozen=True, slots=True, kw_only=True)
class Making(BatchMaking):
    """One launch by one person, at one moment, in one transaction: its drafts and its batch."""

    @property
    def outside(self) -> Outside | None:
        """What holds outside the calling window, if it is closed now."""
        window = self.defaults.window
        if window.is_open(self.now):
            return None
        opens_at = window.opens_at(self.now)
        return Outside(window=window, opens_at=opens_at, anyway=self.anyway)

    def with_outside(self, content: Content) -> Content:
        """The content with one more reason to ask, outside the calling window."""
        if self.outside is None:
            return content
        return replace(content, asks=(*content.asks, Ask.OUTSIDE))

    def check_inside(self) -> None:
        """Return if the calling window is open; raises `OutsideError` if not."""
        if self.outside is not None:
            raise OutsideError(self.defaults.window, self.now)

    def timed(self, content: Content, timing: Timing) -> Content | None:
        """The content as it goes out by what was pressed; None if that needs another press.

        Raises:
            ExpiredError: who may not call outside the calling window is to do so.
        """
        if timing.reason is not None and not self.anyway:
            raise ExpiredError  # no button of ours leads here
        return timing.of(content, self.defaults.window, self.now)

    def checked(self, content: Content) -> Content:
        """The content as it can be launched now, with what is to be asked first.

        Left out is who is on the do-not-call list.

        Raises:
            UsageError: nobody is left.
        """
        return self.with_duplicate(leave_out_and_ask(self.tx, content))

    def with_duplicate(self, content: Content) -> Content:
        """The content with one more reason to ask, if just this was launched lately."""
        same = self.tx.batches.duplicate(content.fingerprint, self.now - SAME_AGAIN)
        if same is None or same.id == content.duplicate_of:
            return content
        return replace(
            content,
            asks=(*(ask for ask in content.asks if ask is not Ask.DUPLICATE), Ask.DUPLICATE),
            duplicate_of=same.id,
            duplicate_at=same.created_at,
            duplicate_by=same.author_name,
        )

    def ask(
        self,
        content: Content,
        *,
        place: Place,
        asked_by: str,
        follows: Batch | None = None,
        sources: tuple[int, ...] = (),
    ) -> Asked:
        """Make a draft; with `follows` it is a *Redial*, with `sources` a *Try again* of them."""
        token = new_token()
        kind = DraftKind.TRY_AGAIN if sources else DraftKind.CALL
        if kind is DraftKind.CALL:
            content = self.with_warnings(content, follows.id if follows else None)
        else:
            content = self.with_limits(content)
        content = self.with_approval(content)
        draft_id = self.tx.drafts.create(
            NewDraft(
                token=token,
                kind=kind,
                asked_by=asked_by,
                author=self.by,
                place=place,
                content=content.dump(),
                created_at=self.now,
                expires_at=self.now + LIFETIME,
                source_batch_id=follows.id if follows else None,
                sources=sources,
            )
        )
        return self._asked(draft_id, token, content, kind)

    def change(self, draft: Draft, content: Content) -> Asked:
        """Give an open draft other content; the buttons of what it was are stale from now on."""
        asks = tuple(ask for ask in content.asks if ask is not Ask.DUPLICATE)
        content = replace(content, above=None)  # who changes it has counted them
        content = self.checked(replace(content, asks=asks, duplicate_of=None))
        return self.ask_anew(draft, self.with_warnings(content, draft.source_batch_id))

    def ask_anew(self, draft: Draft, content: Content) -> Asked:
        """Show an open draft with this content, and new buttons."""
        token, content = new_token(), untimed(content)  # when it goes out is chosen anew
        content = self.with_approval(content)
        self.tx.drafts.ask_again(
            draft.id, token=token, content=content.dump(), expires_at=self.now + LIFETIME
        )
        return self._asked(draft.id, token, content, draft.kind)

    def with_warnings(self, content: Content, follows: int | None) -> Content:
        """The content with what its author should know before they launch it."""
        warned = guards.with_warnings(self.tx, content, now=self.now, follows=follows)
        return self.with_limits(warned)

    def with_limits(self, content: Content) -> Content:
        """The content with what the limits would say of it now."""
        cost = guards.expected_cost(self.tx, content.voice, len(content.numbers)) or 0
        share = Share(numbers=len(content.numbers), cost=cost, author_id=self.by.id)
        return limits.warned(self.tx, content, share, self.defaults.window, self.now)

    def with_approval(self, content: Content) -> Content:
        """The content with one more reason to ask, if as it stands it needs a second person."""
        asks: tuple[Ask, ...] = tuple(ask for ask in content.asks if ask is not Ask.APPROVAL)
        if content.voice is not None and approvals.needs_of(self.tx, content):
            asks = (*asks, Ask.APPROVAL)
        return content if asks == content.asks else replace(content, asks=asks)

    def shown(self, draft: Draft) -> Asked:
        """An open draft as it is to be shown now."""
        return self._asked(draft.id, draft.token, Content.load(draft.content), draft.kind)

    def _asked(self, draft_id: int, token: str, content: Content, kind: DraftKind) -> Asked:
        voices = () if content.voice is not None else tuple(self.tx.voices.all())
        return Asked(
            draft_id=draft_id,
            token=token,
            content=content,
            kind=kind,
            voices=voices,
            outside=self.outside,
        )

    def ask_again(self, draft: Draft, content: Content) -> Asked | None:
        """Give the draft new content and token, if something has changed since it was shown."""
        asking = self.checked(content)
        warned = self.with_warnings(asking, draft.source_batch_id)
        if asking is content and not set(warned.recent) - set(content.recent):
            return None
        return self.change(draft, content)

    def launch(
        self, content: Content, *, place: Place, asked_by: str, undoable: bool = False
    ) -> Launched:
        """Make the batch; its board is to be posted. One that is `undoable` waits for *Undo*."""
        new = self.batch(content, place, asked_by)
        batch_id = self.create(self.undoable(new) if undoable else new)
        self.tx.boards.create(batch_id, place)
        return Launched(batch_id=batch_id)

    def first(self, draft: Draft, content: Content, number: str) -> tuple[Launched, Asked]:
        """A batch of its own for the author's own number; the draft goes on without it."""
        alone = replace(content, numbers=(number,), names={}, repeated=0, list_ref=None)
        alone = replace(alone, list_name=None, launch_ref=None)
        place = replace(place_of(draft), reply_to=draft.message_id)
        launched = self.launch(alone, place=place, asked_by=first_asked_by(draft.token))
        left = content.without((number,))
        left = replace(left, first=launched.batch_id, first_number=number)
        return launched, self.change(draft, left)

    def confirm(self, draft: Draft, content: Content) -> Launched | Waits:
        """Make the batch of a draft, whose message becomes the board; or let it wait for that."""
        new = self.undoable(self.batch(content, place_of(draft), f"draft:{draft.id}"))
        if draft.source_batch_id is not None:
            new = replace(new, follows=draft.source_batch_id, followed_as="redial")
        try:
            return Launched(batch_id=self.close(draft, new))
        except ApprovalNeededError:  # nothing is written by then
            return self.wait(draft, content)

    def wait(self, draft: Draft, content: Content) -> Waits:
        """Let a draft wait for a second person."""
        approvals.wait(self.tx, draft, content, self.now)
        return Waits(draft_id=draft.id)
