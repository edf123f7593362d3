"""The second person: which launches need one, and how a draft waits for the word of one.

Asked in the transaction that would make the batch (`bot.calling.making`). A draft that waits is
open, but nobody changes it, and nothing but another manager's *Approve* makes a batch of it.
"""

from dataclasses import dataclass

from bot.calling import guards
from bot.calling.audit import PROGRAM, Deed, of_draft
from bot.calling.drafts import LIFETIME, Closed, Content, new_token
from bot.calling.limits import Limit, value
from bot.calling.readers import NO_READER
from bot.calling.rights import Rights, Role
from storage.models import ApprovalKind, Draft, DraftState, Person, Place
from storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Who approves a launch, and since when (UTC seconds) it was asked for."""

    by: Person
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A draft about which a second person is or was asked.

    Attributes:
        draft: as it is now.
        content: what it would launch.
        needs: why a second person is needed, by the limits as they are now.
        asked: how many are sent a request, also before that is done; `unreached` who of them could
            not be sent one.
    """

    draft: Draft
    content: Content
    needs: tuple[Limit, ...]
    asked: int = 0
    unreached: tuple[Person, ...] = ()


def needs_approval(
    tx: Stores, numbers: int, estimate: int | None, *, outside: bool
) -> tuple[Limit, ...]:
    """Why a launch needs a second person; empty if it needs none.

    Args:
        tx: the transaction that would make the batch.
        numbers: how many it would call.
        estimate: what it may cost, in thousandths of a Toman; None if nothing is known.
        outside: whether it goes out outside the calling window.
    """
    most, cost = value(tx, Limit.APPROVE_NUMBERS), value(tx, Limit.APPROVE_COST)
    found = (
        (Limit.APPROVE_NUMBERS, most and numbers > most),
        (Limit.APPROVE_COST, cost and (estimate or 0) > cost),
        (Limit.APPROVE_WINDOW, outside and value(tx, Limit.APPROVE_WINDOW)),
    )
    return tuple(limit for limit, needed in found if needed)


def needs_of(tx: Stores, content: Content) -> tuple[Limit, ...]:
    """The same for a draft's content."""
    count = len(content.numbers)
    # The cost is looked up only where it counts: each typed launch comes through here.
    asked = value(tx, Limit.APPROVE_COST)
    cost = guards.expected_cost(tx, content.voice, count) if asked else None
    return needs_approval(tx, count, cost, outside=content.window_reason is not None)


def wait(tx: Stores, draft: Draft, content: Content, now: float) -> None:
    """Let an open draft wait for a second person, for 15 minutes from now (UTC seconds)."""
    tx.drafts.wait(
        draft.id,
        token=new_token(),
        content=content.dump(),
        now=now,
        expires_at=now + LIFETIME,
    )
    place = Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.reply_to)
    tx.approvals.ask(draft.id, now, ApprovalKind.CARD, place)
    author = Person(id=draft.author_id, name=draft.author_name)
    chat_id, after = draft.chat_id, _size(content)  # only its own card asks
    record(tx, Deed.APPROVAL_ASKED, draft, by=author, now=now, chat_id=chat_id, after=after)


def lapse(tx: Stores, now: float) -> int:
    """Close every draft whose time is over, and return how many that were.

    One that has waited for a second person is cancelled for that reason.
    """
    waited = tx.drafts.lapsed(now)
    for draft in waited:
        tx.drafts.cancel(draft.id, Closed.NOT_APPROVED)
        tell_author(tx, draft)
        record(tx, Deed.APPROVAL_LAPSED, draft, by=PROGRAM, now=now)
    return tx.drafts.expire(now) + len(waited)


def request_all(tx: Stores, rights: Rights, draft: Draft) -> None:
    """Let every other one who may approve a draft get a request in private, if it still waits."""
    if not waits(draft):
        return
    for user_id in _others(tx, rights, draft):
        place = Place(chat_id=user_id)
        asked_at = draft.approval_asked_at or 0.0
        tx.approvals.ask(draft.id, asked_at, ApprovalKind.REQUEST, place)


def _others(tx: Stores, rights: Rights, draft: Draft) -> list[int]:
    """All who may approve a draft: its author is none of them."""
    having = rights.having(tx, Role.MANAGER)
    return [user_id for user_id in having if user_id != draft.author_id]


def tell_author(tx: Stores, draft: Draft) -> None:
    """Let the author be told, in reply to the draft's message, what has become of it."""
    place = Place(chat_id=draft.chat_id, thread_id=draft.thread_id, reply_to=draft.message_id)
    tx.approvals.ask(draft.id, draft.approval_asked_at or 0.0, ApprovalKind.WORD, place)


def waits(draft: Draft) -> bool:
    """Whether a draft waits for a second person."""
    return draft.state is DraftState.OPEN and draft.approval_asked_at is not None


def see(tx: Stores, rights: Rights, draft_id: int, asked_at: float) -> Seen | None:
    """A draft, and who was asked at one time (UTC seconds) that it asked; None without one."""
    draft = tx.drafts.by_id(draft_id)
    if draft is None:
        return None
    content = Content.load(draft.content)
    every = tx.approvals.of(draft_id, asked_at)
    requests = [ask for ask in every if ask.kind is ApprovalKind.REQUEST]
    asks = [ask for ask in requests if ask.broken != NO_READER]
    return Seen(
        draft=draft,
        content=content,
        needs=needs_of(tx, content),
        asked=len(asks) if requests else len(_others(tx, rights, draft)),  # they follow the card
        unreached=tuple(_named(tx, ask.chat_id) for ask in asks if ask.broken),
    )


def record(
    tx: Stores,
    deed: Deed,
    draft: Draft,
    *,
    by: Person,
    now: float,
    chat_id: int | None = None,
    after: str | None = None,
) -> None:
    """Append an entry about a draft to the audit; `chat_id` is where it was pressed."""
    tx.audit.add(deed, of_draft(draft.id), at=now, by=by, chat_id=chat_id, after=after)


def _size(content: Content) -> str:
    return f"{len(content.numbers)} numbers"


def _named(tx: Stores, user_id: int) -> Person:
    """A person by the name that they have in the record; who has none there, by their id."""
    member = tx.members.get(user_id)
    return Person(id=user_id, name=member.name if member is not None else f"u{user_id}")
