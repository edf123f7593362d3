"""The audit is only appended to, holds no full number, and shows whatever was done behind it."""

import contextlib
import functools
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlite_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.audit_chain import Fault, Head, Walked, walk
from storage.masking import masked
from storage.migrations import schema
from storage.models import AuditEntry, Person
from storage.stores import Stores
from storage.stores.audit import GENESIS, AuditSearch, hash_of
from tests.storage.making import ANN, BEN, NOW

FULL = "09120000001"
ALL = AuditSearch()
COLUMNS = ("at", "by_id", "by_name", "chat_id", "deed", "about", "before", "after", "hash")


def fill(tx: Stores, count: int) -> None:
    """So many entries, by two people in turn, of three deeds."""
    for n in range(1, count + 1):
        tx.audit.add(
            ("launched", "held", "planned")[n % 3],
            f"b{n}",
            at=NOW + n,
            by=(ANN, BEN)[n % 2],
            chat_id=-100,
            before=f"{n} before",
            after=None if n % 4 else f"{n} after",
        )


def entries(tx: Stores) -> list[AuditEntry]:
    """Every entry."""
    return list(tx.audit.chain())


def test_what_is_added_is_read_back(tx: Stores) -> None:
    """An entry has all that was said of it, the next number, and the hash of the chain."""
    tx.audit.add("held", "b1", at=NOW, by=ANN, chat_id=-100, before="a", after="b")
    tx.audit.add("stopped", at=NOW + 1, by=BEN)
    first, second = entries(tx)
    assert first == AuditEntry(
        id=1,
        at=NOW,
        by_id=1,
        by_name="Ann",
        chat_id=-100,
        deed="held",
        about="b1",
        before="a",
        after="b",
        hash=hash_of(first, GENESIS),
    )
    assert (second.id, second.about, second.chat_id, second.before) == (2, "", None, None)
    assert second.hash == hash_of(second, first.hash)
    assert tx.audit.last() == second
    assert tx.audit.count() == 2
    assert walk(entries(tx)) == Walked(Head(2, second.hash))


def test_nothing(tx: Stores) -> None:
    """A chain without an entry is whole."""
    assert (tx.audit.last(), tx.audit.count(), tx.audit.persons()) == (None, 0, [])
    assert tx.audit.before(None, ALL, 10) == []
    assert tx.audit.before(None, AuditSearch(since=NOW, until=NOW + 1), 10) == []
    assert walk(entries(tx)) == Walked(Head(0, GENESIS))


@given(
    at=st.one_of(
        st.integers(-(2**40), 2**40),
        st.floats(allow_nan=False, allow_infinity=False),
        st.just(-0.0),
    ),
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    texts=st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
        min_size=2,
        max_size=2,
    ),
    chat_id=st.one_of(st.none(), st.integers(-(2**62), 2**62)),
)
@settings(max_examples=200, deadline=None)
def test_every_value_is_hashed_as_it_is_read_back(
    at: float, name: str, texts: list[str | None], chat_id: int | None
) -> None:
    """Whole numbers, -0.0, any text, nothing: what SQLite makes of it breaks no chain."""
    with new_record() as tx:
        before, after = texts
        by = Person(id=5, name=name)
        tx.audit.add("held", name, at=at, by=by, chat_id=chat_id, before=before, after=after)
        assert walk(entries(tx)).fault is None


@functools.cache
def empty() -> bytes:
    """A record without an entry, as bytes: making one takes long."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.apply(sqlite_utils.Database(connection))
        return connection.serialize()


@contextlib.contextmanager
def new_record() -> Iterator[Stores]:
    """A record of its own for one example."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(empty())
        yield Stores(sqlite_utils.Database(connection))


def behind_the_triggers(tx: Stores) -> None:
    """Whoever has the file can do this."""
    for name in ("audit_follows", "audit_fixed", "audit_keep"):
        tx.db.execute(f"DROP TRIGGER {name}")


