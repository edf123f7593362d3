import ast
import io
import json
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.logs import QUIET, RedactingFormatter, secrets_of, set_up_logging
from bot.redaction import HIDDEN, Redactor, hide_numbers
from bot.settings import Settings, load_settings
from tests.logging_state import logging_restored

BOT_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
GATEWAY_TOKEN = 'gate/way+"token'
PASSWORD = "hunter%2F22"
CALL_ID = "08e815cbcd724386805103ac0d45e4c2"
DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
PLAIN_MARKS = ("", "", "", " ", "-", ".", "\u200c", "\u00a0")
MARKS = (*PLAIN_MARKS, "\u2011", ") ", " (", "/", "\u202a", "\t")
OUR_ID = re.compile(r"(?:^|[^0-9A-Za-z])(?:u|c-?)$")


def left_of(written: str) -> set[str]:
    """What may be left of a number: its end, or nothing where it was part of a token."""
    return {written[-2:], ""}


def lower_hex(text: str) -> str:
    """The text with its escapes as some programs write them in URLs."""
    return re.sub("%..", lambda found: found[0].lower(), text)


def settings(**changed: str) -> Settings:
    """Settings with all the secrets that there are."""
    required = {
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "BITEL_TOKEN": GATEWAY_TOKEN,
        "ADMIN_IDS": "1",
        "TELEGRAM_PROXY": f"http://user:{PASSWORD}@proxy.example:3128",
    }
    return load_settings(required | changed, None)


def formatter(*, as_json: bool = False) -> RedactingFormatter:
    """The formatter of those settings."""
    return RedactingFormatter(Redactor(secrets_of(settings())), as_json=as_json)


def fail(error: Exception | None) -> None:
    """Raise it, if there is one."""
    if error is not None:
        raise error


def record(message: Any, *args: Any, error: Exception | None = None) -> logging.LogRecord:
    """A record as a logger makes it, with the traceback of an error that was raised."""
    exc_info = None
    try:
        fail(error)
    except Exception:  # noqa: BLE001 -- the record takes whatever it is
        exc_info = sys.exc_info()
    return logging.LogRecord("bot.x", logging.INFO, "x.py", 1, message, args, exc_info)


def lines(message: Any, *args: Any, error: Exception | None = None) -> Iterator[str]:
    """What a record looks like in both forms."""
    for as_json in (False, True):
        yield formatter(as_json=as_json).format(record(message, *args, error=error))


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """What a test sets up ends with it."""
    with logging_restored():
        yield


@st.composite
def numbers(draw: st.DrawFn, marks: tuple[str, ...] = MARKS) -> tuple[str, str]:
    """A phone number in some spelling, and its digits as they are written there."""
    value = draw(st.text("0123456789", min_size=8, max_size=15))
    alphabet = draw(st.sampled_from(DIGITS))
    written = "".join(alphabet[int(digit)] for digit in value)
    size = len(value) - 1
    between = draw(st.lists(st.sampled_from(marks), min_size=size, max_size=size))
    rest = zip(between, written[1:], strict=True)
    spelled = written[0] + "".join(mark + digit for mark, digit in rest)
    return draw(st.sampled_from(["", "+", "(", "tel:", "+ "])) + spelled, written


def digits_of(text: str) -> str:
    """All the digits of a text, one after the other."""
    return "".join(char for char in text if char.isdecimal())


around = st.text(st.characters(exclude_categories=("Nd", "Cs")), max_size=30)
seen = st.text(st.characters(exclude_categories=("Nd", "C", "Zl", "Zp")), max_size=30)


@given(before=around, number=numbers(), after=around)
def test_no_number_in_a_text(before: str, number: tuple[str, str], after: str) -> None:
    """However a number is spelled and whatever stands around it, two digits of it are left."""
    assume(not OUR_ID.search(before))
    spelled, written = number
    shown = Redactor().redact(before + spelled + after)
    assert digits_of(shown) in left_of(written)


