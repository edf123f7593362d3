"""What is said of files: where the numbers stood. Refusals are told in `test_errors`."""

from bot.calling.problems import Problem
from bot.calling.sources.found import Column, Kind, NumberFile
from bot.texts import files
from bot.texts.cards import plain
from tests.texts.file_words import FILE_WORDS
from tests.texts.scenes import ENGLISH


def test_every_refusal_has_words() -> None:
    """None is missing among the sentences that `test_errors` expects."""
    assert {one for one in Problem if one.startswith("file_")} <= set(FILE_WORDS)


def read(sheet: str | None, *columns: Column, left_out: int = 0) -> str:
    """What is said of a file that was read."""
    found = NumberFile(
        kind=Kind.XLSX, numbers=("+989120000001",), sheet=sheet, columns=columns, left_out=left_out
    )
    return "\n".join(plain(said) for said in files.sources((found,), ENGLISH))


def test_where_the_numbers_stood() -> None:
    """Sheet and columns, where there is more than one sheet."""
    mobile, work = Column("B", "Mobile", 2, "+98"), Column("C", "", 1, "+98")
    assert read(None) == ""
    assert read(None, mobile) == ""
    assert read("May", work) == "📄 Sheet May, column C."
    assert read("May", mobile, work) == "📄 Sheet May, columns B (Mobile), C."


def test_numbers_of_contacts_that_are_left_out() -> None:
    """They are counted."""
    assert read(None, left_out=1) == (
        "👤 One more number of these contacts is left out: one is taken of each."
    )
    assert read(None, left_out=2) == (
        "👤 2 more numbers of these contacts are left out: one is taken of each."
    )
