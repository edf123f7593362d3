"""What did not go as planned, in words: what happened, and what did not."""

from dataclasses import replace

import pytest

from bot.gateway.models import UnknownReason
from bot.texts.board import board
from storage.models import BatchState, CallStatus, SkipReason, SubmissionState
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    Part,
    call_id,
    lines_of,
    part,
    pick_of,
    unmatched_of,
    view_of,
)

S, C = SubmissionState, CallStatus
FINISHED = {"state": BatchState.FINISHED}
FIND_OUT = "Find out whether they rang, and press it. Pressing calls nobody."


def says(*parts: Part, **facts: object) -> list[str]:
    """The lines of a finished board below heading and state, without the list of calls."""
    view = view_of(*parts, **{"batch": FINISHED, **facts})  # type: ignore[arg-type]
    return lines_of(board(replace(view, calls=()), ENGLISH, NOW))[2:]


@pytest.mark.parametrize(
    ("reason", "status", "why"),
    [
        (UnknownReason.NO_ANSWER, None, "The gateway did not answer in time."),
        (UnknownReason.CUT, None, "The connection to the gateway broke."),
        (
            UnknownReason.SERVER_ERROR,
            502,
            "The gateway answered with an error of its own (HTTP 502).",
        ),
        (
            UnknownReason.REDIRECTED,
            307,
            "The gateway pointed to another address, which is not followed.",
        ),
        (UnknownReason.TOO_LARGE, 200, "The gateway's answer was too large to be read."),
        (
            UnknownReason.INTERRUPTED,
            None,
            "I was interrupted before the gateway's answer came.",
        ),
        (UnknownReason.NOT_UNDERSTOOD, 200, "The gateway's answer could not be understood."),
        ("a word of tomorrow", None, "The gateway's answer could not be understood."),
    ],
)
def test_unknown_by_each_reason(reason: str, status: int | None, why: str) -> None:
    """An unknown says that these numbers may have rung, that they are not repeated, and why."""
    assert says(part(S.UNKNOWN, 100, reason=reason, http_status=status)) == [
        f"⚠️ 100 numbers may have rung. They are never called again by themselves. {why}",
        FIND_OUT,
    ]
    assert says(part(S.UNKNOWN, 1, reason=reason, http_status=status))[0] == (
        f"⚠️ One number may have rung. It is never called again by itself. {why}"
    )


def test_unknown_does_not_count_skipped_numbers() -> None:
    """A number that was skipped at the claim was not sent, and cannot have rung by it."""
    skipped = part(S.UNKNOWN, 3, C.SKIPPED, C.PLANNED, reason=UnknownReason.CUT)
    assert says(skipped)[0] == (
        "⚠️ 2 numbers may have rung. They are never called again by themselves. "
        "The connection to the gateway broke."
    )


def test_unknown_in_several_parts() -> None:
    """Each part has its heading; beyond three the rest is counted until these are decided."""
    unknown = part(S.UNKNOWN, 10, reason=UnknownReason.CUT)
    sentence = (
        "⚠️ 10 numbers may have rung. They are never called again by themselves. "
        "The connection to the gateway broke."
    )
    assert says(part(S.ACCEPTED, 10), unknown)[2:] == ["Part 2", sentence, FIND_OUT]
    assert says(*[unknown] * 4)[6:] == [
        "⚠️ One more part may have rung; its buttons follow when these are decided.",
        FIND_OUT,
    ]
    assert says(*[unknown] * 9)[6].startswith("⚠️ 6 more parts may have rung;")


def test_refused_with_its_code() -> None:
    """A refusal shows the gateway's code as it stands, escaped, and that nobody was called."""
    assert says(part(S.REFUSED, 1)) == [
        "⛔ The gateway refused one number: InvalidVoice. It was not called."
    ]
    card = board(view_of(part(S.REFUSED, 3, code=HOSTILE), batch=FINISHED), ENGLISH, NOW)
    assert (
        "⛔ The gateway refused 3 numbers: <code>&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}"
        "</code>. None of them was called."
    ) in card.text
    assert says(part(S.REFUSED, 3, code=None))[0].startswith(
        "⛔ The gateway refused 3 numbers: ?."
    )


def test_refused_with_many_codes() -> None:
    """The same code is said once for all its parts; beyond three codes the rest is counted."""
    same = says(part(S.REFUSED, 100), part(S.REFUSED, 20))
    assert same == ["⛔ The gateway refused 120 numbers: InvalidVoice. None of them was called."]
    four = says(*(part(S.REFUSED, 1, code=f"E{n}") for n in range(4)))
    assert four[3:] == [
        "⛔ The gateway refused one more number, with another code. It was not called."
    ]


