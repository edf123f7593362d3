"""What is said of numbers that came without a command, and of a member's own."""

from markupsafe import Markup

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.sources.found import Columns
from bot.texts import calls
from bot.texts.cards import Card, Verb, button
from bot.texts.columns import COLUMNS, EVERY, column_examples, column_label
from bot.texts.language import Language, clean_name


def ask_column(name: str, columns: Columns, lang: Language) -> Card:
    """Which column of a file is called."""
    rows = [
        (button(column_label(column, lang), Verb.COLUMN, column.key),)
        for column in columns.columns[:COLUMNS]
    ]
    every = (button(lang.say("All of them"), Verb.COLUMN, EVERY),)
    text = lang.say(
        "🗂 Several columns of <b>{name}</b> look like numbers. Which one would be called? "
        "Nothing is sent yet.",
        name=lang.name(clean_name(name) or "?"),
    )
    return Card(Markup("\n").join([text, *column_examples(columns, lang)]), (*rows, every))


def number_kept(number: str, lang: Language) -> Markup:
    """After a member has shared their own number."""
    return lang.say(
        "✅ {number} is kept as your number, for <b>Call me first</b> alone. Press that again in "
        "your draft.",
        number=calls.number(number),
    )


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong with a change of a draft; None for another subject."""
    match of.problem:
        case Problem.ONLY_YOU:
            return lang.say(
                "Your own number is the only one in this draft, so there is nobody to call after "
                "you; nothing was called. Press Call instead."
            )
        case Problem.LAST_NUMBER:
            return lang.say(
                "This is the last number of the draft; it was not taken off. Cancel the draft "
                "instead."
            )
        case _:
            return None
