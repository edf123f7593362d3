import re
from collections import Counter
from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from bot.calling.groups import entries, join
from bot.calling.numbering import Plan
from bot.calling.numbers import (
    KINDS,
    NumberReader,
    Numbers,
    Reason,
    Repeated,
    Uncallable,
    known_region,
    national,
    normalise_digits,
)

KIND_NAMES = frozenset({"mobile", "fixed_line"})
READER = NumberReader("IR", KIND_NAMES)
PLAN = Plan("IR")
FIRST = "+989120000001"
SECOND = "+989120000002"
THIRD = "+989120000003"
LANDLINE = "+982122345678"
LATIN = "0123456789"
PERSIAN = str.maketrans(LATIN, "۰۱۲۳۴۵۶۷۸۹")


def listed(numbers: Numbers) -> list[tuple[str, Reason]]:
    """What is listed as not callable, without its lines."""
    return [(entry.text, entry.reason) for entry in numbers.uncallable]


class TestSpellings:
    @pytest.mark.parametrize(
        "text",
        [
            "09120000001",
            "9120000001",
            "989120000001",
            "+989120000001",
            "00989120000001",
            "0912 000 0001",
            "912 000 0001",
            "0912 000 00 01",
            "+98 912 000 0001",
            "+ 98 912 000 0001",
            "0098 912 000 0001",
            "00 98 912 000 0001",
            "98 912 000 0001",
            "9891200000 01",
            "0912-000-0001",
            "0912\u2013000\u20130001",
            "0912.000.0001",
            "0912/0000001",
            "0912 - 000 - 0001",
            "0912\t000\t0001",
            "0-912-000-0001",
            "+98-912-000-0001",
            "(0912) 000-0001",
            "(+98) 912 000 0001",
            "+98(0)9120000001",
            "+98 (0)912 000 0001",
            "+98 (0) 912 000 0001",
            "0098(0)9120000001",
            "+9809120000001",
            "\uff0b98 912 000 0001",
            "۰۹۱۲۰۰۰۰۰۰۱",
            "٠٩١٢٠٠٠٠٠٠١",
            "\uff10\uff19\uff11\uff12\uff10\uff10\uff10\uff10\uff10\uff10\uff11",
            "+98 912 000 0001".translate(PERSIAN),
            "\u200e\u202a09120000001\u202c",
            "0912\u200c000\u200d0001",
            "+98\u00a0912\u202f000\u00a00001",
            "\ufeff0912\u00ad0000001",
            "- 09120000001",
            "• 09120000001",
            "•09120000001",
            "'09120000001",
            "\u00ab09120000001\u00bb",
            "<09120000001>",
            "09120000001.",
        ],
    )
    def test_every_spelling_of_one_number_is_read(self, text: str) -> None:
        """Each usual spelling of one number is that number, with nothing listed beside it."""
        assert READER.read(text) == Numbers((FIRST,))
        assert READER.read_one(text) == FIRST

    @pytest.mark.parametrize(
        "text",
        [
            "02122345678",
            "(021) 2234-5678",
            "(021)22345678",
            "021/22345678",
            "021 - 22345678",
            "2122345678",
            "+98 (021) 2234 5678",
        ],
    )
    def test_fixed_lines_are_read(self, text: str) -> None:
        """Each usual spelling of a fixed line is that number."""
        assert READER.read(text) == Numbers((LANDLINE,))

    @pytest.mark.parametrize("last", [0, 1, 10, 12, 44, 49, 98, 99])
    def test_last_four_digits_that_look_like_a_country_code_are_digits(self, last: int) -> None:
        """`0912 000 0049` is one number: its last group begins no number of another country."""
        assert READER.read(f"0912 000 {last:04d}").numbers == (f"+98912000{last:04d}",)

    @pytest.mark.parametrize(
        "separator",
        [
            ",",
            ";",
            "\n",
            "\r\n",
            "\r",
            "،",
            "؛",
            ", ",
            " ,\n",
            "\uff0c",
            "\u2028",
            " ",
            "\t",
            " - ",
        ],
    )
    def test_separators_part_numbers(self, separator: str) -> None:
        """Commas, semicolons, line ends, spaces and dashes between spaces part two numbers."""
        assert READER.read(f"09120000001{separator}9120000002").numbers == (FIRST, SECOND)

    def test_an_empty_text_holds_nothing(self) -> None:
        """A text of nothing, spaces, separators and symbols has no numbers and lists nothing."""
        for text in ("", " ", " ,;\n\n،", "- • -", "\u200f", "📞"):
            assert READER.read(text) == Numbers(())


