"""The audit, read: pages of entries, narrowed by person, kind of deed, day and subject."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.calling.audit_kinds import KINDS, Kind
from bot.calling.days import Days, day_of
from bot.calling.errors import UsageError
from bot.calling.numbers import normalise_digits
from bot.calling.periods import parse_days
from bot.calling.problems import Problem
from storage.database import Database
from storage.models import AuditEntry
from storage.stores import Stores
from storage.stores.audit import AuditSearch

A_PAGE = 10
PEOPLE_A_PAGE = 8

_SUBJECT = re.compile(
    r"#?(?P<batch>b[1-9][0-9]{0,11})|(?P<id>u[1-9][0-9]{0,14}|c-?[1-9][0-9]{0,14})"
    r"|(?P<of>voice|list|launch|schedule|invite|draft)[ _]?(?P<number>[1-9][0-9]{0,11})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """Which entries are shown; `about` is an id such as `b12` or `list 5`."""

    by_id: int | None = None
    kind: Kind | None = None
    days: Days | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class From:
    """Where a page begins: behind an entry, on the way to the older ones or to the newer."""

    entry_id: int
    newer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Some entries, newest first.

    Attributes:
        name: of the person by whom it is narrowed.
        chats: titles of the groups that are named in the entries and are allowed now.
        newer: whether there are newer entries than the first one.
        older: whether there are older ones than the last.
    """

    narrow: Narrow
    entries: tuple[AuditEntry, ...]
    newer: bool
    older: bool
    name: str | None = None
    chats: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One page of those who have done anything: id and name."""

    narrow: Narrow
    people: tuple[tuple[int, str], ...]
    page: int
    more: bool


def parse_subject(text: str) -> str | None:
    """The id that a text is, as entries are about it: `b12`, `u7`, `c-100`, `list 5`; or None."""
    match = _SUBJECT.fullmatch(" ".join(normalise_digits(text).split()).lower())
    if match is None:
        return None
    return match["batch"] or match["id"] or f"{match['of']} {match['number']}"


def _subject_first(text: str) -> tuple[str | None, str]:
    """The id with which a text begins, such as `list 5`, if it does, and what follows it."""
    words = text.split()
    for at in (1, 2):
        about = parse_subject(" ".join(words[:at]))
        if about is not None:
            return about, " ".join(words[at:])
    return None, text


class AuditTrail:
    """Answers from the record alone; what one page costs does not grow with the record."""

    def __init__(
        self,
        *,
        database: Database,
        timezone: ZoneInfo,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._timezone = timezone
        self._clock = clock

    @property
    def now(self) -> float:
        """The time by this program's clock, UTC seconds."""
        return self._clock()

    @property
    def today(self) -> date:
        """The day that it is where the team lives."""
        return day_of(self._clock(), self._timezone)

    def read(self, text: str) -> Narrow:
        """What is to be shown by what follows `/audit`: nothing, an id, days, or both.

        Raises:
            UsageError: it is none of them.
        """
        given = text.strip()
        if not given:
            return Narrow()
        about, given = _subject_first(given)
        if not given:
            return Narrow(about=about)
        try:
            return Narrow(about=about, days=parse_days(given, self.today))
        except UsageError as error:
            if error.problem is Problem.RANGE_BACKWARDS:
                raise
            raise UsageError(Problem.BAD_SUBJECT, given) from error

    async def page(self, narrow: Narrow, start: From | None = None) -> AuditPage:
        """Ten entries; the newest without a start."""
        return await self._database.read(lambda tx: self._page(tx, narrow, start))

    async def people(self, narrow: Narrow, page: int) -> People:
        """Those who have done anything, by name."""
        found = await self._database.read(lambda tx: tx.audit.persons())
        start = (max(1, page) - 1) * PEOPLE_A_PAGE
        return People(
            narrow=narrow,
            people=tuple(found[start : start + PEOPLE_A_PAGE]),
            page=max(1, page),
            more=len(found) > start + PEOPLE_A_PAGE,
        )

    def _page(self, tx: Stores, narrow: Narrow, start: From | None) -> AuditPage:
        which = self._search(narrow)
        if start is None:
            found, more = _cut(tx.audit.before(None, which, A_PAGE + 1))
            newer, older = False, more
        elif start.newer:
            found = tx.audit.after(start.entry_id, which, A_PAGE + 1)
            newer, older, found = len(found) > A_PAGE, True, found[-A_PAGE:]
        else:
            found, more = _cut(tx.audit.before(start.entry_id, which, A_PAGE + 1))
            newer, older = True, more
        chats = {entry.chat_id for entry in found if entry.chat_id is not None}
        allowed = {i: chat for i in chats if i < 0 and (chat := tx.chats.get(i)) is not None}
        return AuditPage(
            narrow=narrow,
            entries=tuple(found),
            newer=newer,
            older=older,
            name=None if narrow.by_id is None else tx.audit.name_of(narrow.by_id),
            chats={i: chat.title for i, chat in allowed.items() if chat.title},
        )

    def _search(self, narrow: Narrow) -> AuditSearch:
        days = narrow.days
        return AuditSearch(
            by_id=narrow.by_id,
            deeds=None if narrow.kind is None else KINDS[narrow.kind],
            about=narrow.about,
            since=None if days is None else days.begin(self._timezone),
            until=None if days is None else days.end(self._timezone),
        )


def _cut(found: list[AuditEntry]) -> tuple[list[AuditEntry], bool]:
    """The first ten of them, and whether there are more."""
    return found[:A_PAGE], len(found) > A_PAGE
