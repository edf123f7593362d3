"""Messages of schedules where Telegram or the record refuses."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.boards.announcer import Announcer
from bot.boards.pace import Paces
from bot.calling.drafts import Content
from bot.calling.due import Why
from bot.calling.rights import Rights
from bot.calling.window import always
from bot.messenger import Messenger
from sandbox.telegram import Chat, Person, Refused, flooded
from storage.models import Answer, NewSchedule, Place
from storage.models import Person as Author
from storage.stores import Stores
from tests.board_rig import ENGLISH, VOICE, Rig, open_rig

ODD = Refused(400, "Bad Request: we do not like it")


@dataclass(slots=True)
class Desk:
    """An announcer on the clock of a rig."""

    rig: Rig
    announcer: Announcer

    @classmethod
    def at(cls, rig: Rig) -> "Desk":
        """One that remembers nothing, as after a restart."""
        announcer = Announcer(
            database=rig.database,
            messenger=Messenger(rig.bot),
            rights=Rights(frozenset(), frozenset({rig.sara.id}), rig.database),
            language=ENGLISH,
            signals=rig.signals,
            paces=Paces(lambda: rig.now),
            max_numbers=1000,
            window=always(ENGLISH.timezone),
            clock=lambda: rig.now,
        )
        return cls(rig, announcer)

    async def plan(self, chat: Person | Chat, *, card: int | None = None) -> int:
        """A schedule of Sara's that asks in this chat."""
        self.rig.made += 1
        content = Content(voice=VOICE, retry_count=1, server_id=None, numbers=("+989120000001",))
        new = NewSchedule(
            asked_by=f"draft:{self.rig.made}",
            author=Author(id=1, name="Sara"),
            place=Place(chat_id=chat.id),
            message_id=card,
            content=content.dump(),
            list_ref=None,
            weekdays=0,
            minute=0,
            due_at=self.rig.now,
            numbers=None,
        )

        def work(tx: Stores) -> int:
            schedule_id = tx.schedules.create(new, now=self.rig.now)
            tx.schedules.ask(schedule_id, Why.LATE, due_at=self.rig.now, now=self.rig.now)
            tx.schedules.ask_in(schedule_id, self.rig.now, Place(chat_id=chat.id))
            return schedule_id

        return await self.rig.database.write(work)

    async def step(self, seconds: float = 0.0) -> float:
        """Let time pass, look once, and wait until what was begun is done."""
        self.rig.now += seconds
        wait = await self.announcer.step()
        await self.rig.errands("schedule-", "question-")
        return wait

    async def answer(self, schedule_id: int) -> None:
        """Let somebody answer."""
        await self.rig.database.write(
            lambda tx: tx.schedules.answer(schedule_id, Answer.SKIPPED, name="Sara")
        )

    def said(self, chat: Person | Chat) -> list[str]:
        """The first line of each message there."""
        return [message.text.partition("\n")[0] for message in self.rig.tg.sent(chat)]


@pytest_asyncio.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A server with one person and one group, an empty record, and an announcer."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield Desk.at(rig)


async def test_a_question_is_sent_once_and_edited_into_its_answer(desk: Desk) -> None:
    """Whoever was first is named in its place."""
    schedule_id = await desk.plan(desk.rig.sara)
    await desk.step()
    await desk.step(5)
    assert len(desk.said(desk.rig.sara)) == 1
    await desk.answer(schedule_id)
    await desk.step(5)
    (line,) = desk.said(desk.rig.sara)
    assert line.endswith("skipped by Sara; nothing was called")


async def test_flood_control_is_obeyed(desk: Desk) -> None:
    """It is tried again when Telegram says, and the look is due by then."""
    await desk.plan(desk.rig.sara)
    desk.rig.tg.fail("sendMessage", flooded(4))
    await desk.step()
    assert await desk.step() == pytest.approx(4.0)
    await desk.step(4)
    assert len(desk.said(desk.rig.sara)) == 1


async def test_a_group_that_becomes_a_supergroup(desk: Desk) -> None:
    """The question is asked in the new chat, and the schedule goes on there."""
    schedule_id = await desk.plan(desk.rig.group)
    await desk.step()
    await desk.plan(desk.rig.group)
    new = desk.rig.tg.migrate(desk.rig.sara, desk.rig.group, -100777)
    await desk.step(60)
    for _ in range(3):
        await desk.step(60)
    assert len(desk.said(new)) == 2
    schedule = await desk.rig.database.read(lambda tx: tx.schedules.get(schedule_id))
    assert schedule is not None
    assert schedule.chat_id == -100777


async def test_a_refusal_that_we_do_not_know(desk: Desk) -> None:
    """It is tried again some times before it is given up; another chat goes on meanwhile."""
    await desk.plan(desk.rig.sara)
    desk.rig.tg.fail("sendMessage", ODD, when=lambda p: p["chat_id"] == desk.rig.sara.id, times=99)
    for _ in range(12):
        await desk.step(60)
    tried = len(desk.rig.tg.calls_of("sendMessage"))
    assert 1 < tried < 12
    await desk.plan(desk.rig.group)
    await desk.step(60)
    assert len(desk.said(desk.rig.group)) == 1


async def test_a_card_that_is_gone_is_given_up(desk: Desk) -> None:
    """There is nothing to edit, and the question comes all the same."""
    await desk.plan(desk.rig.sara, card=999)
    await desk.step()
    await desk.step(5)
    await desk.step(5)
    assert len(desk.said(desk.rig.sara)) == 1
    assert len(desk.rig.tg.calls_of("editMessageText")) == 1
    assert await desk.rig.database.read(lambda tx: tx.schedules.cards_behind()) == []


async def test_the_worker_tells_as_soon_as_it_is_rung(desk: Desk) -> None:
    """And what is under way when the program stops is still told."""
    work = asyncio.create_task(desk.announcer.run())
    await desk.plan(desk.rig.sara)
    desk.rig.signals.announcer.ring()
    await desk.rig.tg.wait_for(lambda: desk.said(desk.rig.sara))
    await desk.announcer.settle(1)
    desk.announcer.close()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert await desk.rig.database.read(lambda tx: tx.schedules.asks_behind()) == []


async def test_who_may_not_look_any_more(desk: Desk) -> None:
    """Neither asked, nor shown what became of it."""
    rig = desk.rig
    shown = rig.tg.send(rig.sara, rig.sara, "plan").id
    await desk.plan(rig.sara, card=shown)
    sara, ada = Author(id=rig.sara.id, name="Sara"), Author(id=2, name="Ada")
    await rig.database.write(
        lambda tx: tx.members.put(sara, "launcher", now=rig.now, by=ada, suspended=True)
    )
    for _ in range(2):
        await desk.step(5)
    assert desk.said(rig.sara) == []
    behind = await rig.database.read(
        lambda tx: (tx.schedules.asks_behind(), tx.schedules.cards_behind())
    )
    assert behind == ([], [])
