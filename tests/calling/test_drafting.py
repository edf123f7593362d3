"""Drafts: made, changed, added to, looked at and called first; nothing is launched twice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.calling.drafts import KEPT, LIFETIME, Ask, Closed, Content
from bot.calling.errors import (
    AlreadyDoneError,
    CallingError,
    DrainingError,
    ExpiredError,
    NotYoursError,
    NumberUnknownError,
    PausedError,
    UsageError,
)
from bot.calling.launches import Asked, Defaults, Launched, Silent
from bot.calling.lists import Given
from bot.calling.numbers import Reason, Uncallable
from bot.calling.pieces import regathered
from bot.calling.problems import Problem
from storage.errors import DatabaseBusyError
from storage.models import Draft, DraftState, PauseReason, Person, SubmissionState
from tests.calling.house import ANN, BEN, ROOM, VOICE, Fault, House, numbers
from tests.calling.switchboard import refuse

OWN = "+989129999999"


@pytest.fixture
def defaults() -> Defaults:
    """Four numbers in a launch that nobody is asked about, ten at most."""
    return Defaults(retry_count=3, server_id="d1", confirm_above=4, max_numbers=10)


def same(content: Content) -> Content:
    """No change."""
    return content


def called(voice: str) -> Callable[[Content], Content]:
    """The change that chooses a voice."""
    return lambda content: replace(content, voice=voice)


async def draft(house: House, count: int = 2, voice: str | None = VOICE) -> Asked:
    """Ann's draft of so many numbers."""
    asked = await house.launches.draft(
        house.launches.blank(voice=voice, numbers=numbers(count)),
        by=ANN,
        place=ROOM,
        asked_by=house.next_message(),
    )
    assert isinstance(asked, Asked)
    return asked


async def recorded(house: House, draft_id: int = 1) -> Draft:
    """A draft as it is recorded."""
    found = await house.database.read(lambda tx: tx.drafts.by_id(draft_id))
    assert found is not None
    return found


async def share(house: House, number: str = OWN, person: Person = ANN) -> None:
    """This person's own number is known."""
    await house.database.write(lambda tx: tx.choices.share_number(person.id, number))


class TestDraft:
    async def test_never_a_launch(self, house: House) -> None:
        """One number with a voice is a draft, too, with the settings filled in."""
        asked = await draft(house, 1)
        assert (asked.content.retry_count, asked.content.server_id) == (3, "d1")
        assert await house.latest(1) == []
        assert (await recorded(house)).expires_at == house.clock() + LIFETIME

    async def test_voices_to_choose(self, house: House) -> None:
        """A draft without a voice brings those that there are, last used first."""
        for name in ("a", "b"):
            await house.database.write(
                lambda tx, n=name: tx.voices.add(n * 32, n, n, by=ANN, now=house.clock())  # type: ignore[misc]
            )
        await house.database.write(lambda tx: tx.voices.used("a" * 32, house.clock() + 1))
        asked = await draft(house, voice=None)
        assert [voice.name for voice in asked.voices] == ["a", "b"]
        assert (await draft(house)).voices == ()

    async def test_the_same_message_again(self, house: House) -> None:
        """It made its draft before, and makes no second one."""
        content = house.launches.blank(numbers=numbers(1))
        results = [
            await house.launches.draft(content, by=ANN, place=ROOM, asked_by="message:1:1")
            for _ in range(2)
        ]
        assert isinstance(results[0], Asked)
        assert results[1] == Silent()

    async def test_an_update_that_was_seen(self, house: House) -> None:
        """The mark is made with the draft; the same update makes nothing more."""
        content = house.launches.blank(numbers=numbers(1))
        results = [
            await house.launches.draft(content, by=ANN, place=ROOM, asked_by=name, update_id=9)
            for name in ("message:1:1", "message:1:2")
        ]
        assert [type(result) for result in results] == [Asked, Silent]

    @pytest.mark.parametrize(
        ("count", "problem"), [(0, Problem.NOTHING_CALLABLE), (11, Problem.TOO_MANY)]
    )
    async def test_refused(self, house: House, count: int, problem: Problem) -> None:
        """None, or more than one batch may have."""
        with pytest.raises(UsageError) as raised:
            await draft(house, count)
        assert raised.value.problem is problem

    async def test_while_paused_or_draining(self, house: House) -> None:
        """The reason is the answer, and nothing is recorded."""
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        with pytest.raises(PausedError):
            await draft(house)
        house.launches.draining = True
        with pytest.raises(DrainingError):
            await draft(house)

    async def test_a_duplicate(self, house: House) -> None:
        """Launched a moment ago with the same voice and numbers: the card says so."""
        await house.call(*numbers(2))
        await house.step()
        asked = await draft(house)
        assert asked.content.asks == (Ask.DUPLICATE,)
        assert asked.content.duplicate_of == 1
        other = await house.launches.change(asked.token, called("1" * 32), by=ANN)
        assert (other.content.asks, other.content.duplicate_of) == ((), None)