class TestLists:
    def test_the_first_occurrence_is_kept_and_repeats_are_listed(self) -> None:
        """A number is called once, where it stood first, however it is spelled again."""
        text = "09120000002, 0912 000 0001\n+98 912 000 0002\n9120000001, 09120000003"
        text = text.translate(PERSIAN)
        assert READER.read(text) == Numbers(
            (SECOND, FIRST, THIRD), (Repeated(SECOND, 2), Repeated(FIRST, 3))
        )

    def test_lines_are_counted_from_the_first_line_given(self) -> None:
        """Line ends are counted, commas are not, and an offset moves all lines."""
        text = "12345\r\n09120000001, 0912\r\n\n09120000001\r110"
        expected = Numbers(
            (FIRST,),
            (Repeated(FIRST, 13),),
            (
                Uncallable("12345", 10, Reason.WRONG_LENGTH),
                Uncallable("0912", 11, Reason.WRONG_LENGTH),
                Uncallable("110", 14, Reason.SHORT),
            ),
        )
        assert READER.read(text, first_line=10) == expected

    def test_listed_text_is_short_and_harmless(self) -> None:
        """What is listed is at most 40 characters, and holds nothing that turns or hides text."""
        text = "\u202e0912\u2066 ۰۹\u00a0" + "1" * 100 + "\n09\x0012"
        assert listed(READER.read(text)) == [
            ("0912 ۰۹ " + "1" * 31 + "…", Reason.WRONG_LENGTH),
            ("0912", Reason.UNREADABLE),
        ]

    def test_a_full_message_of_numbers_is_read(self) -> None:
        """340 numbers with spaces between them are 340 numbers."""
        spelled = [f"0912{index:07d}" for index in range(340)]
        assert READER.read(" ".join(spelled)).numbers == tuple(f"+98{n[1:]}" for n in spelled)

    @pytest.mark.parametrize(
        "unit", ["0 ", "9 ", "9 8 ", "+1 2 3 4 ", "00 ", "+", "1(", "#", ", x"]
    )
    def test_hostile_lines_end(self, unit: str) -> None:
        """Thousands of groups with countless ways to join them are read, and ring nobody."""
        assert READER.read((unit * 4096)[:4095] + "7").numbers == ()


