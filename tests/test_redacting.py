"""`callboard redact`: what is gone, what stays and what can be told; and the file's bytes."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calling.chains import chain_of
from bot.calling.days import Days
from bot.calling.drafts import Content
from bot.calling.errors import ExpiredError, UsageError
from bot.calling.figures import report
from bot.calling.guards import estimate
from bot.calling.launches import Defaults, Launches
from bot.calling.making import Making
from bot.calling.pauses import Pauses
from bot.calling.problems import Problem
from bot.calling.redacting import Redacting, begin_of
from bot.calling.redial import redial_of
from bot.calling.repeats import Repeats
from bot.calling.rights import Rights
from bot.calling.saving import recipe_of
from bot.calling.signals import Signals
from bot.calling.views import batch_view
from bot.calling.window import Window
from bot.gateway.bitel import Bitel
from bot.texts import board
from bot.texts.cards import plain
from bot.texts.language import Language
from storage.database import Database
from storage.errors import DiskRefusesError
from storage.lock import ProcessLock
from storage.masking import masked
from storage.models import DraftState, Place
from storage.reading import read_only
from storage.scrubbing import scrub
from storage.stores import Stores
from storage.stores.redaction import GONE
from tests.old_record import NEW, OLD, VOICE, content, fill, old
from tests.record_file import DAY, add_called, record_at
from tests.storage.making import ANN, ROOM, new_batch, new_draft, numbers
from tests.storage.test_redaction_columns import REDACTED
from tests.test_taking_out import callboard

TEHRAN = ZoneInfo("Asia/Tehran")
ENGLISH = Language("en", TEHRAN)
NOW = 1_750_000_000.0
TODAY = date(2025, 6, 15)
ALL = Days(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The record, as a bot leaves it that was stopped."""
    path = tmp_path / "callboard.db"
    with record_at(path) as tx:
        fill(tx, NOW)
    return path


async def redact(path: Path, before: date = TODAY, now: float = NOW) -> Redacting:
    """One run of redaction on the open file, as the command makes it."""
    database = await Database.open(path)
    try:
        run = Redacting(database, before=begin_of(before, TEHRAN), now=now)
        await run.run(before, lambda _, __: None)
        return run
    finally:
        await database.close()


def spellings(first: int) -> list[bytes]:
    """Hundred numbers from this one on, as they may stand in a file or in what was typed."""
    found = []
    for i in range(first, first + 100):
        digits = f"{i:07d}"
        found += [f"912{digits}", f"912 {digits[:3]} {digits[3:]}", f"912-{digits[:3]}"]
    return [one.encode() for one in found if not one.endswith("-001")]


