"""What a chat is told of a batch in a message of its own: its end, a hold, the deadline."""

from typing import Any

import pytest

from bot.texts import ending
from bot.texts.cards import Card, plain
from storage.models import BatchState, CallStatus, HoldReason, StopReason, SubmissionState
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    VOICE,
    Part,
    fits_telegram,
    labels_of,
    lines_of,
    part,
    pick_of,
    summary_of,
    view_of,
)

S, C, B = SubmissionState, CallStatus, BatchState
FINISHED = {"state": B.FINISHED}
STOPPED = {"state": B.STOPPED, "stop_reason": StopReason.PERSON, "stop_name": "Bob"}
HELD = {"state": B.HELD, "hold_no": 3, "hold_reason": HoldReason.UNKNOWN}
FILES = ["📄 CSV", "📊 XLSX", "🔎 Numbers"]
MOSTLY = part(
    S.ACCEPTED, 38, C.EXPIRED, C.USER_BUSY, C.USER_BUSY, *[C.NO_ANSWER] * 6, *[C.NORMAL] * 29
)


def end(*parts: Part, **facts: Any) -> Card:
    """The end message of these parts."""
    return ending.end(summary_of(*parts, **{"batch": FINISHED, **facts}), ENGLISH, NOW)


def test_the_end_of_a_batch() -> None:
    """Totals, share, talk, cost and duration; who was not reached, then who was, folded."""
    card = end(MOSTLY, call={"price": 30_000, "bill_sec": 26})
    assert lines_of(card) == [
        "🏁 #b12 · ✅ 29 answered (76%) · 📵 6 no answer · ☎️ 2 busy · ⌛ 1 expired",
        f"{VOICE} · Sara · 18:04",
        "🗣 16 min 28 s of talk, 26 s on average · 💰 1,140 T · ⏱ 4 min 12 s",
        "📵 no answer",
        *[f"0912000000{n} · 26 s" for n in range(4, 10)],
        "☎️ busy",
        "09120000002 · 26 s",
        "09120000003 · 26 s",
        "⌛ expired",
        "09120000001 · 26 s",
        "✅ answered",
        *[f"091200000{n} · 26 s" for n in range(10, 31)],
        "and 8 more: see the CSV",
    ]
    assert "\n<blockquote expandable><b>📵 no answer</b>\n" in card.text
    assert card.text.endswith("see the CSV</blockquote>")
    assert labels_of(card) == [FILES]
    assert [b.data for b in card.rows[0]] == ["csv:12", "xlsx:12", "numbers:12.1"]


def test_thirty_numbers_leave_nothing_out() -> None:
    """The list says that there is more only if there is."""
    assert "more: see" not in end(part(S.ACCEPTED, 30, C.NORMAL)).text
    assert "and one more: see the CSV" in end(part(S.ACCEPTED, 31, C.NORMAL)).text


def test_a_batch_of_one_is_short() -> None:
    """One call is told in three lines, without files."""
    card = end(part(S.ACCEPTED, 1, C.NORMAL), call={"price": 30_000, "bill_sec": 42}, seconds=65.0)
    assert lines_of(card) == [
        "🏁 #b12 · ✅ 09120000001 · answered",
        f"{VOICE} · Sara · 18:04",
        "🗣 42 s of talk · 💰 30 T · ⏱ 1 min 5 s",
    ]
    assert labels_of(card) == []
    silent = end(part(S.ACCEPTED, 1, C.NO_ANSWER))
    assert lines_of(silent)[::2] == ["🏁 #b12 · 📵 09120000001 · no answer", "⏱ 4 min 12 s"]


def test_nobody_answered() -> None:
    """That nobody did is said in so many words."""
    assert lines_of(end(part(S.ACCEPTED, 5, C.NO_ANSWER)))[0] == (
        "🏁 #b12 · ✅ 0 answered (0%) · 📵 5 no answer"
    )


def test_stopped() -> None:
    """Who stopped it, what was not sent; the share is of what was placed."""
    card = end(part(S.ACCEPTED, 4, C.NORMAL), part(S.CANCELLED, 27), batch=STOPPED)
    assert lines_of(card)[:4] == [
        "🏁 #b12 · ✅ 4 answered (100%) · 🚫 27 cancelled",
        f"{VOICE} · Sara · 18:04",
        "⏱ 4 min 12 s",
        "⏹ Stopped by Bob; 27 numbers were not sent.",
    ]


def test_nothing_placed() -> None:
    """A batch that was refused as a whole has an end, too, and can be tried again."""
    card = end(part(S.REFUSED, 6), try_again=6)
    assert lines_of(card)[:3] == [
        "🏁 #b12 · ⛔ 6 refused",
        f"{VOICE} · Sara · 18:04",
        "⛔ The gateway refused 6 numbers: InvalidVoice. None of them was called.",
    ]
    assert labels_of(card) == [["🔁 Try again: 6"], FILES]


