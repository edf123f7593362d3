"""From a typed text to groups of digits, and the ways in which neighbours join into numbers.

    text -> entries (comma, semicolon, new line) -> pieces (spaces) -> spans (numbers)

A piece is as harmless as its strangest character: what is not plainly a group of digits is never
part of a number.
"""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.calling.numbering import Plan, Reading, Reason

_DIGITS: Final = {
    ord(digit): str(value)
    for zero in "\u06f0\u0660\uff10"  # Persian, Arabic-Indic, full-width
    for value, digit in ((value, chr(ord(zero) + value)) for value in range(10))
}
_HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u0640"
# One character for one character, so that a piece can be shown as it was typed.
_PLAIN: Final = (
    _DIGITS
    | dict.fromkeys(map(ord, "\uff0b\ufe62\u207a\u208a\u2795"), "+")
    | dict.fromkeys(map(ord, _HYPHENS), "-")
    | dict.fromkeys(map(ord, "\u060c\uff0c\u3001"), ",")
    | dict.fromkeys(map(ord, "\u061b\uff1b"), ";")
    | dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), ";")
    | dict(zip(map(ord, "\uff08\uff09\uff0e\uff0f\u00b7\uff03\u200b"), "()./.# ", strict=True))
)
# Joiners, direction marks, soft hyphens, variation selectors, tags: nothing that is seen.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LINE: Final = re.compile(r"\r\n|\n|\r")
_EXT: Final = r"(?:ext(?:n|ension)?|int(?:ern)?|x|доб|داخل[یي])(?![^\W\d_])"
_NUMBERED: Final = r"#[^\S\n]*[0-9]+[^\S\n]*(?:[,;]|$)"
_ENTRY: Final = re.compile(rf"[,;](?!\s*(?:{_EXT}|{_NUMBERED}))", re.IGNORECASE)
_EXTENSION: Final = re.compile(
    rf"(?<![^\W\d_]){_EXT}|(?<=[0-9])[\s.,;()-]*#\s*[0-9]", re.IGNORECASE
)
_SPACED: Final = re.compile(r"\S+")
_SIMPLE: Final = re.compile(r"\+?[0-9]+")
_ANY_DIGIT: Final = re.compile(r"[0-9]")
_MARK: Final = re.compile(r"[-./()]")
_COUNTRY_ZERO: Final = re.compile(r"(?:(?:\+|00)[0-9]{1,3})?\(0\)")  # +98(0)912…
# Quotes, brackets, bullets and the like at the ends of a piece.
_EDGES: Final = "'\"`\u00b4\u2018\u2019\u201c\u201d«»<>[]{}•●▪◦‣|!?…:☎📞📱"


class Form(enum.Enum):
    """What a piece of an entry is."""

    GROUP = enum.auto()  # digits that may be a number or a part of one
    APART = enum.auto()  # no digits in it: a word, a symbol; no number goes across it
    BROKEN = enum.auto()  # digits in it, and something that no number has


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two spaces."""

    text: str
    form: Form
    digits: str = ""
    plus: bool = False
    loose: bool = False  # a dash, a dot or a parenthesis parts it from the group before
    abroad: str | None = None  # what follows its `+` or `00`
    fault: Reason | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands between two commas, semicolons or line ends."""

    text: str
    line: int
    extension: bool = False
    pieces: list[Piece] = field(default_factory=list)


class Span(NamedTuple):
    """Pieces `start` to `end` (exclusive) as one number; a piece apart has no reading."""

    start: int
    end: int
    reading: Reading | None


def normalise_digits(text: str) -> str:
    """The text with Persian, Arabic-Indic and full-width digits as ASCII digits."""
    return text.translate(_DIGITS)


def entries(text: str, first_line: int, plan: Plan) -> Iterator[Entry]:
    """The entries of a text, in its order; empty ones are left out."""
    for line, typed in enumerate(_LINE.split(_INVISIBLE.sub("", text)), first_line):
        plain = typed.translate(_PLAIN)
        start = 0
        for comma in _ENTRY.finditer(plain):
            yield from _entry(
                typed[start : comma.start()], plain[start : comma.start()], line, plan
            )
            start = comma.end()
        yield from _entry(typed[start:], plain[start:], line, plan)


def plain_number(text: str, plan: Plan) -> Reading | None:
    """What a text is that holds nothing but digits and at most one plus sign before them.

    Returns:
        The one reading that `entries` and `join` would come to; None if there is none or more
        than one, and for any other text.
    """
    digits = text.strip(" ").translate(_DIGITS)
    if not _SIMPLE.fullmatch(digits):
        return None
    plus = digits[0] == "+"
    abroad = digits[1:] if plus else plan.after_prefix(digits)
    if abroad is not None:
        plus, digits = True, abroad
    if len(digits) > plan.longest(plus=plus):
        return None
    readings = plan.readings(digits, plus=plus)
    return readings[0] if len(readings) == 1 else None


