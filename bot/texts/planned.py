"""What a schedule launches, in one line; and the question before it is cancelled."""

from markupsafe import Markup

from bot.calling.drafts import Content
from bot.calling.due import Due, Why
from bot.texts import moments, voices
from bot.texts.cards import Card, Verb, button
from bot.texts.language import Language

SURE, KEEP = "sure", "keep"  # what follows the revision in `Verb.UNPLAN`


def head(content: Content, lang: Language) -> Markup:
    """What is launched, in one line."""
    voice, count = voices.signed(content, lang), len(content.numbers)
    if content.list_name is not None:
        return lang.count(
            "{voice} → one number (list {list})",
            "{voice} → {n} numbers (list {list})",
            count,
            voice=voice,
            list=lang.name(content.list_name),
        )
    return lang.count("{voice} → one number", "{voice} → {n} numbers", count, voice=voice)


def what(due: Due, lang: Language) -> Markup:
    """What it launches now; of a list that is gone there is no count."""
    gone = due.trouble is Why.LIST_GONE
    if gone or (due.trouble is Why.VOICE_GONE and not due.content.numbers):
        return _listed(due, lang, gone=gone)
    return head(due.content, lang)


def kept(due: Due, lang: Language) -> Markup:
    """The same where it stays: a list that is read each time may have other numbers by then."""
    if due.schedule.list_ref is None:
        return head(due.content, lang)
    if due.trouble is Why.LIST_GONE and not due.schedule.over:
        return _listed(due, lang, gone=True)
    return lang.say("{what}, read each time", what=_listed(due, lang, gone=False))


def _listed(due: Due, lang: Language, *, gone: bool) -> Markup:
    voice, name = voices.signed(due.content, lang), lang.name(due.content.list_name or "?")
    if gone:
        return lang.say("{voice} → list {list}, which was removed", voice=voice, list=name)
    return lang.say("{voice} → list {list}", voice=voice, list=name)


def ask_cancel(due: Due, lang: Language, now: float) -> Card:
    """Asks once more before a schedule is cancelled; of a weekly one, what else there is."""
    schedule = due.schedule
    at = moments.moment(schedule.due_at, lang, now)
    text = lang.say("🗑 <b>Cancel the call of {at}?</b> Nothing is called then.", at=at)
    if schedule.weekdays:
        text = lang.say(
            "🗑 <b>Cancel {week} for good?</b> It calls on none of these days any more; "
            "<b>Skip</b> leaves out one time alone.",
            week=moments.week(schedule.weekdays, schedule.minute, lang),
        )
    this = (schedule.id, schedule.revision)
    rows = (
        (button(lang.say("🗑 Cancel it"), Verb.UNPLAN, *this, SURE),),
        (button(lang.say("↩️ Keep it"), Verb.UNPLAN, *this, KEEP),),
    )
    return Card(Markup("\n").join([text, what(due, lang)]), rows)
