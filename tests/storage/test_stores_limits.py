"""What of the limits is used: the record's count, against a plain model of random histories."""

import itertools
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest
import sqlite_utils
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storage.migrations import schema
from storage.models import (
    BatchState,
    CallStatus,
    Follow,
    HoldReason,
    Person,
    StopReason,
    SubmissionState,
)
from storage.stores import Stores
from tests.storage.making import (
    ANN,
    BEN,
    NOW,
    add,
    adopt,
    bring,
    call,
    news,
    numbers,
    part,
    record,
)

S = SubmissionState
DAY = 86400.0
TODAY, TOMORROW = "2026-01-31", "2026-02-01"
OURS = {S.SENDING, S.ACCEPTED, S.UNKNOWN, S.RELEASED, S.LEFT}  # claimed, and may have rung


def used(tx: Stores, *, since: float = NOW, day: str = TODAY, of: int | None = None) -> int:
    """How many numbers count."""
    return tx.limits.numbers(day=day, since=since, author_id=of)


def spent(tx: Stores) -> int:
    """What the day costs."""
    return tx.limits.cost(day=TODAY, since=NOW)


@pytest.mark.parametrize("state", list(S))
def test_which_states_count(tx: Stores, state: SubmissionState) -> None:
    """Refused, unsent and cancelled give back; what is queued counts where it is reserved."""
    batch_id = add(tx, numbers(2), day=TODAY)
    bring(tx, part(tx, batch_id).id, state)
    counts = state in OURS or state is S.QUEUED
    assert used(tx) == (2 if counts else 0)
    assert used(tx, of=ANN.id) == used(tx)
    assert used(tx, of=BEN.id) == 0
    claimed = state in OURS
    assert used(tx, since=NOW + 1) == (2 if state is S.QUEUED else 0)
    assert used(tx, day=TOMORROW) == (2 if claimed else 0)
    assert tx.limits.most_called(NOW) == (1 if claimed else 0)
    assert tx.limits.reached(numbers(3), since=NOW, most=1) == (
        set(numbers(2)) if claimed else set()
    )


def test_what_is_skipped_gives_back(tx: Stores) -> None:
    """Whoever is at their own limit when a submission is claimed does not count for it."""
    bring(tx, part(tx, add(tx, numbers(1), day=TODAY)).id, S.ACCEPTED)
    batch_id = add(tx, numbers(3), day=TODAY)
    tx.calls.skip(batch_id, part(tx, batch_id).id, NOW, since=NOW, most=1)
    assert used(tx) == 1 + 2
    bring(tx, part(tx, batch_id).id, S.SENDING)
    assert used(tx) == 1 + 2
    assert tx.limits.most_called(NOW) == 1


def test_what_is_held_keeps_its_share_and_what_is_stopped_gives_it_back(tx: Stores) -> None:
    """A batch on hold may go on any time; a stopped one never."""
    batch_id = add(tx, numbers(2), numbers(3, first=3), day=TODAY)
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    tx.batches.hold(batch_id, HoldReason.PERSON, now=NOW)
    assert used(tx) == 5
    tx.batches.stop(batch_id, StopReason.PERSON, now=NOW)
    assert used(tx) == 2


def test_a_batch_without_a_day_is_in_nobodys_share(tx: Stores) -> None:
    """One from before there were limits counts once it is claimed, or carried over."""
    batch_id = add(tx, numbers(2), numbers(3, first=3))
    assert used(tx) == 0
    bring(tx, part(tx, batch_id).id, S.ACCEPTED)
    assert used(tx) == 2
    tx.batches.reserve_on(batch_id, TODAY)
    assert used(tx) == 5


def test_members(tx: Stores) -> None:
    """By member, the most first, each under the last name; who has nothing is not named."""
    add(tx, numbers(2), day=TODAY)
    add(tx, numbers(3), day=TODAY, author=BEN)
    add(tx, numbers(4), day=TODAY, author=Person(id=ANN.id, name="Anna"))
    add(tx, numbers(9), day=TOMORROW, author=Person(id=9, name="Zoe"))
    found = tx.limits.people(day=TODAY, since=NOW)
    assert [(one.user_id, one.name, one.numbers) for one in found] == [
        (1, "Anna", 6),
        (2, "Ben", 3),
    ]


