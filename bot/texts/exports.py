"""What is said while a file of calls is made, and below it."""

from markupsafe import Markup

from bot.calling.days import Days
from bot.texts.batch_list import span
from bot.texts.language import Language


def making(done: int, whole: int, lang: Language) -> Markup:
    """While it is made: how far it is."""
    return lang.count(
        "🗂 Making the file… {done} of one call",
        "🗂 Making the file… {done} of {n} calls",
        whole,
        done=lang.number(done),
    )


def sending(part: int, parts: int, lang: Language) -> Markup:
    """While it is uploaded."""
    if parts == 1:
        return lang.say("🗂 Sending the file…")
    return lang.say("🗂 Sending file {part} of {parts}…", part=part, parts=parts)


def made(calls: int, parts: int, days: Days, lang: Language) -> Markup:
    """When all of it is in the chat."""
    what = lang.count("one call", "{n} calls", calls)
    if parts == 1:
        return lang.say("🗂 {days}: {what}.", days=span(days, lang), what=what)
    return lang.say(
        "🗂 {days}: {what} in {parts} files.", days=span(days, lang), what=what, parts=parts
    )


def not_made(lang: Language) -> Markup:
    """When it could not be made or sent; the log says why."""
    return lang.say(
        "The file could not be made, and it has been logged why. Try it again, or with fewer days."
    )


def days_caption(days: Days, calls: int, part: int, parts: int, lang: Language) -> Markup:
    """Below one file of an export."""
    what = lang.count("one call", "{n} calls", calls)
    if parts == 1:
        said = lang.say("{days}: {what}", days=span(days, lang), what=what)
    else:
        said = lang.say(
            "{days}: {what}, part {part} of {parts}",
            days=span(days, lang),
            what=what,
            part=part,
            parts=parts,
        )
    return with_whole(said, "/export", lang)


def batch_caption(batch_id: int, calls: int, part: int, parts: int, lang: Language) -> Markup:
    """Below the file that holds all calls of a batch."""
    what = lang.count("one call", "{n} calls", calls)
    if parts == 1:
        said = lang.say("#b{id}: {what}", id=batch_id, what=what)
    else:
        said = lang.say(
            "#b{id}: {what}, part {part} of {parts}",
            id=batch_id,
            what=what,
            part=part,
            parts=parts,
        )
    return with_whole(said, f"/status b{batch_id}", lang)


def with_whole(said: Markup, command: str, lang: Language) -> Markup:
    """A caption, and below it where the file is to be had whole, if its numbers are masked."""
    if not lang.masked:
        return said
    private = lang.say(
        "Its numbers are masked here. In our private chat, <code>{command}</code> brings it with "
        "whole numbers.",
        command=command,
    )
    return Markup("\n").join([said, private])
