"""Reading single values of the gateway's JSON: nothing that stands there makes these raise."""

import json
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import Any

STATUS_WORDS = {
    0: "WAITING",
    1: "NORMAL",
    2: "NO_ANSWER",
    3: "USER_BUSY",
    10: "EXPIRED",
    11: "ERROR",
    20: "UNKNOWN",
}
TEXT_LENGTH = 64  # characters of a number, a status word, a campaign id

_ID_LENGTH = 64  # characters; documented are 32
_DIGITS = 60  # characters of a number in the JSON; a double has 24 at most
_SECONDS = 10**9
_EPOCH_SECONDS = 10**11  # the year 5138
_PRICE = 10**12  # Toman; all that is kept is within SQLite's 64 bits


def load(body: bytes) -> Any:
    """The document in a body, its numbers exact; None if it is no JSON."""
    try:
        return json.loads(
            body.decode("utf-8-sig", errors="replace"),
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_nothing,
        )
    except (ValueError, RecursionError):
        return None


def is_plausible_id(call_id: str) -> bool:
    """Whether a text can be a call's id: 1 to 64 printable ASCII characters, not all blank."""
    return (
        0 < len(call_id) <= _ID_LENGTH
        and call_id.isascii()
        and call_id.isprintable()
        and not call_id.isspace()
    )


def status(*values: Any) -> str:
    """The status word as it came; else the word of a code, or a strange code as it stands.

    Args:
        values: what may hold it, the likeliest first: a word or a code.
    """
    if values and (word := text(values[0], TEXT_LENGTH)) and not word.strip().isdigit():
        return word
    for value in values:
        code = _number(value, most=_SECONDS)
        if code is not None:
            return STATUS_WORDS.get(code, str(code))
    return ""


def seconds(value: Any) -> int | None:
    """A duration."""
    return _at_least(0, _number(value, most=_SECONDS))


def date(value: Any) -> int | None:
    """Epoch seconds; 0 means "not yet" (the gateway's documentation)."""
    return _at_least(1, _number(value, most=_EPOCH_SECONDS))


def cost(value: Any) -> int | None:
    """Thousandths of a Toman; the sign, which means "charged", is dropped."""
    price = _number(value, scale=1000, most=_PRICE)
    return None if price is None else abs(price)


def text(value: Any, length: int) -> str:
    """The text as it stands, but for what a database cannot take: lone surrogates and NUL."""
    if not isinstance(value, str):
        return ""
    whole = value[:length].encode("utf-8", errors="replace").decode("utf-8")
    return whole.replace("\0", "?")


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
