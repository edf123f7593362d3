"""*Redial* and `/again`: who is called once more, who never is, and what a chain has become."""

import asyncio
from collections.abc import Callable

import pytest

from bot.calling import endings
from bot.calling.chains import BEST, Chain, chain_of
from bot.calling.decisions import Verdict
from bot.calling.drafts import Ask, Closed, spoken_voice
from bot.calling.errors import (
    AlreadyDoneError,
    ExpiredError,
    NothingFoundError,
    PausedError,
    UsageError,
)
from bot.calling.launches import Asked, Defaults, Launched, Silent
from bot.calling.matching import news_of
from bot.calling.redial import REDIALLED, redial_of, still_to_redial
from bot.calling.repeats import Repeats
from bot.calling.saying import speaking
from bot.calling.summary import summary
from bot.calling.tracking import Pace
from bot.gateway.models import PlacedCall
from storage.models import (
    BatchState,
    CallStatus,
    DraftState,
    HoldReason,
    PauseReason,
    Person,
    Place,
    ReportKind,
    SubmissionState,
)
from storage.outcomes import CallOutcome
from storage.stores import Stores
from tests.calling.house import ANN, BEN, ROOM, VOICE, House, numbers
from tests.calling.switchboard import Answer, Post, accepted, cut, refuse
from tests.storage.making import add

C, S = CallStatus, SubmissionState
ONE, TWO, THREE, FOUR = numbers(4)


@pytest.fixture
def defaults() -> Defaults:
    """The gateway tries once, so that whatever it says of a call is final."""
    return Defaults(retry_count=0)


@pytest.fixture
def repeats(house: House) -> Repeats:
    """The service that is tested."""
    return Repeats(database=house.database, launches=house.launches)


def going(house: House, *statuses: str) -> Callable[[Post], Answer]:
    """An answer in which the calls have ended so, in their order."""

    def script(post: Post) -> Answer:
        pairs = zip(post.numbers, statuses, strict=True)
        return accepted([house.board.place(n, at=post.at, status=s) for n, s in pairs])

    return script


async def launched(house: House, *statuses: str) -> int:
    """A batch of so many numbers whose calls have ended so."""
    house.board.script.append(going(house, *statuses))
    batch_id = await house.launch(len(statuses))
    await house.step()
    return batch_id


async def draft_of(
    house: House, repeats: Repeats, batch_id: int, *statuses: CallStatus, by: Person = ANN
) -> Asked:
    """The draft of a redial; of all who were not reached by default."""
    asked = await repeats.redial(
        batch_id,
        statuses or REDIALLED,
        by=by,
        place=ROOM,
        asked_by=house.next_message(),
    )
    assert isinstance(asked, Asked)
    return asked


async def redialled(house: House, repeats: Repeats, batch_id: int, *statuses: str) -> int:
    """A redial of all who were not reached, whose calls have ended so."""
    asked = await draft_of(house, repeats, batch_id)
    house.board.script.append(going(house, *statuses))
    made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
    assert isinstance(made, Launched)
    await house.step()
    return made.batch_id


async def chain(house: House, batch_id: int) -> Chain | None:
    """What became of a chain, as it is recorded."""
    return await house.database.read(lambda tx: chain_of(tx, batch_id))


