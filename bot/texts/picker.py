"""The picker of a time: each step edits the same message, and nothing is planned before the last.

The steps stand in the buttons, behind what the time is for: the draft by its token, or a schedule
by its number and revision.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from bot.calling.moments import Weekday, ahead, local
from bot.texts import moments
from bot.texts.cards import Button, Card, Question, Verb, button
from bot.texts.language import Language

MAIN, DAY, HOUR, LAST = "m", "d", "q", "t"
WEEK, WEEK_HOUR, WEEK_QUARTER, WEEK_LAST = "w", "h", "v", "z"
ONCE, WEEKLY, TYPE, BACK = "ok", "wk", "ask", "back"
LISTED, KEPT = "l", "n"  # whether a weekly one reads its list each time
NEXT_HOURS = 4
DAYS = 7  # in the rows of days, behind today and tomorrow
A_ROW, A_DAY_ROW = 6, 4  # hours, and days, beside each other
QUARTER = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a time is picked for.

    Attributes:
        verb: of its buttons.
        token: names it.
        head: what is launched, shown above every step.
        count: how many numbers there are now.
        reads_list: whether a weekly one reads its list when its time has come.
        once: whether a single time can be picked.
        weekly: whether weekdays can be picked.
    """

    verb: Verb
    token: str
    head: Markup
    count: int
    reads_list: bool = False
    once: bool = True
    weekly: bool = True

    def button(self, label: str, step: str, *more: object) -> Button:
        """A button to a step."""
        return button(label, self.verb, self.token, step, *more)


