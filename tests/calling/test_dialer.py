"""The dialer, on a real database, the real gateway client, and time that stands still."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence

import httpx
import pytest

from bot.calling import rules
from bot.calling.dialer import Dialer
from bot.calling.errors import PausedError
from bot.calling.launches import Defaults
from bot.gateway.models import Outcome, PlacedCall
from storage.errors import DatabaseBusyError, DiskRefusesError
from storage.models import (
    BatchState,
    Call,
    CallStatus,
    HoldReason,
    PauseReason,
    StopReason,
    SubmissionState,
    UnmatchedKind,
)
from tests.calling.house import ANN, VOICE, Fault, House, numbers
from tests.calling.switchboard import Answer, Post, accepted, cut, not_connected, refuse

ACCEPTED, UNKNOWN = SubmissionState.ACCEPTED, SubmissionState.UNKNOWN
QUEUED, SENDING = SubmissionState.QUEUED, SubmissionState.SENDING
REFUSED, UNSENT = SubmissionState.REFUSED, SubmissionState.UNSENT
CANCELLED = SubmissionState.CANCELLED

Script = Callable[[Post], Answer]


@pytest.fixture
def defaults() -> Defaults:
    """Small POSTs, and nothing is asked."""
    return Defaults(per_post=2, server_id="007")


async def kept(house: House, batch_id: int) -> list[tuple[str, UnmatchedKind]]:
    """The ids that came with a batch's answers and are no call of it."""
    found = await house.database.read(lambda tx: tx.calls.unmatched(batch_id))
    return [(one.gateway_id, one.kind) for one in found]


def statuses(calls: list[Call]) -> list[CallStatus]:
    """Their statuses in their order."""
    return [call.status for call in calls]


def submission_tasks() -> list[asyncio.Task[None]]:
    """The tasks that send."""
    return [t for t in asyncio.all_tasks() if t.get_name().startswith("submission-")]


class BrokenGateway:
    """A gateway whose code is at fault."""

    async def place_batch(
        self, *, voice_id: str, numbers: Sequence[str], retry_count: int, server_id: str | None
    ) -> Outcome:
        """Fail."""
        raise ZeroDivisionError(voice_id, numbers, retry_count, server_id)

    async def place_spoken(
        self, *, text: str, numbers: Sequence[str], retry_count: int, server_id: str | None
    ) -> Outcome:
        """Fail."""
        raise ZeroDivisionError(text, numbers, retry_count, server_id)

    async def call_status(self, call_id: str) -> PlacedCall:
        """Fail."""
        raise ZeroDivisionError(call_id)

    async def check(self) -> None:
        """Fail."""
        raise ZeroDivisionError