class TestNotCalled:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("12345", Reason.WRONG_LENGTH),
            ("211234", Reason.WRONG_LENGTH),
            ("0912000000", Reason.WRONG_LENGTH),
            ("0912 000 00012", Reason.WRONG_LENGTH),
            ("0912000000109120000002", Reason.WRONG_LENGTH),
            ("912345678.0", Reason.UNREADABLE),
            ("09120000001.0", Reason.UNREADABLE),
            ("9.120000001", Reason.UNREADABLE),
            ("0.9120000001", Reason.UNREADABLE),
            ("9-120000001", Reason.UNREADABLE),
            ("1)9120000001", Reason.UNREADABLE),
            ("912000000(1)", Reason.UNREADABLE),
            ("+989120000000(0)", Reason.UNREADABLE),
            ("0912+989120000001", Reason.UNREADABLE),
            ("989120000001+", Reason.UNREADABLE),
            ("++989120000001", Reason.UNREADABLE),
            ("=9120000001", Reason.UNREADABLE),
            ("*110#", Reason.UNREADABLE),
            ("09120000001/", Reason.UNREADABLE),
            ("0123456789", Reason.WRONG_LENGTH),
            ("00000000000", Reason.UNREADABLE),
            ("०९१२०००००००१", Reason.UNREADABLE),
            ("0912000000\u00b9", Reason.UNREADABLE),
            ("\U0001d7ce9120000001", Reason.UNREADABLE),
            ("+98912", Reason.WRONG_LENGTH),
            ("+", Reason.WRONG_LENGTH),
            ("+999 912 000 0001", Reason.WRONG_LENGTH),
            ("+98 012 000 0001", Reason.UNREADABLE),
            ("+7 9123456789", Reason.FOREIGN),
            ("+ 7 9123456789", Reason.FOREIGN),
            ("+90 2122345678", Reason.FOREIGN),
            ("0049 2118888123", Reason.FOREIGN),
            ("00 49 2118888123", Reason.FOREIGN),
            ("+18765551234", Reason.FOREIGN),
            ("+7 701 234 5678", Reason.FOREIGN),
            ("+44 (0)20 7946 0018", Reason.FOREIGN),
            ("+449123456789", Reason.FOREIGN),
            ("+881612345678", Reason.KIND),
            ("+870773111632", Reason.KIND),
            ("09601", Reason.KIND),
            ("110", Reason.SHORT),
            ("115", Reason.SHORT),
            ("112", Reason.SHORT),
            ("911", Reason.SHORT),
            ("999", Reason.SHORT),
            ("110".translate(PERSIAN), Reason.SHORT),
            ("+98110", Reason.SHORT),
            ("Ali", Reason.LETTERS),
            ("0912CALLNOW", Reason.LETTERS),
            ("tel:09120000001", Reason.LETTERS),
            ("9.12E+09", Reason.LETTERS),
            ("شماره", Reason.LETTERS),
            ("09120000001x12", Reason.EXTENSION),
            ("09120000001 x 12", Reason.EXTENSION),
            ("09120000001ext5", Reason.EXTENSION),
            ("0912 000 0001 ext. 5", Reason.EXTENSION),
            ("09120000001 Extension 5", Reason.EXTENSION),
            ("09120000001, ext 5", Reason.EXTENSION),
            ("02122345678 int. 5", Reason.EXTENSION),
            ("09120000001#12", Reason.EXTENSION),
            ("09120000001 # 12", Reason.EXTENSION),
            ("09120000001,#12", Reason.EXTENSION),
            ("+989120000001;ext=5", Reason.EXTENSION),
            ("02122345678 داخلی ۱۲", Reason.EXTENSION),
            ("02122345678، داخلی ۱۲", Reason.EXTENSION),
            ("داخلی ۱۲ 02122345678", Reason.EXTENSION),
        ],
    )
    def test_it_is_listed_whole_with_its_reason(self, text: str, reason: Reason) -> None:
        """What cannot be called is listed as it was typed, with the reason; nothing is called."""
        assert READER.read(text) == Numbers((), (), (Uncallable(text, 1, reason),))

    @pytest.mark.parametrize(
        ("number", "kinds", "allowed"),
        [
            ("09120000001", {"fixed_line"}, False),
            ("09120000001", {"mobile"}, True),
            ("02122345678", {"mobile"}, False),
            ("09601", {"uan"}, True),
            ("09120000001", set(), False),
        ],
    )
    def test_only_allowed_kinds_are_called(
        self, number: str, kinds: set[str], *, allowed: bool
    ) -> None:
        """A kind of number that the settings do not name is listed as such."""
        found = NumberReader("IR", frozenset(kinds)).read(number)
        assert bool(found.numbers) is allowed
        assert [entry.reason for entry in found.uncallable] == ([] if allowed else [Reason.KIND])

    @pytest.mark.parametrize("kind", ["mobile", "fixed_line"])
    def test_a_number_that_may_be_either_counts_as_both(self, kind: str) -> None:
        """Where the library cannot tell mobile from fixed line, one of the two is enough."""
        assert NumberReader("US", frozenset({kind})).read("212 555 0100").numbers == (
            "+12125550100",
        )
        assert NumberReader("US", frozenset({"voip"})).read("212 555 0100").numbers == ()


