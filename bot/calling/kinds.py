"""The kind of a national number: the library's own rule, with its patterns compiled once.

The library looks the region and each pattern up anew for every number, 20 µs each; a file has
tens of thousands.
"""

import re
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType
from phonenumbers.phonemetadata import PhoneNumberDesc

# In the order in which the library tries them; landlines and mobiles come after them.
_SPECIAL: Final = (
    ("premium_rate", PhoneNumberType.PREMIUM_RATE),
    ("toll_free", PhoneNumberType.TOLL_FREE),
    ("shared_cost", PhoneNumberType.SHARED_COST),
    ("voip", PhoneNumberType.VOIP),
    ("personal_number", PhoneNumberType.PERSONAL_NUMBER),
    ("pager", PhoneNumberType.PAGER),
    ("uan", PhoneNumberType.UAN),
    ("voicemail", PhoneNumberType.VOICEMAIL),
)


def alone(region: str, code: int) -> bool:
    """Whether no other region shares this country code, so that a number's region is known."""
    return COUNTRY_CODE_TO_REGION_CODE.get(code) == (region,)


class Kinds:
    """Tells the kind of a region's numbers, as `phonenumbers.number_type` does.

    Args:
        metadata: of a region that is alone with its country code.
    """

    def __init__(self, metadata: PhoneMetadata) -> None:
        self._general = _Shape(metadata.general_desc)
        self._special = [(_Shape(getattr(metadata, name)), kind) for name, kind in _SPECIAL]
        patterns = [shape.pattern for shape, _ in self._special if shape.pattern]
        self._any_special = re.compile(
            "|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)"
        )
        self._fixed = _Shape(metadata.fixed_line)
        self._mobile = _Shape(metadata.mobile)
        self._same = bool(metadata.same_mobile_and_fixed_line_pattern)

    def of(self, digits: str) -> int:
        """A `PhoneNumberType`; `UNKNOWN` if it is no valid number of the region.

        Args:
            digits: the national number, without the trunk prefix.
        """
        if not self._general.fits(digits):
            return PhoneNumberType.UNKNOWN
        if self._any_special.fullmatch(digits):  # of any length: few numbers are looked at again
            for shape, kind in self._special:
                if shape.fits(digits):
                    return kind
        fixed = self._fixed.fits(digits)
        if fixed and self._same:
            return PhoneNumberType.FIXED_LINE_OR_MOBILE
        mobile = not self._same and self._mobile.fits(digits)
        if fixed:
            return PhoneNumberType.FIXED_LINE_OR_MOBILE if mobile else PhoneNumberType.FIXED_LINE
        return PhoneNumberType.MOBILE if mobile else PhoneNumberType.UNKNOWN


class _Shape:
    """The lengths and the pattern of one kind; without a pattern nothing fits."""

    def __init__(self, description: PhoneNumberDesc | None) -> None:
        self.pattern = description.national_number_pattern if description is not None else None
        lengths = description.possible_length if description is not None else ()
        self._compiled = re.compile(self.pattern) if self.pattern else None
        self._lengths = frozenset(lengths)

    def fits(self, digits: str) -> bool:
        if self._compiled is None or (self._lengths and len(digits) not in self._lengths):
            return False
        return self._compiled.fullmatch(digits) is not None
