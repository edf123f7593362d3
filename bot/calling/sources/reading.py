"""The job of a child process: what a file is, by its content, and the numbers in it."""

import contextlib
import gc
import resource
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.calling.numbers import NumberReader, Reason, Uncallable
from bot.calling.sources.contacts import contacts, is_contacts
from bot.calling.sources.decoding import decode
from bot.calling.sources.found import (
    Columns,
    Kind,
    NumberFile,
    Refusal,
    Refused,
    RefusedError,
)
from bot.calling.sources.gathering import Read
from bot.calling.sources.package import Package
from bot.calling.sources.people import read_contacts
from bot.calling.sources.plain import lines, table
from bot.calling.sources.sheets import MOST_ROWS, SheetReader
from bot.calling.sources.workbooks import is_workbook, sheets

MEMORY = 768 * 2**20  # bytes of address space; the interpreter and the library take 200 MB of it
_LISTED: Final = 1000  # entries that cannot be called, of a file without any number
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and encrypted files since
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_KNOWN: Final = frozenset({"txt", "csv", "tsv", "xlsx", "vcf", "xls", "xlsb", "ods", "numbers"})
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF87a", b"GIF89a")
_NO_TEXT: Final = ("%PDF-", "{\\rtf")
_MARKUP: Final = ("<!doctype", "<html", "<?xml", "<table")
_OPEN_DOCUMENT: Final = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, slots=True)
class Job:
    """What is read, and how.

    Attributes:
        name: of the file.
        region: of numbers without a country code.
        kinds: names of the kinds of number that may be called.
        column: the key of a column that was chosen.
    """

    content: bytes
    name: str
    region: str
    kinds: frozenset[str]
    column: str | None = None


def read_bounded(job: Job) -> NumberFile | Columns | Refused:
    """`read_file` for a process of its own, whose memory is bounded for good."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(OSError, ValueError):  # macOS takes no such bound
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))
    gc.disable()  # the process ends with its answer, and nothing here forms cycles
    return read_file(job)


def read_file(job: Job) -> NumberFile | Columns | Refused:
    """The numbers of a file, a question about it, or why it is refused."""
    try:
        return _read(job)
    except RefusedError as error:
        return error.refused
    except MemoryError:
        return Refused(Refusal.TOO_MUCH)


def _read(job: Job) -> NumberFile | Columns:
    if not job.content.strip(b"\0\t\n\r "):
        raise RefusedError(Refusal.EMPTY)
    reader = NumberReader(job.region, job.kinds)
    read: Read = lru_cache(maxsize=2 * MOST_ROWS)(reader.read)  # a column is looked at twice
    if job.content.startswith(_OLE):
        raise _old(job)
    if job.content.startswith(_ZIP):
        return _workbook(job, read)
    if job.content.startswith(_PICTURES):  # of some every byte is a letter of a code page
        raise _strange(job)
    text = decode(job.content)
    if text is None or text.startswith(_NO_TEXT) or text.lstrip().lower().startswith(_MARKUP):
        raise _strange(job)
    if not text.strip():
        raise RefusedError(Refusal.EMPTY)
    if is_contacts(text):
        mobiles = NumberReader(job.region, job.kinds & {"mobile"})
        return _callable(read_contacts(contacts(text), read, mobiles.read))
    return _text(job, text, read)


def _text(job: Job, text: str, read: Read) -> NumberFile | Columns:
    sheet = table(text, job.name)
    if sheet is not None:
        found = SheetReader(read, job.column).read(sheet, Kind.CSV)
        if found is not None:
            return found
    return _callable(lines(text, read))


def _workbook(job: Job, read: Read) -> NumberFile | Columns:
    package = Package(job.content)
    if not is_workbook(package):
        raise _other_package(job, package)
    reader = SheetReader(read, job.column)
    uncallable: list[Uncallable] = []
    for sheet in sheets(package):
        found = reader.read(sheet, Kind.XLSX)
        if found is not None:
            return found if isinstance(found, Columns) else _callable(found)
        uncallable.extend(reader.listing(sheet).uncallable)
    return _callable(NumberFile(kind=Kind.XLSX, numbers=(), uncallable=tuple(uncallable)))


def _callable(found: NumberFile) -> NumberFile:
    """It, if it has a number that can be called."""
    if found.numbers:
        return found
    digits = any(one.reason is not Reason.LETTERS for one in found.uncallable)
    error = RefusedError(Refusal.NOTHING_CALLABLE if digits else Refusal.NO_NUMBERS)
    if digits:
        error.refused = Refused(Refusal.NOTHING_CALLABLE, uncallable=found.uncallable[:_LISTED])
    raise error


def _old(job: Job) -> RefusedError:
    """A file in Microsoft's container; the names of its parts are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in job.content:
        return RefusedError(Refusal.ENCRYPTED)
    if any(name.encode("utf-16-le") in job.content for name in ("Workbook", "Book")):
        return RefusedError(Refusal.OTHER_SHEET, "XLS")
    return _strange(job)


def _other_package(job: Job, package: Package) -> RefusedError:
    names = package.names()
    if any(name.endswith("workbook.bin") for name in names):
        return RefusedError(Refusal.OTHER_SHEET, "XLSB")
    if package.read("mimetype").startswith(_OPEN_DOCUMENT):
        return RefusedError(Refusal.OTHER_SHEET, "ODS")
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names):
        return RefusedError(Refusal.OTHER_SHEET, "Numbers")
    return _strange(job)


def _strange(job: Job) -> RefusedError:
    """No file that is read; a name that says otherwise is told."""
    _, dot, ending = job.name.rpartition(".")
    if dot and ending.lower() in _KNOWN:
        return RefusedError(Refusal.NOT_WHAT_IT_SAYS, ending.upper())
    return RefusedError(Refusal.UNKNOWN)
