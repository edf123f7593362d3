"""`make bench`, third part: a record of a million calls, and 10,000 calls that are followed.

    python benchmarks/tracking.py [PART …] [--record PATH] [--batches N]

The record is made once, in a temporary folder, and all parts are measured on it; a record that
was made by `big_record.py` can be named instead. Only a whole run on a new record of full size is
written down; other figures are printed.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import report
from answers import answers
from big_record import BATCHES, CALLS, Record, existing, make
from following import following
from lookups import lookups, report_figures, size
from report import Row
from sheets import sheets

Part = Callable[[Record], Awaitable[list[Row]]]


async def store(record: Record) -> list[Row]:
    """The size of the record, and what its store needs for a look-up."""
    return [*size(record), *await lookups(record), *await report_figures(record)]


PARTS: dict[str, Part] = {
    "store": store,
    "answers": answers,
    "sheets": sheets,
    "following": following,
}
LARGE = (
    "{calls:,} calls in {batches:,} batches, spread evenly over a year, on {machine}.\n"
    "A look-up is timed inside the thread that reads, with all that its answer shows, after one "
    "pass over the same look-ups that is not counted.\n"
    "An answer in the chat is timed from the update that is handed out until Telegram sees it; "
    "the median time in which the bare program replies one word is taken away.\n"
    "The gateway has sent an event of each call; those that agreed are kept for a week."
)
OPEN = (
    "On the same record, on {machine}. 10,000 calls are launched, and go on as those of the "
    "gateway do; the bot may ask 50 times a second, and is watched for 30 s.\n"
    "A launch is `/call` with 3 numbers, the median of 20, beside what the same bot needed before "
    "there was anything to follow. The export is `/export all`."
)
SECTIONS = {
    "A large record": (("store", "answers", "sheets"), LARGE),
    "Following calls": (("following",), OPEN),
}


def run(record: Record, parts: list[str]) -> None:
    """Measure the parts, and write or print the sections that they make."""
    whole = record.batches == BATCHES and record.bytes_without_events is not None
    measured: dict[str, list[Row]] = {}
    for part in PARTS:
        if part in parts:
            began = time.perf_counter()
            print(part, flush=True)
            measured[part] = asyncio.run(_measured(part, record))
            print(f"  {time.perf_counter() - began:.0f} s in all", flush=True)
    for section, (of, words) in SECTIONS.items():
        rows = [row for part in of for row in measured.get(part, ())]
        told = words.format(calls=record.calls, batches=record.batches, machine=report.machine())
        body = f"{told}\n\n{report.figures(rows)}\n"
        if whole and all(part in measured for part in of):
            report.put(section, body)
        elif rows:
            print(body, flush=True)


async def _measured(part: str, record: Record) -> list[Row]:
    return await PARTS[part](record)


def main() -> None:
    """Make the record, measure, and write or print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--record", type=Path, help="one that big_record.py has made")
    parser.add_argument("--batches", type=int, default=BATCHES, help=f"of {CALLS} calls each")
    arguments = parser.parse_args()
    parts = arguments.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    if arguments.record is not None:
        run(existing(arguments.record), parts)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(f"a record of {arguments.batches * CALLS:,} calls", flush=True)
        began = time.perf_counter()
        path = Path(folder) / "callboard.db"
        record = make(path, batches=arguments.batches, now=time.time())
        print(f"  {time.perf_counter() - began:.0f} s in all", flush=True)
        run(record, parts)


if __name__ == "__main__":
    main()
