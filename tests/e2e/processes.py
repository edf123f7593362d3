"""Processes of the program: started as people start it, or forked warm; killed and waited for."""

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ("-m", "bot", "run")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The settings and nothing else of ours; coverage finds child processes by its variables."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    path = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}
    return {**kept, **path, **settings}


class Process:
    """One life of the program, from its start to its exit code."""

    def __init__(self, pid: int, exit_code: "Future[int]", log: Path) -> None:
        self.pid = pid
        self.log_path = log
        self._exit_code = exit_code

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return not self._exit_code.done()

    @property
    def log(self) -> str:
        """All that it has written to stderr so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def signal(self, number: int) -> None:
        """Send a signal, if it still lives."""
        if self.alive:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM, as a container's stop does."""
        self.signal(signal.SIGTERM)

    async def kill9(self) -> None:
        """End it without a word, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        await self.wait()

    async def wait(self, seconds: float = 20) -> int:
        """The exit code; negative for the signal that ended it."""
        async with asyncio.timeout(seconds):
            return await asyncio.shield(asyncio.wrap_future(self._exit_code))


def spawn(
    settings: Mapping[str, str], cwd: Path, log: Path, arguments: Sequence[str] = PROGRAM
) -> Process:
    """Start `python -m bot run` as a person would."""
    with log.open("ab") as stderr:
        program = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=cwd,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
    exit_code: Future[int] = Future()
    threading.Thread(target=lambda: exit_code.set_result(program.wait()), daemon=True).start()
    return Process(program.pid, exit_code, log)


class Zygote:
    """Forks warm processes of the program; see `zygote.py`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))],
            env=environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._orders = itertools.count(1)
        self._pids: dict[int, Future[int]] = {}
        self._codes: dict[int, Future[int]] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            said = json.loads(line)
            if "order" in said:
                self._codes[said["pid"]] = Future()
                self._pids[said["order"]].set_result(said["pid"])
            else:
                self._codes[said["pid"]].set_result(said["code"])

    def spawn(self, settings: Mapping[str, str], cwd: Path, log: Path) -> Process:
        """Fork a process of the program."""
        number = next(self._orders)
        self._pids[number] = Future()
        order = {"order": number, "cwd": str(cwd), "log": str(log), "env": environment(settings)}
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(json.dumps(order).encode() + b"\n")
        pipe.flush()
        pid = self._pids[number].result(timeout=20)
        return Process(pid, self._codes[pid], log)

    def close(self) -> None:
        """End it; its processes have ended before."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is self._process.stdout:
                self._process.wait(timeout=20)
                self._listener.join(timeout=20)
            if pipe is not None:
                pipe.close()
