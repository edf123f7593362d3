"""A witness of every commit and every POST, who knows the rules and writes down each breach."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.calling.rules import FRESH
from storage.migrations import BATCH_MOVES, SUBMISSION_MOVES
from storage.stores import Stores
from tests.calling.switchboard import Post
from tests.calling.virtual_time import Clock


class SeenBatch(NamedTuple):
    """What the rules ask of a batch."""

    state: str
    event_at: float
    voice: str
    follows: int | None
    followed_as: str | None


class SeenSubmission(NamedTuple):
    """What the rules ask of a submission."""

    batch_id: int
    position: int
    state: str
    attempts: int
    not_before: float


@dataclass(slots=True)
class Seen:
    """The record at one moment."""

    batches: dict[int, SeenBatch] = field(default_factory=dict)
    submissions: dict[int, SeenSubmission] = field(default_factory=dict)
    numbers: dict[int, frozenset[str]] = field(default_factory=dict)
    in_doubt: frozenset[int] = frozenset()
    paused: bool = False


def look(tx: Stores) -> Seen:
    """Read all that the rules ask."""
    rows = tx.db.execute("SELECT id, state, event_at, voice, follows, followed_as FROM batches")
    batches = {row[0]: SeenBatch(*row[1:]) for row in rows}
    rows = tx.db.execute(
        "SELECT id, batch_id, position, state, attempts, not_before FROM submissions"
    )
    submissions = {row[0]: SeenSubmission(*row[1:]) for row in rows}
    numbers: dict[int, set[str]] = {}
    for submission_id, number in tx.db.execute(
        "SELECT submission_id, number FROM calls WHERE status <> 'skipped'"
    ):
        numbers.setdefault(submission_id, set()).add(number)
    in_doubt = tx.db.execute(
        "SELECT f.submission_id FROM evidence_fits f JOIN evidence e ON e.id = f.evidence_id"
        " WHERE e.state IN ('waiting', 'ambiguous')"
    )
    return Seen(
        batches=batches,
        submissions=submissions,
        numbers={i: frozenset(found) for i, found in numbers.items()},
        in_doubt=frozenset(row[0] for row in in_doubt),
        paused=tx.db.execute("SELECT 1 FROM pauses WHERE ended_at IS NULL").fetchone() is not None,
    )


@dataclass(slots=True)
class Watch:
    """Compares each commit with the one before, and each POST with all that went before it.

    Attributes:
        breaches: what broke a rule, in words.
        posts: what the gateway was given, by submission and attempt.
        released: submissions of which a person said that they did not ring.
        full_at: when all slots were last seen busy; a wait for one is not being away.
    """

    clock: Clock
    seen: Seen = field(default_factory=Seen)
    breaches: list[str] = field(default_factory=list)
    posts: dict[tuple[int, int], Post] = field(default_factory=dict)
    released: set[int] = field(default_factory=set)
    full_at: float = float("-inf")

    def committed(self, tx: Stores) -> None:
        """Look at the record after a commit."""
        before, self.seen = self.seen, look(tx)
        claimed = [*self._moved(before)]
        if len(claimed) > 1:
            self.breaches.append(f"claimed at once: {claimed}")
        for submission_id in claimed:
            self._check_claim(before, submission_id)

    def _moved(self, before: Seen) -> Iterator[int]:
        """Check that each move is one of the state tables, and yield what was claimed."""
        for batch_id, batch in self.seen.batches.items():
            was = before.batches[batch_id].state if batch_id in before.batches else "running"
            if was != batch.state and (was, batch.state) not in BATCH_MOVES:
                self.breaches.append(f"b{batch_id}: {was} -> {batch.state}")
        for submission_id, now in self.seen.submissions.items():
            then = before.submissions.get(submission_id)
            if then is None:
                if now.state != "queued" or now.batch_id in before.batches:
                    self.breaches.append(f"submission {submission_id} was added as {now.state}")
            elif then.state != now.state:
                if (then.state, now.state) not in SUBMISSION_MOVES:
                    self.breaches.append(f"s{submission_id}: {then.state} -> {now.state}")
                if now.state == "sending":
                    yield submission_id

    def _check_claim(self, before: Seen, submission_id: int) -> None:
        claim = self.seen.submissions[submission_id]
        batch = before.batches[claim.batch_id]
        name = f"claim of s{submission_id} (b{claim.batch_id})"
        if batch.state != "running" or before.paused:
            self.breaches.append(f"{name}: {batch.state}, paused: {before.paused}")
        for other_id, other in self.seen.submissions.items():
            if (
                other_id != submission_id
                and other.batch_id == claim.batch_id
                and (
                    other.state == "sending"
                    or (other.state == "queued" and other.position < claim.position)
                )
            ):
                self.breaches.append(f"{name}: not its turn, {other}")
        now = self.clock()
        idle = now - max(batch.event_at, claim.not_before)
        if abs(idle) > FRESH and abs(now - self.full_at) > FRESH:
            self.breaches.append(f"{name}: nothing happened for {idle:.0f} s")
        if claim.not_before > now:
            self.breaches.append(f"{name}: too early")
        self._check_chain(name, submission_id)

    def _chain(self, batch_id: int) -> set[int]:
        """The batches before this one, back along *Try again*."""
        found: set[int] = set()
        batch = self.seen.batches[batch_id]
        while batch.followed_as == "try_again" and batch.follows is not None:
            found.add(batch.follows)
            batch = self.seen.batches[batch.follows]
        return found

    def _check_chain(self, name: str, submission_id: int) -> None:
        """No number goes out again unless every earlier time surely did not ring."""
        numbers = self.seen.numbers.get(submission_id, frozenset())
        batch_id = self.seen.submissions[submission_id].batch_id
        chain = self._chain(batch_id)
        for (earlier_id, attempt), post in self.posts.items():
            earlier = self.seen.submissions[earlier_id]
            again = numbers & set(post.numbers)
            if not again or not post.left:
                continue
            if earlier.batch_id == batch_id:
                self.breaches.append(f"{name}: {again} left already, s{earlier_id}/{attempt}")
            elif earlier.batch_id in chain and not self._did_not_ring(earlier_id, post):
                self.breaches.append(f"{name}: {again} may have rung by s{earlier_id}")

    def _did_not_ring(self, submission_id: int, post: Post) -> bool:
        """The gateway refused it, or a person said so and nothing speaks against it."""
        return post.refused or (
            self.seen.submissions[submission_id].state == "released"
            and submission_id in self.released
            and submission_id not in self.seen.in_doubt
        )

    def posted(self, post: Post) -> None:
        """A POST has arrived: find the claim that allows it."""
        for submission_id, now in self.seen.submissions.items():
            attempt = (submission_id, now.attempts)
            if (
                now.state == "sending"
                and attempt not in self.posts
                and self.seen.batches[now.batch_id].voice == post.sent["voiceId"]
                and self.seen.numbers.get(submission_id) == frozenset(post.numbers)
            ):
                self.posts[attempt] = post
                return
        self.breaches.append(f"a POST without a claim: {post.numbers}")
