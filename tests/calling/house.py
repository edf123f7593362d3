"""All of `calling`, wired as the program wires it, on a real database and a simulated wire."""

import asyncio
import shutil
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar

from bot.calling import rules
from bot.calling.decisions import Decisions
from bot.calling.dialer import Dialer
from bot.calling.drafts import Ask
from bot.calling.events import Events
from bot.calling.evidence import EvidenceDesk
from bot.calling.launches import Defaults, Launched, Launches, Result
from bot.calling.ledger import Ledger
from bot.calling.lookup import Lookup
from bot.calling.numbers import NumberReader, Numbers
from bot.calling.pauses import Pauses
from bot.calling.request import CallRequest
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.calling.tracker import Tracker
from bot.calling.tracking import Pace
from storage.database import Database
from storage.errors import DatabaseBusyError, DiskRefusesError, InvariantError
from storage.lock import ProcessLock
from storage.models import (
    Batch,
    Call,
    PauseReason,
    Person,
    Place,
    Submission,
    SubmissionState,
)
from storage.stores import Stores
from tests.calling.switchboard import TIMEOUT, Switchboard
from tests.calling.virtual_time import Clock, VirtualLoop

T = TypeVar("T")

ANN = Person(id=1, name="Ann")
BEN = Person(id=2, name="Ben")
ROOM = Place(chat_id=-100, reply_to=7)
VOICE = "08e815cbcd724386805103ac0d45e4c2"


def numbers(count: int, first: int = 1) -> tuple[str, ...]:
    """So many callable numbers in E.164."""
    return tuple(f"+98912000{first + i:04d}" for i in range(count))


def request(*chosen: str, voice: str = VOICE) -> CallRequest:
    """What `/call` with these numbers is read as."""
    return CallRequest(voice=voice, numbers=Numbers(chosen))


class Fault(StrEnum):
    """How a unit of work fails."""

    BEFORE = "before"  # its commit raises, and nothing was written
    AFTER = "after"  # its commit raises, and all was written
    DISK = "disk"  # the disk refuses, and nothing was written
    DIES_BEFORE = "dies_before"  # the process dies before the commit
    DIES_AFTER = "dies_after"  # the process dies after the commit


