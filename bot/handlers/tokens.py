"""Callback data: read strictly, because anybody can forge it."""

import re

from bot.calling.errors import ExpiredError
from bot.texts.cards import Verb

PATTERN = re.compile(r"\A([a-z]{2,8}):([A-Za-z0-9_.\-]{1,48})\Z", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


def split(data: str) -> tuple[Verb, str]:
    """The verb and the token of callback data.

    Raises:
        ExpiredError: it is none of ours, or of a version that no longer is.
    """
    match = PATTERN.fullmatch(data)
    if match is None or match[1] not in set(Verb):
        raise ExpiredError
    return Verb(match[1]), match[2]


def ids_of(token: str, count: int) -> tuple[int, ...]:
    """The ids that a token holds, exactly so many.

    Raises:
        ExpiredError: it holds anything else.
    """
    parts = token.split(".")
    if len(parts) != count or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ExpiredError
    return tuple(int(part) for part in parts)
