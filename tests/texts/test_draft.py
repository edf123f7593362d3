"""What is asked before a launch."""

from dataclasses import replace

import pytest

from bot.calling.drafts import Ask, Closed, Content
from bot.calling.numbers import Reason, Uncallable
from bot.texts import draft
from storage.models import DraftState
from tests.texts.scenes import ENGLISH, HOSTILE, NOW, VOICE, draft_of, labels_of, lines_of

CONTENT = Content(
    voice=VOICE,
    retry_count=1,
    server_id=None,
    numbers=tuple(f"+98912{n:07d}" for n in range(38)),
)
SARA = {"duplicate_of": 12, "duplicate_at": NOW - 125, "duplicate_by": "Sara"}


def says(*asks: Ask, **changes: object) -> list[str]:
    """The lines of a draft's card."""
    content = replace(CONTENT, asks=asks, **changes)  # type: ignore[arg-type]
    return lines_of(draft.draft(content, "token", ENGLISH, NOW))


def test_a_draft_says_what_would_be_called() -> None:
    """How many, with which voice and options, and that nothing is sent yet."""
    assert says(Ask.MANY) == [
        "📋 Call 38 numbers? Nothing is sent yet.",
        f"🔊 {VOICE} · one retry",
        "📞 09120000000, 09120000001, 09120000002 and 35 more",
    ]
    assert says(numbers=CONTENT.numbers[:1], retry_count=0, server_id="d1") == [
        "📋 Call one number? Nothing is sent yet.",
        f"🔊 {VOICE} · no retry · dialer d1",
        "📞 09120000000",
    ]
    assert says(numbers=CONTENT.numbers[:4])[2].endswith(" and one more")
    assert says(retry_count=3)[1] == f"🔊 {VOICE} · 3 retries"


def test_a_draft_has_two_buttons() -> None:
    """*Call* stands alone on its row and counts the numbers; the token names this draft."""
    card = draft.draft(CONTENT, "token", ENGLISH, NOW)
    assert labels_of(card) == [["✅ Call 38"], ["✖️ Cancel"]]
    assert [row[0].data for row in card.rows] == ["ok:token", "no:token"]


@pytest.mark.parametrize(
    ("ask", "changes", "words"),
    [
        (
            Ask.VOICE,
            {"voice": "hello"},
            "⚠️ hello does not look like a voice id (32 hex digits). Call with it all the same?",
        ),
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
def test_each_reason_to_ask(ask: Ask, changes: dict[str, object], words: str) -> None:
    """The fourth line says why it is asked; the count speaks for itself."""
    assert says(ask, **changes)[3] == words


def test_several_reasons_and_what_cannot_be_called() -> None:
    """All reasons are told, then repeats, then each entry with its line and reason."""
    entries = tuple(
        Uncallable(text=f"x{n}", line=n + 1, reason=reason) for n, reason in enumerate(Reason)
    )
    assert says(Ask.DUPLICATE, Ask.REPLY, Ask.UNCALLABLE, uncallable=entries, repeated=2, **SARA)[
        3:
    ] == [
        "⚠️ Launched as #b12 2 minutes ago by Sara. Call them again?",
        "↩️ The numbers of the message that you replied to.",
        "🔁 2 repeated numbers are called only once.",
        "⛔ 8 entries cannot be called:",
        "  line 1: x0 – cannot be read",
        "  line 2: x1 – wrong length",
        "  line 3: x2 – a number of another country",
        "  line 4: x3 – this kind of number may not be called",
        "  line 5: x4 – an emergency or short number",
        "  line 6: x5 – letters",
        "  line 7: x6 – has an extension",
        "  line 8: x7 – can be read in two ways",
    ]


@pytest.mark.parametrize(
    ("count", "last"),
    [(21, "  and one more, see the file"), (500, "  and 480 more, see the file")],
)
def test_twenty_entries_are_listed(count: int, last: str) -> None:
    """What cannot be called is listed up to twenty entries, and the rest is counted."""
    entry = Uncallable(text="x", line=1, reason=Reason.LETTERS)
    assert says(uncallable=(entry,) * count)[23:] == ["  line 1: x – letters", last]


def test_what_people_typed_is_escaped() -> None:
    """A voice, a dialer, an entry or a name is never markup."""
    content = replace(
        CONTENT,
        voice=HOSTILE,
        server_id=HOSTILE,
        asks=(Ask.VOICE, Ask.DUPLICATE),
        duplicate_of=12,
        duplicate_by=HOSTILE,
        uncallable=(Uncallable(text=HOSTILE, line=1, reason=Reason.LETTERS),),
    )
    text = draft.draft(content, "token", ENGLISH, NOW).text
    assert text.count("&lt;b&gt;Sara&lt;/b&gt; &amp; &#34;Bob&#34; {who}") == 5
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
    """What stands in place of a draft says that nothing was called, and has no button."""
    card = draft.closed(draft_of(**facts), ENGLISH)
    assert (lines_of(card), card.rows) == ([words], ())