class TestChange:
    async def test_a_new_token(self, house: House) -> None:
        """Buttons of what it was are stale; it has 15 minutes from now on."""
        asked = await draft(house, voice=None)
        await house.pass_time(600)
        changed = await house.launches.change(asked.token, called(VOICE), by=ANN)
        assert (changed.draft_id, changed.content.voice) == (asked.draft_id, VOICE)
        assert (await recorded(house)).expires_at == house.clock() + LIFETIME
        with pytest.raises(ExpiredError):
            await house.launches.change(asked.token, same, by=ANN)
        with pytest.raises(ExpiredError):
            await house.launches.confirm(asked.token, by=ANN, message_id=1)
        with pytest.raises(ExpiredError):
            await house.launches.look(asked.token, by=ANN)

    async def test_who_got_it_lately_follows_the_voice(self, house: House) -> None:
        """The warnings are those of the content that it has now."""
        await house.launch(2)
        await house.step()
        asked = await draft(house, 3, voice=None)
        assert asked.content.recent == ()
        changed = await house.launches.change(asked.token, called(VOICE), by=ANN)
        assert changed.content.recent == numbers(2)

    @pytest.mark.parametrize("count", [0, 11])
    async def test_refused(self, house: House, count: int) -> None:
        """What cannot be launched is not kept: the draft stays as it was."""
        asked = await draft(house)
        with pytest.raises(UsageError):
            await house.launches.change(
                asked.token, lambda content: replace(content, numbers=numbers(count)), by=ANN
            )
        assert (await house.launches.look(asked.token, by=ANN)).content == asked.content

    async def test_somebody_else(self, house: House) -> None:
        """Only its author looks at it or changes it."""
        asked = await draft(house)
        for deed in (
            house.launches.change(asked.token, same, by=BEN),
            house.launches.look(asked.token, by=BEN),
            house.launches.add(asked.draft_id, same, by=BEN),
            house.launches.check_first(asked.token, by=BEN),
        ):
            with pytest.raises(NotYoursError):
                await deed

    async def test_what_is_over(self, house: House) -> None:
        """Expired, cancelled, confirmed, or no draft at all."""
        launches = house.launches
        old = await draft(house)
        await house.pass_time(LIFETIME)
        cancelled, confirmed = await draft(house), await draft(house)
        await launches.cancel(cancelled.token, by=ANN)
        await launches.confirm(confirmed.token, by=ANN, message_id=1)
        for token, error in (
            (old.token, ExpiredError),
            (cancelled.token, ExpiredError),
            (confirmed.token, AlreadyDoneError),
            ("nothing", ExpiredError),
        ):
            with pytest.raises(error):
                await launches.change(token, same, by=ANN)
        with pytest.raises(AlreadyDoneError):
            await launches.add(confirmed.draft_id, same, by=ANN)

    async def test_change_and_confirm_at_once(self, house: House) -> None:
        """One of the two comes first; what is launched is what was shown."""
        for _ in range(5):
            asked = await draft(house, 3)
            results = await asyncio.gather(
                house.launches.change(
                    asked.token, lambda content: content.without(numbers(1)), by=ANN
                ),
                house.launches.confirm(asked.token, by=ANN, message_id=1),
                return_exceptions=True,
            )
            launched = [one for one in results if isinstance(one, Launched)]
            refused = [one for one in results if isinstance(one, CallingError)]
            assert len(launched) + len(refused) >= 1
            for one in launched:
                assert (await house.batch(one.batch_id)).numbers == 3

    async def test_a_try_again_is_not_changed(self, house: House) -> None:
        """What surely did not ring is taken as it is."""
        house.board.script.append(lambda p: refuse(p, 400, "no"))
        batch_id = await house.launch(1)
        await house.step()
        asked = await house.try_again(batch_id)
        assert isinstance(asked, Asked)
        with pytest.raises(ExpiredError):
            await house.launches.change(asked.token, same, by=ANN)
        with pytest.raises(ExpiredError):
            await house.launches.check_first(asked.token, by=ANN)


