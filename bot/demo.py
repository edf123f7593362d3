"""The demo: the bot beside a stage that plays all of its outside, each a process of its own.

The stage is a program that serves what the bot talks to, and a page; it says on its first line
which settings lead there. The bot is the unchanged program. Nothing of the environment's settings
or of any `.env` file reaches it, so that a demo never reaches a real gateway or a real record.
"""

import asyncio
import contextlib
import json
import os
import signal
import tempfile
import threading
import webbrowser
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import bot
from bot.settings import VARIABLES

MARKER: Final = ".callboard-demo"
DATABASE: Final = "demo.db"
READY: Final = b"ready: @"  # what the bot logs once it asks for updates
READY_WITHIN: Final = 60.0  # seconds, on the slowest machine
ENDS_WITHIN: Final = 20.0  # seconds for what is under way; the demo's gateway answers sooner
TAIL: Final = 25  # lines of a program that has failed
LONGEST_LINE: Final = 1 << 20
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Command = Sequence[str]


class KeepError(Exception):
    """This folder is none to keep a demo in; the text is a sentence."""


class EndedError(Exception):
    """A program of the demo ended by itself; the text tells which, and what it said last."""


class _Program:
    """A process in a session of its own: Ctrl-C in the terminal is for the demo alone."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self.process = process
        self.ready = asyncio.Event()
        self._said: deque[bytes] = deque(maxlen=TAIL)
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(
        cls, name: str, command: Command, environ: Mapping[str, str], folder: Path, *, talks: bool
    ) -> "_Program":
        """Start it; one that talks has pipes at stdin, which it ends with, and at stdout."""
        talking = asyncio.subprocess.PIPE if talks else asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environ,
            cwd=folder,
            stdin=talking,
            stdout=talking,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            start_new_session=True,
        )
        return cls(name, process)

    @property
    def last_words(self) -> str:
        """The last lines that it wrote to stderr, for a sentence before them."""
        said = b"".join(self._said).decode(errors="replace").rstrip()
        return f" It said last:\n{said}" if said else ""

    async def first_line(self) -> bytes:
        """Return what it says first on stdout."""
        assert self.process.stdout is not None  # noqa: S101  it is a pipe
        return await self.process.stdout.readline() or await self.failed()

    def tell(self, line: str) -> None:
        """Write a line to its stdin."""
        assert self.process.stdin is not None  # noqa: S101  it is a pipe
        self.process.stdin.write(f"{line}\n".encode())

    async def failed(self) -> bytes:
        """Wait for its end.

        Raises:
            EndedError: always.
        """
        code = await self.process.wait()
        await self._listening
        raise EndedError(f"{self.name} has ended with {code}.{self.last_words}")

    async def end(self, seconds: float) -> None:
        """Ask it to end, wait so long, and end it by force if it does not."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            async with asyncio.timeout(seconds):
                await self.process.wait()
        except TimeoutError:
            self.kill()
            await self.process.wait()
        await self._listening

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def _listen(self) -> None:
        assert self.process.stderr is not None  # noqa: S101  it is a pipe
        async for line in self.process.stderr:
            self._said.append(line)
            if READY in line:
                self.ready.set()


