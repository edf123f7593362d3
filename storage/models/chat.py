"""What a chat shows and asks: boards, reports and drafts."""

from dataclasses import dataclass

from storage.models.people import Person, Place
from storage.models.states import DraftKind, DraftState, ReportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A message of its own about a batch: due since `due_at`, told at `sent_at`.

    `hold_no` says of which hold a report of the kind `held` tells, otherwise it is 0.
    `revision` is the batch's, `shown_revision` the one that the message shows.
    """

    batch_id: int
    kind: ReportKind
    hold_no: int
    due_at: float
    message_id: int | None
    sent_at: float | None
    chart_sent: bool
    revision: int
    shown_revision: int
    broken: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The message that shows a batch; `message_id` is None until it is posted.

    `shown_status` is the key of the outcome whose calls it lists; None lists all of them.
    """

    batch_id: int
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    page: int
    shown_revision: int
    broken: str | None
    revision: int = 1
    shown_status: str | None = None

    @property
    def awaited(self) -> bool:
        """Whether there is no message yet, and there will be."""
        behind = self.shown_revision < self.revision
        return self.message_id is None and self.broken is None and behind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """What is asked before a launch; `content` is JSON that `calling` owns."""

    token: str
    kind: DraftKind
    asked_by: str
    author: Person
    place: Place
    content: str
    created_at: float
    expires_at: float
    source_batch_id: int | None = None
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A recorded draft; `closed_why` is a word of `calling`, `batch_id` what it became.

    Since `approval_asked_at` (UTC) it waits for a second person; who `decided` was that one.
    """

    id: int
    token: str
    kind: DraftKind
    state: DraftState
    asked_by: str
    author_id: int
    author_name: str
    chat_id: int
    thread_id: int | None
    reply_to: int | None
    message_id: int | None
    content: str
    created_at: float
    expires_at: float
    source_batch_id: int | None
    closed_why: str | None
    closed_shown: bool
    batch_id: int | None
    approval_asked_at: float | None = None
    decided_by: int | None = None
    decided_name: str | None = None
    decided_at: float | None = None
