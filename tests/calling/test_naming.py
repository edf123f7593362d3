"""What a name may be, when two are the same, and which are near."""

import pytest

from bot.calling.errors import UsageError
from bot.calling.naming import LONGEST, name_key, nearest, read_name
from bot.calling.problems import Problem


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Shift call", "Shift call"),
        ("  Shift \n call ", "Shift call"),
        ("\u202eShift\u200f\ufeff call\u2069", "Shift call"),
        ("یاد\u200cآوری", "یاد\u200cآوری"),
        ("\u200cشیفت\u200c", "شیفت"),
        ("Caf\u0065\u0301", "Caf\u00e9"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_as_it_is_shown(typed: str, name: str) -> None:
    """One line without marks that change how the rest is shown; Persian joiners stay inside."""
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.NAME_EMPTY),
        (" \u200c\u200f\n", Problem.NAME_EMPTY),
        ("x" * (LONGEST + 1), Problem.NAME_TOO_LONG),
        ("24 hours", Problem.NAME_BEGINS),
        ("۲۴", Problem.NAME_BEGINS),
        ("+1", Problem.NAME_BEGINS),
    ],
)
def test_what_is_no_name(typed: str, problem: Problem) -> None:
    """Nothing, too much, and what looks like a number."""
    with pytest.raises(UsageError) as caught:
        read_name(typed)
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shift Call", "shift  call"),
        ("یاد\u200cآوری", "یادآوری"),
        ("کاری", "كاري"),
        ("\uff33hift", "shift"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    """Case, width, spaces, joiners and letters of two keyboards make no difference."""
    assert name_key(one) == name_key(other)


def test_near_names() -> None:
    """What is written alike comes first, then what holds it; three at most, and none by force."""
    names = ["Shift call", "Payment due", "Night shift", "Shift end", "Shift late"]
    assert nearest("shift cal", names)[0] == "Shift call"
    assert len(nearest("shift", names)) == 3
    assert nearest("zzz", names) == []
