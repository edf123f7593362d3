"""How fast the gateway may be asked: one rate, and a pause while it does not answer.

Times are those of a clock that is never put (`loop.time`), in seconds.
"""

FAILURES = 5  # in a row, after which the gateway is left alone for a while
PAUSES = (2.0, 5.0, 10.0, 20.0, 30.0)  # seconds; one question ends each pause, or makes the next
REFUSED = 10.0  # seconds after our token was refused
CATCH_UP = 0.05  # seconds of lateness that are made up for


class Rate:
    """At most so many questions a second, evenly spread."""

    def __init__(self, a_second: float) -> None:
        self._spacing = 1 / a_second
        self._next_at = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next question may be asked."""
        return max(0.0, self._next_at - now)

    def take(self, now: float) -> None:
        """One is asked now."""
        self._next_at = max(self._next_at, now - CATCH_UP) + self._spacing


class Breaker:
    """Closes after some questions in a row without an answer; then a single one tries the way."""

    def __init__(self) -> None:
        self._failures = 0
        self._level = 0
        self._closed_at = float("-inf")
        self._closed_until = float("-inf")
        self._trying = False

    @property
    def closed(self) -> bool:
        """Whether the gateway is left alone but for single questions."""
        return self._level > 0

    def wait(self, now: float) -> float | None:
        """Seconds until the next question may be asked; None while a single one tries the way."""
        if self._trying:
            return None
        return max(0.0, self._closed_until - now)

    def asked(self) -> None:
        """One is asked now."""
        self._trying = self.closed

    def answered(self) -> None:
        """The gateway has answered, whatever it said."""
        self._failures = self._level = 0
        self._closed_until = float("-inf")
        self._trying = False

    def failed(self, now: float, asked_at: float, *, refused: bool = False) -> None:
        """No answer has come; one to a question from before the pause says nothing new."""
        if asked_at < self._closed_at:
            return
        self._trying = False
        self._failures += 1
        if refused or self.closed or self._failures >= FAILURES:
            pause = REFUSED if refused else PAUSES[min(self._level, len(PAUSES) - 1)]
            self._level += 1
            self._closed_at, self._closed_until = now, now + pause
