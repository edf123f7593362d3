"""A week that lies behind a demo when it begins, for what looks back: histories and reports."""

import hashlib
import time
from pathlib import Path

from storage.models import CallStatus, Person, SubmissionState
from storage.stores import Stores
from tests.record_file import record_at
from tests.storage.making import add, adopt, bring, call, news, numbers, part

HOUR = 3600.0
OFTEN_CALLED = 1000  # the number 0912 000 1000, which is in each batch
SARA, OMID = Person(id=500001, name="Sara"), Person(id=500002, name="Omid کریمی")
SHIFT, PAYMENT = "08e815cbcd724386805103ac0d45e4c2", "5f2c9a1e7b3d4c60a8e4d17b92f0c365"
PRICE = 2850  # thousandths of a Toman for a second of talk, as the simulated gateway has it
WEEK = (  # hours ago, calls, who, which voice; whatever the hour, none is today
    (6 * 24 - 1, 24, SARA, SHIFT),
    (5 * 24 - 3, 38, OMID, PAYMENT),
    (4 * 24, 31, SARA, SHIFT),
    (2 * 24 + 2, 45, OMID, SHIFT),
    (24 + 5, 52, SARA, PAYMENT),
    (24 + 1, 12, OMID, SHIFT),
)
CALLS = sum(count for _, count, _, _ in WEEK)
_COURSE = (
    *[CallStatus.NORMAL] * 3,
    CallStatus.NO_ANSWER,
    CallStatus.NORMAL,
    CallStatus.USER_BUSY,
    CallStatus.NORMAL,
)


def make_past(folder: Path) -> None:
    """Write a week of batches into the record that the demo of this folder will open."""
    now = time.time()
    with record_at(folder / "callboard.db") as tx:
        for hours, count, who, voice in WEEK:
            add_ended(tx, numbers(count, OFTEN_CALLED), who, voice, now - hours * HOUR)


def add_ended(
    tx: Stores,
    called: tuple[str, ...],
    who: Person,
    voice: str,
    at: float,
    *,
    voice_name: str | None = None,
) -> None:
    """Record a batch that was launched at this time, and whose calls have all ended."""
    batch_id = add(tx, called, now=at, author=who, voice=voice, voice_name=voice_name)
    bring(tx, part(tx, batch_id).id, SubmissionState.ACCEPTED, now=at)
    for position in range(1, len(called) + 1):
        status = _COURSE[(batch_id * 2 + position) % len(_COURSE)]
        talk = 12 + position % 9 if status is CallStatus.NORMAL else 0
        said = news(
            hashlib.md5(f"{batch_id}.{position}".encode(), usedforsecurity=False).hexdigest(),
            status,
            bill_sec=talk,
            price=talk * PRICE,
            request_date=int(at),
            execution_date=int(at) + 3,
        )
        adopt(tx, call(tx, batch_id, position).id, said, at + 30)
    tx.batches.finish(batch_id, now=at)
