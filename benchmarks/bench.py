"""`make bench`, first part: what a launch costs beside a bare program.

The simulated Telegram and the simulated gateway run in this process, the program under test in
one of its own, all on loopback. Every figure is the median of five runs.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import report
from rig import BARE, CALLBOARD, GATEWAY_TOKEN, PEOPLE, ROOT, Rig, rig

from sandbox.bitel import BitelSandbox

RUNS = 5
SINGLES = 20  # single commands in a run, one after another
BETWEEN = 0.05  # seconds between two of them
BURST = 300
BURST_SECONDS = 120  # for all of them, at most
BIG = 10_000
BIG_LATENCY = 0.3  # seconds that the gateway takes for one answer


@dataclass(slots=True)
class Figures:
    """What one program needed, in seconds, launches a second and MiB; a value a run."""

    to_post: list[float] = field(default_factory=list)
    to_answer: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


async def single(beside: Rig, figures: Figures) -> None:
    """One command at a time: handed out → POST seen, → answer seen."""
    times = []
    for n in range(SINGLES):
        times.append(await beside.launch(beside.people[n % len(beside.people)]))
        await asyncio.sleep(BETWEEN)
    figures.to_post.append(statistics.median(time for time, _ in times))
    figures.to_answer.append(statistics.median(time for _, time in times))


async def burst(beside: Rig, figures: Figures) -> None:
    """300 commands at once from 20 people: until all are placed and answered."""
    posts = beside.bitel.posts
    began = time.perf_counter()
    asked = []
    for number in range(BURST):
        person = beside.people[number % len(beside.people)]
        asked.append(beside.tg.send(person, person, beside.command()))
    waiting = iter(asked)
    last = next(waiting)

    def answered() -> bool:
        """Goes on from the first that had no answer when it was last asked."""
        nonlocal last
        while beside.answers(last):
            if (following := next(waiting, None)) is None:
                return True
            last = following
        return False

    await beside.bitel.wait_for(lambda: beside.bitel.posts >= posts + BURST, BURST_SECONDS)
    await beside.tg.wait_for(answered, BURST_SECONDS)
    figures.rate.append(BURST / (time.perf_counter() - began))


async def measure(command: list[str], runs: int) -> Figures:
    """All figures of one program, each run with new servers and a new record."""
    figures = Figures()
    for run in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "callboard.db")
            async with rig(command, DATABASE_PATH=path) as (beside, process, seconds):
                figures.start.append(seconds)
                await asyncio.sleep(0.5)
                await single(beside, Figures())  # warms up, is not counted
                await single(beside, figures)
                await burst(beside, figures)
                await asyncio.sleep(0.5)
                figures.memory.append(process.memory_info().rss / 2**20)
            if command is CALLBOARD:
                all_recorded(path, beside.bitel.posts)
        print(f"  run {run + 1} of {runs}: {figures.rate[-1]:.0f} launches/s", flush=True)
    return figures


def all_recorded(path: str, posts: int) -> None:
    """Every POST that the gateway saw is in the record as accepted, and nothing else is.

    Raises:
        SystemExit: the record disagrees; figures of such a run mean nothing.
    """
    with contextlib.closing(sqlite3.connect(path)) as record:
        states = dict(
            record.execute("SELECT state, count(*) FROM submissions GROUP BY state").fetchall()
        )
    if states != {"accepted": posts}:
        raise SystemExit(f"the gateway saw {posts} POSTs, the record has {states}")


async def big_batch(runs: int) -> tuple[list[float], list[float]]:
    """10,000 numbers through the service that `/call` uses.

    Returns:
        By run: the seconds in multiples of the gateway's own time, and the memory in MiB.
    """
    ratios, memory = [], []
    for run in range(runs):
        bitel = BitelSandbox(token=GATEWAY_TOKEN, seed=None, latency=BIG_LATENCY)
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "callboard.db")
            async with bitel.serve() as url:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    str(ROOT / "benchmarks" / "big_batch.py"),
                    url,
                    GATEWAY_TOKEN,
                    path,
                    str(BIG),
                    env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
                    stdout=asyncio.subprocess.PIPE,
                )
                output, _ = await process.communicate()
            seconds, mebibytes = (float(word) for word in output.decode().split())
            all_recorded(path, bitel.posts)
        ratios.append(seconds / (bitel.posts * BIG_LATENCY))
        memory.append(mebibytes)
        print(f"  run {run + 1} of {runs}: {ratios[-1]:.3f} ×", flush=True)
    return ratios, memory


def table(
    bare: Figures, own: Figures, ratios: list[float], big_memory: list[float]
) -> list[tuple[str, ...]]:
    """The rows: what, Callboard, bare, ratio, target."""
    middle = statistics.median

    def milliseconds(seconds: list[float]) -> str:
        return f"{middle(seconds) * 1000:.1f} ms"

    def against(mine: list[float], theirs: list[float]) -> str:
        return f"{middle(mine) / middle(theirs):.2f} ×"

    return [
        (
            "`/call` with 3 numbers: update handed out → POST seen",
            milliseconds(own.to_post),
            milliseconds(bare.to_post),
            against(own.to_post, bare.to_post),
            "≤ 1.5 ×",
        ),
        (
            "… → answer seen by Telegram",
            milliseconds(own.to_answer),
            milliseconds(bare.to_answer),
            against(own.to_answer, bare.to_answer),
            "≤ 1.5 ×",
        ),
        (
            f"{BURST} `/call` at once from {len(PEOPLE)} people",
            f"{middle(own.rate):.0f}/s",
            f"{middle(bare.rate):.0f}/s",
            against(own.rate, bare.rate),
            "≥ 0.6 ×",
        ),
        (
            f"one batch of {BIG:,} numbers, {BIG_LATENCY * 1000:.0f} ms an answer",
            f"{middle(ratios) * BIG / 100 * BIG_LATENCY:.1f} s",
            f"{BIG / 100 * BIG_LATENCY:.1f} s (the gateway's own time)",
            f"{middle(ratios):.2f} ×",
            "≤ 1.1 ×",
        ),
        (
            "start → ready",
            f"{middle(own.start):.2f} s",
            f"{middle(bare.start):.2f} s",
            against(own.start, bare.start),
            "< 2 s",
        ),
        (
            "memory after the commands",
            f"{middle(own.memory):.0f} MiB",
            f"{middle(bare.memory):.0f} MiB",
            against(own.memory, bare.memory),
            "< 150 MB",
        ),
        (
            f"memory after the batch of {BIG:,}",
            f"{middle(big_memory):.0f} MiB",
            "–",
            "–",
            "< 150 MB",
        ),
    ]


def kept(row: tuple[str, ...]) -> str:
    """Whether a row keeps its target, which is about the ratio, or about our own figure."""
    _, own, _, ratio, target = row
    return "yes" if report.met(ratio if target.endswith("×") else own, target) else "**no**"


def write(rows: list[tuple[str, ...]], runs: int) -> None:
    """The table, as a section of the documentation."""
    head = ("what", "Callboard", "bare program", "ratio", "target", "met")
    report.put(
        "Launches",
        "The bare program (`benchmarks/bare.py`) posts, replies and stores nothing; both run "
        "beside the same simulated servers, which answer at once unless said.\n"
        f"Each figure is the median of {runs} runs, on {os.cpu_count()} cores with Python "
        f"{platform.python_version()}.\n\n"
        + report.table(head, [(*row, kept(row)) for row in rows])
        + "\n\nWhat Callboard does beside the bare program in that time: it checks the person, "
        "reads and validates the numbers, looks for the same launch in the last 10 minutes, and "
        "commits three times with `synchronous=FULL`: the batch, the claim, and the outcome.\n",
    )


async def main() -> None:
    """Measure all, print the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--no-big", action="store_true", help="leave out the batch of 10,000")
    arguments = parser.parse_args()
    print("bare program", flush=True)
    bare = await measure(BARE, arguments.runs)
    print("Callboard", flush=True)
    own = await measure(CALLBOARD, arguments.runs)
    print("one big batch", flush=True)
    nothing = [float("nan")], [float("nan")]
    ratios, memory = nothing if arguments.no_big else await big_batch(arguments.runs)
    rows = table(bare, own, ratios, memory)
    if arguments.no_big:
        print("\n".join(" | ".join(row) for row in rows))
    else:
        write(rows, arguments.runs)


if __name__ == "__main__":
    asyncio.run(main())
