"""What is planned: the list, the card of a schedule, and the question about a time that is due."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.calling.due import OF_ADMINS, Due
from bot.calling.schedules import SchedulePage
from bot.texts import dnc, due_answers, hours, limits, moments, planned, voices
from bot.texts.cards import Button, Card, Verb, button
from bot.texts.language import Language
from storage.models import Answer, SavedLaunch, Schedule, ScheduleAsk, ScheduleState

LABEL = 12  # characters of a voice on a button
LIST, ONE, NEW, USE = "l", "s", "n", "u"  # steps of `Verb.PLANS`
LAUNCHES_A_PAGE = 8


def page(found: SchedulePage, lang: Language, now: float) -> Card:
    """All that is planned, next first."""
    new = button(lang.say("➕ New"), Verb.PLANS, NEW, 1)
    if not found.found:
        return Card(
            lang.say(
                "🗓 Nothing is planned. <b>Later</b> below a draft plans it; <b>New</b> begins "
                "with a saved launch."
            ),
            ((new,),),
        )
    rows = [
        (button(_label(due, lang, now), Verb.PLANS, ONE, due.schedule.id),) for due in found.found
    ]
    turn = tuple(
        button(sign, Verb.PLANS, LIST, at)
        for at, sign in ((found.page - 1, "◀"), (found.page + 1, "▶"))
        if 1 <= at <= found.pages
    )
    parts = [lang.say("🗓 <b>Planned</b>"), *(_entry(due, lang, now) for due in found.found)]
    return Card(Markup("\n\n").join(parts), tuple(row for row in (*rows, turn, (new,)) if row))


def _label(due: Due, lang: Language, now: float) -> str:
    sign = "❓" if due.schedule.state is ScheduleState.ASKING else _sign(due.schedule)
    at = moments.moment(due.schedule.due_at, lang, now)
    return f"{sign} {at} · {lang.free(voices.label(due.content, LABEL))}"


def _sign(schedule: Schedule) -> str:
    return "🔁" if schedule.weekdays else "🕘"


def _entry(due: Due, lang: Language, now: float) -> Markup:
    return Markup("\n").join(
        [_when(due.schedule, lang, now), planned.what(due, lang), _who(due, lang)]
    )


def _when(schedule: Schedule, lang: Language, now: float, *, left: bool = True) -> Markup:
    """When it is due next; `left` adds how long that is from now, which a kept card cannot say."""
    at = Markup.escape(moments.moment(schedule.due_at, lang, now))
    if schedule.state is ScheduleState.ASKING:
        return lang.say("❓ <b>{at}</b>: waits for an answer", at=at)
    if left:
        at = moments.ahead(schedule.due_at, lang, now)
    if schedule.weekdays:
        week = moments.week(schedule.weekdays, schedule.minute, lang)
        return lang.say("🔁 <b>{week}</b>, next {at}", week=week, at=at)
    return lang.say("🕘 <b>{at}</b>", at=at)


def _who(due: Due, lang: Language) -> Markup:
    return lang.say("👤 {who}", who=lang.name(due.schedule.author_name))


def look(due: Due, lang: Language, now: float, chat_id: int) -> Card:
    """One schedule as `/schedule` shows it in a chat, with all that can be done with it."""
    parts = [_entry(due, lang, now)]
    if due.trouble is not None:
        parts.append(due_answers.trouble(due.trouble, lang))
    parts += _recent(due, lang, now)
    back = (button(lang.say("↩️ All that is planned"), Verb.PLANS, LIST, 1),)
    if due.schedule.over:
        return Card(_over(due, lang, now), (back,))
    return Card(Markup("\n").join(parts), (*_deeds(due, lang, now, chat_id), back))


def card(due: Due, lang: Language, now: float) -> Card:
    """The message that a draft has become; it is edited when something changes, not with time."""
    if due.schedule.over:
        return Card(_over(due, lang, now))
    parts = [_when(due.schedule, lang, now, left=False), planned.kept(due, lang), _who(due, lang)]
    parts += _recent(due, lang, now)
    if due.schedule.asked_why in OF_ADMINS:
        parts.append(lang.say("❓ The admins are asked, because its author may not launch."))
    if due.schedule.weekdays and due.schedule.batch_id is not None:
        parts.append(lang.say("↪️ Last time: #b{id}", id=due.schedule.batch_id))
    return Card(Markup("\n").join(parts), _deeds(due, lang, now, due.schedule.chat_id))


def _deeds(due: Due, lang: Language, now: float, chat_id: int) -> tuple[tuple[Button, ...], ...]:
    schedule = due.schedule
    this = (schedule.id, schedule.revision)
    move = button(lang.say("🕘 Move"), Verb.MOVE, f"{schedule.id}-{schedule.revision}")
    cancel = button(lang.say("🗑 Cancel"), Verb.UNPLAN, *this)
    if schedule.state is ScheduleState.ASKING:
        return (*due_answers.answers(due, lang, now, chat_id), (move, cancel))
    if schedule.weekdays:
        return ((button(lang.say("⏭ Skip once"), Verb.SKIP_TIME, *this),), (move, cancel))
    return ((move, cancel),)


def _over(due: Due, lang: Language, now: float) -> Markup:
    """What stands in place of a schedule of which nothing more comes."""
    schedule = due.schedule
    at = moments.moment(schedule.due_at, lang, now)
    who = lang.name(schedule.closed_name or "?")
    return Markup("\n").join(
        [
            {
                Answer.CALLED: lang.say(
                    "🕘 {at}: launched as #b{id}", at=at, id=schedule.batch_id
                ),
                Answer.SKIPPED: lang.say(
                    "⏭ {at}: skipped by {who}; nothing was called", at=at, who=who
                ),
                Answer.LAPSED: lang.say("⌛ {at}: nobody answered, and nothing was called", at=at),
                Answer.CANCELLED: lang.say(
                    "🗑 Cancelled by {who}; nothing more is called", who=who
                ),
            }[schedule.closed_why or Answer.LAPSED],
            planned.kept(due, lang),
            _who(due, lang),
        ]
    )


def ask(of: ScheduleAsk, due: Due, lang: Language, now: float) -> Card:
    """The question about a time that is due, or what was answered."""
    at = moments.moment(of.due_at, lang, now)
    if of.answer is not None:
        return Card(Markup("\n").join([_answered(of, at, lang), planned.kept(due, lang)]))
    parts = [
        lang.say("❓ <b>{at}: nothing was called yet.</b>", at=at),
        planned.what(due, lang),
        _who(due, lang),
        due_answers.why(due, lang, now),
    ]
    if due.trouble is not None and due.trouble != due.schedule.asked_why:
        parts.append(due_answers.trouble(due.trouble, lang))
    parts += _recent(due, lang, now)
    cancel = button(lang.say("🗑 Cancel"), Verb.UNPLAN, due.schedule.id, due.schedule.revision)
    rows = due_answers.answers(due, lang, now, of.chat_id)
    return Card(Markup("\n").join(parts), (*rows[:-1], (*rows[-1], cancel)))


def _answered(of: ScheduleAsk, at: str, lang: Language) -> Markup:
    who = lang.name(of.answered_name or "?")
    match of.answer:
        case Answer.CALLED:
            return lang.say("✅ {at}: {who} let it call, #b{id}", at=at, who=who, id=of.batch_id)
        case Answer.SKIPPED:
            return lang.say("⏭ {at}: skipped by {who}; nothing was called", at=at, who=who)
        case Answer.MOVED:
            return lang.say("🕘 {at}: moved by {who}; nothing was called", at=at, who=who)
        case Answer.WITHDRAWN:
            return lang.say(
                "⌛ {at}: asked too early, because my clock was wrong; nothing was called", at=at
            )
        case Answer.CANCELLED:
            return lang.say("🗑 {at}: cancelled by {who}; nothing was called", at=at, who=who)
        case _:
            return lang.say("⌛ {at}: nobody answered, and nothing was called", at=at)


def _recent(due: Due, lang: Language, now: float) -> list[Markup]:
    """Stands wherever *Call 38 now* does: that button is for what was shown beside it."""
    if second := due_answers.second_person(due, lang, now):
        return [second]
    if due.schedule.state is not ScheduleState.ASKING or due.trouble is not None:
        return []
    count = len(due.content.recent)
    said = lang.count(
        "⚠️ One of them got this voice in the last 24 h.",
        "⚠️ {n} of them got this voice in the last 24 h.",
        count,
    )
    shut = [] if due.outside is None else [hours.why(due.outside, lang, now)]
    left_out = [dnc.left_out(due.content, lang)] if due.content.do_not_call else []
    return [*left_out, *shut, *([said] if count else []), *limits.paragraphs(due.content, lang)]


def launches(found: Sequence[SavedLaunch], at: int, lang: Language) -> Card:
    """Which saved launch is to be planned."""
    back = (button(lang.say("↩️ All that is planned"), Verb.PLANS, LIST, 1),)
    if not found:
        return Card(
            lang.say(
                "🗓 No launch is saved yet, so there is nothing to begin with. Make one under "
                "/launch, or plan any draft by <b>Later</b>."
            ),
            (back,),
        )
    start = (at - 1) * LAUNCHES_A_PAGE
    rows = [
        (button(lang.free(launch.name), Verb.PLANS, USE, launch.token),)
        for launch in found[start : start + LAUNCHES_A_PAGE]
    ]
    turn = tuple(
        button(sign, Verb.PLANS, NEW, other)
        for other, sign, there in (
            (at - 1, "◀", at > 1),
            (at + 1, "▶", len(found) > start + LAUNCHES_A_PAGE),
        )
        if there
    )
    text = lang.say("🗓 Which launch is to be planned?")
    return Card(text, tuple(row for row in (*rows, turn, back) if row))
