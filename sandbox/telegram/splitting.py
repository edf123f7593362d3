"""How Telegram's apps split a text that is too long for one message."""

from sandbox.telegram.entities import TEXT_LIMIT, length

HALF = 2  # a part is cut in its second half, so that none is much shorter than it might be


def parts(text: str) -> list[str]:
    """Return a text in parts of at most 4096 UTF-16 units.

    A part ends with a line where it can, else between words, else amid one, but never amid a
    character. What stood at the cut, a line break or a space, is gone.
    """
    rest, found = text.strip(), []
    while length(rest) > TEXT_LIMIT:
        fits = rest.encode("utf-16-le")[: 2 * TEXT_LIMIT].decode("utf-16-le", "ignore")
        end = _end(rest, len(fits))
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, rest] if rest else found


def _end(text: str, most: int) -> int:
    """Return the end of the first part, which has so many characters at most."""
    for stop in ("\n", " "):
        at = text.rfind(stop, most // HALF, most + 1)
        if at > 0:
            return at
    return most
