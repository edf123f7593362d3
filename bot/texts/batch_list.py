"""All batches, page by page, and the pick lists that narrow them."""

from datetime import date

from markupsafe import Markup

from bot.calling.archive import BatchPage, Choices, Filter
from bot.calling.days import Days
from bot.texts import voices
from bot.texts.cards import Button, Card, Verb, button
from bot.texts.language import Language
from storage.models import Batch, BatchState, Course, Played, StopReason

LABEL = 24  # characters of a voice or a name on a button
ANY = "x"  # in a token: not narrowed by this
PERSON, VOICE, DAY = "p", "v", "d"
TODAY, YESTERDAY, WEEK = "today", "yesterday", "7d"


def token_of(which: Filter) -> tuple[str, str, str]:
    """A filter for callback data: person, voice (by a batch that used it), days."""
    return (
        ANY if which.author_id is None else str(which.author_id),
        ANY if which.voice_of is None else str(which.voice_of),
        ANY if which.days is None else which.days.token,
    )


def batches(found: BatchPage, lang: Language, now: float) -> Card:
    """One page of batches, newest first, and the buttons that narrow it."""
    parts = [*_narrowed(found, lang)]
    if found.batches:
        parts.extend(_line(batch, found, lang, now) for batch in found.batches)
    elif parts or found.page > 1:
        parts.append(lang.say("No more batches."))
    else:
        return Card(lang.say("Nothing has been launched yet."))
    rows = (_pages(found, lang), _filters(found.filter, lang), *_days(found.filter, lang))
    return Card(Markup("\n").join(parts), tuple(row for row in rows if row))


def choices(found: Choices, what: str, lang: Language) -> Card:
    """A pick list: whose batches, those of which voice, or those of which day."""
    head = {
        PERSON: lang.say("Whose batches?"),
        VOICE: lang.say("Batches with which voice?"),
        DAY: lang.say("Batches of which day?"),
    }[what]
    a_row = 3 if what == DAY else 1
    offered = [
        button(_shown(label, lang), Verb.LIST, 1, *token_of(which))
        for label, which in found.offered
    ]
    rows = [tuple(offered[start : start + a_row]) for start in range(0, len(offered), a_row)]
    around = (
        *((found.page - 1, "◀"),) * (found.page > 1),
        *((found.page + 1, "▶"),) * found.more,
    )
    turn = tuple(
        button(sign, Verb.NARROW, what, page, *token_of(found.filter)) for page, sign in around
    )
    back = (button(lang.say("↩️ Back"), Verb.LIST, 1, *token_of(found.filter)),)
    return Card(head, tuple(row for row in (*rows, turn, back) if row))


def _shown(label: str | date | Played, lang: Language) -> str:
    if isinstance(label, date):
        return lang.day(label)
    return voices.label(label, LABEL) if isinstance(label, Played) else voices.cut(label, LABEL)


def _narrowed(found: BatchPage, lang: Language) -> list[Markup]:
    """By what the list is narrowed, in words."""
    parts = []
    if found.filter.author_id is not None:
        parts.append(
            lang.say("by {who}", who=lang.name(found.author_name or f"u{found.filter.author_id}"))
        )
    if found.played is not None:
        parts.append(lang.say("voice {voice}", voice=voices.shown(found.played, lang)))
    if found.filter.days is not None:
        parts.append(span(found.filter.days, lang))
    return [lang.say("🔎 {what}", what=Markup(" · ").join(parts))] if parts else []


def span(days: Days, lang: Language) -> Markup:
    """Some days in words."""
    if days.first == days.last:
        return lang.say("{day}", day=lang.day(days.first))
    return lang.say("{first} – {last}", first=lang.day(days.first), last=lang.day(days.last))


def _line(batch: Batch, found: BatchPage, lang: Language, now: float) -> Markup:
    state = _state(batch, found.courses.get(batch.id, Course()), lang)
    return lang.count(
        "{what} · {at} · {who} · one number · {state}",
        "{what} · {at} · {who} · {n} numbers · {state}",
        batch.numbers,
        what=_what(batch, lang),
        at=lang.hour(batch.created_at, now),
        who=lang.name(batch.author_name),
        state=state,
    )


def _state(batch: Batch, course: Course, lang: Language) -> Markup:
    """How a batch went, as far as it has gone: the list is where people look for that first."""
    state, answered = batch.state, lang.say("✅ {n} answered", n=lang.number(course.answered))
    if course.open and state in (BatchState.FINISHED, BatchState.STOPPED):
        waiting = lang.say("⏳ {n} open", n=lang.number(course.open))
        return lang.say("{waiting} · {answered}", waiting=waiting, answered=answered)
    match state:
        case BatchState.RUNNING:
            return lang.say("📤 sending")
        case BatchState.HELD:
            return lang.say("⏸ held")
        case BatchState.FINISHED:
            return answered
        case BatchState.STOPPED if batch.stop_reason is StopReason.UNDONE:
            return lang.say("↩️ undone")
        case BatchState.STOPPED:
            return lang.say("⏹ stopped · {answered}", answered=answered)


def _what(batch: Batch, lang: Language) -> Markup:
    """The batch, and what it plays if that can be said in words: an id says nothing in a list."""
    if batch.voice_name is None and batch.spoken is None:
        return lang.say("#b{id}", id=batch.id)
    return lang.say("#b{id} · {voice}", id=batch.id, voice=voices.shown(batch, lang))


def _pages(found: BatchPage, lang: Language) -> tuple[Button, ...]:
    token = token_of(found.filter)
    row = []
    if found.page > 1:
        row.append(button("◀", Verb.LIST, found.page - 1, *token))
    if found.page > 1 or found.more:
        row.append(button(lang.say("🔄 {n}", n=found.page), Verb.LIST, found.page, *token))
    if found.more:
        row.append(button("▶", Verb.LIST, found.page + 1, *token))
    return tuple(row)


def _filters(which: Filter, lang: Language) -> tuple[Button, ...]:
    token = token_of(which)
    row = [
        button(lang.say("👤 Person"), Verb.NARROW, PERSON, 1, *token),
        button(lang.say("🔊 Voice"), Verb.NARROW, VOICE, 1, *token),
    ]
    if which != Filter():
        row.append(button(lang.say("✖️ All"), Verb.LIST, 1, *token_of(Filter())))
    return tuple(row)


def _days(which: Filter, lang: Language) -> tuple[tuple[Button, ...], ...]:
    """*Today* is the day on which it is pressed. A phone's row has no room for all four."""
    person, voice, _ = token_of(which)
    today, yesterday, week = (
        button(label, Verb.LIST, 1, person, voice, days)
        for label, days in (
            (lang.say("Today"), TODAY),
            (lang.say("Yesterday"), YESTERDAY),
            (lang.say("7 days"), WEEK),
        )
    )
    a_day = button(lang.say("📅 A day…"), Verb.NARROW, DAY, 1, *token_of(which))
    return ((today, yesterday), (week, a_day))