def test_days_after(tx: Stores) -> None:
    """The days to come on which something open is reserved, and no others."""
    for day in (TODAY, TOMORROW, TOMORROW, "2026-02-03"):
        add(tx, numbers(1), day=day)
    add(tx, numbers(1))
    tx.batches.stop(add(tx, numbers(1), day="2026-02-02"), StopReason.PERSON, now=NOW)
    assert tx.limits.days_after(TODAY) == [TOMORROW, "2026-02-03"]


class TestCost:
    """Known cost, and the estimate of what is open."""

    def test_nothing(self, tx: Stores) -> None:
        """No batch, no cost; one without an estimate counts as nothing."""
        assert spent(tx) == 0
        add(tx, numbers(2), day=TODAY)
        assert spent(tx) == 0

    @pytest.mark.parametrize("state", list(S))
    def test_by_state(self, tx: Stores, state: SubmissionState) -> None:
        """What counts counts as it was estimated, as long as there is no price."""
        batch_id = add(tx, numbers(3), numbers(1, first=9), day=TODAY, estimate=4000)
        bring(tx, part(tx, batch_id).id, state)
        counts = state in OURS or state is S.QUEUED
        assert spent(tx) == (4000 if counts else 1000)

    @pytest.mark.parametrize(
        ("status", "price", "cost"),
        [
            (CallStatus.WAITING, None, 1000),
            (CallStatus.WAITING, 0, 1000),
            (CallStatus.WAITING, 1500, 1500),
            (CallStatus.OTHER, None, 1000),
            (CallStatus.NORMAL, None, 1000),
            (CallStatus.NORMAL, 250, 250),
            (CallStatus.NORMAL, 0, 0),
            (CallStatus.NO_ANSWER, None, 0),
            (CallStatus.USER_BUSY, 0, 0),
            (CallStatus.EXPIRED, None, 0),
            (CallStatus.ERROR, None, 0),
            (CallStatus.ERROR, 70, 70),
            (CallStatus.UNKNOWN, None, 1000),
            (CallStatus.NO_RESULT, None, 1000),
        ],
    )
    def test_by_status(self, tx: Stores, status: CallStatus, price: int | None, cost: int) -> None:
        """A final price counts; an answered call whose price has not come yet is still open."""
        batch_id = add(tx, numbers(1), day=TODAY, estimate=1000)
        bring(tx, part(tx, batch_id).id, S.ACCEPTED)
        adopt(tx, call(tx, batch_id).id, news("aa"))
        record(tx, replace(news("aa", status), price=price))
        assert spent(tx) == cost

    def test_not_final_yet(self, tx: Stores) -> None:
        """A busy number that the gateway tries again may still cost what was estimated."""
        batch_id = add(tx, numbers(1), day=TODAY, estimate=1000)
        bring(tx, part(tx, batch_id).id, S.ACCEPTED)
        said = replace(news("aa", CallStatus.USER_BUSY), price=0)
        tx.calls.adopt(
            call(tx, batch_id).id, said, NOW, Follow(status_since=NOW, next_poll_at=NOW)
        )
        assert spent(tx) == 1000

    def test_not_confirmed(self, tx: Stores) -> None:
        """A number without an id may have rung, and may cost."""
        batch_id = add(tx, numbers(2), day=TODAY, estimate=2000)
        bring(tx, part(tx, batch_id).id, S.ACCEPTED)
        tx.calls.not_confirmed(part(tx, batch_id).id, NOW)
        assert spent(tx) == 2000

    def test_skipped(self, tx: Stores) -> None:
        """Nothing."""
        bring(tx, part(tx, add(tx, numbers(1), day=TODAY)).id, S.ACCEPTED)
        batch_id = add(tx, numbers(2), day=TODAY, estimate=2000)
        tx.calls.skip(batch_id, part(tx, batch_id).id, NOW, since=NOW, most=1)
        assert spent(tx) == 1000