@given(before=seen, number=numbers(), after=seen)
def test_no_number_in_a_line(before: str, number: tuple[str, str], after: str) -> None:
    """No line of either form holds more of a number than its last two digits."""
    assume(not OUR_ID.search(before))
    spelled, written = number
    text, as_json = lines("%s%s%s", before, spelled, after)
    assert digits_of(text.partition("bot.x: ")[2].replace("\\t", "")) in left_of(written)
    assert digits_of(json.loads(as_json)["message"]) in left_of(written)


@given(number=numbers(PLAIN_MARKS), write=st.sampled_from([repr, ascii, json.dumps]))
def test_no_number_in_an_escape(number: tuple[str, str], write: Callable[[str], str]) -> None:
    """A number is found behind the escapes of a repr and of JSON."""
    spelled, written = number
    assert digits_of(ast.literal_eval(hide_numbers(write(spelled)))) == written[-2:]


@given(number=numbers(("", " ", "-", ".")))
def test_no_number_in_bytes(number: tuple[str, str]) -> None:
    """A number is found in a URL and in the repr of raw bytes."""
    spelled, written = number
    assert digits_of(unquote(hide_numbers(quote(spelled)))) == written[-2:]
    raw = hide_numbers(repr(spelled.encode())).replace(HIDDEN, "")
    assert digits_of(ast.literal_eval(raw).decode()) == written[-2:]


@given(number=numbers())
def test_no_number_in_an_exception(number: tuple[str, str]) -> None:
    """A traceback is logged with its cause, and without the numbers in either."""
    spelled, written = number
    error = ValueError({"phone": spelled})
    error.__cause__ = KeyError(spelled)
    for line in lines("failed: %r", [spelled], error=error):
        assert "ValueError" in line
        assert "KeyError" in line
        assert written[:-2] not in digits_of(re.sub(r"\\+(?:x..|u....)", "", line))


@pytest.mark.parametrize(
    "text",
    [
        f"call {CALL_ID}: answered",
        f"ids: {CALL_ID}, {CALL_ID.upper()}",
        f"'{CALL_ID}'",
        "u123456789 launched #b12 in c-1001234567890 (c123456)",
        "u5123456789",
        "submission 12 of 1234567: 3 calls in 1.25 s",
        "127.0.0.1:8081",
        f"audit head 1234567:{'12345678' * 7}abcdef09",
        "1,000,000 of 12,345,678",
        "[12, 345, 678, 9012]",
    ],
)
def test_what_a_log_needs_is_spared(text: str) -> None:
    """Call ids, our own form of user and chat ids, and small numbers stay as they are."""
    assert Redactor().redact(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"0912123456 {CALL_ID} 09121234567", f"•••56 {CALL_ID} •••67"),
        ("u912 123 4567", "u•••67"),
        ("c-0912 123 4567", "c-•••67"),
        ("+98 (912) 123-4567, 00989121234568.", "•••67, •••68."),
        ("['09121234567', '۰۹۱۲۱۲۳۴۵۶۸']", "['•••67', '•••۶۸']"),
        ("abc09121234567def", "abc•••67def"),
        ("u989121234567 c989121234567", "u•••67 c•••67"),
        ("0912 . . 123 -- -- 4567", "•••67"),
        ("0912    123    4567", "•••67"),
        ("0912,123,4567 0912\u060c123\u060c4568", "•••68"),
        ("'0912' [123] \u00ab4567\u00bb", "'•••67\u00bb"),
    ],
)
def test_numbers_beside_what_is_spared(text: str, shown: str) -> None:
    """A number loses its digits beside an id as well, and the id keeps all of its own."""
    assert Redactor().redact(text) == shown


