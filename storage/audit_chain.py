"""Whether the audit is whole: each entry follows from the one before, and none is missing.

What the chain cannot show by itself is a cut tail, or one that was written anew from some entry
on, with new hashes to the end: for that a head is needed that was noted elsewhere.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from storage.models import AuditEntry
from storage.stores.audit import GENESIS, hash_of

_HEAD = re.compile(r"(0|[1-9][0-9]{0,17}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """An entry by its number and hash; number 0 with `GENESIS` where there is none."""

    id: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        """As it is noted and given."""
        return f"{self.id}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head | None":
        """The head that a text is; None if it is none."""
        match = _HEAD.fullmatch(text.strip().lower())
        return None if match is None else cls(int(match[1]), match[2])


class Fault(Enum):
    """What is wrong with an entry.

    CHANGED: it is not what it was, or stands where another one stood.
    MISSING: there is none of this number, but a later one.
    FOREIGN: its number is none that the audit gives.
    CUT: the head that was noted has this number, and the audit ends before.
    REWRITTEN: the head that was noted has this number, and another hash.
    """

    CHANGED = auto()
    MISSING = auto()
    FOREIGN = auto()
    CUT = auto()
    REWRITTEN = auto()


@dataclass(frozen=True, slots=True)
class Walked:
    """How far the chain is whole, and the number of the first entry that is not, if there is one.

    `head` is the last entry that follows from all before it.
    """

    head: Head
    fault: Fault | None = None
    at: int | None = None


def walk(
    entries: Iterable[AuditEntry],
    noted: Head | None = None,
    told: Callable[[int], None] | None = None,
) -> Walked:
    """Follow the chain, the oldest entry first, up to the first fault.

    Args:
        entries: all of them, in the order of their numbers.
        noted: a head that was noted before, and must be in the chain.
        told: is given the number of each entry that was looked at.
    """
    head = Head()
    if noted is not None and noted.id == 0 and noted != head:
        return Walked(head, Fault.REWRITTEN, 0)
    for entry in entries:
        following = head.id + 1
        if entry.id != following:
            beyond = entry.id > following
            return Walked(
                head,
                Fault.MISSING if beyond else Fault.FOREIGN,
                following if beyond else entry.id,
            )
        if hash_of(entry, head.hash) != entry.hash:
            return Walked(head, Fault.CHANGED, entry.id)
        if noted is not None and noted.id == entry.id and noted.hash != entry.hash:
            return Walked(head, Fault.REWRITTEN, entry.id)
        head = Head(entry.id, entry.hash)
        if told is not None:
            told(entry.id)
    if noted is not None and noted.id > head.id:
        return Walked(head, Fault.CUT, noted.id)
    return Walked(head)
