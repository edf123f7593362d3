"""The world in which the program runs: a simulated Telegram, a simulated gateway, people, a file.

    bot = await world.start()                       # a warm fork of `callboard run`
    bot = await world.program(BITEL_TIMEOUT="1.5")  # `python -m bot run`, with other settings
    board = await world.ask(world.sara, call(world.numbers(3)))
    await bot.kill9()

A row is one of the fault matrix, `docs/faults.md`. After each test `World.check` asserts its
invariants, and that no token and no number stands in any log.
"""

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

from sandbox.bitel import BitelSandbox
from sandbox.telegram import Chat, Message, Person, TelegramSandbox
from storage.database import Database
from storage.models import Person as Recorded
from storage.stores import Stores
from tests.e2e.logs import leaks
from tests.e2e.processes import Process, Zygote, spawn
from tests.e2e.record import Record, breaches

VOICE = "08e815cbcd724386805103ac0d45e4c2"
TELEGRAM_TOKEN = "100200300:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawe"
BITEL_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ0ZWFtIjoiY2FsbGJvYXJkIn0.c2lnbmF0dXJl"
WEBHOOK_SECRET = "Zk3vQ9-xT7_bL2mWc8RdYh4P"
SECRETS = (TELEGRAM_TOKEN, TELEGRAM_TOKEN.partition(":")[2], BITEL_TOKEN, WEBHOOK_SECRET)
GROUP_ID = -1001234567890


def call(numbers: Sequence[str], voice: str = VOICE) -> str:
    """The text of a `/call`."""
    return f"/call {voice} {' '.join(numbers)}"


