"""All calls of a batch as CSV, for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

from bot.calling.views import CallLine
from bot.texts import calls
from bot.texts.cards import plain
from bot.texts.language import Language

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def calls_csv(lines: list[CallLine], lang: Language) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to see it is UTF-8; CRLF line ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        [
            plain(lang.say(head))
            for head in (
                "batch",
                "position",
                "number",
                "outcome",
                "gateway status",
                "call id",
                "seconds",
                "cost (Toman)",
                "voice",
                "launched by",
                "launched at",
            )
        ]
    )
    for line in lines:
        writer.writerow(_row(line, lang))
    return out.getvalue().encode("utf-8-sig")


def _row(line: CallLine, lang: Language) -> list[str]:
    call, batch = line.call, line.batch
    _, words = calls.outcome(lang, line)
    return [
        f"b{call.batch_id}",
        str(call.position),
        call.number,
        defused(plain(words)),
        defused(call.word or ""),
        defused(call.gateway_id or ""),
        "" if call.bill_sec is None else str(call.bill_sec),
        "" if call.price is None else f"{call.price / 1000:.3f}",
        defused(batch.voice if batch else ""),
        defused(batch.author_name if batch else ""),
        _local(batch.created_at, lang) if batch else "",
    ]


def defused(text: str) -> str:
    """Free text that a spreadsheet could take for a formula gets a `'` before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _local(at: float, lang: Language) -> str:
    moment = datetime.fromtimestamp(at, UTC).astimezone(lang.timezone)
    return moment.strftime("%Y-%m-%d %H:%M:%S")
