"""What is sent in one go is read as one; a member's own number."""

from dataclasses import replace

import pytest

from bot.calling.drafts import Ask, Content
from bot.calling.errors import UsageError
from bot.calling.lists import Given
from bot.calling.numbers import NumberReader, Reason, Uncallable
from bot.calling.own_number import OwnNumbers
from bot.calling.pieces import Piece, is_cut, read_pieces, regathered, with_given
from bot.calling.problems import Problem
from tests.calling.house import ANN, BEN, VOICE, House, numbers

READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
ONE, TWO, THREE, FOUR = numbers(4)
ALI = Given(numbers=(TWO,), names={TWO: "Ali"})


def text(words: str, *, cut: bool = False) -> Piece:
    """A message that is a text."""
    return Piece(text=words, cut=cut)


def test_texts_are_lines_of_one() -> None:
    """Lines are counted through all of them, and a repeat in another message is one."""
    found = read_pieces([text("09120000001\n115"), text("09120000001"), text("hello")], READER)
    assert found.numbers == (ONE,)
    assert found.repeated == 1
    assert [(one.line, one.reason) for one in found.uncallable] == [
        (2, Reason.SHORT),
        (4, Reason.LETTERS),
    ]


def test_a_cut_number_is_read_as_one() -> None:
    """Where Telegram has cut, the text goes on; a short message ends with itself."""
    halves = ("0912000", "0001 09120000002")
    whole = read_pieces([text(halves[0], cut=True), text(halves[1])], READER)
    assert (whole.numbers, whole.uncallable) == ((ONE, TWO), ())
    apart = read_pieces([text(halves[0]), text(halves[1])], READER)
    assert apart.numbers == (TWO,)


def test_the_order_of_messages() -> None:
    """A contact between two texts stands between their numbers, and lines go on behind it."""
    pieces = [text("09120000001"), Piece(given=ALI), text("09120000003\n09120000002\n7")]
    found = read_pieces(pieces, READER)
    assert found.numbers == (ONE, TWO, THREE)
    assert found.names == {TWO: "Ali"}
    assert found.repeated == 1
    assert found.uncallable[0].line == 4


def test_a_file_with_a_caption() -> None:
    """One message may hold both."""
    found = read_pieces([Piece(text="09120000001", given=ALI)], READER)
    assert found.numbers == (ONE, TWO)
    assert read_pieces([], READER) == Given()


def content(*chosen: str, list_ref: int | None = None) -> Content:
    """What a draft holds."""
    name = None if list_ref is None else "Drivers"
    return Content(
        voice=VOICE,
        retry_count=1,
        server_id=None,
        numbers=chosen,
        list_ref=list_ref,
        list_name=name,
    )


def test_what_is_known_of_the_numbers_comes_along() -> None:
    """Names, repeats and what cannot be called; an empty name is none."""
    odd = (Uncallable("115", 1, Reason.SHORT),)
    given = Given(numbers=(ONE, TWO), names={ONE: "", TWO: "Ali"}, repeated=2, uncallable=odd)
    made = with_given(content(), given)
    assert (made.numbers, made.names) == ((ONE, TWO), {TWO: "Ali"})
    assert (made.repeated, made.uncallable, made.voice) == (2, odd, VOICE)


def test_who_was_taken_off_stays_off() -> None:
    """What came before and is in the draft no more does not come back with what joins."""
    change = regathered((ONE, TWO), Given(numbers=(ONE, TWO, THREE), names={ONE: "Ali"}))
    changed = change(content(TWO))
    assert (changed.numbers, changed.names) == ((TWO, THREE), {})


def test_who_was_called_first_stays_off() -> None:
    """An own number that comes with a later piece was called already, by a batch of its own."""
    called = replace(content(ONE), first=1, first_number=TWO)
    changed = regathered((ONE,), Given(numbers=(ONE, TWO, THREE), names={TWO: "Ann"}))(called)
    assert (changed.numbers, changed.names) == ((ONE, THREE), {})
    assert Content.load(changed.dump()).first_number == TWO


def test_a_rest_that_is_still_to_come() -> None:
    """A cut text waits for the next text; a contact is not its rest."""
    part = text("09120000001", cut=True)
    assert is_cut([part])
    assert is_cut([part, Piece(given=ALI)])
    assert not is_cut([part, text("09120000002")])
    assert not is_cut([])
    given = Given(numbers=(ONE,))
    unseen = regathered((), given, cut=True)(content())
    assert unseen.asks == (Ask.REST_UNSEEN,)
    assert regathered((), given, cut=True)(unseen).asks == (Ask.REST_UNSEEN,)
    assert regathered((), given)(unseen).asks == ()


def test_a_list_that_fits_no_more_is_not_named() -> None:
    """A draft that has grown is more than the list that it was saved as."""
    grown = regathered((ONE,), Given(numbers=(ONE, TWO)))(content(ONE, list_ref=3))
    assert (grown.list_ref, grown.list_name) == (None, None)
    repeated = regathered((ONE,), Given(numbers=(ONE,), repeated=1))(content(ONE, list_ref=3))
    assert (repeated.list_ref, repeated.list_name, repeated.repeated) == (3, "Drivers", 1)


@pytest.mark.parametrize("phone", ["989120000001", "+989120000001", " +98 912 000 0001"])
async def test_an_own_number(house: House, phone: str) -> None:
    """Kept in E.164, for this member alone."""
    own = OwnNumbers(database=house.database, reader=READER)
    assert await own.share(phone, by=ANN) == ONE
    read = house.database.read
    assert await read(lambda tx: tx.choices.number(ANN.id)) == ONE
    assert await read(lambda tx: tx.choices.number(BEN.id)) is None


@pytest.mark.parametrize("phone", ["", "4915112345678", "112", "989120000001 989120000002"])
async def test_an_own_number_that_is_not_kept(house: House, phone: str) -> None:
    """What cannot be called is refused, and the earlier one stays."""
    own = OwnNumbers(database=house.database, reader=READER)
    await own.share(FOUR, by=ANN)
    with pytest.raises(UsageError) as raised:
        await own.share(phone, by=ANN)
    assert raised.value.problem is Problem.NOTHING_CALLABLE
    assert await house.database.read(lambda tx: tx.choices.number(ANN.id)) == FOUR
