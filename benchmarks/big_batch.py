"""One big batch through the service that `/call` uses; prints seconds and MiB."""

import asyncio
import sys
import time
from pathlib import Path

import psutil

from bot.calling.dialer import Dialer
from bot.calling.launches import Defaults, Launches
from bot.calling.numbers import NumberReader
from bot.calling.pauses import Pauses
from bot.calling.request import parse_call
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.gateway.bitel import Bitel
from storage.database import Database
from storage.models import Person, Place

VOICE = "08e815cbcd724386805103ac0d45e4c2"


async def main(url: str, token: str, path: str, count: int) -> None:
    """Launch so many numbers, and wait until nothing of them is left to send."""
    reader = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
    text = VOICE + "\n" + "\n".join(f"0912{number:07d}" for number in range(count))
    request = parse_call(text, None, reader, [])
    signals = Signals()
    database = await Database.open(Path(path))
    async with Bitel(base_url=url, token=token, timeout=30.0) as gateway:
        pauses = Pauses(database=database, gateway=gateway, signals=signals)
        launches = Launches(
            database=database,
            pauses=pauses,
            rights=Rights(frozenset({1}), frozenset(), database),
            signals=signals,
            defaults=Defaults(max_numbers=count, confirm_above=count),
        )
        dialer = Dialer(
            database=database, gateway=gateway, pauses=pauses, reader=reader, signals=signals
        )
        await database.write(lambda tx: tx.limits.put("first_wave", 0))  # nothing waits for it
        worker = asyncio.create_task(dialer.run())
        began = time.perf_counter()
        await launches.call(
            request, by=Person(id=1, name="Bench"), place=Place(chat_id=1), asked_by="bench"
        )
        while (await database.read(lambda tx: tx.batches.latest(1)))[0].state != "finished":
            await asyncio.sleep(0.01)
        seconds = time.perf_counter() - began
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    await database.close()
    print(seconds, psutil.Process().memory_info().rss / 2**20)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
