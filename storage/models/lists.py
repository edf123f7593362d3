"""Saved sets of numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberList:
    """A list as it now is.

    Attributes:
        numbers: how many it has.
        version: grows with every change; a change names the version that it was based on.
        added_after: if the last change added numbers, the place in the list after which they are.
        removed_at: set once it was removed; batches and schedules may still tell of it.
    """

    id: int
    name: str
    numbers: int
    version: int
    made_by: int
    made_name: str
    made_at: float
    changed_by: int
    changed_name: str
    changed_at: float
    added_after: int | None
    used_at: float | None
    removed_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNumber:
    """One number of a list: E.164, its place (which stays when others go), its name if any."""

    position: int
    number: str
    name: str | None