class TestOutcomes:
    async def test_accepted(self, house: House) -> None:
        """Ids came: each number gets its own, the batch goes on, and ends as finished."""
        batch_id = await house.launch(3)
        await house.step()
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED, ACCEPTED]
        assert (await house.batch(batch_id)).state is BatchState.FINISHED
        calls = await house.calls(batch_id)
        assert [call.gateway_id for call in calls] == list(house.board.calls)
        assert [call.number for call in calls] == list(numbers(3))
        assert [post.sent for post in house.board.posts] == [
            {
                "phoneNumbers": [f"0{number[3:]}" for number in part],
                "voiceId": VOICE,
                "retryCount": 1,
                "serverId": "007",
            }
            for part in (numbers(2), numbers(1, 3))
        ]

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (lambda p: refuse(p, 400, "InvalidServer"), "InvalidServer"),
            (lambda p: refuse(p, 400, "NobodyKnowsThis"), "NobodyKnowsThis"),
            (lambda p: refuse(p, 200, "InvalidPhoneNumber"), "InvalidPhoneNumber"),
            (lambda _: httpx.Response(429, content=b"slow down"), "HTTP 429"),
            (lambda _: httpx.Response(404, content=b"<html>"), "HTTP 404"),
        ],
    )
    async def test_refused(self, house: House, answer: Script, code: str) -> None:
        """The gateway said no: its code is kept, the rest is held, nothing is sent again."""
        house.board.script.append(answer)
        batch_id = await house.launch(3)
        await house.step()
        await house.pass_time(60)
        await house.step()
        assert await house.states(batch_id) == [REFUSED, QUEUED]
        assert (await house.submissions(batch_id))[0].code == code
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.REFUSED)
        assert len(house.board.posts) == 1
        assert await house.pauses_open() == []

    @pytest.mark.parametrize(
        "answer",
        [
            cut,
            lambda _: httpx.ReadTimeout("late"),
            lambda _: httpx.WriteError("broken pipe"),
            lambda _: httpx.RemoteProtocolError("junk"),
            lambda _: RuntimeError("a bug of ours"),
            lambda _: httpx.Response(200, content=b"<html>fine</html>"),
            lambda _: httpx.Response(200, json={"result": None}),
            lambda _: httpx.Response(200, json={"result": []}),
            lambda _: httpx.Response(503, content=b"<html>"),
            lambda _: httpx.Response(408),
            lambda _: httpx.Response(307, headers={"location": "/elsewhere"}),
        ],
    )
    async def test_unknown(self, house: House, answer: Script) -> None:
        """It may have rung: the rest is held, and nothing is sent again by itself."""
        house.board.script.append(answer)
        batch_id = await house.launch(3)
        await house.step()
        await house.pass_time(60)
        await house.step()
        assert await house.states(batch_id) == [UNKNOWN, QUEUED]
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.UNKNOWN)
        assert len(house.board.posts) == 1

    async def test_no_answer_in_time(self, house: House) -> None:
        """An answer that does not come within the time allowed is an unknown."""
        house.board.holds = True
        batch_id = await house.launch()
        await house.step()
        await house.pass_time(29.9)
        assert await house.states(batch_id) == [SENDING]
        await house.pass_time(0.2)
        assert await house.states(batch_id) == [UNKNOWN]
        assert (await house.submissions(batch_id))[0].reason == "no_answer"

    async def test_unauthorised(self, house: House) -> None:
        """A 401 is refused, and the transaction that says so pauses launching."""
        house.board.script.append(lambda p: refuse(p, 401, "Unauthorized"))
        batch_id = await house.launch(3)
        await house.step()
        assert await house.states(batch_id) == [REFUSED, QUEUED]
        assert await house.pauses_open() == [PauseReason.UNAUTHORISED]
        with pytest.raises(PausedError):
            await house.decisions.send_rest(batch_id, 1, by=ANN)
        await house.step()
        assert len(house.board.posts) == 1

    async def test_ids_beside_a_401(self, house: House) -> None:
        """Ids that come with a 401 are accepted, and launching is paused all the same."""
        house.board.script.append(lambda p: accepted([house.board.place(p.numbers[0])], 401))
        batch_id = await house.launch()
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]
        assert await house.pauses_open() == [PauseReason.UNAUTHORISED]

    async def test_fault_of_our_own(self, house: House) -> None:
        """Gateway code that raises has an unknown outcome, for nobody knows how far it came."""
        dialer = Dialer(
            database=house.database,
            gateway=BrokenGateway(),
            pauses=house.pauses,
            reader=house.reader,
            signals=house.signals,
            clock=house.clock,
        )
        batch_id = await house.launch(3)
        await dialer.step()
        await house.settled()
        assert await house.states(batch_id) == [UNKNOWN, QUEUED]
        assert (await house.batch(batch_id)).hold_reason is HoldReason.UNKNOWN

    async def test_every_class_beside_a_hold(self, house: House) -> None:
        """What ends in a batch that a person holds is recorded, and the batch stays held."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        post = house.board.posts[0]
        house.board.answer(post, house.board.accept(post))
        await house.settled()
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED, QUEUED]
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.PERSON)
        assert batch.hold_no == 1

    async def test_unknown_in_a_held_batch_is_a_new_hold(self, house: House) -> None:
        """So a button of the earlier hold sends nothing."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        house.board.answer(house.board.posts[0], cut())
        await house.settled()
        batch = await house.batch(batch_id)
        assert (batch.hold_no, batch.hold_reason) == (2, HoldReason.UNKNOWN)


