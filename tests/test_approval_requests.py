"""How requests for a second person reach those who may give one, whatever Telegram says to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.boards.approvals import ApprovalRequests
from bot.boards.pace import Paces
from bot.calling import approvals
from bot.calling.drafts import Closed, Content
from bot.calling.results import Defaults
from bot.calling.rights import Rights
from bot.messenger import Messenger
from sandbox.telegram import Chat, Person, Refused, flooded
from storage.models import ApprovalAsk, Draft, DraftKind, NewDraft, Place
from storage.models import Person as Author
from storage.stores import Stores
from tests.board_rig import ENGLISH, VOICE, Rig, open_rig

ODD = Refused(400, "Bad Request: we do not like it")
ASKS = "👥 Bob asks for a second person: call one number? Nothing is sent yet."


@dataclass(slots=True)
class Desk:
    """The worker on the clock of a rig; Sara is an admin, Bob asks."""

    rig: Rig
    worker: ApprovalRequests

    @classmethod
    def at(cls, rig: Rig, admins: frozenset[int] | None = None) -> "Desk":
        """One that remembers nothing, as after a restart."""
        known = frozenset({rig.sara.id}) if admins is None else admins
        worker = ApprovalRequests(
            database=rig.database,
            messenger=Messenger(rig.bot),
            rights=Rights(known, frozenset(), rig.database),
            defaults=Defaults(),
            language=ENGLISH,
            signals=rig.signals,
            paces=Paces(lambda: rig.now),
            clock=lambda: rig.now,
        )
        return cls(rig, worker)

    async def wait(self, chat: Person | Chat) -> Draft:
        """A draft of Bob's in this chat that waits; it has no message yet."""
        self.rig.made += 1
        content = Content(voice=VOICE, retry_count=1, server_id=None, numbers=("+989120000001",))
        new = NewDraft(
            token=f"token{self.rig.made}",
            kind=DraftKind.CALL,
            asked_by=f"message:{self.rig.made}",
            author=Author(id=77, name="Bob"),
            place=Place(chat_id=chat.id),
            content=content.dump(),
            created_at=self.rig.now,
            expires_at=self.rig.now + 900,
        )

        def work(tx: Stores) -> Draft:
            draft = tx.drafts.by_id(tx.drafts.create(new))
            assert draft is not None
            approvals.wait(tx, draft, content, self.rig.now)
            return draft

        return await self.rig.database.write(work)

    async def give(self, person: Person, role: str, *, suspended: bool = False) -> None:
        """Give a person a role, or suspend them."""
        of, ada = Author(id=person.id, name=person.first_name), Author(id=2, name="Ada")
        await self.rig.database.write(
            lambda tx: tx.members.put(of, role, now=self.rig.now, by=ada, suspended=suspended)
        )

    async def step(self, seconds: float = 0.0) -> float:
        """Let time pass, look once, and wait until what was begun is done."""
        self.rig.now += seconds
        wait = await self.worker.step()
        await self.rig.errands("approval-")
        return wait

    def said(self, chat: Person | Chat) -> list[str]:
        """The first line of each message there."""
        return [message.text.partition("\n")[0] for message in self.rig.tg.sent(chat)]

    async def behind(self) -> list[ApprovalAsk]:
        """What is still to be shown."""
        return await self.rig.database.read(lambda tx: tx.approvals.behind())


@pytest_asyncio.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A server with one person and one group, an empty record, and the worker."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield Desk.at(rig)


async def test_the_card_first_then_the_requests(desk: Desk) -> None:
    """Nobody is asked before the draft's own message is there; each is told once."""
    await desk.wait(desk.rig.group)
    await desk.step()
    assert (desk.said(desk.rig.group), desk.said(desk.rig.sara)) == ([ASKS], [])
    await desk.step(5)
    await desk.step(5)
    assert (desk.said(desk.rig.group), desk.said(desk.rig.sara)) == ([ASKS], [ASKS])
    assert await desk.behind() == []


async def test_after_a_restart(desk: Desk) -> None:
    """Who was not asked yet is asked by the next life of the program."""
    await desk.wait(desk.rig.group)
    await desk.step()
    again = Desk.at(desk.rig)
    await again.step(5)
    assert again.said(desk.rig.sara) == [ASKS]


