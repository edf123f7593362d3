"""Callback data: read strictly, because anybody can forge it."""

import re
from dataclasses import dataclass

from bot.calling.errors import ExpiredError
from bot.texts.cards import Verb
from storage.outcomes import CallOutcome

PATTERN = re.compile(r"\A([a-z]{2,8}):([A-Za-z0-9_.\-]{1,55})\Z", re.ASCII)
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


def parts_of(token: str, count: int) -> list[str]:
    """The parts of a token, exactly so many.

    Raises:
        ExpiredError: it has more or fewer.
    """
    parts = token.split(".")
    if len(parts) != count:
        raise ExpiredError
    return parts


def number_of(part: str) -> int:
    """The number that a part of a token is.

    Raises:
        ExpiredError: it is none.
    """
    if not _NUMBER.fullmatch(part):
        raise ExpiredError
    return int(part)


@dataclass(frozen=True, slots=True)
class Look:
    """What a looking button of a batch shows: a page of all its calls, or of some."""

    batch_id: int
    page: int
    outcome: CallOutcome | None = None


def look_of(token: str) -> Look:
    """The batch, the page and the outcome that a token names.

    Raises:
        ExpiredError: it holds anything else.
    """
    if token.count(".") == 1:
        batch_id, page = ids_of(token, 2)
        return Look(batch_id, page)
    first, second, key = parts_of(token, 3)
    outcome = CallOutcome.parse(key)
    if outcome is None:
        raise ExpiredError
    return Look(number_of(first), number_of(second), outcome)
