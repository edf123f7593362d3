"""A batch and its follow-ups: what became of all, who can be redialled, what a draft says."""

from collections.abc import Collection

from markupsafe import Markup

from bot.calling.chains import Chain
from bot.calling.drafts import Ask, Content
from bot.calling.redial import REDIALLED, Redial
from bot.texts import calls
from bot.texts.cards import Button, Card, Verb, button
from bot.texts.language import Language
from storage.models import CallStatus
from storage.outcomes import CallOutcome

A_ROW = 2  # ways of not being reached in one row of buttons


def merged(chain: Chain | None, lang: Language) -> Markup:
    """What became of all numbers of a batch and its follow-ups; nothing if it has none."""
    if chain is None:
        return Markup()
    others = [
        lang.say("{n} {word}", n=lang.number(count), word=calls.outcome_word(lang, outcome))
        for outcome, count in chain.outcomes.items()
        if outcome != CallOutcome(CallStatus.NORMAL)
    ]
    answered = lang.say(
        "🔗 All of #b{id} with its follow-ups: ✅ {n} of {all} answered",
        id=chain.first,
        n=lang.number(chain.answered),
        all=lang.number(chain.numbers),
    )
    return Markup(" · ").join([answered, *others])


def redial_row(batch_id: int, count: int, lang: Language) -> tuple[Button, ...]:
    """The button below an end message, where anybody can be redialled."""
    if not count:
        return ()
    return (button(_not_reached(count, lang), Verb.REDIAL, batch_id),)


def _not_reached(count: int, lang: Language) -> Markup:
    return lang.count("🔁 Redial one not reached", "🔁 Redial {n} not reached", count)


def choice(redial: Redial, chosen: Collection[CallStatus], lang: Language) -> Card:
    """Which of those who were not reached are called again; each way is a switch."""
    count = len(redial.chosen(chosen))
    parts = [
        lang.count(
            "🔁 <b>#b{id}</b>: one number was not reached. Redial it?",
            "🔁 <b>#b{id}</b>: {n} numbers were not reached. Whom do you redial?",
            len(redial.numbers),
            id=redial.batch.id,
        ),
        *_left_out(redial, lang),
    ]
    if not count:
        parts.append(lang.say("Choose at least one way."))
    switches = [
        _switch(redial, status, chosen, lang) for status in REDIALLED if status in redial.counts
    ]
    rows = [tuple(switches[start : start + A_ROW]) for start in range(0, len(switches), A_ROW)]
    if count:
        label = lang.say("🔁 Redial {n}", n=lang.number(count))
        token = (redial.batch.id, mask(chosen))
        rows.append((button(label, Verb.REDIAL_DRAFT, *token),))
    return Card(Markup("\n").join(parts), tuple(rows))


def _switch(
    redial: Redial, status: CallStatus, chosen: Collection[CallStatus], lang: Language
) -> Button:
    label = lang.say(
        "{mark} {sign} {n} {word}",
        mark="☑️" if status in chosen else "◻️",
        sign=calls.icon(status),
        n=lang.number(redial.counts[status]),
        word=calls.status_word(lang, status),
    )
    return button(label, Verb.REDIAL_BY, redial.batch.id, mask({*chosen} ^ {status}))


def mask(chosen: Collection[CallStatus]) -> int:
    """Some ways of not being reached as a number, for a button."""
    return sum(1 << place for place, status in enumerate(REDIALLED) if status in chosen)


def unmask(number: int) -> frozenset[CallStatus]:
    """The ways that a number from a button stands for; bits that mean nothing are left out."""
    return frozenset(status for place, status in enumerate(REDIALLED) if number & (1 << place))


def _left_out(redial: Redial, lang: Language) -> list[Markup]:
    """Who was not reached here, either, and is not offered: nobody should wonder."""
    said = []
    if redial.answered:
        said.append(
            lang.count(
                "✅ One more was answered in a follow-up.",
                "✅ {n} more were answered in a follow-up.",
                redial.answered,
            )
        )
    said.extend(
        lang.count(
            "⏳ One more is being called in #b{id}, may have rung there, or can be tried again "
            "there.",
            "⏳ {n} more are being called in #b{id}, may have rung there, or can be tried again "
            "there.",
            count,
            id=batch_id,
        )
        for batch_id, count in sorted(redial.elsewhere.items())
    )
    return said


def why(ask: Ask, content: Content, lang: Language) -> Markup:
    """On the card of a draft: which batch it repeats, who of it is meant, who may still ring."""
    if ask is Ask.REDIAL:
        meant = lang.say("🔁 Those who were not reached in #b{id}.", id=content.repeats)
        if not content.left_out:
            return meant
        rest = lang.count(
            "One more is left out: answered in a follow-up, or left to it.",
            "{n} more are left out: answered in a follow-up, or left to it.",
            content.left_out,
        )
        return Markup(" ").join([meant, rest])
    same = lang.say("🔁 The same as #b{id}.", id=content.repeats)
    if not content.may_ring:
        return same
    ring = lang.count(
        "⏳ One of these may still ring for #b{id}, or is not sent yet.",
        "⏳ {n} of these may still ring for #b{id}, or are not sent yet.",
        content.may_ring,
        id=content.repeats,
    )
    return Markup("\n").join([same, ring])


def fell_out(count: int, lang: Language) -> Markup:
    """Who could not be redialled any more when the draft was confirmed."""
    return lang.count(
        "One number fell out: it was answered meanwhile, or is being called again already.",
        "{n} numbers fell out: they were answered meanwhile, or are being called again already.",
        count,
    )
