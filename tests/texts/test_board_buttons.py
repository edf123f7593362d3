"""What a board offers: no state without a way on."""

from itertools import combinations_with_replacement

import pytest

from bot.texts.board import board
from bot.texts.cards import Card, Verb
from storage.models import BatchState, CallStatus, HoldReason, StopReason, SubmissionState
from tests.texts.scenes import (
    ENGLISH,
    NOW,
    Part,
    fits_telegram,
    labels_of,
    part,
    pick_of,
    verbs_of,
    view_of,
)

S, C, B = SubmissionState, CallStatus, BatchState
QUEUED = [["⏸ Hold rest", "⏹ Stop"]]
CSV = [["📄 CSV"]]
HELD = {"state": B.HELD, "hold_no": 3, "hold_reason": HoldReason.REFUSED}
FINISHED = {"state": B.FINISHED}
STOPPED = {"state": B.STOPPED, "stop_reason": StopReason.PERSON, "stop_name": "Bob"}


def card(*parts: Part, **facts: object) -> Card:
    """A board of these parts."""
    return board(view_of(*parts, **facts), ENGLISH, NOW)  # type: ignore[arg-type]


def test_running_offers_hold_and_stop_while_something_is_queued() -> None:
    """What is queued can be held and stopped; what is on its way cannot."""
    assert labels_of(card(part(S.QUEUED))) == QUEUED + CSV
    assert labels_of(card(part(S.SENDING))) == CSV


@pytest.mark.parametrize(
    ("parts", "label"),
    [
        ([part(S.REFUSED, 100), part(S.QUEUED, 200)], "▶ Send the other 200"),
        ([part(S.REFUSED, 3), part(S.QUEUED, 1)], "▶ Send the other one"),
        ([part(S.QUEUED, 100)], "▶ Send all 100"),
        ([part(S.QUEUED, 1)], "▶ Send it"),
    ],
)
def test_held_offers_the_rest_and_stop(parts: list[Part], label: str) -> None:
    """The button names how many numbers it sends, and the very hold that it was made for."""
    held = card(*parts, batch=HELD)
    row = next(row for row in held.rows if row[0].label == label)
    assert [(button.label, button.data) for button in row] == [
        (label, "rest:12.3"),
        ("⏹ Stop", "stop:12"),
    ]


def test_unknown_offers_three_decisions() -> None:
    """One part: three buttons in a row. Several: the part's number, two buttons a row at most."""
    assert labels_of(card(part(S.UNKNOWN), batch=FINISHED)) == [
        ["It rang", "It did not ring"],
        ["Leave it"],
        *CSV,
    ]
    several = card(part(S.ACCEPTED, 3, C.NORMAL), part(S.UNKNOWN), batch=FINISHED)
    assert labels_of(several) == [
        ["2: It rang", "2: It did not ring"],
        ["2: Leave it"],
        *CSV,
    ]


def test_three_unknown_parts_at_once() -> None:
    """More than three parts get their buttons one after another."""
    data = [b.data for row in card(*[part(S.UNKNOWN, 1)] * 5).rows for b in row]
    assert [d for d in data if d.startswith("rang:")] == ["rang:1", "rang:2", "rang:3"]


@pytest.mark.parametrize("state", [S.RELEASED, S.LEFT])
def test_settled_parts_keep_it_rang_after_all(state: SubmissionState) -> None:
    """Released and left parts can be corrected for ever."""
    assert labels_of(card(part(state), batch=FINISHED)) == [["It rang after all"], *CSV]
    assert labels_of(card(part(S.ACCEPTED), part(state), batch=FINISHED))[0] == [
        "2: It rang after all"
    ]


def test_turning_the_pages_leads_to_every_settled_part() -> None:
    """However many parts are released, each is offered on the pages that list its numbers."""
    parts = [part(S.RELEASED, 20) for _ in range(10)]
    offered = set()
    for page in range(1, 21):
        shown = card(*parts, batch=FINISHED, page=page)
        offered |= {b.data for row in shown.rows for b in row if b.data.startswith("ids:")}
    assert offered == {f"ids:{number}" for number in range(1, 11)}


def test_not_confirmed_takes_ids() -> None:
    """A part with numbers that are not confirmed takes ids; the only one on every page."""
    first = part(S.ACCEPTED, 30, C.NOT_CONFIRMED, C.WAITING)
    for page in (1, 2, 3):
        assert Verb.IDS in verbs_of(card(first, batch=FINISHED, page=page))
    two = [part(S.ACCEPTED, 10), part(S.ACCEPTED, 10, C.NOT_CONFIRMED)]
    assert Verb.IDS not in verbs_of(card(*two, batch=FINISHED, page=1))
    assert Verb.IDS in verbs_of(card(*two, batch=FINISHED, page=2))
    assert Verb.IDS not in verbs_of(card(part(S.ACCEPTED), batch=FINISHED))