class TestAnswers:
    async def test_reordered(self, house: House) -> None:
        """Ids are matched by number, not by their place in the answer."""
        house.board.script.append(lambda p: house.board.accept(p, p.numbers[::-1]))
        batch_id = await house.launch(2)
        await house.step()
        ids = list(house.board.calls)
        assert [call.gateway_id for call in await house.calls(batch_id)] == ids[::-1]

    async def test_fewer(self, house: House) -> None:
        """A number without an id is not confirmed, and the batch ends."""
        house.board.script.append(lambda p: house.board.accept(p, p.numbers[1:]))
        batch_id = await house.launch(2)
        await house.step()
        expected = [CallStatus.NOT_CONFIRMED, CallStatus.WAITING]
        assert statuses(await house.calls(batch_id)) == expected
        assert (await house.batch(batch_id)).state is BatchState.FINISHED

    async def test_foreign_and_repeated(self, house: House) -> None:
        """Ids that match no number, or one that has its id, are kept."""

        def answer(post: Post) -> Answer:
            own, again = house.board.place(post.numbers[0]), house.board.place(post.numbers[0])
            return accepted([own, again, house.board.place("+989351112233")])

        house.board.script.append(answer)
        batch_id = await house.launch(1)
        await house.step()
        first, second, third = house.board.calls
        assert [call.gateway_id for call in await house.calls(batch_id)] == [first]
        assert await kept(house, batch_id) == [
            (second, UnmatchedKind.REPEATED),
            (third, UnmatchedKind.FOREIGN),
        ]

    async def test_conflict(self, house: House) -> None:
        """An id that another submission holds is kept as a conflict, and the outcome stands."""
        first = await house.launch(1)
        await house.step()
        known = next(iter(house.board.calls.values()))
        house.board.script.append(
            lambda p: accepted([{**known, "phoneNumber": "0" + p.numbers[0][3:]}])
        )
        second = await house.launch(1, 5)
        await house.step()
        assert await house.states(second) == [ACCEPTED]
        assert statuses(await house.calls(second)) == [CallStatus.NOT_CONFIRMED]
        assert await kept(house, second) == [(known["id"], UnmatchedKind.CONFLICT)]
        assert [call.gateway_id for call in await house.calls(first)] == [known["id"]]

    async def test_one_id_for_two_numbers(self, house: House) -> None:
        """The same id twice in one answer is given once, and the rest is not confirmed."""

        def answer(post: Post) -> Answer:
            one = house.board.place(post.numbers[0])
            return accepted([one, {**one, "phoneNumber": "0" + post.numbers[1][3:]}])

        house.board.script.append(answer)
        batch_id = await house.launch(2)
        await house.step()
        expected = [CallStatus.WAITING, CallStatus.NOT_CONFIRMED]
        assert statuses(await house.calls(batch_id)) == expected

    @pytest.mark.parametrize(
        "odd",
        [
            {"status": "RINGING"},
            {"status": "\ud800", "price": -1e30},
            {"billSec": 10**30, "requestDate": "soon", "executionDate": -1},
            {"phoneNumber": {"a": 1}, "status": None},
        ],
    )
    async def test_odd_fields(self, house: House, odd: dict[str, object]) -> None:
        """Whatever stands beside an id, the id is recorded."""
        place = house.board.place
        house.board.script.append(lambda p: accepted([{**place(p.numbers[0]), **odd}]))
        batch_id = await house.launch(1)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]
        [call_id] = house.board.calls
        own = [call.gateway_id for call in await house.calls(batch_id)]
        assert call_id in own or [call_id] == [i for i, _ in await kept(house, batch_id)]


