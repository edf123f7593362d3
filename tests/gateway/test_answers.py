"""Reading the gateway's JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.answers import Answer, read_answer
from bot.gateway.models import PlacedCall
from bot.gateway.wire import STATUS_WORDS, is_plausible_id
from tests.gateway.conftest import IDS, NUMBERS, example

BIG = 2**63


def read(document: Any) -> Answer:
    """Read a document as it would come."""
    return read_answer(json.dumps(document).encode())


def call(**fields: Any) -> PlacedCall:
    """How one entry with these fields is read."""
    (found,) = read([{"id": IDS[0], **fields}]).calls
    return found


def test_documented_batch() -> None:
    """The documented answer to a launch is read field by field."""
    assert read_answer(example("batch_response")) == Answer(
        calls=tuple(
            PlacedCall(
                id=call_id,
                number=number,
                status="WAITING",
                bill_sec=0,
                request_date=1564643999,
                execution_date=None,
                price=0,
            )
            for call_id, number in zip(IDS, NUMBERS, strict=True)
        ),
        empty=False,
    )


def test_documented_status() -> None:
    """The documented answer about one call, bare, is read field by field."""
    (found,) = read_answer(example("status_response")).calls
    assert found == PlacedCall(
        id=IDS[0],
        number=NUMBERS[0],
        status="NORMAL",
        bill_sec=12,
        request_date=1564643999,
        execution_date=1564645842,
        price=34200,
    )


def test_documented_error() -> None:
    """The documented error is told from an answer that only resembles it."""
    assert read_answer(example("status_not_found")) == Answer(error="NotFound", documented=True)
    assert not read({"error": "NotFound"}).documented
    assert not read({"result": {}, "error": "NotFound"}).documented


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_entries_are_kept_as_they_came(bom: bytes) -> None:
    """Fewer, repeated, reordered and foreign entries are all kept, in their order."""
    entries = [
        {"id": IDS[1], "phoneNumber": NUMBERS[1]},
        {"id": IDS[1], "phoneNumber": NUMBERS[1]},
        {"id": IDS[0], "phoneNumber": "+98 912 999 9999"},
        {"id": "Not-Hex-But-An-Id"},
    ]
    found = read_answer(bom + json.dumps({"result": entries}).encode()).calls
    assert [(entry.id, entry.number) for entry in found] == [
        (entry["id"], entry.get("phoneNumber", "")) for entry in entries
    ]


@pytest.mark.parametrize(
    ("call_id", "counts"),
    [
        (IDS[0], True),
        ("7", True),
        ("a b/..?", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        (" ", False),
        ("a\nb", False),
        ("\x00", False),
        ("شناسه", False),
        ("\ud800", False),
    ],
)
def test_only_plausible_ids_count(call_id: str, counts: bool) -> None:
    """An id is short printable ASCII, kept as it stands; anything else is no id."""
    assert [found.id for found in read([{"id": call_id}]).calls] == [call_id] * counts
    assert is_plausible_id(call_id) == counts


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        ("-34.2", 34200),
        ("34.2", 34200),
        ('"-34.2"', 34200),
        ("0.0", 0),
        ("-7", 7000),
        ("-0.0005", 1),
        ("0.00049", 0),
        ("1.1e3", 1100000),
        ("1E-999999", 0),
        ("1000000000000", 10**15),
        ("1000000000001", None),
        ("1e400", None),
        ("1e999999999999999999999", None),
        ("-1e999999999", None),
        ("1" * 5000, None),
        ("0." + "3" * 5000, None),
        ("NaN", None),
        ("-Infinity", None),
        ('"NaN"', None),
        ('"sNaN"', None),
        ('"free"', None),
        ('""', None),
        ('"' + "1" * 100 + '"', None),
        ("true", None),
        ("null", None),
        ("[1]", None),
        ("{}", None),
    ],
)
def test_price_is_the_exact_cost(price: str, cost: int | None) -> None:
    """The cost is exact, in thousandths of a Toman; an absurd price is none, and harms nothing."""
    body = f'[{{"id": "{IDS[0]}", "price": {price}}}]'
    (found,) = read_answer(body.encode()).calls
    assert found.price == cost


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *[(12, 12), ("12", 12), (" 12 ", 12), (12.0, 12), (0, 0), ("0", 0)],
        *[(value, None) for value in (-1, True, False, None, "x", "", BIG, "1e30")],
        ([], None),
    ],
)
def test_billed_seconds(value: Any, seconds: int | None) -> None:
    """The seconds come as a number or as text; a truth value is no number."""
    assert call(billSec=value).bill_sec == seconds


@pytest.mark.parametrize(
    ("value", "date"),
    [(1564643999, 1564643999), ("1564643999", 1564643999), (0, None), (-5, None), (BIG, None)],
)
def test_dates(value: Any, date: int | None) -> None:
    """Dates are epoch seconds; 0 means that it has not happened yet."""
    found = call(requestDate=value, executionDate=value)
    assert (found.request_date, found.execution_date) == (date, date)


@pytest.mark.parametrize(("code", "word"), STATUS_WORDS.items())
def test_status_code_alone(code: int, word: str) -> None:
    """A code without its word is as good as the word."""
    assert call(statusCode=code).status == word
    assert call(status="", statusCode=str(code)).status == word
    assert call(status=code).status == word


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"status": "NEW_WORD", "statusCode": 1}, "NEW_WORD"),
        ({"status": "normal"}, "normal"),
        ({"statusCode": 99}, "99"),
        ({"statusCode": True}, ""),
        ({"status": None}, ""),
        ({}, ""),
    ],
)
def test_strange_status(fields: dict[str, Any], word: str) -> None:
    """A word, or a code, that we do not know is kept as it stands."""
    assert call(**fields).status == word


@pytest.mark.parametrize(
    "document",
    [
        {"result": [{"id": IDS[0]}], "campaignId": "c1"},
        {"result": [{"id": IDS[0]}, {"id": IDS[1], "campaignId": "c1"}]},
        {"result": {"id": IDS[0], "campaignId": "c1"}},
        [{"id": IDS[0], "campaignId": "c1"}],
    ],
)
def test_campaign_is_taken_where_it_stands(document: Any) -> None:
    """The campaign's id, which the documentation shows nowhere, is found wherever it comes."""
    assert read(document).campaign_id == "c1"


