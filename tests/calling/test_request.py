"""What was typed after `/call`: a request, or one clear reason why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calling.errors import Problem, UsageError
from bot.calling.numbers import NumberReader
from bot.calling.request import MAX_RETRY, MAX_WORD, CallRequest, parse_call
from tests.calling.house import VOICE

READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
FIRST, SECOND = "+989120000001", "+989120000002"


def parse(text: str, replied: str | None = None) -> CallRequest:
    """Read the text after `/call`."""
    return parse_call(text, replied, READER)


def problem(text: str, replied: str | None = None) -> Problem:
    """Why the text is refused."""
    with pytest.raises(UsageError) as caught:
        parse(text, replied)
    assert caught.value.value not in ("", None) or caught.value.problem in {
        Problem.NO_ARGUMENTS,
        Problem.VOICE_FIRST,
        Problem.NO_NUMBER,
        Problem.BAD_SERVER,
        Problem.BAD_VOICE,
        Problem.BAD_RETRY,
    }
    return caught.value.problem


def test_plain() -> None:
    """A voice and numbers, in whatever spelling."""
    made = parse(f" {VOICE} 09120000001 +98 912 000 0002")
    assert (made.voice, made.numbers.numbers) == (VOICE, (FIRST, SECOND))
    assert (made.retry_count, made.server_id) == (None, None)
    assert (made.by_reply, made.voice_looks_right) == (False, True)


def test_voice_in_upper_case() -> None:
    """A voice id is kept as the gateway writes it."""
    assert parse(f"{VOICE.upper()} 09120000001").voice == VOICE


def test_invisible_marks() -> None:
    """Direction marks that a phone pastes beside the voice are no part of it."""
    made = parse(f"\u200e{VOICE}\u200f 09120000001")
    assert (made.voice, made.voice_looks_right) == (VOICE, True)


def test_voice_of_digits() -> None:
    """32 hex digits are always a voice id, also if all of them are decimal."""
    assert parse(f"{'1' * 32} 09120000001").voice == "1" * 32


def test_strange_voice() -> None:
    """A first word that is no voice id is kept, and asked about later."""
    made = parse("welcome 09120000001")
    assert (made.voice, made.voice_looks_right) == ("welcome", False)


@pytest.mark.parametrize(
    "text", ["09120000001", "+989120000001 09120000002", "۰۹۱۲۰۰۰۰۰۰۱ x", "0912-000-0001", "31"]
)
def test_number_first(text: str) -> None:
    """A first word of digits is a number in the voice's place."""
    assert problem(text) is Problem.VOICE_FIRST


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_no_arguments(text: str) -> None:
    """Nothing typed is told the usage, also in a reply."""
    assert problem(text) is Problem.NO_ARGUMENTS
    assert problem(text, "09120000001") is Problem.NO_ARGUMENTS


@pytest.mark.parametrize("text", [VOICE, f"{VOICE} retry=2", f"{VOICE}  ,; "])
def test_no_number(text: str) -> None:
    """A voice alone calls nobody."""
    assert problem(text) is Problem.NO_NUMBER


@pytest.mark.parametrize("voice", ["retry=3", "a=b", "x" * (MAX_WORD + 1), "\u200f"])
def test_bad_voice(voice: str) -> None:
    """An option or a monster in the voice's place is no voice."""
    assert problem(f"{voice} 09120000001") is Problem.BAD_VOICE


@pytest.mark.parametrize(
    ("option", "expected"),
    [("retry=0", 0), ("retry=10", 10), ("RETRY=3", 3), ("retry=۳", 3), ("retry=05", 5)],
)
def test_retry(option: str, expected: int) -> None:
    """Retries from 0 to 10, in anybody's digits, anywhere behind the voice."""
    for text in (f"{VOICE} {option} 09120000001", f"{VOICE} 09120000001 {option}"):
        made = parse(text)
        assert (made.retry_count, made.numbers.numbers) == (expected, (FIRST,))
        assert made.numbers.uncallable == ()


@pytest.mark.parametrize("value", ["11", "-1", "", "x", "1.5", "100", "²", "3,09120000001"])
def test_bad_retry(value: str) -> None:
    """Anything else is refused, with the limit."""
    with pytest.raises(UsageError) as caught:
        parse(f"{VOICE} 09120000001 retry={value}")
    assert (caught.value.problem, caught.value.limit) == (Problem.BAD_RETRY, MAX_RETRY)


def test_server() -> None:
    """A server id is any short word, its zeros kept."""
    assert parse(f"{VOICE} server=007 09120000001").server_id == "007"
    assert problem(f"{VOICE} server= 09120000001") is Problem.BAD_SERVER
    assert problem(f"{VOICE} server={'x' * 65} 09120000001") is Problem.BAD_SERVER


@pytest.mark.parametrize("option", ["retries=3", "wave=2", "سرور=1"])
def test_unknown_option(option: str) -> None:
    """An option that does not exist is named, and nothing is guessed."""
    with pytest.raises(UsageError) as caught:
        parse(f"{VOICE} {option} 09120000001")
    assert caught.value.problem is Problem.UNKNOWN_OPTION
    assert caught.value.value == option.split("=", maxsplit=1)[0] + "="


def test_option_twice() -> None:
    """Two values for one option are none."""
    assert problem(f"{VOICE} retry=1 Retry=2 09120000001") is Problem.OPTION_TWICE


def test_option_between_numbers() -> None:
    """An option never glues the groups on both its sides to one number."""
    made = parse(f"{VOICE} 0912 retry=1 0000001 09120000002")
    assert made.numbers.numbers == (SECOND,)


def test_reply() -> None:
    """The numbers of the answered message count where none are typed."""
    made = parse(VOICE, "call 09120000001\n09120000002 please")
    assert (made.numbers.numbers, made.by_reply) == ((FIRST, SECOND), True)
    assert made.reply_left_out is False


def test_reply_and_typed() -> None:
    """Typed numbers win, and it is said that the others were left out."""
    made = parse(f"{VOICE} 09120000001", "09120000002")
    assert (made.numbers.numbers, made.by_reply, made.reply_left_out) == ((FIRST,), True, True)


def test_lines() -> None:
    """What cannot be called is listed with its line in the message."""
    made = parse(f"\n{VOICE}\n09120000001\n112")
    assert [(bad.text, bad.line) for bad in made.numbers.uncallable] == [("112", 4)]


@given(st.text(max_size=80), st.none() | st.text(max_size=40))
def test_any_text(text: str, replied: str | None) -> None:
    """Any text is a request or a usage error, and a request always has a voice and a finding."""
    try:
        made = parse(text, replied)
    except UsageError:
        return
    assert 0 < len(made.voice) <= MAX_WORD
    assert made.numbers.numbers or made.numbers.uncallable
