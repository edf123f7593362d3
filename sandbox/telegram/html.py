"""Telegram's HTML parse mode, as strict as the server's.

Follows the behaviour of `parse_html` in tdlib (td/telegram/MessageEntity.cpp) and its own test
cases (test/message_entities.cpp): byte offsets in errors, an optional semicolon after a
reference, unknown references left as they stand.
"""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import bad_request

SPACES = b" \t\r\n\0\v"
KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_REFERENCE = re.compile(rb"&(?:#[xX]([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_USER_LINK = re.compile(r"tg://user\?id=([0-9]+)\Z", re.ASCII)
LONGEST_REFERENCE = 10
LAST_CHARACTER = 0x10FFFF


@dataclass(slots=True)
class _Tag:
    name: str
    argument: str
    offset: int
    start: int


class _Parser:
    """One pass over the bytes of a text; a NUL ends them, as in the original."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "surrogatepass") + b"\0"
        self.at = 0
        self.out = bytearray()
        self.offset = 0
        self.open: list[_Tag] = []
        self.entities: list[dict[str, Any]] = []

    def parse(self) -> tuple[str, list[dict[str, Any]]]:
        while self.at < len(self.data) - 1:
            byte = self.data[self.at]
            character = self.reference() if byte == ord("&") else ""
            if character:
                self.offset += len(character.encode("utf-16-le", "surrogatepass")) // 2
                self.out += character.encode("utf-8", "surrogatepass")
            elif byte != ord("<"):
                self.offset += 0 if byte & 0xC0 == 0x80 else 1 + (byte >= 0xF0)  # noqa: PLR2004  UTF-8
                self.out.append(byte)
                self.at += 1
            elif self.data[self.at + 1] == ord("/"):
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"'
            )
        try:
            text = self.out.decode()
        except UnicodeDecodeError:
            raise _unparsable(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ) from None
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return text, self.entities

    def reference(self) -> str:
        """Read a character reference; nothing is read, and "" returned, if it is none."""
        match = _REFERENCE.match(self.data, self.at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            character = NAMED.get(name, "")
        else:
            digits = hexadecimal or decimal
            code = int(digits, 16 if hexadecimal else 10)
            fits = 0 < code < LAST_CHARACTER and len(digits) < LONGEST_REFERENCE
            character = chr(code) if fits else ""
        if character:
            self.at = match.end()
        return character

    def until(self, stops: bytes) -> str:
        begin = self.at
        while self.data[self.at] not in stops:
            self.at += 1
        return self.data[begin : self.at].decode("utf-8", "replace")

    def skip_spaces(self) -> None:
        while self.data[self.at] != 0 and self.data[self.at] in SPACES:
            self.at += 1

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self.until(SPACES + b">").lower()
        if self.data[self.at] == 0:
            raise _unparsable(f"Unclosed start tag at byte offset {begin}")
        if name not in KINDS:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {begin}')
        argument = ""
        while self.data[self.at] != ord(">"):
            self.skip_spaces()
            if self.data[self.at] == ord(">"):
                break
            argument = self.attribute(name, begin) or argument
        self.at += 1
        if name == "span" and argument != "spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Tag(name, argument, self.offset, len(self.out)))

    def attribute(self, tag: str, begin: int) -> str:
        """Read one attribute, and return what it means to the tag."""
        name = self.until(SPACES + b"=>")
        if not name:
            raise _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self.skip_spaces()
        unclosed = _unparsable(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if self.data[self.at] == 0:
            raise unclosed
        if self.data[self.at] != ord("="):
            return "expandable" if (tag, name) == ("blockquote", "expandable") else ""
        self.at += 1
        self.skip_spaces()
        if self.data[self.at] == 0:
            raise unclosed
        quoted = self.data[self.at] in b"'\""
        value = self.literal() if quoted else self.name_token()
        if self.data[self.at] == 0:
            raise _unparsable(f"Unclosed start tag at byte offset {begin}")
        return _argument(tag, name, value)

    def name_token(self) -> str:
        begin = self.at
        match = re.compile(rb"[A-Za-z0-9.-]*").match(self.data, begin)
        self.at = match.end() if match else begin
        if self.data[self.at] not in SPACES + b">":
            raise _unparsable(f"Unexpected end of name token at byte offset {begin}")
        return self.data[begin : self.at].decode().lower()

    def literal(self) -> str:
        quote = self.data[self.at]
        self.at += 1
        value = bytearray()
        while self.data[self.at] not in (quote, 0):
            character = self.reference() if self.data[self.at] == ord("&") else ""
            if character:
                value += character.encode("utf-8", "surrogatepass")
            else:
                value.append(self.data[self.at])
                self.at += 1
        self.at += self.data[self.at] == quote
        return value.decode("utf-8", "replace")

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        name = self.until(SPACES + b">").lower()
        self.skip_spaces()
        if self.data[self.at] != ord(">"):
            raise _unparsable(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        tag = self.open.pop()
        if name not in ("", tag.name):
            raise _unparsable(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self.offset > tag.offset:
            self.entity(tag)

    def entity(self, tag: _Tag) -> None:
        entity: dict[str, Any] = {
            "type": KINDS[tag.name],
            "offset": tag.offset,
            "length": self.offset - tag.offset,
        }
        if tag.name == "a":
            link = tag.argument or self.out[tag.start :].decode("utf-8", "replace")
            if not _link(entity, link):
                return
        elif tag.name == "tg-emoji":
            if not re.fullmatch(r"[1-9][0-9]*", tag.argument):
                raise _unparsable("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = tag.argument
        elif tag.argument == "expandable":
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        elif tag.name == "pre" and self._language_inside(entity):
            return
        self.entities.append(entity)

    def _language_inside(self, pre: dict[str, Any]) -> bool:
        """Turn `<pre><code class="language-x">` into one entity."""
        inner = self.entities[-1] if self.entities else {}
        if "language" in inner and (inner["offset"], inner["length"]) == (
            pre["offset"],
            pre["length"],
        ):
            inner["type"] = "pre"
            return True
        return False


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""


def _link(entity: dict[str, Any], url: str) -> bool:
    """Give the entity its address; a text that is no address loses its link, as at Telegram."""
    person = _USER_LINK.match(url)
    if person:
        entity["type"] = "text_mention"
        entity["user"] = {"id": int(person[1]), "is_bot": False, "first_name": ""}
        return True
    if "://" not in url:
        url = f"http://{url}"
    entity["url"] = url
    return "." in url or url.startswith("tg://")


def _unparsable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and its entities, with offsets in UTF-16 code units.

    Raises:
        ApiError: the text is not what Telegram calls HTML.
    """
    text, entities = _Parser(html).parse()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities
