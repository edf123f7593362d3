import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.checking import Finding, check, check_hours
from bot.settings import Settings, load_settings
from bot.telegram_client import (
    TelegramUnreachableError,
    TokenRefusedError,
    ask_who_am_i,
    build_bot,
)
from sandbox.bitel import BitelSandbox, faults
from sandbox.serving import serve
from sandbox.telegram import TelegramSandbox
from storage.database import Database

BOT_TOKEN = "100200300:sandbox"
TOKEN = "gateway-token"


@pytest.fixture
async def telegram() -> AsyncIterator[str]:
    """The address of a Bot API server that knows the bot."""
    async with TelegramSandbox(token=BOT_TOKEN).serve() as url:
        yield url


@pytest.fixture
async def gateway() -> AsyncIterator[str]:
    """The address of a gateway that knows the token."""
    async with BitelSandbox(token=TOKEN).serve() as url:
        yield url


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the database would be."""
    return tmp_path / "data" / "callboard.db"


def settings(telegram: str, gateway: str, database: Path, **changed: str) -> Settings:
    """Settings that lead to these servers."""
    given = {
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": telegram,
        "BITEL_TOKEN": TOKEN,
        "BITEL_API_URL": gateway,
        "BITEL_TIMEOUT": "5",
        "ADMIN_IDS": "7",
        "DATABASE_PATH": str(database),
        "WINDOW": "off",
    }
    return load_settings(given | changed, None)


async def found(settings: Settings) -> dict[str, Finding]:
    """What `check` finds, by name."""
    return {finding.name: finding for finding in await check(settings)}


def overwrite(path: Path, content: bytes) -> None:
    """Put something else in place of a file."""
    path.write_bytes(content)


@pytest.fixture
async def other() -> AsyncIterator[str]:
    """A web server that is neither Telegram nor the gateway."""

    async def answer(_: Request) -> Response:
        return PlainTextResponse("<html>It works</html>")

    every = Route("/{path:path}", answer, methods=["GET", "POST"])
    async with serve(Starlette(routes=[every])) as url:
        yield url


async def test_all_is_well(telegram: str, gateway: str, database: Path) -> None:
    """With everything in reach each finding is well, and says what was found."""
    assert [str(finding) for finding in await check(settings(telegram, gateway, database))] == [
        f"✓ database: {database} will be created by the first start.",
        "✓ Telegram: reachable; the bot is @callboard_bot.",
        "✓ gateway: reachable, and it takes the token.",
        "✓ calling hours: at any time (Asia/Tehran); open now.",
    ]


@pytest.mark.parametrize(
    ("window", "hour", "words"),
    [
        ("08:00-21:00", 8, "every day 08:00–21:00 (Asia/Tehran); open now."),
        (
            "08:00-21:00",
            21,
            "every day 08:00–21:00 (Asia/Tehran); closed now, open again Mon 08:00.",
        ),
        (
            "Sat-Wed 08:00-21:00",
            7,
            "Sat–Wed 08:00–21:00 (Asia/Tehran); closed now, open again 08:00.",
        ),
    ],
)
def test_the_calling_hours(window: str, hour: int, words: str) -> None:
    """The window in words, and whether it is open now."""
    made = settings("http://h", "http://h", Path("x.db"), WINDOW=window)
    now = datetime(2025, 6, 15, hour, tzinfo=made.timezone).timestamp()  # a Sunday
    assert str(check_hours(made, now)) == f"✓ calling hours: {words}"


def test_calling_hours_that_never_come() -> None:
    """A window that is open on holidays alone is not well."""
    first = date(2025, 6, 15)
    every = ",".join(str(first + timedelta(days=7 * n)) for n in range(60))
    made = settings("http://h", "http://h", Path("x.db"), WINDOW="Sun 08:00-21:00", HOLIDAYS=every)
    now = datetime(2025, 6, 15, 12, tzinfo=made.timezone).timestamp()
    assert str(check_hours(made, now)) == (
        "✗ calling hours: Sun 08:00–21:00 (Asia/Tehran); not open in the next year. Set WINDOW and"
        " HOLIDAYS."
    )


async def test_nothing_is_changed(telegram: str, gateway: str, database: Path) -> None:
    """A look creates no file and no directory."""
    await check(settings(telegram, gateway, database))
    assert not database.parent.exists()


async def test_no_call_is_placed(telegram: str, database: Path) -> None:
    """The gateway is asked for a call that nobody has, and for nothing else."""
    sandbox = BitelSandbox(token=TOKEN)
    async with sandbox.serve() as url:
        await check(settings(telegram, url, database))
    assert sandbox.posts == 0


async def test_a_database_that_exists(telegram: str, gateway: str, database: Path) -> None:
    """A database in order, one without our tables and a damaged one are told apart."""
    opened = await Database.open(database)
    await opened.close()
    all_settings = settings(telegram, gateway, database)
    assert (await found(all_settings))["database"] == Finding(
        "database", ok=True, words=f"{database} is in order."
    )
    overwrite(database, b"")
    assert "older version" in (await found(all_settings))["database"].words
    overwrite(database, b"no database" * 1000)
    assert (await found(all_settings))["database"] == Finding(
        "database",
        ok=False,
        words="the database file is damaged or no database. Mend it, or set DATABASE_PATH.",
    )


async def test_nobody_answers(nowhere: str, database: Path) -> None:
    """Servers that cannot be reached are told apart from refused tokens, each with what to do."""
    findings = await found(settings(nowhere, nowhere, database))
    assert findings["database"].ok
    assert str(findings["Telegram"]).startswith("✗ Telegram: no answer (ConnectError). Check")
    assert str(findings["gateway"]).startswith("✗ gateway: no answer. Check")


async def test_the_tokens_are_refused(telegram: str, gateway: str, database: Path) -> None:
    """A refused token is told with where to get it, and is not shown."""
    wrong = settings(
        telegram, gateway, database, TELEGRAM_TOKEN="100200301:other", BITEL_TOKEN="other-token"
    )
    findings = await found(wrong)
    assert str(findings["Telegram"]) == (
        "✗ Telegram: the token is refused. Copy TELEGRAM_TOKEN again from @BotFather."
    )
    assert str(findings["gateway"]) == (
        "✗ gateway: the token is refused. Copy BITEL_TOKEN again from the gateway's panel."
    )


async def test_something_else_answers(other: str, database: Path) -> None:
    """A server that is neither is not taken for one."""
    findings = await found(settings(other, other, database))
    assert not findings["Telegram"].ok
    assert findings["gateway"].words == "what answers is not the gateway. Check BITEL_API_URL."


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "the gateway refuses us (HTTP 403). Look into its panel, or try again later."),
        (429, "the gateway refuses us (HTTP 429). Look into its panel, or try again later."),
        (502, "the gateway has an error of its own (HTTP 502). Try again later."),
        (404, "what answers is not the gateway. Check BITEL_API_URL."),
    ],
)
async def test_the_gateway_says_no(status: int, words: str, telegram: str, database: Path) -> None:
    """A gateway that refuses or fails is told from something else that answers."""
    bitel = BitelSandbox(token=TOKEN)
    bitel.always(faults.html(status), on="poll")
    async with bitel.serve() as url:
        findings = await found(settings(telegram, url, database))
    assert findings["gateway"] == Finding("gateway", ok=False, words=words)


async def test_an_error_shows_no_token(telegram: str, database: Path) -> None:
    """The library's own error holds the token; ours does not."""
    wrong = settings(telegram, telegram, database, TELEGRAM_TOKEN="100200301:other")
    with pytest.raises(TokenRefusedError) as caught:
        await ask_who_am_i(wrong)
    assert "other" not in str(caught.value)


