"""Text files: tables parted by commas and the like, and anything else line by line."""

import csv
import io
import re
from collections import Counter
from typing import Final

from bot.calling.numbers import Reason
from bot.calling.sources.found import Kind, NumberFile, Refusal, RefusedError
from bot.calling.sources.gathering import Gathering, Read
from bot.calling.sources.sheets import MOST_ROWS, Row, Sheet

_DELIMITERS: Final = "\t;,|"
_LOOKED_AT: Final = 100  # lines by which the delimiter is told
_MOST: Final = 0.8  # of them have the same number of fields
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_LITERAL: Final = re.compile(r'="([^"]*)"')  # how a CSV file keeps the 0 of a number for Excel
_LETTER: Final = re.compile(r"[^\W\d_]")
_SHEETS: Final = (".csv", ".tsv")


def table(text: str, name: str) -> Sheet | None:
    """The rows of a text whose lines have the same fields, two at least.

    Formulas are text, and are listed with that reason: nothing is worked out here.

    Returns:
        None for any other text, and for one without a letter whose name is not that of a table:
        numbers in lines and columns are a paste like any other.

    Raises:
        RefusedError: there are too many rows or cells.
    """
    delimiter = _delimiter(text)
    if delimiter is None:
        return None
    if not name.lower().endswith(_SHEETS) and not _LETTER.search(text):
        return None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    sheet = Sheet()
    before = 0
    try:
        for fields in rows:
            sheet.add(_row(before + 1, fields))
            before = rows.line_num
    except csv.Error:  # one field is longer than a table has: an open quote, most often
        return None
    return sheet


def lines(text: str, read: Read) -> NumberFile:
    """The numbers of a text, line by line; words beside a single number are its name.

    Raises:
        RefusedError: there are too many lines.
    """
    gathered = Gathering(read)
    count = 0
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip():
            continue
        count += 1
        if count > MOST_ROWS:
            raise RefusedError(Refusal.TOO_MANY_ROWS, limit=MOST_ROWS)
        gathered.read(line, number)
    return gathered.file(Kind.TEXT)


def _delimiter(text: str) -> str | None:
    """What parts most of the first lines into the same number of fields, into most of them."""
    head = [line for line in text[: 400 * _LOOKED_AT].splitlines() if line.strip()][:_LOOKED_AT]
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS if len(head) > 1 else "":
        try:
            rows = [row for row in csv.reader(head, delimiter=delimiter) if row]
        except csv.Error:
            continue
        fields, often = Counter(map(len, rows)).most_common(1)[0]
        if fields > 1 and often >= _MOST * len(rows) and (best is None or fields > best[0]):
            best = (fields, delimiter)
    return best[1] if best else None


def _row(line: int, fields: list[str]) -> Row:
    cells: dict[int, str] = {}
    doubts: dict[int, Reason] = {}
    for place, typed in enumerate(fields):
        text = typed.strip()
        literal = _LITERAL.fullmatch(text)
        if literal:
            text = literal[1]
        if text.startswith("="):
            doubts[place] = Reason.FORMULA
        if text:
            cells[place] = text
    return Row(line, cells, doubts)
