import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

from bot.health import Inside
from bot.web.metrics import BoardLag, Metrics
from storage.database import Database
from storage.models import CallStatus, SubmissionState
from storage.stores import Stores
from tests.storage.making import ROOM, add_in, adopt, call, news, numbers
from tests.web.rig import open_rig

ROOT = Path(__file__).parents[2]
INSIDE = Inside(lag=0.25, telegram_age=3.0, updates=2)


class Clock:
    """A clock that a test turns."""

    now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def fill(tx: Stores) -> None:
    """Three batches: placed and answered, unknown, and one that is queued still."""
    placed = add_in(tx, SubmissionState.ACCEPTED, numbers(2), voice="v" * 32)
    adopt(tx, call(tx, placed).id, news("a" * 32, CallStatus.NORMAL))
    adopt(tx, call(tx, placed, 2).id, news("b" * 32))
    tx.boards.create(placed, ROOM)
    add_in(tx, SubmissionState.UNKNOWN, numbers(3, 10))
    add_in(tx, SubmissionState.REFUSED, numbers(1, 20), numbers(1, 30))


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Each sample's value by its name and its labels, these in the order of the alphabet."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A record with something in it."""
    database = await Database.open(tmp_path / "callboard.db")
    await database.write(fill)
    yield database
    await database.close()


async def text_of(metrics: Metrics) -> str:
    """What Prometheus would read."""
    return (await metrics.text(""))[0].decode()


async def test_what_there_is_and_what_waits(database: Database) -> None:
    """Batches, submissions and calls by their words, and every queue."""
    metrics = Metrics(database=database, inside=lambda: INSIDE)
    metrics.observe("launch", "accepted", 0.2)
    metrics.observe("question", "failed", 7.0)
    metrics.count("taken")
    found = samples(await text_of(metrics))
    assert found["callboard_batches", "running"] == 3
    assert found["callboard_submissions", "accepted"] == 1
    assert found["callboard_submissions", "unknown"] == 1
    assert found["callboard_submissions", "refused"] == 1
    assert found["callboard_calls", "normal"] == 1
    assert found["callboard_calls", "waiting"] == 1
    assert found["callboard_calls", "planned"] == 5
    assert found["callboard_calls", "no_result"] == 0
    assert found["callboard_waiting", "submissions"] == 1
    assert found["callboard_waiting", "open_calls"] == 1
    assert found["callboard_waiting", "boards"] == 1
    assert found["callboard_waiting", "updates"] == 2
    assert found["callboard_waiting", "events"] == 0
    assert found["callboard_waiting", "evidence"] == 0
    assert found["callboard_pauses",] == 0
    assert found["callboard_telegram_answer_age_seconds",] == 3
    assert found["callboard_loop_standstill_seconds",] == 0.25
    assert found["callboard_record_readable",] == 1
    assert found["callboard_gateway_seconds_count", "accepted", "launch"] == 1
    assert found["callboard_gateway_seconds_bucket", "0.1", "accepted", "launch"] == 0
    assert found["callboard_gateway_seconds_bucket", "0.25", "accepted", "launch"] == 1
    assert found["callboard_gateway_seconds_sum", "failed", "question"] == 7
    assert found["callboard_port_requests_total", "taken"] == 1
    assert found["process_resident_memory_bytes",] > 0


async def test_no_number_no_name_and_no_id_stands_in_it(database: Database) -> None:
    """Labels are words of the program; neither numbers nor voices nor names nor ids leave."""
    text = await text_of(Metrics(database=database, inside=lambda: INSIDE))
    labels = set(re.findall(r'"([^"]*)"', text))
    assert labels
    assert [
        label for label in labels if not re.fullmatch(r"[a-z_]{2,20}|[0-9.]+|\+Inf", label)
    ] == []
    for private in ("98912", "0912", "v" * 32, "a" * 32, "Ann", "-100"):
        assert private not in text


async def test_openmetrics_if_it_is_asked_for(database: Database) -> None:
    """Prometheus asks for it; the content type says which of the two it is."""
    metrics = Metrics(database=database, inside=lambda: INSIDE)
    text, kind = await metrics.text("application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text")
    read = openmetrics.text_string_to_metric_families
    names = {family.name for family in read(text.decode())}  # type: ignore[no-untyped-call]  # of the library
    assert "callboard_calls" in names


