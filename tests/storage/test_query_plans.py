"""What is asked all day costs the same in a long record as in a short one."""

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
import sqlite_utils

from storage.migrations import schema
from storage.models import (
    GATEWAY,
    BatchState,
    CallStatus,
    EventNews,
    EventState,
    HoldReason,
    Report,
    ReportKind,
    StopReason,
    SubmissionState,
)
from storage.outcomes import CallOutcome
from storage.stores import Stores
from storage.stores.archive import Narrowed
from tests.storage.making import (
    ANN,
    NOW,
    ROOM,
    add,
    adopt,
    bring,
    call,
    follow,
    new_batch,
    new_draft,
    news,
    numbers,
    part,
    record,
)

S, B = SubmissionState, BatchState
LONG = 4000  # batches, each of one number
LISTS, LISTED = 20, 100  # lists, and the numbers of each
DAY = 86400.0
STEPS = 3000  # of SQLite's virtual machine; one look at every batch takes several times as many
Work = Callable[[Stores], object]

QUEUED, SENDING, HELD = LONG + 1, LONG + 2, LONG + 3  # batches, and their submissions
LAST, OPEN = LONG + 4, LONG + 5
NORMAL = CallOutcome(CallStatus.NORMAL)
IN_QUEUE = CallOutcome(CallStatus.PLANNED, S.QUEUED)


def make_past(tx: Stores, count: int) -> None:
    """So many batches that are over and shown, each to a number of its own, from a draft each."""
    for i in range(1, count + 1):
        batch_id = add(tx, numbers(1, i), fingerprint=f"print{i}")
        tx.drafts.confirm(tx.drafts.create(new_draft(token=f"t{i}")), batch_id)
        tx.boards.create(batch_id, ROOM)
        bring(tx, part(tx, batch_id).id, S.ACCEPTED)
        adopt(tx, call(tx, batch_id).id, news(f"{i:032x}", CallStatus.NORMAL), NOW)
        tx.batches.finish(batch_id, now=NOW)
        batch = tx.batches.get(batch_id)
        assert batch is not None
        tx.boards.posted(batch_id, i, batch.revision)
        tx.updates.take(i, NOW)
        event = EventNews(gateway_id=f"{i:032x}", word="NORMAL")
        event_id = tx.events.keep(event, EventState.HINT, b"{}", NOW)
        tx.events.settle(event_id or 0, EventState.AGREED)


