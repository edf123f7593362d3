"""How long redaction takes: of a record of 20,000 calls in 400 batches, the file written anew.

python benchmarks/redacting.py [--batches N] [--calls N]
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import report
from big_record import make

from bot.calling.redacting import Redacting
from storage.database import Database
from storage.scrubbing import scrub

BATCHES, CALLS = 400, 50
WORDS = (
    "`callboard redact` of a record of {calls:,} calls in {batches:,} batches, spread over a year,"
    " with an event of each call of the last week: all but the last 24 hours of it, and then the"
    " file ({size:.1f} MB) written anew. {machine}."
)


async def redacted(path: Path, now: float) -> tuple[float, float, int]:
    """Seconds for the whole record, seconds of the longest piece, and how many numbers."""
    pieces = [time.perf_counter()]
    database = await Database.open(path)
    try:
        run = Redacting(database, before=now, now=now)
        today = datetime.fromtimestamp(now, UTC).date()
        await run.run(today, lambda *_: pieces.append(time.perf_counter()))
    finally:
        await database.close()
    longest = max(after - before for before, after in itertools.pairwise(pieces))
    return pieces[-1] - pieces[0], longest, run.counts["numbers"]


def main() -> None:
    """Measure, and write or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=BATCHES)
    parser.add_argument("--calls", type=int, default=CALLS)
    given = parser.parse_args()
    now = time.time()
    with tempfile.TemporaryDirectory() as folder:
        record = make(
            Path(folder) / "callboard.db", batches=given.batches, calls=given.calls, now=now
        )
        seconds, longest, numbers = asyncio.run(redacted(record.path, now))
        began = time.perf_counter()
        scrub(record.path)
        anew = time.perf_counter() - began
    told = WORDS.format(
        calls=record.calls,
        batches=record.batches,
        size=record.bytes / 1e6,
        machine=report.machine(),
    )
    rows = [
        report.Row(f"{numbers:,} numbers redacted", f"{seconds:.2f} s"),
        report.Row("longest transaction", f"{1000 * longest:.0f} ms"),
        report.Row("the file written anew", f"{anew:.2f} s"),
    ]
    body = f"{told}\n\n{report.figures(rows)}\n"
    if (given.batches, given.calls) == (BATCHES, CALLS):
        report.put("Redacting", body)
    else:
        print(body, flush=True)


if __name__ == "__main__":
    main()
