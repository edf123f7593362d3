"""What the panel tells the simulated gateway."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.bitel import BitelSandbox, Fault, faults
from sandbox.bitel.gateway import WIRES, Wire
from sandbox.page.refusals import DeedError

FASTEST = 1000.0
SLOWEST = 0.1
MOST_TIMES = 1000

_LAUNCHES: tuple[Wire, ...] = ("post",)

# What the panel calls its faults, beside the names of `sandbox.bitel.faults`.
_PANEL: dict[str, tuple[str, dict[str, Any], tuple[Wire, ...]]] = {
    "unauthorized": ("raw", {"status": 401}, ("post",)),
    "refuse": ("refusal", {}, _LAUNCHES),
    "bad_gateway": ("html", {"status": 502}, _LAUNCHES),
}

Asked = Mapping[str, Any]


async def steer(bitel: BitelSandbox, asked: Asked) -> None:
    """Change what is asked for, all of it or nothing.

    Args:
        bitel: the gateway.
        asked: any of `speed`, `answer_rate`, `events`, `fault` and `outage`.

    Raises:
        DeedError: something of it cannot be.
    """
    changes = [_READERS[name](bitel, value) for name, value in asked.items() if name in _READERS]
    outage = asked.get("outage", bitel.outage)
    if not isinstance(outage, bool):
        raise DeedError("outage is true or false.")
    for change in changes:
        change()
    if outage != bitel.outage:
        await bitel.set_outage(on=outage)
    bitel.touched("gateway")


def _speed(bitel: BitelSandbox, value: Any) -> Callable[[], None]:
    if type(value) not in {int, float} or not SLOWEST <= value <= FASTEST:
        raise DeedError(f"speed is a number from {SLOWEST:g} to {FASTEST:g}.")
    return lambda: setattr(bitel, "speed", float(value))


def _answer_rate(bitel: BitelSandbox, value: Any) -> Callable[[], None]:
    if value is not None and not (type(value) is int and 0 <= value <= 100):  # noqa: PLR2004  per cent
        raise DeedError("answer_rate is null or a whole number from 0 to 100.")
    return lambda: setattr(bitel, "answer_rate", value)


def _events(bitel: BitelSandbox, value: Any) -> Callable[[], None]:
    if not isinstance(value, bool):
        raise DeedError("events is true or false.")
    return lambda: setattr(bitel, "events_on", value)


def _fault(bitel: BitelSandbox, value: Any) -> Callable[[], None]:
    """Read `{"name", its arguments, "times" or "always"}`; it takes the place of earlier ones."""
    if value is None:
        return lambda: _plan(bitel, None, WIRES, 0)
    if not isinstance(value, dict):
        raise DeedError("fault is null or an object with a name.")
    given = dict(value)
    name, always = given.pop("name", None), given.pop("always", False)
    times = given.pop("times", 1)
    if type(times) is not int or not 1 <= times <= MOST_TIMES:
        raise DeedError(f"times is a whole number from 1 to {MOST_TIMES}.")
    if not isinstance(name, str):
        raise DeedError("A fault has a name.")
    made, defaults, wires = _PANEL.get(name, (name, {}, _LAUNCHES))
    try:
        fault = faults.named(made, {**defaults, **given})
    except (TypeError, ValueError) as error:
        raise DeedError(f"There is no such fault: {error}.") from error
    told = fault and dataclasses.replace(fault, asked={**given, "name": name})
    return lambda: _plan(bitel, told, wires, None if always else times)


def _plan(
    bitel: BitelSandbox, fault: Fault | None, wires: tuple[Wire, ...], times: int | None
) -> None:
    for wire in WIRES:
        bitel.plans[wire].clear()
    for wire in wires:
        if times is None:
            bitel.always(fault, on=wire)
        else:
            bitel.fail_next(fault, times, on=wire)


_READERS: dict[str, Callable[[BitelSandbox, Any], Callable[[], None]]] = {
    "speed": _speed,
    "answer_rate": _answer_rate,
    "events": _events,
    "fault": _fault,
}
