"""What it costs to follow 10,000 open calls, and what a launch waits for meanwhile.

The whole bot runs on a large record beside both servers, and is asked to ask 50 times a second.
The calls are launched by `/call` and go on as the gateway's calls do, in real time: while it is
measured some still wait, and others end and change their boards.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from big_record import Record
from report import Row
from rig import CALLBOARD, Rig, rig

from storage.reading import read_only

OPEN = 10_000
A_BATCH = 100  # calls
RATE = 50  # questions a second
WATCHED = 30.0  # seconds
SINGLES = 20  # `/call` with three numbers, one after another
BETWEEN = 0.15  # seconds between two of them
LAUNCHED_WITHIN = 180  # seconds, all of the calls that are followed
FOLLOWED_WITHIN = 60  # seconds until the tracker asks about them
CHILD_WITHIN = 20  # seconds until the export's process is there
CHILD_BEGINS = 1.0  # seconds in which that process imports what it needs
MORE = {"POLL_RATE": str(RATE), "CONFIRM_ABOVE": str(OPEN)}
Times = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Watched:
    """What the tracker did in some time.

    Attributes:
        share: of a core that the bot used, in hundredths.
        rate: questions a second.
        open: calls that were open before and after.
    """

    share: float
    rate: float
    open: tuple[int, int]


async def following(record: Record) -> list[Row]:
    """A launch with nothing to follow, with all that is open, and with an export beside that."""
    with tempfile.TemporaryDirectory(dir=record.path.parent) as folder:
        path = Path(shutil.copy(record.path, folder))  # the record stays as it was made
        async with rig(CALLBOARD, DATABASE_PATH=str(path), **MORE) as (beside, process, seconds):
            print(f"  ready in {seconds:.2f} s", flush=True)
            await _launches(beside)  # warms up, is not counted
            idle = await _launches(beside)
            _tell("idle", idle)
            await _open(beside)
            watched = await _watch(path, beside, process)
            followed = await _launches(beside)
            _tell("while calls are followed", followed)
            exporting = await _exporting(beside, process)
            _tell("with an export beside", exporting)
    return [
        Row(
            f"CPU of the bot, {watched.rate:.0f} questions a second about "
            f"{watched.open[0]:,} → {watched.open[1]:,} open calls",
            f"{watched.share:.1f} %",
            "< 30 %",
        ),
        *_against("while they are followed", followed, idle),
        *_against("with an export beside", exporting, idle),
    ]


def _against(when: str, times: Times, idle: Times) -> list[Row]:
    """The medians, in multiples of those of an idle bot."""
    rows = []
    for place, until in enumerate(("POST seen", "answer seen")):
        before = statistics.median(one[place] for one in idle)
        now = statistics.median([one[place] for one in times] or [float("nan")])
        figures = f"{now * 1000:.1f} ms, idle {before * 1000:.1f} ms"
        what = f"`/call` → {until}, {when} ({figures}, {len(times)} launches)"
        rows.append(Row(what, f"{now / before:.2f} ×", "≤ 1.3 ×"))
    return rows


def _tell(when: str, times: Times) -> None:
    seen = [statistics.median(each) * 1000 for each in zip(*times, strict=True)]
    told = ", ".join(f"{one:.1f} ms" for one in seen)
    print(f"  /call {when}: {told} (POST, answer; median of {len(times)})", flush=True)


async def _launches(beside: Rig) -> Times:
    times = []
    for n in range(SINGLES):
        times.append(await beside.launch(beside.people[n % len(beside.people)]))
        await asyncio.sleep(BETWEEN)
    return times


async def _open(beside: Rig) -> None:
    """Launch all that is followed, and wait until the tracker asks about it."""
    posts, polls = beside.bitel.posts, beside.bitel.polls
    batches = OPEN // A_BATCH
    for n in range(batches):
        person = beside.people[n % len(beside.people)]
        beside.tg.send(person, person, beside.command(A_BATCH))
    await beside.bitel.wait_for(lambda: beside.bitel.posts >= posts + batches, LAUNCHED_WITHIN)
    print(f"  {OPEN:,} calls are placed", flush=True)
    enough = polls + 3 * SINGLES * 2 + RATE  # those of the single launches come first
    await beside.bitel.wait_for(lambda: beside.bitel.polls >= enough, FOLLOWED_WITHIN)


async def _watch(path: Path, beside: Rig, process: psutil.Process) -> Watched:
    before = _opened(path)
    cpu, polls, began = process.cpu_times(), beside.bitel.polls, time.perf_counter()
    await asyncio.sleep(WATCHED)
    now, seconds = process.cpu_times(), time.perf_counter() - began
    used = now.user + now.system - cpu.user - cpu.system
    rate = (beside.bitel.polls - polls) / seconds
    after = _opened(path)
    print(f"  {rate:.1f} questions a second, {used / seconds:.1%} of a core", flush=True)
    return Watched(used / seconds * 100, rate, (before, after))


def _opened(path: Path) -> int:
    with read_only(path) as tx:
        query = "SELECT count(*) FROM calls WHERE next_poll_at IS NOT NULL"
        return int(tx.calls.db.execute(query).fetchone()[0])


async def _exporting(beside: Rig, process: psutil.Process) -> Times:
    """Launches for as long as the child that writes everything into files is at it."""
    known = {child.pid for child in process.children()}
    person = beside.people[0]
    beside.tg.send(person, person, "/export all")
    async with asyncio.timeout(CHILD_WITHIN):
        while not (made := [one for one in process.children() if one.pid not in known]):
            await asyncio.sleep(0.01)
    child = made[0]
    await asyncio.sleep(CHILD_BEGINS)
    times: Times = []
    while len(times) < SINGLES and _works(child):
        times.append(await beside.launch(beside.people[len(times) % len(beside.people)]))
        await asyncio.sleep(BETWEEN)
    return times


def _works(child: psutil.Process) -> bool:
    return child.is_running() and child.status() != psutil.STATUS_ZOMBIE
