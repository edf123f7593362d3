"""The program `callboard`, also `python -m bot`: its commands, and what they exit with.

0 if all is well, also after SIGTERM or Ctrl-C; 2 for bad settings; 1 for any other failure.
What a command needs is imported inside it, so that `--help` answers at once.
"""

import asyncio
import importlib.metadata
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.web.errors import PortError
from storage.errors import (
    AlreadyRunningError,
    DatabaseBusyError,
    DatabaseUnusableError,
    DiskRefusesError,
)

if TYPE_CHECKING:
    from bot.settings import Settings

log = logging.getLogger(__name__)

DOTENV: Final = Path(".env")
BAD_SETTINGS: Final = 2
_CANNOT_RUN: Final = (
    AlreadyRunningError,
    DatabaseBusyError,
    DatabaseUnusableError,
    DiskRefusesError,
    PortError,
)

_GUIDE: Final = {
    "TELEGRAM_TOKEN": "from @BotFather in Telegram: /newbot, or /token for a bot that exists",
    "BITEL_TOKEN": "from the gateway's panel",
    "ADMIN_IDS": "your Telegram user id; not known yet: write 1, start, and send /id to the bot",
}


def _version() -> str:
    try:
        return importlib.metadata.version("callboard")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


@click.group()
@click.version_option(_version(), prog_name="callboard")
def cli() -> None:
    """Callboard, a Telegram bot that launches batches of phone calls.

    Settings come from the environment or from a .env file in this directory.
    """


@cli.command()
def run() -> None:
    """Start the bot."""
    settings = read_settings()
    from bot.process import run as run_bot  # noqa: PLC0415 -- see above

    sys.exit(run_to_the_end(run_bot, settings))


@cli.command()
def check() -> None:
    """Tell whether the database, Telegram and the gateway are within reach."""
    settings = read_settings()
    from bot.checking import check as check_all  # noqa: PLC0415 -- see above
    from bot.logs import set_up_logging  # noqa: PLC0415 -- see above

    set_up_logging(settings)
    click.echo("✓ settings: complete.")
    findings = asyncio.run(check_all(settings))
    for finding in findings:
        click.echo(str(finding))
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@cli.command()
@click.option("--since", required=True, metavar="DATE", help="The first day, as 2025-06-01 or 7d.")
@click.option("--until", metavar="DATE", help="The last day; today by default.")
@click.option(
    "--format", "form", required=True, type=click.Choice(["csv", "xlsx", "json"]), help="Of file."
)
@click.option(
    "--output", metavar="PATH", type=click.Path(path_type=Path, dir_okay=False), help="Where to."
)
def export(since: str, until: str | None, form: str, output: Path | None) -> None:
    """Write every call of some days into a file, with all its fields."""
    settings = read_settings()
    from bot.calling.periods import Format  # noqa: PLC0415 -- see above
    from bot.taking_out import export as take_out  # noqa: PLC0415 -- see above

    take_out(settings, since=since, until=until, form=Format(form), output=output)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Copy the database to PATH, also while the bot runs."""
    settings = read_settings()
    from bot.taking_out import backup as take_out  # noqa: PLC0415 -- see above

    take_out(settings, path)


@cli.command()
@click.option(
    "--before", required=True, metavar="DATE", help="What was over before this day, as 2025-06-01."
)
@click.option("--dry-run", is_flag=True, help="Only say how much that would be.")
def redact(before: str, dry_run: bool) -> None:
    """Take the numbers of what is long over out of the database, for good.

    The bot must not run meanwhile. What is open, scheduled, saved or on the do-not-call list stays
    as it is, and so do all figures. There is no way back but a backup.
    """
    settings = read_settings()
    from bot.redacting import redact as take_out  # noqa: PLC0415 -- see above

    take_out(settings, before=before, dry_run=dry_run)


@cli.group()
def audit() -> None:
    """Look after the record of who did what."""


@audit.command()
@click.option("--head", metavar="ID:HASH", help="A head that was noted before: it must be there.")
def verify(head: str | None) -> None:
    """Tell whether every entry is as it was written, also while the bot runs.

    The head that it prints is worth noting elsewhere: a cut end shows by that alone.
    """
    settings = read_settings()
    from bot.auditing import verify as verify_all  # noqa: PLC0415 -- see above

    click.echo(verify_all(settings.database_path, head))


@cli.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Keep the demo's database in this folder, for the next demo.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="Port of the page; the next free one if it is taken.",
)
def demo(keep: Path | None, no_browser: bool, port: int) -> None:
    """Try it without any account: a page to chat on, a gateway whose phones ring.

    Settings are neither needed nor read.
    """
    from bot import demo as play  # noqa: PLC0415 -- see above

    def tell(url: str) -> None:
        click.echo(f"Callboard demo: {url}  (Ctrl-C ends it)")
        if not no_browser:
            play.open_browser(url)

    stage = (sys.executable, "-m", "sandbox.demo", "--port", str(port))
    program = (sys.executable, "-m", "bot", "run")
    try:
        folder = None if keep is None else play.claim_folder(keep)
        sys.exit(asyncio.run(play.Demo(stage, program, folder, tell).run()))
    except play.KeepError as error:
        click.echo(error, err=True)
        sys.exit(BAD_SETTINGS)
    except play.EndedError as error:
        click.echo(f"The demo cannot go on: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:  # before the demo listens to it by itself
        sys.exit(0)


def read_settings() -> "Settings":
    """The settings; without them, say what is wrong with each and exit."""
    from bot.settings import SettingsError, load_settings  # noqa: PLC0415 -- see above

    try:
        return load_settings(os.environ, DOTENV)
    except SettingsError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        if error.missing:
            click.echo(_guide(error.missing), err=True)
        sys.exit(BAD_SETTINGS)


def run_to_the_end(start: "Callable[[Settings], Awaitable[int]]", settings: "Settings") -> int:
    """Run the bot and return the exit code; what it could not run for is said or logged."""
    from bot.logs import set_up_logging  # noqa: PLC0415 -- see above

    async def running() -> int:
        return await start(settings)

    set_up_logging(settings)
    try:
        return asyncio.run(running())
    except _CANNOT_RUN as error:
        click.echo(f"callboard cannot run: {error}.", err=True)
    except KeyboardInterrupt:  # before the bot listens to it by itself
        return 0
    except Exception:
        log.exception("callboard has failed")
    return 1


def _guide(missing: tuple[str, ...]) -> str:
    """Which lines to write, with where each value comes from."""
    head = f"Write these lines into {DOTENV.absolute()}, and start again:"
    lines = [f"# {_GUIDE[name]}\n{name}=\n" for name in missing]
    return "\n".join(["", head, "", *lines])


def main() -> None:
    """The console script."""
    cli(prog_name="callboard")


if __name__ == "__main__":
    main()