class TestUnsent:
    async def test_back_off(self, house: House) -> None:
        """Surely not sent: again after 2 s and 10 s, then unsent; the gateway saw nothing."""
        house.board.script.extend([not_connected] * 3)
        batch_id = await house.launch(1)
        await house.step()
        tries = [(1.9, 1), (0.2, 2), (9.7, 2), (0.4, 3), (60.0, 3)]
        for seconds, expected in tries:
            await house.pass_time(seconds)
            await house.step()
            assert len(house.board.posts) == expected
        assert await house.states(batch_id) == [UNSENT]
        assert (await house.batch(batch_id)).state is BatchState.FINISHED
        assert not [post for post in house.board.posts if post.left]

    async def test_the_rest_is_held(self, house: House) -> None:
        """An unsent submission holds what is queued behind it, which never overtakes it."""
        house.board.script.extend([not_connected] * 3)
        batch_id = await house.launch(3)
        for _ in range(4):
            await house.step()
            await house.pass_time(11)
        assert await house.states(batch_id) == [UNSENT, QUEUED]
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.UNSENT)
        assert len(house.board.posts) == 3

    async def test_a_later_attempt_is_accepted(self, house: House) -> None:
        """The third attempt counts as the first one would."""
        house.board.script.extend([not_connected] * 2)
        batch_id = await house.launch(1)
        for _ in range(3):
            await house.step()
            await house.pass_time(11)
        assert await house.states(batch_id) == [ACCEPTED]
        assert (await house.submissions(batch_id))[0].attempts == 3

    async def test_stopped_meanwhile(self, house: House) -> None:
        """An attempt that was not sent in a batch that was stopped is cancelled."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        await house.decisions.stop(batch_id, by=ANN)
        house.board.answer(house.board.posts[0], not_connected())
        await house.pass_time(60)
        await house.step()
        assert await house.states(batch_id) == [CANCELLED, CANCELLED]
        assert (await house.batch(batch_id)).state is BatchState.STOPPED
        assert len(house.board.posts) == 1

    async def test_held_meanwhile(self, house: House) -> None:
        """In a batch that was held it is queued, and waits for *Send the rest*."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        await house.decisions.hold(batch_id, by=ANN)
        house.board.answer(house.board.posts[0], not_connected())
        await house.pass_time(60)
        await house.step()
        assert await house.states(batch_id) == [QUEUED, QUEUED]
        await house.decisions.send_rest(batch_id, 1, by=ANN)
        await house.step()
        assert await house.states(batch_id) == [SENDING, QUEUED]

    async def test_retried_outcome_is_not_taken_for_that_of_the_next_attempt(
        self, house: House
    ) -> None:
        """A record that stalls on attempt 1 never says that attempt 2 was not sent.

        The commit that queues attempt 2 took effect and raised; while its record is repeated,
        attempt 2 must not begin, or its POST would be sent a third time.
        """
        house.board.holds = True
        batch_id = await house.launch()
        await house.step()
        house.database.faults.extend([Fault.AFTER, Fault.BEFORE, Fault.BEFORE, Fault.BEFORE])
        house.board.answer(house.board.posts[0], not_connected())
        await house.pass_time(3)  # the back-off is over, the record is repeated at 3.7 s
        for _ in range(6):
            await house.step()
            await house.pass_time(3)
        assert len([post for post in house.board.posts if post.left]) == 1
        assert await house.states(batch_id) == [SENDING]


class TestStop:
    async def test_while_sending(self, house: House) -> None:
        """What was claimed before *Stop* goes on and is recorded; the rest is cancelled."""
        house.board.holds = True
        batch_id = await house.launch(5)
        await house.step()
        left = await house.decisions.stop(batch_id, by=ANN)
        assert (left.not_sent, left.under_way) == (3, 2)
        house.board.answer(house.board.posts[0], house.board.accept(house.board.posts[0]))
        await house.settled()
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED, CANCELLED, CANCELLED]
        batch = await house.batch(batch_id)
        assert (batch.state, batch.stop_reason) == (BatchState.STOPPED, StopReason.PERSON)
        assert len(house.board.posts) == 1

    async def test_held(self, house: House) -> None:
        """A held batch claims nothing, whatever time passes."""
        batch_id = await house.launch(3)
        await house.decisions.hold(batch_id, by=ANN)
        for _ in range(3):
            await house.step()
            await house.pass_time(400)
        assert await house.states(batch_id) == [QUEUED, QUEUED]
        assert house.board.posts == []

    async def test_held_for_a_day(self, house: House) -> None:
        """A batch that nobody lets go on for 24 h is stopped, and says so."""
        house.board.script.append(cut)
        batch_id = await house.launch(3)
        await house.step()
        house.clock.jump(24 * 3600 - 60)
        await house.step()
        assert (await house.batch(batch_id)).state is BatchState.HELD
        house.clock.jump(60)
        await house.step()
        batch = await house.batch(batch_id)
        assert (batch.state, batch.stop_reason) == (BatchState.STOPPED, StopReason.HELD_TOO_LONG)
        assert await house.states(batch_id) == [UNKNOWN, CANCELLED]


