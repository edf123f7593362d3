"""The simulated Telegram in one object: state, control interface and server."""

import contextlib
from collections.abc import AsyncIterator
from typing import Unpack

from sandbox.serving import serve
from sandbox.telegram.control import Control
from sandbox.telegram.control_http import control_routes
from sandbox.telegram.server import application
from sandbox.telegram.world import Settings


class TelegramSandbox(Control):
    """A Bot API server with its control interface.

    Args:
        settings: arguments of `World`: `token`, `username`, `clock`, `answer_within`, `privacy`,
            `flood_limits`, `ids_after`, `checks`.
    """

    def __init__(self, **settings: Unpack[Settings]) -> None:
        super().__init__(**settings)
        self.app = application(self.world, control_routes(self))

    @property
    def token(self) -> str:
        """The token that the bot must use."""
        return self.world.token

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback, and give the base URL: `TELEGRAM_API_URL` of the bot."""
        async with serve(self.app, port) as url:
            yield url