class TestTriggers:
    """Nobody changes what was written, not by mistake."""

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit SET after = 'x' WHERE id = 2",
            "UPDATE OR REPLACE audit SET id = 1 WHERE id = 2",
            "DELETE FROM audit WHERE id = 3",
            f"INSERT INTO audit SELECT 5, {', '.join(COLUMNS)} FROM audit WHERE id = 1",  # noqa: S608 -- our own columns
            "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 2",
            f"INSERT INTO audit ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS)} FROM audit",  # noqa: S608 -- our own columns
        ],
    )
    def test_only_appended_to(self, tx: Stores, sql: str) -> None:
        """No change, no deletion, no entry in another's place, no gap in the numbers."""
        fill(tx, 3)
        was = entries(tx)
        with pytest.raises(sqlite3.IntegrityError, match="audit: "):
            tx.db.execute(sql)
        assert entries(tx) == was


SIZE = 8


@st.composite
def tampering(draw: st.DrawFn) -> tuple[str, tuple[object, ...]]:
    """One deed of somebody who has the file, which changes something but for the last entries."""
    at = draw(st.integers(1, SIZE))
    kind = draw(st.sampled_from(["change", "delete", "swap", "insert", "move"]))
    if kind == "change":
        column = draw(st.sampled_from(COLUMNS))
        new: object = draw(st.integers(1, 10**9))
        if column == "at":
            new = float(draw(st.integers(1, 10**9))) + 0.25
        elif column == "hash":
            new = draw(st.text("0123456789abcdef", min_size=64, max_size=64))
        elif column not in ("by_id", "chat_id"):
            new = draw(st.text("abc", min_size=1, max_size=9))
        return f"UPDATE audit SET {column} = ? WHERE id = ?", (new, at)  # noqa: S608 -- our own columns
    if kind == "delete":
        return "DELETE FROM audit WHERE id = ?", (draw(st.integers(1, SIZE - 1)),)
    if kind == "insert":
        return (
            f"INSERT INTO audit SELECT ?, {', '.join(COLUMNS)} FROM audit WHERE id = ?",  # noqa: S608 -- our own columns
            (draw(st.sampled_from([-3, 0, SIZE + 1, SIZE + 2])), at),
        )
    if kind == "move":
        return "UPDATE audit SET id = ? WHERE id = ?", (draw(st.integers(SIZE + 1, 99)), at)
    other = draw(st.integers(1, SIZE).filter(lambda n: n != at))
    return "swap", (at, other)


