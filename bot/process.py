"""The life of the process: start, work, drain, end."""

import asyncio
import contextlib
import logging
import os
import signal
from contextlib import AsyncExitStack

from telegram.error import InvalidToken, TelegramError

from bot.app import open_house
from bot.handlers import commands
from bot.handlers.routing import ALLOWED_UPDATES, AnyApplication
from bot.house import House
from bot.settings import Settings
from storage.audit_chain import Head
from storage.errors import StorageError

log = logging.getLogger(__name__)

GRACE = 5.0  # seconds beyond the gateway's timeout in which what is claimed must be recorded
LAST_EDITS = 3.0  # seconds for the boards to show how things ended
START_BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds while Telegram cannot be reached at start
HEAD_EVERY = 24 * 3600.0  # seconds between two notes of the audit's head in the log
PRUNE_EVERY = 6 * 3600.0  # seconds between two rounds of forgetting what is old
A_PIECE = 500  # events that one transaction forgets
HANG_UP = 5.0  # seconds for ending the talk with Telegram


async def run(settings: Settings) -> int:
    """Run until SIGTERM or Ctrl-C; a second signal exits at once.

    Returns:
        0 after a signal, 1 if a part of the program has failed.

    Raises:
        StorageError: the database cannot be used, or another process runs on it.
        PortError: the HTTP port cannot be opened.
    """
    stop = asyncio.Event()
    _own_signals(stop)
    async with open_house(settings) as house, AsyncExitStack() as stack:
        await house.recover()
        if house.port is not None:
            await stack.enter_async_context(house.port.open())
        workers = {
            asyncio.create_task(work, name=name)
            for name, work in (
                ("dialer", house.dialer.run()),
                ("evidence", house.desk.run()),
                ("tracker", house.tracker.run()),
                ("scheduler", house.scheduler.run()),
                ("announcer", house.announcer.run()),
                ("requests", house.requests.run()),
                ("boards", house.keeper.run()),
                ("reports", house.reporter.run()),
                ("notices", house.notices.run()),
                ("upkeep", _upkeep(house)),
                ("health", house.health.run()),
                ("telegram", _talk(house)),
            )
        }
        if house.port is not None:
            workers.add(asyncio.create_task(house.metrics.run(), name="metrics"))
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({*workers, stopping}, return_when=asyncio.FIRST_COMPLETED)
        failed = [worker for worker in workers if worker.done() and not stop.is_set()]
        for worker in failed:
            error = None if worker.cancelled() else worker.exception()
            log.error("%s has failed", worker.get_name(), exc_info=error)
        stop.set()
        try:
            await _drain(house)
        finally:
            await _end(workers, stopping)
        return 1 if failed else 0


def _own_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            log.error("a second signal: exiting at once")
            logging.shutdown()
            os._exit(1)
        log.info("stopping: nothing new is sent, what is under way is recorded")
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)


async def _drain(house: House) -> None:
    """Rule 9: no new claim; what is claimed is finished and recorded, then shown."""
    house.launches.draining = True
    house.decisions.draining = True
    house.approving.draining = True
    house.schedules.draining = True
    house.scheduler.draining = True
    await asyncio.gather(
        house.dialer.drain(house.settings.bitel_timeout + GRACE),
        _answer_parts(house),
        house.exports.close(),
    )
    with contextlib.suppress(StorageError):
        await house.keeper.settle(LAST_EDITS)
        await house.reporter.settle(LAST_EDITS)
        await house.announcer.settle(LAST_EDITS)
        await house.requests.settle(LAST_EDITS)
    house.keeper.close()
    house.reporter.close()
    house.announcer.close()
    house.requests.close()
    with contextlib.suppress(StorageError):
        await tell_head(house)


async def _answer_parts(house: House) -> None:
    """Long commands that were still being joined are refused in words, if Telegram is there."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            await house.parts.flush()
            await house.joining.flush()


async def _end(workers: set[asyncio.Task[None]], stopping: asyncio.Task[bool]) -> None:
    """Telegram's own part ends by itself once it is told; the others are cancelled."""
    for worker in workers:
        worker.cancel()
    stopping.cancel()
    await asyncio.gather(*workers, stopping, return_exceptions=True)


async def _upkeep(house: House) -> None:
    """Try the cure of every pause once; then forget what is old from time to time."""
    with contextlib.suppress(StorageError):
        await house.pauses.check()
    told = float("-inf")
    while True:
        try:
            if house.launches.now - told >= HEAD_EVERY:
                await tell_head(house)
                told = house.launches.now
            await forget(house)
        except StorageError as error:
            log.warning("old updates and events cannot be forgotten yet: %s", error)
        await asyncio.sleep(PRUNE_EVERY)


async def tell_head(house: House) -> None:
    """Log the head of the audit, so that a later one that was cut or rewritten shows.

    Raises:
        StorageError: it cannot be read.
    """
    last = await house.database.read(lambda tx: tx.audit.last())
    head = Head() if last is None else Head(last.id, last.hash)
    log.info("audit head %s", head)


async def forget(house: House) -> None:
    """Forget old updates, and old events with which their calls agree.

    In pieces, because a launch waits while one is written.

    Raises:
        StorageError: they could not be forgotten, or not all of them.
    """
    now = house.launches.now
    await house.database.write(lambda tx: tx.updates.prune(now))
    while await house.database.write(lambda tx: tx.events.prune(now, limit=A_PIECE)) == A_PIECE:
        log.debug("more old events are left")


async def _talk(house: House) -> None:
    """Telegram in: start when it can be reached, poll until cancelled, end in order."""
    application = house.application
    await _until_reached(application)
    try:
        await application.start()
        if application.updater is None:
            raise RuntimeError("the application was built without an updater")
        await application.updater.start_polling(
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=house.hearing.failed,
        )
        for menu in commands.menus(await house.rights.people(), house.language):
            await house.set_menu(menu)
        log.info("ready: @%s", application.bot.username)
        await house.health.until_deaf()
    finally:
        await _hang_up(application)


async def _hang_up(application: AnyApplication) -> None:
    """End polling and the handlers that still run; a Telegram that is away delays nothing."""
    try:
        async with asyncio.timeout(HANG_UP):
            if application.updater is not None and application.updater.running:
                await application.updater.stop()
            if application.running:
                await application.stop()
            await application.shutdown()
    except TimeoutError:
        log.warning("Telegram was not told that we stop: it did not answer")


async def _until_reached(application: AnyApplication) -> None:
    """Ask Telegram who we are until it answers; a wrong token ends the program."""
    attempt = 0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            seconds = START_BACK_OFF[min(attempt, len(START_BACK_OFF) - 1)]
            log.warning(
                "Telegram cannot be reached (%s); next try in %.0f s",
                type(error).__name__,
                seconds,
            )
        else:
            return
        attempt += 1
        await asyncio.sleep(seconds)
