"""What the board says first: the state, in words."""

import pytest

from bot.texts.board import board
from storage.models import BatchState, CallStatus, HoldReason, StopReason, SubmissionState
from tests.texts.scenes import (
    ENGLISH,
    FULL,
    HOSTILE,
    NOW,
    PAUSED,
    PERSIAN,
    VOICE,
    Part,
    lines_of,
    part,
    view_of,
)

S, C = SubmissionState, CallStatus
FINISHED = {"state": BatchState.FINISHED}
HELD = {"state": BatchState.HELD, "hold_no": 1}


def says(*parts: Part, **facts: object) -> list[str]:
    """The lines of a board below its heading."""
    return lines_of(board(view_of(*parts, **facts), ENGLISH, NOW))[1:]  # type: ignore[arg-type]


def test_the_heading_names_batch_voice_author_and_hour() -> None:
    """The first line tells which batch this is: a tappable number, voice, person, hour."""
    card = board(view_of(part(S.QUEUED)), ENGLISH, NOW)
    assert lines_of(card)[0] == f"#b12 · {VOICE} · Sara · 18:04"
    assert card.text.startswith(f"<b>#b12</b> · <code>{VOICE}</code> · ")


def test_the_second_line_is_the_state() -> None:
    """State first: nothing stands between the heading and the state."""
    lines = lines_of(board(view_of(part(S.SENDING)), ENGLISH, NOW))
    assert lines[1] == "📤 Sending: 0 of 3 numbers are at the gateway."


def test_running() -> None:
    """A running batch says how many numbers the gateway has."""
    assert says(part(S.SENDING, 1))[0] == "📤 Sending: the number is not at the gateway yet."
    several = says(part(S.ACCEPTED, 100), part(S.SENDING, 100), part(S.QUEUED, 50))
    assert several[0] == "📤 Sending: 100 of 250 numbers are at the gateway."


def test_after_a_failed_attempt() -> None:
    """While the gateway cannot be reached, the board says so and that nothing was sent."""
    assert says(part(S.QUEUED, 3, attempts=1))[0] == (
        "🔄 The gateway cannot be reached (attempt 1 of 3). Nothing was sent; it is tried again "
        "in a moment."
    )
    several = says(part(S.ACCEPTED, 100), part(S.QUEUED, 3, attempts=2))
    assert several[0] == (
        "🔄 The gateway cannot be reached (attempt 2 of 3). Nothing of part 2 was sent; it is "
        "tried again in a moment."
    )


def test_running_while_launching_is_paused() -> None:
    """What waits for the end of a pause says why it waits, and what ends it."""
    assert says(part(S.QUEUED), pauses=(PAUSED,))[0] == (
        "⏸ 3 numbers wait. Launching is paused: the gateway refuses our token. An admin renews "
        "BITEL_TOKEN, starts me again and sends /unpause."
    )
    assert "the disk refuses writes" in says(part(S.QUEUED, 1), pauses=(PAUSED, FULL))[0]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (HoldReason.UNKNOWN, "⏸ Held: one answer did not come."),
        (HoldReason.REFUSED, "⏸ Held: the gateway refused a part."),
        (HoldReason.UNSENT, "⏸ Held: a part could not be sent."),
        (
            HoldReason.AWAY,
            "⏸ Held: I was away, and do not send by myself what waited for more than 10 minutes.",
        ),
        (HoldReason.EVIDENCE, "⏸ Held: some of these numbers may have rung after all."),
        (
            HoldReason.RESTORED,
            "⏸ Held: an older database was restored; what it calls not sent may have been sent.",
        ),
        (HoldReason.PERSON, "⏸ Held by Bob."),
    ],
)
def test_held_with_each_reason(reason: HoldReason, said: str) -> None:
    """A held batch says why it waits, and how much is not sent."""
    lines = says(part(S.QUEUED, 200), batch={**HELD, "hold_reason": reason, "hold_name": "Bob"})
    assert lines[:2] == [said, "⏸ 200 numbers are not sent."]


def test_held_or_stopped_while_something_is_on_its_way() -> None:
    """What was claimed before *Hold* or *Stop* may still ring, and the board says so."""
    held = says(
        part(S.SENDING, 100),
        part(S.QUEUED, 1),
        batch={**HELD, "hold_reason": HoldReason.PERSON, "hold_name": "Bob"},
    )
    assert held[:3] == [
        "⏸ Held by Bob.",
        "📤 100 numbers were on their way already and may still ring.",
        "⏸ One number is not sent.",
    ]
    stopped = {"state": BatchState.STOPPED, "stop_reason": StopReason.PERSON, "stop_name": "Bob"}
    assert says(part(S.SENDING, 1), part(S.CANCELLED, 2), batch=stopped)[:2] == [
        "⏹ Stopped by Bob; 2 numbers were not sent.",
        "📤 One number was on its way already and may still ring.",
    ]


