"""Boards where looks meet, clocks jump, a draft cannot be closed or Telegram refuses oddly."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from sandbox.telegram import Refused
from storage.database import Database
from storage.errors import InvariantError
from storage.models import DraftKind, DraftState, NewDraft, Place, StopReason
from storage.models import Person as Author
from storage.stores import Stores
from tests.board_rig import Rig, open_rig

T = TypeVar("T")

ODD = Refused(400, "Bad Request: something new")


@pytest_asyncio.fixture
async def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A server with one person and one group, an empty record, and a keeper."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does for python-telegram-bot
    async with open_rig(tmp_path) as rig:
        yield rig


@dataclass(slots=True)
class Ticks:
    """A clock that nobody can put back."""

    now: float = 100.0


def with_ticks(rig: Rig) -> Ticks:
    """Give the rig a keeper whose ticks are not its clock."""
    ticks = Ticks()
    rig.ticks = lambda: ticks.now
    rig.restart()
    return ticks


class SlowReads(Database):
    """A real database; what the next look has read comes late, where there is a gate for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gates: list[asyncio.Event] = []
        self.has_read = asyncio.Event()

    async def read(self, work: Callable[[Stores], T]) -> T:
        """Read at once, and hand it over late."""
        gate = self.gates.pop() if self.gates else None
        found = await super().read(work)
        if gate is not None:
            self.has_read.set()
            await gate.wait()
        return found


async def stop(rig: Rig, batch_id: int) -> None:
    """Let a batch have news that its first board tells."""
    by = Author(id=500002, name="Bob")
    await rig.database.write(
        lambda tx: tx.batches.stop(batch_id, StopReason.PERSON, now=rig.now, by=by)
    )


@pytest.mark.parametrize("news", [True, False])
async def test_settling_beside_a_look_posts_one_board(rig: Rig, *, news: bool) -> None:
    """However many looks see a batch without a board at once, one board is posted."""
    for number in range(1, 6):
        batch_id = await rig.launch(rig.sara)
        if news:
            await stop(rig, batch_id)
        rig.now += 1.5
        await asyncio.gather(*(rig.keeper.step() for _ in range(5)), rig.keeper.settle(3.0))
        await rig.step()
        assert len(rig.tg.sent(rig.sara)) == number


async def test_a_slow_look_posts_no_second_board(rig: Rig) -> None:
    """A look whose reading is overtaken by a whole other look posts nothing that is posted."""
    path = rig.database.path
    await rig.database.close()
    database = rig.database = await SlowReads.open(path)
    rig.restart()
    batch_id = await rig.launch(rig.sara)
    await stop(rig, batch_id)
    gate = asyncio.Event()
    database.gates.append(gate)
    slow = asyncio.create_task(rig.keeper.step())
    await database.has_read.wait()
    await rig.keeper.settle(3.0)
    assert len(rig.tg.sent(rig.sara)) == 1
    gate.set()
    await slow
    await rig.step()
    assert len(rig.tg.sent(rig.sara)) == 1


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_jumps_does_not_stop_the_edits(rig: Rig, hours: int) -> None:
    """Put back or forward by an hour, the board shows the next news at its usual pace."""
    ticks = with_ticks(rig)
    batch_id, message = await rig.shown(rig.sara)
    await rig.hold(batch_id)
    await rig.step()
    assert "Held by Bob." in message.text
    rig.now += hours * 3600
    await rig.hold(batch_id, "Zed")
    assert await rig.step() == pytest.approx(3.0)
    assert "Held by Bob." in message.text
    ticks.now += 3.0
    await rig.step()
    assert "Held by Zed." in message.text


async def test_a_clock_that_is_put_back_does_not_delay_a_first_board(rig: Rig) -> None:
    """A batch that was made by a clock an hour ahead has its board in a moment, as any other."""
    ticks = with_ticks(rig)
    await rig.launch(rig.sara)
    rig.now -= 3600
    for _ in range(3):
        wait = await rig.step()
        rig.now += wait
        ticks.now += wait
    await rig.step()
    assert len(rig.tg.sent(rig.sara)) == 1


async def test_a_draft_that_cannot_be_closed_keeps_no_board_waiting(rig: Rig) -> None:
    """Where the record refuses the end of a draft, boards are posted and edited all the same."""
    batch_id, message = await rig.shown(rig.sara)
    new = NewDraft(
        token="token",
        kind=DraftKind.CALL,
        asked_by="test",
        author=Author(id=1, name="Sara"),
        place=Place(chat_id=rig.sara.id),
        content="{}",
        created_at=rig.now - 900,
        expires_at=rig.now,
    )
    await rig.database.write(lambda tx: tx.drafts.create(new))
    refuse = (
        "CREATE TRIGGER refuse BEFORE UPDATE OF state ON drafts"
        " BEGIN SELECT RAISE(ABORT, 'not now'); END"
    )
    await rig.database.write(lambda tx: tx.db.execute(refuse).close())
    await rig.hold(batch_id)
    await rig.launch(rig.group)
    rig.now += 3.0
    with pytest.raises(InvariantError):
        await rig.keeper.step()
    await rig.tg.wait_for(lambda: "Held by Bob." in message.text)
    await rig.tg.wait_for(lambda: rig.tg.sent(rig.group))
    await rig.database.write(lambda tx: tx.db.execute("DROP TRIGGER refuse").close())
    await rig.step()
    found = await rig.database.read(lambda tx: tx.drafts.get("token"))
    assert found is not None
    assert found.state is DraftState.EXPIRED


@pytest.mark.parametrize("code", [401, 409])
async def test_a_token_that_is_refused_breaks_no_board_off(rig: Rig, code: int) -> None:
    """A 401 or 409 says nothing about the chat: however often it comes, the board is edited."""
    batch_id, message = await rig.shown(rig.sara)
    rig.tg.fail("editMessageText", Refused(code), times=10)
    await rig.hold(batch_id)
    for _ in range(10):
        await rig.step(60.0)
        assert (await rig.board(batch_id)).broken is None
    await rig.step(60.0)
    assert "Held by Bob." in message.text


async def test_a_refusal_that_passes_is_forgotten(rig: Rig) -> None:
    """Four refusals that we do not know, then success: the count begins anew."""
    batch_id, message = await rig.shown(rig.sara)
    for name in ("Ann", "Ben"):
        rig.tg.fail("editMessageText", ODD, times=4)
        await rig.hold(batch_id, name)
        for _ in range(5):
            await rig.step(60.0)
        assert f"Held by {name}." in message.text
        assert (await rig.board(batch_id)).broken is None


async def test_one_odd_refusal_of_one_board_breaks_no_other_off(rig: Rig) -> None:
    """A board is given up for its own refusals, not for those of others in its chat."""
    first, _ = await rig.shown(rig.sara)
    second, message = await rig.shown(rig.sara)
    other = (await rig.board(first)).message_id
    rig.tg.fail("editMessageText", ODD, times=None, when=lambda p: p["message_id"] == other)
    await rig.hold(first)
    for _ in range(5):
        await rig.step(60.0)
    rig.tg.fail("editMessageText", ODD, when=lambda p: p["message_id"] == message.id)
    await rig.hold(second)
    await rig.step(60.0)
    await rig.step(60.0)
    assert (await rig.board(second)).broken is None
