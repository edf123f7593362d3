"""Text files: their encodings, lines, tables, and the names beside numbers."""

import codecs

import pytest

from bot.calling.numbers import Reason, Repeated, Uncallable
from bot.calling.sources.found import ALL_COLUMNS, Column, Columns, Kind, Refusal
from bot.calling.sources.plain import table
from bot.calling.sources.sheets import letters
from tests.calling.sources.books import answer, number, read, refused, typed

PERSIAN = "علی رضایی"


@pytest.mark.parametrize(
    "content",
    [
        f"{PERSIAN} {typed(1)}\n{typed(2)}\n".encode(),
        codecs.BOM_UTF8 + f"{PERSIAN} {typed(1)}\r\n{typed(2)}\r\n".encode(),
        f"{PERSIAN} {typed(1)}\r\n{typed(2)}".encode("utf-16"),
        codecs.BOM_UTF16_BE + f"{PERSIAN} {typed(1)}\n{typed(2)}".encode("utf-16-be"),
        f"{PERSIAN} {typed(1)}\r\n{typed(2)}\r\n".encode("utf-16-le"),
        f"{PERSIAN} {typed(1)}\n{typed(2)}".encode("utf-16-be"),
        f"{PERSIAN} {typed(1)}\n{typed(2)}".encode("utf-32"),
        # The code page has no Persian yeh; Windows writes the Arabic one.
        f"{PERSIAN} {typed(1)}\r{typed(2)}".replace("ی", "ي").encode("cp1256"),
    ],
)
def test_every_encoding_of_phones_and_excel(content: bytes) -> None:
    """Names come out right, with every mark, line end and code page."""
    found = read(content)
    assert found.kind is Kind.TEXT
    assert found.numbers == (number(1), number(2))
    assert found.names[number(1)].replace("ي", "ی") == PERSIAN


def test_western_code_page() -> None:
    """Letters that stand alone are Western ones."""
    found = read(f"Jürgen Groß {typed(1)}\n{typed(2)}".encode("cp1252"))
    assert found.names == {number(1): "Jürgen Groß"}


def test_persian_digits_in_a_file() -> None:
    """Digits of any keyboard are read."""
    assert read("۰۹۱۲۰۰۰۰۰۰۱\n".encode()).numbers == (number(1),)


def test_lines_of_a_text() -> None:
    """Each line is read by itself; what cannot be called is listed with its line."""
    text = f"Drivers\n\n{typed(1)}, {typed(2)}\nSara: {typed(1)}\nAli 0912 000\n+4930123456"
    found = read(text.encode())
    assert found.numbers == (number(1), number(2))
    assert found.names == {number(1): "Sara"}
    assert found.repeated == (Repeated(number(1), 4),)
    assert found.uncallable == (
        Uncallable("Drivers", 1, Reason.LETTERS),
        Uncallable("Ali", 5, Reason.LETTERS),
        Uncallable("0912 000", 5, Reason.WRONG_LENGTH),
        Uncallable("+4930123456", 6, Reason.FOREIGN),
    )


def test_a_number_twice_in_a_line() -> None:
    """It is called once, and the second is counted as repeated in its line."""
    found = read(f"\n{typed(1)} {typed(1)}".encode())
    assert (found.numbers, found.repeated) == ((number(1),), (Repeated(number(1), 2),))


def test_numbers_in_lines_and_columns_are_a_paste() -> None:
    """A grid of nothing but numbers in a text file is read as a whole."""
    grid = "\n".join(f"{typed(2 * row)},{typed(2 * row + 1)}" for row in range(3))
    found = read(grid.encode(), "numbers.txt")
    assert found.numbers == tuple(map(number, range(6)))
    assert found.columns == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table(delimiter: str) -> None:
    """Delimiter, titles, quotes and line ends inside them; the row is named by its first line."""
    rows = [
        ["Name", "Mobile", "City"],
        ["Ali", typed(1), "Tehran"],
        [f'"a{delimiter} b\nc"', f"'{typed(2)}", ""],
        ["Sara", "12", "Shiraz"],
        ["Reza", "", "Shiraz"],
        ["", typed(1), "Yazd"],
    ]
    content = codecs.BOM_UTF8 + "\r\n".join(delimiter.join(row) for row in rows).encode()
    found = read(content, "people.csv")
    assert found.kind is Kind.CSV
    assert found.numbers == (number(1), number(2))
    assert found.names == {number(1): "Ali", number(2): " ".join(f"a{delimiter} b c".split())}
    assert found.columns == (Column("B", "Mobile", 3, number(1)),)
    assert found.repeated == (Repeated(number(1), 7),)
    assert found.uncallable == (
        Uncallable("12", 5, Reason.WRONG_LENGTH),
        Uncallable("Reza", 6, Reason.NO_NUMBER),
    )