def main(target: Target, lang: Language, now: float) -> Card:
    """The first step: the next hours, days, every week, or a typed time."""
    today = local(now, lang.timezone).date()
    full = now - now % 60 - local(now, lang.timezone).minute * 60  # not every zone's are UTC's
    hours = [full + n * 3600 for n in range(1, NEXT_HOURS + 1)]
    next_hours = tuple(
        target.button(f"{local(at, lang.timezone):%H:%M}", LAST, int(at // 60)) for at in hours
    )
    near = (
        target.button(lang.say("Today"), DAY, f"{today:%Y%m%d}"),
        target.button(lang.say("Tomorrow"), DAY, f"{today + timedelta(days=1):%Y%m%d}"),
    )
    days = [
        target.button(moments.day_label(day, lang), DAY, f"{day:%Y%m%d}")
        for day in moments.days_from(today + timedelta(days=2), DAYS)
    ]
    every = (target.button(lang.say("🔁 Every week…"), WEEK, 0),) if target.weekly else ()
    rows = (next_hours, near, *_rows(days, A_DAY_ROW), every, _end(target, lang))
    return Card(_text(target, lang.say("🕘 When?")), tuple(row for row in rows if row))


def day(target: Target, of: date, lang: Language, now: float) -> Card:
    """The hours of a day, but for those that are over."""
    hours = [
        target.button(f"{hour:02d}", HOUR, f"{of:%Y%m%d}", hour)
        for hour in range(24)
        if ahead(of, hour * 60 + 60 - QUARTER, lang.timezone, now) > now
    ]
    text = lang.say("🕘 {day}: at what hour?", day=moments.day_label(of, lang))
    return _grid(target, text, hours, (MAIN,), lang)


def quarters(target: Target, of: date, hour: int, lang: Language, now: float) -> Card:
    """The quarter hours of an hour, but for those that are over."""
    found = [
        (minute, ahead(of, minute, lang.timezone, now))
        for minute in range(hour * 60, hour * 60 + 60, QUARTER)
    ]
    rows = [
        target.button(moments.clock(minute), LAST, int(at // 60))
        for minute, at in found
        if at > now
    ]
    text = lang.say("🕘 {day}: when exactly?", day=moments.day_label(of, lang))
    return _grid(target, text, rows, (DAY, f"{of:%Y%m%d}"), lang)


def once(target: Target, at: float, lang: Language, now: float) -> Card:
    """The last step: the time in full, and the button that plans it."""
    label = lang.say("🕘 Call {n} then", n=lang.number(target.count))
    rows = (
        (target.button(label, ONCE, int(at // 60)),),
        (target.button(lang.say("↩️ Back"), MAIN),),
    )
    return Card(_text(target, lang.say("🕘 <b>{at}</b>", at=moments.ahead(at, lang, now))), rows)


def weekdays(target: Target, mask: int, lang: Language) -> Card:
    """The days of the week, each switched by a tap."""
    days = [
        target.button(
            lang.say("✅ {day}", day=moments.weekday(of, lang))
            if mask >> of & 1
            else moments.weekday(of, lang),
            WEEK,
            mask ^ 1 << of,
        )
        for of in Weekday
    ]
    hour = (target.button(lang.say("🕘 At what hour?"), WEEK_HOUR, mask),) if mask else ()
    back = (target.button(lang.say("↩️ Back"), MAIN if target.once else BACK),)
    rows = (*_rows(days, A_DAY_ROW), hour, back)
    return Card(_text(target, lang.say("🔁 On which days?")), tuple(row for row in rows if row))


def week_hours(target: Target, mask: int, lang: Language) -> Card:
    """The hours of those days."""
    hours = [target.button(f"{hour:02d}", WEEK_QUARTER, mask, hour) for hour in range(24)]
    return _grid(target, lang.say("🔁 At what hour?"), hours, (WEEK, mask), lang)


def week_quarters(target: Target, mask: int, hour: int, lang: Language) -> Card:
    """The quarter hours of an hour of those days."""
    found = [
        target.button(moments.clock(minute), WEEK_LAST, mask, minute)
        for minute in range(hour * 60, hour * 60 + 60, QUARTER)
    ]
    return _grid(target, lang.say("🔁 When exactly?"), found, (WEEK_HOUR, mask), lang)


def weekly(
    target: Target, mask: int, minute: int, first: float, lang: Language, now: float
) -> Card:
    """The last step: the days and the hour, the first time, and the button that plans it."""
    when = lang.say("🔁 <b>{week}</b>", week=moments.week(mask, minute, lang))
    begins = lang.say("First: {at}", at=moments.ahead(first, lang, now))
    if target.reads_list:
        each = lang.say("📋 Its list is read each time; what has changed is told.")
        flag = LISTED
    else:
        each = lang.count(
            "📋 The same number each time.", "📋 The same {n} numbers each time.", target.count
        )
        flag = KEPT
    rows = (
        (target.button(lang.say("🔁 Plan it weekly"), WEEKLY, mask, minute, flag),),
        (target.button(lang.say("↩️ Back"), WEEK_HOUR, mask),),
    )
    return Card(_text(target, when, begins, each), rows)


def typed(lang: Language) -> Card:
    """Asks for a time in reply."""
    return Card(
        lang.say(
            "🕘 When? Reply with a time, for example <code>18:30</code>, <code>tomorrow 9</code>, "
            "<code>fri 14</code>, <code>in 2 h</code> or <code>2026-12-01 08:00</code>."
        ),
        below=Question(str(lang.say("18:30, tomorrow 9, in 2 h…"))),
    )


def goes_on(lang: Language) -> Card:
    """In place of the picker whose last step is a new message."""
    return Card(lang.say("🕘 It goes on below, with the time that you typed."))


def _grid(
    target: Target, text: Markup, buttons: list[Button], back: tuple[object, ...], lang: Language
) -> Card:
    step, *more = back
    rows = _rows(buttons, A_ROW)
    return Card(
        _text(target, text), (*rows, (target.button(lang.say("↩️ Back"), str(step), *more),))
    )


def _rows(buttons: list[Button], width: int) -> list[tuple[Button, ...]]:
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]


def _end(target: Target, lang: Language) -> tuple[Button, ...]:
    return (
        target.button(lang.say("⌨️ Type a time"), TYPE),
        target.button(lang.say("↩️ Back"), BACK),
    )


def _text(target: Target, *lines: Markup) -> Markup:
    return Markup("\n").join([target.head, *lines])
