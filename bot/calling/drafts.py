"""What a draft holds, and why it asks before it launches."""

import json
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256

from bot.calling.numbers import Reason, Uncallable

LIFETIME = 900.0  # seconds until a draft expires


class Ask(StrEnum):
    """Why a launch is shown before it is made."""

    MANY = "many"
    UNCALLABLE = "uncallable"
    VOICE = "voice"
    REPLY = "reply"
    LONG = "long"
    REST_UNSEEN = "rest_unseen"
    DUPLICATE = "duplicate"
    TRY_AGAIN = "try_again"


class Closed(StrEnum):
    """Why a draft was cancelled."""

    PERSON = "person"
    EVIDENCE = "evidence"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that confirming the draft would launch, and what is shown beside it.

    Attributes:
        numbers: E.164, in the order they were given.
        repeated: how many repeats of them there were.
        uncallable: what cannot be called, with line and reason.
        duplicate_of: the recent batch with the same voice and numbers that the draft tells of.
        duplicate_at: when that batch was made (UTC seconds).
        reply_left_out: numbers of the answered message were not taken, as some were typed.
    """

    voice: str
    retry_count: int
    server_id: str | None
    numbers: tuple[str, ...]
    repeated: int = 0
    uncallable: tuple[Uncallable, ...] = ()
    asks: tuple[Ask, ...] = ()
    duplicate_of: int | None = None
    duplicate_at: float | None = None
    duplicate_by: str | None = None
    reply_left_out: bool = False

    @property
    def fingerprint(self) -> str:
        """The same for the same voice and the same set of numbers, whatever their order."""
        return fingerprint(self.voice, self.numbers)

    def dump(self) -> str:
        """As JSON, for the record."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Content":
        """Read back what `dump` wrote."""
        raw = json.loads(text)
        raw["numbers"] = tuple(raw["numbers"])
        raw["asks"] = tuple(Ask(ask) for ask in raw["asks"])
        raw["uncallable"] = tuple(
            Uncallable(text=u["text"], line=u["line"], reason=Reason(u["reason"]))
            for u in raw["uncallable"]
        )
        return cls(**raw)


def fingerprint(voice: str, numbers: tuple[str, ...]) -> str:
    """What tells a launch from another one: its voice and its set of numbers."""
    text = "\n".join([voice, *sorted(numbers)])
    return sha256(text.encode()).hexdigest()[:32]


def new_token() -> str:
    """A token for buttons: 72 random bits in 12 characters."""
    return secrets.token_urlsafe(9)