def test_unsent() -> None:
    """Not sent says that nobody was called, and why."""
    assert says(part(S.UNSENT, 1)) == [
        (
            "📴 One number was not sent: the gateway could not be reached, three times. It was "
            "not called."
        )
    ]
    assert says(part(S.UNSENT, 5)) == [
        (
            "📴 5 numbers were not sent: the gateway could not be reached, three times. None of "
            "them was called."
        )
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (S.RELEASED, "↩️ 6 numbers did not ring, says Bob."),
        (S.LEFT, "⚠️ 6 numbers may have rung; Bob left it at that."),
        (S.ACCEPTED, "☎️ 6 numbers did ring, says Bob."),
    ],
)
def test_decided_by_a_person(state: SubmissionState, said: str) -> None:
    """Who decided what is shown, of one part or under the heading of each."""
    decided = part(state, 6, C.PLANNED, decided_name="Bob")
    assert says(decided) == [said]
    assert says(decided, decided) == ["Part 1", said, "Part 2", said]


def test_many_decisions() -> None:
    """The words of five decisions fit a board; their numbers stand in the list of calls."""
    said = says(*[part(S.RELEASED, 10, decided_name="Bob")] * 8)
    assert said.count("↩️ 10 numbers did not ring, says Bob.") == 5


def test_a_name_beside_a_state_that_nobody_decided_says_nothing() -> None:
    """Only decisions are told as decisions."""
    assert says(part(S.UNSENT, 5, decided_name="Bob"))[0].startswith("📴")


def test_not_confirmed() -> None:
    """Numbers without an id may have rung, and the board says so."""
    assert says(part(S.ACCEPTED, 1, C.NOT_CONFIRMED)) == [
        (
            "❔ One number is not confirmed: no id has come for it. It may have rung, and is not "
            "called again by itself."
        )
    ]
    assert says(part(S.ACCEPTED, 3, C.NOT_CONFIRMED))[0].startswith(
        "❔ 3 numbers are not confirmed: no ids have come for them."
    )


def test_skipped() -> None:
    """Numbers that were taken out say why."""
    assert says(part(S.CANCELLED, 1, C.SKIPPED)) == ["⏭ 1 skipped: it may have rung before."]
    every = {SkipReason.DAILY_LIMIT: 2, SkipReason.DO_NOT_CALL: 3, SkipReason.RANG: 1}
    assert says(part(S.CANCELLED, 6, C.SKIPPED), skipped=every) == [
        "⏭ 1 skipped: it may have rung before.",
        "⏭ 3 skipped: do not call.",
        "⏭ 2 skipped: called as often as one day allows.",
    ]


def test_ids_that_belong_to_no_number() -> None:
    """Nothing that the gateway says was placed is missing from the board."""
    assert says(part(S.ACCEPTED), unmatched=unmatched_of(1))[2:] == [
        "🔹 The gateway's answer also held an id that belongs to none of these numbers: "
        + call_id(1)
    ]
    many = says(part(S.ACCEPTED), unmatched=unmatched_of(7))[2]
    assert many.startswith(
        "🔹 The gateway's answers also held 7 ids that belong to none of these numbers: "
    )
    assert many.count(", ") == 4


def test_evidence() -> None:
    """An id that is being checked, and a call that may belong to two batches, are told."""
    assert says(part(S.LEFT), evidence_waiting=frozenset({1}))[-1] == (
        "🔎 An id that was given for this batch is being checked with the gateway."
    )
    picked = says(
        part(S.LEFT), picks=(pick_of((1, 12), (9, 13)),), evidence_waiting=frozenset({1})
    )
    assert picked == [
        (
            f"🔎 The call {call_id(1)} did ring 09120000001, and may belong to #b12, #b13. Until "
            "a person says which, none of these numbers is called again."
        )
    ]


def test_many_picks() -> None:
    """Beyond three the rest is counted until these are settled."""
    picks = tuple(pick_of((1, 12), (9, 13), evidence_id=n) for n in range(1, 6))
    assert says(part(S.LEFT), picks=picks)[-1] == (
        "🔎 2 more such calls follow when these are settled."
    )
    assert says(part(S.LEFT), picks=picks[:4])[-1] == (
        "🔎 One more such call follows when these are settled."
    )


def test_follow_ups_and_repeats() -> None:
    """A follow-up names what it follows, and the other way round; repeats are counted."""
    assert says(
        part(S.ACCEPTED),
        batch={**FINISHED, "follows": 7, "followed_as": "try_again", "repeated": 1},
    )[2:] == [
        "↪️ Calls again what did not ring in #b7.",
        "🔁 One repeated number is called only once.",
    ]
    assert says(
        part(S.REFUSED, 1),
        part(S.UNSENT, 1),
        taken_by={1: 14, 2: 13},
        batch={**FINISHED, "repeated": 2},
    )[2:] == [
        "↪️ Called again in #b13.",
        "↪️ Called again in #b14.",
        "🔁 2 repeated numbers are called only once.",
    ]
