"""What a launch is made with, and what can come of asking for one."""

from dataclasses import dataclass

from bot.calling.drafts import Content
from storage.models import DraftKind, Voice

PER_POST = 100  # numbers in one POST at most (the gateway's documentation, Batch Call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The settings that a launch is made with."""

    retry_count: int = 1
    server_id: str | None = None
    confirm_above: int = 20
    max_numbers: int = 1000
    per_post: int = PER_POST
    undo_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """A batch was made.

    `fell_out` counts the submissions that a *Try again* could not take, `reached` the numbers that
    a follow-up left out, as the chain speaks against them now.
    """

    batch_id: int
    fell_out: int = 0
    reached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A draft is to be shown; nothing was launched.

    `voices` are those that can be chosen, last used first, where the voice is still open; `kind`
    is what the draft was made by.
    """

    draft_id: int
    token: str
    content: Content
    kind: DraftKind = DraftKind.CALL
    voices: tuple[Voice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """The same update came again: it was handled before, nothing is said or changed."""


Result = Launched | Asked | Silent
