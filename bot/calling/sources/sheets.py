"""A sheet, of a workbook or a CSV file, and which of its columns hold the numbers and names."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.calling.numbers import Reason
from bot.calling.sources.found import (
    ALL_COLUMNS,
    Column,
    Columns,
    Kind,
    NumberFile,
    Refusal,
    RefusedError,
)
from bot.calling.sources.gathering import Gathering, Read, callable_numbers, tidy
from bot.calling.sources.titles import is_title, name_columns

MOST_ROWS = 60_000  # with something in them
MOST_CELLS = 600_000
_SAMPLE: Final = 200  # cells by which a column is judged
_SHARE: Final = 5  # one cell in five makes a column one of numbers
_DIGITS: Final = re.compile(r"(?:\D*\d){7}")  # the shortest that any number has
_TITLE: Final = 40  # characters
_ANY_NUMBER: Final = re.compile(r"(?:\D*\d){3}")  # emergency numbers, too
_LETTERS: Final = 26


class Row(NamedTuple):
    """A row with something in it.

    Attributes:
        line: its number in the sheet, from 1; in a CSV file the line on which it begins.
        cells: by column, from 0; none is empty.
        doubts: cells that have no value to be read.
        hidden: whether the sheet does not show it.
    """

    line: int
    cells: dict[int, str]
    doubts: dict[int, Reason]
    hidden: bool = False


@dataclass(slots=True)
class Sheet:
    """The rows of a sheet that have something in them.

    Attributes:
        name: None if it is the only one of a file.
        filled: how many cells they have.
    """

    name: str | None = None
    rows: list[Row] = field(default_factory=list)
    filled: int = 0

    def add(self, row: Row) -> None:
        """Take one more row, if it has something in it.

        Raises:
            RefusedError: there are too many rows or cells.
        """
        if not row.cells:
            return
        self.rows.append(row)
        self.filled += len(row.cells)
        if len(self.rows) > MOST_ROWS:
            raise RefusedError(Refusal.TOO_MANY_ROWS, limit=MOST_ROWS)
        if self.filled > MOST_CELLS:
            raise RefusedError(Refusal.TOO_MUCH)


def letters(place: int) -> str:
    """The letters of a column, from 0: `A`, `B`, … `AA`."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found


class SheetReader:
    """Reads the numbers of a sheet.

    Args:
        read: the numbers in a cell.
        column: the key of the column that was chosen, if there was a question.
    """

    def __init__(self, read: Read, column: str | None) -> None:
        self._read = read
        self._chosen = column

    def read(self, sheet: Sheet, kind: Kind) -> NumberFile | Columns | None:
        """The numbers of the column that holds them.

        Returns:
            The question which column is meant, if several look like numbers and none of them was
            chosen; None if there is no number that can be called.
        """
        cells = _by_column(sheet)
        columns = self._columns(cells)
        if not columns:
            return None
        keys = {column.key: column for column in columns.values()}
        if self._chosen in keys:
            columns = {
                place: column for place, column in columns.items() if column.key == self._chosen
            }
        elif len(columns) > 1 and self._chosen != ALL_COLUMNS:
            return Columns(sheet=sheet.name, columns=tuple(columns.values()))
        return self._gather(sheet, kind, columns, name_columns(cells, set(columns)))

    def _columns(self, cells: dict[int, list[str]]) -> dict[int, Column]:
        """The columns that look like numbers, by place: one cell in five of theirs is one.

        If there is none, those that hold any.
        """
        likely = {place: of for place, of in cells.items() if self._is_likely(of)}
        found = {place: self._counted(place, of) for place, of in (likely or cells).items()}
        return {place: column for place, column in sorted(found.items()) if column.count}

    def listing(self, sheet: Sheet) -> Gathering:
        """All that may be a number in any cell: for a sheet of which none can be called."""
        gathered = Gathering(self._read)
        for row in sheet.rows:
            for text in row.cells.values():
                if _ANY_NUMBER.match(text):
                    gathered.read(text, row.line)
        return gathered

    def _is_likely(self, cells: list[str]) -> bool:
        step = max(1, len(cells) // _SAMPLE)
        sample = cells[::step]
        return _SHARE * sum(map(self._count, sample)) >= len(sample)

    def _count(self, text: str) -> int:
        return callable_numbers(self._read(text)) if _DIGITS.match(text) else 0

    def _counted(self, place: int, cells: list[str]) -> Column:
        count = 0
        example = ""
        for text in cells:
            if _DIGITS.match(text):
                found = self._read(text)
                count += callable_numbers(found)
                example = example or next(iter(found.numbers), "")
        return Column(letters(place), self._title(cells), count, example)

    def _title(self, cells: list[str]) -> str:
        first = cells[0] if cells else ""
        return tidy(first, _TITLE) if is_title(first) and not self._count(first) else ""

    def _gather(
        self, sheet: Sheet, kind: Kind, columns: dict[int, Column], names: Sequence[int]
    ) -> NumberFile:
        gathered = Gathering(self._read)
        titles = {place for place, column in columns.items() if column.title}
        for row in sheet.rows:
            name = tidy(" ".join(row.cells[place] for place in names if place in row.cells))
            taken = False
            for place in columns:
                text = row.cells.get(place)
                if text is None:
                    continue
                taken = True
                if place in row.doubts:
                    gathered.doubt(text, row.line, row.doubts[place])
                elif place in titles:
                    titles.discard(place)  # its first cell
                elif row.hidden:
                    gathered.doubt(text, row.line, Reason.HIDDEN)
                else:
                    gathered.read(text, row.line, name)
            if name and not taken and not titles:  # what stands above the titles is no row
                gathered.doubt(name, row.line, Reason.NO_NUMBER)
        return gathered.file(kind, sheet=sheet.name, columns=tuple(columns.values()))


def _by_column(sheet: Sheet) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in sheet.rows:
        for place, text in row.cells.items():
            if not row.doubts or place not in row.doubts:
                found[place].append(text)
    return dict(found)