def test_texts_can_be_recorded() -> None:
    """Half a character and NUL, which the database refuses, become question marks."""
    found = call(phoneNumber="0912\ud800\x00", status="A\udfff")
    assert (found.number, found.status) == ("0912??", "A?")


def test_one_damaged_byte_loses_no_id() -> None:
    """A body that is not quite UTF-8 is read all the same."""
    body = b'{"note": "\xff", "result": [{"id": "%s"}]}' % IDS[0].encode()
    assert [found.id for found in read_answer(body).calls] == [IDS[0]]


def test_one_absurd_number_loses_no_id() -> None:
    """Python refuses whole numbers of 5000 digits; the ids beside one are read all the same."""
    body = b'[{"id": "%s", "billSec": %s}]' % (IDS[0].encode(), b"9" * 5000)
    assert [found.id for found in read_answer(body).calls] == [IDS[0]]


@pytest.mark.parametrize("body", [b"[" * 10**6, b'{"a":' * 10**5, b"\xff\xfe", b"", b'"', b"{]"])
def test_junk_is_an_empty_answer(body: bytes) -> None:
    """Nesting without end, and what is no JSON, say nothing."""
    assert read_answer(body) == Answer()


def test_of_repeated_keys_the_last_counts() -> None:
    """Repeated keys are taken as Python's reader takes them, and raise nothing."""
    body = b'{"result": 1, "result": [{"id": "x", "id": "%s"}]}' % IDS[0].encode()
    assert [found.id for found in read_answer(body).calls] == [IDS[0]]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
KEYS = st.sampled_from(
    [
        *("result", "error", "id", "phoneNumber", "status", "statusCode", "price", "billSec"),
        *("requestDate", "executionDate", "campaignId", "other"),
    ]
)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30
)


@given(DOCUMENTS)
def test_no_document_makes_it_raise(document: Any) -> None:
    """Whatever JSON comes, all that is read from it can be recorded in SQLite."""
    answer = read(document)
    for text in (answer.error, answer.campaign_id):
        assert text is None or text.encode()
    for found in answer.calls:
        assert is_plausible_id(found.id)
        assert "\0" not in (found.number + found.status).encode().decode()
        for number in (found.bill_sec, found.request_date, found.execution_date, found.price):
            assert number is None or 0 <= number < BIG


@given(st.binary())
def test_no_bytes_make_it_raise(body: bytes) -> None:
    """Whatever bytes come, they are read without an error."""
    assert isinstance(read_answer(body), Answer)
