"""Every call with all its fields as files, read back as a spreadsheet or a program would."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.calling.periods import Format
from bot.sheet_files import CsvFile, JsonFile, SheetFile, XlsxFile, defused
from bot.spreadsheets import PROGRESS, STEP, Order, Part, Which, entries, make_files, write
from bot.texts.language import Language
from bot.texts.table import COLUMNS, Entry, heads
from storage.errors import DatabaseUnusableError
from storage.models import Person
from storage.reading import read_only
from tests.record_file import DAY, add_called, record_at
from tests.storage.making import NOW, add, numbers

TEHRAN = ZoneInfo("Asia/Tehran")
ENGLISH = Language("en", TEHRAN)
ALL = Which(since=0.0, until=NOW * 2)
EVIL = "=cmd|' /C calc'!A0"
PLACE = {column.key: place for place, column in enumerate(COLUMNS)}
FILES: dict[Format, type[SheetFile]] = {
    Format.CSV: CsvFile,
    Format.JSON: JsonFile,
    Format.XLSX: XlsxFile,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with two answered calls of سارا, and a day later a batch of one number."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, 2, author=Person(id=7, name="سارا"), voice=EVIL)
        add(tx, numbers(1, 9), now=NOW + DAY)
    return path


def made(path: Path, form: Format, which: Which = ALL, **changes: Any) -> list[Part]:
    """The files that a child makes of the record."""
    folder = path.parent / "made"
    folder.mkdir(exist_ok=True)
    order = Order(
        database=path,
        which=which,
        form=form,
        folder=folder,
        name="calls",
        language="en",
        timezone="Asia/Tehran",
    )
    return make_files(replace(order, **changes))


def rows_of_csv(path: Path) -> list[list[str]]:
    """The rows as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def rows_of_xlsx(path: Path) -> list[tuple[Any, ...]]:
    """The values of the only sheet."""
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == 1
    return list(book.worksheets[0].values)


def test_csv(path: Path) -> None:
    """UTF-8 with a byte order mark, CRLF, plain numbers, local times, Toman, one row a call."""
    (file,) = made(path, Format.CSV)
    assert (file.path.name, file.calls) == ("calls.csv", 3)
    content = file.path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfbatch,position,number,")
    assert content.count(b"\r\n") == content.count(b"\n") == 4
    head, first, second, third = rows_of_csv(file.path)
    assert head == heads(ENGLISH)
    local = datetime.fromtimestamp(NOW, TEHRAN).strftime("%Y-%m-%d %H:%M:%S")
    assert [first[PLACE[key]] for key in ("batch", "number", "outcome", "launched_at")] == [
        *("b1", "+989120000001", "answered", local)
    ]
    assert [first[PLACE[key]] for key in ("talk_seconds", "cost_toman", "launched_by")] == [
        *("12", "34.200", "سارا")
    ]
    assert second[PLACE["number"]] == "+989120000002"
    assert [third[PLACE[key]] for key in ("batch", "outcome", "call_id")] == ["b2", "queued", ""]


def test_xlsx(path: Path) -> None:
    """Numbers of telephones are text cells, money and times are numbers that can be sorted."""
    (file,) = made(path, Format.XLSX)
    head, first, _, third = rows_of_xlsx(file.path)
    assert list(head) == heads(ENGLISH)
    number = openpyxl.load_workbook(file.path).worksheets[0].cell(2, PLACE["number"] + 1)
    assert (number.data_type, number.value) == ("s", "+989120000001")
    local = datetime.fromtimestamp(NOW, TEHRAN).replace(tzinfo=None)
    assert [first[PLACE[key]] for key in ("talk_seconds", "cost_toman", "launched_at")] == [
        *(12, 34.2, local)
    ]
    assert first[PLACE["launched_by"]] == "سارا"
    assert third[PLACE["call_id"]] is None


def test_json(path: Path) -> None:
    """One array, one object a line, times with their offset, what is not known left out."""
    (file,) = made(path, Format.JSON)
    text = file.path.read_text(encoding="utf-8")
    first, _, third = json.loads(text)
    assert len(text.splitlines()) == 5
    assert (first["number"], first["cost_toman"], first["voice"]) == ("+989120000001", 34.2, EVIL)
    assert first["launched_at"] == datetime.fromtimestamp(NOW, TEHRAN).isoformat()
    assert "call_id" not in third


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_defused(tmp_path: Path, form: Format, first: str) -> None:
    """Free text that a spreadsheet could run gets an apostrophe; numbers stay as they are."""
    path, evil = tmp_path / "callboard.db", f"{first}cmd|' /C calc'!A0"
    with record_at(path) as tx:
        add_called(tx, voice=evil, author=Person(id=7, name=evil), server_id=evil)
    (file,) = made(path, form)
    rows: list[Any] = (rows_of_csv if form is Format.CSV else rows_of_xlsx)(file.path)
    found = [rows[1][PLACE[key]] for key in ("voice", "launched_by", "server_id")]
    assert [str(text).replace("_x000D_", "\r") for text in found] == [f"'{evil}"] * 3
    assert rows[1][PLACE["number"]] == "+989120000001"


def test_harmless_text_stays_as_it_is() -> None:
    """Only what begins like a formula is changed."""
    assert [defused(text) for text in ("Sara", "", "a=b", "'x")] == ["Sara", "", "a=b", "'x"]