async def test_counts_are_believed_for_a_moment(database: Database) -> None:
    """Many scrapes at once cost one look at the record."""
    clock = Clock()
    metrics = Metrics(database=database, inside=lambda: INSIDE, clock=clock)
    await metrics.text("")
    await database.write(lambda tx: add_in(tx, SubmissionState.QUEUED, numbers(1, 40)))
    clock.now += 1
    assert samples(await text_of(metrics))["callboard_batches", "running"] == 3
    clock.now += 2
    assert samples(await text_of(metrics))["callboard_batches", "running"] == 4


async def test_a_record_that_cannot_be_read(tmp_path: Path) -> None:
    """What the program knows without it is told all the same."""
    database = await Database.open(tmp_path / "callboard.db")
    await database.close()
    unheard = Inside(lag=0.0, telegram_age=None, updates=0)
    found = samples(await text_of(Metrics(database=database, inside=lambda: unheard)))
    assert found["callboard_record_readable",] == 0
    assert found["callboard_waiting", "updates"] == 0
    assert ("callboard_batches", "running") not in found
    assert ("callboard_telegram_answer_age_seconds",) not in found


async def test_the_page_names_every_metric(database: Database) -> None:
    """`docs/port.md` has a row for each metric of ours with its labels, and no other."""
    metrics = Metrics(database=database, inside=lambda: INSIDE)
    metrics.observe("launch", "accepted", 0.2)
    metrics.count("taken")
    told = re.findall(
        r"(?m)^\| `(callboard_\w+)` \| (.*?) \|", (ROOT / "docs" / "port.md").read_text()
    )
    described = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in told}
    found: dict[str, set[str]] = {}
    for family in parser.text_string_to_metric_families(await text_of(metrics)):
        for sample in family.samples:
            name = re.sub("_(bucket|count|sum)$", "", sample.name)
            if name.startswith("callboard_") and not name.endswith("_created"):
                found.setdefault(name, set()).update(sample.labels.keys() - {"le"})
    assert described == found


def test_the_lag_of_boards() -> None:
    """It counts from when a board fell behind, and anew once it has shown something newer."""
    lag = BoardLag()
    assert lag.longest(5.0) == 0
    lag.sample(frozenset({(1, 4), (2, 9)}), 10.0)
    lag.sample(frozenset({(1, 4), (2, 10)}), 13.0)
    assert lag.longest(15.0) == 5
    lag.sample(frozenset({(1, 5), (2, 10)}), 16.0)
    assert lag.longest(20.0) == 7
    lag.sample(frozenset(), 21.0)
    assert lag.longest(30.0) == 0


async def test_boards_are_looked_at_again_and_again(database: Database) -> None:
    """The lag grows between two scrapes, and does not depend on when they come."""
    clock = Clock()
    metrics = Metrics(database=database, inside=lambda: INSIDE, clock=clock)
    looking = asyncio.create_task(metrics.run())
    async with asyncio.timeout(20):
        while not metrics.lag:
            await asyncio.sleep(0.01)
            clock.now += 1
    clock.now += 7
    assert samples(await text_of(metrics))["callboard_board_lag_seconds",] >= 8
    await database.close()
    async with asyncio.timeout(20):
        while metrics.lag:  # noqa: ASYNC110 -- the look tells nobody
            await asyncio.sleep(0.05)
    assert not looking.done()
    looking.cancel()


async def test_two_programs_in_one_process_do_not_meet(database: Database) -> None:
    """Each has a registry of its own; nothing is kept in the library's global one."""
    first, second = (Metrics(database=database, inside=lambda: INSIDE) for _ in range(2))
    first.count("taken")
    assert ("callboard_port_requests_total", "taken") not in samples(await text_of(second))


async def test_metrics_and_health_over_http(tmp_path: Path) -> None:
    """GET and HEAD are answered with the right type, other methods are not."""
    async with open_rig(tmp_path) as rig:
        answer = await rig.http.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert samples(answer.text)["callboard_record_readable",] == 1
        assert (await rig.http.head("/metrics")).content == b""
        for path in ("/metrics", "/healthz"):
            assert (await rig.http.post(path)).status_code == 405
        answer = await rig.http.get("/healthz")
        assert (answer.status_code, answer.json()) == (
            200,
            {"ok": True, "reason": None, "checks": {}},
        )
