"""A plain client of the simulated Bot API, which sends parameters as python-telegram-bot does."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from sandbox.telegram import TelegramSandbox


class BotApi:
    """Requests of one bot."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.http = client
        self.token = token

    async def post(self, method: str, **params: Any) -> httpx.Response:
        """Send one request, urlencoded, what is nested as JSON."""
        data = {n: v if isinstance(v, str) else json.dumps(v) for n, v in params.items()}
        return await self.http.post(f"/bot{self.token}/{method}", data=data)

    async def call(self, method: str, **params: Any) -> Any:
        """Return the result of a request that must be accepted."""
        body = (await self.post(method, **params)).json()
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """Return the description of a request that must be refused."""
        response = await self.post(method, **params)
        body = response.json()
        assert body["ok"] is False, body
        assert response.status_code == body["error_code"]
        return str(body["description"])

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Return what getUpdates answers."""
        found: list[dict[str, Any]] = await self.call("getUpdates", **params)
        return found


@contextlib.asynccontextmanager
async def bot_api(tg: TelegramSandbox) -> AsyncIterator[BotApi]:
    """Serve the simulation, and give a client of it."""
    async with (
        tg.serve() as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as client,
    ):
        yield BotApi(client, tg.token)


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now
