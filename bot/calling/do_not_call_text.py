"""What was typed after `/dnc add` and `/dnc remove`: numbers, and perhaps a reason."""

import re
from dataclasses import dataclass

from bot.calling.errors import UsageError
from bot.calling.numbers import NumberReader
from bot.calling.periods import Format
from bot.calling.problems import Problem

_BECAUSE = re.compile(r"(?<!\w)because\b[:,]?", re.IGNORECASE)
# Digits of any script, and what people put between them, marks that cannot be seen as well.
_NUMBERS = re.compile(r"[\d\s+().,;/\-\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Typed:
    """The part of a text that holds the numbers, and the reason; None if there is none."""

    numbers: str
    reason: str | None = None


def split_reason(text: str, reader: NumberReader) -> Typed:
    """Take numbers and reason apart.

    The reason is what follows `because`, or the last lines without a number, or, in a single line
    that begins with numbers, the words after them.
    """
    before, because, after = _parted(text)
    if because:
        return Typed(before, after.strip() or None)
    lines = text.strip().split("\n")
    rest = len(lines)
    while rest > 1 and _is_words(lines[rest - 1], reader):
        rest -= 1
    words = " ".join(lines[rest:]).strip()
    if _LETTER.search(words):
        return Typed("\n".join(lines[:rest]), words)
    if rest > 1:
        return Typed(text)
    head = _NUMBERS.match(lines[0])
    end = head.end() if head else 0
    words = lines[0][end:].strip()
    if any(map(str.isdigit, lines[0][:end])) and _LETTER.search(words):
        return Typed(lines[0][:end], words)
    return Typed(text)


def read_format(text: str) -> Format:
    """The kind of file that is asked for, XLSX by default.

    Raises:
        UsageError: it is none that the list comes as.
    """
    word = text.strip().lower()
    if word in ("", Format.XLSX):
        return Format.XLSX
    if word == Format.CSV:
        return Format.CSV
    raise UsageError(Problem.DNC_BAD_FORMAT)


def _parted(text: str) -> tuple[str, bool, str]:
    found = _BECAUSE.search(text)
    if found is None:
        return text, False, ""
    return text[: found.start()], True, text[found.end() :]


def _is_words(line: str, reader: NumberReader) -> bool:
    """Whether a line may be a part of a reason: no number stands in it."""
    return not reader.read(line).numbers and (_LETTER.search(line) is not None or not line.strip())
