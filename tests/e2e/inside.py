"""The real application inside the test's process, for faults that only its parts can be given.

Real HTTP to both sandboxes, a real file; the workers are those of `bot.process`, without signals.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator

from bot.app import open_house
from bot.handlers.routing import ALLOWED_UPDATES
from bot.house import House
from bot.logs import QUIET, RedactingFormatter, secrets_of
from bot.redaction import Redactor
from bot.settings import Settings, load_settings
from tests.e2e.harness import World


def settings_of(world: World, **given: str) -> Settings:
    """The settings, as the program would read them."""
    return load_settings({**world.settings, **given}, None)


@contextlib.contextmanager
def logging_to(world: World, settings: Settings) -> Iterator[None]:
    """Log as the program does, into a file of the suite."""
    handler = logging.FileHandler(world.logs / f"{world.directory.name}-inside.log")
    handler.setFormatter(RedactingFormatter(Redactor(secrets_of(settings))))
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", *QUIET)}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextlib.asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """Start what `bot.process` starts; at the end drain, and end it."""
    await house.recover()
    application = house.application
    assert application.updater is not None
    parts = (
        house.dialer.run(),
        house.desk.run(),
        house.tracker.run(),
        house.keeper.run(),
        house.reporter.run(),
        house.notices.run(),
        house.health.run(),
    )
    workers = [asyncio.create_task(part) for part in parts]
    async with application:
        await application.start()
        await application.updater.start_polling(
            allowed_updates=ALLOWED_UPDATES, error_callback=house.hearing.failed
        )
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()
            await house.dialer.drain(house.settings.bitel_timeout + 1)
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)


@contextlib.asynccontextmanager
async def house_in(world: World, settings: Settings | None = None) -> AsyncIterator[House]:
    """Open the house and let it work."""
    settings = settings or settings_of(world)
    with logging_to(world, settings):
        async with (
            open_house(settings) as house,
            working(house),
            house.port.open() if house.port else contextlib.nullcontext(),
        ):
            yield house


def log_of(world: World) -> str:
    """What has been logged inside."""
    return (world.logs / f"{world.directory.name}-inside.log").read_text()
