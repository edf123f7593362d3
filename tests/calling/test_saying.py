"""What may be read out, and what was typed behind `/say`."""

import pytest

from bot.calling.drafts import Ask, Content, spoken_voice
from bot.calling.errors import UsageError
from bot.calling.numbers import NumberReader
from bot.calling.problems import Problem
from bot.calling.saying import LONGEST, content_of_say, parse_say, read_spoken, speaking

READER = NumberReader("IR", frozenset({"mobile", "fixed_line"}))
ONE, TWO = "+989120000001", "+989120000002"


def blank(**what: object) -> Content:
    """A content with the settings' options."""
    given = {"voice": None, "numbers": (), "retry_count": 1, "server_id": None}
    return Content(**(given | what))  # type: ignore[arg-type]  # by name


def problem_of(text: str, replied: str | None = None) -> Problem:
    """What is wrong with a text behind `/say`."""
    with pytest.raises(UsageError) as raised:
        parse_say(text, replied, READER)
    return raised.value.problem


def test_numbers_on_the_first_line_the_text_from_the_next_on() -> None:
    """The text is taken as it stands, numbers in it included: none of those is called."""
    said = parse_say(
        " 09120000001, 0912 000 0002\nThe shift\n\nbegins: 09120000003 ", None, READER
    )
    assert said.numbers.numbers == (ONE, TWO)
    assert said.spoken == "The shift\n\nbegins: 09120000003"
    assert (said.retry_count, said.server_id, said.by_reply) == (None, None, False)


def test_options_stand_beside_the_numbers() -> None:
    """`retry=` and `server=` as with /call; in the text they are only words."""
    said = parse_say("retry=2 09120000001 server=7\nretry=9 is a word here", None, READER)
    assert (said.retry_count, said.server_id) == (2, "7")
    assert said.spoken == "retry=9 is a word here"
    assert problem_of("09120000001 retry=x\nHello") is Problem.BAD_RETRY


def test_numbers_by_reply() -> None:
    """Without numbers those of the answered message count; typed ones win over them."""
    said = parse_say("\nHello", "Call 09120000002", READER)
    assert said.numbers.numbers == (TWO,)
    assert (said.by_reply, said.reply_left_out) == (True, False)
    typed = parse_say("09120000001\nHello", "09120000002", READER)
    assert typed.numbers.numbers == (ONE,)
    assert (typed.by_reply, typed.reply_left_out) == (True, True)


@pytest.mark.parametrize("text", ["", "\nHello", "  \n Hello"])
def test_no_number(text: str) -> None:
    """Nobody to call is said before anything else."""
    assert problem_of(text) is Problem.SAY_NO_NUMBER


@pytest.mark.parametrize("text", ["09120000001", "09120000001\n \n\u200c", "09120000001\n…!"])
def test_no_text(text: str) -> None:
    """Nothing that could be said is no text."""
    assert problem_of(text) is Problem.TEXT_EMPTY


def test_words_beside_the_numbers_are_listed_and_are_no_text() -> None:
    """A text on the first line is what cannot be called, and the text is missed."""
    assert problem_of("09120000001 Hello there") is Problem.TEXT_EMPTY


def test_the_longest_text() -> None:
    """2,000 characters go, one more does not."""
    assert read_spoken("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(UsageError) as raised:
        read_spoken("x" * (LONGEST + 1))
    assert (raised.value.problem, raised.value.value) == (Problem.TEXT_TOO_LONG, "2001")
    assert raised.value.limit == LONGEST


def test_what_nobody_hears_is_left_out() -> None:
    """Marks of direction and control characters go; the joiners of Persian stay."""
    typed = "\u202e\ufeffخبر\u200f می\u200cشود\t\x07!\r\nدوم  "
    assert read_spoken(typed) == "خبر می\u200cشود  !\nدوم"


def test_a_content_of_it() -> None:
    """All that was asked for, with the reasons to look twice; the text's key is its voice."""
    said = parse_say("retry=3 09120000001 09120000001 abc\nHello", "x", READER)
    content = content_of_say(said, blank, (Ask.LONG,))
    assert (content.voice, content.spoken) == (spoken_voice("Hello"), "Hello")
    assert (content.numbers, content.repeated, content.retry_count) == ((ONE,), 1, 3)
    assert content.asks == (Ask.UNCALLABLE, Ask.REPLY, Ask.LONG)
    assert content.reply_left_out
    plain = content_of_say(parse_say("09120000001\nHi", None, READER), blank)
    assert (plain.asks, plain.retry_count, plain.server_id) == ((), 1, None)


def test_a_draft_that_speaks() -> None:
    """A text takes the place of whatever voice the draft had."""
    content = speaking("Hello")(blank(voice="0" * 32, voice_name="Shift", numbers=(ONE,)))
    assert (content.voice, content.voice_name) == (spoken_voice("Hello"), None)
    assert (content.spoken, content.numbers) == ("Hello", (ONE,))


def test_the_same_text_is_the_same_voice() -> None:
    """So that the guards know a text again."""
    assert spoken_voice("Hello") == spoken_voice("Hello") != spoken_voice("hello")
