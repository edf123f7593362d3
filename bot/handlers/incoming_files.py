"""Files and contact cards that people send: fetched from Telegram, and read."""

import logging

from telegram import Bot, Contact
from telegram.error import TelegramError

from bot.calling.errors import UsageError
from bot.calling.problems import Problem
from bot.calling.sources.found import Columns, NumberFile
from bot.number_files import LARGEST, NumberFiles

log = logging.getLogger(__name__)


class IncomingFiles:
    """Fetches what is not too large, and hands it to the reading."""

    def __init__(self, *, bot: Bot, files: NumberFiles) -> None:
        self._bot = bot
        self._files = files

    async def read(
        self, file_id: str, name: str, size: int | None = None, *, column: str | None = None
    ) -> NumberFile | Columns:
        """The numbers of a file at Telegram, or the question which column is meant.

        Args:
            file_id: of a document, also of one that was sent long ago.
            name: what it is called; its content decides what it is.
            size: in bytes, as Telegram says, if it does.
            column: the key of the column that is meant.

        Raises:
            UsageError: see `NumberFiles.read`; or it could not be fetched.
        """
        if size is not None and size > LARGEST:
            raise UsageError(Problem.FILE_TOO_LARGE, limit=LARGEST)
        return await self._files.read(await self._fetched(file_id), name, column=column)

    def contact(self, contact: Contact) -> NumberFile:
        """The number of a contact card, and its name.

        Raises:
            UsageError: it has none, or none that can be called.
        """
        name = " ".join(filter(None, (contact.first_name, contact.last_name)))
        return self._files.read_contact(contact.phone_number or "", name, contact.vcard or "")

    async def _fetched(self, file_id: str) -> bytes:
        """All of the file.

        The sizes that Telegram names are hints: what has come is measured again before it is read.
        """
        try:
            file = await self._bot.get_file(file_id)
            if file.file_size is not None and file.file_size > LARGEST:
                raise UsageError(Problem.FILE_TOO_LARGE, limit=LARGEST)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            if "file is too big" in error.message.lower():  # over 20 MB it cannot be fetched
                raise UsageError(Problem.FILE_TOO_LARGE, limit=LARGEST) from error
            log.warning("a file could not be fetched: %s", type(error).__name__)
            raise UsageError(Problem.FILE_NOT_FETCHED) from error
