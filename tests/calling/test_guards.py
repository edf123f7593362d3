"""Who got this voice lately, and what a launch may cost."""

import pytest

from bot.calling import guards
from bot.calling.drafts import Content, Estimate
from bot.calling.launches import Asked, Defaults
from storage.models import CallStatus
from tests.calling.courses import Course
from tests.calling.house import ANN, ROOM, VOICE, House, numbers
from tests.calling.switchboard import cut, not_connected, refuse

OTHER = "1" * 32
DAY = 86400.0


@pytest.fixture
def defaults() -> Defaults:
    """Nothing is asked, so that batches are quickly made."""
    return Defaults(confirm_above=100, per_post=10)


async def warned(
    house: House, count: int = 4, *, voice: str | None = VOICE, follows: int | None = None
) -> Content:
    """A draft of so many numbers as its author sees it."""
    asked = await house.launches.draft(
        house.launches.blank(voice=voice, numbers=numbers(count)),
        by=ANN,
        place=ROOM,
        asked_by=house.next_message(),
        follows=follows,
    )
    assert isinstance(asked, Asked)
    return asked.content


async def over(house: House, count: int, seconds: int, first: int = 1) -> int:
    """A batch whose calls were all answered for so many seconds, at 2.85 Toman a second."""
    batch_id = await house.launch(count, first)
    await house.step()
    for call in await house.calls(batch_id):
        assert call.gateway_id is not None
        course = Course(queued=1.0, tries=(("NORMAL", float(seconds)),))
        house.board.courses[call.gateway_id] = course
    async with house.following():
        await house.pass_time(400)
    assert {c.status for c in await house.calls(batch_id)} == {CallStatus.NORMAL}
    return batch_id


class TestLately:
    async def test_accepted(self, house: House) -> None:
        """Whose call the gateway has taken, in the order of the draft."""
        await house.launch(2, first=2)
        await house.step()
        assert (await warned(house)).recent == numbers(2, first=2)

    async def test_may_have_rung(self, house: House) -> None:
        """An unknown counts, and so does one that was left; what surely did not ring does not."""
        house.board.script.append(cut)
        await house.launch(1)
        await house.step()
        assert (await warned(house)).recent == numbers(1)
        house.board.script.append(lambda p: refuse(p, 400, "no"))
        await house.launch(1, first=2)
        house.board.script.extend([not_connected] * 3)
        await house.launch(1, first=3)
        for _ in range(4):
            await house.step()
            await house.pass_time(11)
        assert (await warned(house)).recent == numbers(1)

    async def test_what_waits_to_be_sent(self, house: House) -> None:
        """It will get the voice in a moment, or when its batch goes on; not once it is stopped."""
        batch_id = await house.launch(2)
        assert (await warned(house)).recent == numbers(2)
        await house.decisions.hold(batch_id, by=ANN)
        assert (await warned(house)).recent == numbers(2)
        await house.decisions.stop(batch_id, by=ANN)
        assert (await warned(house)).recent == ()

    async def test_another_voice(self, house: House) -> None:
        """A call with another voice is no reason to warn; nor is a draft without one."""
        await house.launch(2)
        await house.step()
        assert (await warned(house, voice=OTHER)).recent == ()
        assert (await warned(house, voice=None)).recent == ()

    async def test_for_a_day(self, house: House) -> None:
        """24 hours after the call it is forgotten, and not before."""
        await house.launch(2)
        await house.step()
        house.clock.jump(DAY - 1)
        assert (await warned(house)).recent == numbers(2)
        house.clock.jump(2)
        assert (await warned(house)).recent == ()

    async def test_a_follow_up(self, house: House) -> None:
        """What it follows, and what was before, does not count; what came after does."""
        await house.launch(1, first=1)
        followed = await house.launch(1, first=2)
        await house.launch(1, first=3)
        for _ in range(3):
            await house.step()
        assert (await warned(house, follows=followed)).recent == numbers(1, first=3)
        assert (await warned(house)).recent == numbers(3)

    async def test_called_between_draft_and_confirm(self, house: House) -> None:
        """Confirming shows the card again, with who got it meanwhile; then it launches."""
        asked = await house.launches.draft(
            house.launches.blank(voice=VOICE, numbers=numbers(3)),
            by=ANN,
            place=ROOM,
            asked_by="message:1:1",
        )
        assert isinstance(asked, Asked)
        await house.launch(1)
        await house.step()
        again = await house.launches.confirm(asked.token, by=ANN, message_id=1)
        assert isinstance(again, Asked)
        assert again.content.recent == numbers(1)
        assert not isinstance(
            await house.launches.confirm(again.token, by=ANN, message_id=1), Asked
        )


class TestEstimate:
    async def test_none_yet(self, house: House) -> None:
        """Without a past batch, or while its calls are open, nothing is estimated."""
        assert (await warned(house)).estimate is None
        await house.launch(2)
        await house.step()
        assert (await warned(house)).estimate is None

    async def test_mean_and_range(self, house: House) -> None:
        """Count times the mean cost per number; the range is that of the single batches."""
        await over(house, 1, 10)
        await over(house, 3, 20, first=10)
        assert (await warned(house, 4)).estimate == Estimate(
            mean=199_500, low=114_000, high=228_000, batches=2
        )

    async def test_the_last_five(self, house: House) -> None:
        """Older ones do not count, nor those with another voice."""
        await over(house, 1, 100)
        for n in range(5):
            await over(house, 1, 10, first=10 + n)
        assert (await warned(house, 2)).estimate == Estimate(
            mean=57_000, low=57_000, high=57_000, batches=5
        )
        assert (await warned(house, 2, voice=OTHER)).estimate is None

    async def test_the_rule_by_itself(self, house: House) -> None:
        """`estimate` reads nothing but the past of the voice."""
        await over(house, 2, 10)
        found = await house.database.read(lambda tx: guards.estimate(tx, VOICE, 1))
        assert found == Estimate(mean=28_500, low=28_500, high=28_500, batches=1)
