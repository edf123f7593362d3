"""A text that is read out in place of a recording: what it may be, and what is behind `/say`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.calling.drafts import Ask, Content, spoken_voice
from bot.calling.errors import UsageError
from bot.calling.numbers import NumberReader, Numbers
from bot.calling.problems import Problem
from bot.calling.request import read_retry, read_server, take_options

# Characters. The gateway documents no limit; this is about two minutes of speech, longer than
# anybody listens to, and a card shows it whole.
LONGEST = 2000

# Marks of direction, which nobody hears. The joiners stay: Persian is spelled with them.
_MARKS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SayRequest:
    """A spoken launch as it was asked for; `retry_count` and `server_id` None where not given."""

    spoken: str
    numbers: Numbers
    retry_count: int | None = None
    server_id: str | None = None
    by_reply: bool = False
    reply_left_out: bool = False


def read_spoken(text: str) -> str:
    """The text as it is sent to the gateway: no control or direction marks, no empty ends.

    Raises:
        UsageError: there is nothing in it that can be said, or it is too long.
    """
    lines = (
        "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in line)
        for line in _MARKS.sub("", text).splitlines()
    )
    spoken = "\n".join(line.rstrip() for line in lines).strip()
    if not any(char.isalnum() for char in spoken):
        raise UsageError(Problem.TEXT_EMPTY)
    if len(spoken) > LONGEST:
        raise UsageError(Problem.TEXT_TOO_LONG, str(len(spoken)), LONGEST)
    return spoken


def parse_say(text: str, replied: str | None, reader: NumberReader) -> SayRequest:
    """Read what follows `/say`: numbers and options to the end of the line, then the text.

    Numbers that are typed win over those of the answered message; the text is never searched for
    any.

    Raises:
        UsageError: no number, no text or too much of it, an option that is wrong.
    """
    first, _, rest = text.partition("\n")
    options, first = take_options(first)
    numbers = reader.read(first)
    typed = bool(numbers.numbers or numbers.uncallable)
    if not typed and replied is not None:
        numbers = reader.read(replied)
    if not numbers.numbers and not numbers.uncallable:
        raise UsageError(Problem.SAY_NO_NUMBER)
    return SayRequest(
        spoken=read_spoken(rest),
        numbers=numbers,
        retry_count=read_retry(options.get("retry")),
        server_id=read_server(options.get("server")),
        by_reply=replied is not None,
        reply_left_out=typed and replied is not None,
    )


def content_of_say(
    request: SayRequest, blank: Callable[..., Content], asks: tuple[Ask, ...] = ()
) -> Content:
    """What a request would launch.

    Args:
        request: what was typed.
        blank: makes a content with the settings' options (`Launches.blank`).
        asks: reasons to ask that do not show in the request.
    """
    numbers = request.numbers
    found = [(Ask.UNCALLABLE, bool(numbers.uncallable)), (Ask.REPLY, request.by_reply)]
    options = {"retry_count": request.retry_count, "server_id": request.server_id}
    return blank(
        voice=spoken_voice(request.spoken),
        spoken=request.spoken,
        numbers=numbers.numbers,
        repeated=len(numbers.repeated),
        uncallable=numbers.uncallable,
        asks=(*(ask for ask, holds in found if holds), *asks),
        reply_left_out=request.reply_left_out,
        **{name: value for name, value in options.items() if value is not None},
    )


def speaking(spoken: str) -> Callable[[Content], Content]:
    """The change by which a draft reads out a text, whatever voice it had."""

    def change(content: Content) -> Content:
        return replace(content, voice=spoken_voice(spoken), spoken=spoken, voice_name=None)

    return change
