"""A batch in figures: how far it is, what became of its numbers, what it cost so far."""

from collections.abc import Iterable

from markupsafe import Markup

from bot.calling.refreshing import Refreshed
from bot.calling.views import PAGE, BatchView
from bot.texts import calls
from bot.texts.cards import Button, Verb, button
from bot.texts.language import Language
from storage.models import CallStatus, SubmissionState
from storage.outcomes import CallOutcome

BAR = 10  # signs
A_ROW = 3  # buttons with a count: four figures between two dots fill a third of a phone

_PLACED = (
    CallStatus.NORMAL,
    CallStatus.NO_ANSWER,
    CallStatus.USER_BUSY,
    CallStatus.WAITING,
    CallStatus.EXPIRED,
    CallStatus.ERROR,
    CallStatus.UNKNOWN,
    CallStatus.OTHER,
    CallStatus.NO_RESULT,
)
_PLANNED = (
    SubmissionState.SENDING,
    SubmissionState.QUEUED,
    SubmissionState.UNKNOWN,
    SubmissionState.LEFT,
    SubmissionState.REFUSED,
    SubmissionState.UNSENT,
    SubmissionState.RELEASED,
    SubmissionState.CANCELLED,
    SubmissionState.ACCEPTED,
)
PLACED = tuple(CallOutcome(status) for status in _PLACED)
ORDER = (
    *PLACED,
    CallOutcome(CallStatus.NOT_CONFIRMED),
    CallOutcome(CallStatus.SKIPPED),
    *(CallOutcome(CallStatus.PLANNED, state) for state in _PLANNED),
)


def progress(view: BatchView, lang: Language) -> Markup:
    """How far a batch of several numbers is, and its cost: once something was placed."""
    if not view.placed:
        return Markup()
    parts = []
    if view.batch.numbers > 1:
        parts.append(
            lang.say(
                "{bar} {done}/{all}",
                bar=bar(view.done, view.batch.numbers),
                done=lang.number(view.done),
                all=lang.number(view.batch.numbers),
            )
        )
    parts.append(cost(view, lang))
    return Markup(" · ").join(part for part in parts if part)


def bar(done: int, whole: int) -> str:
    """A part of a whole as a row of signs; full only if nothing is missing."""
    filled = BAR * done // whole
    return "▓" * filled + "░" * (BAR - filled)


def cost(view: BatchView, lang: Language) -> Markup:
    """What the batch has cost; nothing while the gateway has not said."""
    if not view.cost:
        return Markup()
    if view.cost_may_grow:
        return lang.say("💰 {amount} so far", amount=lang.short_money(view.cost))
    return lang.say("💰 {amount}", amount=lang.short_money(view.cost))


def counts(view: BatchView, lang: Language, which: Iterable[CallOutcome] = PLACED) -> Markup:
    """Numbers by outcome in words, those that occur."""
    shown = [
        lang.say(
            "{sign} {n} {word}",
            sign=calls.outcome_icon(outcome),
            n=lang.number(count),
            word=calls.outcome_word(lang, outcome),
        )
        for outcome in which
        if (count := view.outcomes.get(outcome))
    ]
    return Markup(" · ").join(shown)


def only(view: BatchView, lang: Language) -> Markup:
    """Which calls are listed, where these are not all."""
    if view.shown is None:
        return Markup()
    return lang.say(
        "🔎 Only {sign} {word}: {n} of {all}",
        sign=calls.outcome_icon(view.shown),
        word=calls.outcome_word(lang, view.shown),
        n=lang.number(view.outcomes.get(view.shown, 0)),
        all=lang.number(view.batch.numbers),
    )


def count_rows(view: BatchView, lang: Language) -> list[tuple[Button, ...]]:
    """A button for each outcome that lists its calls; on the one that does, for all of them.

    Where all calls stand on one page there is nothing to choose from.
    """
    outcomes = [of for of in ORDER if view.outcomes.get(of) or of == view.shown]
    if view.batch.numbers <= PAGE or len(outcomes) == 1:
        return []
    buttons = [_count_button(view, outcome, lang) for outcome in outcomes]
    return [tuple(buttons[start : start + A_ROW]) for start in range(0, len(buttons), A_ROW)]


def _count_button(view: BatchView, outcome: CallOutcome, lang: Language) -> Button:
    sign, n = calls.outcome_icon(outcome), lang.number(view.outcomes.get(outcome, 0))
    if outcome == view.shown:
        return button(lang.say("· {sign} {n} ·", sign=sign, n=n), Verb.PAGE, *look(view, 1, None))
    return button(lang.say("{sign} {n}", sign=sign, n=n), Verb.PAGE, *look(view, 1, outcome))


def page_row(view: BatchView) -> tuple[Button, ...]:
    """Back and on; the last page leads to the first."""
    if view.pages == 1:
        return ()
    back = view.page - 1 if view.page > 1 else view.pages
    on = view.page + 1 if view.page < view.pages else 1
    return (
        button("◀", Verb.PAGE, *look(view, back, view.shown)),
        button(f"{view.page}/{view.pages}", Verb.PAGE, *look(view, view.page, view.shown)),
        button("▶", Verb.PAGE, *look(view, on, view.shown)),
    )


def look(view: BatchView, page: int, shown: CallOutcome | None) -> tuple[object, ...]:
    """The token of a button that shows a page of these calls."""
    return (view.batch.id, page) if shown is None else (view.batch.id, page, shown.key)


def refreshed(result: Refreshed, lang: Language) -> Markup:
    """The answer to *Refresh*."""
    if not result.changed and not result.followed:
        return lang.say("Nothing has changed: no call waits for a result.")
    if not result.changed:
        return lang.count(
            "Nothing has changed; one call still waits for its result.",
            "Nothing has changed; {n} calls still wait for their results.",
            result.followed,
        )
    if not result.followed:
        return lang.count(
            "One call has changed; none waits any more.",
            "{n} calls have changed; none waits any more.",
            result.changed,
        )
    return lang.count(
        "One call has changed; still waiting: {followed}.",
        "{n} calls have changed; still waiting: {followed}.",
        result.changed,
        followed=lang.number(result.followed),
    )
