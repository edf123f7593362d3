"""What the first cells of columns say, and which column holds the names."""

import re
from collections.abc import Sequence
from typing import Final

from bot.calling.naming import name_key

_FEW_DIGITS: Final = re.compile(r"(?:\D*\d){5}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SAMPLE: Final = 200  # cells by which a column is judged
_ENTIRE: Final = frozenset(
    map(name_key, ("name", "full name", "display name", "نام و نام خانوادگی", "نام کامل"))
)
_HALVES: Final = (
    frozenset(map(name_key, ("first name", "given name", "نام"))),
    frozenset(map(name_key, ("last name", "family name", "surname", "نام خانوادگی", "فامیلی"))),
)


def is_title(text: str) -> bool:
    """Whether a cell is words rather than a number."""
    return bool(_LETTER.search(text)) and not _FEW_DIGITS.match(text)


def name_columns(cells: dict[int, list[str]], numbers: set[int]) -> Sequence[int]:
    """The column of names, by its title or its content; two for first and last names."""
    columns = {place: of for place, of in sorted(cells.items()) if place not in numbers}
    titles = {place: name_key(of[0]) for place, of in columns.items() if is_title(of[0])}
    last = [place for place, title in titles.items() if title in _HALVES[1]]
    entire = [place for place, title in titles.items() if title in _ENTIRE]
    if entire and not last:
        return entire[:1]
    first = [place for place, title in titles.items() if title in _HALVES[0]]
    if first or last:
        return [*first[:1], *last[:1]]
    return next(([place] for place, of in columns.items() if _are_names(of)), [])


def _are_names(cells: list[str]) -> bool:
    """Mostly words, and mostly different ones."""
    sample = cells[: _SAMPLE + 1]
    words = sum(is_title(text) for text in sample)
    return 2 * words > len(sample) and 2 * len(set(sample)) > len(sample)