class TestDraft:
    async def test_all_four_ways(self, house: House, repeats: Repeats) -> None:
        """No answer, busy, expired and failed are offered with their counts; nobody else."""
        batch_id = await launched(
            house, "NO_ANSWER", "NORMAL", "USER_BUSY", "EXPIRED", "ERROR", "UNKNOWN", "NO_ANSWER"
        )
        found = await repeats.look(batch_id)
        assert found.counts == {C.NO_ANSWER: 2, C.USER_BUSY: 1, C.EXPIRED: 1, C.ERROR: 1}
        assert (found.answered, dict(found.elsewhere), found.left_out) == (0, {}, 0)

    async def test_a_draft_of_some_ways(self, house: House, repeats: Repeats) -> None:
        """Only the chosen ways are in the draft, with the batch's voice, text and options."""
        batch_id = await launched(house, "NO_ANSWER", "NORMAL", "USER_BUSY")
        asked = await draft_of(house, repeats, batch_id, C.USER_BUSY)
        content = asked.content
        assert content.numbers == (THREE,)
        assert content.asks == (Ask.REDIAL,)
        assert (content.repeats, content.retry_count) == (batch_id, 0)
        assert [post.numbers for post in house.board.posts] == [(ONE, TWO, THREE)]

    async def test_a_whole_batch_is_no_duplicate(self, house: House, repeats: Repeats) -> None:
        """Whoever redials all of a batch knows that it was launched minutes ago."""
        batch_id = await launched(house, "NO_ANSWER", "NO_ANSWER")
        asked = await draft_of(house, repeats, batch_id)
        assert asked.content.asks == (Ask.REDIAL,)
        assert asked.content.recent == ()
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)

    async def test_nobody_to_redial(self, house: House, repeats: Repeats) -> None:
        """All answered, a way that does not occur, no such batch: the button has expired."""
        answered = await launched(house, "NORMAL")
        busy = await launched(house, "USER_BUSY", "NORMAL")
        for batch_id, ways in ((answered, REDIALLED), (busy, (C.ERROR,)), (99, REDIALLED)):
            with pytest.raises(ExpiredError):
                await draft_of(house, repeats, batch_id, *ways)

    async def test_while_paused(self, house: House, repeats: Repeats) -> None:
        """No draft while launching is paused."""
        batch_id = await launched(house, "NO_ANSWER")
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        with pytest.raises(PausedError):
            await draft_of(house, repeats, batch_id)

    async def test_doubt_is_never_redialled(self, house: House, repeats: Repeats) -> None:
        """May have rung, not confirmed, refused and open calls are not part of a redial."""
        house.board.script.append(cut)
        unknown = await house.launch(1)
        await house.step()
        house.board.script.append(lambda post: house.board.accept(post, [TWO]))
        partly = await house.launch(2)
        await house.step()
        house.board.script.append(refuse)
        refused = await house.launch(3)
        await house.step()
        for batch_id in (unknown, partly, refused):
            with pytest.raises(ExpiredError):
                await repeats.look(batch_id)


