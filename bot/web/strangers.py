"""How often one source may be wrong: a bucket for each, and a bound for all of them together."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

BURST: Final = 20  # wrong requests of one source at once
PER_SECOND: Final = 0.5  # and later ones
SOURCES: Final = 4096  # remembered at once; the one that was quiet longest is forgotten first
_HOUSEHOLD: Final = 64  # bits of an IPv6 address; whoever has one has all of the others below it


class Strangers:
    """Counts wrong requests by their source; `clock` is a monotonic one, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """How many sources are remembered."""
        return len(self._buckets)

    def may_knock(self, address: str) -> bool:
        """Count one wrong request; False if this source has sent too many."""
        now = self._clock()
        source = source_of(address)
        left, since = self._buckets.pop(source, (float(BURST), now))
        left = min(float(BURST), left + (now - since) * PER_SECOND)
        allowed = left >= 1
        self._buckets[source] = (left - 1 if allowed else left, now)
        if len(self._buckets) > SOURCES:
            self._buckets.popitem(last=False)
        return allowed


def source_of(address: str) -> str:
    """Whom an address stands for: itself, or all of its network if it is IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip), _HOUSEHOLD), strict=False))
