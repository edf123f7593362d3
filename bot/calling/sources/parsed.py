"""The rows of any sheet, by a parser, cell by cell: a sparse or huge sheet costs no memory."""

from collections.abc import Iterator
from typing import Final

from bot.calling.sources.cells import Places, new_row, put
from bot.calling.sources.package import tokens
from bot.calling.sources.sheets import Row

_ON: Final = frozenset({"1", "true"})


def rows(content: bytes, shared: list[str]) -> Iterator[Row]:
    """The rows of any sheet."""
    made = _Rows(shared)
    into: list[str] | None = None
    for token in tokens(content):
        if isinstance(token, str):
            if into is not None:
                into.append(token)
            continue
        tag, attributes = token
        if tag == "v":
            into = made.value
        elif tag == "c":
            made.begin_cell(attributes)
            into = None
        elif tag == "row":
            yield made.end_row()
            made.begin_row(attributes)
            into = None
        elif tag == "f":
            into = made.formula = []
        elif tag == "rPh":
            made.spoken = True
        else:
            into = made.value if tag == "t" and not made.spoken else None
    yield made.end_row()


class _Rows:
    """Makes rows of what is heard of them.

    Attributes:
        value: what stands in the cell, in pieces.
        formula: the same of its formula, if it has one.
        spoken: what follows in the cell tells how it is spoken.
    """

    def __init__(self, shared: list[str]) -> None:
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.spoken = False
        self._shared = shared
        self._places = Places()
        self._place: int | None = None
        self._next = 0
        self._kind = "n"
        self._row = new_row(0, hidden=False)

    def begin_row(self, attributes: dict[str, str]) -> None:
        """A row without a number follows the last one."""
        number = attributes.get("r")
        line = int(number) if number else self._row.line + 1
        self._row = new_row(line, hidden=attributes.get("hidden") in _ON)
        self._next = 0

    def begin_cell(self, attributes: dict[str, str]) -> None:
        """A cell without a place follows the last one."""
        self._end_cell()
        reference = attributes.get("r")
        letters = reference.rstrip("0123456789") if reference else ""
        self._place = self._places[letters] if reference else self._next
        self._next = self._place + 1
        self._kind = attributes.get("t", "n")

    def end_row(self) -> Row:
        """The row, which may be empty."""
        self._end_cell()
        return self._row

    def _end_cell(self) -> None:
        if self._place is None:
            return
        formula = None if self.formula is None else "".join(self.formula)
        put(self._row, self._place, self._kind, "".join(self.value), formula, self._shared)
        self._place = None
        self.value.clear()
        self.formula = None
        self.spoken = False