class TestConfirm:
    async def test_the_follow_up(self, house: House, repeats: Repeats) -> None:
        """A batch of its own that remembers what it follows and why; each number rings once."""
        batch_id = await launched(house, "NO_ANSWER", "NORMAL", "USER_BUSY")
        second = await redialled(house, repeats, batch_id, "NORMAL", "NO_ANSWER")
        made = await house.batch(second)
        assert (made.follows, made.followed_as) == (batch_id, "redial")
        assert made.state is BatchState.FINISHED
        assert [p.numbers for p in house.board.posts] == [(ONE, TWO, THREE), (ONE, THREE)]

    async def test_names_go_along(self, house: House, repeats: Repeats) -> None:
        """Whose number it is stands in the follow-up, too."""
        content = house.launches.blank(
            voice="0" * 32, numbers=(ONE, TWO), names={TWO: "Ben", ONE: "Ann"}
        )
        asked = await house.launches.draft(
            content, by=ANN, place=ROOM, asked_by=house.next_message()
        )
        assert isinstance(asked, Asked)
        house.board.script.append(going(house, "NORMAL", "ERROR"))
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        await house.step()
        second = await redialled(house, repeats, made.batch_id, "NORMAL")
        assert [(c.number, c.name) for c in await house.calls(second)] == [(TWO, "Ben")]

    async def test_two_drafts_of_the_same(self, house: House, repeats: Repeats) -> None:
        """Two people redial the same: the second one's has nobody left, and says so."""
        batch_id = await launched(house, "NO_ANSWER", "USER_BUSY")
        anns = await draft_of(house, repeats, batch_id)
        bens = await draft_of(house, repeats, batch_id, by=BEN)
        await house.launches.confirm(anns.token, by=ANN, message_id=None)
        with pytest.raises(AlreadyDoneError):
            await house.launches.confirm(bens.token, by=BEN, message_id=None)
        closed = await house.database.read(lambda tx: tx.drafts.get(bens.token))
        assert closed is not None
        assert (closed.state, closed.closed_why) == (DraftState.CANCELLED, "reached")
        await house.step()
        assert [post.numbers for post in house.board.posts] == [(ONE, TWO), (ONE, TWO)]

    async def test_two_taps_at_once(self, house: House, repeats: Repeats) -> None:
        """A double tap on *Call 2* makes one follow-up."""
        batch_id = await launched(house, "NO_ANSWER", "USER_BUSY")
        asked = await draft_of(house, repeats, batch_id)
        results = await asyncio.gather(
            *(house.launches.confirm(asked.token, by=ANN, message_id=None) for _ in range(2)),
            return_exceptions=True,
        )
        assert {type(result) for result in results} == {Launched, AlreadyDoneError}
        assert len(await house.latest(9)) == 2

    async def test_who_was_reached_meanwhile_falls_out(
        self, house: House, repeats: Repeats
    ) -> None:
        """What is true when the draft is confirmed counts, not when it was shown."""
        batch_id = await launched(house, "NO_ANSWER", "USER_BUSY", "ERROR")
        asked = await draft_of(house, repeats, batch_id)
        late = PlacedCall(id=next(iter(house.board.calls)), status="NORMAL", number="09120000001")
        await house.database.write(
            lambda tx: endings.hear(tx, news_of(late), now=house.clock(), pace=Pace())
        )
        bens = await draft_of(house, repeats, batch_id, C.USER_BUSY, by=BEN)
        await house.launches.confirm(bens.token, by=BEN, message_id=None)
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        assert made.reached == 2
        assert [call.number for call in await house.calls(made.batch_id)] == [THREE]

    async def test_a_late_change_asks_again(self, house: House, repeats: Repeats) -> None:
        """Redialled meanwhile and not reached again: the card comes back and says so."""
        batch_id = await launched(house, "NO_ANSWER", "NO_ANSWER")
        asked = await draft_of(house, repeats, batch_id)
        await redialled(house, repeats, batch_id, "NO_ANSWER", "NO_ANSWER")
        again = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(again, Asked)
        assert len(await house.latest(9)) == 2

    async def test_what_was_read_in_the_transaction(self, house: House) -> None:
        """The order is that of the draft; numbers that were never in the batch are left out."""
        batch_id = await launched(house, "NO_ANSWER", "NORMAL", "USER_BUSY")
        still = await house.database.read(
            lambda tx: still_to_redial(tx, batch_id, (THREE, FOUR, TWO, ONE))
        )
        assert still == (THREE, ONE)
        assert await house.database.read(lambda tx: redial_of(tx, 99)) is None

    async def test_try_again_of_a_redial(self, house: House, repeats: Repeats) -> None:
        """A redial begins anew: what is tried again of it is not skipped for the first batch."""
        batch_id = await launched(house, "NO_ANSWER")
        asked = await draft_of(house, repeats, batch_id)
        house.board.script.append(refuse)
        second = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(second, Launched)
        await house.step()
        again = await house.try_again(second.batch_id)
        assert isinstance(again, Asked)
        third = await house.launches.confirm(again.token, by=ANN, message_id=None)
        assert isinstance(third, Launched)
        await house.step()
        assert [post.numbers for post in house.board.posts] == [(ONE,)] * 3
        with pytest.raises(ExpiredError):  # it is being called in the third one
            await repeats.look(batch_id)


