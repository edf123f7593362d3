"""What is followed, the events that came, what is to be told, and the note of the claims."""

import contextlib
import resource
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils import Migrations

from storage.errors import DiskRefusesError
from storage.lock import ProcessLock
from storage.migrations import m001_batches, schema
from storage.models import (
    GATEWAY,
    CallStatus,
    Claims,
    EventNews,
    EventState,
    EvidenceState,
    Follow,
    HoldReason,
    ReportKind,
    SubmissionState,
)
from storage.stores import Stores
from storage.stores.reports import DEADLINE
from tests.storage.making import (
    ANN,
    NOW,
    ROOM,
    add,
    add_in,
    adopt,
    bring,
    call,
    news,
    numbers,
    part,
    record,
)

C, S = CallStatus, SubmissionState


def followed(tx: Stores, count: int = 1, first: int = 1, *, at: float = NOW) -> int:
    """A batch that is finished, each of whose calls is to be asked about one second later."""
    batch_id = add_in(tx, S.ACCEPTED, numbers(count, first))
    for position in range(1, count + 1):
        made = call(tx, batch_id, position)
        follow = Follow(status_since=NOW, next_poll_at=at + position)
        tx.calls.adopt(made.id, news(f"{batch_id}-{position}"), NOW, follow)
    tx.batches.finish(batch_id, now=NOW)
    return batch_id


class TestOpenCalls:
    """A call is open while it is to be asked about."""

    def test_heads(self, tx: Stores) -> None:
        """Each batch with open calls, and when its first one is due."""
        assert tx.open_calls.heads() == []
        first, _, third = followed(tx, 3), add(tx), followed(tx, 2, 10, at=NOW + 50)
        assert tx.open_calls.heads() == [(first, NOW + 1), (third, NOW + 51)]
        record(tx, news(f"{first}-1", C.NORMAL))
        assert tx.open_calls.heads() == [(first, NOW + 2), (third, NOW + 51)]

    def test_due(self, tx: Stores) -> None:
        """What is due of a batch, longest due first, as many as asked for."""
        batch_id = followed(tx, 4)
        followed(tx, 4, 10)
        assert tx.open_calls.ask_now(f"{batch_id}-4")
        due = tx.open_calls.due(batch_id, NOW + 2, 9)
        assert [c.position for c in due] == [4, 1, 2]
        assert [c.position for c in tx.open_calls.due(batch_id, NOW + 2, 2)] == [4, 1]

    def test_final_is_not_open(self, tx: Stores) -> None:
        """What has ended is not asked about, and nothing asks about it again."""
        batch_id = followed(tx, 2)
        record(tx, news(f"{batch_id}-1", C.NORMAL))
        assert tx.open_calls.any_of(batch_id)
        record(tx, news(f"{batch_id}-2", C.NO_RESULT))
        assert not tx.open_calls.any_of(batch_id)
        assert not tx.open_calls.ask_now(f"{batch_id}-1")
        assert not tx.open_calls.ask_now(f"{batch_id}-2")
        for change in (
            "UPDATE calls SET next_poll_at = 5",
            "UPDATE calls SET final_at = NULL",
        ):
            with pytest.raises(sqlite3.IntegrityError, match=r"^call: "):
                tx.db.execute(change)

    def test_follow(self, tx: Stores) -> None:
        """How a call is followed on is recorded, and that it was given up, or was final."""
        batch_id = followed(tx, 2)
        first, second = tx.calls.of_batch(batch_id)
        later = Follow(status_since=NOW - 1, tries=2, next_poll_at=NOW + 99)
        assert not tx.calls.follow(first, later, NOW)
        after = call(tx, batch_id, 1)
        assert (after.status_since, after.tries, after.next_poll_at) == (NOW - 1, 2, NOW + 99)
        assert tx.calls.follow(after, Follow(status_since=NOW), NOW)
        assert call(tx, batch_id, 1).status is C.NO_RESULT
        assert tx.calls.follow(second, Follow(status_since=NOW, final_at=NOW + 1), NOW)
        assert call(tx, batch_id, 2).final

    @pytest.mark.parametrize("jumped", [False, True])
    def test_clock_was_put(self, tx: Stores, jumped: bool) -> None:
        """What lies further ahead than any pause is due now; a jump ends no wait."""
        batch_id = followed(tx, 3, at=NOW + 298)
        record_open(tx, f"{batch_id}-3", C.USER_BUSY)
        tx.events.keep(EventNews(gateway_id="aa", word=""), EventState.HINT, b"", NOW)
        tx.events.ask(1, NOW + 301)
        tx.open_calls.clock_was_put(NOW + 5, most=294.5, jumped=jumped)
        found = tx.calls.of_batch(batch_id)
        assert [c.next_poll_at for c in found] == [NOW + 299, NOW + 5, NOW + 5]
        assert found[2].status_since == (NOW + 5 if jumped else NOW)
        assert tx.events.next_due_at() == NOW + 5


def record_open(tx: Stores, gateway_id: str, status: CallStatus) -> None:
    """The gateway says this of a call that is asked about on."""
    known = tx.calls.get_by_id(gateway_id)
    assert known is not None
    follow = Follow(status_since=NOW, tries=1, next_poll_at=known.next_poll_at)
    assert tx.calls.record(known, news(gateway_id, status), NOW, follow)


class TestEvents:
    """Events are kept once each."""

    def test_keep(self, tx: Stores) -> None:
        """The same again is counted; any difference makes another event."""
        said = EventNews(gateway_id="aa", word="NORMAL", bill_sec=5)
        first = tx.events.keep(said, EventState.HINT, b"{}", NOW)
        assert first is not None
        assert tx.events.keep(said, EventState.EVIDENCE, b"{ }", NOW + 1) is None
        other = EventNews(gateway_id="aa", word="NORMAL", bill_sec=6)
        assert tx.events.keep(other, EventState.EVIDENCE, b"[]", NOW + 2)
        found = tx.events.of_call("aa")
        assert [(e.times, e.state, e.bill_sec, e.received_at) for e in found] == [
            (2, EventState.HINT, 5, NOW),
            (1, EventState.EVIDENCE, 6, NOW + 2),
        ]
        assert (tx.events.body(first), tx.events.body(99)) == (b"{}", b"")
        assert [e.id for e in tx.events.early(["aa", "bb"])] == [found[1].id]

    def test_ask_and_settle(self, tx: Stores) -> None:
        """The gateway is asked because of an event until it is settled."""
        one = tx.events.keep(EventNews(gateway_id="aa", word="A"), EventState.HINT, b"", NOW)
        two = tx.events.keep(EventNews(gateway_id="bb", word="B"), EventState.EVIDENCE, b"", NOW)
        assert one is not None
        assert two is not None
        assert tx.events.next_due_at() is None
        tx.events.ask(one, NOW + 9)
        tx.events.ask(two, NOW + 5)
        assert tx.events.next_due_at() == NOW + 5
        assert [e.gateway_id for e in tx.events.due(NOW + 9, 9)] == ["bb", "aa"]
        assert [e.gateway_id for e in tx.events.due(NOW + 9, 1)] == ["bb"]
        tx.events.settle(two, EventState.DISAGREED)
        assert [e.gateway_id for e in tx.events.due(NOW + 9, 9)] == ["aa"]
        assert tx.events.of_call("bb")[0].state is EventState.DISAGREED

    def test_body(self, tx: Stores) -> None:
        """What came is kept for as long as nothing else says it: until the status has agreed."""
        for state in EventState:
            said = EventNews(gateway_id="aa", word=state)
            event_id = tx.events.keep(said, EventState.HINT, b"{}", NOW)
            assert event_id is not None
            tx.events.settle(event_id, state)
            body = b"" if state is EventState.AGREED else b"{}"
            assert tx.events.body(event_id) == body

    def test_prune(self, tx: Stores) -> None:
        """What agreed is forgotten a week after it came, the oldest first; all else stays."""
        week = 7 * 24 * 3600
        for age in (0, week, week + 1, week + 2):
            for state in EventState:
                said = EventNews(gateway_id=f"{age}", word=state)
                event_id = tx.events.keep(said, EventState.HINT, b"{}", NOW - age)
                assert event_id is not None
                tx.events.settle(event_id, state)

        def left() -> list[int]:
            rows = tx.db.execute(
                "SELECT gateway_id FROM events WHERE state = 'agreed' ORDER BY received_at"
            )
            return [int(row[0]) for row in rows]

        assert tx.events.prune(NOW, limit=1) == 1
        assert left() == [week + 1, week, 0]
        assert [tx.events.prune(NOW, limit=9), tx.events.prune(NOW, limit=9)] == [1, 0]
        assert left() == [week, 0]
        rest = tx.db.execute("SELECT count(*) FROM events WHERE state <> 'agreed'").fetchone()[0]
        assert rest == 4 * 3

    def test_campaign(self, tx: Stores) -> None:
        """The gateway's id of the batch is kept where it comes first."""
        submission = part(tx, add(tx))
        tx.submissions.keep_campaign(submission.id, "first")
        tx.submissions.keep_campaign(submission.id, "second")
        assert part(tx, submission.batch_id).campaign_id == "first"

    def test_hear(self, tx: Stores) -> None:
        """What the gateway names by itself is one piece of evidence with what a person gave."""
        one, two = (part(tx, add_in(tx, S.UNKNOWN, numbers(1))).id for _ in range(2))
        alone = tx.evidence.hear("aa", [], GATEWAY, NOW)
        assert tx.evidence.fitted(alone) == []
        assert tx.evidence.hear("aa", [one], GATEWAY, NOW) == alone
        given = tx.evidence.give("bb", one, ANN, NOW)
        assert tx.evidence.hear("bb", [one, two], GATEWAY, NOW) == given
        assert tx.evidence.fitted(given) == [one, two]
        found = tx.evidence.get(given)
        assert found is not None
        assert (found.given_by, found.state) == (ANN.id, EvidenceState.WAITING)
        tx.evidence.settle(alone, EvidenceState.DISAGREES, "", NOW)
        assert tx.evidence.hear("aa", [one], GATEWAY, NOW) != alone


class TestReports:
    """What a chat is told, at least once each."""

    def test_holds(self, tx: Stores) -> None:
        """Every hold is to be told of, whoever holds."""
        batch_id = add(tx)
        for reason in (HoldReason.PERSON, HoldReason.EVIDENCE):
            tx.batches.hold(batch_id, reason, now=NOW)
        assert [(r.kind, r.hold_no) for r in tx.reports.due()] == [
            (ReportKind.HELD, 1),
            (ReportKind.HELD, 2),
        ]

    def test_end(self, tx: Stores) -> None:
        """The end is told of once; what changes later makes the message fall behind."""
        batch_id = followed(tx)
        assert tx.reports.make_due(batch_id, ReportKind.END, NOW)
        assert not tx.reports.make_due(batch_id, ReportKind.END, NOW + 5)
        [report] = tx.reports.due()
        assert (report.due_at, report.message_id, report.chart_sent) == (NOW, None, False)
        assert tx.reports.behind() == []
        tx.reports.sent(report, 77, revision=report.revision, now=NOW + 1)
        tx.reports.chart_sent(report)
        assert (tx.reports.due(), tx.reports.behind()) == ([], [])
        tx.batches.touch(batch_id)
        [behind] = tx.reports.behind()
        assert (behind.message_id, behind.chart_sent, behind.sent_at) == (77, True, NOW + 1)
        tx.reports.shown(behind, behind.revision)
        tx.reports.shown(behind, 1)
        assert tx.reports.behind() == []

    def test_broken(self, tx: Stores) -> None:
        """What Telegram refuses for good is neither sent nor edited."""
        batch_id = followed(tx)
        tx.reports.make_due(batch_id, ReportKind.END, NOW)
        [report] = tx.reports.due()
        tx.reports.break_off(report, "closed")
        assert tx.reports.due() == []
        [kept] = tx.reports.of_batch(batch_id)
        assert kept.broken == "closed"

    def test_move_chat(self, tx: Stores) -> None:
        """In a group that moved, what was sent is left alone, and what was not is still due."""
        one, two = followed(tx), followed(tx, 1, 5)
        for batch_id in (one, two):
            tx.boards.create(batch_id, ROOM)
            tx.reports.make_due(batch_id, ReportKind.END, NOW)
        tx.reports.sent(tx.reports.due()[0], 77, revision=1, now=NOW)
        tx.reports.move_chat(ROOM.chat_id)
        assert [r.batch_id for r in tx.reports.due()] == [two]
        assert tx.reports.behind() == []

    def test_past_deadline(self, tx: Stores) -> None:
        """Half an hour after the last acceptance, while calls are open, and once."""
        batch_id = followed(tx, 2)
        running = add_in(tx, S.ACCEPTED, numbers(1, 50), numbers(1, 60))
        adopt(tx, call(tx, running).id, news("open"))
        assert tx.reports.past_deadline(NOW + DEADLINE - 1) == []
        assert tx.reports.past_deadline(NOW + DEADLINE) == [batch_id]
        tx.reports.make_due(batch_id, ReportKind.DEADLINE, NOW)
        assert tx.reports.past_deadline(NOW + DEADLINE) == []

    def test_past_deadline_of_what_ended(self, tx: Stores) -> None:
        """Where every call has ended there is nothing to wait for."""
        batch_id = followed(tx)
        record(tx, news(f"{batch_id}-1", C.NORMAL))
        assert tx.reports.past_deadline(NOW + 9 * DEADLINE) == []