class TestAdd:
    async def test_by_its_id(self, house: House) -> None:
        """Whatever its buttons name by now; they are stale afterwards."""
        asked = await draft(house, 1)
        chosen = await house.launches.change(asked.token, called("1" * 32), by=ANN)
        more = await house.launches.add(
            asked.draft_id, lambda content: replace(content, numbers=numbers(3)), by=ANN
        )
        assert (more.content.voice, more.content.numbers) == ("1" * 32, numbers(3))
        with pytest.raises(ExpiredError):
            await house.launches.confirm(chosen.token, by=ANN, message_id=1)

    async def test_too_many(self, house: House) -> None:
        """Half of it must not be called: the draft is cancelled at the same time."""
        asked = await draft(house, 6)
        with pytest.raises(UsageError) as raised:
            await house.launches.add(
                asked.draft_id, lambda content: replace(content, numbers=numbers(11)), by=ANN
            )
        assert raised.value.problem is Problem.TOO_MANY
        found = await recorded(house)
        assert (found.state, found.closed_why) == (DraftState.CANCELLED, Closed.PERSON)
        assert await house.database.read(lambda tx: tx.drafts.to_show_closed()) == []
        with pytest.raises(ExpiredError):
            await house.launches.confirm(asked.token, by=ANN, message_id=1)


async def test_of_much_that_cannot_be_called_the_beginning_is_kept(house: House) -> None:
    """The card goes on counting all of it, however often the draft is changed."""
    bad = tuple(
        Uncallable(text=f"x{line}", line=line, reason=Reason.LETTERS) for line in range(1, 5001)
    )
    content = house.launches.blank(voice=VOICE, numbers=numbers(3), uncallable=bad)
    asked = await house.launches.draft(content, by=ANN, place=ROOM, asked_by="message:1:1")
    assert isinstance(asked, Asked)
    assert asked.content.uncallable == bad
    for _ in range(2):
        asked = await house.launches.change(
            asked.token, lambda content: content.without({content.numbers[0]}), by=ANN
        )
    assert asked.content.uncallable == bad[:KEPT]
    assert asked.content.uncallable_more == 5000 - KEPT
    assert len((await recorded(house)).content) < 20_000


