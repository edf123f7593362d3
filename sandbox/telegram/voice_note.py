"""A voice note to send when any will do: a second of silence as Ogg Opus, made in code."""

import functools
import struct

SECONDS = 1
RATE = 48_000
FRAMES = 50  # of 20 ms, in a second
_SILENCE = b"\xf8\xff\xfe"  # one frame: CELT, fullband, 20 ms, mono (RFC 6716, section 3.1)
_SERIAL = 1
_POLYNOMIAL = 0x04C11DB7  # of the checksum of a page, RFC 3533 section 6
_FIRST, _LAST = 2, 4


@functools.cache
def silence() -> bytes:
    """Return the file (RFC 3533, RFC 7845)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, RATE, 0, 0)
    vendor = b"sandbox"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    frames = [_SILENCE] * (FRAMES * SECONDS)
    return (
        _page(0, _FIRST, 0, [head])
        + _page(1, 0, 0, [tags])
        + _page(2, _LAST, RATE * SECONDS, frames)
    )


def _page(number: int, flags: int, granule: int, packets: list[bytes]) -> bytes:
    """Return a page of packets that are shorter than 255 bytes."""
    body = b"".join(packets)
    table = bytes(map(len, packets))
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, _SERIAL, number, 0, len(table))
    page = head + table + body
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            carry = register & 0x80000000
            register = (register << 1) & 0xFFFFFFFF
            if carry:
                register ^= _POLYNOMIAL
    return register
