"""Contact cards: the dialects of phones, which number of a card is taken, cards without one."""

import quopri

import pytest

from bot.calling.numbers import NumberReader, Reason, Repeated, Uncallable
from bot.calling.sources.found import Kind, NumberFile, Refusal
from bot.calling.sources.people import read_card
from tests.calling.sources.books import KINDS, number, read, refused, typed

NAME = "علی رضایی"
QUOTED = quopri.encodestring("رضایی;علی;;;".encode()).decode().replace("\n", "\r\n")


@pytest.mark.parametrize(
    "card",
    [
        f"VERSION:3.0\r\nN:رضایی;علی;;;\r\nFN:{NAME}\r\nTEL;TYPE=CELL:{typed(1)}",
        f'VERSION:4.0\nFN:{NAME}\nTEL;VALUE=uri;TYPE="voice,cell":tel:{number(1)}',
        f"VERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{QUOTED}\r\nTEL;CELL:{typed(1)}",
        f"version:3.0\nfn:علی\n  رضایی\nitem1.TEL;type=pref:{typed(1)}\nitem1.X-ABLabel:x",
        f"VERSION:3.0\nN:رضایی;علی;;;\nNOTE:a\nPHOTO;ENCODING=b:AAAA\n AAAA=\nTEL:{typed(1)}",
        f"VERSION:3.0\nORG:علی;رضایی\nTEL;HOME:{typed(1)}\nTEL:",
    ],
)
def test_the_dialects_of_phones(card: str) -> None:
    """The same name and number in 2.1, 3.0 and 4.0."""
    found = read(f"BEGIN:VCARD\n{card}\nEND:VCARD\n".encode(), "contacts.vcf")
    assert found == NumberFile(kind=Kind.CONTACTS, numbers=(number(1),), names={number(1): NAME})


def card(name: str, *phones: str) -> str:
    """One card."""
    lines = [f"FN:{name}"] if name else []
    return "\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, *phones, "END:VCARD", ""])


def test_several_cards() -> None:
    """One number of each; one without a number is listed, and what cannot be called."""
    text = (
        card("Ali", f"TEL;TYPE=HOME:{typed(9)}", f"TEL;TYPE=CELL:{typed(1)}")
        + card("Sara")
        + card("", f"TEL:{typed(2)}")
        + card("Bob", "TEL:+4930123456")
        + card("Ali again", f"TEL:{typed(1)}")
        + card("")
        + f"BEGIN:VCARD\nFN:Cut off\\, here\nTEL:{typed(3)}"
    )
    found = read(text.encode(), "contacts.vcf")
    assert found.numbers == (number(1), number(2), number(3))
    assert found.names == {number(1): "Ali", number(3): "Cut off, here"}
    assert found.left_out == 1
    assert found.repeated == (Repeated(number(1), 20),)
    assert found.uncallable == (
        Uncallable("Sara", 7, Reason.NO_NUMBER),
        Uncallable("+4930123456", 15, Reason.FOREIGN),
        Uncallable("?", 25, Reason.NO_NUMBER),
    )


@pytest.mark.parametrize(
    ("phones", "taken"),
    [
        (["TEL:02122334455", f"TEL:{typed(1)}"], number(1)),
        ([f"TEL:{typed(1)}", f"TEL;TYPE=cell:{typed(2)}"], number(2)),
        ([f"TEL:{typed(1)}", f"TEL;TYPE=pref:{typed(2)}"], number(2)),
        ([f"TEL:{typed(1)}", f"TEL;PREF=1:{typed(2)}"], number(2)),
        (["TEL;TYPE=cell:12", f"TEL:{typed(1)}"], number(1)),
        ([f"TEL:{typed(1)}", f"TEL:{typed(2)}"], number(1)),
    ],
)
def test_which_number_of_a_card(phones: list[str], taken: str) -> None:
    """A mobile, then what the card calls one, then what it prefers, then the first."""
    assert read(card("Ali", *phones).encode(), "a.vcf").numbers == (taken,)


def test_an_extension() -> None:
    """It is part of the address in vCard 4.0, and is not called."""
    found = refused(card("A", f"TEL;VALUE=uri:tel:{number(1)};ext=12").encode(), "a.vcf")
    assert found.why is Refusal.NOTHING_CALLABLE
    assert found.uncallable[0].reason is Reason.EXTENSION


def sent(phone: str, name: str = "", vcard: str = "") -> NumberFile:
    """What becomes of a card that was sent in a chat."""
    mobiles = NumberReader("IR", frozenset({"mobile"}))
    return read_card(phone, name, vcard, NumberReader("IR", KINDS).read, mobiles.read)


@pytest.mark.parametrize("phone", ["989120000001", "+989120000001", "0912 000 0001"])
def test_a_card_in_a_chat(phone: str) -> None:
    """Telegram gives the number with its country code, with or without a plus sign."""
    assert sent(phone, "Ali R").names == {number(1): "Ali R"}


def test_a_foreign_card_in_a_chat() -> None:
    """Telegram's form without the plus sign is a foreign number, and no wrong one."""
    assert sent("447911123456").uncallable == (Uncallable("+447911123456", 1, Reason.FOREIGN),)
    assert sent("4915").uncallable == (Uncallable("4915", 1, Reason.WRONG_LENGTH),)


def test_what_else_the_phone_knows() -> None:
    """The number and the name of the card's own file stand in where Telegram gives none."""
    known = card("Ali R", f"TEL;TYPE=CELL:{typed(1)}")
    assert sent("", "", known).names == {number(1): "Ali R"}
    assert sent(typed(2), "", known).names == {number(2): "Ali R"}
    assert sent("", "Sara").uncallable == (Uncallable("Sara", 1, Reason.NO_NUMBER),)
