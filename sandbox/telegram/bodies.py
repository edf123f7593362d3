"""Reads the parameters of a request: query string, JSON, urlencoded form or multipart.

Written here and not taken from a library: Starlette's forms need one more dependency.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import Json

NESTED = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "message_ids",
    "reply_markup",
    "reply_parameters",
    "scope",
}
WHOLE = {
    "chat_id",
    "limit",
    "message_id",
    "message_thread_id",
    "offset",
    "reply_to_message_id",
    "timeout",
    "user_id",
}
FLAGS = {
    "allow_sending_without_reply",
    "disable_notification",
    "drop_pending_updates",
    "protect_content",
    "show_alert",
}
_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_NAME = re.compile(rb';\s*name="([^"]*)"')
_FILENAME = re.compile(rb';\s*filename="([^"]*)"')
_TYPE = re.compile(rb"^content-type:\s*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    mime_type: str
    content: bytes


async def read(request: Request) -> tuple[Json, dict[str, Upload]]:
    """Return the parameters, decoded, and the files of a request."""
    raw: Json = dict(request.query_params)
    files: dict[str, Upload] = {}
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json") and body:
        given = _json(body.decode())
        raw |= given if isinstance(given, dict) else {}
    elif content_type.startswith("multipart/form-data"):
        fields, files = parse_multipart(body, content_type)
        raw |= fields
    elif body:
        raw |= parse_qsl(body.decode(), keep_blank_values=True)
    return {name: _decoded(name, value) for name, value in raw.items()}, files


def parse_multipart(body: bytes, content_type: str) -> tuple[Json, dict[str, Upload]]:
    """Split a multipart/form-data body (RFC 7578) into fields and files."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise bad_request("can't find boundary")
    fields: Json = {}
    files: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        named = _NAME.search(head)
        name = named[1].decode() if named else ""
        filename = _FILENAME.search(head)
        if filename is None:
            fields[name] = content.decode()
        else:
            kind = _TYPE.search(head)
            mime_type = kind[1].decode() if kind else "application/octet-stream"
            files[name] = Upload(_unescaped(filename[1].decode()), mime_type, content)
    return fields, files


def _unescaped(name: str) -> str:
    """Undo what browsers, and httpx, do to a file name: HTML standard, multipart/form-data."""
    return name.replace("%22", '"').replace("%0A", "\n").replace("%0D", "\r")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise bad_request("can't parse JSON object") from None


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in NESTED:
        return _json(value) if value else None
    if name in WHOLE and re.fullmatch(r"-?[0-9]+", value, re.ASCII):
        return int(value)
    if name in FLAGS:
        return value.lower() in ("true", "1", "yes")
    return value
