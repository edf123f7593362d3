"""Rows of buttons: a phone has room for two labels beside each other if both are short."""

from collections.abc import Sequence

from bot.texts.cards import Button

SHORT = 14  # characters of a label up to which two of them fit one row of a phone


def paired(labelled: Sequence[tuple[str, Button]]) -> list[tuple[Button, ...]]:
    """Rows of two where both labels are short, in this order; a long one has its own row."""
    rows: list[tuple[Button, ...]] = []
    room = False  # for a second one in the last row
    for label, made in labelled:
        short = len(label) <= SHORT
        if short and room:
            rows[-1] = (*rows[-1], made)
            room = False
        else:
            rows.append((made,))
            room = short
    return rows
