"""The kind of a number is what the library says, for every kind and region."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumber

from bot.calling.groups import entries, join, plain_number
from bot.calling.kinds import Kinds, alone
from bot.calling.numbering import KINDS, Plan

REGIONS = ["IR", "DE", "IT", "FR", "BR", "TR", "AF"]


def kinds_of(region: str) -> tuple[int, Kinds]:
    """The country code of a region, and our reading of its kinds."""
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata is not None
    assert metadata.country_code is not None
    return metadata.country_code, Kinds(metadata)


@pytest.mark.parametrize("region", REGIONS)
def test_the_kinds_of_examples(region: str) -> None:
    """The library's own example of each kind."""
    code, kinds = kinds_of(region)
    for kind in KINDS.values():
        example = phonenumbers.example_number_for_type(region, kind)
        if example is not None:
            digits = phonenumbers.national_significant_number(example)
            number = PhoneNumber(code, example.national_number)
            if digits == str(example.national_number):
                assert kinds.of(digits) == phonenumbers.number_type(number)


@given(region=st.sampled_from(REGIONS), digits=st.from_regex(r"[1-9][0-9]{3,11}", fullmatch=True))
def test_the_kinds_of_any_digits(region: str, digits: str) -> None:
    """Valid or not, the same kind as the library's."""
    code, kinds = kinds_of(region)
    assert kinds.of(digits) == phonenumbers.number_type(PhoneNumber(code, int(digits)))


def test_regions_that_share_a_code() -> None:
    """Where they do, the digits tell the region, and the library is asked."""
    assert alone("IR", 98)
    assert not alone("US", 1)
    assert not alone("GB", 44)


PLANS = {region: Plan(region) for region in ("IR", "DE", "IT", "US")}


@given(
    region=st.sampled_from(sorted(PLANS)),
    text=st.from_regex(r" ?(\+|00|0|98|\+98|\u06f0)?[0-9\u06f0-\u06f9]{0,13} ?", fullmatch=True),
)
def test_a_number_alone_is_read_as_in_any_text(region: str, text: str) -> None:
    """The short way for digits alone comes to the one reading of the long way, or to none."""
    plan = PLANS[region]
    plain = plain_number(text, plan)
    found = list(entries(text, 1, plan))
    if not found:
        assert plain is None
        return
    (entry,) = found
    ways, spans = join(entry.pieces, plan)
    assert plain == (spans[0].reading if ways == 1 and len(spans) == 1 else None)