class TestFailingCommits:
    async def test_claim_not_committed(self, house: House) -> None:
        """A claim that was not committed sends nothing, and is made again."""
        batch_id = await house.launch()
        house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await house.step()
        assert await house.states(batch_id) == [QUEUED]
        assert house.board.posts == []
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]

    async def test_claim_committed_and_raised(self, house: House) -> None:
        """A claim whose commit raised and took effect is never sent: it becomes unknown."""
        batch_id = await house.launch(3)
        house.database.faults.append(Fault.AFTER)
        with pytest.raises(DatabaseBusyError):
            await house.step()
        assert await house.states(batch_id) == [SENDING, QUEUED]
        house.database.faults.append(Fault.BEFORE)
        with pytest.raises(DatabaseBusyError):
            await house.step()
        await house.step()
        assert await house.states(batch_id) == [UNKNOWN, QUEUED]
        assert (await house.batch(batch_id)).hold_reason is HoldReason.UNKNOWN
        assert house.board.posts == []

    async def test_disk_full_at_claim(self, house: House) -> None:
        """A disk that refuses the claim sends nothing and pauses; the row follows."""
        batch_id = await house.launch()
        house.database.faults.append(Fault.DISK)
        with pytest.raises(DiskRefusesError):
            await house.step()
        assert house.pauses.disk is not None
        await house.step()
        assert await house.pauses_open() == [PauseReason.DISK]
        assert await house.states(batch_id) == [QUEUED]
        assert house.board.posts == []

    async def test_outcome_is_repeated(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        """An outcome is committed again until it is taken; its ids are in the log meanwhile."""
        house.board.holds = True
        batch_id = await house.launch(2)
        await house.step()
        house.database.faults.extend([Fault.BEFORE] * 20)
        post = house.board.posts[0]
        with caplog.at_level(logging.ERROR):
            house.board.answer(post, house.board.accept(post))
            await house.settled()
        for call_id in post.ids:
            assert call_id in caplog.text
        assert await house.states(batch_id) == [SENDING]
        await house.pass_time(120)
        assert await house.states(batch_id) == [ACCEPTED]
        assert [call.gateway_id for call in await house.calls(batch_id)] == list(post.ids)

    async def test_outcome_committed_and_raised(self, house: House) -> None:
        """Recording the same outcome again changes nothing."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        house.database.faults.append(Fault.AFTER)
        house.board.answer(house.board.posts[0], cut())
        await house.settled()
        before = await house.batch(batch_id)
        await house.pass_time(10)
        assert await house.batch(batch_id) == before
        assert (before.hold_no, await house.states(batch_id)) == (1, [UNKNOWN, QUEUED])

    async def test_disk_full_at_outcome(self, house: House) -> None:
        """The outcome is repeated until the disk takes it, and launching is paused."""
        house.board.holds = True
        first, second = await house.launch(1), await house.launch(1, 5)
        await house.step()
        house.database.faults.extend([Fault.DISK] * 3)
        post = house.board.posts[0]
        house.board.answer(post, house.board.accept(post))
        await house.settled()
        assert house.pauses.disk is not None
        assert await house.pauses_open() == []
        await house.pass_time(10)
        await house.step()
        assert await house.states(first) == [ACCEPTED]
        assert await house.states(second) == [SENDING]
        assert await house.pauses_open() == [PauseReason.DISK]

    async def test_really_full_disk_at_outcome(self, house: House) -> None:
        """On a file that may not grow the answer is recorded as soon as it may, with its body."""
        filler = secrets.token_hex(200_000)
        house.board.script.append(
            lambda p: accepted([{**house.board.place(p.numbers[0]), "filler": filler}])
        )
        batch_id = await house.launch(1)
        await house.database.write(
            lambda tx: tx.db.execute(
                f"PRAGMA max_page_count={tx.db.execute('PRAGMA page_count').fetchone()[0]}"
            )
        )
        await house.step()
        assert await house.states(batch_id) == [SENDING]
        assert house.pauses.disk is not None
        await house.database.write(lambda tx: tx.db.execute("PRAGMA max_page_count=1000000"))
        await house.pass_time(10)
        assert await house.states(batch_id) == [ACCEPTED]
        body = await house.database.read(lambda tx: tx.submissions.body(1))
        assert filler in body.decode()

    async def test_run_goes_on(self, house: House) -> None:
        """A record that cannot be read for a moment does not end the dialer."""
        running = asyncio.create_task(house.dialer.run())
        await house.settled()
        batch_id = await house.launch()
        house.database.faults.extend([Fault.BEFORE] * 3)
        await house.pass_time(10)
        assert await house.states(batch_id) == [ACCEPTED]
        await house.dialer.drain(1)
        await running


class TestCancellation:
    async def test_during_the_post(self, house: House) -> None:
        """A cancelled task records its POST as unknown, and the rest is held."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        [task] = submission_tasks()
        task.cancel()
        await house.settled()
        assert await house.states(batch_id) == [UNKNOWN, QUEUED]
        assert (await house.submissions(batch_id))[0].reason == "interrupted"
        assert house.dialer.under_way == 0

    async def test_during_the_record(self, house: House) -> None:
        """A cancelled task still records the ids that came."""
        house.board.holds = True
        batch_id = await house.launch(1)
        await house.step()
        house.database.faults.extend([Fault.BEFORE] * 3)
        house.board.answer(house.board.posts[0], house.board.accept(house.board.posts[0]))
        await house.settled()
        [task] = submission_tasks()
        for _ in range(3):
            task.cancel()
            await house.pass_time(0.3)
        await house.pass_time(10)
        assert await house.states(batch_id) == [ACCEPTED]
        assert task.cancelled()

    async def test_before_it_has_begun(self, house: House) -> None:
        """A claim whose task never ran becomes unknown at the next look, not at the next start."""
        batch_id = await house.launch(1)
        looking = asyncio.create_task(house.dialer.step())
        while not (tasks := submission_tasks()):  # noqa: ASYNC110 -- caught before its first step
            await asyncio.sleep(0)
        tasks[0].cancel()
        await looking
        await house.settled()
        assert house.board.posts == []
        await house.step()
        assert await house.states(batch_id) == [UNKNOWN]
        assert house.dialer.under_way == 0


class TestDrain:
    async def test_claims_nothing_more(self, house: House) -> None:
        """After the drain has begun nothing is claimed; what is under way is recorded."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        drained = asyncio.create_task(house.dialer.drain(35))
        await house.settled()
        post = house.board.posts[0]
        house.board.answer(post, house.board.accept(post))
        await drained
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED, QUEUED]
        assert len(house.board.posts) == 1

    async def test_waits_for_a_claim_that_is_being_made(self, house: House) -> None:
        """A claim that the drain finds half-way is sent and recorded before the drain ends."""
        batch_id = await house.launch(3)
        looking = asyncio.create_task(house.dialer.step())
        await asyncio.sleep(0)  # it waits for the commit of its claim now
        await house.dialer.drain(35)
        posts = len(house.board.posts)
        assert posts == 1
        await looking
        await house.pass_time(60)
        assert await house.states(batch_id) == [ACCEPTED, QUEUED]
        assert len(house.board.posts) == posts

    @pytest.mark.parametrize("answer_within", [1000.0])
    async def test_waits_only_so_long(self, house: House) -> None:
        """What does not end in the time allowed is left to the next start."""
        house.board.holds = True
        batch_id = await house.launch(1)
        await house.step()
        await house.dialer.drain(5)
        assert await house.states(batch_id) == [SENDING]
        house.board.answer(house.board.posts[0], cut())
        await house.settled()

    async def test_run_ends(self, house: House) -> None:
        """`run` returns once it is drained."""
        running = asyncio.create_task(house.dialer.run())
        batch_id = await house.launch(3)
        await house.pass_time(10)
        assert await house.states(batch_id) == [ACCEPTED, ACCEPTED]
        await house.dialer.drain(35)
        await running


class TestFreshness:
    @pytest.mark.parametrize("seconds", [601.0, 3600.0, 8 * 3600.0, -601.0, -3600.0])
    async def test_away(self, house: House, seconds: float) -> None:
        """A machine that slept, or whose clock was put forward or back, asks before it sends."""
        batch_id = await house.launch(3)
        house.clock.jump(seconds)
        await house.step()
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.AWAY)
        assert house.board.posts == []
        await house.decisions.send_rest(batch_id, batch.hold_no, by=ANN)
        await house.step()
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED, ACCEPTED]

    @pytest.mark.parametrize("seconds", [590.0, -590.0])
    async def test_not_away(self, house: House, seconds: float) -> None:
        """Less than ten minutes are no reason to ask."""
        batch_id = await house.launch(1)
        house.clock.jump(seconds)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]

    @pytest.mark.parametrize("seconds", [3600.0, -3600.0])
    async def test_between_two_submissions(self, house: House, seconds: float) -> None:
        """The outcome of what was under way counts as something that happened."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        house.clock.jump(seconds)
        house.board.answer(house.board.posts[0], house.board.accept(house.board.posts[0]))
        await house.settled()
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED, SENDING]

    @pytest.mark.parametrize("seconds", [3600.0, -3600.0])
    async def test_in_the_back_off(self, house: House, seconds: float) -> None:
        """A clock that jumps during a back-off holds the batch, and its button sends at once."""
        house.board.script.append(not_connected)
        batch_id = await house.launch(1)
        await house.step()
        house.clock.jump(seconds)
        await house.step()
        batch = await house.batch(batch_id)
        assert (batch.state, batch.hold_reason) == (BatchState.HELD, HoldReason.AWAY)
        await house.decisions.send_rest(batch_id, batch.hold_no, by=ANN)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]

    async def test_due_time(self, house: House) -> None:
        """A time that was set is never away before it comes, and counts as fresh when it does."""
        batch_id = await house.launch(1)
        ahead = house.clock() + 7200
        await house.database.write(
            lambda tx: tx.db.execute("UPDATE submissions SET not_before = ?", (ahead,))
        )
        house.clock.jump(7100)
        await house.step()
        assert await house.states(batch_id) == [QUEUED]
        assert (await house.batch(batch_id)).state is BatchState.RUNNING
        house.clock.jump(101)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]

    async def test_pause_longer_than_ten_minutes(self, house: House) -> None:
        """The check runs while launching is paused; the end of the pause sends nothing."""
        batch_id = await house.launch(1)
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        await house.step()
        house.clock.jump(700)
        await house.step()
        assert (await house.batch(batch_id)).hold_reason is HoldReason.AWAY
        await house.pauses.check(ANN)
        await house.step()
        assert await house.states(batch_id) == [QUEUED]

    async def test_short_pause(self, house: House) -> None:
        """After a short pause what is queued goes on by itself."""
        batch_id = await house.launch(1)
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        await house.step()
        assert await house.states(batch_id) == [QUEUED]
        await house.pauses.check(ANN)
        await house.step()
        assert await house.states(batch_id) == [ACCEPTED]

    @pytest.mark.parametrize("answer_within", [7200.0])
    async def test_waiting_for_a_slot_is_not_away(self, house: House) -> None:
        """A batch that waits half an hour for a free slot in a running process goes out."""
        house.board.holds = True
        ids = [await house.launch(1, 1 + n) for n in range(5)]
        running = asyncio.create_task(house.dialer.run())
        await house.pass_time(1800)
        assert len(house.board.posts) == 4
        house.board.answer(house.board.posts[0], house.board.accept(house.board.posts[0]))
        await house.settled()
        assert await house.states(ids[4]) == [SENDING]
        for post in house.board.open_posts():
            house.board.answer(post, house.board.accept(post))
        await house.dialer.drain(35)
        await running

    async def test_slept_while_waiting_for_a_slot(self, house: House) -> None:
        """A machine that slept meanwhile holds what waited for a slot."""
        house.board.holds = True
        ids = [await house.launch(1, 1 + n) for n in range(5)]
        await house.step()
        assert len(house.board.posts) == 4
        house.clock.jump(8 * 3600)
        for post in house.board.open_posts():
            house.board.answer(post, house.board.accept(post))
        await house.settled()
        await house.step()
        assert (await house.batch(ids[4])).hold_reason is HoldReason.AWAY
        assert len(house.board.posts) == 4


