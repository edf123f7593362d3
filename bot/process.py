"""The life of the process: start, work, drain, end."""

import asyncio
import contextlib
import logging
import os
import signal

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Updater

from bot.app import House, open_house
from bot.calling import rules
from bot.handlers import commands
from bot.handlers.routing import ALLOWED_UPDATES, AnyApplication
from bot.settings import Settings
from storage.errors import StorageError

log = logging.getLogger(__name__)

GRACE = 5.0  # seconds beyond the gateway's timeout in which what is claimed must be recorded
LAST_EDITS = 3.0  # seconds for the boards to show how things ended
START_BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds while Telegram cannot be reached at start
PRUNE_EVERY = 6 * 3600.0  # seconds between two rounds of forgetting old updates
HANG_UP = 5.0  # seconds for ending the talk with Telegram


async def run(settings: Settings) -> int:
    """Run until SIGTERM or Ctrl-C; a second signal exits at once.

    Returns:
        0 after a signal, 1 if a part of the program has failed.

    Raises:
        StorageError: the database cannot be used, or another process runs on it.
    """
    stop = asyncio.Event()
    _own_signals(stop)
    async with open_house(settings) as house:
        await house.database.write(lambda tx: rules.recover(tx, now=house.launches.now))
        workers = {
            asyncio.create_task(work, name=name)
            for name, work in (
                ("dialer", house.dialer.run()),
                ("evidence", house.desk.run()),
                ("boards", house.keeper.run()),
                ("notices", house.notices.run()),
                ("upkeep", _upkeep(house)),
                ("telegram", _talk(house)),
            )
        }
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({*workers, stopping}, return_when=asyncio.FIRST_COMPLETED)
        failed = [worker for worker in workers if worker.done() and not stop.is_set()]
        for worker in failed:
            log.error("%s has failed", worker.get_name(), exc_info=worker.exception())
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
    await asyncio.gather(
        house.dialer.drain(house.settings.bitel_timeout + GRACE), _answer_parts(house)
    )
    with contextlib.suppress(StorageError):
        await house.keeper.settle(LAST_EDITS)
    house.keeper.close()


async def _answer_parts(house: House) -> None:
    """Long commands that were still being joined are refused in words, if Telegram is there."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            await house.parts.flush()


async def _end(workers: set[asyncio.Task[None]], stopping: asyncio.Task[bool]) -> None:
    """Telegram's own part ends by itself once it is told; the others are cancelled."""
    for worker in workers:
        worker.cancel()
    stopping.cancel()
    await asyncio.gather(*workers, stopping, return_exceptions=True)


async def _upkeep(house: House) -> None:
    """Try the cure of every pause once; then forget old updates from time to time."""
    with contextlib.suppress(StorageError):
        await house.pauses.check()
    while True:
        try:
            await house.database.write(lambda tx: tx.updates.prune(house.launches.now))
        except StorageError as error:
            log.warning("old updates cannot be forgotten yet: %s", error)
        await asyncio.sleep(PRUNE_EVERY)


async def _talk(house: House) -> None:
    """Telegram in: start when it can be reached, poll until cancelled, end in order."""
    application = house.application
    await _until_reached(application)
    try:
        await application.start()
        if application.updater is None:
            raise RuntimeError("the application was built without an updater")
        await application.updater.start_polling(
            bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES
        )
        settings = house.settings
        for menu in commands.menus(
            sorted(settings.admins), sorted(settings.allowed - settings.admins), house.language
        ):
            await house.set_menu(menu)
        log.info("ready: @%s", application.bot.username)
        await _until_deaf(application.updater)
    finally:
        await _hang_up(application)


async def _until_deaf(updater: Updater) -> None:
    """Return never, but raise when polling ends by itself, as it does after a 401.

    The process would live on and hear nothing (measured with python-telegram-bot 22.8, whose
    task this is; the version is pinned for that).
    """
    polling: asyncio.Task[None] = getattr(updater, "_Updater__polling_task")  # noqa: B009 -- a name that Python mangles
    await asyncio.wait({polling})
    raise RuntimeError("polling has ended: Telegram refuses the token, or a fault of the library")


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
