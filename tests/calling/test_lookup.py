"""Finding it again: what is tried in which order, and what the gateway is asked first."""

from collections.abc import Callable

import httpx
import pytest
import pytest_asyncio

from bot.calling.errors import ExpiredError, NothingFoundError
from bot.calling.history import LISTED, History, Sought
from bot.calling.launches import Defaults
from bot.calling.lookup import ASKED_AT_MOST
from bot.calling.problems import Asked
from bot.calling.views import PAGE, BatchView
from storage.models import CallStatus, PauseReason, SubmissionState, UnmatchedKind
from tests.calling.house import ROOM, Fault, House, numbers
from tests.calling.switchboard import Answer, Post, accepted, cut, refusal

CHAT = ROOM.chat_id


@pytest.fixture
def defaults() -> Defaults:
    """No server, retries that may change a status."""
    return Defaults(retry_count=1)


@pytest_asyncio.fixture(autouse=True)
async def _as_often_as_one_likes(house: House) -> None:
    """A number may be called any number of times a day."""
    await house.database.write(lambda tx: tx.limits.put("number_day", 0))


async def sent(house: House, count: int = 1, first: int = 1) -> int:
    """A batch that was accepted."""
    batch_id = await house.launch(count, first)
    await house.step()
    return batch_id


async def find_batch(house: House, asked: str, chat_id: int = CHAT) -> BatchView:
    """A look-up that finds a batch."""
    found = await house.lookup.find(asked, chat_id)
    assert isinstance(found, BatchView)
    return found


async def find_calls(house: House, asked: str) -> History:
    """A look-up that finds calls."""
    found = await house.lookup.find(asked, CHAT)
    assert isinstance(found, History)
    return found


def placing(house: House, gateway_id: str, number: str | None) -> Callable[[Post], Answer]:
    """An answer with this id, for the number that was sent or for another one."""
    return lambda post: accepted(
        [{**house.board.place(number or post.numbers[0]), "id": gateway_id}]
    )


