"""What is asked before a launch."""

from dataclasses import replace
from typing import Any

import pytest

from bot.calling.drafts import Ask, Closed, Content, Estimate
from bot.calling.numbers import Reason, Uncallable
from bot.calling.results import Asked
from bot.texts import draft, draft_end, own_number, uncallable
from bot.texts.cards import Card, Keyboard, plain
from storage.models import DraftKind, DraftState
from tests.texts.scenes import (
    ENGLISH,
    HOSTILE,
    NOW,
    VOICE,
    draft_of,
    labels_of,
    lines_of,
    units,
    verbs_of,
    voice_of,
)

CONTENT = Content(
    voice=VOICE,
    retry_count=1,
    server_id=None,
    numbers=tuple(f"+98912{n:07d}" for n in range(38)),
)
SARA = {"duplicate_of": 12, "duplicate_at": NOW - 125, "duplicate_by": "Sara"}
TWELVE = CONTENT.numbers[:12]


def asked(*asks: Ask, kind: DraftKind = DraftKind.CALL, **changes: Any) -> Asked:
    """A draft that differs so from a plain one; without a voice it offers those of `voices`."""
    voices = changes.pop("voices", ())
    content = replace(CONTENT, asks=asks, **changes)
    return Asked(draft_id=1, token="t" * 12, content=content, kind=kind, voices=voices)


def card_of(*asks: Ask, page: int = 1, **changes: Any) -> Card:
    """Its card."""
    return draft.card(asked(*asks, **changes), ENGLISH, NOW, page)


def says(*asks: Ask, **changes: Any) -> list[str]:
    """The lines of its card."""
    return lines_of(card_of(*asks, **changes))


def test_a_draft_says_what_would_be_called() -> None:
    """How many, with which voice and options, when and for how much; nothing is sent yet."""
    assert says(Ask.MANY) == [
        "📋 Call 38 numbers? Nothing is sent yet.",
        f"🔊 {VOICE} · one retry",
        "🕘 now · 💰 no estimate yet",
        "📞 09120000000, 09120000001, 09120000002 and 35 more",
    ]
    assert says(numbers=CONTENT.numbers[:1], retry_count=0, server_id="d1") == [
        "📋 Call one number? Nothing is sent yet.",
        f"🔊 {VOICE} · no retry · dialer d1",
        "🕘 now · 💰 no estimate yet",
        "📞 09120000000",
    ]
    assert says(numbers=CONTENT.numbers[:4])[3].endswith(" and one more")
    assert says(retry_count=3)[1] == f"🔊 {VOICE} · 3 retries"


def test_names() -> None:
    """Voice, list and numbers by their names."""
    lines = says(
        voice_name="Shift call",
        list_ref=1,
        list_name="Drivers",
        numbers=CONTENT.numbers[:2],
        names={CONTENT.numbers[0]: "Ali"},
    )
    assert lines[1] == "🔊 Shift call · 📇 list “Drivers” · one retry"
    assert lines[3] == "📞 09120000000 Ali, 09120000001"


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (
            (1_300_000, 1_100_000, 1_600_000, 5),
            "1,300 Toman, 1,100 to 1,600 (from 5 past batches)",
        ),
        ((1_300_000, 1_300_000, 1_300_000, 1), "1,300 Toman (from one past batch)"),
        ((1_300_000, 1_300_000, 1_300_000, 3), "1,300 Toman (from 3 past batches)"),
    ],
)
def test_the_estimate(about: tuple[int, int, int, int], words: str) -> None:
    """The mean, the range of the single batches, and how many it rests on."""
    mean, low, high, batches = about
    estimate = Estimate(mean=mean, low=low, high=high, batches=batches)
    assert says(estimate=estimate)[2] == f"🕘 now · 💰 ≈ {words}"


@pytest.mark.parametrize(
    ("numbers", "recent", "words"),
    [
        (38, 12, "⚠️ 12 of them got this voice in the last 24 hours, may have, or are about to."),
        (38, 1, "⚠️ One of them got this voice in the last 24 hours, may have, or is about to."),
        (38, 38, "⚠️ All 38 got this voice in the last 24 hours, may have, or are about to."),
        (1, 1, "⚠️ It got this voice in the last 24 hours, may have, or is about to."),
    ],
)
def test_who_got_it_lately(numbers: int, recent: int, words: str) -> None:
    """Said in words; where all got it there is nobody left to skip to."""
    chosen = CONTENT.numbers[:numbers]
    card = card_of(numbers=chosen, recent=chosen[:recent])
    assert lines_of(card)[4] == words
    assert ("skip" in verbs_of(card)) == (recent < numbers)


def test_the_buttons() -> None:
    """*Call* stands alone on its row and counts the numbers; the token names this draft."""
    card = card_of()
    assert labels_of(card) == [
        ["✅ Call 38"],
        ["📞 Call me first", "🕘 Later"],
        ["✏️ See / remove", "💾 Save as launch"],
        ["➕ Other voice", "✖️ Cancel"],
    ]
    assert [one.data for row in card.rows for one in row] == [
        "ok:tttttttttttt",
        "first:tttttttttttt",
        "later:tttttttttttt",
        "see:tttttttttttt.1",
        "save:tttttttttttt",
        "choices:tttttttttttt.1",
        "no:tttttttttttt",
    ]
    assert labels_of(card_of(recent=TWELVE))[1] == ["⏭ Skip those 12 → 26"]


def test_after_call_me_first() -> None:
    """It says by which batch, and offers it no more."""
    card = card_of(first=7)
    assert "📞 Your own number is called first, as #b7. This draft waits for you." in lines_of(
        card
    )
    assert "first" not in verbs_of(card)


def test_a_try_again_has_two_buttons() -> None:
    """What surely did not ring is called or not; it is not changed, saved or put off."""
    card = card_of(Ask.TRY_AGAIN, kind=DraftKind.TRY_AGAIN)
    assert labels_of(card) == [["✅ Call 38"], ["✖️ Cancel"]]


def test_which_voice() -> None:
    """Without a voice the card asks for it: six a page, two a row."""
    voices = tuple(voice_of(id=n, name=f"Voice {n}") for n in range(1, 9))
    card = card_of(voice=None, voices=voices)
    assert lines_of(card)[0] == "📋 38 numbers. Which voice? Nothing is sent yet."
    assert labels_of(card) == [
        ["🔊 Voice 1", "🔊 Voice 2"],
        ["🔊 Voice 3", "🔊 Voice 4"],
        ["🔊 Voice 5", "🔊 Voice 6"],
        ["▶"],
        ["🗣 Speak a text", "✏️ See / remove"],
        ["💾 Save as list", "✖️ Cancel"],
    ]
    assert card.rows[0][0].data == "choose:tttttttttttt.1"
    for page in (2, 99):
        last = card_of(voice=None, voices=voices, page=page)
        assert labels_of(last)[:2] == [["🔊 Voice 7", "🔊 Voice 8"], ["◀"]]


def test_another_voice() -> None:
    """What was chosen is named, and *Back* leaves it; a redial goes on with its own."""
    voices = tuple(voice_of(id=n, name=f"Voice {n}") for n in range(1, 3))
    for list_ref, last in (
        (None, [["💾 Save as list", "↩️ Back"], ["✖️ Cancel"]]),
        (4, [["↩️ Back", "✖️ Cancel"]]),
    ):
        chosen = asked(voice_name="Shift call", list_ref=list_ref, voices=voices)
        card = draft.which_voice(chosen, ENGLISH, NOW)
        assert lines_of(card)[:2] == [
            "📋 38 numbers. Which voice? Nothing is sent yet.",
            "Chosen so far: 🔊 Shift call",
        ]
        assert labels_of(card) == [
            ["🔊 Voice 1", "🔊 Voice 2"],
            ["🗣 Speak a text", "✏️ See / remove"],
            *last,
        ]
    assert "choices" not in verbs_of(card_of(Ask.REDIAL))


