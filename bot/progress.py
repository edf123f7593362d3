"""How far a command of the program is, on the terminal."""

import sys
import time
from typing import Final

import click

EVERY: Final = 0.2  # seconds between two words on a terminal


class Progress:
    """One line on stderr that is written over; nowhere but on a terminal."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._shown_at = 0.0
        self._terminal = sys.stderr.isatty()

    def tell(self, done: int, whole: int) -> None:
        """Say how far it is, unless that was said just now."""
        now = time.monotonic()
        if self._terminal and now - self._shown_at >= EVERY:
            self._shown_at = now
            click.echo(f"\r{self._words}: {done:,} of {whole:,}", err=True, nl=False)

    def end(self, words: str) -> None:
        """Say how it ended."""
        click.echo(f"\r\x1b[K{words}" if self._terminal else words, err=True)

    def clear(self) -> None:
        """Take the line away; what follows says how it ended."""
        if self._terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
