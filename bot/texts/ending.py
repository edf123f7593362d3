"""What a chat is told of a batch in a message of its own: that it waits, and how it ended."""

from markupsafe import Markup

from bot.calling.summary import Summary
from bot.calling.views import BatchView, CallLine
from bot.charts.batch import Bar, BatchChart
from bot.texts import board, calls, doubts, figures, notes, repeats, skipped, voices, window
from bot.texts.cards import Button, Card, Verb, button, too_long
from bot.texts.language import Language
from storage.models import BatchState, CallStatus, SkipReason
from storage.outcomes import CallOutcome

ANSWERED = CallOutcome(CallStatus.NORMAL)
WAITING = CallOutcome(CallStatus.WAITING)
DEADLINE_MINUTES = 30
MOST_BARS = 8  # of the chart: more make it too high for a phone

_COLOURS = {
    CallStatus.NORMAL: "#2e9e4f",
    CallStatus.NO_ANSWER: "#d9534f",
    CallStatus.USER_BUSY: "#e08e0b",
    CallStatus.WAITING: "#5b8def",
    CallStatus.EXPIRED: "#a0785a",
    CallStatus.ERROR: "#8e1b1b",
}
_COLOUR = "#90a4ae"  # of all that nobody answered for
_UNITS = ((3 * 3600.0, 3600.0), (180.0, 60.0), (0.0, 1.0))  # from so many seconds, in such steps


def end(summary: Summary, lang: Language, now: float) -> Card:
    """How a batch ended; a batch of one call is told in few words."""
    view = summary.view
    told = [
        lang.say("🏁 <b>#b{id}</b> · {result}", id=view.batch.id, result=_result(summary, lang)),
        lang.say(
            "{voice} · {who} · {at}",
            voice=voices.shown(view.batch, lang),
            who=lang.name(view.batch.author_name),
            at=lang.hour(view.batch.created_at, now),
        ),
        _figures(summary, lang),
        repeats.merged(summary.chain, lang),
        board.state(view, lang) if view.batch.state is BatchState.STOPPED else Markup(),
        *doubts.paragraphs(view, lang),
        *notes.paragraphs(view, lang, now),
    ]
    text = Markup("\n").join(part for part in told if part)
    if view.batch.numbers > 1:
        whole = Markup("\n").join([text, _listed(summary, lang)])
        text = text if too_long(whole) else whole
    rows = (
        *doubts.decisions(view, lang),
        *notes.rows(view, lang),
        board.try_again(view, lang),
        repeats.redial_row(view.batch.id, summary.redial, lang),
    )
    return Card(text, tuple(row for row in (*rows, _files(view, lang)) if row))


def _result(summary: Summary, lang: Language) -> Markup:
    """What became of the numbers; of the only one, with the number."""
    view = summary.view
    if view.batch.numbers == 1:
        sign, words = calls.outcome(lang, view.calls[0])
        number = calls.who(lang, view.calls[0].call)
        return lang.say("{sign} {number} · {words}", sign=sign, number=number, words=words)
    others = figures.counts(view, lang, [of for of in figures.ORDER if of != ANSWERED])
    if not view.placed:
        return others
    answered = lang.say(
        "✅ {n} answered ({share})",
        n=lang.number(summary.answered),
        share=lang.share(summary.answered, view.placed),
    )
    return Markup(" · ").join(part for part in (answered, others) if part)


def _figures(summary: Summary, lang: Language) -> Markup:
    """Talk, cost and how long it took."""
    parts = []
    if summary.talks == 1:
        parts.append(lang.say("🗣 {total} of talk", total=lang.span(summary.talk)))
    elif summary.talks:
        parts.append(
            lang.say(
                "🗣 {total} of talk, {mean} on average",
                total=lang.span(summary.talk),
                mean=lang.span(summary.talk / summary.talks),
            )
        )
    parts.append(figures.cost(summary.view, lang))
    if summary.view.placed:
        parts.append(lang.say("⏱ {span}", span=lang.span(summary.seconds)))
    return Markup(" · ").join(part for part in parts if part)


def _listed(summary: Summary, lang: Language) -> Markup:
    """The numbers by outcome, folded until a tap opens them."""
    lines = []
    for outcome, of in summary.listed:
        lines.append(
            lang.say(
                "<b>{sign} {word}</b>",
                sign=calls.outcome_icon(outcome),
                word=calls.outcome_word(lang, outcome),
            )
        )
        lines.extend(_line(line, lang) for line in of)
    if summary.more:
        lines.append(
            lang.count("and one more: see the CSV", "and {n} more: see the CSV", summary.more)
        )
    return lang.say("<blockquote expandable>{lines}</blockquote>", lines=Markup("\n").join(lines))


