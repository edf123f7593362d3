"""What is said about a second person."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.calling.approvals import Seen
from bot.calling.drafts import Closed, Content, Estimate
from bot.calling.errors import (
    AlreadyDoneError,
    ApprovalNeededError,
    AuthorGoneError,
    CallingError,
    ChatOffError,
    ManagerNeededError,
    OwnApprovalError,
    WaitsError,
)
from bot.calling.limits import Limit
from bot.texts import approvals, errors
from bot.texts.cards import TEXT_UNITS, plain
from bot.texts.language import Language
from storage.models import ApprovalAsk, ApprovalKind, Draft, DraftKind, DraftState, Person

ENGLISH = Language("en", ZoneInfo("UTC"))
AT = 1_750_000_000.0  # 15:06
CONTENT = Content(
    voice="text:1",
    spoken="Come at nine.",
    retry_count=1,
    server_id=None,
    numbers=("+989120000001", "+989120000002"),
    list_name="Drivers",
    estimate=Estimate(mean=70_000, low=70_000, high=70_000, batches=1),
    recent=("+989120000001",),
)
DRAFT = Draft(
    id=1,
    token="t",
    kind=DraftKind.CALL,
    state=DraftState.OPEN,
    asked_by="message:1:1",
    author_id=1,
    author_name="Bob",
    chat_id=1,
    thread_id=None,
    reply_to=None,
    message_id=5,
    content=CONTENT.dump(),
    created_at=AT,
    expires_at=AT + 900,
    source_batch_id=None,
    closed_why=None,
    closed_shown=False,
    batch_id=None,
    approval_asked_at=AT,
)
UNTIL = (
    "🕘 Asked at 15:06. Another manager or admin has to approve it until 15:21; otherwise it is "
    "cancelled."
)
SEEN = Seen(draft=DRAFT, content=CONTENT, needs=tuple(Limit), asked=1)
ASK = ApprovalAsk(
    id=1,
    draft_id=1,
    asked_at=AT,
    kind=ApprovalKind.REQUEST,
    chat_id=2,
    thread_id=None,
    reply_to=None,
    message_id=7,
    revision=1,
    shown_revision=0,
    broken=None,
)


def test_all_that_is_to_be_known() -> None:
    """Who asks, for what, why, since when and until when."""
    assert plain(approvals.request(ASK, SEEN, ENGLISH, AT).text).splitlines() == [
        "👥 Bob asks for a second person: call 2 numbers? Nothing is sent yet.",
        "🗣 Come at nine. · 📞 2 numbers · 📇 list “Drivers” · 💰 ≈ 70 Toman",
        "⚠️ It has more numbers than one person launches alone.",
        "⚠️ It may cost more than one person launches alone.",
        "⚠️ It goes out outside the calling hours.",
        "⚠️ One of them got this voice in the last 24 hours, may have, or is about to.",
        UNTIL,
        "🗣 13 characters are read out:",
        "Come at nine.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            replace(CONTENT, window_reason="storm"),
            "🌙 Now, although the calling hours are over: storm",
        ),
        (replace(CONTENT, goes_at=AT + 3600), "🕘 Goes out at 16:06."),
    ],
)
def test_when_it_goes_out(content: Content, words: str) -> None:
    """Outside the window it says why, or when."""
    text = plain(approvals.waiting(replace(SEEN, content=content), ENGLISH, AT).text)
    assert words in text.splitlines()


def test_who_sees_which_buttons() -> None:
    """In private the author may only cancel, who is asked only approve or decline."""
    in_group = approvals.waiting(replace(SEEN, draft=replace(DRAFT, chat_id=-1)), ENGLISH, AT)
    labels = [
        [[one.label for one in row] for row in card.rows]
        for card in (
            approvals.waiting(SEEN, ENGLISH, AT),
            approvals.request(ASK, SEEN, ENGLISH, AT),
            in_group,
        )
    ]
    assert labels == [
        [["✖️ Cancel"]],
        [["✅ Approve 2"], ["⛔ Decline"]],
        [["✅ Approve 2"], ["⛔ Decline", "✖️ Cancel"]],
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"state": DraftState.CONFIRMED, "batch_id": 12},
            "✅ Mia approved what you asked for: see #b12.",
        ),
        (
            {"closed_why": Closed.DECLINED},
            "✖️ Mia declined what you asked for: nobody was called.",
        ),
        ({"closed_why": Closed.PERSON}, "✖️ Mia cancelled what you asked for: nobody was called."),
        (
            {"closed_why": Closed.NOT_APPROVED},
            "⌛ Nobody else approved within 15 minutes what you asked for: nobody was called.",
        ),
        (
            {"closed_why": Closed.AUTHOR_GONE},
            "✖️ You may not launch any more: what you asked for was cancelled,",
        ),
        (
            {"state": DraftState.OPEN, "approval_asked_at": None},
            "🔁 Something has come up since you asked for a second person.",
        ),
    ],
)
def test_what_the_author_is_told(changes: dict[str, object], words: str) -> None:
    """Aloud, whatever became of it by somebody else's word, or by nobody's."""
    over = {"state": DraftState.CANCELLED, "decided_name": "Mia", "decided_at": AT} | changes
    seen = replace(SEEN, draft=replace(DRAFT, **over))  # type: ignore[arg-type]  # its own fields
    card = approvals.word(seen, ENGLISH)
    assert plain(card.text).startswith(words)
    assert card.rows == ()


def test_a_long_text_fits() -> None:
    """Of a spoken text that is too long for a message the beginning is shown."""
    long = replace(CONTENT, spoken="nine " * 900)
    text = plain(approvals.waiting(replace(SEEN, content=long), ENGLISH, AT).text)
    assert len(text) < TEXT_UNITS


def test_who_could_not_be_asked() -> None:
    """Only in a private chat, and only if it is everybody: in a group others read the card."""
    shy = replace(SEEN, unreached=(Person(id=2, name="Mia"),))
    alone = "❗ Nobody could be asked: Mia could approve it, and has not started me."
    assert alone in plain(approvals.waiting(shy, ENGLISH, AT).text)
    for other in (replace(shy, asked=2), replace(shy, draft=replace(DRAFT, chat_id=-1))):
        assert "❗" not in plain(approvals.waiting(other, ENGLISH, AT).text)
    nobody = plain(approvals.waiting(replace(SEEN, asked=0), ENGLISH, AT).text)
    assert "❗ Nobody else here is a manager or an admin" in nobody


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"state": DraftState.CONFIRMED, "batch_id": 12},
            "✅ Approved by Mia at 15:06: see #b12 of Bob.",
        ),
        ({"closed_why": Closed.DECLINED}, "✖️ Declined by Mia at 15:06: nobody was called."),
        ({"closed_why": Closed.PERSON}, "✖️ Cancelled by Mia: nothing was called."),
        (
            {"closed_why": Closed.NOT_APPROVED},
            "⌛ Cancelled: nobody else approved it within 15 minutes. Nobody was called.",
        ),
        (
            {"closed_why": Closed.AUTHOR_GONE},
            "✖️ Cancelled: Bob, who asked for it, may not launch it any more. Nobody was called.",
        ),
        (
            {"approval_asked_at": None},
            "🔁 Something had come up, so Bob was asked about it again; this request is over.",
        ),
    ],
)
def test_what_became_of_it(changes: dict[str, object], words: str) -> None:
    """A request says so in its first line, and has no buttons any more."""
    over = {"state": DraftState.CANCELLED, "decided_name": "Mia", "decided_at": AT} | changes
    seen = replace(SEEN, draft=replace(DRAFT, **over))  # type: ignore[arg-type]  # its own fields
    card = approvals.request(ASK, seen, ENGLISH, AT)
    assert (plain(card.text).splitlines()[0], card.rows) == (words, ())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (WaitsError(DRAFT), "This waits for a second person, so nothing about it can be changed."),
        (OwnApprovalError(), "Nobody approves their own launch: another manager or admin has to."),
        (AuthorGoneError("Bob"), "Bob, who asked for this, may not launch it any more"),
        (ChatOffError(), "The group where this was asked for was taken off the groups"),
        (ManagerNeededError(), "Only managers and admins may do this; nothing was done."),
        (ApprovalNeededError(("approve_cost",)), "This call alone needs another manager's"),
        (AlreadyDoneError(None, "Mia"), "Mia was first; nothing was done here."),
    ],
)
def test_refusals(error: CallingError, words: str) -> None:
    """Each says what was not done, and who can."""
    assert plain(errors.error(error, ENGLISH)).startswith(words)
