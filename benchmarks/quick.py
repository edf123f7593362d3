"""`make bench`, part about quick launches: how soon a paste, and a screen of keys, is answered.

    python benchmarks/quick.py [--rounds N]

The whole bot runs beside both servers. Only a whole run is written down; other figures are
printed.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import report
from report import Row
from rig import BARE, CALLBOARD, PEOPLE, VOICE, Rig, rig

from sandbox.telegram import Chat, Message, Person
from sandbox.telegram.faults import Delayed
from storage.database import Database
from storage.models import Person as Recorded

NUMBERS = 340  # about as many as one message holds
ROUNDS = 40
WARM = 10  # before any counts
BETWEEN = 0.2  # seconds between two of them; what one person sends within 3 s is one draft
SLOW = 0.25  # seconds that each request of the bot takes, while round trips are counted
PATIENCE = 30.0
GROUP = -1009
WORDS = (
    "On {machine}. A paste is {numbers} numbers in a private chat, timed from the update that is "
    "handed out until Telegram sees the card that asks for the voice; the median of {rounds}. "
    "The servers' own time is taken away: what the bare program takes for a word in reply to a "
    "message of the same length.\n"
    "Round trips are counted with a Telegram that takes {slow:.0f} ms for each request: how many "
    "lie one after the other between a tap and the screen that it leads to."
)


def paste(beside: Rig, head: str = "") -> str:
    """A message of so many numbers that no other one has."""
    return f"{head}{beside.command(NUMBERS).removeprefix(f'/call {VOICE} ')}"


async def pasted(beside: Rig, head: str, rounds: int) -> list[float]:
    """Milliseconds to each answer."""
    times = []
    for n in range(WARM + rounds):
        person = beside.people[n % len(beside.people)]
        seconds, _ = await beside.ask(person, paste(beside, head))
        times.append(seconds * 1000)
        await asyncio.sleep(BETWEEN)
    return times[WARM:]


async def pastes(rounds: int) -> Row:
    """A paste of 340 numbers to its card."""
    async with rig(BARE) as (beside, _, _):
        servers = statistics.median(await pasted(beside, "/status ", rounds))
    async with rig(CALLBOARD) as (beside, _, _):
        await beside.ask(beside.people[0], f"/voices add {VOICE} Shift call")
        own = statistics.median(await pasted(beside, "", rounds))
        cards = beside.tg.sent(beside.people[1])
        if not cards or f"{NUMBERS} numbers. Which voice?" not in cards[-1].text:
            raise SystemExit(f"a paste was answered by {cards[-1:]}")
    print(f"  {own:.1f} ms, the servers' own {servers:.1f} ms", flush=True)
    what = f"a paste of {NUMBERS} numbers → card ({own:.1f} ms, the servers' own {servers:.1f} ms)"
    return Row(what, f"{own - servers:.1f} ms", "< 60 ms")


async def trips(
    beside: Rig, do: Callable[[], object], shown: Callable[[], Awaitable[object]]
) -> int:
    """How many requests lie one after the other until it is shown."""
    beside.tg.fail("*", Delayed(SLOW), times=None, when=lambda params: "chat_id" in params)
    beside.tg.fail("answerCallbackQuery", Delayed(SLOW), times=None)
    began = time.perf_counter()
    do()
    await shown()
    seconds = time.perf_counter() - began
    beside.tg.heal()
    await asyncio.sleep(3 * SLOW)  # what comes after the screen is not counted, and is over then
    return int(seconds / SLOW)


async def screens() -> list[Row]:
    """The home screen, a key of it, and a group's panel with its buttons."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "callboard.db"
        await allow_group(path)
        async with rig(CALLBOARD, DATABASE_PATH=str(path)) as (beside, _, _):
            counted = await home(beside) | await panel(beside)
    for what, count in counted.items():
        print(f"  {what}: {count}", flush=True)
    return [Row(f"{what}: round trips", f"{count}", "≤ 1") for what, count in counted.items()]


async def allow_group(path: Path) -> None:
    """Make the record of a team whose group is allowed already."""
    database = await Database.open(path)
    by = Recorded(id=PEOPLE[0], name="P")
    await database.write(lambda tx: tx.chats.allow(GROUP, "Team", now=0.0, by=by))
    await database.close()


async def home(beside: Rig) -> dict[str, int]:
    """The round trips of the private chat's screens."""
    person = beside.people[0]
    await beside.ask(person, "/start")  # the first one also sets the menu of commands
    sent = len(beside.tg.sent(person))
    return {
        "the home screen (`/start`)": await trips(
            beside,
            lambda: beside.tg.start(person, ""),
            lambda: beside.tg.wait_for(lambda: len(beside.tg.sent(person)) > sent, PATIENCE),
        ),
        "*Launch* on the keyboard": await trips(
            beside,
            lambda: beside.tg.tap(person, person, "🚀 Launch"),
            lambda: newest(beside, person, "No launch is saved"),
        ),
    }


async def panel(beside: Rig) -> dict[str, int]:
    """The round trips of a group's panel."""
    person = beside.people[0]
    group = beside.tg.add_group(
        GROUP, "Team", members=beside.people, supergroup=True, bot_status="administrator"
    )
    posted = await trips(
        beside,
        lambda: beside.tg.send(person, group, "/panel"),
        lambda: newest(beside, group, "No launch is saved"),
    )
    keys = beside.tg.sent(group)[-1]
    versions = len(keys.versions)
    await add_launch(beside)  # so that the panel has something new to show
    return {
        "a group's panel (`/panel`)": posted,
        "*Refresh* on the panel": await trips(
            beside,
            lambda: beside.tg.press(person, keys, "🔄 Refresh"),
            lambda: beside.tg.wait_for(lambda: len(keys.versions) > versions, PATIENCE),
        ),
        "*Results* on the panel": await trips(
            beside,
            lambda: beside.tg.press(person, keys, "📊 Results"),
            lambda: newest(beside, group, "Nothing has been launched yet."),
        ),
    }


async def newest(beside: Rig, place: Person | Chat, words: str) -> Message:
    """Wait until the bot's newest message in a chat says this."""
    found = await beside.tg.wait_for(
        lambda: [one for one in beside.tg.sent(place)[-1:] if words in one.text], PATIENCE
    )
    return found[0]


async def add_launch(beside: Rig) -> None:
    """Save a launch."""
    person = beside.people[0]
    await beside.ask(person, f"/voices add {VOICE} Shift call")
    _, card = await beside.ask(person, paste(beside))
    beside.tg.press(person, card, "🔊 Shift call")
    await beside.tg.wait_for(lambda: ["💾 Save as launch"] in [row[-1:] for row in card.buttons])
    beside.tg.press(person, card, "💾 Save as launch")
    await beside.tg.wait_for(lambda: "Save" in beside.tg.sent(person)[-1].text)
    offer = beside.tg.sent(person)[-1]
    beside.tg.press(person, offer, offer.buttons[0][0])
    await beside.tg.wait_for(lambda: "Shift call" in offer.text and "🚀" in offer.text)


async def measure(rounds: int) -> list[Row]:
    """All rows."""
    return [await pastes(rounds), *await screens()]


def main() -> None:
    """Measure, and write or print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    rows = asyncio.run(measure(rounds))
    told = WORDS.format(machine=report.machine(), numbers=NUMBERS, rounds=rounds, slow=SLOW * 1000)
    body = f"{told}\n\n{report.figures(rows)}\n"
    if rounds == ROUNDS:
        report.put("Quick launches", body)
    else:
        print(body, flush=True)


if __name__ == "__main__":
    main()
