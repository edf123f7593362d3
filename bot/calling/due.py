"""What a schedule would launch at this moment, and what keeps it from that; in one transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from bot.calling import limits
from bot.calling.approvals import needs_of
from bot.calling.drafts import LIFETIME, Content
from bot.calling.guards import expected_cost, with_warnings
from bot.calling.leaving_out import all_given, leave_out
from bot.calling.limits import Share
from bot.calling.making import SAME_AGAIN
from bot.calling.outside import Outside
from bot.calling.window import Window
from storage.models import Batch, Schedule
from storage.stores import Stores


class Why(StrEnum):
    """Why a schedule asks a person in place of launching."""

    LATE = "late"
    RIGHTS = "rights"
    PAUSED = "paused"
    OUTSIDE = "outside"  # the calling window
    RESTORED = "restored"  # the record may have lost that this time was met
    RIGHTS_RESTORED = "rights_restored"
    DUPLICATE = "duplicate"
    VOICE_GONE = "voice_gone"
    LIST_GONE = "list_gone"
    LIST_EMPTY = "list_empty"
    TOO_LARGE = "too_large"
    LIMIT = "limit"
    APPROVAL = "approval"
    ALL_DO_NOT_CALL = "all_do_not_call"
    CHAT_OFF = "chat_off"  # its group was taken off the groups in which the bot works


ASKS_FOR = 86400.0  # seconds in which a question may be answered
OF_ADMINS = frozenset({Why.RIGHTS, Why.RIGHTS_RESTORED})  # only an admin can answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A schedule, and what it would launch now.

    Attributes:
        content: with the numbers of its list as it is now, where it has one; those on the
            do-not-call list are left out.
        trouble: why nothing can be launched as things are.
        duplicate: the same voice for the same numbers, launched in the last ten minutes.
        added: how many numbers its list has more than when it was read last.
        removed: how many it has lost.
        approval: whether a second person has to approve it.
        outside: what holds now if the calling window is closed.
    """

    schedule: Schedule
    content: Content
    trouble: Why | None
    duplicate: Batch | None
    added: int
    removed: int
    outside: Outside | None = None
    approval: bool = False

    @property
    def key(self) -> str:
        """Names in a button what it shows: voice, numbers, and who of them got it lately.

        So it calls nobody whom it did not show, and nobody who was called since it was shown.
        """
        shown = "\n".join([self.content.fingerprint, *sorted(self.content.recent)])
        return sha256(shown.encode()).hexdigest()[:8]


def due_now(tx: Stores, schedule: Schedule, *, now: float, most: int, window: Window) -> Due:
    """What a schedule would launch now; one batch may have `most` numbers."""
    content = Content.load(schedule.content)
    trouble = None
    if schedule.list_ref is not None:
        content, trouble = _with_list(tx, content, schedule.list_ref)
    if trouble is None and len(content.numbers) > most:
        trouble = Why.TOO_LARGE
    given_now = all_given(content)
    content = leave_out(tx, content)
    if trouble is None and not content.numbers:
        trouble = Why.ALL_DO_NOT_CALL
    if _voice_gone(tx, content):
        trouble = Why.VOICE_GONE
    before = set(json.loads(schedule.last_numbers or "null") or given_now)
    shut = not window.is_open(now)
    content = with_warnings(tx, content, now=now, follows=schedule.batch_id)
    return Due(
        schedule=schedule,
        content=_with_limits(tx, content, schedule, window, now),
        trouble=trouble,
        duplicate=tx.batches.duplicate(content.fingerprint, now - SAME_AGAIN),
        added=len(given_now - before),
        removed=len(before - given_now),
        outside=Outside(window=window, opens_at=window.opens_at(now)) if shut else None,
        approval=trouble is None and bool(needs_of(tx, content)),
    )


def asks_until(schedule: Schedule, now: float) -> float:
    """Until when (UTC seconds) the question of a schedule can be answered.

    A second person has as long as for a draft, from when they are asked.
    """
    lasts = LIFETIME if schedule.asked_why == Why.APPROVAL else ASKS_FOR
    return (schedule.asked_at or now) + lasts


def is_allowed(tx: Stores, schedule: Schedule) -> bool:
    """Whether its chat is private, or a group in which the bot works."""
    return schedule.chat_id > 0 or tx.chats.get(schedule.chat_id) is not None


def _with_limits(
    tx: Stores, content: Content, schedule: Schedule, window: Window, now: float
) -> Content:
    """What the limits would say if it were launched now, as its author's."""
    count = len(content.numbers)
    cost = expected_cost(tx, content.voice, count) or 0
    share = Share(numbers=count, cost=cost, author_id=schedule.author_id)
    warned = limits.warned(tx, content, share, window, now)
    if warned.no_room is None:
        return warned
    return replace(warned, no_room=replace(warned.no_room, name=schedule.author_name))


def whole_list(tx: Stores, content: Content) -> int | None:
    """The list that this is for, if it is for all of it, and the list is there."""
    found = None if content.list_ref is None else tx.lists.get(content.list_ref)
    whole = all_given(content)
    if found is None or found.removed_at is not None or found.numbers != len(whole):
        return None
    numbers = {one.number for one in tx.lists.numbers(found.id)}
    return found.id if numbers == whole else None


def remembered(numbers: Iterable[str]) -> str:
    """The numbers of a list, as a schedule keeps them to tell what has changed."""
    return json.dumps(list(numbers), separators=(",", ":"))


def _with_list(tx: Stores, content: Content, list_ref: int) -> tuple[Content, Why | None]:
    found = tx.lists.get(list_ref)
    if found is None or found.removed_at is not None:
        return replace(content, numbers=(), names={}, do_not_call=()), Why.LIST_GONE
    numbers = tx.lists.numbers(list_ref)
    read = replace(
        content,
        do_not_call=(),
        numbers=tuple(one.number for one in numbers),
        names={one.number: one.name for one in numbers if one.name},
        list_name=found.name,
    )
    return read, None if numbers else Why.LIST_EMPTY


def _voice_gone(tx: Stores, content: Content) -> bool:
    """A voice without a name was typed by its id, and is nobody's to remove."""
    named = content.spoken is None and content.voice_name is not None
    return named and tx.voices.of(content.voice or "") is None
