import pytest

from bot.web.strangers import BURST, SOURCES, Strangers, source_of


class Clock:
    """A clock that a test turns."""

    now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_a_source_has_a_bucket_that_fills_again() -> None:
    """So many at once, then one each two seconds; what is refused costs nothing further."""
    clock = Clock()
    strangers = Strangers(clock=clock)
    assert [strangers.may_knock("1.2.3.4") for _ in range(BURST + 5)] == [True] * BURST + [
        False
    ] * 5
    clock.now += 2
    assert [strangers.may_knock("1.2.3.4") for _ in range(2)] == [True, False]
    clock.now += 3600
    assert sum(strangers.may_knock("1.2.3.4") for _ in range(100)) == BURST


def test_one_source_does_not_limit_another() -> None:
    """Each is counted by itself."""
    strangers = Strangers(clock=Clock())
    for _ in range(1000):
        strangers.may_knock("1.2.3.4")
    assert strangers.may_knock("1.2.3.5")


def test_the_memory_is_bounded() -> None:
    """Twenty thousand sources take as much room as some thousand; the busy one stays known."""
    strangers = Strangers(clock=Clock())
    for number in range(20_000):
        strangers.may_knock(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        strangers.may_knock("1.2.3.4")
    assert len(strangers) == SOURCES
    assert not strangers.may_knock("1.2.3.4")


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("no address" * 20, ("no address" * 20)[:64]),
    ],
)
def test_whom_an_address_stands_for(address: str, source: str) -> None:
    """Whoever has one IPv6 address has 2^64 of them: its network is the source."""
    assert source_of(address) == source
