"""The calls to one number, or with an id: newest first, each with its batch."""

from markupsafe import Markup

from bot.calling.history import History, Sought
from bot.calling.views import CallLine
from bot.texts import calls, voices
from bot.texts.cards import Button, Card, Verb, button
from bot.texts.language import Language
from storage.models import UnmatchedId


def history(found: History, lang: Language, now: float) -> Card:
    """One page of what was found."""
    parts = [
        *_heading(found, lang),
        *(_line(line, lang, now) for line in found.lines),
        *(_unmatched(one, batch_id, lang) for batch_id, one in found.unmatched),
    ]
    pages = _pages(found)
    return Card(Markup("\n").join(parts), (pages,) if pages else ())


def offer(of: Sought, found: History | None, lang: Language, *, can_call: bool = False) -> Card:
    """For a number that was sent without a command: what is known of it, and how to call it."""
    number = calls.number(of.number or "#")
    known = lang.say("No call to {number} is recorded.", number=number)
    rows: list[tuple[Button, ...]] = []
    if found is not None:
        known = lang.count(
            "One call to {number} is recorded.",
            "{n} calls to {number} are recorded.",
            found.total,
            number=number,
        )
        rows.append((button(lang.say("🔎 History"), Verb.HISTORY, _token(found), 1),))
    if can_call:
        if not lang.masked:  # the button names the number
            rows.insert(0, (button(lang.say("📞 Call this number"), Verb.CALL_ONE, of.token),))
        hint = lang.say("Nothing was called.")
    else:
        hint = lang.say("Nothing was called, for this kind of number is not called from here.")
    return Card(Markup("\n").join([known, hint]), tuple(rows))


def _heading(found: History, lang: Language) -> list[Markup]:
    """The number with all its calls in figures; for an id, how many begin so if several do."""
    if found.of.number is not None and found.sums is not None:
        return [
            lang.count(
                "🔎 <b>{number}</b> · one call · {answered} answered · {talk} · {cost}",
                "🔎 <b>{number}</b> · {n} calls · {answered} answered · {talk} · {cost}",
                found.sums.calls,
                number=calls.number(found.of.number),
                answered=lang.number(found.sums.answered),
                talk=lang.span(found.sums.talk),
                cost=lang.money(found.sums.cost),
            )
        ]
    if found.pages == 1:
        return []
    return [
        lang.say(
            "🔎 {n} ids begin with <code>{prefix}</code>. More of its characters find one sooner.",
            n=lang.number(found.total),
            prefix=found.of.prefix,
        )
    ]


def _line(of: CallLine, lang: Language, now: float) -> Markup:
    """A call and the batch that it was part of; what is long comes last, on a phone's own line."""
    call, batch = of.call, of.batch
    sign, words = calls.outcome(lang, of)
    number = calls.who(lang, call)
    parts = [lang.say("{sign} {number} · {words}", sign=sign, number=number, words=words)]
    if call.bill_sec:
        parts.append(lang.span(call.bill_sec))
    if call.price:
        parts.append(lang.short_money(call.price))
    if call.gateway_id is not None:
        parts.append(lang.say("<code>{id}</code>", id=call.gateway_id))
    first = Markup(" · ").join(parts)
    if batch is None:
        return lang.say("{line}\n  #b{id}", line=first, id=call.batch_id)
    return lang.say(
        "{line}\n  #b{id} · {at} · {who} · {voice}",
        line=first,
        id=batch.id,
        at=lang.hour(batch.created_at, now),
        who=lang.name(batch.author_name),
        voice=voices.shown(batch, lang),
    )


def _unmatched(one: UnmatchedId, batch_id: int, lang: Language) -> Markup:
    return lang.say(
        "🔹 <code>{id}</code> · came with an answer to #b{batch}, for none of its numbers",
        id=one.gateway_id,
        batch=batch_id,
    )


def _token(found: History) -> str:
    """What was looked up; an app can read the data of a button, so no number is in it."""
    if found.of.number is not None:
        return Sought(call=found.lines[0].call.id).token
    return found.of.token


def _pages(found: History) -> tuple[Button, ...]:
    if found.pages == 1:
        return ()
    token = _token(found)
    back = found.page - 1 if found.page > 1 else found.pages
    on = found.page + 1 if found.page < found.pages else 1
    return (
        button("◀", Verb.HISTORY, token, back),
        button(f"{found.page}/{found.pages}", Verb.HISTORY, token, found.page),
        button("▶", Verb.HISTORY, token, on),
    )