class TestFind:
    @pytest.mark.parametrize("asked", ["b2", "#b2", "B2", " #B2 ", "b۲"])
    async def test_batch(self, house: House, asked: str) -> None:
        """A batch is found by its number as people type it."""
        await sent(house)
        await sent(house, 2, 50)
        assert (await find_batch(house, asked)).batch.id == 2

    async def test_latest_of_the_chat(self, house: House) -> None:
        """With nothing asked it is the newest batch of this chat."""
        await sent(house)
        await sent(house, 1, 9)
        assert (await find_batch(house, "")).batch.id == 2
        with pytest.raises(NothingFoundError):
            await house.lookup.find("", -555)

    @pytest.mark.parametrize(
        "asked", ["09120000002", "+98 912 000 0002", "۰۹۱۲۰۰۰۰۰۰۲", "9120000002"]
    )
    async def test_number(self, house: House, asked: str) -> None:
        """A number is found in any spelling, newest first, with its batch."""
        await sent(house, 3)
        house.clock.jump(700)
        await sent(house, 2)
        found = await find_calls(house, asked)
        assert [line.batch and line.batch.id for line in found.lines] == [2, 1]
        assert {line.call.number for line in found.lines} == {numbers(2)[1]}

    async def test_number_never_called(self, house: House) -> None:
        """A number that was skipped or refused is found as well; one never asked for is not."""
        await house.launch(1)
        assert (await find_calls(house, "09120000001")).lines[
            0
        ].submission is SubmissionState.QUEUED
        with pytest.raises(NothingFoundError) as caught:
            await house.lookup.find("09129999999", CHAT)
        assert caught.value.asked == "09129999999"

    @pytest.mark.parametrize("length", [6, 31, 32])
    async def test_id(self, house: House, length: int) -> None:
        """A call is found by its id or its first six characters and more, in either case."""
        house.board.script.append(
            lambda post: accepted(
                [{**house.board.place(post.numbers[0]), "id": "abcdef" + "0" * 26}]
            )
        )
        await sent(house)
        found = await find_calls(house, ("ABCDEF" + "0" * 26)[:length])
        assert [line.call.gateway_id for line in found.lines] == ["abcdef" + "0" * 26]

    @pytest.mark.parametrize(
        ("asked", "kind"),
        [
            *((word, Asked.OTHER) for word in ("abcde", "abcdeg", "%", "______", "hello")),
            *((batch, Asked.BATCH) for batch in ("b99", "b0", "#b000099")),
            *((number, Asked.NUMBER) for number in ("09120000009", "\u06f0\u06f912 000 0009")),
            *((digits, Asked.DIGITS) for digits in ("0912", "091200", "+98 912", "٠٩١٢")),
            ("abcdef", Asked.ID),
        ],
    )
    async def test_nothing(self, house: House, asked: str, kind: Asked) -> None:
        """What finds nothing says what it looks like; wildcards are none."""
        await sent(house)
        with pytest.raises(NothingFoundError) as caught:
            await house.lookup.find(asked, CHAT)
        assert caught.value.kind is kind

    async def test_batch_before_id(self, house: House) -> None:
        """What may be a batch and an id is the batch if there is one, and else the id."""
        house.board.script.append(
            lambda post: accepted(
                [{**house.board.place(post.numbers[0]), "id": "b00001" + "0" * 26}]
            )
        )
        await sent(house)
        assert (await find_batch(house, "b000001")).batch.id == 1
        assert isinstance(await house.lookup.find("b00001", CHAT), BatchView)
        assert len((await find_calls(house, "b00001" + "0" * 9)).lines) == 1

    async def test_id_without_a_call(self, house: House) -> None:
        """An id that belongs to no call is found with its batch."""
        house.board.script.append(lambda _: accepted([house.board.place("+989351112233")]))
        batch_id = await sent(house)
        found = await find_calls(house, next(iter(house.board.calls)))
        assert [(b, u.kind) for b, u in found.unmatched] == [(batch_id, UnmatchedKind.FOREIGN)]
        assert found.lines == ()

    async def test_many(self, house: House) -> None:
        """Of many that match ten are on a page, newest first; a page beyond the last is that."""
        for _ in range(LISTED + 1):
            await sent(house)
            house.clock.jump(700)
        found = await find_calls(house, "09120000001")
        assert (len(found.lines), found.page, found.pages, found.total) == (LISTED, 1, 2, 11)
        assert [line.call.batch_id for line in found.lines] == list(range(11, 1, -1))
        for page in (2, 9):
            last = await house.lookup.history(found.of, page)
            assert last is not None
            assert [line.call.batch_id for line in last.lines] == [1]
            assert (last.page, last.sums) == (2, found.sums)

    async def test_pages_of_ids(self, house: House) -> None:
        """First the calls, then the ids without a call, over the pages without a gap."""
        for n in range(LISTED + 5):
            number = None if n < LISTED - 1 else "+989351112233"
            house.board.script.append(placing(house, f"abcdef{n:026x}", number))
            await sent(house)
            house.clock.jump(700)
        found = await find_calls(house, "abcdef")
        assert (len(found.lines), len(found.unmatched), found.total) == (9, 1, 15)
        second = await house.lookup.history(Sought(prefix="abcdef"), 2)
        assert second is not None
        assert (len(second.lines), len(second.unmatched), second.pages) == (0, 5, 2)
        ids = [u.gateway_id for _, u in (*found.unmatched, *second.unmatched)]
        assert ids == [f"abcdef{n:026x}" for n in range(14, 8, -1)]

    async def test_nothing_to_page_through(self, house: House) -> None:
        """What has no calls has no history."""
        assert await house.lookup.history(Sought(number="+989120000009")) is None
        assert await house.lookup.history(Sought(prefix="abcdef")) is None

    def test_tokens(self) -> None:
        """A token names a number or the beginning of an id, and reads back as that."""
        for sought in (Sought(number="+989120000001"), Sought(prefix="abcdef")):
            assert Sought.of_token(sought.token) == sought
        for forged in ("", "n", "n0", "x123456", "iABCDEF", "iabcde", "n98912'--", "n" + "9" * 16):
            with pytest.raises(ExpiredError):
                Sought.of_token(forged)

    @pytest.mark.parametrize("text", ["0912 000 0001", "+989120000001", "۰۹۱۲۰۰۰۰۰۰۱"])
    def test_one_number(self, house: House, text: str) -> None:
        """A text that is one number, in any spelling, can be looked up."""
        assert house.lookup.number(text) == Sought(number="+989120000001")

    @pytest.mark.parametrize("text", ["", "hello", "0912", "09120000001 09120000002", "b12"])
    def test_anything_else(self, house: House, text: str) -> None:
        """What is not exactly one number is nothing to look up."""
        assert house.lookup.number(text) is None