def test_no_voice_at_all() -> None:
    """Where to add one; a text can be spoken at once."""
    card = card_of(voice=None, numbers=CONTENT.numbers[:1])
    assert lines_of(card)[0] == (
        "📋 One number. Nothing is sent yet. No voice has a name here so far: add one with "
        "/voices, or speak a text."
    )
    assert verbs_of(card) == {"speak", "see", "keep", "no"}


def test_a_list_is_not_saved_again() -> None:
    """A draft of a list does not offer to save it as one."""
    assert "keep" not in verbs_of(card_of(voice=None, list_ref=1, list_name="Drivers"))


def test_no_label_is_longer_than_its_button() -> None:
    """Two in a row of a phone show some twenty characters each, one alone twice as many."""
    voices = tuple(voice_of(id=n, name="W" * 40) for n in range(8))
    for card in (card_of(recent=TWELVE), card_of(voice=None, voices=voices, page=1)):
        for row in labels_of(card):
            assert all(len(label) <= 40 // len(row) for label in row), row


def test_the_own_number_is_asked_for() -> None:
    """In private by a button that shares it, in a group by an alert that is read whole."""
    card = own_number.ask(ENGLISH)
    assert isinstance(card.below, Keyboard)
    assert card.below.contact == card.below.rows[0][0] == "📱 Share my number"
    assert "nothing was called" in lines_of(card)[0]
    assert units(plain(own_number.unknown(ENGLISH))) <= 200


@pytest.mark.parametrize(
    ("ask", "changes", "words"),
    [
        (Ask.REPLY, {}, "↩️ The numbers of the message that you replied to."),
        (
            Ask.REPLY,
            {"reply_left_out": True},
            "↩️ The numbers that you typed; those of the message that you replied to are left out.",
        ),
        (
            Ask.LONG,
            {},
            "✂️ Your text was long; what followed within 3 seconds is joined.",
        ),
        (
            Ask.REST_UNSEEN,
            {},
            (
                "✂️ The text is so long that Telegram may have cut it. A rest could not be "
                "seen here: check the count."
            ),
        ),
        (
            Ask.TRY_AGAIN,
            {},
            "🔁 These surely did not ring. What rings after all until then is skipped.",
        ),
        (Ask.DUPLICATE, SARA, "⚠️ Launched as #b12 2 minutes ago by Sara. Call them again?"),
        (
            Ask.DUPLICATE,
            {"duplicate_of": 12},
            "⚠️ Launched as #b12 less than a minute ago by ?. Call them again?",
        ),
    ],
)
def test_each_reason_to_ask(ask: Ask, changes: dict[str, Any], words: str) -> None:
    """The fifth line says why it is asked; the count speaks for itself."""
    assert says(ask, **changes)[4] == words


def test_several_reasons_and_what_cannot_be_called() -> None:
    """Repeats, all reasons, then each entry with its line and reason."""
    entries = tuple(
        Uncallable(text=f"x{n}", line=n + 1, reason=reason) for n, reason in enumerate(Reason)
    )
    lines = says(Ask.DUPLICATE, Ask.REPLY, Ask.UNCALLABLE, uncallable=entries, repeated=2, **SARA)
    assert lines[4:] == [
        "🔁 2 repeated numbers are called only once.",
        "⚠️ Launched as #b12 2 minutes ago by Sara. Call them again?",
        "↩️ The numbers of the message that you replied to.",
        "⛔ 11 entries cannot be called:",
        "  line 1: x0 – cannot be read",
        "  line 2: x1 – wrong length",
        "  line 3: x2 – a number of another country",
        "  line 4: x3 – this kind of number may not be called",
        "  line 5: x4 – an emergency or short number",
        "  line 6: x5 – letters",
        "  line 7: x6 – has an extension",
        "  line 8: x7 – can be read in two ways",
        "  line 9: x8 – has no number",
        "  line 10: x9 – a formula without a value",
        "  line 11: x10 – in a hidden row",
    ]
    assert "🔁 One repeated number is called only once." in says(repeated=1)


def test_the_file_of_what_cannot_be_called() -> None:
    """Every entry on a line of its own, without markup."""
    entries = (Uncallable("<b>", 3, Reason.LETTERS), Uncallable("112", 4, Reason.SHORT))
    assert uncallable.file(entries, ENGLISH).decode().splitlines() == [
        "line 3: <b> – letters",
        "line 4: 112 – an emergency or short number",
    ]
    assert plain(uncallable.caption(entries, ENGLISH)) == "⛔ 2 entries cannot be called."


@pytest.mark.parametrize(
    ("count", "last"),
    [(21, "  and one more, see the file"), (500, "  and 480 more, see the file")],
)
def test_twenty_entries_are_listed(count: int, last: str) -> None:
    """What cannot be called is listed up to twenty entries, and the rest is counted."""
    entry = Uncallable(text="x", line=1, reason=Reason.LETTERS)
    assert says(uncallable=(entry,) * count)[24:] == ["  line 1: x – letters", last]


def test_what_people_typed_is_escaped() -> None:
    """A voice, a dialer, an entry or a name is never markup."""
    content = replace(
        CONTENT,
        voice=HOSTILE,
        server_id=HOSTILE,
        asks=(Ask.DUPLICATE,),
        duplicate_of=12,
        duplicate_by=HOSTILE,
        uncallable=(Uncallable(text=HOSTILE, line=1, reason=Reason.LETTERS),),
    )
    made = Asked(draft_id=1, token="token", content=content)
    text = draft.card(made, ENGLISH, NOW).text
    assert text.count("&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}") == 4
    assert "<b>Sara" not in text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"state": DraftState.EXPIRED},
            "⌛ Cancelled after 15 minutes without an answer: nothing was called.",
        ),
        (
            {"state": DraftState.CANCELLED, "closed_why": Closed.PERSON},
            "✖️ Cancelled by Sara: nothing was called.",
        ),
        (
            {"state": DraftState.CANCELLED, "closed_why": Closed.EVIDENCE},
            (
                "✖️ Cancelled: word has come that some of these numbers may have rung after "
                "all. Nothing was called. Their batch says more."
            ),
        ),
        (
            {"state": DraftState.CANCELLED, "closed_why": Closed.NOTHING_LEFT},
            (
                "✖️ Nothing was called: all of it was tried again by somebody else, or may have "
                "rung after all."
            ),
        ),
    ],
)
def test_a_closed_draft(facts: dict[str, object], words: str) -> None:
    """What stands in place of a draft says that nothing was called."""
    assert lines_of(draft_end.closed(draft_of(**facts), ENGLISH)) == [words]


def test_an_expired_draft_can_be_made_again() -> None:
    """But for what follows another batch, and what somebody has cancelled."""
    gone = draft_of(state=DraftState.EXPIRED, token="t" * 12)
    card = draft_end.closed(gone, ENGLISH)
    assert [(one.label, one.data) for row in card.rows for one in row] == [
        ("🔁 Make it again", "remake:tttttttttttt")
    ]
    for other in (
        replace(gone, kind=DraftKind.TRY_AGAIN),
        replace(gone, source_batch_id=7),
        replace(gone, state=DraftState.CANCELLED),
    ):
        assert draft_end.closed(other, ENGLISH).rows == ()


def test_more_than_one_batch_may_have() -> None:
    """They can be kept as a list, and nothing else."""
    card = card_of(voice=None, above=20)
    assert lines_of(card) == [
        (
            "These are 38 numbers, and one batch may have 20 at most; nothing was called. Send "
            "them in several batches, or keep them as a list."
        )
    ]
    assert labels_of(card) == [["💾 Save as list", "✖️ Cancel"]]
