"""Which id of the gateway's answer belongs to which number that was sent.

Nothing promises that the answer keeps the order, holds an entry for each number, or spells it as
it was sent (the gateway's documentation, open point 5): so they are matched by number, and what
matches nothing is kept all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.calling.numbers import NumberReader, national
from bot.gateway.models import PlacedCall
from storage.models import CallNews, CallStatus, UnmatchedKind

_STATUSES = {
    status.value.upper(): status
    for status in (
        CallStatus.WAITING,
        CallStatus.NORMAL,
        CallStatus.NO_ANSWER,
        CallStatus.USER_BUSY,
        CallStatus.EXPIRED,
        CallStatus.ERROR,
        CallStatus.UNKNOWN,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The answer sorted: at most one id per number (E.164), and what is left over."""

    by_number: dict[str, PlacedCall]
    left_over: tuple[tuple[UnmatchedKind, PlacedCall], ...]


def match(numbers: Iterable[str], placed: Iterable[PlacedCall], reader: NumberReader) -> Matched:
    """Sort the calls of an answer by the numbers (E.164) that were sent."""
    spellings = {national(number): number for number in numbers}
    sent = set(spellings.values())
    by_number: dict[str, PlacedCall] = {}
    left_over: list[tuple[UnmatchedKind, PlacedCall]] = []
    for call in placed:
        number = spellings.get(call.number) or reader.read_one(call.number)
        if number is None or number not in sent:
            left_over.append((UnmatchedKind.FOREIGN, call))
        elif number not in by_number:
            by_number[number] = call
        elif by_number[number].id != call.id:
            left_over.append((UnmatchedKind.REPEATED, call))
    return Matched(by_number=by_number, left_over=tuple(left_over))


def status_of(word: str) -> CallStatus:
    """The status that a word of the gateway means; without a word nothing has happened yet."""
    word = word.strip()
    return _STATUSES.get(word.upper(), CallStatus.OTHER if word else CallStatus.WAITING)


def news_of(call: PlacedCall) -> CallNews:
    """What the gateway says of a call, as it is recorded; a word we do not know is kept."""
    return CallNews(
        gateway_id=call.id,
        status=status_of(call.status),
        word=call.status.strip(),
        bill_sec=call.bill_sec,
        price=call.price,
        request_date=call.request_date,
        execution_date=call.execution_date,
    )
