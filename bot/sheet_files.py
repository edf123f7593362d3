"""The kinds of file that calls are written into, one call after another."""

import csv
import io
import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]  # it ships without types

from bot.texts.language import Language
from bot.texts.table import COLUMNS, Entry, Kind, Value, heads, values

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
BOM: Final = b"\xef\xbb\xbf"
_LARGEST: Final = 100_000  # bytes of one call in a file; the longest text is 4,096 characters
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet's dates have no zone
_DAY: Final = 86400.0


class SheetFile(Protocol):
    """A file that is being written.

    Attributes:
        calls: how many calls it holds.
        size: its bytes so far; None if only its end will tell.
        largest: bytes that one more call can add.
    """

    path: Path
    calls: int
    size: int | None
    largest: int

    def __init__(self, path: Path, language: Language) -> None: ...

    def add(self, entry: Entry) -> None:
        """Write one call."""

    def close(self) -> None:
        """Write the end."""


def defused(text: str) -> str:
    """Free text that a spreadsheet could take for a formula gets a `'` before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class CsvFile:
    """Numbers of telephones are plain, `+98…`."""

    largest: int = _LARGEST

    def __init__(self, path: Path, language: Language) -> None:
        self.path = path
        self.calls = 0
        self._language = language
        self._file = path.open("xb")
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line)
        self.size: int | None = self._file.write(BOM)
        self._write(heads(language))

    def add(self, entry: Entry) -> None:
        """Write one call."""
        self._write(
            [self._cell(*pair) for pair in zip(_KINDS, values(entry, self._language), strict=True)]
        )
        self.calls += 1

    def close(self) -> None:
        """Write the end."""
        self._file.close()

    def _write(self, row: list[str]) -> None:
        self._writer.writerow(row)
        line = self._line.getvalue().encode()
        self._line.seek(0)
        self._line.truncate()
        self._file.write(line)
        self.size = (self.size or 0) + len(line)

    def _cell(self, kind: Kind, value: Value) -> str:
        if value is None:
            return ""
        if kind is Kind.TEXT:
            return defused(str(value))
        if kind is Kind.TIME:
            return _text(float(value), self._language.timezone)
        if kind is Kind.MONEY:
            return f"{int(value) / 1000:.3f}"
        return str(value)


class JsonFile:
    """One array, one object a line; what is not known is left out."""

    largest: int = _LARGEST

    def __init__(self, path: Path, language: Language) -> None:
        self.path = path
        self.calls = 0
        self._language = language
        self._file = path.open("xb")
        self.size: int | None = self._file.write(b"[\n")

    def add(self, entry: Entry) -> None:
        """Write one call."""
        found = {
            column.key: self._value(column.kind, value)
            for column, value in zip(COLUMNS, values(entry, self._language), strict=True)
            if value is not None
        }
        line = json.dumps(found, ensure_ascii=False).encode()
        self.size = (self.size or 0) + self._file.write((b",\n" if self.calls else b"") + line)
        self.calls += 1

    def close(self) -> None:
        """Write the end."""
        self._file.write(b"\n]\n")
        self._file.close()

    def _value(self, kind: Kind, value: str | float) -> str | float:
        if kind is Kind.TIME:
            return _moment(float(value), self._language.timezone).isoformat()
        return float(value) / 1000 if kind is Kind.MONEY else value


class XlsxFile:
    """One sheet; rows leave the memory as they are written."""

    largest: int = 0

    def __init__(self, path: Path, language: Language) -> None:
        self.path = path
        self.calls = 0
        self.size: int | None = None
        self._language = language
        self._book = xlsxwriter.Workbook(
            path, {"constant_memory": True, "tmpdir": str(path.parent)}
        )
        self._sheet = self._book.add_worksheet()
        self._formats = {
            Kind.TIME: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Kind.MONEY: self._book.add_format({"num_format": "#,##0.000"}),
        }
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 3)
        for place, (column, head) in enumerate(zip(COLUMNS, heads(language), strict=True)):
            self._sheet.set_column(place, place, column.wide)
            self._sheet.write_string(0, place, head, bold)

    def add(self, entry: Entry) -> None:
        """Write one call."""
        self.calls += 1
        for place, value in enumerate(values(entry, self._language)):
            if value is not None:
                self._cell(place, COLUMNS[place].kind, value)

    def close(self) -> None:
        """Write the end."""
        self._sheet.autofilter(0, 0, self.calls, len(COLUMNS) - 1)
        self._book.close()

    def _cell(self, place: int, kind: Kind, value: str | float) -> None:
        if kind is Kind.TEXT:
            self._sheet.write_string(self.calls, place, defused(str(value)))
        elif kind is Kind.PHONE:
            self._sheet.write_string(self.calls, place, str(value))
        elif kind is Kind.WHOLE:
            self._sheet.write_number(self.calls, place, float(value))
        elif kind is Kind.MONEY:
            self._sheet.write_number(self.calls, place, float(value) / 1000, self._formats[kind])
        else:
            days = _days(float(value), self._language.timezone)
            self._sheet.write_number(self.calls, place, days, self._formats[kind])


_KINDS: Final = tuple(column.kind for column in COLUMNS)


# Most times are those of a batch, and stand in each of its calls.
@lru_cache(maxsize=1024)
def _moment(at: float, timezone: ZoneInfo) -> datetime:
    """Local time in whole seconds."""
    return datetime.fromtimestamp(int(at), timezone)


@lru_cache(maxsize=1024)
def _text(at: float, timezone: ZoneInfo) -> str:
    return _moment(at, timezone).replace(tzinfo=None).isoformat(" ")


@lru_cache(maxsize=1024)
def _days(at: float, timezone: ZoneInfo) -> float:
    """Local time as spreadsheets count it: in days."""
    return (_moment(at, timezone).replace(tzinfo=None) - _FIRST_DAY).total_seconds() / _DAY
