"""The calling window on cards: what can be pressed outside of it, and why somebody did.

What holds outside is read when a card is drawn; a press asks the record and the clock again.
"""

from markupsafe import Markup

from bot.calling.drafts import Ask
from bot.calling.due import Due
from bot.calling.outside import Outside
from bot.calling.results import Asked
from bot.calling.rules import HELD_AT_MOST
from bot.calling.views import BatchView
from bot.texts.cards import Button, Verb, button
from bot.texts.hours import opening
from bot.texts.language import Language
from storage.models import BatchState, SubmissionState

LATE = 600.0  # seconds by which a batch may be stopped too late without a closed hour between

# A draft


def draft_rows(
    asked: Asked, outside: Outside, lang: Language, now: float
) -> list[tuple[Button, ...]]:
    """In place of *Call 38*: at the opening, and for who may say so, now anyway."""
    rows: list[tuple[Button, ...]] = []
    if outside.opens_at is not None:
        at = opening(outside.opens_at, lang, now)
        at = at if " " in at else str(lang.say("at {hour}", hour=at))
        n = lang.number(asked.content.called)
        label = lang.say("🕗 Call {n} {at}", n=n, at=at)
        if Ask.APPROVAL in asked.content.asks:
            label = lang.say("👥 Ask to call {n} {at}", n=n, at=at)
        token = (asked.token, _minutes(outside.opens_at))
        rows.append((button(label, Verb.OPENING, *token),))
    if outside.anyway:
        rows.append((button(lang.say("🌙 Now anyway…"), Verb.ANYWAY, asked.token),))
    return rows


def goes(asked: Asked, lang: Language, now: float) -> Markup:
    """When the next tap lets it go out."""
    outside = asked.outside
    if outside is None:
        return lang.say("🕘 now")
    if outside.opens_at is None:
        return lang.say("🕘 no opening in sight")
    return lang.say("🕘 {at}", at=opening(outside.opens_at, lang, now))


# A board


def waits(view: BatchView, lang: Language, now: float) -> Markup | None:
    """That a running batch waits for the opening; None if it does not."""
    at = view.batch.goes_at
    if not _waits(view, now) or at is None:
        return None
    queued = view.numbers(SubmissionState.QUEUED)
    if queued == view.batch.numbers:
        return lang.say("🕗 Goes out {at}; nothing is sent before.", at=opening(at, lang, now))
    return lang.count(
        "🕗 The other one goes out {at}; {done} of {all} numbers are at the gateway.",
        "🕗 The other {n} go out {at}; {done} of {all} numbers are at the gateway.",
        queued,
        at=opening(at, lang, now),
        done=lang.number(view.placed),
        all=lang.number(view.batch.numbers),
    )


def sent_on(view: BatchView, who: str, lang: Language, now: float) -> Markup:
    """Who let a held batch go on; while it waits for the opening also when it does."""
    at = view.batch.goes_at
    if not _waits(view, now) or at is None:
        return lang.say("▶ Sent on by {who}.", who=lang.name(who))
    return lang.say(
        "▶ {who} lets the rest go out {at}.", who=lang.name(who), at=opening(at, lang, now)
    )


def stop_alone(view: BatchView, now: float | None) -> bool:
    """Whether there is nothing to hold: what is left waits for the opening anyway."""
    return now is not None and _waits(view, now)


def _waits(view: BatchView, now: float) -> bool:
    batch = view.batch
    return batch.state is BatchState.RUNNING and (batch.goes_at or now) > now


def hours_were_left_out(view: BatchView) -> bool:
    """Whether a batch was on hold for longer than a day, as closed hours do not count."""
    batch = view.batch
    return (batch.ended_at or 0.0) - (batch.held_at or 0.0) > HELD_AT_MOST + LATE


def is_shut(view: BatchView) -> bool:
    """Whether the rest of a held batch would have to wait for the opening."""
    batch = view.batch
    held = batch.state is BatchState.HELD and batch.opens_at is not None
    return held and bool(view.numbers(SubmissionState.QUEUED))


def rest_row(view: BatchView, lang: Language, now: float) -> tuple[Button, ...]:
    """*Send the other N at 08:00*, outside the calling hours; a row of its own."""
    batch, at = view.batch, view.batch.opens_at
    if not is_shut(view) or at is None:
        return ()
    queued, when = view.numbers(SubmissionState.QUEUED), opening(at, lang, now)
    label = lang.count("🕗 Send the other one {at}", "🕗 Send the other {n} {at}", queued, at=when)
    if queued == batch.numbers:
        label = lang.count("🕗 Send it {at}", "🕗 Send all {n} {at}", queued, at=when)
    return (button(label, Verb.REST_AT, batch.id, batch.hold_no, _minutes(at)),)


def rest_anyway(view: BatchView, lang: Language) -> Button:
    """*Now anyway*, for managers; it asks why."""
    batch = view.batch
    return button(lang.say("🌙 Now anyway…"), Verb.REST_ANY, batch.id, batch.hold_no)


def paragraph(view: BatchView, lang: Language) -> Markup:
    """Who let a batch go out outside the calling hours, and why."""
    batch = view.batch
    if batch.window_reason is None:
        return Markup()
    return lang.say(
        "🌙 Outside the calling hours by {who}: “{reason}”",
        who=lang.name(batch.window_name or "?"),
        reason=batch.window_reason,
    )


# A schedule


def due_row(due: Due, lang: Language, now: float, *, approves: bool) -> tuple[Button, ...]:
    """In place of *Call 38 now* on a question about a time; empty where no opening is in sight."""
    if due.outside is None or due.outside.opens_at is None:
        return ()
    at = due.outside.opens_at
    n, when = lang.number(len(due.content.numbers)), opening(at, lang, now)
    label = lang.say("🕗 Call {n} {at}", n=n, at=when)
    if approves:
        label = lang.say("✅ Approve {n}, {at}", n=n, at=when)
    this = (due.schedule.id, due.schedule.revision, due.key, _minutes(at))
    return (button(label, Verb.DUE_AT, *this),)


def _minutes(at: float) -> int:
    """A time in a button's token."""
    return int(at // 60)