class World:
    """Everything outside the program, and the processes of it."""

    def __init__(self, directory: Path, zygote: Zygote, logs: Path) -> None:
        self.directory = directory
        self.zygote = zygote
        self.logs = logs
        self.tg = TelegramSandbox(token=TELEGRAM_TOKEN, flood_limits=True)
        self.bitel = BitelSandbox(token=BITEL_TOKEN)
        self.sara = self.tg.add_person(500001, "Sara")  # an admin
        self.bob = self.tg.add_person(500002, "Bob")  # may launch
        self.eve = self.tg.add_person(500003, "Eve")  # a stranger
        everybody = [self.sara, self.bob, self.eve]
        self.group = self.tg.add_group(GROUP_ID, "Team", members=everybody, supergroup=True)
        self.record = Record(directory / "data" / "callboard.db")
        self.processes: list[Process] = []
        self.settings: dict[str, str] = {}
        self._serial = itertools.count(1)
        self.check_at_the_end = True

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["World"]:
        """Serve both sandboxes; at the end, end what still runs and check all that must hold."""
        async with self.tg.serve() as telegram_url, self.bitel.serve() as bitel_url:
            self.settings = {
                "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
                "TELEGRAM_API_URL": telegram_url,
                "BITEL_TOKEN": BITEL_TOKEN,
                "BITEL_API_URL": bitel_url,
                "BITEL_TIMEOUT": "5",
                "UNDO_SECONDS": "0",
                "WINDOW": "off",
                "ADMIN_IDS": str(self.sara.id),
                "ALLOWED_IDS": str(self.bob.id),
                "DATABASE_PATH": str(self.record.path),
                "LOG_LEVEL": "DEBUG",
            }
            await self.settle()
            try:
                yield self
                if self.check_at_the_end:
                    self.check()
            finally:
                for process in self.processes:
                    await process.kill9()

    async def settle(self) -> None:
        """Make the record of a team that has said all it has to: nothing stands in the way.

        Bob is a manager, the group is allowed, a number may be called as often as one likes, and
        there is no first wave.
        """
        database = await Database.open(self.record.path)
        sara = Recorded(id=self.sara.id, name="Sara")
        bob = Recorded(id=self.bob.id, name="Bob")

        def work(tx: Stores) -> None:
            tx.members.put(bob, "manager", now=0.0, by=sara)
            tx.chats.allow(self.group.id, "Team", now=0.0, by=sara)
            for name in ("number_day", "first_wave"):
                tx.limits.put(name, 0)

        await database.write(work)
        await database.close()

    def check(self) -> None:
        """Assert the invariants, and that the logs hold nothing that they may not."""
        assert breaches(self.record, self.bitel) == []
        assert self.tg.world.breaches == []  # of the Bot API's schema, by either side
        for process in self.processes:
            assert list(self.leaks(process.log)) == []

    def leaks(self, log: str) -> Iterator[str]:
        """The lines of a log that hold a token or a number."""
        numbers = {number for post in self.bitel.seen for number in post.numbers}
        return leaks(
            log,
            secrets=SECRETS,
            numbers=numbers | self.record.numbers(),
        )

    # The program

    def _log(self) -> Path:
        return self.logs / f"{self.directory.name}-{len(self.processes) + 1}.log"

    def launch(self, *, warm: bool = True, **settings: str) -> Process:
        """Start the program and do not wait for it."""
        given = {**self.settings, **settings}
        start = self.zygote.spawn if warm else spawn
        process = start(given, self.directory, self._log())
        self.processes.append(process)
        return process

    async def start(self, *, warm: bool = True, **settings: str) -> Process:
        """Start the program, and wait until it asks for updates."""
        asked = len(self.tg.calls)
        process = self.launch(warm=warm, **settings)
        await self.ready(process, asked)
        return process

    async def program(self, **settings: str) -> Process:
        """The same with `python -m bot run`, imports and all."""
        return await self.start(warm=False, **settings)

    async def ready(self, process: Process, asked: int = 0, seconds: float = 20) -> None:
        """Wait until the process asks for updates; `asked` requests came before it."""

        def polls() -> bool:
            return any(
                c.method == "getUpdates" for c in itertools.islice(self.tg.calls, asked, None)
            )

        polled = asyncio.create_task(self.tg.wait_for(polls, seconds))
        ended = asyncio.create_task(process.wait(seconds + 5))
        done, late = await asyncio.wait({polled, ended}, return_when=asyncio.FIRST_COMPLETED)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if ended in done:
            raise AssertionError(f"ended with {ended.result()}:\n{process.log}")
        polled.result()

    async def logged(self, process: Process, words: str, seconds: float = 10) -> None:
        """Wait until the process has logged these words."""
        await self.until(lambda: words in process.log, seconds)

    # People

    def numbers(self, count: int) -> list[str]:
        """Numbers that nobody has used before in this world, all of calls that are answered."""
        return [f"0912{next(self._serial):06d}1" for _ in range(count)]

    async def ask(
        self, person: Person, text: str, chat: Chat | Person | None = None, seconds: float = 10
    ) -> Message:
        """Let a person write, and return the bot's answer."""
        sent = self.tg.send(person, chat or person, text)
        return await self.answer_to(sent, seconds)

    async def answer_to(self, sent: Message, seconds: float = 10) -> Message:
        """The bot's first message in reply to this one."""
        found = await self.tg.wait_for(lambda: self.answers_to(sent), seconds)
        return found[0]

    def answers_to(self, sent: Message) -> list[Message]:
        """The bot's messages in reply to this one."""
        return [
            message
            for message in self.tg.sent(sent.chat_id)
            if message.get("reply_to_message", {}).get("message_id") == sent.id
        ]

    async def press(
        self, person: Person, message: Message, label: str, seconds: float = 10
    ) -> str:
        """Press a button as soon as it is there, and return what the bot answered."""
        await self.offers(message, label, seconds)
        pressed = self.tg.press(person, message, label)
        return (await self.tg.answer_of(pressed, seconds)).text

    async def prompt(self, board: Message) -> Message:
        """Wait for the bot's question for ids below a board, until it is on record."""
        found = await self.tg.wait_for(
            lambda: [m for m in self.tg.sent(board.chat_id) if "reply to this message" in m.text]
        )
        question = found[-1]
        await self.until(
            lambda: self.record.value("SELECT 1 FROM prompts WHERE message_id = ?", question.id)
        )
        return question

    async def shows(self, message: Message, words: str, seconds: float = 10) -> Message:
        """Wait until a message shows these words."""
        await self.tg.wait_for(lambda: words in message.text, seconds)
        return message

    async def offers(self, message: Message, label: str, seconds: float = 10) -> Message:
        """Wait until a message has this button."""
        await self.tg.wait_for(lambda: any(label in row for row in message.buttons), seconds)
        return message

    async def until(self, holds: Callable[[], object], seconds: float = 10) -> None:
        """Wait until something holds that neither server can tell of, such as a row."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():  # noqa: ASYNC110 -- a row that changes tells nobody
                    await asyncio.sleep(0.01)
        except TimeoutError:
            logs = "\n".join(process.log[-3000:] for process in self.processes[-2:])
            raise AssertionError(
                f"not within {seconds} s: {self.record.batches()} {self.record.states()}\n"
                f"{self.tg.dump()}\n{logs}"
            ) from None

    async def sent(self, batch_id: int, *states: str, seconds: float = 10) -> None:
        """Wait until the submissions of a batch are in these states."""
        await self.until(lambda: self.record.states(batch_id) == list(states), seconds)


@contextlib.contextmanager
def deaf_address() -> Iterator[str]:
    """The URL of a port whose queue of connections is full: connecting hangs, nothing is read."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
