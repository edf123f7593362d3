"""The calls to one number, or with an id."""

from dataclasses import replace
from typing import Any

from bot.calling.history import History, Sought
from bot.calling.views import CallLine
from bot.texts import history
from bot.texts.cards import plain
from storage.models import CallStatus, SubmissionState
from storage.stores.archive import Sums
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    VOICE,
    batch_of,
    call_id,
    fits_telegram,
    labels_of,
    lines_of,
    part,
    unmatched_of,
    view_of,
)

S, C = SubmissionState, CallStatus
NUMBER = Sought(number="+989120000001")
PREFIX = Sought(prefix="00000")
DAY = 86400.0


def lines(*statuses: CallStatus, batch: dict[str, Any] | None = None) -> tuple[CallLine, ...]:
    """Calls of one batch, each with it."""
    made = view_of(
        part(S.ACCEPTED, len(statuses), *statuses), call={"bill_sec": 72, "price": 34_200}
    )
    return tuple(replace(line, batch=batch_of(**(batch or {}))) for line in made.calls)


def found(of: Sought = NUMBER, **facts: Any) -> History:
    """One answered call on one page."""
    sums = Sums(calls=1, answered=1, talk=72, cost=34_200) if of.number else None
    made = History(of=of, lines=lines(C.NORMAL), page=1, pages=1, total=1, sums=sums)
    return replace(made, **facts)


def test_a_number() -> None:
    """All its calls in figures, then each with outcome, talk time, cost, batch, voice and who."""
    card = history.history(found(), ENGLISH, NOW)
    assert lines_of(card) == [
        "🔎 09120000001 · one call · 1 answered · 1 min 12 s · 34 Toman",
        f"✅ 09120000001 · answered · 1 min 12 s · 34 T · {call_id(1)}",
        f"  #b12 · 18:04 · Sara · {VOICE}",
    ]
    assert card.rows == ()


def test_a_call_that_cost_nothing() -> None:
    """What is not known, or nothing, is not shown."""
    silent = replace(lines(C.NO_ANSWER)[0].call, bill_sec=0, price=None)
    line = replace(lines(C.NO_ANSWER)[0], call=silent)
    shown = lines_of(history.history(found(lines=(line,)), ENGLISH, NOW))
    assert shown[1] == f"📵 09120000001 · no answer · {call_id(1)}"


def test_another_year_is_named() -> None:
    """A call of last year says so, one of another day has its date."""
    for ago, at in ((DAY, "14 Jun 18:04"), (365 * DAY, "15 Jun 2024 18:04")):
        old = found(lines=lines(C.NORMAL, batch={"created_at": NOW - ago}))
        assert f" · {at} · " in lines_of(history.history(old, ENGLISH, NOW))[2]


def test_pages() -> None:
    """The buttons name a call and the page, no number; the last page leads to the first."""
    card = history.history(found(page=3, pages=3, total=25), ENGLISH, NOW)
    assert labels_of(card) == [["◀", "3/3", "▶"]]
    assert [b.data for b in card.rows[0]] == [*("hist:c1.2", "hist:c1.3", "hist:c1.1")]
    first = history.history(found(pages=3), ENGLISH, NOW)
    assert [b.data[-2:] for b in first.rows[0]] == [".3", ".1", ".2"]


def test_an_id() -> None:
    """Calls and ids without a call; that there are many only where there are."""
    one = found(PREFIX, unmatched=((12, unmatched_of(1)[0]),), total=2)
    assert lines_of(history.history(one, ENGLISH, NOW)) == [
        f"✅ 09120000001 · answered · 1 min 12 s · 34 T · {call_id(1)}",
        f"  #b12 · 18:04 · Sara · {VOICE}",
        f"🔹 {call_id(1)} · came with an answer to #b12, for none of its numbers",
    ]
    many = history.history(found(PREFIX, pages=7, total=65), ENGLISH, NOW)
    assert lines_of(many)[0] == (
        "🔎 65 ids begin with 00000. More of its characters find one sooner."
    )
    assert many.rows[0][2].data == "hist:i00000.2"


def test_a_number_without_an_id() -> None:
    """What the gateway has not confirmed stands there without one."""
    planned = lines(C.NOT_CONFIRMED)[0]
    bare = replace(planned, call=replace(planned.call, gateway_id=None, bill_sec=None, price=None))
    shown = lines_of(history.history(found(lines=(bare,)), ENGLISH, NOW))
    assert shown[1] == "❔ 09120000001 · not confirmed"


def test_a_call_without_its_batch() -> None:
    """It is named all the same."""
    alone = tuple(replace(line, batch=None) for line in lines(C.NORMAL))
    assert lines_of(history.history(found(lines=alone), ENGLISH, NOW))[2] == "  #b12"


def test_hostile_names_are_escaped() -> None:
    """Names and voices are shown as they stand."""
    hostile = lines(C.NORMAL, batch={"author_name": HOSTILE, "voice": HOSTILE})
    card = history.history(found(lines=hostile), ENGLISH, NOW)
    assert "<b>Sara" not in str(card.text)
    assert lines_of(card)[2] == f"  #b12 · 18:04 · {HOSTILE} · {HOSTILE}"
    long = history.history(found(lines=lines(C.NORMAL, batch={"voice": "x" * 64})), ENGLISH, NOW)
    assert lines_of(long)[2].endswith(f" · {'x' * 31}…")


def test_a_page_of_the_longest_calls_fits_a_message() -> None:
    """Ten calls with all that makes them long are less than 4,096 units."""
    view = view_of(
        part(S.ACCEPTED, 10, C.OTHER),
        call={"word": "&" * 64, "gateway_id": "<" * 64, "bill_sec": 10**6, "price": 10**9},
    )
    batch = batch_of(id=10**9, author_name="😀" * 64, voice="&" * 64)
    worst = found(
        lines=tuple(replace(line, batch=batch) for line in view.calls),
        sums=Sums(calls=10**6, answered=10**6, talk=10**9, cost=10**12),
        page=10**5,
        pages=10**5,
    )
    assert fits_telegram(history.history(worst, ENGLISH, NOW)) == []


def test_the_answer_to_a_number_without_a_command() -> None:
    """Nothing was called; what is known of it, a button where anything is, and one to call it."""
    known = history.offer(NUMBER, found(total=3), ENGLISH, can_call=True)
    assert lines_of(known) == ["3 calls to 09120000001 are recorded.", "Nothing was called."]
    assert labels_of(known) == [["📞 Call this number"], ["🔎 History"]]
    assert [row[0].data for row in known.rows] == [
        "callone:n989120000001",
        "hist:c1.1",
    ]
    assert plain(history.offer(NUMBER, found(), ENGLISH).text).startswith("One call to 0912")
    unknown = history.offer(NUMBER, None, ENGLISH)
    assert lines_of(unknown) == [
        "No call to 09120000001 is recorded.",
        "Nothing was called, for this kind of number is not called from here.",
    ]
    assert unknown.rows == ()
