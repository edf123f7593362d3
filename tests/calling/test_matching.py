"""Which id belongs to which number, whatever the answer looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calling.matching import match, news_of
from bot.calling.numbers import NumberReader
from bot.gateway.models import PlacedCall
from storage.models import CallStatus, UnmatchedKind
from tests.calling.house import numbers

READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
FIRST, SECOND = numbers(2)


def placed(call_id: str, number: str) -> PlacedCall:
    """A call of an answer."""
    return PlacedCall(id=call_id, number=number, status="WAITING")


@pytest.mark.parametrize(
    "spelling", ["09120000001", "+989120000001", "00989120000001", "989120000001", "9120000001"]
)
def test_spellings(spelling: str) -> None:
    """A number is known in every spelling that the gateway may choose."""
    matched = match([FIRST, SECOND], [placed("a", spelling)], READER)
    assert {number: call.id for number, call in matched.by_number.items()} == {FIRST: "a"}
    assert matched.left_over == ()


def test_what_is_left_over() -> None:
    """Foreign ids, second ids of a number and ids without a number are kept with their kind."""
    answer = [
        placed("a", "09120000001"),
        placed("b", "+98 912 000 0001"),
        placed("a", "09120000001"),
        placed("c", "09351112233"),
        placed("d", ""),
        placed("e", "no number"),
    ]
    matched = match([FIRST, SECOND], answer, READER)
    assert set(matched.by_number) == {FIRST}
    assert [(kind, call.id) for kind, call in matched.left_over] == [
        (UnmatchedKind.REPEATED, "b"),
        (UnmatchedKind.FOREIGN, "c"),
        (UnmatchedKind.FOREIGN, "d"),
        (UnmatchedKind.FOREIGN, "e"),
    ]


@given(
    st.lists(
        st.builds(
            placed,
            st.sampled_from("abcdefgh"),
            st.sampled_from([f"0912000000{n}" for n in range(5)]) | st.text(max_size=12),
        )
    )
)
def test_no_id_is_lost(answer: list[PlacedCall]) -> None:
    """Every id of any answer is matched or left over, and only numbers that were sent match."""
    sent = numbers(3)
    matched = match(sent, answer, READER)
    kept = {call.id for call in matched.by_number.values()}
    kept |= {call.id for _, call in matched.left_over}
    assert kept == {call.id for call in answer}
    assert set(matched.by_number) <= set(sent)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("WAITING", CallStatus.WAITING),
        ("NORMAL", CallStatus.NORMAL),
        ("NO_ANSWER", CallStatus.NO_ANSWER),
        ("USER_BUSY", CallStatus.USER_BUSY),
        ("EXPIRED", CallStatus.EXPIRED),
        ("ERROR", CallStatus.ERROR),
        ("UNKNOWN", CallStatus.UNKNOWN),
        (" normal ", CallStatus.NORMAL),
        ("RINGING", CallStatus.OTHER),
        ("NO_RESULT", CallStatus.OTHER),
        ("PLANNED", CallStatus.OTHER),
        ("", CallStatus.WAITING),
    ],
)
def test_status_words(word: str, status: CallStatus) -> None:
    """The documented words have a status; any other is kept as it stands, and is not final."""
    news = news_of(PlacedCall(id="a", status=word))
    assert (news.status, news.word) == (status, word.strip())