async def test_flood_control_is_obeyed(desk: Desk) -> None:
    """It is tried again when Telegram says, and the look is due by then."""
    await desk.wait(desk.rig.group)
    desk.rig.tg.fail("sendMessage", flooded(4))
    await desk.step()
    assert await desk.step() == pytest.approx(4.0)
    await desk.step(4)
    assert desk.said(desk.rig.group) == [ASKS]


async def test_a_card_that_cannot_be_shown_keeps_nobody_from_being_asked(desk: Desk) -> None:
    """A refusal that we do not know is given up after some attempts; the requests go out."""
    await desk.wait(desk.rig.group)
    group = desk.rig.group.id
    desk.rig.tg.fail("sendMessage", ODD, when=lambda p: p["chat_id"] == group, times=99)
    for _ in range(12):
        await desk.step(60)
    assert desk.said(desk.rig.group) == []
    assert desk.said(desk.rig.sara) == [ASKS]


async def test_what_is_over_before_it_was_told(desk: Desk) -> None:
    """A draft that was cancelled meanwhile asks nobody; a decline is told its author once."""
    draft = await desk.wait(desk.rig.group)

    def decline(tx: Stores) -> None:
        sara = Author(id=desk.rig.sara.id, name="Sara")
        now = tx.drafts.by_id(draft.id)
        assert now is not None
        tx.drafts.decided(draft.id, by=sara, now=desk.rig.now)
        tx.drafts.cancel(draft.id, Closed.DECLINED)
        approvals.tell_author(tx, now)

    await desk.rig.database.write(decline)
    for _ in range(3):
        await desk.step(5)
    assert desk.said(desk.rig.group) == ["✖️ Sara declined what you asked for: nobody was called."]
    assert desk.said(desk.rig.sara) == []
    assert await desk.behind() == []


async def test_a_group_that_becomes_a_supergroup(desk: Desk) -> None:
    """What waits is shown in the new chat."""
    await desk.wait(desk.rig.group)
    await desk.step()
    new = desk.rig.tg.migrate(desk.rig.sara, desk.rig.group, -100777)
    await desk.wait(desk.rig.group)
    for _ in range(4):
        await desk.step(60)
    assert desk.said(new) == [ASKS, ASKS]


async def test_the_worker_tells_as_soon_as_it_is_rung(desk: Desk) -> None:
    """And what is under way when the program stops is still told."""
    work = asyncio.create_task(desk.worker.run())
    await desk.wait(desk.rig.group)
    desk.rig.signals.approvals.ring()
    await desk.rig.tg.wait_for(lambda: desk.said(desk.rig.group))
    await desk.worker.settle(1)
    desk.worker.close()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_nobody_is_said_to_be_missing_who_is_asked(desk: Desk) -> None:
    """The card goes first, and does not say that nobody could be asked."""
    bob = desk.rig.tg.add_person(77, "Bob")
    await desk.give(bob, "launcher")
    await desk.wait(bob)
    await desk.step()
    (card,) = desk.rig.tg.sent(bob)
    assert "❗" not in card.text
    await desk.step(5)
    assert desk.said(desk.rig.sara) == [ASKS]
    assert "❗" not in card.text


async def test_nobody_is_there_to_ask(desk: Desk) -> None:
    """The card says so at once."""
    bob = desk.rig.tg.add_person(77, "Bob")
    await desk.give(bob, "launcher")
    desk.worker = Desk.at(desk.rig, admins=frozenset()).worker
    await desk.wait(bob)
    await desk.step()
    assert "❗ Nobody else here is a manager or an admin" in desk.rig.tg.sent(bob)[0].text


async def test_who_may_not_look_any_more(desk: Desk) -> None:
    """Neither a request nor the card is shown to them; they are none of those who were asked."""
    bob, mia = desk.rig.tg.add_person(77, "Bob"), desk.rig.tg.add_person(78, "Mia")
    await desk.give(bob, "launcher")
    await desk.give(mia, "manager")
    desk.worker = Desk.at(desk.rig, admins=frozenset()).worker
    await desk.wait(bob)
    await desk.step()
    await desk.give(mia, "manager", suspended=True)
    for _ in range(2):
        await desk.step(5)
    assert desk.said(mia) == []
    assert "❗ Nobody else here is a manager or an admin" in desk.rig.tg.sent(bob)[0].text
    await desk.give(bob, "launcher", suspended=True)
    await desk.rig.database.write(lambda tx: approvals.lapse(tx, desk.rig.now + 900))
    for _ in range(3):
        await desk.step(5)
    assert desk.said(bob) == [ASKS]
    assert await desk.behind() == []
