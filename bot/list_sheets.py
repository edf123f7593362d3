"""A list as a file; made in a child process, because a long one takes a moment."""

import csv
import io
from collections.abc import Sequence

from bot.sheet_files import BOM, defused


def list_sheet(heads: Sequence[str], numbers: Sequence[tuple[str, str | None]]) -> bytes:
    """The numbers and names of a list as CSV, written as every export is.

    Args:
        heads: what stands above the two columns.
        numbers: E.164, and the name or None.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows((number, defused(name or "")) for number, name in numbers)
    return BOM + text.getvalue().encode()