def values(path: Path) -> Iterator[tuple[str, str, object]]:
    """Every value of every column of every table, with the names of both."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 -- our own names
                for column in row.keys():  # noqa: SIM118 -- a Row is no mapping
                    yield table, column, row[column]
    connection.close()


def standing(path: Path, first: int) -> set[tuple[str, str]]:
    """The tables and columns in which any of hundred numbers stands."""
    wanted = [f"912{i:07d}" for i in range(first, first + 100)]
    return {
        (table, column)
        for table, column, value in values(path)
        if any(number in str(value) for number in wanted)
    }


class TestWhatGoes:
    async def test_everything_that_is_over(self, path: Path) -> None:
        """No table holds a number any more that nothing but what is over has."""
        texts = {(table, of) for table, columns in REDACTED.items() for of in columns}
        assert texts - standing(path, OLD) == {
            *(("batches", "fingerprint"), ("events", "digest")),  # of numbers, none themselves
            ("schedules", "last_numbers"),
            ("questions", "about"),  # a new question has the old ones forgotten
        }
        run = await redact(path)
        assert standing(path, OLD) == set()
        assert run.counts["batches"] == 3
        assert run.counts["numbers"] == 6
        assert run.counts["lists"] == run.counts["launches"] == run.counts["schedules"] == 1
        assert run.counts["off_do_not_call"] == run.counts["taken_off"] == 1

    async def test_names_go_with_their_numbers(self, path: Path) -> None:
        """Whose number it was is not told any more; who worked with it is."""
        await redact(path)
        text = " ".join(str(value) for _, _, value in values(path))
        assert not {"Old Name", "Old Friend", "Old Listed"} & {
            name for name in ("Old Name", "Old Friend", "Old Listed") if name in text
        }
        assert "Ann" in text

    async def test_what_is_open_stays(self, path: Path) -> None:
        """Held, unknown, waited for, planned, saved, not to be called, own: to the last column."""
        before = standing(path, NEW)
        run = await redact(path)
        assert standing(path, NEW) == before
        assert before >= {
            ("calls", "number"),
            ("drafts", "content"),
            ("list_numbers", "number"),
            ("launch_numbers", "number"),
            ("schedules", "content"),
            ("do_not_call", "number"),
            ("choices", "number"),
            ("events", "number"),
            ("questions", "about"),
        }
        assert len(run.left) == 5

    async def test_one_number_has_one_hash_in_a_run(self, path: Path) -> None:
        """The calls to one person still belong together, and nobody can guess who that was."""
        await redact(path)
        with read_only(path) as tx:
            first = [call.number for call in tx.calls.of_batch(1)]
            again = [call.number for call in tx.calls.of_batch(2)]
        assert again == first[:2]
        assert len(set(first)) == 3
        assert all(len(number) == 65 and number.startswith("#") for number in first)

    async def test_the_key_is_made_for_a_run(self, tmp_path: Path) -> None:
        """The same number has another hash the next time."""
        seen = set()
        for name in ("a", "b"):
            path = tmp_path / f"{name}.db"
            with record_at(path) as tx:
                fill(tx, NOW)
            await redact(path)
            with read_only(path) as tx:
                seen.add(tx.calls.of_batch(1)[0].number)
        assert len(seen) == 2

    async def test_what_was_over_for_less_than_a_day(self, tmp_path: Path) -> None:
        """It stays: for 24 hours it counts who got a voice."""
        path = tmp_path / "callboard.db"
        midnight = begin_of(TODAY, TEHRAN)
        with record_at(path) as tx:
            add_called(tx, 1, first=OLD, now=midnight - 3600)
        run = await redact(path, now=midnight + 3600)
        assert run.counts["batches"] == 0
        run = await redact(path, now=midnight + 23 * 3600 + 1)
        assert run.counts["batches"] == 1

    async def test_a_second_run(self, path: Path) -> None:
        """It finds nothing to do, and changes no hash."""
        await redact(path)
        before = sorted(map(repr, values(path)))
        run = await redact(path)
        assert not +run.counts
        after = sorted(map(repr, values(path)))
        assert [one for one in after if "'audit'" not in one] == [
            one for one in before if "'audit'" not in one
        ]

    async def test_the_audit(self, path: Path) -> None:
        """Beginning and end are entries by the program, with counts and no number."""
        await redact(path)
        with read_only(path) as tx:
            begun, done = list(tx.audit.chain())[-2:]
        assert (begun.deed, done.deed) == ("redaction_begun", "redacted")
        assert done.about == "before 2025-06-15"
        assert "numbers 6" in (done.after or "")


class TestKilled:
    async def test_the_rest_follows(self, tmp_path: Path) -> None:
        """What a run has committed stays; the next run does the rest with another key."""
        path = tmp_path / "callboard.db"
        with record_at(path) as tx:
            for i in range(40):
                add_called(tx, 100, first=OLD + 100 * i, now=NOW - 40 * DAY)

        class KilledError(Exception):
            pass

        def die(done: int, whole: int) -> None:
            assert whole == 4000
            if done:
                raise KilledError

        database = await Database.open(path)
        run = Redacting(database, before=begin_of(TODAY, TEHRAN), now=NOW)
        with pytest.raises(KilledError):
            await run.run(TODAY, die)
        await database.close()
        assert run.counts["numbers"] == 2000
        assert (await redact(path)).counts["numbers"] == 2000
        assert standing(path, OLD) == standing(path, OLD + 3500) == set()

    async def test_a_transaction_that_fails_counts_nothing(self, path: Path) -> None:
        """The counts are what was committed."""
        database = await Database.open(path)
        await database.write(
            lambda tx: tx.db.execute(
                "CREATE TRIGGER broken BEFORE UPDATE OF number ON calls"
                " BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        )
        run = Redacting(database, before=begin_of(TODAY, TEHRAN), now=NOW)
        with pytest.raises(Exception, match="broken"):
            await run.run(TODAY, lambda _, __: None)
        await database.close()
        assert not +run.counts


def figures(tx: Stores) -> object:
    """All that is counted of the record: days, voices, persons, chains, estimates."""
    since, until = ALL.begin(TEHRAN), ALL.end(TEHRAN)
    found = tx.statistics.of_batches(since, until)
    ids = tx.archive.ids(0, 2e9)
    # Names, and a text that is read out, stay without the numbers in them.
    return masked(repr(report(ALL, found, TEHRAN, {})), lambda _: GONE), (
        [chain_of(tx, batch_id) for batch_id in ids],
        [tx.outcomes.counted(batch_id) for batch_id in ids],
        estimate(tx, VOICE, 100),
        tx.archive.courses(ids),
        tx.archive.authors(),
    )


async def test_the_figures_are_the_same(path: Path) -> None:
    """Figures of days, voices and persons, chains, costs and outcomes count as before."""
    with read_only(path) as tx:
        before = figures(tx)
    await redact(path)
    with read_only(path) as tx:
        assert figures(tx) == before


async def test_it_is_shown_by_the_beginning_of_its_hash(path: Path) -> None:
    """A board of a redacted batch reads as any other, and offers nobody."""
    await redact(path)
    with read_only(path) as tx:
        view = batch_view(tx, 1)
        hashes = [call.number[:9] for call in tx.calls.of_batch(1)]
    assert view is not None
    card = board.board(view, ENGLISH, NOW)
    lines = plain(card.text).splitlines()[-3:]
    assert [line.split()[1] for line in lines] == hashes
    labels = [button.label for row in card.rows for button in row]
    assert not [label for label in labels if "again" in label.lower() or "Redial" in label]


class TestNeverCalledAgain:
    @pytest.fixture
    async def database(self, path: Path) -> AsyncIterator[Database]:
        """The record after a run."""
        with record_at(path) as tx:
            tx.boards.create(3, Place(chat_id=-100, thread_id=5))
            refused = new_draft(content=content(*old(80)), created_at=1.0, expires_at=2.0)
            tx.drafts.create(refused)
            tx.db.execute("UPDATE drafts SET state = 'expired' WHERE token = ?", [refused.token])
        await redact(path)
        database = await Database.open(path)
        yield database
        await database.close()

    def launches(self, database: Database) -> Launches:
        """What makes launches."""
        signals = Signals()
        pauses = Pauses(
            database=database,
            gateway=Bitel(base_url="http://127.0.0.1:9", token="t", timeout=1.0),
            signals=signals,
        )
        return Launches(
            database=database,
            pauses=pauses,
            signals=signals,
            defaults=DEFAULTS,
            rights=Rights(frozenset({ANN.id}), frozenset(), database),
            clock=lambda: NOW,
        )

    async def test_not_saved(self, database: Database) -> None:
        """No launch can be made of a draft whose numbers are gone."""

        def save(tx: Stores) -> None:
            row = tx.db.execute("SELECT content FROM drafts WHERE id = 1").fetchone()
            found = Content.load(row[0])
            assert found.is_redacted
            with pytest.raises(ExpiredError):
                recipe_of(tx, found)

        await database.read(save)

    async def test_neither_again_nor_redial(self, database: Database) -> None:
        """`/again` says why not; *Try again* and *Redial* find nobody in any batch."""
        again = Repeats(database=database, launches=self.launches(database))
        with pytest.raises(UsageError) as caught:
            await again.again(
                by=ANN, place=Place(chat_id=-100, thread_id=5), asked_by="x", update_id=None
            )
        assert caught.value.problem is Problem.REDACTED

        def offered(tx: Stores) -> list[object]:
            found: list[object] = []
            for batch_id in (1, 2, 3):
                redial = redial_of(tx, batch_id)
                found += list(redial.numbers) if redial else []
                found += tx.submissions.to_try_again(batch_id)
                for part in tx.submissions.of_batch(batch_id):
                    found += tx.calls.to_try_again(batch_id, part.id)
            return found

        assert await database.read(offered) == []

    async def test_an_old_draft(self, database: Database) -> None:
        """*Make it again* of a draft whose numbers are gone has expired."""
        draft = await database.read(
            lambda tx: tx.drafts.get(
                tx.db.execute("SELECT token FROM drafts WHERE state = 'expired'").fetchone()[0]
            )
        )
        assert draft is not None
        assert draft.state is DraftState.EXPIRED
        assert Content.load(draft.content).is_redacted
        with pytest.raises(ExpiredError):
            await self.launches(database).remake(draft.token, by=ANN)

    async def test_no_batch_is_made_of_one(self, database: Database) -> None:
        """Whoever would ask for it: the one place that makes batches refuses."""

        def work(tx: Stores) -> None:
            making = Making(tx=tx, defaults=DEFAULTS, by=ANN, now=NOW)
            loaded = Content.load(content("#12ab"))
            making.launch(loaded, place=ROOM, asked_by="y")

        with pytest.raises(UsageError) as caught:
            await database.write(work)
        assert caught.value.problem is Problem.REDACTED

    async def test_no_claim_of_one(self, database: Database) -> None:
        """Even if one were queued, the schema lets nobody send it."""

        def work(tx: Stores) -> None:
            batch_id = tx.batches.create(new_batch(("#12ab",)), now=NOW)
            tx.submissions.claim(tx.submissions.of_batch(batch_id)[0].id, NOW)

        with pytest.raises(Exception, match="a redacted number is never called"):
            await database.write(work)


DEFAULTS = Defaults(
    retry_count=1,
    server_id=None,
    confirm_above=20,
    max_numbers=1000,
    per_post=100,
    undo_seconds=0.0,
    wave_pause=0.0,
    window=Window(timezone=TEHRAN, hours=None, holidays=frozenset()),
)


def yesterday() -> str:
    """A day by which all that is 40 days old was over."""
    return str((datetime.now(TEHRAN) - timedelta(days=1)).date())


class TestProgram:
    @pytest.fixture
    def now_path(self, tmp_path: Path) -> Path:
        """The same record, by the clock of the machine; what was deleted lies about in it."""
        path = tmp_path / "callboard.db"
        with record_at(path) as tx:
            fill(tx, time.time())
            gone = tx.lists.create("Short", "short", by=ANN, now=1.0)
            tx.lists.add(gone, numbers(5000, OLD), {})
            tx.db.execute("DELETE FROM list_numbers WHERE list_id = ?", [gone])
        return path

    def test_nothing_is_left_in_the_bytes(self, now_path: Path) -> None:
        """Neither in the database nor in what SQLite keeps beside it, in no spelling."""
        before = b"".join(file.read_bytes() for file in now_path.parent.glob("callboard.db*"))
        assert any(one in before for one in spellings(OLD))
        done = callboard(now_path, "redact", "--before", yesterday())
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.startswith("6 numbers of 3 batches redacted.\n")
        assert "Left alone, with their follow-ups" in done.stderr
        assert "Backups that were made before still hold the numbers." in done.stderr
        after = b"".join(file.read_bytes() for file in now_path.parent.glob("callboard.db*"))
        assert not [one for one in spellings(OLD) if one in after]
        assert f"912{NEW:07d}".encode() in after

    def test_one_of_a_kind(self, tmp_path: Path) -> None:
        """One thing is named as one."""
        path = tmp_path / "callboard.db"
        with record_at(path) as tx:
            gone = tx.lists.create("Short", "short", by=ANN, now=1.0)
            tx.lists.add(gone, numbers(1, OLD), {})
            tx.lists.remove(gone, now=1.0)
        done = callboard(path, "redact", "--before", yesterday())
        assert "0 numbers of 0 batches redacted." in done.stderr
        assert "0 schedules, 1 removed list, 0 removed launches" in done.stderr

    def test_a_dry_run(self, now_path: Path) -> None:
        """It counts, and changes nothing."""
        before = sorted(map(repr, values(now_path)))
        done = callboard(now_path, "redact", "--before", yesterday(), "--dry-run")
        assert done.returncode == 0
        assert done.stderr.startswith(
            "6 numbers of 3 batches would be redacted; nothing was changed.\n"
        )
        assert sorted(map(repr, values(now_path))) == before

    def test_not_while_the_bot_runs(self, now_path: Path) -> None:
        """The lock says so, and nothing is changed."""
        with ProcessLock(now_path):
            done = callboard(now_path, "redact", "--before", yesterday())
        assert done.returncode == 1
        assert "another process already runs on this database" in done.stderr
        assert standing(now_path, OLD)

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            ("soon", "send one date, such as 2027-03-21"),
            ("7d", "send one date"),
            ("all", "send one date"),
            ("2025-06-01..2025-06-15", "send one date"),
            ("2099-01-01", "is not over yet"),
            ("1404-01-01", "no days"),
        ],
    )
    def test_a_day_that_is_none(self, now_path: Path, day: str, said: str) -> None:
        """What is no day, or lies ahead, is said, and nothing is changed."""
        done = callboard(now_path, "redact", "--before", day)
        assert done.returncode == 2
        assert said in " ".join(done.stderr.split())
        assert standing(now_path, OLD)

    def test_no_database(self, tmp_path: Path) -> None:
        """None is made, either."""
        done = callboard(tmp_path / "none.db", "redact", "--before", yesterday())
        assert done.returncode == 1
        assert "there is no database" in done.stderr
        assert not (tmp_path / "none.db").exists()

    def test_a_record_of_an_older_version(self, now_path: Path) -> None:
        """It is not touched: the next start of the bot brings it up to date first."""
        with record_at(now_path) as tx:
            tx.db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_safety'")
        done = callboard(now_path, "redact", "--before", yesterday(), "--dry-run")
        assert done.returncode == 1
        assert "is of an older version of Callboard" in done.stderr
        assert standing(now_path, OLD)

    def test_a_file_that_cannot_be_written_anew(self, tmp_path: Path) -> None:
        """What is wrong with it is one of our own errors."""
        with pytest.raises(DiskRefusesError):
            scrub(tmp_path)

    def test_another_program_has_it_open(self, now_path: Path) -> None:
        """A reader of an old state keeps traces alive: that is said, and a rerun cures it."""
        with sqlite3.connect(now_path) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM calls").fetchone()
            done = callboard(now_path, "redact", "--before", yesterday())
        reader.close()
        assert done.returncode == 1
        assert "run it again" in done.stderr
        assert callboard(now_path, "redact", "--before", yesterday()).returncode == 0
        after = b"".join(file.read_bytes() for file in now_path.parent.glob("callboard.db*"))
        assert not [one for one in spellings(OLD) if one in after]

    def test_the_export_of_a_redacted_record(self, now_path: Path) -> None:
        """It has the beginnings of hashes where the numbers were, and all else as before."""
        assert callboard(now_path, "redact", "--before", yesterday()).returncode == 0
        since = str((datetime.now(TEHRAN) - timedelta(days=60)).date())
        done = callboard(
            now_path, "export", "--since", since, "--format", "json", "--output", "all.json"
        )
        assert done.returncode == 0
        rows = json.loads((now_path.parent / "all.json").read_text())
        redacted = [row["number"] for row in rows if row["batch"] == "b1"]
        assert len(redacted) == 3
        assert all(number.startswith("#") and len(number) == 9 for number in redacted)
