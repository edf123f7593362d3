"""Who may call whom: members, invites, chats, numbers that are not to be called, and the audit."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person whose role was given in the chat; `by` is who gave or changed it last.

    `role` is the word that is recorded, see `bot.calling.rights`. Who is suspended since
    `suspended_at` (UTC seconds) may do nothing, whatever the settings say.
    """

    user_id: int
    name: str
    role: str
    suspended_at: float | None
    since: float
    by_id: int
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A one-time invite; its secret is kept as a SHA-256. `ended_at`: used or taken back."""

    id: int
    digest: str
    role: str
    created_at: float
    expires_at: float
    by_id: int
    by_name: str
    ended_at: float | None
    used_by: int | None
    used_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedChat:
    """A group in which the bot works, and which admin has added it."""

    chat_id: int
    title: str
    added_at: float
    by_id: int
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoNotCall:
    """A number (E.164) that is not called from `added_at` (UTC) on, until it is removed."""

    id: int
    number: str
    reason: str
    added_at: float
    added_by: int
    added_name: str
    removed_at: float | None
    removed_by: int | None
    removed_name: str | None
    removed_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many open batches, open schedules and lists hold some of these numbers."""

    batches: int
    schedules: int
    lists: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One deed: who, from which chat, on what, before and after; no full number stands in it.

    `hash` ties it to the entry before.
    """

    id: int
    at: float
    by_id: int
    by_name: str
    chat_id: int | None
    deed: str
    about: str
    before: str | None
    after: str | None
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How many numbers of one member count for a day; `name` is what they were last called."""

    user_id: int
    name: str
    numbers: int


class ApprovalKind(StrEnum):
    """What a message about a draft that waits for a second person is."""

    CARD = "card"  # the draft's own message
    REQUEST = "request"  # to one who may approve it, in private
    WORD = "word"  # what its author is told in answer to it


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsk:
    """A message about one time (`asked_at`, UTC) that a draft asked for a second person.

    It is behind while `shown_revision` is not its `revision`; `broken` is why it is not shown.
    """

    id: int
    draft_id: int
    asked_at: float
    kind: ApprovalKind
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    revision: int
    shown_revision: int
    broken: str | None
