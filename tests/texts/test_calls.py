"""One call in words."""

import pytest

from bot.calling.views import CallLine
from bot.texts import calls
from bot.texts.cards import plain
from storage.models import CallStatus, SubmissionState
from tests.texts.scenes import ENGLISH, HOSTILE, call_id, part, view_of

S, C = SubmissionState, CallStatus


def one(state: SubmissionState, status: CallStatus, **facts: object) -> CallLine:
    """A call of this status in a submission of this state."""
    return view_of(part(state, 1, status), call=facts).calls[0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (C.WAITING, "⏳ 09120000001 · waiting"),
        (C.NORMAL, "✅ 09120000001 · answered"),
        (C.NO_ANSWER, "📵 09120000001 · no answer"),
        (C.USER_BUSY, "☎️ 09120000001 · busy"),
        (C.EXPIRED, "⌛ 09120000001 · expired"),
        (C.ERROR, "⛔ 09120000001 · failed"),
        (C.UNKNOWN, "❔ 09120000001 · the gateway does not know"),
        (C.NO_RESULT, "❔ 09120000001 · no result"),
    ],
)
def test_each_status(status: CallStatus, words: str) -> None:
    """Number, status in words, and the full id, which a tap copies."""
    line = calls.line(ENGLISH, one(S.ACCEPTED, status))
    assert line == f"{words} · <code>{call_id(1)}</code>"


def test_a_word_that_we_do_not_know() -> None:
    """It is shown as it stands, escaped; one without a word is a question mark."""
    assert "&lt;b&gt;Sara&lt;/b&gt;" in calls.line(ENGLISH, one(S.ACCEPTED, C.OTHER, word=HOSTILE))
    assert calls.status_word(ENGLISH, C.OTHER) == "?"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (S.QUEUED, "🕘 09120000001 · queued"),
        (S.SENDING, "📤 09120000001 · sending"),
        (S.ACCEPTED, "🕘 09120000001 · not confirmed"),
        (S.REFUSED, "⛔ 09120000001 · refused"),
        (S.UNSENT, "📴 09120000001 · not sent"),
        (S.UNKNOWN, "⚠️ 09120000001 · may have rung"),
        (S.RELEASED, "↩️ 09120000001 · did not ring"),
        (S.LEFT, "⚠️ 09120000001 · may have rung"),
        (S.CANCELLED, "🚫 09120000001 · cancelled"),
    ],
)
def test_a_number_without_an_id_is_what_its_submission_is(
    state: SubmissionState, words: str
) -> None:
    """Before the gateway gave an id, the state of the submission is the number's."""
    assert calls.line(ENGLISH, one(state, C.PLANNED)) == words


def test_not_confirmed_and_skipped() -> None:
    """Both say so, and a skipped number says why."""
    assert calls.line(ENGLISH, one(S.ACCEPTED, C.NOT_CONFIRMED)) == (
        "❔ 09120000001 · not confirmed"
    )
    assert calls.line(ENGLISH, one(S.CANCELLED, C.SKIPPED)) == (
        "⏭ 09120000001 · skipped: it may have rung before"
    )


@pytest.mark.parametrize("status", list(CallStatus))
def test_every_status_has_a_sign_and_a_word(status: CallStatus) -> None:
    """State is said in words and not by a sign alone."""
    sign, words = calls.outcome(ENGLISH, one(S.ACCEPTED, status))
    assert sign
    assert plain(words)
    assert plain(calls.status_word(ENGLISH, status, "X"))
    assert calls.icon(status)


def test_a_redacted_number_stays_redacted() -> None:
    """What was made unreadable is shown as it stands."""
    assert calls.number("#3f9a") == "#3f9a"
    assert calls.number("+982122334455") == "02122334455"
