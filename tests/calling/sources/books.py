"""Files for the tests, made as people's programs make them, or by hand where those would not."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

from bot.calling.sources.found import Columns, NumberFile, Refused
from bot.calling.sources.reading import Job, read_file

KINDS = frozenset({"mobile", "fixed_line"})
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def number(place: int) -> str:
    """A mobile number in E.164; each place has its own."""
    return f"+98912{place:07d}"


def typed(place: int) -> str:
    """The same as people write it."""
    return f"0912{place:07d}"


def answer(
    content: bytes, name: str = "list.txt", column: str | None = None
) -> NumberFile | Columns | Refused:
    """What the child process would answer."""
    return read_file(Job(content, name, "IR", KINDS, column))


def read(content: bytes, name: str = "list.txt", column: str | None = None) -> NumberFile:
    """The numbers of a file that is neither refused nor asked about."""
    found = answer(content, name, column)
    assert isinstance(found, NumberFile), found
    return found


def refused(content: bytes, name: str) -> Refused:
    """Why a file is refused."""
    found = answer(content, name)
    assert isinstance(found, Refused), found
    return found


def workbook(**sheets: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file with these rows, by openpyxl."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def by_hand(
    sheet: str | bytes, *, shared: str | None = None, more: Mapping[str, str] | None = None
) -> bytes:
    """An XLSX file of one sheet whose XML is given; `shared` is that of its shared texts."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": _relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "sharedStrings", "/xl/sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet,
    }
    if shared is not None:
        parts["xl/sharedStrings.xml"] = shared
    return package(parts | dict(more or {}))


def sheet_of(rows: str, prefix: str = "") -> str:
    """The XML of a sheet, with its names of elements under a prefix (`x:`) or under none."""
    named = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<{prefix}worksheet {named}="{_MAIN}"><{prefix}sheetData>{rows}</{prefix}sheetData>'
        f"</{prefix}worksheet>"
    )


def _relations(*found: tuple[str, str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="{of}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for of, kind, target in found
    )
    return f'<Relationships xmlns="{_PACKAGE}">{lines}</Relationships>'
