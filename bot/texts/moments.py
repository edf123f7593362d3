"""Times ahead in words: `Mon 1 Dec 08:00, in 14 h`, and the days of a week."""

from datetime import date, timedelta

from babel.dates import format_datetime, get_day_names
from markupsafe import Markup

from bot.calling import moments
from bot.calling.errors import UsageError
from bot.calling.moments import EVERY_DAY, Weekday
from bot.calling.problems import Problem
from bot.texts.language import Language

MINUTE, HOUR, DAY = 60, 3600, 86400
IN_HOURS = 2 * DAY  # seconds up to which hours are counted, not days


def moment(at: float, lang: Language, now: float) -> str:
    """A time with its weekday, and its year if that is another one."""
    shown, today = moments.local(at, lang.timezone), moments.local(now, lang.timezone)
    form = "EEE d MMM HH:mm" if shown.year == today.year else "EEE d MMM y HH:mm"
    return format_datetime(shown, form, locale=lang.locale)


def left(seconds: float, lang: Language) -> Markup:
    """How long it is until then; what is over or comes at once is `now`."""
    if seconds <= 0:
        return lang.say("now")
    if seconds < MINUTE:
        return lang.say("in less than a minute")
    if seconds < HOUR:
        return lang.say("in {n} min", n=lang.number(int(seconds // MINUTE)))
    if seconds < IN_HOURS:
        return lang.say("in {n} h", n=lang.number(int(seconds // HOUR)))
    return lang.say("in {n} days", n=lang.number(int(seconds // DAY)))


def ahead(at: float, lang: Language, now: float) -> Markup:
    """Both: when, and how long it is until then."""
    return lang.say("{when}, {left}", when=moment(at, lang, now), left=left(at - now, lang))


def clock(minute: int) -> str:
    """A minute of the day as clocks show it."""
    hour, rest = divmod(minute, 60)
    return f"{hour:02d}:{rest:02d}"


def weekday(day: Weekday, lang: Language) -> str:
    """The short name of a day."""
    return str(get_day_names("abbreviated", locale=lang.locale)[int(day)])


def week(weekdays: int, minute: int, lang: Language) -> Markup:
    """When a weekly schedule launches."""
    if weekdays & EVERY_DAY == EVERY_DAY:
        return lang.say("every day at {clock}", clock=clock(minute))
    names = ", ".join(weekday(day, lang) for day in Weekday if weekdays >> day & 1)
    return lang.say("every {days} at {clock}", days=names, clock=clock(minute))


def day_label(day: date, lang: Language) -> str:
    """A day on a button."""
    return f"{weekday(Weekday(day.weekday()), lang)} {day.day}"


def days_from(first: date, count: int) -> list[date]:
    """So many days in a row."""
    return [first + timedelta(days=n) for n in range(count)]


def problem(of: UsageError, lang: Language) -> Markup | None:
    """What is wrong with a time; None for a problem of another subject."""
    match of.problem:
        case Problem.BAD_TIME:
            return lang.say(
                "<code>{value}</code> cannot be read as a time; nothing was planned. Send for "
                "example <code>18:30</code>, <code>tomorrow 9</code>, <code>in 2 h</code> or "
                "<code>2026-12-01 08:00</code>.",
                value=of.value[:64],
            )
        case Problem.TIME_PAST:
            return lang.say(
                "This time is over; nothing was planned. Pick one that is still ahead."
            )
        case Problem.TIME_FAR:
            return lang.say(
                "This is more than {limit} days ahead; nothing was planned. Pick an earlier one.",
                limit=lang.number(of.limit),
            )
        case Problem.NO_WEEKDAYS:
            return lang.say("No day is chosen; nothing was planned. Tap at least one.")
        case Problem.CANNOT_CALL:
            return lang.say(
                "Its voice or its numbers are not there as things are; nothing was called. The "
                "message says what would help."
            )
        case _:
            return None
