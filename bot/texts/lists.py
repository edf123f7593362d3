"""Lists: their menu, the card of each, its numbers page by page, and what is asked once more.

Which button may be pressed is for the handlers to say; all of them name the list and its version.
"""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.lists import ListPage, Look
from bot.texts import calls
from bot.texts.cards import Button, Card, Verb, button, plain
from bot.texts.language import Language
from bot.texts.rows import paired
from storage.models import ListNumber, NumberList

NEW = "x"  # the token of *New list*, which is about none that is there
FIRST = 5  # numbers shown on a list's card
LABEL = 28  # characters of a list's name beside its count; a long one has a row for itself
NUMBER_LABEL = 20  # characters of a name beside its number on a button
WHOLE = 0  # the page that stands for the list's card, in the token of *Undo*


def menu(found: ListPage, lang: Language) -> Card:
    """All lists, last used first, two a row, each with its count."""
    new = (button(lang.say("➕ New list"), Verb.LIST_NEW, NEW),)
    if not found.lists and found.page == 1:
        return Card(
            lang.say(
                "📇 <b>Lists</b>\nNone is saved yet. A list is a set of numbers under a name: "
                "make it once, and call it with two taps."
            ),
            (new,),
        )
    rows = _two_a_row([(one, Verb.LIST_CARD, (one.id,)) for one in found.lists], lang)
    turn = _turn(found.page, more=found.more, verb=Verb.LISTS)
    text = lang.say("📇 <b>Lists</b>\nThose used last come first.")
    return Card(text, tuple(row for row in (*rows, turn, new) if row))


def card(look: Look, most: int, lang: Language, now: float, said: Sequence[Markup] = ()) -> Card:
    """One list and all that can be done with it.

    Args:
        look: its first page.
        most: numbers in one batch; a larger list launches nothing.
        lang: the reader's language.
        now: UTC seconds.
        said: what has just happened, above all else.
    """
    of = look.list
    parts = [
        *said,
        lang.count(
            "📇 <b>{name}</b> · one number",
            "📇 <b>{name}</b> · {n} numbers",
            of.numbers,
            name=lang.name(of.name),
        ),
        _changed(of, lang, now),
        *(_line(one, lang) for one in look.numbers[:FIRST]),
    ]
    if of.numbers > FIRST:
        parts.append(lang.count("… and one more", "… and {n} more", of.numbers - FIRST))
    if not of.numbers:
        parts.append(
            lang.say("⚠️ It is empty: <i>Add</i> takes numbers; until then it calls nobody.")
        )
    if of.numbers > most:
        parts.append(
            lang.say(
                "⚠️ It is too large to be called: one batch may have {limit} numbers at most. Take "
                "some off, or make smaller lists.",
                limit=lang.number(most),
            )
        )
    return Card(Markup("\n").join(parts), _deeds(of, most, lang))


def _deeds(of: NumberList, most: int, lang: Language) -> tuple[tuple[Button, ...], ...]:
    token = (of.id, of.version)
    call: tuple[Button, ...] = ()
    if 0 < of.numbers <= most:
        call = (button(lang.say("📞 Call this list"), Verb.LIST_CALL, of.id),)
    see: tuple[Button, ...] = (button(lang.say("➕ Add"), Verb.LIST_ADD, *token),)
    last: tuple[Button, ...] = (button(lang.say("🗑 Remove"), Verb.LIST_REMOVE, *token),)
    if of.numbers:
        see = (*see, button(lang.say("🔎 See / remove"), Verb.LIST_SEE, of.id, 1))
        last = (button(lang.say("📄 Download"), Verb.LIST_FILE, of.id), *last)
    change: tuple[Button, ...] = (button(lang.say("✏️ Rename"), Verb.LIST_RENAME, *token),)
    if of.numbers:
        change = (*change, button(lang.say("🔀 Merge into…"), Verb.LIST_MERGE, *token, 1))
    back = (button(lang.say("↩️ All lists"), Verb.LISTS, 1),)
    return tuple(row for row in (call, see, change, last, back) if row)


def _changed(of: NumberList, lang: Language, now: float) -> Markup:
    if of.version == 1:
        return lang.say(
            "Made by {who}, {at}", who=lang.name(of.made_name), at=lang.hour(of.made_at, now)
        )
    return lang.say(
        "Changed by {who}, {at}",
        who=lang.name(of.changed_name),
        at=lang.hour(of.changed_at, now),
    )


def _line(one: ListNumber, lang: Language) -> Markup:
    if one.name is None:
        return lang.say("{number}", number=calls.number(one.number))
    return lang.say("{number} · {name}", number=calls.number(one.number), name=lang.name(one.name))


def see(look: Look, lang: Language) -> Card:
    """Ten numbers as buttons that take them off, and *Undo* of the last one."""
    of = look.list
    text = lang.count(
        "🔎 <b>{name}</b> · one number, page {page} of {pages}\nA tap takes a number off.",
        "🔎 <b>{name}</b> · {n} numbers, page {page} of {pages}\nA tap takes a number off.",
        of.numbers,
        name=lang.name(of.name),
        page=lang.number(look.page),
        pages=lang.number(look.pages),
    )
    if not of.numbers:
        text = lang.say("🔎 <b>{name}</b> is empty.", name=lang.name(of.name))
    rows = [
        (button(_off(one, lang), Verb.LIST_OFF, of.id, of.version, one.position, look.page),)
        for one in look.numbers
    ]
    turn = tuple(
        button(sign, Verb.LIST_SEE, of.id, page)
        for sign, page in (("◀", look.page - 1), ("▶", look.page + 1))
        if 1 <= page <= look.pages
    )
    undo = tuple(
        button(
            lang.say("↩️ Undo: {number}", number=calls.number(one.number)),
            Verb.LIST_UNDO,
            of.id,
            of.version,
            look.page,
        )
        for one in look.taken_off[:1]
    )
    back = (button(lang.say("📇 Back to the list"), Verb.LIST_CARD, of.id),)
    return Card(text, tuple(row for row in (*rows, turn, undo, back) if row))