async def test_a_silent_server_is_given_up(database: Path) -> None:
    """A server that takes the connection and says nothing counts as one that cannot be reached."""
    taken: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: taken.append(writer), "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(TelegramUnreachableError):
            await ask_who_am_i(settings(url, url, database), seconds=0.2)
        for writer in taken:
            writer.close()


async def test_the_environments_proxy_is_not_used(
    telegram: str, gateway: str, nowhere: str, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that only the environment names carries nothing, to Telegram or to the gateway."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, nowhere)
    assert all(finding.ok for finding in await check(settings(telegram, gateway, database)))


async def test_telegrams_proxy_is_used(
    telegram: str, gateway: str, nowhere: str, database: Path
) -> None:
    """TELEGRAM_PROXY carries the requests to Telegram, and none to the gateway."""
    proxied = settings(telegram, gateway, database, TELEGRAM_PROXY=nowhere)
    findings = await found(proxied)
    assert "no answer" in findings["Telegram"].words
    assert findings["gateway"].ok


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_every_kind_of_proxy_is_known(scheme: str, database: Path) -> None:
    """Whatever proxy the settings accept, the bot can be built with it."""
    proxied = settings(
        "http://h", "http://h", database, TELEGRAM_PROXY=f"{scheme}://user:pass@h:1080"
    )
    assert build_bot(proxied).token == BOT_TOKEN


def test_files_come_from_the_same_server(database: Path) -> None:
    """Both base URLs follow TELEGRAM_API_URL: no file is fetched from the public server."""
    bot = build_bot(settings("http://h:1/x", "http://h", database))
    assert bot.base_url == f"http://h:1/x/bot{BOT_TOKEN}"
    assert bot.base_file_url == f"http://h:1/x/file/bot{BOT_TOKEN}"