@given(before=seen, after=seen, secret=st.sampled_from([BOT_TOKEN, GATEWAY_TOKEN, "hunter/22"]))
def test_no_secret_in_a_line(before: str, after: str, secret: str) -> None:
    """A token and the proxy's password are hidden in any text, in their spellings too."""
    in_url = quote(secret, safe="")
    for spelling in (secret, quote(secret), in_url, lower_hex(in_url), json.dumps(secret)[1:-1]):
        for line in lines("%s%s%s", before, spelling, after):
            assert spelling not in line
            assert secret not in line


@given(before=seen, after=seen, secret=st.sampled_from([BOT_TOKEN, GATEWAY_TOKEN, "hunter/22"]))
def test_no_secret_in_an_exception(before: str, after: str, secret: str) -> None:
    """Nor does a traceback show one, whether the error holds it as text or as a value."""
    for line in lines("failed", error=ValueError(before + secret + after, {"token": secret})):
        assert secret not in line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"GET /bot{BOT_TOKEN}/getMe", "GET /bot•••/getMe"),
        ("GET /bot100200300:sandbox/getMe", "GET /bot•••/getMe"),
        ("/file/bot100200300%3Asandbox/a.ogg", "/file/bot•••/a.ogg"),
        (f"a token of another bot: {BOT_TOKEN.swapcase()}", "a token of another bot: •••"),
        (f"the part alone: {BOT_TOKEN.partition(':')[2]}", "the part alone: •••"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer •••"),
        ("'authorization': 'bearer abc'", "'authorization': 'bearer •••'"),
        ("jwt=eyJhbGciOi.eyJzdWIi.c2ln!", "jwt=•••!"),
        ("via socks5://me:pw@h:1080", "via socks5://•••@h:1080"),
        ("/start i_" + "aB-_" * 5 + "xy", "/start i_•••"),
        (
            "https%3A%2F%2Ft.me%2Fbot%3Fstart%3Di_" + "b" * 22,
            "https%3A%2F%2Ft.me%2Fbot%3Fstart%3Di_•••",
        ),
        ("multi_" + "a" * 22, "multi_" + "a" * 22),
    ],
)
def test_what_looks_like_a_secret_is_one(text: str, shown: str) -> None:
    """Tokens that are not ours are hidden by their shape."""
    assert Redactor([BOT_TOKEN, BOT_TOKEN.partition(":")[2]]).redact(text) == shown


@pytest.mark.parametrize(
    "text", ["1" * 200_000, "1 " * 100_000, "\\" * 200_000, "eyJ" * 60_000, f"{CALL_ID} " * 6000]
)
@pytest.mark.timeout(20)
def test_a_huge_text_does_not_stop_the_program(text: str) -> None:
    """The patterns look at each character a bounded number of times."""
    assert len(Redactor(secrets_of(settings())).redact(text)) <= len(text)


def test_a_message_cannot_forge_a_line() -> None:
    """Line feeds and control characters of a message are escaped; a traceback is indented."""
    forged = "00:00:00Z ERROR bot: forged"
    message = f"a\n{forged}\r\n\x1b[2J\u2028{forged}"
    text, as_json = lines(message, error=ValueError(f"b\n{forged}\r{forged}"))
    first, *rest = text.split("\n")
    assert first.endswith(r"bot: forged\r\n\x1b[2J\u202800:00:00Z ERROR bot: forged")
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert len(text.splitlines()) == len(rest) + 1
    assert len(as_json.splitlines()) == 1
    assert json.loads(as_json)["message"].count("\n") == 2


def test_the_forms() -> None:
    """A line of text has time in UTC, level, logger and message; JSON has them as fields."""
    made = record("%d calls", 3)
    made.created = 0.5
    assert formatter().format(made) == "1970-01-01T00:00:00.500Z INFO    bot.x: 3 calls"
    assert json.loads(formatter(as_json=True).format(made)) == {
        "time": "1970-01-01T00:00:00.500Z",
        "level": "INFO",
        "logger": "bot.x",
        "message": "3 calls",
    }