def _off(one: ListNumber, lang: Language) -> str:
    if one.name is None:
        return str(lang.say("✖️ {number}", number=calls.number(one.number)))
    name = one.name if len(one.name) <= NUMBER_LABEL else one.name[: NUMBER_LABEL - 1] + "…"
    number = calls.number(one.number)
    return plain(lang.say("✖️ {number} · {name}", number=number, name=lang.name(name)))


def merge_into(source: NumberList, found: ListPage, lang: Language) -> Card:
    """Which list takes the numbers of this one; `found` may hold it, too."""
    text = lang.count(
        "🔀 Which list does the one number of <b>{name}</b> go into?",
        "🔀 Which list do the {n} numbers of <b>{name}</b> go into?",
        source.numbers,
        name=lang.name(source.name),
    )
    if not source.numbers:
        return _nothing_to_merge(source, lang)
    others = [one for one in found.lists if one.id != source.id]
    if not others and found.page == 1 and not found.more:
        text = lang.say("🔀 There is no other list to merge <b>{name}</b> into.", name=source.name)
    token = (source.id, source.version)
    rows = _two_a_row(
        [(one, Verb.LIST_INTO, (*token, one.id, one.version)) for one in others], lang
    )
    turn = _turn(found.page, more=found.more, verb=Verb.LIST_MERGE, token=token)
    back = (button(lang.say("📇 Back to the list"), Verb.LIST_CARD, source.id),)
    return Card(text, tuple(row for row in (*rows, turn, back) if row))


def merge_sure(source: NumberList, target: NumberList, lang: Language) -> Card:
    """Asks once more: the first list will be gone."""
    if not source.numbers:
        return _nothing_to_merge(source, lang)
    text = lang.count(
        "🔀 Put the one number of <b>{source}</b> into <b>{target}</b> ({has}), and remove "
        "<b>{source}</b>?",
        "🔀 Put the {n} numbers of <b>{source}</b> into <b>{target}</b> ({has}), and remove "
        "<b>{source}</b>?",
        source.numbers,
        source=lang.name(source.name),
        target=lang.name(target.name),
        has=lang.number(target.numbers),
    )
    token = (source.id, source.version, target.id, target.version)
    return Card(
        text,
        (
            (button(lang.say("🔀 Merge"), Verb.LIST_JOIN, *token),),
            (button(lang.say("↩️ Keep both"), Verb.LIST_CARD, source.id),),
        ),
    )


def _nothing_to_merge(source: NumberList, lang: Language) -> Card:
    return Card(
        lang.say(
            "🔀 <b>{name}</b> is empty: there is nothing to merge.", name=lang.name(source.name)
        ),
        ((button(lang.say("📇 Back to the list"), Verb.LIST_CARD, source.id),),),
    )


def remove_sure(of: NumberList, lang: Language) -> Card:
    """Asks once more before a list is removed."""
    text = lang.count(
        "🗑 Remove <b>{name}</b> with its one number? Launches and schedules that use it will say "
        "that it is gone.",
        "🗑 Remove <b>{name}</b> with its {n} numbers? Launches and schedules that use it will say "
        "that it is gone.",
        of.numbers,
        name=lang.name(of.name),
    )
    return Card(
        text,
        (
            (button(lang.say("🗑 Remove it"), Verb.LIST_SURE, of.id, of.version),),
            (button(lang.say("↩️ Keep it"), Verb.LIST_CARD, of.id),),
        ),
    )


def removed(of: NumberList, lang: Language) -> Card:
    """In place of a list that is gone."""
    text = lang.count(
        "🗑 {who} removed <b>{name}</b> with its one number.",
        "🗑 {who} removed <b>{name}</b> with its {n} numbers.",
        of.numbers,
        who=lang.name(of.changed_name),
        name=lang.name(of.name),
    )
    return Card(text, ((button(lang.say("↩️ All lists"), Verb.LISTS, 1),),))


def _two_a_row(
    lists: Sequence[tuple[NumberList, Verb, tuple[int, ...]]], lang: Language
) -> list[tuple[Button, ...]]:
    """Lists as buttons, two a row where both names are short."""
    return paired(
        [(one.name, button(_labelled(one, lang), verb, *token)) for one, verb, token in lists]
    )


def _labelled(of: NumberList, lang: Language) -> str:
    name = lang.free(of.name)
    name = name if len(name) <= LABEL else name[: LABEL - 1] + "…"
    return plain(lang.say("{name} · {n}", name=lang.name(name), n=lang.number(of.numbers)))


def _turn(page: int, *, more: bool, verb: Verb, token: tuple[int, ...] = ()) -> tuple[Button, ...]:
    around = (*((page - 1, "◀"),) * (page > 1), *((page + 1, "▶"),) * more)
    return tuple(button(sign, verb, *token, to) for to, sign in around)
