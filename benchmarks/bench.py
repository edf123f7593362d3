"""`make bench`, first half: what a launch costs beside a bare program.

The simulated Telegram and the simulated gateway run in this process, the program under test in
one of its own, all on loopback. Every figure is the median of five runs.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import report

from sandbox.bitel import BitelSandbox
from sandbox.telegram import Person, TelegramSandbox

ROOT = Path(__file__).resolve().parent.parent
VOICE = "08e815cbcd724386805103ac0d45e4c2"
PEOPLE = range(500_001, 500_021)
GATEWAY_TOKEN = "benchmark-token"  # noqa: S105 -- of the simulated gateway
RUNS = 5
SINGLES = 20  # single commands in a run, one after another
BETWEEN = 0.05  # seconds between two of them
BURST = 300
BIG = 10_000
BIG_LATENCY = 0.3  # seconds that the gateway takes for one answer
START_SECONDS = 20
READY = b" ready: @"

BARE = [sys.executable, str(ROOT / "benchmarks" / "bare.py")]
CALLBOARD = [sys.executable, "-m", "bot", "run"]


@dataclass(slots=True)
class Figures:
    """What one program needed, in seconds, launches a second and MiB; a value a run."""

    to_post: list[float] = field(default_factory=list)
    to_answer: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


class Bench:
    """Both servers, one program, and one person after another who launches."""

    def __init__(self, tg: TelegramSandbox, bitel: BitelSandbox) -> None:
        self.tg = tg
        self.bitel = bitel
        self.people = [tg.add_person(i, f"P{i}") for i in PEOPLE]
        self._next = 0

    def command(self) -> str:
        """A `/call` with three numbers that no other one has."""
        first = self._next
        self._next += 3
        numbers = " ".join(f"0912{(first + i) % 10_000_000:07d}" for i in range(3))
        return f"/call {VOICE} {numbers}"

    async def single(self, figures: Figures) -> None:
        """One command at a time: handed out → POST seen, → answer seen."""
        times = [await self._one(self.people[n % len(self.people)]) for n in range(SINGLES)]
        figures.to_post.append(statistics.median(time for time, _ in times))
        figures.to_answer.append(statistics.median(time for _, time in times))

    async def _one(self, person: Person) -> tuple[float, float]:
        posts, answers = self.bitel.posts, len(self.tg.sent(person))
        began = time.perf_counter()
        self.tg.send(person, person, self.command())
        await self.bitel.wait_for(lambda: self.bitel.posts > posts)
        to_post = time.perf_counter() - began
        await self.tg.wait_for(lambda: len(self.tg.sent(person)) > answers)
        to_answer = time.perf_counter() - began
        await asyncio.sleep(BETWEEN)
        return to_post, to_answer

    async def burst(self, figures: Figures) -> None:
        """300 commands at once from 20 people: until all are placed and answered."""
        posts = self.bitel.posts
        answers = self.answered()
        began = time.perf_counter()
        for number in range(BURST):
            person = self.people[number % len(self.people)]
            self.tg.send(person, person, self.command())
        await self.bitel.wait_for(lambda: self.bitel.posts >= posts + BURST, timeout=120)
        await self.tg.wait_for(lambda: self.answered() >= answers + BURST, timeout=120)
        figures.rate.append(BURST / (time.perf_counter() - began))

    def answered(self) -> int:
        """Messages that the program has sent to anybody."""
        return sum(len(self.tg.sent(person)) for person in self.people)


@asynccontextmanager
async def program(
    command: list[str], environment: dict[str, str], tg: TelegramSandbox
) -> AsyncIterator[tuple[psutil.Process, float]]:
    """Run a program until it is ready; gives its process and the seconds that its start took."""
    log = Path(environment["HOME"]) / "log"
    began = time.perf_counter()
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            cwd=environment["HOME"],
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        async with asyncio.timeout(START_SECONDS):
            # The bare program has no word for it; it is ready when it polls.
            while not (READY in log.read_bytes() or (command is BARE and tg.calls_of("getMe"))):
                await asyncio.sleep(0.005)
        yield psutil.Process(process.pid), time.perf_counter() - began
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def measure(command: list[str], runs: int) -> Figures:
    """All figures of one program, each run with new servers and a new record."""
    figures = Figures()
    for run in range(runs):
        tg, bitel = TelegramSandbox(), BitelSandbox(token=GATEWAY_TOKEN, seed=None)
        with tempfile.TemporaryDirectory() as folder:
            async with tg.serve() as telegram_url, bitel.serve() as bitel_url:
                bench = Bench(tg, bitel)
                environment = settings(folder, tg.token, telegram_url, bitel_url)
                async with program(command, environment, tg) as (process, seconds):
                    figures.start.append(seconds)
                    await asyncio.sleep(0.5)
                    await bench.single(Figures())  # warms up, is not counted
                    await bench.single(figures)
                    await bench.burst(figures)
                    await asyncio.sleep(0.5)
                    figures.memory.append(process.memory_info().rss / 2**20)
                if command is CALLBOARD:
                    all_recorded(environment["DATABASE_PATH"], bitel.posts)
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


def settings(folder: str, token: str, telegram_url: str, bitel_url: str) -> dict[str, str]:
    """The environment of the program under test."""
    return {
        "HOME": folder,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_TOKEN": token,
        "TELEGRAM_API_URL": telegram_url,
        "BITEL_TOKEN": GATEWAY_TOKEN,
        "BITEL_API_URL": bitel_url,
        "ADMIN_IDS": str(PEOPLE[0]),
        "ALLOWED_IDS": ",".join(str(person) for person in PEOPLE),
        "DATABASE_PATH": str(Path(folder) / "callboard.db"),
    }


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
