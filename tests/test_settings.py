import os
import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import VARIABLES, Settings, SettingsError, load_settings

BOT_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"
DAY = (480, 1260)  # 08:00 to 21:00, in minutes
REQUIRED = {"TELEGRAM_TOKEN": BOT_TOKEN, "BITEL_TOKEN": JWT, "ADMIN_IDS": "7"}


def read(dotenv: Path | None = None, /, **changed: str) -> Settings:
    """The settings of the required variables and of some others."""
    return load_settings(REQUIRED | changed, dotenv)


def problems(dotenv: Path | None = None, /, **changed: str) -> tuple[str, ...]:
    """What is wrong with them."""
    with pytest.raises(SettingsError) as caught:
        read(dotenv, **changed)
    return caught.value.problems


def test_defaults() -> None:
    """With the three required variables alone, everything else is as the README's table says."""
    assert read() == Settings(
        telegram_token=BOT_TOKEN,
        telegram_api_url="https://api.telegram.org",
        telegram_proxy=None,
        bitel_token=JWT,
        bitel_api_url="https://api.bitel.rest",
        bitel_timeout=30.0,
        admins=frozenset({7}),
        allowed=frozenset(),
        database_path=Path("data/callboard.db"),
        region="IR",
        number_types=frozenset({"mobile", "fixed_line"}),
        timezone=ZoneInfo("Asia/Tehran"),
        retry_count=1,
        server_id=None,
        confirm_above=20,
        max_numbers=1000,
        poll_first=15.0,
        poll_max=300.0,
        poll_rate=5.0,
        undo_seconds=10.0,
        wave_size=100,
        wave_pause=0.0,
        hours=((480, 1260),) * 7,
        holidays=frozenset(),
        mask_in_groups=False,
        http_port=None,
        http_host="127.0.0.1",
        bitel_webhook_secret=None,
        log_level="INFO",
        log_format="text",
    )


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("TELEGRAM_TOKEN", "100200300:sandbox", "telegram_token", "100200300:sandbox"),
        (
            "TELEGRAM_API_URL",
            "http://127.0.0.1:8081/",
            "telegram_api_url",
            "http://127.0.0.1:8081",
        ),
        ("TELEGRAM_API_URL", "https://h/base/", "telegram_api_url", "https://h/base"),
        ("TELEGRAM_PROXY", "socks5://u:p@h:1080", "telegram_proxy", "socks5://u:p@h:1080"),
        ("TELEGRAM_PROXY", "socks5h://h:1080", "telegram_proxy", "socks5h://h:1080"),
        ("TELEGRAM_PROXY", "http://[::1]:3128/", "telegram_proxy", "http://[::1]:3128/"),
        ("POLL_FIRST", "0.5", "poll_first", 0.5),
        ("POLL_MAX", "3600", "poll_max", 3600.0),
        ("POLL_RATE", "0.1", "poll_rate", 0.1),
        ("UNDO_SECONDS", "0", "undo_seconds", 0.0),
        ("WAVE_SIZE", "1", "wave_size", 1),
        ("WAVE_PAUSE", "2.5", "wave_pause", 2.5),
        ("WINDOW", "off", "hours", None),
        ("WINDOW", "OFF", "hours", None),
        ("WINDOW", "9:30 - 24:00", "hours", ((570, 1440),) * 7),
        ("WINDOW", "00:00-00:01", "hours", ((0, 1),) * 7),
        (
            "WINDOW",
            "Sat-Wed 08:00-21:00, thu 08:00-14:00",
            "hours",
            (DAY, DAY, DAY, (480, 840), None, DAY, DAY),
        ),
        ("WINDOW", "Mon-Sun 08:00-21:00", "hours", (DAY,) * 7),
        ("WINDOW", "Fri 08:00-21:00", "hours", (None,) * 4 + (DAY,) + (None,) * 2),
        ("HOLIDAYS", "2027-03-21", "holidays", frozenset({date(2027, 3, 21)})),
        (
            "HOLIDAYS",
            " 2028-02-29 ,2027-03-21,2027-03-21,",
            "holidays",
            frozenset({date(2028, 2, 29), date(2027, 3, 21)}),
        ),
        ("BITEL_TIMEOUT", "1.5", "bitel_timeout", 1.5),
        ("BITEL_TIMEOUT", "300", "bitel_timeout", 300.0),
        ("ADMIN_IDS", " 1, 22 ,333,", "admins", frozenset({1, 22, 333})),
        ("ALLOWED_IDS", "5", "allowed", frozenset({5})),
        ("DATABASE_PATH", "/data/b.db", "database_path", Path("/data/b.db")),
        ("REGION", "de", "region", "DE"),
        ("NUMBER_TYPES", "Mobile, voip", "number_types", frozenset({"mobile", "voip"})),
        ("TIMEZONE", "Europe/Berlin", "timezone", ZoneInfo("Europe/Berlin")),
        ("RETRY_COUNT", "0", "retry_count", 0),
        ("SERVER_ID", "dialer-2", "server_id", "dialer-2"),
        ("CONFIRM_ABOVE", "0", "confirm_above", 0),
        ("MAX_NUMBERS", "100000", "max_numbers", 100_000),
        ("HTTP_PORT", "1", "http_port", 1),
        ("HTTP_PORT", "65535", "http_port", 65535),
        ("HTTP_HOST", "0.0.0.0", "http_host", "0.0.0.0"),  # noqa: S104 -- a value, not a socket
        ("HTTP_HOST", "localhost", "http_host", "127.0.0.1"),
        ("HTTP_HOST", "0:0:0:0:0:0:0:1", "http_host", "::1"),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("LOG_FORMAT", "json", "log_format", "json"),
    ],
)
def test_reads_each_variable(name: str, text: str, field: str, value: object) -> None:
    """Each variable is read into its field, in every form that it may have."""
    assert getattr(read(**{name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TELEGRAM_TOKEN", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"),
        ("TELEGRAM_TOKEN", f'"{BOT_TOKEN}"'),
        ("TELEGRAM_TOKEN", f"bot{BOT_TOKEN}"),
        ("TELEGRAM_TOKEN", "۱۲۳۴۵۶۷۸۹:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"),
        ("BITEL_TOKEN", f"Bearer {JWT}"),
        ("BITEL_TOKEN", "line\nbreak"),
        ("BITEL_TOKEN", "بیتل"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "ftp://h"),
        ("TELEGRAM_API_URL", "https://user:pass@h"),
        ("TELEGRAM_API_URL", "https://h?key=1"),
        ("TELEGRAM_API_URL", "https://h#part"),
        ("BITEL_API_URL", "https://h:99999"),
        ("BITEL_API_URL", "https://h:0"),
        ("BITEL_API_URL", "https://[::1"),
        ("BITEL_API_URL", "https://h h"),
        ("TELEGRAM_PROXY", "h:1080"),
        ("TELEGRAM_PROXY", "socks4://h:1080"),
        ("TELEGRAM_PROXY", "socks5://h:1080/path"),
        ("POLL_FIRST", "0"),
        ("POLL_FIRST", "1e1"),
        ("POLL_MAX", "3601"),
        ("POLL_MAX", "nan"),
        ("POLL_RATE", "0.01"),
        ("POLL_RATE", "1001"),
        ("POLL_RATE", "-5"),
        ("UNDO_SECONDS", "-1"),
        ("UNDO_SECONDS", "301"),
        ("WAVE_SIZE", "0"),
        ("WAVE_SIZE", "101"),
        ("WAVE_PAUSE", "-1"),
        ("WAVE_PAUSE", "3601"),
        ("WINDOW", "21:00-08:00"),
        ("WINDOW", "08:00-08:00"),
        ("WINDOW", "Mon 21:00-08:00"),
        ("WINDOW", "08:00"),
        ("WINDOW", "8-21"),
        ("WINDOW", "08:00-24:01"),
        ("WINDOW", "08:60-21:00"),
        ("WINDOW", "08:00-20:60"),
        ("WINDOW", "25:00-26:00"),
        ("WINDOW", "Xyz 08:00-21:00"),
        ("WINDOW", "Mon-Xyz 08:00-21:00"),
        ("WINDOW", "Monday 08:00-21:00"),
        ("WINDOW", "Mon 08:00-12:00, Mon 13:00-21:00"),
        ("WINDOW", "Sat-Wed 08:00-21:00, Mon 08:00-12:00"),
        ("WINDOW", "08:00-12:00, 13:00-21:00"),
        ("WINDOW", "Mon 08:00-12:00, 13:00-21:00"),
        ("WINDOW", "Mon 08:00-12:00,"),
        ("WINDOW", "on"),
        ("WINDOW", "۱۸:۳۵-۲۱:۳۵"),
        ("HOLIDAYS", "2027-02-29"),
        ("HOLIDAYS", "20270321"),
        ("HOLIDAYS", "2027-W12-1"),
        ("HOLIDAYS", "21.3.2027"),
        ("HOLIDAYS", "1406-01-01;1406-01-02"),
        ("HOLIDAYS", "tomorrow"),
        ("BITEL_TIMEOUT", "0"),
        ("BITEL_TIMEOUT", "0.9"),
        ("BITEL_TIMEOUT", "301"),
        ("BITEL_TIMEOUT", "nan"),
        ("BITEL_TIMEOUT", "inf"),
        ("BITEL_TIMEOUT", "1e1"),
        ("BITEL_TIMEOUT", "-5"),
        ("BITEL_TIMEOUT", "۳۰"),
        ("ADMIN_IDS", ","),
        ("ADMIN_IDS", "0"),
        ("ADMIN_IDS", "-1001234567890"),
        ("ADMIN_IDS", "@alice"),
        ("ADMIN_IDS", "1 2"),
        ("ADMIN_IDS", "۱۲"),
        ("ADMIN_IDS", "007"),
        ("ADMIN_IDS", "1_0"),
        ("ALLOWED_IDS", "1;2"),
        ("DATABASE_PATH", ":memory:"),
        ("DATABASE_PATH", "./:memory:"),
        ("DATABASE_PATH", "file:x?mode=memory"),
        ("DATABASE_PATH", "data/"),
        ("DATABASE_PATH", "."),
        ("REGION", "XX"),
        ("REGION", "Iran"),
        ("REGION", "001"),
        ("NUMBER_TYPES", "mobile,landline"),
        ("NUMBER_TYPES", ","),
        ("TIMEZONE", "Tehran"),
        ("TIMEZONE", "Asia"),
        ("TIMEZONE", "/etc/localtime"),
        ("TIMEZONE", "../UTC"),
        ("RETRY_COUNT", "11"),
        ("RETRY_COUNT", "-1"),
        ("RETRY_COUNT", "one"),
        ("SERVER_ID", "two words"),
        ("SERVER_ID", "x" * 65),
        ("CONFIRM_ABOVE", "-1"),
        ("CONFIRM_ABOVE", "1.5"),
        ("MAX_NUMBERS", "0"),
        ("MAX_NUMBERS", "100001"),
        ("HTTP_PORT", "0"),
        ("HTTP_PORT", "65536"),
        ("HTTP_PORT", "۸۰۸۰"),
        ("HTTP_PORT", "http"),
        ("HTTP_HOST", "example.org"),
        ("HTTP_HOST", "127.0.0.1:80"),
        ("HTTP_HOST", "[::1]"),
        ("BITEL_WEBHOOK_SECRET", "Zk3vQ9-xT7_bL2m"),
        ("BITEL_WEBHOOK_SECRET", "Zk3vQ9/xT7_bL2mWc8RdYh4P"),
        ("BITEL_WEBHOOK_SECRET", "Zk3vQ9 xT7_bL2mWc8RdYh4P"),
        ("BITEL_WEBHOOK_SECRET", "secretsecretsecretsecret"),
        ("BITEL_WEBHOOK_SECRET", "پنهان" * 8),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", "CRITICAL"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_refuses_each_wrong_value(name: str, text: str) -> None:
    """A wrong value is one problem, in one line that names the variable."""
    (problem,) = problems(**{name: text})
    assert problem.startswith(f"{name} must ")
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TELEGRAM_TOKEN", f"{BOT_TOKEN} "),
        ("TELEGRAM_TOKEN", f"x{BOT_TOKEN}"),
        ("TELEGRAM_PROXY", "ftp://user:hunter22@h"),
        ("BITEL_TOKEN", f"Bearer {JWT}"),
        ("BITEL_API_URL", "https://user:hunter22@h"),
        ("TELEGRAM_API_URL", "https://h?key=hunter22"),
        ("ADMIN_IDS", BOT_TOKEN),
        ("LOG_LEVEL", JWT),
        ("HOLIDAYS", BOT_TOKEN),
        ("SERVER_ID", f"Bearer {JWT}"),
        ("DATABASE_PATH", f":{BOT_TOKEN}"),
        ("BITEL_WEBHOOK_SECRET", "hunter22"),
        ("BITEL_WEBHOOK_SECRET", "hunter22-hunter22-xyzw"),
    ],
)
def test_shows_no_secret(name: str, text: str) -> None:
    """No problem shows a token or a password, not even one that landed in another variable."""
    try:
        shown = repr(read(**{name: text}))
    except SettingsError as error:
        shown = f"{error} {error!r}"
    for secret in (BOT_TOKEN, BOT_TOKEN.partition(":")[2], JWT, "hunter22"):
        assert secret not in shown