def test_first_and_last_names() -> None:
    """Two columns are one name; their titles may be Persian."""
    rows = f"نام,نام خانوادگی,موبایل\nعلی,رضایی,{typed(1)}\n"
    assert read(rows.encode(), "people.csv").names == {number(1): PERSIAN}


def test_a_column_that_is_no_name() -> None:
    """A word that most rows share names nobody, nor does a column without words."""
    rows = "City,Mobile,Age\n" + "".join(f"Tehran,{typed(n)},{n}\n" for n in range(5))
    assert read(rows.encode(), "people.csv").names == {}


def test_formulas_are_text() -> None:
    """A cell that looks like a formula is listed; the idiom that keeps a 0 is read."""
    rows = f'Mobile,Note\n"=""{typed(1)}""",a\n=2+{typed(2)},b\n@{typed(3)},c\n{typed(4)},d\n'
    found = read(rows.encode(), "people.csv")
    assert found.numbers == (number(1), number(4))
    assert found.uncallable == (
        Uncallable(f"=2+{typed(2)}", 3, Reason.FORMULA),
        Uncallable(f"@{typed(3)}", 4, Reason.UNREADABLE),
    )


TWO = f"Name,Mobile,Work\nAli,{typed(1)},{typed(2)}\nSara,{typed(3)},{typed(1)}\n".encode()


def test_which_column() -> None:
    """Two columns of numbers are asked about, with title, count and first number of each."""
    assert answer(TWO, "people.csv") == Columns(
        sheet=None,
        columns=(
            Column("B", "Mobile", 2, number(1)),
            Column("C", "Work", 2, number(2)),
        ),
    )


def test_the_column_that_was_chosen() -> None:
    """It alone is read; all of them row by row; one that is not there is asked about again."""
    found = read(TWO, "people.csv", "C")
    assert found.numbers == (number(2), number(1))
    assert found.names == {number(2): "Ali", number(1): "Sara"}
    assert read(TWO, "people.csv", ALL_COLUMNS).numbers == (number(1), number(2), number(3))
    assert isinstance(answer(TWO, "people.csv", "A"), Columns)


def test_columns_of_numbers_alone_in_a_table() -> None:
    """A file that calls itself CSV is a table, without titles as well."""
    rows = "\n".join(f"{typed(n)},{typed(n + 10)}" for n in range(3))
    assert answer(rows.encode(), "numbers.csv") == Columns(
        sheet=None,
        columns=(Column("A", "", 3, number(0)), Column("B", "", 3, number(10))),
    )


def test_few_numbers_among_many_cells() -> None:
    """Where no column is one of numbers, the one that holds any is read."""
    rows = "Who,Note\n" + "".join(f"p{n},none\n" for n in range(9)) + f"q,{typed(1)}\n"
    found = read(rows.encode(), "notes.csv")
    assert found.numbers == (number(1),)
    assert len(found.uncallable) == 9


def test_a_table_that_is_broken() -> None:
    """A quote that is never closed makes it a text like any other."""
    rows = "\n".join(f"a,{typed(n)}" for n in range(200)) + '\nb,"' + "x" * 200_000
    found = read(rows.encode(), "people.csv")
    assert found.kind is Kind.TEXT
    assert len(found.numbers) == 200


def test_what_is_no_table() -> None:
    """One line, or lines with fields of any count."""
    assert table("a,b", "x.csv") is None
    assert table("a,b\nc\nd,e,f\n", "x.csv") is None


def test_a_table_without_numbers_that_can_be_called() -> None:
    """All that looks like one is listed, and the file refused."""
    found = refused(b"Name,Phone\nAli,+4930123456\n", "people.csv")
    assert found.why is Refusal.NOTHING_CALLABLE
    assert Uncallable("+4930123456", 2, Reason.FOREIGN) in found.uncallable


def test_letters_of_columns() -> None:
    """They are counted as spreadsheets do."""
    assert [letters(place) for place in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
