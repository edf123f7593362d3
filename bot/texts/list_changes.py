"""What is asked for and said while a list is made or changed, and why a change was refused."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.errors import ListChangedError, ListGoneError, UsageError
from bot.calling.list_changes import Saved
from bot.calling.problems import Problem
from bot.calling.sources.found import Columns
from bot.texts import exports, uncallable
from bot.texts.cards import Button, Card, Question, Verb, button
from bot.texts.columns import COLUMNS, EVERY, column_examples, column_label
from bot.texts.language import Language, clean_name
from bot.texts.lists import WHOLE
from storage.models import NumberList


def suggested(number: int, lang: Language) -> str:
    """The name that is suggested with this number."""
    return str(lang.say("List {n}", n=number))


def ask_name(number: int, lang: Language, why: Sequence[Markup] = ()) -> Card:
    """What a new list is called; the suggested name is one tap.

    `why`: what was wrong with what was sent before.
    """
    asked = lang.say(
        "📇 What is the new list called? Reply to this message with a name, or tap this one:"
    )
    return Card(
        Markup("\n").join([*why, asked]),
        ((button(suggested(number, lang), Verb.LIST_NAME, number),),),
    )


def ask_new_name(of: NumberList, lang: Language) -> Card:
    """What a list is called from now on."""
    return Card(
        lang.say(
            "✏️ What is <b>{name}</b> called from now on? Reply to this message with a name.",
            name=lang.name(of.name),
        ),
        below=Question(lang.say("A new name")),
    )


def ask_numbers(name: str, lang: Language) -> Card:
    """The numbers of a list that is to be made."""
    return Card(
        lang.say(
            "📇 Which numbers are in <b>{name}</b>? Reply to this message with a paste, contacts, "
            "or a file (TXT, CSV, XLSX, vCard). Nothing is saved yet.",
            name=lang.name(name),
        ),
        (_cancel(lang),),
    )


def ask_more(of: NumberList, lang: Language) -> Card:
    """Further numbers for a list."""
    return Card(
        lang.say(
            "➕ Which numbers come to <b>{name}</b>? Reply to this message with a paste, "
            "contacts, or a file (TXT, CSV, XLSX, vCard).",
            name=lang.name(of.name),
        ),
        ((button(lang.say("↩️ Back"), Verb.LIST_DONE, of.id),),),
    )


def ask_column(name: str, columns: Columns, lang: Language) -> Card:
    """Which column of a file holds the numbers; below each its count."""
    rows = [
        (button(column_label(column, lang), Verb.LIST_COLUMN, column.key),)
        for column in columns.columns[:COLUMNS]
    ]
    every = (button(lang.say("All of them"), Verb.LIST_COLUMN, EVERY),)
    text = lang.say(
        "🗂 Several columns of <b>{name}</b> look like numbers. Which one is meant? Nothing of it "
        "is saved yet.",
        name=lang.name(clean_name(name) or "?"),
    )
    return Card(Markup("\n").join([text, *column_examples(columns, lang)]), (*rows, every))


def not_yours(lang: Language) -> Markup:
    """For a press on what somebody else was asked."""
    return lang.say("Somebody else was asked this; nothing was done.")


def _cancel(lang: Language) -> tuple[Button, ...]:
    return (button(lang.say("✖️ Cancel"), Verb.LIST_DONE, "x"),)


def made(saved: Saved, lang: Language) -> list[Markup]:
    """After a list was made: how many numbers it has, and what of the input is not in it."""
    head = lang.count(
        "✅ {who} saved <b>{name}</b> with one number.",
        "✅ {who} saved <b>{name}</b> with {n} numbers.",
        saved.added,
        who=lang.name(saved.list.changed_name),
        name=lang.name(saved.list.name),
    )
    return [head, *_besides(saved, lang)]


def added(saved: Saved, lang: Language) -> list[Markup]:
    """After numbers were added: how many are new, and what of the input is not."""
    head = lang.count(
        "✅ {who} added one number to <b>{name}</b>; it has {has} now.",
        "✅ {who} added {n} numbers to <b>{name}</b>; it has {has} now.",
        saved.added,
        who=lang.name(saved.list.changed_name),
        name=lang.name(saved.list.name),
        has=lang.number(saved.list.numbers),
    )
    if not saved.added:
        head = lang.say(
            "All of these are in <b>{name}</b> already; it has {has} as before.",
            name=lang.name(saved.list.name),
            has=lang.number(saved.list.numbers),
        )
    return [head, *_besides(saved, lang)]


def _besides(saved: Saved, lang: Language) -> list[Markup]:
    parts = uncallable.listed(saved.uncallable, lang)
    if saved.repeated:
        repeated = lang.count(
            "🔁 One was repeated, or in it already.",
            "🔁 {n} were repeated, or in it already.",
            saved.repeated,
        )
        parts.insert(0, repeated)
    return parts


def more(
    saved: Saved, said: list[Markup], lang: Language, *, private: bool, instead: bool = False
) -> Card:
    """After numbers came: what came of them, and what becomes of further ones.

    `instead`: those that came can be called in place of being kept.
    """
    follows = lang.say("More can follow in reply to this; <i>Done</i> shows the list.")
    if private:
        follows = lang.say(
            "Until you press <i>Done</i>, the numbers that you send here are added, and no draft "
            "is made of them."
        )
    text = [*said, follows]
    row = [button(lang.say("✅ Done"), Verb.LIST_DONE, saved.list.id)]
    if saved.added and saved.list.version > 1:
        token = (saved.list.id, saved.list.version, WHOLE)
        row.append(button(lang.say("↩️ Undo"), Verb.LIST_UNDO, *token))
    if not instead:
        return Card(Markup("\n").join(text), (tuple(row),))
    token = (saved.list.id, saved.list.version, int(saved.added > 0))
    call = button(lang.say("📞 Call these instead"), Verb.LIST_INSTEAD, *token)
    return Card(Markup("\n").join(text), (tuple(row), (call,)))


def merged(saved: Saved, source: NumberList, lang: Language) -> list[Markup]:
    """After two lists became one."""
    head = lang.count(
        "🔀 {who} merged <b>{source}</b> into <b>{target}</b>: one number is new in it.",
        "🔀 {who} merged <b>{source}</b> into <b>{target}</b>: {n} numbers are new in it.",
        saved.added,
        who=lang.name(saved.list.changed_name),
        source=lang.name(source.name),
        target=lang.name(saved.list.name),
    )
    return [head, *_besides(saved, lang)]


def renamed(of: NumberList, before: str, lang: Language) -> list[Markup]:
    """After a list got another name."""
    return [
        lang.say(
            "✏️ {who} renamed <b>{before}</b>.",
            who=lang.name(of.changed_name),
            before=lang.name(before),
        )
    ]


def undone(of: NumberList, lang: Language) -> list[Markup]:
    """After *Undo*."""
    return [lang.say("↩️ {who} undid the last change.", who=lang.name(of.changed_name))]


def file_caption(of: NumberList, lang: Language) -> Markup:
    """Below the file of a list."""
    said = lang.count(
        "📇 {name}: one number", "📇 {name}: {n} numbers", of.numbers, name=lang.name(of.name)
    )
    return exports.with_whole(said, "/lists", lang)


def no_file(lang: Language) -> Markup:
    """When the file could not be made; the log says why."""
    return lang.say("The file could not be made, and it has been logged why. Try it again.")


def file_heads(lang: Language) -> list[str]:
    """What stands above the columns of that file."""
    return [str(lang.say("number")), str(lang.say("name"))]


def stopped(lang: Language) -> Card:
    """In place of a question that was taken back."""
    text = lang.say("✖️ Cancelled: no list was made.")
    return Card(text, ((button(lang.say("↩️ All lists"), Verb.LISTS, 1),),))


def changed(error: ListChangedError, lang: Language) -> Markup:
    """For a change of a list that somebody else has changed meanwhile."""
    return lang.say(
        "{who} has changed {name} meanwhile; nothing of yours was done. Look at it again, and "
        "repeat it if it still holds.",
        who=lang.name(error.of.changed_name),
        name=lang.name(error.of.name),
    )


def gone(error: ListGoneError, lang: Language) -> Markup:
    """For a list that was removed."""
    return lang.say(
        "{who} has removed {name}; nothing was done. /lists shows all lists.",
        who=lang.name(error.of.changed_name),
        name=lang.name(error.of.name),
    )


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong about a list or what was sent for one; None for any other problem."""
    match of.problem:
        case Problem.NO_LIST_NAMED if of.nearest:
            return lang.say(
                "No list is called {name}; nothing was done. Do you mean {nearest}?",
                name=lang.name(of.value),
                nearest=", ".join(lang.name(name) for name in of.nearest),
            )
        case Problem.NO_LIST_NAMED:
            return lang.say(
                "No list is called {name}; nothing was done. /lists shows all lists.",
                name=lang.name(of.value),
            )
        case Problem.LIST_NO_NUMBER:
            return lang.say(
                "There is no number in this; the lists are as before. Send numbers, contacts, or "
                "a file that holds them."
            )
        case Problem.LIST_NOTHING_CALLABLE:
            why = lang.say("None of this can be called; the lists are as before.")
            return uncallable.refused(why, of.uncallable, lang)
        case Problem.LIST_EMPTY:
            return lang.say(
                "{name} is empty; nothing was called. Add numbers to it first.",
                name=lang.name(of.value),
            )
        case Problem.LIST_TOO_LARGE:
            return lang.say(
                "{name} is too large; nothing was called. One batch may have {limit} numbers at "
                "most: make smaller lists.",
                name=lang.name(of.value),
                limit=lang.number(of.limit),
            )
        case Problem.LIST_FULL:
            return lang.say(
                "{name} would have more than {limit} numbers; nothing was changed. Make another "
                "list for the rest.",
                name=lang.name(of.value),
                limit=lang.number(of.limit),
            )
        case _:
            return None