class TestFirst:
    async def test_a_batch_of_its_own(self, house: House) -> None:
        """The author's number alone; the draft stays open for another 15 minutes, without it."""
        await share(house, numbers(1)[0])
        asked = await draft(house, 3)
        await house.pass_time(600)
        launched, left = await house.launches.first(asked.token, by=ANN)
        assert [call.number for call in await house.calls(launched.batch_id)] == list(numbers(1))
        assert left.content.numbers == numbers(2, first=2)
        assert left.content.first == launched.batch_id
        assert (await recorded(house)).expires_at == house.clock() + LIFETIME
        await house.step()
        confirmed = await house.launches.confirm(left.token, by=ANN, message_id=1)
        assert isinstance(confirmed, Launched)
        await house.step()
        sent = [number for post in house.board.posts for number in post.numbers]
        assert sent == list(numbers(3))

    async def test_once_a_draft(self, house: House) -> None:
        """The card that is shown after it has no such button, and a forged press is refused."""
        await share(house)
        asked = await draft(house, 3)
        _, left = await house.launches.first(asked.token, by=ANN)
        for again in (
            house.launches.check_first(left.token, by=ANN),
            house.launches.first(left.token, by=ANN),
        ):
            with pytest.raises(ExpiredError):
                await again
        assert len(await house.latest(9)) == 1

    async def test_a_number_that_is_not_in_the_draft(self, house: House) -> None:
        """Everybody of the draft stays in it."""
        await share(house)
        asked = await draft(house, 3)
        launched, left = await house.launches.first(asked.token, by=ANN)
        assert [call.number for call in await house.calls(launched.batch_id)] == [OWN]
        assert left.content.numbers == numbers(3)

    async def test_a_later_piece_brings_nobody_back(self, house: House) -> None:
        """Who was called first is not called again, where what joins the draft holds them."""
        await share(house)
        asked = await draft(house, 1)
        launched, left = await house.launches.first(asked.token, by=ANN)
        assert left.content.first_number == OWN
        given = Given(numbers=(*numbers(1), OWN, *numbers(1, first=2)))
        change = regathered(numbers(1), given)
        added = await house.launches.add(left.draft_id, change, by=ANN)
        assert added.content.numbers == numbers(2)
        assert (added.content.first, added.content.first_number) == (launched.batch_id, OWN)

    async def test_five_taps(self, house: House) -> None:
        """One of them calls; to the others the button is stale."""
        await share(house)
        asked = await draft(house, 3)
        results = await asyncio.gather(
            *(house.launches.first(asked.token, by=ANN) for _ in range(5)), return_exceptions=True
        )
        assert sum(isinstance(result, tuple) for result in results) == 1
        assert sum(isinstance(result, ExpiredError) for result in results) == 4
        assert len(await house.latest(10)) == 1

    async def test_first_and_confirm_at_once(self, house: House) -> None:
        """The number is not called by both."""
        await share(house, numbers(1)[0])
        asked = await draft(house, 3)
        await asyncio.gather(
            house.launches.first(asked.token, by=ANN),
            house.launches.confirm(asked.token, by=ANN, message_id=1),
            return_exceptions=True,
        )
        for _ in range(3):
            await house.step()
        sent = [number for post in house.board.posts for number in post.numbers]
        assert sent.count(numbers(1)[0]) == 1

    async def test_without_a_number(self, house: House) -> None:
        """It has to be shared first; somebody else's does not count."""
        await share(house, person=BEN)
        asked = await draft(house, 3)
        for deed in (
            house.launches.check_first(asked.token, by=ANN),
            house.launches.first(asked.token, by=ANN),
        ):
            with pytest.raises(NumberUnknownError):
                await deed

    async def test_nobody_else(self, house: House) -> None:
        """A draft of the own number alone has nobody to call afterwards."""
        await share(house, numbers(1)[0])
        asked = await draft(house, 1)
        with pytest.raises(UsageError) as raised:
            await house.launches.check_first(asked.token, by=ANN)
        assert raised.value.problem is Problem.ONLY_YOU

    async def test_without_a_voice(self, house: House) -> None:
        """There is nothing to hear."""
        await share(house)
        asked = await draft(house, 3, voice=None)
        with pytest.raises(ExpiredError):
            await house.launches.first(asked.token, by=ANN)

    async def test_while_paused(self, house: House) -> None:
        """Told before the press is answered, and by the deed itself."""
        await share(house)
        asked = await draft(house, 3)
        await house.launches.check_first(asked.token, by=ANN)
        await house.database.write(
            lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
        )
        for deed in (
            house.launches.check_first(asked.token, by=ANN),
            house.launches.first(asked.token, by=ANN),
        ):
            with pytest.raises(PausedError):
                await deed
        assert await house.latest(1) == []

    @pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER])
    async def test_a_commit_that_raises(self, house: House, fault: Fault) -> None:
        """The record itself says whether it was made."""
        await share(house)
        asked = await draft(house, 3)
        house.database.faults.append(fault)
        if fault is Fault.BEFORE:
            with pytest.raises(DatabaseBusyError):
                await house.launches.first(asked.token, by=ANN)
            assert await house.latest(1) == []
        else:
            launched, left = await house.launches.first(asked.token, by=ANN)
            assert left.content.first == launched.batch_id
        await house.step()
        await house.step()
        assert len(house.board.posts) == (1 if fault is Fault.AFTER else 0)
        states = [s for b in await house.latest(9) for s in await house.states(b.id)]
        assert SubmissionState.UNKNOWN not in states


