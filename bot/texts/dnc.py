"""The do-not-call list: its pages, one number's history, and what is said of a draft's numbers."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.calling.do_not_call import Added, ListedPage
from bot.calling.drafts import Content
from bot.calling.errors import UsageError
from bot.calling.history import Sought
from bot.calling.periods import Format
from bot.calling.problems import Problem
from bot.texts import calls, uncallable
from bot.texts.cards import Button, Card, Verb, button
from bot.texts.language import Language
from storage.models import DoNotCall, Waiting

Rows = tuple[tuple[Button, ...], ...]

NUMBERS, FILE, ASK = "numbers", "file", "x"  # tokens: what is asked for
ENTRY = "e"  # begins the token that names an entry, whose number no app need read
SHOWN = 3  # numbers that a draft's card names
EARLIER = 5  # earlier times on the list that are told


def menu(found: ListedPage, lang: Language, now: float) -> Card:
    """Who is on the list, newest first, and all that can be done with it."""
    if not found.total:
        text = lang.say(
            "⛔ <b>Do not call</b>\nNobody is on the list. Whoever is put here is called by no "
            "launch, whatever was planned before."
        )
        return Card(text, _deeds(lang, empty=True))
    head = lang.count(
        "⛔ <b>Do not call</b> · one number",
        "⛔ <b>Do not call</b> · {n} numbers",
        found.total,
    )
    text = Markup("\n").join([head, *(_entry(one, lang, now) for one in found.entries)])
    turn = tuple(
        button(sign, Verb.DNC, to)
        for sign, to in (("◀", found.page - 1), ("▶", found.page + 1))
        if 1 <= to <= found.pages
    )
    return Card(text, tuple(row for row in (turn, *_deeds(lang)) if row))


def _deeds(lang: Language, *, empty: bool = False) -> tuple[tuple[Button, ...], ...]:
    add = button(lang.say("➕ Add"), Verb.DNC_ADD, NUMBERS)
    take_in = button(lang.say("📥 Import"), Verb.DNC_ADD, FILE)
    if empty:
        return ((add, take_in),)
    return (
        (add, button(lang.say("🗑 Remove"), Verb.DNC_OFF, ASK)),
        (button(lang.say("🔎 Check"), Verb.DNC_SEE, ASK), take_in),
        (
            button(lang.say("📄 Export CSV"), Verb.DNC_FILE, Format.CSV),
            button(lang.say("📊 Export XLSX"), Verb.DNC_FILE, Format.XLSX),
        ),
    )


def _entry(of: DoNotCall, lang: Language, now: float) -> Markup:
    return lang.say(
        "{number} · {at} · {who}: {why}",
        number=calls.number(of.number),
        at=lang.hour(of.added_at, now),
        who=lang.name(of.added_name),
        why=lang.name(of.reason),
    )


def checked(number: str, history: Sequence[DoNotCall], lang: Language, now: float) -> Card:
    """Whether a number (E.164) is on the list, since when, by whom and why; and earlier times."""
    current = history[0] if history and history[0].removed_at is None else None
    off = [one for one in history if one.removed_at is not None]
    parts = [
        lang.say("✅ {number} is not on the do-not-call list.", number=calls.number(number))
        if current is None
        else listed(current, lang, now),
        *(_earlier(one, lang, now) for one in off[:EARLIER]),
    ]
    if len(off) > EARLIER:
        parts.append(lang.count("… and one time more", "… and {n} times more", len(off) - EARLIER))
    row = add_row(number, lang)
    if current is not None:
        row = (button(lang.say("🗑 Take it off"), Verb.DNC_OFF, f"{ENTRY}{current.id}"),)
    return Card(Markup("\n").join(parts), (row,) if row else ())


def listed(of: DoNotCall, lang: Language, now: float) -> Markup:
    """That a number must not be called."""
    return lang.say(
        "⛔ {number} is on the do-not-call list since {at}, by {who}: {why}",
        number=calls.number(of.number),
        at=lang.hour(of.added_at, now),
        who=lang.name(of.added_name),
        why=lang.name(of.reason),
    )


def _earlier(of: DoNotCall, lang: Language, now: float) -> Markup:
    return lang.say(
        "From {since}, by {by}: {why}. Taken off {until}, by {off}: {off_why}",
        since=lang.hour(of.added_at, now),
        by=lang.name(of.added_name),
        why=lang.name(of.reason),
        until=lang.hour(of.removed_at or of.added_at, now),
        off=lang.name(of.removed_name or "?"),
        off_why=lang.name(of.removed_reason or "?"),
    )


def add_row(number: str, lang: Language) -> tuple[Button, ...]:
    """*Do not call* for a number; an app can read a button's data, so no masked one has it."""
    if lang.masked:
        return ()
    return (button(lang.say("⛔ Do not call"), Verb.DNC_ADD, Sought(number=number).token),)


