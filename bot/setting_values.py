"""How the values of the settings are read: each function takes a text and returns its value.

What is wrong is said without the value, as what follows the variable's name in a sentence.
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from environs import ValidationError

from bot.calling.numbers import KINDS, known_region

_SHORTEST_TIMEOUT: Final = 1.0
_LONGEST_TIMEOUT: Final = 300.0
_LONGEST_ID: Final = 64
_MOST_DIGITS: Final = 9
_HIGHEST_PORT: Final = 65535
_FEWEST_LETTERS: Final = 8  # different ones in a secret; fewer is a word typed for a test
_PROXIES: Final = ("http", "https", "socks5", "socks5h")


def bot_token(text: str) -> str:
    """A token of a Telegram bot."""
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}", text):
        raise ValidationError("must be the token as @BotFather shows it, 123456789:ABC…")
    return text


def header_token(text: str) -> str:
    """A token that can stand in a header."""
    if not re.fullmatch(r"[!-~]+", text):
        raise ValidationError("must be the token alone, without spaces or other characters in it")
    return text


def address(text: str) -> str:
    """The base URL of a server, without a slash at its end."""
    parts = _split(text)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or "?" in text
        or "#" in text
    ):
        raise ValidationError(
            "must be an address with http:// or https://, without a user, a ? or a # in it"
        )
    return text.rstrip("/")


def proxy(text: str) -> str | None:
    """The URL of a proxy, which may hold a user and a password."""
    if not text:
        return None
    parts = _split(text)
    if parts is None or parts.scheme not in _PROXIES or parts.path.strip("/") or parts.query:
        raise ValidationError("must be an address with http://, https://, socks5:// or socks5h://")
    return text


def seconds(text: str) -> float:
    """A number of seconds, for one request."""
    number = float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else 0.0
    if not _SHORTEST_TIMEOUT <= number <= _LONGEST_TIMEOUT:
        raise ValidationError(
            f"must be a number of seconds from {_SHORTEST_TIMEOUT:g} to {_LONGEST_TIMEOUT:g}"
        )
    return number


def ids(text: str) -> frozenset[int]:
    """User ids, separated by commas."""
    words = _words(text)
    if not all(re.fullmatch(r"[1-9][0-9]{0,15}", word) for word in words):
        raise ValidationError(
            "must be Telegram user ids, separated by commas: numbers above zero, no names, no"
            " groups; /id shows them"
        )
    return frozenset(map(int, words))


def some_ids(text: str) -> frozenset[int]:
    """One user id or more."""
    found = ids(text)
    if not found:
        raise ValidationError("must hold one user id at least")
    return found


def file(text: str) -> Path:
    """The path of a file that SQLite takes for nothing else."""
    path = Path(text)
    if "\0" in text or text.endswith("/") or not path.name or str(path).startswith((":", "file:")):
        raise ValidationError("must be the path of a file")
    return path


def region(text: str) -> str:
    """A region with a numbering plan."""
    if not known_region(text.upper()):
        raise ValidationError("must be a country's two letters, such as IR")
    return text.upper()


def number_types(text: str) -> frozenset[str]:
    """Kinds of number, separated by commas."""
    words = frozenset(word.lower() for word in _words(text))
    if not words or words - KINDS.keys():
        raise ValidationError(f"must be some of {', '.join(KINDS)}, separated by commas")
    return words


def timezone(text: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValidationError("must be the name of a time zone, such as Asia/Tehran") from error


def server_id(text: str) -> str | None:
    """The id of a dialer, as the gateway's panel shows it."""
    if len(text) > _LONGEST_ID or not text.isprintable() or " " in text:
        raise ValidationError(f"must be one word of {_LONGEST_ID} characters at most")
    return text or None


def port(text: str) -> int | None:
    """A TCP port to listen on."""
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= _HIGHEST_PORT:
        raise ValidationError(f"must be a port, a whole number from 1 to {_HIGHEST_PORT}")
    return int(text)


def host(text: str) -> str:
    """The address to listen on; no name, which may be several addresses or another's."""
    try:
        return str(ipaddress.ip_address("127.0.0.1" if text == "localhost" else text))
    except ValueError as error:
        raise ValidationError(
            "must be an IP address of this machine: 127.0.0.1 for this machine alone, 0.0.0.0"
            " or :: for all"
        ) from error


def webhook_secret(text: str) -> str | None:
    """The last part of the address to which the gateway sends its events."""
    if not text:
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,200}", text) or len(set(text)) < _FEWEST_LETTERS:
        raise ValidationError(
            "must be from 16 to 200 letters, digits, - and _ that nobody can guess"
        )
    return text


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers in a range."""

    def read(text: str) -> int:
        if not re.fullmatch(rf"[0-9]{{1,{_MOST_DIGITS}}}", text) or not low <= int(text) <= high:
            raise ValidationError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def decimal(low: float, high: float) -> Callable[[str], float]:
    """Return a reader of numbers in a range, with a point where they need one."""

    def read(text: str) -> float:
        number = float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else -1.0
        if not low <= number <= high:
            raise ValidationError(f"must be a number from {low:g} to {high:g}")
        return number

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Return a reader of one of some words, in capitals or not."""
    by_lower = {word.lower(): word for word in words}

    def read(text: str) -> str:
        if text.lower() not in by_lower:
            raise ValidationError(f"must be {', '.join(words[:-1])} or {words[-1]}")
        return by_lower[text.lower()]

    return read


def switch(text: str) -> bool:
    """`on` or `off`."""
    return one_of("on", "off")(text.lower()) == "on"


def _words(text: str) -> list[str]:
    return [word for word in (part.strip() for part in text.split(",")) if word]


def _split(text: str) -> SplitResult | None:
    """The parts of a URL with a host; None for what is none, or not plain ASCII."""
    if not re.fullmatch(r"[!-~]+", text):
        return None
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        return None
    return parts if usable else None
