"""The life of a batch (docs/architecture.md) as a state machine, whatever comes.

The stores and the dialer are the real ones. Only what lies outside the process is simulated: the
gateway at the far end of the wire, the time, commits that fail, and the death of the process,
after which the files are opened as they are.
"""

import os
from collections.abc import Coroutine
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.calling.decisions import Verdict
from storage.models import Person
from tests.calling.house import ANN, BEN, ROOM, Fault, numbers, request
from tests.calling.simulation import Simulation
from tests.calling.switchboard import Answer, refusal

any_index = st.integers(0, 255)
people = st.sampled_from([ANN, BEN])
presses = st.sampled_from(
    ["once", "once", "once", "thrice", "confirm and cancel", "cancel", "too late", "later"]
)
ends = st.sampled_from(
    [
        *["all"] * 3,
        *["some", "reordered", "foreign", "repeated", "conflict", "401+ids"],
        *["refused", "refused", "401"],
        *["unsent"] * 6,
        *["cut", "cut", "cut", "garbage", "null", "503", "bug"],
    ]
)
ways = st.lists(ends, max_size=4)
verdicts = st.sampled_from([*Verdict, Verdict.DID_NOT_RING, Verdict.DID_NOT_RING])
faults = st.one_of(
    st.lists(
        st.sampled_from([None, Fault.BEFORE, Fault.AFTER] * 4 + [*Fault]), min_size=1, max_size=4
    ),
    st.builds(  # a commit of which nobody knows, then a record that takes nothing for a while
        lambda first, count: [first] + [Fault.BEFORE] * count,
        st.sampled_from([None, Fault.AFTER]),
        st.integers(1, 5),
    ),
)
words = st.sampled_from(
    ["NORMAL", "NO_ANSWER", "USER_BUSY", "EXPIRED", "ERROR", "WAITING", "RINGING"]
)
troubles = st.sampled_from(
    [
        *["crash", "restart", "cancel", "expire", "commits fail"],
        *["590", "590", "700", "3600", "-3600", "90000"],
        *["gateway ok", "gateway 401", "gateway down", "gateway garbage"],
    ]
)


