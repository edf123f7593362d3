"""The numbering plan of one region: what a run of digits may be, by the `phonenumbers` library.

Everything that is known of numbers (lengths, kinds, regions, prefixes) is the library's metadata.
What is given to it is digits and at most one leading plus sign: it would take letters and
extensions for parts of a number.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberType, shortnumberinfo

from bot.calling.kinds import Kinds, alone

KINDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "mobile": PhoneNumberType.MOBILE,
        "fixed_line": PhoneNumberType.FIXED_LINE,
        "toll_free": PhoneNumberType.TOLL_FREE,
        "premium_rate": PhoneNumberType.PREMIUM_RATE,
        "shared_cost": PhoneNumberType.SHARED_COST,
        "voip": PhoneNumberType.VOIP,
        "personal_number": PhoneNumberType.PERSONAL_NUMBER,
        "pager": PhoneNumberType.PAGER,
        "uan": PhoneNumberType.UAN,
        "voicemail": PhoneNumberType.VOICEMAIL,
    }
)
"""The kinds of number that a setting can name, with the library's type of each."""

NO_COUNTRY: Final = "001"
"""What the library calls the region of satellite and worldwide freephone numbers."""

# Emergency numbers that a phone knows without its network (3GPP TS 22.101, 10.1.1).
_EMERGENCY: Final = frozenset({"000", "08", "110", "112", "118", "119", "911", "999"})
_LONGEST_SHORT: Final = 6
# What the library parses: a country code and at most 17 digits. E.164 ends at 15, but longer
# readings count as readings here: they make a line ambiguous rather than callable.
_LONGEST_ABROAD: Final = 20


class Reason(enum.StrEnum):
    """Why something in a text cannot be called."""

    UNREADABLE = "unreadable"  # no number, whatever its length
    WRONG_LENGTH = "wrong_length"
    FOREIGN = "foreign"  # a number of another country
    KIND = "kind"  # a number of a kind that may not be called
    SHORT = "short"  # emergency or short number
    LETTERS = "letters"
    EXTENSION = "extension"
    AMBIGUOUS = "ambiguous"  # can be read in two ways
    NO_NUMBER = "no_number"  # a contact, or a named row of a sheet, without one
    FORMULA = "formula"  # of a sheet, without a value
    HIDDEN = "hidden"  # in a row of a sheet that is not shown


class Reading(NamedTuple):
    """A valid number that some digits can be read as."""

    number: str
    """In E.164."""
    region: str
    """Two letters, or `NO_COUNTRY`."""
    kind: int
    """A `PhoneNumberType`."""


def known_region(region: str) -> bool:
    """Whether the library has a numbering plan for this region (`IR`, `DE`, …)."""
    return region in phonenumbers.SUPPORTED_REGIONS


