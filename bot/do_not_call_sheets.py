"""The do-not-call list as a file; made in a child process, because a long one takes a moment."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]  # it ships without types

from bot.calling.periods import Format
from bot.sheet_files import BOM, defused

Row = tuple[str, float, str, str]  # number, since (UTC seconds), by whom, why
WIDE = (18, 20, 20, 40)  # of the columns


def do_not_call_sheet(
    form: Format, heads: Sequence[str], rows: Sequence[Row], timezone: str
) -> bytes:
    """The list as CSV or XLSX, written as every export is; times are local.

    Args:
        form: the kind of file.
        heads: what stands above the columns.
        rows: the entries.
        timezone: of the times, by its key.
    """
    zone = ZoneInfo(timezone)
    cells = [
        (number, _local(since, zone), defused(who), defused(why))
        for number, since, who, why in rows
    ]
    return _csv(heads, cells) if form is Format.CSV else _xlsx(heads, cells)


def _local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(int(at), zone).replace(tzinfo=None).isoformat(" ")


def _csv(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(cells)
    return BOM + text.getvalue().encode()


def _xlsx(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    for place, (head, wide) in enumerate(zip(heads, WIDE, strict=True)):
        sheet.set_column(place, place, wide)
        sheet.write_string(0, place, head, bold)
    for row, values in enumerate(cells, start=1):
        for place, value in enumerate(values):
            sheet.write_string(row, place, value)
    sheet.autofilter(0, 0, len(cells), len(heads) - 1)
    book.close()
    return content.getvalue()
