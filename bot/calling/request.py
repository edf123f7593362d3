"""What was typed after `/call`, read into a request, or refused with one clear reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.calling.errors import UsageError
from bot.calling.naming import leading_name
from bot.calling.numbers import NumberReader, Numbers, normalise_digits
from bot.calling.problems import Problem
from bot.calling.voices import no_voice
from storage.models import Voice

MAX_RETRY = 10
MAX_WORD = 64  # characters of a voice or server id

_VOICE_ID = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_NUMBER_WORD = re.compile(r"[0-9+().\-]*[0-9][0-9+().\-]*", re.ASCII)
_LEADING = re.compile(r"\A[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*")
_OPTION = re.compile(r"(?<!\S)([^\W\d_]+)=(\S*)")
_WORD = re.compile(r"\S+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """A launch as it was asked for; `retry_count` and `server_id` are None where not given.

    `voice` is the gateway's id, `voice_name` the name that it has in the menu, if it has one; both
    are None where the voice is still to be chosen.
    """

    voice: str | None
    numbers: Numbers
    voice_name: str | None = None
    retry_count: int | None = None
    server_id: str | None = None
    by_reply: bool = False
    reply_left_out: bool = False


def parse_call(
    text: str, replied: str | None, reader: NumberReader, voices: Sequence[Voice] | None
) -> CallRequest:
    """Read the text after `/call`, and the text of the message that it answers, if any.

    Numbers that are typed win over those of the answered message; the voice is one of `voices`
    by its name, or any id of 32 hex digits, as in every sample of the gateway's documentation.
    Without `voices` the text begins with a name that no voice has: the voice is left open.

    Raises:
        UsageError: no arguments, a number in place of the voice, no voice of that name, an option
            that is unknown, given twice or out of range, or no number at all.
    """
    request = parse_head(text, reader, voices)
    numbers = request.numbers
    typed = bool(numbers.numbers or numbers.uncallable)
    if not typed and replied is not None:
        numbers = reader.read(replied)
    if not numbers.numbers and not numbers.uncallable:
        raise UsageError(Problem.NO_NUMBER)
    return replace(
        request,
        numbers=numbers,
        by_reply=replied is not None,
        reply_left_out=typed and replied is not None,
    )


def parse_head(text: str, reader: NumberReader, voices: Sequence[Voice] | None) -> CallRequest:
    """Read the text after `/call` alone; there need not be a number in it.

    Raises:
        UsageError: as `parse_call`, but for missing numbers.
    """
    asked = _LEADING.sub("", text)
    if not asked:
        raise UsageError(Problem.NO_ARGUMENTS)
    leading = text[: len(text) - len(asked)]
    if voices is None:
        voice, name, rest = None, None, _split_name(asked)[1]
    else:
        voice, name, rest = _split_voice(asked, voices)
    options, rest = take_options(rest)
    return CallRequest(
        voice=voice,
        voice_name=name,
        numbers=reader.read(rest, first_line=1 + leading.count("\n")),
        retry_count=read_retry(options.get("retry")),
        server_id=read_server(options.get("server")),
    )


def _split_voice(text: str, voices: Sequence[Voice]) -> tuple[str, str | None, str]:
    """The voice's id in lower case, its name if it is known by one, and the rest of the text."""
    word = text.split(maxsplit=1)[0]
    given = _INVISIBLE.sub("", word)
    if _VOICE_ID.fullmatch(given):
        voice_id = given.lower()
        name = next((voice.name for voice in voices if voice.voice_id == voice_id), None)
        return voice_id, name, text[len(word) :]
    by_key = {voice.name_key: voice for voice in voices}
    found = leading_name(text, by_key)
    if found is not None:
        return by_key[found[0]].voice_id, by_key[found[0]].name, found[1]
    if _NUMBER_WORD.fullmatch(normalise_digits(given)):
        raise UsageError(Problem.VOICE_FIRST)
    raise no_voice(_split_name(text)[0], voices)


def _split_name(text: str) -> tuple[str, str]:
    """What may have been meant as a name, and the rest of the text.

    It is the words of the first line before a number or an option; the first word in any case.
    """
    line = text.partition("\n")[0]
    end = 0
    for word in _WORD.finditer(line):
        if end and (_NUMBER_WORD.fullmatch(normalise_digits(word[0])) or "=" in word[0]):
            break
        end = word.end()
    return " ".join(line[:end].split()), text[end:]


def take_options(text: str) -> tuple[dict[str, str], str]:
    """The options by name, and the text with each of them blanked out, so that lines stay.

    Raises:
        UsageError: one is unknown, or given twice.
    """
    options: dict[str, str] = {}
    for name, value in _OPTION.findall(text):
        if name.lower() not in {"retry", "server"}:
            raise UsageError(Problem.UNKNOWN_OPTION, f"{name[:MAX_WORD]}=")
        if name.lower() in options:
            raise UsageError(Problem.OPTION_TWICE, f"{name.lower()}=")
        options[name.lower()] = value
    # A comma keeps the numbers on both sides of an option from being read as one.
    return options, _OPTION.sub(",", text)


def read_retry(value: str | None) -> int | None:
    """The retry count in an option; None if it is not given.

    Raises:
        UsageError: it is no number, or too large.
    """
    if value is None:
        return None
    digits = normalise_digits(value)
    if re.fullmatch(r"[0-9]{1,2}", digits, re.ASCII) and int(digits) <= MAX_RETRY:
        return int(digits)
    raise UsageError(Problem.BAD_RETRY, value[:MAX_WORD], MAX_RETRY)


def read_server(value: str | None) -> str | None:
    """The dialer in an option; None if it is not given.

    Raises:
        UsageError: it is empty or too long.
    """
    if value is not None and not 0 < len(value) <= MAX_WORD:
        raise UsageError(Problem.BAD_SERVER, value[:MAX_WORD])
    return value
