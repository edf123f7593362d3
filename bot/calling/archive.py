"""What was launched, looked at as a whole: pages of batches, narrowed, and figures over days."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from bot.calling.audit import Deed
from bot.calling.days import Days, day_of
from bot.calling.errors import ExpiredError
from bot.calling.figures import Report, named, report
from storage.database import Database
from storage.models import Batch, Course, Person, Played
from storage.stores import Stores
from storage.stores.archive import Narrowed
from storage.stores.statistics import BatchFigures

LISTED = 10  # batches on a page
PICKED_FROM = 8  # persons or voices on a page of a pick list
DAYS_PICKED_FROM = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which batches are listed.

    A voice is named by the id of a batch that used it: a name can be too long for a button.
    """

    author_id: int | None = None
    voice_of: int | None = None
    days: Days | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """One page of the batches that a filter leaves, newest first, with the filter in words.

    Attributes:
        courses: how far the calls of each batch are, by its id.
    """

    filter: Filter
    author_name: str | None
    played: Played | None
    batches: tuple[Batch, ...]
    page: int
    more: bool
    courses: Mapping[int, Course] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One page of a pick list: what each choice is called, and the filter that it makes."""

    filter: Filter
    offered: tuple[tuple[str | date | Played, Filter], ...]
    page: int
    more: bool


class Archive:
    """Answers from the record alone."""

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

    async def batches(self, which: Filter, page: int = 1) -> BatchPage:
        """A page of batches.

        Raises:
            ExpiredError: the filter names a voice by a batch that there is not.
        """
        return await self._database.read(lambda tx: self._batches(tx, which, page))

    async def persons(self, which: Filter, page: int) -> Choices:
        """Those who have launched, the last one first."""
        found = await self._database.read(lambda tx: tx.archive.authors())
        return _choices(
            which,
            page,
            [(name, replace(which, author_id=i)) for i, name in found],
        )

    async def voices(self, which: Filter, page: int) -> Choices:
        """The voices that were used, the last one first."""
        found = await self._database.read(_voices)
        return _choices(
            which,
            page,
            [(played, replace(which, voice_of=i)) for i, played in found],
        )

    async def days(self, which: Filter, page: int) -> Choices:
        """The days on which something was launched, the last one first."""
        found = await self._database.read(lambda tx: self._days(tx, page))
        offered = tuple(
            (day, replace(which, days=Days(day, day))) for day in found[:DAYS_PICKED_FROM]
        )
        return Choices(
            filter=which, offered=offered, page=page, more=len(found) > DAYS_PICKED_FROM
        )

    async def report(self, days: Days) -> Report:
        """The figures of what was launched in these days."""
        found: list[BatchFigures] = []
        for week in days.weeks():
            begin, end = self.moments(week)
            # A look for each, so that a launch is not kept waiting by a year's figures.
            found += await self._database.read(partial(_figures, begin=begin, end=end))
        voices = {one.played.voice for one in found}
        names = await self._database.read(lambda tx: tx.voices.names(voices))
        return report(days, found, self._timezone, names)

    async def taken_out(self, about: str, what: str, *, by: Person, chat_id: int) -> None:
        """Record that a file of calls leaves the record; to be called before it is sent.

        Args:
            about: which calls: `b12`, or days.
            what: in which form.
            by: who asked for it.
            chat_id: where it is sent.

        Raises:
            StorageError: the record takes nothing now; then nothing may be sent either.
        """
        now = self._clock()
        await self._database.write(
            lambda tx: tx.audit.add(
                Deed.EXPORTED, about, at=now, by=by, chat_id=chat_id, after=what
            )
        )

    async def has(self, batch_id: int) -> bool:
        """Whether there is such a batch."""
        return await self._database.read(lambda tx: tx.batches.get(batch_id) is not None)

    def moments(self, days: Days) -> tuple[float, float]:
        """When the days begin, and when they are over (UTC seconds)."""
        return days.begin(self._timezone), days.end(self._timezone)

    async def count(self, days: Days) -> tuple[Days, int]:
        """How many calls were launched in these days, and the days without empty ends."""
        begin, end = days.begin(self._timezone), days.end(self._timezone)
        return await self._database.read(lambda tx: self._count(tx, days, begin, end))

    def _count(self, tx: Stores, days: Days, begin: float, end: float) -> tuple[Days, int]:
        count = tx.archive.numbers(begin, end)
        oldest = tx.archive.oldest()
        if count and oldest is not None and oldest > begin:
            days = Days(day_of(oldest, self._timezone), days.last)
        return days, count

    def _batches(self, tx: Stores, which: Filter, page: int) -> BatchPage:
        played = None
        if which.voice_of is not None:
            batch = tx.batches.get(which.voice_of)
            if batch is None:
                raise ExpiredError
            played = Played(batch.voice, batch.voice_name, batch.spoken)
            played = named(played, tx.voices.names([batch.voice]))
        name = None if which.author_id is None else tx.archive.name_of(which.author_id)
        narrowed = Narrowed(
            author_id=which.author_id,
            voice=None if played is None else played.voice,
            since=which.days.begin(self._timezone) if which.days else None,
            until=which.days.end(self._timezone) if which.days else None,
        )
        found = tx.archive.batches(narrowed, limit=LISTED + 1, offset=(page - 1) * LISTED)
        return BatchPage(
            filter=which,
            author_name=name,
            played=played,
            batches=tuple(found[:LISTED]),
            page=page,
            more=len(found) > LISTED,
            courses=tx.archive.courses([batch.id for batch in found[:LISTED]]),
        )

    def _days(self, tx: Stores, page: int) -> list[date]:
        """One look for each day: those on which nothing happened cost nothing."""
        found: list[date] = []
        newest = tx.archive.newest_before(self._clock() + 86400.0)
        while newest is not None and len(found) <= page * DAYS_PICKED_FROM:
            day = day_of(newest, self._timezone)
            found.append(day)
            newest = tx.archive.newest_before(Days(day, day).begin(self._timezone))
        return found[(page - 1) * DAYS_PICKED_FROM :]


def _choices(which: Filter, page: int, found: Sequence[tuple[str | Played, Filter]]) -> Choices:
    start = (page - 1) * PICKED_FROM
    return Choices(
        filter=which,
        offered=tuple(found[start : start + PICKED_FROM]),
        page=page,
        more=len(found) > start + PICKED_FROM,
    )


def _voices(tx: Stores) -> list[tuple[int, Played]]:
    """Every voice that was used, by the name that it has today."""
    found = tx.archive.voices()
    names = tx.voices.names({played.voice for _, played in found})
    return [(batch_id, named(played, names)) for batch_id, played in found]


def _figures(tx: Stores, *, begin: float, end: float) -> list[BatchFigures]:
    return tx.statistics.of_batches(begin, end)
