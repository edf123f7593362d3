"""Text as Telegram stores it: trimmed, with the entities that it finds by itself, and measured.

Lengths and offsets are in UTF-16 code units (https://core.telegram.org/api/entities).
"""

import re
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.html import parse_html

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_FOUND = {
    "url": re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\"']", re.ASCII),
    "bot_command": re.compile(
        r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"
    ),
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}"),
    "phone_number": re.compile(r"(?<![\w+])\+[0-9]{7,15}(?!\w)"),
}
_OPAQUE = {"code", "pre", "text_link", "text_mention"}


def length(text: str) -> int:
    """Return the number of UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detect(text: str, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the commands, mentions, hashtags, addresses and numbers in a text.

    Args:
        text: what is written.
        known: entities that came with it; nothing is looked for inside code and links.
    """
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in known
        if entity["type"] in _OPAQUE
    ]
    found: list[dict[str, Any]] = []
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text):
            begin = length(text[: match.start()])
            end = begin + length(match[0])
            if all(end <= first or begin >= last for first, last in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    return found


def written(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Trim a text with its entities and add those that Telegram finds."""
    trimmed = text.strip()
    dropped = length(text) - length(text.lstrip())
    size = length(trimmed)
    kept = []
    for entity in entities:
        begin = max(0, entity["offset"] - dropped)
        end = min(size, entity["offset"] + entity["length"] - dropped)
        if begin < end:
            kept.append({**entity, "offset": begin, "length": end - begin})
    kept += detect(trimmed, kept)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return trimmed, kept


def formatted(
    text: str, parse_mode: str, entities: list[dict[str, Any]] | None
) -> tuple[str, list[dict[str, Any]]]:
    """Return text and entities of what a bot sends.

    Raises:
        ApiError: the parse mode or the text is refused.
    """
    mode = parse_mode.lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request("the sandbox parses HTML only")
    elif mode:
        raise bad_request("unsupported parse_mode")
    return written(text, entities or [])
