"""The whole bot inside the test: the real application and workers, real HTTP to both sandboxes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import open_house
from bot.handlers.routing import ALLOWED_UPDATES
from bot.house import House
from bot.settings import Settings
from sandbox.bitel import BitelSandbox
from sandbox.telegram import Chat, Message, Person, TelegramSandbox
from sandbox.telegram.people import Answer
from storage.models import Batch, Draft, Submission
from storage.models import Person as Recorded
from storage.stores import Stores

VOICE = "08e815cbcd724386805103ac0d45e4c2"
OTHER_VOICE = "1f" * 16
TOKEN = "jwt-token"


def numbers(count: int, first: int = 0) -> str:
    """So many mobile numbers that are answered, as people type them."""
    return " ".join(f"0912{first + i:06d}0" for i in range(count))


def settings_for(path: Path, telegram_url: str, bitel_url: str, **changes: Any) -> Settings:
    """Settings for the two servers: Sara is the admin, Bob may launch."""
    made = Settings(
        telegram_token="100200300:sandbox",
        telegram_api_url=telegram_url,
        telegram_proxy=None,
        bitel_token=TOKEN,
        bitel_api_url=bitel_url,
        bitel_timeout=3.0,
        admins=frozenset({500001}),
        allowed=frozenset({500002}),
        database_path=path / "callboard.db",
        region="IR",
        number_types=frozenset({"mobile", "fixed_line"}),
        timezone=ZoneInfo("Asia/Tehran"),
        retry_count=1,
        server_id=None,
        confirm_above=20,
        max_numbers=1000,
        poll_first=15.0,
        poll_max=300.0,
        poll_rate=5.0,
        undo_seconds=0.0,
        wave_size=100,
        wave_pause=0.0,
        hours=None,
        holidays=frozenset(),
        mask_in_groups=False,
        http_port=None,
        http_host="127.0.0.1",
        bitel_webhook_secret=None,
        log_level="INFO",
        log_format="text",
    )
    return replace(made, **changes)


@dataclass(slots=True)
class Town:
    """Both servers and who lives there; the bot moves in with `bot`."""

    tg: TelegramSandbox
    bitel: BitelSandbox
    path: Path
    telegram_url: str
    bitel_url: str
    sara: Person
    bob: Person
    eve: Person
    group: Chat
    forum: Chat

    @contextlib.asynccontextmanager
    async def bot(self, *, settled: bool = True, **changes: Any) -> "AsyncIterator[Running]":
        """The bot, running as `bot.process` runs it, until the block ends.

        In a `settled` town Bob is a manager, both groups are allowed, and no limit stands in the
        way; otherwise the record is as a first start finds it.
        """
        settings = settings_for(self.path, self.telegram_url, self.bitel_url, **changes)
        async with open_house(settings) as house:
            await house.recover()
            if settled:
                await house.database.write(self.settle)
            workers = [
                asyncio.create_task(work)
                for work in (
                    house.dialer.run(),
                    house.desk.run(),
                    house.tracker.run(),
                    house.scheduler.run(),
                    house.announcer.run(),
                    house.requests.run(),
                    house.keeper.run(),
                    house.reporter.run(),
                    house.notices.run(),
                )
            ]
            application = house.application
            await application.initialize()
            await application.start()
            assert application.updater is not None
            await application.updater.start_polling(allowed_updates=ALLOWED_UPDATES)
            try:
                yield Running(self, house)
            finally:
                self.tg.heal()
                await application.updater.stop()
                await application.stop()
                await application.shutdown()
                await house.dialer.drain(0.1)
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    def settle(self, tx: Stores) -> None:
        """What a team has said in its first days."""
        sara = Recorded(id=self.sara.id, name="Sara")
        if tx.members.get(self.bob.id) is None:
            bob = Recorded(id=self.bob.id, name="Bob")
            tx.members.put(bob, "manager", now=0.0, by=sara)
        for group in (self.group, self.forum):
            tx.chats.allow(group.id, "Team", now=0.0, by=sara)
        for name in ("number_day", "first_wave"):
            tx.limits.put(name, 0)


@dataclass(slots=True)
class Running:
    """A running bot, and what a test does with it."""

    town: Town
    house: House
    tg: TelegramSandbox = field(init=False)
    bitel: BitelSandbox = field(init=False)

    def __post_init__(self) -> None:
        """Name the servers."""
        self.tg, self.bitel = self.town.tg, self.town.bitel

    async def ask(
        self, person: Person, text: str, chat: Chat | None = None, **place: Any
    ) -> Message:
        """Let a person write, and return the bot's next message in that chat, reports aside."""
        where = person if chat is None else chat
        sent = self.tg.send(person, where, text, **place)
        found = await self.tg.wait_for(
            lambda: [m for m in self.said(where) if m.id > sent.id], timeout=5
        )
        return found[0]

    def said(self, chat: Person | Chat) -> list[Message]:
        """The bot's messages in a chat that somebody has asked for: all but its reports."""
        return [message for message in self.tg.sent(chat) if not _is_report(message)]

    async def press(self, person: Person, message: Message, label: str, **options: Any) -> Answer:
        """Let a person press a button as soon as it is there; return the answer to the press."""
        await self.tg.wait_for(lambda: any(label in row for row in message.buttons))
        return await self.tg.answer_of(self.tg.press(person, message, label, **options))

    async def turn(self, person: Person, message: Message, label: str) -> None:
        """Let a person press a button, and wait until the message shows something else."""
        edits = len(self.tg.edits(message))
        await self.press(person, message, label)
        await self.tg.next_edit(message, after=edits)

    async def forge(self, person: Person, message: Message, data: str) -> Answer:
        """Let a person send callback data that need not be on a button."""
        return await self.tg.answer_of(self.tg.press_data(person, message, data))

    async def shows(self, message: Message, words: str) -> str:
        """Wait until a message says these words, and return all that it says then.

        Boards need not wait for their turn meanwhile; how they are paced is `test_board`'s.
        """
        keeper, database = self.house.keeper, self.house.database
        try:
            async with asyncio.timeout(15):
                while words not in message.text:
                    for behind in await database.read(lambda tx: tx.boards.behind()):
                        keeper.hurry(behind.batch_id)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"{words!r} is not shown\n{self.tg.dump()}") from None
        return message.text

    async def told(self, chat: Person | Chat, words: str) -> Message:
        """Wait for a message of the bot that says these words."""
        found = await self.tg.wait_for(lambda: [m for m in self.tg.sent(chat) if words in m.text])
        return found[-1]

    async def press_late(self, person: Person, message: Message, label: str) -> None:
        """Let a person press a button so long ago that Telegram takes no answer any more."""
        self.tg.world.answer_within = -1.0
        self.tg.press(person, message, label)
        await self.quiet()
        assert "query is too old" in str(self.tg.calls_of("answerCallbackQuery")[-1].error)

    async def quiet(self) -> None:
        """Return when every update that was sent has been handled."""
        marker = self.tg.add_person(990000, "Marker")
        sent = self.tg.send(marker, marker, "/id")
        await self.tg.next_message(marker, after=sent)
        await self.house.application.update_queue.join()

    async def batches(self) -> list[Batch]:
        """Every batch of the record, newest first."""
        return await self.house.database.read(lambda tx: tx.batches.latest(100))

    async def batch(self, batch_id: int = 1) -> Batch:
        """One batch as it is recorded."""
        found = await self.house.database.read(lambda tx: tx.batches.get(batch_id))
        assert found is not None
        return found

    async def parts(self, batch_id: int = 1) -> list[Submission]:
        """The submissions of a batch as they are recorded."""
        return await self.house.database.read(lambda tx: tx.submissions.of_batch(batch_id))

    async def draft(self, message: Message) -> Draft:
        """The draft that a message shows."""
        data: str = message.inline_keyboard[0][0]["callback_data"]
        return await self.draft_named(data.partition(":")[2].partition(".")[0])

    async def draft_named(self, token: str) -> Draft:
        """The draft that a button names."""
        found = await self.house.database.read(lambda tx: tx.drafts.get(token))
        assert found is not None
        return found

    async def sql(self, statement: str) -> None:
        """Change the record behind everybody's back, as far as its triggers allow."""
        await self.house.database.write(lambda tx: tx.db.execute(statement).close())


def _is_report(message: Message) -> bool:
    """Whether it tells of a batch by itself: in reply to the board, which is the bot's own."""
    replied = message.get("reply_to_message", {}).get("from", {})
    return bool(replied.get("is_bot")) and message.text.startswith(("🏁 ", "⏳ #b", "#b"))


@contextlib.asynccontextmanager
async def open_town(path: Path) -> AsyncIterator[Town]:
    """Start both servers, with Sara (admin), Bob (may launch), Eve (a stranger) and two groups."""
    tg, bitel = TelegramSandbox(flood_limits=True), BitelSandbox(token=TOKEN)
    sara, bob = tg.add_person(500001, "Sara"), tg.add_person(500002, "Bob")
    eve = tg.add_person(500003, "Eve")
    people = [sara, bob, eve]
    group = tg.add_group(-1001234567890, "Team", members=people, supergroup=True)
    forum = tg.add_group(-1009876543210, "Forum", members=people, topics={5: "Calls"})
    async with tg.serve() as telegram_url, bitel.serve() as bitel_url:
        yield Town(tg, bitel, path, telegram_url, bitel_url, sara, bob, eve, group, forum)
        assert tg.world.breaches == []  # of the Bot API's schema, by either side
