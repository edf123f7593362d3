"""Redials, chains, repeated and spoken batches: what people read of them."""

from dataclasses import replace

import pytest

from bot.calling.chains import Chain
from bot.calling.drafts import Ask, Content, spoken_voice
from bot.calling.redial import REDIALLED, Redial
from bot.calling.results import Asked
from bot.calling.saying import LONGEST
from bot.texts import board, calls, draft, ending, repeats, spoken
from bot.texts.cards import plain
from storage.models import CallStatus, SubmissionState
from storage.outcomes import CallOutcome
from tests.texts.scenes import (
    ENGLISH,
    NOW,
    PERSIAN,
    VOICE,
    batch_of,
    fits_telegram,
    labels_of,
    lines_of,
    part,
    summary_of,
    verbs_of,
    view_of,
)

S, C = SubmissionState, CallStatus
NUMBERS = tuple(f"+98912{n:07d}" for n in range(1, 10))


def redial_of(*statuses: CallStatus, answered: int = 0, **elsewhere: int) -> Redial:
    """So many numbers of #b12 that were not reached in these ways."""
    return Redial(
        batch=batch_of(),
        numbers=dict(zip(NUMBERS, statuses, strict=False)),
        names={},
        answered=answered,
        elsewhere={int(batch[1:]): count for batch, count in elsewhere.items()},
    )


def asked(**changes: object) -> Asked:
    """A draft of one number."""
    given: dict[str, object] = {"voice": VOICE, "retry_count": 1, "server_id": None}
    content = Content(**(given | {"numbers": NUMBERS[:1]} | changes))  # type: ignore[arg-type]  # by name
    return Asked(draft_id=1, token="t" * 12, content=content)


def test_the_merged_result_of_a_chain() -> None:
    """One line: how many of all were answered, and what became of the others."""
    outcomes = {CallOutcome(C.NORMAL): 36, CallOutcome(C.NO_ANSWER): 2}
    chain = Chain(first=12, batches=3, outcomes=outcomes)
    assert plain(repeats.merged(chain, ENGLISH)) == (
        "🔗 All of #b12 with its follow-ups: ✅ 36 of 38 answered · 2 no answer"
    )
    assert repeats.merged(None, ENGLISH) == ""


def test_the_end_of_a_follow_up() -> None:
    """The chain stands in the end, and who can be redialled below it."""
    chain = Chain(first=9, batches=2, outcomes={CallOutcome(C.NORMAL): 2})
    summary = summary_of(part(S.ACCEPTED, 2, C.NORMAL, C.USER_BUSY), batch={"follows": 9})
    made = ending.end(replace(summary, chain=chain, redial=1), ENGLISH, NOW)
    assert "🔗 All of #b9 with its follow-ups: ✅ 2 of 2 answered" in lines_of(made)
    assert labels_of(made)[0] == ["🔁 Redial one not reached"]
    many = ending.end(replace(summary, redial=1000), ENGLISH, NOW)
    assert labels_of(many)[0] == ["🔁 Redial 1,000 not reached"]
    assert "redial" not in verbs_of(ending.end(summary, ENGLISH, NOW))


def test_follow_ups_are_told_apart() -> None:
    """A redial says whom it calls, a *Try again* what; the first one says where it goes on."""
    ways = {"redial": "↪️ Redials who was not reached in #b9.", "try_again": "↪️ Calls again what"}
    for followed_as, words in ways.items():
        view = view_of(part(S.ACCEPTED), batch={"follows": 9, "followed_as": followed_as})
        assert words in plain(board.board(view, ENGLISH, NOW).text)
    first = view_of(part(S.ACCEPTED), redials=(13, 14))
    assert lines_of(board.board(first, ENGLISH, NOW))[4:6] == [
        "↪️ Redialled in #b13.",
        "↪️ Redialled in #b14.",
    ]


def test_the_choice() -> None:
    """A switch for each way that occurs, and how many the next tap takes."""
    redial = redial_of(C.NO_ANSWER, C.USER_BUSY, C.EXPIRED, C.ERROR, C.ERROR)
    card = repeats.choice(redial, REDIALLED, ENGLISH)
    assert lines_of(card) == ["🔁 #b12: 5 numbers were not reached. Whom do you redial?"]
    assert labels_of(card) == [
        ["☑️ 📵 1 no answer", "☑️ ☎️ 1 busy"],
        ["☑️ ⌛ 1 expired", "☑️ ⛔ 2 failed"],
        ["🔁 Redial 5"],
    ]
    assert [row[0].data for row in card.rows] == [
        "redialby:12.14",
        "redialby:12.11",
        "redraft:12.15",
    ]
    none = repeats.choice(redial, (), ENGLISH)
    assert lines_of(none)[-1] == "Choose at least one way."
    assert len(none.rows) == 2


def test_who_is_left_out_of_a_choice() -> None:
    """Answered since, and under way: by batch, so that it can be looked up."""
    redial = redial_of(C.ERROR, answered=1, b14=2, b13=1)
    assert lines_of(repeats.choice(redial, REDIALLED, ENGLISH)) == [
        "🔁 #b12: one number was not reached. Redial it?",
        "✅ One more was answered in a follow-up.",
        "⏳ One more is being called in #b13, may have rung there, or can be tried again there.",
        "⏳ 2 more are being called in #b14, may have rung there, or can be tried again there.",
    ]
    assert redial.left_out == 4


