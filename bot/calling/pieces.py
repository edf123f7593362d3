"""What a person sends in one go, message by message, read as one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.calling.drafts import Ask, Content
from bot.calling.lists import Given
from bot.calling.numbers import NumberReader
from bot.calling.pasted import read_paste


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One message: its text, or else the numbers of its contact or file.

    Attributes:
        text: is read together with the texts right before and behind it.
        cut: Telegram may have cut the text, so that the next one goes on where it ends.
        given: what the message holds besides.
    """

    text: str | None = None
    cut: bool = False
    given: Given | None = None


def read_pieces(pieces: Iterable[Piece], reader: NumberReader) -> Given:
    """All numbers of the messages, in their order; lines are counted through the texts."""
    parts: list[Given] = []
    text, joint, line = "", "", 1
    for piece in pieces:
        if piece.text is not None:
            # A space where Telegram cut: what was one number there is read as one again.
            text += joint + piece.text
            joint = " " if piece.cut else "\n"
        if piece.given is not None:
            parts.append(_read(text, reader, line))
            line += text.count("\n") + (1 if text else 0)
            text, joint = "", ""
            parts.append(piece.given)
    parts.append(_read(text, reader, line))
    return Given.joined(parts)


def is_cut(pieces: Iterable[Piece]) -> bool:
    """Whether the rest of the last text may still be to come."""
    cut = False
    for piece in pieces:
        cut = cut if piece.text is None else piece.cut
    return cut


def with_rest(content: Content, *, unseen: bool) -> Content:
    """The content with the reason to ask that a rest of it may be missing, or without it."""
    asks = tuple(ask for ask in content.asks if ask is not Ask.REST_UNSEEN)
    return replace(content, asks=(*asks, Ask.REST_UNSEEN) if unseen else asks)


def with_given(content: Content, given: Given) -> Content:
    """The content with these numbers in place of its own."""
    return replace(
        content,
        numbers=given.numbers,
        names={number: name for number, name in given.names.items() if name},
        repeated=given.repeated,
        uncallable=given.uncallable,
        uncallable_more=0,
    )


def given_in(content: Content) -> Given:
    """The numbers of a content, and what else was in what they are from."""
    return Given(
        numbers=content.numbers,
        names=content.names,
        repeated=content.repeated,
        uncallable=content.uncallable,
    )


def regathered(
    before: tuple[str, ...], given: Given, *, cut: bool = False
) -> Callable[[Content], Content]:
    """What a draft becomes when more has come; who was taken off or called first stays off.

    Args:
        before: the numbers that it was made of so far.
        given: all that has come.
        cut: the rest of the last text may still be to come.
    """

    def change(content: Content) -> Content:
        called = () if content.first_number is None else (content.first_number,)
        off = {*called, *set(before).difference(content.numbers)}
        changed = with_rest(with_given(content, given), unseen=cut).without(off)
        if changed.numbers == content.numbers:
            return changed
        return replace(changed, list_ref=None, list_name=None)

    return change


def _read(text: str, reader: NumberReader, line: int) -> Given:
    return read_paste(text, reader, line) if text else Given()