# Made again


async def expired(house: House, **content: object) -> Asked:
    """Ann's draft, 15 minutes later."""
    made = await house.launches.draft(
        house.launches.blank(**({"voice": VOICE, "numbers": numbers(2)} | content)),
        by=ANN,
        place=ROOM,
        asked_by=house.next_message(),
    )
    assert isinstance(made, Asked)
    house.clock.jump(LIFETIME)
    await house.database.write(lambda tx: tx.drafts.expire(house.clock()))
    return made


async def test_made_again(house: House) -> None:
    """Another draft of the same content, for another 15 minutes; once, and for its author."""
    old = await expired(house, asks=(Ask.MANY, Ask.DUPLICATE), names={numbers(1)[0]: "Ali"})
    with pytest.raises(NotYoursError):
        await house.launches.remake(old.token, by=BEN)
    asked = await house.launches.remake(old.token, by=ANN)
    assert asked.token != old.token
    assert asked.content == replace(old.content, asks=(Ask.MANY,))
    made = await house.database.read(lambda tx: tx.drafts.get(asked.token))
    assert made is not None
    assert (made.state, made.expires_at) == (DraftState.OPEN, house.clock() + LIFETIME)
    with pytest.raises(ExpiredError):
        await house.launches.remake(old.token, by=ANN)


async def test_what_is_not_made_again(house: House) -> None:
    """What is open, cancelled or none, and nothing while launching is paused."""
    asked = await draft(house)
    for token in (asked.token, "none"):
        with pytest.raises(ExpiredError):
            await house.launches.remake(token, by=ANN)
    await house.launches.cancel(asked.token, by=ANN)
    with pytest.raises(ExpiredError):
        await house.launches.remake(asked.token, by=ANN)
    old = await expired(house)
    await house.database.write(
        lambda tx: tx.pauses.begin(PauseReason.UNAUTHORISED, "HTTP 401", house.clock())
    )
    with pytest.raises(PausedError):
        await house.launches.remake(old.token, by=ANN)


# More than one batch may have


async def test_kept_for_a_list(house: House) -> None:
    """It can be looked at and made again, and nothing launches it or gives it a voice."""
    content = house.launches.blank(voice=VOICE, numbers=numbers(11), above=10)
    asked = await house.launches.keep(content, by=ANN, place=ROOM, asked_by=house.next_message())
    assert (await house.launches.look(asked.token, by=ANN)).content.numbers == numbers(11)
    with pytest.raises(UsageError):
        await house.launches.change(asked.token, called(VOICE), by=ANN)
    with pytest.raises(ExpiredError):
        await house.launches.confirm(asked.token, by=ANN, message_id=1)
    house.clock.jump(LIFETIME)
    await house.database.write(lambda tx: tx.drafts.expire(house.clock()))
    again = await house.launches.remake(asked.token, by=ANN)
    assert (again.content.voice, again.content.above) == (None, 10)
