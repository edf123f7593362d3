"""How calls go on at a simulated gateway, and the events that it sends of their ends."""

import json
from dataclasses import dataclass
from typing import Any

UNANSWERED = ("NO_ANSWER", "USER_BUSY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One call: it waits, rings, is maybe tried again after a pause, and ends.

    Attributes:
        queued: seconds until it first rings.
        tries: what each try comes to, and how many seconds it takes.
        pause: seconds between two tries.
        shows_tries: between two tries the status is the last try's; otherwise `WAITING`.
        dates_tries: the execution date is that of the last try; otherwise of the first.
    """

    queued: float = 3.0
    tries: tuple[tuple[str, float], ...] = (("NORMAL", 20.0),)
    pause: float = 30.0
    shows_tries: bool = True
    dates_tries: bool = False

    @property
    def ends_after(self) -> float:
        """Seconds from the request to the end."""
        rings = sum(seconds for _, seconds in self.tries)
        return self.queued + rings + self.pause * (len(self.tries) - 1)

    def at(self, call: dict[str, Any], elapsed: float) -> dict[str, Any]:
        """The call as the gateway tells of it, so many seconds after its request."""
        begun = self.queued
        said = {**call, "status": "WAITING", "billSec": 0, "executionDate": 0, "price": 0.0}
        for number, (word, seconds) in enumerate(self.tries, start=1):
            if elapsed < begun:
                break
            if self.dates_tries or number == 1:
                said["executionDate"] = int(call["requestDate"] + begun)
            if elapsed < begun + seconds:
                return {**said, "status": "WAITING"}
            if number == len(self.tries):
                talked = int(seconds) if word == "NORMAL" else 0
                return {**said, "status": word, "billSec": talked, "price": -2.85 * talked}
            said["status"] = word if self.shows_tries else "WAITING"
            begun += seconds + self.pause
        return said

    def event(self, call: dict[str, Any]) -> bytes:
        """What the gateway sends of its end, as documented but for the types it leaves open."""
        end = self.at(call, self.ends_after)
        return json.dumps(
            {
                "requestId": call["id"],
                "campaignId": f"{1:032x}",
                "number": call["phoneNumber"],
                "cause": end["status"],
                "billSec": str(end["billSec"]),
                "balanceSubtracted": abs(end["price"]),
                "requestDate": call["requestDate"],
            }
        ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How one event is sent: how many times, and how many seconds after the end."""

    times: int = 1
    after: float = 1.0
