"""The program, its gateway, the time and the disk, as the state machine of `test_life` moves them.

What lies outside the process is simulated, nothing else: the gateway at the far end of the wire,
the time, commits that fail, and the death of the process, after which the files are opened as
they are.
"""

import asyncio
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from bot.calling.decisions import Verdict
from bot.calling.dialer import SLOTS
from bot.calling.errors import CallingError
from bot.calling.launches import Asked, Defaults
from bot.calling.numbers import national
from bot.calling.views import BatchView, batch_view
from bot.gateway.errors import GatewayError
from storage.errors import DatabaseBusyError, DiskRefusesError
from storage.lock import ProcessLock
from storage.models import Person
from tests.calling.house import ANN, BEN, House, copy_record
from tests.calling.switchboard import Answer, Post, Switchboard, accepted, cut, refuse
from tests.calling.virtual_time import Clock, VirtualLoop
from tests.calling.watch import Watch

EXPECTED = (CallingError, DatabaseBusyError, DiskRefusesError, GatewayError)
WORKSHOP = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- files of one test
HEALING_ROUNDS = 60


class Simulation:
    """One world: the lives of a program one after another, and what its gateway was given."""

    def __init__(self) -> None:
        self.loop = VirtualLoop()
        self.clock = Clock(self.loop)
        self.folder = Path(tempfile.mkdtemp(dir=WORKSHOP))
        self.watch = Watch(self.clock)
        self.board = Switchboard(self.clock, holds=True, received=self.watch.posted)
        self.lives = 0
        self.launched = 0
        self.author = ANN
        self.drafts: list[tuple[str, Person]] = []
        self.ids: dict[tuple[int, str], str] = {}
        self.file = self.folder / "0.db"
        self.lock = ProcessLock(self.folder / "record").__enter__()
        self.house = self.start()

    # --- the process ---

    def start(self) -> House:
        """Start the program on the file as it is."""
        defaults = Defaults(confirm_above=2, per_post=2)
        house = self.loop.finish(
            House.open(
                self.file, board=self.board, clock=self.clock, defaults=defaults, lock=self.lock
            )
        )
        house.database.observe = self.watch.committed
        self.loop.finish(house.database.write(self.watch.committed))
        return house

    def do(self, *works: Awaitable[Any]) -> list[Any]:
        """Do all this at once, and let everything happen that can without time."""

        async def together() -> list[Any]:
            return await asyncio.gather(*works, return_exceptions=True)

        results = self.loop.finish(together())
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, EXPECTED):
                raise result
            if isinstance(result, Asked):
                self.drafts.append((result.token, self.author))
        if self.house.dialer.under_way >= SLOTS:
            self.watch.full_at = self.clock()
        if self.house.database.dead:
            self.crash()
        return results

    def crash(self) -> None:
        """Kill -9: the files as they are on the disk, and nothing else, are opened again."""
        self.house.database.dead = True
        self.lives += 1
        dead_file, self.file = self.file, self.folder / f"{self.lives}.db"
        copy_record(dead_file, self.file)
        self.bury()
        self.house = self.start()

    def bury(self) -> None:
        """Rid the loop of a dead process' tasks."""
        while tasks := asyncio.all_tasks(self.loop):
            for task in tasks:
                task.cancel()
            self.loop.settle()
        self.loop.finish(self.house.database.close())

    def stop_and_start(self) -> None:
        """SIGTERM while the dialer looks: what is claimed is recorded, then the program starts."""
        self.house.launches.draining = self.house.decisions.draining = True
        self.house.database.faults.clear()
        self.do(self.house.dialer.step(), self.house.dialer.drain(35.0))
        assert not self.house.dialer.under_way
        posts = len(self.board.posts)
        self.house.database.dead = True
        self.bury()
        assert len(self.board.posts) == posts, "something was sent after the drain"
        self.house = self.start()

    def end(self) -> None:
        """Take the world down."""
        self.house.database.dead = True
        self.bury()
        self.lock.__exit__(None, None, None)
        self.loop.close()
        shutil.rmtree(self.folder)

    def expire(self) -> None:
        """Drafts whose time is over are closed."""
        self.do(self.house.database.write(lambda tx: tx.drafts.expire(self.clock())))

    def cancel_tasks(self) -> None:
        """A stray cancellation hits everything that sends."""
        for task in asyncio.all_tasks(self.loop):
            if task.get_name().startswith("submission-"):
                task.cancel()
        self.do()

    def follow(self, seconds: float) -> None:
        """The tracker works for so long, and the desk for evidence beside it."""

        async def following() -> None:
            async with self.house.following() as tracker:
                await asyncio.sleep(seconds)
                assert not tracker.done(), "the tracker has ended"

        self.do(following())

    def event(self, call_id: str, word: str, number: str | None) -> bytes:
        """An event of a call, true or not."""
        call = self.board.calls.get(call_id, {"requestDate": int(self.clock())})
        said = {
            "requestId": call_id,
            "number": call.get("phoneNumber") if number is None else national(number),
            "cause": word,
            "requestDate": call["requestDate"],
            "campaignId": "c" * 32,
        }
        return json.dumps(said).encode()

    def conclude(self, index: int, word: str) -> None:
        """One of the calls at the gateway goes on."""
        if waiting := [c for c in self.board.calls.values() if c["status"] != "NORMAL"]:
            call = self.pick(waiting, index)
            call["status"] = word
            call["executionDate"] = int(self.clock())

    async def pressing(self, batch_id: int, what: str) -> None:
        """Press one of a batch's buttons; one of an earlier hold must do nothing."""
        decisions = self.house.decisions
        if what == "hold":
            await decisions.hold(batch_id, by=ANN)
        elif what == "stop":
            await decisions.stop(batch_id, by=BEN)
        else:
            hold_no = (await self.house.batch(batch_id)).hold_no
            earlier = what != "send"
            try:
                await decisions.send_rest(batch_id, hold_no - earlier, by=ANN)
                assert not earlier, "a button of an earlier hold was taken"
            except CallingError:
                pass

    def decided(self, submission_id: int, verdict: Verdict, by: Person) -> None:
        """Record a verdict, and remember who is sure that nobody's phone rang."""
        if verdict is Verdict.DID_NOT_RING:
            self.watch.released.add(submission_id)
        self.do(self.house.decisions.decide(submission_id, verdict, by=by))

    def placed(self, sent: tuple[int, Post], index: int, skew: int) -> str:
        """The id of a call that this POST of a submission has placed at the gateway."""
        submission_id, post = sent
        number = self.pick(sorted(post.numbers), index)
        if (submission_id, number) not in self.ids:
            call = self.board.place(number, at=post.at + skew)
            self.ids[submission_id, number] = call["id"]
        return self.ids[submission_id, number]

    def reply(self, post: Post, how: str) -> Answer:
        """What comes back of a POST."""
        if how in ("refused", "401"):
            return refuse(post, 401 if how == "401" else 400)
        if how == "unsent":
            return httpx.ConnectError("no route")
        if how in ("cut", "bug"):
            return cut() if how == "cut" else RuntimeError("a bug")
        if how in ("garbage", "503", "null"):
            status = 503 if how == "503" else 200
            return httpx.Response(status, content=b'{"result":null}' if how == "null" else b"<p>")
        placed = [self.board.place(n, at=post.at) for n in post.numbers]
        submission_id = next(key[0] for key, found in self.watch.posts.items() if found is post)
        self.ids.update(
            {(submission_id, n): c["id"] for n, c in zip(post.numbers, placed, strict=True)}
        )
        if how == "some":
            placed = placed[1:] or placed
        elif how == "reordered":
            placed.reverse()
        elif how == "foreign":
            placed.append(self.board.place("+989999999999"))
        elif how == "repeated":
            placed.append(self.board.place(post.numbers[0]))
        elif how == "conflict":
            placed[0] = {**placed[0], "id": next(iter(self.board.calls))}
        return accepted(placed, 401 if how == "401+ids" else 200)

    # --- what must hold ---

    def check(self) -> None:
        """What must hold after each step, and once more at the end."""
        self.no_rule_is_broken()
        self.every_post_is_known()
        self.no_number_twice()
        self.nothing_is_stuck()
        self.every_id_is_kept()
        self.ends_are_told()

    def no_rule_is_broken(self) -> None:
        """No commit and no POST broke a rule, and the schema never had to refuse a move."""
        assert not self.watch.breaches, self.watch.breaches
        assert not self.house.database.impossible, self.house.database.impossible

    def every_post_is_known(self) -> None:
        """What the gateway was given has a row that says so."""
        for (submission_id, attempt), post in self.watch.posts.items():
            state = self.watch.seen.submissions[submission_id].state
            latest = self.watch.seen.submissions[submission_id].attempts == attempt
            if not post.left:
                continue
            assert latest, f"s{submission_id}: attempt {attempt} left, and was tried again"
            known = {"accepted", "unknown", "released", "left", "sending"}
            assert state in known | ({"refused"} if post.refused else set()), (
                f"s{submission_id} is {state}"
            )
            if post.open:
                assert state == "sending"

    def no_number_twice(self) -> None:
        """No number was received twice for one batch."""
        got: set[tuple[int, str]] = set()
        for (submission_id, _), post in self.watch.posts.items():
            if post.left:
                batch_id = self.watch.seen.submissions[submission_id].batch_id
                for number in post.numbers:
                    assert (batch_id, number) not in got, f"{number} twice in b{batch_id}"
                    got.add((batch_id, number))

    def nothing_is_stuck(self) -> None:
        """What is open can go on: something is queued, or somebody watches over what is sent."""
        by_batch: dict[int, list[str]] = {}
        for now in self.watch.seen.submissions.values():
            by_batch.setdefault(now.batch_id, []).append(now.state)
        for batch_id, batch in self.watch.seen.batches.items():
            is_open = batch.state in ("running", "held")
            left = {"queued", "sending"} & set(by_batch[batch_id])
            assert not is_open or left, f"b{batch_id} is {batch.state} with nothing to send"
            assert batch.state != "held" or "queued" in left, f"b{batch_id} is held for nothing"

    def every_id_is_kept(self) -> None:
        """An answer that was recorded has left none of its ids out."""
        kept = {row[0] for row in self.rows("SELECT gateway_id FROM calls")}
        kept |= {row[0] for row in self.rows("SELECT gateway_id FROM unmatched_ids")}
        by_outcome = {
            row[0]
            for row in self.rows(
                "SELECT id FROM submissions WHERE state = 'accepted' AND decided_at IS NULL"
            )
        }
        for (submission_id, _), post in self.watch.posts.items():
            if submission_id in by_outcome and post.answer.done():
                assert set(post.ids) <= kept
        for row in self.rows(
            "SELECT gateway_id FROM evidence WHERE state = 'adopted' AND gateway_id NOT IN"
            " (SELECT gateway_id FROM calls WHERE gateway_id IS NOT NULL)"
        ):
            raise AssertionError(f"the adopted id {row[0]} belongs to no call")

    def ends_are_told(self) -> None:
        """A batch of which nothing is open has its end to be told, and no restart is an alarm."""
        untold = self.rows(
            "SELECT id FROM batches b WHERE ended_at IS NOT NULL AND NOT EXISTS (SELECT 1"
            " FROM calls WHERE batch_id = b.id AND next_poll_at IS NOT NULL) AND NOT EXISTS"
            " (SELECT 1 FROM submissions WHERE batch_id = b.id AND state = 'sending')"
            " AND NOT EXISTS (SELECT 1 FROM reports WHERE batch_id = b.id AND kind = 'end')"
        )
        assert not untold, f"nobody is told of the end of {untold}"
        silent = self.rows(
            "SELECT id, hold_no FROM batches b WHERE state = 'held' AND NOT EXISTS (SELECT 1"
            " FROM reports WHERE batch_id = b.id AND kind = 'held' AND hold_no = b.hold_no)"
        )
        assert not silent, f"nobody is told of the holds {silent}"
        lost = self.rows(
            "SELECT id FROM calls WHERE gateway_id IS NOT NULL AND next_poll_at IS NULL"
            " AND final_at IS NULL AND status <> 'no_result'"
        )
        assert not lost, f"nobody follows {lost}"
        assert not self.rows("SELECT 1 FROM pauses WHERE reason = 'restored'"), "a false alarm"

    def heal(self) -> None:
        """With everything in order again, press what is offered until nothing is open.

        So everything has a way to its end, by itself or by a button.
        """
        self.house.database.faults.clear()
        self.board.questions = None
        for turn in range(HEALING_ROUNDS):
            self.do(self.house.pauses.check(ANN))
            for post in self.board.open_posts():
                self.board.answer(post, self.reply(post, "all"))
            self.loop.pass_time(11.0)
            self.do(self.house.evidence.step())
            for evidence_id, candidates in self.picks():
                chosen = self.pick(candidates, turn)
                self.do(self.house.evidence.pick(evidence_id, chosen, by=ANN))
            for submission_id in self.in_state("unknown"):
                self.decided(submission_id, Verdict.LEAVE, ANN)
            for batch_id in self.in_batch_state("held"):
                what = "stop" if (batch_id + turn) % 3 == 0 else "send"
                self.do(self.pressing(batch_id, what))
            self.do(self.house.dialer.step())
            if self.at_rest():
                break
        self.check()
        assert self.at_rest(), "something has no way to its end"
        for call in self.board.calls.values():
            call["status"] = "NORMAL"
        for _ in range(HEALING_ROUNDS):
            if not self.followed():
                break
            self.follow(100.0)
        self.check()
        assert not self.followed(), "a call has no way to its end"
        wrong = self.rows("SELECT id FROM calls WHERE final_at IS NOT NULL AND status = 'waiting'")
        assert not wrong, "a call is final without an end"

    def at_rest(self) -> bool:
        """Whether everything has come to an end."""
        submissions, evidence = (
            self.in_state("queued", "sending", "unknown"),
            self.rows("SELECT 1 FROM evidence WHERE state IN ('waiting', 'ambiguous')"),
        )
        open_batches = self.in_batch_state("running", "held")
        tasks = [t for t in asyncio.all_tasks(self.loop) if "submission" in t.get_name()]
        return not (submissions or evidence or open_batches or tasks or self.watch.seen.paused)

    # --- looking ---

    def followed(self) -> list[Any]:
        """What the gateway is still to be asked about."""
        return [
            *self.rows("SELECT id FROM calls WHERE next_poll_at IS NOT NULL"),
            *self.rows("SELECT id FROM events WHERE next_ask_at IS NOT NULL"),
        ]

    def rows(self, sql: str) -> list[Any]:
        """Read the record as it is committed."""
        with closing(sqlite3.connect(self.file)) as eye:
            return eye.execute(sql).fetchall()

    def batch_ids(self) -> list[int]:
        """Every batch."""
        return sorted(self.watch.seen.batches)

    def in_batch_state(self, *states: str) -> list[int]:
        """Batches in these states."""
        return sorted(i for i, b in self.watch.seen.batches.items() if b.state in states)

    def open_follow_ups(self) -> list[int]:
        """Follow-ups that are not at their end."""
        open_ones = self.in_batch_state("running", "held")
        return [i for i in open_ones if self.watch.seen.batches[i].followed_as]

    def in_state(self, *states: str) -> list[int]:
        """Submissions in these states."""
        return sorted(i for i, s in self.watch.seen.submissions.items() if s.state in states)

    def picks(self) -> list[tuple[int, list[int]]]:
        """The picks that boards offer: a piece of evidence and its candidates."""
        found: dict[int, list[int]] = {}
        rows = self.rows(
            "SELECT DISTINCT s.batch_id FROM evidence e JOIN evidence_fits f ON"
            " f.evidence_id = e.id JOIN submissions s ON s.id = f.submission_id"
            " WHERE e.state = 'ambiguous'"
        )
        for (batch_id,) in rows:
            for pick in self.view(batch_id).picks:
                found[pick.evidence.id] = [s for s, _ in pick.candidates]
        return sorted(found.items())

    def view(self, batch_id: int) -> BatchView:
        """What the board of a batch shows."""
        view = self.loop.finish(self.house.database.read(lambda tx: batch_view(tx, batch_id)))
        assert view is not None
        return view

    @staticmethod
    def pick(choices: "list[Any]", index: int) -> Any:
        """One of these."""
        return choices[index % len(choices)]
