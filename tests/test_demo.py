"""`callboard demo`: the whole of it as a person starts it, and each way in which it can end."""

import asyncio
import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import httpx
import psutil
import pytest
from click.testing import CliRunner

from bot import demo
from bot.__main__ import cli
from bot.settings import VARIABLES, load_settings
from sandbox.serving import free_port
from tests.sandbox.page_rig import Known, PageRig

ROOT = Path(__file__).parent.parent
TOLD = {
    "TELEGRAM_TOKEN": "1:a",
    "TELEGRAM_API_URL": "http://127.0.0.1:1",
    "BITEL_TOKEN": "b",
    "BITEL_API_URL": "http://127.0.0.1:2",
    "ADMIN_IDS": "7",
}
GARBAGE = dict.fromkeys(VARIABLES, "garbage ∞")
ELSEWHERE = {
    "TELEGRAM_TOKEN": "999:elsewhere",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "TELEGRAM_PROXY": "socks5://127.0.0.1:9",
    "BITEL_TOKEN": "real-token",
    "BITEL_API_URL": "http://127.0.0.1:9",
    "ADMIN_IDS": "1",
    "MAX_NUMBERS": "1",
    "SERVER_ID": "s9",
}

# The settings


@pytest.mark.parametrize("environ", [{}, GARBAGE, ELSEWHERE])
def test_the_environment_says_nothing(environ: dict[str, str]) -> None:
    """Whatever stands in the environment, the bot gets the stage's settings and the defaults."""
    made = demo.bot_environment({**environ, "LANG": "C"}, TOLD, Path("/demo/demo.db"))
    expected = load_settings({**TOLD, "DATABASE_PATH": "/demo/demo.db"}, None)
    assert load_settings(made, None) == expected
    assert made["LANG"] == "C"


def test_every_setting_is_the_demos() -> None:
    """Every variable that the program knows is set, or left blank for a default that is blank."""
    made = demo.bot_environment(GARBAGE, TOLD, Path("/demo/demo.db"))
    assert set(VARIABLES) <= set(made)
    blank = {name for name in VARIABLES if made[name] == ""}
    assert blank == {name for name, one in VARIABLES.items() if one.default == ""}
    assert not set(made.values()) & set(GARBAGE.values())


def test_the_stage_gets_no_setting() -> None:
    """Nothing of the bot's settings reaches the other program either."""
    made = demo.stage_environment({**ELSEWHERE, "PATH": "/bin", "PYTHONPATH": "/mine"})
    assert made == {"PATH": "/bin", "PYTHONPATH": f"{ROOT}{os.pathsep}/mine"}


# Where it is kept


def test_a_folder_of_its_own(tmp_path: Path) -> None:
    """A folder that is not there is made, for its owner alone; one that is empty is taken."""
    made = demo.claim_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    (tmp_path / "empty").mkdir()
    for path in (made, tmp_path / "empty"):
        (demo.claim_folder(path) / "demo.db").write_bytes(b"kept")
        assert demo.claim_folder(path) == path


@pytest.mark.parametrize("command", [["--no-browser"], []])
def test_a_folder_of_something_else(command: list[str], tmp_path: Path) -> None:
    """A file, a folder with anything in it, and one that cannot be made are refused with 2."""
    record = tmp_path / "data"
    record.mkdir()
    (record / "callboard.db").write_bytes(b"the real record")
    (tmp_path / "file").write_text("x")
    for path, words in (
        (record, "holds something else; a demo is kept in a folder of its own."),
        (record / "callboard.db", "is a file; a demo is kept in a folder of its own."),
        (tmp_path / "file" / "below", "cannot be used: Not a directory."),
    ):
        result = CliRunner().invoke(cli, ["demo", "--keep", str(path), *command])
        assert (result.exit_code, result.stderr) == (2, f"{path} {words}\n")
    assert [path.name for path in record.iterdir()] == ["callboard.db"]


def test_a_record_that_is_linked_in(tmp_path: Path) -> None:
    """A demo's folder whose database leads elsewhere is refused."""
    folder = demo.claim_folder(tmp_path / "demo")
    (tmp_path / "real.db").write_bytes(b"the real record")
    (folder / "demo.db").symlink_to(tmp_path / "real.db")
    with pytest.raises(demo.KeepError, match="holds something else"):
        demo.claim_folder(folder)


# The whole of it


