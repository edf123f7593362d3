"""What goes wrong on demand: refusals, delays, cut connections, flood control."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.telegram.errors import ApiError, too_many_requests
from sandbox.telegram.people import Chat, Json

A_MINUTE = 60
A_GROUP_MINUTE = 20
BURST = 5  # messages
REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """The request is answered with this error, and has no effect.

    Attributes:
        code: `error_code` and HTTP status.
        description: Telegram's words, with their prefix; the status in words by default.
        retry_after: seconds, for a 429.
    """

    code: int
    description: str = ""
    retry_after: int | None = None

    def error(self) -> ApiError:
        """Return what the bot gets."""
        if self.retry_after is not None:
            return too_many_requests(self.retry_after)
        return ApiError(self.code, self.description or REASONS.get(self.code, "Error"))


@dataclass(frozen=True, slots=True)
class Delayed:
    """The request is done after some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Held:
    """The request is done once the gate is opened."""

    gate: asyncio.Event


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection ends without an answer.

    Attributes:
        delivered: the request was carried out before that.
    """

    delivered: bool = True


Fault = Refused | Delayed | Held | Cut


def flooded(retry_after: int = 1) -> Refused:
    """Return the 429 of Telegram's flood control."""
    return Refused(429, retry_after=retry_after)


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    left: int | None
    when: Callable[[Json], bool] | None


class Faults:
    """Faults that wait for their request, first planned first."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(
        self,
        method: str,
        fault: Fault,
        times: int | None,
        when: Callable[[Json], bool] | None,
    ) -> None:
        """Let the next requests fail; `times` None means until `clear`."""
        self._planned.append(_Planned(method.lower(), fault, times, when))

    def clear(self) -> None:
        """Forget what was planned."""
        self._planned.clear()

    def take(self, method: str, params: Json) -> Fault | None:
        """Return the fault of this request, if any."""
        for planned in self._planned:
            if planned.method not in ("*", method.lower()):
                continue
            if planned.when is not None and not planned.when(params):
                continue
            if planned.left is not None:
                planned.left -= 1
                if planned.left == 0:
                    self._planned.remove(planned)
            return planned.fault
        return None


def check_flood(chat: Chat, now: float) -> None:
    """Count a message or an edit against the chat's limits; both share them.

    What Telegram tells (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this):
    one message a second in a chat, "we may allow short bursts that go over this limit, but
    eventually you'll begin receiving 429 errors"; 20 a minute in a group. That edits count, and
    that bots which only answer people hardly exceed the limits, say Telegram's developers
    (https://github.com/tdlib/td/issues/3034). How long a burst is nobody tells. Here a private
    chat takes `BURST` messages at once, and each second makes room for one more; a group takes
    one a second strictly, and so shows whether a bot can wait.

    Raises:
        ApiError: too many, with the seconds to wait.
    """
    chat.sent_at[:] = [at for at in chat.sent_at if at > now - A_MINUTE]
    burst = BURST if chat.type == "private" else 1
    wait = _until_room(chat.sent_at, burst, now)
    if wait > 0:
        raise too_many_requests(math.ceil(wait))
    if chat.type != "private" and len(chat.sent_at) >= A_GROUP_MINUTE:
        raise too_many_requests(math.ceil(chat.sent_at[0] + A_MINUTE - now) or 1)
    chat.sent_at.append(now)


def _until_room(sent_at: list[float], burst: int, now: float) -> float:
    """Return the seconds until a bucket of `burst`, filled by one a second, has one again."""
    room, last = float(burst), now - A_MINUTE
    for at in sent_at:
        room = min(burst, room + at - last) - 1
        last = at
    return 1 - min(burst, room + now - last)
