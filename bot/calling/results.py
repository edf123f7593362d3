"""What a launch is made with, and what can come of asking for one."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.calling.drafts import Content
from bot.calling.outside import Outside
from bot.calling.window import Window, always
from storage.models import DraftKind, Voice

PER_POST = 100  # numbers in one POST at most (the gateway's documentation, Batch Call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The settings that a launch is made and sent with.

    Attributes:
        retry_count: the gateway's own retries, unless a launch sets them.
        server_id: the dialer, unless a launch sets it.
        confirm_above: more numbers than these ask first.
        max_numbers: numbers in one batch at most.
        per_post: numbers in one submission at most.
        undo_seconds: seconds in which a larger launch can be undone before anything is sent.
        wave_pause: seconds between two submissions of a batch.
        window: when calls may go out.
    """

    retry_count: int = 1
    server_id: str | None = None
    confirm_above: int = 20
    max_numbers: int = 1000
    per_post: int = PER_POST
    undo_seconds: float = 0.0
    wave_pause: float = 0.0
    window: Window = field(default_factory=lambda: always(ZoneInfo("UTC")))


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
    is what the draft was made by. Outside the calling window, `outside` says until when.
    """

    draft_id: int
    token: str
    content: Content
    kind: DraftKind = DraftKind.CALL
    voices: tuple[Voice, ...] = ()
    outside: Outside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The draft waits for a second person; nothing was launched."""

    draft_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """The same update came again: it was handled before, nothing is said or changed."""


Result = Launched | Asked | Silent
