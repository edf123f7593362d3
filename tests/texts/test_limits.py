"""Nothing that we send is refused for its size, not even in the worst case."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.calling.drafts import Ask, Content, Estimate
from bot.calling.errors import (
    AlreadyDoneError,
    DrainingError,
    ExpiredError,
    NothingFoundError,
    NotYoursError,
    PausedError,
)
from bot.calling.numbers import Reason, Uncallable
from bot.calling.results import Asked
from bot.calling.sources.found import Column, Columns
from bot.gateway.errors import GatewayError
from bot.gateway.models import UnknownReason
from bot.handlers.permissions import COMMANDS
from bot.texts import draft, errors, taking, thinning
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
    voice_of,
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


WORST_DRAFT = Content(
    voice=LONG_VOICE,
    voice_name=LONG_NAME,
    retry_count=10,
    server_id="&" * 64,
    numbers=tuple(f"+98912{n:07d}" for n in range(1000)),
    names={f"+98912{n:07d}": LONG_NAME for n in range(1000)},
    list_name=LONG_NAME,
    repeated=100_000,
    uncallable=tuple(
        Uncallable(text="&" * 40, line=10**6, reason=Reason.KIND) for _ in range(500)
    ),
    asks=tuple(Ask),
    duplicate_of=10**9,
    duplicate_at=NOW - 599,
    duplicate_by=LONG_NAME,
    reply_left_out=True,
    recent=tuple(f"+98912{n:07d}" for n in range(999)),
    estimate=Estimate(mean=10**12, low=10**11, high=10**13, batches=5),
    repeats=10**9,
    may_ring=999,
    left_out=999,
)


@pytest.mark.parametrize("spoken", [None, "&" * 4000])
@pytest.mark.parametrize("voice", [LONG_VOICE, None])
def test_the_worst_draft(voice: str | None, spoken: str | None) -> None:
    """1,000 numbers, 500 entries that cannot be called, every question, or a very long text."""
    content = replace(WORST_DRAFT, voice=voice, spoken=spoken)
    voices = tuple(voice_of(id=10**9 + n, name="W" * 40) for n in range(1000))
    asked = Asked(draft_id=1, token="x" * 12, content=content, voices=voices)
    for page in (1, 80, 167):
        assert fits_telegram(draft.card(asked, ENGLISH, NOW, page)) == []
        assert fits_telegram(draft.which_voice(asked, ENGLISH, NOW, page)) == []


def test_a_worst_draft_looked_through() -> None:
    """Every page of 1,000 named numbers, and the name of their list."""
    asked = Asked(draft_id=1, token="x" * 12, content=WORST_DRAFT)
    for page in (1, 50, 100):
        assert fits_telegram(thinning.numbers(asked, page, ENGLISH)) == []
    assert fits_telegram(thinning.ask_list_name(asked, 10**9, ENGLISH)) == []
    assert fits_telegram(Card(thinning.list_saved(LONG_NAME, 1000, ENGLISH))) == []


def test_a_file_of_many_columns() -> None:
    """Twenty of them are offered; what they are called is cut."""
    columns = tuple(Column("AB", "&" * 500, 50_000, "+989120000001") for _ in range(100))
    asked = taking.ask_column("&" * 255, Columns(sheet=None, columns=columns), ENGLISH)
    assert fits_telegram(asked) == []


def test_the_longest_help() -> None:
    """All commands with what may follow them fit a message."""
    assert fits_telegram(Card(help_text(list(COMMANDS), ENGLISH))) == []


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
