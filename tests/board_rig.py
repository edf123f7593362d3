"""A keeper of boards on a clock of its own, with a real record and a real Bot API server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.boards.keeper import BoardKeeper
from bot.boards.pace import Paces
from bot.boards.reports import Reporter
from bot.calling import endings
from bot.calling.matching import Matched, news_of
from bot.calling.recording import record_outcome
from bot.calling.rights import Rights
from bot.calling.signals import Signals
from bot.calling.tracking import Pace
from bot.gateway.models import Accepted, PlacedCall
from bot.messenger import Messenger
from bot.texts.language import Language
from bot.workshop import Workshop
from sandbox.telegram import Chat, Message, Person, TelegramSandbox
from storage.database import Database
from storage.models import Board, HoldReason, NewBatch, Place, Report, ReportKind
from storage.models import Person as Author
from storage.stores import Stores

ENGLISH = Language("en", ZoneInfo("Asia/Tehran"))
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
    workshop: Workshop = field(default_factory=Workshop)
    ticks: Callable[[], float] | None = None
    keeper: BoardKeeper = field(init=False)
    reporter: Reporter = field(init=False)

    def __post_init__(self) -> None:
        """Make the keeper."""
        self.restart()

    def restart(self) -> None:
        """A keeper and a reporter that remember nothing, as after a restart."""
        paces = Paces(self.ticks or (lambda: self.now))
        rights = Rights(frozenset(), frozenset({self.sara.id}), self.database)
        self.reporter = Reporter(
            database=self.database,
            messenger=Messenger(self.bot),
            rights=rights,
            language=ENGLISH,
            signals=self.signals,
            paces=paces,
            workshop=self.workshop,
            clock=lambda: self.now,
        )
        self.keeper = BoardKeeper(
            database=self.database,
            messenger=Messenger(self.bot),
            rights=rights,
            language=ENGLISH,
            signals=self.signals,
            paces=paces,
            reporter=self.reporter,
            clock=lambda: self.now,
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
        await self.errands("board-", "draft-")
        return wait

    async def tell(self, seconds: float = 0.0) -> float:
        """The same with the reporter."""
        self.now += seconds
        wait = await self.reporter.step()
        await self.errands("end.", "held.", "deadline.", "chart-")
        return wait

    async def errands(self, *names: str) -> None:
        """Wait until everything that is under way under such names is done."""
        await asyncio.gather(*(t for t in asyncio.all_tasks() if t.get_name().startswith(names)))

    async def place(self, batch_id: int, *words: str) -> None:
        """Let the gateway take a whole batch: calls with these words, the last for the rest."""

        def work(tx: Stores) -> None:
            for submission in tx.submissions.of_batch(batch_id):
                tx.submissions.claim(submission.id, self.now)
                placed = {
                    call.number: PlacedCall(
                        id=f"{call.id:032x}",
                        number=call.number,
                        status=words[min(call.position, len(words)) - 1],
                    )
                    for call in tx.calls.of_submission(submission.id)
                }
                record_outcome(
                    tx,
                    submission.id,
                    Accepted(calls=tuple(placed.values()), http_status=200),
                    Matched(by_number=placed, left_over=()),
                    now=self.now,
                    pace=Pace(),
                )

        await self.database.write(work)

    async def hear(self, batch_id: int, word: str, position: int | None = None) -> None:
        """Let the gateway say this of one call of a batch, or of all of them."""

        def work(tx: Stores) -> None:
            for call in tx.calls.of_batch(batch_id):
                if position in (None, call.position):
                    said = PlacedCall(
                        id=call.gateway_id or "", status=word, bill_sec=20, price=30_000
                    )
                    endings.hear(tx, news_of(said), now=self.now, pace=Pace())

        await self.database.write(work)

    async def ended(self, chat: Person | Chat, calls: int = 2) -> int:
        """A batch whose board is posted, and all of whose calls have just ended."""
        batch_id, _ = await self.shown(chat, calls)
        await self.place(batch_id, "WAITING")
        await self.step(3.0)
        await self.hear(batch_id, "NORMAL")
        return batch_id

    async def report(
        self, batch_id: int, kind: ReportKind = ReportKind.END, hold_no: int = 0
    ) -> Report:
        """A report as it is recorded."""
        found = await self.database.read(lambda tx: tx.reports.get(batch_id, kind, hold_no))
        assert found is not None
        return found

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
            rig = Rig(tg, database, bot, sara, group)
            yield rig
            await rig.workshop.close()
            await database.close()
