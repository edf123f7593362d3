"""A text that somebody pasted or typed: its numbers, and the names that stand beside them."""

from bot.calling.lists import Given
from bot.calling.numbers import NumberReader, Uncallable
from bot.calling.sources.gathering import callable_numbers, is_word, tidy


def read_paste(text: str, reader: NumberReader, first_line: int = 1) -> Given:
    """The numbers of a text; words beside a line's one number are its name, and no doubt."""
    whole = reader.read(text, first_line=first_line)
    names: dict[str, str] = {}
    doubts: list[Uncallable] = []
    lines = text.split("\n") if whole.numbers and whole.uncallable else ()
    for number, line in enumerate(lines, first_line):
        found = reader.read(line, first_line=number)
        words = [one for one in found.uncallable if is_word(one)]
        if callable_numbers(found) != 1 or not words:
            doubts.extend(found.uncallable)
            continue
        doubts.extend(one for one in found.uncallable if one not in words)
        for named in found.numbers:
            names.setdefault(named, tidy(" ".join(one.text for one in words)))
    return Given(
        numbers=whole.numbers,
        names={number: name for number, name in names.items() if name},
        repeated=len(whole.repeated),
        uncallable=tuple(doubts) if lines else whole.uncallable,
    )
