"""Takes the file of a request, uploaded or named by its id, and keeps it."""

from typing import Any

from sandbox.telegram.bodies import Upload
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.files import FileKind, check_photo, voice_seconds, wrong_file
from sandbox.telegram.params import Params
from sandbox.telegram.people import Json
from sandbox.telegram.world import World

UPLOAD_LIMIT = 50_000_000
# FileType of tdlib/td, in whose words a file of another type is refused.
TYPES = {"document": "Document", "photo": "Photo", "voice": "VoiceNote", "audio": "Audio"}


def media(world: World, params: Params, kind: FileKind) -> Json:
    """Return the field of a message that holds the file of the parameter of that name.

    Raises:
        ApiError: there is none, or it is refused.
    """
    given = params.text(kind)
    name = given.removeprefix("attach://") if given.startswith("attach://") else kind
    upload = params.files.get(name)
    if upload is None and (not given or given.startswith("attach://")):
        raise bad_request(f"there is no {kind} in the request")
    if upload is not None and (not given or given.startswith("attach://")):
        return stored(world, kind, upload, params.integer("duration"))
    return known(world, kind, given)


def known(world: World, kind: FileKind, file_id: str) -> Json:
    """Return the field for a file that was sent before.

    Raises:
        ApiError: there is none, or it was sent as something else.
    """
    file = world.files.get(file_id)
    if file is None:
        raise wrong_file(file_id)
    if file.kind != kind:
        raise bad_request(f"can't use file of type {TYPES[file.kind]} as {TYPES[kind]}")
    if kind == "photo":
        return {"photo": world.photos[file_id]}
    return {kind: file.as_json()}


def stored(world: World, kind: FileKind, upload: Upload, duration: int | None = None) -> Json:
    """Keep an upload, and return the field for it.

    Raises:
        ApiError: it is empty, too large, or no photo.
    """
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo":
        check_photo(upload.content)
        return {"photo": world.keep_photo(upload.name, upload.content)}
    found: dict[str, Any] = {"kind": kind}
    if kind == "voice":
        found["duration"] = duration or voice_seconds(upload.content)
    return {
        kind: world.keep_file(upload.name, upload.mime_type, upload.content, **found).as_json()
    }
