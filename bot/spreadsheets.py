"""Every call with all its fields as files: CSV, XLSX, JSON. Runs in a process of its own.

CSV is UTF-8 with a byte order mark, without which Excel takes it for the encoding of the machine
and spoils every Persian name; lines end with CRLF. XLSX has numbers of telephones as text cells,
and times as dates. JSON is one array with one object a line, so that both a JSON reader and
line-wise tools can take it; its times have their offset.

In CSV and XLSX, free text that a spreadsheet could take for a formula gets a `'` before it, also
in the text cells of XLSX: many a sheet is saved as CSV later. JSON holds it as it stands.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calling.periods import Format
from bot.sheet_files import CsvFile, JsonFile, SheetFile, XlsxFile
from bot.texts.language import Language
from bot.texts.table import Entry
from storage.reading import read_only
from storage.stores import Stores

UPLOAD = 48_000_000  # bytes: Telegram takes 50 MB, what is around the file included
ROWS = 200_000  # in one XLSX that must not be larger: it is compressed, so its size shows late
MOST_ROWS = 500_000  # in any XLSX: a sheet has 1,048,576, and its XML must stay below 2 GB
STEP = 1000  # calls that are read at a time
PROGRESS = "progress"  # the file in which a child tells how far it is

_FILES: dict[Format, type[SheetFile]] = {
    Format.CSV: CsvFile,
    Format.XLSX: XlsxFile,
    Format.JSON: JsonFile,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which calls: those of one batch, or of the batches launched in some time (UTC seconds)."""

    batch_id: int | None = None
    since: float = 0.0
    until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a child is asked to make.

    Attributes:
        folder: exists, and is nobody else's.
        name: of the files, without what tells the part and the kind.
        masked: numbers are shown by their ends alone.
        limit: bytes in one file at most.
        rows: calls in one XLSX at most.
    """

    database: Path
    which: Which
    form: Format
    folder: Path
    name: str
    language: str
    timezone: str
    masked: bool = False
    limit: int = UPLOAD
    rows: int = ROWS


@dataclass(frozen=True, slots=True)
class Part:
    """One file, and how many calls it holds."""

    path: Path
    calls: int


def make_files(order: Order) -> list[Part]:
    """The job of a child: write the files, tell in `PROGRESS` how far it is, return the parts.

    Raises:
        StorageError: the record cannot be read.
        OSError: the disk refuses the files.
    """
    progress = order.folder / PROGRESS
    written = progress.with_suffix(".new")

    def told(calls: int) -> None:
        written.write_text(str(calls), encoding="ascii")
        written.replace(progress)  # whoever reads it meanwhile reads all of it

    language = Language(order.language, ZoneInfo(order.timezone), masked=order.masked)
    with read_only(order.database) as tx:
        parts = write(
            tx,
            order.which,
            order.form,
            lambda part: order.folder / _named(order, part),
            language,
            limit=order.limit,
            rows=order.rows,
            told=told,
        )
    if len(parts) == 1:
        only = order.folder / f"{order.name}.{order.form}"
        parts[0].path.rename(only)
        parts = [Part(only, parts[0].calls)]
    return parts


def write(
    tx: Stores,
    which: Which,
    form: Format,
    path_of: Callable[[int], Path],
    language: Language,
    *,
    told: Callable[[int], None],
    limit: int | None = None,
    rows: int = MOST_ROWS,
) -> list[Part]:
    """Write the calls into files, the first of which `path_of(1)` names; none without calls.

    Args:
        tx: one state of the record.
        which: which calls.
        form: what kind of file.
        path_of: the path of the first file, the second and so on; none of them exists.
        language: in which the heads and outcomes are said.
        told: is given the number of calls that are written, from time to time.
        limit: bytes in one file at most; None for as few files as can be.
        rows: calls in one XLSX at most; fewer if its files turn out larger than the limit.
    """
    while True:
        writer = _Parts(_FILES[form], path_of, language, limit=limit, rows=rows)
        with contextlib.closing(writer):
            for count, entry in enumerate(entries(tx, which), start=1):
                writer.add(entry)
                if count % STEP == 0:
                    told(count)
        if limit is None or all(part.path.stat().st_size <= limit for part in writer.made):
            return writer.made
        for part in writer.made:
            part.path.unlink()
        rows //= 2


def entries(tx: Stores, which: Which) -> Iterator[Entry]:
    """The calls, batch by batch in the order of their launch; a thousand are held at a time."""
    ids: Iterable[int] = (
        tx.archive.ids(which.since, which.until) if which.batch_id is None else [which.batch_id]
    )
    for batch_id in ids:
        batch = tx.batches.get(batch_id)
        if batch is None:
            continue
        submissions = {one.id: one for one in tx.submissions.of_batch(batch_id)}
        for offset in range(0, batch.numbers, STEP):
            for call in tx.calls.of_batch(batch_id, limit=STEP, offset=offset):
                yield Entry(batch, submissions[call.submission_id], call)


class _Parts:
    """One file after another, each full before the next is begun."""

    def __init__(
        self,
        kind: type[SheetFile],
        path_of: Callable[[int], Path],
        language: Language,
        *,
        limit: int | None,
        rows: int,
    ) -> None:
        self._kind = kind
        self._path_of = path_of
        self._language = language
        self._limit = limit
        self._rows = rows
        self._file: SheetFile | None = None
        self.made: list[Part] = []

    def add(self, entry: Entry) -> None:
        if self._file is not None and self._full(self._file):
            self.close()
        if self._file is None:
            self._file = self._kind(self._path_of(len(self.made) + 1), self._language)
        self._file.add(entry)

    def _full(self, file: SheetFile) -> bool:
        if file.size is None:
            return file.calls >= self._rows
        return self._limit is not None and file.size > self._limit - file.largest

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
            self.made.append(Part(file.path, file.calls))


def _named(order: Order, part: int) -> str:
    return f"{order.name}-part{part}.{order.form}"