def _entry(typed: str, plain: str, line: int, plan: Plan) -> Iterator[Entry]:
    if not plain.strip():
        return
    if _ANY_DIGIT.search(plain) and _EXTENSION.search(plain):
        yield Entry(typed, line, extension=True)
    else:
        yield Entry(typed, line, pieces=list(_pieces(typed, plain, plan)))


def _pieces(typed: str, plain: str, plan: Plan) -> Iterator[Piece]:
    loose = False
    for match in _SPACED.finditer(plain):
        token = match[0]
        text = typed[match.start() : match.end()]
        if _SIMPLE.fullmatch(token):
            yield _group(text, token, plan, loose=loose)
            loose = False
        elif _MARK.sub("", token):
            joined = _joined(token.strip(_EDGES), plan)
            if joined is None:
                yield _no_group(text, token)
            else:
                yield _group(text, joined, plan, loose=loose or token[0] in "-.()")
            loose = token[-1] in "-.:" or (token[-1] == ")" and "(" not in token)
        else:
            loose = True


def _group(text: str, token: str, plan: Plan, *, loose: bool) -> Piece:
    digits = token.removeprefix("+")
    plus = digits != token
    abroad = digits if plus else plan.after_prefix(digits)
    return Piece(text, Form.GROUP, digits, plus, loose, abroad)


def _no_group(text: str, token: str) -> Piece:
    letters = any(char.isalpha() for char in token)
    fault = Reason.LETTERS if letters else Reason.UNREADABLE
    if "+" in token or any(char.isnumeric() and not char.isalpha() for char in token):
        return Piece(text, Form.BROKEN, abroad="" if "+" in token else None, fault=fault)
    return Piece(text, Form.APART, fault=fault if letters else None)


def _joined(token: str, plan: Plan) -> str | None:
    """The group's digits without its dashes, dots, slashes and parentheses, None if it is none.

    A single digit parted from the others is more often a decimal (`912345678.0`), a footnote or
    a list's number than a part of a number. It is taken only after a plus sign, as a trunk prefix
    or country code before a dash (`0-912…`), and as the `(0)` of `+98(0)912…`.
    """
    chunks = [chunk for chunk in _MARK.split(token) if chunk]
    digits = "".join(chunks)
    if token[:1] in {".", "/"} or token[-1:] == "/":
        return None
    if digits != "+" and not _SIMPLE.fullmatch(digits):
        return None
    zero = _COUNTRY_ZERO.match(token)
    if len(chunks) == 1:
        return digits
    if zero:
        chunks.remove("0")
    elif token[1:2] == "-" and chunks[0] in plan.prefixes:
        chunks = chunks[1:]
    if digits[0] == "+":
        chunks = chunks[1:]
    return digits if all(len(chunk) > 1 for chunk in chunks) else None


def join(pieces: Sequence[Piece], plan: Plan) -> tuple[int, list[Span]]:
    """Counts the ways of joining neighbours into numbers that use every piece.

    Counted from the end, so the time grows with the number of pieces and not with that of ways.

    Returns:
        0, 1 or 2 (for two or more), and the spans of one of the ways.
    """
    size = len(pieces)
    counts = [0] * size + [1]
    taken: dict[int, Span] = {}
    opening = [False] * size  # a `00` group that a valid number begins with
    if any(piece.form is Form.BROKEN for piece in pieces):
        return 0, []
    for start in range(size - 1, -1, -1):
        spans = list(_spans(pieces, start, opening, plan))
        opening[start] = bool(spans) and pieces[start].abroad is not None
        for span in spans:
            if counts[span.end]:
                taken.setdefault(start, span)
                counts[start] = min(2, counts[start] + counts[span.end])
    way: list[Span] = []
    start = 0
    while counts[0] and start < size:
        way.append(taken[start])
        start = taken[start].end
    return counts[0], way


def _spans(
    pieces: Sequence[Piece], start: int, opening: Sequence[bool], plan: Plan
) -> Iterator[Span]:
    """All numbers that begin at a piece.

    A `+` group, and a `00` group that begins a valid number, can only begin one: so what follows
    `+7` or `0049` is never taken for a number of the region. A `00` group that begins none (the
    last four of 0912 000 0012) may go on one, but then no number without prefix comes next to it.
    """
    head = pieces[start]
    if head.form is Form.APART:
        yield Span(start, start + 1, None)
        return
    plus = head.abroad is not None
    bare = not (start and _cut_off(pieces[start - 1], plan))
    digits = head.digits if head.abroad is None else head.abroad
    for end in range(start, len(pieces)):
        if end > start:
            piece = pieces[end]
            if piece.form is not Form.GROUP or piece.plus or opening[end]:
                return
            if piece.loose and not (plus or plan.prefixed(head.digits)):
                return
            bare = bare and not piece.loose
            digits += piece.digits
        if len(digits) > plan.longest(plus=plus):
            return
        for reading in plan.readings(digits, plus=plus, bare=bare):
            yield Span(start, end + 1, reading)


def _cut_off(piece: Piece, plan: Plan) -> bool:
    """Whether it is a `+` or `00` group that is no number by itself."""
    return piece.abroad is not None and not plan.readings(piece.abroad, plus=True)
