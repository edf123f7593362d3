"""Why a time that is due asks a person, and the buttons with which they answer."""

from markupsafe import Markup

from bot.calling.due import Due, Why, asks_until
from bot.texts import moments, window
from bot.texts.cards import Button, Verb, button
from bot.texts.language import Language
from storage.models import Schedule, ScheduleState


def answers(due: Due, lang: Language, now: float, chat_id: int) -> tuple[tuple[Button, ...], ...]:
    """*Call 38 now* stands alone, and only where there is something to call.

    Where a second person was asked it approves, and is not shown to the author in private.
    """
    schedule = due.schedule
    this = (schedule.id, schedule.revision)
    skip = (button(lang.say("⏭ Skip this time"), Verb.SKIP_TIME, *this),)
    approves = due.approval and schedule.asked_why == Why.APPROVAL
    own = chat_id == schedule.author_id
    if due.trouble is not None or (approves and own):
        return (skip,)
    if due.outside is not None:
        row = window.due_row(due, lang, now, approves=approves)
        return tuple(row for row in (row, skip) if row)
    n = lang.number(len(due.content.numbers))
    label = lang.say("✅ Call {n} now", n=n)
    if approves:
        label = lang.say("✅ Approve {n}", n=n)
    elif due.approval and own:
        label = lang.say("👥 Ask to call {n}", n=n)
    return ((button(label, Verb.CALL_DUE, *this, due.key),), skip)


def second_person(due: Due, lang: Language, now: float) -> Markup:
    """On what waits for its time: that it does not call by itself then."""
    schedule = due.schedule
    if not due.approval or schedule.state is not ScheduleState.WAITING:
        return Markup()
    at = moments.moment(schedule.due_at, lang, now)
    return lang.say("👥 A second person has to approve it at {at}: it asks then.", at=at)


def why(due: Due, lang: Language, now: float) -> Markup:
    """Why it asks in place of calling."""
    schedule = due.schedule
    match schedule.asked_why:
        case Why.LATE:
            return lang.say("I was away at that time. Call now, or leave it out?")
        case Why.RIGHTS:
            return _no_rights(schedule, lang)
        case Why.RESTORED:
            return _restored(lang)
        case Why.RIGHTS_RESTORED:
            return Markup("\n").join([_restored(lang), _no_rights(schedule, lang)])
        case Why.LIMIT:
            return lang.say(
                "A limit left no room for it at that time; /limits shows what is used. Call now, "
                "or leave it out?"
            )
        case Why.APPROVAL:
            return _second_person(due, lang, now)
        case Why.PAUSED:
            return lang.say("Launching was paused at that time. Call once it goes on?")
        case Why.DUPLICATE if due.duplicate is not None:
            return lang.say(
                "The same was launched just before, as #b{id} by {who}. Call them again?",
                id=due.duplicate.id,
                who=lang.name(due.duplicate.author_name),
            )
        case Why.DUPLICATE:
            return lang.say("The same was launched just before. Call them again?")
        case other:
            return trouble(Why(other or Why.LATE), lang)


def _no_rights(schedule: Schedule, lang: Language) -> Markup:
    return lang.say(
        "{who}, who planned this, may not launch any more. Call it all the same, as your own "
        "launch?",
        who=lang.name(schedule.author_name),
    )


def _restored(lang: Language) -> Markup:
    return lang.say(
        "⚠️ An older database was put in place since then, so <b>it may have been called "
        "already</b>. Look for its board in this chat, and call only if there is none."
    )


def trouble(of: Why, lang: Language) -> Markup:
    """Why nothing is called as things are, and what would help."""
    return {
        Why.OUTSIDE: lang.say("It is not called by itself outside the calling hours."),
        Why.CHAT_OFF: lang.say(
            "🚫 Its group was taken off the groups where I work. Call now, with the board in this "
            "chat, or leave it out?"
        ),
        Why.VOICE_GONE: lang.say("⚠️ Its voice was removed. Add it again under /voices."),
        Why.LIST_GONE: lang.say("⚠️ Its list was removed. Plan it anew with another list."),
        Why.LIST_EMPTY: lang.say("⚠️ Its list is empty. Put numbers into it under /lists."),
        Why.ALL_DO_NOT_CALL: lang.say(
            "⚠️ All of its numbers are on the do-not-call list: see /dnc."
        ),
        Why.TOO_LARGE: lang.say(
            "⚠️ It has more numbers than one batch may have. Make its list smaller under /lists."
        ),
    }.get(of, Markup())


def _second_person(due: Due, lang: Language, now: float) -> Markup:
    if not due.approval:
        return lang.say("A second person was needed at that time. Call now, or leave it out?")
    return lang.say(
        "👥 Another manager or admin than {who} has to approve it until {until}: their press "
        "calls. Otherwise nothing is called.",
        who=lang.name(due.schedule.author_name),
        until=lang.hour(asks_until(due.schedule, now), now),
    )
