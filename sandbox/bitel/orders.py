"""What a POST asks for, and whether the gateway takes it.

The rules are those of the gateway's documentation. Which number forms it takes is not described
beyond `0912...`: the sandbox takes the national form of Iran only, 0 and ten digits, so that
anything else shows.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

MOST_NUMBERS = 100
INVALID_REQUEST = "InvalidRequest"
INVALID_NUMBER = "InvalidPhoneNumber"
INVALID_SERVER = "InvalidServer"
_NATIONAL = re.compile(r"0[0-9]{10}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One of the four ways to place calls."""

    path: str
    single: bool
    spoken: bool


ENDPOINTS = (
    Endpoint("/api/v2/voice/batch", single=False, spoken=False),
    Endpoint("/api/v2/voice/batch/tts", single=False, spoken=True),
    Endpoint("/api/v2/voice/single", single=True, spoken=False),
    Endpoint("/api/v2/voice/single/tts", single=True, spoken=True),
)


@dataclass(frozen=True, slots=True)
class Order:
    """What could be read of a POST, also where it is refused.

    Attributes:
        numbers: the strings among what came as numbers.
        voice: `voiceId`, as it came.
        text: as it came.
        retry: `retryCount`, as it came; the documented default where it is missing.
        server: `serverId`, as it came.
        problem: the error code it earns, or None.
    """

    numbers: tuple[str, ...]
    voice: Any = None
    text: Any = None
    retry: Any = 1
    server: Any = None
    problem: str | None = None


def read_order(body: bytes, endpoint: Endpoint, servers: Collection[str] | None) -> Order:
    """Read a POST's body.

    Args:
        body: the bytes that came.
        endpoint: decides which fields are asked for.
        servers: the dialers that exist; None takes any.
    """
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        return Order((), problem=INVALID_REQUEST)
    numbers = [asked.get("phoneNumber")] if endpoint.single else asked.get("phoneNumbers")
    return Order(
        tuple(n for n in numbers if isinstance(n, str)) if isinstance(numbers, list) else (),
        voice=asked.get("voiceId"),
        text=asked.get("text"),
        retry=asked.get("retryCount", 1),
        server=asked.get("serverId"),
        problem=_problem(asked, numbers, endpoint, servers),
    )


def _problem(
    asked: dict[str, Any], numbers: Any, endpoint: Endpoint, servers: Collection[str] | None
) -> str | None:
    spoken = asked.get("text" if endpoint.spoken else "voiceId")
    retry = asked.get("retryCount", 1)
    server = asked.get("serverId", "")
    well_formed = (
        isinstance(numbers, list)
        and 1 <= len(numbers) <= MOST_NUMBERS
        and all(isinstance(number, str) for number in numbers)
        and isinstance(spoken, str)
        and spoken != ""
        and type(retry) is int  # JSON's true is an int to isinstance
        and retry >= 0
        and isinstance(server, str)
    )
    if not well_formed:
        return INVALID_REQUEST
    if "serverId" in asked and servers is not None and server not in servers:
        return INVALID_SERVER
    if not all(_NATIONAL.fullmatch(number) for number in numbers):
        return INVALID_NUMBER
    return None
