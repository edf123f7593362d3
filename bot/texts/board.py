"""The board of a batch: state first, in words; then the calls; then what can be done next."""

from markupsafe import Markup

from bot.calling.views import BatchView
from bot.texts import (
    approvals,
    calls,
    doubts,
    errors,
    figures,
    holding,
    notes,
    skipped,
    voices,
    window,
)
from bot.texts.cards import Button, Card, Verb, button, too_long
from bot.texts.language import Language
from storage.models import (
    Batch,
    BatchState,
    CallStatus,
    StopReason,
    Submission,
    SubmissionState,
)


def board(view: BatchView, lang: Language, now: float) -> Card:
    """The message of a batch, one page of ten calls."""
    parts = [
        heading(view.batch, lang, now),
        approvals.paragraph(view.batch, lang, now),
        state(view, lang, now),
        figures.progress(view, lang),
        figures.counts(view, lang),
        *doubts.paragraphs(view, lang),
        *notes.paragraphs(view, lang, now),
        figures.only(view, lang),
    ]
    text = Markup("\n").join(part for part in parts if part)
    listed = Markup("\n").join([text, *(calls.line(lang, line) for line in view.calls)])
    if too_long(listed):
        left_out = lang.say("The calls do not fit below this text: the CSV lists all of them.")
        listed = Markup("\n").join([text, left_out])
    return Card(listed, tuple(row for row in _rows(view, lang, now) if row))


def heading(batch: Batch, lang: Language, now: float) -> Markup:
    """Which batch: its name, its voice, who launched it and when."""
    return lang.say(
        "<b>#b{id}</b> · {voice} · {who} · {at}",
        id=batch.id,
        voice=voices.shown(batch, lang),
        who=lang.name(batch.author_name),
        at=lang.hour(batch.created_at, now),
    )


def state(view: BatchView, lang: Language, now: float | None = None) -> Markup:
    """What the batch is, in one sentence; with `now` (UTC seconds) also what it waits for."""
    batch = view.batch
    if batch.state is BatchState.HELD:
        return holding.held(view, lang)
    if batch.state is BatchState.STOPPED:
        return _stopped(view, lang)
    if batch.state is BatchState.FINISHED:
        return _finished(view, lang)
    if view.pauses:
        return _waits(view, lang)
    attempt = next(
        (s for s in view.submissions if s.state is SubmissionState.QUEUED and s.attempts), None
    )
    if attempt is not None:
        waits = None if now is None else window.waits(view, lang, now)
        return waits or _tried(view, attempt, lang)
    if now is not None and (ahead := _ahead(view, now)) is not None:
        return _goes_out(view, ahead, lang, now)
    return lang.count(
        "📤 Sending: the number is not at the gateway yet.",
        "📤 Sending: {done} of {n} numbers are at the gateway.",
        batch.numbers,
        done=lang.number(view.placed),
    )


def undoable(view: BatchView, now: float) -> bool:
    """Whether it waits out the time to undo: nothing of it was sent."""
    until = view.batch.undo_until
    untouched = all(s.attempts == 0 for s in view.submissions)
    return until is not None and until > now and untouched


def _ahead(view: BatchView, now: float) -> Submission | None:
    """The next submission, if its time lies ahead."""
    if any(s.state is SubmissionState.SENDING for s in view.submissions):
        return None
    found = next((s for s in view.submissions if s.state is SubmissionState.QUEUED), None)
    return found if found is not None and found.not_before > now else None


def _goes_out(view: BatchView, ahead: Submission, lang: Language, now: float) -> Markup:
    """What waits for its time: all of it, to be undone, or the next wave."""
    if undoable(view, now):
        return lang.count(
            "↩️ Nothing is sent for one second: it can be undone until then.",
            "↩️ Nothing is sent for {n} seconds: it can be undone until then.",
            round((view.batch.undo_until or now) - view.batch.created_at),
        )
    if (waits := window.waits(view, lang, now)) is not None:
        return waits
    judged = view.batch.first_judged_at is not None
    if view.wave is not None and not judged and ahead.position == view.wave.submissions + 1:
        return holding.first_wave(view, view.wave, ahead.not_before, lang, now)
    return lang.count(
        "📤 Sending: {done} of {all} numbers are at the gateway. The next one goes out at {at}.",
        "📤 Sending: {done} of {all} numbers are at the gateway. The next {n} go out at {at}.",
        ahead.numbers,
        done=lang.number(view.placed),
        all=lang.number(view.batch.numbers),
        at=lang.hour(ahead.not_before, now),
    )


def _waits(view: BatchView, lang: Language) -> Markup:
    """Running, but paused: how much waits, and why."""
    waiting = lang.count(
        "⏸ One number waits.",
        "⏸ {n} numbers wait.",
        view.numbers(SubmissionState.QUEUED),
    )
    return Markup(" ").join([waiting, *(errors.paused(pause, lang) for pause in view.pauses)])


