"""Numbers that wait for the name of their list: as JSON beside the question that asks for it."""

import json

from bot.calling.errors import UsageError
from bot.calling.lists import Given
from bot.calling.numbers import Reason, Uncallable
from bot.handlers.number_sources import Found, NumberSources, Unclear


def keep(found: Found) -> str:
    """What was found, as text; empty if that is nothing.

    Of a file whose column is to be asked for, its id is kept.
    """
    given = found.given
    if not found.something and not found.unclear:
        return ""
    kept = {
        "numbers": given.numbers,
        "names": dict(given.names),
        "repeated": given.repeated,
        "uncallable": [(one.text, one.line, one.reason) for one in given.uncallable],
        "files": [(one.file_id, one.name) for one in found.unclear],
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


async def recall(kept: str, sources: NumberSources) -> Found:
    """Read back what `keep` wrote; its files are fetched and looked at again."""
    raw = json.loads(kept)
    given = Given(
        numbers=tuple(raw["numbers"]),
        names=raw["names"],
        repeated=raw["repeated"],
        uncallable=tuple(
            Uncallable(text, line, Reason(reason)) for text, line, reason in raw["uncallable"]
        ),
    )
    found = Found(given=given)
    for file_id, name in raw["files"]:
        try:
            read = await sources.file(file_id, name)
        except UsageError as error:
            found.errors.append(error)
            continue
        if isinstance(read, Given):
            found.given = Given.joined([found.given, read])
        else:
            found.unclear.append(Unclear(file_id, name, read))
    return found
