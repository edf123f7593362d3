"""A keeper of boards on a clock of its own, with a real record and a real Bot API server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.board import BoardKeeper
from bot.calling.signals import Signals
from bot.messenger import Messenger
from bot.texts.language import Language
from sandbox.telegram import Chat, Message, Person, TelegramSandbox
from storage.database import Database
from storage.models import Board, HoldReason, NewBatch, Place
from storage.models import Person as Author

VOICE = "08e815cbcd724386805103ac0d45e4c2"


@dataclass(slots=True)
class Rig:
    """A keeper, its record and its chats; `now` is its clock."""

    tg: TelegramSandbox
    database: Database
    bot: Bot
    sara: Person
    group: Chat
    now: float = 1_750_000_000.0
    made: int = 0
    signals: Signals = field(default_factory=Signals)
    keeper: BoardKeeper = field(init=False)

    def __post_init__(self) -> None:
        """Make the keeper."""
        self.restart()

    def restart(self) -> None:
        """A keeper that remembers nothing, as after a restart."""
        self.keeper = BoardKeeper(
            database=self.database,
            messenger=Messenger(self.bot),
            language=Language("en", ZoneInfo("Asia/Tehran")),
            signals=self.signals,
            clock=lambda: self.now,
            ticks=lambda: self.now,
        )

    async def launch(self, chat: Person | Chat, parts: int = 2) -> int:
        """Record a batch with its board, nothing of it sent yet."""
        self.made += 1
        new = NewBatch(
            asked_by=f"test:{self.made}",
            voice=VOICE,
            retry_count=1,
            server_id=None,
            author=Author(id=1, name="Sara"),
            place=Place(chat_id=chat.id),
            cuts=tuple((f"+98912000{part:04d}",) for part in range(parts)),
            fingerprint=str(self.made),
        )
        batch_id = await self.database.write(lambda tx: tx.batches.create(new, now=self.now))
        await self.database.write(lambda tx: tx.boards.create(batch_id, new.place))
        return batch_id

    async def hold(self, batch_id: int, name: str = "Bob") -> None:
        """Let something happen that the board shows."""
        await self.database.write(
            lambda tx: tx.batches.hold(
                batch_id, HoldReason.PERSON, now=self.now, by=Author(id=500002, name=name)
            )
        )

    async def step(self, seconds: float = 0.0) -> float:
        """Let time pass, look once, and wait until what was begun is shown."""
        self.now += seconds
        wait = await self.keeper.step()
        tasks = [t for t in asyncio.all_tasks() if t.get_name().startswith(("board-", "draft-"))]
        await asyncio.gather(*tasks)
        return wait

    async def shown(self, chat: Person | Chat, parts: int = 2) -> tuple[int, Message]:
        """A batch whose board is posted."""
        batch_id = await self.launch(chat, parts)
        await self.step(1.5)
        return batch_id, self.tg.last(chat)

    async def board(self, batch_id: int) -> Board:
        """The board as it is recorded."""
        found = await self.database.read(lambda tx: tx.boards.get(batch_id))
        assert found is not None
        return found


@contextlib.asynccontextmanager
async def open_rig(path: Path) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, and a keeper."""
    tg = TelegramSandbox()
    sara = tg.add_person(500001, "Sara")
    group = tg.add_group(-5, "Team", members=[sara])
    async with tg.serve() as url:
        plain = {"trust_env": False, "verify": False}  # loopback: no certificates to load
        requests = [HTTPXRequest(httpx_kwargs=plain) for _ in range(2)]
        bot = Bot(
            tg.token, base_url=f"{url}/bot", request=requests[0], get_updates_request=requests[1]
        )
        async with bot:
            database = await Database.open(path / "callboard.db")
            yield Rig(tg, database, bot, sara, group)
            await database.close()