class TestGroups:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("09120000001 +98 912 000 0003", (FIRST, THIRD)),
            ("0912 000 0001 0912 000 0002", (FIRST, SECOND)),
            ("912 000 0001 912 000 0002 021 2234 5678", (FIRST, SECOND, LANDLINE)),
            ("00989120000001 9120000002", (FIRST, SECOND)),
            ("0211234 5678", ("+982112345678",)),
            ("09120000001 | 9120000002", (FIRST, SECOND)),
        ],
    )
    def test_the_only_way_to_use_every_group_is_the_reading(
        self, text: str, numbers: tuple[str, ...]
    ) -> None:
        """If exactly one way of joining neighbours uses every group, that is what is read."""
        assert READER.read(text) == Numbers(numbers)

    @pytest.mark.parametrize(
        "text",
        ["+49 30 123 9123456789", "09120000001 +49 30 123 9123456789 Ali"],
    )
    def test_a_line_with_two_readings_is_not_called(self, text: str) -> None:
        """If several ways use every group, the whole of it is listed as ambiguous."""
        assert READER.read(text) == Numbers((), (), (Uncallable(text, 1, Reason.AMBIGUOUS),))

    @pytest.mark.parametrize(
        "text",
        [
            "09120000001 +98 912",
            "+7 912 09120000001",
            "09120000001 0049",
            "+7 Ali 9123456789",
            "0912000 0049 2118888123",
            "0912000 0044 9123456789",
            "+98912CALL 09120000001",
            "09120000001 0912+98",
            "0049 - Ali 2122345678",
            "09120000001 +",
        ],
    )
    def test_an_incomplete_country_code_spoils_its_whole_line(self, text: str) -> None:
        """Beside a `+` or `00` group that is no number nothing is called; the line is listed."""
        found = READER.read(text)
        assert found.numbers == ()
        assert [entry.text for entry in found.uncallable] == [text]

    @pytest.mark.parametrize(
        ("text", "numbers", "rest"),
        [
            ("1. 09120000001", (FIRST,), [("1.", Reason.WRONG_LENGTH)]),
            ("1) +989120000001", (FIRST,), [("1)", Reason.WRONG_LENGTH)]),
            ("#1 09120000001", (FIRST,), [("#1", Reason.UNREADABLE)]),
            ("1. 9120000001", (), [("1. 9120000001", Reason.WRONG_LENGTH)]),
            ("1. 0912 000 0001", (), [("1. 0912 000 0001", Reason.WRONG_LENGTH)]),
            ("09120000001 - 5", (FIRST,), [("5", Reason.WRONG_LENGTH)]),
            ("09120000001 | 5", (FIRST,), [("5", Reason.WRONG_LENGTH)]),
            ("110 09120000001", (FIRST,), [("110", Reason.SHORT)]),
            ("110 115", (), [("110", Reason.SHORT), ("115", Reason.SHORT)]),
            (
                "09120000001 12 34 989120000002 211234 9120000003",
                (FIRST, SECOND),
                [("12 34", Reason.WRONG_LENGTH), ("211234 9120000003", Reason.WRONG_LENGTH)],
            ),
            ("0211234 5678 9", (), [("0211234 5678 9", Reason.WRONG_LENGTH)]),
            (
                "+905012345678 5",
                (),
                [("+905012345678", Reason.FOREIGN), ("5", Reason.WRONG_LENGTH)],
            ),
            ("0912CALL 09120000001", (FIRST,), [("0912CALL", Reason.LETTERS)]),
        ],
    )
    def test_whole_groups_stand_for_themselves_where_no_way_uses_all(
        self, text: str, numbers: tuple[str, ...], rest: list[tuple[str, Reason]]
    ) -> None:
        """Otherwise groups that are whole with `0`, `98`, `+98` are called, the rest is listed."""
        found = READER.read(text)
        assert found.numbers == numbers
        assert listed(found) == rest

    def test_names_are_listed_and_their_numbers_called(self) -> None:
        """A word is listed as letters; numbers beside it are read, but never across it."""
        found = READER.read("Ali 0912 000 0001, Reza (رضا) 9120000002\n0912 Sara 0000003")
        assert found.numbers == (FIRST, SECOND)
        assert listed(found) == [
            ("Ali", Reason.LETTERS),
            ("Reza", Reason.LETTERS),
            ("(رضا)", Reason.LETTERS),
            ("0912", Reason.WRONG_LENGTH),
            ("Sara", Reason.LETTERS),
            ("0000003", Reason.WRONG_LENGTH),
        ]

    @pytest.mark.parametrize(
        "text", ["912345678 - 0", "912 - 0000001", "912345678 (0)", "912. 0000001"]
    )
    def test_a_dash_or_parenthesis_between_spaces_completes_no_bare_number(
        self, text: str
    ) -> None:
        """Across such a mark only a number that begins with `0`, `98` or `+` goes on."""
        found = READER.read(text)
        assert found.numbers == ()
        assert len(found.uncallable) == 1