class Running:
    """`callboard demo` as a process, and a client of its page."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url
        self.family = psutil.Process(process.pid).children(recursive=True)
        self.err = ""

    async def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and return the exit code once nothing is left of it."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """The exit code, once nothing is left of it."""
        _, err = await self.process.communicate()
        self.err = err.decode()
        _, left = await asyncio.to_thread(psutil.wait_procs, self.family, timeout=20)
        assert left == []
        assert self.process.returncode is not None
        return self.process.returncode

    def child(self, words: str) -> psutil.Process:
        """The process whose command holds these words."""
        return next(one for one in self.family if words in " ".join(one.cmdline()))


@contextlib.asynccontextmanager
async def running(
    cwd: Path, *args: str, environ: dict[str, str] | None = None
) -> AsyncIterator[Running]:
    """Start the program, and wait for the line that tells its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", *args),
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (environ or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
            assert line.startswith("Callboard demo: http://127.0.0.1:"), line
            assert line.endswith("  (Ctrl-C ends it)\n")
            yield Running(process, line.split()[2])
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


@contextlib.asynccontextmanager
async def visiting(started: Running) -> AsyncIterator[tuple[PageRig, Known]]:
    """The page of a demo, and what it knows when it has been loaded."""
    from sandbox.demo.cast import build_stage  # noqa: PLC0415 -- names people only

    async with httpx.AsyncClient(base_url=started.url, trust_env=False, timeout=20) as client:
        r, known = PageRig(build_stage(), client), Known()
        await r.follow(known, lambda k: k.fresh)
        yield r, known


def names_in(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}


def texts(known: Known) -> list[str]:
    """All texts of the chats."""
    return [told["message"].get("text", "") for told in known.all("messages")]


async def call(r: PageRig, known: Known, *numbers: str) -> None:
    """Let the admin call, and wait until the board shows that the gateway has taken it."""
    voice = known.whole["cast"]["voices"][0]["id"]
    text = f"/call {voice} {' '.join(numbers)}"
    await r.done("send", person=r.sara.id, chat=r.sara.id, text=text)
    await r.follow(
        known, lambda k: any("at the gateway" in text and numbers[0] in text for text in texts(k))
    )


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """Settings that lead to a real record and elsewhere, also in the `.env` of the folder."""
    record = tmp_path / "real.db"
    record.write_bytes(b"the real record")
    given = ELSEWHERE | {"DATABASE_PATH": str(record), "LOG_LEVEL": "nonsense"}
    lines = [f"{name}={value}\n" for name, value in given.items()]
    (tmp_path / ".env").write_text("".join(lines))
    return given


async def test_the_whole_demo(tmp_path: Path, hostile: dict[str, str]) -> None:
    """One command gives a page on which the real bot answers, and phones that ring.

    A hostile environment and a hostile `.env` in the folder change nothing; Ctrl-C ends it all.
    """
    async with running(tmp_path, "--no-browser", environ=hostile) as started:
        async with visiting(started) as (r, known):
            assert known.whole["bot"] == {"polling": True}
            menu = known.whole["menus"][str(r.sara.id)][str(r.sara.id)]
            assert "call" in {command["command"] for command in menu}
            await call(r, known, "09120000011", "09120000012")
            await r.follow(known, lambda k: {c["phase"] for c in k.all("calls")} == {"ringing"})
            (request,) = known.all("requests")
            assert (request["result"], request["numbers"]) == ("accepted", 2)
        assert await started.end() == 0
        assert started.err == ""
    assert (tmp_path / "real.db").read_bytes() == b"the real record"
    assert names_in(tmp_path) == {".env", "real.db"}


async def test_a_kept_demo(tmp_path: Path) -> None:
    """A demo that is kept goes on with its record, and a person's first message is new to it."""
    for batch in ("#b1 ", "#b2 "):
        async with running(tmp_path, "--no-browser", "--keep", "kept") as started:
            async with visiting(started) as (r, known):
                await call(r, known, f"0912000010{batch[2]}")
                assert any(text.startswith(batch) for text in texts(known))
            assert await started.end(signal.SIGTERM) == 0
    assert {demo.MARKER, "demo.db"} <= names_in(tmp_path / "kept")


async def test_a_busy_port(tmp_path: Path) -> None:
    """The page comes at the port that is asked for, or at the next one."""
    port = free_port()
    arguments = ("--no-browser", "--port", str(port))
    async with running(tmp_path, *arguments) as one, running(tmp_path, *arguments) as other:
        assert one.url == f"http://127.0.0.1:{port}"
        assert int(other.url.rpartition(":")[2]) > port
        assert [await one.end(), await other.end()] == [0, 0]


@pytest.mark.parametrize(
    ("words", "name"), [("sandbox.demo", "the stage"), ("bot run", "the bot")]
)
async def test_half_of_it_dies(words: str, name: str, tmp_path: Path) -> None:
    """If one of the programs dies, the other is ended, and it is said which it was."""
    async with running(tmp_path, "--no-browser") as started:
        started.child(words).kill()
        assert await started.ended() == 1
        assert started.err.startswith(f"The demo cannot go on: {name} has ended with -9.")


async def test_nothing_outlives_it(tmp_path: Path) -> None:
    """If the command is killed, both programs end all the same."""
    async with running(tmp_path, "--no-browser") as started:
        assert await started.end(signal.SIGKILL) == -signal.SIGKILL


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A program that writes down the address that it is to open, into `browser.seen`."""
    path = tmp_path / "browser"
    seen = f"{path}.seen"
    path.write_text(f'#!/bin/sh\necho "$1" > {seen}.new && mv {seen}.new {seen}\n')
    path.chmod(0o700)
    return path


async def seen_by(browser: Path) -> str:
    """The address that it was told to open."""
    async with asyncio.timeout(20):
        while not Path(f"{browser}.seen").exists():  # noqa: ASYNC110, ASYNC240 -- another program's
            await asyncio.sleep(0.01)
    return Path(f"{browser}.seen").read_text()  # noqa: ASYNC240 -- a line


async def test_the_browser(browser: Path, tmp_path: Path) -> None:
    """Where there is a browser, it opens the page."""
    async with running(tmp_path, environ={"BROWSER": f"{browser} %s &"}) as started:
        assert await seen_by(browser) == f"{started.url}\n"
        assert await started.end() == 0


@pytest.mark.parametrize("command", ["{} %s", ""])
def test_no_browser_with_a_window(command: str, browser: Path) -> None:
    """One that would take the terminal over is left alone; without any nothing happens."""
    code = (
        "import threading; from bot import demo; demo.open_browser('http://p'); "
        "[one.join() for one in threading.enumerate() if one.daemon]"
    )
    environ = {"PATH": "", "PYTHONPATH": str(ROOT), "BROWSER": command.format(browser)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, check=True, timeout=20
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert not Path(f"{browser}.seen").exists()


# Its parts


SAYS = 'import sys; print(\'{"page": "http://p", "settings": {}}\', flush=True); '
STAGE = (sys.executable, "-c", SAYS + "sys.stdin.read()")
READY = "import sys; print('ready: @it', file=sys.stderr, flush=True); "
BOT = (sys.executable, "-c", READY + "import time; time.sleep(60)")
DEAF = (
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "import sys; print('ready: @it', file=sys.stderr, flush=True)\n"
    "time.sleep(60)\n"
)


def program(code: str) -> Sequence[str]:
    """A command that runs this."""
    return (sys.executable, "-c", code)


async def ended_by(
    stage: Sequence[str], bot: Sequence[str], tell: Callable[[str], object], **options: float
) -> str:
    """What is said of a demo that does not go on."""
    with pytest.raises(demo.EndedError) as said:
        async with asyncio.timeout(20):
            await demo.Demo(stage, bot, None, tell, **options).run()
    return str(said.value)


async def test_a_stage_that_does_not_start() -> None:
    """If the stage fails at its start, its last words are told, and no address is."""
    told: list[str] = []
    fails = "import sys; print('no page', file=sys.stderr); sys.exit(3)"
    said = await ended_by(program(fails), BOT, told.append)
    assert said == "the stage has ended with 3. It said last:\nno page"
    assert told == []


async def test_a_bot_that_does_not_start() -> None:
    """The same for the bot; only its last lines are told."""
    told: list[str] = []
    fails = "import sys; [print(n, file=sys.stderr) for n in range(100)]; sys.exit(2)"
    said = await ended_by(STAGE, program(fails), told.append)
    words = "\n".join(str(n) for n in range(75, 100))
    assert said == f"the bot has ended with 2. It said last:\n{words}"
    assert told == []


async def test_a_bot_that_is_never_ready() -> None:
    """A start that takes too long is given up."""
    waits = program("import time; time.sleep(60)")
    said = await ended_by(STAGE, waits, print, ready_within=3)
    assert said == "the bot is not ready after 3 s."


async def test_a_stage_that_says_nothing() -> None:
    """A stage that does not say where it is, in time and in JSON, is given up."""
    waits = program("import time; time.sleep(60)")
    said = await ended_by(waits, BOT, print, ready_within=0.5)
    assert said == "the stage is not there after 0.5 s."
    for line in ("here", "[]"):
        junk = program(f"import time; print({line!r}, flush=True); time.sleep(60)")
        said = await ended_by(junk, BOT, print)
        assert said == "the stage does not say where it is."


async def test_a_program_that_ends_well_has_ended_too() -> None:
    """A bot that ends by itself with 0 ends the demo all the same, after the address was told."""
    told: list[str] = []
    done = program(READY + "sys.stdin.read()")
    assert await ended_by(STAGE, done, told.append) == (
        "the bot has ended with 0. It said last:\nready: @it"
    )


async def test_a_signal_ends_it() -> None:
    """After a signal all of it ends, and the code is 0."""

    def tell(url: str) -> None:
        assert url == "http://p"
        os.kill(os.getpid(), signal.SIGTERM)

    async with asyncio.timeout(20):
        assert await demo.Demo(STAGE, BOT, None, tell).run() == 0


async def test_a_program_that_will_not_end() -> None:
    """Who does not end in time is ended by force."""

    def tell(_: str) -> None:
        os.kill(os.getpid(), signal.SIGHUP)

    async with asyncio.timeout(20):
        deaf = demo.Demo(STAGE, program(DEAF), None, tell, ends_within=0.2)
        assert await deaf.run() == 0


async def test_a_second_signal_ends_it_at_once() -> None:
    """Who cannot wait sends the signal again."""
    loop = asyncio.get_running_loop()

    def tell(_: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        loop.call_later(0.2, os.kill, os.getpid(), signal.SIGINT)

    async with asyncio.timeout(20):
        deaf = demo.Demo(STAGE, program(DEAF), None, tell, ends_within=3600)
        assert await deaf.run() == 0
