"""Names of voices, lists and launches: what a name may be, and when two are the same."""

import difflib
import re
import unicodedata
from collections.abc import Container, Sequence

from bot.calling.errors import UsageError
from bot.calling.problems import Problem

LONGEST = 40  # characters: what a button shows of it at phone width, and more
NEAREST = 3  # names that are offered in place of one that is not there
_ALIKE = 0.5  # of difflib's ratio from which a name is near

_WORD = re.compile(r"\S+")
_PUNCTUATION = ",;:،؛"
_READ = 4 * LONGEST  # characters of a text among which its leading name ends, spaces included
_JOINER = "\u200c"  # stands inside Persian words, which are misspelt without it
_INVISIBLE = re.compile(r"[\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Arabic letters that a Persian keyboard writes otherwise: yeh, alef maksura, kaf, teh marbuta,
# alef with hamza above and below.
_LETTERS = str.maketrans(
    {
        "\u064a": "\u06cc",
        "\u0649": "\u06cc",
        "\u0643": "\u06a9",
        "\u0629": "\u0647",
        "\u0623": "\u0627",
        "\u0625": "\u0627",
    }
)


def read_name(text: str) -> str:
    """The name in a text that somebody typed, as it is shown: one line, single spaces.

    Raises:
        UsageError: it is empty, longer than 40 characters, or begins with a digit or a plus,
            which would make it look like a number.
    """
    name = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
    name = "".join(char for char in name if char.isprintable() or char == _JOINER).strip(_JOINER)
    if not name_key(name):
        raise UsageError(Problem.NAME_EMPTY)
    if len(name) > LONGEST:
        raise UsageError(Problem.NAME_TOO_LONG, name[:LONGEST], LONGEST)
    if name[0].isdigit() or name[0] == "+":
        raise UsageError(Problem.NAME_BEGINS, name)
    return name


def name_key(name: str) -> str:
    """What names are compared by: case, width, spaces, and letters of two keyboards are one."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name)).casefold()
    folded = folded.replace(_JOINER, "")
    return " ".join(folded.translate(_LETTERS).split())


def leading_name(text: str, keys: Container[str]) -> tuple[str, str] | None:
    """The longest of some names that the first line of a text begins with, and what follows it.

    Args:
        text: what somebody typed.
        keys: the names, as `name_key` makes them.

    Returns:
        The name's key and the rest of the text; None if the text begins with none of them. A
        name ends with a word, or before the comma or colon that the word ends with.
    """
    found = None
    for word in _WORD.finditer(text.partition("\n")[0]):
        if word.start() > _READ:
            break
        for end in (word.start() + len(word[0].rstrip(_PUNCTUATION)), word.end()):
            key = name_key(text[:end])
            if key in keys:
                found = (key, text[end:])
    return found


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """The names that are most like this one, the nearest first, three at most."""
    by_key = {name_key(known): known for known in names}
    wanted = name_key(name)
    inside = [key for key in by_key if wanted and (wanted in key or key in wanted)]
    alike = difflib.get_close_matches(wanted, by_key, n=NEAREST, cutoff=_ALIKE)
    return [by_key[key] for key in dict.fromkeys([*alike, *inside])][:NEAREST]