def test_shows_a_harmless_value() -> None:
    """A wrong value that is no secret is shown, a long one cut."""
    assert problems(LOG_FORMAT="xml") == ("LOG_FORMAT must be text or json. It is 'xml'.",)
    (problem,) = problems(HOLIDAYS="2027-03-21;2027-03-22")
    assert problem.endswith("It is '2027-03-21;2027-03-22'.")
    (problem,) = problems(LOG_FORMAT="x" * 1000)
    assert len(problem) < 100


def test_repr_holds_no_secret() -> None:
    """The settings can be logged: neither tokens nor the proxy are in their repr."""
    shown = repr(read(TELEGRAM_PROXY="http://user:hunter22@h"))
    assert BOT_TOKEN not in shown
    assert JWT not in shown
    assert "hunter22" not in shown


def test_a_secret_for_events_needs_a_port() -> None:
    """Events that could never come are a mistake that is told, not passed over."""
    secret = "Zk3vQ9-xT7_bL2mWc8RdYh4P"
    assert problems(BITEL_WEBHOOK_SECRET=secret) == (
        "HTTP_PORT is not set, and BITEL_WEBHOOK_SECRET needs it.",
    )
    settings = read(BITEL_WEBHOOK_SECRET=secret, HTTP_PORT="8080")
    assert (settings.bitel_webhook_secret, settings.http_port) == (secret, 8080)
    assert secret not in repr(settings)