def test_the_stack_is_redacted() -> None:
    """The stack that a caller asks for is in the line, without numbers."""
    for line in lines("where"):
        assert "Stack" not in line
    made = record("where")
    made.stack_info = "Stack (most recent call last):\n  call('09121234567')"
    for as_json in (False, True):
        line = formatter(as_json=as_json).format(made)
        assert "call('•••67')" in line


class Unprintable:
    """An object of somebody else's, with a fault in it."""

    def __str__(self) -> str:
        """Raise, with a number in the error."""
        raise ValueError("09121234567")

    __repr__ = __str__


class UnprintableError(Exception):
    """An error that cannot say what it is."""

    __str__ = __repr__ = Unprintable.__str__


@pytest.mark.parametrize(
    ("message", "args"),
    [
        ("%d calls", ("09121234567",)),
        ("%s %s", ("09121234567",)),
        ("no place", ("09121234567",)),
        ("%s", (Unprintable(),)),
        (Unprintable(), ()),
        (Unprintable(), (1,)),
        (12345678901, ()),
        (b"\xff", ()),
        (None, ()),
        ("\ud800", ()),
    ],
)
def test_logging_never_raises(message: Any, args: tuple[Any, ...]) -> None:
    """Whatever is logged, a line comes of it, and nothing else is printed."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    for log_format in ("text", "json"):
        set_up_logging(settings(LOG_FORMAT=log_format), stream)
        logging.getLogger("bot.x").info(message, *args)
        logging.getLogger("bot.x").error("failed", exc_info=UnprintableError())
    stream.flush()
    written = stream.buffer.getvalue().decode()
    assert len(re.findall(r"bot\.(?:x|logs)", written)) == 4
    assert not re.search(r"\d{8}", written)


def test_a_broken_stream_costs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the lines cannot be written, the program goes on, and nothing goes around."""
    stream = io.StringIO()
    set_up_logging(settings(), stream)
    stream.close()
    logging.getLogger("bot.x").error("lost %s", "09121234567")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_levels(level: str) -> None:
    """The program's own lines follow LOG_LEVEL; libraries that tell tokens start at WARNING."""
    stream = io.StringIO()
    set_up_logging(settings(LOG_LEVEL=level), stream)
    number = logging.getLevelNamesMapping()[level]
    assert logging.getLogger("bot.x").getEffectiveLevel() == number
    for name in QUIET:
        assert logging.getLogger(f"{name}.part").getEffectiveLevel() == max(
            number, logging.WARNING
        )
    logging.getLogger("httpx").info("GET /bot%s/getMe", BOT_TOKEN)
    assert stream.getvalue() == ""


def test_default_stream_and_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines go to stderr, and there is one handler however often logging is set up."""
    set_up_logging(settings(LOG_FORMAT="json"))
    set_up_logging(settings(LOG_FORMAT="json"))
    logging.getLogger("bot.x").warning("09121234567")
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["message"] == "•••67"


def test_warnings_are_logged_redacted() -> None:
    """A warning of Python goes through the same formatter."""
    stream = io.StringIO()
    set_up_logging(settings(), stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(f"token {BOT_TOKEN}", stacklevel=1)
    assert "py.warnings" in stream.getvalue()
    assert BOT_TOKEN not in stream.getvalue()


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("", set()),
        ("http://h:1", set()),
        ("http://user@h:1", {"user"}),
        ("http://user:pw@h:1", {"user:pw"}),
        (
            "http://user:hunter%2F22@h:1",
            {"user:hunter%2F22", "user:hunter/22", "hunter%2F22", "hunter/22"},
        ),
    ],
)
def test_secrets_of_a_proxy(address: str, secrets: set[str]) -> None:
    """A password is a secret as it stands and decoded; a very short one only with its user."""
    found = secrets_of(settings(TELEGRAM_PROXY=address))
    assert set(found) == {BOT_TOKEN, BOT_TOKEN.partition(":")[2], GATEWAY_TOKEN} | secrets
