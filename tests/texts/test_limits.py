"""Nothing that we send is refused for its size, not even in the worst case."""

from itertools import product
from typing import Any

import pytest

from bot.calling.drafts import Ask, Content
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    NothingFoundError,
    NotYoursError,
    PausedError,
)
from bot.calling.numbers import Reason, Uncallable
from bot.gateway.errors import GatewayError
from bot.gateway.models import UnknownReason
from bot.handlers.commands import COMMANDS
from bot.texts import draft, errors
from bot.texts.board import board
from bot.texts.cards import Card, Verb, button, plain, too_long
from bot.texts.help import help_text
from storage.models import BatchState, CallStatus, HoldReason, SubmissionState
from tests.texts.scenes import (
    ENGLISH,
    FULL,
    NOW,
    PAUSED,
    Part,
    draft_of,
    fits_telegram,
    part,
    pick_of,
    units,
    unmatched_of,
    view_of,
)

S, C = SubmissionState, CallStatus
LONG_NAME = "😀" * 64
LONG_VOICE = "&" * 64
LONG_CALL = {"gateway_id": "<" * 64, "word": "&" * 64}
BIG = {"id": 10**9, "author_name": LONG_NAME, "voice": LONG_VOICE, "hold_name": LONG_NAME}
WORST: dict[SubmissionState, dict[str, Any]] = {
    S.UNKNOWN: {"reason": UnknownReason.REDIRECTED, "http_status": 307},
    S.REFUSED: {"code": "&" * 200},
    S.RELEASED: {"decided_name": LONG_NAME},
    S.LEFT: {"decided_name": LONG_NAME},
    S.ACCEPTED: {"decided_name": LONG_NAME},
}


def hundred(state: SubmissionState, number: int) -> Part:
    """A full part with all that makes its words long."""
    facts = dict(WORST.get(state, {}))
    if "code" in facts:
        facts["code"] = f"{number}{facts['code']}"[:200]
    return part(state, 100, C.OTHER if state is S.ACCEPTED else C.PLANNED, **facts)


@pytest.mark.parametrize("state", list(S))
def test_a_thousand_numbers_that_all_went_the_same_way(state: SubmissionState) -> None:
    """A board of 1,000 numbers in ten parts of one state fits a message, on every page."""
    parts = [hundred(state, number) for number in range(10)]
    for page in (1, 50, 100):
        view = view_of(
            *parts,
            page=page,
            batch=BIG,
            call=LONG_CALL,
            unmatched=unmatched_of(50),
            try_again=1000,
            taken_by={n: 10**9 + n for n in range(10)},
        )
        assert fits_telegram(board(view, ENGLISH, NOW)) == []


def test_every_pair_of_states_with_everything_else_at_once() -> None:
    """So does one whose parts went two ways, with picks and strange ids besides."""
    picks = tuple(
        pick_of(*((n, 10**9 + n) for n in range(20)), evidence_id=number) for number in range(9)
    )
    held = {**BIG, "state": BatchState.HELD, "hold_reason": HoldReason.PERSON}
    for one, other in product(S, repeat=2):
        parts = [hundred(one if n % 2 else other, n) for n in range(10)]
        view = view_of(
            *parts,
            batch=held,
            call=LONG_CALL,
            unmatched=unmatched_of(50),
            picks=picks,
            try_again=1000,
        )
        assert fits_telegram(board(view, ENGLISH, NOW)) == [], (one, other)


def test_what_does_not_fit_is_said_to_be_in_the_csv() -> None:
    """Where the list of calls is too long for the message, it says where they are."""
    view = view_of(
        *[hundred(S.ACCEPTED, n) for n in range(10)],
        batch=BIG,
        call={"gateway_id": "<" * 64, "word": "😀" * 200},
    )
    card = board(view, ENGLISH, NOW)
    assert plain(card.text).splitlines()[-1] == (
        "The calls do not fit below this text: the CSV lists all of them."
    )
    assert fits_telegram(card) == []


def test_a_thousand_numbers_with_a_short_text_keep_their_list() -> None:
    """An ordinary board lists ten calls."""
    text = plain(board(view_of(*[part(S.ACCEPTED, 100)] * 10), ENGLISH, NOW).text)
    assert len(text.splitlines()) == 14


def test_the_worst_draft() -> None:
    """A draft of 1,000 numbers, with 500 entries that cannot be called and every question."""
    content = Content(
        voice=LONG_VOICE,
        retry_count=10,
        server_id="&" * 64,
        numbers=tuple(f"+98912{n:07d}" for n in range(1000)),
        repeated=100_000,
        uncallable=tuple(
            Uncallable(text="&" * 40, line=10**6, reason=Reason.KIND) for _ in range(500)
        ),
        asks=tuple(Ask),
        duplicate_of=10**9,
        duplicate_at=NOW - 599,
        duplicate_by=LONG_NAME,
        reply_left_out=True,
    )
    assert fits_telegram(draft.draft(content, "x" * 12, ENGLISH, NOW)) == []


def test_the_longest_help() -> None:
    """All commands with what may follow them fit a message."""
    names = [name for name, _ in COMMANDS]
    assert fits_telegram(Card(help_text(names, ENGLISH))) == []


@pytest.mark.parametrize(
    "problem",
    [
        PausedError([PAUSED]),
        PausedError([FULL]),
        DrainingError(),
        ExpiredError(),
        NotYoursError(draft_of(author_name=LONG_NAME)),
        AlreadyDoneError(10**9, LONG_NAME),
        AlreadyDoneError(10**9),
        AlreadyDoneError(),
        NothingFoundError(""),
        GatewayError(),
    ],
)
def test_alerts_are_read_whole(problem: Any) -> None:
    """What a press is answered with fits the 200 characters of an alert."""
    assert units(plain(errors.error(problem, ENGLISH))) <= 200


def test_callback_data_that_is_too_long_is_our_own_error() -> None:
    """Data over Telegram's 64 bytes is never sent."""
    assert button("x", Verb.CONFIRM, "t" * 61).data == "ok:" + "t" * 61
    with pytest.raises(ValueError, match="callback data of ok is too long"):
        button("x", Verb.CONFIRM, "t" * 62)


def test_a_text_is_measured_as_telegram_does() -> None:
    """UTF-16 units, after the markup is gone and entities are read."""
    assert not too_long("x" * 4096)
    assert too_long("😀" * 2049)
    assert not too_long(ENGLISH.say("<b>{x}</b>", x="&" * 4096))
    assert too_long("x" * 4097)
