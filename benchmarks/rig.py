"""A program beside both simulated servers, and people who write to it.

The servers run in this process, the program under test in one of its own, all on loopback.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from sandbox.bitel import BitelSandbox
from sandbox.telegram import Message, Person, TelegramSandbox

ROOT = Path(__file__).resolve().parent.parent
VOICE = "08e815cbcd724386805103ac0d45e4c2"
PEOPLE = range(500_001, 500_021)
GATEWAY_TOKEN = "benchmark-token"  # noqa: S105 -- of the simulated gateway
START_SECONDS = 20
PATIENCE = 60.0  # seconds for any answer
EPOCH = 1_700_000_000  # ids count on from the seconds since then: a record was here before
SHOWN = 3000  # characters of its log, if it does not answer
READY = b" ready: @"

BARE = [sys.executable, str(ROOT / "benchmarks" / "bare.py")]
CALLBOARD = [sys.executable, "-m", "bot", "run"]


class Rig:
    """Both servers, and one person after another who launches or asks."""

    def __init__(self, tg: TelegramSandbox, bitel: BitelSandbox) -> None:
        self.tg = tg
        self.bitel = bitel
        self.people = [tg.add_person(i, f"P{i}") for i in PEOPLE]
        self._next = secrets.randbelow(5_000_000)  # what was launched minutes ago is asked first

    def command(self, numbers: int = 3) -> str:
        """A `/call` with so many numbers that no other one has."""
        first = self._next
        self._next += numbers
        listed = " ".join(f"0912{(first + i) % 10_000_000:07d}" for i in range(numbers))
        return f"/call {VOICE} {listed}"

    async def launch(self, person: Person) -> tuple[float, float]:
        """Seconds from a `/call` with three numbers to its POST, and to the answer in the chat."""
        posts = self.bitel.posts
        began = time.perf_counter()
        asked = self.tg.send(person, person, self.command())
        await self.bitel.wait_for(lambda: self.bitel.posts > posts, PATIENCE)
        to_post = time.perf_counter() - began
        await self.tg.wait_for(lambda: self.answers(asked), PATIENCE)
        return to_post, time.perf_counter() - began

    async def ask(self, person: Person, text: str) -> tuple[float, Message]:
        """Seconds from a message to the answer in the chat, and that answer."""
        began = time.perf_counter()
        asked = self.tg.send(person, person, text)
        found = await self.tg.wait_for(lambda: self.answers(asked), PATIENCE)
        return time.perf_counter() - began, found[0]

    def answers(self, asked: Message) -> list[Message]:
        """What replies to a message; what the program says by itself replies to others."""
        found = []
        for message in reversed(self.tg.chat(asked.chat_id).messages):
            if message.id <= asked.id:
                break
            if message.get("reply_to_message", {}).get("message_id") == asked.id:
                found.append(message)
        return found[::-1]


@asynccontextmanager
async def rig(command: list[str], **more: str) -> AsyncIterator[tuple[Rig, psutil.Process, float]]:
    """New servers, and a program beside them that is ready.

    Args:
        command: that starts the program.
        more: variables of its environment; without a `DATABASE_PATH` it has a new record.

    Yields:
        The rig, the process of the program, and the seconds that its start took.
    """
    tg, bitel = (
        TelegramSandbox(ids_after=int(time.time()) - EPOCH),
        BitelSandbox(token=GATEWAY_TOKEN, seed=None),
    )
    with tempfile.TemporaryDirectory() as folder:
        async with tg.serve() as telegram_url, bitel.serve() as bitel_url:
            environment = settings(folder, tg.token, telegram_url, bitel_url) | more
            made = Rig(tg, bitel)
            async with program(command, environment, tg) as (process, seconds):
                yield made, process, seconds


@asynccontextmanager
async def program(
    command: list[str], environment: dict[str, str], tg: TelegramSandbox
) -> AsyncIterator[tuple[psutil.Process, float]]:
    """Run a program until it is ready; gives its process and the seconds that its start took."""
    log = Path(environment["HOME"]) / "log"
    began = time.perf_counter()
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            cwd=environment["HOME"],
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        async with asyncio.timeout(START_SECONDS):
            # The bare program has no word for it; it is ready when it polls.
            while not (READY in log.read_bytes() or (command is BARE and tg.calls_of("getMe"))):
                if process.returncode is not None:
                    raise SystemExit(f"{command[-1]} has ended:\n{log.read_text()}")
                await asyncio.sleep(0.005)
        try:
            yield psutil.Process(process.pid), time.perf_counter() - began
        except (AssertionError, TimeoutError):
            print(f"The program said:\n{log.read_text()[-SHOWN:]}", file=sys.stderr)
            raise
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        except TimeoutError:
            process.kill()
            raise SystemExit(f"{command[-1]} did not end") from None


def settings(folder: str, token: str, telegram_url: str, bitel_url: str) -> dict[str, str]:
    """The environment of the program under test."""
    return {
        "HOME": folder,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_TOKEN": token,
        "TELEGRAM_API_URL": telegram_url,
        "BITEL_TOKEN": GATEWAY_TOKEN,
        "BITEL_API_URL": bitel_url,
        "ADMIN_IDS": str(PEOPLE[0]),
        "ALLOWED_IDS": ",".join(str(person) for person in PEOPLE),
        "DATABASE_PATH": str(Path(folder) / "callboard.db"),
        "WINDOW": "off",  # it is measured at any hour
    }