class TestOne:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Ali",
            "Ali 09120000001",
            "09120000001 09120000002",
            "09120000001, 09120000001",
            "09120000001\n1",
            "+7 9123456789",
            "+881612345678",
            "110",
            "211234",
            "09120000001x5",
        ],
    )
    def test_anything_else_is_none(self, text: str) -> None:
        """A text that is not exactly one number of the region is no number."""
        assert READER.read_one(text) is None

    def test_the_kind_does_not_matter(self) -> None:
        """A look-up finds numbers of kinds that may not be called now."""
        assert NumberReader("IR", frozenset({"mobile"})).read_one("021 2234 5678") == LANDLINE


class TestRegions:
    @pytest.mark.parametrize(
        ("region", "text", "numbers"),
        [
            (
                "DE",
                "030 12345678, 01512 3456789, 15123456789",
                ("+493012345678", "+4915123456789"),
            ),
            ("DE", "1701234567, 3012345678", ()),
            ("US", "(212) 555-0100, 1-212-555-0101", ("+12125550100", "+12125550101")),
            ("US", "011 44 20 7946 0018, 416 555 0100, 911", ()),
            ("IT", "06 1234 5678, 312 345 6789", ("+390612345678", "+393123456789")),
            ("RU", "8 (912) 345-67-89, 9123456780", ("+79123456789", "+79123456780")),
            ("RU", "+7 701 234 5678", ()),
            ("TA", "+2908999", ("+2908999",)),
        ],
    )
    def test_the_rules_hold_for_other_regions(
        self, region: str, text: str, numbers: tuple[str, ...]
    ) -> None:
        """Prefixes and the length of a bare number come from the region's own plan."""
        assert NumberReader(region, KIND_NAMES).read(text).numbers == numbers

    def test_unknown_regions_and_kinds_are_refused(self) -> None:
        """A reader is not made for a region or a kind that the library does not know."""
        assert known_region("IR")
        assert not known_region("XX")
        assert not known_region("001")
        assert {"mobile", "fixed_line", "voip"} < set(KINDS)
        with pytest.raises(ValueError, match="'XX'"):
            NumberReader("XX", KIND_NAMES)
        with pytest.raises(ValueError, match="fax, telex"):
            NumberReader("IR", frozenset({"mobile", "telex", "fax"}))

    @pytest.mark.parametrize(
        ("number", "dialled"),
        [
            (FIRST, "09120000001"),
            (LANDLINE, "02122345678"),
            ("+493012345678", "03012345678"),
            ("+390612345678", "0612345678"),
        ],
    )
    def test_the_national_form_is_what_is_dialled(self, number: str, dialled: str) -> None:
        """The national form is the trunk prefix and the number, digits only."""
        assert national(number) == dialled

    @pytest.mark.parametrize(
        "text", ["", "09120000001", "+98 912 000 0001", "+9809120000001", "+"]
    )
    def test_only_e164_has_a_national_form(self, text: str) -> None:
        """What is not in E.164 is refused rather than guessed."""
        with pytest.raises(ValueError, match=r"E\.164"):
            national(text)

    def test_digits_of_three_scripts_become_ascii(self) -> None:
        """Persian, Arabic-Indic and full-width digits are mapped, all else is left alone."""
        assert normalise_digits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ \uff10\uff19 ०² a") == (
            "0123456789 0123456789 09 ०² a"
        )


