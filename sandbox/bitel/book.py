"""The calls that were placed: each goes from phase to phase, ends, and is counted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.bitel.calls import Call, Phase, Progress, phase_of, progress_of
from sandbox.bitel.simulated_time import SimulatedTime, Timetable


class CallBook:
    """Keeps calls, and tells of each change of phase while its timetable runs.

    A status needs no timetable: it is computed from the time that has gone by.

    Args:
        time: the gateway's.
        touched: is called with `"call"` and an id, and with `"gateway"` where a count changed.

    Attributes:
        on_end: is called once for each call that has ended by itself or by hand.
        calls: every call that the gateway knows, by id.
        by_number: the same, forgotten ones included.
        placed: how many there were.
        ended: how many ended in which status.
        cost: Toman.
    """

    def __init__(self, time: SimulatedTime, touched: Callable[..., object]) -> None:
        self.time = time
        self.timetable = Timetable(time)
        self.calls: dict[str, Call] = {}
        self.by_number: dict[str, list[Call]] = {}
        self.ended: Counter[str] = Counter()
        self.placed = 0
        self.cost = 0.0
        self.on_end: Callable[[Call, Progress], object] = lambda *_: None
        self._touched = touched

    def add(self, call: Call) -> None:
        """Take a call that is placed now."""
        self.calls[call.id] = call
        self.by_number.setdefault(call.number, []).append(call)
        self.placed += 1
        self._touched("gateway")
        self._follow(call)

    def fix(self, call_id: str, progress: Progress) -> None:
        """Give a call a status by hand."""
        call = self.calls[call_id]
        call.fixed = progress
        self._follow(call)

    def forget(self, call_id: str) -> None:
        """Let a call be unknown from now on; what it came to stays counted."""
        del self.calls[call_id]
        self._touched("call", call_id)

    def clear(self) -> None:
        """Forget everything."""
        self.timetable.clear()
        for kept in (self.calls, self.by_number, self.ended):
            kept.clear()
        self.placed, self.cost = 0, 0.0
        self._touched("gateway")

    def elapsed(self, call: Call) -> float:
        """Return how many simulated seconds ago a call was placed."""
        return self.time.now - call.placed

    def phase(self, call: Call) -> Phase:
        """Return where a call stands."""
        return phase_of(call, self.elapsed(call))

    def progress(self, call: Call, *, show_tries: bool = False) -> Progress:
        """Return what a call has come to by now."""
        return progress_of(call, self.elapsed(call), show_tries=show_tries)

    def totals(self) -> dict[str, Any]:
        """Return how many calls there are, how many have not ended, and what they cost."""
        ended = dict(self.ended)
        still = self.placed - sum(ended.values())
        return {"calls": self.placed, "open": still, "ended": ended, "cost": round(self.cost, 2)}

    def _follow(self, call: Call) -> None:
        """Tell of a call's phase, and come back when that changes."""
        if self.calls.get(call.id) is not call:
            return
        phase = self.phase(call)
        if phase.name == "ended":
            self._conclude(call, self.progress(call))
        elif phase.until is not None:
            self.timetable.add(call.placed + phase.until, lambda: self._follow(call))
        self._touched("call", call.id)

    def _conclude(self, call: Call, progress: Progress) -> None:
        before, call.concluded = call.concluded, progress
        if before is not None:
            self.ended[before.status] -= 1
            self.cost -= before.cost
        self.ended[progress.status] += 1
        self.ended += Counter()  # drops what has come to nothing
        self.cost += progress.cost
        self._touched("gateway")
        if before is None:
            self.on_end(call, progress)
