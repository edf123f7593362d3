"""When a call is asked about next, and when a word of the gateway is final: no I/O, no clock."""

from typing import Any

import pytest

from bot.calling.tracking import FOLLOWED_FOR, Pace, answered, begin, is_over, unanswered
from storage.models import Call, CallNews, CallStatus, Follow

C = CallStatus
NOW = 1_000_000.0
PACE = Pace(first=15.0, most=300.0)
AT_ONCE = (C.NORMAL, C.EXPIRED, C.ERROR, C.UNKNOWN)
TRIED_AGAIN = (C.NO_ANSWER, C.USER_BUSY)
NOT_FINAL = (C.WAITING, C.OTHER)


def news(status: CallStatus, **changes: Any) -> CallNews:
    """What the gateway says."""
    return CallNews(gateway_id="aa", status=status, word=status.upper(), **changes)


def call(status: CallStatus, **changes: Any) -> Call:
    """An open call of which the gateway has said this just now."""
    made: dict[str, Any] = {
        "id": 1,
        "batch_id": 1,
        "submission_id": 1,
        "position": 1,
        "number": "+989120000001",
        "status": status,
        "word": status.upper(),
        "gateway_id": "aa",
        "bill_sec": None,
        "price": None,
        "request_date": None,
        "execution_date": None,
        "skip_reason": None,
        "updated_at": NOW,
        "tracked_since": NOW,
        "status_since": NOW,
        "tries": int(status in TRIED_AGAIN),
        "next_poll_at": NOW,
    }
    return Call(**{**made, **changes})


def hear(was: Call, said: CallNews, *, after: float, retries: int = 0, told: bool = False) -> Any:
    """What follows when the gateway says this so many seconds later."""
    return answered(was, said, retry_count=retries, now=NOW + after, pace=PACE, told=told)


@pytest.mark.parametrize(
    ("followed", "seconds"),
    [(-3600, 15), (0, 15), (15, 15), (30, 15), (60, 30), (200, 100), (600, 300), (9999, 300)],
)
def test_pause(followed: float, seconds: float) -> None:
    """The pauses grow with the time a call takes, from POLL_FIRST up to POLL_MAX."""
    assert PACE.pause(followed) == seconds
    assert Pace(first=15.0, most=300.0, events=True).pause(followed) == 300
    assert Pace(first=500.0, most=300.0).pause(followed) == 300


@pytest.mark.parametrize("retries", [0, 3])
@pytest.mark.parametrize("status", [*AT_ONCE, *TRIED_AGAIN, *NOT_FINAL])
def test_begin(status: CallStatus, retries: int) -> None:
    """What comes with the id may be final at once; everything else is asked about."""
    follow = begin(news(status), retry_count=retries, now=NOW, pace=PACE, told=False)
    if status in AT_ONCE or (status in TRIED_AGAIN and not retries):
        assert (follow.final_at, follow.next_poll_at) == (NOW, None)
    else:
        assert (follow.final_at, follow.next_poll_at) == (None, NOW + 15)


@pytest.mark.parametrize("status", TRIED_AGAIN)
def test_begin_told(status: CallStatus) -> None:
    """An event that came before the answer, and says the same, makes it final."""
    follow = begin(news(status), retry_count=3, now=NOW, pace=PACE, told=True)
    assert follow == Follow(status_since=NOW, tries=1, final_at=NOW)


@pytest.mark.parametrize("status", AT_ONCE)
@pytest.mark.parametrize("was", [*NOT_FINAL, *TRIED_AGAIN])
def test_final_at_once(was: CallStatus, status: CallStatus) -> None:
    """These words are final as soon as they are heard, whatever the retry count."""
    follow = hear(call(was), news(status), after=9, retries=3)
    assert (follow.final_at, follow.next_poll_at) == (NOW + 9, None)


@pytest.mark.parametrize("status", TRIED_AGAIN)
def test_no_further_try(status: CallStatus) -> None:
    """Where the gateway tries once only, nobody reached is final at once."""
    follow = hear(call(C.WAITING), news(status), after=9)
    assert (follow.final_at, follow.next_poll_at) == (NOW + 9, None)


@pytest.mark.parametrize("status", TRIED_AGAIN)
def test_between_two_tries(status: CallStatus) -> None:
    """Where it tries again it is final only if it is still there POLL_MAX later."""
    first = hear(call(C.WAITING), news(status), after=20, retries=1)
    assert (first.final_at, first.next_poll_at, first.tries) == (None, NOW + 35, 1)
    shown = call(status, status_since=NOW + 20, tries=1)
    soon = hear(shown, news(status), after=319, retries=1)
    assert (soon.final_at, soon.next_poll_at) == (None, NOW + 320)
    later = hear(shown, news(status), after=320, retries=1)
    assert (later.final_at, later.next_poll_at) == (NOW + 320, None)


def test_one_poll_max_for_each_try() -> None:
    """With more tries ahead, each must surely have ended, or have been seen to end."""
    shown = call(C.NO_ANSWER)
    once = hear(shown, news(C.NO_ANSWER), after=300, retries=3)
    assert (once.final_at, once.tries, once.status_since) == (None, 2, NOW + 300)
    again = call(C.NO_ANSWER, tries=3, status_since=NOW + 600)
    assert hear(again, news(C.NO_ANSWER), after=900, retries=3).final_at == NOW + 900


