r"""Takes tokens and phone numbers out of a text that leaves the program for a log or a terminal.

What looks like a number is one: from eight digits on, whatever usually stands between them, and
however much of it. Three things are spared, because a log without them is of no use: call ids of
32 hex digits and hashes of 64, the user and chat ids that our own code writes as `u123456789` and
`c-1001234567890`, and amounts such as `1,000,000`.

Digits and what stands between them are found as they are and as `repr`, JSON and URLs write them
(`\u06f9`, `%DB%B9`).
"""

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

HIDDEN: Final = "•••"

# What is a secret by its shape, with the part of it that may stay.
_SHAPES: Final = (
    (re.compile(r"(?i)(/bot)[0-9]{1,20}(?::|%3A)[^/\s\"'<>]+"), rf"\1{HIDDEN}"),
    # Not the head of the audit: its number and 64 hex digits.
    (
        re.compile(r"[0-9]{6,20}(?::|%3[Aa])(?![0-9a-f]{64}(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{30,}"),
        HIDDEN,
    ),
    (re.compile(r"(?i)eyJ[A-Za-z0-9_-]{1,512}(?:\.[A-Za-z0-9_-]*){1,4}"), HIDDEN),
    (re.compile(r"(?i)\b(Bearer(?:\s|%20|\+)+)[^\s\"',;]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(/bitel/)[A-Za-z0-9_%-]{16,}"), rf"\1{HIDDEN}"),
    (
        re.compile(r"((?:(?<![A-Za-z0-9_-])|(?<=%20)|(?<=%3[dD]))i_)[A-Za-z0-9_-]{22,}"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(://)[^/\s@\"'<>]*@"), rf"\1{HIDDEN}@"),
)

# A digit: any script's (`\d`), or the Persian and Arabic ones as an escape.
_DIGIT: Final = (
    r"(?:\d|\\{1,4}u06[6fF][0-9]|\\{1,4}x(?:[dD]9\\{1,4}x[aA]|[dD][bB]\\{1,4}x[bB])[0-9]"
    r"|%[dD]9%[aA][0-9]|%[dD][bB]%[bB][0-9])"
)
# Spaces, dashes, dots, slashes, brackets, quotes, and what is not seen at all: everything that the
# reader of numbers takes for nothing between two digits, and what the log escapes. No colon:
# `127.0.0.1:8081` and `submission 12: 3 calls` are of use.
_BETWEEN: Final = (
    r"(?:[^\S\n]|[-.()/_'\"`\u00ab\u00b4\u00bb\u2018\u2019\u201c\u201d<>\[\]{}•●▪◦‣|!?…☎📞📱\u20e3\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u00b7\u0640\u061c\u180e\u200b-\u200f"
    r"\u2010-\u2015\u2028-\u202e\u2060-\u206f\u2212\ufe0e\ufe0f\ufe58\ufe63\ufeff"
    r"\uff08\uff09\uff0d\uff0e\uff0f\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
    r"|\\{1,4}(?:u20[0-6][0-9a-fA-F]|u00[aA][0dD]|ufe(?:0[eEfF]|[fF]{2})|x[aA][0dD]|t)|%20)"
)
_MOST: Final = 40  # of what stands between two digits of one number
# Commas and the like join only where nothing else stands there: after a space the next begins.
_JOINED: Final = (
    rf"(?:[,;*~=\u060c\u061b\u066b\u066c\uff0c\uff1b](?={_DIGIT})|{_BETWEEN}{{0,{_MOST}}}+)"
)
_CALL_ID: Final = (
    r"(?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9A-F]{32})(?![0-9A-Za-z])"
)
# Ids of people have at most ten digits and do not begin like a mobile number (Telegram).
_OUR_ID: Final = (
    r"(?<![0-9A-Za-z])(?:[uc](?:[1-8][0-9]{9}|[1-9][0-9]{0,8})"
    r"|c-(?:1[0-9]{12}|[1-8][0-9]{9}|[1-9][0-9]{0,8}))"
    rf"(?![0-9A-Za-z]|{_BETWEEN}{{1,{_MOST}}}+{_DIGIT})"
)
_AMOUNT: Final = (
    r"(?<![\d,])[1-9][0-9]{0,2}(?:,[0-9]{3})+"
    rf"(?!\d|,\d|{_BETWEEN}{{1,{_MOST}}}+{_DIGIT})"
)
_NEXT: Final = rf"(?!{_CALL_ID}){_DIGIT}"
_NUMBER: Final = (
    rf"(?:\+{_BETWEEN}{{0,{_MOST}}}+)?(?:{_NEXT}{_JOINED}){{6,}}"
    rf"(?P<last_but_one>{_NEXT}){_JOINED}(?P<last>{_NEXT})"
)
_NUMBERS: Final = re.compile(rf"(?P<spared>{_CALL_ID}|{_OUR_ID}|{_AMOUNT})|{_NUMBER}")

_SHORTEST_PASSWORD: Final = 4  # a shorter one is hidden where it stands in an address only
_SHORTEST_PART: Final = 20  # of the bot's token, without its id


class Redactor:
    """Hides the given secrets wherever they stand, and whatever looks like one or like a number.

    Args:
        secrets: as they are used; their spellings in URLs and in JSON are hidden as well.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
        # python-telegram-bot writes the text of an error in lower case: `capitalize` (22.8).
        self._secrets = re.compile(
            "|".join(map(_in_any_url, longest_first)) or r"(?!)", re.IGNORECASE
        )

    def redact(self, text: str) -> str:
        """The text with `•••` in place of every secret, and of all but a number's last digits."""
        return hide_numbers(hide_tokens(self._secrets.sub(HIDDEN, text)))


def hide_tokens(text: str) -> str:
    """The text without what has the shape of a token, or of a password in an address."""
    for shape, stays in _SHAPES:
        text = shape.sub(stays, text)
    return text


def hide_numbers(text: str) -> str:
    """The text with the last two digits only of everything that looks like a phone number."""
    return _NUMBERS.sub(_hide_number, text)


def _hide_number(found: re.Match[str]) -> str:
    return found["spared"] or HIDDEN + found["last_but_one"] + found["last"]


def bot_token_secrets(token: str) -> tuple[str, ...]:
    """A bot's token, and its secret part by itself."""
    part = token.partition(":")[2]
    return (token, part) if len(part) >= _SHORTEST_PART else (token,)


def proxy_secrets(proxy: str | None) -> tuple[str, ...]:
    """The password in a proxy's address, as it stands there and decoded; none without one."""
    if proxy is None:
        return ()
    userinfo, at, _ = urlsplit(proxy).netloc.rpartition("@")
    password = userinfo.partition(":")[2]
    found = {userinfo, unquote(userinfo)} if at and userinfo else set()
    if len(password) >= _SHORTEST_PASSWORD:
        found |= {password, unquote(password)}
    return tuple(sorted(found))


def _spellings(secret: str) -> set[str]:
    """How a secret may be written: as it is, in JSON, in a `repr`."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}


def _in_any_url(text: str) -> str:
    """A pattern for the text, with any of its characters written in percent."""
    return "".join(f"(?:{re.escape(char)}|(?i:{re.escape(_in_percent(char))}))" for char in text)


def _in_percent(char: str) -> str:
    """A character in percent, whether or not a URL needs it."""
    return "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
