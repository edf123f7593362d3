"""The demo as a test has it: the servers and the page in this process, the bot in one of its own.

So a test can look into both servers while it drives the page.
"""

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

from sandbox.demo.cast import build_stage, settings, take_events
from sandbox.page import Stage, build_app
from sandbox.serving import Door, serve
from sandbox.telegram import Chat, Person
from tests.e2e.processes import Process, spawn

Start = Callable[[dict[str, str], Path, Path], Process]
TIMEOUT = "2"  # seconds that the bot waits for the gateway: a test of silence takes no longer


class Demo:
    """Both servers, the page, and the real bot.

    Args:
        directory: where the bot keeps its record and its log.
        start: starts the bot: cold by default, or a warm fork of a zygote.
        stage: what the page shows.
        settings: further settings of the bot, or others; nothing can be undone by default, so
            that no test waits for it.

    Attributes:
        url: the address of the page.
        door: the port of the page, which can be shut.
        bot: the process of the bot.
    """

    url: str
    bot: Process
    _telegram_url: str

    def __init__(
        self,
        directory: Path,
        start: Start = spawn,
        stage: Stage | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.stage = stage or build_stage()
        self.tg = self.stage.tg
        self.bitel = self.stage.bitel
        self.voice = self.stage.cast.voices[0].id
        self.door = Door()
        self._settings = settings or {}
        self._directory = directory
        self._start = start
        self._serial = itertools.count(1)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[Self]:
        """Serve all of it, and start the bot; ready when the bot asks for updates."""
        async with (
            self.tg.serve() as self._telegram_url,
            self.bitel.serve() as bitel_url,
            serve(build_app(self.stage), door=self.door) as self.url,
        ):
            watching = asyncio.create_task(self.stage.watch_bot())
            given = settings(self.stage, self._telegram_url, bitel_url) | take_events(self.stage)
            given |= {
                "BITEL_TIMEOUT": TIMEOUT,
                "UNDO_SECONDS": "0",
                "DATABASE_PATH": str(self._directory / "callboard.db"),
            } | dict(self._settings)
            self.bot = self._start(given, self._directory, self._directory / "bot.log")
            try:
                await self.tg.wait_for(lambda: self.tg.calls_of("getUpdates"), 20)
                yield self
            finally:
                watching.cancel()
                await self.bot.kill9()

    def person(self, role: str) -> Person:
        """The admin, the member or the stranger."""
        return next(one.person for one in self.stage.cast.roles if one.name == role)

    @property
    def admin(self) -> Person:
        """Who may do everything."""
        return self.person("admin")

    @property
    def member(self) -> Person:
        """Who may launch."""
        return self.person("member")

    @property
    def stranger(self) -> Person:
        """Whom the bot does not know."""
        return self.person("stranger")

    @property
    def group(self) -> Chat:
        """The group in which all of them are."""
        return next(chat for chat in self.tg.world.chats.values() if chat.members)

    async def as_the_bot(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the Bot API in the bot's name, for what the bot itself does not send."""
        async with httpx.AsyncClient(base_url=self._telegram_url, trust_env=False) as client:
            answer = await client.post(f"/bot{self.tg.token}/{method}", json=parameters)
        told: dict[str, Any] = answer.json()
        assert told["ok"], told
        return told

    def change_record(self, statement: str) -> None:
        """Change the record behind the bot's back, for what takes hours; it looks every 5 s."""
        path = self._directory / "callboard.db"
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)

    def numbers(self, count: int) -> list[str]:
        """Numbers that nobody has called before in this demo, all of calls that are answered."""
        return [f"0912{next(self._serial):06d}1" for _ in range(count)]

    def call(self, count: int) -> str:
        """The text of a `/call` of so many new numbers."""
        return f"/call {self.voice} {' '.join(self.numbers(count))}"
