"""The board of a batch: state first, in words; then the calls; then what can be done next."""

from markupsafe import Markup

from bot.calling.views import BatchView, Pick
from bot.texts import calls, doubts, errors
from bot.texts.cards import Button, Card, Verb, button, too_long
from bot.texts.language import Language
from storage.models import (
    Batch,
    BatchState,
    CallStatus,
    HoldReason,
    StopReason,
    Submission,
    SubmissionState,
)

SHOWN_UNMATCHED = 5
SHOWN_PICKS = 3  # that get their buttons at once; the next follow when these end
PICKS_A_ROW, PICKED_FROM = 4, 12  # buttons for one pick

_SHOWN_STATUSES = (
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
_WITHOUT_ID = (CallStatus.PLANNED, CallStatus.SKIPPED, CallStatus.NOT_CONFIRMED)


def board(view: BatchView, lang: Language, now: float) -> Card:
    """The message of a batch, one page of ten calls."""
    parts = [
        heading(view.batch, lang, now),
        state(view, lang),
        _counts(view, lang),
        *doubts.paragraphs(view, lang),
        *_notes(view, lang),
    ]
    text = Markup("\n").join(part for part in parts if part)
    listed = Markup("\n").join([text, *(calls.line(lang, line) for line in view.calls)])
    if too_long(listed):
        left_out = lang.say("The calls do not fit below this text: the CSV lists all of them.")
        listed = Markup("\n").join([text, left_out])
    return Card(listed, tuple(row for row in _rows(view, lang) if row))


def heading(batch: Batch, lang: Language, now: float) -> Markup:
    """Which batch: its name, its voice, who launched it and when."""
    return lang.say(
        "<b>#b{id}</b> · <code>{voice}</code> · {who} · {at}",
        id=batch.id,
        voice=batch.voice,
        who=lang.name(batch.author_name),
        at=lang.hour(batch.created_at, now),
    )


def state(view: BatchView, lang: Language) -> Markup:
    """What the batch is, in one sentence."""
    batch = view.batch
    if batch.state is BatchState.HELD:
        return _held(batch, lang)
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
        return _tried(view, attempt, lang)
    return lang.count(
        "📤 Sending: the number is not at the gateway yet.",
        "📤 Sending: {done} of {n} numbers are at the gateway.",
        batch.numbers,
        done=lang.number(_confirmed(view)),
    )


def _confirmed(view: BatchView) -> int:
    """Numbers for which the gateway has given an id."""
    return sum(count for (_, status), count in view.counts.items() if status not in _WITHOUT_ID)


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


def _held(batch: Batch, lang: Language) -> Markup:
    if batch.hold_reason is HoldReason.PERSON:
        return lang.say("⏸ Held by {who}.", who=lang.name(batch.hold_name or "?"))
    return {
        HoldReason.UNKNOWN: lang.say("⏸ Held: one answer did not come."),
        HoldReason.REFUSED: lang.say("⏸ Held: the gateway refused a part."),
        HoldReason.UNSENT: lang.say("⏸ Held: a part could not be sent."),
        HoldReason.AWAY: lang.say(
            "⏸ Held: I was away, and do not send by myself what waited for more than 10 minutes."
        ),
        HoldReason.EVIDENCE: lang.say("⏸ Held: some of these numbers may have rung after all."),
    }[batch.hold_reason or HoldReason.AWAY]


def _stopped(view: BatchView, lang: Language) -> Markup:
    not_sent = view.numbers(SubmissionState.CANCELLED)
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


def _finished(view: BatchView, lang: Language) -> Markup:
    confirmed = _confirmed(view)
    if confirmed == view.batch.numbers:
        return lang.count(
            "✅ The number is at the gateway.", "✅ All {n} numbers are at the gateway.", confirmed
        )
    return lang.count(
        "🏁 Nothing is left to send: the gateway has not confirmed the number.",
        "🏁 Nothing is left to send: the gateway has confirmed {done} of {n} numbers.",
        view.batch.numbers,
        done=lang.number(confirmed),
    )


def _counts(view: BatchView, lang: Language) -> Markup:
    """Numbers by outcome, those that occur."""
    shown = [
        lang.say(
            "{sign} {n} {word}",
            sign=calls.icon(status),
            n=lang.number(count),
            word=calls.status_word(lang, status, lang.say("other")),
        )
        for status in _SHOWN_STATUSES
        if (count := view.with_status(status))
    ]
    return Markup(" · ").join(shown)


def _notes(view: BatchView, lang: Language) -> list[Markup]:
    """What else a person should know: repeats, strange ids, evidence, follow-ups."""
    notes: list[Markup] = []
    if view.batch.follows is not None:
        notes.append(lang.say("↪️ Calls again what did not ring in #b{id}.", id=view.batch.follows))
    notes.extend(
        lang.say("↪️ Called again in #b{id}.", id=batch_id)
        for batch_id in sorted(set(view.taken_by.values()))
    )
    if view.batch.resumed_name is not None:
        notes.append(lang.say("▶ Sent on by {who}.", who=lang.name(view.batch.resumed_name)))
    if view.batch.repeated:
        notes.append(
            lang.count(
                "🔁 One repeated number is called only once.",
                "🔁 {n} repeated numbers are called only once.",
                view.batch.repeated,
            )
        )
    if view.unmatched:
        notes.append(_unmatched(view, lang))
    if view.evidence_waiting and not view.picks:
        notes.append(
            lang.say("🔎 An id that was given for this batch is being checked with the gateway.")
        )
    notes.extend(_pick(pick, lang) for pick in view.picks[:SHOWN_PICKS])
    if len(view.picks) > SHOWN_PICKS:
        notes.append(
            lang.count(
                "🔎 One more such call follows when these are settled.",
                "🔎 {n} more such calls follow when these are settled.",
                len(view.picks) - SHOWN_PICKS,
            )
        )
    return notes


def _unmatched(view: BatchView, lang: Language) -> Markup:
    ids = Markup(", ").join(
        lang.say("<code>{id}</code>", id=unmatched.gateway_id)
        for unmatched in view.unmatched[:SHOWN_UNMATCHED]
    )
    return lang.count(
        "🔹 The gateway's answer also held an id that belongs to none of these numbers: {ids}",
        "🔹 The gateway's answers also held {n} ids that belong to none of these numbers: {ids}",
        len(view.unmatched),
        ids=ids,
    )


def _pick(pick: Pick, lang: Language) -> Markup:
    return lang.say(
        "🔎 The call <code>{id}</code> did ring {number}, and may belong to {batches}. Until a "
        "person says which, none of these numbers is called again.",
        id=pick.evidence.gateway_id,
        number=calls.number(pick.evidence.number or "#"),
        batches=", ".join(f"#b{batch_id}" for _, batch_id in pick.candidates),
    )


def _rows(view: BatchView, lang: Language) -> list[tuple[Button, ...]]:
    return [
        *doubts.rows(view, lang),
        *(row for pick in view.picks[:SHOWN_PICKS] for row in _pick_rows(view, pick, lang)),
        _flow(view, lang),
        _try_again(view, lang),
        _pages(view),
        (button(lang.say("📄 CSV"), Verb.CSV, view.batch.id),),
    ]


def _pick_rows(view: BatchView, pick: Pick, lang: Language) -> list[tuple[Button, ...]]:
    """A button for each batch that the call may belong to; this batch's own is always there."""
    own_first = sorted(pick.candidates, key=lambda candidate: candidate[1] != view.batch.id)
    offered = [
        button(lang.say("It was #b{id}", id=batch_id), Verb.PICK, pick.evidence.id, submission_id)
        for submission_id, batch_id in own_first[:PICKED_FROM]
    ]
    return [
        tuple(offered[start : start + PICKS_A_ROW])
        for start in range(0, len(offered), PICKS_A_ROW)
    ]


def _flow(view: BatchView, lang: Language) -> tuple[Button, ...]:
    """Hold, go on, stop: while something is queued."""
    batch = view.batch
    queued = view.numbers(SubmissionState.QUEUED)
    if not queued:
        return ()
    stop = button(lang.say("⏹ Stop"), Verb.STOP, batch.id)
    if batch.state is BatchState.HELD:
        rest = lang.count("▶ Send the other one", "▶ Send the other {n}", queued)
        if queued == batch.numbers:
            rest = lang.count("▶ Send it", "▶ Send all {n}", queued)
        return (button(rest, Verb.SEND_REST, batch.id, batch.hold_no), stop)
    return (button(lang.say("⏸ Hold rest"), Verb.HOLD, batch.id), stop)


def _try_again(view: BatchView, lang: Language) -> tuple[Button, ...]:
    if not view.try_again:
        return ()
    label = lang.say("🔁 Try again: {n}", n=lang.number(view.try_again))
    return (button(label, Verb.TRY_AGAIN, view.batch.id),)


def _pages(view: BatchView) -> tuple[Button, ...]:
    if view.pages == 1:
        return ()
    back = view.page - 1 if view.page > 1 else view.pages
    on = view.page + 1 if view.page < view.pages else 1
    return (
        button("◀", Verb.PAGE, view.batch.id, back),
        button(f"{view.page}/{view.pages}", Verb.PAGE, view.batch.id, view.page),
        button("▶", Verb.PAGE, view.batch.id, on),
    )
