"""Numbers out of files that people send: each file is read in a child process of its own."""

import logging

from bot.calling.errors import UsageError
from bot.calling.numbers import NumberReader, Reason
from bot.calling.problems import Problem
from bot.calling.sources.found import Columns, NumberFile, Refused
from bot.calling.sources.people import read_card
from bot.calling.sources.reading import Job, read_bounded
from bot.workshop import Workshop, WorkshopError

log = logging.getLogger(__name__)

LARGEST = 2_000_000  # bytes of a file
WITHIN = 30.0  # seconds for one file


class NumberFiles:
    """One file at a time; the others wait for their turn.

    Args:
        workshop: for nothing else: a file need not wait for an export or a chart.
        region: numbers without a country code are of this region, and only its numbers are called.
        kinds: names of the kinds of number that may be called.
    """

    def __init__(self, *, workshop: Workshop, region: str, kinds: frozenset[str]) -> None:
        self._workshop = workshop
        self._region = region
        self._kinds = kinds
        self._read = NumberReader(region, kinds).read
        self._mobile = NumberReader(region, kinds & {"mobile"}).read

    async def close(self) -> None:
        """End the reading that runs, and let no other one begin."""
        await self._workshop.close()

    async def read(
        self, content: bytes, name: str, *, column: str | None = None
    ) -> NumberFile | Columns:
        """The numbers of a file.

        Args:
            content: all bytes of the file.
            name: what it is called; its content decides what it is.
            column: the key of one of the `Columns` that were asked about, or `ALL_COLUMNS`; one
                that is not there is as good as none.

        Returns:
            The numbers, at least one; or the question which of several columns is meant.

        Raises:
            UsageError: with a `Problem.FILE_…`, or `NOTHING_CALLABLE` with all that is uncallable.
        """
        if len(content) > LARGEST:
            raise UsageError(Problem.FILE_TOO_LARGE, limit=LARGEST)
        job = Job(content, name, self._region, self._kinds, column)
        try:
            found = await self._workshop.make(WITHIN, read_bounded, job)
        except WorkshopError as error:
            log.error("a file could not be read: %s", error)  # noqa: TRY400 -- the child's traceback is in it
            raise UsageError(Problem.FILE_FAILED) from error
        if isinstance(found, Refused):
            raise UsageError(Problem(found.why), found.value, found.limit, found.uncallable)
        return found

    def read_contact(self, phone: str, name: str, vcard: str = "") -> NumberFile:
        """The number of a contact card that was sent in a chat; small, so it is read at once.

        Args:
            phone: as Telegram gives it.
            name: first and last name.
            vcard: what Telegram gives with it, 2,048 bytes at most.

        Raises:
            UsageError: it has no number, or none that can be called: with the reason.
        """
        found = read_card(phone, name, vcard, self._read, self._mobile)
        if found.numbers:
            return found
        if any(one.reason is Reason.NO_NUMBER for one in found.uncallable):
            raise UsageError(Problem.CONTACT_WITHOUT_NUMBER, name)
        raise UsageError(Problem.NOTHING_CALLABLE, uncallable=found.uncallable)
