"""The do-not-call list as a file, as the child process writes it."""

import csv
import io
import zipfile

from bot.calling.periods import Format
from bot.do_not_call_sheets import Row, do_not_call_sheet

HEADS = ["number", "since", "by", "reason"]
ROWS: list[Row] = [("+989120000001", 0.0, "=Sara", "+wish"), ("+989120000002", 60.5, "Bob", "x")]


def test_csv() -> None:
    """Times are local, and no free text is a formula."""
    made = do_not_call_sheet(Format.CSV, HEADS, ROWS, "Asia/Tehran")
    assert made.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(made.decode("utf-8-sig")))) == [
        HEADS,
        ["+989120000001", "1970-01-01 03:30:00", "'=Sara", "'+wish"],
        ["+989120000002", "1970-01-01 03:31:00", "Bob", "x"],
    ]


def test_xlsx() -> None:
    """The same in one sheet, numbers of telephones as texts."""
    made = do_not_call_sheet(Format.XLSX, HEADS, ROWS, "Asia/Tehran")
    book = zipfile.ZipFile(io.BytesIO(made))
    texts = book.read("xl/sharedStrings.xml").decode()
    for text in ("number", "+989120000001", "1970-01-01 03:30:00", "'=Sara", "'+wish", "Bob"):
        assert f"<t>{text}</t>" in texts
