"""What a schedule would launch at this moment, and what keeps it from that; in one transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from bot.calling.drafts import Content
from bot.calling.guards import with_warnings
from bot.calling.making import SAME_AGAIN
from storage.models import Batch, Schedule
from storage.stores import Stores


class Why(StrEnum):
    """Why a schedule asks a person in place of launching."""

    LATE = "late"
    RIGHTS = "rights"
    PAUSED = "paused"
    RESTORED = "restored"  # the record may have lost that this time was met
    RIGHTS_RESTORED = "rights_restored"
    DUPLICATE = "duplicate"
    VOICE_GONE = "voice_gone"
    LIST_GONE = "list_gone"
    LIST_EMPTY = "list_empty"
    TOO_LARGE = "too_large"


OF_ADMINS = frozenset({Why.RIGHTS, Why.RIGHTS_RESTORED})  # only an admin can answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A schedule, and what it would launch now.

    Attributes:
        content: with the numbers of its list as it is now, where it has one.
        trouble: why nothing can be launched as things are.
        duplicate: the same voice for the same numbers, launched in the last ten minutes.
        added: how many numbers its list has more than when it was read last.
        removed: how many it has lost.
    """

    schedule: Schedule
    content: Content
    trouble: Why | None
    duplicate: Batch | None
    added: int
    removed: int

    @property
    def key(self) -> str:
        """Names in a button what it shows: voice, numbers, and who of them got it lately.

        So it calls nobody whom it did not show, and nobody who was called since it was shown.
        """
        shown = "\n".join([self.content.fingerprint, *sorted(self.content.recent)])
        return sha256(shown.encode()).hexdigest()[:8]


def due_now(tx: Stores, schedule: Schedule, *, now: float, most: int) -> Due:
    """What a schedule would launch now; one batch may have `most` numbers."""
    content = Content.load(schedule.content)
    trouble = None
    if schedule.list_ref is not None:
        content, trouble = _with_list(tx, content, schedule.list_ref)
    if trouble is None and len(content.numbers) > most:
        trouble = Why.TOO_LARGE
    if _voice_gone(tx, content):
        trouble = Why.VOICE_GONE
    before = set(json.loads(schedule.last_numbers or "null") or content.numbers)
    return Due(
        schedule=schedule,
        content=with_warnings(tx, content, now=now, follows=schedule.batch_id),
        trouble=trouble,
        duplicate=tx.batches.duplicate(content.fingerprint, now - SAME_AGAIN),
        added=len(set(content.numbers) - before),
        removed=len(before - set(content.numbers)),
    )


def whole_list(tx: Stores, content: Content) -> int | None:
    """The list that this is for, if it is for all of it, and the list is there."""
    found = None if content.list_ref is None else tx.lists.get(content.list_ref)
    if found is None or found.removed_at is not None or found.numbers != len(content.numbers):
        return None
    numbers = {one.number for one in tx.lists.numbers(found.id)}
    return found.id if numbers == set(content.numbers) else None


def remembered(numbers: Iterable[str]) -> str:
    """The numbers of a list, as a schedule keeps them to tell what has changed."""
    return json.dumps(list(numbers), separators=(",", ":"))


def _with_list(tx: Stores, content: Content, list_ref: int) -> tuple[Content, Why | None]:
    found = tx.lists.get(list_ref)
    if found is None or found.removed_at is not None:
        return replace(content, numbers=(), names={}), Why.LIST_GONE
    numbers = tx.lists.numbers(list_ref)
    read = replace(
        content,
        numbers=tuple(one.number for one in numbers),
        names={one.number: one.name for one in numbers if one.name},
        list_name=found.name,
    )
    return read, None if numbers else Why.LIST_EMPTY


def _voice_gone(tx: Stores, content: Content) -> bool:
    """A voice without a name was typed by its id, and is nobody's to remove."""
    named = content.spoken is None and content.voice_name is not None
    return named and tx.voices.of(content.voice or "") is None