def test_some_days_and_one_batch(path: Path) -> None:
    """What was launched from the first moment to before the last one; or one batch alone."""
    first_day = made(path, Format.CSV, Which(since=NOW, until=NOW + DAY))
    assert [row[0] for row in rows_of_csv(first_day[0].path)[1:]] == ["b1", "b1"]
    first_day[0].path.unlink()
    second = made(path, Format.CSV, Which(batch_id=2), name="b2")
    assert [row[0] for row in rows_of_csv(second[0].path)[1:]] == ["b2"]
    assert second[0].path.name == "b2.csv"
    assert made(path, Format.CSV, Which(batch_id=99)) == []


def test_a_batch_of_thousands(tmp_path: Path) -> None:
    """Calls are read a thousand at a time, none twice and none left out; progress is told."""
    path = tmp_path / "callboard.db"
    told: list[int] = []
    with record_at(path) as tx:
        add(tx, *(numbers(100, 100 * cut) for cut in range(25)))
    with read_only(path) as tx:
        read = [entry.call.position for entry in entries(tx, ALL)]
        write(
            tx,
            ALL,
            Format.CSV,
            lambda part: tmp_path / f"{part}.csv",
            ENGLISH,
            told=told.append,
        )
    assert read == list(range(1, 2501))
    assert told == [STEP, 2 * STEP]
    made(path, Format.JSON)
    assert (tmp_path / "made" / PROGRESS).read_text() == "2000"


@pytest.mark.parametrize("form", [Format.CSV, Format.JSON])
def test_a_large_export_is_split(tmp_path: Path, form: Format) -> None:
    """No file is larger than the limit, each is whole by itself, and no call is lost."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add(tx, *(numbers(100, 100 * cut) for cut in range(20)))
    files = made(path, form, limit=300_000)
    assert [file.path.name for file in files] == [
        f"calls-part{n}.{form}" for n in range(1, len(files) + 1)
    ]
    assert len(files) > 1
    assert all(file.path.stat().st_size <= 300_000 for file in files)
    if form is Format.CSV:
        rows = [row for file in files for row in rows_of_csv(file.path)[1:]]
        positions = [int(row[PLACE["position"]]) for row in rows]
    else:
        found = [call for file in files for call in json.loads(file.path.read_text())]
        positions = [call["position"] for call in found]
    assert positions == list(range(1, 2001))
    assert sum(file.calls for file in files) == 2000


def test_a_large_sheet_is_split_again(tmp_path: Path) -> None:
    """XLSX shows its size only when it is closed: then it is made anew with fewer rows a file."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add(tx, *(numbers(100, 100 * cut) for cut in range(20)))
    whole = made(path, Format.XLSX)[0].path
    limit = whole.stat().st_size * 2 // 3
    whole.unlink()
    files = made(path, Format.XLSX, limit=limit, rows=1600)
    assert [file.calls for file in files] == [800, 800, 400]
    assert [file.path.name for file in files] == [f"calls-part{n}.xlsx" for n in (1, 2, 3)]
    rows = [row for file in files for row in rows_of_xlsx(file.path)[1:]]
    assert [row[PLACE["position"]] for row in rows] == list(range(1, 2001))


@pytest.mark.parametrize("form", list(Format))
def test_a_call_from_the_other_end_of_what_can_be(tmp_path: Path, form: Format) -> None:
    """The largest texts and numbers that the record can hold are written, and read back whole."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, voice="&<>\"'\n" * 10, author=Person(id=2**52, name="😀" * 64))
    (file,) = made(path, form)
    if form is Format.JSON:
        (found,) = json.loads(file.path.read_text(encoding="utf-8"))
        assert (found["voice"], found["launched_by"]) == ("&<>\"'\n" * 10, "😀" * 64)
        return
    rows: list[Any] = (rows_of_csv if form is Format.CSV else rows_of_xlsx)(file.path)
    assert rows[1][PLACE["voice"]] == "&<>\"'\n" * 10
    assert rows[1][PLACE["launched_by"]] == "😀" * 64
    assert int(rows[1][PLACE["launched_by_id"]]) == 2**52


def test_a_record_that_is_not_there(tmp_path: Path) -> None:
    """A child that finds no record says so, and makes none."""
    with pytest.raises(DatabaseUnusableError, match="there is no database at"):
        made(tmp_path / "callboard.db", Format.CSV)
    assert not (tmp_path / "callboard.db").exists()


@pytest.mark.parametrize("form", list(Format))
def test_a_file_of_nothing(path: Path, tmp_path: Path, form: Format) -> None:
    """A kind of file that is closed at once is whole: heads, and no call."""
    with read_only(path) as tx:
        entry: Entry = next(entries(tx, ALL))
    file = FILES[form](tmp_path / f"empty.{form}", ENGLISH)
    file.close()
    if form is Format.JSON:
        assert json.loads(file.path.read_text()) == []
    elif form is Format.CSV:
        assert rows_of_csv(file.path) == [heads(ENGLISH)]
    else:
        assert rows_of_xlsx(file.path) == [tuple(heads(ENGLISH))]
    assert entry.batch.created_at == datetime.fromtimestamp(NOW, UTC).timestamp()
