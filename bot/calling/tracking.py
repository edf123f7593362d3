"""When a call is asked about next, and when what the gateway says of it is final. No I/O.

The gateway's documentation leaves open whether *no answer* and *busy* show between its own tries
of a number (`retryCount`, open point 8). So where it tries again they are final only if an event
says the same, or if they are still there `Pace.most` later and as many tries have ended as it
makes. A try has surely ended when the word went and came back, and when it is still there
`Pace.most` later: by then the next one has begun, and while it rings the gateway says otherwise.
"""

from dataclasses import dataclass

from storage.models import FINAL_STATUSES, Call, CallNews, CallStatus, Follow

FOLLOWED_FOR = 24 * 3600.0  # seconds after which a call without a final word has no result
MAY_BE_TRIED_AGAIN = frozenset({CallStatus.NO_ANSWER, CallStatus.USER_BUSY})
_FINAL_AT_ONCE = FINAL_STATUSES - MAY_BE_TRIED_AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a call is asked about (the settings `POLL_FIRST` and `POLL_MAX`).

    Attributes:
        first: seconds until the first question.
        most: seconds between later ones at most.
        events: the gateway tells us by itself, and asking is only the net below that.
    """

    first: float = 15.0
    most: float = 300.0
    events: bool = False

    def pause(self, followed: float) -> float:
        """Seconds until the next question about a call that was followed so long.

        Half as long as it took so far, so that a short call is known soon and a long one is not
        asked about all the time.
        """
        if self.events:
            return self.most
        return min(self.most, max(self.first, followed / 2))


def begin(news: CallNews, *, retry_count: int, now: float, pace: Pace, told: bool) -> Follow:
    """How a call is followed that has just got its id.

    Args:
        news: what the gateway said with it.
        retry_count: how often the gateway tries the number again.
        now: UTC seconds.
        pace: how often it is asked about.
        told: an event said the same.
    """
    tries = int(news.status in MAY_BE_TRIED_AGAIN)
    if news.status in _FINAL_AT_ONCE or (tries and (told or not retry_count)):
        return Follow(status_since=now, tries=tries, final_at=now)
    return Follow(status_since=now, tries=tries, next_poll_at=now + pace.pause(0.0))


def answered(
    call: Call, news: CallNews, *, retry_count: int, now: float, pace: Pace, told: bool
) -> Follow | None:
    """How a call is followed after the gateway has said something of it; None: as before.

    What was final stays final, and another final word corrects it. A word that is not final does
    not, and neither does it open a call again that was given up.
    """
    if call.next_poll_at is None:
        return _corrected(call, news, now=now)
    since, tries, lasted = _lasting(call, news, now=now, pace=pace)
    follow = Follow(status_since=since, tries=tries, final_at=now)
    if news.status in _FINAL_AT_ONCE:
        return follow
    unanswered_now = news.status in MAY_BE_TRIED_AGAIN
    if unanswered_now and (told or not retry_count or (lasted and tries > retry_count)):
        return follow
    if is_over(call, now):
        return _give_up(news.status, since=since, tries=tries, now=now)
    at = now + pace.pause(now - _begun(call, now))
    if unanswered_now:
        at = min(at, since + pace.most)
    return Follow(status_since=since, tries=tries, next_poll_at=at)


def unanswered(call: Call, *, now: float, pace: Pace, give_up: bool, soon: bool) -> Follow:
    """How an open call is followed after a question that brought no word of it.

    With `give_up`, one whose time is over is not asked about any more. With `soon` it was not the
    call's fault, and the next question comes as early as the first did.
    """
    since = now if call.status_since is None else call.status_since
    if give_up and is_over(call, now):
        return _give_up(call.status, since=since, tries=call.tries, now=now)
    pause = min(pace.first, pace.most) if soon else pace.pause(now - _begun(call, now))
    return Follow(status_since=since, tries=call.tries, next_poll_at=now + pause)


def is_over(call: Call, now: float) -> bool:
    """Whether a call was followed for as long as any call is."""
    return now - _begun(call, now) >= FOLLOWED_FOR


def _corrected(call: Call, news: CallNews, *, now: float) -> Follow | None:
    """Of a call that is final, or given up; the same word again says nothing new."""
    if news.status not in FINAL_STATUSES:
        return None
    if call.final_at is not None and call.status is news.status and call.status_since is not None:
        return Follow(status_since=call.status_since, tries=call.tries, final_at=call.final_at)
    tries = call.tries + int(news.status in MAY_BE_TRIED_AGAIN)
    return Follow(status_since=now, tries=tries, final_at=call.final_at or now)


def _lasting(call: Call, news: CallNews, *, now: float, pace: Pace) -> tuple[float, int, bool]:
    """Since when the word holds, how many tries have ended, and whether it has just lasted."""
    tries = int(news.status in MAY_BE_TRIED_AGAIN)
    same = (call.status, call.word, call.execution_date) == (
        news.status,
        news.word,
        news.execution_date,
    )
    if not same or call.status_since is None:
        return now, call.tries + tries, False
    if now - call.status_since >= pace.most:
        return now, call.tries + tries, True
    return call.status_since, call.tries, False


def _begun(call: Call, now: float) -> float:
    return now if call.tracked_since is None else call.tracked_since


def _give_up(status: CallStatus, *, since: float, tries: int, now: float) -> Follow:
    """Nobody was reached, and it has not changed for long; of anything else nothing is known."""
    final_at = now if status in MAY_BE_TRIED_AGAIN else None
    return Follow(status_since=since, tries=tries, final_at=final_at)