@dataclass
class Part:
    """A submission as the model knows it."""

    numbers: list[str]
    state: SubmissionState = S.QUEUED
    claimed_at: float = 0.0
    skipped: set[str] = field(default_factory=set)


@dataclass
class Made:
    """A batch as the model knows it."""

    id: int
    author: Person
    day: str | None
    parts: list[Part]
    open: bool = True


class Histories(RuleBasedStateMachine):
    """Batches of two people on two days, by a clock that is also put back."""

    def __init__(self) -> None:
        super().__init__()
        self.db = sqlite_utils.Database(sqlite3.connect(":memory:", isolation_level=None))
        schema.apply(self.db)
        self.tx = Stores(self.db)
        self.made: list[Made] = []
        self.now = NOW
        self.count = itertools.count()

    @initialize()
    def begin(self) -> None:
        """A day that has just begun."""

    @rule(seconds=st.sampled_from([-DAY, -3600.0, 60.0, 3600.0, DAY]))
    def pass_time(self, seconds: float) -> None:
        """It goes on, or is put back."""
        self.now = max(NOW - DAY, self.now + seconds)

    @rule(
        author=st.sampled_from([ANN, BEN]),
        sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3),
        first=st.integers(1, 4),
        day=st.sampled_from([None, TODAY, TOMORROW]),
    )
    def launch(self, author: Person, sizes: list[int], first: int, day: str | None) -> None:
        """A batch, whose share is reserved on a day."""
        cuts, begin = [], first
        for size in sizes:
            cuts.append(numbers(size, first=begin))
            begin += size
        batch_id = add(
            self.tx, *cuts, now=self.now, author=author, day=day, fingerprint=f"{next(self.count)}"
        )
        self.made.append(Made(batch_id, author, day, [Part(list(cut)) for cut in cuts]))

    def _open(self) -> list[Made]:
        return [made for made in self.made if made.open]

    @precondition(lambda self: self._open())
    @rule(data=st.data(), most=st.integers(0, 3))
    def claim(self, data: st.DataObject, most: int) -> None:
        """The next part of a batch, without the numbers that are at their limit today."""
        made = data.draw(st.sampled_from(self._open()))
        at, queued = next(
            (i, p) for i, p in enumerate(made.parts) if p.state in (S.QUEUED, S.SENDING)
        )
        if queued.state is S.SENDING:
            return
        submission = part(self.tx, made.id, at + 1)
        called = self._called(self.now)
        if most:
            queued.skipped |= {n for n in queued.numbers if called[n] >= most}
        self.tx.calls.skip(made.id, submission.id, self.now, since=self.now, most=most)
        if len(queued.skipped) == len(queued.numbers):
            self.tx.submissions.cancel(submission.id, now=self.now)
            queued.state = S.CANCELLED
        else:
            assert self.tx.submissions.claim(submission.id, self.now)
            queued.state, queued.claimed_at = S.SENDING, self.now
        self._close(made)

    @precondition(lambda self: any(p.state is S.SENDING for m in self.made for p in m.parts))
    @rule(
        data=st.data(),
        becomes=st.sampled_from([S.ACCEPTED, S.REFUSED, S.UNSENT, S.UNKNOWN, S.QUEUED]),
    )
    def outcome(self, data: st.DataObject, becomes: SubmissionState) -> None:
        """What came of a POST; one that surely was not sent may go back to the queue."""
        made, at = data.draw(
            st.sampled_from(
                [(m, i) for m in self.made for i, p in enumerate(m.parts) if p.state is S.SENDING]
            )
        )
        submission = part(self.tx, made.id, at + 1)
        if becomes is S.QUEUED and not made.open:
            becomes = S.UNSENT  # of a stopped batch nothing is queued again
        if becomes is S.QUEUED:
            self.tx.submissions.requeue(submission.id, not_before=0.0, reason="connect")
        else:
            code = "1" if becomes is S.REFUSED else None
            assert self.tx.submissions.end(submission.id, becomes, now=self.now, code=code)
        made.parts[at].state = becomes
        self._close(made)

    @precondition(lambda self: any(p.state is S.UNKNOWN for m in self.made for p in m.parts))
    @rule(data=st.data(), becomes=st.sampled_from([S.ACCEPTED, S.RELEASED, S.LEFT]))
    def decide(self, data: st.DataObject, becomes: SubmissionState) -> None:
        """A person says what an unknown was."""
        made, at = data.draw(
            st.sampled_from(
                [(m, i) for m in self.made for i, p in enumerate(m.parts) if p.state is S.UNKNOWN]
            )
        )
        submission = part(self.tx, made.id, at + 1)
        assert self.tx.submissions.decide(submission.id, becomes, by=ANN, now=self.now)
        made.parts[at].state = becomes

    @precondition(lambda self: self._open())
    @rule(data=st.data(), deed=st.sampled_from(["hold", "resume", "stop", "carry over"]))
    def press(self, data: st.DataObject, deed: str) -> None:
        """Holding changes nothing of a share, stopping gives it back, a new day moves it."""
        made = data.draw(st.sampled_from(self._open()))
        batch = self.tx.batches.get(made.id)
        assert batch is not None
        if deed == "hold":
            self.tx.batches.hold(made.id, HoldReason.PERSON, now=self.now)
            self.tx.batches.resume(made.id, now=self.now)
        elif deed == "carry over":
            self.tx.batches.reserve_on(made.id, TOMORROW)
            made.day = TOMORROW
        elif deed == "stop":
            self.tx.batches.stop(made.id, StopReason.PERSON, now=self.now)
            made.open = False
            for one in made.parts:
                if one.state is S.QUEUED:
                    one.state = S.CANCELLED

    def _close(self, made: Made) -> None:
        """A batch with nothing left to send is over."""
        if made.open and not any(p.state in (S.QUEUED, S.SENDING) for p in made.parts):
            self.tx.batches.finish(made.id, now=self.now)
            made.open = False

    def _counted(self, day: str, since: float) -> Counter[int]:
        """The same in plain words: by member, how many numbers count."""
        found: Counter[int] = Counter()
        for made in self.made:
            for one in made.parts:
                claimed = one.state in OURS and one.claimed_at >= since
                reserved = one.state is S.QUEUED and made.open and made.day == day
                if claimed or reserved:
                    found[made.author.id] += len(one.numbers) - len(one.skipped)
        return found

    def _called(self, since: float) -> Counter[str]:
        """How often each number was called since then."""
        found: Counter[str] = Counter()
        for made in self.made:
            for one in made.parts:
                if one.state in OURS and one.claimed_at >= since:
                    found.update(n for n in one.numbers if n not in one.skipped)
        return found

    @invariant()
    def the_record_counts_as_the_model_does(self) -> None:
        """By day and member, for all, and by number."""
        for day, since in ((TODAY, NOW), (TOMORROW, NOW + DAY)):
            expected = self._counted(day, since)
            for person in (ANN, BEN):
                got = self.tx.limits.numbers(day=day, since=since, author_id=person.id)
                assert got == expected[person.id]
            assert self.tx.limits.numbers(day=day, since=since) == expected.total()
            by_member = self.tx.limits.people(day=day, since=since)
            assert {one.user_id: one.numbers for one in by_member} == dict(+expected)
            called = self._called(since)
            assert self.tx.limits.most_called(since) == max(called.values(), default=0)
            for most in (1, 2):
                at_limit = {number for number, times in called.items() if times >= most}
                everybody = numbers(12)
                assert self.tx.limits.reached(everybody, since=since, most=most) == at_limit

    def teardown(self) -> None:
        """Close the record."""
        self.db.conn.close()


Histories.TestCase.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
TestHistories = Histories.TestCase


def test_state_names() -> None:
    """The model knows every state that there is."""
    assert set(S) == OURS | {S.QUEUED, S.REFUSED, S.UNSENT, S.CANCELLED}
    assert {BatchState.RUNNING, BatchState.HELD} < set(BatchState)
