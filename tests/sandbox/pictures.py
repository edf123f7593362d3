"""Pictures for tests, made in code: their headers are right, which is all that is read."""


def png(width: int, height: int) -> bytes:
    """A PNG file of this size, without its pixels."""
    size = width.to_bytes(4) + height.to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + b"IHDR" + size + b"\x08\x00\x00\x00\x00"


def gif(width: int, height: int) -> bytes:
    """A GIF file of this size."""
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"\x00;"


def jpeg(width: int, height: int) -> bytes:
    """A JPEG file of this size, with a segment and a table before its frame."""
    comment = b"\xff\xfe\x00\x04hi"
    table = b"\xff\xc4\x00\x04\x00\x00"
    frame = b"\xff\xc0\x00\x11\x08" + height.to_bytes(2) + width.to_bytes(2)
    return b"\xff\xd8" + comment + table + frame + b"\x03" * 10