@pytest.mark.parametrize(
    ("was", "said", "tries"),
    [
        (call(C.WAITING, tries=1), news(C.NO_ANSWER), 2),
        (call(C.NO_ANSWER), news(C.USER_BUSY), 2),
        (call(C.NO_ANSWER, execution_date=5), news(C.NO_ANSWER, execution_date=9), 2),
        (call(C.NO_ANSWER), news(C.WAITING), 1),
        (call(C.NO_ANSWER), news(C.NO_ANSWER), 1),
    ],
    ids=str,
)
def test_tries_that_are_seen(was: Call, said: CallNews, tries: int) -> None:
    """A word that went and came back, or came for another try, tells that one more has ended."""
    follow = hear(was, said, after=60, retries=3)
    assert (follow.tries, follow.final_at) == (tries, None)


@pytest.mark.parametrize("status", TRIED_AGAIN)
def test_told_by_an_event(status: CallStatus) -> None:
    """An event that says the same makes it final at once."""
    assert hear(call(C.WAITING), news(status), after=9, retries=3, told=True).final_at == NOW + 9


@pytest.mark.parametrize("told", [False, True])
def test_an_event_alone(told: bool) -> None:
    """While the gateway's own word is not final, nothing makes the call final."""
    follow = hear(call(C.WAITING), news(C.WAITING), after=100, retries=3, told=told)
    assert (follow.final_at, follow.next_poll_at) == (None, NOW + 150)


@pytest.mark.parametrize("status", [*AT_ONCE, *TRIED_AGAIN])
@pytest.mark.parametrize("was", [C.NO_ANSWER, C.NORMAL, C.NO_RESULT])
def test_late_correction(was: CallStatus, status: CallStatus) -> None:
    """What was final stays so, and another final word corrects it; so it does "no result"."""
    final_at = None if was is C.NO_RESULT else NOW - 5
    ended = call(was, next_poll_at=None, final_at=final_at)
    follow = hear(ended, news(status), after=9, retries=3)
    assert (follow.final_at, follow.next_poll_at) == (final_at or NOW + 9, None)


@pytest.mark.parametrize("status", [*AT_ONCE, *TRIED_AGAIN])
def test_said_again(status: CallStatus) -> None:
    """However often a final word is heard again, no try is counted and nothing is dated anew."""
    ended = call(status, next_poll_at=None, final_at=NOW, tries=2)
    follow = hear(ended, news(status), after=9000, retries=3)
    assert follow == Follow(status_since=NOW, tries=2, final_at=NOW)


@pytest.mark.parametrize("was", [C.NORMAL, C.NO_RESULT])
@pytest.mark.parametrize("status", NOT_FINAL)
def test_nothing_opens_again(was: CallStatus, status: CallStatus) -> None:
    """A word that is not final changes nothing of a call that has ended."""
    final_at = None if was is C.NO_RESULT else NOW - 5
    assert hear(call(was, next_poll_at=None, final_at=final_at), news(status), after=9) is None


@pytest.mark.parametrize("status", [*NOT_FINAL, *TRIED_AGAIN])
def test_after_a_day(status: CallStatus) -> None:
    """After 24 h nobody is asked any more: nobody was reached, or there is no result."""
    almost = hear(call(status), news(status, execution_date=1), after=FOLLOWED_FOR - 1, retries=9)
    assert almost.next_poll_at is not None
    over = hear(call(status), news(status, execution_date=1), after=FOLLOWED_FOR, retries=9)
    final = NOW + FOLLOWED_FOR if status in TRIED_AGAIN else None
    assert (over.final_at, over.next_poll_at) == (final, None)


@pytest.mark.parametrize("status", [*NOT_FINAL, *TRIED_AGAIN])
def test_unanswered(status: CallStatus) -> None:
    """Without an answer a call is asked about again, after 24 h only as long as there is hope."""
    was = call(status)
    follow = unanswered(was, now=NOW + 100, pace=PACE, give_up=True, soon=False)
    assert (follow.next_poll_at, follow.final_at, follow.status_since) == (NOW + 150, None, NOW)
    late = NOW + FOLLOWED_FOR
    hoping = unanswered(was, now=late, pace=PACE, give_up=False, soon=False)
    assert hoping.next_poll_at == late + 300
    over = unanswered(was, now=late, pace=PACE, give_up=True, soon=False)
    assert (over.final_at, over.next_poll_at) == (late if status in TRIED_AGAIN else None, None)


def test_unanswered_by_a_gateway_that_is_away() -> None:
    """What was not the call's fault is asked again soon."""
    was = call(C.WAITING)
    follow = unanswered(was, now=NOW + 9000, pace=PACE, give_up=True, soon=True)
    assert follow.next_poll_at == NOW + 9015


def test_a_call_of_before() -> None:
    """A call of which nobody noted when it began is followed from now on."""
    old = call(C.WAITING, tracked_since=None, status_since=None)
    assert not is_over(old, NOW)
    assert hear(old, news(C.WAITING), after=0).next_poll_at == NOW + 15
    assert unanswered(old, now=NOW, pace=PACE, give_up=True, soon=False).next_poll_at == NOW + 15