class TestVerify:
    """What is done behind the triggers is found."""

    @given(done=st.lists(tampering(), min_size=1, max_size=3))
    @settings(max_examples=300, deadline=None)
    def test_whatever_was_done_is_found(self, done: list[tuple[str, tuple[object, ...]]]) -> None:
        """Any change, deletion, insertion or swap of rows; the noted head finds a cut end."""
        with new_record() as tx:
            fill(tx, SIZE)
            was = entries(tx)
            noted = Head(was[-1].id, was[-1].hash)
            behind_the_triggers(tx)
            for sql, values in done:
                if sql == "swap":
                    swap(tx, *values)
                else:
                    try:
                        tx.db.execute(sql, values)
                    except sqlite3.IntegrityError:
                        continue  # two deeds on one row
            now = entries(tx)
            found = walk(now, noted)
            if now == was:
                assert found.fault is None
                return
            assert found.fault is not None
            # What comes before is as it was.
            assert now[: found.head.id] == was[: found.head.id]

    def test_a_change(self, tx: Stores) -> None:
        """The first entry that is not as it was is named."""
        fill(tx, 5)
        behind_the_triggers(tx)
        tx.db.execute("UPDATE audit SET after = 'nothing' WHERE id = 3")
        found = walk(entries(tx))
        assert (found.fault, found.at, found.head.id) == (Fault.CHANGED, 3, 2)

    def test_a_change_with_a_new_hash(self, tx: Stores) -> None:
        """One that was given a hash that fits is found by the entry behind it."""
        fill(tx, 5)
        rewrite(tx, 3, 3)
        found = walk(entries(tx))
        assert (found.fault, found.at) == (Fault.CHANGED, 4)

    def test_a_chain_that_was_written_anew(self, tx: Stores) -> None:
        """With new hashes to the end it is whole in itself: the head that was noted tells."""
        fill(tx, 5)
        last = entries(tx)[-1]
        rewrite(tx, 3, 5)
        assert walk(entries(tx)).fault is None
        found = walk(entries(tx), Head(last.id, last.hash))
        assert (found.fault, found.at) == (Fault.REWRITTEN, 5)

    def test_a_cut_end(self, tx: Stores) -> None:
        """Without a noted head the rest is whole; with one it is not."""
        fill(tx, 5)
        last = entries(tx)[-1]
        behind_the_triggers(tx)
        tx.db.execute("DELETE FROM audit WHERE id > 3")
        assert walk(entries(tx)).fault is None
        found = walk(entries(tx), Head(last.id, last.hash))
        assert (found.fault, found.at, found.head.id) == (Fault.CUT, 5, 3)

    def test_a_head_in_the_middle(self, tx: Stores) -> None:
        """A head that was noted long ago still is in the chain."""
        fill(tx, 5)
        third = entries(tx)[2]
        assert walk(entries(tx), Head(third.id, third.hash)).fault is None
        assert walk(entries(tx), Head()).fault is None
        assert walk(entries(tx), Head(0, "f" * 64)).fault is Fault.REWRITTEN

    def test_a_number_below_the_first(self, tx: Stores) -> None:
        """Nothing can be put in front."""
        fill(tx, 2)
        behind_the_triggers(tx)
        tx.db.execute("UPDATE audit SET id = -1 WHERE id = 2")
        found = walk(entries(tx))
        assert (found.fault, found.at) == (Fault.FOREIGN, -1)

    def test_heads_in_words(self) -> None:
        """A head is read as it is written, and nothing else is one."""
        head = Head(12, "ab" * 32)
        assert Head.parse(f" {head}\n") == head
        for text in ("", "12", f"12:{'ab' * 31}", f"-1:{'ab' * 32}", f"1x:{'ab' * 32}"):
            assert Head.parse(text) is None


def swap(tx: Stores, one: object, other: object) -> None:
    """Let two entries change places."""
    for old, new in ((one, 1000), (other, one), (1000, other)):
        tx.db.execute("UPDATE audit SET id = ? WHERE id = ?", (new, old))


def rewrite(tx: Stores, first: int, last: int) -> None:
    """Change an entry, and give it and those behind it, up to `last`, hashes that fit."""
    behind_the_triggers(tx)
    before = GENESIS
    for entry in entries(tx):
        now = replace(entry, after="other") if entry.id == first else entry
        if first <= entry.id <= last:
            now = replace(now, hash=hash_of(now, before))
        tx.db.execute(
            "UPDATE audit SET after = ?, hash = ? WHERE id = ?", (now.after, now.hash, now.id)
        )
        before = now.hash


