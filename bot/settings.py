"""The settings: the only reader of the environment and of the `.env` file.

SettingsError    every problem in a line of its own, that names the variable and shows no secret
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from dotenv.parser import parse_stream
from environs import Env, EnvValidationError

from bot import setting_hours
from bot import setting_values as values
from bot.calling.window import Hours, Window
from bot.redaction import hide_numbers, hide_tokens

_SHOWN: Final = 40  # characters of a value that is wrong


class SettingsError(Exception):
    """The settings are no settings to start with.

    Attributes:
        problems: one line each.
        missing: the required variables that are not set.
    """

    def __init__(self, problems: tuple[str, ...], missing: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.missing = missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the program was told from outside; `VARIABLES` says by which names."""

    telegram_token: str = field(repr=False)
    telegram_api_url: str
    telegram_proxy: str | None = field(repr=False)
    bitel_token: str = field(repr=False)
    bitel_api_url: str
    bitel_timeout: float
    """Seconds."""
    admins: frozenset[int]
    allowed: frozenset[int]
    database_path: Path
    region: str
    number_types: frozenset[str]
    timezone: ZoneInfo
    retry_count: int
    server_id: str | None
    confirm_above: int
    max_numbers: int
    poll_first: float
    """Seconds."""
    poll_max: float
    """Seconds."""
    poll_rate: float
    undo_seconds: float
    wave_size: int
    wave_pause: float
    """Questions a second."""
    hours: tuple[Hours | None, ...] | None
    """The calling window by weekday, Monday first; None is always open."""
    holidays: frozenset[date]
    mask_in_groups: bool
    http_port: int | None
    http_host: str
    bitel_webhook_secret: str | None = field(repr=False)
    log_level: str
    log_format: str

    @property
    def window(self) -> Window:
        """When launches may go out."""
        return Window(timezone=self.timezone, hours=self.hours, holidays=self.holidays)

    @property
    def events(self) -> bool:
        """Whether the gateway can send us events."""
        return self.http_port is not None and self.bitel_webhook_secret is not None


class Variable(NamedTuple):
    """One variable of the environment."""

    field: str
    """What it is called in `Settings`."""
    read: Callable[[str], Any]
    default: str | None = None
    """As it would stand in `.env`; None if it must be set."""
    shown: bool = True
    """Whether a wrong value may be shown; an address may hold a password."""
    dates: bool = False
    """Whether it holds dates, which look like numbers that must not be shown."""


VARIABLES: Final[Mapping[str, Variable]] = MappingProxyType(
    {
        "TELEGRAM_TOKEN": Variable("telegram_token", values.bot_token, shown=False),
        "TELEGRAM_API_URL": Variable(
            "telegram_api_url", values.address, "https://api.telegram.org", shown=False
        ),
        "TELEGRAM_PROXY": Variable("telegram_proxy", values.proxy, "", shown=False),
        "BITEL_TOKEN": Variable("bitel_token", values.header_token, shown=False),
        "BITEL_API_URL": Variable(
            "bitel_api_url", values.address, "https://api.bitel.rest", shown=False
        ),
        "BITEL_TIMEOUT": Variable("bitel_timeout", values.seconds, "30"),
        "ADMIN_IDS": Variable("admins", values.some_ids),
        "ALLOWED_IDS": Variable("allowed", values.ids, ""),
        "DATABASE_PATH": Variable("database_path", values.file, "data/callboard.db"),
        "REGION": Variable("region", values.region, "IR"),
        "NUMBER_TYPES": Variable("number_types", values.number_types, "mobile,fixed_line"),
        "TIMEZONE": Variable("timezone", values.timezone, "Asia/Tehran"),
        "RETRY_COUNT": Variable("retry_count", values.whole(0, 10), "1"),
        "SERVER_ID": Variable("server_id", values.server_id, ""),
        "CONFIRM_ABOVE": Variable("confirm_above", values.whole(0, 1_000_000), "20"),
        "MAX_NUMBERS": Variable("max_numbers", values.whole(1, 100_000), "1000"),
        "POLL_FIRST": Variable("poll_first", values.decimal(0.1, 3600), "15"),
        "POLL_MAX": Variable("poll_max", values.decimal(0.1, 3600), "300"),
        "POLL_RATE": Variable("poll_rate", values.decimal(0.1, 1000), "5"),
        "UNDO_SECONDS": Variable("undo_seconds", values.decimal(0, 300), "10"),
        "WAVE_SIZE": Variable("wave_size", values.whole(1, 100), "100"),
        "WAVE_PAUSE": Variable("wave_pause", values.decimal(0, 3600), "0"),
        "WINDOW": Variable("hours", setting_hours.hours, "08:00-21:00"),
        "HOLIDAYS": Variable("holidays", setting_hours.dates, "", dates=True),
        "MASK_IN_GROUPS": Variable("mask_in_groups", values.switch, "off"),
        "HTTP_PORT": Variable("http_port", values.port, ""),
        "HTTP_HOST": Variable("http_host", values.host, "127.0.0.1"),
        "BITEL_WEBHOOK_SECRET": Variable(
            "bitel_webhook_secret", values.webhook_secret, "", shown=False
        ),
        "LOG_LEVEL": Variable(
            "log_level", values.one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"
        ),
        "LOG_FORMAT": Variable("log_format", values.one_of("text", "json"), "text"),
    }
)


