from datetime import datetime
from gettext import NullTranslations

import pytest
from markupsafe import Markup

from bot.texts.language import Language, clean_name
from tests.texts.scenes import ENGLISH, HOSTILE, NOW, PERSIAN, TEHRAN


class Shouting(NullTranslations):
    """A catalogue of another language."""

    def gettext(self, message: str) -> str:
        """Shout."""
        return message.upper()

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Mark it."""
        return f"!{one if n == 1 else many}"


def test_inserted_values_are_escaped() -> None:
    """A value that holds markup or braces is shown as it stands and changes nothing else."""
    assert ENGLISH.say("<b>{who}</b>", who=HOSTILE) == Markup(
        "<b>&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}</b>"
    )
    assert ENGLISH.count("{n} by {who}", "{n} by {who}", 2, who="<i>") == "2 by &lt;i&gt;"


def test_markup_that_is_inserted_stays_markup() -> None:
    """Whole sentences of ours can stand within one another."""
    assert ENGLISH.say("{a}!", a=ENGLISH.say("<b>{x}</b>", x="&")) == "<b>&amp;</b>!"


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 numbers"), (1, "one number"), (2, "2 numbers"), (1000, "1,000 numbers")]
)
def test_plurals(n: int, said: str) -> None:
    """One is said in the singular, everything else with its number."""
    assert ENGLISH.count("one number", "{n} numbers", n) == said


def test_another_language_is_a_catalogue() -> None:
    """Sentences and plurals go through the catalogue, whole and before values are inserted."""
    other = Language("en", TEHRAN, Shouting())
    assert other.say("hello") == "HELLO"
    assert other.count("one", "{n} of them", 3) == "!3 of them"
    assert other == Language("en", TEHRAN)


def test_numbers_have_the_languages_separators() -> None:
    """A German reader sees a point where an English one sees a comma."""
    assert Language("de", TEHRAN).number(12_345) == "12.345"
    assert ENGLISH.number(12_345) == "12,345"


def test_money_is_shown_in_toman() -> None:
    """The record's thousandths are rounded to whole Toman."""
    assert ENGLISH.money(1_299_600) == "1,300 Toman"


def test_hours_are_those_of_tehran() -> None:
    """A time is shown in the reader's time zone, and with its date unless it is today's there."""
    late = datetime(2025, 6, 15, 23, 50, tzinfo=TEHRAN).timestamp()
    assert ENGLISH.hour(NOW) == "18:04"
    assert ENGLISH.hour(NOW, NOW) == "18:04"
    assert ENGLISH.hour(late, late + 1200) == "15 Jun 23:50"
    assert ENGLISH.hour(datetime(2025, 6, 14, 20, 31, tzinfo=TEHRAN).timestamp(), NOW) == (
        "14 Jun 20:31"
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "less than a minute ago"),
        (59, "less than a minute ago"),
        (60, "one minute ago"),
        (599, "9 minutes ago"),
    ],
)
def test_how_long_ago(seconds: float, said: str) -> None:
    """The time since then in words."""
    assert ENGLISH.ago(seconds) == said


def test_a_name_that_runs_from_right_to_left_is_set_apart() -> None:
    """A Persian or Hebrew name cannot turn the sentence around it; a Latin one stays as it is."""
    assert ENGLISH.name(PERSIAN) == f"\u2068{PERSIAN}\u2069"
    assert ENGLISH.name("שרה 1") == "\u2068שרה 1\u2069"
    assert ENGLISH.name("Zoë") == "Zoë"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Sara", "Sara"),
        ("  Sara\n\tBob  ", "Sara Bob"),
        ("a\u202etxt.exe\u202c", "atxt.exe"),
        ("\u2066Sara\u2069\u200f\x00", "Sara"),
        ("\u200b\u2060", ""),
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        ("<b>", "<b>"),
    ],
)
def test_names_are_cleaned(given: str, shown: str) -> None:
    """A name is one line, not long, and holds no control or direction marks."""
    assert clean_name(given) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (252.0, "4 min 12 s"),
        (3600.0, "1 h 0 min"),
        (90_061.0, "25 h 1 min"),
    ],
)
def test_how_long_something_took(seconds: float, shown: str) -> None:
    """The two largest units."""
    assert str(ENGLISH.span(seconds)) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 9, "0%"), (1, 1000, "1%"), (29, 38, "76%"), (999, 1000, "99%"), (5, 5, "100%")],
)
def test_a_share(part: int, whole: int, shown: str) -> None:
    """Only all is 100 %, and only none is 0 %."""
    assert ENGLISH.share(part, whole) == shown


def test_money_in_short() -> None:
    """Thousandths of a Toman, rounded."""
    assert str(ENGLISH.short_money(1_140_499)) == "1,140 T"
