"""The calling hours in words, and what is said outside of them."""

from datetime import timedelta

from babel.dates import format_datetime
from markupsafe import Markup

from bot.calling.errors import OutsideError, PlanOutsideError
from bot.calling.moments import Weekday, local
from bot.calling.outside import Outside
from bot.calling.window import Hours, Window
from bot.texts import moments
from bot.texts.language import Language

WEEK = timedelta(days=7)


def hours(window: Window, lang: Language) -> str:
    """The hours in words, days with the same ones together; holidays aside."""
    if window.hours is None:
        return str(lang.say("at any time"))
    if not any(window.hours):
        return str(lang.say("never"))
    if len(set(window.hours)) == 1:
        return str(lang.say("every day {hours}", hours=_range(window.hours[0], lang)))
    return ", ".join(
        f"{_days(first, last, lang)} {_range(of, lang)}"
        for first, last, of in _runs(window.hours)
        if of is not None
    )


def _runs(of: tuple[Hours | None, ...]) -> list[tuple[int, int, Hours | None]]:
    """Days in a row with the same hours: the first, the last, and those; a week has no seam."""
    changes = [day for day in range(7) if of[day] != of[day - 1]]
    begin = next((day for day in changes if of[day - 1] is None), changes[0])
    found: list[tuple[int, int, Hours | None]] = []
    for day in (n % 7 for n in range(begin, begin + 7)):
        if found and found[-1][2] == of[day]:
            found[-1] = (found[-1][0], day, of[day])
        else:
            found.append((day, day, of[day]))
    return found


def _days(first: int, last: int, lang: Language) -> str:
    names = [moments.weekday(Weekday(day), lang) for day in (first, last)]
    return names[0] if first == last else "–".join(names)


def _range(of: Hours | None, lang: Language) -> str:
    if of is None:
        return str(lang.say("closed"))
    return f"{moments.clock(of[0])}–{moments.clock(of[1])}"


def opening(at: float, lang: Language, now: float) -> str:
    """When it opens: the hour, with its day if that is not today, and the date if it is far."""
    then, today = local(at, lang.timezone), local(now, lang.timezone)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    form = "EEE HH:mm" if then.date() - today.date() < WEEK else "EEE d MMM HH:mm"
    return format_datetime(then, form, locale=lang.locale)


def why(outside: Outside, lang: Language, now: float) -> Markup:
    """That it is outside the calling hours, and when they begin again."""
    if outside.opens_at is None:
        return lang.say(
            "🌙 It is outside the calling hours ({hours}), and they do not begin again in the "
            "next year. An admin sets them by WINDOW and HOLIDAYS.",
            hours=hours(outside.window, lang),
        )
    if outside.window.day(now) in outside.window.holidays:
        return lang.say(
            "🌙 Today is a holiday. Calls go out again {at}.",
            at=opening(outside.opens_at, lang, now),
        )
    return lang.say(
        "🌙 It is outside the calling hours ({hours}). They begin again {at}.",
        hours=hours(outside.window, lang),
        at=opening(outside.opens_at, lang, now),
    )


def refused(problem: OutsideError | PlanOutsideError, lang: Language) -> Markup:
    """What was refused for the hour, and what can be done."""
    if isinstance(problem, PlanOutsideError):
        return plan_outside(problem, lang)
    return outside(problem, lang)


def outside(problem: OutsideError, lang: Language) -> Markup:
    """For what cannot go out now."""
    if problem.alone:
        return lang.say(
            "Outside the calling hours another manager than the one who launched it has to say "
            "so, and nothing was sent: ask one, or let it go out at the opening."
        )
    begin = why(Outside(window=problem.window, opens_at=problem.opens_at), lang, problem.at)
    return Markup(" ").join([begin, lang.say("Nothing was called.")])


def plan_outside(problem: PlanOutsideError, lang: Language) -> Markup:
    """For a time that nothing can be planned for."""
    window = problem.window
    day = window.day(problem.at)
    if problem.weekday is not None:
        return lang.say(
            "On {day} this is outside the calling hours ({hours}), and nothing was planned. Leave "
            "that day out, or pick another hour.",
            day=moments.weekday(Weekday(problem.weekday), lang),
            hours=hours(window, lang),
        )
    if day in window.holidays:
        return lang.say(
            "{day} is a holiday, and nothing was planned. Pick another day.", day=lang.day(day)
        )
    return lang.say(
        "{at} is outside the calling hours ({hours}), and nothing was planned. Pick a time within "
        "them; what cannot wait is called now, where a manager says why.",
        at=moments.moment(problem.at, lang, problem.at),
        hours=hours(window, lang),
    )
