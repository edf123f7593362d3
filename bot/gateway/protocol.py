"""What the rest of the program needs of a gateway; `bitel.Bitel` is one."""

from collections.abc import Sequence
from typing import Protocol

from bot.gateway.models import Outcome, PlacedCall


class Gateway(Protocol):
    """A voice gateway that places calls and tells what became of them."""

    async def place_batch(
        self, *, voice_id: str, numbers: Sequence[str], retry_count: int, server_id: str | None
    ) -> Outcome:
        """Send one POST, once, and say what became of it.

        Args:
            voice_id: The recording's id at the gateway.
            numbers: 1 to 100 numbers in national form ("0912…").
            retry_count: How often the gateway tries a busy or unanswered number again.
            server_id: Which dialer of the gateway; None leaves the choice to it.

        Returns:
            The outcome, whatever the network or the gateway does.

        Raises:
            ValueError: The batch is empty or too large; nothing was sent.
        """
        ...

    async def place_spoken(
        self, *, text: str, numbers: Sequence[str], retry_count: int, server_id: str | None
    ) -> Outcome:
        """Send one POST, once, whose calls read out a text, and say what became of it.

        Args:
            text: What the gateway's voice says.
            numbers: As in `place_batch`.
            retry_count: As in `place_batch`.
            server_id: As in `place_batch`.

        Returns:
            As `place_batch`.

        Raises:
            ValueError: As `place_batch`.
        """
        ...

    async def call_status(self, call_id: str) -> PlacedCall:
        """Ask what became of one call.

        Raises:
            CallNotFoundError: The gateway knows no such call.
            GatewayUnauthorisedError: The token is refused.
            GatewayUnreachableError: Nobody answered in time.
            GatewayAnswerError: The answer is no usable one.
        """
        ...

    async def check(self) -> None:
        """Return if the gateway is reachable and takes our token.

        Raises:
            GatewayUnauthorisedError: The token is refused.
            GatewayUnreachableError: Nobody answered in time.
            GatewayAnswerError: What answers does not talk like the gateway.
        """
        ...
