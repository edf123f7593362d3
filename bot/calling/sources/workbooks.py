"""XLSX: one sheet after another, until one holds numbers.

The facts are those of ECMA-376, part 1, 18.3 (sheets) and 18.4 (shared texts). What libraries
need for a file of 50,000 rows stands in `docs/performance.md`; those that are fast lay a sheet
out in full, and two cells in opposite corners of one make 17 thousand million.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import Final

from bot.calling.sources import flat, parsed
from bot.calling.sources.cells import Places, new_row, put
from bot.calling.sources.package import Package, tokens, whole
from bot.calling.sources.sheets import Row, Sheet

_HIDDEN: Final = re.compile(r' hidden="(?:1|true)"')
_ELEMENT: Final = re.compile(r"<[^<>]*>")


def is_workbook(package: Package) -> bool:
    """Whether it is a workbook of XLSX."""
    return bool(_workbook(package))


def sheets(package: Package) -> Iterator[Sheet]:
    """The sheets that are shown and hold something, in their order; each is read when its turn is.

    Their name is None if there is one only.

    Raises:
        RefusedError: it is damaged, encrypted or too large.
    """
    book = _workbook(package)
    relations = package.relations(book)
    shown: list[tuple[str, str]] = []
    for token in tokens(package.read(book)):
        if isinstance(token, str) or token[0] != "sheet":
            continue
        attributes = token[1]
        reference = next((of for at, of in attributes.items() if at.endswith(":id")), "")
        relation = relations.get(reference)
        visible = attributes.get("state", "visible") == "visible"
        if visible and relation is not None and relation.kind == "worksheet":
            shown.append((attributes.get("name", ""), relation.target))
    texts = [one.target for one in relations.values() if one.kind == "sharedStrings"]
    shared = [text.strip() for text in _shared(package.read(texts[0]))] if texts else []
    for name, target in shown:
        with whole():
            sheet = _sheet(package.read(target), shared)
        if sheet.rows:
            sheet.name = name if len(shown) > 1 else None
            yield sheet


def _sheet(content: bytes, shared: list[str]) -> Sheet:
    for written in (_flat_rows, parsed.rows):
        sheet = Sheet()
        try:
            for row in written(content, shared):
                sheet.add(row)
        except flat.NotFlatError:
            continue
        break
    return sheet


def _workbook(package: Package) -> str:
    found = (one.target for one in package.relations("").values() if one.kind == "officeDocument")
    name = next(found, "")
    # Word's documents are packages of the same form.
    return name if posix_base(name).startswith("workbook") and name.endswith(".xml") else ""


def posix_base(name: str) -> str:
    """The last part of a path."""
    return name.rpartition("/")[2].lower()


def _shared(content: bytes) -> list[str]:
    """The texts that cells share; how they are spoken (`rPh`) is none of them."""
    with contextlib.suppress(flat.NotFlatError):
        return flat.texts(content)
    found: list[str] = []
    parts: list[str] = []
    inside = spoken = False
    for token in tokens(content):
        if isinstance(token, str):
            if inside:
                parts.append(token)
            continue
        tag = token[0]
        if tag == "si":
            found.append("".join(parts))
            parts.clear()
            spoken = False
        spoken = spoken or tag == "rPh"
        inside = tag == "t" and not spoken
    found.append("".join(parts))
    return found[1:]  # what stood before the first


def _flat_rows(content: bytes, shared: list[str]) -> Iterator[Row]:
    """The rows of a sheet that is written as most are; see `flat`."""
    places = Places()
    for number, attributes, written in flat.rows(content):
        row = new_row(number, hidden=_HIDDEN.search(attributes) is not None)
        cells = row.cells
        for _, letters, kind, formula, value, inline in written:
            if kind == "" and value.isdecimal():
                cells[places[letters]] = value
            elif kind == "s" and value:
                if text := shared[int(value)]:
                    cells[places[letters]] = text
            else:
                inside = flat.plain(_ELEMENT.sub("", formula)) if formula else None
                text = flat.plain(value or inline)
                put(row, places[letters], kind or "n", text, inside, shared)
        yield row