MOBILES = st.integers(0, 99_999).map(lambda last: f"912{last:07d}")
PREFIXES = st.sampled_from(["", "0", "98", "+98", "0098", "+98 ", "0098 ", "+98-", "\uff0b98 (0)"])
CUTS = st.sampled_from(["", " ", "-", ".", "\u200c", "\u00a0", "\u2013"])
SCRIPTS = st.sampled_from(["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"])
SEPARATORS = st.sampled_from([",", ";", "\n", "\r\n", "،", "؛", " , ", ";\t", "\n\n", ",\u200f"])


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """A mobile in E.164, and one spelling of it."""
    number = draw(MOBILES)
    cut = draw(CUTS)
    text = draw(PREFIXES) + cut.join((number[:3], number[3:6], number[6:]))
    return f"+98{number}", text.translate(str.maketrans("0123456789", draw(SCRIPTS)))


class TestProperties:
    @given(st.lists(st.tuples(spelled(), SEPARATORS), max_size=12))
    def test_any_list_in_any_spelling_reads_back(
        self, entered: list[tuple[tuple[str, str], str]]
    ) -> None:
        """Mobiles in any spelling between hard separators are read exactly, once each."""
        found = READER.read("".join(text + separator for (_, text), separator in entered))
        wanted = [number for (number, _), _ in entered]
        assert found.numbers == tuple(dict.fromkeys(wanted))
        assert found.uncallable == ()
        assert Counter(wanted) == Counter(found.numbers) + Counter(
            repeat.number for repeat in found.repeated
        )

    @given(st.text(st.sampled_from("0123456789\u06f9\u0660+ -.()/#,\nxab\u200c"), max_size=60))
    def test_every_number_is_valid_own_and_allowed(self, text: str) -> None:
        """Whatever the text: what is called is valid, of the region, and of an allowed kind."""
        for number in READER.read(text).numbers:
            parsed = phonenumbers.parse(number, None)
            assert phonenumbers.is_valid_number_for_region(parsed, "IR")
            assert phonenumbers.number_type(parsed) in {
                PhoneNumberType.MOBILE,
                PhoneNumberType.FIXED_LINE,
            }
            assert phonenumbers.format_number(parsed, 0) == number

    @given(st.text())
    def test_no_text_raises(self, text: str) -> None:
        """Any text at all is read, and what is listed can be shown."""
        for entry in READER.read(text).uncallable:
            assert 0 < len(entry.text) <= 40
            assert entry.text.isprintable()

    @given(st.text(st.sampled_from("00991289+ "), max_size=38))
    def test_no_group_is_dropped(self, text: str) -> None:
        """Every group of digits is part of a called or repeated number, or is listed."""
        found = READER.read(text)
        groups = Counter(text.split())
        groups.subtract(word for entry in found.uncallable for word in entry.text.split())
        assert min(groups.values(), default=0) >= 0
        left = [group for group in text.split() if groups[group] > 0]
        numbers = {*found.numbers, *(repeat.number for repeat in found.repeated)}
        called = "|".join(number.removeprefix("+98") for number in numbers) or "-"
        assert re.fullmatch(rf"(?:(?:\+|00)?(?:98)?0?(?:{called}))*", "".join(left))

    @given(st.from_regex(r"[1-9][0-9]{3,10}", fullmatch=True), st.sampled_from(["0", "98", "+98"]))
    def test_a_prefixed_number_is_what_the_library_says(self, digits: str, prefix: str) -> None:
        """The short cut past the library's parser comes to the parser's own verdict."""
        text = prefix + digits
        parsed = phonenumbers.parse(f"+{text}" if prefix == "98" else text, "IR")
        valid = phonenumbers.is_valid_number(parsed)
        # Ten digits are a number without prefix, too: only read where it is not another one.
        if not (prefix == "98" and len(text) == 10):
            assert READER.read_one(text) == (
                phonenumbers.format_number(parsed, 0) if valid else None
            )


