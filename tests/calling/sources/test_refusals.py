"""Files that are refused, each for its reason, with memory and time bounded."""

import io
import struct
import zipfile

import pytest

from bot.calling.numbers import NumberReader, Reason
from bot.calling.sources import package as packages
from bot.calling.sources.contacts import Contact
from bot.calling.sources.found import Refusal, Refused, RefusedError
from bot.calling.sources.people import read_contacts
from bot.calling.sources.sheets import MOST_CELLS, MOST_ROWS, letters
from tests.calling.sources.books import (
    KINDS,
    by_hand,
    number,
    package,
    read,
    refused,
    sheet_of,
    typed,
    workbook,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "list.txt", Refused(Refusal.EMPTY)),
        (b"\xef\xbb\xbf \r\n", "list.txt", Refused(Refusal.EMPTY)),
        (b" \n", "list.csv", Refused(Refusal.EMPTY)),
        (b"Hello there,\nall of you", "list.txt", Refused(Refusal.NO_NUMBERS)),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", Refused(Refusal.ENCRYPTED)),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", Refused(Refusal.OTHER_SHEET, "XLS")),
        (OLE + "Book".encode("utf-16-le"), "a.xlsx", Refused(Refusal.OTHER_SHEET, "XLS")),
        (OLE, "a.xls", Refused(Refusal.NOT_WHAT_IT_SAYS, "XLS")),
        (OLE, "a.doc", Refused(Refusal.UNKNOWN)),
        (package({"xl/workbook.bin": b"x"}), "a.xlsb", Refused(Refusal.OTHER_SHEET, "XLSB")),
        (
            package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            "a.ods",
            Refused(Refusal.OTHER_SHEET, "ODS"),
        ),
        (package({"Index/Document.iwa": b"x"}), "a", Refused(Refusal.OTHER_SHEET, "Numbers")),
        (package({"word/document.xml": "<x/>"}), "a.docx", Refused(Refusal.UNKNOWN)),
        (package({}), "a.zip", Refused(Refusal.UNKNOWN)),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "list.xlsx", Refused(Refusal.NOT_WHAT_IT_SAYS, "XLSX")),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "photo.jpg", Refused(Refusal.UNKNOWN)),
        (b"\xff\xd8\xff\xe0" + b"0" * 500, "photo.jpg", Refused(Refusal.UNKNOWN)),
        (b"GIF89a" + b"9" * 11, "photo.csv", Refused(Refusal.NOT_WHAT_IT_SAYS, "CSV")),
        (b"%PDF-1.7\nx", "list.csv", Refused(Refusal.NOT_WHAT_IT_SAYS, "CSV")),
        (b"<html><table>", "list.xls", Refused(Refusal.NOT_WHAT_IT_SAYS, "XLS")),
        (b"PK\x03\x04 and no more", "list.xlsx", Refused(Refusal.DAMAGED)),
        (workbook(S=[[typed(1)]])[:-300], "list.xlsx", Refused(Refusal.DAMAGED)),
        (workbook(S=[["nobody"]]), "list.xlsx", Refused(Refusal.NO_NUMBERS)),
        (workbook(S=[[]]), "list.xlsx", Refused(Refusal.NO_NUMBERS)),
    ],
)
def test_what_is_refused(content: bytes, name: str, why: Refused) -> None:
    """Decided by the content; a name that says otherwise is told."""
    assert refused(content, name) == why


def test_the_content_decides() -> None:
    """A file under a wrong name is read as what it is."""
    assert read(workbook(S=[[typed(1)]]), "list.csv").numbers == (number(1),)
    assert read(typed(1).encode(), "list.xlsx").numbers == (number(1),)


def test_nothing_that_can_be_called() -> None:
    """Foreign, satellite, emergency, vanity and premium numbers are listed with their reasons."""
    texts = ["+4930123456", "+8816234567890", "112", "1-800-FLOWERS", "09091234567"]
    found = refused(workbook(S=[[text] for text in texts]), "x.xlsx")
    assert found.why is Refusal.NOTHING_CALLABLE
    assert {one.reason for one in found.uncallable} >= {Reason.FOREIGN, Reason.KIND}
    by_lines = refused("\n".join(texts).encode(), "x.txt")
    assert {one.line for one in by_lines.uncallable} == {1, 2, 3, 4, 5}