def test_try_again() -> None:
    """Offered with its count as long as there is something to take."""
    tried = card(part(S.REFUSED, 6), batch=FINISHED, try_again=6)
    assert labels_of(tried) == [["🔁 Try again: 6"], *CSV]
    assert labels_of(card(part(S.REFUSED, 6), batch=FINISHED)) == CSV


def test_picks() -> None:
    """Each batch that a call may belong to has its button, four a row."""
    fitting = [(number, number + 100) for number in range(1, 7)]
    picked = card(part(S.LEFT), picks=(pick_of(*fitting),), batch=FINISHED)
    assert labels_of(picked)[1:3] == [
        ["It was #b101", "It was #b102", "It was #b103", "It was #b104"],
        ["It was #b105", "It was #b106"],
    ]
    assert picked.rows[1][0].data == "pick:1.1"


def test_this_batch_can_always_be_picked() -> None:
    """However many batches fit, the board offers its own."""
    fitting = [*((number, number + 100) for number in range(2, 40)), (1, 12)]
    picked = card(part(S.LEFT), picks=(pick_of(*fitting),), batch=FINISHED)
    assert picked.rows[1][0].label == "It was #b12"
    assert fits_telegram(picked) == []


def test_pages() -> None:
    """Ten calls a page; the last page leads to the first, and back."""
    assert labels_of(card(part(S.QUEUED, 10)))[-1:] == CSV
    first = card(part(S.ACCEPTED, 25), batch=FINISHED).rows[0]
    assert [(b.label, b.data) for b in first] == [
        ("◀", "page:12.3"),
        ("1/3", "page:12.1"),
        ("▶", "page:12.2"),
    ]
    last = card(part(S.ACCEPTED, 25), batch=FINISHED, page=3).rows[0]
    assert [b.data for b in last] == ["page:12.2", "page:12.3", "page:12.1"]


def needed(batch: BatchState, parts: tuple[Part, ...]) -> set[str]:
    """What a person must be able to do about such a batch."""
    states = [of.state for of in parts]
    verbs = {str(Verb.CSV)}
    if S.QUEUED in states:
        verbs |= {str(Verb.STOP), str(Verb.SEND_REST if batch is B.HELD else Verb.HOLD)}
    if S.UNKNOWN in states:
        verbs |= {str(Verb.RANG), str(Verb.DID_NOT_RING), str(Verb.LEAVE)}
    if {S.RELEASED, S.LEFT} & set(states) or any(C.NOT_CONFIRMED in of.statuses for of in parts):
        verbs.add(str(Verb.IDS))
    if {S.REFUSED, S.UNSENT, S.RELEASED} & set(states):
        verbs.add(str(Verb.TRY_AGAIN))
    if C.WAITING in (status for of in parts for status in of.statuses):
        verbs.add(str(Verb.REFRESH))
    return verbs


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_no_state_is_without_a_way_on(parts: int) -> None:
    """Every mixture of states in up to three parts offers just what can be done about it."""
    kinds = [
        *(part(state) for state in S),
        part(S.ACCEPTED, 3, C.NOT_CONFIRMED),
        part(S.ACCEPTED, 3, C.SKIPPED, C.NORMAL),
    ]
    again = {S.REFUSED, S.UNSENT, S.RELEASED}
    walked = 0
    for chosen in combinations_with_replacement(kinds, parts):
        states = {of.state for of in chosen}
        possible = {
            B.RUNNING: bool(states & {S.QUEUED, S.SENDING}) and S.CANCELLED not in states,
            B.HELD: S.QUEUED in states and S.CANCELLED not in states,
            B.FINISHED: not states & {S.QUEUED, S.SENDING},
            B.STOPPED: S.CANCELLED in states and S.QUEUED not in states,
        }
        for state, facts in ((B.RUNNING, {}), (B.HELD, HELD), (B.FINISHED, FINISHED)):
            if possible[state]:
                tried = sum(of.numbers for of in chosen if of.state in again)
                shown = card(*chosen, batch=facts, try_again=tried)
                assert verbs_of(shown) == needed(state, chosen), (state, chosen)
                walked += 1
        if possible[B.STOPPED]:
            tried = sum(of.numbers for of in chosen if of.state in again)
            shown = card(*chosen, batch=STOPPED, try_again=tried)
            assert verbs_of(shown) == needed(B.STOPPED, chosen), chosen
            walked += 1
    assert walked >= len(kinds) * parts
