"""Finds tokens and phone numbers in what the program has logged, in any spelling."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

_CALL_ID = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z ", re.MULTILINE)
_BETWEEN = re.compile(r"(?<=\d)[\s\-./()_\u200b-\u200f\u2060]{1,3}(?=\d)")
_ESCAPED = re.compile(r"\\{1,2}u06[f6]([0-9])|%d[9b]%[ab]([0-9])", re.IGNORECASE)
_LONG = re.compile(r"\d{8,}")
_MOBILE = re.compile(r"(?<!\d)(?:\+|00)?(?:98|0)?9\d{9}(?!\d)")


def ascii_digits(text: str) -> str:
    """The text with the digits of every script as ASCII digits, escaped ones too."""
    text = _ESCAPED.sub(lambda found: found[1] or found[2], text)
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text
    )


def normalised(log: str) -> str:
    """The log with nothing between digits, and without times and call ids."""
    log = _CALL_ID.sub("<id>", _TIME.sub("", log))
    return _BETWEEN.sub("", ascii_digits(log))


def leaks(log: str, *, secrets: Iterable[str], numbers: Iterable[str]) -> Iterator[str]:
    """The lines that hold a token, a number that is known, or anything like a mobile number."""
    found = [secret for secret in secrets if secret.lower() in log.lower()]
    if found:
        yield f"{len(found)} secrets in the log"
    plain = normalised(log)
    digits = "\n".join(_LONG.findall(plain))
    for number in numbers:
        significant = number.removeprefix("+98").removeprefix("0")
        if len(significant) >= 8 and significant in digits:
            yield _line_of(significant, plain)
    for match in _MOBILE.finditer(plain):
        yield _line_of(match[0], plain)


def _line_of(text: str, log: str) -> str:
    return next((line for line in log.splitlines() if text in line), text)


def all_logs(directory: Path) -> list[Path]:
    """Every log of the suite."""
    return sorted(directory.rglob("*.log"))
