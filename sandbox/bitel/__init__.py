"""The simulated voice gateway: Bitel's v2 calls over real HTTP, honest or told to misbehave.

    bitel = BitelSandbox(token="jwt")
    async with bitel.serve() as url:
        bitel.fail_next(faults.hang())
        ...
        await bitel.wait_for(lambda: bitel.posts == 1)

`calls.py` says how a call goes on, `orders.py` what may be asked, `faults.py` what can go wrong,
`gateway.py` holds what was seen and placed, `server.py` and `control.py` put it on the wire.
Written from the gateway's documentation; imports nothing of `bot` or `storage`.
"""

from sandbox.bitel import faults
from sandbox.bitel.calls import Call, final_after, outcome_of
from sandbox.bitel.faults import Fault
from sandbox.bitel.seen import SeenBatch, SeenPoll
from sandbox.bitel.server import BitelSandbox

__all__ = [
    "BitelSandbox",
    "Call",
    "Fault",
    "SeenBatch",
    "SeenPoll",
    "faults",
    "final_after",
    "outcome_of",
]