class TestNumbers:
    """No full number stands in any entry, whoever has put it there."""

    def test_every_part_is_masked(self, tx: Stores) -> None:
        """A person who is called like a number, a reason, a list: all by the last four digits."""
        by = Person(id=7, name=f"Sara {FULL}")
        tx.audit.add("held", FULL, at=NOW, by=by, before="0912 000 0001", after="+989120000001")
        [entry] = entries(tx)
        assert (entry.by_name, entry.about, entry.before, entry.after) == (
            "Sara …0001",
            "…0001",
            "…0001",
            "…0001",
        )
        assert walk(entries(tx)).fault is None

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("call 0912 000 0001 now", "call …0001 now"),
            (
                "\u06f0\u06f9\u06f1\u06f2\u06f0\u06f0\u06f0\u06f0\u06f0\u06f0\u06f1",
                "…\u06f0\u06f0\u06f0\u06f1",
            ),
            (
                "\u0660\u0669\u0661\u0662-\u0660\u0660\u0660-\u0660\u0660\u0660\u0661",
                "…\u0660\u0660\u0660\u0661",
            ),
            ("tel09120000001x", "tel…0001x"),
            ("+98 (912) 000-0001", "…0001"),
            ("0912\u200b000\u200b0001", "…0001"),
            ("2188001234", "…1234"),
            ("12345678", "…5678"),
            ("1" * 40, "…1111"),
            ("0912-00-00 001", "…0001"),
            ("2026-01-31 0912 000 0001", "…0001"),
            ("0912 . . 000 -- -- 0001", "…0001"),
            ("0912    000    0001", "…0001"),
            ("0912,000,0001", "…0001"),
            ("0912\u060c000\u060c0001", "…0001"),
            ("0912;000;0001", "…0001"),
            ("0912:000:0001", "…0001"),
            ("0912*000*0001", "…0001"),
            ("0912|000|0001", "…0001"),
            ("'0912' [000] \u00ab0001\u00bb", "'…0001\u00bb"),
            ("0\ufe0f\u20e39\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e3 000 0001", "…0001"),
            ("u989120000001", "u…0001"),
            ("u9120000001", "u…0001"),
            ("c989120000001", "c…0001"),
            ("chat 989120000001", "chat …0001"),
            ("b912000001", "b…0001"),
            ("0912 000 0001, 0912 000 0002; 12", "…0001, …0002; 12"),
            ("021 2026-01-31", "…0131"),
            ("1,912 000 0001", "1,…0001"),
        ],
    )
    def test_what_may_be_a_number(self, text: str, shown: str) -> None:
        """Digits of any script, from eight on, with what stands between them."""
        assert masked(text) == shown

    @pytest.mark.parametrize(
        "text",
        [
            "b12",
            "b1234567",
            "u123456789",
            "c-1001234567890",
            "list 5, 100000 numbers",
            "1,000,000 → 2,000,000",
            "08:00-21:00",
            "2026-01-31 08:00",
            "2026-01-31..2026-02-28",
            "500, 2026-01-31, 2026-02-01",
            "Mon 08:00\u201312:00, 14:00\u201318:00",
            "15 Jun 2024 18:04",
            "c-100 u5123456789",
            "\u20260001, \u20260002, \u20260003",
            "0912\u2026011 0151\u2026000",
            "weekly, next 2026-01-31 08:00",
            "voice 08e815cbcd724386805103ac0d45e4c2",
            "1234567",
        ],
    )
    def test_what_is_none(self, text: str) -> None:
        """Ids, days, hours, counts with their separators."""
        assert masked(text) == text

    @given(text=st.text(st.sampled_from("0123456789 -.()/+ab:,…\u06f0\u0660"), max_size=40))
    def test_masked_stays_masked(self, text: str) -> None:
        """What was masked once is not masked further, and holds no run of eight digits."""
        once = masked(text)
        assert masked(once) == once
        assert re.search(r"\d{8}", once) is None


