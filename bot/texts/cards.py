"""A card: what one message shows. Buttons carry `verb:token` and are checked when pressed."""

import re
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from markupsafe import Markup

_TAG = re.compile(r"<[^>]*>")
DATA_BYTES = 64  # of callback data at most (Telegram)
TEXT_UNITS = 4096  # UTF-16 code units in one message after parsing (Telegram)


class Verb(StrEnum):
    """What a button does; the token after the colon names exactly what it was about."""

    CONFIRM = "ok"
    CANCEL = "no"
    PAGE = "page"
    CSV = "csv"
    XLSX = "xlsx"
    NUMBERS = "numbers"
    REFRESH = "fresh"
    HISTORY = "hist"
    LIST = "list"
    NARROW = "narrow"
    REPORT = "report"
    CHART = "chart"
    HOLD = "hold"
    SEND_REST = "rest"
    STOP = "stop"
    TRY_AGAIN = "again"
    RANG = "rang"
    DID_NOT_RING = "quiet"
    LEAVE = "leave"
    IDS = "ids"
    PICK = "pick"
    UNPAUSE = "unpause"
    LAUNCH_AGAIN = "relaunch"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what it says, and what comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Card:
    """HTML text for Telegram, and rows of buttons below it."""

    text: Markup
    rows: tuple[tuple[Button, ...], ...] = ()


def button(label: str, verb: Verb, *token: object) -> Button:
    """A button whose data fits Telegram's 64 bytes."""
    data = f"{verb}:{'.'.join(str(part) for part in token)}"
    if len(data.encode()) > DATA_BYTES:
        raise ValueError(f"callback data of {verb} is too long")
    return Button(str(label), data)


def too_long(text: Markup | str) -> bool:
    """Whether a message cannot hold this text; Telegram counts UTF-16 units after parsing."""
    return len(plain(text).encode("utf-16-le")) // 2 > TEXT_UNITS


def plain(text: Markup | str) -> str:
    """The text without markup, for alerts and for a message whose entities Telegram refuses."""
    return unescape(_TAG.sub("", text)) if isinstance(text, Markup) else text