@pytest.fixture(scope="module")
def long_record() -> Iterator[Stores]:
    """A record of a few thousand batches, of which three are open."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    db = sqlite_utils.Database(connection)
    db.execute("PRAGMA foreign_keys=ON")
    schema.apply(db)
    tx = Stores(db)
    db.execute("BEGIN")
    make_past(tx, LONG)
    for batch_id in (QUEUED, SENDING, HELD, LAST):
        assert add(tx, numbers(1, batch_id), fingerprint=f"print{batch_id}") == batch_id
        tx.boards.create(batch_id, ROOM)
    bring(tx, SENDING, S.SENDING)
    tx.batches.hold(HELD, HoldReason.PERSON, now=NOW)
    assert add(tx, numbers(1, OPEN), fingerprint="open") == OPEN
    bring(tx, part(tx, OPEN).id, S.ACCEPTED)
    adopt(tx, call(tx, OPEN).id, news("open"), NOW)
    tx.batches.finish(OPEN, now=NOW)
    tx.evidence.give("aa", 1, ANN, NOW)
    tx.drafts.create(new_draft(token="open", sources=(1,)))
    for i in range(LISTS):
        list_id = tx.lists.create(f"List {i}", f"list {i}", by=ANN, now=NOW)
        tx.lists.add(list_id, numbers(LISTED, i * LISTED), {})
    db.execute("COMMIT")
    yield tx
    connection.close()


@pytest.fixture
def tx(long_record: Stores) -> Iterator[Stores]:
    """The long record, as it was before whatever the test does to it."""
    long_record.db.execute("BEGIN")
    yield long_record
    long_record.db.conn.rollback()


def a_report(tx: Stores) -> Report:
    """The report of the batch that was held."""
    found = tx.reports.get(HELD, ReportKind.HELD, 1)
    assert found is not None
    return found


def follow_up(tx: Stores) -> int:
    """A follow-up by *Try again* of an old batch."""
    return add(tx, numbers(1), follows=1, followed_as="try_again", sources=(1,))


def a_redial(tx: Stores) -> int:
    """A follow-up by *Redial* of an old batch."""
    return add(tx, numbers(1, 7), follows=7, followed_as="redial")


def refused(tx: Stores) -> int:
    """A *Redial* of an old batch that the gateway has refused."""
    redial = a_redial(tx)
    bring(tx, part(tx, redial).id, S.REFUSED)
    return redial


ASKED: dict[str, Work] = {
    "the call of an id": lambda tx: tx.calls.get_by_id(f"{7:032x}"),
    "calls by the beginning of an id": lambda tx: tx.calls.by_id_prefix(f"{7:032x}"[:31], 9),
    "ids without a call": lambda tx: tx.calls.unmatched_by_prefix("abcdef", 9),
    "calls to a number": lambda tx: tx.calls.by_number(numbers(1, 7)[0], 9),
    "calls to a number in figures": lambda tx: tx.archive.sums_to(numbers(1, 7)[0]),
    "how many ids begin so": lambda tx: tx.archive.count_like(f"{7:032x}"[:31]),
    "a page of somebody's batches": lambda tx: tx.archive.batches(
        Narrowed(author_id=ANN.id), limit=11
    ),
    "a page of a voice's batches": lambda tx: tx.archive.batches(
        Narrowed(voice="0" * 32), limit=11
    ),
    "a page of a day's batches": lambda tx: tx.archive.batches(
        Narrowed(since=NOW - 9, until=NOW), limit=11
    ),
    "batches of some days": lambda tx: tx.archive.ids(NOW - 9, NOW),
    "numbers of some days": lambda tx: tx.archive.numbers(NOW - 9, NOW),
    "how some batches went": lambda tx: tx.archive.courses([1, 2, 3]),
    "figures of some days": lambda tx: tx.statistics.of_batches(NOW - 9, NOW),
    "the day before": lambda tx: tx.archive.newest_before(NOW),
    "the first launch": lambda tx: tx.archive.oldest(),
    "who has launched": lambda tx: tx.archive.authors(),
    "which voices were used": lambda tx: tx.archive.voices(),
    "a name": lambda tx: tx.archive.name_of(ANN.id),
    "a page of a batch": lambda tx: tx.calls.of_batch(7, limit=10, offset=10),
    "calls of a submission": lambda tx: tx.calls.of_submission(7),
    "counts of a batch": lambda tx: tx.calls.counts(7),
    "what became of a batch": lambda tx: tx.outcomes.counted(7),
    "calls of an outcome": lambda tx: tx.outcomes.calls(7, NORMAL, limit=10),
    "numbers that are queued": lambda tx: tx.outcomes.calls(7, IN_QUEUE, limit=10),
    "followed calls of a batch": lambda tx: tx.outcomes.followed(7, 10),
    "when calls were answered": lambda tx: tx.outcomes.answered_at(7),
    "the last news of a batch": lambda tx: tx.outcomes.last_at(7),
    "the board of a message": lambda tx: tx.boards.at(5, 7),
    "the report of a message": lambda tx: tx.reports.at(5, 7),
    "reports of a batch": lambda tx: tx.reports.of_batch(7),
    "reports that are due": lambda tx: tx.reports.due(),
    "reports that are behind": lambda tx: tx.reports.behind(),
    "charts to draw": lambda tx: tx.reports.charts(),
    "whether there is anything to tell": lambda tx: tx.reports.waiting(),
    "ids that came with a batch": lambda tx: tx.calls.unmatched(7),
    "what is due": lambda tx: tx.submissions.due(NOW, put_back=600, limit=64),
    "what is due next": lambda tx: tx.submissions.next_due_at(NOW),
    "what is sending": lambda tx: tx.submissions.in_state(S.SENDING),
    "what is queued": lambda tx: tx.submissions.in_state(S.QUEUED),
    "submissions of a batch": lambda tx: tx.submissions.of_batch(7),
    "what is left to send": lambda tx: tx.submissions.left_to_send(7),
    "what can be tried again": lambda tx: tx.submissions.to_try_again(7),
    "what was taken": lambda tx: tx.submissions.taken_by(7),
    "what evidence waits for": lambda tx: tx.submissions.evidence_waits(7),
    "running batches": lambda tx: tx.batches.in_state(B.RUNNING),
    "held batches": lambda tx: tx.batches.in_state(B.HELD),
    "a duplicate": lambda tx: tx.batches.duplicate("print7", 0),
    "no duplicate": lambda tx: tx.batches.duplicate("other", 0),
    "the batch of a message": lambda tx: tx.batches.asked("message:1:1"),
    "the last batch of a chat": lambda tx: tx.batches.latest_in_chat(5),
    "follow-ups": lambda tx: tx.batches.follow_ups_of([7, 8]),
    "a chain": lambda tx: tx.chains.batches(a_redial(tx)),
    "the redials of a batch": lambda tx: tx.chains.redials(7),
    "who is about to call the same": lambda tx: tx.chains.queued_with(
        7, part(tx, a_redial(tx)).id
    ),
    "who can be tried again": lambda tx: tx.calls.to_try_again(a_redial(tx), LAST + 1),
    "what of a redial can be tried again": lambda tx: tx.submissions.to_try_again(refused(tx)),
    "who can be redialled": lambda tx: tx.chains.not_reached(a_redial(tx)),
    "what became of a chain": lambda tx: tx.chains.best([7, a_redial(tx)], [NORMAL, IN_QUEUE]),
    "the last batch of a topic": lambda tx: tx.batches.latest_in_topic(ROOM.chat_id, 5),
    "what evidence fits": lambda tx: tx.evidence.find_fits(
        numbers(1, 7)[0], int(NOW), slack=60, timeout=30
    ),
    "boards that are behind": lambda tx: tx.boards.behind(),
    "what a reply is about": lambda tx: tx.boards.prompted(1, 1),
    "who got a voice lately": lambda tx: tx.voice_calls.lately("0" * 32, since=NOW + 8 * DAY),
    "what a voice has cost": lambda tx: tx.voice_calls.costs("0" * 32, 5),
    "a draft by its id": lambda tx: tx.drafts.by_id(7),
    "a draft": lambda tx: tx.drafts.get("t7"),
    "the draft of a message": lambda tx: tx.drafts.asked("message:1:1"),
    "the next draft to expire": lambda tx: tx.drafts.next_expiry(),
    "drafts to show closed": lambda tx: tx.drafts.to_show_closed(),
    "drafts of a submission": lambda tx: tx.drafts.open_from([1]),
    "drafts with the same numbers": lambda tx: tx.drafts.open_with([7, 8], 7),
    "a saved launch": lambda tx: tx.launches.by_token("t7"),
    "a launch by its name": lambda tx: tx.launches.by_name("n7"),
    "the numbers of a launch": lambda tx: tx.launches.numbers(7),
    "somebody's favourites": lambda tx: tx.favourites.of(ANN.id),
    "the panel of a chat": lambda tx: tx.panels.of(5, 7),
    "the heads of what is followed": lambda tx: tx.open_calls.heads(),
    "calls that are due": lambda tx: tx.open_calls.due(7, NOW, 9),
    "whether a batch is followed": lambda tx: tx.open_calls.any_of(7),
    "the limits that are set": lambda tx: tx.limits.all(),
    "numbers of a day": lambda tx: tx.limits.numbers(day="2026-01-31", since=NOW + 1),
    "numbers of a member's day": lambda tx: tx.limits.numbers(
        day="2026-01-31", since=NOW + 1, author_id=ANN.id
    ),
    "who has used how much": lambda tx: tx.limits.people(day="2026-01-31", since=NOW + 1),
    "the cost of a day": lambda tx: tx.limits.cost(day="2026-01-31", since=NOW + 1),
    "days to come": lambda tx: tx.limits.days_after("2026-01-31"),
    "who is at their limit": lambda tx: tx.limits.reached(numbers(9), since=NOW + 1, most=3),
    "how often the most called was": lambda tx: tx.limits.most_called(NOW + 1),
    "what any voice costs": lambda tx: tx.voice_calls.costs(None, 5),
    "events of a call": lambda tx: tx.events.of_call("aa"),
    "early events": lambda tx: tx.events.early(["aa", "bb"]),
    "events to ask about": lambda tx: tx.events.due(NOW, 9),
    "the next event to ask about": lambda tx: tx.events.next_due_at(),
    "who is not to be called": lambda tx: tx.do_not_call.among(numbers(50)),
    "whether one is not to be called": lambda tx: tx.do_not_call.get(numbers(1)[0]),
    "when one was not to be called": lambda tx: tx.do_not_call.history(numbers(1)[0]),
    "where one waits to be called": lambda tx: tx.do_not_call.waiting_in(numbers(20, 7)),
    "what was skipped": lambda tx: tx.outcomes.skipped(7),
    "batches past their deadline": lambda tx: tx.reports.past_deadline(NOW + 9999),
    "drafts that nobody approved": lambda tx: tx.drafts.lapsed(NOW + 9999),
    "requests that are behind": lambda tx: tx.approvals.behind(),
    "requests about a draft": lambda tx: tx.approvals.of(7, NOW),
    "a request": lambda tx: tx.approvals.get(7),
}
DONE: dict[str, Work] = {
    "claim": lambda tx: tx.submissions.claim(QUEUED, NOW),
    "go back to the queue": lambda tx: tx.submissions.requeue(SENDING, not_before=1, reason=""),
    "record an outcome": lambda tx: tx.submissions.end(SENDING, S.ACCEPTED, now=NOW, body=b"{}"),
    "adopt a call": lambda tx: adopt(tx, SENDING, news("aa"), NOW),
    "record a status": lambda tx: record(tx, news(f"{7:032x}", CallStatus.EXPIRED), NOW),
    "leave numbers unconfirmed": lambda tx: tx.calls.not_confirmed(SENDING, NOW),
    "skip what rang": lambda tx: tx.calls.skip(
        follow_up(tx), LAST + 1, NOW, since=NOW - DAY, most=3
    ),
    "touch a chain": lambda tx: tx.chains.touch_others(a_redial(tx)),
    "reserve on another day": lambda tx: tx.batches.reserve_on(HELD, "2026-02-01"),
    "hold": lambda tx: tx.batches.hold(QUEUED, HoldReason.AWAY, now=NOW),
    "go on": lambda tx: tx.batches.resume(HELD, now=NOW),
    "stop": lambda tx: tx.batches.stop(QUEUED, StopReason.PERSON, now=NOW),
    "launch": lambda tx: tx.batches.create(new_batch(), now=NOW),
    "show": lambda tx: tx.boards.shown(QUEUED, 2),
    "expire drafts": lambda tx: tx.drafts.expire(NOW),
    "take an update": lambda tx: tx.updates.take(0, NOW),
    "prune updates": lambda tx: tx.updates.prune(NOW),
    "prune events": lambda tx: tx.events.prune(NOW, limit=9),
    "follow a call": lambda tx: tx.calls.follow(call(tx, OPEN), follow(now=NOW + 9), NOW),
    "ask about a call now": lambda tx: tx.open_calls.ask_now("open"),
    "the clock was put": lambda tx: tx.open_calls.clock_was_put(NOW, most=9, jumped=True),
    "keep an event": lambda tx: tx.events.keep(
        EventNews(gateway_id="cc", word="NORMAL"), EventState.HINT, b"{}", NOW
    ),
    "ask because of an event": lambda tx: tx.events.ask(1, NOW),
    "settle an event": lambda tx: tx.events.settle(1, EventState.AGREED),
    "keep a campaign": lambda tx: tx.submissions.keep_campaign(7, "campaign"),
    "hear evidence": lambda tx: tx.evidence.hear("dd", [7], GATEWAY, NOW),
    "a batch is over": lambda tx: tx.reports.make_due(LAST, ReportKind.END, NOW),
    "a report is sent": lambda tx: tx.reports.sent(a_report(tx), 5, revision=1, now=NOW),
    "a report is shown": lambda tx: tx.reports.shown(a_report(tx), 9),
    "a chart is sent": lambda tx: tx.reports.chart_sent(a_report(tx)),
    "a report breaks off": lambda tx: tx.reports.break_off(a_report(tx), "gone"),
    "give evidence": lambda tx: tx.evidence.give("bb", 7, ANN, NOW),
    "a request is shown": lambda tx: tx.approvals.shown(7, 5, 1),
    "a request breaks off": lambda tx: tx.approvals.break_off(7, "gone"),
    "a draft waits": lambda tx: tx.drafts.wait(7, token="w", content="{}", now=1, expires_at=2),
    "a draft is decided": lambda tx: tx.drafts.decided(7, by=GATEWAY, now=NOW),
}
INSERTS = ("launch", "take an update", "keep an event", "a batch is over")


def statements(tx: Stores, work: Work) -> list[str]:
    """What the work asks of SQLite, with the values in their places; no plain inserts.

    The plan of an insert names look-ups of references that are made only after one was broken.
    """
    seen: dict[str, None] = {}
    tx.db.conn.set_trace_callback(lambda sql: seen.setdefault(sql.strip()))
    work(tx)
    tx.db.conn.set_trace_callback(None)
    return [sql for sql in seen if not sql.startswith(("--", "INSERT"))]


def steps(tx: Stores, work: Work) -> int:
    """How many steps SQLite's virtual machine makes for it, triggers included."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    tx.db.conn.set_progress_handler(count, 1)
    work(tx)
    tx.db.conn.set_progress_handler(None, 0)
    return counted


