"""Has the program imported, and forks a process of it on each order: a start without the imports.

What runs then is the same `callboard run`, in a process of its own that can be killed. Most tests
use it, because importing takes most of the time of a start.
"""

import importlib
import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

PRELOADED = ("bot.process", "bot.logs", "bot.settings", "babel.dates", "phonenumbers")


def main() -> None:
    """Take orders from stdin until it ends; tell pids and exit codes on stdout."""
    for module in PRELOADED:
        importlib.import_module(module)
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    unread = b""
    while True:
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            os.read(wake, 4096)
            _reap()
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                return
            *lines, unread = (unread + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    os.close(wake)
                    os.close(woken)
                    _become(order)
                _tell(order=order["order"], pid=pid)


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell(pid=pid, code=os.waitstatus_to_exitcode(status))


def _tell(**said: int) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def _become(order: dict[str, Any]) -> None:
    """Turn the forked process into the program; never returns."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(log, 2)
    os.close(log)
    os.close(nothing)
    sys.argv[:] = [str(Path("callboard")), "run"]
    from bot.__main__ import main as run_program  # noqa: PLC0415 -- as late as in the program

    run_program()
    sys.exit(0)


if __name__ == "__main__":
    main()
