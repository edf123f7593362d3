"""What was typed after `/call`, read into a request, or refused with one clear reason."""

import re
from dataclasses import dataclass

from bot.calling.errors import Problem, UsageError
from bot.calling.numbers import NumberReader, Numbers, normalise_digits

MAX_RETRY = 10
MAX_WORD = 64  # characters of a voice or server id

_VOICE_ID = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_NUMBER_WORD = re.compile(r"[0-9+().\-]*[0-9][0-9+().\-]*", re.ASCII)
_OPTION = re.compile(r"(?<!\S)([^\W\d_]+)=(\S*)")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """A launch as it was asked for; `retry_count` and `server_id` are None where not given."""

    voice: str
    numbers: Numbers
    retry_count: int | None = None
    server_id: str | None = None
    by_reply: bool = False
    reply_left_out: bool = False

    @property
    def voice_looks_right(self) -> bool:
        """Whether the voice has the gateway's form: 32 hex digits in every documented sample."""
        return _VOICE_ID.fullmatch(self.voice) is not None


def parse_call(text: str, replied: str | None, reader: NumberReader) -> CallRequest:
    """Read the text after `/call`, and the text of the message that it answers, if any.

    Numbers that are typed win over those of the answered message.

    Raises:
        UsageError: no arguments, a number in place of the voice, an option that is unknown, given
            twice or out of range, or no number at all.
    """
    if not text.strip():
        raise UsageError(Problem.NO_ARGUMENTS)
    voice, rest = _split_voice(text.strip())
    options, rest = _take_options(rest)
    leading = text[: len(text) - len(text.lstrip())]
    numbers = reader.read(rest, first_line=1 + leading.count("\n"))
    typed = bool(numbers.numbers or numbers.uncallable)
    if not typed and replied is not None:
        numbers = reader.read(replied)
    if not numbers.numbers and not numbers.uncallable:
        raise UsageError(Problem.NO_NUMBER)
    return CallRequest(
        voice=voice,
        numbers=numbers,
        retry_count=_retry(options.get("retry")),
        server_id=_server(options.get("server")),
        by_reply=replied is not None,
        reply_left_out=typed and replied is not None,
    )


def _split_voice(text: str) -> tuple[str, str]:
    """The first word, a voice id in lower case as in every documented sample, and the rest."""
    word = text.split(maxsplit=1)[0]
    rest = text[len(word) :]
    voice = _INVISIBLE.sub("", word)
    if _VOICE_ID.fullmatch(voice):
        return voice.lower(), rest
    if _NUMBER_WORD.fullmatch(normalise_digits(voice)):
        raise UsageError(Problem.VOICE_FIRST)
    if "=" in voice or not voice or len(voice) > MAX_WORD:
        raise UsageError(Problem.BAD_VOICE, voice[:MAX_WORD])
    return voice, rest


def _take_options(text: str) -> tuple[dict[str, str], str]:
    """The options by name, and the text with each of them blanked out, so that lines stay."""
    options: dict[str, str] = {}
    for name, value in _OPTION.findall(text):
        if name.lower() not in {"retry", "server"}:
            raise UsageError(Problem.UNKNOWN_OPTION, f"{name[:MAX_WORD]}=")
        if name.lower() in options:
            raise UsageError(Problem.OPTION_TWICE, f"{name.lower()}=")
        options[name.lower()] = value
    # A comma keeps the numbers on both sides of an option from being read as one.
    return options, _OPTION.sub(",", text)


def _retry(value: str | None) -> int | None:
    if value is None:
        return None
    digits = normalise_digits(value)
    if re.fullmatch(r"[0-9]{1,2}", digits, re.ASCII) and int(digits) <= MAX_RETRY:
        return int(digits)
    raise UsageError(Problem.BAD_RETRY, value[:MAX_WORD], MAX_RETRY)


def _server(value: str | None) -> str | None:
    if value is not None and not 0 < len(value) <= MAX_WORD:
        raise UsageError(Problem.BAD_SERVER, value[:MAX_WORD])
    return value
