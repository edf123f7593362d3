"""What was launched, looked at as a whole."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.calling.archive import DAYS_PICKED_FROM, LISTED, PICKED_FROM, Archive, Filter
from bot.calling.days import Days, day_of
from bot.calling.errors import ExpiredError
from bot.calling.figures import Figures
from storage.database import Database
from storage.models import Person, Played
from tests.record_file import DAY, add_called
from tests.storage.making import add, numbers

TEHRAN = ZoneInfo("Asia/Tehran")
NOON = datetime(2025, 6, 15, 12, tzinfo=TEHRAN).timestamp()
TODAY = date(2025, 6, 15)
YESTERDAY = date(2025, 6, 14)
ANN, BEN = Person(id=1, name="Ann"), Person(id=2, name="Ben")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty record."""
    database = await Database.open(tmp_path / "callboard.db")
    yield database
    await database.close()


@pytest.fixture
def archive(database: Database) -> Archive:
    """It is noon in Tehran."""
    return Archive(database=database, timezone=TEHRAN, clock=lambda: NOON)


async def launch(database: Database, add: Callable[..., int], *cuts: Any, **of: Any) -> None:
    """Record a batch."""
    await database.write(lambda tx: add(tx, *cuts, **of))


async def test_pages(archive: Archive, database: Database) -> None:
    """Ten a page, newest first, and whether there are more."""
    for n in range(LISTED + 2):
        await launch(database, add, now=NOON + n)
    first = await archive.batches(Filter())
    assert [batch.id for batch in first.batches] == list(range(12, 2, -1))
    assert (first.page, first.more) == (1, True)
    last = await archive.batches(Filter(), 2)
    assert ([batch.id for batch in last.batches], last.more) == ([2, 1], False)
    assert (await archive.batches(Filter(), 10**15 - 1)).batches == ()
    assert len((await archive.batches(Filter(), 0)).batches) == LISTED


async def test_filters(archive: Archive, database: Database) -> None:
    """By person, by the voice of a batch, and by days; in words, too."""
    await launch(database, add, author=ANN, voice="a", now=NOON - DAY)
    await launch(database, add, author=BEN, voice="b", now=NOON)
    await launch(database, add, author=ANN, voice="b", now=NOON)
    which = Filter(author_id=1, voice_of=2, days=Days(TODAY, TODAY))
    found = await archive.batches(which)
    assert [batch.id for batch in found.batches] == [3]
    assert (found.author_name, found.played, found.filter) == ("Ann", Played("b"), which)
    yesterday = await archive.batches(Filter(days=Days(YESTERDAY, YESTERDAY)))
    assert [batch.id for batch in yesterday.batches] == [1]
    with pytest.raises(ExpiredError):
        await archive.batches(Filter(voice_of=99))


async def test_persons_and_voices(archive: Archive, database: Database) -> None:
    """Those that occur, last used first, a page at a time; each keeps the rest of the filter."""
    for n in range(PICKED_FROM + 1):
        who = Person(id=n + 1, name=f"P{n + 1}")
        await launch(database, add, author=who, voice=who.name, now=NOON)
    which = Filter(author_id=7, voice_of=3, days=Days(TODAY, TODAY))
    persons = await archive.persons(which, 1)
    assert [name for name, _ in persons.offered] == [f"P{n}" for n in range(9, 1, -1)]
    assert persons.offered[0][1] == replace(which, author_id=9)
    assert persons.more
    second = await archive.persons(which, 2)
    assert ([name for name, _ in second.offered], second.more) == (["P1"], False)
    voices = await archive.voices(which, 1)
    assert voices.offered[0] == (Played("P9"), replace(which, voice_of=9))


async def test_voices_have_the_name_of_today(archive: Archive, database: Database) -> None:
    """Else that of their newest batch; a list and a report of one voice say the same name."""
    kept, other = f"{1:032x}", f"{2:032x}"
    await launch(database, add, voice=kept, voice_name="Old", now=NOON)
    await launch(database, add, voice=other, voice_name="Then", now=NOON)
    await database.write(lambda tx: tx.voices.add(kept, "New", "new", by=ANN, now=NOON))
    expected = [Played(other, "Then"), Played(kept, "New")]
    assert [played for played, _ in (await archive.voices(Filter(), 1)).offered] == expected
    assert (await archive.batches(Filter(voice_of=1))).played == expected[1]
    found = await archive.report(Days(TODAY, TODAY))
    assert {played for played, _ in found.by_voice} == set(expected)


