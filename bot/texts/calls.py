"""One call in words: its status, its number, its line in a list."""

from markupsafe import Markup, escape

from bot.calling.numbers import national
from bot.calling.views import CallLine
from bot.texts import skipped
from bot.texts.language import Language, clean_name
from storage.models import Call, CallStatus, SubmissionState
from storage.outcomes import CallOutcome

LONGEST_NAME = 40  # characters of a number's name that are shown
REDACTED = 9  # of a redacted number, its `#` included

_ICONS = {
    CallStatus.WAITING: "⏳",
    CallStatus.NORMAL: "✅",
    CallStatus.NO_ANSWER: "📵",
    CallStatus.USER_BUSY: "☎️",
    CallStatus.EXPIRED: "⌛",
    CallStatus.ERROR: "⛔",
    CallStatus.UNKNOWN: "❔",
    CallStatus.OTHER: "🔹",
    CallStatus.NO_RESULT: "❔",
    CallStatus.NOT_CONFIRMED: "❔",
    CallStatus.SKIPPED: "⏭",
}
_PLANNED_ICONS = {
    SubmissionState.QUEUED: "🕘",
    SubmissionState.SENDING: "📤",
    SubmissionState.UNKNOWN: "⚠️",
    SubmissionState.LEFT: "⚠️",
    SubmissionState.REFUSED: "⛔",
    SubmissionState.UNSENT: "📴",
    SubmissionState.RELEASED: "↩️",
    SubmissionState.CANCELLED: "🚫",
}

_STATUS_WORDS = {
    CallStatus.WAITING: "waiting",
    CallStatus.NORMAL: "answered",
    CallStatus.NO_ANSWER: "no answer",
    CallStatus.USER_BUSY: "busy",
    CallStatus.EXPIRED: "expired",
    CallStatus.ERROR: "failed",
    CallStatus.UNKNOWN: "the gateway does not know",
    CallStatus.NO_RESULT: "no result",
    CallStatus.NOT_CONFIRMED: "not confirmed",
    CallStatus.SKIPPED: "skipped",
    CallStatus.PLANNED: "planned",
}
_SUBMISSION_WORDS = {
    SubmissionState.QUEUED: "queued",
    SubmissionState.SENDING: "sending",
    SubmissionState.ACCEPTED: "not confirmed",
    SubmissionState.REFUSED: "refused",
    SubmissionState.UNSENT: "not sent",
    SubmissionState.UNKNOWN: "may have rung",
    SubmissionState.RELEASED: "did not ring",
    SubmissionState.LEFT: "may have rung",
    SubmissionState.CANCELLED: "cancelled",
}


def status_word(lang: Language, status: CallStatus, word: str | None = None) -> Markup:
    """A call's status in a word or two; a word that we do not know is shown as it stands."""
    if status is CallStatus.OTHER:
        return lang.say("{word}", word=word or "?")
    return lang.say(_STATUS_WORDS[status])


def submission_word(lang: Language, state: SubmissionState) -> Markup:
    """What a number is whose submission brought no id for it."""
    return lang.say(_SUBMISSION_WORDS[state])


def outcome(lang: Language, line: CallLine) -> tuple[str, Markup]:
    """The sign and the words for a call as it now is."""
    call = line.call
    if call.status is CallStatus.PLANNED:
        return _PLANNED_ICONS.get(line.submission, "🕘"), submission_word(lang, line.submission)
    if call.status is CallStatus.SKIPPED:
        return _ICONS[call.status], skipped.outcome(call.skip_reason, lang)
    return _ICONS.get(call.status, "🔹"), status_word(lang, call.status, call.word)


def icon(status: CallStatus) -> str:
    """The sign that stands beside the words of a status."""
    return _ICONS.get(status, "🔹")


def outcome_icon(of: CallOutcome) -> str:
    """The sign of what became of a number."""
    return icon(of.status) if of.submission is None else _PLANNED_ICONS.get(of.submission, "🕘")


def outcome_word(lang: Language, of: CallOutcome) -> Markup:
    """What became of a number, in a word or two; all unknown words together are "other"."""
    if of.submission is not None:
        return submission_word(lang, of.submission)
    return status_word(lang, of.status, lang.say("other"))


def number(e164: str) -> str:
    """A number in its national form, as people write it; of a redacted one its beginning.

    The sentence that it is put into masks it, where its reader is not to see it.
    """
    return escape(e164[:REDACTED]) if e164.startswith("#") else national(e164)


def in_file(e164: str, lang: Language) -> str:
    """A number as a file has it: E.164 that programs can read, or as it is shown, if masked."""
    if e164.startswith("#"):
        return e164[:REDACTED]
    return lang.free(national(e164)) if lang.masked else e164


def who(lang: Language, call: Call) -> Markup:
    """The number of a call, and whose it is where that is known."""
    return named(lang, call.number, call.name)


def named(lang: Language, e164: str, name: str | None) -> Markup:
    """A number and whose it is.

    The name comes from files and contact cards, so anything can be in it: it is shown in one
    line, not long, and with its direction shut.
    """
    shown = clean_name(name, LONGEST_NAME) if name else ""
    if not shown:
        return lang.say("{number}", number=number(e164))
    return lang.say("{number} {name}", number=number(e164), name=lang.name(shown))


def line(lang: Language, of: CallLine) -> Markup:
    """A call in a list: number, name, outcome, and its id, which a tap copies."""
    sign, words = outcome(lang, of)
    if of.call.gateway_id is None:
        return lang.say(
            "{sign} {number} · {words}", sign=sign, number=who(lang, of.call), words=words
        )
    return lang.say(
        "{sign} {number} · {words} · <code>{id}</code>",
        sign=sign,
        number=who(lang, of.call),
        words=words,
        id=of.call.gateway_id,
    )
