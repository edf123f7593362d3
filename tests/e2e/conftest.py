"""A world for each test, warm processes for all of them, and the logs of the whole suite."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.harness import World
from tests.e2e.processes import Zygote

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The test that reads all logs of the suite comes last."""
    items.sort(key=lambda item: item.path == HERE / "test_every_log.py")


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Starts processes without the imports."""
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every process of the suite logs to."""
    return tmp_path_factory.mktemp("logs")


@pytest_asyncio.fixture
async def world(tmp_path: Path, zygote: Zygote, logs: Path) -> AsyncIterator[World]:
    """Both servers, people, and a place for the record; checked at the end."""
    async with World(tmp_path, zygote, logs).open() as world:
        yield world
