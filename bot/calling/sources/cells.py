"""Cells of a workbook, as they are written, into the rows of a sheet."""

import re
from typing import Final

from bot.calling.numbers import Reason
from bot.calling.sources.found import Refusal, RefusedError
from bot.calling.sources.sheets import Row

_EXACT: Final = 10**15  # up to which a spreadsheet's numbers have all their digits
_COLUMN: Final = re.compile(r"[A-Z]{1,3}")


class Places(dict[str, int]):
    """From a column's letters to its place, from 0."""

    def __missing__(self, letters: str) -> int:
        """Work a column out when it is first seen.

        Raises:
            RefusedError: these are no letters of a column.
        """
        if not _COLUMN.fullmatch(letters):
            raise RefusedError(Refusal.DAMAGED)
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - ord("A") + 1
        self[letters] = place - 1
        return place - 1


def new_row(line: int, *, hidden: bool) -> Row:
    """A row without cells."""
    return Row(line, {}, {}, hidden)


def put(
    row: Row, place: int, kind: str, value: str, formula: str | None, shared: list[str]
) -> None:
    """Put a cell into its row: what is seen of it, but for the format of numbers.

    Args:
        row: gets the cell, if there is something to be seen.
        place: of its column, from 0.
        kind: its type, as the sheet says (ECMA-376, part 1, 18.18.11).
        value: as it is written.
        formula: that the value was worked out by; None if there is none.
        shared: the texts that cells share.
    """
    if kind == "n":
        text = _number(value.strip())
    elif kind == "s":
        text = shared[int(value)] if value else ""
    else:
        text = "" if kind == "b" else value.strip()
    if formula is not None and (kind == "e" or not (value or kind == "str")):
        row.doubts[place] = Reason.FORMULA
        text = text or f"={formula}"
    elif kind == "n" and text.startswith("-"):
        row.doubts[place] = Reason.UNREADABLE  # a dash before a typed number means nothing
    if text:
        row.cells[place] = text


def _number(value: str) -> str:
    """A number without the `.0` or `E9` that some programs write; any other stays as it is."""
    if not value or value.isdecimal():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() and abs(number) < _EXACT else value
