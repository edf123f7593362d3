"""A town with two servers for each test, and in most of them the bot that lives there."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import certifi
import pytest
import pytest_asyncio

from tests.handlers.house import Running, Town, open_town


@pytest.fixture(scope="session", autouse=True)
def _few_certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One authority in place of all: each bot loads them three times, 0.1 s each."""
    end = "-----END CERTIFICATE-----\n"
    every = Path(certifi.where()).read_text(encoding="utf-8")
    first = tmp_path_factory.mktemp("certificates") / "one.pem"
    first.write_text(every.partition(end)[0] + end, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(first))
        yield


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """Both servers, and nobody who answers yet."""
    async with open_town(tmp_path) as town:
        yield town


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Running]:
    """The bot, running."""
    async with town.bot() as running:
        yield running
