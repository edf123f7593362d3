"""XLSX: as Excel, LibreOffice and the libraries write it, and as nobody should."""

import io

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships without types

from bot.calling.numbers import Reason, Uncallable
from bot.calling.sources.found import Column, Columns, Kind, Refusal
from tests.calling.sources.books import (
    answer,
    by_hand,
    number,
    read,
    refused,
    saved,
    sheet_of,
    typed,
    workbook,
)

PEOPLE: list[list[object]] = [
    ["Name", "Mobile", "Since"],
    ["Ali", 9120000001, 2019],
    ["Sara & <Bob>", typed(2), 2020],
    ["Reza", 989120000003, 2021],
    ["Mina", None, 2022],
    ["Omid", "no phone", 2023],
]


def test_a_workbook() -> None:
    """Numbers that lost their 0, texts, names; an entry is listed with its row."""
    found = read(workbook(People=PEOPLE), "people.xlsx")
    assert found.kind is Kind.XLSX
    assert found.numbers == (number(1), number(2), number(3))
    assert found.names == {number(1): "Ali", number(2): "Sara & <Bob>", number(3): "Reza"}
    assert found.sheet is None
    assert found.columns == (Column("B", "Mobile", 3, number(1)),)
    assert found.uncallable == (
        Uncallable("Mina", 5, Reason.NO_NUMBER),
        Uncallable("no", 6, Reason.LETTERS),
        Uncallable("phone", 6, Reason.LETTERS),
    )


@pytest.mark.parametrize("constant", [True, False])
def test_texts_in_cells_and_shared_ones(constant: bool) -> None:
    """A library that writes texts into the cells, or into a part of their own."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": constant})
    sheet = book.add_worksheet()
    for place, row in enumerate(PEOPLE):
        sheet.write_row(place, 0, row)
    book.close()
    assert read(file.getvalue(), "x.xlsx").numbers == (number(1), number(2), number(3))


def test_the_first_sheet_with_numbers() -> None:
    """Sheets without numbers are passed over, hidden ones too; which was read is told."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["About", "this file"])
    hidden = book.create_sheet("Old")
    hidden.append([typed(1)])
    hidden.sheet_state = "hidden"
    book.create_sheet("Drivers").append([typed(2)])
    book.create_sheet("More").append([typed(3)])
    found = read(saved(book), "x.xlsx")
    assert (found.sheet, found.numbers) == ("Drivers", (number(2),))


def test_hidden_rows() -> None:
    """What a filter hides is listed and not called."""
    book = openpyxl.Workbook()
    for place in range(3):
        book.worksheets[0].append([typed(place)])
    book.worksheets[0].row_dimensions[2].hidden = True
    found = read(saved(book), "x.xlsx")
    assert found.numbers == (number(0), number(2))
    assert found.uncallable == (Uncallable(typed(1), 2, Reason.HIDDEN),)


