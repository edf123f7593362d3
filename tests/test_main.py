import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import bot
from bot.__main__ import cli, run_to_the_end
from bot.settings import Settings, load_settings
from storage.errors import (
    AlreadyRunningError,
    DatabaseBusyError,
    DatabaseUnusableError,
    DiskRefusesError,
    InvariantError,
)
from tests.logging_state import logging_restored

BOT_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
REQUIRED = {"TELEGRAM_TOKEN": BOT_TOKEN, "BITEL_TOKEN": "gateway-token", "ADMIN_IDS": "7"}
UNREACHABLE = {"TELEGRAM_API_URL": "http://127.0.0.1:9", "BITEL_API_URL": "http://127.0.0.1:9"}


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """What a test sets up ends with it."""
    with logging_restored():
        yield


@pytest.fixture(autouse=True)
def _empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts where no `.env` is, with none of our variables set."""
    monkeypatch.chdir(tmp_path)
    for name in (*REQUIRED, *UNREACHABLE, "DATABASE_PATH"):
        monkeypatch.delenv(name, raising=False)


def invoke(*args: str, **environ: str) -> Result:
    """What a command of the program does in this environment."""
    return CliRunner().invoke(cli, args, env=environ)


@pytest.mark.parametrize("command", ["run", "check"])
def test_without_settings_it_explains_itself(command: str, tmp_path: Path) -> None:
    """Without a `.env` it names each missing variable and the lines to write, and exits with 2."""
    result = invoke(command)
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[:3] == [
        "TELEGRAM_TOKEN is not set.",
        "BITEL_TOKEN is not set.",
        "ADMIN_IDS is not set.",
    ]
    assert f"Write these lines into {tmp_path}/.env, and start again:" in lines
    for name, source in (("TELEGRAM_TOKEN", "@BotFather"), ("BITEL_TOKEN", "gateway's panel")):
        assert source in lines[lines.index(f"{name}=") - 1]


def test_the_lines_that_it_tells_can_be_filled_in(tmp_path: Path) -> None:
    """What it says to write is a `.env` file: with the values filled in, it starts from it."""
    told = invoke("check").stderr.partition("start again:\n")[2]
    for name, value in REQUIRED.items():
        told = told.replace(f"{name}=", f"{name}={value}")
    (tmp_path / ".env").write_text(told)
    assert "✓ settings: complete." in invoke("check", **UNREACHABLE).stdout


def test_a_wrong_setting_is_named() -> None:
    """A wrong value is told in one line, without any guide, and the exit code is 2."""
    result = invoke("run", **REQUIRED | {"LOG_FORMAT": "xml"})
    assert result.exit_code == 2
    assert result.stderr == "LOG_FORMAT must be text or json. It is 'xml'.\n"


def test_check_tells_what_is_wrong() -> None:
    """If anything is out of reach, `check` says so for each, and exits with 1."""
    result = invoke("check", **REQUIRED | UNREACHABLE)
    assert result.exit_code == 1
    marks = [line[0] for line in result.stdout.splitlines()]
    assert marks == ["✓", "✓", "✗", "✗", "✓"]
    assert BOT_TOKEN not in result.output


def test_version() -> None:
    """`--version` tells the version that is installed, if it is installed."""
    try:
        version = importlib.metadata.version("callboard")
    except importlib.metadata.PackageNotFoundError:
        version = "(not installed)"
    assert invoke("--version").stdout == f"callboard, version {version}\n"


def test_an_unknown_command_is_refused() -> None:
    """A command that does not exist exits with 2."""
    assert invoke("launch").exit_code == 2


def settings() -> Settings:
    """Valid settings."""
    return load_settings(REQUIRED, None)


def ending_with(
    outcome: BaseException | int, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """The exit code and stderr of a program that ends so."""

    async def start(_: Settings) -> int:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    code = run_to_the_end(start, settings())
    out, err = capsys.readouterr()
    assert out == ""
    return code, err


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_is_the_bots(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """How the bot ended is how the program ends."""
    assert ending_with(code, capsys) == (code, "")


@pytest.mark.parametrize(
    "error", [AlreadyRunningError, DatabaseBusyError, DatabaseUnusableError, DiskRefusesError]
)
def test_a_record_that_cannot_be_used(
    error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    """What a person can mend is said in one line, and the exit code is 1."""
    assert ending_with(error("why"), capsys) == (1, "callboard cannot run: why.\n")


@pytest.mark.parametrize("error", [RuntimeError, InvariantError])
def test_any_other_failure_is_logged(
    error: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    """A failure of the program is logged with its traceback, redacted, and the exit code is 1."""
    code, err = ending_with(error(f"{BOT_TOKEN} for 09121234567"), capsys)
    assert code == 1
    assert "callboard has failed" in err
    assert f"{error.__name__}: ••• for •••67" in err


def test_an_early_ctrl_c_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C before the bot listens to it by itself ends with 0."""
    assert ending_with(KeyboardInterrupt(), capsys) == (0, "")


def python(*args: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    root = str(Path(bot.__file__).parent.parent)
    return subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": root} | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_python_m_bot_is_the_program(tmp_path: Path) -> None:
    """`python -m bot run` is `callboard run`, and exits as it does."""
    done = python("-m", "bot", "run", cwd=tmp_path)
    assert done.returncode == 2
    assert "TELEGRAM_TOKEN is not set." in done.stderr
    assert done.stderr.count("Traceback") == 0


def test_run_refuses_a_damaged_record(tmp_path: Path) -> None:
    """The real program on a file that is no database: one line, exit code 1, nothing started."""
    (tmp_path / "callboard.db").write_bytes(b"no database" * 1000)
    environ = REQUIRED | UNREACHABLE | {"DATABASE_PATH": "callboard.db"}
    done = python("-m", "bot", "run", cwd=tmp_path, **environ)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("callboard cannot run: the database file is damaged or no database.\n")


def test_help_is_fast_because_it_loads_little(tmp_path: Path) -> None:
    """`--help` loads neither Telegram's library nor the numbering plans."""
    code = (
        "import sys; from bot.__main__ import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'telegram', 'httpx', 'phonenumbers', 'sqlite_utils'} & sys.modules.keys())"
    )
    done = python("-c", code, cwd=tmp_path)
    assert "Start the bot." in done.stdout
    assert done.stdout.endswith("set()\n")
