"""The columns of a file that look like numbers: on buttons, and by example."""

from markupsafe import Markup

from bot.calling.sources.found import ALL_COLUMNS, Column, Columns
from bot.texts import calls
from bot.texts.cards import plain
from bot.texts.language import Language, clean_name

COLUMNS = 20  # of a file that are offered
EVERY = "all"  # in a token: all of its columns


def column_examples(columns: Columns, lang: Language) -> list[Markup]:
    """The first number of each column, for titles and letters alone do not tell them apart."""
    return [
        lang.say("{key}: for example {number}", key=of.key, number=calls.number(of.example))
        for of in columns.columns[:COLUMNS]
    ]


def column_label(column: Column, lang: Language) -> str:
    """A column on a button: its letters, what it is called or begins with, and its count."""
    title = clean_name(column.title, 20) or calls.number(column.example)
    return plain(
        lang.say(
            "{key}: {title} · {n}",
            key=column.key,
            title=lang.name(title),
            n=lang.number(column.count),
        )
    )


def column_of(token: str) -> str:
    """The column that such a button names."""
    return ALL_COLUMNS if token == EVERY else token
