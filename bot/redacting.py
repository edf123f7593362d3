"""`callboard redact`: numbers of what was over before a day leave the record for good."""

import asyncio
import re
import time
from datetime import date
from typing import Final

import click

from bot.calling.days import day_of
from bot.calling.errors import UsageError
from bot.calling.numbers import normalise_digits
from bot.calling.periods import parse_days
from bot.calling.redacting import Redacting, begin_of
from bot.progress import Progress
from bot.settings import Settings
from bot.texts.cards import plain
from bot.texts.errors import error as words_for
from bot.texts.language import Language
from storage.database import Database
from storage.errors import StorageError
from storage.inspection import Found, inspect
from storage.lock import ProcessLock
from storage.scrubbing import scrub

SHOWN: Final = 10  # batches that are left alone, by their ids
_DATE: Final = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", re.ASCII)


class CannotRedactError(click.ClickException):
    """A sentence for the terminal; exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 -- the signature is click's
        """The sentence alone."""
        click.echo(self.message, err=True)


def redact(settings: Settings, *, before: str, dry_run: bool = False) -> None:
    """Redact what was over before a day, and write the file anew.

    Args:
        settings: where the record is, and in which time zone days begin.
        before: the day, as in `2027-03-21`.
        dry_run: only count the numbers of batches.

    Raises:
        click.ClickException: what is wrong, in a sentence; what was redacted until then stays so.
    """
    now = time.time()
    day = _day(before, now, settings)
    path = settings.database_path
    progress = Progress("Numbers redacted")
    try:
        found = inspect(path)
        if found is Found.NOTHING:
            raise CannotRedactError(f"callboard cannot redact: there is no database at {path}.")
        if found is Found.OLDER:
            raise CannotRedactError(
                f"callboard cannot redact: {path} is of an older version of Callboard. Start this"
                " one once, it brings it up to date."
            )
        with ProcessLock(path):
            done = asyncio.run(
                _redact(settings, day, now, Progress("Looking") if dry_run else progress, dry_run)
            )
            if not dry_run:
                scrub(path)
    except StorageError as error:
        raise CannotRedactError(
            f"callboard cannot redact: {error}. What was redacted stays so; run it again for the"
            " rest."
        ) from error
    progress.end(_said(done, dry_run=dry_run))


async def _redact(
    settings: Settings, day: date, now: float, progress: Progress, dry_run: bool
) -> Redacting:
    database = await Database.open(settings.database_path)
    try:
        run = Redacting(database, before=begin_of(day, settings.timezone), now=now)
        if dry_run:
            await run.look()
        else:
            await run.run(day, progress.tell)
        return run
    finally:
        await database.close()


def _day(text: str, now: float, settings: Settings) -> date:
    today = day_of(now, settings.timezone)
    if _DATE.fullmatch(normalise_digits(text.strip())) is None:
        raise click.UsageError("--before: send one date, such as 2027-03-21.")
    try:
        day = parse_days(text, today).first
    except UsageError as error:
        said = plain(words_for(error, Language("en", settings.timezone)))
        raise click.UsageError(f"--before: {said}") from error
    if day > today:
        raise click.UsageError(f"--before: {day} is not over yet; today is {today}.")
    return day


def _said(done: Redacting, *, dry_run: bool) -> str:
    counts = done.counts
    would = "would be redacted; nothing was changed" if dry_run else "redacted"
    batches = _counted(counts["batches"], "batch", "batches")
    said = f"{_counted(counts['numbers'], 'number')} of {batches} {would}."
    if not dry_run:
        others = (
            f"{_counted(counts['drafts'], 'draft')}, {_counted(counts['schedules'], 'schedule')},"
            f" {_counted(counts['lists'], 'removed list')},"
            f" {_counted(counts['launches'], 'removed launch', 'removed launches')},"
            f" {_counted(counts['events'], 'event')}"
        )
        said += f"\nBesides: {others}.\nBackups that were made before still hold the numbers."
    if done.left:
        ids = ", ".join(f"b{batch_id}" for batch_id in done.left[:SHOWN])
        more = f" and {len(done.left) - SHOWN:,} more" if len(done.left) > SHOWN else ""
        said += (
            f"\nLeft alone, with their follow-ups, as something of them is open or younger: {ids}"
            f"{more}."
        )
    return said


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
