"""Reading the gateway's JSON, with or without its envelope, and with whatever else is in it.

Field names, shapes and status codes are those of the gateway's documentation of its voice API v2.
Nothing in a body makes these functions raise: what is not understood is left out.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import Any

from bot.gateway.models import PlacedCall

NOT_FOUND = "NotFound"
STATUS_WORDS = {
    0: "WAITING",
    1: "NORMAL",
    2: "NO_ANSWER",
    3: "USER_BUSY",
    10: "EXPIRED",
    11: "ERROR",
    20: "UNKNOWN",
}

_ID_LENGTH = 64  # characters; documented are 32
_TEXT_LENGTH = 64  # characters of a number, a status word, a campaign id
_CODE_LENGTH = 200  # characters of an error code
_DIGITS = 60  # characters of a number in the JSON; a double has 24 at most
_SECONDS = 10**9
_EPOCH_SECONDS = 10**11  # the year 5138
_PRICE = 10**12  # Toman; all that is kept is within SQLite's 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a body says.

    `calls` are its entries with an id, in their order. `error` is the error code, None if there is
    none. `empty` tells that nothing stands in its result, and `documented` that it is an error
    just as it is documented: `{"result": null, "error": "<code>"}`.
    """

    calls: tuple[PlacedCall, ...] = ()
    campaign_id: str | None = None
    error: str | None = None
    empty: bool = True
    documented: bool = False


def read_answer(body: bytes) -> Answer:
    """Read a whole body; one that is no JSON gives an answer without calls and error."""
    try:
        document = json.loads(
            body.decode("utf-8-sig", errors="replace"),
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_nothing,
        )
    except (ValueError, RecursionError):
        return Answer()
    if isinstance(document, dict) and not _is_bare_call(document):
        return _read_envelope(document)
    return Answer(calls=_calls(document), campaign_id=_campaign_id(document))


def is_plausible_id(call_id: str) -> bool:
    """Whether a text can be a call's id: 1 to 64 printable ASCII characters, not all blank."""
    return (
        0 < len(call_id) <= _ID_LENGTH
        and call_id.isascii()
        and call_id.isprintable()
        and not call_id.isspace()
    )


def _is_bare_call(document: dict[str, Any]) -> bool:
    """An object with an id of its own may be anything, an error's trace for one."""
    return "result" not in document and bool(document.keys() & {"phoneNumber", "statusCode"})


def _read_envelope(document: dict[str, Any]) -> Answer:
    result, error = document.get("result"), document.get("error")
    code = _text(error, _CODE_LENGTH) or None
    return Answer(
        calls=_calls(result),
        campaign_id=_campaign_id(document) or _campaign_id(result),
        error=code,
        empty=not result,
        documented=code is not None and "result" in document and result is None,
    )


def _calls(result: Any) -> tuple[PlacedCall, ...]:
    """The calls of a list, or the one that stands there by itself (documented for /single)."""
    entries: Iterable[Any] = result if isinstance(result, list) else (result,)
    return tuple(call for call in map(_call, entries) if call is not None)


def _call(entry: Any) -> PlacedCall | None:
    if not isinstance(entry, dict):
        return None
    call_id = entry.get("id")
    if not isinstance(call_id, str) or not is_plausible_id(call_id):
        return None
    cost = _number(entry.get("price"), scale=1000, most=_PRICE)
    return PlacedCall(
        id=call_id,
        number=_text(entry.get("phoneNumber"), _TEXT_LENGTH),
        status=_status(entry),
        bill_sec=_at_least(0, _number(entry.get("billSec"), most=_SECONDS)),
        request_date=_at_least(1, _number(entry.get("requestDate"), most=_EPOCH_SECONDS)),
        execution_date=_at_least(1, _number(entry.get("executionDate"), most=_EPOCH_SECONDS)),
        price=None if cost is None else abs(cost),
    )


def _status(entry: dict[str, Any]) -> str:
    """The word as it came; without one, the word of the code, or a strange code as it stands."""
    word = _text(entry.get("status"), _TEXT_LENGTH)
    if word:
        return word
    for value in (entry.get("status"), entry.get("statusCode")):
        code = _number(value, most=_SECONDS)
        if code is not None:
            return STATUS_WORDS.get(code, str(code))
    return ""


def _campaign_id(part: Any) -> str | None:
    """The batch's id, wherever it stands: the documentation names it and shows it in no sample."""
    places = part if isinstance(part, list) else (part,)
    for place in places:
        if isinstance(place, dict) and (found := _text(place.get("campaignId"), _TEXT_LENGTH)):
            return found
    return None


def _text(value: Any, length: int) -> str:
    """The text as it stands, but for what a database cannot take: lone surrogates and NUL."""
    if not isinstance(value, str):
        return ""
    text = value[:length].encode("utf-8", errors="replace").decode("utf-8")
    return text.replace("\0", "?")


def _number(value: Any, *, most: int, scale: int = 1) -> int | None:
    """The nearest whole number of `value` times `scale`, half away from zero; None if absurd."""
    known = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not known and not (isinstance(value, str) and len(value) <= _DIGITS):
        return None
    try:
        number = Decimal(value)
        if not number.is_finite() or abs(number) > most:
            return None
        return int((number * scale).to_integral_value(ROUND_HALF_UP))
    except DecimalException:
        return None


def _at_least(least: int, number: int | None) -> int | None:
    return None if number is None or number < least else number


def _decimal(digits: str) -> Decimal | None:
    """JSON's fractions, exactly; without this -34.2 would be a float."""
    try:
        return Decimal(digits) if len(digits) <= _DIGITS else None
    except DecimalException:
        return None


def _whole(digits: str) -> int | None:
    """JSON's whole numbers; int() itself refuses more than 4300 digits, and the rest with them."""
    return int(digits) if len(digits) <= _DIGITS else None


def _nothing(_: str) -> None:
    """NaN and the infinities are no JSON, and no value that we could keep."""
