"""What is asked before the do-not-call list is changed or checked, and its file."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.lists import Given
from bot.calling.sources.found import Columns
from bot.texts import calls, uncallable
from bot.texts.cards import Button, Card, Question, Verb, button
from bot.texts.columns import COLUMNS, EVERY, column_examples, column_label
from bot.texts.language import Language, clean_name

# Tokens of the reasons that one tap gives.
WISH, WRONG, AGREED, MISTAKE = "wish", "wrong", "agreed", "mistake"


def numbers(lang: Language) -> Card:
    """Whom to add."""
    return Card(
        lang.say(
            "⛔ Who is not to be called any more? Reply to this message with numbers, contacts, "
            "or a file (TXT, CSV, XLSX, vCard). A reason may follow on a line of its own. "
            "Nothing is changed yet."
        )
    )


def file(lang: Language) -> Card:
    """A file of whom to add."""
    return Card(
        lang.say(
            "📥 Which file? Reply to this message with it (TXT, CSV, XLSX, vCard): all numbers in "
            "it are put on the list for one reason. Nothing is changed yet."
        )
    )


def column(name: str, columns: Columns, lang: Language) -> Card:
    """Which column of a file holds the numbers; below each its count."""
    rows = [
        (button(column_label(one, lang), Verb.DNC_PART, one.key),)
        for one in columns.columns[:COLUMNS]
    ]
    every = (button(lang.say("All of them"), Verb.DNC_PART, EVERY),)
    text = lang.say(
        "🗂 Several columns of <b>{name}</b> look like numbers. Which one is meant? Nothing is "
        "changed yet.",
        name=lang.name(clean_name(name) or "?"),
    )
    return Card(Markup("\n").join([text, *column_examples(columns, lang)]), (*rows, every))


def one_off(lang: Language) -> Card:
    """Whom to take off."""
    return Card(
        lang.say("🗑 Which number may be called again? Reply to this message with it."),
        below=Question(lang.say("A number")),
    )


def one_to_check(lang: Language) -> Card:
    """Whom to look up."""
    return Card(
        lang.say("🔎 Which number? Reply to this message with it."),
        below=Question(lang.say("A number")),
    )


def why_add(numbers: Sequence[str], lang: Language, said: Sequence[Markup] = ()) -> Card:
    """Why these numbers (E.164) are not to be called; `said` stands above."""
    text = lang.say(
        "⛔ Why are these {n} numbers not to be called? Tap a reason, or reply with one. Nothing "
        "is changed yet.",
        n=lang.number(len(numbers)),
    )
    if len(numbers) == 1:
        text = lang.say(
            "⛔ Why is {number} not to be called? Tap a reason, or reply with one. Nothing is "
            "changed yet.",
            number=calls.number(numbers[0]),
        )
    return Card(Markup("\n").join([*said, text]), (_reasons((WISH, WRONG), lang),))


def why_off(number: str, lang: Language) -> Card:
    """Why a number (E.164) may be called again."""
    text = lang.say(
        "🗑 Why may {number} be called again? Tap a reason, or reply with one. Nothing is changed "
        "yet.",
        number=calls.number(number),
    )
    return Card(text, (_reasons((AGREED, MISTAKE), lang),))


def _reasons(tokens: Sequence[str], lang: Language) -> tuple[Button, ...]:
    return tuple(button(reason(token, lang), Verb.DNC_WHY, token) for token in tokens)


def reason(token: str, lang: Language) -> str:
    """The reason that a token stands for, as it is recorded.

    Raises:
        KeyError: it stands for none.
    """
    return str(
        {
            WISH: lang.say("Asked not to be called"),
            WRONG: lang.say("Wrong number"),
            AGREED: lang.say("They agreed"),
            MISTAKE: lang.say("It was a mistake"),
        }[token]
    )


def besides(given: Given, lang: Language) -> list[Markup]:
    """What else was in it: repeated numbers, and what cannot be called anyway."""
    parts = uncallable.listed(given.uncallable, lang)
    if given.repeated:
        repeated = lang.count("🔁 One was repeated.", "🔁 {n} were repeated.", given.repeated)
        parts.insert(0, repeated)
    return parts


def file_heads(lang: Language) -> list[str]:
    """What stands above the columns of the exported file."""
    return [
        str(head)
        for head in (
            lang.say("number"),
            lang.say("since"),
            lang.say("by"),
            lang.say("reason"),
        )
    ]


def file_caption(count: int, lang: Language) -> Markup:
    """Below that file."""
    return lang.count("⛔ Do not call: one number", "⛔ Do not call: {n} numbers", count)


def usage(lang: Language) -> Markup:
    """For a word behind /dnc that is none of its own, and no number."""
    return lang.say(
        "Nothing was changed. Send /dnc alone to see the list, or for example "
        "<code>/dnc check 09120000001</code> or "
        "<code>/dnc add 09120000001 because they asked</code>."
    )
