"""Numbers in a pasted text, with the names beside them."""

from bot.calling.numbers import NumberReader, Reason
from bot.calling.pasted import read_paste
from tests.calling.house import numbers

READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
ONE, TWO, THREE = numbers(3)


def test_words_beside_a_number_are_its_name() -> None:
    """Before or behind it, in any script; the first name that a number has remains."""
    text = "Ali: 0912 000 0001\n09120000002 مریم\n09120000003\n09120000001 Reza"
    found = read_paste(text, READER)
    assert found.numbers == (ONE, TWO, THREE)
    assert found.names == {ONE: "Ali", TWO: "مریم"}
    assert (found.repeated, found.uncallable, found.files) == (1, (), ())


def test_what_cannot_be_read_is_still_listed() -> None:
    """A line without a number, half a number, and a word that could be the name of two."""
    text = "Ali 09120000001\nhello\n0912 000 07\nboth 09120000002, 09120000003"
    found = read_paste(text, READER, first_line=2)
    assert (found.numbers, found.names) == ((ONE, TWO, THREE), {ONE: "Ali"})
    assert [(one.text, one.line, one.reason) for one in found.uncallable] == [
        ("hello", 3, Reason.LETTERS),
        ("0912 000 07", 4, Reason.WRONG_LENGTH),
        ("both", 5, Reason.LETTERS),
    ]


def test_without_a_name_nothing_is_different() -> None:
    """As the reader has it, words on their own included."""
    for text in ("0912 000 0001, 09120000002\n09120000001", "hello\nworld", ""):
        whole, found = READER.read(text), read_paste(text, READER)
        assert (found.numbers, found.names, found.uncallable) == (
            whole.numbers,
            {},
            whole.uncallable,
        )
        assert found.repeated == len(whole.repeated)
