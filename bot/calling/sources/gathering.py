"""Numbers as they are gathered from one cell, line or card after another."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.calling.numbers import Numbers, Reason, Repeated, Uncallable
from bot.calling.sources.found import Column, Kind, NumberFile

Read = Callable[[str], Numbers]
"""Reads the numbers in a text; whoever calls it knows the line better."""

LONGEST_NAME: Final = 60  # characters of a number's name
_SHOWN: Final = 40  # characters of what cannot be called
_ANY_DIGIT: Final = re.compile(r"\d")
_AROUND: Final = " \t:;,.-–—|/\\\"'()[]"


def tidy(text: str, longest: int = LONGEST_NAME) -> str:
    """A text from outside in one short line, without anything that changes how the rest shows."""
    words = " ".join(text[: 20 * longest].split())
    if not words.isprintable():
        words = "".join(char for char in words if char.isprintable())
    seen = words.strip(_AROUND)
    return seen if len(seen) <= longest else seen[: longest - 1] + "…"


class Gathering:
    """What was found so far."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._numbers: dict[str, str] = {}
        self._repeated: list[Repeated] = []
        self._uncallable: list[Uncallable] = []

    def read(self, text: str, line: int, name: str = "") -> bool:
        """Take the numbers of a cell or a line, under the line's number.

        Words beside a number are no doubt about it; beside exactly one, and without a name, they
        are its name.

        Returns:
            Whether it holds a number that can be called.
        """
        found = self._read(text)
        if not found.uncallable and not found.repeated:
            for number in found.numbers:
                self.take(number, line, name)
            return bool(found.numbers)
        words = [one for one in found.uncallable if is_word(one)] if found.numbers else []
        if not name and len(found.numbers) == 1:
            name = tidy(" ".join(one.text for one in words))
        for number in found.numbers:
            self.take(number, line, name)
        self._repeated.extend(Repeated(one.number, line) for one in found.repeated)
        self._uncallable.extend(
            Uncallable(one.text, line, one.reason) for one in found.uncallable if one not in words
        )
        return bool(found.numbers)

    def take(self, number: str, line: int, name: str) -> None:
        """Take a number, in E.164; the first name that it has remains."""
        if number in self._numbers:
            self._repeated.append(Repeated(number, line))
        self._numbers[number] = self._numbers.get(number) or name

    def doubt(self, text: str, line: int, reason: Reason) -> None:
        """List something that cannot be called."""
        self._uncallable.append(Uncallable(tidy(text, _SHOWN), line, reason))

    @property
    def uncallable(self) -> tuple[Uncallable, ...]:
        """What cannot be called, so far."""
        return tuple(self._uncallable)

    def file(
        self,
        kind: Kind,
        *,
        sheet: str | None = None,
        columns: Sequence[Column] = (),
        left_out: int = 0,
    ) -> NumberFile:
        """All of it; see `NumberFile`."""
        return NumberFile(
            kind=kind,
            numbers=tuple(self._numbers),
            names={number: name for number, name in self._numbers.items() if name},
            repeated=tuple(self._repeated),
            uncallable=tuple(self._uncallable),
            sheet=sheet,
            columns=tuple(columns),
            left_out=left_out,
        )


def is_word(one: Uncallable) -> bool:
    """Whether it has no digit, and so was never meant as a number."""
    return one.reason is Reason.LETTERS and not _ANY_DIGIT.search(one.text)


def callable_numbers(found: Numbers) -> int:
    """How many numbers of a text can be called, repeats included."""
    return len(found.numbers) + len(found.repeated)