async def test_days(archive: Archive, database: Database) -> None:
    """Only those on which something was launched, as they were where the team lives."""
    count = DAYS_PICKED_FROM + 2
    for n in range(count):
        await launch(database, add, now=NOON - n * 3 * DAY)
        await launch(database, add, now=NOON - n * 3 * DAY + 60)
    first = await archive.days(Filter(author_id=1), 1)
    assert [day for day, _ in first.offered] == [
        day_of(NOON - n * 3 * DAY, TEHRAN) for n in range(DAYS_PICKED_FROM)
    ]
    assert first.offered[0][1] == Filter(author_id=1, days=Days(TODAY, TODAY))
    assert first.more
    second = await archive.days(Filter(), 2)
    assert (len(second.offered), second.more) == (2, False)
    assert (await archive.days(Filter(), 3)).offered == ()


async def test_a_report(archive: Archive, database: Database) -> None:
    """In all, by voice, by person and by day, in days of the time zone; the largest first."""
    midnight = datetime(2025, 6, 15, tzinfo=TEHRAN).timestamp()
    await launch(database, add_called, 1, author=ANN, voice="a", now=midnight - 1)
    await launch(database, add_called, 3, author=BEN, voice="b", now=midnight)
    await launch(database, add, numbers(2, 50), author=ANN, voice="b", now=NOON)
    found = await archive.report(Days(YESTERDAY, TODAY))
    assert found.total == Figures(
        batches=3, numbers=6, placed=4, answered=4, talk=48, cost=136_800
    )
    assert [(name, f.placed, f.numbers) for name, f in found.by_voice] == [
        (Played("b"), 3, 5),
        (Played("a"), 1, 1),
    ]
    assert [(name, f.batches) for name, f in found.by_person] == [("Ben", 1), ("Ann", 2)]
    assert [(day, f.placed) for day, f in found.by_day] == [(YESTERDAY, 1), (TODAY, 3)]
    today = await archive.report(Days(TODAY, TODAY))
    assert (today.total.batches, [day for day, _ in today.by_day]) == (2, [TODAY])


async def test_a_report_of_a_year(archive: Archive, database: Database) -> None:
    """It is put together from its weeks, and counts everything once."""
    for n in range(40):
        await launch(database, add_called, 1, now=NOON - n * 9 * DAY)
    found = await archive.report(Days(date(2024, 6, 16), TODAY))
    assert (found.total.batches, len(found.by_day)) == (40, 40)


async def test_two_people_of_one_name(archive: Archive, database: Database) -> None:
    """They are told apart by their ids; one who changed theirs has the newest."""
    for author in (ANN, Person(id=3, name="Ann"), Person(id=1, name="Anna")):
        await launch(database, add, author=author, now=NOON)
    found = await archive.report(Days(TODAY, TODAY))
    assert sorted((name, f.batches) for name, f in found.by_person) == [("Ann", 1), ("Anna", 2)]


async def test_what_an_export_would_hold(archive: Archive, database: Database) -> None:
    """How many calls, and the days without an empty beginning."""
    assert await archive.count(Days(TODAY, TODAY)) == (Days(TODAY, TODAY), 0)
    await launch(database, add, numbers(3), now=NOON - DAY)
    await launch(database, add, numbers(2), now=NOON)
    whole = Days(date(2000, 1, 1), TODAY)
    assert await archive.count(whole) == (Days(YESTERDAY, TODAY), 5)
    assert await archive.count(Days(TODAY, TODAY)) == (Days(TODAY, TODAY), 2)
    assert (await archive.has(2), await archive.has(3)) == (True, False)


def test_the_day_is_the_teams(archive: Archive) -> None:
    """Today is what it is where the team lives."""
    late = datetime(2025, 6, 15, 21, tzinfo=UTC).timestamp()
    assert archive.today == TODAY
    assert archive.now == NOON
    assert day_of(late, TEHRAN) == date(2025, 6, 16)
