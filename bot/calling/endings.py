"""From what the gateway says of a call to the end of its batch, each inside one transaction.

The only code that gives calls their ids and statuses, and that finds that a batch is over: every
accepted call final or without a result, and nothing of it on its way any more.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.calling import tracking
from bot.calling.matching import status_of
from bot.calling.tracking import MAY_BE_TRIED_AGAIN, Pace
from storage.models import Batch, Call, CallNews, Event, EventState, ReportKind, StopReason
from storage.stores import Stores

_ENDED = ("finished", "stopped")


def adopt(
    tx: Stores, call: Call, news: CallNews, *, retry_count: int, now: float, pace: Pace
) -> None:
    """Give a call its id; from now on it is followed, unless what comes with it is final."""
    told = _told(tx, news, retry_count)
    follow = tracking.begin(news, retry_count=retry_count, now=now, pace=pace, told=told)
    tx.calls.adopt(call.id, news, now, follow)


def take_early(tx: Stores, gateway_ids: Sequence[str], *, now: float) -> int:
    """Turn to the events of these calls that came before we knew the calls; how many there were.

    Their calls are asked about at once.
    """
    early = tx.events.early(gateway_ids) if gateway_ids else []
    for event in early:
        call = tx.calls.get_by_id(event.gateway_id)
        if call is not None:
            hint(tx, event.id, call, now=now)
    return len(early)


def hint(tx: Stores, event_id: int, call: Call, *, now: float) -> None:
    """Let the call of an event be asked about at once, also one that is final or given up."""
    if tx.open_calls.ask_now(call.gateway_id or ""):
        tx.events.settle(event_id, EventState.HINT)
    else:
        tx.events.ask(event_id, now)


def hear(tx: Stores, news: CallNews, *, now: float, pace: Pace) -> bool:
    """Record what a status call said of a call that we know.

    Returns:
        True if it changed anything that is shown.
    """
    call = tx.calls.get_by_id(news.gateway_id)
    if call is None:
        return False
    pace = _pace_of(tx, call, pace)
    retry_count = _retry_count(tx, call) if news.status in MAY_BE_TRIED_AGAIN else 0
    follow = tracking.answered(
        call,
        news,
        retry_count=retry_count,
        now=now,
        pace=pace,
        told=_told(tx, news, retry_count),
    )
    changed = follow is not None and tx.calls.record(call, news, now, follow)
    if follow is None or follow.next_poll_at is None:
        _settle_hints(tx, call, news, now=now, pace=pace)
        if not end_if_over(tx, call.batch_id, now=now) and changed:
            _correct_chain(tx, call.batch_id)
    return changed


def hear_nothing(
    tx: Stores, gateway_id: str, *, now: float, pace: Pace, give_up: bool, soon: bool
) -> bool:
    """Record that a question brought no word of a call; True if it was given up just now.

    It is asked about again, as `tracking.unanswered` says. Of a call that is final already it is
    asked because of an event, until `Pace.most` has passed since that came, and longer while
    that is not the call's fault (`soon`).
    """
    call = tx.calls.get_by_id(gateway_id)
    if call is None:
        return False
    if call.next_poll_at is None:
        _settle_hints(tx, call, None, now=now, pace=pace, away=soon)
        return False
    pace = _pace_of(tx, call, pace)
    follow = tracking.unanswered(call, now=now, pace=pace, give_up=give_up, soon=soon)
    if not tx.calls.follow(call, follow, now):
        return False
    end_if_over(tx, call.batch_id, now=now)
    return True


def end_if_over(tx: Stores, batch_id: int, *, now: float) -> bool:
    """Let the chat be told of the end of a batch, if it is over; True if that is new.

    Of one that was undone there is nothing to tell: its board says so, and nobody was called.
    """
    batch = tx.batches.get(batch_id)
    if batch is None or batch.state not in _ENDED or tx.open_calls.any_of(batch_id):
        return False
    if batch.stop_reason is StopReason.UNDONE:
        tx.chains.touch_others(batch_id)
        return False
    _, sending = tx.submissions.left_to_send(batch_id)
    if sending or not tx.reports.make_due(batch_id, ReportKind.END, now):
        return False
    tx.chains.touch_others(batch_id)  # their end messages tell of the whole chain
    return True


def _correct_chain(tx: Stores, batch_id: int) -> None:
    """A late word has changed what the chat was told: the rest of the chain tells of it too."""
    if tx.reports.get(batch_id, ReportKind.END) is not None:
        tx.chains.touch_others(batch_id)


def find_late(tx: Stores, *, now: float) -> int:
    """Let the chats be told of batches whose calls still wait long after the last submission."""
    late = tx.reports.past_deadline(now)
    return sum(tx.reports.make_due(batch_id, ReportKind.DEADLINE, now) for batch_id in late)


def _retry_count(tx: Stores, call: Call) -> int:
    batch: Batch | None = tx.batches.get(call.batch_id)
    return 0 if batch is None else batch.retry_count


def _pace_of(tx: Stores, call: Call, pace: Pace) -> Pace:
    """Of a call whose event has come before its status we ask as if events were off."""
    if not pace.events or call.next_poll_at is None:
        return pace
    events = tx.events.of_call(call.gateway_id or "")
    hinted = any(event.state is EventState.HINT for event in events)
    return replace(pace, events=False) if hinted else pace


def _told(tx: Stores, news: CallNews, retry_count: int) -> bool:
    """Whether an event said the same of a call that the gateway may be trying again."""
    if not retry_count or news.status not in MAY_BE_TRIED_AGAIN:
        return False
    return any(status_of(e.word) is news.status for e in tx.events.of_call(news.gateway_id))


def _settle_hints(
    tx: Stores, call: Call, news: CallNews | None, *, now: float, pace: Pace, away: bool = False
) -> None:
    """The call has a last word: say of its events whether they agree with what was answered.

    One that does not is asked about for a while yet: it may have come before the status changed.
    A gateway that is away says nothing of it, however long.
    """
    for event in tx.events.of_call(call.gateway_id or ""):
        if event.state is not EventState.HINT:
            continue
        age = now - event.received_at
        if news is not None and status_of(event.word) is news.status:
            tx.events.settle(event.id, EventState.AGREED)
            _keep_campaign(tx, call, event)
        elif away:
            tx.events.ask(event.id, now + min(pace.first, pace.most))
        elif 0 <= age < pace.most:
            tx.events.ask(event.id, now + min(pace.most, max(pace.first, age)))
        else:
            tx.events.settle(event.id, EventState.DISAGREED)


def _keep_campaign(tx: Stores, call: Call, event: Event) -> None:
    if event.campaign_id is not None:
        tx.submissions.keep_campaign(call.submission_id, event.campaign_id)
