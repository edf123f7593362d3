"""A real application that polls the simulated Telegram, and the health that looks after it.

The watch looks a hundred times a second, and the clocks can be turned on.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram.ext import Application

from bot.handlers.routing import ALLOWED_UPDATES, SideBySide
from bot.health import (
    Check,
    Health,
)
from bot.hearing import Hearing
from bot.settings import load_settings
from bot.telegram_client import build_request
from sandbox.telegram import Person, TelegramSandbox
from storage.database import Database

TOKEN = "100200300:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawe"
AT_ONCE = 2
STEP = 2.0  # seconds
LOOK = 6  # questions for the time within one look of the watch, and some more


class Clock:
    """The machine's clock, which a test turns on."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.asked = 0

    def __call__(self) -> float:
        """Seconds."""
        self.asked += 1
        return time.monotonic() + self.ahead


@dataclass(slots=True)
class Patient:
    """An application that polls, and who looks after it."""

    application: Application[Any, Any, Any, Any, Any, Any]
    hearing: Hearing
    health: Health
    database: Database
    clock: Clock
    heard: Clock
    tg: TelegramSandbox
    sara: Person
    watch: "asyncio.Task[None]"

    async def checks(self) -> dict[str, Check]:
        """The checks by their names."""
        return {check.name: check for check in await self.health.checks()}

    async def eventually(self, holds: Callable[[], Awaitable[object]]) -> None:
        """Wait until something holds that tells nobody when it does."""
        async with asyncio.timeout(20):
            while not await holds():  # noqa: ASYNC110 -- see above
                await asyncio.sleep(0.01)

    async def pass_time(self, seconds: float) -> None:
        """Turn the clock on in steps, with looks of the watch between: nothing stands still."""
        for _ in range(int(seconds / STEP) + 1):
            self.clock.ahead += STEP
            looked = self.clock.asked + LOOK

            async def has_looked(looked: int = looked) -> bool:
                return self.clock.asked >= looked

            await self.eventually(has_looked)

    async def until(self, name: str, words: str) -> None:
        """Wait until a check says this."""

        async def says() -> bool:
            return words in (await self.checks())[name].words

        await self.eventually(says)

    async def well(self) -> None:
        """Wait until all is well."""

        async def all_well() -> bool:
            return not await self.wrong()

        try:
            await self.eventually(all_well)
        except TimeoutError:
            raise AssertionError(await self.wrong()) from None

    def write(self, text: str = "hello") -> None:
        """Let Sara write; it also ends the question for updates that is under way."""
        self.tg.send(self.sara, self.sara, text)

    async def wrong(self) -> dict[str, str]:
        """What is not well."""
        return {name: check.words for name, check in (await self.checks()).items() if not check.ok}


@contextlib.asynccontextmanager
async def patient_in(tmp_path: Path, *, polling: bool = True) -> AsyncIterator[Patient]:
    """A patient, who is well unless it does not poll yet."""
    tg, clock, heard = TelegramSandbox(token=TOKEN), Clock(), Clock()
    sara = tg.add_person(500001, "Sara")
    async with tg.serve() as url:
        settings = load_settings(
            {"TELEGRAM_TOKEN": TOKEN, "BITEL_TOKEN": "x", "ADMIN_IDS": "7"}, None
        )
        hearing = Hearing(clock=heard)
        application = (
            Application.builder()
            .token(TOKEN)
            .base_url(f"{url}/bot")
            .request(build_request(settings))
            .get_updates_request(build_request(settings, hearing))
            .concurrent_updates(SideBySide(AT_ONCE))
            .job_queue(None)
            .build()
        )
        database = await Database.open(tmp_path / "callboard.db")
        health = Health(
            application=application, hearing=hearing, database=database, tick=0.01, clock=clock
        )
        watch = asyncio.create_task(health.run())
        async with application:
            assert application.updater is not None
            patient = Patient(
                application, hearing, health, database, clock, heard, tg, sara, watch
            )
            if polling:
                await application.start()
                await application.updater.start_polling(
                    allowed_updates=ALLOWED_UPDATES, error_callback=hearing.failed
                )
                patient.write()  # else the first answer takes as long as a poll may
                await patient.well()
            try:
                yield patient
            finally:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
                tg.heal()
                if application.updater.running:
                    await application.updater.stop()
                if application.running:
                    await application.stop()
        await database.close()