def test_formulas() -> None:
    """The value that the program has kept is read; a formula without one is listed."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write(0, 0, typed(1))
    sheet.write_formula(1, 0, '="0912"&"0000002"', None, typed(2))
    sheet.write_formula(2, 0, "=9120000000+3", None, 9120000003)
    sheet.write_formula(3, 0, "=B9", None, "#REF!")
    sheet.write_formula(4, 0, "=B9", None, "")
    book.close()
    found = read(file.getvalue(), "x.xlsx")
    assert found.numbers == (number(1), number(2), number(3))
    assert found.uncallable == (
        Uncallable("#REF!", 4, Reason.FORMULA),
        Uncallable("=B9", 5, Reason.FORMULA),
    )
    found = read(workbook(S=[[typed(1)], [f"=LEFT({typed(2)}&1;11)"]]), "x.xlsx")
    assert found.uncallable == (Uncallable(f"=LEFT({typed(2)}&1;11", 2, Reason.FORMULA),)


def test_other_cells() -> None:
    """Numbers with a fraction or a minus are none to call; truth values are nothing."""
    rows: list[list[object]] = [
        [9120000001.0],
        [9120000002.5],
        [-9120000003],
        [True],
        [9.12e20],
        [f"{typed(4)}\n{typed(5)}"],
    ]
    found = read(workbook(S=rows), "x.xlsx")
    assert found.numbers == (number(1), number(4), number(5))
    assert [(one.line, one.reason) for one in found.uncallable] == [
        (2, Reason.UNREADABLE),
        (3, Reason.UNREADABLE),
        (5, Reason.LETTERS),
    ]


def test_which_column_of_which_sheet() -> None:
    """The question names the sheet; the answer reads the column of that sheet."""
    content = workbook(About=[["x"]], People=[[typed(1), typed(2)], [typed(3), typed(4)]])
    columns = (Column("A", "", 2, number(1)), Column("B", "", 2, number(2)))
    assert answer(content, "x.xlsx") == Columns(sheet="People", columns=columns)
    assert read(content, "x.xlsx", "B").numbers == (number(2), number(4))


def test_titles_below_a_heading() -> None:
    """What stands above the titles is neither a number nor a person without one."""
    rows = [["Drivers of May"], [], ["Name", "Mobile"], ["Ali", typed(1)]]
    found = read(workbook(S=rows), "x.xlsx")
    assert (found.numbers, found.uncallable) == ((number(1),), ())
    assert found.columns[0].title == "Mobile"


ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t>Ali</t></is></c>'
    '<c r="B3"><v>9120000001</v></c></row>'
    '<row r="4"><c r="A4" t="s"><v>2</v></c><c r="B4" t="str"><f>x</f><v>09120000002</v></c></row>'
    '<row r="5"><c r="A5" t="str"><f>z</f><v></v></c><c r="B5"><f>y</f><v></v></c>'
    '<c r="C5" s="1"/></row>'
    '<row r="7"><c r="A7" t="inlineStr"><is><t>M &amp; N</t></is></c>'
    '<c r="B7" t="n"><v>9.120000003E9</v></c></row>'
)
SHARED = "<sst><si><t>Name</t></si><si><t>Mobile</t></si><si><t>Sara</t></si></sst>"
RICH = (
    "<sst><si><r><t>Na</t></r><r><rPr><b/></rPr><t>me</t></r></si><si><t>Mobile</t>"
    "<rPh><t>moba</t></rPh></si>\n<si><t>Sara</t></si></sst>"
)


@pytest.mark.parametrize(
    ("content", "shared"),
    [
        (sheet_of(ROWS), SHARED),
        (sheet_of(ROWS), RICH),
        (sheet_of("<!-- x -->" + ROWS), SHARED),
        (sheet_of(ROWS.replace("<c r", "<c  r")), RICH),
        (sheet_of(ROWS.replace("<row r", "<row spans='1:3' r")), SHARED),
        (sheet_of(ROWS.replace("</row>", "</row>\n")), SHARED),
        (sheet_of("<row r='9'/>" + ROWS), SHARED),
        (sheet_of(ROWS + '<row r="9"/>'), SHARED),
        (sheet_of(ROWS.replace("<", "<x:").replace("<x:/", "</x:"), "x:"), SHARED),
        (sheet_of(ROWS).replace("UTF-8", "UTF-16").encode("utf-16"), SHARED),
        (sheet_of(ROWS.replace("9120000001", "<![CDATA[9120000001]]>")), SHARED),
    ],
)
def test_the_same_sheet_in_many_hands(content: str | bytes, shared: str) -> None:
    """However the XML is written, by patterns or by the parser, the same is read."""
    found = read(by_hand(content, shared=shared), "x.xlsx")
    assert found.numbers == (number(2), number(3))
    assert found.names == {number(2): "Sara", number(3): "M & N"}
    assert found.uncallable == (
        Uncallable("9120000001", 3, Reason.HIDDEN),
        Uncallable("=y", 5, Reason.FORMULA),
    )
    assert found.columns == (Column("B", "Mobile", 3, number(1)),)


def test_rows_and_cells_without_places() -> None:
    """They follow each other."""
    rows = (
        "<row><c t='inlineStr'><is><t>Ali</t><rPh><t>a</t></rPh></is></c>"
        "<c><v>9120000001</v></c></row><row><c/><c><v>12</v></c></row>"
    )
    found = read(by_hand(sheet_of(rows)), "x.xlsx")
    assert found.names == {number(1): "Ali"}
    assert found.uncallable == (Uncallable("12", 2, Reason.WRONG_LENGTH),)


@pytest.mark.parametrize("space", ["", " "])
def test_a_sparse_sheet(space: str) -> None:
    """Two cells in opposite corners of the largest sheet are two cells."""
    rows = (
        f'<row r="1"><c{space} r="A1"><v>9120000001</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>9120000002</v></c></row>'
    )
    found = answer(by_hand(sheet_of(rows)), "x.xlsx")
    assert isinstance(found, Columns)
    assert [column.key for column in found.columns] == ["A", "XFD"]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="x"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><c r="A1" t="s"><v>x</v></c></row>',
    ],
)
def test_a_damaged_sheet(rows: str) -> None:
    """A place that no sheet has, a text that is not there, XML that does not end."""
    assert refused(by_hand(sheet_of(rows)), "x.xlsx").why is Refusal.DAMAGED


def test_an_external_definition() -> None:
    """A DTD is refused, whatever it defines."""
    sheet = sheet_of('<row r="1"><c r="A1"><v>&a;</v></c></row>')
    bomb = sheet.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "1">]><worksheet')
    assert refused(by_hand(bomb), "x.xlsx").why is Refusal.DAMAGED