@pytest.mark.parametrize("name", [name for name in [*ASKED, *DONE] if name not in INSERTS])
def test_plans(tx: Stores, name: str) -> None:
    """No batch, submission, call, board, draft or update is looked at that is not meant.

    An index that holds only what is open may be read from one end to the other.
    """
    indexes = tx.db.execute("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE INDEX%WHERE%'")
    of_open_ones = {row[0] for row in indexes} - {"calls_gateway_id", "batches_follows"}
    found = statements(tx, (ASKED | DONE)[name])
    assert found
    for sql in found:
        for *_, plan in tx.db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall():
            scan = re.fullmatch(
                r"SCAN (?!b$|one|newest|chain|asked|held|pauses|limits|CONSTANT)\w+"
                r"(?: USING .*INDEX (\w+))?",
                plan,
            )
            assert scan is None or scan[1] in of_open_ones, (sql, plan)


@pytest.mark.parametrize("name", [*ASKED, *DONE])
def test_steps(tx: Stores, name: str) -> None:
    """What is asked and done all day never goes through the whole record, its triggers neither."""
    assert steps(tx, (ASKED | DONE)[name]) < STEPS


def test_steps_of_a_scan(tx: Stores) -> None:
    """A look at every batch would be noticed, so that the tests above prove something."""
    assert steps(tx, lambda tx: tx.batches.in_state(B.FINISHED)) > 3 * STEPS
    everything = "SELECT id FROM submissions WHERE state = 'sending'"
    assert statements(tx, lambda tx: tx.db.execute(everything).fetchall()) == [everything]
    assert steps(tx, lambda tx: tx.db.execute(everything).fetchall()) > 3 * STEPS


@pytest.mark.parametrize("limit", [1, 10])
def test_the_newest_batches(tx: Stores, limit: int) -> None:
    """The newest batches are read from the end, and no others."""
    assert steps(tx, lambda tx: tx.batches.latest(limit)) < STEPS
    assert steps(tx, lambda tx: tx.archive.batches(Narrowed(), limit=limit)) < STEPS


def test_what_is_found(tx: Stores) -> None:
    """In the long record what is open is what was left open."""
    assert [d.batch_id for d in tx.submissions.due(NOW, put_back=600)] == [QUEUED, LAST]
    assert [s.id for s in tx.submissions.in_state(S.SENDING)] == [SENDING]
    assert [b.id for b in tx.batches.in_state(B.HELD)] == [HELD]
    assert [b.batch_id for b in tx.boards.behind()] == [QUEUED, SENDING, HELD, LAST]