def test_every_problem_is_told_at_once() -> None:
    """All problems come together, in the order of the table, with what is missing by name."""
    with pytest.raises(SettingsError) as caught:
        load_settings({"BITEL_TOKEN": " ", "REGION": "XX"}, None)
    assert [problem.split()[0] for problem in caught.value.problems] == [
        "TELEGRAM_TOKEN",
        "BITEL_TOKEN",
        "ADMIN_IDS",
        "REGION",
    ]
    assert caught.value.missing == ("TELEGRAM_TOKEN", "BITEL_TOKEN", "ADMIN_IDS")


def test_an_unknown_variable_is_ignored() -> None:
    """A name that the program does not know changes nothing."""
    assert read(WAVES="x", CALLBOARD="y") == read()


def test_empty_is_not_set(tmp_path: Path) -> None:
    """A variable set to nothing gives way to the file, and then to the default."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("REGION=DE\nLOG_LEVEL=\n")
    settings = read(dotenv, REGION="", LOG_LEVEL=" ")
    assert (settings.region, settings.log_level) == ("DE", "INFO")


def test_the_environment_wins(tmp_path: Path) -> None:
    """What is set in both is taken from the environment; what only the file has, from there."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("REGION=DE\nLOG_LEVEL=ERROR\n")
    settings = read(dotenv, REGION="FR")
    assert (settings.region, settings.log_level) == ("FR", "ERROR")


