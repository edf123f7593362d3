"""What a draft holds, and why it asks before it launches."""

import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from bot.calling.numbers import Reason, Uncallable
from storage.models import Draft, DraftKind, DraftState

LIFETIME = 900.0  # seconds until a draft expires
KEPT = 100  # entries that cannot be called, kept with a draft: a file may have thousands


class Ask(StrEnum):
    """Why a launch is shown before it is made."""

    MANY = "many"
    UNCALLABLE = "uncallable"
    REPLY = "reply"
    LONG = "long"
    REST_UNSEEN = "rest_unseen"
    DUPLICATE = "duplicate"
    TRY_AGAIN = "try_again"
    AGAIN = "again"
    REDIAL = "redial"
    DO_NOT_CALL = "do_not_call"
    OUTSIDE = "outside"  # the calling window
    AT_LIMIT = "at_limit"  # some of its numbers, which will be skipped
    APPROVAL = "approval"


class Closed(StrEnum):
    """Why a draft was cancelled."""

    PERSON = "person"
    EVIDENCE = "evidence"
    SCHEDULED = "scheduled"
    NOTHING_LEFT = "nothing_left"
    REACHED = "reached"
    DECLINED = "declined"
    NOT_APPROVED = "not_approved"  # nobody did in time
    AUTHOR_GONE = "author_gone"  # they may not launch it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a launch may cost, in thousandths of a Toman, after so many past batches."""

    mean: int
    low: int
    high: int
    batches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRoom:
    """The limit that left no room for a launch when its card was made, as in `LimitError`."""

    limit: str
    used: int
    asked: int
    most: int
    today: bool = True
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that confirming the draft would launch, and what is shown beside it.

    Attributes:
        voice: the gateway's id, or the key of a spoken text; None is still to be chosen.
        voice_name: what the voice is called here.
        spoken: the text that is read out, in full.
        numbers: E.164, in the order they were given.
        names: the name of a number, for those that have one.
        list_ref: the list that the numbers are from, and `list_name` its name then.
        launch_ref: the saved launch that this comes from.
        repeated: how many repeats of them there were.
        uncallable: what cannot be called, with line and reason; `uncallable_more` counts the
            further ones, which are not kept.
        duplicate_of: the recent batch with the same voice and numbers that the draft tells of.
        duplicate_at: when that batch was made (UTC seconds).
        reply_left_out: numbers of the answered message were not taken, as some were typed.
        recent: who of these got this voice lately, or may have.
        estimate: what it may cost; None without past batches.
        repeats: the batch that is called again, as a whole or those who were not reached.
        may_ring: how many of its numbers may still ring for it.
        left_out: how many more were not reached in it, and are not called here.
        first: the batch by which its author had their own number called first, and
            `first_number` that number: nothing that joins later brings it back.
        do_not_call: numbers that were given and are on the do-not-call list: they are left out.
        at_limit: which of its numbers have been called as often today as a number may be; the
            claim skips them if that is still so.
        times_a_day: how often that was, where there are any.
        no_room: the limit by which it would have been refused just then.
        goes_at: the opening of the calling window (UTC seconds) that its author chose to wait for.
        window_reason: why it is to go out now, although the window is closed.
        above: how many numbers one batch may have, where these are more: it has no voice, is
            never launched, and can be kept as a list.
    """

    voice: str | None
    retry_count: int
    server_id: str | None
    numbers: tuple[str, ...]
    voice_name: str | None = None
    spoken: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    list_ref: int | None = None
    list_name: str | None = None
    launch_ref: int | None = None
    repeated: int = 0
    uncallable: tuple[Uncallable, ...] = ()
    uncallable_more: int = 0
    asks: tuple[Ask, ...] = ()
    duplicate_of: int | None = None
    duplicate_at: float | None = None
    duplicate_by: str | None = None
    reply_left_out: bool = False
    recent: tuple[str, ...] = ()
    estimate: Estimate | None = None
    repeats: int | None = None
    may_ring: int = 0
    left_out: int = 0
    first: int | None = None
    first_number: str | None = None
    do_not_call: tuple[str, ...] = ()
    at_limit: tuple[str, ...] = ()
    times_a_day: int = 0
    no_room: NoRoom | None = None
    goes_at: float | None = None
    window_reason: str | None = None
    above: int | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same voice and the same set of numbers, whatever their order."""
        return fingerprint(self.voice or "", self.numbers)

    @property
    def called(self) -> int:
        """How many of its numbers are called; if all are at their limit, that is not known."""
        at_limit = set(self.at_limit)
        return sum(number not in at_limit for number in self.numbers) or len(self.numbers)

    @property
    def is_redacted(self) -> bool:
        """Whether its numbers were taken out of the record: such a one is over for good."""
        return any(number.startswith("#") for number in self.numbers)

    def without(self, numbers: Collection[str]) -> "Content":
        """The same without these numbers."""
        left = tuple(number for number in self.numbers if number not in numbers)
        names = {number: name for number, name in self.names.items() if number not in numbers}
        return replace(self, numbers=left, names=names)

    def dump(self) -> str:
        """As JSON, for the record; of what cannot be called it keeps the beginning."""
        beyond = max(0, len(self.uncallable) - KEPT)
        kept = replace(
            self,
            uncallable=self.uncallable[:KEPT],
            uncallable_more=self.uncallable_more + beyond,
        )
        return json.dumps(asdict(kept), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Content":
        """Read back what `dump` wrote, also in an earlier version."""
        raw = json.loads(text)
        raw["numbers"] = tuple(raw["numbers"])
        for several in ("recent", "do_not_call", "at_limit"):
            raw[several] = tuple(raw.get(several, ()))
        raw["asks"] = tuple(Ask(ask) for ask in raw["asks"] if ask in set(Ask))
        if raw.get("estimate"):
            raw["estimate"] = Estimate(**raw["estimate"])
        if raw.get("no_room"):
            raw["no_room"] = NoRoom(**raw["no_room"])
        raw["uncallable"] = tuple(
            Uncallable(text=u["text"], line=u["line"], reason=Reason(u["reason"]))
            for u in raw["uncallable"]
        )
        return cls(**raw)


def can_be_remade(draft: Draft) -> bool:
    """Whether an expired draft can be made again; what follows a batch is offered at that one."""
    return (
        (draft.state is DraftState.EXPIRED or draft.closed_why == Closed.NOT_APPROVED)
        and draft.kind is DraftKind.CALL
        and draft.source_batch_id is None
    )


def spoken_voice(text: str) -> str:
    """The key that stands for a spoken text where a recording has its id."""
    return f"text:{sha256(text.encode()).hexdigest()[:24]}"


def fingerprint(voice: str, numbers: tuple[str, ...]) -> str:
    """What tells a launch from another one: its voice and its set of numbers."""
    text = "\n".join([voice, *sorted(numbers)])
    return sha256(text.encode()).hexdigest()[:32]


def new_token() -> str:
    """A token for buttons: 72 random bits in 12 characters."""
    return secrets.token_urlsafe(9)