def test_a_file_with_a_password_of_zip() -> None:
    """A part that is encrypted says so."""
    content = bytearray(workbook(S=[[typed(1)]]))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    assert refused(bytes(content), "x.xlsx") == Refused(Refusal.ENCRYPTED)


def bomb(declared: int | None = None) -> bytes:
    """A workbook whose sheet unpacks to 200 MB of spaces; its size may be declared otherwise."""
    sheet = sheet_of(f'<row r="1"><c r="A1"><v>9120000001</v></c></row>{" " * 200_000_000}')
    content = by_hand(sheet)
    if declared is None:
        return content
    made = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        info = members.getinfo("xl/worksheets/sheet1.xml")
    real = struct.pack("<L", info.file_size)
    at = made.find(real)
    while at >= 0:
        made[at : at + 4] = struct.pack("<L", declared)
        at = made.find(real, at + 1)
    return bytes(made)


def test_a_bomb() -> None:
    """What would unpack to more than is read is refused before it is unpacked."""
    content = bomb()
    assert len(content) < 2_000_000
    assert refused(content, "x.xlsx") == Refused(Refusal.TOO_MUCH)


def test_a_bomb_that_lies() -> None:
    """One that declares to be small is unpacked as far as that, and is damaged."""
    assert refused(bomb(declared=1000), "x.xlsx") == Refused(Refusal.DAMAGED)


def test_many_parts() -> None:
    """Parts count together, and a part counts as often as it is named."""
    relations = "".join(
        f'<Relationship Id="r{n}" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        for n in range(30)
    )
    sheets = "".join(f'<sheet name="s{n}" r:id="r{n}"/>' for n in range(30))
    padded = sheet_of(f'<row r="1"><c r="A1"><v>1</v></c></row>{" " * 5_000_000}')
    assert 30 * len(padded) > packages.MOST_BYTES
    content = by_hand(
        padded,
        more={
            "xl/workbook.xml": f'<workbook xmlns:r="r">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        },
    )
    assert refused(content, "x.xlsx") == Refused(Refusal.TOO_MUCH)


def test_too_many_rows() -> None:
    """A sheet, a table, a text and a file of cards with more rows than are read."""
    limit = Refused(Refusal.TOO_MANY_ROWS, limit=MOST_ROWS)
    row = '<row r="{}"><c r="A{}"><v>1</v></c></row>'
    rows = "".join(row.format(n, n) for n in range(1, MOST_ROWS + 2))
    assert refused(by_hand(sheet_of(rows)), "x.xlsx") == limit
    assert refused(b"a,1\n" * (MOST_ROWS + 1), "x.csv") == limit
    assert refused(b"1\n" * (MOST_ROWS + 1), "x.txt") == limit
    cards = (Contact(line) for line in range(MOST_ROWS + 1))
    read_one = NumberReader("IR", KINDS).read
    with pytest.raises(RefusedError) as error:
        read_contacts(cards, read_one, read_one)
    assert error.value.refused == limit


def test_many_empty_rows() -> None:
    """Rows without a value are no rows: a sheet that was only coloured is read."""
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 2 * MOST_ROWS))
    content = by_hand(sheet_of(f'<row r="1"><c r="A1"><v>9120000001</v></c></row>{empty}'))
    assert read(content, "x.xlsx").numbers == (number(1),)


def test_too_many_cells() -> None:
    """Rows of many cells are bounded, too."""
    cells = "".join(f'<c r="{letters(place)}1"><v>1</v></c>' for place in range(900))
    rows = f'<row r="1">{cells}</row>' * (1 + MOST_CELLS // 900)
    assert refused(by_hand(sheet_of(rows)), "x.xlsx") == Refused(Refusal.TOO_MUCH)
