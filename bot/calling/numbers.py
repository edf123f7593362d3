"""From any paste to the numbers to call, and a word on everything in it that is not called.

A wrong number rings a stranger, so what can be doubted is listed and not called:

- groups between commas, semicolons and line ends are joined only if there is exactly one way to
  use them all; `bot.calling.groups` counts the ways;
- otherwise only a group that is a whole number by itself, with its `0`, `98` or `+98` and of the
  region's full length, is called, and nothing at all beside an incomplete `+` or `00` group;
- what is called is a valid number of the region and of a kind that the settings allow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from phonenumbers import PhoneNumberType

from bot.calling.groups import (
    Entry,
    Form,
    Piece,
    entries,
    join,
    normalise_digits,
    plain_number,
)
from bot.calling.numbering import (
    KINDS,
    NO_COUNTRY,
    Plan,
    Reading,
    Reason,
    known_region,
    national,
)

__all__ = [
    "KINDS",
    "NumberReader",
    "Numbers",
    "Reason",
    "Repeated",
    "Uncallable",
    "known_region",
    "national",
    "normalise_digits",
]

_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Uncallable:
    """Something in a text that is not called."""

    text: str
    """As it was typed, in at most 40 characters, without direction marks and the like."""
    line: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Repeated:
    """A number that stood earlier in the same text."""

    number: str
    line: int
    """Where it is repeated."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a text holds. Every digit of it is in one of the three."""

    numbers: tuple[str, ...]
    """What can be called, in E.164, each once, in the order of the text."""
    repeated: tuple[Repeated, ...] = ()
    uncallable: tuple[Uncallable, ...] = ()


class _Found(NamedTuple):
    text: str
    line: int
    result: Reading | Reason


class NumberReader:
    """Reads the numbers of a text.

    Args:
        region: numbers without a country code are of this region, and only its numbers are called.
        kinds: names from `KINDS` that may be called.

    Raises:
        ValueError: if the region or a kind is not known.
    """

    def __init__(self, region: str, kinds: frozenset[str]) -> None:
        if unknown := sorted(kinds - KINDS.keys()):
            raise ValueError(f"unknown kinds of number: {', '.join(unknown)}")
        self._plan = Plan(region)
        self._kinds = {KINDS[kind] for kind in kinds}
        if self._kinds & {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE}:
            self._kinds.add(PhoneNumberType.FIXED_LINE_OR_MOBILE)

    def read(self, text: str, *, first_line: int = 1) -> Numbers:
        """All numbers of a text.

        Args:
            text: whatever was pasted.
            first_line: what the first line is called; lines end at line feeds.

        Returns:
            The numbers to call, what is repeated, and what cannot be called, each in the order of
            the text.
        """
        plain = plain_number(text, self._plan)
        if plain is not None:  # most cells of a sheet: four times as fast
            outcome = self._outcome(plain)
            if isinstance(outcome, Reason):
                shown = _shown(text.strip(" "))
                return Numbers((), uncallable=(Uncallable(shown, first_line, outcome),))
            return Numbers((outcome,))
        numbers: dict[str, None] = {}
        repeated: list[Repeated] = []
        uncallable: list[Uncallable] = []
        for found in self._find(text, first_line):
            outcome = self._outcome(found.result)
            if isinstance(outcome, Reason):
                uncallable.append(Uncallable(_shown(found.text), found.line, outcome))
            elif outcome in numbers:
                repeated.append(Repeated(outcome, found.line))
            else:
                numbers[outcome] = None
        return Numbers(tuple(numbers), tuple(repeated), tuple(uncallable))

    def read_one(self, text: str) -> str | None:
        """The one number that a text spells, of the region and of any kind.

        Returns:
            It in E.164, for look-ups and for matching what the gateway says; None if the text is
            anything but one such number.
        """
        results = [found.result for found in self._find(text, 1)]
        if len(results) != 1 or isinstance(results[0], Reason):
            return None
        return results[0].number if results[0].region == self._plan.region else None

    def _outcome(self, result: Reading | Reason) -> str | Reason:
        if isinstance(result, Reason):
            return result
        if result.region not in {self._plan.region, NO_COUNTRY}:
            return Reason.FOREIGN
        if result.region == NO_COUNTRY or result.kind not in self._kinds:
            return Reason.KIND
        return result.number

    def _find(self, text: str, first_line: int) -> Iterator[_Found]:
        for entry in entries(text, first_line, self._plan):
            if entry.extension:
                yield _Found(entry.text, entry.line, Reason.EXTENSION)
                continue
            ways, spans = join(entry.pieces, self._plan)
            if ways > 1:
                yield _Found(entry.text, entry.line, Reason.AMBIGUOUS)
            elif ways == 0:
                yield from self._apart(entry)
            else:
                for start, end, reading in spans:
                    joined = entry.pieces[start:end]
                    result = reading or joined[0].fault
                    if result is not None:
                        yield _Found(_typed(joined), entry.line, result)

    def _apart(self, entry: Entry) -> Iterator[_Found]:
        """What is left of an entry whose groups cannot all be used."""
        alone = [self._alone(piece) for piece in entry.pieces]
        if any(
            piece.abroad is not None and not isinstance(result, Reading)
            for piece, result in zip(entry.pieces, alone, strict=True)
        ):
            yield _Found(entry.text, entry.line, self._fault(entry.pieces))
            return
        rest: list[Piece] = []
        for piece, result in zip(entry.pieces, alone, strict=True):
            if piece.form is Form.GROUP and result is None:
                rest.append(piece)
                continue
            yield from self._rest(rest, entry.line)
            rest = []
            if result is not None:
                yield _Found(piece.text, entry.line, result)
        yield from self._rest(rest, entry.line)

    def _alone(self, piece: Piece) -> Reading | Reason | None:
        """What a piece is by itself; None for a symbol, and a group that is no whole number."""
        if piece.form is not Form.GROUP:
            return piece.fault
        plus = piece.abroad is not None
        readings = self._plan.readings(piece.abroad or piece.digits, plus=plus, bare=False)
        own = self._plan.region
        if any(found.region == own and not self._plan.is_full(found.number) for found in readings):
            return None
        return readings[0] if len(readings) == 1 else None

    def _rest(self, rest: Sequence[Piece], line: int) -> Iterator[_Found]:
        """Lists neighbours that are nothing: together, or each if all are short numbers."""
        faults = [self._plan.fault(piece.digits, plus=False) for piece in rest]
        if all(fault is Reason.SHORT for fault in faults):
            yield from (_Found(piece.text, line, Reason.SHORT) for piece in rest)
        else:
            yield _Found(_typed(rest), line, self._fault(rest))

    def _fault(self, pieces: Sequence[Piece]) -> Reason:
        """Why neighbours are not a number: their length, if they could be one number at all."""
        if len(pieces) == 1 and pieces[0].fault is not None:
            return pieces[0].fault
        if any(piece.form is not Form.GROUP for piece in pieces) or any(
            piece.abroad is not None for piece in pieces[1:]
        ):
            return Reason.UNREADABLE
        abroad = pieces[0].abroad
        first = pieces[0].digits if abroad is None else abroad
        digits = first + "".join(piece.digits for piece in pieces[1:])
        return self._plan.fault(digits, plus=abroad is not None)


def _typed(pieces: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in pieces)


def _shown(text: str) -> str:
    """The text in one short line, with nothing in it that changes how the rest is shown."""
    words = " ".join(text[: 20 * _SHOWN].split())
    seen = "".join(char for char in words if char.isprintable())
    return seen if len(seen) <= _SHOWN else seen[: _SHOWN - 1] + "…"
