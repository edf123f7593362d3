"""`callboard audit verify`, as a process of its own, beside a running bot."""

import contextlib
import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from storage.lock import ProcessLock
from storage.models import Person
from tests.record_file import record_at

REQUIRED = {"TELEGRAM_TOKEN": "123:abc", "BITEL_TOKEN": "gateway-token", "ADMIN_IDS": "7"}
SARA = Person(id=7, name="Sara")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with five entries in its audit."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        for n in range(1, 6):
            tx.audit.add("launched", f"b{n}", at=float(n), by=SARA, chat_id=7, after="one number")
    return path


def verify(path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the program on this record."""
    root = str(Path(bot.__file__).parent.parent)
    environment = os.environ | REQUIRED | {"PYTHONPATH": root, "DATABASE_PATH": str(path)}
    return subprocess.run(
        [sys.executable, "-m", "bot", "audit", "verify", *args],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def tamper(path: Path, *sqls: str) -> None:
    """Do this to the file, past the triggers, which stand again afterwards."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for sql in sqls:
            connection.execute(sql)
        for _, sql in guards:
            connection.execute(sql)


def head_of(path: Path) -> str:
    """The head that a whole chain is told with."""
    return verify(path).stdout.split()[-1]


def test_whole(path: Path) -> None:
    """One line tells how many entries there are, and the head; also while the bot runs."""
    with ProcessLock(path):
        done = verify(path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("5 entries, chain whole, head 5:")
    head = done.stdout.split()[-1]
    assert verify(path, "--head", head).stdout == done.stdout


def test_a_noted_head_stays_in_the_chain(path: Path) -> None:
    """What is added later changes nothing of what was noted."""
    head = head_of(path)
    with record_at(path) as tx:
        tx.audit.add("stopped", "b1", at=9.0, by=SARA)
    done = verify(path, "--head", head)
    assert done.returncode == 0
    assert done.stdout.startswith("6 entries, ")


@pytest.mark.parametrize(
    ("sqls", "words"),
    [
        (("UPDATE audit SET by_name = 'Bob' WHERE id = 3",), "entry 3 was changed, or stands"),
        (("DELETE FROM audit WHERE id = 2",), "entry 2 is missing, though"),
        (
            (
                "UPDATE audit SET id = 99 WHERE id = 2",
                "UPDATE audit SET id = 2 WHERE id = 4",
                "UPDATE audit SET id = 4 WHERE id = 99",
            ),
            "entry 2 was changed, or stands where another one stood",
        ),
        (("UPDATE audit SET id = 0 WHERE id = 5",), "entry 0 has a number that"),
    ],
)
def test_broken(path: Path, sqls: tuple[str, ...], words: str) -> None:
    """The first entry that is not as it was is named, and how far the chain is whole."""
    tamper(path, *sqls)
    done = verify(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"The audit is broken: {words}" in done.stderr
    assert "Whole is what comes before, up to " in done.stderr


def test_a_cut_end_shows_by_the_noted_head(path: Path) -> None:
    """Alone the rest is whole; with the head it is not."""
    head = head_of(path)
    tamper(path, "DELETE FROM audit WHERE id > 3")
    assert verify(path).returncode == 0
    done = verify(path, "--head", head)
    assert done.returncode == 1
    assert "entry 5, the head that you noted, is missing: the end was cut off" in done.stderr


def test_another_hash_than_the_noted_one(path: Path) -> None:
    """A head of another chain is none of this one."""
    done = verify(path, "--head", f"5:{'a' * 64}")
    assert done.returncode == 1
    assert "entry 5 has another hash than the head that you noted" in done.stderr


def test_bad_input(path: Path, tmp_path: Path) -> None:
    """What is no head is said so, and nothing is verified; nor is a record that is not there."""
    done = verify(path, "--head", "5")
    assert done.returncode == 2
    assert "--head takes ID:HASH" in done.stderr
    done = verify(tmp_path / "nothing.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert "callboard cannot verify: there is no database at" in done.stderr


def test_nothing_yet(tmp_path: Path) -> None:
    """A new record has a chain, too."""
    path = tmp_path / "new.db"
    with record_at(path):
        pass
    assert verify(path).stdout == f"0 entries, chain whole, head 0:{'0' * 64}\n"


def test_how_far_it_is_on_a_terminal(path: Path) -> None:
    """A terminal sees the number of entries, and the line is gone at the end."""
    root = str(Path(bot.__file__).parent.parent)
    code = (
        "from pathlib import Path\n"
        "from bot.auditing import verify\n"
        f"print(verify(Path({str(path)!r})))\n"
    )
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    assert done.stdout.startswith(b"5 entries, chain whole")
    assert "Entries verified: 1 of 5" in shown
    assert shown.endswith("\r\x1b[K")


def test_the_guards_must_stand(path: Path) -> None:
    """A whole chain is not enough if nothing keeps the next one from changing it."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in ("audit_follows", "audit_fixed", "audit_keep"):
            connection.execute(f"DROP TRIGGER {name}")
    done = verify(path)
    assert done.returncode == 1
    assert "audit_follows, audit_fixed, audit_keep" in done.stderr
    assert "whole up to 5:" in done.stderr


def test_a_guard_that_does_nothing(path: Path) -> None:
    """A trigger of the same name that is not ours guards nothing."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER audit_fixed")
        connection.execute("CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT 1; END")
    done = verify(path)
    assert done.returncode == 1
    assert "without audit_fixed." in done.stderr
