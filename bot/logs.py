"""What the program logs, to stderr: without secrets and phone numbers, whoever wrote the line.

Logging never raises, and never prints a record by itself: what Python prints of a record that
cannot be formatted (its arguments, as they are) would go around the formatter.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final, TextIO

from bot.redaction import Redactor, bot_token_secrets, proxy_secrets
from bot.settings import Settings

QUIET: Final = ("telegram", "httpx", "httpcore", "hpack", "asyncio", "uvicorn")
"""Loggers whose lower lines hold tokens or whole messages."""

# What could break a line, move a terminal's cursor or turn the reading direction.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_INDENT: Final = "    "


class RedactingFormatter(logging.Formatter):
    """A line a record in text, with a traceback indented below it; or one JSON object a line.

    Args:
        redactor: takes secrets and numbers out of everything but the time and the level.
        as_json: one JSON object a line in place of text.
    """

    def __init__(self, redactor: Redactor, *, as_json: bool = False) -> None:
        super().__init__()
        self._redact = redactor.redact
        self._write = _as_json if as_json else _as_text

    def format(self, record: logging.LogRecord) -> str:
        """The record, redacted; nothing in it can make this raise."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = {"time": time.replace("+00:00", "Z"), "level": record.levelname}
        try:
            return self._write(head | self._parts(record))
        except Exception:  # noqa: BLE001 -- a record with a fault must not cost the caller its work
            return self._write(head | {"logger": "bot.logs", "message": "an unwritable record"})

    def _parts(self, record: logging.LogRecord) -> dict[str, str]:
        exception = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        parts = {
            "logger": record.name,
            "message": _message(record),
            "exception": exception,
            "stack": record.stack_info,
        }
        return {name: self._redact(part) for name, part in parts.items() if part is not None}


def set_up_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Send all logging and all warnings of the process through the formatter.

    Args:
        settings: the level, the form, and the secrets to hide.
        stream: where the lines go; stderr by default.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    redactor = Redactor(secrets_of(settings))
    handler.setFormatter(RedactingFormatter(redactor, as_json=settings.log_format == "json"))
    level = logging.getLevelNamesMapping()[settings.log_level]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Everything in the settings that may not be shown."""
    return (
        *bot_token_secrets(settings.telegram_token),
        settings.bitel_token,
        *proxy_secrets(settings.telegram_proxy),
        *filter(None, (settings.bitel_webhook_secret,)),
    )


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # the arguments do not fit, or a stranger's `__str__` raises
        if isinstance(record.msg, str):
            return f"{record.msg} (with arguments that cannot be written)"
        raise


def _as_text(parts: dict[str, str]) -> str:
    """One line; what is below it is indented, so that no message can forge a line."""
    first = f"{parts['time']} {parts['level']:<7} {parts['logger']}: {parts['message']}"
    below = "\n".join(parts[name] for name in ("exception", "stack") if name in parts)
    lines = [_printable(first), *(_INDENT + _printable(line) for line in below.split("\n"))]
    return "\n".join(lines if below else lines[:1])


def _as_json(parts: dict[str, str]) -> str:
    # JSON escapes line feeds and the like by itself, but not those of other alphabets.
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(parts, ensure_ascii=False)
    )


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
