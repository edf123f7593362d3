"""How often a chat is written to: one pace for each, shared by all that is shown there."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.messenger import LaterError

PRIVATE_PAUSE = 3.0  # seconds between two edits in a private chat
GROUP_EDITS, GROUP_SPAN = 10, 60.0  # edits in a group within so many seconds, all boards together
MESSAGE_PAUSE = 1.0  # seconds before a new message, which waits for no edit
GROUP_WRITES = 16  # edits and new messages in a group within the span; Telegram takes 20
NETWORK_BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds while Telegram cannot be reached


@dataclass(slots=True)
class Pace:
    """When a chat may be written to next, in ticks."""

    group: bool
    writes: deque[float] = field(default_factory=lambda: deque(maxlen=GROUP_WRITES))
    closed_until: float = 0.0
    failures: int = 0

    def next_edit(self) -> float:
        """The earliest time of the next edit."""
        if not self.writes:
            return self.closed_until
        if not self.group:
            return max(self.closed_until, self.writes[-1] + PRIVATE_PAUSE)
        return max(self.closed_until, self._within(GROUP_EDITS))

    def next_message(self) -> float:
        """The earliest time of the next message of a report, which goes before the edits."""
        if not self.writes:
            return self.closed_until
        earliest = max(self.closed_until, self.writes[-1] + MESSAGE_PAUSE)
        return max(earliest, self._within(GROUP_WRITES)) if self.group else earliest

    def _within(self, most: int) -> float:
        """From when on less than so many writes lie within the span."""
        return self.writes[-most] + GROUP_SPAN if len(self.writes) >= most else 0.0

    def written(self, now: float) -> None:
        """Count an edit or a message."""
        self.writes.append(now)

    def later(self, error: LaterError, now: float) -> None:
        """Leave the chat alone for as long as Telegram asks, or longer with each failure."""
        seconds = error.seconds
        if not error.flood:
            seconds = NETWORK_BACK_OFF[min(self.failures, len(NETWORK_BACK_OFF) - 1)]
            self.failures += 1
        self.closed_until = max(self.closed_until, now + seconds)


class Paces:
    """The pace of every chat."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self.ticks = ticks  # paces must not stand still when the clock is put back
        self._paces: dict[int, Pace] = {}

    def of(self, chat_id: int) -> Pace:
        """The pace of this chat; groups have negative ids."""
        return self._paces.setdefault(chat_id, Pace(group=chat_id < 0))

    def open(self, chat_id: int) -> bool:
        """Whether Telegram takes anything for this chat now, as far as we know."""
        return self.of(chat_id).closed_until <= self.ticks()

    def written(self, chat_id: int) -> None:
        """Count an edit or a message that begins now."""
        self.of(chat_id).written(self.ticks())

    def later(self, chat_id: int, error: LaterError) -> None:
        """See `Pace.later`."""
        self.of(chat_id).later(error, self.ticks())