@lru_cache(maxsize=4096)
def national(number: str) -> str:
    """The number as it is dialled inside its country, digits only: what the gateway gets.

    Args:
        number: in E.164, `+989120000001`.

    Returns:
        The region's trunk prefix, where it has one, and the national number: `09120000001`.

    Raises:
        ValueError: if it is not a number in E.164.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a number in E.164") from error
    digits = phonenumbers.national_significant_number(parsed)
    if number != f"+{parsed.country_code}{digits}":
        raise ValueError("not a number in E.164")
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return (phonenumbers.ndd_prefix_for_region(region, True) or "") + digits  # noqa: FBT003 - its API


class Plan:
    """Reads digits as numbers of one region, and of others where they say so themselves.

    Args:
        region: two letters that `known_region` knows.
    """

    def __init__(self, region: str) -> None:
        metadata = PhoneMetadata.metadata_for_region(region) if known_region(region) else None
        if metadata is None or metadata.general_desc is None:
            raise ValueError(f"no numbering plan for region {region!r}")
        lengths = metadata.general_desc.possible_length
        example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        international = metadata.international_prefix or ""
        self.region = region
        self._code = str(metadata.country_code)
        # A leading 0 is part of the number where there is no trunk prefix (Italy).
        self._trunk = metadata.national_prefix or "0"
        self.prefixes = (self._trunk, self._code)
        self._kept = "" if metadata.national_prefix else self._trunk
        own = international.isdecimal() and not international.startswith(self._trunk)
        self._abroad = ("00", international) if own else ("00",)
        # Some regions have many lengths; that of the library's example of a mobile is the usual.
        self._full = len(str(example.national_number)) if example else max(lengths)
        self._longest = len(self._code) + len(self._trunk) + max(lengths)
        self._pattern = re.compile(metadata.general_desc.national_number_pattern or "(?!)")
        self._plain = metadata.national_prefix_for_parsing in {None, "0"}
        self._own = Kinds(metadata) if alone(region, int(self._code)) else None

    def after_prefix(self, digits: str) -> str | None:
        """What follows `00` (or the region's own international prefix).

        Returns:
            None if the digits do not begin so, or go on with a 0, as no country code does.
        """
        for prefix in self._abroad:
            if digits.startswith(prefix) and digits[len(prefix) : len(prefix) + 1] != "0":
                return digits[len(prefix) :]
        return None

    def prefixed(self, digits: str) -> bool:
        """Whether the digits begin as a number with its `0` or `98` does."""
        return digits.startswith(self.prefixes)

    def is_full(self, number: str) -> bool:
        """Whether this number of the region, in E.164, has the region's usual length."""
        return len(number) == len(self._code) + self._full + 1

    def longest(self, *, plus: bool) -> int:
        """How many digits a number can have at most."""
        return _LONGEST_ABROAD if plus else self._longest

    def readings(self, digits: str, *, plus: bool, bare: bool = True) -> tuple[Reading, ...]:
        """All valid numbers that the digits can be, each once.

        Args:
            digits: ASCII digits only.
            plus: a plus sign, or what `after_prefix` takes off, stood before them.
            bare: they may be a national number without any prefix, which is read only at the
                region's full length: the library takes `211234` for a landline.

        Returns:
            Valid numbers, of the region or of others, of any kind; empty if there is none.
        """
        if plus:
            found = self._international(digits)
            return (found,) if found else ()
        if not digits.startswith(self.prefixes) and not (bare and len(digits) == self._full):
            return ()
        if not digits.startswith(self.prefixes):
            own = self._national(digits)
            return (own,) if own else ()
        candidates = self._candidates(digits, bare=bare)
        return tuple(dict.fromkeys(found for found in candidates if found))

    def _candidates(self, digits: str, *, bare: bool) -> Iterator[Reading | None]:
        if digits.startswith(self._trunk):
            yield self._national(self._kept + digits[len(self._trunk) :])
        if digits.startswith(self._code):
            yield self._international(digits)
        if bare and len(digits) == self._full:
            yield self._national(digits)

    def _international(self, digits: str) -> Reading | None:
        rest = digits[len(self._code) :]
        if self._plain and digits.startswith(self._code) and not rest.startswith("0"):
            return self._national(rest)
        return _reading(_parsed(digits))

    def _national(self, digits: str) -> Reading | None:
        """The library's verdict on a national number, without its slow parser where that is one.

        What does not match the region's general pattern is valid in no way. A number that does
        not begin with 0 comes out of the parser as it is, if the region's only prefix is 0.
        """
        plain = self._plain and not digits.startswith("0")
        if plain and self._own is not None:
            kind = self._own.of(digits)
            known = kind != PhoneNumberType.UNKNOWN
            return Reading(f"+{self._code}{digits}", self.region, kind) if known else None
        if not self._pattern.fullmatch(digits):
            return None
        if plain:
            return _reading(PhoneNumber(int(self._code), int(digits)))
        found = _reading(_parsed(self._code + digits))
        return found if found and found.number == f"+{self._code}{digits}" else None

    def fault(self, digits: str, *, plus: bool) -> Reason:
        """Why digits without any reading cannot be called: short, wrong length, or no number."""
        if self._is_short(digits.removeprefix(self._code) if plus else digits):
            return Reason.SHORT
        if plus:
            number = _parsed(digits)
            right = number is not None and phonenumbers.is_possible_number(number)
        else:
            starts = (self._trunk, self._code, *([] if digits.startswith("0") else [""]))
            right = any(
                digits.startswith(start) and len(digits) == len(start) + self._full
                for start in starts
            )
        return Reason.UNREADABLE if right else Reason.WRONG_LENGTH

    def _is_short(self, digits: str) -> bool:
        if digits in _EMERGENCY:
            return True
        if not 0 < len(digits) <= _LONGEST_SHORT or digits.startswith("0"):
            return False
        number = PhoneNumber(country_code=int(self._code), national_number=int(digits))
        return shortnumberinfo.is_valid_short_number_for_region(number, self.region)


def _parsed(digits: str) -> PhoneNumber | None:
    """What the library reads after a plus sign, valid or not."""
    if not digits or digits.startswith("0") or len(digits) > _LONGEST_ABROAD:
        return None
    try:
        return phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return None


def _reading(number: PhoneNumber | None) -> Reading | None:
    """The number, if it is valid."""
    if number is None:
        return None
    kind = phonenumbers.number_type(number)
    region = phonenumbers.region_code_for_number(number)
    if kind == PhoneNumberType.UNKNOWN or region is None:
        return None
    digits = phonenumbers.national_significant_number(number)
    return Reading(f"+{number.country_code}{digits}", region, kind)
