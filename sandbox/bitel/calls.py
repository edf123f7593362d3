"""How a simulated call goes on: its number decides, so that a test can ask for any outcome.

| number ends in | outcome | in the queue | then |
| --- | --- | --- | --- |
| 0-4, 9 (= d) | `NORMAL` | 3 s | rings 5 + d s, is talked to for 12 + d s (`billSec`) |
| 5 | `NO_ANSWER` | 3 s | rings 30 s |
| 6 | `USER_BUSY` | 3 s | 2 s |
| 7 | `ERROR` | 3 s | 1 s |
| 8 | `EXPIRED` | 60 s | never executed |
| 99 | `UNKNOWN` | 3 s | 40 s |

A gateway with an answer rate draws the outcome instead; an answered call then rings and is talked
to by its last digit all the same. Busy and unanswered calls are tried again `retryCount` times,
60 s after each try, with the same outcome. Only answered calls cost: 2.85 Toman a second, which
is the documented sample's price (12 s, -34.2). Statuses and codes are those of the gateway's
documentation. The times are invented, it gives none. A status is computed when it is asked for.
"""

from dataclasses import dataclass

CODES = {
    "WAITING": 0,
    "NORMAL": 1,
    "NO_ANSWER": 2,
    "USER_BUSY": 3,
    "EXPIRED": 10,
    "ERROR": 11,
    "UNKNOWN": 20,
}
UNANSWERED = ("NO_ANSWER", "USER_BUSY", "ERROR", "EXPIRED")
UNDOCUMENTED_CODE = 99
QUEUED = 3.0
PAUSE = 60.0
TOMAN_A_SECOND = 2.85
_OUTCOMES = {"5": "NO_ANSWER", "6": "USER_BUSY", "7": "ERROR", "8": "EXPIRED"}
_SECONDS = {"NO_ANSWER": 30.0, "USER_BUSY": 2.0, "ERROR": 1.0, "EXPIRED": 57.0, "UNKNOWN": 40.0}
_TRIED_AGAIN = {"NO_ANSWER", "USER_BUSY"}


@dataclass(frozen=True, slots=True)
class Progress:
    """What a call's status is, and what it has come to."""

    status: str
    code: int
    bill_sec: int = 0
    executed: bool = False
    price: float = 0.0

    @property
    def cost(self) -> float:
        """Toman, not negative."""
        return abs(self.price)


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a call stands.

    Attributes:
        name: `queued`, `ringing`, `talking`, `between` two tries, or `ended`.
        until: simulated seconds after its request at which the next phase begins; None for never.
        tries: how often it has rung so far, the present time included.
    """

    name: str
    until: float | None
    tries: int


@dataclass(slots=True)
class Call:
    """A call that was placed.

    Attributes:
        requested: when, by the gateway's clock.
        campaign: the id of the batch it belongs to.
        placed: when, in simulated seconds.
        outcome: its final status; by default what its number asks for.
        request: the serial number of the request that placed it.
        fixed: a status that was set by hand, and stays.
        concluded: what it had come to when it was counted as ended.
        announced: an event of its end was sent, or will be.
    """

    id: str
    number: str
    retries: int
    requested: float
    campaign: str
    placed: float = 0.0
    outcome: str = ""
    request: int = 0
    fixed: Progress | None = None
    concluded: Progress | None = None
    announced: bool = False

    def __post_init__(self) -> None:
        """Let the number decide where nothing else has."""
        self.outcome = self.outcome or outcome_of(self.number)


def outcome_of(number: str) -> str:
    """Return the final status of a call to `number`."""
    if number.endswith("99"):
        return "UNKNOWN"
    return _OUTCOMES.get(number[-1], "NORMAL")


def final_after(number: str, retries: int = 0) -> float:
    """Return how many simulated seconds after its request a call is final."""
    return end_of(number, outcome_of(number), retries)


def end_of(number: str, outcome: str, retries: int) -> float:
    """Return the same for an outcome that the number did not decide."""
    if outcome in _TRIED_AGAIN:
        return QUEUED + retries * (_SECONDS[outcome] + PAUSE) + _SECONDS[outcome]
    if outcome == "NORMAL":
        return QUEUED + 5 + int(number[-1]) + _talk(number)
    return QUEUED + _SECONDS[outcome]


def phase_of(call: Call, elapsed: float) -> Phase:
    """Return where `call` stands, `elapsed` simulated seconds after its request."""
    if call.fixed is not None:
        return Phase("queued" if call.fixed.status == "WAITING" else "ended", None, 0)
    end = end_of(call.number, call.outcome, call.retries)
    if call.outcome == "EXPIRED":
        return Phase("queued", end, 0) if elapsed < end else Phase("ended", None, 0)
    if elapsed < QUEUED:
        return Phase("queued", QUEUED, 0)
    if call.outcome in _TRIED_AGAIN:
        return _trying(call, elapsed)
    answered = end - _talk(call.number) if call.outcome == "NORMAL" else end
    if elapsed < answered:
        return Phase("ringing", answered, 1)
    return Phase("talking", end, 1) if elapsed < end else Phase("ended", None, 1)


def progress_of(call: Call, elapsed: float, *, show_tries: bool = False) -> Progress:
    """Return what `call` has come to, `elapsed` simulated seconds after its request.

    Args:
        call: the call.
        elapsed: simulated seconds; negative where the clock was set back.
        show_tries: between two tries the status is the last try's, in place of `WAITING`. Which
            of the two the real gateway does is not documented.
    """
    if call.fixed is not None:
        return call.fixed
    phase, outcome = phase_of(call, elapsed).name, call.outcome
    executed = phase != "queued" and outcome != "EXPIRED"
    if phase == "between" and show_tries:
        return Progress(outcome, CODES[outcome], executed=True)
    if phase != "ended":
        return Progress("WAITING", CODES["WAITING"], executed=executed)
    bill_sec = _talk(call.number) if outcome == "NORMAL" else 0
    return Progress(outcome, CODES[outcome], bill_sec, executed, price_of(bill_sec))


def price_of(bill_sec: int) -> float:
    """Return the price as the gateway tells it: negative once charged."""
    return round(-TOMAN_A_SECOND * bill_sec, 2) if bill_sec else 0.0


def _talk(number: str) -> int:
    return 12 + int(number[-1])


def _trying(call: Call, elapsed: float) -> Phase:
    """Return the phase of a call that is tried again: it rings, pauses, rings, and so on."""
    rings = _SECONDS[call.outcome]
    done = min(int((elapsed - QUEUED) // (rings + PAUSE)), call.retries)
    begun = QUEUED + done * (rings + PAUSE)
    if elapsed < begun + rings:
        return Phase("ringing", begun + rings, done + 1)
    if done < call.retries:
        return Phase("between", begun + rings + PAUSE, done + 1)
    return Phase("ended", None, done + 1)