class TestClaims:
    """What a record knows, and the note of it beside."""

    def test_claims(self, tx: Stores) -> None:
        """Every claim counts, also one that was not the first of its submission."""
        assert tx.submissions.claims() == Claims()
        batch_id = add(tx, numbers(1), numbers(1, 5))
        bring(tx, part(tx, batch_id).id, S.SENDING)
        tx.submissions.requeue(part(tx, batch_id).id, not_before=0, reason="")
        bring(tx, part(tx, batch_id).id, S.ACCEPTED)
        assert tx.submissions.claims() == Claims(count=2, highest=part(tx, batch_id).id)

    @pytest.mark.parametrize(
        "text", [b"", b"41", b"claims x", b"\xff" * 200, b"claims 1 submission 2\n"]
    )
    def test_nothing_noted(self, tmp_path: Path, text: bytes) -> None:
        """A file without a note, or with one that cannot be read, knows of no claims."""
        lock = ProcessLock(tmp_path / "callboard.db")
        lock.path.write_bytes(text)
        with lock:
            assert lock.known() == Claims()

    def test_note(self, tmp_path: Path) -> None:
        """The last note is there after the next start, whatever stood there before."""
        path = tmp_path / "callboard.db"
        with ProcessLock(path) as lock:
            lock.note(Claims(count=999, highest=99))
            lock.note(Claims(count=7, highest=8))
        with ProcessLock(path) as lock:
            assert lock.known() == Claims(count=7, highest=8)

    def test_no_lock(self, tmp_path: Path) -> None:
        """Without the lock there is nothing to read or write."""
        lock = ProcessLock(tmp_path / "callboard.db")
        with pytest.raises(RuntimeError, match="not held"):
            lock.known()
        with pytest.raises(RuntimeError, match="not held"):
            lock.note(Claims())

    def test_disk_refuses(self, tmp_path: Path) -> None:
        """A file that takes nothing any more says so in words."""
        path = tmp_path / "callboard.db"
        with ProcessLock(path) as lock, limited_files():
            with pytest.raises(DiskRefusesError, match="cannot write"):
                lock.note(Claims(count=1))
            assert lock.known() == Claims()


@contextlib.contextmanager
def limited_files() -> Iterator[None]:
    """No file may grow."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def _in_the_first_schema(db: sqlite_utils.Database, retry_count: int) -> int:
    """A batch of six numbers that the gateway has taken, as the first version recorded it."""
    batch_id = db.execute(
        "INSERT INTO batches (state, asked_by, voice, retry_count, author_id, author_name,"
        " chat_id, numbers, submissions, repeated, fingerprint, created_at, event_at)"
        " VALUES ('running', ?, 'v', ?, 1, 'Ann', 1, 6, 1, 0, 'f', ?, ?)",
        (f"x{retry_count}", retry_count, NOW, NOW),
    ).lastrowid
    submission_id = db.execute(
        "INSERT INTO submissions (batch_id, position, state, numbers, not_before)"
        " VALUES (?, 1, 'queued', 6, 0.0)",
        (batch_id,),
    ).lastrowid
    for position, number in enumerate(numbers(6), start=1):
        db.execute(
            "INSERT INTO calls (batch_id, submission_id, position, number, status)"
            " VALUES (?, ?, ?, ?, 'planned')",
            (batch_id, submission_id, position, number),
        )
    tx = Stores(db)
    tx.submissions.claim(submission_id or 0, NOW)
    tx.submissions.end(submission_id or 0, S.ACCEPTED, now=NOW)
    tx.calls.not_confirmed(submission_id or 0, NOW)
    return batch_id or 0


def test_migration_of_calls(tmp_path: Path) -> None:
    """Calls of an older record are final where they surely are, and asked about otherwise."""
    before = Migrations(schema.name)
    before()(m001_batches)
    with contextlib.closing(sqlite3.connect(tmp_path / "callboard.db")) as connection:
        db = sqlite_utils.Database(connection)
        before.apply(db)
        tx = Stores(db)
        for retry_count in (0, 2):
            batch_id = _in_the_first_schema(db, retry_count)
            words = ["waiting", "normal", "no_answer", "other", "no_result"]
            for position, status in enumerate(words, start=1):
                first = "waiting" if status == "no_result" else status
                db.execute(
                    "UPDATE calls SET status = ?, word = 'W', gateway_id = ?, updated_at = ?"
                    " WHERE batch_id = ? AND position = ?",
                    (first, f"{batch_id}-{position}", NOW, batch_id, position),
                )
            db.execute("UPDATE calls SET status = 'no_result' WHERE position = 5")
            tx.batches.finish(batch_id, now=NOW)
        connection.commit()
        schema.apply(db)
        found = {
            batch_id: [(c.next_poll_at, c.final_at) for c in tx.calls.of_batch(batch_id)]
            for batch_id in (1, 2)
        }
        ended, asked = (None, NOW), (0.0, None)
        assert found[1] == [asked, ended, ended, asked, (None, None), (None, None)]
        assert found[2] == [asked, ended, asked, asked, (None, None), (None, None)]
        assert [r.broken for r in tx.reports.of_batch(1)] == ["before reports"]
        assert tx.reports.due() == []