class TestSearch:
    """Pages of entries, narrowed; each newest first."""

    def test_all_in_pages(self, tx: Stores) -> None:
        """Older and newer pages meet without a gap."""
        fill(tx, 7)
        first = tx.audit.before(None, ALL, 3)
        second = tx.audit.before(first[-1].id, ALL, 3)
        assert [entry.id for entry in (*first, *second)] == [7, 6, 5, 4, 3, 2]
        assert tx.audit.after(second[0].id, ALL, 2) == first[1:]

    @pytest.mark.parametrize(
        ("which", "ids"),
        [
            (AuditSearch(by_id=1), [8, 6, 4, 2]),
            (AuditSearch(deeds=("launched",)), [6, 3]),
            (AuditSearch(deeds=("launched", "held", "unheard")), [7, 6, 4, 3, 1]),
            (AuditSearch(about="b4"), [4]),
            (AuditSearch(about="b4", deeds=("held", "planned")), [4]),
            (AuditSearch(about="b4", deeds=("planned",)), []),
            (AuditSearch(since=NOW + 3, until=NOW + 6), [5, 4, 3]),
            (AuditSearch(since=NOW + 6), [8, 7, 6]),
            (AuditSearch(until=NOW + 2), [1]),
            (AuditSearch(by_id=2, deeds=("planned", "launched"), since=NOW + 4), [5]),
            (AuditSearch(since=NOW + 90), []),
        ],
    )
    def test_narrowed(self, tx: Stores, which: AuditSearch, ids: list[int]) -> None:
        """By person, deeds, subject and time, alone and together, from both ends."""
        fill(tx, 8)
        assert [entry.id for entry in tx.audit.before(None, which, 50)] == ids
        assert [entry.id for entry in tx.audit.after(0, which, 50)] == ids

    def test_a_subject_with_its_name(self, tx: Stores) -> None:
        """What is said behind an id is no part of it, and another id that begins so is another."""
        for about in ("u7", "u7 Sara", "u71 Bob", "u7: taken", "u8 u7"):
            tx.audit.add("held", about, at=NOW, by=ANN)
        found = tx.audit.before(None, AuditSearch(about="u7"), 50)
        assert [entry.about for entry in found] == ["u7: taken", "u7 Sara", "u7"]

    def test_a_clock_that_was_put_back(self, tx: Stores) -> None:
        """An entry belongs to the day that the clock has shown."""
        for at in (NOW, NOW + 100, NOW + 1, NOW + 101):
            tx.audit.add("held", at=at, by=ANN)
        found = tx.audit.before(None, AuditSearch(since=NOW, until=NOW + 50), 50)
        assert [entry.id for entry in found] == [3, 1]

    def test_persons(self, tx: Stores) -> None:
        """Each once, by the newest name."""
        fill(tx, 4)
        tx.audit.add("held", at=NOW, by=Person(id=2, name="Aaron"))
        assert tx.audit.persons() == [(2, "Aaron"), (1, "Ann")]
        assert tx.audit.name_of(2) == "Aaron"
        assert tx.audit.name_of(9) is None


@pytest.fixture(scope="module")
def long_record() -> Iterator[Stores]:
    """A few thousand entries of two people."""
    with new_record() as tx:
        tx.db.execute("BEGIN")
        fill(tx, 3000)
        yield tx


class TestWork:
    """A page costs the same in a long record as in a short one."""

    @pytest.mark.parametrize(
        "which",
        [
            ALL,
            AuditSearch(by_id=1),
            AuditSearch(deeds=("launched", "held", "unheard")),
            AuditSearch(about="b4"),
            AuditSearch(about="b4", deeds=("held", "planned")),
            AuditSearch(since=NOW + 3, until=NOW + 30),
            AuditSearch(since=NOW + 3, until=NOW + 30, by_id=1, deeds=("held", "planned")),
            AuditSearch(since=NOW + 3),
            AuditSearch(since=NOW + 3, until=NOW + 2900, by_id=2, deeds=("unheard",)),
            AuditSearch(by_id=2, deeds=("unheard", "held")),
            AuditSearch(since=NOW + 3, until=NOW + 2900, by_id=9),
        ],
    )
    def test_a_page(self, long_record: Stores, which: AuditSearch) -> None:
        """From either end, and in the middle."""
        audit = long_record.audit
        for look in (
            lambda: audit.before(None, which, 11),
            lambda: audit.before(1500, which, 11),
            lambda: audit.after(1500, which, 11),
        ):
            assert steps(long_record, look) < STEPS

    def test_the_rest(self, long_record: Stores) -> None:
        """Who has done anything, and one entry more."""
        audit = long_record.audit
        assert steps(long_record, audit.persons) < STEPS
        assert steps(long_record, lambda: audit.add("held", at=NOW, by=ANN)) < STEPS


STEPS = 1500  # of SQLite's virtual machine; one look at every entry takes several times as many


def steps(tx: Stores, work: Callable[[], object]) -> int:
    """How many steps of the virtual machine the work takes."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    tx.db.conn.set_progress_handler(step, 1)
    try:
        work()
    finally:
        tx.db.conn.set_progress_handler(None, 1)
    return count
