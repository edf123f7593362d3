"""The rows of a large record, made up as the program would have written them.

Each batch goes out in one or more POSTs, each call is followed to its end, what the gateway
answered is compressed, and each batch has a board and an end report. The gateway has sent an event
of each call, which agreed; such events lose their body, and only those of a week are kept. A part
of the record is made from its own seed, so that processes can share the work and the record is
the same each time.
"""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.stores.events import KEPT

YEAR = 365 * 86400.0
AN_HOUR = 3600
CUT = 100  # numbers in one POST at most
VOICES = [f"{n:032x}" for n in range(0xA0, 0xA0 + 40)]
PEOPLE = [(500_001 + n, f"Person {n}") for n in range(20)]
NUMBERS = 250_000  # people who are called; each gets some calls a year
FINAL_AT = -1  # the last column of a call
CHAT = -1001234567890
MESSAGES = 10_000_000  # the ids of the messages in a chat are above that
A_SECOND = 2_850  # thousandths of a Toman
OUTCOMES = (
    ("normal", "NORMAL"),
    ("no_answer", "NO_ANSWER"),
    ("user_busy", "USER_BUSY"),
    ("expired", "EXPIRED"),
    ("error", "ERROR"),
)
SHARES = (70, 18, 8, 2, 2)  # of the outcomes, in hundredths
UNANSWERED = ("no_answer", "user_busy")

COLUMNS = {
    "batches": "id, state, asked_by, voice, retry_count, author_id, author_name, chat_id, numbers,"
    " submissions, repeated, fingerprint, created_at, event_at, ended_at, revision",
    "submissions": "id, batch_id, position, state, numbers, attempts, not_before, claimed_at,"
    " ended_at, http_status, body",
    "calls": "batch_id, submission_id, position, number, status, word, gateway_id, bill_sec,"
    " price, request_date, execution_date, updated_at, tracked_since, status_since, tries,"
    " final_at",
    "events": "digest, gateway_id, word, number, bill_sec, price, request_date, campaign_id,"
    " received_at, state, body",
    "boards": "batch_id, chat_id, reply_to, message_id, revision, shown_revision",
    "reports": "batch_id, kind, due_at, message_id, sent_at, chart_sent, revision, shown_revision",
}
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large the record is: so many batches of so many calls, up to a moment (UTC seconds)."""

    batches: int
    calls: int
    now: float

    def parts(self, batches: int) -> Iterator[range]:
        """The ids of the batches, so many at a time."""
        for first in range(1, self.batches + 1, batches):
            yield range(first, min(first + batches, self.batches + 1))


def rows_of(plan: Plan, ids: range) -> Rows:
    """All rows of these batches, by the table they belong to."""
    rng = random.Random(ids.start)  # noqa: S311 -- made-up calls
    rows: Rows = {table: [] for table in COLUMNS}
    for batch_id in ids:
        at = plan.now - YEAR + YEAR * (batch_id - 0.5) / plan.batches
        parts = -(-plan.calls // CUT)
        rows["batches"].append(_batch(rng, batch_id, at, plan.calls, parts))
        asked, told, shown = MESSAGES + batch_id * 3, at + AN_HOUR, _revision(plan.calls)
        rows["boards"].append((batch_id, CHAT, asked, asked + 1, shown, shown))
        rows["reports"].append((batch_id, "end", told, asked + 2, told, 1, shown, shown))
        numbers = rng.sample(range(NUMBERS), plan.calls)
        outcomes = rng.choices(OUTCOMES, SHARES, k=plan.calls)
        made = [
            _call(rng, (batch_id, (batch_id - 1) * parts + 1 + place // CUT, place + 1, at), *one)
            for place, one in enumerate(zip(numbers, outcomes, strict=True))
        ]
        rows["calls"] += made
        for order in range(parts):
            mine = made[order * CUT : (order + 1) * CUT]
            rows["submissions"].append(_submission(order + 1, mine, at))
        kept = plan.now - KEPT
        rows["events"] += [_event(rng, call) for call in made if call[FINAL_AT] >= kept]
    return rows


def _batch(rng: random.Random, batch_id: int, at: float, calls: int, parts: int) -> Row:
    author_id, author_name = rng.choice(PEOPLE)
    asked_by = f"message:{author_id}:{MESSAGES + batch_id * 3}"
    fingerprint = rng.randbytes(32).hex()
    return (
        *(batch_id, "finished", asked_by, rng.choice(VOICES), 1, author_id, author_name),
        *(rng.choice((author_id, CHAT)), calls, parts, 0, fingerprint, at, at + 2, at + 2),
        _revision(calls),
    )


def _revision(calls: int) -> int:
    """Claimed and accepted, and each call has its id, its word and its end."""
    return 2 + 3 * calls


def _submission(order: int, calls: list[Row], at: float) -> Row:
    entries = ", ".join(
        f'{{"id": "{call[6]}", "phoneNumber": "0{call[3][3:]}", "status": "WAITING",'
        f' "statusCode": 0, "billSec": 0, "requestDate": {int(at)}, "executionDate": 0,'
        ' "price": 0.0}'
        for call in calls
    )
    body = zlib.compress(f'{{"result": [{entries}], "error": null}}'.encode())
    batch_id, submission_id = calls[0][:2]
    return (
        *(submission_id, batch_id, order, "accepted", len(calls), 1, 0.0, at + 0.1, at + 1.3),
        *(200, body),
    )


def _call(
    rng: random.Random, place: tuple[int, int, int, float], number: int, outcome: tuple[str, str]
) -> Row:
    batch_id, submission_id, position, at = place
    status, word = outcome
    talked = int(3 + 57 * rng.random()) if status == "normal" else 0
    rang = int(at + 5 + 295 * rng.random())
    ended = rang + talked + rng.random() * 20
    return (
        *(batch_id, submission_id, position, f"+98912{number:07d}", status, word),
        *(rng.randbytes(16).hex(), talked, talked * A_SECOND, int(at), rang, ended),
        *(at + 1.3, ended, int(status in UNANSWERED), ended),
    )


def _event(rng: random.Random, call: Row) -> Row:
    number, _, word, gateway_id, talked, price, asked = call[3:10]
    campaign = rng.randbytes(16).hex()
    return (
        *(rng.randbytes(16), gateway_id, word, number, talked, price, asked, campaign),
        *(call[FINAL_AT], "agreed", b""),
    )