GROUPS = st.one_of(
    st.sampled_from(
        ["0912", "912", "000", "0001", "0012", "98", "+98", "0098", "00", "+7", "+", "0", "9", "5"]
    ),
    st.sampled_from(
        ["0049", "+49", "30", "123", "2118888123", "9123456789", "021", "2234", "5678"]
    ),
    st.sampled_from(["0211234", "09120000001", "9120000002", "989120000003", "+989120000004"]),
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
)


def abroad(group: str) -> bool:
    """Whether a group begins with `+`, or with `00` and what may be a country code."""
    return bool(re.match(r"\+|00(?!0)", group))


def valid(spelling: str, region: str | None) -> str | None:
    """The library's E.164 of a spelling, None if it is not valid."""
    try:
        parsed = phonenumbers.parse(spelling, region)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, 0) if phonenumbers.is_valid_number(parsed) else None


def readings(groups: list[str], *, bare: bool = True) -> set[str]:
    """All numbers that the groups joined can be, straight from the rules."""
    text = "".join(groups)
    if abroad(groups[0]):
        found = {valid("+" + text.removeprefix("+" if text[0] == "+" else "00"), None)}
    else:
        found = {valid(f"+98{text[1:]}", None)} if re.match(r"0[1-9]", text) else set()
        found |= {valid("+" + text, None)} if text.startswith("98") else set()
        found |= (
            {valid(f"+98{text}", None)} if bare and re.fullmatch(r"[1-9]\d{9}", text) else set()
        )
    return {number for number in found if number}


def all_ways(groups: list[str], done: int = 0) -> Iterator[list[str]]:
    """Every way of joining the groups from `done` on into numbers, by trying all of them."""
    if done == len(groups):
        yield []
    before = groups[done - 1 : done]
    bare = not (
        before and before[0].startswith("00") and abroad(before[0]) and not readings(before)
    )
    for end in range(done + 1, len(groups) + 1):
        if any(begins(groups, index) for index in range(done + 1, end)):
            return
        for number in readings(groups[done:end], bare=bare):
            yield from ([number, *rest] for rest in all_ways(groups, end))


def begins(groups: list[str], index: int) -> bool:
    """Whether a group can only begin a number: any `+` group, a `00` group that does begin one."""
    if groups[index].startswith("00") and abroad(groups[index]):
        ends = range(index + 1, len(groups) + 1)
        following = (e for e in ends if not any(begins(groups, i) for i in range(index + 1, e)))
        return any(readings(groups[index:end]) for end in following)
    return groups[index].startswith("+")


@given(st.lists(GROUPS, min_size=1, max_size=7))
def test_counting_from_the_end_is_the_same_as_trying_all_ways(groups: list[str]) -> None:
    """The ways that are counted are those that an enumeration of all groupings finds."""
    expected = list(all_ways(groups))
    (entry,) = entries(" ".join(groups), 1, PLAN)
    count, spans = join(entry.pieces, PLAN)
    assert count == min(2, len(expected))
    if count == 1:
        assert [span.reading.number for span in spans if span.reading] == expected[0]
        assert [span.start for span in spans] == [0, *(span.end for span in spans[:-1])]
