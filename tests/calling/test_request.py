"""What was typed after `/call`: a request, or one clear reason why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calling.errors import UsageError
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from bot.calling.request import MAX_RETRY, CallRequest, parse_call
from tests.calling.house import VOICE
from tests.texts.scenes import voice_of

READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
NAMES = ("Shift", "Shift call", "Shift call 2", "Payment due", "شیفت")
IDS = {name: f"{position:032x}" for position, name in enumerate(NAMES, start=1)}
KNOWN = [voice_of(name=name, voice_id=IDS[name]) for name in NAMES]
FIRST, SECOND = "+989120000001", "+989120000002"


def parse(text: str, replied: str | None = None) -> CallRequest:
    """Read the text after `/call`."""
    return parse_call(text, replied, READER, KNOWN)


def problem(text: str, replied: str | None = None) -> Problem:
    """Why the text is refused."""
    with pytest.raises(UsageError) as caught:
        parse(text, replied)
    assert caught.value.value not in ("", None) or caught.value.problem in {
        Problem.NO_ARGUMENTS,
        Problem.VOICE_FIRST,
        Problem.NO_NUMBER,
        Problem.BAD_SERVER,
        Problem.BAD_RETRY,
    }
    return caught.value.problem


def test_plain() -> None:
    """A voice and numbers, in whatever spelling."""
    made = parse(f" {VOICE} 09120000001 +98 912 000 0002")
    assert (made.voice, made.numbers.numbers) == (VOICE, (FIRST, SECOND))
    assert (made.retry_count, made.server_id) == (None, None)
    assert (made.by_reply, made.voice_name) == (False, None)


def test_voice_in_upper_case() -> None:
    """A voice id is kept as the gateway writes it."""
    assert parse(f"{VOICE.upper()} 09120000001").voice == VOICE


def test_invisible_marks() -> None:
    """Direction marks that a phone pastes beside the voice are no part of it."""
    made = parse(f"\u200e{VOICE}\u200f 09120000001")
    assert (made.voice, made.numbers.numbers) == (VOICE, (FIRST,))


def test_voice_of_digits() -> None:
    """32 hex digits are always a voice id, also if all of them are decimal."""
    assert parse(f"{'1' * 32} 09120000001").voice == "1" * 32


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("shift call 09120000001", "Shift call"),
        ("SHIFT  CALL\n09120000001", "Shift call"),
        ("Shift 09120000001", "Shift"),
        ("shift: 09120000001", "Shift"),
        ("Shift call 2 09120000001", "Shift call 2"),
        ("shift call, 09120000001", "Shift call"),
        ("\u200fشيفت ۰۹۱۲۰۰۰۰۰۰۱", "شیفت"),
    ],
)
def test_name(text: str, name: str) -> None:
    """The longest name that the text begins with is the voice, whatever its case or keyboard."""
    made = parse(text)
    assert (made.voice, made.voice_name) == (IDS[name], name)
    assert (made.numbers.numbers, made.numbers.uncallable) == ((FIRST,), ())


def test_id_of_a_known_voice() -> None:
    """Who types the id of a voice that has a name gets its name."""
    made = parse(f"{IDS['Shift'].upper()} 09120000001")
    assert (made.voice, made.voice_name) == (IDS["Shift"], "Shift")


@pytest.mark.parametrize(
    ("text", "asked", "nearest"),
    [
        ("welcome 09120000001", "welcome", ()),
        ("Shift-2 09120000001", "Shift-2", ("Shift", "Shift call 2", "Shift call")),
        ("shft cal 09120000001", "shft cal", ("Shift call", "Shift call 2", "Shift")),
        ("Shiftcall retry=2 09120000001", "Shiftcall", ("Shift call", "Shift call 2", "Shift")),
        ("retry=3 09120000001", "retry=3", ()),
        (f"{VOICE}0 09120000001", VOICE + "0", ()),
        ("x" * 300, "x" * 40, ()),
    ],
)
def test_no_voice_of_this_name(text: str, asked: str, nearest: tuple[str, ...]) -> None:
    """A first word that is neither a name nor 32 hex digits calls nobody; near names are told."""
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert caught.value.problem is Problem.NO_VOICE_NAMED
    assert (caught.value.value, caught.value.nearest) == (asked, nearest)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("shft cal 0912 000 0001 retry=2", (FIRST,)),
        ("\nshft cal\n0912 000 0001\n09120000002 retry=2", (FIRST, SECOND)),
        ("retry=3 09120000001 retry=2", (FIRST,)),
    ],
)
def test_what_stands_behind_a_name_that_no_voice_has(text: str, numbers: tuple[str, ...]) -> None:
    """Without voices the name is left out, and the voice is still to be chosen."""
    made = parse_call(text, None, READER, None)
    assert (made.voice, made.voice_name, made.retry_count) == (None, None, 2)
    assert (made.numbers.numbers, made.numbers.uncallable) == (numbers, ())


def test_lines_behind_a_name_that_no_voice_has() -> None:
    """They are counted as they were sent."""
    made = parse_call("\nshft\n09120000001\n115", None, READER, None)
    assert [one.line for one in made.numbers.uncallable] == [4]


@pytest.mark.parametrize(
    "text", ["09120000001", "+989120000001 09120000002", "۰۹۱۲۰۰۰۰۰۰۱ x", "0912-000-0001", "31"]
)
def test_number_first(text: str) -> None:
    """A first word of digits is a number in the voice's place."""
    assert problem(text) is Problem.VOICE_FIRST


@pytest.mark.parametrize("text", ["", "  ", "\n", "\u200f", " \u200e\n"])
def test_no_arguments(text: str) -> None:
    """Nothing typed is told the usage, also in a reply."""
    assert problem(text) is Problem.NO_ARGUMENTS
    assert problem(text, "09120000001") is Problem.NO_ARGUMENTS


@pytest.mark.parametrize("text", [VOICE, f"{VOICE} retry=2", f"{VOICE}  ,; "])
def test_no_number(text: str) -> None:
    """A voice alone calls nobody."""
    assert problem(text) is Problem.NO_NUMBER


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
    assert len(made.voice or "") == len(VOICE)
    assert made.numbers.numbers or made.numbers.uncallable
