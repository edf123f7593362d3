"""The making of a batch, inside the one transaction that makes it; the only way to one."""

from dataclasses import dataclass, replace

from bot.calling import approvals, first_wave, guards, limits
from bot.calling.approvals import Approved
from bot.calling.audit import Deed, launch_in_words
from bot.calling.drafts import Content
from bot.calling.errors import ApprovalNeededError, ExpiredError, UsageError
from bot.calling.problems import Problem
from bot.calling.refusals import refused_to
from bot.calling.results import Defaults
from storage.models import Draft, NewBatch, Person, Place
from storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMaking:
    """A batch by one person, at one moment: with its share of the limits, and approved."""

    tx: Stores
    defaults: Defaults
    by: Person
    now: float
    anyway: bool = False  # whether they may call outside the calling window
    approved: Approved | None = None  # by whom, where it is a draft that has waited for that

    def batch(self, content: Content, place: Place, asked_by: str) -> NewBatch:
        """A batch that is to be recorded, as its content says.

        Raises:
            ExpiredError: it has no voice.
        """
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
            cuts=first_wave.cut(numbers, size),
            fingerprint=content.fingerprint,
            repeated=content.repeated,
            voice_name=content.voice_name,
            spoken=content.spoken,
            list_ref=content.list_ref,
            list_name=content.list_name,
            launch_ref=content.launch_ref,
            names=content.names,
            goes_at=content.goes_at,
            window=None if content.window_reason is None else self.by,
            window_reason=content.window_reason,
        )

    def undoable(self, new: NewBatch) -> NewBatch:
        """The same with a time to undo, if it is large enough to have been asked about."""
        large = sum(len(cut) for cut in new.cuts) > self.defaults.confirm_above
        if not large or not self.defaults.undo_seconds:
            return new
        until = self.now + self.defaults.undo_seconds
        if new.goes_at is not None and new.goes_at >= until:
            return new  # until then *Stop* takes all of it back
        return replace(new, undo_until=until)

    def create(self, new: NewBatch) -> int:
        """Record a batch with its share of the limits, and that voice, list and launch were used.

        Returns:
            Its id.

        Raises:
            LimitError: a limit leaves no room for it.
            ApprovalNeededError: it needs a second person. Nothing is written in either case.
            UsageError: a number of it was redacted.
        """
        numbers = [number for cut in new.cuts for number in cut]
        if any(number.startswith("#") for number in numbers):
            raise UsageError(Problem.REDACTED)
        new = first_wave.with_first_wave(self.tx, new, numbers, self.defaults.per_post)
        if new.window is not None:
            new = replace(new, window_until=self.defaults.window.opens_at(self.now))
        new = replace(new, estimate=guards.expected_cost(self.tx, new.voice, len(numbers)))
        with refused_to(self.by, new.place.chat_id):
            day = limits.reserved(self.tx, new, self.defaults.window, self.now)
        new = self._approved(replace(new, day=day))
        batch_id = self.tx.batches.create(new, now=self.now)
        self.tx.audit.add(
            Deed.LAUNCHED,
            f"b{batch_id}",
            at=self.now,
            by=self.by,
            chat_id=new.place.chat_id,
            after=launch_in_words(new, len(numbers)),
        )
        if new.window is not None:
            self.tx.audit.add(
                Deed.CALLED_OUTSIDE,
                f"b{batch_id}",
                at=self.now,
                by=new.window,
                chat_id=new.place.chat_id,
                after=new.window_reason,
            )
        self.tx.voices.used(new.voice, self.now)
        if new.list_ref is not None:
            self.tx.lists.used(new.list_ref, self.now)
        if new.launch_ref is not None:
            self.tx.launches.used(new.launch_ref, self.now)
        return batch_id

    def _approved(self, new: NewBatch) -> NewBatch:
        """The same with who has approved it, where somebody has."""
        if self.approved is not None:
            return replace(
                new,
                approved=self.approved.by,
                approval_asked_at=self.approved.asked_at,
                approved_at=self.now,
            )
        count, outside = sum(len(cut) for cut in new.cuts), new.window_reason is not None
        needs = approvals.needs_approval(self.tx, count, new.estimate, outside=outside)
        if needs:
            raise ApprovalNeededError(needs)
        return new

    def close(self, draft: Draft, new: NewBatch) -> int:
        """Make the batch that a draft becomes, whose message will be its board; its id.

        Raises:
            CallingError: as `create` does.
        """
        batch_id = self.create(new)
        self.tx.boards.create(batch_id, new.place, draft.message_id)
        self.tx.drafts.confirm(draft.id, batch_id)
        return batch_id