class Life(Simulation, RuleBasedStateMachine):
    """Everything that may happen to batches, in any order."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Simulation.__init__(self)

    # --- what people do ---

    @initialize(count=st.integers(1, 6), how=ends)
    def begin(self, count: int, how: str) -> None:
        """Something is sent from the start."""
        self.launch(count, ANN, "once")
        self.answer(0, [how], and_step=False, wait=0.0)

    @rule(count=st.integers(1, 6), by=people, how=presses)
    def launch(self, count: int, by: Person, how: str) -> None:
        """`/call`; more than two numbers are asked about first."""
        self.launched += 1
        self.author = by
        self.do(
            self.house.launches.call(
                request(*numbers(count), voice=f"{self.launched:032x}"),
                by=by,
                place=ROOM,
                asked_by=f"message:{self.launched}",
            )
        )
        self.answer_drafts(how)

    def answer_drafts(self, how: str) -> None:
        """Confirm or cancel the drafts that are open, by several presses at once, or later."""
        if how == "later" or not self.drafts:
            return
        confirm, cancel = self.house.launches.confirm, self.house.launches.cancel
        if how == "too late":
            self.clock.jump(901)
        works: list[Coroutine[Any, Any, Any]] = []
        for token, by in self.drafts:
            self.author = by
            if how != "cancel":
                times = 3 if how == "thrice" else 1
                works += [confirm(token, by=by, message_id=5) for _ in range(times)]
            if "cancel" in how:
                works.append(cancel(token, by=by))
        drafts = len(self.drafts)
        self.drafts = []
        before = len(self.batch_ids())
        results = self.do(*works)
        launches = len(self.batch_ids()) - before
        assert launches <= drafts, results
        assert how != "cancel" or launches == 0, results

    @precondition(lambda self: self.in_state("refused", "unsent", "released", "unknown"))
    @rule(index=any_index, two=st.booleans(), by=people, how=presses, hows=ways)
    def try_again(self, index: int, two: bool, by: Person, how: str, hows: list[str]) -> None:
        """*Try again*, pressed by one person or by two, mostly of what did not ring they say."""
        for submission_id in self.in_state("unknown") if index % 4 else []:
            self.decided(submission_id, Verdict.DID_NOT_RING, by)
        offered = [i for i in self.batch_ids() if self.view(i).try_again]
        batch_id = self.pick(offered or self.batch_ids(), index)
        for person in (ANN, BEN) if two else (by,):
            self.author = person
            self.do(self.house.try_again(batch_id, by=person))
        self.answer_drafts(how)
        self.answer(index, hows, and_step=False, wait=0.0)

    @precondition(lambda self: self.in_batch_state("running", "held"))
    @rule(
        index=any_index,
        what=st.sampled_from(["hold", "stop", "send", "send", "send an earlier hold"]),
        claiming=st.booleans(),
    )
    def press(self, index: int, what: str, claiming: bool) -> None:
        """*Hold*, *Stop* (*Undo*, too) or *Send the rest*, maybe just while a claim is made."""
        chosen = self.in_batch_state("held") if "send" in what else []
        batch_id = self.pick(chosen or self.in_batch_state("running", "held"), index)
        works = [self.house.dialer.step()] if claiming else []
        self.do(*works, self.pressing(batch_id, what))

    @precondition(lambda self: self.in_state("unknown"))
    @rule(index=any_index, verdict=verdicts, by=people)
    def decide(self, index: int, verdict: Verdict, by: Person) -> None:
        """Say what an unknown was."""
        self.decided(self.pick(self.in_state("unknown"), index), verdict, by)

    @precondition(lambda self: self.in_state("unknown", "released", "left", "accepted"))
    @rule(
        index=any_index,
        which=st.sampled_from(["its own", "its own", "another's", "nobody's", "recorded"]),
        number=any_index,
        skew=st.integers(-50, 80),
        at_once=st.booleans(),
    )
    def give_id(self, index: int, which: str, number: int, skew: int, at_once: bool) -> None:
        """Paste an id for a submission: a true one, one of another call, or a wrong one."""
        late = self.in_state("released", "left") if index % 2 else []
        chosen = late or self.in_state("unknown", "released", "left", "accepted")
        submission_id = self.pick(chosen, index // 2)
        known = self.rows("SELECT gateway_id FROM calls WHERE gateway_id IS NOT NULL")
        posts = [
            (found, post)
            for (found, _), post in self.watch.posts.items()
            if post.left and not post.refused and (which != "its own" or found == submission_id)
        ]
        if which == "recorded" and known:
            text = str(self.pick(known, number)[0])
        elif which in ("its own", "another's") and posts:
            text = self.placed(self.pick(posts, number), number, skew)
        else:
            text = f"{0xBAD + number:032x}"
        works: list[Coroutine[Any, Any, Any]] = [
            self.house.evidence.give(submission_id, text, by=ANN)
        ]
        if at_once:
            works.append(self.house.evidence.step())
        self.do(*works)

    @precondition(lambda self: self.open_follow_ups())
    @rule(index=any_index, number=any_index, asked=st.booleans())
    def rang_after_all(self, index: int, number: int, asked: bool) -> None:
        """A true id comes while a follow-up is open, which a person then sends on all the same."""
        follow_up = self.pick(self.open_follow_ups(), index)
        follows = self.watch.seen.batches[follow_up].follows
        sent = [
            (submission_id, post)
            for (submission_id, _), post in self.watch.posts.items()
            if self.watch.seen.submissions[submission_id].batch_id == follows and post.left
        ]
        if not sent:
            return
        submission_id, post = self.pick(sent, number)
        if not post.refused:
            text = self.placed((submission_id, post), number // 2, skew=1)
            self.do(self.house.evidence.give(submission_id, text, by=ANN))
        if asked:
            self.board.questions = None
            self.do(self.house.evidence.step())
        self.do(self.pressing(follow_up, "send"))
        self.do(self.house.dialer.step())

    @precondition(lambda self: self.rows("SELECT 1 FROM evidence WHERE state = 'waiting'"))
    @rule(twice=st.booleans())
    def ask_about_evidence(self, twice: bool) -> None:
        """Ask the gateway about what waits."""
        self.do(*(self.house.evidence.step() for _ in range(1 + twice)))

    @precondition(lambda self: self.picks())
    @rule(index=any_index, which=any_index)
    def pick_evidence(self, index: int, which: int) -> None:
        """*It was #b12*."""
        evidence_id, candidates = self.pick(self.picks(), index)
        self.do(self.house.evidence.pick(evidence_id, self.pick(candidates, which), by=BEN))

    @precondition(lambda self: self.watch.seen.paused or self.house.pauses.disk)
    @rule(cured=st.booleans())
    def check_and_unpause(self, cured: bool) -> None:
        """*Check and unpause*."""
        self.board.questions = None if cured else self.board.questions
        self.do(self.house.pauses.check(ANN))

    # --- what the dialer and the gateway do ---

    @rule()
    def step(self) -> None:
        """The dialer looks at the queue."""
        self.do(self.house.dialer.step())

    @precondition(lambda self: self.in_state("queued", "sending"))
    @rule(
        index=any_index,
        hows=ways,
        and_step=st.booleans(),
        wait=st.sampled_from([0.0, 3.0, 11.0]),
    )
    def answer(self, index: int, hows: list[str], and_step: bool, wait: float) -> None:
        """POSTs end, each in one of all the ways."""
        for how in hows:
            if not self.board.open_posts():
                self.do(self.house.dialer.step())
            if posts := self.board.open_posts():
                post = self.pick(posts, index)
                self.board.answer(post, self.reply(post, how))
                self.do(*([self.house.dialer.step()] if and_step else []))
            if wait:
                self.wait(wait)

    @precondition(lambda self: self.in_state("queued", "sending"))
    @rule(
        index=any_index,
        how=st.one_of(ends, st.just("unsent")),
        failing=faults,
        wait=st.sampled_from([0.0, 3.0, 31.0]),
        rounds=st.integers(0, 3),
    )
    def answer_while_commits_fail(
        self, index: int, how: str, failing: list[Fault | None], wait: float, rounds: int
    ) -> None:
        """The commits of an outcome, or of the claims beside it, fail for a while."""
        if not self.board.open_posts():
            self.do(self.house.dialer.step())
        self.house.database.faults.extend(failing)
        self.answer(index, [how], and_step=False, wait=wait)
        for _ in range(rounds):
            self.wait(3.0)

    @rule(seconds=st.sampled_from([1.0, 20.0, 20.0, 70.0]), crash=st.booleans())
    def track(self, seconds: float, *, crash: bool) -> None:
        """The tracker asks about what is due, and the process may die after it."""
        self.follow(seconds)
        if crash:
            self.crash()

    @precondition(lambda self: self.board.calls)
    @rule(index=any_index, word=words)
    def conclude_call(self, index: int, word: str) -> None:
        """A call goes on at the gateway."""
        self.conclude(index, word)

    @rule(
        index=any_index,
        which=st.sampled_from(["a call's", "a call's", "of an unknown one", "nobody's"]),
        word=words,
        number=st.one_of(st.none(), st.sampled_from(numbers(6))),
        twice=st.booleans(),
    )
    def event_comes(
        self, index: int, which: str, word: str, number: str | None, *, twice: bool
    ) -> None:
        """An event comes: a true one, a forged one, one of a call we know nothing of."""
        posts = [
            (found, post)
            for (found, _), post in self.watch.posts.items()
            if post.left and not post.refused
        ]
        if which == "a call's" and self.board.calls:
            call_id = self.pick(sorted(self.board.calls), index)
        elif which == "of an unknown one" and posts:
            call_id = self.placed(self.pick(posts, index), index // 2, skew=1)
        else:
            call_id = f"{0xDEAD + index:032x}"
        body = self.event(call_id, word, number)
        self.do(*(self.house.events.take(body) for _ in range(1 + twice)))

    # --- what happens to the machine ---

    @rule(kind=troubles, failing=faults)
    def trouble(self, kind: str, failing: list[Fault | None]) -> None:
        """Something goes wrong."""
        if kind == "crash":
            self.crash()
        elif kind == "restart":
            self.stop_and_start()
        elif kind == "cancel":
            self.cancel_tasks()
        elif kind == "commits fail":
            self.house.database.faults.extend(failing)
        elif kind == "expire":
            self.expire()
        elif kind.startswith("gateway"):
            answers: dict[str, Answer] = {
                "gateway 401": refusal(401, "Unauthorized"),
                "gateway down": httpx.ConnectError("down"),
                "gateway garbage": httpx.Response(200, content=b"<p>"),
            }
            self.board.questions = answers.get(kind)
        else:
            self.clock.jump(float(kind))

    @rule(seconds=st.sampled_from([0.3, 2.0, 3.0, 11.0, 31.0]))
    def wait(self, seconds: float) -> None:
        """Time passes, and the dialer looks at the queue."""
        self.loop.pass_time(seconds)
        self.do(self.house.dialer.step())

    # --- what must hold ---

    @invariant()
    def all_of_it(self) -> None:
        """What must hold after each step, and once more when everything has come to rest."""
        self.check()

    def teardown(self) -> None:
        """With everything in order again, everything comes to its end."""
        try:
            self.heal()
        finally:
            self.end()


settings.register_profile(
    "thorough",
    max_examples=int(os.environ.get("LIFE_EXAMPLES", "2000")),
    stateful_step_count=60,
    deadline=None,
)
QUICK = settings(max_examples=60, stateful_step_count=40, deadline=None)
thorough = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

TestLife = Life.TestCase
TestLife.settings = settings(
    settings.get_profile("thorough") if thorough else QUICK,
    suppress_health_check=list(HealthCheck),
)
