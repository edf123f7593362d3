"""Who handles a button; what it needs stands in `bot.handlers.permissions`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.handlers.door import Press

Pressed = Callable[[Press], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handled:
    """A button's handler.

    Attributes:
        handle: what is done.
        look: the command that tells whether it was done, where the record cannot say so.
    """

    handle: Callable[[Press], Awaitable[None]]
    look: str = "/status"
