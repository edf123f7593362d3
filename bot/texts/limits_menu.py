"""`/limits`: the card of all limits, the values of one, and the question for another value."""

from markupsafe import Markup

from bot.calling.limit_settings import NEVER_OFF, LimitsView
from bot.calling.limits import OF_MONEY, TOMAN, Limit
from bot.texts.cards import Button, Card, Question, Verb, button
from bot.texts.language import Language
from bot.texts.limits import amount, name
from bot.texts.rows import paired

PEOPLE = 15  # members whose use is named; a card is read on a phone
CHOICES: dict[Limit, tuple[int, ...]] = {
    Limit.BATCH_NUMBERS: (50, 100, 200, 500),
    Limit.MEMBER_DAY: (100, 200, 500, 1000),
    Limit.TEAM_DAY: (500, 1000, 2000, 5000),
    Limit.COST_DAY: tuple(n * TOMAN for n in (50_000, 100_000, 500_000, 1_000_000)),
    Limit.NUMBER_DAY: (1, 2, 3, 5),
    Limit.APPROVE_NUMBERS: (50, 100, 200, 500),
    Limit.APPROVE_COST: tuple(n * TOMAN for n in (10_000, 50_000, 100_000, 500_000)),
    Limit.APPROVE_WINDOW: (1,),
    Limit.FIRST_WAVE: (20, 50, 100),
    Limit.FIRST_WAIT: (60, 180, 300),
    Limit.FIRST_SHARE: (10, 20, 30, 50),
}
"""What a tap sets, in the unit of the limit; 0 is offered with each, anything else is typed."""


def card(view: LimitsView, lang: Language, *, sets: bool, said: Markup | None = None) -> Card:
    """Every limit and its use today; who `sets` them has a button for each."""
    parts = [
        said or Markup(),
        lang.say("🚦 <b>Limits</b>, and what of them is used today"),
        *_of_the_day(view, lang),
        _batch(view, lang),
        lang.say("<b>A second person approves</b>"),
        *(
            _line(limit, view, lang)
            for limit in (Limit.APPROVE_NUMBERS, Limit.APPROVE_COST, Limit.APPROVE_WINDOW)
        ),
        lang.say("<b>The first wave of a batch of more than 200</b>"),
        *(
            _line(limit, view, lang)
            for limit in (Limit.FIRST_WAVE, Limit.FIRST_WAIT, Limit.FIRST_SHARE)
        ),
        *_people(view, lang),
    ]
    text = Markup("\n").join(part for part in parts if part)
    return Card(text, _rows(lang) if sets else ())


def _rows(lang: Language) -> tuple[tuple[Button, ...], ...]:
    named = [(str(name(limit, lang)), limit) for limit in Limit]
    return tuple(paired([(label, button(label, Verb.LIMIT, of)) for label, of in named]))


def _of_the_day(view: LimitsView, lang: Language) -> list[Markup]:
    most = view.values
    found = [
        _used(Limit.TEAM_DAY, lang.number(view.team), most[Limit.TEAM_DAY], lang),
        lang.say(
            "{line} · you: {used} used",
            line=_line(Limit.MEMBER_DAY, view, lang),
            used=lang.number(view.own),
        ),
    ]
    if view.cost is None:
        found.append(_line(Limit.COST_DAY, view, lang))
    elif not view.priced:
        found.append(
            lang.say(
                "{name}: {most}; what is used is unknown until the first prices have come, and "
                "counts as nothing",
                name=name(Limit.COST_DAY, lang),
                most=amount(Limit.COST_DAY, most[Limit.COST_DAY], lang),
            )
        )
    else:
        used = str(lang.money(view.cost))
        found.append(_used(Limit.COST_DAY, used, most[Limit.COST_DAY], lang))
    if most[Limit.NUMBER_DAY]:
        found.append(_often(view, lang))
    else:
        found.append(_line(Limit.NUMBER_DAY, view, lang))
    return found


