"""What the chat waits for when something is looked up in a large record.

The whole bot runs on it beside both servers. The bare program replies one word to the same
message: that is the servers' own time, and what all programs with this library need.
"""

import asyncio
import random
import statistics

from big_record import Record
from lookups import some
from report import Row
from rig import BARE, CALLBOARD, Rig, rig

from sandbox.telegram import Message
from storage.models import Call
from storage.reading import read_only

ASKED = 200  # of each kind
WARM = 20  # before any counts
REPORTS = 5
BETWEEN = 0.01  # seconds between two of them
CHART_SECONDS = 60


async def answers(record: Record) -> list[Row]:
    """99 of 100 answers to `/status` come sooner, the servers' own time taken away."""
    with read_only(record.path) as tx:
        calls = some(tx, record, random.Random(11), ASKED)  # noqa: S311 -- which calls are asked for
    kinds = {
        "id": [f"/status {call.gateway_id}" for call in calls],
        "number": [f"/status {_spelled(call)}" for call in calls],
        "batch": [f"/status b{call.batch_id}" for call in calls],
    }
    async with rig(BARE) as (beside, _, _):
        servers = statistics.median(await _times(beside, kinds["batch"]))
    print(f"  the bare program: {servers:.1f} ms", flush=True)
    rows = []
    async with rig(CALLBOARD, DATABASE_PATH=str(record.path)) as (beside, _, _):
        for kind, asked in kinds.items():
            times = await _times(beside, asked)
            p99 = statistics.quantiles(times, n=100)[98] - servers
            middle = statistics.median(times) - servers
            what = f"`/status` by {kind} → answer in the chat, p99 of {ASKED}"
            rows.append(Row(what, f"{p99:.1f} ms", "< 50 ms"))
            print(f"  by {kind}: {p99:.1f} ms more, median {middle:.1f} ms more", flush=True)
        rows.append(await _report(beside, servers))
    return rows


def _spelled(call: Call) -> str:
    """As people write it."""
    return f"0{call.number[3:6]} {call.number[6:9]} {call.number[9:]}"


async def _times(beside: Rig, asked: list[str]) -> list[float]:
    """Milliseconds to each answer."""
    times = []
    for n, text in enumerate([*asked[:WARM], *asked]):
        seconds, _ = await beside.ask(beside.people[n % len(beside.people)], text)
        times.append(seconds * 1000)
        await asyncio.sleep(BETWEEN)
    return times[WARM:]


async def _report(beside: Rig, servers: float) -> Row:
    """The figures come first; the chart, which another process draws, is waited for."""
    times = []
    for person in beside.people[:REPORTS]:
        seconds, figures = await beside.ask(person, "/report 30d")
        times.append(seconds * 1000 - servers)
        await _chart(beside, figures)
    what = f"`/report 30d` → figures in the chat, median of {REPORTS}"
    return Row(what, f"{statistics.median(times):.0f} ms", "< 300 ms")


async def _chart(beside: Rig, figures: Message) -> None:
    def sent() -> bool:
        later = (one for one in beside.tg.sent(figures.chat_id) if one.id > figures.id)
        return any("photo" in one for one in later)

    await beside.tg.wait_for(sent, CHART_SECONDS)
