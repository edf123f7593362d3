"""The numbers that messages hold: pastes, contact cards and files, read into one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import Bot, Contact, Document, Message

from bot.calling.errors import CallingError, UsageError
from bot.calling.lists import Given
from bot.calling.numbers import NumberReader, Numbers
from bot.calling.pasted import read_paste
from bot.calling.sources.found import Columns, NumberFile
from bot.handlers.incoming_files import IncomingFiles
from bot.number_files import NumberFiles


@dataclass(frozen=True, slots=True)
class Unclear:
    """A file in which several columns look like numbers."""

    file_id: str
    name: str
    columns: Columns


@dataclass(slots=True)
class Found:
    """What messages hold; `errors` are of files and contacts that gave nothing."""

    given: Given = field(default_factory=Given)
    unclear: list[Unclear] = field(default_factory=list)
    errors: list[CallingError] = field(default_factory=list)

    @property
    def something(self) -> bool:
        """Whether there is anything to say about `given`."""
        return bool(self.given.numbers or self.given.uncallable)


class NumberSources:
    """Reads whatever a person sends; what is wrong with one thing keeps none of the others out."""

    def __init__(self, *, bot: Bot, reader: NumberReader, files: NumberFiles) -> None:
        self._reader = reader
        self._files = IncomingFiles(bot=bot, files=files)

    def text(self, text: str, first_line: int = 1) -> Given:
        """The numbers of a text, with the names beside them."""
        return read_paste(text, self._reader, first_line)

    async def read(self, messages: Sequence[Message], *, written: bool = True) -> Found:
        """The numbers of messages that came in one go, with those of texts and captions or not."""
        found = Found()
        parts: list[Given] = []
        # A space where Telegram cut a paste: what was one number there is read as one again.
        texts = [message.text or message.caption or "" for message in messages if written]
        if joined := " ".join(text for text in texts if text):
            parts.append(self.text(joined))
        for message in messages:
            try:
                if message.contact is not None:
                    parts.append(self._contact(message.contact))
                elif message.document is not None:
                    part = await self._document(message.document)
                    if isinstance(part, Unclear):
                        found.unclear.append(part)
                    else:
                        parts.append(part)
            except UsageError as error:
                if error.uncallable:
                    parts.append(Given(uncallable=error.uncallable))
                else:
                    found.errors.append(error)
        found.given = Given.joined(parts)
        return found

    async def file(
        self, file_id: str, name: str, size: int | None = None, *, column: str | None = None
    ) -> Given | Columns:
        """The numbers of a file at Telegram, or the question which of its columns is meant.

        Raises:
            UsageError: what is wrong with it, or it cannot be fetched.
        """
        found = await self._files.read(file_id, name, size, column=column)
        return found if isinstance(found, Columns) else given_of(found)

    async def _document(self, document: Document) -> Given | Unclear:
        name = document.file_name or ""
        found = await self.file(document.file_id, name, document.file_size)
        return Unclear(document.file_id, name, found) if isinstance(found, Columns) else found

    def _contact(self, contact: Contact) -> Given:
        return given_of(self._files.contact(contact))


def given_of(found: Numbers | NumberFile) -> Given:
    """What was read, as what is given to a list."""
    return Given(
        numbers=found.numbers,
        names=found.names if isinstance(found, NumberFile) else {},
        files=(found,) if isinstance(found, NumberFile) else (),
        repeated=len(found.repeated),
        uncallable=found.uncallable,
    )
