"""Files that people send, harmless and otherwise (rows 53 and 54)."""

import pytest

from sandbox.telegram import Message
from tests.calling.sources.books import by_hand, package, sheet_of, typed, workbook
from tests.e2e.harness import World, call

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def padded(size: int) -> bytes:
    """A workbook that unpacks to so many bytes."""
    cell = '<row r="1"><c r="A1"><v>9120000001</v></c></row>'
    return by_hand(sheet_of(f"{cell}{' ' * size}"))


async def sent(world: World, name: str, content: bytes) -> Message:
    """What a file in the private chat is answered with."""
    file = world.tg.send_document(world.sara, world.sara, name, content)
    return await world.tg.next_message(world.sara, after=file)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.xlsx", padded(200_000_000), "unpacks to more than I read"),
        ("large.csv", b"1" * 25_000_000, "larger than 2 MB"),
        ("large.txt", b"1" * 2_000_001, "larger than 2 MB"),
        ("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        ("old.xls", OLE + "Workbook".encode("utf-16-le"), "cannot read XLS sheets"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99), "called XLSX and is something else"),
        ("letter.docx", package({"word/document.xml": "<x/>"}), "do not know this kind of file"),
        ("million.txt", b"1\n" * 900_000, "more than 60,000 rows"),
        ("cut.xlsx", workbook(S=[[typed(1)]])[:-300], "is damaged"),
        ("empty.txt", b"\n", "is empty"),
        ("words.txt", b"nobody at all", "no number in this file"),
    ],
)
async def test_row_53_files_that_are_refused(
    world: World, name: str, content: bytes, words: str
) -> None:
    """Each is told in a sentence, nothing is taken from it, and the next launch works."""
    await world.start()
    answer = await sent(world, name, content)
    assert words in answer.text
    assert "nothing was taken from" in answer.text
    board = await world.ask(world.sara, call(world.numbers(1)))
    await world.shows(board, "The number is at the gateway")
    assert world.bitel.posts == 1


async def test_row_53_a_sparse_sheet_and_formulas_become_a_draft(world: World) -> None:
    """What can be read is drafted, a formula without a value is listed, nothing is called."""
    await world.start()
    rows = (
        '<row r="1"><c r="XFD1"><v>9120000001</v></c></row>'
        '<row r="7"><c r="XFD7"><f>A1</f></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>9120000002</v></c></row>'
    )
    draft = await sent(world, "sparse.xlsx", by_hand(sheet_of(rows)))
    assert "2 numbers" in draft.text
    assert "line 7: =A1 – a formula without a value" in draft.text
    assert world.bitel.posts == 0


async def test_row_54_what_may_not_be_called_in_a_file(world: World) -> None:
    """Foreign, satellite, emergency, vanity and extension: listed by row, and never sent."""
    await world.start()
    texts = ["+14155552671", "+8821612345678", "110", "0912CALLNOW", "09120000002x12"]
    answer = await sent(world, "list.xlsx", workbook(S=[[text] for text in texts]))
    for line, text in enumerate(texts, 1):
        assert f"line {line}: {text}" in answer.text
    assert world.bitel.posts == 0
