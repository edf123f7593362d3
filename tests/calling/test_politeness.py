"""How fast the gateway is asked; time is a number here."""

import pytest

from bot.calling.politeness import CATCH_UP, FAILURES, PAUSES, REFUSED, Breaker, Rate


@pytest.mark.parametrize("a_second", [0.5, 5.0, 50.0])
def test_rate(a_second: float) -> None:
    """Evenly spread, and lateness is made up for by a little only."""
    rate, now, taken = Rate(a_second), 1000.0, 0
    while now < 1010.0:
        now += rate.wait(now)
        rate.take(now)
        taken += 1
    assert abs(taken - 10 * a_second) <= 2 + a_second * CATCH_UP
    now += 60.0
    burst = 0
    while rate.wait(now) == 0:
        rate.take(now)
        burst += 1
    assert burst <= 1 + a_second * CATCH_UP + 1


def fail(breaker: Breaker, now: float, times: int = 1) -> None:
    """So many questions that are asked now are not answered."""
    for _ in range(times):
        breaker.asked()
        breaker.failed(now, now)


def test_few_failures() -> None:
    """Some failures between answers slow nothing down."""
    breaker = Breaker()
    for _ in range(10):
        fail(breaker, 5.0, FAILURES - 1)
        breaker.answered()
        assert (breaker.wait(5.0), breaker.closed) == (0.0, False)


def test_pauses_grow() -> None:
    """After each pause one question tries the way; each that fails makes a longer one."""
    breaker, now = Breaker(), 100.0
    fail(breaker, now, FAILURES)
    for pause in [*PAUSES, PAUSES[-1]]:
        assert breaker.closed
        assert breaker.wait(now) == pause
        now += pause
        assert breaker.wait(now) == 0.0
        breaker.asked()
        assert breaker.wait(now) is None
        breaker.failed(now, now)


def test_one_answer_opens() -> None:
    """The first answer ends it all."""
    breaker = Breaker()
    fail(breaker, 100.0, FAILURES + 3)
    breaker.answered()
    assert (breaker.wait(100.0), breaker.closed) == (0.0, False)
    fail(breaker, 101.0, FAILURES - 1)
    assert not breaker.closed


def test_failures_of_before() -> None:
    """Questions from before the pause that fail in it make it no longer."""
    breaker = Breaker()
    fail(breaker, 100.0, FAILURES)
    for _ in range(20):
        breaker.failed(101.0, 99.0)
    assert breaker.wait(101.0) == PAUSES[0] - 1


def test_refused() -> None:
    """A token that is refused is tried again after a while, from the first time on."""
    breaker = Breaker()
    for now in (100.0, 200.0, 300.0):
        breaker.asked()
        breaker.failed(now, now, refused=True)
        assert breaker.wait(now) == REFUSED