def test_an_unknown_submission_is_named_with_its_decisions() -> None:
    """What waits for a person stands in the end message, with the buttons that decide it."""
    card = end(part(S.ACCEPTED, 5, C.NORMAL), part(S.UNKNOWN, 100, reason="no_answer"))
    said = lines_of(card)
    assert said[0] == "🏁 #b12 · ✅ 5 answered (100%) · ⚠️ 100 may have rung"
    assert said[3:6] == [
        "Part 2",
        (
            "⚠️ 100 numbers may have rung. They are never called again by themselves. The gateway "
            "did not answer in time."
        ),
        "Find out whether they rang, and press it. Pressing calls nobody.",
    ]
    assert labels_of(card) == [["2: It rang", "2: It did not ring"], ["2: Leave it"], FILES]


def test_a_call_that_may_belong_to_two_batches() -> None:
    """The end message offers the pick, too."""
    card = end(part(S.LEFT, 5), picks=(pick_of((1, 12), (2, 13)),))
    assert labels_of(card) == [["It was #b12", "It was #b13"], FILES]


def test_what_changed_later() -> None:
    """A call that waits again, or has no result, is counted as such."""
    card = end(part(S.ACCEPTED, 5, C.NO_RESULT, C.WAITING, C.NORMAL), call={"price": 1000})
    assert lines_of(card)[0] == ("🏁 #b12 · ✅ 3 answered (60%) · ⏳ 1 waiting · ❔ 1 no result")
    assert "💰 5 T so far" in card.text


def test_a_word_that_we_do_not_know_stands_beside_its_number() -> None:
    """It is shown as it came, escaped."""
    card = end(part(S.ACCEPTED, 2, C.OTHER), call={"word": "<b>RINGING"})
    assert "09120000001 · &lt;b&gt;RINGING" in card.text


def test_names_are_escaped() -> None:
    """A name with markup is shown as it is."""
    card = end(MOSTLY, batch={**FINISHED, "author_name": HOSTILE})
    assert "&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}" in card.text


@pytest.mark.parametrize("state", list(S))
def test_the_worst_end_fits_a_message(state: SubmissionState) -> None:
    """A thousand numbers, long names, long codes and every button."""
    facts: dict[str, Any] = {"decided_name": "😀" * 64} if state is not S.REFUSED else {}
    if state is S.REFUSED:
        facts["code"] = "&" * 200
    word = C.OTHER if state is S.ACCEPTED else C.PLANNED
    card = end(
        *[part(state, 100, word, **facts)] * 10,
        batch={**FINISHED, "author_name": "😀" * 64, "voice": "&" * 64},
        call={"word": "😀" * 200, "gateway_id": "&" * 64},
        try_again=1000,
        picks=tuple(
            pick_of(*((n, 10**9 + n) for n in range(20)), evidence_id=i) for i in range(9)
        ),
    )
    assert fits_telegram(card) == []


def test_a_list_that_does_not_fit_is_left_out() -> None:
    """Where the numbers would make the message too long, it goes out without them."""
    card = end(part(S.ACCEPTED, 30, C.OTHER), call={"word": "x" * 200})
    assert "blockquote" not in card.text
    assert labels_of(card) == [FILES]


def held(*parts: Part, hold_no: int = 3, **facts: Any) -> Card:
    """What is told of a hold of these parts."""
    view = view_of(*parts, **{"batch": HELD, **facts})
    return ending.held(view, hold_no, ENGLISH, NOW)


def test_held() -> None:
    """Why it waits, what may have rung, what was not sent, and the buttons that resolve it."""
    card = held(part(S.UNKNOWN, 100, reason="no_answer"), part(S.QUEUED, 200))
    assert lines_of(card) == [
        f"#b12 · {VOICE} · Sara · 18:04",
        "⏸ Held: one answer did not come.",
        "Part 1",
        (
            "⚠️ 100 numbers may have rung. They are never called again by themselves. The gateway "
            "did not answer in time."
        ),
        "Find out whether they rang, and press it. Pressing calls nobody.",
        "⏸ 200 numbers are not sent.",
    ]
    assert labels_of(card) == [
        ["1: It rang", "1: It did not ring"],
        ["1: Leave it"],
        ["▶ Send the other 200", "⏹ Stop"],
    ]
    assert card.rows[2][0].data == "rest:12.3"


def test_a_decided_part_can_be_tried_again() -> None:
    """After *It did not ring* the same message offers the follow-up."""
    card = held(part(S.RELEASED, 100), part(S.QUEUED, 200), try_again=100)
    assert labels_of(card) == [["▶ Send the other 200", "⏹ Stop"], ["🔁 Try again: 100"]]