class _Given(Env):
    """Reads the values that it is given, where environs would read the process's environment."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(eager=False)
        self._given = given

    def _get_value(self, env_key: str, default: Any) -> Any:
        return self._given.get(env_key, default)


def load_settings(environ: Mapping[str, str], dotenv: Path | None) -> Settings:
    """The settings, from the environment and, for what is not set there, from a `.env` file.

    A variable that is set to nothing counts as not set; an unknown one is ignored.

    Args:
        environ: the environment.
        dotenv: the file, which may be missing.

    Raises:
        SettingsError: with every problem that there is.
    """
    written, problems = _read_file(dotenv) if dotenv is not None else ({}, [])
    given = _set(written) | _set(environ)
    env = _Given(given)
    read: dict[str, Any] = {}
    for name, variable in VARIABLES.items():
        env.add_parser(name, variable.read)
        default = ... if variable.default is None else variable.default
        read[variable.field] = getattr(env, name)(name, default)
    try:
        env.seal()
    except EnvValidationError as error:
        faults = cast("dict[str, list[str]]", error.error_messages)  # what `seal` raises with
        problems += [_problem(name, said[0], given.get(name)) for name, said in faults.items()]
    if problems:
        required = (name for name, variable in VARIABLES.items() if variable.default is None)
        raise SettingsError(tuple(problems), tuple(name for name in required if name not in given))
    settings = Settings(**read)
    if settings.bitel_webhook_secret is not None and settings.http_port is None:
        raise SettingsError(("HTTP_PORT is not set, and BITEL_WEBHOOK_SECRET needs it.",))
    return settings


def _set(given: Mapping[str, str]) -> dict[str, str]:
    stripped = {name: given[name].strip() for name in VARIABLES if name in given}
    return {name: value for name, value in stripped.items() if value}


def _problem(name: str, fault: str, value: str | None) -> str:
    if value is None:
        return f"{name} is not set."
    shown = ""
    if VARIABLES[name].shown:
        # A token may have landed in the wrong line.
        safe = hide_tokens(value)
        if not VARIABLES[name].dates:
            safe = hide_numbers(safe)
        shown = f" It is {safe if len(safe) <= _SHOWN else safe[:_SHOWN] + '…'!r}."
    return f"{name} {fault}.{shown}"


def _read_file(path: Path) -> tuple[dict[str, str], list[str]]:
    """What a `.env` file sets, the last line for a name counts, and the lines that are none."""
    found: dict[str, str] = {}
    problems = []
    try:
        with path.open(encoding="utf-8") as file:
            bindings = list(parse_stream(file))
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return {}, [f"{path.name} cannot be read: {reason}."]
    for binding in bindings:
        if binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
        elif binding.error or binding.key is not None:
            text = binding.original.string
            blank = text[: len(text) - len(text.lstrip())].count("\n")
            line = binding.original.line + blank
            problems.append(f"{path.name}, line {line} is not of the form NAME=value.")
    return found, problems
