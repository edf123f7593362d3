"""`make bench`, part about files: what reading an XLSX of 50,000 rows takes, and who waits for it.

    python benchmarks/number_files.py [--rows N]

The file is read as the bot reads it: in a child process, which is started for it. Only a run with
all rows is written down; other figures are printed.
"""

import argparse
import asyncio
import io
import statistics
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import openpyxl
import psutil
import report
import xlsxwriter  # type: ignore[import-untyped]  # it ships without types
from report import Row
from rig import CALLBOARD, Rig, rig

from bot.calling.sources.found import NumberFile
from bot.number_files import LARGEST, NumberFiles
from bot.workshop import Workshop

T = TypeVar("T")

ROWS = 50_000
ROUNDS = 5
LAUNCHES = 20
LOOK_EVERY = 0.01  # seconds
BETWEEN = 0.05  # seconds between two launches
PATIENCE = 30.0  # seconds until a child process is there, or is gone
CITIES = ("Tehran", "Shiraz", "Tabriz", "Mashhad")
WORDS = (
    "An XLSX file of {rows:,} rows and 5 columns ({size:.1f} MB), on {machine}; the median of "
    "{rounds} rounds. Timed from the bytes until names and numbers are there, with the start of "
    "the child process that reads it; the memory is that of the child at its largest and what "
    "the program itself has grown by.\n"
    "A launch is `/call` with 3 numbers, the median of {launches}, beside the same bot idle."
)


def workbook(rows: int) -> bytes:
    """A file as Excel writes it: shared texts, and numbers that have lost their 0."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Customers")
    sheet.write_row(0, 0, ("Name", "Mobile", "City", "Amount", "Since"))
    for row in range(rows):
        cells = (f"Customer {row}", 9_120_000_000 + 7 * row, CITIES[row % 4], row % 997, 2000)
        sheet.write_row(row + 1, 0, cells)
    book.close()
    return file.getvalue()


async def peak(reading: asyncio.Task[T]) -> tuple[T, float]:
    """What comes of it, and the largest resident set of our children meanwhile, in bytes."""
    largest = 0
    while not reading.done():
        await asyncio.wait({reading}, timeout=LOOK_EVERY)
        for child in psutil.Process().children():
            try:
                largest = max(largest, child.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
    return await reading, largest


async def alone(content: bytes, rows: int) -> list[Row]:
    """Time and memory of the reading."""
    files = NumberFiles(
        workshop=Workshop(), region="IR", kinds=frozenset({"mobile", "fixed_line"})
    )
    times, memory = [], []
    before = psutil.Process().memory_info().rss
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found, child = await peak(asyncio.create_task(files.read(content, "customers.xlsx")))
        times.append(time.perf_counter() - began)
        memory.append(child + max(0, psutil.Process().memory_info().rss - before))
        if not isinstance(found, NumberFile) or len(found.names) != rows:
            raise SystemExit("the file was not read whole")
        print(f"  {times[-1]:.2f} s, {memory[-1] / 1e6:.0f} MB", flush=True)
    what = f"XLSX of {rows:,} rows"
    return [
        Row(f"{what}: numbers and names", f"{statistics.median(times):.2f} s", "< 3 s"),
        Row(f"{what}: memory", f"{max(memory) / 1e6:.0f} MB", "< 200 MB"),
        Row(f"{what}: its cells alone, by openpyxl", f"{timed(lambda: cells(content)):.2f} s"),
    ]


def cells(content: bytes) -> int:
    """How many cells the file has, by the reader that the tests use."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def beside(content: bytes) -> list[Row]:
    """Launches while a file is being read, and before there was one."""
    async with rig(CALLBOARD) as (made, process, _):
        await launches(made, lambda: True)  # warms up, is not counted
        idle = await launches(made, lambda: True)
        busy: list[tuple[float, float]] = []
        while len(busy) < LAUNCHES:
            sender = made.people[-1 - len(busy) % 2]
            made.tg.send_document(sender, sender, "customers.xlsx", content)
            await until(lambda: bool(process.children()))
            busy += await launches(made, lambda: bool(process.children()))
            await until(lambda: not process.children())
    rows = []
    for place, what in enumerate(("POST", "answer")):
        quiet, loud = (statistics.median(one[place] for one in of) for of in (idle, busy))
        rows.append(
            Row(
                f"`/call` → {what} seen, while a file is read ({loud * 1000:.1f} ms, idle "
                f"{quiet * 1000:.1f} ms, {len(busy)} launches)",
                f"{loud / quiet:.2f} ×",
                "≤ 1.3 ×",
            )
        )
    return rows


async def launches(made: Rig, going: Callable[[], bool]) -> list[tuple[float, float]]:
    """Seconds of each launch until its POST and its answer, as long as something goes on."""
    times: list[tuple[float, float]] = []
    while going() and len(times) < LAUNCHES:
        times.append(await made.launch(made.people[len(times) % (len(made.people) - 2)]))
        await asyncio.sleep(BETWEEN)
    return times


async def until(holds: Callable[[], bool]) -> None:
    """Return when it holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(LOOK_EVERY)


async def main() -> None:
    """Measure, and write or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    content = workbook(rows)
    if len(content) > LARGEST:
        sys.exit(f"the file has {len(content):,} bytes, and is refused")
    measured = [*await alone(content, rows), *await beside(content)]
    told = WORDS.format(
        rows=rows,
        size=len(content) / 1e6,
        machine=report.machine(),
        rounds=ROUNDS,
        launches=LAUNCHES,
    )
    body = f"{told}\n\n{report.figures(measured)}\n"
    if rows == ROWS:
        report.put("Files with numbers", body)
    else:
        print(body, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
