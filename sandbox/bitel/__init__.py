"""The simulated voice gateway: Bitel's v2 calls over real HTTP, honest or told to misbehave.

    bitel = BitelSandbox(token="jwt")
    async with bitel.serve() as url:
        bitel.fail_next(faults.hang())
        ...
        await bitel.wait_for(lambda: bitel.posts == 1)

`options.py` is what it can be told, `calls.py` how a call goes on, `orders.py` what may be asked,
`faults.py` what can go wrong. `gateway.py` answers requests, `book.py` keeps the calls,
`events.py` tells of their ends, `ledger.py` tells people of requests, `simulated_time.py` lets
time go faster. `server.py` and `control.py` put it on the wire.
Written from the gateway's documentation; imports nothing of `bot` or `storage`.
"""

from sandbox.bitel import faults
from sandbox.bitel.calls import Call, final_after, outcome_of
from sandbox.bitel.faults import Fault
from sandbox.bitel.options import EventManners
from sandbox.bitel.seen import SeenBatch, SeenPoll
from sandbox.bitel.server import BitelSandbox

__all__ = [
    "BitelSandbox",
    "Call",
    "EventManners",
    "Fault",
    "SeenBatch",
    "SeenPoll",
    "faults",
    "final_after",
    "outcome_of",
]