def _tried(view: BatchView, of: Submission, lang: Language) -> Markup:
    """After a failed attempt, before the next."""
    if len(view.submissions) == 1:
        return lang.say(
            "🔄 The gateway cannot be reached (attempt {n} of 3). Nothing was sent; it is tried "
            "again in a moment.",
            n=lang.number(of.attempts),
        )
    return lang.say(
        "🔄 The gateway cannot be reached (attempt {n} of 3). Nothing of part {part} was sent; it "
        "is tried again in a moment.",
        n=lang.number(of.attempts),
        part=lang.number(of.position),
    )


def _stopped(view: BatchView, lang: Language) -> Markup:
    not_sent = view.numbers(SubmissionState.CANCELLED)
    if view.batch.stop_reason is StopReason.UNDONE:
        return undone(view.batch.stop_name or "?", lang)
    if view.batch.stop_reason is StopReason.HELD_TOO_LONG and window.hours_were_left_out(view):
        return lang.count(
            "⏹ Stopped after 24 calling hours on hold; one number was not sent.",
            "⏹ Stopped after 24 calling hours on hold; {n} numbers were not sent.",
            not_sent,
        )
    if view.batch.stop_reason is StopReason.HELD_TOO_LONG:
        return lang.count(
            "⏹ Stopped after 24 hours on hold; one number was not sent.",
            "⏹ Stopped after 24 hours on hold; {n} numbers were not sent.",
            not_sent,
        )
    return lang.count(
        "⏹ Stopped by {who}; one number was not sent.",
        "⏹ Stopped by {who}; {n} numbers were not sent.",
        not_sent,
        who=lang.name(view.batch.stop_name or "?"),
    )


def undone(who: str, lang: Language) -> Markup:
    """That a launch was taken back before anything of it was sent."""
    return lang.say("↩️ Undone by {who}: nobody was called.", who=lang.name(who))


def _finished(view: BatchView, lang: Language) -> Markup:
    placed = view.placed
    if skipped.all_of_it(view):
        return skipped.nobody(view, lang)
    if (
        placed
        and (left_out := view.with_status(CallStatus.SKIPPED))
        and (placed + left_out == view.batch.numbers)
    ):
        return skipped.but_for_some(view, left_out, lang)
    if placed == view.batch.numbers and view.over:
        return lang.count("🏁 The call has ended.", "🏁 All {n} calls have ended.", placed)
    if placed == view.batch.numbers:
        return lang.count(
            "✅ The number is at the gateway.", "✅ All {n} numbers are at the gateway.", placed
        )
    return lang.count(
        "🏁 Nothing is left to send: the gateway has not confirmed the number.",
        "🏁 Nothing is left to send: the gateway has confirmed {done} of {n} numbers.",
        view.batch.numbers,
        done=lang.number(placed),
    )


def _rows(view: BatchView, lang: Language, now: float) -> list[tuple[Button, ...]]:
    return [
        *doubts.rows(view, lang),
        *notes.rows(view, lang),
        window.rest_row(view, lang, now),
        flow(view, lang, now),
        try_again(view, lang),
        *figures.count_rows(view, lang),
        figures.page_row(view),
        _look_row(view, lang),
    ]


def flow(view: BatchView, lang: Language, now: float | None = None) -> tuple[Button, ...]:
    """Hold, go on, stop: while something is queued; *Undo* alone in the time for that."""
    batch = view.batch
    queued = view.numbers(SubmissionState.QUEUED)
    if not queued:
        return ()
    stop = button(lang.say("⏹ Stop"), Verb.STOP, batch.id)
    if window.is_shut(view):
        return (window.rest_anyway(view, lang), stop)
    if batch.state is BatchState.HELD:
        rest = lang.count("▶ Send the other one", "▶ Send the other {n}", queued)
        if queued == batch.numbers:
            rest = lang.count("▶ Send it", "▶ Send all {n}", queued)
        return (button(rest, Verb.SEND_REST, batch.id, batch.hold_no), stop)
    if now is not None and undoable(view, now):
        return (button(lang.say("↩️ Undo"), Verb.UNDO, batch.id),)
    if window.stop_alone(view, now):
        return (stop,)
    return (button(lang.say("⏸ Hold rest"), Verb.HOLD, batch.id), stop)


def try_again(view: BatchView, lang: Language) -> tuple[Button, ...]:
    """A draft of what surely did not ring, where there is any."""
    if not view.try_again:
        return ()
    label = lang.say("🔁 Try again: {n}", n=lang.number(view.try_again))
    return (button(label, Verb.TRY_AGAIN, view.batch.id),)


def _look_row(view: BatchView, lang: Language) -> tuple[Button, ...]:
    """*Refresh* as long as the gateway may have news, and the file."""
    csv = button(lang.say("📄 CSV"), Verb.CSV, view.batch.id)
    if not view.followed and not view.with_status(CallStatus.NO_RESULT):
        return (csv,)
    token = figures.look(view, view.page, view.shown)
    return (button(lang.say("🔄 Refresh"), Verb.REFRESH, *token), csv)
