"""An XLSX file as a package: its parts by name, unpacked only as far as is bounded.

The facts are those of ECMA-376, part 2: relationships lead from the package to the workbook, and
from there to the sheets. Names of elements are read without their namespace, which differs
between its two editions.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from xml.parsers import expat

from bot.calling.sources.found import Refusal, RefusedError

MOST_BYTES = 128_000_000  # unpacked, of all parts that are read
_CHUNK: Final = 65_536
_ENCRYPTED: Final = 0x1  # a flag of a member
# All that the standard library raises for a file that somebody has made by hand.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)

Token = tuple[str, dict[str, str]] | str
"""An element that begins, by its name and attributes; or text."""


class Relation(NamedTuple):
    """Where a relationship leads to."""

    kind: str
    target: str


class Package:
    """The parts of a package.

    Args:
        content: all of its bytes.

    Raises:
        RefusedError: it cannot be opened.
    """

    def __init__(self, content: bytes) -> None:
        self._left = MOST_BYTES
        with whole():
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._members = {
                info.filename.replace("\\", "/").lstrip("/").lower(): info
                for info in self._zip.infolist()
            }

    def names(self) -> list[str]:
        """Of all parts, in lower case."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """All bytes of a part; none if it is not there.

        Raises:
            RefusedError: it is damaged or encrypted, or the package unpacks to too much.
        """
        info = self._members.get(name.lower())
        if info is None:
            return b""
        if info.flag_bits & _ENCRYPTED:
            raise RefusedError(Refusal.ENCRYPTED)
        if info.file_size > self._left:
            raise RefusedError(Refusal.TOO_MUCH)
        with whole(), self._zip.open(info) as part:
            content = part.read(self._left + 1)  # what it says of its size may be a lie
        self._left -= len(content)
        if self._left < 0:
            raise RefusedError(Refusal.TOO_MUCH)
        return content

    def relations(self, of: str) -> dict[str, Relation]:
        """What a part (or the package itself, for an empty name) leads to, by id."""
        folder, name = posixpath.split(of)
        found: dict[str, Relation] = {}
        for token in tokens(self.read(posixpath.join(folder, "_rels", f"{name}.rels"))):
            attributes = {} if isinstance(token, str) else token[1]
            if "Target" in attributes:
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = Relation(kind, target.lstrip("/"))
        return found


def tokens(content: bytes) -> Iterator[Token]:
    """The elements of an XML file as they begin, and the text after each; none of an empty file.

    Where an element ends is not told: what is read here needs it nowhere.

    Raises:
        RefusedError: it is damaged, or holds a DTD.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found: list[Token] = []
    local = _Local()
    parser.StartElementHandler = lambda tag, attributes: found.append((local[tag], attributes))
    parser.CharacterDataHandler = found.append
    parser.StartDoctypeDeclHandler = _no_dtd
    for start in range(0, len(content), _CHUNK):
        with whole():
            parser.Parse(content[start : start + _CHUNK], start + _CHUNK >= len(content))
        yield from found
        found.clear()


class _Local(dict[str, str]):
    """Names of elements without the prefix of the first; those of extensions keep theirs."""

    def __missing__(self, tag: str) -> str:
        if not self:
            self[""] = tag[: tag.rfind(":") + 1]
        self[tag] = local = tag.removeprefix(self[""])
        return local


@contextmanager
def whole() -> Iterator[None]:
    """What cannot be read inside it is a damaged file."""
    try:
        yield
    except _BROKEN as error:
        raise RefusedError(Refusal.DAMAGED) from error


def _no_dtd(*_: object) -> None:
    """No writer of sheets makes a DTD, and entities can grow without bound."""
    raise RefusedError(Refusal.DAMAGED)
