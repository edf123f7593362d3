"""`callboard export` and `callboard backup`: copies of the record, also while the bot runs.

Both open the database read-only and take no lock. What they write is for its owner alone (mode
0600), overwrites nothing, and is whole or not there.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from bot.calling.days import Days, day_of
from bot.calling.errors import UsageError
from bot.calling.periods import Format, parse_days
from bot.progress import Progress
from bot.settings import Settings
from bot.spreadsheets import MOST_ROWS, Part, Which, write
from bot.texts.cards import plain
from bot.texts.errors import error as words_for
from bot.texts.language import Language
from storage.backup import back_up
from storage.errors import StorageError
from storage.reading import read_only


class CannotTakeOutError(click.ClickException):
    """A sentence for the terminal; exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 -- the signature is click's
        """The sentence alone."""
        click.echo(self.message, err=True)


def export(
    settings: Settings,
    *,
    since: str,
    until: str | None,
    form: Format,
    output: Path | None,
    rows: int = MOST_ROWS,
) -> None:
    """Write every call of some days into a file, or several where one cannot hold them.

    Args:
        settings: where the record is, and in which time zone days are.
        since: the first day.
        until: the last day; None for today.
        form: what kind of file.
        output: the first file; None for one that is named after the days, in this directory.
        rows: calls in one XLSX at most.

    Raises:
        click.ClickException: what is wrong, in a sentence.
    """
    language = Language("en", settings.timezone)
    days = _days(since, until, day_of(time.time(), settings.timezone), language)
    target = output or Path(f"callboard-{days.first}_{days.last}.{form}")
    which = Which(since=days.begin(settings.timezone), until=days.end(settings.timezone))
    progress = Progress("Calls written")
    try:
        with read_only(settings.database_path) as tx:
            whole = tx.archive.numbers(which.since, which.until)
            if not whole:
                raise CannotTakeOutError(
                    f"Nothing was launched from {days.first} to {days.last}, so there is nothing"
                    " to export."
                )
            with _reserved(target) as folder:
                parts = write(
                    tx,
                    which,
                    form,
                    lambda part: folder / _named(target, part),
                    language,
                    told=lambda done: progress.tell(done, whole),
                    rows=rows,
                )
                _put(parts, target)
    except StorageError as error:
        raise CannotTakeOutError(f"callboard cannot export: {error}.") from error
    except OSError as error:
        raise CannotTakeOutError(f"cannot write {target}: {error.strerror}.") from error
    names = ", ".join(_named(target, number) for number in range(1, len(parts) + 1))
    progress.end(f"{sum(part.calls for part in parts):,} calls written to {names}")


def backup(settings: Settings, target: Path) -> None:
    """Copy the database as it is now.

    Raises:
        click.ClickException: what is wrong, in a sentence.
    """
    progress = Progress("Pages copied")
    try:
        back_up(settings.database_path, target, progress.tell)
    except StorageError as error:
        raise CannotTakeOutError(f"callboard cannot back up: {error}.") from error
    progress.end(f"{settings.database_path} copied to {target}, {target.stat().st_size:,} bytes")


def _days(since: str, until: str | None, today: date, language: Language) -> Days:
    first = _day("--since", since, today, language).first
    last = today if until is None else _day("--until", until, today, language).last
    if last < first:
        raise click.UsageError(f"{first}..{last} ends before it begins.")
    return Days(first, last)


def _day(option: str, text: str, today: date, language: Language) -> Days:
    try:
        return parse_days(text, today)
    except UsageError as error:
        raise click.UsageError(f"{option}: {plain(words_for(error, language))}") from error


@contextmanager
def _reserved(target: Path) -> Iterator[Path]:
    """A folder of our own beside the target, whose name nobody else can take meanwhile."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        raise CannotTakeOutError(f"{target} exists already, and nothing is overwritten.") from None
    try:
        with tempfile.TemporaryDirectory(prefix=".callboard-", dir=target.parent) as folder:
            yield Path(folder)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _put(parts: list[Part], target: Path) -> None:
    """Give the files their names; the first one's is reserved, a later one's must be free."""
    for number in range(2, len(parts) + 1):
        named = target.with_name(_named(target, number))
        if named.exists():
            raise CannotTakeOutError(f"{named} exists already, and nothing is overwritten.")
    for number, part in enumerate(parts, start=1):
        part.path.chmod(0o600)
        part.path.replace(target.with_name(_named(target, number)))


def _named(target: Path, part: int) -> str:
    return target.name if part == 1 else f"{target.stem}-part{part}{target.suffix}"
