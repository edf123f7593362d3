"""Logging belongs to the process: what a test sets up has to end with it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.logs import QUIET


@contextmanager
def logging_restored() -> Iterator[None]:
    """Put handlers and levels back as they were."""
    root, raises = logging.getLogger(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        logging.raiseExceptions = raises
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
