"""All calls of a batch as CSV."""

import csv
import io
from dataclasses import replace

import pytest

from bot.calling.views import CallLine
from bot.texts.table import calls_csv, defused
from storage.models import CallStatus, SubmissionState
from tests.texts.scenes import ENGLISH, VOICE, batch_of, call_id, part, view_of

S, C = SubmissionState, CallStatus


def with_batch(*lines: CallLine, **facts: object) -> list[CallLine]:
    """Lines that know their batch."""
    return [replace(line, batch=batch_of(**facts)) for line in lines]  # type: ignore[arg-type]


def read(content: bytes) -> list[list[str]]:
    """The rows as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_columns() -> None:
    """Each call is a row: batch, place, number with its country code, outcome, id, cost, hour."""
    view = view_of(
        part(S.ACCEPTED, 1, C.NORMAL), call={"bill_sec": 12, "price": 34_200, "word": "NORMAL"}
    )
    waiting = view_of(part(S.UNKNOWN, 1))
    rows = read(calls_csv([*with_batch(*view.calls), *with_batch(*waiting.calls)], ENGLISH))
    assert rows == [
        [
            *("batch", "position", "number", "outcome", "gateway status", "call id", "seconds"),
            *("cost (Toman)", "voice", "launched by", "launched at"),
        ],
        [
            *("b12", "1", "+989120000001", "answered", "NORMAL", call_id(1), "12", "34.200"),
            *(VOICE, "Sara", "2025-06-15 18:04:00"),
        ],
        [
            *("b12", "1", "+989120000001", "may have rung", "", "", "", ""),
            *(VOICE, "Sara", "2025-06-15 18:04:00"),
        ],
    ]


def test_the_file_is_what_spreadsheets_need() -> None:
    """UTF-8 with a byte order mark, and CRLF line ends."""
    content = calls_csv(with_batch(*view_of(part(S.QUEUED, 1)).calls, author_name="سارا"), ENGLISH)
    assert content.startswith(b"\xef\xbb\xbfbatch,")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert "سارا".encode() in content


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_defused(first: str) -> None:
    """Free text that a spreadsheet could run gets an apostrophe; numbers stay plain."""
    evil = f"{first}cmd|' /C calc'!A0"
    lines = with_batch(
        *view_of(part(S.ACCEPTED, 1, C.OTHER), call={"word": evil, "gateway_id": evil}).calls,
        author_name=evil,
        voice=evil,
    )
    row = read(calls_csv(lines, ENGLISH))[1]
    assert row[2] == "+989120000001"
    assert [row[n] for n in (3, 4, 5, 8, 9)] == [f"'{evil}"] * 5


def test_harmless_text_stays_as_it_is() -> None:
    """Only what begins like a formula is changed."""
    assert [defused(text) for text in ("Sara", "", "a=b", "'x")] == ["Sara", "", "a=b", "'x"]


def test_a_line_without_its_batch() -> None:
    """A call whose batch is not at hand leaves those columns empty."""
    assert read(calls_csv(list(view_of(part(S.QUEUED, 1)).calls), ENGLISH))[1] == [
        *("b12", "1", "+989120000001", "queued", "", "", "", "", "", "", "")
    ]