def added(of: Added, lang: Language, who: str) -> Markup:
    """After numbers were added: how many, why, and where they would have been called."""
    new, already = len(of.numbers), len(of.already)
    parts = []
    if new == 1:
        parts.append(
            lang.say(
                "⛔ {who} put {number} on the do-not-call list: {why}",
                who=lang.name(who),
                number=calls.number(of.numbers[0]),
                why=lang.name(of.reason),
            )
        )
    elif new:
        parts.append(
            lang.say(
                "⛔ {who} put {n} numbers on the do-not-call list: {why}",
                who=lang.name(who),
                n=lang.number(new),
                why=lang.name(of.reason),
            )
        )
    if already:
        parts.append(
            lang.count(
                "One was on it already, and stays as it is: {numbers}",
                "{n} were on it already, and stay as they are: {numbers}",
                already,
                numbers=_some(of.already, lang),
            )
        )
    parts += _waiting(of.waiting, lang)
    parts.append(lang.count("It has one number now.", "It has {n} numbers now.", of.total))
    return Markup("\n").join(parts)


def _waiting(of: Waiting, lang: Language) -> list[Markup]:
    """Where they are held, and that they are skipped there."""
    found = [
        lang.count(one, many, count)
        for count, one, many in (
            (of.batches, "one open batch", "{n} open batches"),
            (of.schedules, "one schedule", "{n} schedules"),
            (of.lists, "one list", "{n} lists"),
        )
        if count
    ]
    if not found:
        return []
    where = Markup(", ").join(found)
    return [lang.say("⏭ Skipped from now on in: {where}.", where=where)]


def removed(of: DoNotCall, lang: Language, who: str) -> Markup:
    """After a number was taken off."""
    return lang.say(
        "✅ {who} took {number} off the do-not-call list; it can be called again.",
        who=lang.name(who),
        number=calls.number(of.number),
    )


def beside(
    card: Card,
    number: str,
    history: Sequence[DoNotCall],
    lang: Language,
    now: float,
    *,
    may_add: bool,
) -> Card:
    """The card of a number (E.164) with whether it is on the list, or with *Do not call*."""
    current = history[0] if history and history[0].removed_at is None else None
    if current is not None:
        text = Markup("\n").join([card.text, listed(current, lang, now)])
        return replace(card, text=text, rows=_without_call(card.rows))
    row = add_row(number, lang) if may_add else ()
    return replace(card, rows=(*card.rows, row)) if row else card


def _without_call(rows: Rows) -> Rows:
    """The rows without *Call this number*."""
    calls_one = f"{Verb.CALL_ONE}:"
    kept = (tuple(one for one in row if not one.data.startswith(calls_one)) for row in rows)
    return tuple(row for row in kept if row)


def left_out(content: Content, lang: Language) -> Markup:
    """Whom a draft leaves out."""
    if not content.do_not_call:
        return Markup()
    return lang.say(
        "⛔ {n} do not call: {numbers}. Left out.",
        n=lang.number(len(content.do_not_call)),
        numbers=_some(content.do_not_call, lang),
    )


def planned(count: int, lang: Language) -> Markup:
    """Whom a planned batch has left out."""
    return lang.say("⛔ {n} do not call. Left out.", n=lang.number(count))


def _some(numbers: Sequence[str], lang: Language) -> Markup:
    shown = Markup(", ").join(
        lang.say("{number}", number=calls.number(number)) for number in numbers[:SHOWN]
    )
    if len(numbers) <= SHOWN:
        return shown
    return lang.say("{numbers} and {n} more", numbers=shown, n=lang.number(len(numbers) - SHOWN))


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong with what was sent about the list; None for any other problem."""
    match of.problem:
        case Problem.ALL_DO_NOT_CALL:
            return lang.count(
                "This number is on the do-not-call list, and nothing was called. /dnc tells why.",
                "All {n} numbers are on the do-not-call list, and nothing was called. /dnc tells "
                "why.",
                of.limit,
            )
        case Problem.YOU_DO_NOT_CALL:
            return lang.say(
                "Your own number is on the do-not-call list, and nothing was called. A manager "
                "can take it off with /dnc."
            )
        case Problem.DNC_NOTHING_CALLABLE:
            why = lang.say("None of this can be called anyway; the list is as before.")
            return uncallable.refused(why, of.uncallable, lang)
        case Problem.DNC_NOT_LISTED:
            return lang.say(
                "{number} is not on the do-not-call list; nothing was changed.",
                number=calls.number(of.value),
            )
        case Problem.DNC_LONG_REASON:
            return lang.say(
                "This reason has more than {limit} characters; nothing was changed. Send a "
                "shorter one.",
                limit=lang.number(of.limit),
            )
        case _:
            return _plain(of.problem, lang)


def _plain(of: Problem, lang: Language) -> Markup | None:
    """The problems that carry no facts."""
    match of:
        case Problem.DNC_NO_NUMBER:
            return lang.say(
                "There is no number in this; the list is as before. Send numbers, contacts, or a "
                "file that holds them."
            )
        case Problem.DNC_ONE_NUMBER:
            return lang.say(
                "This is not one whole number; nothing was changed. Send one, in any spelling."
            )
        case Problem.DNC_NO_REASON:
            return lang.say("A reason needs words; nothing was changed. Send a few.")
        case Problem.DNC_EMPTY:
            return lang.say("Nobody is on the do-not-call list, so there is nothing to export.")
        case Problem.DNC_BAD_FORMAT:
            return lang.say("Name one format: <code>csv</code> or <code>xlsx</code>.")
        case _:
            return None
