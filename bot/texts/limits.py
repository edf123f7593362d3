"""Limits: what they are called, and what they say of a launch and of a value for them."""

from collections.abc import Sequence
from dataclasses import asdict

from markupsafe import Markup

from bot.calling.drafts import Content, NoRoom
from bot.calling.errors import BadLimit, LimitError, LimitValueError
from bot.calling.limits import OF_MONEY, Limit
from bot.texts.language import Language


def name(limit: Limit, lang: Language) -> Markup:
    """What a limit is called, on its button and in the list."""
    return {
        Limit.BATCH_NUMBERS: lang.say("📦 In one batch"),
        Limit.MEMBER_DAY: lang.say("👤 One member, a day"),
        Limit.TEAM_DAY: lang.say("👥 The team, a day"),
        Limit.COST_DAY: lang.say("💰 Cost a day"),
        Limit.NUMBER_DAY: lang.say("📞 One number, a day"),
        Limit.APPROVE_NUMBERS: lang.say("✌️ Above so many numbers"),
        Limit.APPROVE_COST: lang.say("✌️ Above a cost of"),
        Limit.APPROVE_WINDOW: lang.say("✌️ Outside the calling hours"),
        Limit.FIRST_WAVE: lang.say("🔎 So many go first"),
        Limit.FIRST_WAIT: lang.say("🔎 Wait for them at most"),
        Limit.FIRST_SHARE: lang.say("🔎 At most this share may fail"),
    }[limit]


def amount(limit: Limit, value: int, lang: Language) -> Markup:
    """A value of a limit with its unit."""
    if not value:
        return {
            Limit.APPROVE_WINDOW: lang.say("no"),
            Limit.APPROVE_NUMBERS: lang.say("never"),
            Limit.APPROVE_COST: lang.say("never"),
            Limit.FIRST_WAVE: lang.say("off"),
            Limit.FIRST_WAIT: lang.say("no time"),
            Limit.FIRST_SHARE: lang.say("none"),
        }.get(limit, lang.say("no limit"))
    if limit in OF_MONEY:
        return lang.money(value)
    match limit:
        case Limit.APPROVE_WINDOW:
            return lang.say("yes")
        case Limit.NUMBER_DAY:
            return lang.count("once", "{n} times", value)
        case Limit.FIRST_WAIT:
            return lang.span(value)
        case Limit.FIRST_SHARE:
            return lang.say("{n} %", n=lang.number(value))
        case _:
            return lang.count("one number", "{n} numbers", value)


def refused(error: LimitError, lang: Language) -> Markup:
    """Why a launch was refused: the limit, its use, and who can raise it."""
    return lang.say(
        "{why} Nobody was called. A manager can raise it with /limits.", why=_why(error, lang)
    )


def _why(error: LimitError, lang: Language) -> Markup:
    """The limit, its use, and what this asked for."""
    limit = Limit(error.limit)
    if limit is Limit.BATCH_NUMBERS:
        return lang.say(
            "🚦 One batch may have {most} at most, and this has {asked}.",
            most=amount(limit, error.most, lang),
            asked=lang.number(error.asked),
        )
    if limit is Limit.NUMBER_DAY:
        return lang.count(
            "🚦 This number was called {times} today already, which is the limit for one number.",
            "🚦 Each of these {n} numbers was called {times} today already, which is the limit "
            "for one number.",
            error.asked,
            times=amount(limit, error.most, lang),
        )
    used, asked = lang.number(error.used), lang.number(error.asked)
    if limit is Limit.COST_DAY:
        used, asked = str(lang.money(error.used)), str(lang.money(error.asked))
    return lang.say(
        "🚦 {limit} is {most}; {used} are used, this would be {asked} more.",
        limit=_whose(limit, error, lang),
        most=amount(limit, error.most, lang),
        used=used,
        asked=asked,
    )


def _whose(limit: Limit, error: LimitError, lang: Language) -> Markup:
    """A limit of a day, as a sentence begins with it."""
    if limit is Limit.MEMBER_DAY and error.name is not None:
        who = lang.name(error.name)
        if error.today:
            return lang.say("Today's limit for {who}", who=who)
        return lang.say("The limit for {who} on the day on which this goes out", who=who)
    today = {
        Limit.MEMBER_DAY: lang.say("Today's limit for you"),
        Limit.TEAM_DAY: lang.say("Today's limit for the team"),
        Limit.COST_DAY: lang.say("Today's limit for the cost"),
    }
    later = {
        Limit.MEMBER_DAY: lang.say("Your limit for the day on which this goes out"),
        Limit.TEAM_DAY: lang.say("The team's limit for the day on which this goes out"),
        Limit.COST_DAY: lang.say("The limit for the cost of the day on which this goes out"),
    }
    return (today if error.today else later)[limit]


def bad_value(error: LimitValueError, lang: Language) -> Markup:
    """Why a limit was not set."""
    if error.why is BadLimit.UNKNOWN:
        return lang.say(
            "There is no limit <code>{name}</code>; nothing was changed. These are: {names}",
            name=error.limit or "?",
            names=Markup(", ").join(
                lang.say("<code>{name}</code>", name=limit.value) for limit in Limit
            ),
        )
    limit = Limit(error.limit)
    if error.why is BadLimit.UNREADABLE:
        return lang.say(
            "“{value}” is no value for {limit}; nothing was changed. Send a whole number, or "
            "“off”.",
            value=error.value,
            limit=name(limit, lang),
        )
    if error.why is BadLimit.NOT_OFF:
        return lang.say(
            "{limit} cannot be “off”; nothing was changed. {first} can: then a large batch goes "
            "out without a first wave.",
            limit=name(limit, lang),
            first=name(Limit.FIRST_WAVE, lang),
        )
    shown = amount(limit, int(error.value), lang)
    bound = amount(limit, error.bound, lang)
    if error.why is BadLimit.BELOW_USE:
        return lang.say(
            "{limit}: {bound} are used already, so that it cannot be {value}; nothing was "
            "changed. Set it to {bound} or more.",
            limit=name(limit, lang),
            bound=bound,
            value=shown,
        )
    return lang.say(
        "{limit}: {value} is too much, it can be {bound} at most; nothing was changed.",
        limit=name(limit, lang),
        value=shown,
        bound=bound,
    )


def paragraphs(content: Content, lang: Language) -> Sequence[Markup]:
    """What the limits say of a launch before it is made: whom they skip, and if it is too much."""
    found = []
    if content.at_limit:
        found.append(_at_limit(content, lang))
    if content.no_room is not None:
        found.append(no_room(content.no_room, lang))
    return found


def _at_limit(content: Content, lang: Language) -> Markup:
    times = amount(Limit.NUMBER_DAY, content.times_a_day, lang)
    if len(content.at_limit) == len(content.numbers):
        return lang.count(
            "⏭ It was called {times} today already, and will be skipped.",
            "⏭ All {n} were called {times} today already, and will be skipped.",
            len(content.at_limit),
            times=times,
        )
    return lang.count(
        "⏭ One was called {times} today already, and will be skipped.",
        "⏭ {n} were called {times} today already, and will be skipped.",
        len(content.at_limit),
        times=times,
    )


def no_room(room: NoRoom, lang: Language) -> Markup:
    """That a launch would be refused as things are, before anybody presses; who can help."""
    return lang.say(
        "{why} As things are it will be refused. A manager can raise it with /limits.",
        why=_why(LimitError(**asdict(room)), lang),
    )
