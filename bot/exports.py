"""Files of calls for a chat: made in a child process, kept only until they are sent."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.calling.periods import Format
from bot.spreadsheets import PROGRESS, Order, Part, Which, make_files
from bot.texts.language import Language
from bot.workshop import Workshop

WITHIN = 1800.0  # seconds for one export
EVERY = 5.0  # seconds between two words of progress
_FOLDER = ".export-"


class Exports:
    """One export at a time; the others wait for their turn.

    Args:
        workshop: for nothing else: a chart need not wait for an export.
        database: the file.
        language: in which the files are written.
        every: seconds between two words of progress.

    The files lie beside the database: there is room where that lies, and in a container nowhere
    else.
    """

    def __init__(
        self, *, workshop: Workshop, database: Path, language: Language, every: float = EVERY
    ) -> None:
        self._workshop = workshop
        self._database = database
        self._language = language
        self.every = every

    async def close(self) -> None:
        """End what is being made, and make nothing more."""
        await self._workshop.close()

    def sweep(self) -> None:
        """Remove what a process that was killed has left behind."""
        for folder in self._database.absolute().parent.glob(f"{_FOLDER}*"):
            shutil.rmtree(folder, ignore_errors=True)

    @asynccontextmanager
    async def files(
        self,
        which: Which,
        form: Format,
        name: str,
        told: Callable[[int], Awaitable[None]] | None = None,
        *,
        masked: bool = False,
    ) -> AsyncIterator[list[Part]]:
        """The files, which are removed when the block ends.

        Args:
            which: which calls.
            form: what kind of file.
            name: of the files, without what tells the part and the kind.
            told: is given how many calls are written, from time to time.
            masked: numbers are shown by their ends alone.

        Raises:
            WorkshopError: they could not be made.
        """
        with tempfile.TemporaryDirectory(
            prefix=_FOLDER, dir=self._database.absolute().parent, ignore_cleanup_errors=True
        ) as folder:
            order = Order(
                database=self._database,
                which=which,
                form=form,
                folder=Path(folder),
                name=name,
                language=self._language.code,
                timezone=self._language.timezone.key,
                masked=masked,
            )
            making = asyncio.create_task(self._workshop.make(WITHIN, make_files, order))
            try:
                while told is not None and not making.done():
                    await asyncio.wait({making}, timeout=self.every)
                    if not making.done():
                        await told(_progress(Path(folder)))
                yield await making
            finally:
                making.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await making


def _progress(folder: Path) -> int:
    """How many calls the child has written; 0 until it says so."""
    with contextlib.suppress(OSError, ValueError):
        return int((folder / PROGRESS).read_text(encoding="ascii"))
    return 0