class TestPages:
    async def test_pages(self, house: House) -> None:
        """A batch is shown ten calls at a time; a page beyond the last is the last one."""
        batch_id = await sent(house, PAGE + 2)
        for page, expected, length in ((1, 1, PAGE), (2, 2, 2), (9, 2, 2), (0, 1, PAGE)):
            view = await house.lookup.page(batch_id, page)
            assert view is not None
            assert (view.page, view.pages, len(view.calls)) == (expected, 2, length)
            assert view.with_status(CallStatus.WAITING) == PAGE + 2
        assert await house.lookup.page(99, 1) is None

    async def test_views(self, house: House) -> None:
        """A view counts by state, and offers what can be tried again."""
        house.board.script.append(cut)
        batch_id = await sent(house, 2)
        view = await house.lookup.page(batch_id, 1)
        assert view is not None
        assert view.numbers(SubmissionState.UNKNOWN) == 2
        assert view.numbers(SubmissionState.UNKNOWN, status=CallStatus.WAITING) == 0
        assert [s.id for s in view.in_state(SubmissionState.UNKNOWN)] == [1]
        assert (view.try_again, view.taken_by, view.pauses, view.picks) == (0, {}, (), ())


class TestRefresh:
    def says(self, house: House, status: str) -> None:
        """From now on the gateway says this of every call."""
        for call in house.board.calls.values():
            call.update(status=status, billSec=12, price=-34.2)

    async def test_asks_first(self, house: House) -> None:
        """A call that is not final is asked of the gateway; what it says is recorded and shown."""
        await sent(house, 2)
        self.says(house, "NORMAL")
        view = await find_batch(house, "b1")
        assert {line.call.status for line in view.calls} == {CallStatus.NORMAL}
        assert {(line.call.bill_sec, line.call.price) for line in view.calls} == {(12, 34200)}
        before = len(house.board.asked)
        await find_batch(house, "b1")
        assert len(house.board.asked) == before

    async def test_what_may_still_change(self, house: House) -> None:
        """*No answer* is asked again while the gateway retries; a strange word is, too."""
        await sent(house)
        for status in ("NO_ANSWER", "RINGING", "USER_BUSY", "EXPIRED"):
            self.says(house, status)
            await find_batch(house, "b1")
        assert len(house.board.asked) == 4
        assert (await house.calls(1))[0].status is CallStatus.EXPIRED

    @pytest.mark.parametrize("defaults", [Defaults(retry_count=0)])
    async def test_no_answer_without_retries(self, house: House) -> None:
        """Without retries *no answer* is final at once."""
        await sent(house)
        self.says(house, "NO_ANSWER")
        await find_batch(house, "b1")
        await find_batch(house, "b1")
        assert len(house.board.asked) == 1

    async def test_at_most_ten(self, house: House) -> None:
        """At most ten calls are asked about at once."""
        for _ in range(LISTED + 1):
            await sent(house)
            house.clock.jump(700)
        await find_calls(house, "09120000001")
        assert len(house.board.asked) == ASKED_AT_MOST

    async def test_slow_gateway(self, house: House) -> None:
        """After 5 s the record answers alone."""
        await sent(house, 3)
        self.says(house, "NORMAL")
        house.board.answers_questions.clear()
        began = house.clock()
        view = await find_batch(house, "b1")
        assert house.clock() - began == pytest.approx(5.0)
        assert {line.call.status for line in view.calls} == {CallStatus.WAITING}

    @pytest.mark.parametrize(
        "said",
        [httpx.ConnectError("down"), httpx.Response(200, content=b"<p>"), refusal(401, "x")],
    )
    async def test_no_answer_changes_nothing(
        self, house: House, said: httpx.Response | Exception
    ) -> None:
        """A gateway that does not answer, or garbles, changes no call; a 401 pauses launching."""
        await sent(house)
        house.board.questions = said
        view = await find_batch(house, "b1")
        assert view.calls[0].call.status is CallStatus.WAITING
        unauthorised = isinstance(said, httpx.Response) and said.status_code == 401
        assert await house.pauses_open() == [PauseReason.UNAUTHORISED] * unauthorised

    async def test_answer_for_another_call(self, house: House) -> None:
        """A status answer for another id than the one asked for is ignored."""
        await sent(house)
        other = house.board.place("+989351112233", status="NORMAL")
        house.board.questions = httpx.Response(200, json=other)
        assert (await find_batch(house, "b1")).calls[0].call.status is CallStatus.WAITING

    async def test_record_that_takes_nothing(self, house: House) -> None:
        """A record that is busy for a moment is no reason not to answer from it."""
        await sent(house, 3)
        self.says(house, "NORMAL")
        house.database.faults.extend([Fault.BEFORE] * 3)
        view = await find_batch(house, "b1")
        assert {line.call.status for line in view.calls} == {CallStatus.WAITING}
