"""From the bytes of a text file to its text, whatever a phone or Excel has written it in."""

import codecs
from itertools import pairwise
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT: Final = 4096  # bytes that tell UTF-16 without a mark
_ASCII: Final = 0x80


def decode(content: bytes) -> str | None:
    """The text, with line feeds and carriage returns as they are.

    Returns:
        None if this is no text: control characters stand in it that no text has.
    """
    text = _decoded(content)
    if text is None or text.translate(_CONTROLS) != text:
        return None
    return text


# A file of MS-DOS may end with 0x1a; form feeds and vertical tabs part pages and lines.
_CONTROLS: Final = {
    code: "" for code in range(0x20) if chr(code) not in "\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f"
}


def _decoded(content: bytes) -> str | None:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, errors="replace")
    if wide := _utf_16(content[:_LOOKED_AT]):
        return content.decode(wide, errors="replace")
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_code_page(content), errors="replace")


def _utf_16(content: bytes) -> str | None:
    """UTF-16 without a mark: digits, spaces and line ends have a zero in every other byte."""
    half = len(content) // 2
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if even == 0 and odd * 4 > half:
        return "utf-16-le"
    if odd == 0 and even * 4 > half:
        return "utf-16-be"
    return None


def _code_page(content: bytes) -> str:
    """Windows' Arabic or its Western code page; digits are the same in both.

    Letters of Persian and Arabic words stand side by side, while in Western words those beyond
    ASCII stand alone. French ones are the same in both.
    """
    high = [byte >= _ASCII for byte in content]
    beside = sum(one and other for one, other in pairwise(high))
    return "cp1256" if 2 * beside >= sum(high) else "cp1252"