class TestOrder:
    async def test_four_at_once(self, house: House) -> None:
        """At most four submissions are under way, of four batches."""
        house.board.holds = True
        for n in range(6):
            await house.launch(3, 1 + 10 * n)
        await house.step()
        await house.step()
        assert house.dialer.under_way == 4
        assert [post.numbers[0] for post in house.board.posts] == [
            numbers(1, 1 + 10 * n)[0] for n in range(4)
        ]

    async def test_longest_waiting_first(self, house: House) -> None:
        """Batches take turns: one that has just had an outcome goes behind those that wait."""
        house.board.holds = True
        for n in range(6):
            await house.launch(3, 1 + 10 * n)
            await house.pass_time(1)
        await house.step()
        for post in house.board.open_posts():
            house.board.answer(post, house.board.accept(post))
        await house.settled()
        await house.step()
        later = [post.numbers[0] for post in house.board.posts[4:]]
        assert later[:2] == [numbers(1, 41)[0], numbers(1, 51)[0]]

    async def test_one_of_a_batch_at_a_time(self, house: House) -> None:
        """The next submission of a batch is claimed only when the one before has ended."""
        house.board.holds = True
        batch_id = await house.launch(5)
        await house.step()
        await house.step()
        assert await house.states(batch_id) == [SENDING, QUEUED, QUEUED]


