"""What is to be known of a draft's numbers before they are called, a line each."""

from markupsafe import Markup

from bot.calling.drafts import Ask, Content
from bot.calling.results import Asked
from bot.texts import approvals, calls, dnc, hours, limits, repeats, uncallable
from bot.texts.language import Language

FIRST = 3  # numbers shown on the card


def listed(asked: Asked, lang: Language, now: float) -> list[Markup]:
    """The numbers, and all that is to be known of them."""
    content = asked.content
    shut = Markup() if asked.outside is None else hours.why(asked.outside, lang, now)
    return [
        shut,
        _first(content, lang),
        _repeated(content, lang),
        dnc.left_out(content, lang),
        _recent(content, lang),
        *limits.paragraphs(content, lang),
        _called_first(content, lang),
        *(_why(ask, content, lang, now) for ask in content.asks),
        *uncallable.listed(content.uncallable, lang, content.uncallable_more),
    ]


def _recent(content: Content, lang: Language) -> Markup:
    """Who of these got this voice lately."""
    if not content.recent:
        return Markup()
    if len(content.recent) == len(content.numbers):
        return lang.count(
            "⚠️ It got this voice in the last 24 hours, may have, or is about to.",
            "⚠️ All {n} got this voice in the last 24 hours, may have, or are about to.",
            len(content.recent),
        )
    return lang.count(
        "⚠️ One of them got this voice in the last 24 hours, may have, or is about to.",
        "⚠️ {n} of them got this voice in the last 24 hours, may have, or are about to.",
        len(content.recent),
    )


def _called_first(content: Content, lang: Language) -> Markup:
    if content.first is None:
        return Markup()
    return lang.say(
        "📞 Your own number is called first, as #b{id}. This draft waits for you.",
        id=content.first,
    )


def _first(content: Content, lang: Language) -> Markup:
    """The first numbers, so that a wrong list can be seen before it is called."""
    shown = Markup(", ").join(
        calls.named(lang, number, content.names.get(number)) for number in content.numbers[:FIRST]
    )
    more = len(content.numbers) - FIRST
    if more <= 0:
        return lang.say("📞 {numbers}", numbers=shown)
    return lang.count(
        "📞 {numbers} and one more", "📞 {numbers} and {n} more", more, numbers=shown
    )


def _why(ask: Ask, content: Content, lang: Language, now: float) -> Markup:
    if ask is Ask.DUPLICATE:
        return lang.say(
            "⚠️ Launched as #b{id} {ago} by {who}. Call them again?",
            id=content.duplicate_of,
            ago=lang.ago(now - (content.duplicate_at or now)),
            who=lang.name(content.duplicate_by or "?"),
        )
    if ask in (Ask.AGAIN, Ask.REDIAL):
        return repeats.why(ask, content, lang)
    if ask is Ask.REPLY and content.reply_left_out:
        return lang.say(
            "↩️ The numbers that you typed; those of the message that you replied to are left out."
        )
    return {
        Ask.APPROVAL: approvals.why(lang),
        Ask.REPLY: lang.say("↩️ The numbers of the message that you replied to."),
        Ask.LONG: lang.say("✂️ Your text was long; what followed within 3 seconds is joined."),
        Ask.REST_UNSEEN: lang.say(
            "✂️ The text is so long that Telegram may have cut it. A rest could not be seen here: "
            "check the count."
        ),
        Ask.TRY_AGAIN: lang.say(
            "🔁 These surely did not ring. What rings after all until then is skipped."
        ),
    }.get(ask, Markup())


def _repeated(content: Content, lang: Language) -> Markup:
    if not content.repeated:
        return Markup()
    return lang.count(
        "🔁 One repeated number is called only once.",
        "🔁 {n} repeated numbers are called only once.",
        content.repeated,
    )
