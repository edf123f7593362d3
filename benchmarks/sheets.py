"""The memory of the child process that writes calls into an XLSX file."""

import asyncio
import tempfile
import time
from pathlib import Path

import psutil
from big_record import Record
from report import Row

from bot.calling.periods import Format
from bot.spreadsheets import Order, Part, Which, make_files
from bot.workshop import Workshop
from storage.reading import read_only
from storage.stores import Stores

EXPORTED = 100_000  # calls
WITHIN = 300.0  # seconds
LOOK_EVERY = 0.02  # seconds
TOLD_EVERY = 10.0  # seconds


async def sheets(record: Record) -> list[Row]:
    """The newest 100,000 calls as XLSX, by the workshop that makes the files of a chat."""
    with read_only(record.path) as tx:
        which = _newest(tx, record)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=record.path.parent) as folder:
        order = Order(
            database=record.path,
            which=which,
            form=Format.XLSX,
            folder=Path(folder),
            name="calls",
            language="en",
            timezone="Asia/Tehran",
        )
        making = asyncio.create_task(Workshop().make(WITHIN, make_files, order))
        peak = await _peak(making)
        calls = sum(part.calls for part in await making)
    seconds = time.perf_counter() - began
    print(f"  {calls:,} calls in {seconds:.0f} s, at most {peak / 1e6:.0f} MB", flush=True)
    return [
        Row(f"XLSX of {calls:,} calls: memory of its process", f"{peak / 1e6:.0f} MB", "< 250 MB"),
        Row(f"XLSX of {calls:,} calls: time", f"{seconds:.0f} s"),
    ]


def _newest(tx: Stores, record: Record) -> Which:
    """The last batches that the record was made with."""
    batches = min(record.batches, EXPORTED * record.batches // record.calls)
    first, last = (tx.batches.get(n) for n in (record.batches - batches + 1, record.batches))
    if first is None or last is None:
        raise SystemExit("the record is not one of big_record.py")
    return Which(since=first.created_at, until=last.created_at + 1)


async def _peak(making: asyncio.Task[list[Part]]) -> float:
    """The largest resident set of our children meanwhile, in bytes."""
    peak = 0
    told = time.perf_counter()
    while not making.done():
        await asyncio.wait({making}, timeout=LOOK_EVERY)
        for child in psutil.Process().children():
            try:
                peak = max(peak, child.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        if time.perf_counter() - told > TOLD_EVERY:
            told = time.perf_counter()
            print(f"  so far at most {peak / 1e6:.0f} MB", flush=True)
    return peak