class Demo:
    """A stage and the bot, from their start to their end.

    Args:
        stage: the command that starts the stage.
        program: the command that starts the bot.
        kept: where the database is kept; None for a folder that goes with the demo.
        tell: is called with the page's address once the bot asks for updates.
        ready_within: seconds that the start may take.
        ends_within: seconds that each may take to end what is under way.
    """

    def __init__(
        self,
        stage: Command,
        program: Command,
        kept: Path | None,
        tell: Callable[[str], object],
        *,
        ready_within: float = READY_WITHIN,
        ends_within: float = ENDS_WITHIN,
    ) -> None:
        self._stage = stage
        self._bot = program
        self._kept = kept
        self._tell = tell
        self._ready_within = ready_within
        self._ends_within = ends_within
        self._programs: list[_Program] = []

    async def run(self) -> int:
        """Run until a signal, or until a program has ended.

        Returns:
            0 after a signal.

        Raises:
            EndedError: one of the two has ended by itself.
        """
        stop = asyncio.Event()
        with (
            self._own_signals(stop),
            tempfile.TemporaryDirectory(prefix="callboard-demo-") as empty,
        ):
            try:
                await _first(stop.wait(), self._play(Path(empty)))
            finally:
                for program in reversed(self._programs):
                    await program.end(self._ends_within)
        return 0

    @contextlib.contextmanager
    def _own_signals(self, stop: asyncio.Event) -> Iterator[None]:
        """Stop at the first signal; at a second one, end both by force."""

        def on_signal() -> None:
            if stop.is_set():
                for program in self._programs:
                    program.kill()
            stop.set()

        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, on_signal)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def _play(self, empty: Path) -> None:
        """Start both in an empty folder: the bot would read a `.env` where it is started."""
        environ = stage_environment(os.environ)
        stage = await _Program.start("the stage", self._stage, environ, empty, talks=True)
        self._programs.append(stage)
        told = await self._addresses(stage)
        database = (self._kept or empty) / DATABASE
        environ = bot_environment(os.environ, told["settings"], database)
        program = await _Program.start("the bot", self._bot, environ, empty, talks=False)
        self._programs.append(program)
        stage.tell(str(program.process.pid))  # it ends the bot if this process is killed
        try:
            async with asyncio.timeout(self._ready_within):
                await _first(program.ready.wait(), program.failed(), stage.failed())
        except TimeoutError:
            words = f"the bot is not ready after {self._ready_within:g} s.{program.last_words}"
            raise EndedError(words) from None
        self._tell(told["page"])
        await _first(program.failed(), stage.failed())

    async def _addresses(self, stage: _Program) -> dict[str, Any]:
        """Return what the stage says on its first line: the page, and the bot's settings."""
        try:
            async with asyncio.timeout(self._ready_within):
                told = json.loads(await stage.first_line())
        except TimeoutError:
            words = f"the stage is not there after {self._ready_within:g} s.{stage.last_words}"
            raise EndedError(words) from None
        except ValueError:
            raise EndedError(f"the stage does not say where it is.{stage.last_words}") from None
        if not isinstance(told, dict):
            raise EndedError(f"the stage does not say where it is.{stage.last_words}")
        return told


async def _first(*awaited: Awaitable[object]) -> None:
    """Wait for the first of them, raise what it raises, and give the others up."""
    tasks = [asyncio.ensure_future(one) for one in awaited]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def stage_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without any setting of the bot, and with our own code in reach."""
    kept = {name: value for name, value in environ.items() if name not in VARIABLES}
    ours = str(Path(bot.__file__).parent.parent)
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, [ours, kept.get("PYTHONPATH")]))}


def bot_environment(
    environ: Mapping[str, str], told: Mapping[str, str], database: Path
) -> dict[str, str]:
    """Return the bot's environment: every setting is the stage's or the default.

    Args:
        environ: what else is in it; its settings do not count.
        told: what the stage says, by variable.
        database: the demo's own file.
    """
    own = {**told, "DATABASE_PATH": str(database)}
    settings = {name: own.get(name, one.default or "") for name, one in VARIABLES.items()}
    return stage_environment(environ) | settings


def claim_folder(path: Path) -> Path:
    """Return a folder in which a demo is kept, made if it is not there, and marked as such.

    Raises:
        KeepError: it is a file, or holds something else: it could be the real record.
    """
    folder = path.absolute()
    if folder.exists() and not folder.is_dir():
        raise KeepError(f"{path} is a file; a demo is kept in a folder of its own.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ours = (folder / MARKER).is_file() and not (folder / DATABASE).is_symlink()
        if any(folder.iterdir()) and not ours:
            raise KeepError(f"{path} holds something else; a demo is kept in a folder of its own.")
        (folder / MARKER).touch()
    except OSError as error:
        raise KeepError(f"{path} cannot be used: {error.strerror}.") from error
    return folder


def open_browser(url: str) -> None:
    """Open the page in a browser with a window, if there is one; not in the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    windowed = isinstance(browser, webbrowser.BackgroundBrowser)
    if windowed or not isinstance(browser, webbrowser.GenericBrowser):
        threading.Thread(target=browser.open, args=(url,), daemon=True).start()
