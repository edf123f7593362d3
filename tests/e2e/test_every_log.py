"""No token and no phone number stands in any log line of the suite, at DEBUG."""

from pathlib import Path

from tests.e2e.harness import SECRETS
from tests.e2e.logs import all_logs, leaks, normalised


def test_no_token_and_no_number_stands_in_any_log_of_the_suite(logs: Path) -> None:
    """Each process of each test has logged to a file there; they are all read."""
    found = {
        path.name: lines
        for path in all_logs(logs)
        if (lines := list(leaks(path.read_text(), secrets=SECRETS, numbers=["0912000000"])))
    }
    assert found == {}


def test_the_search_finds_numbers_in_every_spelling() -> None:
    """So that the test above can fail."""
    for written in (
        "09120000001",
        "+98 912 000 0001",
        "0098-912-000-0001",
        "(0912) 000 00 01",
        "۰۹۱۲۰۰۰۰۰۰۱",
        r"\u06f0\u06f9\u06f1\u06f2\u06f0\u06f0\u06f0\u06f0\u06f0\u06f0\u06f1",
        '["9120000001"]',
    ):
        line = f"2026-11-23T15:02:19.346Z INFO bot: {written}."
        assert list(leaks(line, secrets=(), numbers=())), normalised(line)
    harmless = "2026-11-23T15:02:19.346Z INFO bot: u500001 in c-1001234567890, 1795444649.27 •••01"
    assert list(leaks(harmless, secrets=(), numbers=["09120000001"])) == []
