"""Every test of `calling` runs on virtual time, with a real database in its own directory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from bot.calling.launches import Defaults
from bot.calling.tracking import Pace
from tests.calling.house import House
from tests.calling.switchboard import TIMEOUT, Switchboard
from tests.calling.virtual_time import Clock, VirtualLoop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """One kind of loop, whose time does not pass by itself."""
    return {"virtual": VirtualLoop}


@pytest.fixture
def defaults() -> Defaults:
    """The settings that launches are made with; a module may have its own."""
    return Defaults()


@pytest.fixture
def answer_within() -> float:
    """Seconds that the program gives the gateway to answer; a test may have its own."""
    return TIMEOUT


@pytest.fixture
def pace() -> Pace:
    """How often calls are asked about; a module may have its own."""
    return Pace()


@pytest_asyncio.fixture
async def house(
    tmp_path: Path, defaults: Defaults, answer_within: float, pace: Pace
) -> AsyncIterator[House]:
    """All of `calling` on one database and one gateway that accepts everything at once."""
    clock = Clock(asyncio.get_running_loop())
    board = Switchboard(clock, timeout=answer_within)
    path = tmp_path / "callboard.db"
    house = await House.open(path, board=board, clock=clock, defaults=defaults, pace=pace)
    try:
        yield house
    finally:
        await house.close()
