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
    CHOOSE = "choose"
    CHOICES = "choices"
    SKIP = "skip"
    FIRST = "first"
    CARD = "card"
    REMAKE = "remake"
    SEE = "see"
    TAKE_OFF = "off"
    SAVE_LIST = "keep"
    KEEP_AS = "keepas"
    COLUMN = "column"
    CALL_ONE = "callone"
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
    UNDO = "undo"
    TRY_AGAIN = "again"
    REDIAL = "redial"
    REDIAL_BY = "redialby"
    REDIAL_DRAFT = "redraft"
    SPEAK = "speak"
    RANG = "rang"
    DID_NOT_RING = "quiet"
    LEAVE = "leave"
    IDS = "ids"
    PICK = "pick"
    LISTS = "lists"
    LIST_CARD = "lcard"
    LIST_NEW = "lnew"
    LIST_NAME = "lname"
    LIST_CALL = "lcall"
    LIST_ADD = "ladd"
    LIST_DONE = "ldone"
    LIST_SEE = "lsee"
    LIST_OFF = "loff"
    LIST_UNDO = "lundo"
    LIST_RENAME = "lrename"
    LIST_MERGE = "lmerge"
    LIST_INTO = "linto"
    LIST_JOIN = "ljoin"
    LIST_COLUMN = "lcolumn"
    LIST_FILE = "lfile"
    LIST_REMOVE = "lremove"
    LIST_SURE = "lsure"
    LIST_INSTEAD = "linstead"
    DNC = "dnc"
    DNC_ADD = "dncadd"
    DNC_OFF = "dncoff"
    DNC_SEE = "dncsee"
    DNC_WHY = "dncwhy"
    DNC_PART = "dncpart"
    DNC_FILE = "dncfile"
    UNASK = "unask"
    UNPAUSE = "unpause"
    AUDIT = "audit"
    AUDIT_PICK = "auditby"
    LAUNCH_AGAIN = "relaunch"
    VOICES = "voices"
    VOICE = "voice"
    VOICE_ADD = "vadd"
    VOICE_TAKE = "vtake"
    VOICE_NAME = "vname"
    VOICE_DROP = "vdrop"
    VOICE_GONE = "vgone"
    VOICE_MINE = "vmine"
    VOICE_HEAR = "vhear"
    MY_NUMBER = "mynum"
    LAUNCH = "go"
    LAUNCHES = "sets"
    LAUNCH_CARD = "set"
    LAUNCH_DEED = "setdo"
    NEW_LAUNCH = "newset"
    SAVE = "save"
    SAVE_AS = "saveas"
    SAVE_NAME = "savename"
    PANEL = "panel"
    LATER = "later"
    MOVE = "move"
    PLANS = "plans"
    SKIP_TIME = "pass"
    UNPLAN = "unplan"
    CALL_DUE = "due"
    DUE_AT = "dueat"
    OPENING = "opening"
    ANYWAY = "anyway"
    REST_AT = "restat"
    REST_ANY = "restany"
    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LIMITS = "limits"
    LIMIT = "limit"
    LIMIT_SET = "limset"
    LIMIT_TYPE = "limtype"
    TEAM = "team"
    TEAM_MEMBER = "member"
    TEAM_ROLE = "role"
    TEAM_ASK = "teamask"
    TEAM_DO = "teamdo"
    TEAM_ADD = "teamadd"
    INVITES = "invites"
    INVITE = "invite"
    INVITE_BACK = "uninvite"
    CHATS = "chats"
    CHAT_OFF = "chatoff"
    CHAT_ALLOW = "allow"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what it says, and what comes back when it is pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Question:
    """Opens the answer to this message in the app of the person who is asked, in a group."""

    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A reply keyboard, persistent and resized: a tap sends the label as the person's message.

    Attributes:
        rows: the labels.
        placeholder: stands in the input field.
        contact: the one label that shares the person's own number (private chats only).
        people: the one label that lets them pick another person (private chats only), and the
            number by which the answer names it.
    """

    rows: tuple[tuple[str, ...], ...]
    placeholder: str = ""
    contact: str | None = None
    people: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """HTML text for Telegram, and rows of buttons below it; or, in new messages, what is `below`.

    Telegram takes one of the two: `below` counts where there are no rows.
    """

    text: Markup
    rows: tuple[tuple[Button, ...], ...] = ()
    below: Question | Keyboard | None = None


def button(label: str, verb: Verb, *token: object) -> Button:
    """A button whose data fits Telegram's 64 bytes."""
    data = f"{verb}:{'.'.join(str(part) for part in token)}"
    if len(data.encode()) > DATA_BYTES:
        raise ValueError(f"callback data of {verb} is too long")
    return Button(str(label), data)


def too_long(text: Markup | str) -> bool:
    """Whether a message cannot hold this text; Telegram counts UTF-16 units after parsing."""
    return len(plain(text).encode("utf-16-le")) // 2 > TEXT_UNITS


def shortened(text: str, units: int) -> str:
    """The text in so many UTF-16 units at most, cut between words and marked as cut."""
    whole = text.encode("utf-16-le")
    if len(whole) <= 2 * units:
        return text
    cut = whole[: 2 * (units - 1)].decode("utf-16-le", "ignore")
    return cut.rsplit(maxsplit=1)[0] + "…"


def plain(text: Markup | str) -> str:
    """The text without markup, for alerts and for a message whose entities Telegram refuses."""
    return unescape(_TAG.sub("", text)) if isinstance(text, Markup) else text
