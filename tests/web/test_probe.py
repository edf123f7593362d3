import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.health import Check
from bot.settings import Settings, load_settings
from bot.web.probe import ask, reachable
from sandbox.serving import free_port
from tests.e2e.processes import environment
from tests.web.rig import open_rig

REQUIRED = {"TELEGRAM_TOKEN": "1:x", "BITEL_TOKEN": "x", "ADMIN_IDS": "7"}
ROOT = Path(__file__).parents[2]
SICK = (
    Check(name="telegram", ok=False, words="Telegram has not answered for 91 s"),
    Check(name="loop", ok=True, words="the longest standstill within a minute was 0.0 s"),
    Check(name="database", ok=False, words="a test write has waited for 6 s"),
)


def settings(**changed: str) -> Settings:
    """Settings with a port, or without."""
    return load_settings(REQUIRED | changed, None)


def probe(cwd: Path, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run the health check as the container does."""
    return subprocess.run(
        [sys.executable, "-m", "bot.web.probe"],
        cwd=cwd,
        env=environment(environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def run_beside(cwd: Path, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """The same while this process serves."""
    return await asyncio.to_thread(probe, cwd, environ)


async def test_a_program_that_is_well(tmp_path: Path) -> None:
    """Exit code 0, and a word for the container's log of health checks."""
    async with open_rig(tmp_path) as rig:
        done = await run_beside(tmp_path, REQUIRED | {"HTTP_PORT": str(rig.port)})
    assert (done.returncode, done.stdout) == (0, "All is well.\n")


async def test_a_program_that_is_not(tmp_path: Path) -> None:
    """Exit code 1, and every reason in words; a proxy of the environment is not asked."""
    async with open_rig(tmp_path, checks=SICK) as rig:
        proxy = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        done = await run_beside(tmp_path, REQUIRED | proxy | {"HTTP_PORT": str(rig.port)})
    said = "Telegram has not answered for 91 s; a test write has waited for 6 s\n"
    assert (done.returncode, done.stdout) == (1, said)


async def test_without_a_port_there_is_nothing_to_ask(tmp_path: Path) -> None:
    """Nobody is called sick for having closed the port."""
    assert ask(settings())[0]
    done = probe(tmp_path, REQUIRED)
    assert (done.returncode, done.stdout) == (
        0,
        "HTTP_PORT is not set: there is nothing to ask.\n",
    )


def test_nobody_answers() -> None:
    """A program that is gone, or hangs, is not well."""
    assert ask(settings(HTTP_PORT=str(free_port()))) == (
        False,
        "no answer: ConnectionRefusedError",
    )


def test_bad_settings(tmp_path: Path) -> None:
    """They are named, as at the start."""
    done = probe(tmp_path, {})
    assert done.returncode == 1
    assert "TELEGRAM_TOKEN is not set." in done.stdout


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 -- a value, not a socket
        ("::", "::1"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_where_it_asks(host: str, asked: str) -> None:
    """What listens on every address is asked on this machine's own."""
    assert reachable(host) == asked


def test_the_image_asks_so() -> None:
    """The image's health check is this module, and the port that it asks is open there."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert 'CMD ["python", "-m", "bot.web.probe"]' in dockerfile
    assert "HTTP_PORT=" in dockerfile
