"""Text in which nothing that may be a phone number can be read; ids, dates and times stay.

What the audit takes in it keeps for ever: its store masks all of it, the names of people, too.

What joins digits is what the reader of numbers (`bot.calling.numbers`) passes over between two
groups of one number, however much of it there is: spaces, dashes, dots, slashes, brackets, quotes,
bullets, colons, and what is not seen at all. Commas and the like join as well where a person would
read one number (`0912,345,6789`), but neither in `1,000,000` nor between two numbers.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

_FEWEST: Final = 8  # digits; what has fewer is no number to us
_MOST: Final = 40  # of what stands between two digits of one number
_SOFT: Final = (
    r"(?:\s|[-.()/_:|'\"`\u00ab\u00b4\u00bb\u2018\u2019\u201c\u201d<>\[\]{}•●▪◦‣!?…☎📞📱"
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u00b7\u0640\u061c\u180e\u200b-\u200f"
    r"\u2010-\u2015\u2028-\u202e\u2060-\u206f\u20e3\u2212\ufe0e\ufe0f\ufe58\ufe63\ufeff"
    r"\uff08\uff09\uff0d\uff0e\uff0f\uff1a\ufff9-\ufffb\U000e0000-\U000e007f])"
)
_HARD: Final = r"[,;*~=#^\\\u060c\u061b\u066b\u066c\u3001\uff0a\uff0c\uff1b]"
_BETWEEN: Final = rf"{_SOFT}{{0,{_MOST}}}+"
_THEN_MORE: Final = rf"{_SOFT}{{1,{_MOST}}}+\d"
_HOUR: Final = r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![\d:])"
_DATE: Final = r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
# What looks like a number, and is none. Ids as this program writes them; those of people have at
# most ten digits and do not begin like a mobile number, those of groups are negative (Telegram).
_KEPT: Final = (
    r"(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{32}(?![0-9A-Za-z])"  # an id of the gateway
    rf"|(?<![\w-]){_DATE}(?:\.\.{_DATE}| {_HOUR})?(?!\w|{_THEN_MORE})"
    rf"|(?<![\d:]){_HOUR}"
    rf"|(?<![\d,])[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+(?!\d|,\d|{_THEN_MORE})"
    r"|(?<![0-9A-Za-z])(?:[uc](?:[1-8][0-9]{9}|[1-9][0-9]{0,8})|c-(?:1[0-9]{12}|[1-8][0-9]{9}"
    rf"|[1-9][0-9]{{0,8}}))(?![0-9A-Za-z]|{_THEN_MORE})"
    r"|(?<![0-9A-Za-z])b[1-9][0-9]{0,6}(?![0-9A-Za-z])"
    rf"|(?<!\d)…[0-9]{{3,4}}(?!\w|{_THEN_MORE})|(?<!\w)[0-9]{{1,4}}…[0-9]{{3}}(?!\w)"  # masked
)
# After a space a date goes on a number (`021 2026-01-31` is one), after a comma it does not.
_SHOWN_HOUR: Final = rf"(?<!\d){_HOUR}|[0-9]{{1,4}}…[0-9]{{3}}(?!\w)"
_RUN: Final = re.compile(
    rf"(?P<kept>{_KEPT})|(?:\+{_BETWEEN})?+\d(?:{_BETWEEN}(?!{_SHOWN_HOUR})\d"
    rf"|(?:{_SOFT}|{_HARD}){{1,{_MOST}}}+(?!{_KEPT})\d)*+"
)
_GROUP: Final = re.compile(rf"(?:\+{_BETWEEN})?+\d(?:{_BETWEEN}\d)*+")


def ends(number: str) -> str:
    """A number (E.164, or as it was typed, in any script) by its last four digits alone."""
    return f"…{''.join(digit for digit in number if digit.isdecimal())[-4:]}"


def masked(text: str, shown: Callable[[str], str] = ends) -> str:
    """The text; whatever in it may be a number is `shown` so, by default by its last four digits.

    Ids as this program writes them stay (`b12`, `u123456789`, `c-1001234567890`, 32 hex digits),
    and so do dates (`2026-01-31 08:00`), hours (`08:00-21:00`) and amounts (`1,000,000`).
    """
    before = None
    while text != before and _digits(text) >= _FEWEST:  # the ends of two numbers may join again
        before = text
        text = _RUN.sub(
            lambda found: found[0] if found["kept"] else _hidden(found[0], shown), text
        )
    return text


def _hidden(run: str, shown: Callable[[str], str]) -> str:
    """A run of digits and of what may join them, with no number in it any more."""
    if _digits(run) < _FEWEST:
        return run
    parts, at = [], 0
    for start, end in _numbers(run):
        parts += [run[at:start], shown(run[start:end])]
        at = end
    return "".join([*parts, run[at:]])


def _numbers(run: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand: what is long enough between two commas; else what they part."""
    short: list[tuple[int, int]] = []
    for group in _GROUP.finditer(run):
        if _digits(group[0]) < _FEWEST:
            short.append(group.span())
            continue
        yield from _together(run, short)
        short = []
        yield group.span()
    yield from _together(run, short)


def _together(run: str, short: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if short and _digits(run[short[0][0] : short[-1][1]]) >= _FEWEST:
        yield short[0][0], short[-1][1]


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))
