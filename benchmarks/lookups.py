"""Looking things up in a large record: what the store needs, and the figures of 30 days.

A look-up is timed inside the thread that reads: from the first statement of its transaction until
all that its answer shows is read. Each kind has one pass that is not counted, which brings the
pages that it needs into memory.
"""

import random
import statistics
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from big_record import Record
from report import Row

from bot.calling.archive import Archive
from bot.calling.days import day_of, last_days
from bot.calling.history import Sought, history
from bot.calling.views import PAGE, batch_view
from storage.database import Database
from storage.models import Call
from storage.stores import Stores

LOOKUPS = 1000  # of each kind
REPORTS = 9
PREFIX = 6  # characters of an id that are given
TEHRAN = ZoneInfo("Asia/Tehran")
Look = Callable[[Stores, Call], object]


def size(record: Record) -> list[Row]:
    """Of the file, indexes and all, by call."""
    rows = [
        Row("size by call, with an event of each", _bytes(record, record.bytes), "< 400 bytes")
    ]
    if record.bytes_without_events is not None:
        told = _bytes(record, record.bytes_without_events)
        rows.append(Row("size by call, without events", told, "< 400 bytes"))
    return rows


def _bytes(record: Record, count: int) -> str:
    return f"{count / record.calls:.0f} bytes"


async def lookups(record: Record) -> list[Row]:
    """99 of 100 look-ups are faster."""
    rng = random.Random(7)  # noqa: S311 -- which calls are looked up
    pages = max(1, record.calls // record.batches // PAGE)
    kinds: dict[str, Look] = {
        "look-up by id": lambda tx, call: history(tx, Sought(prefix=call.gateway_id)),
        f"look-up by the first {PREFIX} characters of an id": lambda tx, call: history(
            tx, Sought(prefix=(call.gateway_id or "")[:PREFIX])
        ),
        "look-up by number": lambda tx, call: history(tx, Sought(number=call.number)),
        "page of a batch": lambda tx, call: batch_view(
            tx, call.batch_id, 1 + call.position % pages
        ),
    }
    database = await Database.open(record.path)
    try:
        calls = await database.read(lambda tx: some(tx, record, rng, LOOKUPS))
        rows = []
        for what, look in kinds.items():
            for _ in ("warms up", "counts"):
                times = [await _timed(database, look, call) for call in calls]
            p99 = statistics.quantiles(times, n=100)[98]
            rows.append(Row(f"{what}, p99 of {LOOKUPS:,}", f"{p99:.2f} ms", "< 5 ms"))
            print(f"  {what}: {p99:.2f} ms, median {statistics.median(times):.2f} ms", flush=True)
    finally:
        await database.close()
    return rows


def some(tx: Stores, record: Record, rng: random.Random, count: int) -> list[Call]:
    """So many calls from all over the record."""
    found = []
    for _ in range(count):
        place = rng.randrange(record.calls // record.batches)
        found += tx.calls.of_batch(rng.randint(1, record.batches), limit=1, offset=place)
    return found


async def _timed(database: Database, look: Look, call: Call) -> float:
    """Milliseconds."""

    def work(tx: Stores) -> float:
        began = time.perf_counter()
        if look(tx, call) is None:
            raise SystemExit(f"nothing is found of {call}")
        return (time.perf_counter() - began) * 1000

    return await database.read(work)


async def report_figures(record: Record) -> list[Row]:
    """The figures behind `/report 30d`, by the service that answers it, over nine months."""
    database = await Database.open(record.path)
    try:
        newest = (await database.read(lambda tx: tx.batches.latest(1)))[0].created_at
        archive = Archive(database=database, timezone=TEHRAN, clock=lambda: newest)
        times = []
        for n in range(REPORTS):
            days = last_days(30, day_of(newest - n * 30 * 86400.0, TEHRAN))
            began = time.perf_counter()
            found = await archive.report(days)
            times.append((time.perf_counter() - began) * 1000)
            if not found.total.batches:
                raise SystemExit(f"nothing was launched in {days}: the record is too short")
    finally:
        await database.close()
    middle = statistics.median(times)
    print(f"  figures of 30 days: {middle:.0f} ms, slowest {max(times):.0f} ms", flush=True)
    what = f"figures of 30 days, median of {REPORTS} months"
    return [Row(what, f"{middle:.0f} ms", "< 300 ms")]
