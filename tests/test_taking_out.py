"""`callboard export` and `callboard backup`, as processes of their own."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

import bot
from bot.calling.periods import Format
from bot.settings import load_settings
from bot.taking_out import CannotTakeOutError, export
from storage.lock import ProcessLock
from storage.reading import read_only
from tests.record_file import DAY, add_called, record_at

TEHRAN = ZoneInfo("Asia/Tehran")
REQUIRED = {"TELEGRAM_TOKEN": "123:abc", "BITEL_TOKEN": "gateway-token", "ADMIN_IDS": "7"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with a batch of two answered calls today, and one of a single call before."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        add_called(tx, 1, now=time.time() - 40 * DAY)
        add_called(tx, 2, now=time.time())
    return path


def callboard(path: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the program on this record, in its directory."""
    root = str(Path(bot.__file__).parent.parent)
    environment = os.environ | REQUIRED | {"PYTHONPATH": root, "DATABASE_PATH": str(path)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def day(days_ago: int = 0) -> str:
    """A day in Tehran."""
    return str((datetime.now(TEHRAN) - timedelta(days=days_ago)).date())


def files(path: Path) -> set[str]:
    """The files beside the record, SQLite's own aside."""
    return {file.name for file in path.parent.iterdir() if not file.name.startswith(path.name)}


class TestExport:
    def test_csv(self, path: Path) -> None:
        """The calls since a day, in a file for its owner alone; one line on stderr tells of it."""
        with ProcessLock(path):  # the bot runs
            done = callboard(path, "export", "--since", day(), "--format", "csv")
        name = f"callboard-{day()}_{day()}.csv"
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"2 calls written to {name}\n"
        assert files(path) == {name}
        file = path.parent / name
        assert file.stat().st_mode & 0o777 == 0o600
        rows = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
        assert [row[2] for row in rows[1:]] == ["+989120000001", "+989120000002"]

    def test_json_of_some_days(self, path: Path) -> None:
        """Both ends of a range, into a file that was named."""
        done = callboard(
            path,
            *("export", "--since", day(50), "--until", day(30), "--format", "json"),
            *("--output", "old.json"),
        )
        assert done.returncode == 0, done.stderr
        assert [call["batch"] for call in json.loads((path.parent / "old.json").read_text())] == [
            "b1"
        ]

    def test_xlsx_of_all(self, path: Path) -> None:
        """Everything that there is."""
        done = callboard(
            path, "export", "--since", "all", "--format", "xlsx", "--output", "all.xlsx"
        )
        assert done.stderr == "3 calls written to all.xlsx\n"
        book = openpyxl.load_workbook(path.parent / "all.xlsx")
        assert len(list(book.worksheets[0].values)) == 4
        assert files(path) == {"all.xlsx"}

    @pytest.mark.parametrize(
        ("args", "code", "words"),
        [
            (("--since", "2025-13-01"), 2, "--since: 2025-13-01 names no days. Send today, "),
            (("--since", "today", "--until", "soon"), 2, "--until: soon names no days."),
            (
                ("--since", "2025-06-15", "--until", "2025-06-01"),
                2,
                "2025-06-15..2025-06-01 ends before it begins.",
            ),
            (
                ("--since", "2020-01-01", "--until", "2020-01-31"),
                1,
                "Nothing was launched from 2020-01-01 to 2020-01-31, so there is nothing to",
            ),
            (
                ("--since", "all", "--output", "nowhere/x.csv"),
                1,
                "cannot write nowhere/x.csv: No such file or directory.\n",
            ),
            (
                ("--since", "all", "--output", "callboard.db"),
                1,
                "callboard.db exists already, and nothing is overwritten.\n",
            ),
        ],
    )
    def test_what_cannot_be(
        self, path: Path, args: tuple[str, ...], code: int, words: str
    ) -> None:
        """A sentence each on stderr, an exit code, and no file."""
        done = callboard(path, "export", *args, "--format", "csv")
        assert (done.returncode, done.stdout) == (code, "")
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert files(path) == set()

    def test_without_a_record(self, tmp_path: Path) -> None:
        """Nothing is created where there is no record."""
        done = callboard(tmp_path / "none.db", "export", "--since", "all", "--format", "csv")
        assert done.returncode == 1
        assert done.stderr == (
            f"callboard cannot export: there is no database at {tmp_path}/none.db.\n"
        )
        assert list(tmp_path.iterdir()) == []

    def test_a_format_that_is_none(self, path: Path) -> None:
        """A format that is none is refused before anything is read."""
        done = callboard(path, "export", "--since", "all", "--format", "pdf")
        assert done.returncode == 2
        assert "'pdf' is not one of 'csv', 'xlsx', 'json'" in done.stderr


class TestParts:
    def export(self, path: Path) -> None:
        """Into files of one call each."""
        settings = load_settings(REQUIRED | {"DATABASE_PATH": str(path)}, None)
        output = path.parent / "all.xlsx"
        export(settings, since="all", until=None, form=Format.XLSX, output=output, rows=1)

    def test_more_than_a_sheet_holds(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The first file has the name that was asked for, the others a number."""
        self.export(path)
        names = ["all.xlsx", "all-part2.xlsx", "all-part3.xlsx"]
        assert files(path) == set(names)
        assert all((path.parent / name).stat().st_mode & 0o777 == 0o600 for name in names)
        assert capsys.readouterr().err == f"3 calls written to {', '.join(names)}\n"

    def test_a_later_file_that_is_there(self, path: Path) -> None:
        """Nothing is overwritten, and nothing is left behind."""
        (path.parent / "all-part3.xlsx").write_text("mine")
        with pytest.raises(CannotTakeOutError, match=r"all-part3\.xlsx exists already"):
            self.export(path)
        assert files(path) == {"all-part3.xlsx"}
        assert (path.parent / "all-part3.xlsx").read_text() == "mine"


class TestProgress:
    def test_on_a_terminal(self) -> None:
        """One line that is written over, not more often than anyone can read."""
        code = (
            "from bot.progress import Progress\n"
            "progress = Progress('Pages copied')\n"
            "for done in range(1000): progress.tell(done, 1000)\n"
            "progress.end('done')"
        )
        terminal, other_end = pty.openpty()
        root = str(Path(bot.__file__).parent.parent)
        subprocess.run([sys.executable, "-c", code], cwd=root, stderr=other_end, check=True)
        said = os.read(terminal, 10_000).decode()
        os.close(terminal)
        os.close(other_end)
        assert said.startswith("\rPages copied: 0 of 1,000\r")
        assert said.count("Pages copied") < 10


class TestBackup:
    def test_a_running_record(self, path: Path) -> None:
        """A copy with everything in it, for its owner alone."""
        with ProcessLock(path):
            done = callboard(path, "backup", "copy.db")
        copy = path.parent / "copy.db"
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"{path} copied to copy.db, {copy.stat().st_size:,} bytes\n"
        assert copy.stat().st_mode & 0o777 == 0o600
        with read_only(copy) as tx:
            assert len(tx.batches.latest(9)) == 2

    def test_nothing_is_overwritten(self, path: Path) -> None:
        """A file that exists stays."""
        (path.parent / "copy.db").write_text("mine")
        done = callboard(path, "backup", "copy.db")
        assert done.returncode == 1
        assert done.stderr == (
            "callboard cannot back up: copy.db exists already, and nothing is overwritten.\n"
        )
        assert (path.parent / "copy.db").read_text() == "mine"