class TestTryAgain:
    """*Redial* and *Try again* of one chain never call the same number for the same reason."""

    async def refused_redial(self, house: House, repeats: Repeats) -> tuple[int, int]:
        """A batch that reached nobody, and its redial, which the gateway has refused."""
        first = await launched(house, "NO_ANSWER", "NO_ANSWER")
        asked = await draft_of(house, repeats, first)
        house.board.script.append(refuse)
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        await house.step()
        return first, made.batch_id

    async def test_what_can_be_tried_again_is_not_redialled(
        self, house: House, repeats: Repeats
    ) -> None:
        """One way leads to each number: the refused redial's own *Try again*."""
        first, second = await self.refused_redial(house, repeats)
        with pytest.raises(ExpiredError):
            await draft_of(house, repeats, first)
        end = await house.database.read(lambda tx: summary(tx, first))
        assert end is not None
        assert end.redial == 0
        assert isinstance(await house.try_again(second, by=BEN), Asked)

    async def stray(self, house: House, first: int, count: int) -> int:
        """A redial beside the refused one, as an earlier version made it: all are reached."""

        def work(tx: Stores) -> int:
            return add(
                tx,
                numbers(count),
                voice=VOICE,
                follows=first,
                followed_as="redial",
                now=house.clock(),
            )

        batch_id = await house.database.write(work)
        house.board.script.append(going(house, *["NORMAL"] * count))
        await house.step()
        assert [call.status for call in await house.calls(batch_id)] == [C.NORMAL] * count
        return batch_id

    async def test_whom_another_redial_reached(self, house: House, repeats: Repeats) -> None:
        """A draft from before it finds nobody left, and no new one is made."""
        first, second = await self.refused_redial(house, repeats)
        again = await house.try_again(second, by=BEN)
        assert isinstance(again, Asked)
        await self.stray(house, first, 2)
        posts = len(house.board.posts)
        with pytest.raises(AlreadyDoneError):
            await house.launches.confirm(again.token, by=BEN, message_id=None)
        with pytest.raises(ExpiredError):
            await house.try_again(second, by=BEN)
        await house.step()
        assert len(house.board.posts) == posts

    async def test_who_is_left_is_tried_again(self, house: House, repeats: Repeats) -> None:
        """Only those whom no batch of the chain has called since; how many fell out is said."""
        first, second = await self.refused_redial(house, repeats)
        again = await house.try_again(second, by=BEN)
        assert isinstance(again, Asked)
        await self.stray(house, first, 1)
        made = await house.launches.confirm(again.token, by=BEN, message_id=None)
        assert isinstance(made, Launched)
        assert (made.fell_out, made.reached) == (0, 1)
        await house.step()
        assert house.board.posts[-1].numbers == (TWO,)

    async def test_the_claim_asks_once_more(self, house: House, repeats: Repeats) -> None:
        """Who answered after all, by a late word, is skipped by whatever was confirmed before."""
        first = await launched(house, "NO_ANSWER", "NO_ANSWER")
        late = PlacedCall(id=next(iter(house.board.calls)), status="NORMAL", number=ONE)
        asked = await draft_of(house, repeats, first)
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        await house.database.write(
            lambda tx: endings.hear(tx, news_of(late), now=house.clock(), pace=Pace())
        )
        await house.step()
        assert house.board.posts[-1].numbers == (TWO,)
        assert (await house.calls(made.batch_id))[0].status is C.SKIPPED