@pytest.mark.parametrize(
    ("state", "batch", "said"),
    [
        (S.QUEUED, {"state": B.RUNNING}, "📤 Sending: 0 of 2 numbers are at the gateway."),
        (S.CANCELLED, STOPPED, "⏹ Stopped by Bob; 2 numbers were not sent."),
        (S.QUEUED, {**HELD, "hold_no": 4}, "⏸ Held: one answer did not come."),
    ],
)
def test_a_hold_that_is_over(state: SubmissionState, batch: dict[str, Any], said: str) -> None:
    """It says so, and what the batch is now; its buttons are gone."""
    card = held(part(state, 2), batch=batch)
    assert lines_of(card)[1:] == ["▶ This hold is over.", said]
    assert labels_of(card) == []


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (
            1,
            (
                "⏳ #b12 · one call still has no result, 30 minutes after the last was sent. I "
                "ask about it for 24 hours and tell you when the batch has ended."
            ),
        ),
        (
            3,
            (
                "⏳ #b12 · 3 calls still have no result, 30 minutes after the last was sent. I "
                "ask about them for 24 hours and tell you when the batch has ended."
            ),
        ),
    ],
)
def test_the_deadline(waiting: int, said: str) -> None:
    """How many calls still wait, and what happens now; their numbers are a tap away."""
    view = view_of(part(S.ACCEPTED, 5, *[C.WAITING] * waiting, C.NORMAL), batch=FINISHED)
    card = ending.deadline(view, ENGLISH)
    assert plain(card.text) == said
    assert [(b.label, b.data) for b in card.rows[0]] == [("🔎 Numbers", "numbers:12.1.waiting")]


def test_the_deadline_where_no_call_simply_waits() -> None:
    """Calls that are open with another word are shown among all."""
    view = view_of(part(S.ACCEPTED, 5, C.OTHER), batch=FINISHED)
    assert ending.deadline(view, ENGLISH).rows[0][0].data == "numbers:12.1"


def test_the_chart() -> None:
    """The outcomes in the order of the board, each in its colour; times from the launch."""
    chart = ending.chart(summary_of(MOSTLY, batch=FINISHED), ENGLISH)
    assert (chart.title, chart.bars_title) == ("b12: 38 numbers", "What became of them")
    assert [(bar.label, bar.count) for bar in chart.bars] == [
        ("answered", 29),
        ("no answer", 6),
        ("busy", 2),
        ("expired", 1),
    ]
    assert len({bar.colour for bar in chart.bars}) == 4
    assert chart.bars[0].colour == chart.colour
    assert (chart.until, chart.time_label) == (252 / 60, "minutes since the launch")
    assert chart.answered[-1] == 28 / 60


def test_the_chart_has_eight_bars_at_most() -> None:
    """Where there are more outcomes the rarest are one bar; no number is left out."""
    every = [C.NORMAL, C.NO_ANSWER, C.USER_BUSY, C.WAITING, C.EXPIRED, C.ERROR, C.UNKNOWN]
    counts = (3, 40, 5, 6, 7, 8, 9)
    parts = [part(S.ACCEPTED, n, status) for n, status in zip(counts, every, strict=True)]
    eight = ending.chart(summary_of(*parts, part(S.REFUSED, 2)), ENGLISH).bars
    assert [bar.count for bar in eight] == [*counts, 2]
    nine = ending.chart(summary_of(*parts, part(S.UNKNOWN, 20), part(S.REFUSED, 2)), ENGLISH).bars
    assert [bar.count for bar in nine] == [40, 5, 6, 7, 8, 9, 20, 5]
    assert nine[-1].label == "all others"


@pytest.mark.parametrize(
    ("seconds", "label"),
    [
        (0.0, "seconds since the launch"),
        (179.0, "seconds since the launch"),
        (180.0, "minutes since the launch"),
        (20_000.0, "hours since the launch"),
    ],
)
def test_the_chart_counts_time_in_a_fitting_unit(seconds: float, label: str) -> None:
    """Seconds, minutes or hours."""
    chart = ending.chart(summary_of(MOSTLY, batch=FINISHED, seconds=seconds), ENGLISH)
    assert chart.time_label == label


def test_the_chart_has_no_sign_that_its_letters_lack() -> None:
    """No emoji, whatever the outcomes are."""
    every = [part(S.ACCEPTED, 1, status) for status in C if status is not C.PLANNED]
    chart = ending.chart(summary_of(*every, *(part(state, 1) for state in S)), ENGLISH)
    words = [chart.title, chart.bars_title, chart.answered_title, *(b.label for b in chart.bars)]
    assert all(word.isascii() for word in words)
    assert plain(ending.chart_caption(summary_of(MOSTLY).view).text) == "#b12"
