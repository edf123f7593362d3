"""Files as Telegram keeps them: documents, photos in their sizes, sounds, and their ids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.telegram.errors import bad_request

FileKind = Literal["document", "photo", "voice", "audio"]
FOLDERS = {"document": "documents", "photo": "photos", "voice": "voice", "audio": "music"}
PHOTO_LIMIT = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
BOXES = (90, 320, 800, 1280, 2560)  # the longer side of each size, core.telegram.org/api/files
_OGG_RATE = 48_000  # of granule positions, RFC 7845 section 4


@dataclass(slots=True, frozen=True)
class StoredFile:
    """A file that was uploaded, or one size of a photo.

    Attributes:
        path: `file_path`, by which it is fetched.
        kind: a file can be sent again as what it was uploaded as only.
        width: pixels, of a photo.
        height: the same.
        duration: seconds, of a voice note or an audio file.
    """

    file_id: str
    name: str
    mime_type: str
    content: bytes
    path: str
    kind: FileKind = "document"
    width: int = 0
    height: int = 0
    duration: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the `Document`, `PhotoSize`, `Voice` or `Audio`."""
        ids = {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}"}
        size = {"file_size": len(self.content)}
        if self.kind == "photo":
            return ids | {"width": self.width, "height": self.height} | size
        if self.kind == "voice":
            return ids | {"duration": self.duration, "mime_type": self.mime_type} | size
        named = {"file_name": self.name, "mime_type": self.mime_type} | size
        if self.kind == "audio":
            return ids | {"duration": self.duration} | named
        return ids | named


def sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Return the sizes in which Telegram keeps a photo, smallest first.

    The sandbox scales nothing: each size is as large in pixels as Telegram would make it, and has
    the content of the original.
    """
    longer = max(width, height)
    for box in BOXES:
        if longer <= box:
            break
        yield max(1, width * box // longer), max(1, height * box // longer)
    if longer <= BOXES[-1]:
        yield width, height


def check_photo(content: bytes) -> tuple[int, int]:
    """Return width and height of what is to be a photo.

    Raises:
        ApiError: it is too large, no picture, or of a shape that Telegram does not take.
    """
    if len(content) > PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_LIMIT} bytes"
        )
    found = dimensions(content)
    if found is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = found
    if not width or not height or width + height > PHOTO_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if max(found) > PHOTO_RATIO * min(found):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return found


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG file, None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    return _jpeg(content) if content.startswith(b"\xff\xd8") else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header (ITU T.81, table B.1)."""
    no_frame = {0xC4, 0xC8, 0xCC}
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:  # noqa: PLR2004  starts a marker
        marker = content[at + 1]
        if marker in range(0xC0, 0xD0) and marker not in no_frame:
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None


def voice_seconds(content: bytes) -> int:
    """Return the length of an Ogg Opus file, 0 for anything else (RFC 7845, RFC 3533)."""
    last = content.rfind(b"OggS")
    if last < 0 or not content.startswith(b"OggS"):
        return 0
    granule = int.from_bytes(content[last + 6 : last + 14], "little", signed=True)
    return max(0, round(granule / _OGG_RATE))


def wrong_file(file_id: str) -> Exception:
    """Return the refusal of a file id that names no file.

    The words are those of tdlib: `base64_drop_padding` and `FileManager::from_persistent_id`.
    """
    if "://" in file_id:
        return bad_request("failed to get HTTP URL content")
    bare = file_id.rstrip("=")
    if len(bare) % 4 == 1:
        why = "Wrong string length"
    elif not re.fullmatch(r"[A-Za-z0-9_-]*", bare, re.ASCII):
        why = "Wrong character in the string"
    else:
        why = "can't unserialize it. Wrong last symbol"
    return bad_request(f"wrong remote file identifier specified: {why}")
