"""What did not go as planned, part by part: what happened, what did not, and who may decide."""

from markupsafe import Markup

from bot.calling.views import BatchView
from bot.gateway.models import UnknownReason
from bot.texts import skipped
from bot.texts.cards import Button, Verb, button
from bot.texts.language import Language
from storage.models import GATEWAY, BatchState, CallStatus, Submission, SubmissionState

SHOWN = 3  # parts of a kind that get words and buttons of their own at once
SHOWN_DECIDED = 5


def paragraphs(view: BatchView, lang: Language) -> list[Markup]:
    """A sentence or two for each kind of part that is not simply accepted."""
    found = [
        *_each_unknown(view, lang),
        *_each_refused(view, lang),
        _on_its_way(view, lang),
        _unsent(view, lang),
        *_each_decided(view, lang),
        _not_confirmed(view, lang),
        *skipped.paragraphs(view, lang),
        _waiting_to_go(view, lang),
    ]
    return [text for text in found if text]


def _each_unknown(view: BatchView, lang: Language) -> list[Markup]:
    unknown = view.in_state(SubmissionState.UNKNOWN)
    found = [
        _of_part(
            view,
            submission,
            lang,
            lang.count(
                "⚠️ One number may have rung. It is never called again by itself.",
                "⚠️ {n} numbers may have rung. They are never called again by themselves.",
                _sent(view, submission),
            ),
            _why_unknown(submission, lang),
        )
        for submission in unknown[:SHOWN]
    ]
    if len(unknown) > SHOWN:
        found.append(
            lang.count(
                "⚠️ One more part may have rung; its buttons follow when these are decided.",
                "⚠️ {n} more parts may have rung; their buttons follow when these are decided.",
                len(unknown) - SHOWN,
            )
        )
    if found:
        found.append(lang.say("Find out whether they rang, and press it. Pressing calls nobody."))
    return found


def _sent(view: BatchView, submission: Submission) -> int:
    """How many numbers of a part were sent: those skipped at its claim were not."""
    if len(view.in_state(submission.state)) == 1:
        return view.numbers(submission.state)
    return submission.numbers


def _why_unknown(submission: Submission, lang: Language) -> Markup:
    match submission.reason:
        case UnknownReason.NO_ANSWER:
            return lang.say("The gateway did not answer in time.")
        case UnknownReason.CUT:
            return lang.say("The connection to the gateway broke.")
        case UnknownReason.SERVER_ERROR:
            return lang.say(
                "The gateway answered with an error of its own (HTTP {status}).",
                status=submission.http_status or "5xx",
            )
        case UnknownReason.REDIRECTED:
            return lang.say("The gateway pointed to another address, which is not followed.")
        case UnknownReason.TOO_LARGE:
            return lang.say("The gateway's answer was too large to be read.")
        case UnknownReason.INTERRUPTED:
            return lang.say("I was interrupted before the gateway's answer came.")
        case _:
            return lang.say("The gateway's answer could not be understood.")


def _each_refused(view: BatchView, lang: Language) -> list[Markup]:
    by_code: dict[str, int] = {}
    for submission in view.in_state(SubmissionState.REFUSED):
        code = submission.code or "?"
        by_code[code] = by_code.get(code, 0) + _sent(view, submission)
    found = [
        lang.count(
            "⛔ The gateway refused one number: <code>{code}</code>. It was not called.",
            "⛔ The gateway refused {n} numbers: <code>{code}</code>. None of them was called.",
            count,
            code=code,
        )
        for code, count in list(by_code.items())[:SHOWN]
    ]
    if others := sum(list(by_code.values())[SHOWN:]):
        found.append(
            lang.count(
                "⛔ The gateway refused one more number, with another code. It was not called.",
                "⛔ The gateway refused {n} more numbers, with other codes. None of them was "
                "called.",
                others,
            )
        )
    return found


def _on_its_way(view: BatchView, lang: Language) -> Markup:
    """What was claimed before *Hold* or *Stop* still goes out."""
    count = view.numbers(SubmissionState.SENDING)
    if not count or view.batch.state is BatchState.RUNNING:
        return Markup()
    return lang.count(
        "📤 One number was on its way already and may still ring.",
        "📤 {n} numbers were on their way already and may still ring.",
        count,
    )


def _unsent(view: BatchView, lang: Language) -> Markup:
    count = view.numbers(SubmissionState.UNSENT)
    if not count:
        return Markup()
    return lang.count(
        "📴 One number was not sent: the gateway could not be reached, three times. It was not "
        "called.",
        "📴 {n} numbers were not sent: the gateway could not be reached, three times. None of "
        "them was called.",
        count,
    )


def _each_decided(view: BatchView, lang: Language) -> list[Markup]:
    """What people said of submissions whose answer had not come."""
    found: list[Markup] = []
    more = 0
    for submission in view.submissions:
        if submission.decided_name is None:
            continue
        if len(found) == SHOWN_DECIDED:
            more += 1
            continue
        sentences = {
            SubmissionState.RELEASED: (
                "↩️ One number did not ring, says {who}.",
                "↩️ {n} numbers did not ring, says {who}.",
            ),
            SubmissionState.LEFT: (
                "⚠️ One number may have rung; {who} left it at that.",
                "⚠️ {n} numbers may have rung; {who} left it at that.",
            ),
            SubmissionState.ACCEPTED: (
                "☎️ One number did ring, says {who}.",
                "☎️ {n} numbers did ring, says {who}.",
            ),
        }.get(submission.state)
        if sentences is not None:
            said = lang.count(
                *sentences,
                _sent(view, submission),
                who=lang.say("the gateway")
                if submission.decided_by == GATEWAY.id
                else lang.name(submission.decided_name),
            )
            found.append(_of_part(view, submission, lang, said))
    if more:
        found.append(
            lang.count(
                "↩️ One more part was decided; the CSV has all of them.",
                "↩️ {n} more parts were decided; the CSV has all of them.",
                more,
            )
        )
    return found


def _not_confirmed(view: BatchView, lang: Language) -> Markup:
    count = view.with_status(CallStatus.NOT_CONFIRMED)
    if not count:
        return Markup()
    return lang.count(
        "❔ One number is not confirmed: no id has come for it. It may have rung, and is not "
        "called again by itself.",
        "❔ {n} numbers are not confirmed: no ids have come for them. They may have rung, and are "
        "not called again by themselves.",
        count,
    )


def _waiting_to_go(view: BatchView, lang: Language) -> Markup:
    count = view.numbers(SubmissionState.QUEUED)
    if not count or view.batch.state is not BatchState.HELD:
        return Markup()
    return lang.count("⏸ One number is not sent.", "⏸ {n} numbers are not sent.", count)


def _of_part(
    view: BatchView, submission: Submission, lang: Language, *sentences: Markup
) -> Markup:
    """Whole sentences, headed by the part that they are about where the batch has several."""
    said = Markup(" ").join(sentences)
    if len(view.submissions) == 1:
        return said
    return lang.say("<b>Part {n}</b>\n{said}", n=lang.number(submission.position), said=said)


def rows(view: BatchView, lang: Language) -> list[tuple[Button, ...]]:
    """The decisions about unknown submissions, then *It rang after all* for the settled ones."""
    found = decisions(view, lang)
    for submission in _take_ids(view)[:SHOWN]:
        label = lang.say("It rang after all")
        if len(view.submissions) > 1:
            label = lang.say("{n}: It rang after all", n=lang.number(submission.position))
        found.append((button(label, Verb.IDS, submission.id),))
    return found


def decisions(view: BatchView, lang: Language) -> list[tuple[Button, ...]]:
    """The decisions about unknown submissions."""
    found: list[tuple[Button, ...]] = []
    for submission in view.in_state(SubmissionState.UNKNOWN)[:SHOWN]:
        labels = _decisions(view, submission, lang)
        rang, quiet, leave = (
            button(label, verb, submission.id)
            for label, verb in zip(labels, (Verb.RANG, Verb.DID_NOT_RING, Verb.LEAVE), strict=True)
        )
        found += [(rang, quiet), (leave,)]  # three such labels are too long for a phone's row
    return found


def _decisions(
    view: BatchView, submission: Submission, lang: Language
) -> tuple[Markup, Markup, Markup]:
    if len(view.submissions) == 1:
        return lang.say("It rang"), lang.say("It did not ring"), lang.say("Leave it")
    part = lang.number(submission.position)
    return (
        lang.say("{part}: It rang", part=part),
        lang.say("{part}: It did not ring", part=part),
        lang.say("{part}: Leave it", part=part),
    )


def _take_ids(view: BatchView) -> list[Submission]:
    """Released and left submissions, and those with numbers that are not confirmed.

    Those on this page come first, so that turning the pages leads to every one of them. Which
    part a number that is not confirmed belongs to is known for this page only, unless there is
    one accepted part.
    """
    here = {line.call.submission_id for line in view.calls}
    open_ones = {
        line.call.submission_id
        for line in view.calls
        if line.call.status is CallStatus.NOT_CONFIRMED
    }
    accepted = view.in_state(SubmissionState.ACCEPTED)
    if len(accepted) == 1 and view.with_status(CallStatus.NOT_CONFIRMED):
        open_ones.add(accepted[0].id)
    found = [
        submission
        for submission in view.submissions
        if submission.state in (SubmissionState.RELEASED, SubmissionState.LEFT)
        or (submission.state is SubmissionState.ACCEPTED and submission.id in open_ones)
    ]
    return sorted(found, key=lambda submission: submission.id not in here)
