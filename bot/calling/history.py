"""The calls to one number, or those whose id begins so: newest first, page by page."""

import re
from dataclasses import dataclass

from bot.calling.errors import ExpiredError
from bot.calling.numbers import NumberReader
from bot.calling.views import CallLine, call_lines
from storage.models import UnmatchedId
from storage.stores import Stores
from storage.stores.archive import Sums

LISTED = 10  # calls on a page

_ID_PREFIX = re.compile(r"[0-9a-f]{6,32}", re.ASCII)
_TOKEN = re.compile(
    r"(?:n(?P<number>[1-9][0-9]{6,14})|i(?P<prefix>[0-9a-f]{6,32})"
    r"|c(?P<call>[1-9][0-9]{0,17}))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What was looked up: a number (E.164), or the beginning of an id (lower case).

    Where numbers are masked, a number is named by the id that a call to it has in the record.
    """

    number: str | None = None
    prefix: str | None = None
    call: int | None = None

    @property
    def token(self) -> str:
        """The same for callback data, which names it whenever it is pressed."""
        if self.call is not None:
            return f"c{self.call}"
        return f"n{self.number[1:]}" if self.number else f"i{self.prefix}"

    @classmethod
    def of_token(cls, token: str) -> "Sought":
        """What a token names.

        Raises:
            ExpiredError: it is none.
        """
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ExpiredError
        if match["number"]:
            return cls(number=f"+{match['number']}")
        if match["call"]:
            return cls(call=int(match["call"]))
        return cls(prefix=match["prefix"])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One page of what was found.

    Attributes:
        unmatched: ids that came with an answer and belong to no call, each with its batch's id.
        total: how many calls and such ids there are on all pages.
        sums: all calls to the number in figures; None if an id was looked up.
    """

    of: Sought
    lines: tuple[CallLine, ...]
    page: int
    pages: int
    total: int
    unmatched: tuple[tuple[int, UnmatchedId], ...] = ()
    sums: Sums | None = None


def readings(asked: str, reader: NumberReader) -> list[Sought]:
    """What a text may look up, in the order in which it is tried: a number, then an id."""
    found = []
    number = reader.read_one(asked)
    if number is not None:
        found.append(Sought(number=number))
    if _ID_PREFIX.fullmatch(asked.lower()):
        found.append(Sought(prefix=asked.lower()))
    return found


def history(tx: Stores, of: Sought, page: int = 1) -> History | None:
    """A page of the calls; None if there are none. A page beyond the last is the last one."""
    if of.call is not None:
        call = tx.calls.get(of.call)
        of = Sought(number=None if call is None else call.number)
        if call is None:
            return None
    if of.number is not None:
        sums = tx.archive.sums_to(of.number)
        page, pages = _page(page, sums.calls)
        calls = tx.calls.by_number(of.number, LISTED, (page - 1) * LISTED)
        lines = tuple(call_lines(tx, calls))
        found = History(of=of, lines=lines, page=page, pages=pages, total=sums.calls, sums=sums)
    else:
        found = _by_id(tx, of, of.prefix or "", page)
    return found if found.total else None


def _by_id(tx: Stores, of: Sought, prefix: str, page: int) -> History:
    """First the calls, then the ids that came with an answer and belong to none."""
    known, unknown = tx.archive.count_like(prefix)
    page, pages = _page(page, known + unknown)
    offset = (page - 1) * LISTED
    calls = tx.calls.by_id_prefix(prefix, LISTED, offset)
    left = LISTED - len(calls)
    unmatched = tx.calls.unmatched_by_prefix(prefix, left, max(0, offset - known)) if left else []
    return History(
        of=of,
        lines=tuple(call_lines(tx, calls)),
        unmatched=tuple(unmatched),
        page=page,
        pages=pages,
        total=known + unknown,
    )


def _page(page: int, total: int) -> tuple[int, int]:
    pages = max(1, -(-total // LISTED))
    return min(max(1, page), pages), pages