def _line(line: CallLine, lang: Language) -> Markup:
    number = calls.who(lang, line.call)
    if line.call.bill_sec:
        return lang.say("{number} · {talk}", number=number, talk=lang.span(line.call.bill_sec))
    if line.call.skip_reason is not None:
        why = skipped.reason(SkipReason(line.call.skip_reason), lang)
        return lang.say("{number} · {why}", number=number, why=why)
    if line.call.status is CallStatus.OTHER:
        return lang.say("{number} · {word}", number=number, word=line.call.word or "?")
    return lang.say("{number}", number=number)


def _files(view: BatchView, lang: Language) -> tuple[Button, ...]:
    if view.batch.numbers == 1:
        return ()
    return (
        button(lang.say("📄 CSV"), Verb.CSV, view.batch.id),
        button(lang.say("📊 XLSX"), Verb.XLSX, view.batch.id),
        button(lang.say("🔎 Numbers"), Verb.NUMBERS, *figures.look(view, 1, None)),
    )


def held(view: BatchView, hold_no: int, lang: Language, now: float) -> Card:
    """That a batch waits for a person, why, and what they can do; without buttons once it is over.

    Args:
        view: the batch as it is now.
        hold_no: the hold that is told of, which may be over.
        lang: the reader's language.
        now: UTC seconds.
    """
    heading = board.heading(view.batch, lang, now)
    if not is_held(view, hold_no):
        over = lang.say("▶ This hold is over.")
        return Card(Markup("\n").join([heading, over, board.state(view, lang)]))
    told = [
        heading,
        board.state(view, lang),
        *doubts.paragraphs(view, lang),
        *notes.paragraphs(view, lang, now),
    ]
    rows = (
        *doubts.decisions(view, lang),
        *notes.rows(view, lang),
        window.rest_row(view, lang, now),
        board.flow(view, lang),
        board.try_again(view, lang),
    )
    return Card(Markup("\n").join(told), tuple(row for row in rows if row))


def is_held(view: BatchView, hold_no: int) -> bool:
    """Whether a batch still waits in this very hold."""
    return view.batch.state is BatchState.HELD and view.batch.hold_no == hold_no


def deadline(view: BatchView, lang: Language) -> Card:
    """That calls still wait long after all were sent."""
    text = lang.count(
        "⏳ <b>#b{id}</b> · one call still has no result, {minutes} minutes after the last was "
        "sent. I ask about it for 24 hours and tell you when the batch has ended.",
        "⏳ <b>#b{id}</b> · {n} calls still have no result, {minutes} minutes after the last was "
        "sent. I ask about them for 24 hours and tell you when the batch has ended.",
        view.followed,
        id=view.batch.id,
        minutes=lang.number(DEADLINE_MINUTES),
    )
    shown = WAITING if view.outcomes.get(WAITING) else None
    token = figures.look(view, 1, shown)
    return Card(text, ((button(lang.say("🔎 Numbers"), Verb.NUMBERS, *token),),))


def chart(summary: Summary, lang: Language) -> BatchChart:
    """What the picture of a batch shows; no emoji, which its letters do not have."""
    view = summary.view
    unit = next(step for least, step in _UNITS if summary.seconds >= least)
    return BatchChart(
        title=str(
            lang.count(
                "b{id}: one number", "b{id}: {n} numbers", view.batch.numbers, id=view.batch.id
            )
        ),
        bars_title=lang.say("What became of them").unescape(),
        bars=_bars(view, lang),
        answered_title=lang.say("Answered over time").unescape(),
        answered=tuple(at / unit for at in summary.answered_at),
        until=summary.seconds / unit,
        time_label={
            3600.0: lang.say("hours since the launch"),
            60.0: lang.say("minutes since the launch"),
            1.0: lang.say("seconds since the launch"),
        }[unit].unescape(),
        colour=_COLOURS[CallStatus.NORMAL],
    )


def _bars(view: BatchView, lang: Language) -> tuple[Bar, ...]:
    """The outcomes in the order of the board; where there are many, the rare ones as one."""
    found = [(of, count) for of in figures.ORDER if (count := view.outcomes.get(of))]
    rare = (
        sorted(found, key=lambda one: -one[1])[MOST_BARS - 1 :] if len(found) > MOST_BARS else []
    )
    bars = [
        Bar(calls.outcome_word(lang, of).unescape(), count, _COLOURS.get(of.status, _COLOUR))
        for of, count in found
        if (of, count) not in rare
    ]
    if rare:
        label = lang.say("all others").unescape()
        bars.append(Bar(label, sum(count for _, count in rare), _COLOUR))
    return tuple(bars)


def chart_caption(view: BatchView) -> Card:
    """Below the picture: a tap on it finds all messages of the batch."""
    return Card(Markup("#b{id}").format(id=view.batch.id))
