"""What a button needs, and who handles it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.calling.rights import Role
from bot.handlers.door import Press

Pressed = Callable[[Press], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handled:
    """A button's right and its handler; no button is without one.

    Attributes:
        needs: the right that a press needs.
        handle: what is done.
        look: the command that tells whether it was done, where the record cannot say so.
    """

    needs: Role
    handle: Callable[[Press], Awaitable[None]]
    look: str = "/status"