def _often(view: LimitsView, lang: Language) -> Markup:
    line = _line(Limit.NUMBER_DAY, view, lang)
    if not view.most_called:
        return line
    return lang.say(
        "{line} · the one called most: {times}",
        line=line,
        times=amount(Limit.NUMBER_DAY, view.most_called, lang),
    )


def _used(limit: Limit, used: str, most: int, lang: Language) -> Markup:
    if not most:
        return lang.say("{name}: no limit · {used} used", name=name(limit, lang), used=used)
    return lang.say(
        "{name}: {most} · {used} used",
        name=name(limit, lang),
        most=amount(limit, most, lang),
        used=used,
    )


def _line(limit: Limit, view: LimitsView, lang: Language) -> Markup:
    return lang.say(
        "{name}: {most}", name=name(limit, lang), most=amount(limit, view.values[limit], lang)
    )


def _batch(view: LimitsView, lang: Language) -> Markup:
    """What one batch may have: the settings are the upper bound."""
    most = view.values[Limit.BATCH_NUMBERS]
    if not most or most >= view.max_numbers:
        return lang.say(
            "{name}: {n}, by the settings",
            name=name(Limit.BATCH_NUMBERS, lang),
            n=lang.number(view.max_numbers),
        )
    return _line(Limit.BATCH_NUMBERS, view, lang)


def _people(view: LimitsView, lang: Language) -> list[Markup]:
    if not view.people:
        return []
    lines = [
        lang.say("{who} {n}", who=lang.name(one.name), n=lang.number(one.numbers))
        for one in view.people[:PEOPLE]
    ]
    more = len(view.people) - PEOPLE
    if more > 0:
        lines.append(lang.count("one more member", "{n} more members", more))
    return [lang.say("<b>Numbers of today</b>"), Markup(" · ").join(lines)]


def choices(limit: Limit, view: LimitsView, lang: Language) -> Card:
    """The values of one limit: by a tap, or typed; each button names what it is now."""
    now = view.values[limit]
    text = lang.say(
        "{name}\nNow: <b>{most}</b>", name=name(limit, lang), most=amount(limit, now, lang)
    )
    offered = [
        button(amount(limit, value, lang), Verb.LIMIT_SET, limit, now, value)
        for value in (*CHOICES[limit], *(() if limit is Limit.FIRST_WAIT else (0,)))
        if value != now and not (limit is Limit.BATCH_NUMBERS and value > view.max_numbers)
    ]
    rows = [tuple(offered[at : at + 2]) for at in range(0, len(offered), 2)]
    back = button(lang.say("↩️ All limits"), Verb.LIMITS, "all")
    if limit is Limit.APPROVE_WINDOW:
        return Card(text, (*rows, (back,)))
    other = button(lang.say("⌨️ Another value"), Verb.LIMIT_TYPE, limit)
    return Card(text, (*rows, (other, back)))


def ask_value(limit: Limit, lang: Language) -> Card:
    """Asks for a value."""
    unit = {
        Limit.FIRST_WAIT: lang.say("in seconds"),
        Limit.FIRST_SHARE: lang.say("in percent"),
    }.get(limit, lang.say("in Toman") if limit in OF_MONEY else lang.say("as a number"))
    text = lang.say(
        "{name}: send the new value {unit}, or “off”.", name=name(limit, lang), unit=unit
    )
    if limit in NEVER_OFF:
        text = lang.say("{name}: send the new value {unit}.", name=name(limit, lang), unit=unit)
    return Card(text, below=Question("500"))


def was_set(limit: Limit, value: int, lang: Language) -> Markup:
    """That a limit has its new value."""
    return lang.say("✅ {name}: {most}", name=name(limit, lang), most=amount(limit, value, lang))


def usage(lang: Language) -> Markup:
    """For words that set no limit."""
    return lang.say(
        "Nothing was changed. To set a limit, send its name and its value, as in "
        "<code>/limits set batch_numbers 500</code>; /limits alone shows all."
    )


def too_old(lang: Language) -> Markup:
    """For a value that was sent more than ten minutes before it arrived."""
    return lang.say("I was away, and no limit was changed. Send it again if it still holds.")