class TestEvidence:
    """An id that comes late holds a *Redial* of the same numbers, and cancels its drafts."""

    async def no_answer_at_last(self, house: House) -> tuple[int, int]:
        """The part that did not ring, they say, and its *Try again*, which reached nobody."""
        house.board.script.append(cut)
        first = await house.launch(2)
        await house.step()
        (doubtful,) = await house.submissions(first)
        await house.decisions.decide(doubtful.id, Verdict.DID_NOT_RING, by=ANN)
        again = await house.try_again(first)
        assert isinstance(again, Asked)
        house.board.script.append(going(house, "NO_ANSWER", "NO_ANSWER"))
        made = await house.launches.confirm(again.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        await house.step()
        return doubtful.id, made.batch_id

    async def test_a_redial_is_held(self, house: House, repeats: Repeats) -> None:
        """It waits for a person; sent on all the same, it skips whom the evidence may be about."""
        doubtful, second = await self.no_answer_at_last(house)
        asked = await draft_of(house, repeats, second)
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        posts = len(house.board.posts)
        await house.evidence.give(doubtful, "a" * 32, by=BEN)
        held = await house.batch(made.batch_id)
        assert (held.state, held.hold_reason) == (BatchState.HELD, HoldReason.EVIDENCE)
        await house.step()
        await house.decisions.send_rest(held.id, held.hold_no, by=ANN)
        await house.step()
        assert len(house.board.posts) == posts
        assert [call.status for call in await house.calls(held.id)] == [C.SKIPPED] * 2

    async def test_its_draft_is_cancelled(self, house: House, repeats: Repeats) -> None:
        """The card says why, and nothing comes of a press that was on its way."""
        doubtful, second = await self.no_answer_at_last(house)
        asked = await draft_of(house, repeats, second)
        other = await launched(house, "NO_ANSWER")
        beside = await draft_of(house, repeats, other)
        await house.evidence.give(doubtful, "a" * 32, by=BEN)
        closed = await house.database.read(lambda tx: tx.drafts.get(asked.token))
        assert closed is not None
        assert (closed.state, closed.closed_why) == (DraftState.CANCELLED, Closed.EVIDENCE)
        with pytest.raises(ExpiredError):
            await house.launches.confirm(asked.token, by=ANN, message_id=None)
        made = await house.launches.confirm(beside.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)


class TestChain:
    async def test_no_follow_up(self, house: House) -> None:
        """A batch alone has no merged result."""
        assert await chain(house, await launched(house, "NORMAL", "NO_ANSWER")) is None

    async def test_the_best_over_all(self, house: House, repeats: Repeats) -> None:
        """Every batch of the chain tells the same: each number by its best call."""
        first = await launched(house, "NO_ANSWER", "NORMAL", "USER_BUSY", "ERROR")
        second = await redialled(house, repeats, first, "NORMAL", "NO_ANSWER", "EXPIRED")
        third = await redialled(house, repeats, second, "NO_ANSWER", "NORMAL")
        found = [await chain(house, one) for one in (first, second, third)]
        assert found == [found[0]] * 3
        assert found[0] is not None
        assert (found[0].first, found[0].batches, found[0].numbers) == (first, 3, 4)
        assert found[0].answered == 3
        assert found[0].outcomes == {CallOutcome(C.NORMAL): 3, CallOutcome(C.NO_ANSWER): 1}

    async def test_what_is_still_open_counts_before_what_failed(
        self, house: House, repeats: Repeats
    ) -> None:
        """While a follow-up waits, its number is waiting, not *no answer*."""
        first = await launched(house, "NO_ANSWER")
        await redialled(house, repeats, first, "WAITING")
        found = await chain(house, first)
        assert found is not None
        assert found.outcomes == {CallOutcome(C.WAITING): 1}

    def test_every_outcome_has_its_place(self) -> None:
        """Whatever a number can be has a rank, once."""
        known = {CallOutcome(s) for s in C if s is not C.PLANNED}
        known |= {CallOutcome(C.PLANNED, state) for state in S}
        assert set(BEST) == known
        assert len(BEST) == len(known)

    async def test_the_summary(self, house: House, repeats: Repeats) -> None:
        """An end tells of the chain, and how many can be redialled now."""
        first = await launched(house, "NO_ANSWER", "USER_BUSY")
        alone = await house.database.read(lambda tx: summary(tx, first))
        assert alone is not None
        assert (alone.chain, alone.redial) == (None, 2)
        second = await redialled(house, repeats, first, "NORMAL", "NO_ANSWER")
        ends = [await house.database.read(lambda tx, i=i: summary(tx, i)) for i in (first, second)]  # type: ignore[misc]  # bound now
        assert [end and end.redial for end in ends] == [1, 1]
        assert [end and end.chain and end.chain.answered for end in ends] == [1, 1]
        assert ends[0] is not None
        assert ends[0].view.redials == (second,)

    async def test_the_end_of_a_follow_up_changes_what_the_first_tells(
        self, house: House, repeats: Repeats
    ) -> None:
        """Made, ended, corrected: each time the first batch is shown anew."""
        first = await launched(house, "NO_ANSWER")
        before = (await house.batch(first)).revision
        second = await redialled(house, repeats, first, "WAITING")
        made = (await house.batch(first)).revision
        assert made > before
        call = (await house.calls(second))[0]

        async def hear(word: str) -> int:
            said = news_of(PlacedCall(id=call.gateway_id or "", status=word, number="0912"))
            await house.database.write(
                lambda tx: endings.hear(tx, said, now=house.clock(), pace=Pace())
            )
            return (await house.batch(first)).revision

        ended = await hear("NO_ANSWER")
        assert ended > made
        end = await house.database.read(lambda tx: tx.reports.get(second, ReportKind.END))
        assert end is not None
        assert await hear("NO_ANSWER") == ended
        assert await hear("NORMAL") > ended


class TestAgain:
    async def test_the_same_again(self, house: House, repeats: Repeats) -> None:
        """Same voice, numbers, options, list and names; nothing is launched."""
        content = house.launches.blank(
            voice="0" * 32,
            voice_name="Shift",
            numbers=(ONE, TWO),
            names={ONE: "Ann"},
            server_id="7",
            retry_count=2,
        )
        asked = await house.launches.draft(
            content, by=ANN, place=ROOM, asked_by=house.next_message()
        )
        assert isinstance(asked, Asked)
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        again = await repeats.again(by=BEN, place=ROOM, asked_by="message:1:1", update_id=1)
        assert isinstance(again, Asked)
        found = again.content
        assert (found.voice, found.voice_name, found.numbers) == ("0" * 32, "Shift", (ONE, TWO))
        assert (found.names, found.server_id, found.retry_count) == ({ONE: "Ann"}, "7", 2)
        assert (found.asks, found.repeats, found.may_ring) == ((Ask.AGAIN,), made.batch_id, 2)
        assert len(await house.latest(9)) == 1
        twice = await repeats.again(by=BEN, place=ROOM, asked_by="message:1:1", update_id=1)
        assert twice == Silent()

    async def test_who_may_still_ring(self, house: House, repeats: Repeats) -> None:
        """Open and doubtful calls may; those that have ended may not."""
        await launched(house, "NORMAL", "WAITING", "NO_ANSWER")
        again = await repeats.again(by=ANN, place=ROOM, asked_by="message:1:1", update_id=1)
        assert isinstance(again, Asked)
        assert again.content.may_ring == 1
        house.board.script.append(cut)
        await house.launch(2, first=7)
        await house.step()
        again = await repeats.again(by=ANN, place=ROOM, asked_by="message:1:2", update_id=2)
        assert isinstance(again, Asked)
        assert again.content.may_ring == 2

    async def test_of_this_topic_alone(self, house: House, repeats: Repeats) -> None:
        """What was launched elsewhere is not repeated here."""
        await launched(house, "NORMAL")
        for place in (Place(chat_id=ROOM.chat_id, thread_id=9), Place(chat_id=5)):
            with pytest.raises(NothingFoundError):
                await repeats.again(by=ANN, place=place, asked_by="message:1:1", update_id=1)

    async def test_redacted_numbers_are_gone(self, house: House, repeats: Repeats) -> None:
        """A batch of which no number is left cannot be repeated, and why is said."""
        await launched(house, "NORMAL", "NORMAL")
        await house.database.write(
            lambda tx: tx.db.execute(
                "UPDATE calls SET number = '#' || hex(randomblob(16))"
            ).close()
        )
        with pytest.raises(UsageError, match=r"^redacted$"):
            await repeats.again(by=ANN, place=ROOM, asked_by="message:1:1", update_id=1)


class TestSpoken:
    async def test_a_text_goes_to_its_own_endpoint(self, house: House) -> None:
        """The text is sent as it was confirmed, in every part, and no voice id with it."""
        content = house.launches.blank(
            voice=spoken_voice("Salaam"), spoken="Salaam", numbers=numbers(101)
        )
        asked = await house.launches.draft(
            content, by=ANN, place=ROOM, asked_by=house.next_message()
        )
        assert isinstance(asked, Asked)
        made = await house.launches.confirm(asked.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        await house.step()
        await house.step()
        assert [post.path for post in house.board.posts] == ["/api/v2/voice/batch/tts"] * 2
        for post in house.board.posts:
            assert post.sent["text"] == "Salaam"
            assert "voiceId" not in post.sent
        batch = await house.batch(made.batch_id)
        assert (batch.spoken, batch.voice) == ("Salaam", spoken_voice("Salaam"))

    async def test_again_and_redial_say_the_same(self, house: House, repeats: Repeats) -> None:
        """A spoken batch is repeated with its text."""
        content = house.launches.blank(voice=None, numbers=(ONE,))
        asked = await house.launches.draft(
            content, by=ANN, place=ROOM, asked_by=house.next_message()
        )
        assert isinstance(asked, Asked)
        spoken = await house.launches.change(asked.token, speaking("Salaam"), by=ANN)
        house.board.script.append(going(house, "NO_ANSWER"))
        made = await house.launches.confirm(spoken.token, by=ANN, message_id=None)
        assert isinstance(made, Launched)
        await house.step()
        again = await repeats.again(by=ANN, place=ROOM, asked_by="message:1:1", update_id=1)
        redial = await draft_of(house, repeats, made.batch_id)
        assert isinstance(again, Asked)
        assert again.content.spoken == redial.content.spoken == "Salaam"
        await house.launches.confirm(redial.token, by=ANN, message_id=None)
        await house.step()
        assert [post.sent["text"] for post in house.board.posts] == ["Salaam"] * 2

    async def test_too_many(self, house: House) -> None:
        """More numbers than are allowed make no draft."""
        content = house.launches.blank(
            voice=spoken_voice("x"), spoken="x", numbers=numbers(house.launches.max_numbers + 1)
        )
        with pytest.raises(UsageError):
            await house.launches.draft(content, by=ANN, place=ROOM, asked_by="message:1:1")
