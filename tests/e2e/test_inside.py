"""Faults that only the application's parts can be given (rows 28-30 and 32), in this process."""

import asyncio
import dataclasses

from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from bot.process import A_PIECE, forget
from sandbox.bitel import faults
from storage.models import EventNews, EventState
from storage.stores import Stores
from tests.e2e.harness import World, call
from tests.e2e.inside import house_in, log_of, settings_of


def task_named(name: str) -> "asyncio.Task[object]":
    """A task of the running program."""
    return next(task for task in asyncio.all_tasks() if task.get_name() == name)


async def test_what_is_old_is_forgotten(world: World) -> None:
    """Updates, and however many events that agreed; one that did not agree stays."""
    async with house_in(world) as house:

        def make_old(tx: Stores) -> None:
            tx.updates.take(1, 0.0)
            for i in range(2 * A_PIECE + 1):
                said = EventNews(gateway_id=f"{i:032x}", word="NORMAL")
                event_id = tx.events.keep(said, EventState.HINT, b"{}", 0.0)
                tx.events.settle(event_id or 0, EventState.AGREED if i else EventState.DISAGREED)

        def left(tx: Stores) -> tuple[bool, list[tuple[str]]]:
            rows = tx.db.execute("SELECT gateway_id FROM events").fetchall()
            return tx.updates.take(1, 0.0), rows

        await house.database.write(make_old)
        await forget(house)
        assert await house.database.write(left) == (True, [(f"{0:032x}",)])


async def test_row_28_a_submission_cancelled_during_its_post_is_unknown(world: World) -> None:
    """It is recorded in spite of the cancellation, and never sent again."""
    async with house_in(world):
        gate = asyncio.Event()
        world.bitel.fail_next(faults.held(gate))
        world.tg.send(world.sara, world.sara, call(world.numbers(2)))
        await world.bitel.wait_for(lambda: world.bitel.posts == 1)
        task_named("submission-1").cancel()
        await world.sent(1, "unknown")
        gate.set()
        board = await world.ask(world.sara, call(world.numbers(1)))
        await world.shows(board, "The number is at the gateway")
    world.check()


async def test_row_28_a_submission_cancelled_while_its_write_is_queued_is_recorded(
    world: World,
) -> None:
    """The outcome waits for the writing thread when the task is cancelled, twice."""
    async with house_in(world) as house:
        gate = asyncio.Event()
        world.bitel.fail_next(faults.held(gate))
        world.tg.send(world.sara, world.sara, call(world.numbers(2)))
        await world.bitel.wait_for(lambda: world.bitel.posts == 1)
        busy = asyncio.Event()
        loop = asyncio.get_running_loop()

        def keep_busy(_: Stores) -> None:
            loop.call_soon_threadsafe(busy.set)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.4), loop).result()

        writing = asyncio.create_task(house.database.write(keep_busy))
        await busy.wait()
        gate.set()
        await asyncio.sleep(0.2)  # the answer is in, and its commit waits for the thread
        submission = task_named("submission-1")
        submission.cancel()
        await asyncio.sleep(0)
        submission.cancel()
        await writing
        await world.sent(1, "accepted")
    world.check()


async def test_row_29_a_stray_cancellation_in_a_handler_leaves_the_bot_hearing(
    world: World,
) -> None:
    """python-telegram-bot would go deaf; the next update is answered."""

    async def strays(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None and update.message.text == "stray":
            raise asyncio.CancelledError

    async with house_in(world) as house:
        house.application.add_handler(TypeHandler(Update, strays), group=-1)
        for _ in range(3):
            world.tg.send(world.sara, world.sara, "stray")
        await world.until(lambda: log_of(world).count("a stray cancellation") == 3)
        board = await world.ask(world.sara, call(world.numbers(1)))
        await world.shows(board, "The number is at the gateway")


class BrokenIds(frozenset[int]):
    """Ids whose look-up fails."""

    def __contains__(self, _: object) -> bool:
        """Fail, as no look-up of a right should."""
        raise LookupError("the rights cannot be read")


async def test_row_30_a_check_of_rights_that_fails_denies(world: World) -> None:
    """Even an admin's command and press have no effect then, and it is logged."""
    settings = settings_of(world)
    async with house_in(world, settings):
        draft = await world.ask(world.sara, call(world.numbers(25)))
    broken = dataclasses.replace(settings, admins=BrokenIds(settings.admins))
    async with house_in(world, broken):
        answer = await world.ask(world.sara, call(world.numbers(1)))
        assert "ask an admin" in answer.text
        pressed = world.tg.press(world.sara, draft, "✅ Call 25")
        assert "ask an admin" in (await world.tg.answer_of(pressed)).text
        assert "the check of rights failed" in log_of(world)
    assert world.record.batches() == []
    assert world.bitel.posts == 0


def allow_pages(tx: Stores, more: int) -> None:
    """Let the file grow by so many pages and no further: the next one is SQLITE_FULL."""
    pages = tx.db.execute("PRAGMA page_count").fetchone()[0]
    tx.db.execute(f"PRAGMA max_page_count = {pages + more}")


async def test_row_32_sqlite_full_at_the_launch_calls_nobody(world: World) -> None:
    """A batch that cannot be recorded whole is not launched; room and /unpause cure it."""
    async with house_in(world, settings_of(world, CONFIRM_ABOVE="1000")) as house:
        await house.database.write(lambda tx: allow_pages(tx, 0))
        numbers = world.numbers(250)
        answer = await world.ask(world.bob, call(numbers))
        assert "nothing was launched" in answer.text.lower()
        assert "disk refuses writes" in (await world.tg.next_message(world.sara)).text
        await house.database.write(lambda tx: allow_pages(tx, 100_000))
        assert "takes writes again" in (await world.ask(world.sara, "/unpause")).text
        await world.ask(world.bob, call(numbers))
        await world.sent(1, "accepted", "accepted", "accepted")
    world.check()


async def test_row_32_sqlite_full_at_the_outcome_is_repeated_until_recorded(
    world: World,
) -> None:
    """What was placed stands in the log until the record takes it; the rest waits meanwhile."""
    async with house_in(world, settings_of(world, CONFIRM_ABOVE="1000")) as house:
        gate = asyncio.Event()
        world.bitel.fail_next(faults.held(gate))
        world.tg.send(world.bob, world.bob, call(world.numbers(200)))
        await world.bitel.wait_for(lambda: world.bitel.posts == 1)
        await house.database.write(lambda tx: allow_pages(tx, 0))
        gate.set()
        await world.until(lambda: "NOT RECORDED yet" in log_of(world))
        assert world.bitel.seen[0].ids[99] in log_of(world)
        await world.tg.next_message(world.sara)
        assert world.bitel.posts == 1
        await house.database.write(lambda tx: allow_pages(tx, 100_000))
        assert "takes writes again" in (await world.ask(world.sara, "/unpause")).text
        await world.sent(1, "accepted", "accepted")
    world.check()
