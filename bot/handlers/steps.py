"""The steps of the time picker: from a button's token to the card that it shows."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.calling.errors import ExpiredError
from bot.calling.moments import AHEAD, EVERY_DAY, MINUTES, local
from bot.calling.schedules import When
from bot.handlers.tokens import number_of
from bot.texts import picker
from bot.texts.cards import Card
from bot.texts.language import Language
from bot.texts.picker import Target

HOURS = 24


def step_card(
    target: Target,
    parts: Sequence[str],
    lang: Language,
    now: float,
    first: Callable[[When], float],
) -> Card:
    """The card of a step.

    Args:
        target: what a time is picked for.
        parts: of the token, behind the target's own.
        lang: the reader's.
        now: UTC seconds.
        first: gives the first time of what was picked, or raises.

    Raises:
        ExpiredError: there is no such step.
        UsageError: the time is over or too far ahead.
    """
    match list(parts):
        case [picker.MAIN]:
            return picker.main(target, lang, now)
        case [picker.DAY, of]:
            return picker.day(target, _day(of, lang, now), lang, now)
        case [picker.HOUR, of, hour]:
            return picker.quarters(target, _day(of, lang, now), _below(hour, HOURS), lang, now)
        case [picker.LAST, _]:
            return picker.once(target, first(when_of(parts)), lang, now)
        case [picker.WEEK, mask]:
            return picker.weekdays(target, _below(mask, EVERY_DAY + 1), lang)
        case [picker.WEEK_HOUR, mask]:
            return picker.week_hours(target, _mask(mask), lang)
        case [picker.WEEK_QUARTER, mask, hour]:
            return picker.week_quarters(target, _mask(mask), _below(hour, HOURS), lang)
        case [picker.WEEK_LAST, *_]:
            when = when_of(parts)
            return picker.weekly(target, when.weekdays, when.minute, first(when), lang, now)
        case _:
            raise ExpiredError


def when_of(parts: Sequence[str]) -> When:
    """The time that one of the last two steps names.

    Raises:
        ExpiredError: it names none.
    """
    match list(parts):
        case [picker.LAST | picker.ONCE, minutes]:
            return When(at=number_of(minutes) * 60.0)
        case [picker.WEEK_LAST | picker.WEEKLY, mask, minute, *_]:
            return When(weekdays=_mask(mask), minute=_below(minute, MINUTES))
        case _:
            raise ExpiredError


def _below(part: str, limit: int) -> int:
    found = number_of(part)
    if found >= limit:
        raise ExpiredError
    return found


def _mask(part: str) -> int:
    found = _below(part, EVERY_DAY + 1)
    if not found:
        raise ExpiredError
    return found


def _day(part: str, lang: Language, now: float) -> date:
    """A day that can be planned for."""
    try:
        found = date.fromisoformat(part)
    except ValueError as error:
        raise ExpiredError from error
    if abs(found - local(now, lang.timezone).date()) > AHEAD + timedelta(days=1):
        raise ExpiredError
    return found
