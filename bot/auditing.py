"""`callboard audit verify`: whether the audit is as it was written, also while the bot runs.

It opens the database read-only and takes no lock.
"""

from pathlib import Path
from typing import Final

import click

from bot.progress import Progress
from storage.audit_chain import Fault, Head, Walked, walk
from storage.errors import StorageError
from storage.reading import read_only

_FAULTS: Final = {
    Fault.CHANGED: "entry {at} was changed, or stands where another one stood",
    Fault.MISSING: "entry {at} is missing, though there are later ones",
    Fault.FOREIGN: "entry {at} has a number that the audit never gives",
    Fault.CUT: "entry {at}, the head that you noted, is missing: the end was cut off",
    Fault.REWRITTEN: "entry {at} has another hash than the head that you noted: it was rewritten",
}


class VerifyError(click.ClickException):
    """A sentence for the terminal; exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 -- the signature is click's
        """The sentence alone."""
        click.echo(self.message, err=True)


def verify(database: Path, noted: str | None = None) -> str:
    """Follow the chain to its end.

    Args:
        database: the file.
        noted: a head as this function has told it before, `ID:HASH`.

    Returns:
        That the chain is whole, and its head, in one line.

    Raises:
        click.UsageError: what was noted is no head.
        VerifyError: the first entry that is not as it was; a trigger that guards them is missing;
            or the record cannot be read.
    """
    head = None if noted is None else Head.parse(noted)
    if noted is not None and head is None:
        raise click.UsageError("--head takes ID:HASH, as `callboard audit verify` prints it.")
    progress = Progress("Entries verified")
    try:
        with read_only(database) as tx:
            whole = tx.audit.count()
            missing = tx.audit.unguarded()
            walked = walk(tx.audit.chain(), head, lambda done: progress.tell(done, whole))
    except StorageError as error:
        raise VerifyError(f"callboard cannot verify: {error}.") from error
    progress.clear()
    if walked.fault is not None:
        raise VerifyError(_broken(walked))
    if missing:
        raise VerifyError(
            f"The audit is whole up to {walked.head}, but nothing guards it any more: the record"
            f" is without {', '.join(missing)}. Whoever took that away could change what follows."
        )
    entries = "one entry" if walked.head.id == 1 else f"{walked.head.id:,} entries"
    return f"{entries}, chain whole, head {walked.head}"


def _broken(walked: Walked) -> str:
    what = _FAULTS[walked.fault or Fault.CHANGED].format(at=walked.at)
    return f"The audit is broken: {what}. Whole is what comes before, up to {walked.head}."
