"""What was found in a file: its numbers, a question about it, or why it is refused."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.calling.numbers import Repeated, Uncallable

ALL_COLUMNS: Final = "*"
"""The key of a choice: every column that looks like numbers, row by row."""


class Kind(StrEnum):
    """What a file turned out to be, whatever its name."""

    TEXT = "text"
    CSV = "csv"
    XLSX = "xlsx"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes:
        key: its letters, as spreadsheets count them: `A`, `AB`.
        title: what its first cell says, if that is no number; may be empty.
        count: how many numbers it holds that can be called.
        example: the first of them, in E.164.
    """

    key: str
    title: str
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The question which column is meant: several look like numbers.

    Attributes:
        sheet: of a workbook, its name.
        columns: those that look like numbers, in the order of the sheet; two at least.
    """

    sheet: str | None
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFile:
    """The numbers of a file or of a contact card.

    Attributes:
        kind: what the file turned out to be.
        numbers: in E.164, each once, in the order of the file.
        names: by number, of those that have one; one line of 60 characters at most.
        repeated: numbers that stood earlier in the file; the line is the row of a sheet, or that
            on which a contact card begins.
        uncallable: what cannot be called, with the same lines.
        sheet: of a workbook with several sheets, the one that was read.
        columns: of a sheet, those that were read.
        left_out: further numbers of contacts that have several: one is taken of each.
    """

    kind: Kind
    numbers: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)
    repeated: tuple[Repeated, ...] = ()
    uncallable: tuple[Uncallable, ...] = ()
    sheet: str | None = None
    columns: tuple[Column, ...] = ()
    left_out: int = 0


class Refusal(StrEnum):
    """Why a file is not read at all."""

    EMPTY = "file_empty"
    ENCRYPTED = "file_encrypted"
    OTHER_SHEET = "file_other_sheet"  # a kind of spreadsheet that is not read
    NOT_WHAT_IT_SAYS = "file_not_what_it_says"
    UNKNOWN = "file_unknown"
    DAMAGED = "file_damaged"
    TOO_MUCH = "file_too_much"  # unpacks to too much, or needs too much memory
    TOO_MANY_ROWS = "file_too_many_rows"
    NO_NUMBERS = "file_no_numbers"
    NOTHING_CALLABLE = "nothing_callable"


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer of a reading that is refused.

    Attributes:
        value: the kind of file that it is, or that its name says (`XLS`).
        limit: the bound that it breaks.
        uncallable: what cannot be called, where that is all there is.
    """

    why: Refusal
    value: str = ""
    limit: int = 0
    uncallable: tuple[Uncallable, ...] = ()


class RefusedError(Exception):
    """Raised while a file is being read; `refused` is the answer."""

    def __init__(self, why: Refusal, value: str = "", limit: int = 0) -> None:
        super().__init__(why)
        self.refused = Refused(why, value, limit)
