"""Reads the parameters of a request: query string, JSON, urlencoded form or multipart.

Written here and not taken from a library: Starlette's forms need one more dependency. Values are
decoded by the types that the schema gives a parameter, and as leniently as Telegram does: numbers,
truths and objects may come as text.
"""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import Json
from sandbox.telegram.schema import Schema

Form = Literal["text", "number", "truth", "json"]
LEGACY: dict[str, Form] = {  # no longer documented, and still taken
    "reply_to_message_id": "number",
    "allow_sending_without_reply": "truth",
    "disable_web_page_preview": "truth",
}
SUBJECTS = {  # how Telegram calls what it can't parse; it ignores other JSON that is malformed
    "commands": "commands",
    "link_preview_options": "link preview options",
    "media": "input media",
    "menu_button": "menu button",
    "message_ids": "message identifiers",
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "scope": "BotCommandScope",
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


async def read(request: Request, method: str) -> tuple[Json, dict[str, Upload]]:
    """Return the parameters, decoded, and the files of a request.

    Args:
        request: what came.
        method: its method in lower case.

    Raises:
        ApiError: it can't be read.
    """
    raw: Json = dict(request.query_params)
    files: dict[str, Upload] = {}
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json") and body:
        given = parsed(body.decode(), "request")
        raw |= given if isinstance(given, dict) else {}
    elif content_type.startswith("multipart/form-data"):
        fields, files = parse_multipart(body, content_type)
        raw |= fields
    elif body:
        raw |= parse_qsl(body.decode(), keep_blank_values=True)
    forms = _forms(method)
    return {name: _decoded(name, value, forms.get(name)) for name, value in raw.items()}, files


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


def parsed(text: str, subject: str) -> Any:
    """Return what a text of JSON stands for.

    Raises:
        ApiError: it is malformed.
    """
    try:
        return json.loads(text)
    except ValueError:
        raise bad_request(f"can't parse {subject} JSON object") from None


@functools.cache
def _forms(method: str) -> dict[str, Form]:
    """Return how each parameter of a method is written."""
    parameters = Schema.load().methods[method]["parameters"]
    return LEGACY | {name: _form(types) for name, types in parameters.items()}


def _form(types: list[str]) -> Form:
    simple: dict[str, Form] = {"Integer": "number", "Boolean": "truth"}
    if types[0] in simple:
        return simple[types[0]]
    return "text" if {"String", "InputFile"} & set(types) else "json"


def _decoded(name: str, value: Any, form: Form | None) -> Any:
    if form == "text" and isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if not isinstance(value, str) or form == "text":
        return value
    if form == "number" and re.fullmatch(r"-?[0-9]+", value, re.ASCII):
        return int(value)
    if form == "truth":
        return _truth(value)
    return _object(name, value) if form == "json" else value


def _truth(value: str) -> bool | str:
    """Return a yes or no; what is neither stays as it is, and counts as no."""
    lowered = value.strip().lower()
    if lowered in {"true", "yes", "1"}:
        return True
    return False if lowered in {"false", "no", "0", ""} else value


def _object(name: str, value: str) -> Any:
    if not value:
        return None
    if name in SUBJECTS:
        return parsed(value, SUBJECTS[name])
    try:
        return json.loads(value)
    except ValueError:
        return value