class TestStart:
    async def test_killed_before_the_claim(self, house: House) -> None:
        """What was queued goes on after the start."""
        batch_id = await house.launch(3)
        async with house.after_kill(away=500) as second:
            await second.step()
            await second.step()
            assert await second.states(batch_id) == [ACCEPTED, ACCEPTED]

    async def test_killed_before_the_claim_and_started_late(self, house: House) -> None:
        """More than ten minutes later it is held."""
        batch_id = await house.launch(3)
        async with house.after_kill(away=700) as second:
            await second.step()
            assert (await second.batch(batch_id)).hold_reason is HoldReason.AWAY
            assert second.board.posts == []

    @pytest.mark.parametrize("count", [1, 3])
    async def test_killed_while_sending(self, house: House, count: int) -> None:
        """What was claimed is unknown after the start and never sent again; the rest is held."""
        house.board.holds = True
        batch_id = await house.launch(count)
        await house.step()
        async with house.after_kill() as second:
            await second.step()
            assert (await second.states(batch_id))[0] is UNKNOWN
            batch = await second.batch(batch_id)
            expected = BatchState.HELD if count > 1 else BatchState.FINISHED
            assert batch.state is expected
            assert len(second.board.posts) == 1

    async def test_killed_after_stop(self, house: House) -> None:
        """A stopped batch stays stopped."""
        house.board.holds = True
        batch_id = await house.launch(3)
        await house.step()
        await house.decisions.stop(batch_id, by=ANN)
        async with house.after_kill() as second:
            assert await second.states(batch_id) == [UNKNOWN, CANCELLED]
            assert (await second.batch(batch_id)).state is BatchState.STOPPED

    async def test_recovery_twice(self, house: House) -> None:
        """Nothing is left to recover the second time."""
        house.board.holds = True
        await house.launch(1)
        await house.step()
        found = [
            await house.database.write(lambda tx: rules.recover(tx, now=house.clock()))
            for _ in range(2)
        ]
        assert found == [1, 0]