def test_stopped() -> None:
    """A stopped batch says by whom, or that it was held for too long, and what was not sent."""
    long_held = {"state": BatchState.STOPPED, "stop_reason": StopReason.HELD_TOO_LONG}
    assert says(part(S.CANCELLED, 1), batch=long_held)[0] == (
        "⏹ Stopped after 24 hours on hold; one number was not sent."
    )
    assert says(part(S.ACCEPTED, 100), part(S.CANCELLED, 40), batch=long_held)[0] == (
        "⏹ Stopped after 24 hours on hold; 40 numbers were not sent."
    )


def test_held_again() -> None:
    """Who sent it on before is no news any more: the board says who holds it."""
    again = {**HELD, "hold_reason": HoldReason.PERSON, "hold_name": "Bob", "resumed_name": "Ann"}
    held = says(part(S.ACCEPTED, 1), part(S.QUEUED, 1), batch=again)
    assert held[0] == "⏸ Held by Bob."
    assert not [line for line in held if "Sent on by" in line]
    on = {"state": BatchState.RUNNING, "resumed_name": "Ann"}
    assert "▶ Sent on by Ann." in says(part(S.ACCEPTED, 1), part(S.QUEUED, 1), batch=on)


def test_undone() -> None:
    """What was taken back before anything was sent reached nobody; its author says so to all."""
    undone = {"state": BatchState.STOPPED, "stop_reason": StopReason.UNDONE, "stop_name": "Bob"}
    assert says(part(S.CANCELLED, 25), batch=undone)[0] == "↩️ Undone by Bob: nobody was called."


def test_finished() -> None:
    """All numbers at the gateway is said in so many words."""
    assert says(part(S.ACCEPTED, 1), batch=FINISHED)[0] == "✅ The number is at the gateway."
    assert says(part(S.ACCEPTED, 3), batch=FINISHED)[0] == "✅ All 3 numbers are at the gateway."


def test_ended() -> None:
    """Once every call has its result, the board says that they have ended."""
    assert says(part(S.ACCEPTED, 1, C.NO_ANSWER), batch=FINISHED)[0] == "🏁 The call has ended."
    ended = says(part(S.ACCEPTED, 3, C.NORMAL, C.NO_RESULT), batch=FINISHED)
    assert ended[0] == "🏁 All 3 calls have ended."
    assert says(part(S.ACCEPTED, 3, C.NORMAL, C.WAITING), batch=FINISHED)[0] == (
        "✅ All 3 numbers are at the gateway."
    )


def test_finished_with_something_missing() -> None:
    """A finished batch never claims more numbers at the gateway than have an id from it."""
    nothing = "🏁 Nothing is left to send: the gateway has confirmed {} of 3 numbers."
    assert says(part(S.REFUSED), batch=FINISHED)[0] == nothing.format(0)
    assert says(part(S.UNKNOWN), batch=FINISHED)[0] == nothing.format(0)
    mixed = part(S.ACCEPTED, 3, C.SKIPPED, C.WAITING, C.NOT_CONFIRMED)
    assert says(mixed, batch=FINISHED)[0] == nothing.format(1)
    assert says(part(S.ACCEPTED, 3, C.NORMAL, C.NOT_CONFIRMED), batch=FINISHED)[
        0
    ] == nothing.format(1)
    assert says(part(S.UNSENT, 1), batch=FINISHED)[0] == (
        "🏁 Nothing is left to send: the gateway has not confirmed the number."
    )


def test_finished_but_for_the_skipped() -> None:
    """Who was skipped is counted apart, and is nothing that the gateway has not confirmed."""
    for statuses, said in (
        ((C.SKIPPED, C.WAITING), "✅ 2 numbers are at the gateway; 1 skipped."),
        ((C.SKIPPED, C.SKIPPED, C.WAITING), "✅ One number is at the gateway; 2 skipped."),
        ((C.SKIPPED, C.NORMAL), "🏁 All 2 calls have ended; 1 skipped."),
        ((C.SKIPPED, C.SKIPPED, C.NORMAL), "🏁 The call has ended; 2 skipped."),
    ):
        assert says(part(S.ACCEPTED, 3, *statuses), batch=FINISHED)[0] == said


def test_counts_by_outcome() -> None:
    """Each outcome that occurs is counted, in words beside its sign."""
    every = (
        *(C.NORMAL, C.NORMAL, C.NO_ANSWER, C.USER_BUSY, C.WAITING, C.EXPIRED, C.ERROR),
        *(C.UNKNOWN, C.OTHER, C.NO_RESULT),
    )
    assert says(part(S.ACCEPTED, 10, *every), batch=FINISHED)[2] == (
        "✅ 2 answered · 📵 1 no answer · ☎️ 1 busy · ⏳ 1 waiting · ⌛ 1 expired · ⛔ 1 failed · "
        "❔ 1 the gateway does not know · 🔹 1 other · ❔ 1 no result"
    )


def test_names_are_escaped_and_set_apart() -> None:
    """Author, holder and stopper can have any name."""
    author = board(view_of(part(S.QUEUED), batch={"author_name": HOSTILE}), ENGLISH, NOW)
    assert "&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}" in author.text
    held = {**HELD, "hold_reason": HoldReason.PERSON, "hold_name": PERSIAN}
    assert says(part(S.QUEUED), batch=held)[0] == f"⏸ Held by \u2068{PERSIAN}\u2069."
