"""`/metrics`: what there is, what waits and how long it takes, for Prometheus.

No label holds a number, a name, a voice or an id: only words of the schema and of this program.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.health import Inside
from storage.database import Database
from storage.errors import StorageError
from storage.stores.tallies import Tally

FRESH: Final = 2.0  # seconds for which the counts of the record are believed
SAMPLE_EVERY: Final = 1.0  # seconds between two looks at which boards are behind
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # seconds


class BoardLag:
    """For how long boards have shown what is no longer so."""

    def __init__(self) -> None:
        self._since: dict[tuple[int, int], float] = {}

    def sample(self, behind: frozenset[tuple[int, int]], now: float) -> None:
        """Note which boards are behind; one that has shown something newer begins anew."""
        self._since = {board: self._since.get(board, now) for board in behind}

    def longest(self, now: float) -> float:
        """Seconds for the board that has been behind longest; 0 if none is."""
        return now - min(self._since.values(), default=now)


class Metrics:
    """A registry of our own, and what fills it.

    Args:
        database: whose counts are shown.
        inside: tells what the program knows of itself.
        clock: a monotonic one, in seconds.
    """

    def __init__(
        self,
        *,
        database: Database,
        inside: Callable[[], Inside],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._inside = inside
        self._clock = clock
        self._registry = CollectorRegistry()
        self._boards = BoardLag()
        self._tally: Tally | None = None
        self._taken_at = float("-inf")
        self._taking = asyncio.Lock()
        self._requests = Counter(
            "callboard_port_requests",
            "Requests to the port but for /healthz and /metrics, by what came of them.",
            ["answer"],
            registry=self._registry,
        )
        self._gateway = Histogram(
            "callboard_gateway_seconds",
            "How long the gateway took, by what was asked and what came of it.",
            ["request", "outcome"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Gauges(self._gauges))
        ProcessCollector(registry=self._registry)

    @property
    def lag(self) -> float:
        """For how many seconds a board has been out of step, at most."""
        return self._boards.longest(self._clock())

    def count(self, answer: str) -> None:
        """Count a request to the port by what was answered, in a word."""
        self._requests.labels(answer).inc()

    def observe(self, request: str, outcome: str, seconds: float) -> None:
        """Note how long the gateway took for a `launch` or a `question`."""
        self._gateway.labels(request, outcome).observe(seconds)

    async def run(self) -> None:
        """Look again and again at which boards are behind: the record does not say since when."""
        while True:
            try:
                behind = await self._database.read(lambda tx: tx.tallies.behind())
            except StorageError:  # told by the gauge `callboard_record_readable`
                behind = frozenset()
            self._boards.sample(behind, self._clock())
            await asyncio.sleep(SAMPLE_EVERY)

    async def text(self, accept: str) -> tuple[bytes, str]:
        """All metrics in the format that `accept` asks for, and its content type."""
        async with self._taking:
            if self._clock() >= self._taken_at + FRESH:
                await self._take()
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind

    async def _take(self) -> None:
        try:
            self._tally = await self._database.read(lambda tx: tx.tallies.take())
        except StorageError:
            self._tally = None
        else:
            self._boards.sample(self._tally.behind, self._clock())
        self._taken_at = self._clock()

    def _gauges(self) -> Iterator[Metric]:
        inside = self._inside()
        yield _gauge(
            "loop_standstill_seconds", "Longest standstill in the last minute.", inside.lag
        )
        if inside.telegram_age is not None:
            yield _gauge(
                "telegram_answer_age_seconds",
                "Since Telegram last answered a question for updates.",
                inside.telegram_age,
            )
        yield _gauge(
            "board_lag_seconds",
            "For how long a board has been out of step, at most.",
            self.lag,
        )
        yield _gauge("record_readable", "Whether the record can be read.", self._tally is not None)
        yield _queues(self._tally, inside)
        if self._tally is not None:
            yield from _of_record(self._tally)


class _Gauges(Collector):
    """Computes gauges when they are asked for."""

    def __init__(self, collect: Callable[[], Iterator[Metric]]) -> None:
        self._collect = collect

    def describe(self) -> Iterator[Metric]:
        """Nothing: what there is depends on the moment."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """All of them."""
        return self._collect()


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"callboard_{name}", words, value=float(value))


def _by(name: str, words: str, label: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"callboard_{name}", words, labels=[label])
    for word, count in sorted(counts.items()):
        family.add_metric([word], float(count))
    return family


def _queues(tally: Tally | None, inside: Inside) -> Metric:
    waiting = {"updates": inside.updates}
    if tally is not None:
        waiting |= {
            "submissions": tally.submissions["queued"],
            "open_calls": tally.open_calls,
            "events": tally.events,
            "evidence": tally.evidence,
            "boards": len(tally.behind),
            "reports": tally.reports,
        }
    return _by("waiting", "What waits to be done, by kind.", "queue", waiting)


def _of_record(tally: Tally) -> Iterator[Metric]:
    yield _by("batches", "Batches by state.", "state", tally.batches)
    yield _by("submissions", "Submissions by what became of them.", "state", tally.submissions)
    yield _by("calls", "Numbers of batches by status.", "status", tally.calls)
    yield _gauge("pauses", "Reasons for which launching is paused.", tally.pauses)
