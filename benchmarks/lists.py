"""`make bench`, part about lists: what saving and looking at a list of 10,000 numbers takes.

    python benchmarks/lists.py [--rounds N]

Timed from the call of the service until its transaction is on the disk. Only a whole run is
written down; other figures are printed.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import report
from report import Row

from bot.calling.list_changes import ListChanges
from bot.calling.lists import Given, Lists
from storage.database import Database
from storage.models import NumberList, Person

NUMBERS = 10_000
REFUSED = 100_000  # on the do-not-call list
ROUNDS = 15
ANN = Person(id=1, name="Ann")
WORDS = (
    "Lists of {numbers:,} numbers, each with a name, on {machine}; the median of {rounds} rounds, "
    "with the slowest beside it. Timed from the call of the service until it is on the disk."
)


def given(first: int) -> Given:
    """So many numbers with names."""
    numbers = tuple(f"+98912{first + n:07d}" for n in range(NUMBERS))
    return Given(numbers=numbers, names={number: f"Name {number[-7:]}" for number in numbers})


async def timed(times: list[float], work: Callable[[], Awaitable[object]]) -> None:
    """Do it, and note its milliseconds."""
    began = time.perf_counter()
    await work()
    times.append((time.perf_counter() - began) * 1000)


async def measure(path: Path, rounds: int) -> list[Row]:
    """A list is made, added to, looked at, read for a launch, and merged into another one."""
    database = await Database.open(path)
    lists, changes = Lists(database=database, max_numbers=NUMBERS), ListChanges(database=database)
    first, second = given(0), given(NUMBERS)
    refused = [f"+98912{n * 3:07d}" for n in range(REFUSED)]
    await database.write(lambda tx: tx.do_not_call.add_all(refused, "asked", now=0.0, by=ANN))
    kinds: dict[str, list[float]] = {}
    try:
        for n in range(rounds):
            made = (await changes.create(f"List {n}", first, by=ANN)).list
            for what, work in _deeds(lists, changes, made, second).items():
                await timed(kinds.setdefault(what, []), work)
            await timed(
                kinds.setdefault(f"{NUMBERS:,} are looked up among {REFUSED:,} not to call", []),
                lambda: database.read(lambda tx: tx.do_not_call.among(first.numbers)),
            )
            await timed(
                kinds.setdefault(f"a list of {NUMBERS:,} numbers saves", []),
                partial(changes.create, f"Saved {n}", first, by=ANN),
            )
    finally:
        await database.close()
    return [_row(what, times) for what, times in reversed(kinds.items())]


def _deeds(
    lists: Lists, changes: ListChanges, made: NumberList, more: Given
) -> dict[str, Callable[[], Awaitable[object]]]:
    """What is done with one list, in this order."""
    return {
        "its last page is looked at": lambda: lists.look(made.id, NUMBERS // 10),
        "all of it is read for a launch": lambda: lists.to_call(made.id, by=ANN),
        "one number is taken off": lambda: changes.take_off(
            made.id, made.version, NUMBERS // 2, page=1, by=ANN
        ),
        f"{NUMBERS:,} numbers are added to it": lambda: changes.add(
            made.id, made.version, more, by=ANN
        ),
    }


def _row(what: str, times: list[float]) -> Row:
    target = "< 300 ms" if "page" not in what else "< 50 ms"
    slowest = max(times)
    print(f"  {what}: {statistics.median(times):.1f} ms, slowest {slowest:.1f} ms", flush=True)
    return Row(f"{what} (slowest {slowest:.0f} ms)", f"{statistics.median(times):.1f} ms", target)


def main() -> None:
    """Measure, and write or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder) / "callboard.db", rounds))
    told = WORDS.format(numbers=NUMBERS, machine=report.machine(), rounds=rounds)
    body = f"{told}\n\n{report.figures(rows)}\n"
    if rounds == ROUNDS:
        report.put("Lists", body)
    else:
        print(body, flush=True)


if __name__ == "__main__":
    main()
