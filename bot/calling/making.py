"""The making of a launch, inside the one transaction that makes it: its drafts and its batch."""

from dataclasses import dataclass, replace

from bot.calling.drafts import LIFETIME, Ask, Closed, Content, new_token
from bot.calling.errors import (
    AlreadyDoneError,
    ExpiredError,
    NotYoursError,
    Problem,
    UsageError,
)
from bot.calling.request import CallRequest
from bot.calling.results import Asked, Defaults, Launched
from storage.models import Batch, Draft, DraftKind, DraftState, NewBatch, NewDraft, Person, Place
from storage.stores import Stores

SAME_AGAIN = 600.0  # seconds in which the same voice for the same numbers asks first


def content_of(request: CallRequest, asks: tuple[Ask, ...], defaults: Defaults) -> Content:
    """What a request would launch, with every reason to ask that it holds.

    Raises:
        UsageError: more than the allowed numbers, or none that can be called.
    """
    numbers = request.numbers
    if not numbers.numbers:
        raise UsageError(Problem.NOTHING_CALLABLE, uncallable=numbers.uncallable)
    if len(numbers.numbers) > defaults.max_numbers:
        raise UsageError(Problem.TOO_MANY, str(len(numbers.numbers)), defaults.max_numbers)
    found = [
        (Ask.MANY, len(numbers.numbers) > defaults.confirm_above),
        (Ask.UNCALLABLE, bool(numbers.uncallable)),
        (Ask.VOICE, not request.voice_looks_right),
        (Ask.REPLY, request.by_reply),
    ]
    retry, server = request.retry_count, request.server_id
    return Content(
        voice=request.voice,
        retry_count=defaults.retry_count if retry is None else retry,
        server_id=defaults.server_id if server is None else server,
        numbers=numbers.numbers,
        repeated=len(numbers.repeated),
        uncallable=numbers.uncallable,
        asks=(*(ask for ask, holds in found if holds), *asks),
        reply_left_out=request.reply_left_out,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One launch by one person, at one moment, in one transaction."""

    tx: Stores
    defaults: Defaults
    by: Person
    now: float

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
        """Make a draft; with `follows` it is a *Try again* of these submissions."""
        token = new_token()
        draft_id = self.tx.drafts.create(
            NewDraft(
                token=token,
                kind=DraftKind.TRY_AGAIN if follows else DraftKind.CALL,
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
        return Asked(draft_id=draft_id, token=token, content=content)

    def ask_again(self, draft: Draft, content: Content) -> Asked | None:
        """Give the draft new content and token, if something has changed since it was shown."""
        asking = self.with_duplicate(content)
        if asking is content:
            return None
        token = new_token()
        self.tx.drafts.ask_again(
            draft.id, token=token, content=asking.dump(), expires_at=self.now + LIFETIME
        )
        return Asked(draft_id=draft.id, token=token, content=asking)

    def launch(self, content: Content, *, place: Place, asked_by: str) -> Launched:
        """Make the batch at once; its board is to be posted."""
        batch_id = self.tx.batches.create(self._batch(content, place, asked_by), now=self.now)
        self.tx.boards.create(batch_id, place)
        return Launched(batch_id=batch_id)

    def confirm(self, draft: Draft, content: Content) -> Launched:
        """Make the batch of a draft, whose message becomes the board."""
        new = self._batch(content, _place(draft), f"draft:{draft.id}")
        return Launched(batch_id=self._close(draft, new))

    def confirm_try_again(self, draft: Draft) -> Launched | None:
        """Rule 5: take what is still so, has no evidence waiting and no follow-up yet.

        Returns:
            The follow-up; None if nothing was left to take, and the draft is cancelled.
        """
        follows = self.tx.batches.get(draft.source_batch_id or 0)
        wanted = self.tx.drafts.sources(draft.id)
        still = (
            ()
            if follows is None
            else tuple(
                source.id
                for source in self.tx.submissions.to_try_again(follows.id)
                if source.id in wanted
            )
        )
        if follows is None or not still:
            self.tx.drafts.cancel(draft.id, Closed.NOTHING_LEFT)
            return None
        new = replace(
            self._batch(
                self.try_again_content(follows, still), _place(draft), f"draft:{draft.id}"
            ),
            follows=follows.id,
            followed_as="try_again",
            sources=still,
        )
        batch_id = self._close(draft, new)
        self.tx.batches.touch(follows.id)  # its board says where it goes on, and offers it no more
        return Launched(batch_id=batch_id, fell_out=len(wanted) - len(still))

    def try_again_content(self, batch: Batch, sources: tuple[int, ...]) -> Content:
        """Every number of these submissions; the claim skips what may have rung after all."""
        return Content(
            voice=batch.voice,
            retry_count=batch.retry_count,
            server_id=batch.server_id,
            numbers=tuple(
                call.number for source in sources for call in self.tx.calls.of_submission(source)
            ),
            asks=(Ask.TRY_AGAIN,),
        )

    def _close(self, draft: Draft, new: NewBatch) -> int:
        batch_id = self.tx.batches.create(new, now=self.now)
        self.tx.boards.create(batch_id, new.place, draft.message_id)
        self.tx.drafts.confirm(draft.id, batch_id)
        return batch_id

    def _batch(self, content: Content, place: Place, asked_by: str) -> NewBatch:
        numbers, size = content.numbers, self.defaults.per_post
        return NewBatch(
            asked_by=asked_by,
            voice=content.voice,
            retry_count=content.retry_count,
            server_id=content.server_id,
            author=self.by,
            place=place,
            cuts=tuple(numbers[start : start + size] for start in range(0, len(numbers), size)),
            fingerprint=content.fingerprint,
            repeated=content.repeated,
        )


def _place(draft: Draft) -> Place:
    return Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