class FaultyDatabase(Database):
    """A real database whose next commits fail as they are told to; nothing else is different.

    Attributes:
        faults: what becomes of the next units of work, None for those that are left alone.
        dead: the process is dead, as far as its writes go.
        impossible: the moves that the schema refused.
        observe: called on the writing thread after each commit.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.faults: deque[Fault | None] = deque()
        self.dead = False
        self.impossible: list[InvariantError] = []
        self.observe: Callable[[Stores], None] = lambda _: None

    def _write(self, work: Callable[[Stores], T]) -> T:
        if self.dead:
            raise DatabaseBusyError("the process is dead")
        fault = self.faults.popleft() if self.faults else None
        if fault in (Fault.BEFORE, Fault.DISK, Fault.DIES_BEFORE):
            self._fail_to_commit(work, fault)
        try:
            result = super()._write(work)
        except InvariantError as error:
            self.impossible.append(error)
            raise
        self.observe(self._writer)
        if fault is not None:
            self.dead = fault is Fault.DIES_AFTER
            raise DatabaseBusyError("the commit raised, and took effect")
        return result

    def _fail_to_commit(self, work: Callable[[Stores], object], fault: Fault | None) -> None:
        def all_but_the_commit(tx: Stores) -> None:
            work(tx)
            if fault is Fault.DISK:
                raise DiskRefusesError("the disk refuses writes")
            raise DatabaseBusyError("the commit raised, and nothing was written")

        try:
            super()._write(all_but_the_commit)
        finally:
            self.dead = fault is Fault.DIES_BEFORE


def copy_record(path: Path, to: Path) -> None:
    """Copy a database as it is on the disk, between two writes."""
    for suffix in ("", "-wal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            shutil.copy(part, to.with_name(to.name + suffix))


class House:
    """One life of the program's process, without Telegram."""

    def __init__(
        self,
        database: FaultyDatabase,
        board: Switchboard,
        clock: Clock,
        defaults: Defaults,
        pace: Pace,
        lock: ProcessLock | None = None,
    ) -> None:
        self.database = database
        self.board = board
        self.clock = clock
        self.defaults = defaults
        self.pace = pace
        self.ledger = Ledger(lock)
        self.signals = Signals()
        self.reader = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
        gateway = board.bitel()
        parts: dict[str, Any] = {"database": database, "signals": self.signals, "clock": clock}
        self.pauses = Pauses(gateway=gateway, ledger=self.ledger, **parts)
        self.dialer = Dialer(
            gateway=gateway,
            pauses=self.pauses,
            reader=self.reader,
            pace=pace,
            claimed=self.ledger.claimed,
            defaults=defaults,
            **parts,
        )
        self.rights = Rights(frozenset(), frozenset({ANN.id, BEN.id}), database)
        self.launches = Launches(
            pauses=self.pauses, rights=self.rights, defaults=defaults, **parts
        )
        self.decisions = Decisions(pauses=self.pauses, window=defaults.window, **parts)
        self.evidence = EvidenceDesk(
            gateway=gateway, reader=self.reader, timeout=TIMEOUT, pace=pace, **parts
        )
        self.tracker = Tracker(gateway=gateway, pace=pace, **parts)
        self.events = Events(reader=self.reader, timeout=TIMEOUT, **parts)
        self.lookup = Lookup(gateway=gateway, reader=self.reader, pace=pace, **parts)
        self._asked = 0

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        board: Switchboard | None = None,
        clock: Clock | None = None,
        defaults: Defaults | None = None,
        pace: Pace | None = None,
        lock: ProcessLock | None = None,
    ) -> Self:
        """Start a process on this file, as far as `calling` goes (rules 7 and 10)."""
        clock = clock or Clock(asyncio.get_running_loop())
        database = await FaultyDatabase.open(path)
        house = cls(
            database,
            board or Switchboard(clock),
            clock,
            defaults or Defaults(),
            pace or Pace(),
            lock,
        )

        def recover(tx: Stores) -> None:
            rules.recover(tx, now=clock())
            house.ledger.begin(tx, clock())
            tx.chats.allow(ROOM.chat_id, "Room", now=clock(), by=ANN)

        await database.write(recover)
        return house

    @asynccontextmanager
    async def after_kill(self, *, away: float = 0.0) -> AsyncIterator["House"]:
        """The next life of the program, on the files as they are at this moment, after kill -9."""
        path = self.database.path
        copy = path.with_name(f"after-{path.name}")
        self.database.dead = True
        copy_record(path, copy)
        self.clock.jump(away)
        house = await House.open(
            copy,
            board=self.board,
            clock=self.clock,
            defaults=self.defaults,
            pace=self.pace,
        )
        try:
            yield house
        finally:
            await house.close()

    async def close(self) -> None:
        """Let what is under way be recorded, and close the file."""
        await self.dialer.drain(TIMEOUT + 5)
        await self.database.close()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[asyncio.Task[None]]:
        """Let the tracker and the desk for evidence work, as the program does."""
        workers = [asyncio.create_task(self.tracker.run())]
        workers.append(asyncio.create_task(self.evidence.run()))
        try:
            yield workers[0]
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass for everything that runs."""
        await asyncio.sleep(seconds)
        await self.settled()

    async def settled(self) -> None:
        """Return when nothing can happen any more without time."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        await loop.settled()

    async def step(self) -> float:
        """One look at the queue, and all that follows of it without time."""
        seconds = await self.dialer.step()
        await self.settled()
        return seconds

    def next_message(self) -> str:
        """What asks for something, named for all time."""
        self._asked += 1
        return f"message:{ROOM.chat_id}:{self._asked}:{id(self)}"

    async def call(self, *chosen: str, by: Person = ANN, asks: tuple[Ask, ...] = ()) -> Result:
        """`/call` with these numbers."""
        return await self.launches.call(
            request(*chosen), by=by, place=ROOM, asked_by=self.next_message(), asks=asks
        )

    async def try_again(self, batch_id: int, *, by: Person = ANN) -> Result:
        """Press *Try again*."""
        return await self.launches.try_again(
            batch_id, by=by, place=ROOM, asked_by=self.next_message()
        )

    async def launch(self, count: int = 1, first: int = 1) -> int:
        """A batch of so many numbers at once, and its id."""
        result = await self.call(*numbers(count, first))
        assert isinstance(result, Launched)
        return result.batch_id

    async def latest(self, limit: int) -> list[Batch]:
        """The newest batches as they are recorded, newest first."""
        return await self.database.read(lambda tx: tx.batches.latest(limit))

    async def calls(self, batch_id: int) -> list[Call]:
        """Its calls as they are recorded."""
        return await self.database.read(lambda tx: tx.calls.of_batch(batch_id))

    async def pauses_open(self) -> list[PauseReason]:
        """Why launching is paused, as it is recorded."""
        return [p.reason for p in await self.database.read(lambda tx: tx.pauses.open())]

    async def batch(self, batch_id: int) -> Batch:
        """A batch as it is recorded."""
        found = await self.database.read(lambda tx: tx.batches.get(batch_id))
        assert found is not None
        return found

    async def submissions(self, batch_id: int) -> list[Submission]:
        """Its submissions as they are recorded."""
        return await self.database.read(lambda tx: tx.submissions.of_batch(batch_id))

    async def states(self, batch_id: int) -> list[SubmissionState]:
        """The states of its submissions."""
        return [submission.state for submission in await self.submissions(batch_id)]
