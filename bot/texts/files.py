"""Files with numbers: why one is refused, and where in it the numbers stood."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.sources.found import NumberFile
from bot.texts.language import Language

_MEGABYTE = 1_000_000


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong with a file or a contact card; None for any other problem."""
    return _size(of, lang) or _kind(of, lang) or _content(of, lang)


def _size(of: UsageError, lang: Language) -> Markup | None:
    match of.problem:
        case Problem.FILE_TOO_LARGE:
            return lang.say(
                "This file is larger than {limit} MB; nothing was taken from it. Send the numbers "
                "in several files, or without the other columns.",
                limit=lang.number(of.limit // _MEGABYTE),
            )
        case Problem.FILE_TOO_MUCH:
            return lang.say(
                "This file unpacks to more than I read; nothing was taken from it. Save the "
                "numbers alone as CSV, and send that."
            )
        case Problem.FILE_TOO_MANY_ROWS:
            return lang.say(
                "This file has more than {limit} rows; nothing was taken from it. Send it in "
                "several files.",
                limit=lang.number(of.limit),
            )
        case Problem.FILE_EMPTY:
            return lang.say("This file is empty, and nothing was taken from it. Send another one.")
        case _:
            return None


def _kind(of: UsageError, lang: Language) -> Markup | None:
    match of.problem:
        case Problem.FILE_ENCRYPTED:
            return lang.say(
                "This file has a password; nothing was taken from it. Save it without one, and "
                "send that."
            )
        case Problem.FILE_OTHER_SHEET:
            return lang.say(
                "I cannot read {value} sheets, and nothing was taken from this one. Save it "
                "as XLSX or CSV, and send that.",
                value=of.value,
            )
        case Problem.FILE_NOT_WHAT_IT_SAYS:
            return lang.say(
                "This file is called {value} and is something else; nothing was taken from it. "
                "Open it, save it as XLSX or CSV, and send that.",
                value=of.value,
            )
        case Problem.FILE_UNKNOWN:
            return lang.say(
                "I do not know this kind of file; nothing was taken from it. I read TXT, CSV, "
                "XLSX and contact cards (VCF)."
            )
        case Problem.FILE_DAMAGED:
            return lang.say(
                "This file is damaged; nothing was taken from it. Open it, save it anew, and send "
                "that."
            )
        case _:
            return None


def _content(of: UsageError, lang: Language) -> Markup | None:
    match of.problem:
        case Problem.FILE_NO_NUMBERS:
            return lang.say(
                "There is no number in this file, and nothing was taken from it. Send one with a "
                "number in each line or row."
            )
        case Problem.FILE_FAILED:
            return lang.say(
                "This file could not be read in the time that it may take; nothing was taken from "
                "it. Save the numbers alone as CSV, and send that."
            )
        case Problem.FILE_NOT_FETCHED:
            return lang.say(
                "Telegram did not give me this file; nothing was taken from it. Send it again."
            )
        case Problem.CONTACT_WITHOUT_NUMBER:
            return lang.say(
                "This contact card has no number, and nothing was taken from it. Send another "
                "one, or type the number."
            )
        case _:
            return None


def sources(of: Sequence[NumberFile], lang: Language) -> list[Markup]:
    """Where in each of the files the numbers stood, and what was left out, as far as one asks."""
    return [said for one in of for said in (_place(one, lang), _left_out(one, lang)) if said]


def _place(of: NumberFile, lang: Language) -> Markup | None:
    """The sheet and its columns; a file of one sheet has nothing that could be meant instead."""
    if of.sheet is None:
        return None
    return lang.count(
        "📄 Sheet {sheet}, column {columns}.",
        "📄 Sheet {sheet}, columns {columns}.",
        len(of.columns),
        sheet=lang.name(of.sheet),
        columns=", ".join(
            f"{one.key} ({lang.name(one.title)})" if one.title else one.key for one in of.columns
        ),
    )


def _left_out(of: NumberFile, lang: Language) -> Markup | None:
    if not of.left_out:
        return None
    return lang.count(
        "👤 One more number of these contacts is left out: one is taken of each.",
        "👤 {n} more numbers of these contacts are left out: one is taken of each.",
        of.left_out,
    )