@pytest.mark.parametrize("number", range(16))
def test_the_ways_in_a_button(number: int) -> None:
    """What a button holds is read back; bits of no meaning are left out."""
    assert repeats.mask(repeats.unmask(number)) == number
    assert repeats.unmask(number + 16) == repeats.unmask(number)


def test_a_draft_that_repeats() -> None:
    """Which batch, and who of it may still ring or is left out."""
    again = asked(asks=(Ask.AGAIN,), repeats=12, may_ring=2)
    assert "🔁 The same as #b12." in lines_of(draft.card(again, ENGLISH, NOW))
    assert "⏳ 2 of these may still ring for #b12, or are not sent yet." in lines_of(
        draft.card(again, ENGLISH, NOW)
    )
    quiet = asked(asks=(Ask.AGAIN,), repeats=12)
    assert "may still ring" not in draft.card(quiet, ENGLISH, NOW).text
    redial = asked(asks=(Ask.REDIAL,), repeats=12, left_out=1)
    assert (
        "🔁 Those who were not reached in #b12. One more is left out: answered in a follow-up, or "
        "left to it."
    ) in lines_of(draft.card(redial, ENGLISH, NOW))
    whole = asked(asks=(Ask.REDIAL,), repeats=12)
    assert "🔁 Those who were not reached in #b12." in lines_of(draft.card(whole, ENGLISH, NOW))


def test_who_fell_out() -> None:
    """How many the follow-up left out, and why."""
    assert repeats.fell_out(2, ENGLISH).startswith("2 numbers fell out: they were answered")


def test_a_spoken_text_stands_on_the_card_in_full() -> None:
    """With its length, escaped; folded where it is long."""
    text = "Salaam <b>{name}</b> & all"
    card = draft.card(asked(voice=spoken_voice(text), spoken=text), ENGLISH, NOW)
    assert lines_of(card)[-2:] == ["🗣 26 characters are read out:", text]
    assert "<blockquote>Salaam &lt;b&gt;{name}" in card.text
    long = spoken.paragraph("x" * 201, ENGLISH)
    assert "<blockquote expandable>" in long
    assert "<blockquote expandable>" in spoken.paragraph("a\nb\nc\nd", ENGLISH)
    assert plain(spoken.paragraph("x", ENGLISH)) == "🗣 One character is read out:\nx"


def test_the_longest_spoken_text() -> None:
    """Whatever the text, the card fits a message; what it cannot hold comes as a file."""
    text = "&" * LONGEST
    fits = asked(voice=spoken_voice(text), spoken=text)
    assert text in plain(draft.card(fits, ENGLISH, NOW).text)
    assert draft.text_file(fits, ENGLISH, NOW) is None
    wide = "😀" * LONGEST
    too_wide = asked(voice=spoken_voice(wide), spoken=wide, server_id="&" * 64)
    card = draft.card(too_wide, ENGLISH, NOW)
    assert fits_telegram(card) == []
    assert lines_of(card)[-1] == "The whole text is in the file below."
    assert draft.text_file(too_wide, ENGLISH, NOW) == wide.encode()
    assert spoken.caption(wide, ENGLISH) == "🗣 2,000 characters are read out."
    assert draft.text_file(asked(), ENGLISH, NOW) is None


def test_names_of_numbers() -> None:
    """One line, escaped, its direction shut, forty characters at most; an empty one is none."""
    shown = {
        "Ann": "09120000001 Ann",
        "<b>Ann\u202e\n=1": "09120000001 <b>Ann =1",
        PERSIAN: f"09120000001 \u2068{PERSIAN}\u2069",
        "x" * 41: f"09120000001 {'x' * 39}…",
        "\u200e": "09120000001",
    }
    for name, words in shown.items():
        assert plain(calls.named(ENGLISH, NUMBERS[0], name)) == words
    assert calls.named(ENGLISH, NUMBERS[0], None) == "09120000001"
    assert "<b>" not in calls.named(ENGLISH, NUMBERS[0], "<b>")


def test_names_where_calls_are_told() -> None:
    """On the board, in the end and on the card of a draft."""
    call = {"name": "Ann"}
    view = view_of(part(S.ACCEPTED, 2, C.NO_ANSWER), call=call)
    assert "📵 09120000001 Ann · no answer" in plain(board.board(view, ENGLISH, NOW).text)
    end = ending.end(summary_of(part(S.ACCEPTED, 2, C.NO_ANSWER), call=call), ENGLISH, NOW)
    assert "09120000001 Ann" in lines_of(end)
    one = ending.end(summary_of(part(S.ACCEPTED, 1, C.NO_ANSWER), call=call), ENGLISH, NOW)
    assert lines_of(one)[0] == "🏁 #b12 · 📵 09120000001 Ann · no answer"
    card = draft.card(asked(names={NUMBERS[0]: "Ann"}), ENGLISH, NOW)
    assert "📞 09120000001 Ann" in lines_of(card)
