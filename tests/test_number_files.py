"""Reading files in a child process: what comes back, and that neither process is harmed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.calling.errors import UsageError
from bot.calling.numbers import Reason, Uncallable
from bot.calling.problems import Problem
from bot.calling.sources.found import Columns, NumberFile, Refusal
from bot.number_files import LARGEST, NumberFiles
from bot.workshop import Workshop
from tests.calling.sources.books import KINDS, by_hand, number, sheet_of, typed, workbook


@pytest_asyncio.fixture
async def files() -> AsyncIterator[NumberFiles]:
    """The reading of files, closed afterwards."""
    files = NumberFiles(workshop=Workshop(), region="IR", kinds=KINDS)
    yield files
    await files.close()


async def refusal(files: NumberFiles, content: bytes, name: str) -> UsageError:
    """The error that a file is refused with."""
    with pytest.raises(UsageError) as error:
        await files.read(content, name)
    return error.value


async def test_a_file(files: NumberFiles) -> None:
    """Numbers, names and the question of a column come through the child process."""
    rows = [["Name", "Mobile", "Work"], ["Ali", typed(1), typed(2)]]
    asked = await files.read(workbook(S=rows), "x.xlsx")
    assert isinstance(asked, Columns)
    found = await files.read(workbook(S=rows), "x.xlsx", column=asked.columns[1].key)
    assert isinstance(found, NumberFile)
    assert (found.numbers, found.names) == ((number(2),), {number(2): "Ali"})


async def test_two_files_at_once(files: NumberFiles) -> None:
    """One after the other, each its own."""
    found = await asyncio.gather(
        *(files.read(typed(place).encode(), "x.txt") for place in range(2))
    )
    numbers = [one.numbers for one in found if isinstance(one, NumberFile)]
    assert numbers == [(number(0),), (number(1),)]


async def test_refusals(files: NumberFiles) -> None:
    """They come back as problems, with what they are about."""
    assert (await refusal(files, b"", "x.txt")).problem is Problem.FILE_EMPTY
    odd = await refusal(files, b"%PDF-1", "x.csv")
    assert (odd.problem, odd.value) == (Problem.FILE_NOT_WHAT_IT_SAYS, "CSV")
    many = await refusal(files, b"1\n" * 70_000, "x.txt")
    assert (many.problem, many.limit) == (Problem.FILE_TOO_MANY_ROWS, 60_000)
    listed = await refusal(files, b"112", "x.txt")
    assert listed.problem is Problem.NOTHING_CALLABLE
    assert listed.uncallable == (Uncallable("112", 1, Reason.SHORT),)


def test_every_refusal_is_a_problem() -> None:
    """What a child may answer has its words."""
    assert {Problem(why) for why in Refusal} <= set(Problem)


async def test_a_file_that_is_too_large(files: NumberFiles) -> None:
    """It never comes to a child."""
    large = await refusal(files, b"1" * (LARGEST + 1), "x.txt")
    assert (large.problem, large.limit) == (Problem.FILE_TOO_LARGE, LARGEST)


async def test_a_file_that_needs_too_much_memory(files: NumberFiles) -> None:
    """The child may have no more than it is given, and says so; the next file is read."""
    text = "a" * 120_000_000 + "\U0001f600"  # each letter takes four bytes beside such a one
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    content = by_hand(sheet_of(cell).encode())
    assert len(content) < LARGEST
    assert (await refusal(files, content, "x.xlsx")).problem is Problem.FILE_TOO_MUCH
    assert isinstance(await files.read(typed(1).encode(), "x.txt"), NumberFile)


async def test_while_the_program_stops() -> None:
    """A child that is ended, or never begins, is a failure that has its words."""
    files = NumberFiles(workshop=Workshop(), region="IR", kinds=KINDS)
    await files.close()
    assert (await refusal(files, b"1", "x.txt")).problem is Problem.FILE_FAILED


async def test_contact_cards(files: NumberFiles) -> None:
    """A number and its name; without a number, or with one that cannot be called, the reason."""
    assert files.read_contact("989120000001", "Ali").names == {number(1): "Ali"}
    with pytest.raises(UsageError) as error:
        files.read_contact("", "Sara")
    assert error.value.problem is Problem.CONTACT_WITHOUT_NUMBER
    with pytest.raises(UsageError) as error:
        files.read_contact("447911123456", "Bob")
    assert error.value.problem is Problem.NOTHING_CALLABLE
    assert [one.reason for one in error.value.uncallable] == [Reason.FOREIGN]
