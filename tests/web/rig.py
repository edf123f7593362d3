"""A port on loopback, and clients that behave as no library would: byte by byte, or not at all."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.health import Check, Inside
from bot.web.events import BODY_SECONDS, EventDoor
from bot.web.metrics import Metrics
from bot.web.port import Port
from bot.web.site import build_site
from bot.web.wire import Limits
from storage.database import Database
from storage.errors import StorageError

SECRET = "Zk3vQ9-xT7_bL2mWc8RdYh4P"
DOOR = f"/bitel/{SECRET}"
EVENT = b'{"requestId": "f728b4fa42484e3a8a5d2f346baa9455", "cause": "NORMAL"}'
LIMITS = Limits()


@dataclass(slots=True)
class Inbox:
    """Takes what looks like JSON, unless it is told to fail; holds it until `gate` is open."""

    taken: list[bytes] = field(default_factory=list)
    fault: Exception | None = None
    gate: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _waiting: int = 0

    async def crowded(self, count: int) -> None:
        """Wait until so many events wait at the gate."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting >= count)

    async def take(self, body: bytes) -> None:
        """Keep a body."""
        self.came.set()
        async with self._changed:
            self._waiting += 1
            self._changed.notify_all()
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        if not body.startswith(b"{"):
            raise UsageError(Problem.NO_IDS)
        self.taken.append(body)


@dataclass(slots=True)
class Rig:
    """An open port and what stands behind it."""

    port: int
    inbox: Inbox
    answers: Counter[str]
    http: httpx.AsyncClient

    async def post(self, path: str = DOOR, body: bytes = EVENT) -> int:
        """Send one POST, and return the status of the answer."""
        return (await self.http.post(path, content=body)).status_code

    async def connect(self) -> "Client":
        """A connection that nothing was sent on."""
        return Client(*await asyncio.open_connection("127.0.0.1", self.port))


class Client:
    """One connection, with which a test does as it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def rest(self) -> bytes:
        """All that comes until the server closes; empty if it closed without a word."""
        try:
            async with asyncio.timeout(20):
                return await self._reader.read()
        except ConnectionError:
            return b""

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@contextlib.asynccontextmanager
async def open_rig(
    directory: Path,
    *,
    secret: str | None = SECRET,
    limits: Limits = LIMITS,
    body_seconds: float = BODY_SECONDS,
    checks: Sequence[Check] = (),
) -> AsyncIterator[Rig]:
    """A port whose events go to an inbox."""

    async def look() -> Sequence[Check]:
        return checks

    inbox = Inbox()
    answers: Counter[str] = Counter()

    def count(answer: str) -> None:
        answers[answer] += 1

    database = await Database.open(directory / "callboard.db")
    metrics = Metrics(
        database=database, inside=lambda: Inside(lag=0.0, telegram_age=None, updates=0)
    )
    door = EventDoor(secret=secret, events=inbox, count=count, body_seconds=body_seconds)
    site = build_site(door=door, checks=look, metrics=metrics)
    port = Port(host="127.0.0.1", port=0, app=site, limits=limits)
    async with port.open() as number:
        url = f"http://127.0.0.1:{number}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as http:
            yield Rig(port=number, inbox=inbox, answers=answers, http=http)
    await database.close()


class Lines(logging.Handler):
    """Keeps every record of every logger, unredacted, with its traceback."""

    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.lines.append(f"{record.levelname} {record.name} {self.format(record)}")

    def above(self, level: str) -> list[str]:
        """The lines of this level."""
        return [line for line in self.lines if line.startswith(level)]


@contextlib.contextmanager
def listening(*quiet: str) -> Iterator[Lines]:
    """Log everything at DEBUG, but for loggers of the test's own client."""
    root, handler = logging.getLogger(), Lines()
    before = root.level
    levels = {name: logging.getLogger(name).level for name in quiet}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in quiet:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


REFUSING = StorageError("the disk refuses writes (SQLITE_FULL)")