def test_forms_of_a_file(tmp_path: Path) -> None:
    """Comments, quotes, `export`, blanks, a BOM and Windows line ends are all understood."""
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(
        b"\xef\xbb\xbf# comment\r\n\r\nexport REGION='DE'\r\nADMIN_IDS = \"1, 2\"  # us\r\n"
    )
    settings = load_settings({"TELEGRAM_TOKEN": BOT_TOKEN, "BITEL_TOKEN": JWT}, dotenv)
    assert (settings.region, settings.admins) == ("DE", frozenset({1, 2}))


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    """Without a file, the environment alone counts."""
    assert read(tmp_path / ".env") == read()


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    """Each line that is none is a problem with its number, and is not shown."""
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"# one\nREGION=DE\n\n\n{BOT_TOKEN}\nLOG_LEVEL='ERROR\n=x\n")
    assert problems(dotenv) == (
        ".env, line 5 is not of the form NAME=value.",
        ".env, line 6 is not of the form NAME=value.",
        ".env, line 7 is not of the form NAME=value.",
    )


def test_an_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    """A file that is a directory, or no UTF-8 text, is told and not passed over."""
    assert problems(tmp_path) == (f"{tmp_path.name} cannot be read: Is a directory.",)
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"REGION=\xff\xfe")
    assert problems(dotenv) == (".env cannot be read: it is not UTF-8 text.",)


def test_only_the_given_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not in the mapping is not looked up elsewhere, and nothing is written anywhere."""
    monkeypatch.setenv("REGION", "DE")
    before = dict(os.environ)
    assert read().region == "IR"
    assert dict(os.environ) == before


def test_each_default_is_valid() -> None:
    """Every default, written out, is read as when it is left out."""
    written = {name: variable.default or "" for name, variable in VARIABLES.items()}
    assert load_settings(written | REQUIRED, None) == read()


def test_the_example_is_complete() -> None:
    """`.env.example` names every variable once with its default, and no other."""
    example = (Path(__file__).parent.parent / ".env.example").read_text()
    found = re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", example, re.MULTILINE)
    assert dict(found) == {name: variable.default or "" for name, variable in VARIABLES.items()}
    assert len(found) == len(VARIABLES)


@pytest.mark.parametrize(
    ("given", "events"),
    [
        ({}, False),
        ({"HTTP_PORT": "8080"}, False),
        ({"HTTP_PORT": "8080", "BITEL_WEBHOOK_SECRET": "Zk3vQ9-xT7_bL2mWc8RdYh4P"}, True),
    ],
    ids=str,
)
def test_events(given: dict[str, str], events: bool) -> None:
    """Events come only where there is a port for them, and a secret to know them by."""
    assert read(**given).events is events
