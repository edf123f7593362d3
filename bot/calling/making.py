"""The making of a launch, inside the one transaction that makes it: its drafts and its batch."""

from dataclasses import dataclass, replace

from bot.calling import guards
from bot.calling.drafts import LIFETIME, Ask, Closed, Content, new_token
from bot.calling.errors import (
    AlreadyDoneError,
    ExpiredError,
    NotYoursError,
    NumberUnknownError,
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
    found = [
        (Ask.MANY, len(numbers.numbers) > defaults.confirm_above),
        (Ask.UNCALLABLE, bool(numbers.uncallable)),
        (Ask.REPLY, request.by_reply),
    ]
    retry, server = request.retry_count, request.server_id
    content = Content(
        voice=request.voice,
        voice_name=request.voice_name,
        retry_count=defaults.retry_count if retry is None else retry,
        server_id=defaults.server_id if server is None else server,
        numbers=numbers.numbers,
        repeated=len(numbers.repeated),
        uncallable=numbers.uncallable,
        asks=(*(ask for ask, holds in found if holds), *asks),
        reply_left_out=request.reply_left_out,
    )
    check_numbers(content, defaults)
    return content


def check_numbers(content: Content, defaults: Defaults) -> None:
    """Return if one batch can call these numbers.

    Raises:
        UsageError: more than the allowed numbers, or none that can be called.
    """
    if not content.numbers:
        raise UsageError(Problem.NOTHING_CALLABLE, uncallable=content.uncallable)
    if len(content.numbers) > defaults.max_numbers:
        raise UsageError(Problem.TOO_MANY, str(len(content.numbers)), defaults.max_numbers)


def first_asked_by(token: str) -> str:
    """What asks for the batch of *Call me first*: this very card, once."""
    return f"first:{token}"


def check_first(tx: Stores, draft: Draft, by: Person) -> str:
    """The author's own number (E.164), if it can be called before the rest of the draft.

    Raises:
        NumberUnknownError: this person has not shared their number.
        UsageError: nobody else is in the draft.
        ExpiredError: the draft has no voice, is a *Try again*, or they were called first.
    """
    content = Content.load(draft.content)
    if content.voice is None or draft.kind is not DraftKind.CALL or content.first is not None:
        raise ExpiredError
    number = tx.choices.number(by.id)
    if number is None:
        raise NumberUnknownError
    if content.numbers == (number,):
        raise UsageError(Problem.ONLY_YOU)
    return number


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
        """Make a draft; with `follows` it is a *Redial*, with `sources` a *Try again* of them."""
        token = new_token()
        kind = DraftKind.TRY_AGAIN if sources else DraftKind.CALL
        if kind is DraftKind.CALL:
            content = self.with_warnings(content, follows.id if follows else None)
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
        content = self.with_duplicate(replace(content, asks=asks, duplicate_of=None))
        content = replace(content, above=None)  # who changes it has counted them
        content = self.with_warnings(content, draft.source_batch_id)
        token = new_token()
        self.tx.drafts.ask_again(
            draft.id, token=token, content=content.dump(), expires_at=self.now + LIFETIME
        )
        return self._asked(draft.id, token, content, draft.kind)

    def with_warnings(self, content: Content, follows: int | None) -> Content:
        """The content with what its author should know before they launch it."""
        return guards.with_warnings(self.tx, content, now=self.now, follows=follows)

    def _asked(self, draft_id: int, token: str, content: Content, kind: DraftKind) -> Asked:
        voices = () if content.voice is not None else tuple(self.tx.voices.all())
        return Asked(draft_id=draft_id, token=token, content=content, kind=kind, voices=voices)

    def ask_again(self, draft: Draft, content: Content) -> Asked | None:
        """Give the draft new content and token, if something has changed since it was shown."""
        asking = self.with_duplicate(content)
        warned = self.with_warnings(asking, draft.source_batch_id)
        if asking is content and not set(warned.recent) - set(content.recent):
            return None
        return self.change(draft, content)

    def launch(
        self, content: Content, *, place: Place, asked_by: str, undoable: bool = False
    ) -> Launched:
        """Make the batch; its board is to be posted. One that is `undoable` waits for *Undo*."""
        new = self._batch(content, place, asked_by)
        batch_id = self._create(self._undoable(new) if undoable else new)
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

    def confirm(self, draft: Draft, content: Content) -> Launched:
        """Make the batch of a draft, whose message becomes the board."""
        new = self._undoable(self._batch(content, place_of(draft), f"draft:{draft.id}"))
        if draft.source_batch_id is not None:
            new = replace(new, follows=draft.source_batch_id, followed_as="redial")
        return Launched(batch_id=self._close(draft, new))

    def confirm_try_again(self, draft: Draft) -> Launched | None:
        """Rule 5: take what is still so, has no evidence waiting and no follow-up yet.

        Returns:
            The follow-up; None if nothing was left to take, and the draft is cancelled.
        """
        follows = self.tx.batches.get(draft.source_batch_id or 0)
        wanted = self.tx.drafts.sources(draft.id)
        found = [] if follows is None else self.tx.submissions.to_try_again(follows.id)
        still = tuple(source.id for source in found if source.id in wanted)
        if follows is None or not still:
            self.tx.drafts.cancel(draft.id, Closed.NOTHING_LEFT)
            return None
        content = self.try_again_content(follows, still)
        shown = set(Content.load(draft.content).numbers).difference(content.numbers)
        gone = [c for s in still for c in self.tx.calls.of_submission(s) if c.number in shown]
        new = replace(
            self._undoable(self._batch(content, place_of(draft), f"draft:{draft.id}")),
            follows=follows.id,
            followed_as="try_again",
            sources=still,
        )
        batch_id = self._close(draft, new)
        self.tx.batches.touch(follows.id)  # its board says where it goes on, and offers it no more
        return Launched(batch_id=batch_id, fell_out=len(wanted) - len(still), reached=len(gone))

    def try_again_content(self, batch: Batch, sources: tuple[int, ...]) -> Content:
        """Their numbers, but for those that the chain speaks against; the claim asks again."""
        again = self.tx.calls.to_try_again
        calls = [call for source in sources for call in again(batch.id, source)]
        return Content(
            voice=batch.voice,
            voice_name=batch.voice_name,
            spoken=batch.spoken,
            retry_count=batch.retry_count,
            server_id=batch.server_id,
            numbers=tuple(call.number for call in calls),
            names={call.number: call.name for call in calls if call.name},
            list_ref=batch.list_ref,
            list_name=batch.list_name,
            asks=(Ask.TRY_AGAIN,),
        )

    def _close(self, draft: Draft, new: NewBatch) -> int:
        batch_id = self._create(new)
        self.tx.boards.create(batch_id, new.place, draft.message_id)
        self.tx.drafts.confirm(draft.id, batch_id)
        return batch_id

    def _create(self, new: NewBatch) -> int:
        """Record a batch, and that its voice, list and launch were used."""
        batch_id = self.tx.batches.create(new, now=self.now)
        self.tx.voices.used(new.voice, self.now)
        if new.list_ref is not None:
            self.tx.lists.used(new.list_ref, self.now)
        if new.launch_ref is not None:
            self.tx.launches.used(new.launch_ref, self.now)
        return batch_id

    def _undoable(self, new: NewBatch) -> NewBatch:
        """The same with a time to undo, if it is large enough to have been asked about."""
        large = sum(len(cut) for cut in new.cuts) > self.defaults.confirm_above
        if not large or not self.defaults.undo_seconds:
            return new
        return replace(new, undo_until=self.now + self.defaults.undo_seconds)

    def _batch(self, content: Content, place: Place, asked_by: str) -> NewBatch:
        if content.voice is None:
            raise ExpiredError  # no button of ours launches a draft without a voice
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
            voice_name=content.voice_name,
            spoken=content.spoken,
            list_ref=content.list_ref,
            list_name=content.list_name,
            launch_ref=content.launch_ref,
            names=content.names,
        )


def place_of(draft: Draft) -> Place:
    """Where a draft was asked for, and the message that it answers."""
    return Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
