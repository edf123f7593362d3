"""What cannot be called, each with its line and the reason: on a card, and as a file."""

from markupsafe import Markup

from bot.calling.numbers import Reason, Uncallable
from bot.texts.cards import plain
from bot.texts.language import Language

LISTED = 20  # entries that cannot be called, listed on the card; the rest is counted


def refused(why: Markup, entries: tuple[Uncallable, ...], lang: Language) -> Markup:
    """That nothing was done, what cannot be called, and what to do next."""
    again = lang.say("Correct the numbers and send them again.")
    return Markup("\n").join([why, *listed(entries, lang), again])


def listed(entries: tuple[Uncallable, ...], lang: Language, further: int = 0) -> list[Markup]:
    """What cannot be called, each with its line and the reason.

    Args:
        entries: what is known of it, from its beginning.
        lang: the reader's language.
        further: how many more there were.
    """
    if not entries:
        return []
    count = len(entries) + further
    lines = [
        lang.count("⛔ One entry cannot be called:", "⛔ {n} entries cannot be called:", count)
    ]
    lines.extend(
        lang.say(
            "  line {line}: <code>{text}</code> – {why}",
            line=lang.number(entry.line),
            text=entry.text,
            why=reason(entry.reason, lang),
        )
        for entry in entries[:LISTED]
    )
    if count > LISTED:
        lines.append(
            lang.count(
                "  and one more, see the file",
                "  and {n} more, see the file",
                count - LISTED,
            )
        )
    return lines


def file(entries: tuple[Uncallable, ...], lang: Language) -> bytes:
    """All that cannot be called, one a line, for a list that is too long for a message."""
    lines = [
        lang.say(
            "line {line}: {text} – {why}",
            line=lang.number(entry.line),
            text=entry.text,
            why=reason(entry.reason, lang),
        )
        for entry in entries
    ]
    return plain(Markup("\n").join(lines)).encode()


def caption(entries: tuple[Uncallable, ...], lang: Language) -> Markup:
    """Below that file."""
    return lang.count(
        "⛔ One entry cannot be called.", "⛔ {n} entries cannot be called.", len(entries)
    )


def reason(why: Reason, lang: Language) -> Markup:
    """Why something cannot be called."""
    return {
        Reason.UNREADABLE: lang.say("cannot be read"),
        Reason.WRONG_LENGTH: lang.say("wrong length"),
        Reason.FOREIGN: lang.say("a number of another country"),
        Reason.KIND: lang.say("this kind of number may not be called"),
        Reason.SHORT: lang.say("an emergency or short number"),
        Reason.LETTERS: lang.say("letters"),
        Reason.EXTENSION: lang.say("has an extension"),
        Reason.AMBIGUOUS: lang.say("can be read in two ways"),
        Reason.NO_NUMBER: lang.say("has no number"),
        Reason.FORMULA: lang.say("a formula without a value"),
        Reason.HIDDEN: lang.say("in a hidden row"),
    }[why]
